"""Whatever the tiles, the workers, the grouping of nights and the order of arrival: the same alerts."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import numpy as np
import pytest
from tests.pipeline.frontier import run
from tests.stress.conftest import SEED, Rounds

from dosel.model.codes import Refusal
from dosel.monitor.checkpoint import STATE_SCHEMA, load_state
from dosel.pipeline.centre import open_centre
from dosel.pipeline.desk import AlertFilter, list_alerts
from dosel.testing.tiny import MONITORED, SIDE, canonical, write_scene, write_settings, write_tiny

pytestmark = pytest.mark.stress


def whole(folder: Path) -> dict[str, np.ndarray]:
    """The state of every pixel, put together from its tiles."""
    found: dict[str, np.ndarray] = {}
    with open_centre(folder) as centre:
        col0, row0 = centre.grid.window[:2]
        for tile in centre.tiles:
            (row,) = centre.store.select("tiles", {"tile_id": tile.id})
            state, _ = load_state(folder / row["file"])
            for name in STATE_SCHEMA:
                part = getattr(state, name)
                full = found.setdefault(name, np.zeros((*part.shape[:-2], SIDE, SIDE), part.dtype))
                y, x = tile.row - row0, tile.col - col0
                full[..., y : y + tile.shape[0], x : x + tile.shape[1]] = part
    return found


def alerts(folder: Path) -> list[tuple[object, ...]]:
    with open_centre(folder) as centre:
        rows = list_alerts(centre, AlertFilter())
    return [(row["id"], row["area_ha"], row["evidence"], row["confirmed"], row["runs"]) for row in rows]


def test_tiles_and_workers(tmp_path: Path, undisturbed: tuple[Path, str], rounds: Rounds) -> None:
    clean = write_tiny(tmp_path / "clean")
    pixels, found = whole(undisturbed[0]), alerts(undisturbed[0])
    assert found
    for number, random in rounds(0.15):
        folder = tmp_path / "centre"
        shutil.copytree(clean, folder)
        path = write_settings(folder, workers=random.randint(1, 5))
        side = random.randint(16, 60)
        path.write_text(path.read_text().replace("tile_px = 24", f"tile_px = {side}"))
        run(folder)
        where = f"round {number} of seed {SEED}, tiles of {side} px"
        assert alerts(folder) == found, where
        for name, array in whole(folder).items():
            np.testing.assert_array_equal(array, pixels[name], err_msg=f"{name}, {where}")
        shutil.rmtree(folder)


def nights(random: Random) -> list[list[int]]:
    """The monitored scenes in a random order, in random groups."""
    order = list(range(len(MONITORED)))
    random.shuffle(order)
    cuts = sorted(random.sample(range(1, len(order)), random.randint(1, len(order) - 1)))
    return [order[a:b] for a, b in zip([0, *cuts], [*cuts, len(order)], strict=True)]


def test_nights_in_any_order(tmp_path: Path, undisturbed: tuple[Path, str], rounds: Rounds) -> None:
    """Every look comes within the time that a late one is accepted."""
    clean = write_tiny(tmp_path / "clean")
    for path in (clean / "scenes").iterdir():
        if path.stem >= MONITORED[0].isoformat():
            path.unlink()
    settings = clean / "dosel.toml"
    settings.write_text(settings.read_text().replace("[monitor]\n", "[monitor]\nlate_days = 365\n"))
    for number, random in rounds(0.15):
        folder, plan = tmp_path / "centre", nights(random)
        shutil.copytree(clean, folder)
        for night in plan:
            for one in night:
                write_scene(folder, MONITORED[one])
            assert not [one for one in run(folder).refused if one.refusal is Refusal.TOO_LATE]
        where = f"round {number} of seed {SEED}: {plan}"
        assert alerts(folder) == alerts(undisturbed[0]), where
        assert canonical(folder) == undisturbed[1], where
        shutil.rmtree(folder)

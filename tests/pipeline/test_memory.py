"""The memory of a watch is bounded by its setting, and the bound changes no result."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import weakref
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dosel.alerts.table import alerts_hash
from dosel.catalog.scene import RefusedSceneError
from dosel.config import ResourceSettings
from dosel.model.codes import Refusal
from dosel.model.provenance import digest
from dosel.monitor.checkpoint import load_state
from dosel.pipeline.centre import Centre, open_centre
from dosel.pipeline.spine import reading
from dosel.pipeline.spine.memory import workers_for
from dosel.pipeline.spine.watch import watch
from dosel.testing.wide import WideSpec, write_wide

SMALL_MB = 64


def bounded(centre: Centre, memory_mb: int) -> Centre:
    """Return a centre with a bound below what a settings file may set."""
    resources = centre.settings.resources.model_copy(update={"memory_mb": memory_mb})
    return replace(centre, settings=centre.settings.model_copy(update={"resources": resources}))


def mark(centre: Centre) -> str:
    rows = centre.store.select("tiles")
    states = [[row["tile_id"], load_state(centre.root / row["file"])[0].hash()] for row in rows]
    return digest([states, alerts_hash(centre.store)])


def peak_and_mark(tiny: Path, area: Path) -> None:
    """In a process of its own: watch a tiny centre, then an area; say the peak above it and the hash."""

    def memory(key: str) -> int:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(key))

    with open_centre(tiny) as centre:
        watch(bounded(centre, SMALL_MB))
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    before = memory("VmRSS")
    with open_centre(area) as centre:
        watch(bounded(centre, SMALL_MB))
        peak = memory("VmHWM")
        sys.stdout.write(json.dumps([(peak - before) / 1024, mark(centre)]))


def test_a_small_bound_holds_and_gives_the_same_hash(tmp_path: Path) -> None:
    spec = WideSpec(2560, tile_px=256, workers=2, history=4, looks=4)
    tiny = write_wide(tmp_path / "tiny", WideSpec(64, 64))
    area, whole = (write_wide(tmp_path / name, spec) for name in ("area", "whole"))
    assert SMALL_MB < 2560**2 * 2 * 8 / 1e6, "the looks of the area exceed the bound"
    command = [sys.executable, __file__, str(tiny), str(area)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    peak_mb, content = json.loads(done.stdout.splitlines()[-1])
    assert peak_mb < SMALL_MB
    with open_centre(whole) as centre:
        assert watch(centre).events["NEW"] > 0
        assert mark(centre) == content


def test_no_more_tiles_are_held_than_are_worked_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = write_wide(tmp_path / "area", WideSpec(640, tile_px=64, workers=2, history=0, looks=1))
    held: list[weakref.ref[Any]] = []
    alive: list[int] = []
    real = reading.read_tile

    def counted(*args: Any) -> Any:
        found = real(*args)
        held.append(weakref.ref(found.look.values))
        alive.append(sum(one() is not None for one in held))
        return found

    monkeypatch.setattr(reading, "read_tile", counted)
    with open_centre(place) as centre:
        watch(centre)
    assert len(alive) == 100
    assert max(alive) <= 3


def test_a_refused_look_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = write_wide(tmp_path / "area", WideSpec(192, tile_px=64, history=0, looks=1))
    real = reading.read_tile

    def broken(plan: Any, tile: Any, access: Any) -> Any:
        if tile.id == plan.tiles[-1].tile.id:
            raise RefusedSceneError(Refusal.UNREADABLE, "the last tile is broken")
        return real(plan, tile, access)

    monkeypatch.setattr(reading, "read_tile", broken)
    with open_centre(place) as centre:
        assert watch(centre).used == 0
    assert [path for path in (place / "looks").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("memory_mb", "tile_px", "expected"), [(256, 1024, 1), (420, 1024, 2), (256, 4096, 1)]
)
def test_fewer_tiles_are_worked_on_where_memory_is_short(memory_mb: int, tile_px: int, expected: int) -> None:
    assert workers_for(ResourceSettings(memory_mb=memory_mb, workers=2), tile_px) == expected


if __name__ == "__main__":
    peak_and_mark(Path(sys.argv[1]), Path(sys.argv[2]))

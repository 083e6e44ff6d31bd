"""What the mask kind ``baseline`` watches on a simulated frontier (proof S): python -m benchmarks.score_mask.

The world of ``make demo`` is written as scenes, the ordinary watch learns its baselines, and the mask is held
against the land cover that the world knows.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dosel.config import SETTINGS_FILE
from dosel.model.codes import Watch
from dosel.model.time import iso_day
from dosel.pipeline.centre import Centre, open_centre
from dosel.pipeline.spine.reading import HALO_PX
from dosel.pipeline.spine.watch import watch
from dosel.pipeline.spine.watched import watched_codes
from dosel.testing.demo import _settings
from dosel.testing.worlds import World, WorldSpec, make_world, write_scenes
from dosel.testing.worlds.landscape import Cover


def make_centre(folder: Path, world: World) -> None:
    """Write the world's scenes and the settings of a centre whose mask is its baseline."""
    written = write_scenes(world, folder / "scenes", radar_format="db-int16")
    text = _settings(world.spec, written, folder, "en")
    head, mask, rest = text.partition("[mask]")
    text = f'{head}{mask}\nkind = "baseline"\n\n{rest[rest.index("[monitor]") :]}'
    (folder / SETTINGS_FILE).write_text(text, encoding="utf-8")


def learn(folder: Path, world: World) -> NDArray[np.uint8]:
    """Learn the baselines, fold nothing, and return the Watch codes of the grid."""
    with open_centre(folder) as centre:
        watch(centre, until=iso_day(world.spec.monitor_start - 1))
        return codes_of(centre)


def codes_of(centre: Centre) -> NDArray[np.uint8]:
    """Return the Watch codes of the whole grid, put together from its tiles without their halos."""
    col0, row0, col1, row1 = centre.grid.window
    whole = np.zeros((row1 - row0, col1 - col0), np.uint8)
    for tile in centre.tiles:
        top, left = tile.row - row0, tile.col - col0
        codes = watched_codes(centre, tile)[HALO_PX:-HALO_PX, HALO_PX:-HALO_PX]
        whole[top : top + tile.shape[0], left : left + tile.shape[1]] = codes
    return whole


def shares(world: World, codes: NDArray[np.uint8]) -> list[tuple[str, int, float]]:
    """Return name, pixels and watched share of every cover on the first day of the watch."""
    land, watched = world.land, codes == Watch.WATCHED
    river = land.water(world.spec.monitor_start)
    before = land.water(world.spec.start)
    groups = [
        ("undisturbed forest", world.truth.forest),
        ("river", river & before),
        ("river since the history began", river & ~before),
    ]
    groups += [
        (cover.name.lower().replace("_", " "), (land.cover == cover) & ~river)
        for cover in Cover
        if cover is not Cover.FOREST
    ]
    kept = [(name, inside) for name, inside in groups if inside.any()]
    return [(name, int(inside.sum()), float(watched[inside].mean())) for name, inside in kept]


def main(arguments: list[str] | None = None) -> int:
    """Print the table."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None).parse_args(arguments)
    world = make_world(WorldSpec())
    with tempfile.TemporaryDirectory() as folder:
        make_centre(Path(folder), world)
        codes = learn(Path(folder), world)
    print("Mask kind baseline on the demonstration's world (proof S)\n")
    print("| cover | pixels | watched |\n|---|---|---|")
    for name, pixels, share in shares(world, codes):
        print(f"| {name} | {pixels} | {share:.4f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The demonstration: the real pipeline over a simulated frontier, scored against its known truth (S)."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dosel.alerts.table import from_row
from dosel.config import SETTINGS_FILE
from dosel.errors import InputError
from dosel.model.time import iso_day
from dosel.pipeline.centre import open_centre
from dosel.pipeline.desk import AlertFilter, export_alerts, list_alerts
from dosel.pipeline.progress import Progress, Silent
from dosel.pipeline.spine.summary import WatchSummary
from dosel.pipeline.spine.watch import watch
from dosel.testing.demo_layers import FOLDER, add_demo_layers
from dosel.testing.worlds import (
    Score,
    WorldSpec,
    WrittenWorld,
    make_world,
    score,
    small,
    standing,
    write_scenes,
)

_MARK = "demo.simulated"


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What the demonstration gave."""

    directory: Path
    summary: WatchSummary
    score: Score


def run_demo(
    directory: Path,
    *,
    fresh: bool = False,
    size: Literal["small", "full"] = "full",
    language: str = "en",
    seed: int = 1,
    progress: Progress | None = None,
) -> DemoReport:
    """Simulate a frontier, watch it, score the alerts and export them.

    Raises
    ------
    InputError
        If the directory holds something that is no demonstration.
    """
    _clear(directory, fresh)
    world = make_world(WorldSpec(seed=seed) if size == "full" else small(seed))
    written = write_scenes(world, directory / "scenes", radar_format="db-int16")
    (directory / SETTINGS_FILE).write_text(
        _settings(world.spec, written, directory, language), encoding="utf-8"
    )
    with open_centre(directory) as centre:
        with centre.store.transaction():
            centre.store.upsert("meta", [{"key": "proof", "value": "S"}])
        last = max((look.day for look in world.looks), default=world.spec.monitor_start)
        summary = watch(centre, until=iso_day(last), progress=progress or Silent())
        add_demo_layers(centre.store, centre.grid, directory / FOLDER)
        rows = list_alerts(centre, AlertFilter())
        judged = score(world, standing(from_row(row) for row in rows), as_of=last, watched=world.truth.forest)
        out = directory / "alerts-simulated.gpkg"
        export_alerts(centre, AlertFilter(), out, actor="demo", overwrite=True, dry_run=False)
    (directory / "score-simulated.txt").write_text(f"{judged}\n", encoding="utf-8")
    return DemoReport(directory, summary, judged)


def _clear(directory: Path, fresh: bool) -> None:
    if directory.exists() and any(directory.iterdir()):
        if not (directory / _MARK).exists():
            raise InputError(f"{directory}: holds something that is no demonstration; name another directory")
        if not fresh:
            raise InputError(f"{directory}: holds an earlier demonstration; --fresh removes it first")
        shutil.rmtree(directory)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / _MARK).write_text("simulated (S)\n", encoding="utf-8")


def _settings(spec: WorldSpec, written: WrittenWorld, directory: Path, language: str) -> str:
    grid = spec.grid
    col0, row0, col1, row1 = grid.window
    size, (x, y) = grid.resolution_m, grid.anchor
    bounds = [x + col0 * size, y - row1 * size, x + col1 * size, y - row0 * size]
    catalogue = written.catalogue.relative_to(directory).as_posix()
    forest = written.forest_map.relative_to(directory).as_posix()
    sources = "".join(
        f'\n[[source]]\nname = "simulated-{name}"\nkind = "stac"\npath = "{catalogue}"\nsensor = "{name}"\n'
        f'collections = ["{name}"]\norigin = "simulated by Dosel"\nlicence = "CC0-1.0"\n'
        for name in ("sentinel-1-rtc-db", "sentinel-2-l2a")
    )
    return (
        f'[centre]\nname = "demo (simulated)"\nlanguage = "{language}"\n\n'
        f'[area]\nname = "simulated"\ncrs = "{grid.crs}"\nresolution_m = {size}\nbounds_m = {bounds}\n'
        f"anchor = [{x}, {y}]\ntile_px = 128\n\n"
        f'[mask]\nkind = "map"\nfile = "{forest}"\ndated = {iso_day(written.forest_day)}\n'
        'origin = "simulated by Dosel"\nlicence = "CC0-1.0"\n\n'
        f"[monitor]\nstart = {iso_day(spec.monitor_start)}\n{sources}"
    )

"""Check installation, disk, clock and settings, one sentence each; live sources when asked."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Literal

from dosel.catalog.access import access_to
from dosel.catalog.looks import group_looks
from dosel.catalog.search import Window, search
from dosel.config import SourceSettings
from dosel.errors import DoselError
from dosel.model.time import day_of
from dosel.pipeline.centre import Centre, open_centre
from dosel.pipeline.reading import HALO_PX
from dosel.stack.plan import plan_look
from dosel.stack.raster import Access
from dosel.stack.read import read_tile

LEAST_FREE_GB = 5.0
LIBRARIES = ("numpy", "numba", "rasterio", "zarr", "shapely", "SQLAlchemy")
BUILT_DAY = day_of("2026-11-01")
"""A clock before this day is wrong: the program is younger."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    level: Literal["good", "warn", "bad"]
    sentence: str


def examine(directory: Path, *, live: bool = False) -> list[Finding]:
    """Look at everything; a fault becomes a finding, never an exception."""
    findings = [
        Finding("libraries", "good", ", ".join(f"{name} {version(name)}" for name in LIBRARIES)),
        _disk(directory),
        _clock(),
    ]
    try:
        with open_centre(directory) as centre:
            tiles = len(centre.tiles)
            findings.append(Finding("settings", "good", f"{directory}: {tiles} tiles on {centre.grid.crs}"))
            findings += [_source(centre, source) for source in centre.settings.source if live]
    except DoselError as error:
        findings.append(Finding("settings", "bad", str(error)))
    return findings


def _disk(directory: Path) -> Finding:
    place = next(path for path in (directory.resolve(), *directory.resolve().parents) if path.exists())
    free_gb = shutil.disk_usage(place).free / 1e9
    level: Literal["good", "warn"] = "good" if free_gb >= LEAST_FREE_GB else "warn"
    return Finding("disk", level, f"{free_gb:.1f} GB free; a look of 10,980 pixels a side takes about 0.5 GB")


def _clock() -> Finding:
    now = datetime.now(UTC)
    if day_of(now) < BUILT_DAY:
        return Finding("clock", "bad", f"it says {now:%Y-%m-%d}, before this program was made; set the clock")
    return Finding("clock", "good", f"{now:%Y-%m-%d %H:%M} UTC")


def _source(centre: Centre, source: SourceSettings) -> Finding:
    """Sign in, find the newest scene and read one tile of it."""
    begin, now = perf_counter(), datetime.now(UTC)
    try:
        row = centre.sensor(source.sensor)
        days = int(row.revisit_days * 4)
        window = Window(centre.grid.bbox, day_of(now) - days, day_of(now))
        found = search(source, row, window, os.environ, centre=centre.root, now=now)
        if not found.scenes:
            return Finding(source.name, "warn", f"it answers, with no scene of the last {days} days here")
        plan = plan_look(group_looks(found.scenes)[-1], row, centre.tiles, HALO_PX)
        read_tile(plan, plan.tiles[0].tile, Access((access_to(source, os.environ),) if source.url else ()))
    except DoselError as error:
        return Finding(source.name, "bad", str(error))
    minutes = (perf_counter() - begin) / 60
    tiles = max(len(plan.tiles), 1)
    sentence = (
        f"one tile of {plan.look.id} read in {minutes:.1f} min, about {plan.bytes_expected // tiles} bytes"
    )
    return Finding(source.name, "good", f"{sentence}; at most {source.requests_per_minute} requests a minute")

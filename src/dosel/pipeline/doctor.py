"""Check installation, disk, clock and settings, one sentence each in the reader's language."""

from __future__ import annotations

import importlib
import os
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Final, Literal

from dosel.catalog.access import access_to
from dosel.catalog.looks import group_looks
from dosel.catalog.search import Window, search
from dosel.config import SETTINGS_FILE, SourceSettings, load_settings
from dosel.errors import DoselError
from dosel.messages import LANGUAGES, say
from dosel.model.time import day_of, iso_day, parse_instant
from dosel.pipeline.centre import Centre, database_of, open_centre
from dosel.pipeline.spine.contradictions import contradictions
from dosel.pipeline.spine.reading import HALO_PX
from dosel.stack.meter import Meter
from dosel.stack.plan import LookPlan, plan_look
from dosel.stack.raster import Access
from dosel.stack.read import read_tile
from dosel.store.wal import keeps_log

LIBRARIES: Final = {
    "numpy": "numpy",
    "numba": "numba",
    "rasterio": "rasterio",
    "pyproj": "pyproj",
    "zarr": "zarr",
    "shapely": "shapely",
    "pystac_client": "pystac-client",
    "sqlalchemy": "SQLAlchemy",
    "pyogrio": "pyogrio",
    "pyarrow": "pyarrow",
}
"""Distribution by the module that is imported."""
BUILT_DAY = day_of("2026-11-01")
"""A clock before this day is wrong: the program is younger."""
STATE_BYTES = 8
"""Bytes a pixel of a state, without its memory of streams."""
STATES = 8
"""States kept of a tile beside the checkpoints within ``late_days``, at most; five are bases."""

Level = Literal["good", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    """``libraries``, ``disk``, ``clock``, ... or the name of a source."""
    level: Level
    sentence: str
    """In the language of the centre."""


def examine(directory: Path, *, live: bool = False) -> list[Finding]:
    """Look at everything; a fault becomes a finding, never an exception."""
    language = language_of(directory)
    findings = [_libraries(language), *_folder(directory, language)]
    try:
        with open_centre(directory, unwatched="look") as centre:
            findings += _centre(centre)
            findings += [_live(centre, source) for source in centre.settings.source if live]
    except DoselError as error:
        findings.append(Finding("settings", "bad", str(error)))
        findings.append(_clock(language, None))
    return findings


def language_of(directory: Path) -> str:
    """Return the language that a centre's settings name, readable or not in all else; else Spanish."""
    try:
        table = tomllib.loads((directory / SETTINGS_FILE).read_text(encoding="utf-8"))
        language = str(table.get("centre", {}).get("language"))
    except (OSError, ValueError, AttributeError):
        return LANGUAGES[0]
    return language if language in LANGUAGES else LANGUAGES[0]


def _libraries(language: str) -> Finding:
    broken = [f"{name}: {error}" for name, error in _broken()]
    if broken:
        return Finding("libraries", "bad", say("doctor.libraries.bad", language, what="; ".join(broken)))
    known = ", ".join(f"{name} {version(name)}" for name in LIBRARIES.values())
    return Finding("libraries", "good", known)


def _broken() -> Iterator[tuple[str, str]]:
    for module, name in LIBRARIES.items():
        try:
            found = importlib.import_module(module)
            if module == "pyproj":
                found.Transformer.from_crs(4326, 32719).transform(-12.0, -69.0)
        except Exception as error:  # noqa: BLE001  # a library may break in any way
            yield name, f"{type(error).__name__}: {error}"


def _folder(directory: Path, language: str) -> Iterator[Finding]:
    """Write, rename and sync as a run does."""
    try:
        with tempfile.TemporaryDirectory(prefix=".doctor.", dir=directory) as inside:
            one, two = Path(inside) / "one", Path(inside) / "two"
            one.write_bytes(b"1")
            two.write_bytes(b"2")
            one.replace(two)
            done = two.read_bytes() == b"1"
    except OSError as error:
        said = say("doctor.folder.bad", language, path=directory, why=error.strerror or error)
        yield Finding("folder", "bad", said)
        return
    if _on_server(directory):
        key = "doctor.folder.server"
    else:
        key = "doctor.folder.good" if done and keeps_log(directory) else "doctor.folder.log"
    yield Finding("folder", "bad" if key.endswith("log") else "good", say(key, language, path=directory))


def _on_server(directory: Path) -> bool:
    try:
        return load_settings(directory).store.url is not None
    except DoselError:
        return False


def _centre(centre: Centre) -> Iterator[Finding]:
    settings, language = centre.settings, centre.settings.centre.language
    facts = {"tiles": len(centre.tiles), "crs": centre.grid.crs}
    yield Finding("settings", "good", say("doctor.settings.good", language, **facts))
    for key, values in contradictions(settings):
        yield Finding("settings", "warn", say(key, language, **values))
    yield from _database(centre, language)
    yield _disk(centre)
    newest = centre.store.select("looks", order_by=("-acquired",), limit=1, columns=["acquired"])
    yield _clock(language, newest[0]["acquired"] if newest else None)
    for source in settings.source:
        yield from _source(source, centre.root, language)


def _database(centre: Centre, language: str) -> Iterator[Finding]:
    """Say that it opens; a file that is not there yet is nothing to tell, a server that answers is."""
    place = database_of(centre.settings, centre.root)
    if str(place) == centre.store.place:
        values = {"path": place, "version": centre.meta().get("schema_version", "?")}
        yield Finding("database", "good", say("doctor.database.good", language, **values))
    elif not isinstance(place, Path):
        yield Finding("database", "good", say("doctor.database.new", language, path=place))


def _disk(centre: Centre) -> Finding:
    """Hold the free space against a year of looks as they are kept, uncompressed: the most it can be."""
    col0, row0, col1, row1 = centre.grid.window
    pixels = (col1 - col0) * (row1 - row0)
    monitor = centre.settings.monitor
    kept = centre.settings.retain.looks_days * 1.5 + monitor.late_days + monitor.checkpoint_days
    states = STATES + monitor.late_days // monitor.checkpoint_days
    need = pixels * STATE_BYTES * states
    for source in centre.settings.source:
        row = centre.sensor(source.sensor)
        looks = (monitor.history_days + kept) / row.revisit_days
        need += int(pixels * 2 * len(row.streams) * (looks + states * len(row.geometries)))
    used = sum(path.stat().st_size for path in (centre.root / "looks").rglob("*.look"))
    free = shutil.disk_usage(centre.root).free
    level: Level = "good" if free + used >= need else "warn"
    values = {"free": f"{free / 1e9:.1f}", "need": f"{need / 1e9:.1f}", "used": f"{used / 1e9:.1f}"}
    return Finding("disk", level, say(f"doctor.disk.{level}", centre.settings.centre.language, **values))


def _clock(language: str, newest: str | None) -> Finding:
    now = datetime.now(UTC)
    if day_of(now) < BUILT_DAY:
        return Finding("clock", "bad", say("doctor.clock.bad", language, now=f"{now:%Y-%m-%d}"))
    if newest is not None and parse_instant(newest) > now:
        values = {"now": f"{now:%Y-%m-%d %H:%M}", "newest": newest[:16]}
        return Finding("clock", "bad", say("doctor.clock.behind", language, **values))
    return Finding("clock", "good", f"{now:%Y-%m-%d %H:%M} UTC")


def _source(source: SourceSettings, root: Path, language: str) -> Iterator[Finding]:
    """Say what keeps a source from being read, without asking it."""
    if source.path is not None and not (root / source.path).exists():
        yield Finding(source.name, "bad", say("doctor.source.path", language, path=root / source.path))
    if source.url and source.token_env:
        try:
            access_to(source, os.environ)
        except DoselError as error:
            yield Finding(source.name, "bad", str(error))
    if not (source.origin and source.licence):
        yield Finding(source.name, "warn", say("doctor.source.licence", language))


def _live(centre: Centre, source: SourceSettings) -> Finding:
    """Sign in, find the newest scene and read it whole."""
    begin, now, language = perf_counter(), datetime.now(UTC), centre.settings.centre.language
    try:
        row = centre.sensor(source.sensor)
        days = int(row.revisit_days * 4)
        last = day_of(now)
        window = Window(centre.grid.bbox, last - days, last)
        found = search(source, row, window, os.environ, centre=centre.root, now=now)
        if not found.scenes:
            return Finding(source.name, "warn", say("doctor.live.none", language, days=days))
        plan = plan_look(group_looks(found.scenes)[-1], row, centre.tiles, HALO_PX)
        keys = (access_to(source, os.environ),) if source.url else ()
        access = Access(keys, retries=source.retries, metered=True)
        with Meter() as meter:
            for part in plan.tiles:
                read_tile(plan, part.tile, access)
        local = 0 if source.url else sum(_size(href) for href in _hrefs(plan))
    except DoselError as error:
        return Finding(source.name, "bad", str(error))
    values = {
        "look": plan.look.id,
        "day": iso_day(plan.look.day),
        "tiles": len(plan.tiles),
        "minutes": f"{(perf_counter() - begin) / 60:.2f}",
        "bytes": f"{meter.bytes + local:,}",
        "requests": meter.requests,
        "limit": source.requests_per_minute,
    }
    return Finding(source.name, "good", say("doctor.live.good", language, **values))


def _hrefs(plan: LookPlan) -> set[str]:
    return {asset.href for scene in plan.look.scenes for asset in scene.assets.values()}


def _size(href: str) -> int:
    path = Path(href.partition("#")[0])
    return path.stat().st_size if path.is_file() else 0

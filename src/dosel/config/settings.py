r"""Every setting in one typed table, read once from ``dosel.toml`` and passed down.

An environment variable overrides a value of the file: ``DOSEL_MONITOR__START=2024-01-01`` sets
``start`` under ``[monitor]``. Secrets never stand in the file: a source names the environment
variable that holds its token. All mistakes of a file are reported at once, each with its place.

Examples
--------
>>> settings = parse_settings('''
... [area]
... name = "demo"
... crs = "EPSG:32719"
... resolution_m = 10
... bounds_m = [400000, 8600000, 401000, 8601000]
... [monitor]
... start = 2024-01-01
... ''')
>>> settings.area.resolution_m, settings.monitor.start.isoformat()
(10.0, '2024-01-01')
>>> parse_settings("[area]\nname = 'demo'\nresolution_m = -1")
Traceback (most recent call last):
dosel.errors.InputMistakesError: dosel.toml: 4 mistakes
  area.crs: field required
  area.resolution_m: input should be greater than 0, got -1
  area: expected exactly one of bbox, bounds_m, file or like
  monitor: field required
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from dosel.config.context import ContextSettings
from dosel.config.desk import DeskSettings, JurisdictionSettings, PrioritySettings
from dosel.config.feed import FeedSettings
from dosel.config.place import StoreSettings
from dosel.config.toml import read_toml
from dosel.errors import InputError, InputMistakesError

SETTINGS_FILE = "dosel.toml"
_ENV_PREFIX = "DOSEL_"
_HOST = re.compile(r"(\*\.)?[\w-]+(\.[\w-]+)+(:\d+)?")


class _Table(BaseModel):
    """A section of the file: frozen, and an unknown name is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CentreSettings(_Table):
    """``[centre]``: whose centre this is."""

    name: str = "centre"
    language: Literal["es", "pt", "en"] = "es"
    """Language of messages and reports."""


class AreaSettings(_Table):
    """``[area]``: the grid and the part of it that is watched. Exactly one of bbox, bounds_m, file, like."""

    name: str
    crs: str
    """Projected CRS in metres, for example ``EPSG:32719``."""
    resolution_m: float = Field(gt=0, allow_inf_nan=False)
    """Pixel size in metres."""
    bbox: tuple[float, float, float, float] | None = None
    """West, south, east, north in degrees WGS 84."""
    bounds_m: tuple[float, float, float, float] | None = None
    """Left, bottom, right, top in metres of `crs`."""
    file: Path | None = None
    """Vector file with the area's polygons; its CRS must be declared in it."""
    like: Path | None = None
    """Raster whose grid (CRS, pixel size, origin, extent) is taken over; must agree with the above."""
    anchor: tuple[float, float] = (0.0, 0.0)
    """Projected x, y in metres of the corner from which pixels are counted; `like` sets its own."""
    tile_px: int = Field(default=1024, ge=16, le=4096)
    """Side of a tile in pixels: the unit of work and of memory."""

    @model_validator(mode="before")
    @classmethod
    def _one_extent(cls, data: Any) -> Any:
        """Mark a table that gives no extent, or more than one, without hiding its other mistakes."""
        if isinstance(data, Mapping):
            given = [key for key in ("bbox", "bounds_m", "file", "like") if data.get(key) is not None]
            if len(given) != 1:
                return {**data, "_extent": given}
        return data


class MaskSettings(_Table):
    """``[mask]``: which pixels are watched."""

    kind: Literal["all", "map", "baseline"] = "baseline"
    """``all`` pixels with valid data, forest of a ``map``, or what looks like forest in the ``baseline``."""
    file: Path | None = None
    """Forest map (raster); required for ``map``."""
    dated: date | None = None
    """Date of the forest map; required for ``map``."""
    forest: tuple[int, ...] = (1,)
    """Values of the map that are forest."""
    origin: str = ""
    """Producer of the map; what rests on a map leaves only with its origin and licence."""
    licence: str = ""
    """Licence text or SPDX id of the map; empty is unknown and means no release."""


class MonitorSettings(_Table):
    """``[monitor]``: when the watch starts and how the fold behaves."""

    start: date
    """First day that is monitored; looks before it are history."""
    history_days: int = Field(default=1095, ge=0)
    """Length of the history before `start` that baselines are learnt from."""
    min_history_looks: int = Field(default=12, ge=3)
    """With fewer looks a stream is compared with the undisturbed forest around."""
    late_days: int = Field(default=60, ge=0)
    """A look older than this before the newest folded one is refused and listed."""
    checkpoint_days: int = Field(default=15, ge=1)
    """Distance of the states that are kept to rewind to."""


class AlertSettings(_Table):
    """``[alerts]``: what becomes an alert."""

    min_area_ha: float = Field(default=0.25, gt=0)
    """Smallest group of pixels that becomes an alert."""
    false_ha_per_mha_year: float = Field(default=200.0, gt=0)
    """How many false hectares per million hectares and year the desk can bear."""
    h1_nats: float | None = Field(default=None, gt=0)
    """Candidate threshold, in place of the one that follows from the budget."""
    h2_nats: float | None = Field(default=None, gt=0)
    """Threshold of change, in place of the one that follows from the budget."""
    close_days: int = Field(default=365, ge=1)
    """A confirmed alert that has not grown for so long is closed."""


class RetainSettings(_Table):
    """``[retain]``: what is kept of past observations."""

    looks_days: int = Field(default=400, ge=0)
    """Gridded looks are kept so long at least, and for good on tiles where an alert stands."""


class ResourceSettings(_Table):
    """``[resources]``: what the machine can spare."""

    memory_mb: int = Field(default=2000, ge=256)
    """Bound of the memory of ``dosel watch``."""
    workers: int = Field(default=2, ge=1, le=256)
    """Tiles that are worked on at once."""


class SourceSettings(_Table):
    """``[[source]]``: where scenes come from."""

    name: str
    kind: Literal["stac-api", "stac", "folder"]
    """A STAC API by URL, a static STAC catalogue (file or http), or a folder of loose rasters."""
    sensor: str
    """Row of the sensor table that reads its scenes; a ``[[sensor]]`` of this file or a built-in one."""
    url: str | None = None
    """Of a ``stac-api``, or of a ``stac`` catalogue on http."""
    path: Path | None = None
    """Of a ``stac`` catalogue file, or of a ``folder``; relative paths count from the centre."""
    collections: tuple[str, ...] = ()
    """Collections of a STAC API or catalogue; empty takes the sensor row's usual name."""
    origin: str = ""
    """Producer of the data; with the licence it decides whether anything may leave."""
    licence: str = ""
    """Licence text or SPDX id; empty is unknown and means no release."""
    token_env: str | None = None
    """Name of the environment variable that holds the access token."""
    token_hosts: tuple[str, ...] = ()
    """Hosts beside that of `url` that the token may be sent to: ``data.example.org`` or ``*.example.org``."""
    pattern: str | None = None
    """``folder``: file name pattern with ``{date}``, ``{band}``, ``{geometry}``, ``{datatake}`` and ``*``."""
    requests_per_minute: int = Field(default=120, ge=1)
    """Quota that is respected towards a remote source."""
    retries: int = Field(default=4, ge=0)

    @model_validator(mode="after")
    def _place(self) -> SourceSettings:
        if self.kind == "stac-api" and not self.url:
            raise ValueError("kind stac-api needs url")
        if self.kind == "folder" and not self.path:
            raise ValueError("kind folder needs path")
        if self.kind == "stac" and bool(self.url) == bool(self.path):
            raise ValueError("kind stac needs exactly one of url and path")
        if "@" in urlsplit(self.url or "").netloc:
            raise ValueError("url must hold no name and password; token_env names where they stand")
        if not all(_HOST.fullmatch(host) for host in self.token_hosts):
            raise ValueError("token_hosts: expected host names, such as data.example.org or *.example.org")
        return self


class SensorSettings(_Table):
    """``[[sensor]]``: a product that is not in the built-in sensor table, one band that is an index."""

    name: str
    kind: Literal["radar", "optical"] = "optical"
    stream: str
    """Name of its single stream, for example ``ndvi``."""
    unit: str
    """Physical unit of the values: ``1`` for an index, ``dB``, ``reflectance``."""
    direction: Literal[-1, 1] = -1
    """Sign of the change that clearing makes."""
    quantum: float = Field(gt=0)
    """Physical size of one stored step, for example 0.0001 for an index or 0.01 for dB."""
    valid: tuple[float, float]
    """Physical range; values outside are absurd and count as missing."""
    nodata: float | None = None
    """Where the rasters do not declare it."""
    crs: str | None = None
    """Where the rasters do not declare it."""
    scale: float = 1.0
    offset: float = 0.0
    """physical = stored * scale + offset."""
    resolution_m: float = Field(gt=0)
    revisit_days: float = Field(gt=0)
    """Usual days between looks; a feed is stale after twice as many."""
    spread: float = Field(gt=0)
    """Prior spread of an undisturbed pixel about its baseline, in `unit`."""
    shift: float = Field(gt=0)
    """Prior size of the change that clearing makes, in `unit`."""


class Settings(_Table):
    """The whole of ``dosel.toml``."""

    centre: CentreSettings = CentreSettings()
    area: AreaSettings
    mask: MaskSettings = MaskSettings()
    monitor: MonitorSettings
    alerts: AlertSettings = AlertSettings()
    retain: RetainSettings = RetainSettings()
    resources: ResourceSettings = ResourceSettings()
    context: ContextSettings = ContextSettings()
    store: StoreSettings = StoreSettings()
    jurisdiction: JurisdictionSettings = JurisdictionSettings()
    priority: PrioritySettings = PrioritySettings()
    desk: DeskSettings = DeskSettings()
    source: tuple[SourceSettings, ...] = ()
    sensor: tuple[SensorSettings, ...] = ()
    feed: tuple[FeedSettings, ...] = ()


def load_settings(centre: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Read ``dosel.toml`` of the centre directory, with overrides from the environment.

    Raises
    ------
    InputError
        If the file is missing or no TOML; :class:`InputMistakesError` with all mistakes of its content.
    """
    path = centre / SETTINGS_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise InputError(
            f"{path}: no such file; `dosel init {centre}` makes a centre, --centre names another"
        ) from error
    return parse_settings(text, os.environ if environ is None else environ, str(path))


def parse_settings(
    text: str, environ: Mapping[str, str] | None = None, where: str = SETTINGS_FILE
) -> Settings:
    """Return the settings of a TOML text; see :func:`load_settings`."""
    data = read_toml(text, where)
    _override(data, environ or {})
    try:
        settings = Settings.model_validate(data)
    except ValidationError as error:
        raise InputMistakesError(where, [_sentence(e) for e in error.errors()]) from None
    mistakes = _contradictions(settings)
    if mistakes:
        raise InputMistakesError(where, mistakes)
    return settings


def _override(data: dict[str, Any], environ: Mapping[str, str]) -> None:
    """Put ``DOSEL_SECTION__KEY`` into `data`, read as TOML where it is TOML, else as text."""
    for name in sorted(environ):
        section, dunder, key = name.removeprefix(_ENV_PREFIX).lower().partition("__")
        if not (name.startswith(_ENV_PREFIX) and dunder):
            continue
        try:
            value = tomllib.loads(f"v = {environ[name]}")["v"]
        except tomllib.TOMLDecodeError:
            value = environ[name]
        table = data.setdefault(section, {})
        if isinstance(table, dict):
            table[key] = value


def _sentence(error: Any) -> str:
    """Return one mistake as ``place: what was expected, what came``."""
    place = [str(part) for part in error["loc"]]
    if place[-1] == "_extent":
        return f"{place[0]}: expected exactly one of bbox, bounds_m, file or like"
    message = str(error["msg"]).removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    if error["type"] == "extra_forbidden":
        message = "no such setting"
    elif error["type"] not in {"missing", "value_error"} and place[0] != "store":  # it may hold a secret
        message = f"{message}, got {error['input']!r}"
    return f"{'.'.join(place)}: {message}"


def _contradictions(settings: Settings) -> list[str]:
    """Return the mistakes that only the whole file shows."""
    mistakes = []
    if settings.mask.kind == "map" and not (settings.mask.file and settings.mask.dated):
        mistakes.append("mask: kind map needs file and dated (the date of the forest map)")
    for what, names in (
        ("source", [s.name for s in settings.source]),
        ("sensor", [s.name for s in settings.sensor]),
        ("feed", [f.name for f in settings.feed]),
    ):
        mistakes += [
            f"{what}: the name {n!r} stands twice" for n in sorted({n for n in names if names.count(n) > 1})
        ]
    h1, h2 = settings.alerts.h1_nats, settings.alerts.h2_nats
    if h1 is not None and h2 is not None and h1 > h2:
        mistakes.append(f"alerts: h1_nats ({h1}) must not be above h2_nats ({h2})")
    return mistakes

"""``[[feed]]`` of ``dosel.toml``: how rows of others are read, and whose they are."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

Box: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north in degrees WGS 84."""


class FeedSettings(BaseModel):
    """``[[feed]]``: from the columns of a source to what Dosel keeps; an empty column is not there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    """Name of the feed, as it is said on the command line."""
    title: str = ""
    """Name for people."""
    kind: Literal["alerts", "hot-spots", "airstrips"] = "alerts"
    """What a row is."""
    origin: str = ""
    """Producer; what rests on a feed leaves only with its origin and licence."""
    licence: str = ""
    """Licence text or SPDX id; empty is unknown and means no release."""
    date_meaning: str = ""
    """What the day of a row means, in the words of the source."""
    service: str = ""
    """Where a real installation fetches the feed: an address for the reader, which Dosel does not call."""

    layer: str = ""
    """Layer of a GeoPackage that holds more than one."""
    crs: str = ""
    """CRS of the coordinates where the file declares none; a file that declares one is believed."""
    within: Box | None = None
    """Where the feed's rows lie, in degrees; a row outside is refused. It finds swapped coordinates."""

    extent: Literal["outline", "box", "point"] = "outline"
    """What a geometry is: the change itself, a box that holds it, or a place without a shape."""
    box: tuple[str, str, str, str] | None = None
    """Columns of west, south, east, north in degrees, for the extent ``box``."""
    lon: str = "longitude"
    lat: str = "latitude"
    """Columns of the coordinates, for files without geometry."""

    id: tuple[str, ...] = ()
    """Columns that name a row; without one the name derives from place and day."""
    day: str = ""
    """Column of the day; required but for airstrips."""
    day_format: str = "iso"
    """``iso``, ``days`` since `day_zero`, ``period`` (YYYY00, or YYYYQQ a quarter), or as ``strptime``."""
    day_zero: str = "1970-01-01"
    """Day 0 of ``days``; of a coded raster the day before its day 1."""
    window_start: str = ""
    """Column of the last day on which the change had not happened, where the source says."""
    stock: str = ""
    """The ``period`` that holds all there was until its year ended."""
    series_break: str = ""
    """The first ``period`` of another model; every row says on which side it lies."""
    break_meaning: str = ""
    published: str = ""
    """Column of the day of publication."""
    area: str = ""
    """Column of the area."""
    area_unit: Literal["ha", "km2", "m2"] = "ha"
    area_of: Literal["outline", "part"] = "outline"
    """Whether the area is that of the outline, or of something within it."""
    area_factor: float = Field(default=2.0, gt=1)
    """An area that differs from the outline by more than this factor is refused."""
    area_slack_ha: float = Field(default=0.1, ge=0)
    """Hectares by which they may differ whatever the factor: small outlines are rounded to pixels."""
    confidence: str = ""
    """Column of the confidence, kept in the words of the source."""
    classes: str = ""
    """Column of the class, kept in the words of the source."""
    drop: tuple[str, ...] = ()
    """Columns that are not kept; all others are, as details."""

    usual_days: float | None = Field(default=None, gt=0)
    """Usual days between its rows; with nothing newer for twice as long it is late. None is not known."""

    time: str = ""
    """Hot spots: column of the time of day, HHMM UTC."""
    satellite: str = ""
    power: str = ""
    """Hot spots: column of the radiative power, MW."""
    scan: str = ""
    track: str = ""
    """Hot spots: columns of the pixel size along and across the scan, km."""

    year: int | None = None
    """Airstrips: the year in which they were found, where no day is known."""

    group_days: int = Field(default=30, ge=0)
    """Coded rasters: neighbouring pixels dated this near each other are one alert."""
    codes: dict[str, str] = {}
    """Coded rasters: the confidence that a first digit stands for."""

    @model_validator(mode="after")
    def _whole(self) -> FeedSettings:
        if self.name == "own":
            raise ValueError("name own is the watch of the centre; expected another")
        if self.kind != "airstrips" and not self.day:
            raise ValueError("day names the column of the day; expected one")
        if (self.extent == "box") != (self.box is not None):
            raise ValueError("extent box and the four columns of box go together")
        if self.kind == "hot-spots" and not self.time:
            raise ValueError("kind hot-spots needs time")
        return self

    @property
    def source_id(self) -> str:
        """Id of the feed in the table ``sources``, where it never meets that of a ``[[source]]``."""
        return f"feed:{self.name}"

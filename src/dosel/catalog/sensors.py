"""The sensor table: what each analysis-ready product is, how it is read and which streams it yields.

A new sensor is a row here plus at most one function (in ``catalog/item``, for the name of its datatake).
Each orbit direction of a radar is a geometry of its own; optical sensors have the one geometry ``any``.

Examples
--------
>>> row = sensor("sentinel-1-rtc")
>>> [stream.name for stream in row.streams], row.geometries
(['sentinel-1-vv', 'sentinel-1-vh'], ('ascending', 'descending'))
>>> stream_names(row, "descending")
('sentinel-1-vv/descending', 'sentinel-1-vh/descending')
>>> sensor("sentinel-9")
Traceback (most recent call last):
dosel.errors.InputError: sensor 'sentinel-9' is not in the sensor table; there are hls-l30, hls-s30, \
landsat-c2-l2, opera-rtc-s1, sentinel-1-grd, sentinel-1-rtc, sentinel-1-rtc-db, sentinel-2-l2a; \
declare any other product as [[sensor]] in dosel.toml
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from dosel.catalog.scene import RefusedSceneError
from dosel.config import SensorSettings
from dosel.errors import InputError
from dosel.model.codes import LegendEnum, Refusal


class MaskRule(LegendEnum):
    """How the band ``mask`` of a sensor says which pixels are valid; append-only."""

    NONE = 0, "there is no mask; nodata and the valid range decide"
    SCL = 1, "Sentinel-2 scene classification: 4, 5, 6 and 7 are valid"
    QA_PIXEL = 2, "Landsat Collection 2 QA_PIXEL: no fill, dilated cloud, cirrus, cloud, shadow or snow bit"
    FMASK = 3, "HLS Fmask: no cirrus, cloud, adjacent, shadow or snow bit, not fill (255)"
    LAYOVER = 4, "radar layover and shadow: 0 is valid; 1 shadow, 2 layover, 3 both, 255 fill"


class OffsetRule(LegendEnum):
    """How stored numbers were shifted by the processing; append-only."""

    NONE = 0, "scale and offset of the item, else of the sensor row"
    BOA = 1, "Sentinel-2: -1000 DN from processing baseline 04.00 on, unless the item says it is applied"


class Naming(LegendEnum):
    """How datatake, granule and processing of an item are named; append-only."""

    DECLARED = 0, "by the properties dosel:datatake and dosel:granule, else the instant of acquisition"
    SENTINEL_1 = 1, "datatake id, else platform and absolute orbit; a granule is a slice"
    OPERA = 2, "platform, track and pass from the product id; a granule is a burst"
    SENTINEL_2 = 3, "platform and sensing start; a granule is an MGRS tile"
    HLS = 4, "platform and sensing start or day; a granule is an MGRS tile"
    LANDSAT = 5, "platform, path and day; a granule is a WRS-2 row"


@dataclass(frozen=True, slots=True)
class StreamSpec:
    """One stream that a sensor yields in each of its geometries."""

    name: str
    """For example ``sentinel-1-vv``; the full name carries the geometry: ``sentinel-1-vv/ascending``."""
    bands: tuple[str, ...]
    """One band, or two for their normalised difference (first - second) / (first + second)."""
    unit: str
    """Physical unit of the values: ``dB`` or ``1`` for an index."""
    direction: Literal[-1, 1]
    """Sign of the change that clearing makes."""
    quantum: float
    """Physical size of one stored int16 step."""
    valid: tuple[float, float]
    """Physical range; values outside are absurd and count as missing."""
    spread: float
    """Prior spread of an undisturbed pixel about its baseline, in `unit`."""
    shift: float
    """Size of the change that clearing makes, in `unit`; positive."""
    extra: float
    """Extra standard deviation of cleared looks, between clearings and between looks, in `unit`."""
    weather: str
    """Streams of one group share weather: their looks of one day are correlated."""


@dataclass(frozen=True, slots=True)
class Band:
    """One raster of a sensor."""

    name: str
    """The sensor row's own name: ``vv``, ``red``, ``mask``."""
    aliases: tuple[str, ...]
    """Keys of the asset in catalogues, best first; one with ``*`` is matched with the file name too."""
    required: bool = True
    nodata: float | None = None
    """Where neither item nor raster declares it, by the product's specification."""
    scale: float = 1.0
    offset: float = 0.0
    """physical = stored * scale + offset, where the item does not declare it."""


@dataclass(frozen=True, slots=True)
class Sensor:
    """One row of the sensor table."""

    name: str
    kind: Literal["radar", "optical"]
    collections: tuple[str, ...]
    """Usual names of its collections."""
    bands: tuple[Band, ...]
    streams: tuple[StreamSpec, ...]
    resolution_m: float
    revisit_days: float
    """Usual days between looks; a feed is stale after twice as many."""
    mask_rule: MaskRule = MaskRule.NONE
    """How the band named ``mask`` is read."""
    offset_rule: OffsetRule = OffsetRule.NONE
    naming: Naming = Naming.DECLARED
    geometries: tuple[str, ...] = ("any",)
    """Acquisition geometries; each makes streams of its own."""
    linear_power: bool = False
    """Stored values are linear power and become dB: 10 log10(power)."""
    crs: str | None = None
    """Declared where the rasters do not say it."""
    refused: str = ""
    """Why the product cannot be used and what to use; empty for a usable one."""

    @property
    def weather(self) -> str:
        """Group of its streams, which see the same weather."""
        return self.streams[0].weather

    def band(self, name: str) -> Band:
        """Return the band of that name."""
        return next(band for band in self.bands if band.name == name)


_CLEARED_DB: Final = {"vv": (1.25, 1.25), "vh": (1.75, 1.25)}
"""Mean drop and extra spread of cleared looks by polarisation: VH as in :mod:`dosel.monitor.evidence`; VV,
which sees more of the ground, with a smaller drop (not measured)."""


def _radar_stream(band: str) -> StreamSpec:
    """Return the stream of one polarisation in dB."""
    name, valid, cleared = f"sentinel-1-{band}", (-40.0, 20.0), _CLEARED_DB[band]
    return StreamSpec(name, (band,), "dB", -1, 0.01, valid, 1.5, *cleared, "c-band")


def _index_stream(prefix: str, name: str, bands: tuple[str, str]) -> StreamSpec:
    """Return the stream of one normalised difference."""
    return StreamSpec(f"{prefix}-{name}", bands, "1", -1, 0.0001, (-1.0, 1.0), 0.06, 0.3, 0.075, "sky")


def _radar(name: str, collections: tuple[str, ...], *, linear: bool, naming: Naming) -> Sensor:
    """Return a row of Sentinel-1 gamma0 with optional layover mask."""
    return Sensor(
        name,
        "radar",
        collections,
        (
            Band("vv", ("vv", "VV", "*_VV.tif", "*_vv.tif")),
            Band("vh", ("vh", "VH", "*_VH.tif", "*_vh.tif")),
            Band("mask", ("mask", "layover", "layover_shadow_mask", "*_mask.tif"), required=False),
        ),
        (_radar_stream("vv"), _radar_stream("vh")),
        resolution_m=30.0 if naming is Naming.OPERA else 10.0,
        revisit_days=12.0,
        mask_rule=MaskRule.LAYOVER,
        naming=naming,
        geometries=("ascending", "descending"),
        linear_power=linear,
    )


def _optical(
    name: str,
    prefix: str,
    keys: dict[str, tuple[str, ...]],
    storage: tuple[float, float, float],
    *,
    resolution_m: float,
    revisit_days: float,
    mask_rule: MaskRule,
    naming: Naming,
    collections: tuple[str, ...] = (),
    offset_rule: OffsetRule = OffsetRule.NONE,
) -> Sensor:
    """Return a row of surface reflectance in red, nir and swir22; `storage` is nodata, scale, offset."""
    nodata, scale, offset = storage
    bands = tuple(
        Band(band, keys[band], nodata=nodata, scale=scale, offset=offset) for band in ("red", "nir", "swir22")
    )
    return Sensor(
        name,
        "optical",
        collections or (name,),
        (*bands, Band("mask", keys["mask"])),
        (_index_stream(prefix, "nbr", ("nir", "swir22")), _index_stream(prefix, "ndvi", ("nir", "red"))),
        resolution_m=resolution_m,
        revisit_days=revisit_days,
        mask_rule=mask_rule,
        offset_rule=offset_rule,
        naming=naming,
    )


_GRD = Sensor(
    "sentinel-1-grd",
    "radar",
    ("sentinel-1-grd", "SENTINEL-1"),
    (),
    (),
    resolution_m=10.0,
    revisit_days=12.0,
    naming=Naming.SENTINEL_1,
    geometries=("ascending", "descending"),
    refused="raw GRD radar is not corrected for terrain, so slopes would read as change; use an "
    "analysis-ready gamma0 product: sensor sentinel-1-rtc, sentinel-1-rtc-db or opera-rtc-s1",
)

SENSORS: Final[dict[str, Sensor]] = {
    row.name: row
    for row in (
        _radar("sentinel-1-rtc", ("sentinel-1-rtc",), linear=True, naming=Naming.SENTINEL_1),
        _radar("sentinel-1-rtc-db", ("sentinel-1-rtc-db",), linear=False, naming=Naming.SENTINEL_1),
        _radar(
            "opera-rtc-s1",
            ("OPERA_L2_RTC-S1_V1_1.0", "opera-s1-rtc-v1", "opera-rtc-s1"),
            linear=True,
            naming=Naming.OPERA,
        ),
        _GRD,
        _optical(
            "sentinel-2-l2a",
            "sentinel-2",
            {
                "red": ("B04", "red", "B04_10m"),
                "nir": ("B08", "nir", "B08_10m"),
                "swir22": ("B12", "swir22", "B12_20m"),
                "mask": ("SCL", "scl", "SCL_20m"),
            },
            (0.0, 0.0001, 0.0),
            resolution_m=10.0,
            revisit_days=5.0,
            mask_rule=MaskRule.SCL,
            naming=Naming.SENTINEL_2,
            collections=("sentinel-2-l2a", "sentinel-2-c1-l2a"),
            offset_rule=OffsetRule.BOA,
        ),
        _optical(
            "hls-s30",
            "hls-s30",
            {"red": ("B04", "red"), "nir": ("B8A", "nir08"), "swir22": ("B12", "swir22"), "mask": ("Fmask",)},
            (-9999.0, 0.0001, 0.0),
            resolution_m=30.0,
            revisit_days=5.0,
            mask_rule=MaskRule.FMASK,
            naming=Naming.HLS,
            collections=("HLSS30_2.0", "HLSS30.v2.0", "hls2-s30", "hls-s30"),
        ),
        _optical(
            "hls-l30",
            "hls-l30",
            {"red": ("B04", "red"), "nir": ("B05", "nir08"), "swir22": ("B07", "swir22"), "mask": ("Fmask",)},
            (-9999.0, 0.0001, 0.0),
            resolution_m=30.0,
            revisit_days=8.0,
            mask_rule=MaskRule.FMASK,
            naming=Naming.HLS,
            collections=("HLSL30_2.0", "HLSL30.v2.0", "hls2-l30", "hls-l30"),
        ),
        _optical(
            "landsat-c2-l2",
            "landsat",
            {
                "red": ("red",),
                "nir": ("nir08",),
                "swir22": ("swir22",),
                "mask": ("qa_pixel", "QA_PIXEL"),
            },
            (0.0, 0.0000275, -0.2),
            resolution_m=30.0,
            revisit_days=8.0,
            mask_rule=MaskRule.QA_PIXEL,
            naming=Naming.LANDSAT,
            collections=("landsat-c2-l2", "landsat-c2l2-sr"),
        ),
    )
}
"""The built-in rows by name."""


def sensor(name: str, declared: Iterable[SensorSettings] = ()) -> Sensor:
    """Return the row of that name: a ``[[sensor]]`` of the settings first, else a built-in one.

    Raises
    ------
    InputError
        If there is no such row; the sentence names those that exist.
    """
    rows = SENSORS | {settings.name: declared_sensor(settings) for settings in declared}
    if name in rows:
        return rows[name]
    raise InputError(
        f"sensor {name!r} is not in the sensor table; there are {', '.join(sorted(rows))}; "
        "declare any other product as [[sensor]] in dosel.toml"
    )


def declared_sensor(settings: SensorSettings) -> Sensor:
    """Return the row of a product declared in ``dosel.toml``: one band ``value``, one stream.

    Its geometry is ``any`` where the scenes carry none, since a declared product is one stream however
    it was made; scenes that carry an orbit direction keep it as a stream of their own.
    """
    aliases = ("value", settings.stream, "data", "image", "*.tif", "*.tiff", "*.nc")
    band = Band("value", aliases, nodata=settings.nodata, scale=settings.scale, offset=settings.offset)
    stream = StreamSpec(
        settings.stream,
        ("value",),
        settings.unit,
        settings.direction,
        settings.quantum,
        settings.valid,
        settings.spread,
        settings.shift,
        settings.shift / 4,
        "c-band" if settings.kind == "radar" else "sky",
    )
    return Sensor(
        settings.name,
        settings.kind,
        (settings.name,),
        (band,),
        (stream,),
        resolution_m=settings.resolution_m,
        revisit_days=settings.revisit_days,
        geometries=("any", "ascending", "descending"),
        crs=settings.crs,
    )


def stream_names(row: Sensor, geometry: str) -> tuple[str, ...]:
    """Return the full names of the row's streams in a geometry, in the order of ``row.streams``."""
    return tuple(f"{stream.name}/{geometry}" for stream in row.streams)


def refuse_raw(row: Sensor, scene_id: str) -> None:
    """Refuse a scene of a product that is not analysis-ready.

    Raises
    ------
    RefusedSceneError
        With :attr:`Refusal.RAW_RADAR`, the reason and what to use.
    """
    if row.refused:
        raise RefusedSceneError(Refusal.RAW_RADAR, f"{scene_id}: {row.refused}")

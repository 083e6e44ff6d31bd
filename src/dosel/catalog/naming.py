"""How products name the datatake, the granule and the processing of a scene; one function a product family.

A name must be the same for every granule, slice and reprocessing of one acquisition, whichever catalogue
publishes it. Where a product gives no datatake its day is taken in *solar* time (UTC shifted by the
longitude): these satellites pass at fixed local hours, so one pass never falls on two such days.

Examples
--------
>>> from dosel.model.time import parse_instant
>>> at = parse_instant("2024-03-08T10:08:41Z")
>>> name_of(Naming.SENTINEL_2, "S2A_MSIL2A_20240308T100841_N0510_R022_T33UVR_20240308T143352", {}, at, 13.0)
Names(datatake='S2A-20240308T100841', granule='33UVR', processed='20240308T143352')
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from dosel.catalog.sensors import Naming
from dosel.errors import InputError
from dosel.model.time import iso_instant, parse_instant


class Names(NamedTuple):
    """What a scene shares with others of its acquisition."""

    datatake: str
    """The same for all granules, slices and reprocessings of one acquisition."""
    granule: str
    """The same for all reprocessings of one granule or slice."""
    processed: str
    """Grows with every reprocessing."""


class _Clue(NamedTuple):
    """What a name can be read from."""

    id: str
    properties: Mapping[str, Any]
    acquired: datetime
    west: float

    def get(self, *keys: str) -> str:
        """Return the first property that is there as text, or the empty string."""
        return next((str(self.properties[k]) for k in keys if self.properties.get(k) is not None), "")

    @property
    def solar_day(self) -> str:
        """Date in solar time at the scene's western edge, ``YYYYMMDD``."""
        return (self.acquired + timedelta(hours=self.west / 15.0)).strftime("%Y%m%d")

    @property
    def processed(self) -> str:
        """Instant of processing or publication in UTC, or the empty string."""
        text = self.get("processing:datetime", "s2:generation_time", "created", "updated")
        try:
            return iso_instant(parse_instant(text)) if text else ""
        except InputError:
            return text


_S1_ID: Final = re.compile(r"^(S1[A-D])_\w{2}_\w{4}_\w{4}_(\d{8}T\d{6})_\d{8}T\d{6}_(\d{6})_([0-9A-F]{6})")
_OPERA_ID: Final = re.compile(
    r"^OPERA_L2_RTC-S1_(T\d+)-(\d+-IW\d)_(\d{8}T\d{6})Z_(\d{8}T\d{6})Z_(S1[A-D])_\d+_(v[\d.]+)"
)
_S2_ID: Final = re.compile(r"(S2[A-D])_MSIL2A_(\d{8}T\d{6})(?:_N\d{4})?_R\d{3}_T(\w{5})_(\d{8}T\d{6})")
_S2_DATATAKE: Final = re.compile(r"^G(S2[A-D])_(\d{8}T\d{6})_")
_S2_STRIP: Final = re.compile(r"_S(\d{8}T\d{6})")
_HLS_ID: Final = re.compile(r"^HLS\.([SL]30)\.T(\w{5})\.(\d{7}T\d{6})\.(v[\d.]+\d)")
_LANDSAT_ID: Final = re.compile(r"^(L[COTEM]\d{2})_\w{4}_(\d{3})(\d{3})_\d{8}(?:_(\d{8}))?_\d{2}_\w{2}")


def name_of(
    naming: Naming, scene_id: str, properties: Mapping[str, Any], acquired: datetime, west: float
) -> Names:
    """Return the names of a scene; ``dosel:datatake`` and ``dosel:granule`` of an item always win.

    Parameters
    ----------
    naming
        The family of products.
    scene_id, properties, acquired, west
        The item's id, properties, instant (UTC) and western edge in degrees.
    """
    clue = _Clue(scene_id, properties, acquired, west)
    names = _NAMINGS[naming](clue)
    return Names(
        clue.get("dosel:datatake") or names.datatake,
        clue.get("dosel:granule") or names.granule,
        names.processed,
    )


def platform_code(text: str) -> str:
    """Return a platform's short name: ``SENTINEL-1A``, ``sentinel-1a`` and ``S1A`` are one.

    Examples
    --------
    >>> platform_code("Sentinel-2B"), platform_code("landsat-9"), platform_code("PeruSat-1")
    ('S2B', 'L9', 'PERUSAT-1')
    """
    name = text.strip().upper().replace("_", "-")
    name = re.sub(r"^SENTINEL-?(?=\d)", "S", name)
    return re.sub(r"^LANDSAT-?(?=\d)", "L", name)


def _declared(clue: _Clue) -> Names:
    """One datatake an instant; every item is a granule of its own."""
    parts = (platform_code(clue.get("platform")), iso_instant(clue.acquired))
    granule = clue.get("grid:code") or clue.id
    return Names("-".join(part for part in parts if part), granule, clue.processed)


def _sentinel_1(clue: _Clue) -> Names:
    """Datatake id (hexadecimal in product names, decimal in catalogues), else the absolute orbit."""
    match = _S1_ID.match(clue.id)
    platform = match[1] if match else platform_code(clue.get("platform"))
    number = clue.get("s1:datatake_id", "eopf:datatake_id")
    if number:
        take = number if number.isdigit() else str(_hex(number))
    elif match:
        take = str(int(match[4], 16))
    elif clue.get("sat:absolute_orbit"):
        take = f"orbit{clue.get('sat:absolute_orbit')}"
    else:
        take = clue.solar_day
    granule = match[2] if match else clue.get("s1:slice_number") or iso_instant(clue.acquired)
    return Names(f"{platform}-{take}", granule, clue.processed)


def _hex(text: str) -> int | str:
    """Return the number of a hexadecimal text, or the text where it is none."""
    try:
        return int(text, 16)
    except ValueError:
        return text


def _opera(clue: _Clue) -> Names:
    """Bursts of one track and pass are one datatake."""
    match = _OPERA_ID.match(clue.id)
    if match is None:
        return _sentinel_1(clue)
    track, burst, _, processed, platform, version = match.groups()
    return Names(f"{platform}-{track}-{clue.solar_day}", burst, f"{version}|{processed}")


def _sentinel_2(clue: _Clue) -> Names:
    """Platform and sensing start; a tile seen in two strips of one datatake is two granules."""
    match = _S2_ID.search(clue.get("s2:product_uri") or clue.id) or _S2_ID.search(clue.id)
    take = _S2_DATATAKE.match(clue.get("s2:datatake_id"))
    if match or take:
        groups = (match or take).groups()  # type: ignore[union-attr]  # one of them matched
        datatake = f"{groups[0]}-{groups[1]}"
    else:
        datatake = f"{platform_code(clue.get('platform'))}-{clue.solar_day}"
    tile = match[3] if match else clue.get("s2:mgrs_tile", "grid:code") or clue.id
    strip = _S2_STRIP.search(clue.get("s2:datastrip_id"))
    granule = tile.removeprefix("MGRS-") + (f"-{strip[1]}" if strip else "")
    return Names(datatake, granule, match[4] if match else clue.processed)


def _hls(clue: _Clue) -> Names:
    """Sentinel granules carry the start of their datatake, Landsat granules their own instant."""
    match = _HLS_ID.match(clue.id)
    if match is None:
        return _declared(clue)
    product, tile, instant, version = match.groups()
    if product == "S30":
        return Names(f"S30-{instant}", tile, f"{version}|{clue.processed}")
    platform = platform_code(clue.get("platform")) or "L30"
    return Names(f"{platform}-{clue.solar_day}", f"{tile}-{instant}", f"{version}|{clue.processed}")


def _landsat(clue: _Clue) -> Names:
    """Platform, path and day; rows of one path are granules."""
    match = _LANDSAT_ID.match(clue.id)
    if match:
        platform, path, row, made = match.groups()
        return Names(f"{platform}-{path}-{clue.solar_day}", row, made or clue.processed)
    path, row = clue.get("landsat:wrs_path"), clue.get("landsat:wrs_row")
    if not (path and row):
        return _declared(clue)
    platform = platform_code(clue.get("platform"))
    return Names(f"{platform}-{int(path):03d}-{clue.solar_day}", f"{int(row):03d}", clue.processed)


_NAMINGS: Final[dict[Naming, Callable[[_Clue], Names]]] = {
    Naming.DECLARED: _declared,
    Naming.SENTINEL_1: _sentinel_1,
    Naming.OPERA: _opera,
    Naming.SENTINEL_2: _sentinel_2,
    Naming.HLS: _hls,
    Naming.LANDSAT: _landsat,
}

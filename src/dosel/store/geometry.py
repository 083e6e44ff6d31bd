"""GeoPackage binary geometry: a header with the envelope, then WKB.

OGC 12-128r19 (GeoPackage 1.4), clause 2.1.3.

Examples
--------
>>> from shapely import Point
>>> blob = encode(Point(-69.5, -12.5))
>>> decode(blob)
<POINT (-69.5 -12.5)>
>>> envelope(blob)
(-69.5, -69.5, -12.5, -12.5)
"""

from __future__ import annotations

import struct
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from dosel.errors import StoreError

WGS84: Final = 4326

_ENVELOPE_DOUBLES: Final = (0, 4, 6, 6, 8)
_LITTLE, _EMPTY, _XY_ENVELOPE = 0b1, 0b10000, 0b10


def encode(geometry: BaseGeometry, srs_id: int = WGS84) -> bytes:
    """Return the GeoPackage blob of a geometry; an empty one has no envelope."""
    wkb: bytes = shapely.to_wkb(geometry, byte_order=1, output_dimension=2)
    if geometry.is_empty:
        return struct.pack("<2sBBi", b"GP", 0, _LITTLE | _EMPTY, srs_id) + wkb
    west, south, east, north = geometry.bounds
    flags = _LITTLE | _XY_ENVELOPE
    return struct.pack("<2sBBi4d", b"GP", 0, flags, srs_id, west, east, south, north) + wkb


def decode(blob: bytes) -> BaseGeometry:
    """Return the geometry of a GeoPackage blob.

    Raises
    ------
    StoreError
        If the bytes are no GeoPackage geometry.
    """
    _, _, doubles = _header(blob)
    try:
        geometry: BaseGeometry = shapely.from_wkb(blob[8 + 8 * doubles :])
    except shapely.errors.ShapelyError as error:
        raise StoreError(f"expected a GeoPackage geometry, got WKB that cannot be read: {error}") from error
    return geometry


def is_empty(blob: bytes) -> bool:
    """Return whether the header says that the geometry is empty."""
    return bool(_header(blob)[1] & _EMPTY)


def envelope(blob: bytes) -> tuple[float, float, float, float]:
    """Return min x, max x, min y, max y from the header, or from the geometry where it has none."""
    order, _, doubles = _header(blob)
    if doubles:
        return struct.unpack_from(f"{order}4d", blob, 8)
    west, south, east, north = decode(blob).bounds
    return west, east, south, north


def _header(blob: bytes) -> tuple[str, int, int]:
    if len(blob) < 8 or blob[:2] != b"GP":
        raise StoreError(f"expected a GeoPackage geometry (GP...), got {bytes(blob[:2])!r}")
    flags = blob[3]
    kind = (flags >> 1) & 0b111
    if kind >= len(_ENVELOPE_DOUBLES):
        raise StoreError(f"expected a GeoPackage envelope of kind 0 to 4, got {kind}")
    return "<" if flags & _LITTLE else ">", flags, _ENVELOPE_DOUBLES[kind]

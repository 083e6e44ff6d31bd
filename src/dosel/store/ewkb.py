"""PostGIS's own binary geometry (EWKB) as hexadecimal text, which is how the server takes and gives it.

Examples
--------
>>> from shapely import Point
>>> decode(encode(Point(-69.5, -12.5)))
<POINT (-69.5 -12.5)>
"""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from dosel.errors import StoreError
from dosel.store.geometry import WGS84


def encode(geometry: BaseGeometry, srs_id: int = WGS84) -> str:
    """Return the text of a geometry, without heights, with its reference system."""
    marked = shapely.set_srid(geometry, srs_id)
    text: str = shapely.to_wkb(marked, hex=True, byte_order=1, output_dimension=2, include_srid=True)
    return text


def decode(text: str) -> BaseGeometry:
    """Return the geometry of a text, without the number of its reference system.

    Raises
    ------
    StoreError
        If it is no EWKB.
    """
    try:
        return shapely.set_srid(shapely.from_wkb(text), 0)
    except shapely.errors.ShapelyError as error:
        raise StoreError(f"expected EWKB, got what cannot be read: {error}") from error

"""Coca and poppy are figures of whole areas, never a place: what could name a plot is not taken in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_CROP: Final = re.compile(
    r"(?<![^\W\d_])(coca|cocal|cocales|cocalero\w*|erythroxyl\w*|amapolas?|papoulas?|poppy|poppies"
    r"|papaver\w*|opio|opium|adormideras?)(?![^\W\d_])",
    re.IGNORECASE,
)
_PLACE: Final = re.compile(r"\b(r[ií]o|el|puerto|cant[oó]n)\s+coca(?![^\W\d_])", re.IGNORECASE)
_COORDINATE: Final = re.compile(
    r"^(lat|lon|lng|long|latitude?|longitude?|latitud|longitud|x|y|coord\w*|easting|northing|este|norte"
    r"|utm\w*|wkt|wkb|geom\w*|geojson|geohash|mgrs|pluscode|bbox|west|south|east|north|\w*_(lat|lon|x|y))$",
    re.IGNORECASE,
)
_SHAPE: Final = re.compile(
    r'\b(point|polygon|linestring|multi\w+)\s*z?\s*\(|"coordinates"'
    r"|^\s*-?\d{1,3}\.\d+\s*[,; ]\s*-?\d{1,3}\.\d+",
    re.IGNORECASE,
)


def names_crop(words: Iterable[object]) -> bool:
    """Return whether coca or poppy is named; the river and the town of that name are not meant.

    Examples
    --------
    >>> [names_crop([word]) for word in ("coca_ha", "cultivo de amapola", "Cocachacra", "Río Coca", 7)]
    [True, True, False, False, False]
    """
    return any(_CROP.search(_PLACE.sub(" ", word)) for word in words if isinstance(word, str))


def names_place(column: str) -> bool:
    """Return whether a column is named like a coordinate or a geometry.

    Examples
    --------
    >>> [names_place(name) for name in ("Latitud", "plot_x", "geom", "unit", "year", "coca_ha")]
    [True, True, True, False, False, False]
    """
    return bool(_COORDINATE.match(column.strip()))


def holds_place(value: object) -> bool:
    """Return whether a value holds coordinates or a geometry as text.

    Examples
    --------
    >>> [holds_place(value) for value in ("POINT (-70 -12)", "-12.05, -70.1", "Ucayali", "2017", "1358.0")]
    [True, True, False, False, False]
    """
    return isinstance(value, str) and bool(_SHAPE.search(value))

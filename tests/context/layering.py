"""Definitions and rows that the tests of layers start from."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from dosel.context.definition import Definition
from dosel.context.layer import ALWAYS, Completeness, Layer, Measure, Shape, Theme, Units
from dosel.context.units import Rows
from dosel.model.marking import Marking

WORDS = {"es": "uno", "pt": "um", "en": "one"}

PLAIN: dict[str, Any] = {
    "name": "reserves",
    "theme": "protected",
    "shape": "area",
    "completeness": "complete",
    "titles": WORDS,
    "note": WORDS,
    "owner": "somebody",
    "licence": "CC0",
    "sensitivity": "public",
    "file": "reserves.gpkg",
    "code": "code",
    "unit_name": "name",
    "coverage": {"box": [-72.0, -14.0, -68.0, -10.0]},
}


def definition(**changed: Any) -> Definition:
    """Return a sound definition with some settings changed; None takes one away."""
    given = {**PLAIN, **changed}
    return Definition.model_validate({key: value for key, value in given.items() if value is not None})


def rows(geometries: list[Any], **columns: list[str]) -> Rows:
    """Return rows as a file gives them."""
    shapes = np.empty(len(geometries), object)
    shapes[:] = geometries
    given = {"code": [""] * len(geometries), "name": [""] * len(geometries), **columns}
    return Rows(shapes, {key: np.array(texts, object) for key, texts in given.items()})


def units(geometries: list[Any], codes: list[str] | None = None) -> Units:
    """Return units that are always in force."""
    shapes = np.empty(len(geometries), object)
    shapes[:] = geometries
    code = np.array(codes or [str(i) for i in range(len(geometries))], object)
    empty = np.full(len(geometries), "", object)
    first, last = (np.full(len(geometries), end, np.int64) for end in ALWAYS)
    return Units(shapes, code, code.copy(), empty, first, last)


def layer(
    geometries: list[Any],
    *,
    theme: Theme = Theme.ISOLATION,
    completeness: Completeness = Completeness.COMPLETE,
    coverage: Any = None,
    margin_m: float = 0.0,
) -> Layer:
    """Return a layer in memory."""
    where = shapely.box(-80, -20, -60, 0) if coverage is None else coverage
    return Layer(
        name=theme.value,
        version="1",
        theme=theme,
        shape=Shape.AREA,
        titles=WORDS,
        owner="somebody",
        licence="CC0",
        vintage="2026",
        completeness=completeness,
        coverage=where,
        note=WORDS,
        measures=(Measure.SHARE,),
        reach_m=0.0,
        margin_m=margin_m,
        sensitivity=Marking.SEALED,
        dated=False,
        units=units(geometries),
        definition={},
    )

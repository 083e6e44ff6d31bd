"""Where a layer is complete, and units derived from others."""

from __future__ import annotations

import pytest
import shapely
from tests.context.layering import units

from dosel.context.coverage import along, coverage_of
from dosel.context.definition import Coverage
from dosel.context.layer import Units
from dosel.errors import InputError

WEST, EAST = shapely.box(-72, -12, -71, -11), shapely.box(-71, -12, -70, -11)
COUNTRY = units([WEST, EAST], ["W", "E"])


def other(name: str) -> Units:
    assert name == "departments"
    return COUNTRY


@pytest.mark.parametrize(
    ("given", "bounds"),
    [
        ({"units": True}, (-72, -12, -71, -11)),
        ({"layer": "departments"}, (-72, -12, -70, -11)),
        ({"layer": "departments", "codes": ["E"]}, (-71, -12, -70, -11)),
        ({"layer": "departments", "box": [-90, -20, -71.5, 0]}, (-72, -12, -71.5, -11)),
        ({"box": [-73, -13, -72, -12]}, (-73, -13, -72, -12)),
    ],
)
def test_coverage_is_what_the_definition_says(given: dict[str, object], bounds: tuple[float, ...]) -> None:
    """Mutant: forget the box, the codes, or take the whole layer for the units."""
    whole = coverage_of(Coverage.model_validate(given), units([WEST]), other)
    assert whole is not None
    assert whole.bounds == bounds


def test_nothing_left_is_an_error_and_nothing_said_is_none() -> None:
    """Mutant: an empty coverage, which would read as complete nowhere without a word."""
    away = Coverage(layer="departments", box=(10, 10, 11, 11))
    with pytest.raises(InputError, match="nothing is left"):
        coverage_of(away, units([WEST]), other)
    with pytest.raises(InputError, match="has no areas"):
        coverage_of(Coverage(units=True), units([shapely.Point(-70, -12)]), other)
    assert coverage_of(None, units([WEST]), other) is None


def test_only_areas_with_an_outer_edge_near_the_line_touch_the_border() -> None:
    """Mutant: take the areas behind the first row; take those on the coast; ask for an exact hit."""
    grid = [shapely.box(-72 + i, -12 + j, -71 + i, -11 + j) for i in range(3) for j in range(3)]
    border = units([shapely.LineString([(-68.97, -13), (-68.97, -8)])])
    names = [f"{i}{j}" for i in range(3) for j in range(3)]
    which = along(units(grid, names), border, 10_000)
    assert [name for name, touches in zip(names, which, strict=True) if touches] == ["20", "21", "22"]
    assert not along(units(grid, names), border, 1_000).any()
    wide = along(units(grid, names), border, 150_000)
    assert "11" not in [name for name, touches in zip(names, wide, strict=True) if touches]

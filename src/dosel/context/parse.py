r"""From TOML to definitions of layers, with all mistakes of a file at once, each with its place.

A TOML file holds one or many tables ``[[layer]]``, and the boxes of the countries they name.

Examples
--------
>>> one, = parse_definitions('''
... [countries]
... PE = [-85, -20, -68, 1]
... [[layer]]
... name = "reserves"
... theme = "isolation"
... shape = "area"
... country = "PE"
... completeness = "missing"
... titles = { es = "Reservas", pt = "Reservas", en = "Reserves" }
... note = { es = "No están.", pt = "Não estão.", en = "Not here." }
... owner = "MINCU"
... sensitivity = "sealed"
... margin_m = 10000
... ''')
>>> one.theme.value, one.marking.name, one.extent
('isolation', 'SEALED', (-85.0, -20.0, -68.0, 1.0))
>>> parse_definitions('[[layer]]\nname = "Mine"\ntheme = "road"\nshape = "river"', "mine.toml")
Traceback (most recent call last):
dosel.errors.InputMistakesError: mine.toml: 8 mistakes
  layer[Mine].completeness: field required
  layer[Mine].file: a layer that is not missing needs a file, or derive
  layer[Mine].name: string should match pattern '^[a-z][a-z0-9-]*$', got 'Mine'
  layer[Mine].note: field required
  layer[Mine].owner: field required
  layer[Mine].sensitivity: field required
  layer[Mine].shape: expected one of area, line, point, got 'river'
  layer[Mine].titles: field required
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import PurePath
from typing import Any

from pydantic import ValidationError

from dosel.config.toml import read_toml
from dosel.context.definition import Definition
from dosel.context.layer import Completeness, Measure, Shape, Theme
from dosel.errors import InputMistakesError
from dosel.model.persons import names_person


def parse_definitions(text: str, where: str = "layers.toml") -> tuple[Definition, ...]:
    """Return the definitions of a TOML text, in its order.

    Raises
    ------
    InputError
        If it is no TOML; :class:`InputMistakesError` with all mistakes of its content.
    """
    data = read_toml(text, where)
    boxes, tables = data.pop("countries", {}), data.pop("layer", None)
    mistakes = [f"{key}: no such table; expected countries and layer" for key in data]
    if not isinstance(tables, list) or not tables or not isinstance(boxes, dict):
        raise InputMistakesError(where, [*mistakes, "layer: expected tables [[layer]]"])
    mistakes += [f"countries.{key}: {said}" for key, box in boxes.items() for said in _box_mistakes(box)]
    parsed = [_parsed(table, boxes, mistakes) for table in tables]
    mistakes += _twice([str(table.get("name")) for table in tables])
    if mistakes:
        raise InputMistakesError(where, sorted(mistakes))
    return tuple(one for one in parsed if one is not None)


def _parsed(table: Any, boxes: Mapping[str, Any], mistakes: list[str]) -> Definition | None:
    """Return one definition, or put its mistakes into `mistakes`."""
    if not isinstance(table, dict):
        mistakes.append("layer: expected tables [[layer]]")
        return None
    place = f"layer[{table.get('name', '?')}]"
    wrong = [f"{place}.{said}" for said in _contradictions(table, boxes)]
    box = boxes.get(str(table.get("country")))
    given = table if box is None or any(_box_mistakes(box)) else {**table, "extent": box}
    try:
        parsed = Definition.model_validate(given)
    except ValidationError as error:
        wrong += [f"{place}.{_sentence(one)}" for one in error.errors()]
    mistakes += wrong
    return None if wrong else parsed


def _contradictions(table: Mapping[str, Any], boxes: Mapping[str, Any]) -> Iterator[str]:
    """Yield the mistakes that only several settings of a layer show together."""
    file, derived = table.get("file"), "derive" in table
    if table.get("completeness") == Completeness.MISSING:
        if file or derived:
            yield "file: a missing layer has none; say complete or partial"
    elif bool(file) == derived:
        yield "file: a layer that is not missing needs a file, or derive"
    if table.get("completeness") == Completeness.COMPLETE and "coverage" not in table:
        yield "coverage: a complete layer says where it is complete"
    if PurePath(str(file)).suffix.lower() == ".csv":
        yield from (f"{key}: a CSV needs it" for key in ("lon", "lat", "crs") if not table.get(key))
    if table.get("dissolve") and not table.get("code"):
        yield "dissolve: it needs code"
    if table.get("theme") == Theme.ISOLATION:
        yield from _isolation(table)
    yield from _persons(table)
    if "distance" in _listed(table.get("measures")) and not table.get("reach_m"):
        yield "reach_m: a layer with measure distance needs it"
    country = table.get("country")
    if country is not None and country not in boxes:
        yield f"country: expected one of [countries] ({', '.join(boxes) or 'there is none'}), got {country!r}"


def _persons(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield the columns that would keep who a person is."""
    for key in ("code", "unit_name", "category", "details"):
        value = table.get(key)
        for column in value if isinstance(value, list) else [value]:
            if isinstance(column, str) and names_person(column):
                yield f"{key}: {column!r} is a column of persons, who are not kept; leave it out"


def _isolation(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a layer of peoples in isolation may not be."""
    if table.get("sensitivity", "sealed") != "sealed":
        yield "sensitivity: the theme isolation is always sealed"
    if not table.get("margin_m"):
        yield "margin_m: the theme isolation needs a margin that is sealed too"
    if table.get("shape", "area") != Shape.AREA:
        yield "shape: the theme isolation needs areas"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _box_mistakes(box: Any) -> Iterator[str]:
    said = f"expected [west, south, east, north] in degrees, got {box!r}"
    try:
        west, south, east, north = map(float, box)
    except (TypeError, ValueError):
        yield said
        return
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        yield said


def _twice(names: list[str]) -> list[str]:
    return [f"layer[{name}]: the name stands twice" for name in {n for n in names if names.count(n) > 1}]


def _sentence(error: Any) -> str:
    """Return one mistake as ``place: what was expected, what came``."""
    place = ".".join(str(part) for part in error["loc"])
    message = str(error["msg"])[:1].lower() + str(error["msg"])[1:]
    if error["type"] == "extra_forbidden":
        return f"{place}: no such setting"
    if error["type"] == "missing":
        return f"{place}: {message}"
    if error["type"] == "enum":
        message = f"expected one of {', '.join(_words(place))}"
    return f"{place}: {message}, got {error['input']!r}"


def _words(place: str) -> list[str]:
    kinds: dict[str, type[StrEnum]] = {
        "theme": Theme,
        "shape": Shape,
        "completeness": Completeness,
        "measures": Measure,
    }
    return [member.value for member in kinds[place.split(".")[0]]]

r"""The definition of a reference layer: what it is, which file holds it, and what its silence means.

A TOML file holds one or many tables ``[[layer]]``, and the boxes of the countries they name. All mistakes
of a file are reported at once, each with its place.

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

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePath
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from dosel.context.layer import Completeness, Measure, Shape, Theme
from dosel.errors import InputError, InputMistakesError
from dosel.model.marking import Marking

Box: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north in degrees WGS 84."""

Columns: TypeAlias = Annotated[
    tuple[str, ...], BeforeValidator(lambda given: (given,) if isinstance(given, str) else given)
]
"""One column, or several."""

UNKNOWN: Final = ("", "0", "-")
"""What stands in a column of dates where the date is not known."""

_OPERATION: Final = frozenset({"file", "table", "delimiter", "refresh"})
"""Settings that say how the units are fetched, not what they mean."""


class _Table(BaseModel):
    """A table of the file: frozen, and an unknown name is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Table):
    """A text in the three languages."""

    es: str
    pt: str
    en: str


class Dates(_Table):
    """Where the day of a unit is taken from; a day that cannot be read is "not known" and is reported."""

    column: str
    format: str = "%Y-%m-%d"
    """As ``strptime`` reads it; a column of dates is taken as it is."""
    unknown: tuple[str, ...] = UNKNOWN
    """Texts that mean "not known"."""
    values: dict[str, str] = {}
    """Instead of a format: the ISO day of every text that the column holds."""


class Coverage(_Table):
    """Where the layer was gathered: the union of units of a layer, or a file of polygons, within a box."""

    units: bool = False
    """The union of its own units."""
    layer: str | None = None
    """The union of the units of this layer."""
    codes: tuple[str, ...] = ()
    """Only the units of `layer` with these codes; empty takes all."""
    file: str | None = None
    """Polygons of a file that declares its CRS."""
    box: Box | None = None
    """Only what lies in this box; alone, the box itself."""


class Derive(_Table):
    """Units of one layer whose own outer edge runs along the lines of another."""

    units_of: str
    along: str
    within_m: float = Field(gt=0)
    """How far the edge of the units may lie from the line, since the two were drawn at other scales."""


class Names(_Table):
    """A table with better names: CSV, by code."""

    file: str
    key: str
    name: str
    delimiter: str = ","


class Refresh(_Table):
    """When the file must be fetched again."""

    days: int | None = Field(default=None, ge=1)
    """A version older than so many days is stale."""
    on_release: bool = False
    """When the owner publishes; nobody can say that it is stale."""
    service: str = ""
    """Official service, as documentation: nothing is fetched from it."""


class Definition(_Table):
    """One table ``[[layer]]``."""

    name: str = Field(pattern="^[a-z][a-z0-9-]*$")
    theme: Theme
    shape: Shape
    completeness: Completeness
    titles: Words
    note: Words
    """What is complete, partial or missing, in words."""
    owner: str = Field(min_length=1)
    origin: str = ""
    """From whom the file came, where it is not the owner."""
    licence: str = ""
    """Empty is unknown, and means no release."""
    vintage: str = ""
    sensitivity: Literal["public", "partner", "restricted", "sealed"]
    file: str | None = None
    """Relative to the folder that ``--from`` names, or to the file of definitions."""
    table: str | None = None
    """Table of a GeoPackage that holds several."""
    crs: str | None = None
    """Only where the file declares none, or where it is known to declare a wrong one."""
    lon: str | None = None
    """Column of a CSV."""
    lat: str | None = None
    delimiter: str = ","
    code: Columns = ()
    """Column with the official code; several are joined with a hyphen."""
    code_digits: int = Field(default=0, ge=0)
    """Codes that are numbers get zeros in front up to so many digits."""
    unit_name: Columns = ()
    """Column with the name; several are joined with a slash."""
    category: Columns = ()
    since: Dates | None = None
    """From when a unit is in force."""
    until: Dates | None = None
    """Until when a unit is in force, that day included."""
    details: tuple[str, ...] = ()
    """Further columns that are kept with the unit; never names of persons."""
    keep: dict[str, tuple[str, ...]] = {}
    """Column -> texts: only these rows are taken."""
    leave: dict[str, tuple[str, ...]] = {}
    """Column -> texts: these rows are left out."""
    dissolve: bool = False
    """Rows with the same code become one unit."""
    names: Names | None = None
    derive: Derive | None = None
    coverage: Coverage | None = None
    country: str | None = None
    """Key of ``[countries]``: units wholly outside its box are refused."""
    measures: tuple[Measure, ...] = (Measure.SHARE,)
    reach_m: float = Field(default=0, ge=0)
    margin_m: float = Field(default=0, ge=0)
    refresh: Refresh = Refresh()
    extent: Box | None = None
    """Units wholly outside it are refused; the box of `country` is filled in here."""

    @property
    def marking(self) -> Marking:
        """The marking that `sensitivity` names."""
        return Marking[self.sensitivity.upper()]

    @property
    def dated(self) -> bool:
        """Whether its units say from when or until when they are in force."""
        return self.since is not None or self.until is not None

    @property
    def needs(self) -> frozenset[str]:
        """Names of the layers that it is derived from, or that say where it is complete."""
        named = (self.coverage.layer,) if self.coverage and self.coverage.layer else ()
        return frozenset((*named, *((self.derive.units_of, self.derive.along) if self.derive else ())))

    def meaning(self) -> dict[str, Any]:
        """Return what facts depend on: the definition without the name of the file and its refreshing."""
        return {key: value for key, value in self.plain().items() if key not in _OPERATION}

    def plain(self) -> dict[str, Any]:
        """Return the definition as JSON-like values, without what is left at its default."""
        return self.model_dump(mode="json", exclude_defaults=True)


def parse_definitions(text: str, where: str = "layers.toml") -> tuple[Definition, ...]:
    """Return the definitions of a TOML text, in its order.

    Raises
    ------
    InputError
        If it is no TOML; :class:`InputMistakesError` with all mistakes of its content.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{where}: not TOML: {error}") from error
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


def parents_first(definitions: Iterable[Definition]) -> tuple[Definition, ...]:
    """Return definitions so that each follows those that it needs.

    Raises
    ------
    InputError
        If they need each other in a circle.
    """
    known = {one.name: one for one in definitions}
    order = TopologicalSorter({name: sorted(one.needs & known.keys()) for name, one in known.items()})
    try:
        return tuple(known[name] for name in order.static_order())
    except CycleError as error:
        raise InputError(f"layers that need each other in a circle: {' -> '.join(error.args[1])}") from error


def stored_definition(plain: Mapping[str, Any]) -> Definition:
    """Return the definition that :meth:`Definition.plain` gave."""
    return Definition.model_validate(plain)


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
    if "distance" in _listed(table.get("measures")) and not table.get("reach_m"):
        yield "reach_m: a layer with measure distance needs it"
    country = table.get("country")
    if country is not None and country not in boxes:
        yield f"country: expected one of [countries] ({', '.join(boxes) or 'there is none'}), got {country!r}"


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

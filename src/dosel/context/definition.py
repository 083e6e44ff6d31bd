"""The definition of a reference layer: what it is, which file holds it, and what its silence means.

:mod:`dosel.context.parse` reads definitions from TOML.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from dosel.context.layer import Completeness, Measure, Shape, Theme
from dosel.errors import InputError
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

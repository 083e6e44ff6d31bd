"""The rows of a rulebook: agencies, rules, zones. Each says what it rests on, and how sure that is.

Examples
--------
>>> rule = Rule.model_validate({
...     "id": "r1", "from": "2012-02-19", "where": {"theme": "country"}, "competent": ["pnp"],
...     "law": "Law 1", "confidence": "gazette", "summary": {"es": "La policía."},
... })
>>> rule.in_force(day_of("2012-02-18")), rule.in_force(day_of("2012-02-19"))
(False, True)
>>> said(rule.summary, "en")
'[es] La policía.'
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from dosel.context.layer import Theme
from dosel.model.time import day_of

PEOPLE: Final = "people"
"""In place of a theme: people live here (a settlement is near, or a territory of a people is touched)."""


class Activity(StrEnum):
    """What a rule is about; ``any`` needs no cause."""

    ANY = "any"
    MINING = "mining"
    LOGGING = "logging"
    AGRICULTURE = "agriculture"
    ROAD = "road"
    FIRE = "fire"
    AIRSTRIP = "airstrip"
    COCA_AREA = "coca-area"
    """A figure of an area, never a plot."""


class Kind(StrEnum):
    """What an agency is for."""

    ENFORCE = "enforce"
    JUDGE = "judge"
    """Prosecutors and courts."""
    MANAGE = "manage"
    SUPPORT = "support"


class Confidence(StrEnum):
    """How the text behind a row was read."""

    GAZETTE = "gazette"
    """Read in the official gazette."""
    SECONDARY = "secondary"
    """From a secondary source: press, a copy, an index."""
    JURIST = "jurist"
    """To be checked by a jurist."""


Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Ubigeo = Annotated[str, StringConstraints(pattern=r"^(\d{2}|\d{4}|\d{6})$")]
Words = Annotated[Mapping[str, str], Field(min_length=1)]
"""By language; Spanish is the original of a rule, others are translations."""


class _Row(BaseModel):
    """A row of the file: frozen, and an unknown name is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Agency(_Row):
    """Who may be competent, present or of help."""

    id: Id
    name: Words
    kind: Kind
    scope: str
    """Where it acts: ``national``, ``regional``, ``local``."""
    languages: tuple[str, ...] = ("es",)
    """Languages in which it is written to."""
    notes: str = ""

    @model_validator(mode="after")
    def _named(self) -> Agency:
        missing = [language for language in ("es", "pt", "en") if not self.name.get(language)]
        if missing:
            raise ValueError(f"name: expected es, pt and en, without {', '.join(missing)}")
        return self


class _Dated(_Row):
    """What applies from a day until a day, both included; None is open."""

    id: Id
    begins: date | None = Field(default=None, alias="from")
    ends: date | None = Field(default=None, alias="until")
    law: str = ""
    """Number of the law or decree; empty is "not found"."""
    article: str = ""
    """Empty is "to be checked by a jurist"."""
    dated: date | None = None
    """Day of publication."""
    confidence: Confidence
    notes: str = ""

    @model_validator(mode="after")
    def _forward(self) -> _Dated:
        if self.begins and self.ends and self.ends < self.begins:
            raise ValueError(f"until ({self.ends}) lies before from ({self.begins})")
        return self

    def in_force(self, day: int) -> bool:
        """Return whether it applies on a UTC day number; the first and the last day count."""
        begun = self.begins is None or day_of(self.begins) <= day
        return begun and (self.ends is None or day <= day_of(self.ends))


class Where(_Row):
    """Where a rule applies: units of a theme, and only some of them if it says so."""

    theme: str
    """A theme of layers, or ``people``."""
    categories: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    """Only these layers of the theme, by name."""
    departments: tuple[Annotated[str, StringConstraints(pattern=r"^\d{2}$")], ...] = ()
    """Two digits of UBIGEO; empty is the whole country."""
    within_m: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    """A unit so near counts as well, in metres; 0 is only one that is touched."""
    unless: tuple[str, ...] = ()
    """Themes that set the rule aside where one of their units is touched."""

    @model_validator(mode="after")
    def _known(self) -> Where:
        known = {*Theme, PEOPLE}
        unknown = [theme for theme in (self.theme, *self.unless) if theme not in known]
        if unknown:
            raise ValueError(
                f"theme: expected one of {', '.join((*Theme, PEOPLE))}, got {', '.join(map(repr, unknown))}"
            )
        return self


class Rule(_Dated):
    """Who is competent somewhere for something, from when until when, by which law."""

    where: Where
    causes: tuple[Activity, ...] = (Activity.ANY,)
    competent: tuple[str, ...] = ()
    """Agencies that may act of their own authority."""
    present: tuple[str, ...] = ()
    """Agencies without whom nobody acts."""
    support: tuple[str, ...] = ()
    """Agencies that help: others on request, or the people who live there."""
    summary: Words

    @model_validator(mode="after")
    def _whole(self) -> Rule:
        if not (self.competent or self.present or self.support):
            raise ValueError("expected an agency in competent, present or support")
        if not self.summary.get("es"):
            raise ValueError("summary: expected the Spanish original (es)")
        return self


class Zone(_Dated):
    """An area under a decree for some time, as districts, provinces or departments."""

    category: str
    """What rules ask for, for example ``emergency-police``."""
    ubigeo: tuple[Ubigeo, ...] = Field(min_length=1)
    established: bool = True
    """False: a source says that it may have been in force. It makes nobody competent; it is "not known"."""


class Rulebook(_Row):
    """All rows of a file, and what nobody may overlook about them."""

    country: str
    """Two letters (ISO 3166)."""
    version: str
    """Content hash."""
    review: Words
    """Whether and by whom it was reviewed, by language."""
    people_within_m: float = Field(ge=0, allow_inf_nan=False)
    """People live where a settlement is so near, in metres."""
    zones_complete: bool = False
    """Whether a place in no zone of the file is known to be in none."""
    agencies: Mapping[str, Agency]
    rules: tuple[Rule, ...]
    zones: tuple[Zone, ...]


def said(words: Mapping[str, str], language: str) -> str:
    """Return the words of a language, or the Spanish original marked as such."""
    return words.get(language) or f"[es] {words['es']}"

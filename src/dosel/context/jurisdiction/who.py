"""Who is competent at a place on a day, who must be present, who helps; and what the answer does not know.

Every rule that applies is in the answer; where two meet, both are. A layer that does not cover the place may
hide a competent authority: the answer names the rules that could not be asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dosel.context.facts import NO_UNIT, Fact, Relation
from dosel.context.jurisdiction.rules import PEOPLE, Activity, Rule, Rulebook, Where, Zone
from dosel.context.layer import Theme

_ADMIN: Final = (Theme.DEPARTMENT, Theme.PROVINCE, Theme.DISTRICT)
_SILENCE: Final = (Relation.NONE, Relation.NOT_EVALUATED)
_TERRITORY: Final = (Theme.INDIGENOUS, Theme.ISOLATION)


@dataclass(frozen=True, slots=True)
class Setting:
    """A place on a day, as the layers measured it."""

    facts: tuple[Fact, ...]
    themes: Mapping[str, Theme]
    """Theme of each layer that `facts` name."""
    day: int
    """UTC day number on which the law is asked."""
    cause: Activity | None
    """None is not known: rules of one cause are then conditional."""

    def of(self, theme: str) -> tuple[Fact, ...]:
        """Return the facts of the layers of a theme: units that were met, and what silence means."""
        return tuple(
            fact
            for fact in self.facts
            if self.themes.get(fact.layer) == theme and (fact.number != NO_UNIT or fact.relation in _SILENCE)
        )

    def evaluated(self, theme: str, within_m: float = 0.0, layers: Sequence[str] = ()) -> bool:
        """Return whether a layer of a theme holds every unit here, so that its silence means "none".

        Parameters
        ----------
        within_m
            How far around the place, in metres.
        layers
            Only these layers; empty is every layer of the theme.
        """
        answers: dict[str, bool] = {}
        for fact in self.of(theme):
            if not layers or fact.layer in layers:
                answers[fact.layer] = answers.get(fact.layer, True) and _complete(fact, within_m)
        return any(answers.values())


@dataclass(frozen=True, slots=True)
class Applied:
    """A rule that applies, and by what."""

    rule: Rule
    met: tuple[Fact, ...]
    """Units that were met; empty where the rule holds in the whole country."""
    if_cause: bool
    """It applies only if the cause is one of the rule's: the cause is not known."""
    assumed: bool
    """Whether people live here was not evaluated; their support is not left out for that."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What was not evaluated, and the rules (or zones) that may be hidden behind it."""

    theme: str
    hidden: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Who may act, by rules; ids of agencies are those of the rulebook."""

    day: int
    cause: Activity | None
    in_country: bool | None
    """False: the place lies outside the rulebook's country. None: not known."""
    applied: tuple[Applied, ...]
    doubtful: tuple[Zone, ...]
    """Zones of which it is not established that they were in force."""
    gaps: tuple[Gap, ...]

    @property
    def known(self) -> bool:
        """Return whether anybody is known to be competent, whatever the cause."""
        return bool(self.competent())

    def competent(self, *, conditional: bool = False) -> dict[str, tuple[str, ...]]:
        """Return the ids of the rules by competent agency; `conditional` ones depend on the cause."""
        return self._by_agency("competent", conditional)

    def present(self, *, conditional: bool = False) -> dict[str, tuple[str, ...]]:
        """Return the ids of the rules by agency that must be present."""
        return self._by_agency("present", conditional)

    def support(self, *, conditional: bool = False) -> dict[str, tuple[str, ...]]:
        """Return the ids of the rules by agency that helps."""
        return self._by_agency("support", conditional)

    def _by_agency(self, role: str, conditional: bool) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for one in self.applied:
            if one.if_cause == conditional:
                for agency in getattr(one.rule, role):
                    found[agency] = (*found.get(agency, ()), one.rule.id)
        return found


def who(book: Rulebook, setting: Setting) -> Answer:
    """Return who may act in a setting, by the rules in force on its day."""
    inside = in_country(setting, book.country)
    zones, doubtful, unplaced = _zones(book, setting)
    rules = [rule for rule in book.rules if rule.in_force(setting.day) and _concerns(rule, setting)]
    if inside is not True:
        gaps = (Gap(Theme.COUNTRY, tuple(rule.id for rule in rules)),) if inside is None else ()
        return Answer(setting.day, setting.cause, inside, (), (), gaps)
    verdicts = [(rule, *_meets(rule, setting, book, zones)) for rule in rules]
    applied = tuple(
        Applied(rule, met, _conditional(rule, setting), rule.where.theme == PEOPLE and answer is None)
        for rule, answer, met in verdicts
        if answer or (answer is None and rule.where.theme == PEOPLE)
    )
    open_rules = [rule for rule, answer, _ in verdicts if answer is None]
    return Answer(setting.day, setting.cause, True, applied, doubtful, _gaps(open_rules, unplaced))


def in_country(setting: Setting, country: str) -> bool | None:
    """Return whether a place lies, at least in part, in a country; None where no layer says so."""
    admin = [fact for theme in _ADMIN for fact in setting.of(theme)]
    whole = setting.of(Theme.COUNTRY)
    if any(_inside(fact) for fact in admin) or any(_inside(fact) and fact.code == country for fact in whole):
        return True
    asked = [fact for fact in (*admin, *whole) if fact.relation != Relation.NOT_EVALUATED]
    return False if asked else None


def people_live(setting: Setting, within_m: float) -> bool | None:
    """Return whether people live at a place: a settlement is near, or a people's territory is touched.

    None is not known: no such unit was met, and not every layer covers the place.
    """
    near = any(_near(fact, within_m) for fact in setting.of(Theme.SETTLEMENT))
    if near or any(_inside(fact) for theme in _TERRITORY for fact in setting.of(theme)):
        return True
    empty = setting.evaluated(Theme.SETTLEMENT, within_m)
    return False if empty and all(setting.evaluated(theme) for theme in _TERRITORY) else None


def _concerns(rule: Rule, setting: Setting) -> bool:
    return setting.cause is None or Activity.ANY in rule.causes or setting.cause in rule.causes


def _conditional(rule: Rule, setting: Setting) -> bool:
    return setting.cause is None and Activity.ANY not in rule.causes


def _meets(
    rule: Rule, setting: Setting, book: Rulebook, zones: Sequence[Fact]
) -> tuple[bool | None, tuple[Fact, ...]]:
    """Return whether a rule applies (None: could not be asked), and the units it applies by."""
    where = rule.where
    placed = _in_departments(where.departments, setting)
    if placed is False or _set_aside(where, setting, zones):
        return False, ()
    if where.theme == Theme.COUNTRY:
        return placed, ()
    if where.theme == PEOPLE:
        return people_live(setting, book.people_within_m) if placed else placed, ()
    candidates = [*setting.of(where.theme), *(zones if where.theme == Theme.EMERGENCY else ())]
    met = _each_once(fact for fact in candidates if _near(fact, where.within_m) and _asked_for(fact, rule))
    if met:
        return placed, met if placed else ()
    return (False if _settled(rule, setting, book) else None), ()


def _set_aside(where: Where, setting: Setting, zones: Sequence[Fact]) -> bool:
    units = [*(fact for theme in where.unless for fact in setting.of(theme))]
    if Theme.EMERGENCY in where.unless:
        units += zones
    return any(_inside(fact) for fact in units)


def _each_once(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return one fact a unit: a share says more than a distance of 0."""
    units: dict[tuple[str, int, str], Fact] = {}
    for fact in sorted(facts, key=lambda one: one.relation != Relation.INSIDE):
        units.setdefault((fact.layer, fact.number, fact.code), fact)
    return tuple(units.values())


def _settled(rule: Rule, setting: Setting, book: Rulebook) -> bool:
    """Return whether "no unit of this rule is met" is known."""
    theme, within_m = rule.where.theme, rule.where.within_m
    if theme == Theme.EMERGENCY:
        return book.zones_complete
    masked = within_m > 0 and any(
        fact.relation == Relation.NEAREST and _near(fact, within_m) and not _asked_for(fact, rule)
        for fact in setting.of(theme)
    )
    return setting.evaluated(theme, within_m, rule.where.layers) and not masked


def _in_departments(departments: Sequence[str], setting: Setting) -> bool | None:
    if not departments:
        return True
    codes = _ubigeo(setting)
    return any(code[:2] in departments for code in codes) if codes else None


def _asked_for(fact: Fact, rule: Rule) -> bool:
    where = rule.where
    return (
        fact.in_force is not False
        and (not where.layers or fact.layer in where.layers)
        and (not where.categories or fact.category in where.categories)
        and (not where.codes or fact.code in where.codes)
    )


def _complete(fact: Fact, within_m: float) -> bool:
    """Return whether a fact leaves nothing open so near; a silence says how far it is complete."""
    if fact.relation != Relation.NOT_EVALUATED:
        return True
    return within_m > 0 and fact.distance_m is not None and fact.distance_m >= within_m


def _inside(fact: Fact) -> bool:
    return fact.relation == Relation.INSIDE and fact.in_force is not False


def _near(fact: Fact, within_m: float) -> bool:
    if fact.relation == Relation.NEAREST:
        return fact.distance_m is not None and fact.distance_m <= within_m
    return fact.relation == Relation.INSIDE


def _ubigeo(setting: Setting) -> tuple[str, ...]:
    """Return the codes of the administrative units that are touched, the longest there are."""
    return tuple(fact.code for theme in _ADMIN for fact in setting.of(theme) if _inside(fact) and fact.code)


def _zones(book: Rulebook, setting: Setting) -> tuple[list[Fact], tuple[Zone, ...], tuple[str, ...]]:
    """Return the zones in force here as facts, the doubtful ones, and the ids of those nobody could place."""
    codes = _ubigeo(setting)
    facts, doubtful, unplaced = [], [], []
    for zone in book.zones:
        answer = _within(zone, codes) if zone.in_force(setting.day) else False
        if answer is not False and not zone.established:
            doubtful.append(zone)
        elif answer is None:
            unplaced.append(zone.id)
        elif answer:
            facts.append(_zone_fact(zone, book))
    return facts, tuple(doubtful), tuple(unplaced)


def _within(zone: Zone, codes: Iterable[str]) -> bool | None:
    """Return whether a place in the units `codes` lies in a zone; None where they are too coarse to say."""
    answers = [
        True if code.startswith(unit) else (None if unit.startswith(code) else False)
        for code in _finest(codes)
        for unit in zone.ubigeo
    ]
    return True if True in answers else (None if None in answers or not answers else False)


def _finest(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the codes without those that a longer one makes more precise.

    Examples
    --------
    >>> _finest(["17", "1701", "170102", "16"])
    ('16', '170102')
    """
    known = set(codes)
    return tuple(sorted(one for one in known if not any(o != one and o.startswith(one) for o in known)))


def _zone_fact(zone: Zone, book: Rulebook) -> Fact:
    return Fact(
        "",
        "zones",
        book.version,
        Relation.INSIDE,
        code=zone.id,
        name=zone.law or zone.id,
        category=zone.category,
    )


def _gaps(rules: Iterable[Rule], unplaced: Sequence[str]) -> tuple[Gap, ...]:
    hidden: dict[str, list[str]] = {}
    for rule in rules:
        hidden.setdefault(rule.where.theme, []).append(rule.id)
    if unplaced:
        hidden.setdefault(Theme.EMERGENCY, []).extend(unplaced)
    return tuple(Gap(theme, tuple(ids)) for theme, ids in hidden.items())

"""Who may act: dates, places, what is not known. A small rulebook with a known answer, then the ready one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.context.test_rulebook import BOOK

from dosel.context.facts import Fact, Relation
from dosel.context.jurisdiction.read import read_rulebook
from dosel.context.jurisdiction.rules import PEOPLE, Activity, Kind
from dosel.context.jurisdiction.who import Answer, Setting, people_live, who
from dosel.context.layer import Theme
from dosel.model.time import day_of

NAMES = {theme.value: theme for theme in Theme}


def fact(theme: Theme, relation: Relation = Relation.INSIDE, **values: object) -> Fact:
    """A fact of a layer that is called like its theme."""
    number = 0 if relation in {Relation.INSIDE, Relation.NEAREST} else -1
    return Fact("a1", theme.value, "v1", relation, number, **values)  # type: ignore[arg-type]


def place(*facts: Fact, day: str = "2024-12-30", cause: Activity | None = Activity.MINING) -> Setting:
    """A place in the district 170102 where every other layer is complete and empty."""
    given_themes = {NAMES[one.layer] for one in facts}
    units = {Theme.COUNTRY: "PE", Theme.DEPARTMENT: "17", Theme.PROVINCE: "1701", Theme.DISTRICT: "170102"}
    admin = [fact(theme, code=code) for theme, code in units.items()]
    rest = [fact(theme, Relation.NONE) for theme in Theme]
    other = [one for one in (*admin, *rest) if NAMES[one.layer] not in given_themes]
    seen: dict[str, Fact] = {}
    for one in other:
        seen.setdefault(one.layer, one)
    return Setting((*facts, *seen.values()), NAMES, day_of(day), cause)


def rules(answer: Answer) -> set[str]:
    """Ids of what applies."""
    return {one.rule.id for one in answer.applied}


SMALL = read_rulebook(
    """
country = "PE"
people_within_m = 1000
zones_complete = true
review.es = "No."
[[agency]]
id = "a"
kind = "enforce"
scope = "national"
name = { es = "A", pt = "A", en = "A" }
[[agency]]
id = "b"
kind = "manage"
scope = "national"
name = { es = "B", pt = "B", en = "B" }
[[agency]]
id = "help"
kind = "support"
scope = "national"
name = { es = "H", pt = "H", en = "H" }
[[rule]]
id = "dated"
from = 2020-03-01
until = 2020-03-31
where = { theme = "protected" }
competent = ["a"]
confidence = "gazette"
law = "L"
summary.es = "."
[[rule]]
id = "regional"
where = { theme = "protected", departments = ["17"] }
competent = ["b", "a"]
confidence = "gazette"
law = "L"
summary.es = "."
[[rule]]
id = "gold"
where = { theme = "country" }
causes = ["mining"]
competent = ["a"]
present = ["b"]
confidence = "gazette"
law = "L"
summary.es = "."
[[rule]]
id = "people"
where = { theme = "people", unless = ["isolation"] }
support = ["help"]
confidence = "gazette"
law = "L"
summary.es = "."
[[zone]]
id = "z1"
category = "emergency-police"
from = 2020-03-01
until = 2020-03-31
ubigeo = ["170102", "25"]
law = "D"
confidence = "gazette"
[[rule]]
id = "zone"
where = { theme = "emergency-zone", categories = ["emergency-police"] }
competent = ["a"]
confidence = "gazette"
law = "L"
summary.es = "."
""",
    "small.toml",
)


@pytest.mark.parametrize(
    ("day", "holds"),
    [("2020-02-29", False), ("2020-03-01", True), ("2020-03-31", True), ("2020-04-01", False)],
)
@pytest.mark.parametrize("rule", ["dated", "zone"])
def test_the_first_and_the_last_day_count(day: str, holds: bool, rule: str) -> None:
    """Mutants: < for <= at either end, of a rule and of a zone."""
    answer = who(SMALL, place(fact(Theme.PROTECTED), day=day))
    assert (rule in rules(answer)) is holds


def test_where_two_rules_meet_both_are_listed() -> None:
    """Mutant: the last rule of an agency replaces the first."""
    answer = who(SMALL, place(fact(Theme.PROTECTED), day="2020-03-15"))
    assert answer.competent()["a"] == ("dated", "regional", "gold", "zone")
    assert answer.competent()["b"] == ("regional",)


def test_a_unit_that_is_not_in_force_makes_nobody_competent() -> None:
    """Mutants: in_force ignored; an undated layer (None) taken for not in force."""
    for in_force, holds in ((False, False), (True, True), (None, True)):
        answer = who(SMALL, place(fact(Theme.PROTECTED, in_force=in_force)))
        assert ("regional" in rules(answer)) is holds


def test_a_rule_of_a_department_stays_there() -> None:
    """Mutants: the department is not asked; a prefix of one digit would do."""
    units = {Theme.DEPARTMENT: "16", Theme.PROVINCE: "1608", Theme.DISTRICT: "160801"}
    there = who(
        SMALL, place(fact(Theme.PROTECTED), *(fact(theme, code=code) for theme, code in units.items()))
    )
    assert "regional" not in rules(there)
    assert "regional" in rules(who(SMALL, place(fact(Theme.PROTECTED))))


def test_a_layer_that_does_not_cover_the_place_may_hide_a_rule() -> None:
    """Mutants: not evaluated read as no overlap; a theme without any layer read as no overlap."""
    unknown = fact(Theme.PROTECTED, Relation.NOT_EVALUATED)
    answer = who(SMALL, place(unknown))
    assert {gap.theme: gap.hidden for gap in answer.gaps} == {Theme.PROTECTED: ("regional",)}
    missing = place()
    without = replace(missing, facts=tuple(f for f in missing.facts if f.layer != Theme.PROTECTED))
    assert [gap.hidden for gap in who(SMALL, without).gaps] == [("regional",)]
    assert who(SMALL, missing).gaps == ()


@pytest.mark.parametrize(("first", "settled"), [(Relation.NONE, True), (Relation.NOT_EVALUATED, False)])
def test_a_complete_layer_settles_what_a_partial_one_leaves_open(first: Relation, settled: bool) -> None:
    """Mutants: a partial layer of the neighbours opens every question again; two partial ones close it."""
    setting = place(fact(Theme.PROTECTED, first))
    second = Fact("a1", "second", "v1", Relation.NOT_EVALUATED)
    both = replace(setting, facts=(*setting.facts, second), themes={**NAMES, "second": Theme.PROTECTED})
    assert [gap.theme for gap in who(SMALL, both).gaps] == ([] if settled else [Theme.PROTECTED])


def test_one_layer_that_covers_only_a_part_of_the_alert_leaves_the_rest_open() -> None:
    """Mutant: "none" in the part that is covered read as none at all."""
    rest = fact(Theme.PROTECTED, Relation.NOT_EVALUATED, share=0.4)
    assert [
        gap.theme for gap in who(SMALL, place(fact(Theme.PROTECTED, Relation.NONE, share=0.6), rest)).gaps
    ]


@pytest.mark.parametrize(("metres", "people"), [(999.0, None), (1000.0, False)])
def test_a_silence_is_worth_as_far_as_the_layer_is_complete(metres: float, people: bool | None) -> None:
    """Mutants: no settlement within 1 km is doubted because of what may lie at 5 km; or < for <=."""
    far = fact(Theme.SETTLEMENT, Relation.NEAREST, distance_m=5_000.0)
    edge = fact(Theme.SETTLEMENT, Relation.NOT_EVALUATED, distance_m=metres)
    assert people_live(place(far, edge), 1000.0) is people


def test_the_share_in_all_units_together_is_no_unit() -> None:
    """Mutant: a nameless unit that makes somebody competent."""
    together = replace(fact(Theme.PROTECTED, share=0.9), number=-1)
    assert "regional" not in rules(who(SMALL, place(together, fact(Theme.PROTECTED, Relation.NONE))))


def test_outside_the_country_nothing_applies_and_unknown_is_not_outside() -> None:
    """Mutants: rules without a country; "no administrative layer" read as "abroad"."""
    abroad = place(
        *(
            fact(theme, Relation.NONE)
            for theme in (Theme.DEPARTMENT, Theme.PROVINCE, Theme.DISTRICT, Theme.COUNTRY)
        )
    )
    answer = who(SMALL, abroad)
    assert (answer.in_country, answer.applied, answer.gaps, answer.known) == (False, (), (), False)
    dark = Setting((), NAMES, day_of("2024-12-30"), Activity.MINING)
    answer = who(SMALL, dark)
    assert (answer.in_country, answer.known) == (None, False)
    assert answer.gaps[0].hidden == ("regional", "gold", "people", "zone")


def test_a_zone_of_districts_needs_districts() -> None:
    """Mutants: the department counts as its district; a zone that cannot be placed is dropped in silence."""
    coarse = place(fact(Theme.DISTRICT, Relation.NOT_EVALUATED), day="2020-03-15")
    answer = who(SMALL, coarse)
    assert "zone" not in rules(answer)
    assert {gap.theme: gap.hidden for gap in answer.gaps}[Theme.EMERGENCY] == ("z1",)
    units = {Theme.DEPARTMENT: "16", Theme.PROVINCE: "1608"}
    admin = [fact(theme, code=code) for theme, code in units.items()]
    elsewhere = place(fact(Theme.DISTRICT, Relation.NOT_EVALUATED), *admin, day="2020-03-15")
    assert Theme.EMERGENCY not in {gap.theme for gap in who(SMALL, elsewhere).gaps}


@pytest.mark.parametrize("cause", [None, Activity.FIRE, Activity.MINING])
def test_a_cause_that_is_not_known_makes_rules_conditional(cause: Activity | None) -> None:
    """Mutants: a rule about mining applied to a fire; dropped because nobody knows the cause."""
    answer = who(SMALL, place(cause=cause))
    assert ("gold" in answer.competent().get("a", ())) is (cause is Activity.MINING)
    assert ("gold" in answer.competent(conditional=True).get("a", ())) is (cause is None)
    assert answer.present(conditional=True) == ({"b": ("gold",)} if cause is None else {})


@pytest.mark.parametrize(
    ("settlement", "people"),
    [
        (fact(Theme.SETTLEMENT, Relation.NEAREST, distance_m=1000.0), True),
        (fact(Theme.SETTLEMENT, Relation.NEAREST, distance_m=1000.1), False),
        (fact(Theme.SETTLEMENT, Relation.NONE), False),
        (fact(Theme.SETTLEMENT, Relation.NOT_EVALUATED), None),
    ],
)
def test_support_is_there_where_people_live_and_where_nobody_can_say(
    settlement: Fact, people: bool | None
) -> None:
    """Mutants: support only where it is certain; < for <=; not evaluated read as nobody."""
    setting = place(settlement)
    assert people_live(setting, 1000.0) is people
    answer = who(SMALL, setting)
    assert ("help" in answer.support()) is (people is not False)
    assert [one.assumed for one in answer.applied if one.rule.id == "people"] == (
        [people is None] if people is not False else []
    )


def test_a_territory_is_inhabited_even_far_from_any_listed_settlement() -> None:
    """Mutant: only settlements count as people."""
    far = fact(Theme.SETTLEMENT, Relation.NONE)
    assert "help" in who(SMALL, place(far, fact(Theme.INDIGENOUS))).support()


def test_nobody_is_sent_into_a_reserve_of_peoples_in_isolation() -> None:
    """Mutant: `unless` ignored: registry and programmes sent where contact kills."""
    assert "help" not in who(SMALL, place(fact(Theme.ISOLATION))).support()


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(list(Theme))), st.sampled_from([None, *Activity]))
def test_what_is_not_evaluated_only_adds_to_what_is_not_known(
    dark: set[Theme], cause: Activity | None
) -> None:
    """Property: no rule applies because a layer is missing, but support; each one lost stands in a gap."""
    setting = place(
        fact(Theme.PROTECTED, category="Reserva Nacional"),
        fact(Theme.RIVER, Relation.NEAREST, distance_m=10.0),
        cause=cause,
    )
    less = replace(
        setting,
        facts=tuple(
            fact(NAMES[f.layer], Relation.NOT_EVALUATED) if NAMES[f.layer] in dark else f
            for f in setting.facts
        ),
    )
    full, part = who(BOOK, setting), who(BOOK, less)
    gained = rules(part) - rules(full)
    assert all(one.assumed for one in part.applied if one.rule.id in gained)
    hidden = {rule for gap in part.gaps for rule in gap.hidden}
    lost = rules(full) - rules(part)
    assert lost <= hidden


def test_a_unit_is_named_once() -> None:
    """Mutant: the share inside and the distance of 0 of one unit listed as two units."""
    both = (fact(Theme.PROTECTED, Relation.NEAREST, distance_m=0.0), fact(Theme.PROTECTED, share=0.5))
    (applied,) = [one for one in who(SMALL, place(*both)).applied if one.rule.id == "regional"]
    assert [one.relation for one in applied.met] == [Relation.INSIDE]


def test_la_pampa_at_the_end_of_2024() -> None:
    """The ready file: a buffer of SERNANP near a river, in the district of Inambari, mining, 2024-12-30.

    Mutants: a doubtful emergency that makes somebody competent; a prosecutor who may stay at home; a bank
    without the harbour master; help that is left out.
    """
    setting = place(
        fact(Theme.BUFFER, share=1.0, code="RN09"),
        fact(Theme.RIVER, Relation.NEAREST, distance_m=200.0),
        fact(Theme.SETTLEMENT, Relation.NEAREST, distance_m=3000.0),
        fact(Theme.ISOLATION, Relation.NOT_EVALUATED),
    )
    answer = who(BOOK, setting)
    assert {"pnp", "fema", "dremeh", "sernanp", "dicapi", "ana", "gore"} <= set(answer.competent())
    assert "ffaa" not in answer.competent()
    assert set(answer.present()) == {"fema"}
    assert {"salud", "reniec", "pias", "devida"} <= set(answer.support())
    assert [zone.id for zone in answer.doubtful] == ["mdd-2024-05-dudosa"]
    gaps = {gap.theme: gap.hidden for gap in answer.gaps}
    assert gaps[Theme.ISOLATION] == ("piaci",)
    assert "emergencia-policia" in gaps[Theme.EMERGENCY]


def test_the_same_place_in_an_established_emergency() -> None:
    """Mutants: the zone of the decree not found; support of the forces without it; forces in command."""
    answer = who(BOOK, place(day="2023-04-07"))
    assert "emergencia-policia" in rules(answer)
    assert "ffaa-apoyo" not in rules(answer)
    assert answer.support()["ffaa"] == ("mineria-interdiccion", "emergencia-policia")
    assert "emergencia-policia" not in rules(who(BOOK, place(day="2023-04-06")))


def test_in_isolation_only_the_ministry_of_culture_opens_the_door() -> None:
    """Mutant: the reserve listed like any other area."""
    answer = who(BOOK, place(fact(Theme.ISOLATION), cause=None))
    assert answer.competent()["mincu"] == ("piaci",)
    assert "mincu" in answer.present()
    assert "reniec" not in answer.support()


def test_every_answer_where_people_live_has_support() -> None:
    """Mutant: a cause or a day that leaves the people out."""
    near = fact(Theme.SETTLEMENT, Relation.NEAREST, distance_m=0.0)
    for cause in (None, *Activity):
        for day in ("1995-01-01", "2012-02-19", "2026-11-25"):
            answer = who(BOOK, place(near, cause=cause, day=day))
            helpers = {a for a in answer.support() if BOOK.agencies[a].kind is Kind.SUPPORT}
            assert len(helpers) >= 6
    assert PEOPLE in {rule.where.theme for rule in BOOK.rules}

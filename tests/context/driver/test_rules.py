"""The table of rules: what holds, what adds, and what it refuses."""

from dataclasses import replace
from math import inf, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosel.context.driver.causes import Cause
from dosel.context.driver.rules import Band, Reading, Rule, Support, Table, read_table, shipped
from dosel.context.driver.signs import NAMES, Signs
from dosel.errors import InputMistakesError

FIELDS = sorted(NAMES - {"growth_ha_a_day", "partner", "day_of_year"})


def supports(*proved: Cause) -> tuple[Support, ...]:
    return tuple(
        Support(cause, "O" if cause in proved else "", 9 * (cause in proved), "test", log(0.25))
        for cause in Cause
    )


def table(
    *rules: Rule, readings: tuple[Reading, ...] = (), proved: tuple[Cause, ...] = (Cause.FIRE,)
) -> Table:
    return Table("test", "1", 0.5, supports(*proved), readings, rules)


@st.composite
def any_signs(draw: st.DrawFn) -> Signs:
    """Any signs: some missing, some far out."""
    number = st.one_of(st.none(), st.floats(0, 1e6), st.just(inf))
    known = {name: draw(number) for name in FIELDS}
    day, partner = draw(st.none() | st.integers(1, 366)), draw(st.none() | st.sampled_from(Cause))
    return Signs(**known, day_of_year=day, partner=partner)


@given(any_signs())
def test_probabilities_are_shares_of_one_whole(signs: Signs) -> None:
    """Mutants: a cause that is left out of the sum, an overflow, mass that no cause gets."""
    shares = shipped().probabilities(signs)
    assert set(shares) == set(Cause)
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-12)
    assert all(0.0 <= share <= 1.0 for share in shares.values())


@given(any_signs(), st.sampled_from(sorted(NAMES - {"growth_ha_a_day"})))
def test_a_missing_sign_adds_nothing_to_any_cause(signs: Signs, name: str) -> None:
    """Mutant: a missing sign read as 0, so that it falls into the lowest range."""
    blind = replace(signs, **{name: None})
    held = [rule for rule in shipped().held(signs) if not reads(rule, name)]
    assert list(shipped().held(blind)) == held


def reads(rule: Rule, name: str) -> bool:
    of_growth = name in ("growth_ha", "growth_days")
    return any(band.sign == name or (of_growth and band.sign == "growth_ha_a_day") for band in rule.when)


def test_nothing_known_is_unknown() -> None:
    """Mutant: base rates that answer for an alert of which nothing is known."""
    shares = shipped().probabilities(Signs())
    assert shares[Cause.UNKNOWN] > 0.8


def test_nats_of_rules_add() -> None:
    """Mutant: the last rule alone, or a product of odds. The oracle is a logistic curve."""
    one, two = (
        Rule((Band("area_ha", *ends),), {Cause.FIRE: 1.5}, "set") for ends in ((1.0, inf), (-inf, 9.0))
    )
    both = table(one, two)
    rest = len(Cause) - 1
    for area, nats in ((0.5, 1.5), (5.0, 3.0), (20.0, 1.5)):
        odds = 2.718281828459045**nats / rest
        share = both.probabilities(Signs(area_ha=area))[Cause.FIRE]
        assert share == pytest.approx(odds / (1 + odds))


@pytest.mark.parametrize(("area", "holds"), [(5.0, True), (9.999, True), (10.0, False), (4.99, False)])
def test_a_range_holds_its_lower_end(area: float, holds: bool) -> None:
    """Mutant: two neighbouring ranges that both hold on their edge, or neither."""
    assert Band("area_ha", 5.0, 10.0).holds(Signs(area_ha=area)) is holds


def test_none_in_reach_is_far_and_not_missing() -> None:
    """Mutant: infinity outside of every range."""
    assert Band("river_m", 5000.0).holds(Signs(river_m=inf))
    assert not Band("river_m", 5000.0, 9000.0).holds(Signs(river_m=inf))


@pytest.mark.parametrize("shipped_or_not", ["shipped", "test"])
def test_the_ranges_of_a_sign_do_not_overlap(shipped_or_not: str) -> None:
    """Mutant: a sign that counts twice in the shipped table. The test's own table has one."""
    double = table(*(Rule((Band("area_ha", 1.0, 9.0),), {Cause.FIRE: 1.0}, "deter") for _ in "ab"))
    whole = shipped() if shipped_or_not == "shipped" else double
    single = [rule.when[0] for rule in whole.rules if len(rule.when) == 1 and rule.origin != "set"]
    clash = [
        (one, two)
        for number, one in enumerate(single)
        for two in single[number + 1 :]
        if one.sign == two.sign and max(one.least, two.least) < min(one.below, two.below)
    ]
    assert bool(clash) is (shipped_or_not == "test")


def test_a_cause_without_label_gives_its_mass_to_unknown() -> None:
    """Mutants: a claim that no label supports; mass that is shared among the causes that have labels."""
    rule = Rule((Band("area_ha", 1.0),), {Cause.AIRSTRIP: 4.0}, "set")
    before, after = (table(rule).probabilities(Signs(area_ha=area)) for area in (0.5, 5.0))
    assert after[Cause.AIRSTRIP] == before[Cause.AIRSTRIP] == 0.0
    assert after[Cause.UNKNOWN] > before[Cause.UNKNOWN]
    assert after[Cause.FIRE] < before[Cause.FIRE]


@pytest.mark.parametrize(("area", "nats"), [(None, 0.7), (0.5, 1.1), (5.0, 0.0), (99.0, 1.1)])
def test_unknown_gains_where_a_sign_is_missing_or_strange(area: float | None, nats: float) -> None:
    """Mutants: 0 for a missing sign, one end of the range alone."""
    reading = Reading("area_ha", unseen=0.7, least=1.0, most=10.0, strange=1.1)
    assert reading.unknown(Signs(area_ha=area)) == nats
    scores = table(readings=(reading,)).scores(Signs(area_ha=area))
    assert scores[Cause.UNKNOWN] - scores[Cause.ROAD] == pytest.approx(nats)


def test_every_sign_that_rules_of_labels_read_costs_something_when_it_is_missing() -> None:
    """Mutant: a table that drops a sign without UNKNOWN growing."""
    fitted = {band.sign for rule in shipped().rules if rule.origin == "deter" for band in rule.when}
    assert fitted
    assert fitted <= {reading.sign for reading in shipped().readings if reading.unseen > 0}


def test_every_cause_stands_once_and_only_labels_give_a_letter() -> None:
    """Mutants: a proof without labels, a cause that is forgotten."""
    assert [each.cause for each in shipped().supports] == list(Cause)
    assert all(bool(each.proof) == (each.labels > 0) for each in shipped().supports)
    assert {rule.origin for rule in shipped().rules} <= {"deter", "peru", "set"}


def test_the_method_changes_with_any_weight() -> None:
    """Mutant: a hash of the name alone."""
    one = table(Rule((Band("area_ha", 1.0),), {Cause.FIRE: 1.0}, "set"))
    two = table(Rule((Band("area_ha", 1.0),), {Cause.FIRE: 1.1}, "set"))
    assert one.method().parameters != two.method().parameters
    assert shipped().method() == shipped().method()


CAUSES = "\n".join(
    f'[[cause]]\ncause = "{cause.name}"\nproof = ""\nlabels = 0\nsource = ""\nbase = 0.0' for cause in Cause
)
HEAD = 'name = "mine"\nversion = "2"\nclaim = 0.6\n'


def test_a_table_of_ones_own_is_read() -> None:
    """Mutant: the shipped table wherever one asks."""
    rule = '[[rule]]\nwhen = [{ sign = "slope_deg", least = 20.0 }]\nweights = { ROAD = 1 }\norigin = "set"'
    text = f"{HEAD}{CAUSES}\n{rule}"
    mine = read_table(text, "mine.toml")
    assert (mine.name, mine.claim) == ("mine", 0.6)
    assert mine.rules == (Rule((Band("slope_deg", 20.0, inf),), {Cause.ROAD: 1.0}, "set"),)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name = ", "expected TOML"),
        ("version = '1'", "name: expected str, got None"),
        (HEAD.replace("0.6", "0.2") + CAUSES, "claim: expected 0.5 to 1, got 0.2"),
        (HEAD + CAUSES.replace("WINDTHROW", "WIND"), "cause: expected each of UNKNOWN"),
        (
            HEAD + CAUSES.replace('proof = ""', 'proof = "O"', 3),
            "cause SMALL_CLEARING: expected a proof where there are",
        ),
        (
            HEAD + CAUSES.replace('proof = ""', 'proof = "Z"', 1),
            "cause UNKNOWN: expected proof R, O, S or empty, got 'Z'",
        ),
        (
            HEAD + CAUSES + '\n[[rule]]\nwhen = [{ sign = "size" }]\nweights = {}\norigin = ""',
            "rule 1: expected a range as",
        ),
        (
            HEAD
            + CAUSES
            + '\n[[rule]]\nwhen = [{ sign = "area_ha", least = 5, below = 5 }]\nweights = {}\norigin = ""',
            "rule 1: expected least below below",
        ),
        (
            HEAD
            + CAUSES
            + '\n[[rule]]\nwhen = [{ sign = "area_ha" }]\nweights = { GOLD = 1.0 }\norigin = ""',
            "rule 1: expected causes of the list, got 'GOLD'",
        ),
        (
            HEAD + CAUSES + '\n[[sign]]\nsign = "area_ha"\nunseen = -1\nleast = 0\nmost = 1\nstrange = 1',
            "sign 1: expected unseen and strange not below 0",
        ),
    ],
)
def test_a_bad_table_is_refused_with_its_mistakes(text: str, says: str) -> None:
    """Mutant: a typing error that silences a rule."""
    with pytest.raises(InputMistakesError, match=says):
        read_table(text, "mine.toml")

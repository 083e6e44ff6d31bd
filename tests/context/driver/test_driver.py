"""The answer: what is claimed, with which reasons, in which words."""

import json
from dataclasses import fields
from math import inf

import pytest
from hypothesis import given
from tests.context.driver.test_rules import any_signs, table
from tests.context.driver.test_signs import on_earth, rectangle

from dosel.context.driver.causes import Cause
from dosel.context.driver.driver import MOST_REASONS, cause_of
from dosel.context.driver.reasons import SENTENCES, Reason, describe
from dosel.context.driver.rules import Band, Reading, Rule, shipped
from dosel.context.driver.signs import NAMES, Signs, signs_of
from dosel.messages import CATALOGUE, LANGUAGES


@given(any_signs())
def test_only_what_labels_support_is_claimed(signs: Signs) -> None:
    """Mutants: the most probable cause without labels; a claim below the table's least probability."""
    driver = cause_of(signs)
    assert driver.probability == driver.probabilities[driver.cause]
    assert all(driver.probabilities[cause] == 0.0 for cause in driver.not_evaluated)
    if driver.cause is Cause.UNKNOWN:
        assert driver.proof == ""
    else:
        assert driver.proof in ("R", "O", "S")
        assert driver.probability >= shipped().claim
        assert driver.cause not in driver.not_evaluated


@given(any_signs())
def test_reasons_name_only_true_signs(signs: Signs) -> None:
    """Mutants: a reason for a missing sign; another sign's value; a distance that is too short."""
    true = {(said[0], *said[1].items()) for said in (describe(name, signs) for name in NAMES) if said}
    missing = {f"sign.{name}" for name in NAMES if signs.value(name) is None}
    driver = cause_of(signs)
    assert len(driver.reasons) <= MOST_REASONS
    for reason in driver.reasons:
        if reason.key == "reason.unseen":
            assert reason.values["sign"] in missing
        elif reason.key == "reason.strange":
            assert reason.values["sign"] not in missing
        else:
            assert (reason.key, *reason.values.items()) in true


def test_the_example_of_the_issue_in_three_languages() -> None:
    """Mutants: a value in the wrong place, a sentence of another sign, a language that falls back."""
    strip = on_earth(rectangle(784, 56), -70.0, -12.0, 30)
    driver = cause_of(signs_of(strip, river_m=320.4, road_m=inf))
    assert driver.cause is Cause.UNKNOWN
    assert Cause.AIRSTRIP in driver.not_evaluated
    assert driver.words("en")[:4] == (
        "elongated 14:1, 784 m long",
        "4.4 ha",
        "320 m from a river",
        "no road within 5 km",
    )
    assert driver.words("es")[0] == "alargado 14:1, 784 m de largo"
    assert driver.words("pt")[3] == "nenhuma estrada a menos de 5 km"


def test_a_strip_is_less_known_than_a_block_of_its_area() -> None:
    """Mutant: an elongated outline that is given to agriculture with the certainty of a field."""
    day = {"day_of_year": 200}
    strip = cause_of(signs_of(on_earth(rectangle(1400, 100), -63.0, -10.0), **day))
    block = cause_of(signs_of(on_earth(rectangle(500, 280), -63.0, -10.0), **day))
    assert block.cause is Cause.AGRICULTURE
    assert strip.probabilities[Cause.UNKNOWN] > block.probabilities[Cause.UNKNOWN] + 0.1


def test_a_partners_word_is_a_sign_and_never_the_answer() -> None:
    """Mutants: the partner's class copied; a partner who is not heard at all."""
    for cause in Cause:
        driver = cause_of(Signs(partner=cause))
        assert driver.cause is Cause.UNKNOWN
    quiet, heard = (
        Signs(area_ha=120.0, day_of_year=260),
        Signs(area_ha=120.0, day_of_year=260, partner=Cause.FIRE),
    )
    assert cause_of(heard).probabilities[Cause.FIRE] > cause_of(quiet).probabilities[Cause.FIRE]


def test_reasons_come_strongest_first_and_say_against_what() -> None:
    """Mutants: the order of the table; a rule that lifts all causes alike taken for a reason."""
    rules = (
        Rule((Band("slope_deg", 10.0),), {Cause.FIRE: 0.5}, "set"),
        Rule((Band("area_ha", 1.0),), {Cause.FIRE: 4.0}, "set"),
        Rule((Band("parts", 2.0),), dict.fromkeys(Cause, 3.0), "set"),
        Rule((Band("river_m", 0.0),), {Cause.FIRE: -0.7}, "set"),
    )
    whole = table(*rules)
    driver = cause_of(Signs(area_ha=3.0, slope_deg=12.0, parts=2, river_m=50.0), whole)
    assert driver.cause is Cause.FIRE
    spoke = [reason for reason in driver.reasons if abs(reason.nats) > 0.1]
    assert [reason.key for reason in spoke] == ["reason.area_ha", "reason.near.river", "reason.slope_deg"]
    assert [round(reason.nats, 1) for reason in spoke] == [4.0, -0.7, 0.5]


def test_unknown_says_what_is_missing_and_what_is_strange() -> None:
    """Mutant: the same words for both."""
    readings = (Reading("area_ha", 0.7, 1.0, 10.0, 1.1), Reading("slope_deg", 0.4, 0.0, 30.0, 1.0))
    driver = cause_of(Signs(area_ha=900.0), table(readings=readings))
    assert driver.words("en") == ("900 ha", "area: outside of what known cases show", "not evaluated: slope")
    assert driver.words("es")[2] == "sin evaluar: pendiente"


def test_a_row_is_plain_and_whole() -> None:
    """Mutants: enumerations or infinity that the store refuses; a version that is not stored."""
    driver = cause_of(Signs(area_ha=12.0, road_m=inf, day_of_year=250, mining_scar_m=20.0))
    row = json.loads(json.dumps(driver.row(), allow_nan=False))
    assert set(row["probabilities"]) == set(Cause.__members__)
    assert sum(row["probabilities"].values()) == pytest.approx(1.0)
    assert row["method"].split() == ["cause-rules", shipped().version, shipped().method().parameters]
    again = [Reason(each["key"], each["values"], each["nats"]).words("pt") for each in row["reasons"]]
    assert tuple(again) == driver.words("pt")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_its_words(cause: Cause, language: str) -> None:
    """Mutant: a cause that one language cannot say, or two causes with one name."""
    name = CATALOGUE[f"cause.{cause.name}"][language]
    assert name
    assert sum(CATALOGUE[f"cause.{each.name}"][language] == name for each in Cause) == 1
    assert cause.legend


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_sign_has_its_words(name: str) -> None:
    """Mutant: a sign that a rule may read and no sentence can say."""
    full = Signs(
        area_ha=3.0,
        growth_ha=1.0,
        growth_days=12,
        partner=Cause.ROAD,
        day_of_year=366,
        **{each.name: 1.0 for each in fields(Signs) if each.name not in {*GIVEN, "extent", "spectra"}},
    )
    said = describe(name, full)
    assert said is not None
    assert all("{" not in Reason(said[0], said[1], 0.0).words(language) for language in LANGUAGES)
    assert f"sign.{name}" in CATALOGUE
    assert name in SENTENCES


GIVEN = ("area_ha", "growth_ha", "growth_days", "partner", "day_of_year")


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (0.0, "0 m from a road"),
        (4999.0, "4999 m from a road"),
        (5000.0, "no road within 5 km"),
        (inf, "no road within 5 km"),
    ],
)
def test_a_distance_is_said_as_near_or_as_none_within_5_km(metres: float, words: str) -> None:
    """Mutant: "none within 5 km" said of a road at 2 km, or of one at 20 km not said."""
    said = describe("road_m", Signs(road_m=metres))
    assert said is not None
    assert Reason(*said, 0.0).words("en") == words


@pytest.mark.parametrize(
    ("sign", "inside", "outside"),
    [
        ("protected", "inside a protected area", "outside protected areas"),
        ("indigenous", "inside an indigenous territory", "outside indigenous territories"),
        ("concession", "inside a concession", "outside concessions"),
        ("mining_corridor", "inside the mining corridor", "outside the mining corridor"),
    ],
)
def test_inside_is_said_inside(sign: str, inside: str, outside: str) -> None:
    """Mutant: the two exchanged, or one setting's words for another."""
    for value, words in ((True, inside), (False, outside)):
        said = describe(sign, Signs(**{sign: value}))
        assert said is not None
        assert Reason(*said, 0.0).words("en") == words


def test_the_months_are_those_of_the_calendar() -> None:
    """Mutant: a month that starts a day late."""
    for day, month in (
        (1, "January"),
        (31, "January"),
        (32, "February"),
        (244, "September"),
        (366, "December"),
    ):
        said = describe("day_of_year", Signs(day_of_year=day))
        assert said is not None
        assert Reason(*said, 0.0).words("en") == f"seen in {month}"

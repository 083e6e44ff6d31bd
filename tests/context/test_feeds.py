"""Alarms of feeds: what is healthy stays quiet at the stated rate, what is not does not."""

import numpy as np
import pytest

from dosel.context.feeds.alarm import ALPHA, Alarm, Kind, Profile, settle
from dosel.context.feeds.form import UNKNOWN, empty, schema_changes
from dosel.context.feeds.late import late, patience
from dosel.context.feeds.numbers import judge, limit, outliers
from dosel.model.time import day_of


def numbers(values, name="rows", step=12, first=20_000):
    return [Profile("f", first + step * k, {}, {name: float(v)}) for k, v in enumerate(values)]


def forms(*columns):
    return [Profile("f", 100 + k, dict(one), {}) for k, one in enumerate(columns)]


@pytest.mark.parametrize("count", [8, 12, 24])
def test_the_limit_holds_its_rate_on_numbers_it_was_not_drawn_with(count):
    """Oracle: fresh normal numbers. Mutants: a normal quantile; spread without 1.4826; one tail for two."""
    rng = np.random.default_rng(7)
    past, new = rng.standard_normal((200_000, count)), rng.standard_normal(200_000)
    middle = np.median(past, axis=1)
    spread = 1.4826 * np.median(np.abs(past - middle[:, None]), axis=1)
    rate = (np.abs(new - middle) / spread > limit(count)).mean()
    assert rate == pytest.approx(ALPHA, rel=0.35)


@pytest.mark.parametrize(
    ("name", "draw"),
    [
        ("rows", lambda rng, n: rng.poisson(40, n)),
        ("rows", lambda rng, n: rng.negative_binomial(2, 0.02, n)),
        ("rows", lambda rng, n: rng.poisson(0.5, n)),
        ("share:valid", lambda rng, n: rng.beta(0.4, 0.6, n)),
        ("area:median", lambda rng, n: np.exp(rng.normal(1, 1, n))),
        ("level:vh", lambda rng, n: 45 * rng.standard_t(3, n)),
    ],
)
def test_healthy_feeds_are_quiet(name, draw):
    """Mutants: no scale that evens the spread; no floor; no second condition for heavy tails."""
    rng = np.random.default_rng(3)
    raised = 0
    for _ in range(40):
        profiles = numbers(draw(rng, 60), name)
        raised += sum(judge(profiles[:k], name).stands_out for k in range(30, 61))
    assert raised / (40 * 31) <= 0.01


@pytest.mark.parametrize(
    ("name", "usual", "odd"),
    [("rows", 40, 5), ("rows", 40, 140), ("share:valid", 0.95, 0.3), ("area:median", 2.0, 30.0),
     ("level:vh", 0, 600)],
)  # fmt: skip
def test_a_number_that_broke_stands_out_since_its_first_day(name, usual, odd):
    """Mutants: only the last one is dated; a break is taken into its own reference at once."""
    rng = np.random.default_rng(5)
    spread = {"rows": 5, "share:valid": 0.02, "area:median": 0.2, "level:vh": 40}[name]
    healthy = usual + spread * rng.standard_normal(24)
    profiles = numbers([*np.minimum(healthy, 1 if name.startswith("share") else np.inf), odd, odd], name)
    (alarm,) = outliers(profiles)
    assert (alarm.kind, alarm.subject, alarm.day) == (Kind.STATISTICS, name, profiles[-2].day)
    assert alarm.detail["value"] == odd
    assert outliers(profiles[:-2]) == ()
    settled = numbers([*(one.statistics[name] for one in profiles), *[odd] * 8], name)
    assert outliers(settled) == ()


def test_a_dry_season_is_compared_with_dry_seasons():
    """Mutant: always the latest numbers, by which every season that begins is an alarm."""
    first = day_of("2020-01-15")
    days = [first + round(30.44 * k) for k in range(60)]
    rng = np.random.default_rng(1)
    level = [400 if np.cos(2 * np.pi * (k % 12 - 8) / 12) > 0.6 else 12 for k in range(60)]
    profiles = [
        Profile("f", day, {}, {"rows": float(rng.poisson(v))}) for day, v in zip(days, level, strict=True)
    ]
    judged = [judge(profiles[:k], "rows") for k in range(49, 61)]
    assert all(one.season for one in judged)
    assert not any(one.stands_out for one in judged)
    wet = Profile("f", days[-1] + 30, {}, {"rows": 400.0})
    assert judge([*profiles, wet], "rows").stands_out


def test_too_little_history_judges_nothing():
    assert judge(numbers([5] * 8), "rows") is None
    assert judge(numbers([5] * 9), "rows") is not None
    assert outliers(numbers([5] * 7 + [9999])) == ()


def test_late_is_late_from_a_day_that_follows_from_the_data():
    """Mutants: dated by the day of asking; the day before the limit; late forever ago."""
    days = list(range(0, 240, 12))
    allowed = patience(days, 12.0)
    assert late("f", days, 228 + int(allowed), usual_days=12.0) is None
    alarms = [late("f", days, day, usual_days=12.0) for day in (270, 300, 900)]
    assert {one.id for one in alarms} == {alarms[0].id}
    assert 228 + allowed < alarms[0].day <= 228 + allowed + 2
    assert late("f", [*days, 270], 272, usual_days=12.0) is None


def test_an_irregular_feed_is_given_its_own_time():
    """Mutant: twice the usual gap for every feed."""
    rng = np.random.default_rng(2)
    days = np.cumsum(rng.geometric(0.12, 60)).tolist()
    assert patience(days) > 2 * np.median(np.diff(days))
    assert late("f", days, days[-1] + 25) is None
    assert late("f", days, days[-1] + 400) is not None
    assert late("f", [], 100) is None
    assert patience([1, 2, 3]) is None


def test_offices_rest_around_the_new_year_and_satellites_do_not():
    """Mutant: holidays count; satellites have them too."""
    days = list(range(day_of("2023-06-01"), day_of("2023-12-19"), 7))
    asked = day_of("2024-01-08")
    assert late("f", days, asked, usual_days=7.0, by_people=True) is None
    assert late("f", days, asked, usual_days=7.0) is not None
    assert late("f", days, day_of("2024-02-08"), usual_days=7.0, by_people=True) is not None


def test_empty_is_rare_by_what_was_before():
    """Mutants: one cloudy look is an alarm; a feed that is often empty never is quiet."""
    assert empty(numbers([0.5] * 24 + [0, 0], "share:valid"), "share:valid") is None
    alarm = empty(numbers([0.5] * 24 + [0, 0, 0], "share:valid"), "share:valid")
    assert (alarm.kind, alarm.day) == (Kind.EMPTY, 20_000 + 12 * 24)
    assert empty(numbers([0.5, 0] * 12 + [0, 0, 0], "share:valid"), "share:valid") is None
    assert empty(numbers([3, 0]), "rows") is None
    assert empty(numbers([3, 0]), "rows", at_once=True) is not None
    assert empty(numbers([0, 3, 0]), "rows", at_once=True) is None
    assert empty(numbers([0, 0]), "rows", at_once=True) is None


def test_a_changed_form_is_told_once_until_it_has_settled():
    """Mutants: the order of columns; a type that changed; a column that is gone; an alarm for ever."""
    old, new = {"id": "text", "area": "number"}, {"id": "number", "klass": "text"}
    assert schema_changes(forms(old, dict(reversed(old.items())))) == ()
    alarms = schema_changes(forms(old, old, old, new))
    assert [(one.subject, one.detail["before"], one.detail["now"]) for one in alarms] == [
        ("area", "number", ""),
        ("id", "text", "number"),
        ("klass", "", "text"),
    ]
    assert {one.id for one in schema_changes(forms(old, old, old, new, new))} == {one.id for one in alarms}
    assert schema_changes(forms(old, old, old, new, new, new, new)) == ()
    assert schema_changes(forms(old, old, old, new, old)) == ()


def test_a_column_that_says_nothing_fits_everything():
    assert schema_changes(forms({"a": "text"}, {"a": UNKNOWN}, {"a": "number"})) == ()


def test_alarms_are_raised_once_and_ended_once():
    """Mutants: raised again with a newer day; ended by another feed's health."""
    one, same, other = (
        Alarm("f", Kind.LATE, "", 5),
        Alarm("f", Kind.LATE, "", 9),
        Alarm("g", Kind.LATE, "", 5),
    )
    assert settle([], [one, other]) == ((one, other), ())
    assert settle([one], [same, other]) == ((other,), ())
    assert settle([one, other], [same]) == ((), (other,))

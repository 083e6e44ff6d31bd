"""Rows from undisturbed looks: what is put in comes out, and nothing else enters."""

from __future__ import annotations

import importlib
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dosel.errors import InputError
from dosel.monitor.derive import (
    MIN_YEAR_LOOKS,
    Looks,
    budget_threshold,
    derive_stream,
    prior_row,
    split_history,
    tail_point,
)
from dosel.monitor.evidence import StreamModel
from dosel.monitor.streams import STREAMS

PRIOR = prior_row("test/any", "dB", 1 / 256, -1, -11.0, 1.0, 1.75, 1.25)
START = 17000
PHYSICAL = ("level", "spread", "sd", "quantum", "shift", "extra")


def forest(points: int = 300, years: int = 3, season_db: float = 0.0, seed: int = 1, nu: int = 12) -> Looks:
    """Return looks every 12 days: levels N(-12, 0.5), spread 0.8, tails t(nu), monitoring from START on."""
    rng = np.random.default_rng(seed)
    day = np.arange(START - 365 * years, START + 365, 12)
    point = np.repeat(np.arange(points), len(day))
    days = np.tile(day, points)
    level = rng.normal(-12.0, 0.5, points)[point]
    noise = 0.8 * rng.standard_t(nu, len(days)) * ((nu - 2) / nu) ** 0.5
    return Looks(level + season_db * np.cos(2 * np.pi * days / 365.25) + noise, days, point, points)


def derived(looks: Looks, prior: StreamModel = PRIOR) -> StreamModel:
    return derive_stream(looks, *split_history(looks.points, START), prior).model


def test_what_was_put_in_comes_out() -> None:
    found = derive_stream(forest(), *split_history(300, START), PRIOR)
    row = found.model
    assert found.kept == ()
    assert row.level == pytest.approx(-12.0, abs=0.1)
    assert row.spread == pytest.approx(0.8, rel=0.02)
    assert row.k_level == pytest.approx(0.8**2 / 0.5**2, rel=0.25)
    assert row.drift2 == pytest.approx(1.0, abs=0.1)
    assert 8 <= row.nu <= 20
    assert row.sd == pytest.approx(row.spread, rel=0.08)


def test_season_is_learnt_only_where_there_is_one() -> None:
    assert derived(forest(season_db=1.5)).k_season < derived(forest()).k_season


def test_heavier_tails_have_fewer_degrees_of_freedom() -> None:
    assert derived(forest(nu=4)).nu < derived(forest(nu=30)).nu


def test_spread_that_points_keep_is_trusted_sooner() -> None:
    own = np.exp(np.random.default_rng(3).normal(0.0, 0.5, 300))
    plain = forest()
    varied = replace(plain, value=-12 + own[plain.point] * (plain.value + 12))
    assert derived(varied).k_spread < 0.3 * derived(plain).k_spread


@pytest.mark.parametrize("unit", [0.01, 7.0])
def test_units_do_not_matter(unit: float) -> None:
    looks = forest(points=100)
    row = derived(looks)
    other = derived(replace(looks, value=looks.value * unit), PRIOR.scaled(unit))
    for field in fields(StreamModel):
        value, scaled = getattr(row, field.name), getattr(other, field.name)
        if field.name in PHYSICAL:
            value *= unit
        if field.name in {"knots", "slopes"}:
            value, scaled = np.array(value), np.array(scaled)
        assert scaled == pytest.approx(value, abs=0.02, rel=1e-6) if not isinstance(value, str) else True


def test_a_rise_mirrors_a_drop() -> None:
    looks = forest(points=100)
    up = replace(looks, value=-looks.value)
    row, mirrored = derived(looks), derived(up, replace(PRIOR, direction=1, level=11.0))
    assert mirrored.nu == row.nu
    assert mirrored.level == pytest.approx(-row.level)
    assert mirrored.slopes == pytest.approx(row.slopes)


def test_a_level_that_moves_is_followed_and_not_taken_for_noise() -> None:
    looks = forest(points=200)
    step = np.where(looks.day >= START - 365, np.where(looks.point % 2, 1.0, -1.0), 0.0)
    row = derived(replace(looks, value=looks.value + step))
    assert 1.2 < row.drift2 < 0.8 * (1 + 1 / 0.8**2)


def test_looks_after_the_undisturbed_year_do_not_matter() -> None:
    looks = forest(points=100)
    cleared = replace(looks, value=np.where(looks.day >= START, -30.0, looks.value))
    assert derived(cleared) == derived(looks)


def test_a_short_history_keeps_what_it_cannot_tell_and_says_so() -> None:
    found = derive_stream(forest(points=60, years=1), *split_history(60, START), PRIOR)
    assert found.kept == ("k_season", "k_spread", "drift2", "nu")
    assert found.model.spread == pytest.approx(0.8, rel=0.05)
    assert (found.model.nu, found.model.k_season) == (PRIOR.nu, PRIOR.k_season)
    assert found.year_looks < MIN_YEAR_LOOKS


def test_too_few_points_keep_the_whole_prior() -> None:
    found = derive_stream(forest(points=5), *split_history(5, START), PRIOR)
    assert found.model == PRIOR
    assert "level" in found.kept


def test_looks_must_be_finite_sorted_and_bounded_by_days() -> None:
    looks = forest(points=3)
    with pytest.raises(InputError, match="finite"):
        replace(looks, value=np.full(len(looks.day), np.nan))
    with pytest.raises(InputError, match="sorted"):
        replace(looks, point=looks.point[::-1])
    with pytest.raises(InputError, match="year end"):
        derive_stream(looks, np.full(3, START), np.full(3, START - 1), PRIOR)


@pytest.mark.parametrize(("nu", "table"), [(3, 10.215), (5, 5.8934), (10, 4.1437), (30, 3.3852)])
def test_tail_points_are_those_of_printed_tables(nu: int, table: float) -> None:
    assert tail_point(nu, 0.001) == pytest.approx(table * ((nu - 2) / nu) ** 0.5, rel=1e-4)


def test_budget_threshold_is_the_lowest_that_keeps_the_budget() -> None:
    rng = np.random.default_rng(5)
    nats, point = rng.exponential(1.0, 600), np.repeat(np.arange(20), 30)

    def crossings(threshold: float) -> int:
        over = (nats >= threshold).reshape(20, 30)
        return int(over[:, 0].sum() + (over[:, 1:] & ~over[:, :-1]).sum())

    found = budget_threshold(nats, point, budget=0.5)
    assert crossings(found) <= 10 < crossings(found - 0.25)


@pytest.mark.parametrize("stream", sorted(STREAMS))
def test_shipped_rows_are_what_the_procedure_derives(
    stream: str, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2]))
    derive_streams: Any = importlib.import_module("benchmarks.derive_streams")
    found = derive_streams.derived(shared_data / "timeseries" / "sentinel1-vh-points", stream)
    shipped = STREAMS[stream]
    assert (found.h1_nats, found.h2_nats) == (shipped.h1_nats, shipped.h2_nats)
    for field in fields(StreamModel):
        expected, value = getattr(found.model, field.name), getattr(shipped.model, field.name)
        same = value == expected if isinstance(value, str) else value == pytest.approx(expected, rel=1e-4)
        assert same, field.name

"""The streaming learner against numpy's least squares, and what must never change its result."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dosel.errors import InputError
from dosel.model.codes import NODATA
from dosel.monitor.baseline import Learner, baseline_from_surroundings
from dosel.monitor.evidence import StreamModel, shape
from dosel.monitor.scalars import harmonics

SIZE = (5, 211)
DAYS = list(range(16400, 16400 + 12 * 60, 12))


def make_model(**changes: Any) -> StreamModel:
    row: dict[str, Any] = {
        "unit": "dB", "quantum": 1 / 256, "direction": -1, "level": -12.8, "k_level": 4.0, "k_season": 30.0,
        "spread": 1.6, "k_spread": 50.0, "drift2": 1.07, "nu": 14, "sd": 1.7, "shift": 1.75, "extra": 1.25,
        "harmonics": 2, "season_step": 0, **changes,
    }  # fmt: skip
    ratio = shape(row["sd"], row["nu"], row["shift"], row["extra"])
    return StreamModel(stream="vh", floor=ratio.floor, knots=ratio.knots, slopes=ratio.slopes, **row)


def make_history(seed: int = 2, sd: float = 0.3) -> np.ndarray[Any, Any]:
    """Return (look, y, x) in quanta: a level and a season for each pixel, clouds left out."""
    rng = np.random.default_rng(seed)
    level, cos, sin = rng.normal(-12.8, 0.5, SIZE), rng.normal(0, 0.3, SIZE), rng.normal(0, 0.3, SIZE)
    waves = np.array([harmonics(day) for day in DAYS])
    physical = level + cos * waves[:, 0, None, None] + sin * waves[:, 1, None, None]
    values = np.rint((physical + rng.normal(0, sd, physical.shape)) * 256).astype(np.int16)
    values[rng.random(values.shape) < 0.3] = NODATA
    values[:, 0, :40] = NODATA
    values[5:, 0, 40:60] = NODATA
    return values


def learn(model: StreamModel, values: Any, batch: int = 60, robust: bool = False) -> Any:
    learner = Learner(model, values.shape[1:])
    for again in (False, True) if robust else (False,):
        if again:
            learner.again()
        for first in range(0, len(DAYS), batch):
            learner.add(DAYS[first : first + batch], values[first : first + batch])
    return learner.finish(min_looks=0)


def ridge_oracle(model: StreamModel, series: Any) -> tuple[Any, float]:
    """Return coefficients in quanta and the predictive standard deviation, by dense algebra in float64."""
    seen = series != NODATA
    x = np.array([(1.0, *harmonics(day)) for day in DAYS])[seen][:, : 1 + 2 * model.harmonics]
    y = series[seen] - round(model.level / model.quantum)
    prior = np.diag([model.k_level, *[model.k_season] * (x.shape[1] - 1)])
    theta = np.linalg.solve(x.T @ x + prior, x.T @ y)
    free = max(len(y) - 1, 0) + model.k_spread
    variance = (((y - x @ theta) ** 2).sum() + model.k_spread * (model.spread / model.quantum) ** 2) / free
    return theta, float(np.sqrt(variance * (1 + 1 / (len(y) + model.k_level)) * model.drift2))


@pytest.mark.parametrize("order", [0, 1, 2])
def test_learning_equals_dense_ridge_regression(order: int) -> None:
    model, values = make_model(harmonics=order), make_history()
    base = learn(model, values)
    assert base.season.shape == (2 * order, *SIZE)
    for y, x in [(0, 3), (0, 45), (2, 0), (4, 210), (3, 100)]:
        theta, sd = ridge_oracle(model, values[:, y, x])
        anchor = round(model.level / model.quantum)
        assert abs(base.level[y, x] - anchor - theta[0]) <= 0.6
        np.testing.assert_allclose(base.season[:, y, x], np.clip(theta[1:], -127, 127), atol=0.6)
        assert base.inv_spread[y, x] == pytest.approx(2**19 / sd, rel=2e-3)
        assert base.looks[y, x] == (values[:, y, x] != NODATA).sum()


def test_batches_and_tiles_change_no_bit() -> None:
    model, values = make_model(), make_history()
    whole = learn(model, values, robust=True)
    assert learn(model, values, batch=7, robust=True).hash() == whole.hash()
    part = learn(model, values[:, 1:4, 13:200], batch=13, robust=True)
    np.testing.assert_array_equal(part.level, whole.level[1:4, 13:200])
    np.testing.assert_array_equal(part.season, whole.season[:, 1:4, 13:200])
    np.testing.assert_array_equal(part.inv_spread, whole.inv_spread[1:4, 13:200])


def test_few_looks_are_drawn_to_the_stream() -> None:
    model, values = make_model(), make_history()
    base = learn(model, values)
    anchor = round(model.level / model.quantum)
    assert (base.level[0, :40] == anchor).all(), "no look: the stream's level"
    assert (base.season[:, 0, :40] == 0).all()
    away = np.abs(base.level[0].astype(int) - anchor)
    assert away[40:60].mean() < away[60:].mean()
    assert base.inv_spread[0, :40].max() < base.inv_spread[1:].mean(), "less is known, so the spread is wider"


def test_pixels_with_too_few_looks_have_no_baseline() -> None:
    learner = Learner(make_model(), SIZE)
    learner.add(DAYS, make_history())
    inv = learner.finish(min_looks=6).inv_spread
    assert (inv[0, :60] == 0).all()
    assert (inv[1:] > 0).all()


def test_the_second_pass_bears_gross_errors() -> None:
    model, clean = make_model(spread=0.3, k_level=0.0), make_history()
    rng = np.random.default_rng(5)
    dirty = clean.copy()
    dirty[(rng.random(clean.shape) < 0.05) & (clean != NODATA)] -= 2200
    truth = learn(model, clean)
    plain, robust = learn(model, dirty), learn(model, dirty, robust=True)
    errors = [np.abs(base.level[1:].astype(int) - truth.level[1:]).mean() for base in (plain, robust)]
    assert errors[1] < 0.4 * errors[0]
    assert np.median(robust.inv_spread[1:] / plain.inv_spread[1:]) > 1.5


def test_the_second_pass_leaves_clean_looks_as_they_are() -> None:
    model, values = make_model(spread=0.3), make_history()
    plain, robust = learn(model, values), learn(model, values, robust=True)
    assert np.abs(plain.level.astype(int) - robust.level).mean() < 2
    ratio = robust.inv_spread[1:] / plain.inv_spread[1:]
    assert ratio.mean() == pytest.approx(1.0, abs=0.02), "the clipped variance is set right"


@pytest.mark.parametrize("factor", [10.0, 0.001])
def test_units_do_not_matter(factor: float) -> None:
    model, values = make_model(), make_history()
    assert learn(model, values).hash() == learn(model.scaled(factor), values).hash()


def test_what_is_held_does_not_grow_with_the_looks() -> None:
    learner = Learner(make_model(), (16, 16))
    values = np.full((40, 16, 16), -3000, np.int16)
    learner.add(DAYS[:40], values)
    learner.again()
    held = learner.extra_bytes
    learner.add(DAYS[:40], values)
    assert learner.extra_bytes == held
    assert held <= 128 * 256


def test_looks_of_another_shape_are_refused() -> None:
    with pytest.raises(InputError, match="expected values of shape"):
        Learner(make_model(), (4, 4)).add(DAYS[:2], np.zeros((2, 4, 5), np.int16))


def test_surroundings_are_flat_and_say_so() -> None:
    model = make_model()
    base = baseline_from_surroundings(model, (3, 4), level=-13.0, spread=2.0)
    assert base.kind == "surroundings"
    assert (base.level == -13 * 256).all()
    assert (base.inv_spread == 2**19 // 512).all()
    assert not base.season.any()
    assert not base.looks.any()

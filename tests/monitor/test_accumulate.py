"""The kernel against a plain numpy oracle, and what must never change its result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dosel.errors import InputError, SceneError, StoreError
from dosel.model.codes import EVIDENCE_PER_NAT, NODATA, STATE_DAY0, PixelFlag
from dosel.monitor.accumulate import UpdateCounts, fresh_state, update
from dosel.monitor.baseline import Baseline, baseline_from_surroundings
from dosel.monitor.evidence import StreamModel, shape
from dosel.monitor.scalars import LookScalars, Thresholds, look_scalars
from dosel.monitor.state import PixelState
from dosel.stack.gridded import GriddedLook

H = Thresholds(2.0, 4.0)


def make_model(stream: str = "vh", **changes: Any) -> StreamModel:
    """Return a radar stream in dB with quanta of 1/256 dB."""
    row: dict[str, Any] = {
        "unit": "dB", "quantum": 1 / 256, "direction": -1, "level": -12.8, "k_level": 4.0, "k_season": 80.0,
        "spread": 1.65, "k_spread": 250.0, "drift2": 1.07, "nu": 14, "sd": 1.72, "shift": 1.75, "extra": 1.25,
        **changes,
    }  # fmt: skip
    ratio = shape(row["sd"], row["nu"], row["shift"], row["extra"])
    return StreamModel(stream=stream, floor=ratio.floor, knots=ratio.knots, slopes=ratio.slopes, **row)


def make_baseline(model: StreamModel, size: tuple[int, int], rng: np.random.Generator) -> Baseline:
    """Return a random baseline; one pixel in twenty has none."""
    level = rng.normal(model.level, 0.8, size) / model.quantum
    inv = rng.integers(800, 2500, size).astype(np.uint16)
    inv[rng.random(size) < 0.05] = 0
    season = rng.integers(-40, 41, (2 * model.harmonics, *size)).astype(np.int8)
    return Baseline(model.stream, level.astype(np.int16), season, inv, np.full(size, 9, np.uint8), "history")


def make_looks(
    models: list[StreamModel], size: tuple[int, int], rng: np.random.Generator, count: int, halo: int
) -> list[GriddedLook]:
    """Return looks of forest, clouds left out; the lower half is cleared from the third look on."""
    looks = []
    for number in range(count):
        physical = np.stack([rng.normal(model.level, 1.5, size) for model in models])
        sign = np.array([model.direction for model in models])[:, None, None]
        if number >= 2:
            physical[:, size[0] // 2 :] += 3.5 * sign
        quanta = np.array([model.quantum for model in models])[:, None, None]
        values = np.rint(physical / quanta).astype(np.int16)
        values[rng.random(values.shape) < 0.1] = NODATA
        values[:, rng.random(size) < 0.1] = NODATA
        names = tuple(model.stream for model in models)
        looks.append(GriddedLook(f"look{number}", "tile", 17000 + 6 * number, names, values, halo))
    return looks


# ---------------------------------------------------------------- the oracle: whole arrays, int64, no tricks


def _window_sums(z: Any, valid: Any, radius: int) -> tuple[Any, Any]:
    """Return sum and count over the window of every pixel, zeros beyond the edge."""
    z = np.pad(np.where(valid, z, 0), radius)
    n = np.pad(valid.astype(np.int64), radius)
    side = 2 * radius + 1
    windows = [np.lib.stride_tricks.sliding_window_view(a, (side, side)).sum((2, 3)) for a in (z, n)]
    return windows[0], windows[1]


def _cut(array: Any, halo: int) -> Any:
    return array[..., halo : array.shape[-2] - halo, halo : array.shape[-1] - halo]


def _oracle_stream(
    state: PixelState, look: GriddedLook, s: int, base: Baseline, watched: Any, scalars: LookScalars
) -> tuple[Any, Any]:
    """Return evidence (nat / 64) and validity of one stream, and move its slow level."""
    value = look.values[s].astype(np.int64)
    shift, offset, gain_shift, clip, sign, freeze, radius, plane = (int(f) for f in scalars.fields[s])
    season = sum(
        (base.season[k].astype(np.int64) * int(scalars.basis[k]) for k in range(len(base.season))), 0
    )
    season = (season + (1 << shift) // 2) >> shift
    r = np.clip((value - base.level - season - offset) * sign, -32767, 32767)
    z = np.clip((r * base.inv_spread + 1024) >> 11, -8191, 8191)
    valid = (value != NODATA) & (base.inv_spread > 0) & (watched == 1)
    total, count = _window_sums(z, valid, radius)
    z, valid, total, count = (_cut(a, look.halo_px) for a in (z, valid, total, count))
    n = np.clip(count - 1, 0, None)
    mixing = scalars.mixing[s].astype(np.int64)
    mean = (z * mixing[n, 0] + (total - z) * mixing[n, 1] + 8192) >> 14 if radius else z
    valid = valid & (state.crossed >> 14 != PixelFlag.CLOSED)
    memory = state.memory[plane].astype(np.int64)
    slow = np.where(memory == NODATA, 0, memory)
    e = np.clip(mean - ((slow + 16) >> 5), -4096, 4096)
    step = (np.clip(e, -clip, clip) * 32 + (1 << gain_shift) // 2) >> gain_shift
    slow = np.clip(slow + np.where(state.evidence >= freeze, 0, step), -32767, 32767)
    state.memory[plane] = np.where(valid, slow, memory)
    hinge = scalars.hinges[s].astype(np.int64)[n]
    d = (e * mixing[n, 2] + 2048) >> 12
    v = sum(hinge[..., 5 + k] * np.maximum(0, hinge[..., 1 + k] - d) for k in range(4))
    return np.where(valid, hinge[..., 0] + ((v + 2048) >> 12), 0), valid


def oracle(
    state: PixelState,
    look: GriddedLook,
    bases: Sequence[Baseline],
    watched: Any,
    scalars: LookScalars,
) -> UpdateCounts:
    """Do what `update` does, slowly and independently."""
    parts = [_oracle_stream(state, look, s, base, watched, scalars) for s, base in enumerate(bases)]
    seen = sum(valid.astype(np.int64) for _, valid in parts)
    llr = (sum(part for part, _ in parts) * scalars.bands.astype(np.int64)[seen] + 128) >> 8
    active = np.asarray(seen > 0)
    old = state.evidence.astype(np.int64)
    new = np.where(active, np.clip(old - ((old * scalars.fade) >> 15) + llr, 0, 32767), old)
    day = scalars.day
    flag, since = state.crossed >> 14, state.crossed & 0x3FFF
    first = active & (new >= scalars.h1) & (flag == 0)
    second = active & (new >= scalars.h2) & (flag < 2)
    zero = active & (new == 0)
    state.before[zero] = day
    state.onset[active & (old == 0) & (new > 0)] = day
    state.onset[zero] = 0
    stood = np.where(second, 2, np.where(first, 1, flag))
    back = zero & (flag > 0)
    state.crossed[...] = np.where(zero, 0, (stood << 14) | np.where(first, day, since))
    state.evidence[...] = new
    return UpdateCounts(*(int(np.count_nonzero(a)) for a in (active, first, second, back)))


# ---------------------------------------------------------------- runs


def _scalars(look: GriddedLook, models: Sequence[StreamModel], number: int) -> LookScalars:
    offsets = [17 * number - 20] * len(models)
    return look_scalars(look.day, models, H, offsets, correlation=0.4)


def _case(radius: int, streams: int, seed: int, halo: int, size: tuple[int, int] = (13, 37)) -> Any:
    rng = np.random.default_rng(seed)
    models = [
        make_model(
            f"s{s}",
            radius_px=radius,
            direction=(-1, 1)[s % 2],
            harmonics=(1, 2, 0)[s % 3],
            neighbour_correlation=0.1,
        )
        for s in range(streams)
    ]
    padded = (size[0] + 2 * halo, size[1] + 2 * halo)
    bases = [make_baseline(model, padded, rng) for model in models]
    looks = make_looks(models, padded, rng, 9, halo)
    watched = (rng.random(padded) < 0.9).astype(np.uint8)
    return models, bases, looks, watched


def _run(
    models: Any, bases: Any, looks: Any, watched: Any, state: PixelState, step: Any = update
) -> list[Any]:
    counts = []
    for number, look in enumerate(looks):
        scalars = _scalars(look, models, number)
        args = (state, look, bases, watched)
        counts.append(step(*args, scalars))
    return counts


@pytest.mark.parametrize(
    ("radius", "streams", "halo"), [(0, 1, 0), (0, 2, 1), (1, 1, 1), (1, 2, 3), (2, 3, 2)]
)
def test_kernel_equals_the_plain_oracle_bit_for_bit(radius: int, streams: int, halo: int) -> None:
    models, bases, looks, watched = _case(radius, streams, 5 + radius, halo)
    fast, slow = fresh_state((13, 37), streams), fresh_state((13, 37), streams)
    fast.crossed[3, 4:9] = slow.crossed[3, 4:9] = PixelFlag.CLOSED << 14 | 77
    assert _run(models, bases, looks, watched, fast) == _run(models, bases, looks, watched, slow, oracle)
    assert fast.hash() == slow.hash()
    assert (fast.crossed >> 14 == PixelFlag.CHANGED).sum() > 20, "the case must exercise the flags"
    assert (fast.crossed[3, 4:9] == (PixelFlag.CLOSED << 14 | 77)).all()
    assert (fast.memory[:, 3, 4:9] == NODATA).all()


def _tile(case: Any, window: tuple[slice, slice], halo: int) -> Any:
    """Cut a case whose halo is `halo` to a window of its tile, halo included."""
    models, bases, looks, watched = case
    rows, cols = (slice(w.start, w.stop + 2 * halo) for w in window)
    cut = [
        replace(
            base,
            level=base.level[rows, cols].copy(),
            season=base.season[:, rows, cols].copy(),
            inv_spread=base.inv_spread[rows, cols].copy(),
            looks=base.looks[rows, cols].copy(),
        )
        for base in bases
    ]
    parts = [replace(look, values=look.values[:, rows, cols]) for look in looks]
    return models, cut, parts, watched[rows, cols]


def test_four_tiles_with_a_halo_give_what_one_tile_gives() -> None:
    case = _case(1, 2, 3, 1)
    whole = fresh_state((13, 37), 2)
    _run(*case, whole)
    for rows in (slice(0, 6), slice(6, 13)):
        for cols in (slice(0, 20), slice(20, 37)):
            part = fresh_state((rows.stop - rows.start, cols.stop - cols.start), 2)
            _run(*_tile(case, (rows, cols), 1), part)
            for name in ("evidence", "before", "onset", "crossed"):
                np.testing.assert_array_equal(getattr(part, name), getattr(whole, name)[rows, cols])
            np.testing.assert_array_equal(part.memory, whole.memory[:, rows, cols])


@pytest.mark.parametrize("radius", [0, 1, 2])
def test_a_pixel_depends_on_its_window_only(radius: int) -> None:
    models, bases, looks, watched = _case(radius, 1, 8, 2)
    plain, moved = fresh_state((13, 37), 1), fresh_state((13, 37), 1)
    _run(models, bases, looks, watched, plain)
    for look in looks:
        look.values[0, 2 + 6, 2 + 18] = -9000
    _run(models, bases, looks, watched, moved)
    differs = np.argwhere(plain.memory[0] != moved.memory[0])
    assert len(differs)
    assert np.abs(differs - [6, 18]).max() == radius


def test_replay_from_a_stored_state_equals_the_run() -> None:
    models, bases, looks, watched = _case(1, 2, 4, 1)
    run, first = fresh_state((13, 37), 2), fresh_state((13, 37), 2)
    _run(models, bases, looks, watched, run)
    names = ("evidence", "before", "onset", "crossed", "memory")
    for number, look in enumerate(looks):
        again = PixelState(**{name: getattr(first, name).copy() for name in names})
        update(again, look, bases, watched, _scalars(look, models, number))
        first = again
    assert first.hash() == run.hash()


def test_a_masked_look_changes_nothing() -> None:
    models, bases, looks, watched = _case(1, 1, 6, 1)
    state = fresh_state((13, 37), 1)
    _run(models, bases, looks, watched, state)
    before = state.hash()
    masked = replace(looks[-1], values=np.full_like(looks[-1].values, NODATA), day=looks[-1].day + 5)
    counts = update(state, masked, bases, watched, look_scalars(masked.day, models, H))
    assert counts == UpdateCounts(0, 0, 0, 0)
    assert state.hash() == before


@pytest.mark.parametrize("factor", [10.0, 0.001])
def test_units_do_not_matter(factor: float) -> None:
    models, bases, looks, watched = _case(1, 1, 9, 1)
    scaled = [model.scaled(factor) for model in models]
    states = [fresh_state((13, 37), 1) for _ in range(2)]
    _run(models, bases, looks, watched, states[0])
    _run(scaled, bases, looks, watched, states[1])
    assert states[0].hash() == states[1].hash()


# ---------------------------------------------------------------- one pixel, look by look


def _pixel(values: Sequence[float | None], model: StreamModel | None = None, gap: int = 12) -> list[Any]:
    """Fold looks of one pixel (dB from its level, None masked); return (L, before, onset, crossed, flag)."""
    model = model or make_model()
    base = [baseline_from_surroundings(model, (1, 1))]
    state, trace = fresh_state((1, 1), 1), []
    for number, value in enumerate(values):
        stored = NODATA if value is None else round((model.level + value) / model.quantum)
        day = 17000 + gap * number
        look = GriddedLook("l", "t", day, (model.stream,), np.full((1, 1, 1), stored, np.int16), 0)
        update(state, look, base, np.ones((1, 1), np.uint8), look_scalars(day, [model], H))
        word = int(state.crossed[0, 0])
        days = [int(state.before[0, 0]), int(state.onset[0, 0]), word & 0x3FFF]
        trace.append((int(state.evidence[0, 0]), *(d + STATE_DAY0 if d else 0 for d in days), word >> 14))
    return trace


def test_the_books_of_a_clearing() -> None:
    trace = _pixel([0, 0, None, -7, -7, None, -7, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5])
    days = [17000 + 12 * k for k in range(len(trace))]
    assert trace[1] == (0, days[1], 0, 0, PixelFlag.INTACT)
    assert trace[2] == trace[1], "no look, no change"
    level, before, onset, crossed, _ = trace[3]
    assert level > 0
    assert (before, onset) == (days[1], days[3]), "the window opens at the last look with no evidence"
    assert crossed == (days[3] if level >= 2 * EVIDENCE_PER_NAT else 0)
    assert trace[6][4] == PixelFlag.CHANGED
    assert trace[6][1:4] == (days[1], days[3], trace[4][3]), "the first crossing of h1 keeps its day"
    falling = [row for row in trace[7:] if 0 < row[0] < 2 * EVIDENCE_PER_NAT]
    assert all(row[4] == PixelFlag.CHANGED for row in falling), "changed until the evidence is back at 0"
    first = next(k for k, row in enumerate(trace) if k > 6 and row[0] == 0)
    assert trace[first] == (0, days[first], 0, 0, PixelFlag.INTACT)


def test_candidate_comes_before_changed() -> None:
    trace = _pixel([0, *[-3.6] * 8])
    flags = [row[4] for row in trace]
    assert flags[0] == PixelFlag.INTACT
    assert PixelFlag.CANDIDATE in flags
    assert flags[-1] == PixelFlag.CHANGED
    crossings = {row[3] for row in trace if row[4] != PixelFlag.INTACT}
    assert len(crossings) == 1, "changed keeps the day on which h1 was crossed"


@given(level=st.integers(0, 32767), fade_shift=st.integers(1, 14))
@settings(max_examples=60, deadline=None)
def test_fading_alone_never_takes_the_evidence_to_zero_and_sums_saturate(level: int, fade_shift: int) -> None:
    model = make_model()
    model = replace(model, fade_shift=fade_shift, floor=0.0, knots=(0.0,) * 4, slopes=(0.0,) * 4)
    base = baseline_from_surroundings(model, (1, 1))
    state = fresh_state((1, 1), 1)
    state.evidence[:] = level
    look = GriddedLook("l", "t", 17000, ("vh",), np.full((1, 1, 1), base.level[0, 0], np.int16), 0)
    for _ in range(3):
        update(state, look, base, np.ones((1, 1), np.uint8), look_scalars(17000, [model], H))
        assert (state.evidence[0, 0] > 0) == (level > 0)
    steep = replace(model, knots=(8.0,) * 4, slopes=(31.0, 0.0, 0.0, 0.0))
    state.evidence[:] = 32767
    update(state, look, base, np.ones((1, 1), np.uint8), look_scalars(17000, [steep], H))
    left = 32767 - (32767 >> fade_shift)
    assert state.evidence[0, 0] == min(32767, left + 8 * 31 * EVIDENCE_PER_NAT)


def test_a_change_is_not_learnt_as_forest() -> None:
    model = make_model()
    resting = _pixel([0, *[-4.0] * 60], model)[-1][0]
    learning = _pixel([0, *[-4.0] * 60], replace(model, freeze_nats=500.0))[-1][0]
    assert resting > 3 * EVIDENCE_PER_NAT
    assert learning < resting


def test_the_slow_level_follows_at_its_gain_and_no_faster_than_its_clip() -> None:
    model = make_model()
    base = baseline_from_surroundings(model, (1, 2))
    state = fresh_state((1, 2), 1)
    sigma = round(2048 * 256 / int(base.inv_spread[0, 0]))
    values = base.level.astype(np.int32) + np.array([[sigma // 2, 30 * sigma]])
    look = GriddedLook("l", "t", 17000, ("vh",), values[None].astype(np.int16), 0)
    update(state, look, base, np.ones((1, 2), np.uint8), look_scalars(17000, [model], H))
    np.testing.assert_allclose(state.memory[0, 0] / 8192, [0.5 / 32, 1 / 32], atol=2e-4)


# ---------------------------------------------------------------- what does not fit is refused


@pytest.mark.parametrize("day", [STATE_DAY0, STATE_DAY0 + 16384, 0])
def test_days_that_cannot_be_stored_are_refused(day: int) -> None:
    with pytest.raises(InputError, match="2010-01-02"):
        look_scalars(day, [make_model()], H)


def test_a_ratio_too_steep_for_sixteen_bits_is_refused() -> None:
    steep = replace(make_model(), slopes=(33.0, 0.0, 0.0, -33.0))
    with pytest.raises(InputError, match="32 nats"):
        look_scalars(17000, [steep], H)


def test_thresholds_out_of_order_are_refused() -> None:
    with pytest.raises(InputError, match="h1"):
        Thresholds(4.0, 2.0)


def test_shapes_streams_and_halo_must_fit() -> None:
    models, bases, looks, watched = _case(1, 2, 1, 1)
    scalars = _scalars(looks[0], models, 0)
    state = fresh_state((13, 37), 2)
    with pytest.raises(SceneError, match="expected values"):
        update(fresh_state((12, 37), 2), looks[0], bases, watched, scalars)
    with pytest.raises(SceneError, match="2 streams, but 1 baselines"):
        update(state, looks[0], bases[:1], watched, scalars)
    wide = [replace(model, radius_px=2) for model in models]
    with pytest.raises(SceneError, match="halo of 2"):
        update(state, looks[0], bases, watched, _scalars(looks[0], wide, 0))
    with pytest.raises(StoreError, match="memory"):
        update(fresh_state((13, 37), 1), looks[0], bases, watched, scalars)

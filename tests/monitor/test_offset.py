"""The pass's own offset: independent of tiles and their order, robust, refused when too little is seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dosel.catalog.scene import RefusedSceneError
from dosel.errors import SceneError
from dosel.model.codes import NODATA, Refusal
from dosel.monitor.baseline import Baseline
from dosel.monitor.evidence import StreamModel, shape
from dosel.monitor.offset import lattice_residuals, pass_offset
from dosel.monitor.scalars import basis
from dosel.stack.gridded import GriddedLook

RATIO = shape(1.7, 14, 1.75, 1.25)
VH = StreamModel(
    "vh", "dB", 1 / 256, -1, -12.8, 4, 80, 1.65, 250, 1.07, 14, 1.7, 1.75, 1.25,
    RATIO.floor, RATIO.knots, RATIO.slopes,
)  # fmt: skip
ORIGIN = (-13, 1021)


def _scene(halo: int = 1) -> tuple[GriddedLook, Baseline, np.ndarray]:  # type: ignore[type-arg]
    rng = np.random.default_rng(3)
    shape_ = (61 + 2 * halo, 90 + 2 * halo)
    level = rng.integers(-3500, -3000, shape_).astype(np.int16)
    values = (level + rng.normal(130, 60, shape_)).astype(np.int16)
    values[rng.random(shape_) < 0.2] = NODATA
    inv = np.full(shape_, 1200, np.uint16)
    inv[:, 5] = 0
    season = rng.integers(-20, 20, (2, *shape_)).astype(np.int8)
    base = Baseline("vh", level, season, inv, np.ones(shape_, np.uint8), "history")
    look = GriddedLook("look", "tile", 17000, ("vv", "vh"), np.stack([values * 0, values]), halo)
    return look, base, (rng.random(shape_) < 0.8).astype(np.uint8)


def _lattice(lattice_px: int = 8) -> np.ndarray:  # type: ignore[type-arg]
    look, base, watched = _scene()
    return lattice_residuals(look, VH, base, watched, ORIGIN, lattice_px)


def test_points_lie_on_the_lattice_of_the_whole_projection() -> None:
    look, base, watched = _scene()
    expected = []
    for y in range(61):
        for x in range(90):
            row, col = y + 1, x + 1
            on = (ORIGIN[0] + y) % 8 == 0 and (ORIGIN[1] + x) % 8 == 0
            value = int(look.values[1, row, col])
            if on and value != NODATA and watched[row, col] and base.inv_spread[row, col]:
                season = (base.season[:, row, col].astype(int) @ basis(17000)[:2] + 128) >> 8
                expected.append(value - int(base.level[row, col]) - int(season))
    assert _lattice().tolist() == expected
    assert len(expected) > 20


def test_tiles_and_their_order_do_not_change_the_offset() -> None:
    look, base, watched = _scene()
    parts = []
    for rows in (slice(0, 23), slice(23, 61)):
        for cols in (slice(0, 41), slice(41, 90)):
            r, c = (slice(w.start, w.stop + 2) for w in (rows, cols))
            cut = replace(
                base,
                level=base.level[r, c],
                season=base.season[:, r, c],
                inv_spread=base.inv_spread[r, c],
                looks=base.looks[r, c],
            )
            tile = replace(look, values=look.values[:, r, c])
            origin = (ORIGIN[0] + rows.start, ORIGIN[1] + cols.start)
            parts.append(lattice_residuals(tile, VH, cut, watched[r, c], origin))
    whole = pass_offset([_lattice()], min_points=20)
    assert pass_offset(parts[::-1], min_points=20) == pass_offset(parts, min_points=20) == whole
    assert whole == pytest.approx(130, abs=30)


def test_a_third_cleared_hardly_moves_the_median_and_a_quantile_ignores_half() -> None:
    rng = np.random.default_rng(1)
    forest = rng.normal(50, 100, 3000).astype(np.int32)
    mixed = [forest[:2000], forest[2000:] - 1500]
    assert abs(pass_offset(mixed) - 50) < 70
    assert pass_offset([np.arange(101)], quantile=0.75) == 75


def test_too_few_points_are_refused_with_their_code() -> None:
    with pytest.raises(RefusedSceneError, match="look 7, vh: too few valid lattice points") as caught:
        pass_offset([np.zeros(99, np.int32)], where="look 7, vh")
    assert caught.value.refusal is Refusal.OFFSET
    with pytest.raises(RefusedSceneError):
        pass_offset([])


def test_a_stream_that_the_look_lacks_is_refused() -> None:
    look, base, watched = _scene()
    with pytest.raises(SceneError, match="no stream vh"):
        lattice_residuals(replace(look, streams=("vv", "nbr")), VH, base, watched, ORIGIN)

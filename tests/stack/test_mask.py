"""Which pixels are watched, and what looks like forest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from affine import Affine

from dosel.catalog.sensors import sensor
from dosel.config import MaskSettings
from dosel.errors import InputError
from dosel.model.codes import NODATA, Watch
from dosel.stack.mask import forest_from_level, forest_rule, looks_like_forest, watch_codes

VH = sensor("sentinel-1-rtc").streams[1]


def test_map_values_become_codes_and_its_outside_is_outside(tmp_path: Path, made: Any) -> None:
    """Kills: nodata taken for a class, a map shifted by a pixel, the halo left out."""
    forest = np.random.default_rng(1).integers(0, 3, (40, 60)).astype(np.uint8)
    forest[3, 3] = 255
    place = Affine(10, 0, made.LEFT + 20, 0, -10, made.TOP - 10)
    asset = made.write(tmp_path / "forest.tif", forest, transform=place, nodata=255)
    settings = MaskSettings(kind="map", file=Path("forest.tif"), dated=date(2023, 1, 1), forest=(1, 2))
    grid = made.grid_over(64, 64, tile_px=32)
    want = np.full((64 + 4, 64 + 4), Watch.OUTSIDE, np.uint8)
    codes = np.where(forest == 0, Watch.NOT_FOREST, Watch.WATCHED).astype(np.uint8)
    codes[3, 3] = Watch.OUTSIDE
    want[3:43, 4:64] = codes
    want = want[:68, :68]
    for tile in grid.tiles():
        top, left = tile.row - grid.window[1], tile.col - grid.window[0]
        got = watch_codes(settings, tile, 2, centre=Path(asset.href).parent)
        np.testing.assert_array_equal(got, want[top : top + 36, left : left + 36])


def test_area_and_layover_are_told_apart(made: Any) -> None:
    grid = made.grid_over(32, 32)
    tile = grid.tiles()[0]
    x, y = made.LEFT, made.TOP
    area = shapely.box(x, y - 160, x + 320, y)
    layover = np.zeros((32, 32), bool)
    layover[:, :4] = True
    codes = watch_codes(MaskSettings(kind="all"), tile, 0, area=area, layover=layover)
    assert (codes[16:] == Watch.OUTSIDE).all()
    assert (codes[:16, :4] == Watch.LAYOVER).all()
    assert (codes[:16, 4:] == Watch.WATCHED).all()
    assert (watch_codes(MaskSettings(), tile, 1) == Watch.WATCHED).all()
    far = shapely.box(0, 0, 1, 1)
    assert (watch_codes(MaskSettings(kind="all"), tile, 0, area=far) == Watch.OUTSIDE).all()


def test_a_map_that_cannot_be_used_is_the_users_to_mend(tmp_path: Path, made: Any) -> None:
    tile = made.grid_over(32, 32).tiles()[0]
    settings = MaskSettings(kind="map", file=tmp_path / "gone.tif", dated=date(2023, 1, 1))
    with pytest.raises(InputError, match=r"mask\.file: .*gone\.tif"):
        watch_codes(settings, tile, 0)


def _frontier(share: float, direction: int) -> tuple[np.ndarray, np.ndarray]:
    """Levels of forest and of clearings, `direction` away from it; the second array is the truth."""
    rng = np.random.default_rng(3)
    truth = rng.random(20_000) < share
    level = np.where(truth, rng.normal(0, 60, truth.size), direction * rng.normal(500, 150, truth.size))
    return (level - 1350).astype(np.int16), truth


@pytest.mark.parametrize("direction", [-1, 1])
@pytest.mark.parametrize("share", [0.4, 0.7, 0.98])
def test_forest_is_the_peak_that_clearing_leads_away_from(share: float, direction: int) -> None:
    """Kills: the highest peak instead of the outermost, a sign of direction lost."""
    level, truth = _frontier(share, direction)
    stream = replace(VH, direction=direction)  # type: ignore[arg-type]
    forest = forest_from_level(level, np.full(level.shape, 150.0), stream)
    assert forest[truth].mean() > 0.97
    assert forest[~truth].mean() < 0.08


def test_restless_and_empty_pixels_are_no_forest() -> None:
    level, _ = _frontier(0.9, -1)
    spread = np.full(level.shape, 150.0)
    spread[:50], level[50:60] = 900.0, NODATA
    forest = forest_from_level(level, spread, VH)
    assert not forest[:60].any()
    assert forest_rule(np.full(100, NODATA, np.int16), np.ones(100), VH) is None


def test_one_rule_for_all_tiles() -> None:
    """Kills: a rule that is taken again for each tile."""
    level, _ = _frontier(0.6, -1)
    spread = np.full(level.shape, 150.0)
    rule = forest_rule(level, spread, VH)
    assert rule is not None
    parts = [looks_like_forest(part, spread[:5000], rule) for part in np.split(level, 4)]
    np.testing.assert_array_equal(np.concatenate(parts), forest_from_level(level, spread, VH))

"""The Sentinel-2 points: a left-out cell is never looked at, and the figure that stands in the docs (O)."""

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.s2_protocol import Points, Way, auc, clear_line, fold_without, read_points, without_outliers
from benchmarks.score_s2_points import WAYS, evaluate

WAY = Way("NBR", "B08", "B12", "clear line", 5)


def world(seed: int = 0) -> Points:
    """Three cells of forest and clearings; hazy looks among them."""
    rng = np.random.default_rng(seed)
    label = tuple(np.where(np.arange(240) % 4 == 0, "Deforestation", "Forest").tolist())
    dates = 24
    fell = (np.array(label) == "Deforestation")[:, None] & (np.arange(dates) >= 12)
    nir = np.where(fell, 0.20, 0.28) + rng.normal(0, 0.01, (240, dates))
    swir = np.where(fell, 0.16, 0.06) + rng.normal(0, 0.005, (240, dates))
    blue, haze = 0.02 + rng.normal(0, 0.002, (240, dates)), rng.random((240, dates)) < 0.1
    bands = {
        "B02": np.where(haze, blue + 0.1, blue),
        "B03": np.full((240, dates), 0.03),
        "B04": np.full((240, dates), 0.02),
        "B08": nir,
        "B11": swir + 0.05,
        "B12": np.where(haze, swir + 0.1, swir),
    }
    return Points(label, np.arange(240) % 3, 17_800 + 16 * np.arange(dates), bands)


def test_ties_count_half_as_pairs_do():
    """Kills: ties counted as won or lost, the sign turned."""
    rng = np.random.default_rng(4)
    score, cleared = rng.integers(0, 6, 80).astype(float), rng.random(80) < 0.4
    pairs = score[cleared][:, None] - score[~cleared][None, :]
    assert auc(score, cleared) == pytest.approx(np.mean((pairs > 0) + 0.5 * (pairs == 0)))


def test_a_left_out_cell_tells_nothing_about_itself():
    """Kills: a row, a clear line or an outlier limit from all cells, a label of the left-out cell."""
    points = world()
    before = fold_without(points, WAY, {0})
    other = points.cell == 0
    keep = other & (np.cumsum(other) <= 20)  # scored as before; the rest of its cell is turned upside down
    rng = np.random.default_rng(9)
    bands = {
        name: np.where((other & ~keep)[:, None], rng.random(v.shape), v) for name, v in points.bands.items()
    }
    label = tuple("Forest" if o and not k else n for n, o, k in zip(points.label, other, keep, strict=True))
    after = fold_without(replace(points, bands=bands, label=label), WAY, {0})
    np.testing.assert_array_equal(before.last[keep], after.last[keep])
    np.testing.assert_array_equal(before.largest[keep], after.largest[keep])
    assert np.isnan(before.last[~other]).all()


def test_clearings_stand_out_and_haze_does_not():
    points = world()
    scores = fold_without(points, WAY, {1})
    here = points.cell == 1
    assert scores.last[here & points.cleared].min() > 5
    assert scores.largest[here & points.forest].max() < 5


def test_the_clear_line_is_where_land_lies():
    """Kills: a deviation that haze widens, a mode drawn into the haze."""
    rng = np.random.default_rng(2)
    mixed = np.concatenate([rng.normal(0.01, 0.004, 6000), rng.uniform(0.03, 0.4, 4000)])
    mode, sd = clear_line(mixed)
    assert mode == pytest.approx(0.01, abs=0.002)
    assert sd == pytest.approx(0.004, abs=0.001)


def test_outliers_leave_and_what_was_hidden_stays_hidden():
    values = np.full((3, 20), 0.7) + np.tile([0.01, -0.01], 10)
    values[0, 5] = 0.1
    hidden = np.zeros(values.shape, bool)
    hidden[1, 3] = True
    out = without_outliers(values, np.array([True, True, False]), hidden)
    assert np.argwhere(out).tolist() == [[0, 5], [1, 3]]


def test_the_figures_of_the_docs(shared_data):
    points = read_points(shared_data / "timeseries" / "sentinel2-points")
    use = points.cleared | points.forest
    assert (int(points.cleared.sum()), int(points.forest.sum())) == (190, 473)
    results = evaluate(points)
    cleared = points.cleared[use]
    assert auc(results.chosen.scores.last[use], cleared) >= 0.95
    assert auc(results.chosen.scores.largest[use], cleared) >= 0.95
    assert 0.92 < auc(results.ways[WAYS[0]].last[use], cleared) < 0.94

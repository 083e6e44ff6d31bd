"""Protocol of the Sentinel-2 points: data, cloud rules, rows, folds by cell, AUC (proof O).

No point has a history. Each 1-degree cell is left out in turn; the row of the stream, and with it the
baseline of every left-out point, comes from the stable forest of the other cells by the procedure of
``dosel points`` (:func:`dosel.monitor.derive.derive_stream`), and its points are folded by its kernel.
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dosel.catalog.sensors import sensor
from dosel.model.codes import EVIDENCE_PER_NAT
from dosel.model.time import day_of
from dosel.monitor.derive import Looks, derive_stream, prior_row
from dosel.monitor.points import fold
from dosel.monitor.series import PointSeries
from dosel.monitor.streams import PointStream

CLIP_SD = 3.0
"""Looks of stable forest beyond this are left out of the row, as the second pass of the learner does."""
CLEAR_SD = 3.0
"""A look this far above the clear line, in robust deviations of the line, is haze."""
BIN = 0.001
DRAWS = 2000

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Bands = dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Points:
    """All points of the folder, those of other labels for the clear line only."""

    label: tuple[str, ...]
    cell: Ints
    """(point,) number of the 1-degree cell."""
    day: Ints
    """(date,) UTC day numbers of the composites."""
    bands: Bands
    """(point, date) reflectance by band."""

    @property
    def cleared(self) -> Bools:
        """(point,) deforestation within the year."""
        return np.array([name == "Deforestation" for name in self.label])

    @property
    def forest(self) -> Bools:
        """(point,) stable forest."""
        return np.array([name == "Forest" for name in self.label])


@dataclass(frozen=True, slots=True)
class Way:
    """One way to turn reflectance into evidence."""

    name: str
    one: str
    other: str
    """The index is (one - other) / (one + other)."""
    clouds: str
    """``fmask``, ``clear line`` or ``none``."""
    gain_shift: int
    """The slow level follows 2**-gain_shift of an innovation."""


@dataclass(frozen=True, slots=True)
class Scores:
    """(point,) scores in nats; clearing makes them large."""

    last: Floats
    """Running evidence at the last date."""
    largest: Floats
    """Largest running evidence of the year."""


def read_points(data: Path) -> Points:
    """Read all points and their series."""
    with (data / "samples_tb_points.csv").open(newline="", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    number = {row["sample_id"]: at for at, row in enumerate(rows)}
    with gzip.open(data / "samples_tb_series.csv.gz", "rt", newline="", encoding="utf-8") as text:
        looks = list(csv.DictReader(text))
    dates = {date: at for at, date in enumerate(sorted({row["date"] for row in looks}))}
    at = (
        np.array([number[row["sample_id"]] for row in looks]),
        np.array([dates[row["date"]] for row in looks]),
    )
    bands = {}
    for name in sorted(set(looks[0]) - {"sample_id", "date"}):
        bands[name] = np.full((len(rows), len(dates)), np.nan)
        bands[name][at] = [float(row[name]) for row in looks]
    place = [np.floor(float(row["longitude"])) * 1000 + np.floor(float(row["latitude"])) for row in rows]
    cell = np.unique(place, return_inverse=True)[1].astype(np.int64)
    return Points(
        tuple(row["label"] for row in rows), cell, np.array([day_of(date) for date in dates]), bands
    )


def normalised(one: Floats, other: Floats) -> Floats:
    """Return (one - other) / (one + other), 0 where both are dark."""
    total = one + other
    return np.where(total > 0, (one - other) / np.where(total > 0, total, 1.0), 0.0)


def haze(bands: Bands) -> Floats:
    """Return the haze transform blue - 0.5 red: land lies on a line, haze above it (Zhang et al. 2002)."""
    return bands["B02"] - 0.5 * bands["B04"]


def fmask(bands: Bands) -> Bools:
    """Return which looks are cloud by the spectral tests of Fmask without a thermal band.

    At their published constants (Zhu & Woodcock 2012): haze transform above 0.08, whiteness below 0.7,
    NIR / SWIR above 0.75, SWIR above 0.03, NDVI and NDSI below 0.8.
    """
    blue, green, red = bands["B02"], bands["B03"], bands["B04"]
    nir, swir, far = bands["B08"], bands["B11"], bands["B12"]
    mean = np.maximum((blue + green + red) / 3, 1e-6)
    white = sum((np.abs(band - mean) for band in (blue, green, red)), np.zeros_like(blue)) / mean < 0.7
    basic = (far > 0.03) & (normalised(nir, red) < 0.8) & (normalised(green, swir) < 0.8)
    return np.asarray((haze(bands) > 0.08) & white & basic & (nir / np.maximum(swir, 1e-6) > 0.75))


def clear_line(sample: Floats) -> tuple[float, float]:
    """Return the mode of the haze transform and its deviation on the side that haze does not reach."""
    low, high = np.quantile(sample, [0.001, 0.999])
    edges = np.arange(low, high, BIN)
    count = np.convolve(np.histogram(sample, edges)[0], np.full(5, 0.2), "same")
    mode = float(edges[np.argmax(count)] + BIN / 2)
    return mode, float(np.median(mode - sample[sample <= mode]) / 0.6745)


def masked(points: Points, clouds: str, train: Bools) -> Bools:
    """Return which looks (point, date) are taken for cloud; labels are not used."""
    if clouds == "fmask":
        return fmask(points.bands)
    if clouds == "clear line":
        mode, sd = clear_line(haze(points.bands)[train].ravel())
        return np.asarray(haze(points.bands) > mode + CLEAR_SD * sd)
    return np.zeros(points.bands["B02"].shape, bool)


def series(points: Points, values: Floats, chosen: Bools, hidden: Bools) -> PointSeries:
    """Return the valid looks of some points, numbered anew."""
    point, date = np.nonzero(~hidden[chosen])
    ids = tuple(map(str, np.flatnonzero(chosen)))
    return PointSeries(ids, point, points.day[date], values[chosen][point, date], 0, 0)


def without_outliers(values: Floats, chosen: Bools, hidden: Bools) -> Bools:
    """Return `hidden` with the looks of chosen points beyond CLIP_SD of their mean, to a fixed point."""
    out, inside = hidden.copy(), values[chosen]
    while True:
        seen = ~out[chosen]
        count = np.maximum(seen.sum(axis=1), 1)
        r = inside - (np.where(seen, inside, 0).sum(axis=1) / count)[:, None]
        sd = np.sqrt((r[seen] ** 2).sum() / (seen.sum() - len(count)))
        far = seen & (np.abs(r) > CLIP_SD * sd)
        if not far.any():
            return out
        out[chosen] |= far


def derived_row(points: Points, way: Way, values: Floats, chosen: Bools, hidden: Bools) -> PointStream:
    """Return the row from stable forest; what one year cannot tell stays as the sensor table has it."""
    spec = sensor("sentinel-2-l2a").streams[0]
    looks = series(points, values, chosen, without_outliers(values, chosen, hidden))
    prior = prior_row(way.name, "1", spec.quantum, -1, 0.0, spec.spread, spec.shift, spec.shift / 4)
    held = Looks(looks.value, looks.day, looks.point, int(chosen.sum()))
    end = np.full(held.points, points.day[-1] + 1)
    model = replace(derive_stream(held, end, end, prior).model, gain_shift=way.gain_shift)
    return PointStream(model, 1.0, 1.0, (-1.0, 1.0), "")


def fold_without(points: Points, way: Way, left_out: set[int]) -> Scores:
    """Return scores of the clearings and forest of some cells, from a row that saw none of them; else NaN."""
    test = np.isin(points.cell, list(left_out))
    values = normalised(points.bands[way.one], points.bands[way.other])
    hidden = masked(points, way.clouds, ~test)
    row = derived_row(points, way, values, points.forest & ~test, hidden)
    scored = test & (points.cleared | points.forest)
    looks = series(points, values, scored, hidden)
    trace = fold(looks, np.full(int(scored.sum()), points.day[0]), row)
    last = np.where(scored, 0.0, np.nan)
    largest = last.copy()
    who, nats = np.flatnonzero(scored)[trace.point], trace.evidence / EVIDENCE_PER_NAT
    np.maximum.at(largest, who, nats)
    last[who] = nats  # looks are sorted by day: the last one stays
    return Scores(last, largest)


def left_out_scores(points: Points, way: Way) -> Scores:
    """Return the scores of all clearings and forest, each cell left out in turn."""
    cells = np.unique(points.cell[points.cleared | points.forest])
    every = [fold_without(points, way, {int(cell)}) for cell in cells]
    last, largest = ([getattr(scores, name) for scores in every] for name in ("last", "largest"))
    return Scores(np.fmax.reduce(last), np.fmax.reduce(largest))


def auc(score: Floats, cleared: Bools, weight: Floats | None = None) -> float:
    """Return the area under the ROC curve; ties count half. `weight` is how often a point was drawn.

    Examples
    --------
    >>> auc(np.array([0.0, 0.0, 2.0, 3.0]), np.array([False, True, False, True]))
    0.625
    """
    weight = np.ones(len(score)) if weight is None else weight
    value, at = np.unique(score, return_inverse=True)
    high, low = (np.bincount(at, weight * group, len(value)) for group in (cleared, ~cleared))
    return float((high * (np.cumsum(low) - 0.5 * low)).sum() / (high.sum() * low.sum()))


def interval(score: Floats, cleared: Bools, cell: Ints) -> tuple[float, float]:
    """Return the 95 % interval of the AUC over resampled cells."""
    names, cell = np.unique(cell, return_inverse=True)
    even = np.full(len(names), 1 / len(names))
    times = np.random.default_rng(0).multinomial(len(names), even, size=DRAWS)
    both = [t for t in times if (t[cell] * cleared).any() and (t[cell] * ~cleared).any()]
    drawn = [auc(score, cleared, t[cell].astype(float)) for t in both]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)

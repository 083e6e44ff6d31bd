"""Rasters of coded alerts: the first digit is a confidence, the others are days since day zero.

Neighbouring pixels (at an edge or a corner) whose days differ by at most `group_days` are one alert. Its day
is that of its earliest pixel, which also names it, so it keeps its name while it grows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from dosel.alerts.partner.table import Table
from dosel.config.feed import FeedSettings
from dosel.errors import InputError
from dosel.model.time import day_of, iso_day
from dosel.stack.coded import CodedPixels, coded_pixels

_NEIGHBOURS: Final = ((0, 1), (1, -1), (1, 0), (1, 1))
_COLUMNS: Final = ("pixel", "day", "last_day", "confidence", "pixels")


def read_coded(path: Path, feed: FeedSettings) -> tuple[Table, FeedSettings]:
    """Return groups of pixels as rows, and the mapping that reads them.

    Raises
    ------
    InputError
        If the feed has no codes, or the raster cannot be read, declares no CRS or holds other codes.
    """
    if not feed.codes:
        raise InputError(f"{path}: the feed {feed.name} states no codes, so it cannot read a raster")
    pixels = coded_pixels(path)
    if not (pixels.crs or feed.crs):
        raise InputError(f"{path}: the raster declares no CRS, and the feed {feed.name} states none")
    own = {"extent": "outline", "id": ("pixel",), "day": "day", "day_format": "iso", "area": ""}
    read = feed.model_copy(update=own | {"confidence": "confidence", "published": ""})
    return _table(path, pixels, feed), read


def _table(path: Path, pixels: CodedPixels, feed: FeedSettings) -> Table:
    digits, days = decode(pixels.code)
    unknown = sorted({str(digit) for digit in np.unique(digits)} - set(feed.codes))
    if unknown:
        known = ", ".join(sorted(feed.codes))
        raise InputError(
            f"{path}: expected codes that begin with {known}, got {', '.join(unknown)}; see codes of the feed"
        )
    order = np.lexsort((pixels.col, pixels.row, days))
    row, col, day = pixels.row[order], pixels.col[order], days[order] + day_of(feed.day_zero)
    label = grouped(row, col, day, feed.group_days)
    firsts = np.unique(label)
    x, y = pixels.transform * (col + 0.5, row + 0.5)
    names = [f"{x[first]:.7f} {y[first]:.7f} {iso_day(int(day[first]))}" for first in firsts]
    held = np.split(np.argsort(label, kind="stable"), np.cumsum(np.bincount(label)[firsts])[:-1])
    said = [_said(name, day[own], digits[order][own], feed) for name, own in zip(names, held, strict=False)]
    columns = {
        name: np.array([values[number] for values in said], dtype=object)
        for number, name in enumerate(_COLUMNS)
    }
    shapes = np.full(len(said), None, dtype=object)
    for number, own in enumerate(held[: len(said)]):
        shapes[number] = _outline(row[own], col[own], pixels)
    return Table(columns, shapes, pixels.crs or feed.crs, len(said))


def decode(code: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first digits and the days of codes.

    Examples
    --------
    >>> [part.tolist() for part in decode(np.array([20001, 30055, 43652]))]
    [[2, 3, 4], [1, 55, 3652]]
    """
    power = 10 ** np.floor(np.log10(np.maximum(code, 1))).astype(np.int64)
    return code // power, code % power


def grouped(
    row: NDArray[np.int64], col: NDArray[np.int64], day: NDArray[np.int64], group_days: int
) -> NDArray[np.int64]:
    """Return for each pixel the least number among those it hangs together with.

    Examples
    --------
    >>> row, col = np.array([0, 1, 0, 5]), np.array([0, 1, 1, 5])
    >>> grouped(row, col, np.array([1, 10, 90, 1]), 30).tolist()
    [0, 0, 2, 3]
    """
    wide = int(col.max(initial=0)) + 3
    place = row * wide + col + 1
    order = np.argsort(place)
    one: list[NDArray[np.int64]] = []
    other: list[NDArray[np.int64]] = []
    for down, right in _NEIGHBOURS:
        at = np.searchsorted(place, place + down * wide + right, sorter=order).clip(
            max=max(0, len(place) - 1)
        )
        near = order[at] if len(place) else at
        hit = place[near] == place + down * wide + right
        hit &= np.abs(day[near] - day) <= group_days
        one.append(np.flatnonzero(hit))
        other.append(near[hit])
    return _least(len(place), np.concatenate(one), np.concatenate(other))


def _least(count: int, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    label = np.arange(count)
    while True:
        before = label.copy()
        np.minimum.at(label, label[one], label[other])
        np.minimum.at(label, label[other], label[one])
        label = label[label]
        if np.array_equal(label, before) and np.array_equal(label[one], label[other]):
            return label


def _said(name: str, day: NDArray[np.int64], digit: NDArray[np.int64], feed: FeedSettings) -> tuple[Any, ...]:
    """Return what a group says, by :data:`_COLUMNS`; its confidence is the highest of its pixels."""
    first, last = iso_day(int(day.min())), iso_day(int(day.max()))
    return name, first, last, feed.codes[str(digit.max())], len(day)


def _outline(row: NDArray[np.int64], col: NDArray[np.int64], raster: CodedPixels) -> BaseGeometry:
    to = raster.transform
    left, right = to.c + to.a * col, to.c + to.a * (col + 1)
    top, bottom = to.f + to.e * row, to.f + to.e * (row + 1)
    boxes = shapely.box(*np.minimum([left, bottom], [right, top]), *np.maximum([left, bottom], [right, top]))
    whole: BaseGeometry = shapely.union_all(boxes)
    return whole

"""Who carries on: which open alert, or which new one, holds each piece of this step.

The home of an alert is the piece with most of its pixels (then the larger piece, then the earlier first
pixel). Of the alerts that share a home the senior carries on: the earliest end of the date window, then
more pixels, then the lesser id; the others merge into it. A piece that is nobody's home is a new alert if it
reaches the minimum, and names as parents the alerts it takes pixels from; below the minimum it stays with the
senior of these, as a remnant, so that no pixel of an alert is dropped while it is active.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dosel.alerts.alert import Alert
from dosel.alerts.polygonize import Pieces
from dosel.alerts.runs import overlaps


@dataclass(frozen=True, slots=True)
class Lineage:
    """Holders are numbered: the open alerts first, in the order given, then the new ones by piece."""

    heir: NDArray[np.int64]
    """(alert): who carries it on; itself, another alert, or -1 where no pixel of it is active."""
    holder: NDArray[np.int64]
    """(piece): who holds it; -1: nobody, it is too small to be an alert."""
    born: NDArray[np.int64]
    """(new alert): its piece."""
    kept: NDArray[np.int64]
    """(alert): how many of its own earlier pixels it still holds."""
    active: NDArray[np.int64]
    """(alert): how many of its earlier pixels are still active, whoever holds them; the rest is intact."""
    handed: tuple[tuple[int, int, int], ...]
    """(alert, holder, pixels) that went neither to the alert nor to its heir, sorted."""
    merged: Mapping[int, tuple[int, ...]]
    """The alerts that merged into each survivor."""
    donors: Mapping[int, tuple[int, ...]]
    """The alerts that handed pixels on to each holder, beside those that merged into it."""


def lineage(alerts: Sequence[Alert], found: Pieces, min_pixels: int) -> Lineage:
    """Return who carries on where; see the module for the rule.

    Parameters
    ----------
    alerts : sequence of Alert
        The open alerts; no two share a pixel.
    found : Pieces
        All pieces of the area at this step.
    min_pixels : int
        Pixels that make an alert.
    """
    ours, theirs, shared = _shares(alerts, found)
    size = found.pixels.astype(np.int64)
    rank = seniority(alerts)
    home = np.full(len(alerts), -1, np.int64)
    order = np.lexsort((theirs, -size[theirs], -shared, ours))
    _first(home, ours[order], theirs[order])
    holder = np.full(len(found), -1, np.int64)
    settled = np.flatnonzero(home >= 0)
    settled = settled[np.argsort(rank[settled])]
    _first(holder, home[settled], settled)
    heir = np.where(home >= 0, holder[home], -1) if len(found) else home
    owner, born = _settle_rest(holder, heir, rank, ours, theirs, size >= min_pixels)
    to = owner[theirs]
    own = to == ours
    kept, active = (_sum(ours[some], shared[some], len(alerts)) for some in (own, np.s_[:]))
    handed = _handed(ours, to, shared, to != heir[ours])
    joined = np.flatnonzero((heir >= 0) & (heir != np.arange(len(heir))))
    merged = _grouped(zip(heir[joined].tolist(), joined.tolist(), strict=True))
    donors = _grouped((holder, alert) for alert, holder, _ in handed)
    return Lineage(heir, owner, born, kept, active, handed, merged, donors)


def seniority(alerts: Sequence[Alert]) -> NDArray[np.int64]:
    """Return the rank of each alert: 0 is the senior."""
    keys = [(alert.window_end, -alert.pixels, alert.id, i) for i, alert in enumerate(alerts)]
    rank = np.empty(len(alerts), np.int64)
    rank[[key[3] for key in sorted(keys)]] = np.arange(len(alerts))
    return rank


def _shares(
    alerts: Sequence[Alert], found: Pieces
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return (alert, piece, shared pixels), sorted by both."""
    counts = [len(alert.runs) // 12 for alert in alerts]
    triples = np.frombuffer(b"".join(alert.runs for alert in alerts), "<i4").reshape(-1, 3)
    owners = np.repeat(np.arange(len(alerts), dtype=np.int32), counts)
    order = np.lexsort((triples[:, 1], triples[:, 0]))
    triples = np.ascontiguousarray(triples[order], np.int32)
    ours, theirs, shared = overlaps(triples, owners[order], found.runs.table, found.label)
    return ours.astype(np.int64), theirs.astype(np.int64), shared


def _first(into: NDArray[np.int64], keys: NDArray[np.int64], values: NDArray[np.int64]) -> None:
    """Set ``into[key]`` to the first value of each key."""
    into[keys[::-1]] = values[::-1]


def _sum(keys: NDArray[np.int64], values: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    return np.bincount(keys, weights=values, minlength=count).astype(np.int64)


def _settle_rest(
    holder: NDArray[np.int64],
    heir: NDArray[np.int64],
    rank: NDArray[np.int64],
    ours: NDArray[np.int64],
    theirs: NDArray[np.int64],
    large: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the pieces that are nobody's home to new alerts, or as remnants to the senior claimant."""
    born = np.flatnonzero((holder < 0) & large)
    holder = holder.copy()
    holder[born] = len(rank) + np.arange(len(born))
    rest = np.flatnonzero(holder[theirs] < 0)
    claimants = heir[ours[rest]]
    order = np.argsort(rank[claimants], kind="stable")
    _first(holder, theirs[rest][order], claimants[order])
    return holder, born


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, tuple[int, ...]]:
    """Return the second members by the first."""
    groups: dict[int, tuple[int, ...]] = {}
    for key, value in pairs:
        groups[key] = (*groups.get(key, ()), value)
    return groups


def _handed(
    ours: NDArray[np.int64], to: NDArray[np.int64], shared: NDArray[np.int64], away: NDArray[np.bool_]
) -> tuple[tuple[int, int, int], ...]:
    """Return (alert, holder, pixels) of the pixels that went away, summed and sorted."""
    totals: dict[tuple[int, int], int] = {}
    for alert, holder, pixels in zip(
        ours[away].tolist(), to[away].tolist(), shared[away].tolist(), strict=True
    ):
        totals[alert, holder] = totals.get((alert, holder), 0) + pixels
    return tuple((alert, holder, totals[alert, holder]) for alert, holder in sorted(totals))

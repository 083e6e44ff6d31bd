"""The health of feeds: when each sensor last truly saw each tile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dosel.store.interface import Between, Store


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """When a sensor last saw a tile."""

    sensor: str
    geometry: str
    tile: str
    last_day: int | None
    """UTC day number of the last look with a valid pixel; None: never."""
    looks: int
    age_days: int | None
    expected_days: float | None
    """Revisit of the sensor; None where it is not known."""

    @property
    def key(self) -> str:
        """Sensor and geometry."""
        return f"{self.sensor}/{self.geometry}"

    @property
    def stale(self) -> bool:
        """Whether it was seen never, or longer ago than twice the revisit; not known is stale as well."""
        if self.age_days is None or self.expected_days is None:
            return True
        return self.age_days > 2 * self.expected_days


@dataclass(frozen=True, slots=True)
class StreamHealth:
    """When a sensor in one geometry last saw any tile, and how many it sees."""

    key: str
    """Sensor and geometry."""
    tiles: int
    fresh: int
    """Tiles that are not stale."""
    best: FeedHealth
    """Health on the tile that was seen last."""

    @property
    def last_day(self) -> int | None:
        """UTC day number of the last look with a valid pixel anywhere; None: never."""
        return self.best.last_day


def by_stream(feeds: Iterable[FeedHealth]) -> tuple[StreamHealth, ...]:
    """Return the health of each stream over all its tiles.

    Examples
    --------
    >>> days = {"a": 100, "b": 80, "c": None}
    >>> feeds = [FeedHealth("s1", "any", t, d, 1, d and 110 - d, 12.0) for t, d in days.items()]
    >>> [(one.key, one.fresh, one.tiles, one.last_day) for one in by_stream(feeds)]
    [('s1/any', 1, 3, 100)]
    """
    groups: dict[str, list[FeedHealth]] = {}
    for feed in feeds:
        groups.setdefault(feed.key, []).append(feed)
    return tuple(
        StreamHealth(
            key,
            len(group),
            sum(not feed.stale for feed in group),
            max(group, key=lambda feed: -1 if feed.last_day is None else feed.last_day),
        )
        for key, group in sorted(groups.items())
    )


def feed_health(
    store: Store, today: int, tiles: Sequence[str], revisit_days: Mapping[tuple[str, str], float]
) -> tuple[FeedHealth, ...]:
    """Return when each feed last saw each tile, by sensor, geometry and tile.

    Parameters
    ----------
    today
        UTC day number.
    tiles
        The tiles that should be seen.
    revisit_days
        Days between passes by (sensor, geometry) that should be seen; feeds found beside them are listed too.
    """
    seen = store.tally(
        "look_tiles", ["sensor", "geometry", "tile_id"], {"valid_px": Between(1)}, latest="day"
    )
    last = {(row["sensor"], row["geometry"], row["tile_id"]): (row["latest"], row["count"]) for row in seen}
    feeds = {(sensor, geometry) for sensor, geometry, _ in last} | set(revisit_days)
    wanted = {(*feed, tile) for feed in feeds for tile in tiles} | set(last)
    return tuple(_health(key, last.get(key), today, revisit_days) for key in sorted(wanted))


def _health(
    key: tuple[str, str, str],
    seen: tuple[int, int] | None,
    today: int,
    revisit_days: Mapping[tuple[str, str], float],
) -> FeedHealth:
    sensor, geometry, tile = key
    last, looks = seen if seen is not None else (None, 0)
    age = None if last is None else today - last
    return FeedHealth(sensor, geometry, tile, last, looks, age, revisit_days.get((sensor, geometry)))

"""The health of feeds: when each sensor last truly saw each tile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    def stale(self) -> bool:
        """Whether it was seen never, or longer ago than twice the revisit; not known is stale as well."""
        if self.age_days is None or self.expected_days is None:
            return True
        return self.age_days > 2 * self.expected_days


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

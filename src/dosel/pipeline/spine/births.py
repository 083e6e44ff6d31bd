"""The dates of new alerts, from their pixels in the states of the step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from dosel.alerts.alert import Alert
from dosel.alerts.dating import ActiveDays, window_of
from dosel.alerts.pixels import place
from dosel.alerts.step import Outcome
from dosel.model.codes import AlertEvent
from dosel.model.grid import Tile


def date_births(outcome: Outcome, tiles: Iterable[Tile], days_of: Callable[[Tile], ActiveDays]) -> Outcome:
    """Return a step's outcome with its new alerts dated by their pixels.

    Parameters
    ----------
    days_of
        Days of the active pixels of a tile after the step.
    """
    ids = {event.alert_id for event in outcome.events if event.event == AlertEvent.NEW}
    born = [alert for alert in outcome.upserts if alert.id in ids]
    if not born:
        return outcome
    dated = {alert.id: alert for alert in _dated(born, tiles, days_of)}
    return replace(outcome, upserts=tuple(dated.get(alert.id, alert) for alert in outcome.upserts))


def _dated(
    born: list[Alert], tiles: Iterable[Tile], days_of: Callable[[Tile], ActiveDays]
) -> Iterable[Alert]:
    placed, parts = place(alert.runs for alert in born), []
    for tile in tiles:
        y, x, owner = placed.within(tile.row, tile.col, tile.shape)
        if owner.size:
            parts.append((owner, days_of(tile).of(y, x)))
    owners, days = np.concatenate([part[0] for part in parts]), np.concatenate([p[1] for p in parts], axis=1)
    for number, alert in enumerate(born):
        start, onset, end = window_of(days[:, owners == number])
        yield replace(alert, window_start=start, onset=onset, window_end=end)

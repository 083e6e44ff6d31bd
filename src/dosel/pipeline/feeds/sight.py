"""What a status and a list of alerts also say: of which day, what was seen, which feed is ill."""

from __future__ import annotations

from dataclasses import dataclass

from dosel.context.layer import Theme
from dosel.context.unseen import Seen, seen_of_all
from dosel.pipeline.centre import Centre
from dosel.pipeline.feeds.feed_health import Health, feed_alarms
from dosel.pipeline.meaning.blind import DAYS, blindness, whole_ha
from dosel.pipeline.meaning.present import Present, present
from dosel.pipeline.reference.layers import load_layers


@dataclass(frozen=True, slots=True)
class CentreSight:
    """What a centre sees as of a day."""

    now: Present
    days: int
    """Unseen is what was not seen for longer."""
    whole: Seen
    """Of the whole area; clearings are not drawn here."""
    health: Health


def centre_sight(centre: Centre) -> CentreSight:
    """Return what a centre sees, quickly: no clearing is drawn and no mask is read."""
    now = present(centre)
    layers = load_layers(centre.store, themes=[Theme.ISOLATION])
    _, blind = blindness(centre, now.day, layers=layers, brief=True)
    whole = seen_of_all(blind, centre.settings.area.name, whole_ha(centre))
    return CentreSight(now, DAYS, whole, feed_alarms(centre, now))

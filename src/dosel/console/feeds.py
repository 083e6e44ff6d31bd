"""What is printed of feeds that are ill: what it is, what it means, whom to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dosel.console.paper import OUT
from dosel.context.feeds.alarm import Kind
from dosel.messages import say
from dosel.model.time import iso_day

if TYPE_CHECKING:
    from dosel.context.feeds.alarm import Alarm
    from dosel.pipeline.feeds.feed_health import Health


def show_alarms(health: Health, language: str) -> None:
    """Show the alarms that stand, each with what it means and whom to ask, and what cannot be judged yet."""
    if health.alarms:
        OUT.print(say("feeds.alarms", language, count=len(health.alarms)))
    for alarm in health.alarms:
        OUT.print(f"  {told(alarm, language)}")
        OUT.print(f"    {say(f'feeds.means.{alarm.kind.value}', language)} {_ask(health, alarm, language)}")
    if health.too_new:
        OUT.print(say("feeds.too_new", language, feeds=", ".join(map(_plain, health.too_new))))


def told(alarm: Alarm, language: str) -> str:
    """Return what is wrong, in one sentence."""
    detail = alarm.detail
    values: dict[str, object] = {
        "feed": _plain(alarm.feed),
        "day": iso_day(alarm.day),
        "subject": alarm.subject,
    }
    if alarm.kind is Kind.LATE:
        values |= {
            "last": iso_day(detail["last"]),
            "allowed": detail["allowed"],
            "usual": f"{detail['usual']:g}",
        }
    elif alarm.kind is Kind.EMPTY:
        values["count"] = detail["deliveries"]
    elif alarm.kind is Kind.SCHEMA:
        none = say("feeds.none", language)
        values |= {"before": detail["before"] or none, "now": detail["now"] or none}
    else:
        values |= {"value": f"{detail['value']:.3g}", "usual": f"{detail['usual']:.3g}", "of": detail["of"]}
        key = "season" if detail["season"] else "latest"
        values["against"] = say(f"feeds.{key}", language, of=detail["of"])
    return say(f"feeds.{alarm.kind.value}", language, **values)


def _plain(feed: str) -> str:
    """Return the name of a feed without the mark of our own streams."""
    return feed.removeprefix("watch:")


def _ask(health: Health, alarm: Alarm, language: str) -> str:
    who = health.ask.get(alarm.feed, "")
    return say("feeds.ask", language, who=who) if who else say("feeds.ask_nobody", language)

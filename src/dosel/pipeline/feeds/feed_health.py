"""Alarms of feeds: the streams of the watch and what others send. Raised once, ended when it is over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from dosel.alerts.partner.mapping import ready
from dosel.alerts.partner.merge import TABLES
from dosel.config.feed import FeedSettings
from dosel.context.feeds.alarm import FEWEST, Alarm, Kind, Profile, settle
from dosel.context.feeds.form import empty, schema_changes
from dosel.context.feeds.late import late
from dosel.context.feeds.numbers import outliers
from dosel.model.marking import Marking
from dosel.pipeline.centre import Centre
from dosel.pipeline.feeds.feed_profiles import look_profiles, month_profiles, stored_profiles
from dosel.pipeline.meaning.present import Present, present
from dosel.store.interface import Between, Row

WATCH: Final = "watch:"
"""Before the name of a stream of the watch: a feed of others may be called alike."""


@dataclass(frozen=True, slots=True)
class Health:
    """What is wrong with the feeds of a centre as of a day."""

    now: Present
    alarms: tuple[Alarm, ...]
    """By feed, kind and subject; those that stand keep the day on which they began."""
    ended: tuple[Alarm, ...]
    """Those that stood and are over."""
    feeds: int
    """How many feeds there are."""
    too_new: tuple[str, ...]
    """Feeds whose numbers cannot be judged yet."""
    ask: dict[str, str]
    """By feed: who sends it."""


def feed_alarms(centre: Centre, now: Present | None = None) -> Health:
    """Return what is wrong with the feeds of a centre; nothing is written.

    Parameters
    ----------
    now
        The day asked for; by default that of the centre.
    """
    now = now or present(centre)
    streams, imports = look_profiles(centre, now.day), stored_profiles(centre)
    found = [*_of_streams(centre, streams, now), *_of_imports(centre, imports, now)]
    standing = [_alarm(row) for row in centre.store.select("feed_alarms", {"ended": None})]
    _, ended = settle(standing, found)
    kept = {(one.feed, one.kind, one.subject): one for one in standing if one not in ended}
    told = [kept.get((one.feed, one.kind, one.subject), one) for one in found]
    profiles = {f"{WATCH}{key}": own for key, own in streams.items()} | imports
    return Health(
        now,
        tuple(sorted(told, key=lambda one: (one.feed, one.kind, one.subject))),
        ended,
        len(_asked(centre) | profiles.keys()),
        tuple(sorted(feed for feed, own in profiles.items() if len(own) <= FEWEST)),
        _whom_to_ask(centre),
    )


def record_alarms(centre: Centre, now: Present | None = None) -> Health:
    """Raise the alarms that are new and end those that are over, in one transaction; return all."""
    health = feed_alarms(centre, now)
    known = {row["id"] for row in centre.store.select("feed_alarms", columns=["id"])}
    fresh = [_row(alarm) for alarm in health.alarms if alarm.id not in known]
    again = [_row(alarm) for alarm in health.alarms if alarm.id in known]
    over = [_row(alarm) | {"ended": health.now.day} for alarm in health.ended]
    standing = {row["id"] for row in centre.store.select("feed_alarms", {"ended": None}, columns=["id"])}
    changed = [*fresh, *(row for row in again if row["id"] not in standing), *over]
    if changed:
        with centre.store.transaction():
            centre.store.upsert("feed_alarms", changed)
    return health


def _asked(centre: Centre) -> set[str]:
    """Return the streams that the settings ask for, as far as they are named without a look."""
    told = centre.store.tally("looks", ["sensor", "geometry"])
    seen = {row["sensor"] for row in told}
    sensors = {source.sensor for source in centre.settings.source}
    return {f"{WATCH}{name}" for name in sensors - seen}


def _of_streams(centre: Centre, streams: dict[str, list[Profile]], now: Present) -> Iterator[Alarm]:
    """Yield what is wrong with the streams that the settings still ask for."""
    sensors = {source.sensor for source in centre.settings.source}
    for key, profiles in sorted(streams.items()):
        name = key.partition("/")[0]
        if name not in sensors:
            continue
        days = [one.day for one in profiles]
        usual = centre.sensor(name).revisit_days
        silent = late(key, days, now.day, usual_days=usual)
        nothing = empty(profiles, "share:valid")
        for alarm in (silent, nothing, *schema_changes(profiles), *_numbers(profiles, nothing)):
            if alarm is not None:
                yield replace(alarm, feed=f"{WATCH}{key}")


def _silent(
    centre: Centre, told: FeedSettings | None, feed: str, profiles: Sequence[Profile], day: int
) -> Alarm | None:
    """Return the alarm of a feed of others that is late: by what its rows are dated, else by its imports."""
    if told is None or told.usual_days is None:
        return late(feed, [one.day for one in profiles], day, by_people=True)
    table, column = ("hot_spots", "day") if told.kind == "hot-spots" else ("alerts", "window_end")
    dated = [row[column] for row in centre.store.tally(table, [column], {"source": feed})]
    return late(feed, dated, day, usual_days=told.usual_days, by_people=True)


def _of_imports(centre: Centre, imports: dict[str, list[Profile]], now: Present) -> Iterator[Alarm]:
    """Yield what is wrong with the feeds of others.

    Where the clock stands still nobody is late, and every import counts: its rows have days of their own.
    """
    known = {**ready(), **{feed.name: feed for feed in centre.settings.feed}}
    for feed, profiles in sorted(imports.items()):
        silent = None if now.fixed else _silent(centre, known.get(feed), feed, profiles, now.day)
        nothing = empty(profiles, "rows", at_once=True)
        yield from (one for one in (silent, nothing) if one is not None)
        yield from schema_changes(profiles)
        yield from _numbers(_months(centre, known.get(feed), feed, now.day) or profiles, nothing)


def _numbers(profiles: Sequence[Profile], nothing: Alarm | None) -> Iterable[Alarm]:
    """Return the numbers that stand out; of an empty feed no second alarm says so."""
    return () if nothing is not None else outliers(profiles)


def _months(centre: Centre, settings: FeedSettings | None, feed: str, as_of: int) -> list[Profile]:
    """Return the months of a feed of dated rows; nothing for one of another kind."""
    if settings is None or settings.kind != "alerts":
        return []
    columns = ["window_end", "area_ha", "confidence"]
    open_ = {"source": feed, "marking": Between(None, int(Marking.RESTRICTED))}
    rows = centre.store.select(TABLES[settings.kind], open_, columns=columns)
    return month_profiles(feed, rows, as_of)


def _whom_to_ask(centre: Centre) -> dict[str, str]:
    """Return who sends each feed, as its terms say."""
    feeds = {**ready(), **{feed.name: feed for feed in centre.settings.feed}}
    told = {name: " ".join(filter(None, (feed.origin, feed.service))) for name, feed in feeds.items()}
    for source in centre.settings.source:
        row = centre.sensor(source.sensor)
        who = ", ".join(filter(None, (source.name, source.origin)))
        told |= {f"{WATCH}{row.name}/{geometry}": who for geometry in row.geometries}
        told[f"{WATCH}{row.name}"] = who
    return told


def _row(alarm: Alarm) -> Row:
    return {
        "id": alarm.id,
        "feed": alarm.feed,
        "kind": alarm.kind.value,
        "day": alarm.day,
        "ended": None,
        "detail": {"subject": alarm.subject, **alarm.detail},
    }


def _alarm(row: Row) -> Alarm:
    detail = dict(row["detail"])
    return Alarm(row["feed"], Kind(row["kind"]), detail.pop("subject"), row["day"], detail)

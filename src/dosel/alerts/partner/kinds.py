"""What one row says, by the kind of its feed: the columns of its table, its name, its details."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from dosel.alerts.partner.crops import names_crop
from dosel.alerts.partner.days import Window, day_in, window_of
from dosel.alerts.partner.table import Reason
from dosel.config.feed import FeedSettings
from dosel.model.persons import names_person
from dosel.model.provenance import digest
from dosel.model.text import shown
from dosel.model.time import date_of, iso_day, iso_instant

Said = Mapping[str, Any]
"""One row by column; None where there is nothing."""

_HECTARES: Final = {"ha": 1.0, "km2": 100.0, "m2": 1e-4}


class BadRowError(Exception):
    """A row is not used: every reason with what its sentence names."""

    def __init__(self, *reasons: tuple[Reason, dict[str, str]]) -> None:
        self.reasons = reasons
        super().__init__(", ".join(reason for reason, _ in reasons))


def columns_of(said: Said, feed: FeedSettings, outline_ha: float | None, today: int) -> dict[str, Any]:
    """Return what a row says in the columns of its table.

    Raises
    ------
    BadRowError
        With every reason for which the row cannot be used.
    """
    if names_crop([*said, *said.values()]):
        raise BadRowError((Reason.NO_PLOT, {}))
    makers: dict[str, Any] = {}
    if feed.kind == "alerts":
        makers["window"] = lambda: _window(said, feed, today)
        makers["published"] = lambda: _published(said, feed, today)
        makers["area_ha"] = lambda: _area(said, feed, outline_ha)
        return _alert(said, feed, _all(makers))
    if feed.kind == "hot-spots":
        makers["instant"] = lambda: _instant(said, feed, today)
        makers["power_mw"] = lambda: _number(said, feed.power)
        makers["size_m"] = lambda: _size(said, feed)
        return _hot_spot(said, feed, _all(makers))
    return {"first_day": _all({"day": lambda: _maybe_day(said, feed.day, feed, today)})["day"]}


def _all(makers: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
    """Return all values, or raise with the reasons of all that cannot be made."""
    made: dict[str, Any] = {}
    reasons: list[tuple[Reason, dict[str, str]]] = []
    for name, make in makers.items():
        try:
            made[name] = make()
        except BadRowError as error:
            reasons += error.reasons
    if reasons:
        raise BadRowError(*reasons)
    return made


def _alert(said: Said, feed: FeedSettings, made: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "window_start": made["window"].start,
        "window_end": made["window"].end,
        "published": made["published"],
        "area_ha": made["area_ha"],
        "confidence": _word(said, feed.confidence),
    }


def _hot_spot(said: Said, feed: FeedSettings, made: Mapping[str, Any]) -> dict[str, Any]:
    instant: datetime = made["instant"]
    return {
        "satellite": _word(said, feed.satellite) or "",
        "instant": iso_instant(instant),
        "day": instant.toordinal() - date_of(0).toordinal(),
        "confidence": _word(said, feed.confidence) or "",
        "power_mw": made["power_mw"],
        "size_m": made["size_m"],
    }


def name_of(said: Said, feed: FeedSettings, outline: str, columns: Mapping[str, Any]) -> str:
    """Return the name of a row: the source's own, else one from its place and day.

    Raises
    ------
    BadRowError
        If the source names rows but not this one.
    """
    if not feed.id:
        when = [columns.get(key) for key in ("window_start", "window_end", "instant", "satellite")]
        return digest([outline, when])[:16]
    words = [_word(said, column) for column in feed.id]
    if not all(words):
        raise BadRowError((Reason.NO_ID, {"column": ", ".join(feed.id)}))
    return " ".join(str(word) for word in words)


def details_of(said: Said, feed: FeedSettings) -> dict[str, Any]:
    """Return all that a row says beside what has a column of its own; who a person is, is not kept."""
    own = {feed.day, feed.window_start, feed.published, feed.area, feed.confidence, feed.classes}
    own |= {feed.time, feed.satellite, feed.power, *(feed.box or ()), *feed.drop}
    own |= set(feed.id) if len(feed.id) == 1 else set()
    details = {
        name: plain(value)
        for name, value in sorted(said.items())
        if value is not None and not names_person(name)
    }
    kept: dict[str, Any] = {name: value for name, value in details.items() if name not in own}
    if feed.classes and said.get(feed.classes) is not None:
        kept["class"] = plain(said[feed.classes])
    if feed.day_format == "period":
        kept["period"] = _word(said, feed.day)
    if feed.series_break:
        before = str(_word(said, feed.day)) < feed.series_break
        kept["series"] = f"{'before' if before else 'from'} {feed.series_break}: {feed.break_meaning}"
    return kept


def plain(value: Any) -> Any:
    """Return a value as JSON holds it; numbers that are whole lose their point.

    Examples
    --------
    >>> import numpy as np
    >>> [plain(np.float64(2.0)), plain(float("inf")), plain(date(2024, 1, 2)), plain(b"x")]
    [2, 'inf', '2024-01-02', "b'x'"]
    """
    value = value.item() if hasattr(value, "item") and not isinstance(value, datetime) else value
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        return int(value) if value.is_integer() else value
    if isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    return value.isoformat() if isinstance(value, date) else str(value)


def _window(said: Said, feed: FeedSettings, today: int) -> Window:
    window: Window = _day(said, feed.day, lambda value: window_of(value, feed))
    begun = window.end if window.start is None or feed.day_format != "period" else window.start + 1
    _not_beyond(begun, feed.day, today)
    if not feed.window_start or said[feed.window_start] is None:
        return window
    start = _day(said, feed.window_start, lambda value: day_in(value, feed))
    if start > window.end:
        raise BadRowError((Reason.BAD_DAY, {"column": feed.window_start, "got": iso_day(start)}))
    return Window(start, window.end)


def _published(said: Said, feed: FeedSettings, today: int) -> int | None:
    return _maybe_day(said, feed.published, feed, today)


def _maybe_day(said: Said, column: str, feed: FeedSettings, today: int) -> int | None:
    if not column or said[column] is None:
        return None
    day: int = _day(said, column, lambda value: day_in(value, feed))
    _not_beyond(day, column, today)
    return day


def _day(said: Said, column: str, read: Callable[[Any], Any]) -> Any:
    value = said[column]
    try:
        if value is None:
            raise ValueError(value)
        return read(value)
    except ValueError:
        raise BadRowError((Reason.BAD_DAY, {"column": column, "got": str(value)})) from None


def _not_beyond(day: int, column: str, today: int) -> None:
    """Refuse a day that has not been, or before anything looked from above: a spreadsheet's day 0."""
    if day < 0:
        raise BadRowError((Reason.BAD_DAY, {"column": column, "got": iso_day(day)}))
    if day > today:
        raise BadRowError(
            (Reason.FUTURE_DAY, {"column": column, "got": iso_day(day), "today": iso_day(today)})
        )


def _area(said: Said, feed: FeedSettings, outline_ha: float | None) -> float | None:
    stated = _number(said, feed.area)
    measured = None if outline_ha is None or math.isnan(outline_ha) else outline_ha
    if stated is None:
        return measured if feed.extent == "outline" and not feed.area else None
    if stated < 0:
        raise BadRowError((Reason.NEGATIVE_AREA, {"column": feed.area, "got": f"{stated:g}"}))
    area = stated * _HECTARES[feed.area_unit]
    if measured is not None and _contradicts(area, measured, feed):
        raise BadRowError((Reason.AREA_CONTRADICTS, {"stated": f"{area:.4g}", "outline": f"{measured:.4g}"}))
    return area


def _contradicts(area: float, outline: float, feed: FeedSettings) -> bool:
    """Return whether a stated area cannot be that of its outline, or within it."""
    too_large = area > outline * feed.area_factor + feed.area_slack_ha
    too_small = outline > area * feed.area_factor + feed.area_slack_ha
    return too_large or (too_small and feed.area_of == "outline")


def _instant(said: Said, feed: FeedSettings, today: int) -> datetime:
    day = _maybe_day(said, feed.day, feed, today)
    if day is None:
        raise BadRowError((Reason.BAD_DAY, {"column": feed.day, "got": "None"}))
    text = (_word(said, feed.time) or "").replace(":", "").zfill(4)
    if not (len(text) == 4 and text.isdigit() and text < "2400" and text[2:] < "60"):
        raise BadRowError((Reason.BAD_TIME, {"column": feed.time, "got": str(said[feed.time])}))
    midnight = datetime.combine(date_of(day), datetime.min.time(), tzinfo=UTC)
    return midnight + timedelta(hours=int(text[:2]), minutes=int(text[2:]))


def _size(said: Said, feed: FeedSettings) -> float | None:
    """Return the longer side of the pixel in metres."""
    sides = [side for side in (_number(said, feed.scan), _number(said, feed.track)) if side is not None]
    return 1000 * max(sides) if sides else None


def _number(said: Said, column: str) -> float | None:
    value = said[column] if column else None
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise BadRowError((Reason.BAD_NUMBER, {"column": column, "got": str(value)}))
    return number


def _word(said: Said, column: str) -> str | None:
    value = plain(said[column]) if column and said[column] is not None else None
    return None if value is None or not str(value).strip() else str(value).strip()

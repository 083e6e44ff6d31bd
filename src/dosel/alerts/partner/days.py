"""Days as others write them, as UTC day numbers; what is no day is refused, never mended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from dosel.config.feed import FeedSettings
from dosel.errors import InputError
from dosel.model.time import date_of, day_of


@dataclass(frozen=True, slots=True)
class Window:
    """When a change happened."""

    start: int | None
    """UTC day number on which it had not happened yet; None is not known."""
    end: int
    """UTC day number by which it had."""


def window_of(value: Any, feed: FeedSettings) -> Window:
    """Return the window that a day or period of a feed means.

    Raises
    ------
    ValueError
        If it cannot be read.

    Examples
    --------
    >>> from dosel.model.time import iso_day
    >>> feed = FeedSettings(name="f", day="period", day_format="period", stock="201800")
    >>> [iso_day(day) for day in (window_of("202503", feed).start, window_of("202503", feed).end)]
    ['2025-06-30', '2025-09-30']
    >>> window_of("201800", feed).start is None
    True
    """
    if feed.day_format == "period":
        return _period(_text(value), feed.stock)
    return Window(None, day_in(value, feed))


def day_in(value: Any, feed: FeedSettings) -> int:
    """Return the day number of one value, by the format of the feed.

    Raises
    ------
    ValueError
        If it cannot be read.

    Examples
    --------
    >>> day_in("2024-02-30", FeedSettings(name="f", day="d"))
    Traceback (most recent call last):
    ValueError: 2024-02-30
    >>> day_in("31/12/2023", FeedSettings(name="f", day="d", day_format="%d/%m/%Y"))
    19722
    """
    if isinstance(value, datetime | date):
        return _of_date(value)
    text = _text(value)
    try:
        if feed.day_format == "days":
            day = day_of(feed.day_zero) + int(text)
            date_of(day)  # no calendar holds it
            return day
        if feed.day_format not in ("iso", "period"):
            return day_of(datetime.strptime(text, feed.day_format).replace(tzinfo=UTC))
        return _iso(text)
    except (InputError, ValueError, OverflowError):
        raise ValueError(text) from None


def _iso(text: str) -> int:
    """Return the day of an ISO date or instant; one without a zone is that date as it stands."""
    if len(text) == 10:
        return day_of(date.fromisoformat(text))
    return _of_date(datetime.fromisoformat(text.replace("/", "-")))


def _of_date(value: date) -> int:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return day_of(value.astimezone(UTC))
    return day_of(value.date() if isinstance(value, datetime) else value)


def _period(text: str, stock: str) -> Window:
    if len(text) != 6 or not text.isdigit():
        raise ValueError(text)
    year, quarter = int(text[:4]), int(text[4:])
    if quarter > 4 or year < 1970:
        raise ValueError(text)
    if quarter == 0:
        last = day_of(date(year, 12, 31))
        return Window(None if text == stock else day_of(date(year - 1, 12, 31)), last)
    month = 3 * quarter
    first = date(year, month - 2, 1)
    following = date(year + (month == 12), month % 12 + 1, 1)
    return Window(day_of(first) - 1, day_of(following) - 1)


def _text(value: Any) -> str:
    """Return a value as text; a whole number stored as a float loses its point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()

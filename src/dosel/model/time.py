"""UTC instants and day numbers: days are integers since 1970-01-01 UTC.

Examples
--------
>>> day_of("2016-01-05")
16805
>>> iso_day(16805)
'2016-01-05'
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from dosel.errors import InputError

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


def day_of(when: str | date | datetime) -> int:
    """Return the day number (days since 1970-01-01 UTC) of a date, an instant or their ISO text.

    Raises
    ------
    InputError
        If the text is no ISO date or instant, or an instant has no time zone.
    """
    if isinstance(when, str):
        when = parse_instant(when)
    if isinstance(when, datetime):
        when = _utc(when).date()
    return when.toordinal() - _EPOCH_ORDINAL


def asked_day(option: str, text: str) -> int:
    """Return the day number of a date that an option of the command line gives.

    Raises
    ------
    InputError
        If the text is no ISO date; the sentence names the option.

    Examples
    --------
    >>> asked_day("--until", "2024-13-01")
    Traceback (most recent call last):
    dosel.errors.InputError: --until: expected an ISO date (2024-05-31) or instant with zone, got '2024-13-01'
    """
    try:
        return day_of(text)
    except InputError as error:
        raise InputError(f"{option}: {error}") from None


def date_of(day: int) -> date:
    """Return the date of a day number."""
    return date.fromordinal(int(day) + _EPOCH_ORDINAL)


def iso_day(day: int) -> str:
    """Return the ISO text (``YYYY-MM-DD``) of a day number."""
    return date_of(day).isoformat()


def parse_instant(text: str) -> datetime:
    """Return the UTC instant of an ISO 8601 text; a bare date is midnight UTC.

    Raises
    ------
    InputError
        If the text cannot be read, or is an instant without a time zone.

    Examples
    --------
    >>> parse_instant("2024-05-01T10:00:00Z").isoformat()
    '2024-05-01T10:00:00+00:00'
    """
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), datetime.min.time(), tzinfo=UTC)
        return _utc(datetime.fromisoformat(text))
    except ValueError as error:
        raise InputError(f"expected an ISO date (2024-05-31) or instant with zone, got {text!r}") from error


def iso_instant(when: datetime) -> str:
    """Return the ISO text of an instant in UTC with the suffix ``Z``, to the second."""
    return _utc(when).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _utc(when: datetime) -> datetime:
    if when.tzinfo is None:
        raise InputError(f"expected an instant with a time zone, got {when.isoformat()}; add Z for UTC")
    return when.astimezone(UTC)

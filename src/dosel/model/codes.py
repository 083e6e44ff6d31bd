"""Stored enumerations with their legends. Append-only: a stored number never changes its meaning.

Examples
--------
>>> AlertStatus.CONFIRMED.legend
'enough evidence over enough area; withdrawn only by intact forest or by a person'
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

NODATA: Final = -32768
"""Quantised value (int16) of a pixel without a valid observation."""

EVIDENCE_PER_NAT: Final = 64
"""Fixed-point scale of the running evidence: 64 stored units are one natural-log unit."""

STATE_DAY0: Final = 14610
"""Day number of 2010-01-01: state arrays store days since then in 14 bits (until 2054-11-09)."""

DAY_BITS: Final = 14
"""Bits of the day in the ``crossed`` word of a state; the two bits above are a PixelFlag."""


class LegendEnum(IntEnum):
    """An enumeration whose members carry a one-line legend."""

    legend: str

    def __new__(cls, value: int, legend: str = "") -> LegendEnum:
        """Make a member from its stored number and its legend."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.legend = legend
        return member


class PixelFlag(LegendEnum):
    """Two bits of a pixel's state word."""

    INTACT = 0, "no candidate change"
    CANDIDATE = 1, "evidence has crossed h1 and has not returned to 0"
    CHANGED = 2, "evidence has crossed h2 and has not returned to 0"
    CLOSED = 3, "belongs to a closed alert; not watched until a new baseline"


class Watch(LegendEnum):
    """Why a pixel is watched or not (analysis mask)."""

    OUTSIDE = 0, "outside the area of interest"
    WATCHED = 1, "forest that is watched"
    NOT_FOREST = 2, "not forest on the date of the forest map or in the baseline"
    WATER = 3, "water"
    LAYOVER = 4, "radar layover or shadow in every stream"
    NO_BASELINE = 5, "too few looks and no forest around to learn from"


class AlertStatus(LegendEnum):
    """Life of an alert."""

    PROVISIONAL = 1, "candidate pixels over the minimum size"
    CONFIRMED = 2, "enough evidence over enough area; withdrawn only by intact forest or by a person"
    WITHDRAWN = 3, "evidence of intact forest, or a person's verdict, took it back"
    MERGED = 4, "grew together with an older alert, which carries on"
    CLOSED = 5, "confirmed and no longer growing; its pixels are not watched until a new baseline"
    REPORTED = 6, "reported by a partner, with a confidence of its own; not measured here"


class AlertEvent(LegendEnum):
    """What happened to an alert at a look."""

    NEW = 1, "first candidate group over the minimum size"
    GROWN = 2, "more pixels than before"
    SHRUNK = 3, "fewer pixels than before"
    CONFIRMED = 4, "reached the rule for confirmation"
    WITHDRAWN = 5, "all its pixels returned to intact, or a verdict"
    MERGED = 6, "continues in another alert"
    SPLIT = 7, "part of it became an alert of its own"
    CLOSED = 8, "no growth for the closing time"
    SUPERSEDED = 9, "a late look changed the past; the alert no longer follows from the looks"
    JUDGED = 10, "a person gave a verdict, on the calendar day of the event; the next run applies it"
    REPORTED = 11, "a partner's alert was imported"
    REVISED = 12, "a partner changed what it says of its alert; the detail holds what it said before"
    GONE = 13, "a partner's whole list no longer holds its alert"


class LookStatus(LegendEnum):
    """What became of a look."""

    USED = 1, "folded into the state"
    REFUSED = 2, "not used, for the reason given"
    HISTORY = 3, "used to learn the baseline only"
    SET_BACK = 4, "was folded, and will be again: a rewind went back before it"


class Refusal(LegendEnum):
    """Why a look or scene was refused."""

    UNREADABLE = 1, "the raster cannot be read"
    TRUNCATED = 2, "the file is shorter than it says"
    WRONG_GRID = 3, "the coordinate system contradicts the declared one"
    MISSING_BAND = 4, "a band that the sensor row needs is missing"
    ALL_NODATA = 5, "no valid pixel over the watched tiles"
    ABSURD = 6, "values outside the physical range of the sensor row"
    FUTURE = 7, "acquired after the present"
    DUPLICATE = 8, "another scene has the same id and different content"
    TOO_LATE = 9, "older than the number of days a late look is accepted"
    REPEATED = 10, "this look has already been folded in"
    RAW_RADAR = 11, "not analysis-ready radar; use a gamma0 RTC product"
    NO_LICENCE = 12, "licence or origin unknown"
    UNDECLARED = 13, "date, CRS, nodata or unit missing and not declared"
    NO_BASELINE = 14, "its stream has no baseline here and none can be learnt"
    OFFSET = 15, "too few valid lattice points to estimate the pass's own offset"
    LATE_HISTORY = 16, "older than the baseline that was learnt"
    ISOLATED = 17, "dated long after every other look: a wrong date or clock"

"""The published list of causes. Append-only: a stored number never changes its meaning.

Examples
--------
>>> Cause.AIRSTRIP.legend
'a strip cleared for aircraft'
"""

from __future__ import annotations

from dosel.model.codes import LegendEnum


class Cause(LegendEnum):
    """What a change was probably made by; words for people stand in the messages under ``cause.NAME``."""

    UNKNOWN = 0, "not known: signs are missing, contradict one another, or no label supports a cause"
    AGRICULTURE = 1, "cleared for crops or pasture"
    SMALL_CLEARING = 2, "a plot of a few hectares, such as shifting cultivation"
    MINING = 3, "mining on land, with ponds and bare spoil"
    LOGGING = 4, "gaps, skid trails and yards of selective logging"
    ROAD = 5, "a road or track"
    AIRSTRIP = 6, "a strip cleared for aircraft"
    FIRE = 7, "burnt, whatever lit it"
    DREDGING = 8, "mining in a river: dredges, tailings on bars and banks"
    MEANDER = 9, "a river that moved: cut banks, bars, oxbows"
    WINDTHROW = 10, "trees thrown by wind"
    INFRASTRUCTURE = 11, "buildings, dams, lines, industry, aquaculture"

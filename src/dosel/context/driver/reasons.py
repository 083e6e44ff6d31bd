"""Reasons in words: which signs spoke, as keys and values of sentences, for every language.

Examples
--------
>>> Reason("reason.long", {"ratio": "14", "length": "780"}, 1.2).words("en")
'elongated 14:1, 780 m long'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import Any, Final

from dosel.context.driver.signs import Signs
from dosel.messages import CATALOGUE, say

FAR_M: Final = 5_000.0
"""From here on a distance is said as "none within 5 km"; no layer may reach less far."""
LONG: Final = 3.0
"""From this elongation on an outline is called elongated."""

Said = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Reason:
    """One sign that spoke."""

    key: str
    """Key of its sentence in the messages."""
    values: Mapping[str, Any]
    """Plain texts that fill in the sentence; a key of the messages is said in the same language."""
    nats: float
    """What it adds to the answer, against the others; negative speaks against it."""

    def words(self, language: str) -> str:
        """Return the sentence."""
        values = {
            name: say(text, language) if text in CATALOGUE else text for name, text in self.values.items()
        }
        return say(self.key, language, **values)


def describe(sign: str, signs: Signs) -> Said | None:
    """Return key and values of the sentence about one sign; None where it was not evaluated."""
    if signs.value(sign) is None:
        return None
    return SENTENCES[sign](signs)


def number(value: float) -> str:
    """Return a number with two figures that count, and whole from 10 on.

    Examples
    --------
    >>> number(3.24), number(14.2), number(0.066)
    ('3.2', '14', '0.066')
    """
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.2g}"


def _near(sign: str) -> Callable[[Signs], Said]:
    thing = sign.removesuffix("_m")

    def sentence(signs: Signs) -> Said:
        metres = getattr(signs, sign)
        if metres >= FAR_M:
            return f"reason.far.{thing}", {"km": number(FAR_M / 1000)}
        return f"reason.near.{thing}", {"metres": f"{metres:.0f}"}

    return sentence


def _inside(sign: str) -> Callable[[Signs], Said]:
    return lambda signs: (f"reason.{'inside' if getattr(signs, sign) else 'outside'}.{sign}", {})


def _plain(sign: str) -> Callable[[Signs], Said]:
    return lambda signs: (f"reason.{sign}", {"value": number(getattr(signs, sign))})


def _elongation(signs: Signs) -> Said:
    ratio = number(signs.elongation or 1.0)
    if (signs.elongation or 1.0) < LONG or signs.length_m is None:
        return "reason.square", {"ratio": ratio}
    return "reason.long", {"ratio": ratio, "length": number(signs.length_m)}


def _compactness(signs: Signs) -> Said:
    return "reason.compactness", {"times": number(1 / sqrt(signs.compactness or 1.0))}


def _share(sign: str) -> Callable[[Signs], Said]:
    return lambda signs: (f"reason.{sign}", {"percent": f"{100 * getattr(signs, sign):.0f}"})


def _season(signs: Signs) -> Said:
    day = date(2023, 1, 1) + timedelta(days=min(signs.day_of_year or 1, 365) - 1)
    return "reason.day_of_year", {"month": f"month.{day.month}"}


def _growth(signs: Signs) -> Said:
    return "reason.growth", {"ha": number(signs.growth_ha or 0.0), "days": str(signs.growth_days)}


def _hot_spots(signs: Signs) -> Said:
    return (
        ("reason.hot_spots", {"count": str(signs.hot_spots)})
        if signs.hot_spots
        else ("reason.no_hot_spots", {})
    )


def _partner(signs: Signs) -> Said:
    return "reason.partner", {"cause": f"cause.{signs.partner.name}" if signs.partner is not None else ""}


DISTANCES: Final = tuple(
    f"{thing}_m"
    for thing in (
        "river",
        "road",
        "settlement",
        "airfield",
        "clearing",
        "mining_right",
        "mining_scar",
        "border",
    )
)
SETTINGS: Final = ("protected", "indigenous", "concession", "mining_corridor")

SENTENCES: Final[dict[str, Callable[[Signs], Said]]] = {
    **{sign: _near(sign) for sign in DISTANCES},
    **{sign: _inside(sign) for sign in SETTINGS},
    **{
        sign: _plain(sign)
        for sign in (
            "area_ha",
            "length_m",
            "width_m",
            "perimeter_m",
            "orientation_deg",
            "parts",
            "slope_deg",
            "radar_nats",
            "optical_nats",
        )
    },
    "elongation": _elongation,
    "fill": _share("fill"),
    "solidity": _share("solidity"),
    "compactness": _compactness,
    "day_of_year": _season,
    "growth_ha": _growth,
    "growth_days": _growth,
    "growth_ha_a_day": _growth,
    "hot_spots": _hot_spots,
    "partner": _partner,
}
"""The sentence of every sign."""

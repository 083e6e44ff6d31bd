"""Sentences for people, in Spanish, Portuguese and English: one file a room, joined here.

Examples
--------
>>> say("watch.nothing", "pt")
'Nada de novo: todas as passagens conhecidas já foram usadas.'
>>> sorted({frozenset(row) for row in CATALOGUE.values()}) == [frozenset(LANGUAGES)]
True
"""

from __future__ import annotations

from typing import Final

from dosel.messages.blind import BLIND
from dosel.messages.cause import CAUSE
from dosel.messages.converge import CONVERGE
from dosel.messages.doctor import DOCTOR
from dosel.messages.facts import FACTS
from dosel.messages.feeds import FEEDS
from dosel.messages.law import LAW
from dosel.messages.layers import LAYERS
from dosel.messages.partner import PARTNER
from dosel.messages.priority import PRIORITY
from dosel.messages.report import REPORT
from dosel.messages.store import STORE
from dosel.messages.watch import WATCH

LANGUAGES: Final = ("es", "pt", "en")

_ROOMS: Final = (
    BLIND,
    CAUSE,
    CONVERGE,
    DOCTOR,
    FACTS,
    FEEDS,
    LAW,
    LAYERS,
    PARTNER,
    PRIORITY,
    REPORT,
    STORE,
    WATCH,
)

CATALOGUE: Final[dict[str, dict[str, str]]] = {key: row for room in _ROOMS for key, row in room.items()}
"""By key, then by language."""


def say(key: str, language: str, **values: object) -> str:
    """Return the sentence `key` in `language` with its values filled in.

    Raises
    ------
    KeyError
        If there is no such sentence or language: a mistake of the program, which a test catches.
    """
    return CATALOGUE[key][language].format(**values)

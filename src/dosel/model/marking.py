"""Release markings: who may see a scene, a layer, an alert or a file.

Examples
--------
>>> strictest([Marking.PUBLIC, Marking.RESTRICTED]).name
'RESTRICTED'
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Marking(IntEnum):
    """Stored marking; append-only, higher is stricter."""

    PUBLIC = 1
    PARTNER = 2
    RESTRICTED = 3
    SEALED = 4


def strictest(markings: Iterable[Marking]) -> Marking:
    """Return the strictest marking, as everything derived inherits it; nothing given is RESTRICTED."""
    return max(markings, default=Marking.RESTRICTED)

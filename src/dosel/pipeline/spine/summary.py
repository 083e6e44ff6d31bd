"""What one run of the watch did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from dosel.catalog.ledger import Refused
from dosel.catalog.search import RefusedItem
from dosel.errors import DoselError
from dosel.pipeline.spine.mend import Mended


@dataclass(slots=True)
class WatchSummary:
    """What one run did."""

    used: int = 0
    """Looks folded, those folded again included."""
    again: int = 0
    """Looks that late ones or verdicts set back, to be folded again."""
    history: int = 0
    refused: list[Refused] = field(default_factory=list)
    """Looks that could not be used."""
    scenes_refused: tuple[RefusedItem, ...] = ()
    found: int = 0
    """Scenes that the sources offer over area and period."""
    failed: dict[str, DoselError] = field(default_factory=dict)
    """Sources that did not answer or are set wrongly; the others were used, the next run tries again."""
    pixels: int = 0
    events: Counter[str] = field(default_factory=Counter)
    """Alert events by name."""
    removed: int = 0
    """Gridded looks that are kept no longer."""
    mended: Mended | None = None
    """States that could not be read and were made again."""
    seconds: dict[str, float] = field(default_factory=dict)


def record_of(summary: WatchSummary) -> dict[str, Any]:
    """Return what a run did, for its row."""
    return {
        "used": summary.used,
        "again": summary.again,
        "history": summary.history,
        "refused": len(summary.refused) + len(summary.scenes_refused),
        "pixels": summary.pixels,
        "events": {name: count for name, count in sorted(summary.events.items()) if count},
        "removed": summary.removed,
        "mended": list(summary.mended.tiles) if summary.mended else [],
        "seconds": {stage: round(seconds, 3) for stage, seconds in summary.seconds.items()},
    }

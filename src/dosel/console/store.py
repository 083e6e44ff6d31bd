"""Databases, on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dosel.console.paper import OUT
from dosel.messages import say

if TYPE_CHECKING:
    from dosel.pipeline.move import Moved


def show_moved(moved: Moved, dry_run: bool) -> None:
    """Print what was or would be copied."""
    key = "store.would_copy" if dry_run else "store.copied"
    values = {
        "rows": f"{moved.rows:,}",
        "tables": moved.tables,
        "source": moved.source,
        "target": moved.target,
    }
    OUT.print(say(key, moved.language, **values))

"""The memory of a run: how many tiles are worked on at once, and what becomes of that of a finished one."""

from __future__ import annotations

import ctypes
from typing import Final

from dosel.config import ResourceSettings
from dosel.pipeline.centre import Centre

TILE_BYTES: Final = 100
"""Bytes a pixel that a tile takes while a look is read onto it or folded into it."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Parameters of glibc's ``mallopt``."""
_LARGEST: Final = 32 << 20
"""Blocks above this always come from the system: the most that glibc accepts here."""


def workers_of(centre: Centre) -> int:
    """Return how many tiles of a centre are worked on at once."""
    return workers_for(centre.settings.resources, centre.grid.tile_px)


def workers_for(resources: ResourceSettings, tile_px: int) -> int:
    """Return how many tiles are worked on at once: as set, fewer where half of the memory bears fewer.

    Examples
    --------
    >>> from dosel.config import ResourceSettings
    >>> workers_for(ResourceSettings(memory_mb=600, workers=8), 1024)
    2
    """
    tile_mb = tile_px**2 * TILE_BYTES / 1e6
    return max(1, min(resources.workers, int(resources.memory_mb / 2 / tile_mb)))


def reuse_memory(resources: ResourceSettings) -> None:
    """Ask the allocator to hand the memory of a finished tile to the next one, not back to the system.

    Otherwise the pages of every array of every tile are mapped anew, which costs as much as the update.
    One arena for all threads keeps what is held at the work of the workers. Without glibc nothing is done.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENA_MAX, 1)
        mallopt(_MMAP_THRESHOLD, _LARGEST)
        mallopt(_TRIM_THRESHOLD, min(resources.memory_mb // 4, 1024) << 20)

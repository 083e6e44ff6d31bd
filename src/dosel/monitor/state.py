"""The state of a tile: what the running sum of evidence leaves behind, 8 bytes a pixel and 2 a stream.

Days are stored as days since :data:`dosel.model.codes.STATE_DAY0`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dosel.model.provenance import array_hash


@dataclass(frozen=True, slots=True)
class PixelState:
    """State arrays of one tile, all (y, x), updated in place by the kernel."""

    evidence: NDArray[np.int16]
    """Running sum of log-likelihood ratios, in 1/64 nat, 0 to 32767."""
    before: NDArray[np.uint16]
    """Day of the last valid look while the evidence was 0; frozen while it is above 0. 0: never seen."""
    onset: NDArray[np.uint16]
    """Day of the look at which the evidence last left 0; 0 while it is 0."""
    crossed: NDArray[np.uint16]
    """Low 14 bits: day of the first look with evidence above h1 since the onset; high 2 bits: PixelFlag."""
    memory: NDArray[np.int16]
    """(stream, y, x): what whitening remembers of each stream's past residuals; NODATA before the first."""

    def hash(self) -> str:
        """Return the canonical hash of the state."""
        return array_hash(
            {
                "evidence": self.evidence,
                "before": self.before,
                "onset": self.onset,
                "crossed": self.crossed,
                "memory": self.memory,
            }
        )

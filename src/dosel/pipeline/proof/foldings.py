"""With what each look was folded into a tile: rows of ``foldings``, enough to compute the step again.

With the gridded look in the archive, the pass's offsets in ``looks``, the parameters in ``methods`` and the
baseline of the version named, nothing else is needed but the analysis mask, whose hash is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dosel.catalog.scene import Look
from dosel.model.provenance import array_hash
from dosel.pipeline.centre import Centre
from dosel.pipeline.proof.parameters import Parameters, store_parameters
from dosel.stack.gridded import GriddedLook


def mask_hash(watched: NDArray[np.uint8]) -> str:
    """Return the content hash of the analysis mask of a tile."""
    return array_hash({"watched": watched})[:16]


def content_hash(look: GriddedLook) -> str:
    """Return the content hash of a gridded look, whatever its coding on disk."""
    return array_hash({"values": look.values})[:16]


def store_foldings(
    centre: Centre,
    look: Look,
    step: int,
    parameters: Parameters,
    masks: Mapping[str, str],
    contents: Mapping[str, str],
) -> None:
    """Write a row for each tile of a look, within the transaction of the caller.

    Parameters
    ----------
    masks, contents
        Content hash of the analysis mask, and of the gridded look, by tile.
    """
    method = store_parameters(centre.store, parameters)
    streams = [model.stream for model in parameters.models]
    versions = baseline_versions(centre, streams, sorted(contents))
    rows = [
        {
            "look_id": look.id,
            "tile_id": tile,
            "method": method.parameters,
            "baselines": versions[tile],
            "mask": masks[tile],
            "content": content,
            "step": step,
        }
        for tile, content in sorted(contents.items())
    ]
    centre.store.upsert("foldings", rows)


def baseline_versions(
    centre: Centre, streams: Sequence[str], tiles: Sequence[str]
) -> dict[str, dict[str, str]]:
    """Return the version of the baseline in force, by tile and stream."""
    where = {"stream": list(streams), "tile_id": list(tiles)}
    versions: dict[str, dict[str, str]] = {tile: {} for tile in tiles}
    for row in centre.store.select("baselines", where, columns=["stream", "tile_id", "version"]):
        versions[row["tile_id"]].setdefault(row["stream"], row["version"])
    return versions

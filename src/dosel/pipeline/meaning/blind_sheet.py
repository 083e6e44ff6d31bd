"""Blind spots as a raster within the centre: what a miner would like to know does not leave it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from dosel.context.blindspot import NEVER, TOGETHER, Blindness, View, Why
from dosel.errors import InputError
from dosel.messages import say
from dosel.model.cells import cell_px
from dosel.model.marking import Marking
from dosel.model.time import iso_day
from dosel.monitor.detectability import AGES_DAYS
from dosel.pipeline.centre import Centre
from dosel.pipeline.meaning.blind import Board
from dosel.pipeline.meaning.present import Present
from dosel.stack.sheet import Band, write_sheet

NOT_YET: Final = 99_999.0
"""Stands for days of a cell that was never seen, and for hectares where no size that was tried is found."""
_RELEASES: Final = ("releases", "exports")
"""Folders of a centre from which things are handed out."""


def check_inside(centre: Centre, path: Path) -> Path:
    """Return the path of a restricted raster: inside the centre, as a .tif.

    Raises
    ------
    InputError
        If it leads elsewhere (links are followed), or is no .tif.
    """
    root = centre.root.resolve()
    target = (path if path.is_absolute() else root / path).resolve()
    if not target.is_relative_to(root) or target.relative_to(root).parts[0] in _RELEASES:
        raise InputError(
            f"--raster: blind spots are restricted and stay inside the centre ({root}), got {path}; "
            "give a name, for example blind.tif"
        )
    if target.suffix.lower() not in (".tif", ".tiff"):
        raise InputError(f"--raster: expected a name that ends in .tif, got {path}")
    return target


def write_blind_sheet(
    centre: Centre, board: Board, blind: Blindness, now: Present, path: Path
) -> tuple[Path, int]:
    """Write days since last seen, clearings found and the reason, by stream; return path and bands.

    Raises
    ------
    InputError
        If the path leads out of the centre, or nothing is watched.
    """
    target = check_inside(centre, path)
    if not board.place:
        raise InputError("--raster: nothing is watched here, so there is nothing to draw")
    places = np.array(board.place, np.int64)
    first = places.min(axis=0)
    shape = tuple(int(size) for size in places.max(axis=0) - first + 1)
    at = places - first
    bands = [
        Band(name, _laid(values, at, shape), unit, tags)
        for name, values, unit, tags in _quantities(blind, centre.settings.centre.language)
    ]
    side = cell_px(centre.grid)
    corner = centre.grid.transform * Affine.translation(int(first[1]) * side, int(first[0]) * side)
    tags = _tags(blind, now, centre.settings.centre.language)
    return write_sheet(target, bands, corner * Affine.scale(side), centre.grid.crs, tags), len(bands)


def _laid(values: NDArray[np.float64], at: NDArray[np.int64], shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return (row, col) values of cells; NaN where there is none."""
    sheet = np.full(shape, np.nan)
    sheet[at[:, 0], at[:, 1]] = values
    return sheet


def _quantities(
    blind: Blindness, language: str
) -> Iterator[tuple[str, NDArray[np.float64], str, dict[str, str]]]:
    """Yield name, values, unit and tags of every band."""
    views: dict[str, View] = {**blind.views, TOGETHER: blind.together}
    none = {"never": f"{NOT_YET:.0f}"}
    for key, view in views.items():
        stream = {"stream": key}
        days = np.where(view.last == NEVER, NOT_YET, blind.as_of - np.maximum(view.last, 0)).astype(float)
        yield f"{key} days since last seen", days, "days", stream | none
        for number, age in enumerate(AGES_DAYS):
            found = np.where(np.isfinite(view.found_ha[:, number]), view.found_ha[:, number], NOT_YET)
            yield f"{key} found_ha after {age} days", found, "ha", stream | none | {"age_days": str(age)}
        yield f"{key} why", view.why.astype(float), "", stream | {"legend": _legend(language)}


def _legend(language: str) -> str:
    return "; ".join(f"{int(code)} = {say(f'why.{code.name}', language)}" for code in Why)


def _tags(blind: Blindness, now: Present, language: str) -> dict[str, str]:
    return {
        "marking": Marking.RESTRICTED.name,
        "as_of": iso_day(blind.as_of),
        "unseen_days": str(blind.days),
        "proof": now.proof or "not stated",
        "legend": say("blind.legend", language, never=f"{NOT_YET:.0f}"),
        "warning": say("blind.restricted", language),
    }

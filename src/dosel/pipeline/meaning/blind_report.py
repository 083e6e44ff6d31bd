"""The answer to ``dosel blind``: the places asked for, the whole area, and a raster where it is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dosel.context.layer import Layer
from dosel.context.places import Stretching, places_named, places_of_layer
from dosel.context.unseen import Place, Seen, seen_of, seen_of_all
from dosel.errors import InputError
from dosel.model.marking import Marking
from dosel.pipeline.centre import Centre
from dosel.pipeline.meaning.blind import DAYS, blindness, whole_ha
from dosel.pipeline.meaning.blind_sheet import check_inside, write_blind_sheet
from dosel.pipeline.meaning.present import Present, present
from dosel.pipeline.reference.layers import load_layers


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked."""

    unit: str = ""
    layer: str = ""
    days: int = DAYS
    as_of: str = ""
    raster: Path | None = None
    stretching: Stretching = field(default_factory=Stretching)


@dataclass(frozen=True, slots=True)
class Report:
    """What was and was not seen."""

    now: Present
    days: int
    places: tuple[Seen, ...]
    by_name: bool
    """The places were asked for by name."""
    whole: Seen | None
    """The whole area; None where places were asked for."""
    raster: tuple[Path, int] | None = None
    """File and number of bands."""


def report(centre: Centre, question: Question, layers: Sequence[Layer] | None = None) -> Report:
    """Answer a question about blind spots.

    Parameters
    ----------
    layers
        Reference layers; those of the store when not given. Those that seal a place seal it.

    Raises
    ------
    InputError
        If both a unit and a layer are asked for, there is none such, or the raster would leave the centre.
    """
    if question.unit and question.layer:
        raise InputError("--unit, --layer: expected one of them, got both")
    if question.raster is not None:
        check_inside(centre, question.raster)
    known = load_layers(centre.store) if layers is None else tuple(layers)
    now, asked = present(centre, question.as_of), _asked(centre, question, known)
    board, blind = blindness(centre, now.day, days=question.days, layers=known)
    written = question.raster and write_blind_sheet(centre, board, blind, now, question.raster)
    name = centre.settings.area.name
    whole = None if asked is not None else seen_of_all(blind, name, whole_ha(centre))
    return Report(
        now, question.days, seen_of(blind, asked or ()), bool(question.unit), whole, written or None
    )


def _asked(centre: Centre, question: Question, layers: Sequence[Layer]) -> tuple[Place, ...] | None:
    """Return the places asked for; None where the whole area is."""
    near = centre.grid.bbox
    layers = [one for one in layers if one.sensitivity < Marking.SEALED]
    if question.unit:
        return places_named(layers, question.unit, near, question.stretching)
    if question.layer:
        return places_of_layer(layers, question.layer, near, question.stretching)
    return None

"""A document as plain values: what is said, in which order; how it looks stands elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 or 2."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a ``warning`` stands in a frame, a ``note`` in small letters."""

    text: str
    kind: Literal["plain", "warning", "note"] = "plain"


@dataclass(frozen=True, slots=True)
class Pairs:
    """Names and what is said of each."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A table; `wide` gives the columns that take what room is left, by number."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wide: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """Geometries that are drawn alike."""

    style: str
    """Key of :data:`dosel.share.printed.maps.STYLES`."""
    geometries: tuple[BaseGeometry, ...]
    """Lon/lat in degrees WGS 84."""
    labels: tuple[str, ...] = ()
    """One a geometry, or none at all."""
    legend: str = ""
    """What they are, with vintage; empty stands in no legend."""


@dataclass(frozen=True, slots=True)
class MapView:
    """A map: where, and what lies on it from below to above."""

    bounds: tuple[float, float, float, float]
    """West, south, east, north in degrees."""
    drawn: tuple[Drawn, ...]
    caption: str
    width_cm: float = 17.0


@dataclass(frozen=True, slots=True)
class Beside:
    """Names and what is said of each, with a map beside them."""

    pairs: Pairs
    view: MapView


Block: TypeAlias = Heading | Paragraph | Pairs | Listing | MapView | Beside


@dataclass(frozen=True, slots=True)
class Document:
    """A report, ready to be printed."""

    title: str
    subtitle: str
    language: str
    day: str
    """Day on which it was made, YYYY-MM-DD."""
    footer: str
    """Stands on every page: marking, release, proof."""
    blocks: tuple[Block, ...]

    def maps(self) -> Sequence[MapView]:
        """Return its maps in their order."""
        views = (block.view if isinstance(block, Beside) else block for block in self.blocks)
        return [view for view in views if isinstance(view, MapView)]

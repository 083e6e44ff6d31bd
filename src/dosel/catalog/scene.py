"""The values of the catalogue: an asset, a scene, a look.

A *look* is one acquisition of a sensor in one geometry: granules, slices and reprocessings of the
same datatake are one look, never two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dosel.errors import SceneError
from dosel.model.codes import Refusal
from dosel.model.marking import Marking
from dosel.model.provenance import Source


@dataclass(frozen=True, slots=True)
class Asset:
    """One band of a scene in one raster."""

    href: str
    """Path or URL of the raster; NetCDF variables as ``file.nc#variable``."""
    band: int = 1
    """Band number in the raster, from 1."""
    nodata: float | None = None
    """Declared nodata, in stored units; None where the raster itself declares it."""
    scale: float = 1.0
    """physical = stored * scale + offset."""
    offset: float = 0.0
    """physical = stored * scale + offset."""
    crs: str | None = None
    """Declared CRS, checked against the raster's own; None where the raster must declare it."""
    step: int | None = None
    """Index along the time axis of a NetCDF cube, from 0; None for a raster of one instant."""


@dataclass(frozen=True, slots=True)
class SceneRef:
    """One STAC item that a sensor row can read."""

    id: str
    """Item id, unique in its collection."""
    collection: str
    sensor: str
    """Name of the row in the sensor table."""
    geometry: str
    """Acquisition geometry: ``ascending``, ``descending`` or ``any``; each is a stream of its own."""
    datatake: str
    """What granules, slices and reprocessings of one acquisition share."""
    acquired: datetime
    """UTC instant of the acquisition."""
    bbox: tuple[float, float, float, float]
    """West, south, east, north in degrees WGS 84."""
    assets: Mapping[str, Asset]
    """By the sensor row's own band names."""
    source: Source
    processed: str = ""
    """Processing version or instant as text; the greatest of one granule is used."""
    granule: str = ""
    """Name of the granule or slice within the datatake; reprocessings share it."""
    marking: Marking = Marking.RESTRICTED
    properties: Mapping[str, str | float] = field(default_factory=dict)
    """What the stack needs beside the assets, for example ``processing:baseline``."""


@dataclass(frozen=True, slots=True)
class Look:
    """One acquisition of a sensor in one geometry."""

    id: str
    """``<sensor>/<geometry>/<acquired day>/<datatake>``."""
    sensor: str
    geometry: str
    acquired: datetime
    """Earliest instant of its scenes."""
    day: int
    """UTC day number of `acquired`."""
    scenes: tuple[SceneRef, ...]
    """Sorted by granule; for each granule the newest processing only."""

    @property
    def order(self) -> tuple[str, str]:
        """Key of the fold: looks are folded in acquisition order, ties by id."""
        return self.acquired.isoformat(), self.id


class RefusedSceneError(SceneError):
    """A scene or look that is refused for a coded reason, which the ledger keeps beside the sentence.

    Examples
    --------
    >>> error = RefusedSceneError(Refusal.TRUNCATED, "b04.tif: the file ends before its data")
    >>> error.refusal.name, str(error)
    ('TRUNCATED', 'b04.tif: the file ends before its data')
    """

    def __init__(self, refusal: Refusal, sentence: str) -> None:
        self.refusal = refusal
        super().__init__(sentence)

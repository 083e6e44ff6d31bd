"""A sheet of numbers as a cloud-optimised GeoTIFF: georeferenced, with nodata, named bands and a legend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.io import MemoryFile
from rasterio.shutil import copy

from dosel.errors import StoreError

NODATA: Final = -9999.0
"""Declared in every sheet."""


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """One quantity."""

    name: str
    """Description, as QGIS and GDAL show it."""
    values: NDArray[np.float64]
    """(y, x); NaN becomes the declared nodata."""
    unit: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


def write_sheet(
    path: Path, bands: Sequence[Band], transform: Affine, crs: str, tags: Mapping[str, str]
) -> Path:
    """Write bands of one shape as a COG of float32, replacing the file as a whole.

    Raises
    ------
    StoreError
        If it cannot be written.
    """
    height, width = bands[0].values.shape
    profile = {
        "driver": "GTiff", "height": height, "width": width, "count": len(bands), "dtype": "float32",
        "crs": crs, "transform": transform, "nodata": NODATA,
    }  # fmt: skip
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with MemoryFile() as memory:
            with memory.open(**profile) as sheet:
                _fill(sheet, bands, tags)
            with memory.open() as sheet:
                copy(sheet, part, driver="COG", compress="DEFLATE", predictor="YES")
        part.replace(path)
    except (OSError, rasterio.errors.RasterioError) as error:
        part.unlink(missing_ok=True)
        raise StoreError(f"{path}: cannot be written: {error}; free the disk or mend its rights") from error
    return path


def _fill(sheet: rasterio.io.DatasetWriter, bands: Sequence[Band], tags: Mapping[str, str]) -> None:
    for number, band in enumerate(bands, start=1):
        sheet.write(np.where(np.isnan(band.values), NODATA, band.values).astype(np.float32), number)
        sheet.set_band_description(number, band.name)
        if band.unit:
            sheet.set_band_unit(number, band.unit)
        sheet.update_tags(number, **band.tags)
    sheet.update_tags(**tags)

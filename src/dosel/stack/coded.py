"""Pixels of a raster of codes: where it is not 0, window by window, without holding the whole of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.windows import Window

from dosel.errors import InputError

_ROWS: Final = 2_048
_COLUMNS: Final = 8_192
"""Pixels that are read at once: 16 million."""


@dataclass(frozen=True, slots=True)
class CodedPixels:
    """The pixels that carry a code."""

    row: NDArray[np.int64]
    col: NDArray[np.int64]
    code: NDArray[np.int64]
    """(pixel) each."""
    transform: Affine
    """Column and row to x, y."""
    crs: str
    """As the file declares it; empty where it declares none."""


def coded_pixels(path: Path) -> CodedPixels:
    """Return the pixels of a one-band raster of whole numbers that are neither 0 nor nodata.

    Raises
    ------
    InputError
        If it cannot be read, has several bands, holds no whole numbers, or is rotated.
    """
    try:
        with rasterio.open(path, driver="GTiff") as data:
            _check(path, data)
            parts = [_window(data, row, col) for row, col in _corners(data.height, data.width)]
            crs = data.crs.to_string() if data.crs else ""
            rows, cols, codes = (np.concatenate(group) for group in zip(*parts, strict=True))
            return CodedPixels(rows, cols, codes, data.transform, crs)
    except RasterioError as error:
        raise InputError(f"{path}: the raster cannot be read: {error}") from None


def _check(path: Path, data: Any) -> None:
    if data.count != 1 or np.dtype(data.dtypes[0]).kind not in "iu":
        raise InputError(f"{path}: expected one band of whole numbers, got {data.count} of {data.dtypes[0]}")
    if data.transform.b or data.transform.d:
        raise InputError(f"{path}: expected a raster that is not rotated")


def _corners(height: int, width: int) -> list[tuple[int, int]]:
    return [(row, col) for row in range(0, height, _ROWS) for col in range(0, width, _COLUMNS)]


def _window(data: Any, row: int, col: int) -> tuple[NDArray[np.int64], ...]:
    size = min(_COLUMNS, data.width - col), min(_ROWS, data.height - row)
    values = data.read(1, window=Window(col, row, *size))
    held = values != 0
    if data.nodata is not None:
        held &= values != data.nodata
    y, x = np.nonzero(held)
    return y + row, x + col, values[y, x].astype(np.int64)

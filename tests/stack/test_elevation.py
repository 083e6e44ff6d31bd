"""Slope under alerts: planes whose slope is known."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from pyproj import Geod, Transformer
from rasterio.transform import from_origin
from shapely import box

from dosel.errors import InputError
from dosel.stack.elevation import elevation_version, mean_slopes

NODATA = -9999.0


def model(folder: Path, heights, transform, crs="EPSG:4326", units="m", **more) -> Path:
    path = folder / "heights.tif"
    shape = {"width": heights.shape[1], "height": heights.shape[0], "count": 1, "dtype": "float32"}
    with rasterio.open(
        path, "w", driver="GTiff", transform=transform, crs=crs, nodata=NODATA, **shape, **more
    ) as out:
        out.write(heights.astype(np.float32), 1)
        out.units = (units,)
    return path


DEGREES = from_origin(-70, -12, 0.001, 0.001)
TURNED = Affine(0.001, 0.0002, -70, 0.0002, -0.001, -12)
METRES = from_origin(400_000, 8_650_000, 30, 30)


def test_in_degrees_the_pixel_is_measured_on_the_ellipsoid(tmp_path: Path) -> None:
    """Planes that rise 10 m a pixel to the east, and to the south; kills degrees taken for metres."""
    wide = Geod(ellps="WGS84").inv(-69.96, -12.03, -69.959, -12.03)[2]
    tall = Geod(ellps="WGS84").inv(-69.96, -12.03, -69.96, -12.031)[2]
    here = [box(-69.96, -12.031, -69.955, -12.027)]
    x, y = np.meshgrid(np.arange(100.0), np.arange(100.0))
    for heights, length in ((10 * x, wide), (10 * y, tall)):
        (slope,) = mean_slopes(model(tmp_path, heights, DEGREES), here)
        assert slope == pytest.approx(math.degrees(math.atan(10 / length)), rel=1e-4)


def test_in_metres_only_what_the_alert_touches_counts(tmp_path: Path) -> None:
    """West is flat, east is steep; kills the mean of the window, and an outline that is not moved."""
    heights = np.maximum(0, np.arange(100.0) - 50) * np.ones((100, 1)) * 30
    path = model(tmp_path, heights, METRES, crs="EPSG:32719")
    back = Transformer.from_crs("EPSG:32719", "EPSG:4326", always_xy=True)

    def there(left: float, right: float):
        west, south = back.transform(400_000 + 30 * left, 8_650_000 - 1800)
        east, north = back.transform(400_000 + 30 * right, 8_650_000 - 1500)
        return box(west, south, east, north)

    flat, steep = mean_slopes(path, [there(10, 20), there(60, 70)])
    assert (flat, steep) == (pytest.approx(0), pytest.approx(45, abs=0.01))


def test_outside_and_without_data_nothing_is_said(tmp_path: Path) -> None:
    """Kills a slope of 0 where nobody measured."""
    heights = np.full((100, 100), 5.0)
    heights[:50] = NODATA
    path = model(tmp_path, heights, DEGREES)
    void, far, good = mean_slopes(
        path, [box(-69.96, -12.02, -69.95, -12.01), box(0, 0, 1, 1), box(-69.96, -12.08, -69.95, -12.07)]
    )
    assert np.isnan([void, far]).all()
    assert good == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"units": "ft"}, "heights in metres"),
        ({"crs": None}, "a declared CRS"),
        ({"transform": TURNED}, "rows along its axes"),
    ],
)
def test_what_is_refused(tmp_path: Path, wrong, said: str) -> None:
    path = model(tmp_path, np.zeros((9, 9)), **({"transform": DEGREES} | wrong))
    with pytest.raises(InputError, match=said):
        mean_slopes(path, [box(-70, -12, -69.99, -11.99)])


def test_no_file(tmp_path: Path) -> None:
    for ask in (elevation_version, lambda path: mean_slopes(path, [])):
        with pytest.raises(InputError, match=r"context\.elevation"):
            ask(tmp_path / "none.tif")

"""A corner of the Landsat NDVI cube (O) through the whole watch: a NetCDF is read where and when it says."""

from types import SimpleNamespace

import numpy as np
from benchmarks.score_ndvi_cube import run
from netCDF4 import Dataset

from dosel.model.codes import NODATA, AlertStatus, Watch
from dosel.model.time import day_of
from dosel.pipeline.centre import open_centre
from dosel.pipeline.spine.reading import HALO_PX, gridded

TOP, LEFT, SIDE = 60, 90, 90


def test_a_corner_of_the_cube_is_watched(shared_data, tmp_path):
    """Kills: a step off by one, rows upside down, a scale applied twice, gaps taken for values."""
    data = (shared_data / "timeseries" / "landsat8-ndvi-cube").resolve()
    x, y = -7370182 + 250 * LEFT, -993877 - 250 * TOP
    found = run(data, tmp_path, (x, y - 250 * SIDE, x + 250 * SIDE, y))
    assert found.summary.history > 25
    assert found.summary.used > 20
    assert 0.5 < (found.codes == Watch.WATCHED).mean() < 1
    assert any(row["status"] == AlertStatus.CONFIRMED for row in found.alerts)
    with Dataset(str(next(data.glob("*.nc")))) as cube, open_centre(tmp_path) as centre:
        cube.set_auto_maskandscale(False)
        (tile,) = centre.tiles
        for step, month in ((0, "2014-06-01"), (40, "2017-10-01"), (63, "2019-09-01")):
            want = cube["ndvi"][step, TOP : TOP + SIDE, LEFT : LEFT + SIDE]
            (row,) = centre.store.select("looks", {"day": day_of(month)})
            got = gridded(centre, SimpleNamespace(id=row["id"]), tile).values[
                0, HALO_PX:-HALO_PX, HALO_PX:-HALO_PX
            ]
            np.testing.assert_array_equal(np.where(want == -32768, NODATA, want), got)

"""A file of others is what its name says, or it is not opened."""

import json
import zipfile

import geopandas as gpd
import pytest
import shapely

from dosel.alerts.partner.read import read_table
from dosel.config.feed import FeedSettings
from dosel.errors import InputError
from dosel.stack import vector
from dosel.stack.coded import coded_pixels
from dosel.stack.vector import check_vector

FEED = FeedSettings(name="f", id=("id",), day="seen", extent="point")
VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{}</SrcDataSource>'
    "<GeometryType>wkbPoint</GeometryType><LayerSRS>WGS84</LayerSRS><GeometryField "
    'encoding="PointFromColumns" x="longitude" y="latitude"/></OGRVRTLayer></OGRVRTDataSource>'
)


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.csv"
    path.write_text("id,seen,longitude,latitude\nTOP,2024-01-01,-70,-12\n")
    return path


def test_a_file_that_names_other_files_is_not_opened(tmp_path, secret):
    """Mutants: the kind goes by content; only the plain VRT is known; archives are not looked into."""
    pipe = {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {secret}"}
    files = {"a.geojson": VRT.format(secret), "b.gpkg": VRT.format(secret), "c.json": json.dumps(pipe)}
    files["d.shp"] = files["a.geojson"]
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        archive.write(tmp_path / "a.geojson", "secret.vrt")
    for name in (*files, "e.zip"):
        with pytest.raises(InputError, match=r"names other files|something else"):
            read_table(tmp_path / name, FEED)


def test_honest_files_are_read(tmp_path):
    """Mutant: everything is refused."""
    frame = gpd.GeoDataFrame(
        {"id": ["a"], "seen": ["2024-01-01"]}, geometry=[shapely.Point(-70, -12)], crs=4326
    )
    for name in ("a.geojson", "a.gpkg", "a.shp"):
        frame.to_file(tmp_path / name)
        assert read_table(tmp_path / name, FEED).count == 1
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for part in tmp_path.glob("a.[sdpc]*"):
            archive.write(part, part.name)
    assert read_table(tmp_path / "a.zip", FEED).count == 1


def test_an_archive_counts_by_what_it_unpacks_to(tmp_path, monkeypatch):
    """Mutants: the packed size counts; no size counts."""
    monkeypatch.setattr(vector, "MOST_BYTES", 1_000_000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.dbf", b"\0" * 1_000_001)
    assert (tmp_path / "bomb.zip").stat().st_size < 10_000
    (tmp_path / "large.csv").write_bytes(b"x" * 1_000_001)
    for name in ("bomb.zip", "large.csv"):
        with pytest.raises(InputError, match="expected at most"):
            check_vector(tmp_path / name)


def test_a_coded_raster_is_a_tiff(tmp_path):
    """Mutant: a .tif that is a list of other rasters is followed."""
    path = tmp_path / "z.tif"
    path.write_text(
        '<VRTDataset rasterXSize="1" rasterYSize="1"><VRTRasterBand dataType="Byte"/></VRTDataset>'
    )
    with pytest.raises(InputError, match="cannot be read"):
        coded_pixels(path)

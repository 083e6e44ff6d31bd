"""Reading vector files for layers: never a guess of where a coordinate lies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer
from tests.context.layering import definition

from dosel.errors import InputError
from dosel.pipeline.reference.vectors import read_polygons, read_rows

SQUARE = shapely.box(-78.51, -7.01, -78.5, -7.0)
PERU = (-84.8, -20.5, -68.5, 0.2)
TO_17S = Transformer.from_crs(4326, 32717, always_xy=True)


def in_17s(shape: Any) -> Any:
    return shapely.transform(shape, lambda xy: np.column_stack(TO_17S.transform(xy[:, 0], xy[:, 1])))


def written(path: Path, shapes: list[Any], crs: str | None) -> Path:
    table = gpd.GeoDataFrame({"code": [f"c{i}" for i in range(len(shapes))]}, geometry=shapes, crs=crs)
    if path.suffix == ".parquet":
        table.to_parquet(path)
    else:
        table.to_file(path)
    return path


KINDS = ["a.gpkg", "a.parquet", "a.shp", "a.geojson"]


@pytest.mark.parametrize("name", KINDS)
def test_every_format_gives_the_same_rows(tmp_path: Path, name: str) -> None:
    """Mutant: swap lon and lat of one format; lose a column."""
    read = read_rows(written(tmp_path / name, [SQUARE], "EPSG:4326"), definition()).rows
    assert shapely.equals_exact(read.geometry[0].normalize(), SQUARE.normalize(), 1e-9)
    assert read.columns["code"].tolist() == ["c0"]


@pytest.mark.parametrize("name", KINDS)
def test_utm_metres_that_are_declared_as_degrees_are_refused(tmp_path: Path, name: str) -> None:
    """Mutant: take the declared CRS on trust; guess a zone from the size of the numbers."""
    path = written(tmp_path / name, [in_17s(SQUARE)], "EPSG:4326")
    with pytest.raises(InputError, match=r"degrees.*these are metres; say the true crs"):
        read_rows(path, definition())


@pytest.mark.parametrize("name", ["a.gpkg", "a.parquet", "a.shp"])
def test_degrees_that_are_declared_as_metres_are_refused(tmp_path: Path, name: str) -> None:
    """Mutant: UTM zone 18 north puts them near the equator, within the box of Peru."""
    path = written(tmp_path / name, [shapely.box(-75, -9, -74.9, -8.9)], "EPSG:32618")
    with pytest.raises(InputError, match=r"metres.*these are degrees"):
        read_rows(path, definition(extent=PERU))


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg"])
def test_the_true_crs_in_the_definition_mends_a_file_that_contradicts_itself(
    tmp_path: Path, name: str
) -> None:
    """Mutant: ignore crs of the definition; believe it over a file that is sound."""
    path = written(tmp_path / name, [in_17s(SQUARE)], "EPSG:4326")
    read = read_rows(path, definition(crs="EPSG:32717", extent=PERU)).rows
    assert shapely.hausdorff_distance(read.geometry[0], SQUARE) < 1e-6
    sound = written(tmp_path / f"sound-{name}", [SQUARE], "EPSG:4326")
    with pytest.raises(InputError, match=r"declares EPSG:4326, the definition says EPSG:32717"):
        read_rows(sound, definition(crs="EPSG:32717"))


@pytest.mark.parametrize("name", ["a.shp", "a.parquet"])
def test_a_file_without_a_crs_is_refused_unless_the_definition_says_it(tmp_path: Path, name: str) -> None:
    """Mutant: assume WGS 84."""
    path = written(tmp_path / name, [SQUARE], None if name.endswith("parquet") else "EPSG:4326")
    path.with_suffix(".prj").unlink(missing_ok=True)
    with pytest.raises(InputError, match="declares no CRS"):
        read_rows(path, definition())
    assert len(read_rows(path, definition(crs="EPSG:4326")).rows) == 1


@pytest.mark.parametrize("name", ["a.gpkg", "a.parquet", "a.shp"])
def test_another_declared_crs_is_transformed(tmp_path: Path, name: str) -> None:
    """Mutant: keep the metres; swap the axes (independent: pyproj, point by point)."""
    read = read_rows(written(tmp_path / name, [in_17s(SQUARE)], "EPSG:32717"), definition(extent=PERU)).rows
    assert shapely.hausdorff_distance(read.geometry[0], SQUARE) < 1e-8


@pytest.mark.parametrize(
    ("crs", "place", "said"),
    [
        ("EPSG:4267", (-100, 40), "datum-grid"),
        ("EPSG:24878", (-75, -9), "datum"),
        ("EPSG:4674", (-75, -9), None),
        ("EPSG:32718", (-75, -9), None),
    ],
)
def test_how_exact_a_change_of_datum_was_is_said(
    tmp_path: Path, crs: str, place: tuple[float, float], said: str | None
) -> None:
    """Mutant: take NAD27 without its grid, or PSAD56, for exact; an alarm at every UTM file."""
    shape = gpd.GeoSeries([shapely.Point(place).buffer(0.01)], crs=4326).to_crs(crs)
    read = read_rows(written(tmp_path / "a.gpkg", list(shape), crs), definition())
    assert [one.kind for one in read.problems] == ([said] if said else [])
    assert shapely.distance(read.rows.geometry[0], shapely.Point(place)) == 0
    assert all(one.detail["accuracy_m"] > 1 for one in read.problems)


def test_psad56_moves_by_hundreds_of_metres(tmp_path: Path) -> None:
    """Known answer: PSAD56 lies some 370 to 430 m from WGS 84 in Peru; mutant: forget the datum."""
    one, two = (
        read_rows(
            written(tmp_path / f"{crs[5:]}.gpkg", [shapely.Point(500_000, 9_000_000)], crs), definition()
        ).rows
        for crs in ("EPSG:24878", "EPSG:32718")
    )
    apart = shapely.distance(one.geometry[0], two.geometry[0]) * 111_195
    assert 350 < apart < 450


def test_long_edges_of_a_projection_are_split_before_they_bend(tmp_path: Path) -> None:
    """Mutant: move only the corners: the middle of a 400 km edge would be 1.9 km away."""
    line = shapely.LineString([(200_000, 8_000_000), (600_000, 8_000_000)])
    path = written(tmp_path / "a.gpkg", [line], "EPSG:32719")
    read = read_rows(path, definition(shape="line")).rows.geometry[0]
    lon, lat = Transformer.from_crs(32719, 4326, always_xy=True).transform(400_000, 8_000_000)
    assert shapely.distance(read, shapely.Point(lon, lat)) * 111_195 < 10


@pytest.mark.parametrize(
    "shape", [shapely.box(-7, -78.51, -6.99, -78.5), shapely.box(-78.51, 7, -78.5, 7.01)]
)
def test_units_outside_the_country_are_refused(tmp_path: Path, shape: Any) -> None:
    """Mutant: let swapped axes and a missing minus through (lon and lat swapped; north for south)."""
    path = written(tmp_path / "a.gpkg", [SQUARE, shape], "EPSG:4326")
    with pytest.raises(InputError, match=r"1 of 2 rows \(2\) lie outside PE .* are lon and lat swapped"):
        read_rows(path, definition(extent=PERU, country="PE"))


@pytest.mark.parametrize("shape", [shapely.box(-179, -10, 179, -9), shapely.box(0, 80, 10, 89.5)])
def test_the_date_line_and_the_poles_are_refused(tmp_path: Path, shape: Any) -> None:
    """Mutant: take a unit that crosses the date line as one around the world."""
    path = written(tmp_path / "a.gpkg", [shape], "EPSG:4326")
    with pytest.raises(InputError, match="date line or a pole"):
        read_rows(path, definition())


def test_a_csv_says_its_columns_and_its_crs(tmp_path: Path) -> None:
    """Mutant: lose leading zeros; place a row without coordinates at 0, 0; assume a CRS."""
    path = tmp_path / "a.csv"
    path.write_text(
        "ubigeo;x;y;nombre\n010101;-77.87;-6.23;Chachapoyas\n010102;;;Asunción\n", encoding="utf-8"
    )
    asked = definition(crs="EPSG:4326", lon="x", lat="y", delimiter=";", shape="point")
    read = read_rows(path, asked).rows
    assert read.columns["ubigeo"].tolist() == ["010101", "010102"]
    assert read.columns["nombre"].tolist() == ["Chachapoyas", "Asunción"]
    assert (read.geometry[0].x, read.geometry[0].y, read.geometry[1]) == (-77.87, -6.23, None)
    with pytest.raises(InputError, match="declares no CRS"):
        read_rows(path, asked.model_copy(update={"crs": None}))
    with pytest.raises(InputError, match="no column lon"):
        read_rows(path, asked.model_copy(update={"lon": "lon"}))


def test_columns_become_texts_as_a_person_would_write_them(tmp_path: Path) -> None:
    """Mutant: 6080546560.0 for a code; nan for nothing; a time for a day."""
    days = pd.to_datetime(["2010-03-11", None])
    columns = {"id": [6080546560.0, np.nan], "share": [0.5, 2.0], "day": days, "name": [" a ", None]}
    table = gpd.GeoDataFrame(columns, geometry=[SQUARE, SQUARE], crs="EPSG:4326")
    table.to_parquet(tmp_path / "a.parquet")
    read = read_rows(tmp_path / "a.parquet", definition()).rows.columns
    assert {name: read[name].tolist() for name in columns} == {
        "id": ["6080546560", ""],
        "share": ["0.5", "2"],
        "day": ["2010-03-11", ""],
        "name": ["a", ""],
    }


def test_what_is_no_vector_file_is_one_sentence(tmp_path: Path) -> None:
    """Mutant: let an error of the library out."""
    (tmp_path / "a.gpkg").write_bytes(b"nothing")
    (tmp_path / "a.parquet").write_bytes(b"nothing")
    for name, said in (("a.gpkg", "expected a .gpkg file"), ("a.parquet", "cannot be read as a vector file")):
        with pytest.raises(InputError, match=said):
            read_rows(tmp_path / name, definition())
    with pytest.raises(InputError, match="does not exist"):
        read_rows(tmp_path / "b.gpkg", definition())
    with pytest.raises(InputError, match="crs: 'EPSG:nothing' is no coordinate system"):
        read_rows(written(tmp_path / "c.gpkg", [SQUARE], "EPSG:4326"), definition(crs="EPSG:nothing"))


def test_coverage_polygons_are_read_in_degrees(tmp_path: Path) -> None:
    """Mutant: take them as they lie; take lines for a coverage."""
    path = written(tmp_path / "a.gpkg", [in_17s(SQUARE)], "EPSG:32717")
    assert shapely.hausdorff_distance(read_polygons(path), SQUARE) < 1e-8
    with pytest.raises(InputError, match="holds no polygon"):
        read_polygons(written(tmp_path / "b.gpkg", [shapely.boundary(SQUARE)], "EPSG:4326"))

"""What the issue asks of a centre, on real data (R): Madre de Dios and its border, as of 2024-12-30.

The alerts are a cut of the partners' files, so that the module stays short; the layers are whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from pyproj import CRS, Geod, Transformer

from dosel.console.report import document_of
from dosel.context.facts import Relation
from dosel.model.time import day_of
from dosel.pipeline.centre import Centre, open_centre
from dosel.pipeline.feeds.import_feed import import_feed
from dosel.pipeline.init import NewCentre, init_centre
from dosel.pipeline.meaning.describe import describe
from dosel.pipeline.meaning.near import Nearby, Question, near
from dosel.pipeline.meaning.places import facts_of
from dosel.pipeline.reference.layer_add import add_layers, ready_definitions
from dosel.pipeline.work.queue import QueueReport, work_list
from dosel.pipeline.work.report import Question as Asked
from dosel.pipeline.work.report import gather_report, print_report

DAY, UNIT = "2024-12-30", "Madre de Dios"
SINCE = "2024-01-01"
WEST, SOUTH, EAST, NORTH = -72.4, -13.4, -68.6, -9.8
BORDER_SOUTH = -11.4
"""Degrees; the border with Brazil lies well north of it."""
GEOD = Geod(ellps="WGS84")
FAR_DEGREES = 0.3
"""More than 30 km everywhere in the area."""
SILENT = ("isolation-reserves", "timber-concessions", "forest-titles", "mining-rights-17s", "emergency-zones")
"""Layers that are missing, or that end west of Madre de Dios: mining rights are here of zone 17S alone."""


def cut(shared_data: Path, folder: Path, name: str) -> Path:
    """Write the rows of a file that lie in the area; of MapBiomas 2024 and after, near Brazil all years."""
    rows = gpd.read_parquet(shared_data / "context" / name).cx[WEST:EAST, SOUTH:NORTH]
    if "detected_at" in rows:
        rows = rows[(rows["detected_at"] >= SINCE) | (rows.geometry.y > BORDER_SOUTH)]
    path = folder / Path(name).name
    rows.to_parquet(path)
    return path


FEEDS = {
    "mapbiomas-peru": "alerts/mapbiomas_alerta_peru_2021_2024.parquet",
    "amazon-mining-watch": "mining/amw_mining_detections_peru_100km_2018_2025.parquet",
    "firms-modis": "alerts/firms_modis_c61_south_america_2022-08-31.parquet",
    "airstrips-brazil-2021": "transport_hydro_places/clandestine_airstrips_brazil_2021_nyt_intercept.parquet",
}


@pytest.fixture(scope="module")
def files(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The cut of every feed."""
    folder = tmp_path_factory.mktemp("feeds")
    return {feed: cut(shared_data, folder, name) for feed, name in FEEDS.items()}


@pytest.fixture(scope="module")
def centre(
    shared_data: Path, files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Centre]:
    """The centre, set up as its operator would."""
    place = tmp_path_factory.mktemp("peru") / "centre"
    bbox = f"{WEST},{SOUTH},{EAST},{NORTH}"
    init_centre(place, NewCentre("mdd", "EPSG:32719", 10.0, bbox, start="2025-01-01", language="en"))
    with open_centre(place, unwatched="begin") as opened:
        add_layers(opened.store, ready_definitions("peru"), shared_data / "context")
        for feed, path in files.items():
            report = import_feed(opened, feed, path, str, now=datetime(2026, 11, 1, tzinfo=UTC))
            assert report.refused_rows == 0
        describe(opened.store)
        yield opened


@pytest.fixture(scope="module")
def work(centre: Centre) -> QueueReport:
    """The ten things of the week."""
    return work_list(centre, unit=UNIT, as_of=DAY, limit=10)


def test_ten_things_why_and_who_is_competent(work: QueueReport) -> None:
    """Mutants: a list of ids; a term without a reason; a place without its agencies; one of another week."""
    ids = [one.candidate.id for one in work.work.reviews]
    assert len(set(ids)) == 10
    for one in work.work.reviews:
        told = work.told[one.candidate.id]
        assert day_of(DAY) - 6 <= told.alert["window_end"] <= day_of(DAY)
        assert told.where[-1] == "MADRE DE DIOS"
        assert all(term.why for term in one.score.terms)
        assert told.who is not None
        answer = told.who.answer
        assert "pnp" in answer.competent()
        assert "fema" in {*answer.competent(), *answer.competent(conditional=True)}
        assert any(layer.startswith("departments ") for layer in told.who.layers)
        assert told.driver is not None
        assert told.driver["proof"] in {"R", "O", "S", ""}


def test_nobody_of_after_the_day_makes_it_more_certain(centre: Centre, work: QueueReport) -> None:
    """Mutant: Amazon Mining Watch, dated 2024-12-31 for its whole year, counted on 2024-12-30."""
    late = {
        row["source"]
        for row in centre.store.select("alerts", {"source": "amazon-mining-watch"})
        if row["window_end"] == day_of("2024-12-31")
    }
    assert late
    certain = {one.candidate.id: one.score.terms[0].value for one in work.work.reviews}
    members = centre.store.select("incident_members", {"member_id": list(certain)})
    joined = centre.store.select("incident_members", {"incident_id": [row["incident_id"] for row in members]})
    alerts = centre.store.select("alerts", {"id": [row["member_id"] for row in joined]})
    known = {row["id"]: row["source"] for row in alerts if row["window_end"] <= day_of(DAY)}
    for row in members:
        same = [one["member_id"] for one in joined if one["incident_id"] == row["incident_id"]]
        feeds = {known[one] for one in same if one in known}
        assert certain[row["member_id"]] == 1 - 0.5 ** len(feeds)


def geodesic(shape: shapely.Geometry, border: shapely.Geometry) -> float:
    """Return metres on the ellipsoid between nearest points, found in a plane around the shape."""
    if shape.distance(border) > FAR_DEGREES:
        return float("inf")
    middle = shape.centroid
    plane = CRS.from_proj4(f"+proj=aeqd +lat_0={middle.y} +lon_0={middle.x} +ellps=WGS84")
    there = Transformer.from_crs("EPSG:4326", plane, always_xy=True)
    close = border.intersection(middle.buffer(1.0))
    pair = [
        shapely.transform(one, there.transform, interleaved=False)
        for one in (shape, shapely.segmentize(close, 0.001))
    ]
    line = shapely.shortest_line(*pair)
    (x0, x1), (y0, y1) = line.xy
    lon, lat = there.transform([x0, x1], [y0, y1], direction="INVERSE")
    return float(GEOD.inv(lon[0], lat[0], lon[1], lat[1])[2])


def test_everything_near_brazil_by_brute_force(
    centre: Centre, files: dict[str, Path], shared_data: Path
) -> None:
    """Mutants: planar distances; the border with Bolivia; a box by its middle; the future; a lost strip."""
    borders = gpd.read_parquet(shared_data / "context/admin/land_borders_ne10m_amazon_andes.parquet")
    brazil = borders[(borders["adm0_a3_l"] == "BRA") | (borders["adm0_a3_r"] == "BRA")].union_all()
    alerts = gpd.read_parquet(files["mapbiomas-peru"])
    seen = alerts[alerts["detected_at"] < "2024-12-31"]
    boxes = shapely.box(*(seen[side].to_numpy() for side in ("west", "south", "east", "north")))
    truth = {str(code): geodesic(one, brazil) for code, one in zip(seen["alert_code"], boxes, strict=True)}
    strips = gpd.read_parquet(files["airstrips-brazil-2021"]).geometry
    expected = [geodesic(one, brazil) for one in strips]
    found = near(centre, Question("land-borders", "BRA", as_of=day_of(DAY)))
    rows = centre.store.select("alerts", {"id": [one.id for one in found.found]})
    named = {row["id"]: row["external_id"] for row in rows if row["source"] == "mapbiomas-peru"}
    mine = {named[one.id]: one.least_m for one in found.found if one.id in named}
    assert len(mine) > 100
    assert mine.keys() == {code for code, metres in truth.items() if metres <= 20_000}
    assert all(abs(metres - truth[code]) < 20 for code, metres in mine.items())
    assert sum(one.kind == "airstrip" for one in found.found) == sum(m <= 20_000 for m in expected) > 0
    assert same_others(centre, brazil, found)


def same_others(centre: Centre, brazil: shapely.Geometry, found: Nearby) -> bool:
    """Return whether fire events and mining detections near Brazil are those of the brute force too."""
    fires = centre.store.select("fire_events")
    mines = centre.store.select("alerts", {"source": "amazon-mining-watch", "superseded": 0})
    rows = [*fires, *(row for row in mines if row["window_end"] <= day_of(DAY))]
    near_by = {row["id"] for row in rows if geodesic(row["geometry"], brazil) <= 20_000}
    every = {row["id"] for row in rows}
    return near_by == {one.id for one in found.found} & every


def test_what_no_layer_covers_is_not_evaluated(centre: Centre, work: QueueReport) -> None:
    """Mutant: "no overlap" from a layer that is missing, or that ends in zone 17S."""
    ids = [one.candidate.id for one in work.work.reviews]
    for facts in facts_of(centre.store, ids).values():
        said = {name: {fact.relation for fact in facts if fact.layer == name} for name in SILENT}
        assert said == {name: {Relation.NOT_EVALUATED} for name in SILENT}
        buffers = {fact.relation for fact in facts if fact.layer == "buffer-zones"}
        assert Relation.NONE not in buffers
    missing = {"buffer", "concession-timber", "mining-right"}
    for one in work.work.reviews:
        assert missing <= one.candidate.legal_unknown.keys() | one.candidate.legal.keys()
        assert {"concession-timber", "mining-right"} <= one.candidate.legal_unknown.keys()


def test_a_second_describe_does_nothing(centre: Centre) -> None:
    """Mutant: facts made again though neither alerts nor layers changed."""
    again = describe(centre.store)
    assert (again.described, again.facts) == (0, 0)


def test_the_printed_report_stays_and_is_recorded(centre: Centre) -> None:
    """Mutants: a file outside the centre; a report that nobody answers for; answers without who may act."""
    report = gather_report(centre, Asked(UNIT, as_of=DAY))
    assert len(report.places) == 10
    assert all(place.told.who is not None for place in report.places)
    assert not report.isolation_known
    assert report.nearby is not None
    assert report.blind.places
    path = print_report(centre, report, document_of(report, "es"), "officer", lambda: None)
    assert path.is_relative_to(centre.root)
    assert path.read_bytes().startswith(b"%PDF-")
    (row,) = centre.store.select("releases")
    assert (row["actor"], row["destination"]) == ("officer", str(path))

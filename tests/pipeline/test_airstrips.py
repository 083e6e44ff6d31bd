"""Airstrips have a life that people write; coca and poppy are figures of areas, never a place."""

from datetime import UTC, datetime

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from dosel.alerts.airstrip import ACTIVE, DESTROYED, FOUND, NEXT, Life, StripEvent, life_of
from dosel.config import SETTINGS_FILE
from dosel.errors import InputError
from dosel.model.provenance import table_hash
from dosel.model.time import day_of
from dosel.pipeline.centre import open_centre
from dosel.pipeline.feeds.airstrips import NEAR_M, list_airstrips, record
from dosel.pipeline.feeds.figures import import_figures
from dosel.pipeline.feeds.import_feed import import_feed
from dosel.pipeline.init import NewCentre, init_centre

NOW = datetime(2026, 11, 1, tzinfo=UTC)
BRAZIL = "context/transport_hydro_places/clandestine_airstrips_brazil_2021_nyt_intercept.parquet"
COCA = "context/alerts/coca_cultivation_by_zone_2017_2024_ha.csv"
FEED = '\n[[feed]]\nname = "plots"\nid = ["code"]\nday = "seen"\n'


@pytest.fixture
def place(tmp_path):
    root = tmp_path / "centre"
    bbox = "-70.6,-13.1,-69.9,-12.4"
    init_centre(root, NewCentre("MdD", "EPSG:32719", 30.0, bbox, None, "2024-01-01", "en"))
    path = root / SETTINGS_FILE
    path.write_text(path.read_text("utf-8") + FEED, "utf-8")
    return root


@pytest.fixture
def strips(place, tmp_path):
    """A centre with two strips of 2021, and the first one's id."""
    path = tmp_path / "strips.parquet"
    points = shapely.points([-69.5, -69.0], [-9.0, -9.0])
    gpd.GeoDataFrame({"airstrip_id": [1, 2]}, geometry=points, crs=4326).to_parquet(path)
    with open_centre(place) as centre:
        import_feed(centre, "airstrips-brazil-2021", path, str, now=NOW)
        rows = centre.store.select("airstrips", {"external_id": "1"})
    return place, rows[0]["id"], path


def tell(place, strip, state, day, by="Ana", dry_run=False):
    with open_centre(place) as centre:
        how = {"by": by, "reason": "seen from the air", "today": day_of(NOW), "dry_run": dry_run}
        return record(centre, strip, state, day_of(day), **how)


def test_no_day_is_invented(strips):
    """Mutant: the first of January for a list that knows the year only."""
    place, strip, _ = strips
    with open_centre(place) as centre:
        (row,) = centre.store.select("airstrips", {"id": strip})
        (event,) = centre.store.select("airstrip_events", {"airstrip_id": strip})
    assert (row["state"], row["first_day"], row["state_day"], row["details"]["year"]) == (
        FOUND,
        None,
        None,
        2021,
    )
    assert (event["event"], event["day"], event["person"], event["detail"]["year"]) == (FOUND, None, "", 2021)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ([("active", "2022-01-01"), ("active", "2022-02-01")], "the strip is active; expected destroyed"),
        (
            [("destroyed", "2022-01-01"), ("destroyed", "2022-02-01")],
            "the strip is destroyed; expected active",
        ),
        ([("destroyed", "2020-12-31")], "before what is known"),
        ([("destroyed", "2022-05-01"), ("active", "2022-04-30")], "before what is known"),
        ([("destroyed", "2026-11-02")], "future"),
    ],
)
def test_an_order_that_cannot_be_is_refused(strips, told, sentence):
    """Mutants: any state after any other; a day before the last one, or tomorrow."""
    place, strip, _ = strips
    for state, day in told[:-1]:
        tell(place, strip, state, day)
    with pytest.raises(InputError, match=sentence):
        tell(place, strip, *told[-1])


def test_nobody_is_no_name(strips):
    """Mutants: an anonymous record; a dry run that writes; a strip that is not there."""
    place, strip, _ = strips
    with pytest.raises(InputError, match="--by"):
        tell(place, strip, "destroyed", "2022-01-01", by=" ")
    with pytest.raises(InputError, match="no such airstrip"):
        tell(place, "strip-0", "destroyed", "2022-01-01")
    assert tell(place, strip, "destroyed", "2022-01-01", dry_run=True).state == DESTROYED
    with open_centre(place) as centre:
        assert {row["state"] for row in centre.store.select("airstrips")} == {FOUND}


def test_the_list_again_takes_no_life_back(strips):
    """Mutant: a second import that finds a destroyed strip anew."""
    place, strip, path = strips
    tell(place, strip, "destroyed", "2022-01-01")
    frame = gpd.read_parquet(path)
    frame["note"] = "checked"
    frame.to_parquet(path)
    with open_centre(place) as centre:
        report = import_feed(centre, "airstrips-brazil-2021", path, str, now=NOW)
        (row,) = centre.store.select("airstrips", {"id": strip})
        events = centre.store.select("airstrip_events", {"airstrip_id": strip})
    assert len(report.merged.changed) == 2
    assert (row["state"], row["details"]["note"], len(events)) == (DESTROYED, "checked", 2)


def _alert(place, tmp_path, day, metres):
    west = -69.5 + metres / 109_900  # metres of a degree of longitude at 9 S
    square = shapely.box(west - 5e-5, -9.00005, west + 5e-5, -8.99995)
    path = tmp_path / "plots.parquet"
    gpd.GeoDataFrame({"code": ["a"], "seen": [day]}, geometry=[square], crs=4326).to_parquet(path)
    with open_centre(place) as centre:
        import_feed(centre, "plots", path, str, now=NOW)


@pytest.mark.parametrize(
    ("day", "metres", "proposed"),
    [
        ("2022-01-02", 0.0, True),
        ("2022-01-01", 0.0, False),
        ("2022-01-02", NEAR_M - 20, True),
        ("2022-01-02", NEAR_M + 20, False),
    ],
)
def test_an_alert_at_a_destroyed_strip_is_proposed_and_nothing_decided(
    strips, tmp_path, command, day, metres, proposed
):
    """Mutants: a strip that an alert makes active; one that was cleared before; any alert in the degree."""
    place, strip, _ = strips
    tell(place, strip, "destroyed", "2022-01-01")
    _alert(place, tmp_path, day, metres)
    with open_centre(place) as centre:
        found = list_airstrips(centre, state=DESTROYED)
    assert [row["state"] for row in found.rows] == [DESTROYED]
    assert bool(found.proposals) == proposed
    status, said = command("airstrips", "-c", place)
    assert status == 0
    assert ("A person decides" in said) == proposed


def test_a_standing_strip_is_not_proposed(strips, tmp_path):
    """Mutant: every alert near any strip is a re-activation."""
    place, _, _ = strips
    _alert(place, tmp_path, "2022-01-02", 0.0)
    with open_centre(place) as centre:
        assert list_airstrips(centre).proposals == ()


@given(states=st.lists(st.sampled_from([FOUND, DESTROYED, ACTIVE]), max_size=6))
def test_a_life_is_a_walk_through_its_states(states):
    """Property: what may follow what stands in one table, and the fold keeps to it."""
    events = [StripEvent(state, 19_000 + number, "s", "p") for number, state in enumerate(states)]
    legal = all(later in NEXT[earlier] for earlier, later in zip(["", *states], states, strict=False))
    if legal:
        last = 19_000 + len(states) - 1
        assert life_of(events) == (Life(states[-1], last, last) if states else Life())
    else:
        with pytest.raises(InputError):
            life_of(events)


def test_the_brazilian_list(place, shared_data):
    """Mutants: a strip lost; a second import that differs."""
    with open_centre(place) as centre:
        for fresh in (1_269, 0):
            report = import_feed(centre, "airstrips-brazil-2021", shared_data / BRAZIL, str, now=NOW)
            assert (len(report.merged.fresh), report.refused_rows) == (fresh, 0)
            kept = [table_hash(centre.store.select(name)) for name in ("airstrips", "airstrip_events")]
            assert len(centre.store.select("airstrip_events")) == 1_269
        assert kept == [table_hash(centre.store.select(name)) for name in ("airstrips", "airstrip_events")]


def test_figures_of_coca_are_those_of_the_source(place, shared_data):
    """Mutants: TOTAL rows lost; a report that overwrites another; a figure where the source has none."""
    with open_centre(place) as centre:
        report = import_figures(centre, "coca", shared_data / COCA, now=NOW)
        assert (report.figures.rows, report.fresh, report.figures.empty, report.refused_rows) == (
            300,
            259,
            41,
            0,
        )
        before = table_hash(centre.store.select("area_figures"))
        again = import_figures(centre, "coca", shared_data / COCA, now=NOW)
        assert (again.fresh, again.changed) == (0, 0)
        rows = centre.store.select("area_figures")
        assert table_hash(rows) == before
    totals = {
        row["year"]: row["hectares"] for row in rows if row["unit"] == "TOTAL" and row["year"] in (2022, 2024)
    }
    assert totals == {2022: 95_008, 2024: 89_755}
    assert {row["unit_kind"] for row in rows} == {"department", "zone"}


HEAD = "report,unit_type,unit,year,coca_ha"
LINE = "2024,Departamento,Ucayali,2024,12.5"


@pytest.mark.parametrize(
    ("head", "line"),
    [
        (HEAD + ",latitud", LINE + ",-8.5"),
        (HEAD + ",x", LINE + ",500000"),
        (HEAD + ",geom", LINE + ","),
        (HEAD + ",remark", LINE + ",POINT (-74 -8)"),
        (HEAD + ",farm", LINE + ",7"),
        (HEAD, "2024,Parcela,Ucayali,2024,12.5"),
        (HEAD, "2024,Departamento,POLYGON ((-74 -8)),2024,12.5"),
        (HEAD, 'a,Zona,"-8.512, -74.21",2024,12.5'),
    ],
)
def test_refusal_6_no_plot_of_coca_in_a_table(place, tmp_path, head, line):
    """Mutant of refusal 6: a table with coordinates, a geometry or a plot is let in."""
    path = tmp_path / "table.csv"
    path.write_text(f"{head}\n{line}\n", "utf-8")
    with open_centre(place) as centre:
        with pytest.raises(InputError, match=r"table\.csv"):
            import_figures(centre, "coca", path, now=NOW)
        assert centre.store.select("area_figures") == []


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".parquet"])
@pytest.mark.parametrize("subject", ["coca", "poppy"])
def test_refusal_6_no_file_with_geometry(place, tmp_path, suffix, subject):
    """Mutant of refusal 6: outlines of coca or poppy are let in as figures."""
    path = tmp_path / f"fields{suffix}"
    frame = gpd.GeoDataFrame({"year": [2024]}, geometry=[shapely.Point(-74, -8)], crs=4326)
    frame.to_parquet(path) if suffix == ".parquet" else frame.to_file(path)
    with open_centre(place) as centre, pytest.raises(InputError, match="never places"):
        import_figures(centre, subject, path, now=NOW)


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"class": ["cultivo de coca"]}, "seen"),
        ({"tipo": ["Amapola"]}, "seen"),
        ({"coca_ha": [0.5]}, "seen"),
        ({"note": ["opium poppy"]}, "seen"),
        ({}, "coca_plots"),
    ],
)
def test_refusal_6_no_plot_among_alerts(place, tmp_path, columns, name):
    """Mutant of refusal 6: a feed of alerts carries plots of coca past the figures."""
    path = tmp_path / f"{name}.parquet"
    square = shapely.box(-74.0, -8.0, -73.999, -7.999)
    gpd.GeoDataFrame(
        {"code": ["a"], "seen": ["2024-01-01"], **columns}, geometry=[square], crs=4326
    ).to_parquet(path)
    with open_centre(place) as centre:
        if columns:
            report = import_feed(centre, "plots", path, str, now=NOW)
            assert [str(note.reason) for note in report.checked.refused] == ["no-plot"]
        else:
            with pytest.raises(InputError, match="never by place"):
                import_feed(centre, "plots", path, str, now=NOW)
        assert centre.store.select("alerts") == []

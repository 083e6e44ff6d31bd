"""``dosel import`` on a centre: nothing twice, nothing half, and the watch untouched."""

import csv
import shutil
from datetime import UTC, datetime

import geopandas as gpd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.pipeline.frontier import mark, run

from dosel.alerts.partner.mapping import ready
from dosel.config import SETTINGS_FILE
from dosel.errors import InputError, ReleaseError
from dosel.messages import LANGUAGES, say
from dosel.model.codes import AlertEvent, AlertStatus
from dosel.model.marking import Marking
from dosel.model.provenance import table_hash
from dosel.pipeline.centre import open_centre
from dosel.pipeline.desk import AlertFilter, export_alerts, judge, list_alerts
from dosel.pipeline.feeds.import_feed import import_feed
from dosel.pipeline.init import NewCentre, init_centre

FEED = """
[[feed]]
name = "plots"
origin = "A neighbour"
licence = "CC0-1.0"
date_meaning = "day on which somebody saw it"
id = ["code"]
day = "seen"
area = "ha"
confidence = "sure"
"""
NOW = datetime(2025, 6, 30, tzinfo=UTC)
WRITTEN = ("alerts", "alert_events", "imports", "sources", "hot_spots")


@pytest.fixture
def place(tmp_path):
    root = tmp_path / "centre"
    bbox = "-70.6,-13.1,-69.9,-12.4"
    init_centre(root, NewCentre("MdD", "EPSG:32719", 30.0, bbox, None, "2024-01-01", "en"))
    path = root / SETTINGS_FILE
    path.write_text(path.read_text("utf-8") + FEED, "utf-8")
    return root


def plots(path, *rows):
    """Write rows of (code, seen, west)."""
    squares = [shapely.box(west, -12.01, west + 0.01, -12.0) for _, _, west in rows]
    columns = {"code": [row[0] for row in rows], "seen": [row[1] for row in rows]}
    gpd.GeoDataFrame({**columns, "ha": 120.5, "sure": "high"}, geometry=squares, crs=4326).to_parquet(path)
    return path


def bring(place, path, feed="plots", **how):
    with open_centre(place) as centre:
        return import_feed(centre, feed, path, lambda note: str(note.reason), now=NOW, **how)


def stored(place, *tables):
    with open_centre(place) as centre:
        return {name: table_hash(centre.store.select(name)) for name in tables or WRITTEN}


def rows_of(place, table, where=None):
    with open_centre(place) as centre:
        return centre.store.select(table, where)


def test_the_same_again_changes_nothing(place, tmp_path):
    """Mutants: an event, an import or a row more; days that move with the clock."""
    path = plots(tmp_path / "a.parquet", ("a", "2025-01-01", -70.0), ("b", "2025-01-02", -70.1))
    assert len(bring(place, path).merged.fresh) == 2
    before = stored(place)
    again = bring(place, path)
    assert (again.written, again.merged.same) == (False, 2)
    assert stored(place) == before


def test_a_change_is_recorded_with_what_was_said_before(place, tmp_path):
    """Mutants: the new alert beside the old; the old words lost; a marking set by hand that falls."""
    bring(place, plots(tmp_path / "a.parquet", ("a", "2025-01-01", -70.0)))
    (old,) = rows_of(place, "alerts")
    with open_centre(place) as centre, centre.store.transaction():
        centre.store.upsert("alerts", [old | {"marking": int(Marking.SEALED)}])
    bring(place, plots(tmp_path / "b.parquet", ("a", "2025-01-03", -70.2)))
    (new,) = rows_of(place, "alerts")
    assert new["id"] == old["id"]
    assert (new["window_end"], new["marking"]) == (old["window_end"] + 2, Marking.SEALED)
    event = rows_of(place, "alert_events", {"event": int(AlertEvent.REVISED)})[0]
    assert event["detail"]["before"]["window_end"] == old["window_end"]
    assert shapely.from_wkt(event["detail"]["before"]["geometry"]).bounds == old["geometry"].bounds
    back = bring(place, tmp_path / "a.parquet")
    assert (back.written, len(back.merged.changed)) == (True, 1)


def test_what_is_gone_stays_unless_the_list_is_whole(place, tmp_path):
    """Mutants: an alert removed; one ended for want of a word; one that does not come back."""
    both = plots(tmp_path / "a.parquet", ("a", "2025-01-01", -70.0), ("b", "2025-01-02", -70.1))
    one = plots(tmp_path / "b.parquet", ("a", "2025-01-01", -70.0))
    bring(place, both)
    bring(place, one)
    assert [row["ended"] for row in rows_of(place, "alerts")] == [None, None]
    assert len(bring(place, one, complete=True).merged.ended) == 1
    before = stored(place)
    assert not bring(place, one, complete=True).written
    assert stored(place) == before
    ended = [row["external_id"] for row in rows_of(place, "alerts") if row["ended"] is not None]
    assert ended == ["b"]
    assert len(rows_of(place, "alert_events", {"event": int(AlertEvent.GONE)})) == 1
    bring(place, both)
    assert [row["ended"] for row in rows_of(place, "alerts")] == [None, None]


def test_a_list_with_bad_rows_is_not_whole(place, tmp_path):
    """Mutant: an alert whose row could not be read counts as gone."""
    bring(place, plots(tmp_path / "a.parquet", ("a", "2025-01-01", -70.0)))
    bad = plots(tmp_path / "b.parquet", ("a", "soon", -70.0))
    with pytest.raises(InputError, match="not the whole list"):
        bring(place, bad, complete=True)
    assert rows_of(place, "alerts")[0]["ended"] is None


def test_bad_rows_are_listed_and_the_good_kept(place, tmp_path, command):
    """Mutants: exit 0 with refused rows; a list without the last row; a dry run that writes."""
    rows = [(f"x{number}", "soon", -70.0) for number in range(8)]
    path = plots(tmp_path / "a.parquet", ("a", "2025-01-01", -70.0), *rows)
    status, said = command("import", "plots", path, "-c", place, "--dry-run")
    assert status == 2
    assert not (place / "imports").exists()
    status, said = command("import", "plots", path, "-c", place)
    assert status == 2
    assert "row 2: seen: expected a day, got soon" in said
    assert "and 3 more" in said
    (listed,) = (place / "imports").glob("*.csv")
    with listed.open(encoding="utf-8", newline="") as file:
        assert [int(line["row"]) for line in csv.DictReader(file)] == list(range(2, 10))
    assert [row["external_id"] for row in rows_of(place, "alerts")] == ["a"]
    assert len(rows_of(place, "imports")[0]["refused"]) == 8


def test_a_crash_in_the_middle_leaves_nothing(place, tmp_path, monkeypatch):
    """Mutant: alerts without their events."""
    import dosel.pipeline.feeds.import_feed as module

    path = plots(tmp_path / "a.parquet", ("a", "2025-01-01", -70.0))
    before = stored(place)

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, "events_of", crash)
        with pytest.raises(KeyboardInterrupt):
            bring(place, path)
    assert stored(place) == before
    assert len(bring(place, path).merged.fresh) == 1


def test_an_export_carries_origin_and_licence_of_the_feed(place, tmp_path):
    """Mutants: NULL figures that break a file; the licence of another; a rate that was measured for ours."""
    bring(place, plots(tmp_path / "a.parquet", ("a", "2025-01-01", -70.0)))
    for suffix in (".gpkg", ".parquet", ".geojson"):
        out = tmp_path / f"out{suffix}"
        with open_centre(place) as centre:
            export_alerts(centre, AlertFilter(), out, actor="Ana", overwrite=False, dry_run=False)
        frame = gpd.read_parquet(out) if suffix == ".parquet" else gpd.read_file(out, layer=0)
        told = frame.iloc[0]
        assert (told["source"], told["sources"], told["confidence"]) == (
            "plots",
            "A neighbour (CC0-1.0)",
            "high",
        )
        assert (told["error_rate"], told["proof"]) == ("not measured", "not stated")


def test_a_feed_of_unknown_licence_stays_here(place, tmp_path):
    """Mutant: what others report leaves without a licence."""
    path = place / SETTINGS_FILE
    path.write_text(path.read_text("utf-8").replace('licence = "CC0-1.0"', 'licence = " "'), "utf-8")
    report = bring(place, plots(tmp_path / "a.parquet", ("a", "2025-01-01", -70.0)))
    assert not report.may_leave
    with open_centre(place) as centre, pytest.raises(ReleaseError, match="licence"):
        export_alerts(centre, AlertFilter(), tmp_path / "o.gpkg", actor="Ana", overwrite=False, dry_run=False)


def test_lists_by_source_and_judges_only_ours(place, tmp_path, command):
    """Mutants: a list that breaks on NULL; a verdict on what the watch does not watch."""
    bring(place, plots(tmp_path / "a.parquet", ("a", "2025-01-01", -70.0)))
    status, said = command("alerts", "-c", place, "--source", "plots")
    assert status == 0
    assert "plots" in said
    assert "2025-01-01" in said
    status, said = command("alerts", "-c", place, "--source", "own")
    assert (status, said.splitlines()[0]) == (0, "No alert passes the filter.")
    (row,) = rows_of(place, "alerts")
    with open_centre(place) as centre, pytest.raises(InputError, match="reported"):
        judge(centre, row["id"], reason="no", by="Ana")
    status, said = command("recompute", row["id"], "-c", place)
    assert status == 2
    assert "plots" in said


def test_the_watch_is_untouched(frontier, in_order, tmp_path):
    """Mutants: a watch that reads rows of others as its own: open, closed, at rest, or the last step.

    The rows carry every status and a later step than any look, and are imported between two looks.
    """
    _, alone = in_order
    root = frontier.copy(tmp_path / "centre", late_days=90, checkpoint_days=7)
    path = root / SETTINGS_FILE
    path.write_text(path.read_text("utf-8") + FEED, "utf-8")
    rows = [(status.name, "2020-01-01", -70.0) for status in AlertStatus]
    bring(root, plots(tmp_path / "a.parquet", *rows))
    with open_centre(root) as centre, centre.store.transaction():
        known = centre.store.select("alerts", {"source": "plots"})
        states = {status.name: int(status) for status in AlertStatus}
        centre.store.upsert(
            "alerts", [row | {"status": states[row["external_id"]], "step": 10**6} for row in known]
        )
    run(root)
    assert mark(root) == alone
    with open_centre(root) as centre:
        assert len(list_alerts(centre, AlertFilter(source=("plots",)))) == len(AlertStatus)


FILES = st.lists(
    st.dictionaries(
        st.sampled_from("abc"),
        st.tuples(st.sampled_from(["2025-01-01", "2025-01-02"]), st.sampled_from([-70.0, -70.1])),
        min_size=1,
    ),
    min_size=1,
    max_size=4,
)


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    root = tmp_path_factory.mktemp("blank") / "centre"
    init_centre(
        root, NewCentre("MdD", "EPSG:32719", 30.0, "-70.6,-13.1,-69.9,-12.4", None, "2024-01-01", "en")
    )
    path = root / SETTINGS_FILE
    path.write_text(path.read_text("utf-8") + FEED, "utf-8")
    return root


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=FILES)
def test_the_last_word_of_a_source_stands(blank, tmp_path_factory, files):
    """Property: after any imports the alerts say what was said last, and each file again changes nothing."""
    folder = tmp_path_factory.mktemp("files")
    root = shutil.copytree(blank, folder / "centre")
    last = {}
    for number, said in enumerate(files):
        path = plots(folder / f"{number}.parquet", *((code, *rest) for code, rest in said.items()))
        bring(root, path)
        before = stored(root)
        assert not bring(root, path).written
        assert stored(root) == before
        last |= said
    rows = rows_of(root, "alerts")
    assert {row["external_id"]: row["geometry"].bounds[0] for row in rows} == {
        code: west for code, (_, west) in last.items()
    }


@pytest.mark.parametrize(
    ("feed", "name", "rows", "table"),
    [
        ("deter", "alerts/deter-rondonia-2023/RO_DETER_2023.gpkg", 3_594, "alerts"),
        ("amazon-mining-watch", "mining/amw_mining_detections_peru_100km_2018_2025.parquet", 4_519, "alerts"),
        ("firms-modis", "alerts/firms_modis_c61_south_america_2022-08-31.parquet", 7_921, "hot_spots"),
    ],
)
def test_real_feeds(place, shared_data, feed, name, rows, table):
    """Mutants: a row that is lost or refused without a reason; a second import that differs."""
    path = shared_data / "context" / name
    now = datetime(2026, 11, 1, tzinfo=UTC)
    with open_centre(place) as centre:
        report = import_feed(centre, feed, path, str, now=now)
        assert (report.checked.rows, len(report.merged.fresh), report.refused_rows) == (rows, rows, 0)
        assert len(centre.store.select(table, columns=["id"])) == rows
        before = {one: table_hash(centre.store.select(one)) for one in WRITTEN}
        assert not import_feed(centre, feed, path, str, now=now).written
        assert before == {one: table_hash(centre.store.select(one)) for one in WRITTEN}


def test_mapbiomas_areas_are_what_the_source_sums_to(place, shared_data):
    """Mutants: hectares taken for km2; a box taken for an outline. Oracle: the sum over the file itself."""
    path = shared_data / "context/alerts/mapbiomas_alerta_peru_2021_2024.parquet"
    with open_centre(place) as centre:
        report = import_feed(centre, "mapbiomas-peru", path, str, now=datetime(2026, 11, 1, tzinfo=UTC))
        rows = centre.store.select("alerts", columns=["area_ha", "extent"])
    frame = gpd.read_parquet(path)
    assert (len(rows), report.refused_rows) == (37_332, 0)
    assert sum(row["area_ha"] for row in rows) == pytest.approx(frame["area_ha"].sum())
    assert {row["extent"] for row in rows} == {"box"}


def test_a_rewind_leaves_rows_of_others_alone(frontier, in_order, tmp_path):
    """Mutant: a late look that sets aside, as its own, what a partner reported since."""
    _, alone = in_order
    root = frontier.copy(tmp_path / "centre", late_days=90, checkpoint_days=7)
    ids = [name for _, name in frontier.ids]
    frontier.show(root, [name for number, name in enumerate(ids) if number != len(ids) // 2])
    run(root)
    path = root / SETTINGS_FILE
    path.write_text(path.read_text("utf-8") + FEED, "utf-8")
    bring(root, plots(tmp_path / "a.parquet", ("a", "2020-01-01", -70.0)))
    with open_centre(root) as centre, centre.store.transaction():
        rows = centre.store.select("alerts", {"source": "plots"})
        centre.store.upsert("alerts", [row | {"step": 10**6} for row in rows])
    before = rows_of(root, "alerts", {"source": "plots"})
    frontier.show(root, ids)
    assert run(root).again > 0
    assert mark(root) == alone
    assert rows_of(root, "alerts", {"source": "plots"}) == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_names_every_feed_and_the_figures(place, command, language):
    """Mutants: a column without a name in a language; a word of the command that the list leaves out."""
    path = place / "dosel.toml"
    path.write_text(path.read_text().replace('language = "en"', f'language = "{language}"'))
    status, said = command("import", "--list", "-c", place)
    assert status == 0
    assert {*ready(), "coca", "poppy"} <= {line.split()[0] for line in said.splitlines() if line.strip()}
    assert say("col.licence", language) in said

"""Blind spots of small watched worlds whose holes are known: the shares are those of the holes."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from tests.context.layers import layer
from tests.pipeline.blindworld import LAST, NORTH, WEST, nothing, write_blindworld
from tests.pipeline.blindworld import OPTICAL as OPTICAL_DAYS
from tests.pipeline.blindworld import RADAR as RADAR_DAYS
from tests.pipeline.frontier import run

from dosel import console
from dosel.alerts.table import to_degrees
from dosel.context.blindspot import TOGETHER, Why
from dosel.context.layer import Theme
from dosel.context.places import Stretching
from dosel.errors import InputError
from dosel.messages import LANGUAGES
from dosel.model.cells import cell_px
from dosel.model.time import day_of, iso_day
from dosel.pipeline.centre import open_centre
from dosel.pipeline.meaning.blind import blindness
from dosel.pipeline.meaning.blind_report import Question, report
from dosel.pipeline.meaning.blind_sheet import NOT_YET
from dosel.pipeline.meaning.present import present
from dosel.stack.sheet import NODATA

AS_OF = iso_day(day_of(LAST))
CLOUD_FROM = LAST - timedelta(days=40)
BLOCK = np.s_[6:16, 0:27]
"""Whole cells: the second row of them, the first three columns."""
RADAR, OPTICAL = "sim-radar/any", "sim-optical/any"


def cloud_over_block(_kind, day):
    hidden = nothing(_kind, day)
    if day > CLOUD_FROM:
        hidden[BLOCK] = True
    return hidden


def outline(rows, cols):
    """Return the outline in degrees of pixels row0:row1, col0:col1."""
    box = shapely.box(
        WEST + 100 * cols[0], NORTH - 100 * rows[1], WEST + 100 * cols[1], NORTH - 100 * rows[0]
    )
    return to_degrees([box], "EPSG:32719")[0]


UNITS = layer(
    "units",
    [
        ("1", "Block", outline((6, 16), (0, 27))),
        ("2", "North", outline((0, 16), (0, 40))),
        ("3", "Half in", outline((-40, 40), (0, 40))),
        ("4", "Far", outline((500, 520), (500, 520))),
    ],
)


def watched(folder, *args, **more):
    place = write_blindworld(folder, *args, **more)
    run(place, until=AS_OF)
    return place


@pytest.fixture(scope="module")
def clouded(tmp_path_factory):
    """A world where neither stream has seen the block for 40 days."""
    return watched(tmp_path_factory.mktemp("clouded") / "centre", cloud_over_block)


def answer(place, layers=(UNITS,), **question):
    with open_centre(place) as centre:
        return report(centre, Question(**{"as_of": AS_OF, **question}), layers)


def test_a_cloud_over_a_known_block_for_forty_days_gives_the_known_share(clouded):
    """Mutants: NaN as seen; cells count alike; unwatched parts count as seen; days of another stream."""
    places = {one.name: one for one in answer(clouded, layer="units", days=30).places}
    assert set(places) == {"Block", "North", "Half in"}
    assert places["Block"].together.unseen == pytest.approx(1, abs=1e-4)
    assert places["North"].together.unseen == pytest.approx(270 / 640, abs=1e-4)
    assert places["Half in"].together.unseen == pytest.approx(270 / 1600, abs=1e-4)
    assert places["Half in"].unwatched_ha == pytest.approx(places["Half in"].ha / 2, rel=1e-3)
    before = max(day for day in (*RADAR_DAYS, *OPTICAL_DAYS) if day <= CLOUD_FROM)
    assert places["Block"].together.last == day_of(before)
    assert places["North"].by[RADAR].last == day_of(LAST)
    assert places["North"].by[OPTICAL].why == {Why.CLOUD: pytest.approx(270 / 640, abs=1e-4)}
    assert places["North"].by[RADAR].why == {Why.NOT_KNOWN: pytest.approx(270 / 640, abs=1e-4)}


def test_over_fifty_days_everything_was_seen(clouded):
    """Mutant: the days asked for are not used."""
    whole = answer(clouded, days=50).whole
    assert whole.together.unseen == pytest.approx(0, abs=1e-9)
    assert whole.together.why == {}


def test_as_of_before_the_cloud_ignores_what_came_later(clouded):
    """Mutant: the newest look counts, whatever the day asked for."""
    day = iso_day(day_of(CLOUD_FROM) - 1)
    whole = answer(clouded, as_of=day).whole
    assert whole.together.unseen == pytest.approx(0, abs=1e-9)
    assert max(one.last for one in whole.by.values()) <= day_of(day)


def test_found_is_what_the_table_of_cells_says(clouded):
    """Mutant: other looks, weights or thresholds than those of the run."""
    with open_centre(clouded) as centre:
        board, blind = blindness(centre, day_of(LAST))
        rows = {row["id"]: row for row in centre.store.select("cells")}
    for number, (row, col) in enumerate(board.place):
        stored = rows[f"r{row}c{col}"]
        sizes = [stored[f"found_{age}_days_ha"] or np.inf for age in (12, 24, 48, 96)]
        assert blind.together.found_ha[number].tolist() == sizes
        assert blind.together.last[number] == stored["seen_day"]


def test_tiling_changes_nothing(clouded, tmp_path):
    place = watched(tmp_path / "tiles", cloud_over_block, tile_px=17)
    mine, other = answer(place, layer="units"), answer(clouded, layer="units")
    assert [(one.name, one.together, one.by) for one in mine.places] == [
        (one.name, one.together, one.by) for one in other.places
    ]


def test_a_swath_that_misses_a_strip_is_said_so(tmp_path):
    """Mutants: outside the swath told as cloud; the strip seen by the other stream counts as blind."""
    place = watched(tmp_path / "centre", radar_from_col=17)
    with open_centre(place) as centre:
        board, blind = blindness(centre, day_of(LAST))
    west = np.array([col * cell_px(centre.grid) + 5 < WEST / 100 + 17 for _, col in board.place])
    assert (blind.views[RADAR].why[west] == Why.OUTSIDE_SWATH).all()
    assert (blind.views[RADAR].why[~west] == Why.SEEN).all()
    assert (blind.together.why == Why.SEEN).all()
    whole = answer(place).whole
    assert whole.by[RADAR].unseen == pytest.approx(17 / 40, abs=1e-4)
    assert whole.together.unseen == pytest.approx(0, abs=1e-9)


def test_what_a_radar_never_gave_a_value_for_is_layover_or_shadow(tmp_path):
    """Mutants: told as cloud; as not known though it never was seen; a baseline taken for a look."""

    def layover(kind, day):
        hidden = nothing(kind, day)
        hidden[BLOCK] = kind == "radar"
        return hidden

    place = watched(tmp_path / "centre", layover)
    seen = {one.name: one for one in answer(place, layer="units").places}["Block"]
    assert seen.by[RADAR].last is None
    assert seen.by[RADAR].why == {Why.LAYOVER: pytest.approx(1, abs=1e-4)}
    assert seen.by["optical"].unseen == pytest.approx(0, abs=1e-9)
    assert "never seen by radar" in console.sentence(seen, answer(place, layer="units"), "en")


def test_a_sealed_place_cannot_be_told_from_one_that_is_not_watched(clouded):
    """Mutants: sealed cells in the sums; another sentence; a margin forgotten."""
    reserve = outline((0, 10), (30, 40))
    sealing = layer("reserves", [("", "Reserve", reserve)], Theme.ISOLATION, margin_m=200.0)
    units = layer("units", [("1", "Corner", reserve), ("2", "Far", outline((500, 520), (500, 520)))])
    for name in ("Corner", "Far"):
        told = answer(clouded, (sealing, units), unit=name)
        assert [(one.watched_ha, dict(one.by)) for one in told.places] == [(0.0, {})]
        assert console.sentence(told.places[0], told, "en") == f"{name}: no data; nothing is watched here."
    inside = answer(clouded, (sealing, units), unit="Reserve")
    assert console.sentence(inside.places[0], inside, "en") == "Reserve: no data; nothing is watched here."
    assert answer(clouded, (units,), unit="Corner").places[0].watched_ha > 90


def test_the_raster_is_georeferenced_restricted_and_of_the_day(clouded):
    """Mutants: bands of streams mixed up; never seen as nodata; a pixel off its cell."""
    told = answer(clouded, raster=Path("blind.tif"), days=30)
    path, bands = told.raster
    with rasterio.open(path) as sheet:
        assert (sheet.crs.to_epsg(), sheet.res, sheet.count) == (32719, (1000.0, 1000.0), bands)
        assert sheet.nodata == NODATA
        assert sheet.tags()["marking"] == "RESTRICTED"
        assert sheet.tags()["as_of"] == AS_OF
        assert "square kilometre" in sheet.tags()["legend"]
        assert sheet.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        at = {name: number for number, name in enumerate(sheet.descriptions, start=1)}
        assert len(at) == bands
        middle = WEST + 100 * 20, NORTH - 100 * 11
        block = {name: next(sheet.sample([middle]))[number - 1] for name, number in at.items()}
        other = next(sheet.sample([(WEST + 3500, NORTH - 1100)]))
        assert sheet.bounds.left <= WEST < sheet.bounds.left + 1000
    assert block[f"{RADAR} days since last seen"] > 40
    assert other[at[f"{OPTICAL} days since last seen"] - 1] <= 2
    assert block[f"{TOGETHER} why"] == Why.CLOUD
    assert other[at[f"{TOGETHER} why"] - 1] == Why.SEEN
    assert block[f"{TOGETHER} found_ha after 24 days"] == NOT_YET


@pytest.mark.parametrize("path", ["../out.tif", "/out.tif", "link/out.tif", "blind.png"])
def test_the_raster_does_not_leave_the_centre(clouded, tmp_path, path):
    """Mutants: a path as it stands; links not followed; any ending."""
    link = clouded / "link"
    if not link.exists():
        link.symlink_to(tmp_path)
    with pytest.raises(InputError, match="--raster"):
        answer(clouded, raster=Path(path))


def test_stretches_of_a_border_say_who_saw_them_last(clouded):
    line = shapely.LineString([outline((11, 12), (0, 1)).centroid, outline((11, 12), (39, 40)).centroid])
    border = layer("border", [("", "Border", line)], Theme.BORDER, shape=UNITS.shape.LINE)
    told = answer(clouded, (border,), layer="border", stretching=Stretching(1.0, 0.4))
    assert [one.name for one in told.places] == [
        "Border, km 0-1",
        "Border, km 1-2",
        "Border, km 2-3",
        "Border, km 3-4",
    ]
    unseen = [one.together.unseen for one in told.places]
    assert unseen[:2] == pytest.approx([1, 1], abs=0.01)
    assert unseen[3] < 0.2


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_it(clouded, command, language):
    text = (clouded / "dosel.toml").read_text("utf-8")
    (clouded / "dosel.toml").write_text(text.replace('"en"', f'"{language}"'), "utf-8")
    code, said = command("blind", "-c", clouded, "--as-of", AS_OF)
    (clouded / "dosel.toml").write_text(text, "utf-8")
    assert code == 0
    assert "17 %" in said


def test_the_present_is_that_of_the_centre(clouded, tmp_path):
    """Mutants: today for a simulated or frozen centre; the frozen day before the newest look."""
    with open_centre(clouded) as centre:
        assert present(centre).day == day_of(LAST)
        assert present(centre).fixed
        with centre.store.transaction():
            centre.store.upsert("meta", [{"key": "proof", "value": "S"}])
        assert present(centre).simulated
        assert present(centre, "2024-02-01").day == day_of("2024-02-01")
        with centre.store.transaction():
            centre.store.delete("meta", {"key": "proof"})
    with open_centre(write_blindworld(tmp_path / "new"), unwatched="look") as centre:
        assert not present(centre).fixed
        whole = report(centre, Question(as_of=AS_OF), ()).whole
    assert whole.together.unseen == 1
    assert {eye: (one.last, one.unseen) for eye, one in whole.by.items()}[RADAR] == (None, 1)


def test_wrong_questions_are_answered_in_a_sentence(clouded):
    with pytest.raises(InputError, match="expected one of them"):
        answer(clouded, unit="a", layer="b")
    with pytest.raises(InputError, match="--unit: expected a unit"):
        answer(clouded, unit="Nowhere")
    with pytest.raises(InputError, match="--layer: expected a layer"):
        answer(clouded, layer="Nowhere")

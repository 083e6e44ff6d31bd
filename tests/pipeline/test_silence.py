"""What silence is worth on a small watched world: cells add up, and tiling changes nothing."""

import numpy as np
import pyogrio
import pytest
from tests.pipeline.frontier import run

from dosel.alerts.runs import closed_pixels
from dosel.model.cells import cell_px, count_by_cell
from dosel.model.codes import AlertStatus
from dosel.model.grid import Grid
from dosel.model.time import iso_day
from dosel.monitor.checkpoint import load_state
from dosel.monitor.detectability import SIZES_HA
from dosel.pipeline.centre import open_centre
from dosel.pipeline.desk import centre_status
from dosel.pipeline.spine.watched import watched_codes
from dosel.testing.tiny import MONITORED, SIDE, write_tiny


@pytest.mark.parametrize("tile_px", [40, 64, 300])
def test_counts_of_tiles_add_up_to_those_of_a_whole(tile_px):
    """Mutants: a cell numbered from the tile; the last row of a tile left out."""
    rng = np.random.default_rng(1)
    grid = Grid("demo", "EPSG:32719", 30.0, (0.0, 0.0), (17, 205, 187, 315), tile_px)
    mask = rng.random((110, 170)) < 0.4
    side, whole, parts = cell_px(grid), {}, {}
    for row, col in np.argwhere(mask):
        cell = ((205 + row) // side, (17 + col) // side)
        whole[cell] = whole.get(cell, 0) + 1
    for tile in grid.tiles():
        top, left = tile.row - 205, tile.col - 17
        own = mask[top : top + tile.shape[0], left : left + tile.shape[1]]
        for (i, j), count in np.ndenumerate(count_by_cell(grid, tile, own)):
            cell = (tile.row // side + i, tile.col // side + j)
            parts[cell] = parts.get(cell, 0) + int(count)
    assert {cell: count for cell, count in parts.items() if count} == whole


def test_cells_say_when_they_were_last_seen_and_what_would_have_been_found(frontier, in_order, tmp_path):
    place = frontier.copy_of(in_order[0], tmp_path / "centre")
    run(place, until=iso_day(frontier.last))
    with open_centre(place) as centre:
        rows = centre.store.select("cells")
        looks = {row["day"] for row in centre.store.select("cell_looks")}
        watched_px = sum(int((watched_codes(centre, tile)[1:-1, 1:-1] == 1).sum()) for tile in centre.tiles)
        pixel_ha = centre.grid.pixel_ha
    assert rows
    assert sum(row["watched_ha"] for row in rows) == pytest.approx(watched_px * pixel_ha)
    assert all(row["marking"] == 3 and row["as_of"] == frontier.last for row in rows)
    for row in rows:
        assert row["seen_day"] in looks
        assert frontier.last - row["seen_day"] < 15
        assert row["found_48_days_ha"] in SIZES_HA
    assert len(pyogrio.read_dataframe(place / "centre.gpkg", layer="cells")) == len(rows)


def test_a_centre_that_sees_nothing_any_more_says_so(frontier, in_order, tmp_path):
    """Mutant: cells without a recent look are left out, and their silence reads as calm."""
    place = frontier.copy_of(in_order[0], tmp_path / "centre")
    run(place, until=iso_day(frontier.last))
    with open_centre(place) as centre:
        before = {row["id"]: row["seen_day"] for row in centre.store.select("cells")}
    run(place, until=iso_day(frontier.last + 200))
    with open_centre(place) as centre:
        rows = centre.store.select("cells")
    assert {row["id"]: row["seen_day"] for row in rows} == before
    assert all(row["found_96_days_ha"] is None for row in rows)


def test_an_earlier_last_day_does_not_make_the_cells_older(frontier, in_order, tmp_path):
    """Mutant: `--until` before the newest folded look lets the cells speak for that day."""
    place = frontier.copy_of(in_order[0], tmp_path / "centre")
    run(place, until=iso_day(frontier.last))
    with open_centre(place) as centre:
        before = centre.store.select("cells")
    run(place, until=iso_day(frontier.last - 30))
    with open_centre(place) as centre:
        assert centre.store.select("cells") == before


def test_closed_pixels_are_neither_watched_nor_seen_and_are_counted(tmp_path, command):
    """Mutants: they count as watched; as seen; nothing says how many they are."""
    place = write_tiny(tmp_path / "centre")
    with (place / "dosel.toml").open("a") as settings:
        settings.write("[alerts]\nclose_days = 10\n")
    run(place, until=MONITORED[3].isoformat())
    with open_centre(place) as centre:
        before = sum(row["watched_ha"] for row in centre.store.select("cells"))
        assert centre_status(centre).at_rest_ha == 0
    run(place)
    with open_centre(place) as centre:
        (closed,) = centre.store.select("alerts", {"status": int(AlertStatus.CLOSED)})
        after = sum(row["watched_ha"] for row in centre.store.select("cells"))
        flagged = sum(
            int(closed_pixels(load_state(place / row["file"])[0]).sum())
            for row in centre.store.select("tiles")
        )
        last = max(centre.store.select("looks", {"status": 1}), key=lambda row: row["day"])
        seen = sum(
            int(np.frombuffer(row["counts"], "<u4").sum())
            for row in centre.store.select("cell_looks", {"look_id": last["id"]})
        )
        status = centre_status(centre)
        done = max(centre.store.select("runs"), key=lambda row: row["started"])["summary"]
    assert last["step"] > closed["step"]
    assert closed["pixels"] == flagged > 0
    assert status.at_rest_ha == done["at_rest_ha"] == pytest.approx(flagged * 0.01)
    assert after == pytest.approx(before - flagged * 0.01)
    assert seen == SIDE**2 - flagged
    assert f"{flagged * 0.01:.2f} ha of closed alerts are not watched" in command("status", "-c", place)[1]

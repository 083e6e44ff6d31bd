"""Runs, pieces and outlines against brute force on small random masks."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from pyproj import Transformer
from rasterio.features import shapes

from dosel.alerts.polygonize import EQUAL_AREA, areas_ha, pieces, polygons
from dosel.alerts.runs import (
    PixelRuns,
    active_runs,
    close_pixels,
    decode,
    overlaps,
    rearm_pixels,
    runs_of,
    stitch,
)
from dosel.errors import InputError
from dosel.model.codes import EVIDENCE_PER_NAT, NODATA, STATE_DAY0, PixelFlag
from dosel.model.grid import Grid
from dosel.monitor.state import PixelState

GRID = Grid("demo", "EPSG:32719", 10.0, (300_000.0, 8_600_000.0), (0, 0, 64, 64), tile_px=8)

masks = arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=11))
words = arrays(
    np.uint16,
    array_shapes(min_dims=2, max_dims=2, max_side=9),
    elements=st.builds(lambda flag, day: (flag << 14) | day, st.integers(0, 3), st.integers(90, 92)),
)


def state_of(crossed: np.ndarray, seed: int = 0) -> PixelState:
    """Return a state with random levels and days under the given flags."""
    rng = np.random.default_rng(seed)
    levels = rng.integers(1, 6, crossed.shape).astype(np.int16) * 100
    before = rng.integers(70, 75, crossed.shape).astype(np.uint16)
    onset = rng.integers(76, 80, crossed.shape).astype(np.uint16)
    return PixelState(levels, before, onset, crossed, np.zeros((0, *crossed.shape), np.int16))


def part_of(state: PixelState, rows: slice, cols: slice) -> PixelState:
    planes = (state.evidence, state.before, state.onset, state.crossed)
    cut = [np.ascontiguousarray(plane[rows, cols]) for plane in planes]
    return PixelState(*cut, memory=state.memory[:, rows, cols])


def flagged(mask: np.ndarray) -> PixelState:
    return state_of(np.where(mask, (1 << 14) | 90, 0).astype(np.uint16))


def tiled(state: PixelState, size: int, row0: int, col0: int) -> PixelRuns:
    """Return the stitched runs of a state cut into tiles of `size` pixels, given in reverse."""
    height, width = state.crossed.shape
    tiles = [
        active_runs(part_of(state, slice(y, y + size), slice(x, x + size)), row0 + y, col0 + x)
        for y in range(0, height, size)
        for x in range(0, width, size)
    ]
    return stitch(tiles[::-1])


def flood(active: np.ndarray) -> list[set[tuple[int, int]]]:
    """Return the corner-connected groups of pixels, by their first pixel."""
    left = {(int(y), int(x)) for y, x in np.argwhere(active)}
    groups = []
    for pixel in sorted(left):
        if pixel not in left:
            continue
        left.discard(pixel)
        group, edge = {pixel}, [pixel]
        while edge:
            y, x = edge.pop()
            near = {(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)} & left
            left -= near
            group |= near
            edge += near
        groups.append(group)
    return groups


def active_of(state: PixelState) -> np.ndarray:
    return np.isin(state.crossed >> 14, (PixelFlag.CANDIDATE, PixelFlag.CHANGED))


@settings(deadline=None, max_examples=150)
@given(words, st.integers(1, 5), st.integers(-50, 50), st.integers(0, 9))
def test_pieces_are_what_brute_force_finds_whatever_the_tiles(crossed, size, origin, seed):
    state = state_of(crossed, seed)
    found = pieces(tiled(state, size, origin, -origin))
    groups = flood(active_of(state))
    assert len(found) == len(groups)
    for piece, group in enumerate(groups):
        ys, xs = np.array(sorted(group)).T
        days = crossed[ys, xs] & 0x3FFF
        first = days == days.min()
        strongest = max(
            zip(state.evidence[ys, xs][first], -state.onset[ys, xs][first].astype(int), strict=True)
        )
        assert (found.row[piece], found.col[piece]) == (ys[0] + origin, xs[0] - origin)
        assert found.pixels[piece] == len(group)
        assert found.changed[piece] == (crossed[ys, xs] >> 14 == PixelFlag.CHANGED).sum()
        assert found.window_end[piece] == days.min() + STATE_DAY0
        assert found.window_start[piece] == state.before[ys, xs][first].min() + STATE_DAY0
        assert found.onset[piece] == -strongest[1] + STATE_DAY0
        assert found.evidence[piece] == state.evidence[ys, xs].max() / EVIDENCE_PER_NAT
        box = (xs.min() - origin, ys.min() + origin, xs.max() + 1 - origin, ys.max() + 1 + origin)
        assert tuple(found.bbox[piece]) == box
        mine = {
            (row - origin, col + origin)
            for row, start, stop in found.runs.triples[found.runs_of(np.array([piece]))[0]].tolist()
            for col in range(start, stop)
        }
        assert mine == group


@settings(deadline=None, max_examples=60)
@given(words, st.integers(1, 5))
def test_stitched_runs_do_not_depend_on_the_tiles(crossed, size):
    state = state_of(crossed)
    whole, cut = stitch([active_runs(state, 3, 4)]), tiled(state, size, 3, 4)
    assert np.array_equal(whole.table, cut.table)


@settings(deadline=None, max_examples=200)
@given(masks)
def test_outlines_are_valid_and_cover_exactly_their_pixels(mask):
    found = pieces(tiled(flagged(mask), 4, 7, 9))
    outlines = polygons(found, GRID)
    assert shapely.is_valid(outlines).all()
    for outline, group in zip(outlines, flood(mask), strict=True):
        boxes = [
            shapely.box(
                300_000 + 10 * (x + 9),
                8_600_000 - 10 * (y + 8),
                300_010 + 10 * (x + 9),
                8_600_000 - 10 * (y + 7),
            )
            for y, x in group
        ]
        assert outline.area == 100 * len(group)
        assert shapely.symmetric_difference(outline, shapely.union_all(boxes)).area == 0
        assert all(ring.is_ccw for ring in shapely.get_exterior_ring(shapely.get_parts(outline)))


@settings(deadline=None, max_examples=100)
@given(masks)
def test_outlines_are_those_of_rasterio(mask):
    """GDAL cuts edge-connected parts; the union of ours must have the same outline, corner for corner."""
    found = pieces(stitch([active_runs(flagged(mask), 0, 0)]))
    drawn = shapes(mask.astype(np.uint8), mask=mask, connectivity=4, transform=GRID.transform)
    theirs = [shapely.geometry.shape(shape) for shape, _ in drawn]
    ours = shapely.get_parts(polygons(found, GRID))
    assert len(ours) == len(theirs)
    assert {shape.normalize().wkt for shape in ours} == {shape.normalize().wkt for shape in theirs}


def picture(*lines: str) -> np.ndarray:
    return np.array([[letter == "#" for letter in line] for line in lines])


@pytest.mark.parametrize(
    ("lines", "parts", "holes"),
    [
        (("###", "#.#", "###"), 1, 1),
        (("#.", ".#"), 2, 0),
        ((".#.", "#.#", ".#."), 4, 0),
        (("###", "#.#", "##."), 1, 1),
        (("####", "#.##", "##.#", "####"), 1, 2),
        (("###.", "#.#.", "##.#", "...#"), 2, 0),
        (("#####", "#...#", "#.#.#", "#...#", "#####"), 1, 1),
    ],
)
def test_holes_and_corners(lines, parts, holes):
    mask = picture(*lines)
    outlines = polygons(pieces(stitch([active_runs(flagged(mask), 0, 0)])), GRID)
    assert shapely.is_valid(outlines).all()
    polygon = outlines[0]
    assert polygon.geom_type == "MultiPolygon"
    assert len(polygon.geoms) == parts
    expected = shapely.union_all(list(polygon.geoms))
    assert expected.area == sum(part.area for part in polygon.geoms)
    drawn = shapes(mask.astype(np.uint8), mask=mask, connectivity=4, transform=GRID.transform)
    rings = sum(len(shapely.geometry.shape(shape).interiors) for shape, _ in drawn)
    assert sum(len(part.interiors) for outline in outlines for part in outline.geoms) == rings
    assert rings == holes or holes == 0


def test_a_choice_of_pieces_is_outlined_in_the_order_asked():
    mask = picture("#.#.##", "......", "##.#..")
    found = pieces(stitch([active_runs(flagged(mask), 0, 0)]))
    everything = polygons(found, GRID)
    chosen = polygons(found, GRID, np.array([3, 0, 2]))
    assert [shape.wkt for shape in chosen] == [everything[i].wkt for i in (3, 0, 2)]


WHERE = {
    "EPSG:32719": (-300_000, 26_000),
    "EPSG:32619": (-30_000, 26_000),
    "EPSG:5880": (-290_000, 140_000),
    "EPSG:6933": (40_000, -220_000),
}


@pytest.mark.parametrize("crs", sorted(WHERE))
def test_areas_are_those_of_the_equal_area_projection(crs):
    """A large piece far from the central meridian, against its densified outline in EPSG:6933."""
    grid = Grid("far", crs, 30.0, (0.0, 0.0), (0, 0, 10, 10))
    row0, col0 = WHERE[crs]
    rng = np.random.default_rng(1)
    mask = rng.random((300, 500)) < 0.8
    found = pieces(stitch([active_runs(flagged(mask), row0, col0)]))
    largest = int(found.pixels.argmax())
    outline = polygons(found, grid, np.array([largest]))[0]
    to_equal_area = Transformer.from_crs(crs, EQUAL_AREA, always_xy=True)
    flat = shapely.transform(outline, to_equal_area.transform, interleaved=False)
    assert areas_ha(found, grid)[largest] == pytest.approx(flat.area / 10_000, rel=1.5e-7)


def test_area_of_a_pixel_does_not_depend_on_what_else_is_found():
    alone = pieces(runs_of(np.array([[40, 10, 12]], np.int32)))
    among = pieces(runs_of(np.array([[-900, 3, 9], [40, 10, 12], [5000, 800, 900]], np.int32)))
    assert areas_ha(alone, GRID)[0] == areas_ha(among, GRID)[1]


def test_pixels_that_cannot_be_projected_are_refused():
    grid = Grid("nowhere", "EPSG:5880", 30.0, (0.0, 0.0), (0, 0, 10, 10))
    beyond = pieces(runs_of(np.array([[40_000_000, 10, 12]], np.int32)))
    with pytest.raises(InputError, match="inside the range of EPSG:5880"):
        areas_ha(beyond, grid)


def test_nothing_is_found_where_nothing_changed():
    found = pieces(stitch([active_runs(flagged(np.zeros((5, 70), bool)), 0, 0)]))
    assert len(found) == len(found.runs) == len(polygons(found, GRID)) == len(areas_ha(found, GRID)) == 0
    assert len(stitch([])) == 0


def test_more_runs_than_the_first_guess_holds():
    mask = np.zeros((200, 100), bool)
    mask[:, ::2] = True
    assert len(active_runs(flagged(mask), 0, 0)) == 200 * 50


def test_a_pixel_is_seen_where_any_stream_is_valid_and_only_in_this_look():
    state = flagged(np.ones((1, 4), bool))
    values = np.full((2, 1, 4), NODATA, np.int16)
    values[0, 0, 1] = values[1, 0, 3] = 5
    runs = active_runs(state, 0, 0, values)
    assert runs.seen.tolist() == [2]
    assert active_runs(state, 0, 0).seen.tolist() == [0]
    assert stitch([runs]).seen.tolist() == [2]
    assert stitch([], kept=[runs]).seen.tolist() == [0]
    assert runs.seen.tolist() == [2]


def test_runs_survive_storage():
    runs = runs_of(np.array([[-3, 5, 9], [70_000, -2, 1]], np.int32))
    assert np.array_equal(decode(runs.to_bytes()), runs.triples)


@settings(deadline=None, max_examples=60)
@given(masks, st.integers(0, 5))
def test_overlaps_count_shared_pixels(mask, seed):
    rng = np.random.default_rng(seed)
    other = rng.random(mask.shape) < 0.5
    ours = pieces(stitch([active_runs(flagged(mask), 0, 0)]))
    theirs = pieces(stitch([active_runs(flagged(other), 0, 0)]))
    owner, holder, shared = overlaps(ours.runs.table, ours.label, theirs.runs.table, theirs.label)
    groups, others = flood(mask), flood(other)
    expected = [(i, j, len(a & b)) for i, a in enumerate(groups) for j, b in enumerate(others) if a & b]
    assert list(zip(owner.tolist(), holder.tolist(), shared.tolist(), strict=True)) == expected


def test_closing_and_rearming_touch_the_pixels_of_their_tile_only():
    state = flagged(np.ones((3, 4), bool))
    runs = runs_of(np.array([[9, 0, 99], [11, 21, 23], [11, 30, 40], [12, 18, 21], [13, 20, 21]], np.int32))
    assert close_pixels(state, 10, 20, runs) == 3
    closed = state.crossed >> 14 == PixelFlag.CLOSED
    assert np.argwhere(closed).tolist() == [[1, 1], [1, 2], [2, 0]]
    assert (state.crossed[1, 1] & 0x3FFF) == 90
    assert rearm_pixels(state, 10, 20, runs) == 3
    for plane in (state.evidence, state.onset, state.crossed):
        assert np.array_equal(plane == 0, closed)
    assert (state.before > 0).all()

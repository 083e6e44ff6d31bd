"""COGs by range request: how many requests a scene costs, and what becomes of a server's faults."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine

from dosel.catalog.scene import Asset, Look, RefusedSceneError
from dosel.errors import SourceError
from dosel.model.codes import Refusal
from dosel.stack.plan import LookPlan, plan_look
from dosel.stack.raster import Access, forget_open, shown
from dosel.stack.read import read_tile

stacserver = pytest.importorskip("dosel.testing.stacserver")

SIDE = 1536
ACCESS = Access(retries=0, timeout_s=5)
BOX = (-71.0, -14.0, -68.0, -11.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue without items and one COG of nine blocks."""
    place: Path = tmp_path_factory.mktemp("served")
    catalogue = {"type": "Catalog", "id": "c", "stac_version": "1.0.0", "description": "c", "links": []}
    (place / "catalog.json").write_text(json.dumps(catalogue))
    values = np.random.default_rng(1).integers(-9000, 9000, (SIDE, SIDE)).astype(np.int16)
    with rasterio.open(
        place / "a.tif", "w", driver="COG", height=SIDE, width=SIDE, count=1, dtype="int16", nodata=-32768,
        crs="EPSG:32719", transform=Affine(10, 0, 400_000, 0, -10, 8_600_000), compress="deflate",
        overviews="NONE",
    ) as out:  # fmt: skip
        out.write(values, 1)
    return place


@pytest.fixture
def server(folder: Path) -> Iterator[Any]:
    with stacserver.StacServer(folder) as running:
        yield running
        forget_open()


def _plan(made: Any, server: Any, file: str = "a.tif", tile_px: int = 512) -> tuple[LookPlan, Any]:
    grid = made.grid_over(SIDE, SIDE, tile_px=tile_px)
    asset = Asset(f"{server.url}/files/{file}", scale=0.0001)
    look: Look = made.look_of(made.index_sensor(), [{"value": asset}], boxes=[BOX])
    return plan_look(look, made.index_sensor(), grid.tiles(), 4), grid


def test_the_requests_of_a_scene_stay_within_their_budget(made: Any, server: Any, folder: Path) -> None:
    """Opening one time for all tiles, no listing, no sidecars, each block fetched about once."""
    plan, grid = _plan(made, server)
    local = Asset(str(folder / "a.tif"), scale=0.0001)
    look = made.look_of(made.index_sensor(), [{"value": local}])
    twin = plan_look(look, made.index_sensor(), grid.tiles(), 4)
    for tile in grid.tiles():
        remote = read_tile(plan, tile, ACCESS).look.values
        np.testing.assert_array_equal(remote, read_tile(twin, tile).look.values)
    assert set(server.counts) == {"GET /files/a.tif", "HEAD /files/a.tif"}
    assert server.counts["GET /files/a.tif"] <= 2 + len(grid.tiles())
    assert server.counts["HEAD /files/a.tif"] == 1
    assert server.bytes_sent["/files/a.tif"] <= 2.15 * (folder / "a.tif").stat().st_size  # one HEAD counts


def test_one_tile_fetches_only_its_blocks(made: Any, server: Any, folder: Path) -> None:
    plan, grid = _plan(made, server)
    read_tile(plan, grid.tiles()[0], ACCESS)
    assert server.bytes_sent["/files/a.tif"] <= 1.6 * (folder / "a.tif").stat().st_size  # one HEAD counts


@pytest.mark.parametrize("fault", ["BUSY", "UNAVAILABLE", "BROKEN", "DROPPED"])
def test_a_server_in_trouble_is_tried_again_next_time(made: Any, server: Any, fault: str) -> None:
    """Kills: a scene refused for good because its server was down for a minute."""
    plan, grid = _plan(made, server)
    server.fail("/files/", stacserver.Fault[fault], times=50)
    with pytest.raises(SourceError, match=r"a\.tif.*next run") as caught:
        read_tile(plan, grid.tiles()[0], ACCESS)
    assert "\n" not in str(caught.value)


def test_trouble_in_the_middle_of_a_scene_refuses_nothing(made: Any, server: Any) -> None:
    plan, grid = _plan(made, server)
    read_tile(plan, grid.tiles()[0], ACCESS)
    server.fail("/files/", stacserver.Fault.UNAVAILABLE, times=500)
    with pytest.raises(SourceError):
        read_tile(plan, grid.tiles()[-1], ACCESS)


def test_a_busy_server_is_asked_again(made: Any, server: Any) -> None:
    plan, grid = _plan(made, server)
    server.fail("/files/", stacserver.Fault.UNAVAILABLE, times=1)
    read = read_tile(plan, grid.tiles()[0], Access(retries=3, timeout_s=5))
    assert read.tallies[0].valid > 0


def test_a_file_that_is_gone_or_cut_is_refused(made: Any, server: Any, folder: Path) -> None:
    plan, grid = _plan(made, server, "gone.tif")
    with pytest.raises(RefusedSceneError) as caught:
        read_tile(plan, grid.tiles()[0], ACCESS)
    assert caught.value.refusal is Refusal.UNREADABLE
    data = (folder / "a.tif").read_bytes()
    (folder / "cut.tif").write_bytes(data[: len(data) // 2])
    plan, grid = _plan(made, server, "cut.tif")
    with pytest.raises(RefusedSceneError) as caught:
        read_tile(plan, grid.tiles()[-1], ACCESS)
    assert caught.value.refusal is Refusal.TRUNCATED


def test_a_token_reaches_the_server_and_no_message(
    made: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = "very-secret"
    monkeypatch.setenv("A_TOKEN", word)
    access = Access("A_TOKEN", retries=0, timeout_s=5)
    with stacserver.StacServer(folder, token=word) as locked:
        plan, grid = _plan(made, locked)
        assert read_tile(plan, grid.tiles()[0], access).tallies[0].valid > 0
        assert locked.authorised == sum(locked.counts.values())
        forget_open()
    with stacserver.StacServer(folder, token=word[::-1]) as locked:
        plan, grid = _plan(made, locked)
        with pytest.raises(SourceError) as caught:
            read_tile(plan, grid.tiles()[0], access)
        assert word not in str(caught.value)
        assert "401" in str(caught.value)


def test_a_signed_address_is_shown_without_its_signature() -> None:
    assert shown("https://host/b.tif?sig=abc&se=1") == "https://host/b.tif"

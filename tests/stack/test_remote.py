"""COGs by range request: how many requests a scene costs, and what becomes of a server's faults."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine

from dosel.catalog.access import access_to
from dosel.catalog.address import shown
from dosel.catalog.scene import Asset, Look, RefusedSceneError
from dosel.config import SourceSettings
from dosel.errors import SourceError
from dosel.model.codes import Refusal
from dosel.stack.plan import LookPlan, plan_look
from dosel.stack.raster import Access, forget_open
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


WORD = "very-secret-word"


def _keyed(server: Any, value: str = WORD, query: str = "", **changes: Any) -> Access:
    plain = {"name": "api", "kind": "stac-api", "sensor": "product", "token_env": "A_TOKEN"}
    source = SourceSettings.model_validate({**plain, "url": server.url + query, **changes})
    return Access((access_to(source, {"A_TOKEN": value}),), retries=0, timeout_s=5)


def test_a_token_opens_the_rasters_of_its_host_and_is_in_no_message(made: Any, folder: Path) -> None:
    with stacserver.StacServer(folder, token=WORD) as locked:
        plan, grid = _plan(made, locked)
        assert read_tile(plan, grid.tiles()[0], _keyed(locked)).tallies[0].valid > 0
        assert locked.authorised == sum(locked.counts.values())
        forget_open()
        with pytest.raises(SourceError) as caught:
            read_tile(plan, grid.tiles()[0], _keyed(locked, WORD[::-1]))
        assert WORD[::-1] not in str(caught.value)
        assert "401" in str(caught.value)
        forget_open()


def test_a_token_in_the_query_opens_the_rasters_too(made: Any, folder: Path) -> None:
    with stacserver.StacServer(folder, token=WORD) as locked:
        plan, grid = _plan(made, locked)
        access = _keyed(locked, query="?api_key={token}")
        assert read_tile(plan, grid.tiles()[0], access).tallies[0].valid > 0
        forget_open()


@pytest.mark.parametrize(("value", "query"), [(WORD, ""), (f"X-Key: {WORD}", ""), (WORD, "?api_key={token}")])
def test_a_foreign_host_never_gets_the_token(
    made: Any, folder: Path, server: Any, value: str, query: str
) -> None:
    """Mutant: the token of a source goes to whatever host the item of a catalogue names."""
    with stacserver.StacServer(folder) as own:
        access = _keyed(own, value, query)
        plan, grid = _plan(made, server)
        assert read_tile(plan, grid.tiles()[0], access).tallies[0].valid > 0
        assert WORD not in "".join(server.heard)
        plan, grid = _plan(made, own)
        read_tile(plan, grid.tiles()[0], access)
        assert WORD in "".join(own.heard)
        forget_open()


def test_a_host_that_is_named_gets_the_token(made: Any, folder: Path, server: Any) -> None:
    """Mutant: a catalogue on one host and its rasters on another cannot be used at all."""
    with stacserver.StacServer(folder) as own:
        plan, grid = _plan(made, server)
        host = server.url.removeprefix("http://")
        read_tile(plan, grid.tiles()[0], _keyed(own, token_hosts=(host,)))
        assert WORD in "".join(server.heard)


@pytest.mark.parametrize("value", [WORD, f"X-Key: {WORD}"])
def test_a_redirect_takes_no_token_to_another_host(made: Any, folder: Path, server: Any, value: str) -> None:
    with stacserver.StacServer(folder) as own:
        own.redirect("/files/a.tif", f"{server.url}/files/a.tif")
        plan, grid = _plan(made, own)
        read_tile(plan, grid.tiles()[0], _keyed(own, value))
        assert WORD in "".join(own.heard)
        assert server.counts
        assert WORD not in "".join(server.heard)
        forget_open()


def test_no_log_and_no_error_stream_hears_a_token(
    made: Any, folder: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Mutants: GDAL's warning of a failed request shows the query; a debug log shows the headers."""
    with caplog.at_level(logging.DEBUG), stacserver.StacServer(folder) as own, rasterio.Env(CPL_DEBUG=True):
        for query in ("", "?api_key={token}"):
            plan, grid = _plan(made, own)
            read_tile(plan, grid.tiles()[0], _keyed(own, query=query))
            forget_open()
            own.fail("/files/", stacserver.Fault.UNAVAILABLE, times=9)
            with pytest.raises(SourceError):
                read_tile(plan, grid.tiles()[0], _keyed(own, query=query))
            own.reset()
    assert caplog.records
    assert WORD not in caplog.text + "".join(capfd.readouterr())


def test_a_signed_address_is_shown_without_its_signature() -> None:
    assert shown("https://host/b.tif?sig=abc&se=1") == "https://host/b.tif"

"""A source over HTTP: same scenes as its files, few requests, faults endured, tokens kept secret."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import rasterio

from dosel.catalog.access import PoliteIO, access_to
from dosel.catalog.ready import READY
from dosel.catalog.search import Found, search
from dosel.catalog.sensors import sensor
from dosel.config import SourceSettings
from dosel.errors import InputError, SourceError
from dosel.testing.loose import EVERYWHERE, NOW, declared, folder_source
from dosel.testing.stacserver import Fault, StacServer

TOKEN = "s3cret-token-value"  # noqa: S105  # of a server that lives as long as a test
VARIABLE = "DEMO_TOKEN"


@pytest.fixture(scope="module")
def serving(catalogue: Path) -> Iterator[StacServer]:
    with StacServer(catalogue, "stac/collection.json", page_items=3) as server:
        yield server


@pytest.fixture
def server(serving: StacServer) -> StacServer:
    serving.reset()
    return serving


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def api(server: StacServer, **changes: object) -> SourceSettings:
    plain = {"name": "api", "kind": "stac-api", "sensor": "product", "url": server.url}
    return SourceSettings.model_validate({**plain, **changes})


def found(source: SourceSettings, clock: Clock | None = None, environ: dict[str, str] | None = None) -> Found:
    clock = clock or Clock()
    io = PoliteIO(
        access_to(source, environ or {}),
        requests_per_minute=source.requests_per_minute,
        retries=source.retries,
        sleep=clock.sleep,
        clock=lambda: clock.now,
    )
    return search(source, declared(), EVERYWHERE, environ or {}, centre=Path("/"), now=NOW, io=io)


def essence(result: Found) -> list[tuple[object, ...]]:
    return [
        (s.id, s.acquired, s.bbox, s.datatake, s.granule, Path(s.assets["value"].href).name)
        for s in result.scenes
    ]


def test_api_finds_what_the_files_hold_in_few_requests(server: StacServer, catalogue: Path) -> None:
    """Budget: the landing page and one request a page; nothing for single items."""
    static = folder_source(Path("stac/collection.json"), kind="stac", pattern=None)
    files = search(static, declared(), EVERYWHERE, {}, centre=catalogue, now=NOW)
    assert essence(found(api(server))) == essence(files)
    assert len(files.scenes) == 7
    assert dict(server.counts) == {"GET /": 1, "POST /search": 3}


def test_static_catalogue_over_http(server: StacServer, catalogue: Path) -> None:
    source = api(server, kind="stac", url=f"{server.url}/files/stac/collection.json")
    static = folder_source(Path("stac/collection.json"), kind="stac", pattern=None)
    files = search(static, declared(), EVERYWHERE, {}, centre=catalogue, now=NOW)
    assert essence(found(source)) == essence(files)
    assert sum(server.counts.values()) == 8


def test_rasters_are_read_by_ranges(server: StacServer) -> None:
    asset = found(api(server)).scenes[0].assets["value"]
    options = access_to(api(server), {}).gdal_options(asset.href)
    with rasterio.Env(**options), rasterio.open(asset.href) as raster:
        assert raster.read(asset.band).mean() == pytest.approx(-9.0)


@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.BROKEN, Fault.DROPPED, Fault.TRUNCATED])
def test_passing_faults_are_endured_with_growing_patience(server: StacServer, fault: Fault) -> None:
    server.fail("/search", fault, times=2)
    clock = Clock()
    assert len(found(api(server), clock).scenes) == 7
    assert clock.slept == [1.0, 2.0]
    assert server.counts["POST /search"] == 5


def test_retry_after_is_respected(server: StacServer) -> None:
    server.fail("/search", Fault.BUSY, retry_after_s=17)
    clock = Clock()
    assert len(found(api(server), clock).scenes) == 7
    assert clock.slept == [17.0]


def test_a_server_that_asks_for_hours_is_left_for_the_next_run(server: StacServer) -> None:
    server.fail("/search", Fault.BUSY, retry_after_s=7200)
    clock = Clock()
    with pytest.raises(SourceError, match="asks to wait 7200 s; the next run tries again"):
        found(api(server), clock)
    assert clock.slept == []


def test_patience_ends(server: StacServer) -> None:
    server.fail("/search", Fault.UNAVAILABLE, times=9)
    with pytest.raises(SourceError, match=r"source api: .*/search did not answer in 3 attempts: status 503"):
        found(api(server, retries=2))
    assert server.counts["POST /search"] == 3


def test_a_dead_server_is_one_sentence() -> None:
    source = SourceSettings(
        name="gone", kind="stac-api", sensor="product", url="http://127.0.0.1:9", retries=1
    )
    with pytest.raises(SourceError, match=r"^source gone: .* did not answer in 2 attempts") as caught:
        found(source)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("path", ["/", "/search"])
def test_nonsense_is_one_sentence(server: StacServer, path: str) -> None:
    server.fail(path, Fault.NONSENSE)
    with pytest.raises(SourceError, match="expected a STAC API") as caught:
        found(api(server))
    assert "\n" not in str(caught.value)


def test_a_wrong_url_is_one_sentence(server: StacServer) -> None:
    with pytest.raises(SourceError, match=r"nothing there.*check the source's url"):
        found(api(server, url=f"{server.url}/nowhere"))


def test_quota_is_kept(server: StacServer) -> None:
    """Four requests at two a minute take a minute; mutant: no quota."""
    clock = Clock()
    found(api(server, requests_per_minute=2), clock)
    assert clock.now - 1000.0 >= 60.0
    free = Clock()
    found(api(server, requests_per_minute=4), free)
    assert free.slept == []


@pytest.fixture
def locked(catalogue: Path) -> Iterator[StacServer]:
    with StacServer(catalogue, "stac/collection.json", token=TOKEN) as server:
        yield server


def test_a_missing_token_is_one_sentence_that_names_the_variable(locked: StacServer) -> None:
    with pytest.raises(InputError, match="environment variable DEMO_TOKEN is not set"):
        found(api(locked, token_env=VARIABLE))
    assert not locked.counts
    with pytest.raises(SourceError, match=r"refused access \(status 401\).*token_env"):
        found(api(locked))
    with pytest.raises(SourceError, match="check the token in the environment variable DEMO_TOKEN") as caught:
        found(api(locked, token_env=VARIABLE), environ={VARIABLE: "wr0ng"})
    assert "wr0ng" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "query"),
    [(TOKEN, ""), (f"Authorization: Bearer {TOKEN}", ""), (TOKEN, "?api_key={token}")],
)
def test_a_token_opens_and_is_never_told(
    locked: StacServer, caplog: pytest.LogCaptureFixture, value: str, query: str
) -> None:
    source = api(locked, token_env=VARIABLE, url=locked.url + query, retries=0)
    with caplog.at_level(logging.DEBUG):
        result = found(source, environ={VARIABLE: value})
        locked.fail("/search", Fault.UNAVAILABLE)
        with pytest.raises(SourceError) as caught:
            found(source, environ={VARIABLE: value})
    assert len(result.scenes) == 7
    told = [caplog.text, str(caught.value), repr(caught.value.__cause__), repr(result)]
    assert not any(TOKEN in text for text in [*told, repr(access_to(source, {VARIABLE: value}))])


def test_a_token_goes_to_its_own_host_only(locked: StacServer, server: StacServer) -> None:
    access = access_to(api(locked, token_env=VARIABLE), {VARIABLE: TOKEN})
    assert TOKEN in str(access.gdal_options(f"{locked.url}/files/a.tif"))
    assert TOKEN not in str(access.gdal_options(f"{server.url}/files/a.tif"))
    io = PoliteIO(access, retries=0)
    assert io.request(f"{server.url}/conformance")
    io.session.close()
    assert server.authorised == 0
    assert locked.authorised == 0


def test_a_redirect_to_another_host_loses_the_token(locked: StacServer, server: StacServer) -> None:
    """Mutant: custom headers follow a redirect."""
    source = api(locked, token_env=VARIABLE)
    for value in (TOKEN, f"Authorization: Bearer {TOKEN}"):
        io = PoliteIO(access_to(source, {VARIABLE: value}), retries=0)
        locked.redirect("/conformance", f"{server.url}/conformance")
        assert "conformsTo" in io.request(f"{locked.url}/conformance")
        io.session.close()
    assert (locked.authorised, server.authorised) == (2, 0)


@pytest.mark.parametrize("settings", READY.values(), ids=READY)
def test_ready_settings_are_whole(settings: SourceSettings) -> None:
    row = sensor(settings.sensor)
    assert not row.refused
    assert settings.origin
    assert settings.licence
    assert set(settings.collections) <= set(row.collections)
    assert (settings.url or "").startswith("https://")

"""A STAC API on this machine: a static catalogue and its rasters, served with range requests and faults.

Serves ``/``, ``/conformance``, ``/collections``, ``/search`` (GET and POST, in pages) and every file of the
folder under ``/files/``, so the static catalogue can be read over HTTP too. It listens on the loopback only.

GDAL lists folders while it holds Python's lock, for which a server in the same process then waits: read
its rasters with ``GDAL_DISABLE_READDIR_ON_OPEN=EMPTY_DIR``, as ``Access.gdal_options`` sets it.

Examples
--------
>>> with StacServer(folder, "collection.json") as server:            # doctest: +SKIP
...     server.fail("/search", Fault.BUSY, times=2, retry_after_s=0)
...     found = search(SourceSettings(..., url=server.url), ...)
...     server.counts["POST /search"]
3
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from pystac import Catalog, Collection, Item, read_file

CONFORMANCE: Final = (
    "https://api.stacspec.org/v1.0.0/core",
    "https://api.stacspec.org/v1.0.0/collections",
    "https://api.stacspec.org/v1.0.0/item-search",
)
"""What the server claims to conform to."""

_RANGE: Final = re.compile(r"bytes=(\d*)-(\d*)$")


class Fault(Enum):
    """What can go wrong on purpose."""

    BUSY = "429 with Retry-After"
    UNAVAILABLE = "503"
    BROKEN = "500"
    DROPPED = "the connection is closed without an answer"
    TRUNCATED = "half of the body, then the connection is closed"
    SLOW = "the answer comes late"
    NONSENSE = "200 with a body that is no JSON"


@dataclass(slots=True)
class _Ordered:
    """A fault that waits for its requests."""

    path: str
    fault: Fault
    times: int
    seconds: float
    method: str = ""
    """Empty for any."""


@dataclass(slots=True)
class _Answer:
    """What is sent back."""

    body: bytes
    status: int = 200
    kind: str = "application/geo+json"
    headers: dict[str, str] = field(default_factory=dict)


class StacServer:
    """A context manager that serves a folder as a STAC API on the loopback.

    Parameters
    ----------
    folder
        Folder with the catalogue and its rasters.
    catalogue
        The catalogue's root, relative to `folder`.
    token
        If given, every request must bear it (``Authorization: Bearer``, or ``api_key`` in the query).
    page_items
        Most items in one page of ``/search``, whatever a client asks for.
    port
        Where it listens; 0 takes a free one.
    """

    def __init__(
        self,
        folder: Path,
        catalogue: str = "catalog.json",
        *,
        token: str | None = None,
        page_items: int = 100,
        port: int = 0,
    ) -> None:
        self.folder = folder.resolve()
        self.token = token
        self.page_items = page_items
        self.counts: Counter[str] = Counter()
        """Requests by method and path: ``POST /search``."""
        self.bytes_sent: Counter[str] = Counter()
        """Bytes of bodies by path."""
        self.authorised = 0
        """Requests that bore an Authorization header."""
        self.heard: list[str] = []
        """Everything that was sent to it: addresses with their queries, and headers."""
        self._faults: list[_Ordered] = []
        self._redirects: dict[str, str] = {}
        self._lock = threading.Lock()
        root = read_file(str(self.folder / catalogue))
        if not isinstance(root, Catalog):
            raise TypeError(f"{catalogue}: expected a STAC catalogue, got {type(root).__name__}")
        self._http = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
        self._http.daemon_threads = True
        self._http.stac = self  # type: ignore[attr-defined]  # how a handler finds its server
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self.items = [self._published(item) for item in root.get_items(recursive=True)]
        found = [root] if isinstance(root, Collection) else []
        found += [child for child in root.get_children() if isinstance(child, Collection)]
        self.collections = {c.id: {**c.to_dict(include_self_link=False), "links": []} for c in found}
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop listening, as if the cable were pulled."""
        if self._thread.is_alive():
            self._http.shutdown()
            self._http.server_close()
            self._thread.join()

    def fail(
        self, path: str, fault: Fault, *, times: int = 1, retry_after_s: float = 0.0, method: str = ""
    ) -> None:
        """Let the next `times` requests (of one method, or any) to paths that start with `path` go wrong."""
        with self._lock:
            self._faults.append(_Ordered(path, fault, times, retry_after_s, method))

    def redirect(self, path: str, to: str) -> None:
        """Answer requests to `path` with a redirect."""
        self._redirects[path] = to

    def reset(self) -> None:
        """Forget counts, ordered faults and redirects."""
        with self._lock:
            self.counts.clear()
            self.bytes_sent.clear()
            self._faults.clear()
            self._redirects.clear()
            self.authorised = 0
            self.heard.clear()

    def counted(self, method: str, path: str, authorised: bool) -> _Ordered | None:
        """Count a request; return the fault that is ordered for it, if any."""
        with self._lock:
            self.counts[f"{method} {path}"] += 1
            self.authorised += authorised
            for ordered in self._faults:
                fits = path.startswith(ordered.path) and ordered.method in ("", method)
                if ordered.times > 0 and fits:
                    ordered.times -= 1
                    return ordered
        return None

    def answer(self, method: str, path: str, query: Mapping[str, Any], byte_range: str) -> _Answer:
        """Return the answer to a request without a fault."""
        if path in self._redirects:
            return _Answer(b"", 307, "text/plain", {"Location": self._redirects[path]})
        if path.startswith("/files/"):
            return self._file(path.removeprefix("/files/"), byte_range)
        if path == "/search":
            return _json(self._page(method, query))
        if path.startswith("/collections/"):
            collection = self.collections.get(path.removeprefix("/collections/"))
            return _json(collection) if collection else _json({"code": "NotFound"}, 404)
        plain: dict[str, Callable[[], dict[str, Any]]] = {
            "/": self._landing,
            "/conformance": lambda: {"conformsTo": list(CONFORMANCE)},
            "/collections": lambda: {"collections": list(self.collections.values()), "links": []},
        }
        return _json(plain[path]()) if path in plain else _json({"code": "NotFound"}, 404)

    def _published(self, item: Item) -> dict[str, Any]:
        """Return an item with the URLs of its assets on this server."""
        item.make_asset_hrefs_absolute()
        raw = item.to_dict(include_self_link=False)
        for asset in raw["assets"].values():
            file, mark, variable = asset["href"].removeprefix("file://").partition("#")
            inside = Path(file).resolve().relative_to(self.folder).as_posix()
            asset["href"] = f"{self.url}/files/{inside}{mark}{variable}"
        links = {"self": f"{self.url}/collections/{raw.get('collection')}/items/{raw['id']}"}
        raw["links"] = [{"rel": rel, "href": href} for rel, href in links.items()]
        return raw

    def _landing(self) -> dict[str, Any]:
        """Return the landing page."""
        search = [
            {"rel": "search", "href": f"{self.url}/search", "type": "application/geo+json", "method": method}
            for method in ("GET", "POST")
        ]
        links = [
            {"rel": "self", "href": self.url},
            {"rel": "root", "href": self.url},
            {"rel": "data", "href": f"{self.url}/collections"},
            {"rel": "conformance", "href": f"{self.url}/conformance"},
        ]
        return {
            "type": "Catalog",
            "stac_version": "1.0.0",
            "id": "local",
            "description": "A local STAC API for tests",
            "conformsTo": list(CONFORMANCE),
            "links": links + search,
        }

    def _page(self, method: str, query: Mapping[str, Any]) -> dict[str, Any]:
        """Return one page of a search with the link to the next."""
        hits = [item for item in self.items if _wanted(item, query)]
        start = int(query.get("token", 0))
        size = min(int(query.get("limit", 10)), self.page_items)
        links = []
        if start + size < len(hits):
            following = {**query, "token": str(start + size)}
            link: dict[str, Any] = {"rel": "next", "href": f"{self.url}/search", "method": method}
            if method == "POST":
                link["body"] = following
            else:
                link["href"] += f"?{urlencode(following)}"
            links.append(link)
        return {"type": "FeatureCollection", "features": hits[start : start + size], "links": links}

    def _file(self, inside: str, byte_range: str) -> _Answer:
        """Return a file of the folder, or the part of it that a range asks for."""
        path = (self.folder / unquote(inside)).resolve()
        if self.folder not in path.parents or not path.is_file():
            return _json({"code": "NotFound"}, 404)
        size = path.stat().st_size
        match = _RANGE.match(byte_range)
        headers = {"Accept-Ranges": "bytes"}
        if match is None:
            return _Answer(path.read_bytes(), 200, "application/octet-stream", headers)
        first, last = _span(match[1], match[2], size)
        if first >= size:
            return _Answer(b"", 416, "text/plain", {"Content-Range": f"bytes */{size}"})
        with path.open("rb") as file:
            file.seek(first)
            body = file.read(last - first + 1)
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
        return _Answer(body, 206, "application/octet-stream", headers)


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    timeout = 20

    def do_GET(self) -> None:
        """Answer a GET."""
        self._serve("GET", {})

    def do_HEAD(self) -> None:
        """Answer a HEAD."""
        self._serve("HEAD", {})

    def do_POST(self) -> None:
        """Answer a POST with a JSON body."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._serve("POST", json.loads(body or b"{}"))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Write nothing."""

    def _serve(self, method: str, body: Mapping[str, Any]) -> None:
        """Count, check the token, apply an ordered fault, answer."""
        server: StacServer = self.server.stac  # type: ignore[attr-defined]  # set by StacServer
        server.heard += [self.path, str(self.headers)]
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        path = parts.path if parts.path == "/" else parts.path.rstrip("/")
        ordered = server.counted(method, path or "/", "Authorization" in self.headers)
        key = query.pop("api_key", "")
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if server.token is not None and server.token not in (bearer, key):
            answer = _json({"code": "Unauthorized"}, 401)
        else:
            answer = server.answer(method, path or "/", {**query, **body}, self.headers.get("Range", ""))
        if ordered is None:
            self._send(method, path, answer)
        else:
            self._send_faulty(method, path, answer, ordered)

    def _send_faulty(self, method: str, path: str, answer: _Answer, ordered: _Ordered) -> None:
        """Send what a fault makes of an answer."""
        fault = ordered.fault
        if fault is Fault.DROPPED:
            self.close_connection = True
        elif fault is Fault.TRUNCATED:
            self._head(answer)
            self.wfile.write(answer.body[: len(answer.body) // 2])
            self.close_connection = True
        elif fault is Fault.SLOW:
            time.sleep(ordered.seconds)
            self._send(method, path, answer)
        elif fault is Fault.NONSENSE:
            self._send(method, path, _Answer(b"<html>", 200, "text/html"))
        else:
            status = {Fault.BUSY: 429, Fault.UNAVAILABLE: 503, Fault.BROKEN: 500}[fault]
            headers = {"Retry-After": f"{ordered.seconds:.0f}"} if fault is Fault.BUSY else {}
            self._send(method, path, _Answer(b"", status, "text/plain", headers))

    def _head(self, answer: _Answer) -> None:
        """Send status and headers."""
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, method: str, path: str, answer: _Answer) -> None:
        """Send an answer whole."""
        server: StacServer = self.server.stac  # type: ignore[attr-defined]  # set by StacServer
        server.bytes_sent[path] += len(answer.body)
        self._head(answer)
        if method != "HEAD":
            with suppress(ConnectionError):  # the client has heard enough
                self.wfile.write(answer.body)


def _json(value: Any, status: int = 200) -> _Answer:
    """Return a JSON answer."""
    return _Answer(json.dumps(value).encode(), status)


def _span(first: str, last: str, size: int) -> tuple[int, int]:
    """Return first and last byte of a range; ``-n`` are the last n."""
    if not first:
        return max(0, size - int(last or 0)), size - 1
    return int(first), min(int(last) if last else size - 1, size - 1)


def _listed(value: Any) -> list[str]:
    """Return a list given as JSON or as text with commas."""
    return str(value).split(",") if isinstance(value, str) else [str(part) for part in value]


def _wanted(item: Mapping[str, Any], query: Mapping[str, Any]) -> bool:
    """Return whether an item is within collections, ids, bbox and datetime of a search."""
    if query.get("collections") and item.get("collection") not in _listed(query["collections"]):
        return False
    if query.get("ids") and item["id"] not in _listed(query["ids"]):
        return False
    if query.get("bbox") and not _meets(item["bbox"], [float(v) for v in _listed(query["bbox"])]):
        return False
    first, _, last = str(query.get("datetime", "")).partition("/")
    instant = str(item["properties"].get("datetime") or "")
    after = first in ("", "..") or instant[:19] >= first[:19]
    return after and (last in ("", "..") or instant[:19] <= last[:19])


def _meets(one: Iterable[float], other: Iterable[float]) -> bool:
    """Return whether two boxes (west, south, east, north) touch."""
    w1, s1, e1, n1 = one
    w2, s2, e2, n2 = other
    return w1 <= e2 and w2 <= e1 and s1 <= n2 and s2 <= n1

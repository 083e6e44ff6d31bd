"""How a remote source is spoken to: token, quota, retries. A token never stands in a log or an error.

The environment variable named by ``token_env`` holds the token. It goes as ``Authorization: Bearer``;
written ``Name: value`` it goes as that header; and where the source's url carries ``{token}`` in its query
(``https://host/stac?api_key={token}``) it goes in the query of every request. It is sent to the host of the
source, to those that its ``token_hosts`` name, and to no other.
"""

from __future__ import annotations

import email.utils
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import requests
from pystac_client.stac_api_io import StacApiIO

from dosel.catalog.address import host_of, shown
from dosel.catalog.scene import RefusedSceneError
from dosel.config import SourceSettings
from dosel.errors import InputError, SourceError
from dosel.model.codes import Refusal

TIMEOUT_S: Final = (10.0, 60.0)
"""Seconds to wait for a connection, and for the next bytes of an answer."""

LONGEST_WAIT_S: Final = 300.0
"""A server that asks for more patience than this is tried again in the next run."""

_PASSING: Final = frozenset({408, 429, 500, 502, 503, 504})
_FIRST_WAIT_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Access:
    """Where a source is and what opens it."""

    source: str
    """Name of the source."""
    url: str
    """Its URL without the query."""
    token_env: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What is sent to the source's own host."""
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What is added to the query of requests to the source's own host."""
    hosts: tuple[str, ...] = ()
    """Further hosts that the token may be sent to: ``data.example.org``, ``*.example.org``."""

    def opens(self, url: str) -> bool:
        """Return whether `url` is on a host of the source, by the same scheme."""
        if urlsplit(url).scheme != urlsplit(self.url).scheme:
            return False
        host = host_of(url)
        return host == host_of(self.url) or any(fnmatchcase(host, one.lower()) for one in self.hosts)

    def secrets(self, href: str) -> dict[str, str]:
        """Return the GDAL settings that carry the token to `href`; none where it must not go."""
        if not (self.headers and self.opens(href)):
            return {}
        # CPL_DEBUG would write the headers into a log.
        headers = "\r\n".join(f"{name}: {value}" for name, value in self.headers.items())
        return {"GDAL_HTTP_HEADERS": headers, "CPL_DEBUG": "OFF"}

    def asked(self, href: str) -> str:
        """Return `href` as GDAL may ask for it: with the source's query, and where its host sends it on to.

        GDAL takes a header of a source's own making along to wherever it is sent, ``Authorization`` it does
        not; so the former are followed here.

        Raises
        ------
        SourceError
            If the host does not answer.
        """
        if not self.opens(href):
            return href
        parts = urlsplit(href)
        query = "&".join(part for part in (parts.query, urlencode(self.query)) if part)
        full = urlunsplit((*parts[:3], query, parts.fragment))
        return full if set(self.headers) <= {"Authorization"} else self._landing(full)

    def _landing(self, href: str) -> str:
        headers = {**self.headers, "Range": "bytes=0-0"}
        try:
            with _quiet(), _Session(self.headers) as session:
                return str(session.get(href, headers=headers, timeout=TIMEOUT_S, stream=True).url)
        except requests.RequestException as error:
            raise SourceError(
                f"source {self.source}: {shown(href)}: {type(error).__name__}; the next run tries again"
            ) from None

    def gdal_options(self, href: str) -> dict[str, str]:
        """Return the GDAL settings to read a raster of this source by range requests.

        The token goes along only to the hosts of the source.
        """
        return {
            "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
            "GDAL_HTTP_MAX_RETRY": "4",
            "GDAL_HTTP_RETRY_DELAY": "1",
            "GDAL_HTTP_CONNECTTIMEOUT": "10",
            "GDAL_HTTP_LOW_SPEED_TIME": "60",
            "GDAL_HTTP_LOW_SPEED_LIMIT": "1",
            "CPL_VSIL_CURL_USE_HEAD": "NO",
            **self.secrets(href),
        }


def access_to(source: SourceSettings, environ: Mapping[str, str]) -> Access:
    """Return the access to a remote source, with its token from the environment.

    Raises
    ------
    InputError
        If the source names an environment variable that is not set.

    Examples
    --------
    >>> source = SourceSettings(name="hls", kind="stac-api", sensor="hls-s30", url="https://host/stac",
    ...                         token_env="HLS_TOKEN")
    >>> access_to(source, {"HLS_TOKEN": "secret"})
    Access(source='hls', url='https://host/stac', token_env='HLS_TOKEN', hosts=())
    >>> access_to(source, {})
    Traceback (most recent call last):
    dosel.errors.InputError: source hls: the environment variable HLS_TOKEN is not set; it holds the token
    """
    parts = urlsplit(source.url or "")
    url = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if source.token_env is None:
        return Access(source.name, url, None, {}, query)
    token = environ.get(source.token_env, "").strip()
    if not token:
        raise InputError(
            f"source {source.name}: the environment variable {source.token_env} is not set; "
            "it holds the token"
        )
    if not (token.isascii() and token.isprintable()):
        raise InputError(
            f"source {source.name}: the environment variable {source.token_env} holds characters that no "
            "token has; copy it anew"
        )
    hosts = source.token_hosts
    if "{token}" in query.values():
        filled = {key: token if value == "{token}" else value for key, value in query.items()}
        return Access(source.name, url, source.token_env, {}, filled, hosts)
    name, colon, value = token.partition(": ")
    headers = {name: value} if colon else {"Authorization": f"Bearer {token}"}
    return Access(source.name, url, source.token_env, headers, query, hosts)


class PoliteIO(StacApiIO):
    """Requests to one source: its quota kept, passing faults tried again, everything else one sentence.

    Parameters
    ----------
    access
        Where the source is and what opens it.
    requests_per_minute, retries
        Quota and patience towards it.
    sleep, clock
        Seams for tests: seconds to wait, and monotonic seconds.
    """

    def __init__(
        self,
        access: Access,
        *,
        requests_per_minute: int = 120,
        retries: int = 4,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(max_retries=None)
        self.session = _Session(access.headers)
        self._access = access
        self._retries = retries
        self._quota = requests_per_minute
        self._sleep = sleep
        self._clock = clock
        self._sent: deque[float] = deque(maxlen=requests_per_minute)

    def request(
        self,
        href: str,
        method: str | None = None,
        headers: Mapping[str, str] | None = None,
        parameters: Mapping[str, Any] | None = None,
    ) -> str:
        """Return the text of an answer.

        Raises
        ------
        SourceError
            If the source does not answer, or answers that it cannot or will not.
        RefusedSceneError
            If there is nothing at `href` (404, 410), or what is there is no text.
        """
        verb = (method or "GET").upper()
        wait = 0.0
        for attempt in range(self._retries + 1):
            answer, fault = self._try(verb, href, headers, parameters)
            if answer is not None and answer.status_code not in _PASSING:
                return self._text(answer, href)
            fault = fault or f"status {answer.status_code if answer is not None else ''}"
            wait = max(_FIRST_WAIT_S * 2**attempt, _asked(answer))
            if wait > LONGEST_WAIT_S:
                raise SourceError(f"{self._name(href)} asks to wait {wait:.0f} s; the next run tries again")
            if attempt < self._retries:
                self._sleep(wait)
        raise SourceError(f"{self._name(href)} did not answer in {self._retries + 1} attempts: {fault}")

    def _try(
        self,
        verb: str,
        href: str,
        headers: Mapping[str, str] | None,
        parameters: Mapping[str, Any] | None,
    ) -> tuple[requests.Response | None, str]:
        """Send one request; return the answer, or None and what went wrong, without any secret."""
        self._keep_quota()
        ours = self._access.opens(href)
        given = dict(parameters or {})
        body, query = (given, {}) if verb == "POST" else (None, given)
        try:
            with _quiet():
                return (
                    self.session.request(
                        verb,
                        href,
                        headers={**(headers or {}), **(self._access.headers if ours else {})},
                        params={**query, **(self._access.query if ours else {})},
                        timeout=TIMEOUT_S,
                        json=body,
                    ),
                    "",
                )
        except requests.Timeout:
            return None, "it took too long"
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            return None, "the connection failed or broke off"
        except requests.RequestException as error:
            raise SourceError(f"{self._name(href)}: {type(error).__name__}; check the source's url") from None

    def _text(self, answer: requests.Response, href: str) -> str:
        """Return the text of a good answer."""
        status = answer.status_code
        if status in (401, 403):
            raise SourceError(f"{self._name(href)} refused access (status {status}); {self._token_advice()}")
        if status in (404, 410):
            raise RefusedSceneError(
                Refusal.UNREADABLE, f"{self._name(href)}: nothing there (status {status})"
            )
        if not 200 <= status < 300:
            raise SourceError(f"{self._name(href)} answered with status {status}; check url and collections")
        try:
            return answer.content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise RefusedSceneError(
                Refusal.UNREADABLE, f"{self._name(href)}: expected JSON, got bytes"
            ) from error

    def _token_advice(self) -> str:
        variable = self._access.token_env
        if variable:
            return f"check the token in the environment variable {variable}"
        return "name the environment variable that holds the token in its token_env"

    def _name(self, href: str) -> str:
        """Return source and place for a message: never the query, where secrets may stand."""
        return f"source {self._access.source}: {shown(href)}"

    def _keep_quota(self) -> None:
        """Wait until one more request in the last minute is allowed."""
        if len(self._sent) == self._quota:
            wait = self._sent[0] + 60.0 - self._clock()
            if wait > 0:
                self._sleep(wait)
        self._sent.append(self._clock())


class _Session(requests.Session):
    """A session that reads no password files and takes no secret to another host on a redirect."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        super().__init__()
        self._secrets = frozenset(secrets)
        self.headers["User-Agent"] = "dosel"
        self.auth = lambda request: request  # anything here keeps .netrc from replacing our header

    def rebuild_auth(self, prepared_request: Any, response: Any) -> None:
        """Drop the secrets when a redirect leaves the host."""
        if self.should_strip_auth(response.request.url, prepared_request.url):
            for name in self._secrets:
                prepared_request.headers.pop(name, None)


def _asked(answer: requests.Response | None) -> float:
    """Return the seconds that an answer's Retry-After asks for, 0 where it asks for none."""
    text = "" if answer is None else answer.headers.get("Retry-After", "")
    if text.strip().isdigit():
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError):
        return 0.0


class _quiet:  # noqa: N801  # reads as a word: with _quiet()
    """Keep urllib3 from writing request lines, whose query may hold a token, into a debug log."""

    def __enter__(self) -> None:
        self._log = logging.getLogger("urllib3.connectionpool")
        self._level = self._log.level
        self._log.setLevel(logging.WARNING)

    def __exit__(self, *_: object) -> None:
        self._log.setLevel(self._level)

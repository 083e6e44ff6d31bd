"""Search a source: a STAC API, a static STAC catalogue, or a folder of loose rasters -> scenes.

All problems of a catalogue are collected; the good scenes go on. Nothing is sent at import.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pystac_client import Client
from pystac_client.exceptions import APIError

from dosel.catalog.access import PoliteIO, access_to
from dosel.catalog.address import shown
from dosel.catalog.item import resolve, scene_hash, scene_of
from dosel.catalog.register import register_folder
from dosel.catalog.scene import RefusedSceneError, SceneRef
from dosel.catalog.sensors import Sensor
from dosel.config import SourceSettings
from dosel.errors import InputError, SourceError
from dosel.model.codes import Refusal
from dosel.model.provenance import Source
from dosel.model.time import day_of, iso_day

PAGE_ITEMS: Final = 250
"""Items asked for in one request of a STAC API."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class RefusedItem:
    """What a source offers and no scene can be made of, with the reason."""

    id: str
    """Id of the item, or the place where it should be."""
    source: str
    refusal: Refusal
    reason: str
    """One sentence: what was expected, what came, how to mend it."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found."""

    scenes: tuple[SceneRef, ...]
    """Sorted by instant and id; each id once."""
    refused: tuple[RefusedItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """Where and when is searched."""

    bbox: Box
    """West, south, east, north in degrees WGS 84."""
    from_day: int
    """First day (UTC day number)."""
    to_day: int
    """Last day, inclusive."""

    def misses_box(self, bbox: Any) -> bool:
        """Return whether a bbox of four or six numbers lies wholly outside; what is none does not."""
        if not (isinstance(bbox, list | tuple) and len(bbox) in (4, 6)):
            return False
        if not all(isinstance(value, int | float) for value in bbox):
            return False
        half = len(bbox) // 2
        west, south, east, north = self.bbox
        return bool(bbox[half] < west or bbox[0] > east or bbox[half + 1] < south or bbox[1] > north)

    def misses_day(self, day: int) -> bool:
        """Return whether a day lies outside."""
        return not self.from_day <= day <= self.to_day


def search(
    source: SourceSettings,
    row: Sensor,
    window: Window,
    environ: Mapping[str, str],
    *,
    centre: Path,
    now: datetime,
    io: PoliteIO | None = None,
) -> Found:
    """Return the scenes of a source over a window, and the refused ones with their reasons.

    Parameters
    ----------
    source, row
        The source's settings and the sensor row that reads it.
    window
        Where and when.
    environ
        Environment variables, where the token of a remote source stands.
    centre
        Directory against which relative paths of the settings are resolved.
    now
        The present (UTC): scenes acquired later are refused.
    io
        Transport to use in place of one made from the settings (tests).

    Raises
    ------
    SourceError
        If a remote source does not answer as it should; nothing was lost, the next run tries again.
    InputError
        If a path, token, pattern or declaration is missing or wrong.
    """
    made_by = Source(source.name, source.origin, source.licence)
    if source.kind == "folder":
        return _sorted_out(register_folder(source, row, centre=centre, now=now), source.name, window)
    access = access_to(source, environ)
    polite = io or PoliteIO(access, requests_per_minute=source.requests_per_minute, retries=source.retries)
    try:
        items = _items(source, row, window, access.url, centre, polite)
        return _sorted_out(_scenes(items, row, made_by, window, now), source.name, window)
    finally:
        polite.session.close()


_Hit = SceneRef | tuple[str, RefusedSceneError]
_Raw = tuple[Mapping[str, Any], str] | tuple[str, RefusedSceneError]


def _items(
    source: SourceSettings,
    row: Sensor,
    window: Window,
    url: str,
    centre: Path,
    io: PoliteIO,
) -> Iterator[_Raw]:
    """Return the raw items of a STAC API or catalogue with their places."""
    if source.kind == "stac-api":
        return _api_items(url, source.collections or row.collections[:1], window, io)
    place = url if source.url else str(centre / (source.path or ""))
    return _only_collections(_walk(place, window, io), source.collections or row.collections, source.name)


def _api_items(url: str, collections: Iterable[str], window: Window, io: PoliteIO) -> Iterator[_Raw]:
    """Yield the items of a STAC API, page after page."""
    span = f"{iso_day(window.from_day)}T00:00:00Z/{iso_day(window.to_day)}T23:59:59Z"
    try:
        client = Client.open(url, stac_io=io)
        pages = client.search(
            collections=list(collections), bbox=list(window.bbox), datetime=span, limit=PAGE_ITEMS
        ).pages_as_dicts()
        for page in pages:
            for item in page.get("features", ()):
                yield item, _self_href(item) or url
    except RefusedSceneError as error:
        raise SourceError(f"{error}; check the source's url") from error
    except (APIError, ValueError, KeyError, TypeError, AttributeError, NotImplementedError) as error:
        raise SourceError(f"{url}: expected a STAC API, got an answer that is none: {error}") from error


def _self_href(item: Mapping[str, Any]) -> str:
    """Return the item's own URL, or the empty string."""
    return next((str(k["href"]) for k in item.get("links", ()) if k.get("rel") == "self"), "")


def _walk(root: str, window: Window, io: PoliteIO) -> Iterator[_Raw]:
    """Yield the items of a static catalogue in file or http; a broken branch is one refusal."""
    waiting, seen = [root], {root}
    while waiting:
        place = waiting.pop()
        try:
            node = _read_json(place, io)
        except RefusedSceneError as error:
            if place == root:
                raise InputError(f"{error}; expected a STAC catalogue") from error
            yield shown(place), error
            continue
        kind = node.get("type")
        if kind == "Feature":
            yield node, place
        elif kind == "FeatureCollection":
            yield from ((item, place) for item in node.get("features", ()))
        elif kind in ("Catalog", "Collection"):
            children = [] if _beyond(node, window) else _children(node, place)
            new = [child for child in children if child not in seen]
            seen.update(new)
            waiting += reversed(new)
        else:
            reason = f"{shown(place)}: expected STAC, got type {kind!r}"
            yield shown(place), RefusedSceneError(Refusal.UNREADABLE, reason)


def _children(node: Mapping[str, Any], place: str) -> list[str]:
    """Return the places of a catalogue's children and items."""
    links = node.get("links", ())
    return [resolve(place, str(link["href"])) for link in links if link.get("rel") in ("child", "item")]


def _beyond(node: Mapping[str, Any], window: Window) -> bool:
    """Return whether a collection declares an extent wholly outside the window, in space or in time."""
    extent = node.get("extent") or {}
    boxes = extent.get("spatial", {}).get("bbox") or ()
    if boxes and window.misses_box(boxes[0]):
        return True
    try:
        start, end = (extent.get("temporal", {}).get("interval") or ((None, None),))[0]
        late = start is not None and day_of(str(start)) > window.to_day
        return late or (end is not None and day_of(str(end)) < window.from_day)
    except (InputError, ValueError):
        return False


def _read_json(place: str, io: PoliteIO) -> dict[str, Any]:
    """Return the JSON object of a file or URL.

    Raises
    ------
    RefusedSceneError
        If there is nothing, or no JSON object.
    """
    try:
        text = io.request(place) if "://" in place else Path(place).read_text(encoding="utf-8")
        node = json.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise RefusedSceneError(Refusal.UNREADABLE, f"{shown(place)}: cannot be read ({reason})") from error
    except json.JSONDecodeError as error:
        raise RefusedSceneError(
            Refusal.TRUNCATED,
            f"{shown(place)}: expected JSON, which breaks off or is wrong at line {error.lineno}",
        ) from error
    if not isinstance(node, dict):
        raise RefusedSceneError(Refusal.UNREADABLE, f"{shown(place)}: expected a JSON object")
    return node


def _only_collections(items: Iterator[_Raw], wanted: tuple[str, ...], source: str) -> Iterator[_Raw]:
    """Yield items of the wanted collections and those of none.

    Raises
    ------
    InputError
        If there are items, and all of them are of other collections.
    """
    others: set[str] = set()
    any_wanted = False
    for first, second in items:
        name = str(first.get("collection") or "") if isinstance(first, Mapping) else ""
        if name and name not in wanted:
            others.add(name)
            continue
        any_wanted = True
        yield first, second  # type: ignore[misc]  # one of the two pairs, as it came
    if others and not any_wanted:
        raise InputError(
            f"source {source}: no item of collection {' or '.join(wanted)}; the catalogue has "
            f"{', '.join(sorted(others))}; name it in the source's collections"
        )


def _scenes(
    items: Iterable[_Raw], row: Sensor, source: Source, window: Window, now: datetime
) -> Iterator[_Hit]:
    """Yield each item of the window as a scene, or its id with the reason of its refusal."""
    for item, place in items:
        if isinstance(place, RefusedSceneError):
            yield str(item), place
            continue
        if not isinstance(item, Mapping):
            reason = f"{shown(place)}: expected a STAC item, got {type(item).__name__}"
            yield shown(place), RefusedSceneError(Refusal.UNREADABLE, reason)
            continue
        name = str(item.get("id") or shown(place))
        if window.misses_box(item.get("bbox")) or _plainly_before_or_after(item, window, now):
            continue
        try:
            yield scene_of(item, row, source, now=now, base=place)
        except RefusedSceneError as error:
            yield name, error
        except (TypeError, ValueError, KeyError, AttributeError, IndexError) as error:
            reason = f"{name}: the STAC item is malformed ({type(error).__name__}: {error})"
            yield name, RefusedSceneError(Refusal.UNREADABLE, reason)


def _plainly_before_or_after(item: Mapping[str, Any], window: Window, now: datetime) -> bool:
    """Return whether an item has a readable date outside the window that is no date of the future."""
    properties = item.get("properties")
    text = properties.get("datetime") if isinstance(properties, Mapping) else None
    try:
        day = day_of(str(text))
    except InputError:
        return False
    return window.misses_day(day) and day <= day_of(now)


def _sorted_out(found: Iterable[_Hit], source: str, window: Window) -> Found:
    """Split what was found; items with one id and different content are all refused."""
    scenes: dict[str, SceneRef] = {}
    twice: set[str] = set()
    refused: list[RefusedItem] = []
    for hit in found:
        if isinstance(hit, tuple):
            refused.append(RefusedItem(hit[0], source, hit[1].refusal, str(hit[1])))
        elif window.misses_box(hit.bbox) or window.misses_day(day_of(hit.acquired)):
            continue
        elif hit.id in scenes and scene_hash(scenes[hit.id]) != scene_hash(hit):
            twice.add(hit.id)
        else:
            scenes.setdefault(hit.id, hit)
    reason = "two items of this source have this id and different content; give each its own id"
    refused += [RefusedItem(name, source, Refusal.DUPLICATE, f"{name}: {reason}") for name in sorted(twice)]
    good = sorted((s for s in scenes.values() if s.id not in twice), key=lambda s: (s.acquired, s.id))
    return Found(tuple(good), tuple(sorted(refused, key=lambda r: (r.id, r.reason))))

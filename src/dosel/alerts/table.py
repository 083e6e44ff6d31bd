"""Alerts as rows of the store and as snapshots, both ways exactly.

The table carries each outline twice: ``geometry`` in degrees WGS 84 for other programs, ``shape`` as
WKB in the grid's own CRS, which is what an :class:`Alert` is made from again. Its pixels stand in ``runs``.

A rewind takes alerts back in two moves, so that a run killed between them loses nothing: :func:`rewind`
puts the table where it stood at the checkpoint and sets aside what came later; :func:`settle`, once the
looks are folded again, records as ``SUPERSEDED`` what did not come back.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from dosel.alerts.alert import Alert
from dosel.model.codes import AlertEvent, AlertStatus
from dosel.model.marking import Marking
from dosel.model.provenance import Method, table_hash
from dosel.store.interface import Between, Row, Store

OPEN = (AlertStatus.PROVISIONAL, AlertStatus.CONFIRMED)
"""Alerts that can still change."""

_PLAIN = (
    "id",
    "area_ha",
    "pixels",
    "changed_pixels",
    "window_start",
    "window_end",
    "onset",
    "last_growth",
    "updated",
    "confirmed",
    "ended",
    "evidence",
    "looks",
    "reason",
    "runs",
    "baseline",
)
_OF_OTHERS = (
    "source",
    "external_id",
    "extent",
    "date_meaning",
    "confidence",
    "published",
    "content",
    "details",
)
"""What a partner's alert says; our own has none of it."""
_NOT_HASHED = ("geometry", "shape", "step", "superseded", *_OF_OTHERS)


class Happening(Protocol):
    """What happened to an alert at a look."""

    @property
    def alert_id(self) -> str:
        """Id of the alert."""
        ...

    @property
    def event(self) -> AlertEvent:
        """What happened."""
        ...

    @property
    def day(self) -> int:
        """UTC day number of the look."""
        ...

    @property
    def look_id(self) -> str:
        """Id of the look."""
        ...

    @property
    def detail(self) -> Mapping[str, Any]:
        """JSON-like figures, for example the pixels added."""
        ...


@dataclass(frozen=True, slots=True)
class AlertLook:
    """What one stream of a look lent to an alert."""

    alert_id: str
    look_id: str
    stream: str
    day: int
    pixels: int
    """Valid pixels of the alert in this stream."""
    residual: float | None
    """Their mean standardised residual; None where no pixel was valid."""


def to_rows(alerts: Sequence[Alert], crs: str, step: int) -> list[Row]:
    """Return the rows of alerts whose geometry is in `crs`, as they stood after `step`."""
    outlines = to_degrees([alert.geometry for alert in alerts], crs)
    return [_row(alert, outline, crs, step) for alert, outline in zip(alerts, outlines, strict=True)]


def _row(alert: Alert, outline: BaseGeometry, crs: str, step: int) -> Row:
    row: Row = {name: getattr(alert, name) for name in _PLAIN}
    return row | {
        "status": int(alert.status),
        "geometry": outline,
        "shape": shapely.to_wkb(alert.geometry, byte_order=1),
        "crs": crs,
        "parents": list(alert.parents),
        "streams": list(alert.streams),
        "method_name": alert.method.name,
        "method_version": alert.method.version,
        "method_parameters": alert.method.parameters,
        "marking": int(alert.marking),
        "step": step,
        "superseded": 0,
    }


def from_row(row: Row) -> Alert:
    """Return the alert of a row, exactly as it was stored."""
    return Alert(
        status=AlertStatus(row["status"]),
        geometry=_shape(row["shape"]),
        parents=tuple(row["parents"]),
        streams=tuple(row["streams"]),
        method=Method(row["method_name"], row["method_version"], row["method_parameters"]),
        marking=Marking(row["marking"]),
        **{name: row[name] for name in _PLAIN},
    )


def _shape(wkb: bytes) -> BaseGeometry:
    geometry: BaseGeometry = shapely.from_wkb(wkb)
    return geometry


def to_degrees(geometries: Sequence[BaseGeometry], crs: str) -> list[BaseGeometry]:
    """Return geometries in `crs` as valid MultiPolygons in degrees WGS 84, lon/lat."""
    transformer = _to_wgs84(crs)

    def project(xy: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1], errcheck=True))

    moved = shapely.transform(np.array(geometries, dtype=object), project)
    good = shapely.is_valid(moved)
    return [_polygons(outline, valid) for outline, valid in zip(moved, good, strict=True)]


def _polygons(outline: BaseGeometry, valid: bool) -> BaseGeometry:
    if valid and outline.geom_type == "MultiPolygon":
        return outline
    whole = outline if valid else shapely.make_valid(outline, method="structure")
    return shapely.MultiPolygon([part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"])


@lru_cache(maxsize=8)
def _to_wgs84(crs: str) -> Transformer:
    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)


def store_alerts(store: Store, alerts: Iterable[Alert], crs: str, step: int) -> int:
    """Write alerts that `step` made or changed; return how many. What was sealed stays sealed."""
    rows = to_rows(list(alerts), crs, step)
    sealed = {"id": [row["id"] for row in rows], "marking": int(Marking.SEALED)}
    held = {row["id"] for row in store.select("alerts", sealed, columns=["id"])} if rows else set()
    kept = [row | {"marking": int(Marking.SEALED)} if row["id"] in held else row for row in rows]
    return store.upsert("alerts", kept)


def load_open(store: Store) -> tuple[Alert, ...]:
    """Return the alerts that can still change, by id."""
    rows = store.select("alerts", {"status": [int(s) for s in OPEN], "superseded": 0, "source": ""})
    return tuple(from_row(row) for row in rows)


def store_looks(store: Store, looks: Iterable[AlertLook], step: int) -> int:
    """Write the evidence that the look of `step` lent to alerts; return how many rows."""
    return store.upsert(
        "alert_looks",
        [
            {
                "alert_id": look.alert_id,
                "look_id": look.look_id,
                "stream": look.stream,
                "day": look.day,
                "pixels": look.pixels,
                "residual": look.residual,
                "step": step,
            }
            for look in looks
        ],
    )


def store_events(store: Store, events: Iterable[Happening], step: int) -> int:
    """Append events; one that a replay tells again, word for word, is not told twice. Return how many."""
    rows = [_event_row(event, step) for event in events]
    told = _told(store, sorted({row["alert_id"] for row in rows}))
    fresh = []
    for row in rows:
        if _words(row) not in told.setdefault(row["alert_id"], set()):
            told[row["alert_id"]].add(_words(row))
            fresh.append(row)
    return store.insert("alert_events", fresh)


def _event_row(event: Happening, step: int) -> Row:
    return {
        "alert_id": event.alert_id,
        "event": int(event.event),
        "day": event.day,
        "look_id": event.look_id,
        "step": step,
        "detail": dict(event.detail),
    }


def _words(row: Row) -> str:
    return table_hash([row], ignore=("step", "marking"))


def _told(store: Store, alerts: Sequence[str]) -> dict[str, set[str]]:
    """Return what has been told of alerts since each was last superseded."""
    told: dict[str, set[str]] = {}
    for row in store.select("alert_events", {"alert_id": list(alerts)}):
        if row["event"] == AlertEvent.SUPERSEDED:
            told[row["alert_id"]] = set()
        else:
            told.setdefault(row["alert_id"], set()).add(_words(row))
    return told


def snapshot(alerts: Iterable[Alert]) -> list[dict[str, Any]]:
    """Return alerts as JSON-like values, by id; :func:`restore` is its inverse."""
    return [_snapshot(alert) for alert in sorted(alerts, key=lambda a: a.id)]


def _snapshot(alert: Alert) -> dict[str, Any]:
    values = {name: getattr(alert, name) for name in _PLAIN}
    return values | {
        "status": int(alert.status),
        "runs": base64.b64encode(alert.runs).decode(),
        "shape": base64.b64encode(shapely.to_wkb(alert.geometry, byte_order=1)).decode(),
        "parents": list(alert.parents),
        "streams": list(alert.streams),
        "method": [alert.method.name, alert.method.version, alert.method.parameters],
        "marking": int(alert.marking),
    }


def restore(values: Iterable[Mapping[str, Any]]) -> tuple[Alert, ...]:
    """Return the alerts of a snapshot."""
    return tuple(_restore(value) for value in values)


def _restore(value: Mapping[str, Any]) -> Alert:
    name, version, parameters = value["method"]
    row = {**value, "method_name": name, "method_version": version, "method_parameters": parameters}
    return from_row(row | {key: base64.b64decode(value[key]) for key in ("runs", "shape")})


def rewind(store: Store, alerts: Iterable[Alert], crs: str, step: int) -> int:
    """Put the table where it stood after `step`; return how many alerts are set aside.

    Parameters
    ----------
    alerts
        The alerts of the checkpoint at `step` (all that were open then).
    crs
        CRS of their geometry.
    """
    kept = {alert.id: alert for alert in alerts}
    later = store.select("alerts", {"step": Between(step + 1), "source": ""})
    gone = [
        row | {"status": int(AlertStatus.WITHDRAWN), "superseded": 1, "reason": "superseded by a late look"}
        for row in later
        if row["id"] not in kept and not row["superseded"]
    ]
    store.upsert("alerts", gone)
    store_alerts(store, [kept[row["id"]] for row in later if row["id"] in kept], crs, step)
    store.delete("alert_looks", {"step": Between(step + 1)})
    return len(gone)


def settle(store: Store, day: int, look: str, step: int) -> tuple[str, ...]:
    """Record as superseded what a rewind set aside and what did not come back; return the alerts' ids."""
    aside = [row["id"] for row in store.select("alerts", {"superseded": 1, "source": ""}, columns=["id"])]
    last = {
        row["alert_id"]: row["event"]
        for row in store.select("alert_events", {"alert_id": aside}, columns=["alert_id", "event"])
    }
    ids = tuple(alert for alert in aside if last.get(alert) != AlertEvent.SUPERSEDED)
    event = {"event": int(AlertEvent.SUPERSEDED), "day": day, "look_id": look, "step": step, "detail": {}}
    store.insert("alert_events", [{"alert_id": alert, **event} for alert in ids])
    return ids


def alerts_hash(store: Store) -> str:
    """Return the canonical hash of the alerts that follow from the looks: superseded ones are left out."""
    rows = store.select("alerts", {"superseded": 0, "source": ""})
    return table_hash(({**row, "runs": row["runs"].hex()} for row in rows), ignore=_NOT_HASHED)

"""The one gate: decide by marking and by the rights of the inputs, and record what left.

The policy of this version is small and honest: the operator of a centre may write what is not sealed
into a file on this machine. Everything else is refused. Three rules stand above any policy:

- what is sealed never leaves, and the receiver cannot tell it from what is not there;
- what rests on a source of unknown licence or origin does not leave;
- nothing leaves without an entry in ``releases``, which only grows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from dosel.errors import ReleaseError
from dosel.model.codes import LookStatus
from dosel.model.marking import Marking, strictest
from dosel.model.provenance import content_id, table_hash
from dosel.model.time import iso_day, iso_instant
from dosel.store.interface import Between, Not, Row, Store

UNKNOWN: Final = ("", "")
"""Origin and licence of what nobody can tell where it comes from."""

_LOOK: Final = ("id", "sensor", "geometry", "scenes")

_GATE: Final = object()
"""What :func:`release` alone puts into a :class:`Released`."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where something goes."""

    kind: str
    """``file``: a file on this machine; ``desk``: paper that stays in the centre."""
    name: str
    """For a file or paper, its path."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Who decided what may go where, by version."""

    name: str
    version: str
    ceiling: Mapping[str, Marking]
    """The strictest marking that may go to each kind of destination; a kind that is absent is refused."""


LOCAL_POLICY: Final = Policy(
    "operator-local-file", "2", MappingProxyType({"file": Marking.RESTRICTED, "desk": Marking.RESTRICTED})
)
"""The operator's own exports to this machine, and what is printed for the desk of the centre."""

DESK: Final = "desk"
"""Paper that stays in the centre: recorded like everything, but it needs no right to hand inputs on."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What an alert rests on."""

    looks: tuple[str, ...]
    """Ids of the looks that lent evidence."""
    scenes: tuple[str, ...]
    """``collection/id`` of their scenes."""
    contents: tuple[str, ...]
    """Content hashes of these scenes, in their order."""
    sources: tuple[tuple[str, str], ...]
    """(origin, licence) of their sources, of those of the history they are compared with, and of the map of
    what is watched."""
    marking: Marking
    """The strictest of its scenes."""
    verdict: str = ""
    """The last person's judgement and its day; empty where nobody has judged."""


@dataclass(frozen=True, slots=True)
class Released:
    """Rows that may leave; only :func:`release` makes one."""

    id: str
    subject: str
    rows: tuple[Row, ...]
    """With the marking that their inputs leave them."""
    origins: Mapping[str, Origin]
    """By id of the row."""
    parameters: Mapping[str, str]
    """JSON of the parameters by id of the row; empty where they may not go with a row of its marking."""
    to: Destination
    instant: str
    policy: Policy
    gate: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.gate is not _GATE:
            raise ReleaseError("expected rows from share.release(), got rows that went past it")


def release(
    store: Store,
    rows: Sequence[Row],
    *,
    to: Destination,
    actor: str,
    purpose: str,
    policy: Policy = LOCAL_POLICY,
    now: datetime | None = None,
) -> Released:
    """Decide which alerts may leave, record it, and return them.

    Parameters
    ----------
    rows
        Rows of the table ``alerts``.
    actor, purpose
        Who lets it out, and what for.
    now
        The present, for tests.

    Raises
    ------
    ReleaseError
        If the destination is not allowed, nobody or no purpose is named, or the licence or origin of what
        contributed is unknown. Nothing is recorded then, and nothing leaves.
    """
    ceiling = _ceiling(policy, to)
    _named(actor, purpose)
    if any("marking" not in row or "id" not in row for row in rows):
        raise ReleaseError("alerts: expected an id and a marking on every row; a row without one stays here")
    with store.transaction():
        origins = trace(store, [row["id"] for row in rows])
        marked = _mark(store, rows, origins)
        free = [row for row in marked if row["marking"] <= ceiling]
        if to.kind != DESK:
            _check_rights(free, origins)
        parameters = _parameters(store, free)
        instant = iso_instant(now or datetime.now(UTC))
        entry = _entry(free, marked, instant) | {
            "actor": actor,
            "purpose": purpose,
            "kind": to.kind,
            "destination": to.name,
            "policy": policy.name,
            "policy_version": policy.version,
        }
        entry["id"] = content_id("release", len(store.select("releases", columns=["id"])), entry)
        store.insert("releases", [entry])
    kept = {row["id"]: origins[row["id"]] for row in free}
    frozen = MappingProxyType(kept), MappingProxyType(parameters)
    return Released(entry["id"], "alerts", tuple(free), *frozen, to, instant, policy, _GATE)


def visible(store: Store, rows: Sequence[Row], ceiling: Marking = Marking.RESTRICTED) -> list[Row]:
    """Return the rows that may be shown up to a ceiling, with the marking that their inputs leave them.

    What is sealed is never among them: nobody can tell who looks at a screen.
    """
    origins = trace(store, [row["id"] for row in rows])
    most = min(ceiling, Marking.RESTRICTED)
    return [row for row in _mark(store, rows, origins) if row["marking"] <= most]


def trace(store: Store, alerts: Sequence[str]) -> dict[str, Origin]:
    """Return what each alert rests on: the evidence kept in ``alert_looks``, or the feed that reports it."""
    looks: dict[str, set[str]] = {alert: set() for alert in alerts}
    lent = {"alert_id": list(looks), "pixels": Between(1)}
    for row in store.select("alert_looks", lent, columns=["alert_id", "look_id"]):
        looks[row["alert_id"]].add(row["look_id"])
    made = sorted({look for group in looks.values() for look in group})
    origins = _look_origins(store, made)
    verdicts = {
        row["alert_id"]: f"{row['verdict']} ({iso_day(row['day'])})"
        for row in store.select("verdicts", {"alert_id": list(looks)})
    }
    layers, reported = _layers(store), _reported(store, list(looks))
    return {
        alert: _of_feed(reported[alert], verdicts.get(alert, ""))
        if alert in reported
        else _together(group, origins, layers, verdicts.get(alert, ""))
        for alert, group in looks.items()
    }


def _reported(store: Store, alerts: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return origin and licence of the feed of each alert that others report."""
    rows = store.select("alerts", {"id": alerts, "source": Not("")}, columns=["id", "source"])
    terms = {row["id"]: (row["origin"], row["licence"]) for row in store.select("sources")} if rows else {}
    return {row["id"]: terms.get(f"feed:{row['source']}", UNKNOWN) for row in rows}


def _of_feed(terms: tuple[str, str], verdict: str) -> Origin:
    return Origin((), (), (), (terms,), Marking.PUBLIC, verdict)


def _layers(store: Store) -> set[tuple[str, str]]:
    """Return origin and licence of the maps that decide where alerts can be."""
    rows = store.select("meta", {"key": "layers"})
    return {(origin, licence) for row in rows for origin, licence in json.loads(row["value"])}


def _look_origins(store: Store, made: Sequence[str]) -> dict[str, Origin]:
    """Return what each look rests on: its scenes, and those of its feed's history."""
    terms = {row["id"]: (row["origin"], row["licence"]) for row in store.select("sources")}
    past = store.select("looks", {"status": int(LookStatus.HISTORY)}, columns=_LOOK)
    looks = store.select("looks", {"id": made}, columns=_LOOK)
    scenes = _scenes(store, [*past, *looks])
    history: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for row in past:
        history.setdefault((row["sensor"], row["geometry"]), set()).update(_terms(scenes[row["id"]], terms))
    return {
        row["id"]: Origin(
            (row["id"],),
            tuple(f"{scene['collection']}/{scene['id']}" for scene in scenes[row["id"]]),
            tuple(scene["content"] for scene in scenes[row["id"]]),
            tuple(_terms(scenes[row["id"]], terms) | history.get((row["sensor"], row["geometry"]), set())),
            max((Marking(scene["marking"]) for scene in scenes[row["id"]]), default=Marking.PUBLIC),
        )
        for row in looks
    }


def _scenes(store: Store, looks: Iterable[Row]) -> dict[str, list[Row]]:
    """Return the recorded scenes of each look; a look with one that is not recorded has none."""
    wanted = {look["id"]: [(collection, name) for collection, name, *_ in look["scenes"]] for look in looks}
    names = sorted({name for group in wanted.values() for _, name in group})
    rows = store.select("scenes", {"id": names}, columns=["collection", "id", "content", "source", "marking"])
    known = {(row["collection"], row["id"]): row for row in rows}
    return {
        look: [known[key] for key in group] if all(key in known for key in group) else []
        for look, group in wanted.items()
    }


def _terms(scenes: Iterable[Row], terms: Mapping[str, tuple[str, str]]) -> set[tuple[str, str]]:
    return {terms.get(scene["source"], UNKNOWN) for scene in scenes} or {UNKNOWN}


def _together(
    looks: Iterable[str], origins: Mapping[str, Origin], layers: set[tuple[str, str]], verdict: str
) -> Origin:
    made = tuple(sorted(looks))
    nowhere = Origin((), (), (), (UNKNOWN,), Marking.PUBLIC)
    parts = [origins.get(look, nowhere) for look in made] or [nowhere]
    pairs = (pair for part in parts for pair in zip(part.scenes, part.contents, strict=True))
    scenes = dict(sorted(pairs))
    return Origin(
        made,
        tuple(scenes),
        tuple(scenes.values()),
        tuple(sorted(layers.union(*(part.sources for part in parts)))),
        max(part.marking for part in parts),
        verdict,
    )


def _mark(store: Store, rows: Sequence[Row], origins: Mapping[str, Origin]) -> list[Row]:
    """Return rows with the strictest marking of the row given, of the row stored and of its scenes."""
    stored = store.select("alerts", {"id": [row["id"] for row in rows]}, columns=["id", "marking"])
    known = {row["id"]: row["marking"] for row in stored}
    return [
        row | {"marking": int(max(row["marking"], known.get(row["id"], 0), origins[row["id"]].marking))}
        for row in rows
    ]


def _parameters(store: Store, rows: Sequence[Row]) -> dict[str, str]:
    """Return the parameters that made each row, where their own marking lets them go with it."""
    hashes = sorted({row["method_parameters"] for row in rows if row["method_parameters"]})
    known = {row["hash"]: row for row in store.select("methods", {"hash": hashes})}
    texts = {key: json.dumps(row["parameters"], sort_keys=True) for key, row in known.items()}
    return {
        row["id"]: texts[key] if key in known and known[key]["marking"] <= row["marking"] else ""
        for row in rows
        for key in [row["method_parameters"]]
    }


def _check_rights(rows: Iterable[Row], origins: Mapping[str, Origin]) -> None:
    unknown = [
        row["id"]
        for row in rows
        if any(not origin.strip() or not licence.strip() for origin, licence in origins[row["id"]].sources)
    ]
    if unknown:
        raise ReleaseError(
            f"{len(unknown)} alerts (the first: {unknown[0]}) rest on a source or a map whose licence or"
            " origin is unknown; state both for every [[source]], every [[feed]] and the map of [mask] in"
            " dosel.toml, then run dosel watch (for a feed, dosel import)"
        )


def _ceiling(policy: Policy, to: Destination) -> Marking:
    if to.kind not in policy.ceiling:
        raise ReleaseError(f"policy {policy.name} {policy.version} lets nothing out to {to.kind!r}")
    if _elsewhere(to.name):
        raise ReleaseError(f"policy {policy.name} {policy.version}: {to.name!r} is no file on this machine")
    return min(policy.ceiling[to.kind], Marking.RESTRICTED)


def _elsewhere(name: str) -> bool:
    return "://" in name or name.startswith(("/vsi", "\\\\", "//")) or not name.strip()


def _named(actor: str, purpose: str) -> None:
    if not actor.strip() or not purpose.strip():
        raise ReleaseError("expected who lets it out and what for; name both")


def _entry(free: Sequence[Row], marked: Sequence[Row], instant: str) -> Row:
    released = {row["id"] for row in free}
    return {
        "instant": instant,
        "subject": "alerts",
        "ids": sorted(released),
        "withheld": sorted(row["id"] for row in marked if row["id"] not in released),
        "content": table_hash(free, ignore=("geometry",)),
        "marking": int(strictest([Marking.RESTRICTED, *(Marking(row["marking"]) for row in marked)])),
    }

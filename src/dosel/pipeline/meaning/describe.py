"""``dosel describe``: facts for every alert whose basis changed, and what further steps make of them.

The basis of an alert is the hash of what its facts rest on: the alert itself, what was there before it, the
versions of the layers, and the versions of the steps. An alert whose basis stands is left alone. Alerts are
described in batches by id, each in one transaction, so that a run that is killed loses one batch at most and
the next one carries on; the facts are the same however often it was stopped.

A further step (the cause of an alert, for example) is a :class:`Step` in :data:`STEPS`: it gets a batch with
its facts and gives back rows of its own tables, which are kept in the same transaction.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from dosel.context.facts import Fact, Relation
from dosel.context.layer import Completeness, Layer, Theme
from dosel.context.overlay import LayerIndex, asked, overlay, prepare_all
from dosel.context.overlay.past import Past, past_of
from dosel.context.sealing import sealed_by
from dosel.context.subject import Subject
from dosel.model.marking import Marking, strictest
from dosel.model.provenance import digest
from dosel.pipeline.feeds.incidents import refresh_incidents
from dosel.pipeline.meaning.causes import Causes
from dosel.pipeline.meaning.places_sealed import seal_places
from dosel.pipeline.meaning.subjects import Known, standing
from dosel.pipeline.progress import Progress, Silent
from dosel.pipeline.reference.layers import load_layers
from dosel.stack.elevation import elevation_version, mean_slopes
from dosel.store.interface import Row, Store

RULES: Final = "facts 1"
"""Name and version of the rules by which facts are measured; another one describes every alert again."""
SLOPE: Final = "slope"
"""Name under which the slope stands among the facts."""
BATCH: Final = 2000
"""Alerts of one transaction."""
_COLUMNS: Final = tuple(one.name for one in fields(Fact))


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Alerts with their facts, for further steps; everything is by id of the alert."""

    store: Store
    subjects: tuple[Subject, ...]
    marking: Mapping[str, Marking]
    """Of each alert, its sealing included."""
    facts: Mapping[str, tuple[Fact, ...]]
    layers: tuple[Layer, ...]


class Step(Protocol):
    """What is made of the facts of a batch; see :data:`STEPS`."""

    @property
    def basis(self) -> str:
        """Name, version and parameters: another one describes every alert again."""
        ...

    @property
    def tables(self) -> tuple[str, ...]:
        """Its tables, which have a column ``alert_id``; what they hold of a batch is replaced."""
        ...

    def rows(self, batch: Batch) -> Mapping[str, Sequence[Row]]:
        """Return the rows of its tables, each with the marking of its alert."""
        ...


STEPS: Final[tuple[Step, ...]] = (Causes(),)
"""Further steps, in their order."""


@dataclass(frozen=True, slots=True)
class Description:
    """What a run described, or would describe."""

    alerts: int
    """Alerts that stand."""
    described: int
    """Those whose basis changed."""
    removed: int
    """Those that no longer stand, whose facts were removed."""
    sealed: int
    """Those that were sealed in this run."""
    facts: int
    """Rows written."""
    layers: tuple[tuple[str, str, str], ...]
    """Name, version and completeness of each layer."""


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """What all batches have in common."""

    store: Store
    layers: tuple[Layer, ...]
    indexes: tuple[LayerIndex, ...]
    past: Mapping[str, Past]
    steps: Sequence[Step]
    elevation: Path | None
    rules: str
    """Hash of the versions of layers, rules, steps and heights."""


def describe(
    store: Store,
    *,
    again: bool = False,
    dry_run: bool = False,
    elevation: Path | None = None,
    steps: Sequence[Step] = STEPS,
    batch: int = BATCH,
    progress: Progress | None = None,
) -> Description:
    """Measure the facts of every alert whose basis changed.

    Parameters
    ----------
    again
        Describe every alert, whatever its basis.
    elevation
        Raster of heights in metres, for the slope.
    steps
        What is made of the facts, in the same transactions.
    batch
        Alerts of one transaction.

    Raises
    ------
    InputError
        If an alert or a unit lies across the antimeridian, or the heights cannot be used.
    """
    bar = progress or Silent()
    known, versions = standing(store), _versions(store)
    by_id = _pasts(store, known)
    heights = elevation_version(elevation) if elevation else ""
    rules = digest([RULES, versions, heights, [step.basis for step in steps]])
    job = _Job(store, (), (), by_id, steps, elevation, rules)
    stored = {row["alert_id"]: row["basis"] for row in store.select("described")}
    pending = [one for one in known if again or stored.get(one.subject.id) != _basis(job, one, one.marking)]
    gone = sorted(stored.keys() - by_id.keys())
    sealed, written = (0, 0) if dry_run else _run(job, pending, gone, batch, bar)
    if not dry_run:
        with store.transaction():
            seal_places(store)
            refresh_incidents(store)
            seal_places(store)
    return Description(len(known), len(pending), len(gone), sealed, written, versions)


def _pasts(store: Store, known: Sequence[Known]) -> dict[str, Past]:
    """Return what was there before each alert, among those that may be shown; of a sealed one nothing."""
    places = np.empty(len(known), object)
    places[:] = [one.subject.geometry for one in known]
    held = sealed_by(load_layers(store, themes=(Theme.ISOLATION,)), places).sealed.tolist()
    shown = [
        one.subject
        for one, seal in zip(known, held, strict=True)
        if not seal and one.marking < Marking.SEALED
    ]
    found = {subject.id: past for subject, past in zip(shown, past_of(shown), strict=True)}
    return {one.subject.id: found.get(one.subject.id, Past()) for one in known}


def _versions(store: Store) -> tuple[tuple[str, str, str], ...]:
    columns = ("name", "version", "completeness")
    rows = store.select("layers", {"current": 1}, columns=columns)
    return tuple((row["name"], row["version"], row["completeness"]) for row in rows)


def _basis(job: _Job, one: Known, marking: Marking) -> str:
    return digest([one.content, int(marking), repr(job.past[one.subject.id]), job.rules])


def _run(job: _Job, pending: list[Known], gone: list[str], size: int, bar: Progress) -> tuple[int, int]:
    """Describe what is pending; return how many alerts were sealed and how many facts written."""
    if gone:
        with job.store.transaction():
            _clear(job, [*gone])
            job.store.delete("described", {"alert_id": gone})
    if not pending:
        return 0, 0
    layers = load_layers(job.store)
    ready = replace(job, layers=layers, indexes=prepare_all(layers))
    sealed = written = 0
    bar.start("facts", len(pending))
    for start in range(0, len(pending), size):
        group = pending[start : start + size]
        measured = _measured(ready, group)
        sealed += _write(ready, group, measured)
        written += sum(map(len, measured.facts.values()))
        bar.advance(len(group))
    return sealed, written


def _measured(job: _Job, group: Sequence[Known]) -> Batch:
    """Return the facts of alerts and what they are marked with."""
    subjects = tuple(one.subject for one in group)
    ids = [subject.id for subject in subjects]
    table = overlay(asked(subjects), job.indexes)
    facts: dict[str, list[Fact]] = {one: job.past[one].facts(one) for one in ids}
    for fact in table.facts(ids, job.layers):
        facts[fact.alert_id].append(fact)
    if job.elevation is not None:
        for fact in _slopes(job.elevation, subjects):
            facts[fact.alert_id].append(fact)
    places = np.array([subject.geometry for subject in subjects], object)
    sealed = sealed_by(job.layers, places).sealed
    marking = {
        one.subject.id: Marking.SEALED if seal else one.marking
        for one, seal in zip(group, sealed, strict=True)
    }
    return Batch(job.store, subjects, marking, {one: tuple(said) for one, said in facts.items()}, job.layers)


def _slopes(elevation: Path, subjects: Sequence[Subject]) -> Iterator[Fact]:
    """Yield the mean slope under each alert, or that the model says nothing there."""
    version = elevation_version(elevation)
    slopes = mean_slopes(elevation, [subject.geometry for subject in subjects]).tolist()
    for subject, slope in zip(subjects, slopes, strict=True):
        if math.isnan(slope):
            yield Fact(subject.id, SLOPE, version, Relation.NOT_EVALUATED)
        else:
            yield Fact(subject.id, SLOPE, version, Relation.VALUE, 0, "degrees", value=round(slope, 3))


def _write(job: _Job, group: Sequence[Known], batch: Batch) -> int:
    """Put a batch in the place of what was known of its alerts; return how many were sealed."""
    newly = [one.subject.id for one in group if batch.marking[one.subject.id] > one.marking]
    made = [step.rows(batch) for step in job.steps]
    basis = [
        {"alert_id": one.subject.id, "basis": _basis(job, one, batch.marking[one.subject.id])}
        for one in group
    ]
    with job.store.transaction():
        _clear(job, list(batch.facts))
        _seal(job.store, newly)
        job.store.insert("facts", _fact_rows(batch))
        for tables in made:
            for table, rows in tables.items():
                job.store.insert(table, rows)
        job.store.upsert("described", basis)
    return len(newly)


def _clear(job: _Job, alerts: list[str]) -> None:
    """Remove facts of alerts, and what steps made of them."""
    for table in ("facts", *(name for step in job.steps for name in step.tables)):
        job.store.delete(table, {"alert_id": alerts})


def _seal(store: Store, alerts: list[str]) -> None:
    """Seal alerts that lie in a reserve of peoples in isolation, or in its margin."""
    rows = store.select("alerts", {"id": alerts}) if alerts else []
    store.upsert("alerts", [row | {"marking": int(Marking.SEALED)} for row in rows])


def _fact_rows(batch: Batch) -> Iterator[Row]:
    """Yield rows, each with the strictest marking of its alert and its layer.

    That a layer is missing says nothing of what it holds.
    """
    layers = {
        one.name: one.sensitivity for one in batch.layers if one.completeness is not Completeness.MISSING
    }
    for alert, facts in batch.facts.items():
        marking = batch.marking[alert]
        for fact in facts:
            mark = strictest([marking, layers.get(fact.layer, marking)])
            yield fact_row(fact) | {"marking": int(mark)}


def fact_row(fact: Fact) -> Row:
    """Return a fact as columns of the table ``facts``, without a marking."""
    row = {name: getattr(fact, name) for name in _COLUMNS}
    force = row["in_force"]
    return row | {"relation": fact.relation.value, "in_force": None if force is None else int(force)}

"""Parameter rows of the streams a centre watches: derived from history where there is one.

Without enough history a stream is compared with the undisturbed forest around: its row rests on the sensor
table alone, its level comes with every pass (:func:`dosel.monitor.offset.pass_level`), and its alerts say so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from math import hypot

import numpy as np
from numpy.typing import NDArray

from dosel.catalog.scene import Look
from dosel.catalog.sensors import Sensor, StreamSpec
from dosel.model.codes import NODATA
from dosel.monitor.derive import Looks, derive_stream, prior_row, split_history
from dosel.monitor.evidence import StreamModel, shape
from dosel.pipeline.centre import Centre

MIXED_SHARE = 5.0
"""A pixel that is partly cleared has a shift of its own: no spread is below shift / 5."""
ASSUMED_NEIGHBOURS = 0.1
"""Residual correlation of neighbours in unfiltered radar up to 20 m, where no history tells it."""
MOST_NEIGHBOURS = 0.3
"""A window is used where its pixels are correlated less than this: beyond, it blurs more than it tells."""
ASSUMED_BANDS = 0.5
"""Correlation of the bands of a look where no history tells it: they see the same ground and weather."""


@dataclass(frozen=True, slots=True)
class Streams:
    """The streams of one sensor in one geometry."""

    sensor: Sensor
    geometry: str
    models: tuple[StreamModel, ...]
    kind: str
    """``history`` or ``surroundings``."""
    correlation: float = ASSUMED_BANDS
    """Of the evidence of the bands of a look; without meaning for a single band."""

    @property
    def key(self) -> str:
        """Sensor and geometry, as stored."""
        return f"{self.sensor.name}/{self.geometry}"

    @property
    def weather(self) -> str:
        """Group of streams whose near looks see the same weather."""
        return self.sensor.weather

    @property
    def names(self) -> tuple[str, ...]:
        """Full names of the streams."""
        return tuple(model.stream for model in self.models)


def load_streams(centre: Centre, sensor: Sensor, geometry: str) -> Streams | None:
    """Return the rows that are in force, or None before they were learnt."""
    rows = centre.store.select("meta", {"key": _key(sensor, geometry)})
    if not rows:
        return None
    data = json.loads(rows[0]["value"])
    models = tuple(
        StreamModel(**{**m, "knots": tuple(m["knots"]), "slopes": tuple(m["slopes"])}) for m in data["models"]
    )
    return Streams(sensor, geometry, models, data["kind"], data["correlation"])


def all_streams(centre: Centre) -> tuple[Streams, ...]:
    """Return the rows of every sensor and geometry that were learnt, by their key."""
    found = []
    for row in centre.store.select("meta", order_by=("key",)):
        word, _, key = row["key"].partition(":")
        if word == "streams":
            name, geometry = key.rsplit("/", 1)
            streams = load_streams(centre, centre.sensor(name), geometry)
            found += [streams] if streams else []
    return tuple(found)


def streams_of(centre: Centre, looks: Iterable[Look]) -> dict[tuple[str, str], Streams]:
    """Return the rows in force for these looks, by sensor and geometry; none for what was not learnt."""
    pairs = sorted({(look.sensor, look.geometry) for look in looks})
    rows = {pair: load_streams(centre, centre.sensor(pair[0]), pair[1]) for pair in pairs}
    return {pair: streams for pair, streams in rows.items() if streams is not None}


def store_streams(centre: Centre, streams: Streams) -> None:
    """Write the rows, within the transaction of the caller."""
    data = {"kind": streams.kind, "correlation": streams.correlation}
    value = json.dumps(data | {"models": [asdict(m) for m in streams.models]}, sort_keys=True)
    centre.store.upsert("meta", [{"key": _key(streams.sensor, streams.geometry), "value": value}])
    for model in streams.models:
        method = model.method()
        centre.store.upsert(
            "methods",
            [
                {
                    "hash": method.parameters,
                    "name": method.name,
                    "version": method.version,
                    "parameters": asdict(model),
                }
            ],
        )


def surrounding_streams(sensor: Sensor, geometry: str) -> Streams:
    """Return rows that rest on the sensor table alone."""
    models = tuple(_finished(sensor, _prior(spec, geometry)) for spec in sensor.streams)
    return Streams(sensor, geometry, models, "surroundings")


def derived_streams(sensor: Sensor, geometry: str, days: Sequence[int], sample: NDArray[np.int16]) -> Streams:
    """Return rows derived from lattice histories: `sample` is (look, stream, point) in quanta, by day."""
    models = []
    start = days[-1] + 1
    for number, spec in enumerate(sensor.streams):
        prior = _prior(spec, geometry)
        series = _series(sample[:, number, :], np.asarray(days, np.int64), spec.quantum)
        if series.value.size:
            level = float(np.median(series.value))
            prior = replace(prior, level=level)
            ends = split_history(series.points, start)
            prior = derive_stream(series, *ends, prior).model
        models.append(_finished(sensor, prior))
    return Streams(sensor, geometry, tuple(models), "history")


def correlated(streams: Streams, neighbours: Sequence[float | None], bands: float | None) -> Streams:
    """Return rows with the correlations that their history shows; None leaves what was assumed."""
    models = tuple(
        model if found is None else windowed(model, found)
        for model, found in zip(streams.models, neighbours, strict=True)
    )
    return replace(streams, models=models, correlation=streams.correlation if bands is None else bands)


def _prior(spec: StreamSpec, geometry: str) -> StreamModel:
    name = f"{spec.name}/{geometry}"
    prior = (0.0, spec.spread, spec.shift, spec.extra)
    return prior_row(name, spec.unit, spec.quantum, spec.direction, *prior)


def _finished(sensor: Sensor, model: StreamModel) -> StreamModel:
    """Apply the mixed-pixel floor to the spread, and the neighbours' window that is assumed."""
    model = with_mixed_pixels(model)
    if sensor.name.startswith("sentinel-1-rtc") and sensor.resolution_m <= 20:
        return windowed(model, ASSUMED_NEIGHBOURS)
    return model


def with_mixed_pixels(model: StreamModel) -> StreamModel:
    """Return the row with a spread that bears pixels that are partly cleared."""
    least = model.shift / MIXED_SHARE
    spread, sd = hypot(model.spread, least), hypot(model.sd, least)
    hinges = shape(sd, model.nu, model.shift, model.extra)
    return replace(model, spread=spread, sd=sd, floor=hinges.floor, knots=hinges.knots, slopes=hinges.slopes)


def windowed(model: StreamModel, correlation: float) -> StreamModel:
    """Return the row with a 3 x 3 window where its neighbours tell something of their own, else without."""
    if correlation >= MOST_NEIGHBOURS:
        return replace(model, radius_px=0, neighbour_correlation=0.0)
    return replace(model, radius_px=1, neighbour_weight=1.0, neighbour_correlation=correlation)


def _series(sample: NDArray[np.int16], days: NDArray[np.int64], quantum: float) -> Looks:
    by_point = sample.T
    point, look = np.nonzero(by_point != NODATA)
    value = by_point[point, look].astype(float) * quantum
    return Looks(value, days[look], point.astype(np.int64), by_point.shape[0])


def _key(sensor: Sensor, geometry: str) -> str:
    return f"streams:{sensor.name}/{geometry}"

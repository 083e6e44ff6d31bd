"""Settings that are right one by one and do not go together; each with the key of its sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from dosel.catalog.sensors import sensor
from dosel.config import Settings
from dosel.model.time import date_of, day_of

Contradiction = tuple[str, Mapping[str, object]]


def contradictions(settings: Settings) -> Iterator[Contradiction]:
    """Yield the key of a sentence and its values for each."""
    yield from _of_the_watch(settings)
    used = {source.sensor for source in settings.source}
    for name in (one.name for one in settings.sensor):
        if name not in used:
            yield "doctor.settings.unused", {"sensor": name}
    for source in settings.source:
        row = sensor(source.sensor, settings.sensor)
        if row.resolution_m > 3 * settings.area.resolution_m:
            grid = settings.area.resolution_m
            yield "doctor.settings.coarse", {"source": source.name, "own": row.resolution_m, "grid": grid}
        looks = settings.monitor.history_days / row.revisit_days
        if looks < settings.monitor.min_history_looks:
            least = settings.monitor.min_history_looks
            yield "doctor.settings.history", {"source": source.name, "looks": int(looks), "least": least}


def _of_the_watch(settings: Settings) -> Iterator[Contradiction]:
    monitor, keep = settings.monitor, settings.retain.looks_days
    if not settings.source:
        yield "status.no_source", {}
    if day_of(monitor.start) > day_of(datetime.now(UTC)):
        yield "doctor.settings.future", {"start": date_of(day_of(monitor.start))}
    if keep < monitor.late_days + monitor.checkpoint_days:
        least = monitor.late_days + monitor.checkpoint_days
        yield "doctor.settings.retain", {"keep": keep, "least": least}
    mask = settings.mask
    if mask.kind == "map" and not (mask.origin.strip() and mask.licence.strip()):
        yield "doctor.settings.map", {}
    pixel_ha = settings.area.resolution_m**2 / 1e4
    if settings.alerts.min_area_ha < pixel_ha:
        yield "doctor.settings.pixel", {"area": settings.alerts.min_area_ha, "pixel": f"{pixel_ha:g}"}

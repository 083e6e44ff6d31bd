"""Settings that the state is a function of: once a look is folded they stay as they are (design/001)."""

from __future__ import annotations

import json
from typing import Any, Final

from dosel.catalog.sensors import stream_names
from dosel.config import SETTINGS_FILE
from dosel.errors import InputMistakesError
from dosel.model.codes import LookStatus
from dosel.pipeline.centre import Centre
from dosel.pipeline.order import NOWHERE, newest_look

_PINNED: Final = "settings"
_PLANES: Final = "planes"
_FREE: Final = frozenset({"revisit_days"})
"""Fields of a declared sensor that no number depends on."""


def pin_settings(centre: Centre) -> None:
    """Keep the settings that make the numbers, or refuse them if they are not those of the looks folded.

    Raises
    ------
    InputMistakesError
        Naming each setting that was changed, what it was, and how to mend it.
    """
    now, rows = _numbers(centre), centre.store.select("meta", {"key": _PINNED})
    known: dict[str, Any] = json.loads(rows[0]["value"]) if rows and _has_folded(centre) else {}
    changed = [_sentence(name, known[name], now.get(name)) for name in sorted(known) if name in now]
    mistakes = [sentence for sentence in changed if sentence]
    if mistakes:
        raise InputMistakesError(str(centre.root / SETTINGS_FILE), mistakes)
    kept = json.dumps(now | known, sort_keys=True)
    if not rows or rows[0]["value"] != kept:
        with centre.store.transaction():
            centre.store.upsert("meta", [{"key": _PINNED, "value": kept}])


def planes_of(centre: Centre) -> dict[str, int]:
    """Return the plane of every stream in the states' memory; a stream that comes later gets a later one."""
    known = known_planes(centre)
    planes = dict(known)
    for source in centre.settings.source:
        row = centre.sensor(source.sensor)
        for geometry in row.geometries:
            for stream in stream_names(row, geometry):
                planes.setdefault(stream, len(planes))
    if planes != known:
        with centre.store.transaction():
            centre.store.upsert("meta", [{"key": _PLANES, "value": json.dumps(planes)}])
    return planes


def known_planes(centre: Centre) -> dict[str, int]:
    """Return the plane of every stream that states hold."""
    rows = centre.store.select("meta", {"key": _PLANES})
    planes: dict[str, int] = json.loads(rows[0]["value"]) if rows and _has_folded(centre) else {}
    return planes


def _has_folded(centre: Centre) -> bool:
    return newest_look(centre.store, LookStatus.USED, LookStatus.SET_BACK) != NOWHERE


def _numbers(centre: Centre) -> dict[str, Any]:
    """Return the settings that states and alerts follow from, by their place in the file."""
    settings = centre.settings
    parts = {"alerts": settings.alerts, "mask": settings.mask}
    parts |= {f"sensor.{sensor.name}": sensor for sensor in settings.sensor}
    numbers: dict[str, Any] = {"monitor.start": settings.monitor.start.isoformat()}
    for place, part in parts.items():
        values = part.model_dump(mode="json")
        numbers |= {f"{place}.{name}": value for name, value in values.items() if name not in _FREE}
    return numbers


def _sentence(name: str, was: Any, is_now: Any) -> str:
    if was == is_now:
        return ""
    return (
        f"{name}: was {was!r} when looks were folded, is {is_now!r} now; states and alerts follow from it: "
        "put it back, or make a new centre with `dosel init` and watch from the start"
    )

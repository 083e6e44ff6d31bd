"""Settings that the state is a function of: once something rests on them they stay (design/001).

Baselines rest on the start of the watch, the mask and the sensor's own row from the first look that is learnt
from; alerts on their rules from the first look that is folded. The row of a declared sensor is kept, so that
a source can be taken out of the settings with its ``[[sensor]]``.
"""

from __future__ import annotations

import json
from collections.abc import Set
from typing import Any, Final

from dosel.catalog.sensors import stream_names
from dosel.config import SETTINGS_FILE
from dosel.errors import InputMistakesError
from dosel.model.codes import LookStatus
from dosel.pipeline.centre import SENSORS_KEPT, Centre
from dosel.pipeline.spine.order import has_folded

_PINNED: Final = "settings"
_PLANES: Final = "planes"
_FREE: Final = frozenset({"revisit_days", "origin", "licence"})
"""Fields of a declared sensor or of the mask that no number depends on."""
_LEARNT_FROM: Final = (LookStatus.HISTORY, LookStatus.USED, LookStatus.SET_BACK)


def check_settings(centre: Centre) -> None:
    """Refuse settings that are not those which stored numbers rest on.

    Raises
    ------
    InputMistakesError
        Naming each setting that was changed, what it was, and how to mend it.
    """
    now, kept = _numbers(centre), _kept(centre, _sensors_used(centre))
    changed = [_sentence(name, was, now[name]) for name, was in sorted(kept.items()) if name in now]
    mistakes = [sentence for sentence in changed if sentence]
    if mistakes:
        raise InputMistakesError(str(centre.root / SETTINGS_FILE), mistakes)


def pin_settings(centre: Centre) -> None:
    """Keep the settings that make the numbers, or refuse them; see :func:`check_settings`.

    What was learnt without a look under other settings is forgotten: it will be learnt again.
    """
    check_settings(centre)
    used, now, before = _sensors_used(centre), _numbers(centre), _stored(centre, _PINNED)
    declared = {row.name: row.model_dump(mode="json") for row in centre.settings.sensor}
    rows = {name: row for name, row in _stored(centre, SENSORS_KEPT).items() if name in used}
    kept = {_PINNED: now | _kept(centre, used), SENSORS_KEPT: rows | declared}
    values = {key: json.dumps(value, sort_keys=True) for key, value in kept.items()}
    known = centre.meta()
    changed = [{"key": key, "value": value} for key, value in values.items() if known.get(key) != value]
    if not changed:
        return
    with centre.store.transaction():
        centre.store.upsert("meta", changed)
        if any(name in now and now[name] != was for name, was in before.items() if not _is_rule(name)):
            _forget(centre, used)


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
    planes: dict[str, int] = json.loads(rows[0]["value"]) if rows and has_folded(centre.store) else {}
    return planes


def _stored(centre: Centre, key: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(centre.meta().get(key, "{}"))
    return found


def _sensors_used(centre: Centre) -> frozenset[str]:
    """Return the sensors of which a look has been learnt from or folded."""
    where = {"status": [int(status) for status in _LEARNT_FROM]}
    return frozenset(row["sensor"] for row in centre.store.tally("looks", ["sensor"], where))


def _kept(centre: Centre, used: Set[str]) -> dict[str, Any]:
    """Return the kept settings that something rests on."""
    folded = has_folded(centre.store)

    def rests(name: str) -> bool:
        if _is_rule(name):
            return folded
        word, _, rest = name.partition(".")
        return rest.rpartition(".")[0] in used if word == "sensor" else bool(used)

    return {name: value for name, value in _stored(centre, _PINNED).items() if rests(name)}


def _is_rule(name: str) -> bool:
    return name.startswith("alerts.")


def _forget(centre: Centre, used: Set[str]) -> None:
    """Forget rows and baselines of sensors that no look was used of, within the caller's transaction."""
    keys = [key for key in centre.meta() if key.startswith("streams:")]
    gone = [key for key in keys if key.removeprefix("streams:").rpartition("/")[0] not in used]
    models = [model for key in gone for model in json.loads(centre.meta()[key])["models"]]
    centre.store.delete("baselines", {"stream": [model["stream"] for model in models]})
    centre.store.delete("meta", {"key": gone if used else [*gone, "forest", "calibration"]})


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
        f"{name}: was {was!r} for the looks that are learnt from or folded, is {is_now!r} now; what is "
        "stored follows from it: put it back, or make a new centre with `dosel init` and watch from the start"
    )

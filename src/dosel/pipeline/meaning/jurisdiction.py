"""Who may act where an alert is, or at a point: the rulebook of the centre asks the facts of the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from typing import Final

from dosel.context.driver.causes import Cause
from dosel.context.jurisdiction.read import read_rulebook
from dosel.context.jurisdiction.rules import Activity, Rulebook
from dosel.context.jurisdiction.who import Answer, Setting, who
from dosel.errors import InputError
from dosel.model.time import asked_day, day_of
from dosel.pipeline.centre import Centre
from dosel.pipeline.meaning.places import asked_on, facts_at, facts_of, layer_themes
from dosel.share.policy import visible

READY: Final = "peru-jurisdiction.toml"
SURE: Final = 0.5
"""A cause less probable than this counts as not known: rules about one cause are then conditional."""
ACTIVITIES: Final = {
    Cause.AGRICULTURE: Activity.AGRICULTURE,
    Cause.SMALL_CLEARING: Activity.AGRICULTURE,
    Cause.MINING: Activity.MINING,
    Cause.DREDGING: Activity.MINING,
    Cause.LOGGING: Activity.LOGGING,
    Cause.ROAD: Activity.ROAD,
    Cause.AIRSTRIP: Activity.AIRSTRIP,
    Cause.FIRE: Activity.FIRE,
}
"""What rules call each cause; the others are no activity that a rule is about."""


@dataclass(frozen=True, slots=True)
class WhoReport:
    """The answer, and what it rests on."""

    place: str
    """The alert's id, or longitude and latitude."""
    answer: Answer
    book: Rulebook
    file: str
    """Name of the rulebook's file."""
    layers: tuple[str, ...]
    """Name and version of the layers that were asked."""
    boxed: bool = False
    """Shares are of a box around the alert, not of its outline."""


def rulebook(centre: Centre) -> tuple[Rulebook, str]:
    """Return the centre's rulebook and the name of its file.

    Raises
    ------
    InputError
        If the file is missing; with all mistakes of its content.
    """
    own = centre.settings.jurisdiction.file
    if own is None:
        ready = resources.files("dosel.context") / "ready" / READY
        return read_rulebook(ready.read_text(encoding="utf-8"), READY), READY
    path = centre.root / own
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise InputError(
            f"{path}: no such file; mend jurisdiction.file, or leave it out for the ready one"
        ) from error
    return read_rulebook(text, str(path)), path.name


def who_alert(centre: Centre, alert: str, *, on: str = "", cause: str = "") -> WhoReport:
    """Return who may act where an alert is, on its day or another, for its probable cause or another.

    Raises
    ------
    InputError
        If there is no such alert (a sealed one is not told apart), or nothing was measured of it yet.
    """
    rows = visible(centre.store, centre.store.select("alerts", {"id": alert, "superseded": 0}))
    if not rows:
        raise InputError(f"{alert}: there is no such alert; `dosel alerts` lists them")
    facts = facts_of(centre.store, [alert])[alert]
    if not facts:
        raise InputError(f"{alert}: nothing was measured of it yet; run `dosel describe`")
    day = asked_day("--on", on) if on else rows[0]["window_end"]
    if day != rows[0]["window_end"]:
        facts = asked_on(centre.store, facts, day)
    setting = Setting(facts, layer_themes(centre.store), day, _cause(cause) or probable_cause(centre, alert))
    return _report(centre, alert, setting, boxed=rows[0]["extent"] == "box")


def who_at(centre: Centre, at: str, *, on: str = "", cause: str = "") -> WhoReport:
    """Return who may act at a point on a day (today, if none is given).

    Raises
    ------
    InputError
        If the point, the day or the cause cannot be read.
    """
    lon, lat = _point(at)
    day = asked_day("--on", on) if on else day_of(datetime.now(UTC))
    setting = Setting(facts_at(centre.store, lon, lat, day), layer_themes(centre.store), day, _cause(cause))
    return _report(centre, f"{lon}, {lat}", setting)


def probable_cause(centre: Centre, alert: str) -> Activity | None:
    """Return the activity of an alert's cause, if it is probable enough."""
    rows = centre.store.select("drivers", {"alert_id": alert}, columns=["cause", "probability"])
    return activity_of(rows[0]["cause"], rows[0]["probability"]) if rows else None


def activity_of(cause: int, probability: float | None) -> Activity | None:
    """Return what rules call a stored cause; None where it is not known well enough, or is no activity."""
    return ACTIVITIES.get(Cause(cause)) if probability is not None and probability >= SURE else None


def _report(centre: Centre, place: str, setting: Setting, *, boxed: bool = False) -> WhoReport:
    book, file = rulebook(centre)
    asked = sorted({f"{fact.layer} {fact.version}" for fact in setting.facts})
    return WhoReport(place, who(book, setting), book, file, tuple(asked), boxed)


def _cause(text: str) -> Activity | None:
    if not text:
        return None
    try:
        return Activity(text)
    except ValueError:
        known = ", ".join(activity for activity in Activity if activity is not Activity.ANY)
        raise InputError(f"--cause: expected one of {known}, got {text!r}") from None


def _point(text: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in text.split(","))
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise ValueError
    except ValueError:
        raise InputError(f"--at: expected lon,lat in degrees, such as -70.05,-12.98, got {text!r}") from None
    return lon, lat

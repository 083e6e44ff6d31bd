"""What each look, each import and each month of a feed looked like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dosel.alerts.partner.check import Checked
from dosel.alerts.partner.table import Table
from dosel.context.feeds.alarm import Profile
from dosel.context.feeds.form import UNKNOWN
from dosel.model.codes import LookStatus, Refusal
from dosel.model.provenance import digest
from dosel.model.time import date_of, day_of
from dosel.pipeline.centre import Centre
from dosel.store.interface import Between, Row

BLANK: Final = (int(Refusal.ALL_NODATA), int(Refusal.OFFSET))
"""Refusals of looks that came and showed next to nothing."""
_KINDS: Final = {
    "b": "flag",
    "i": "number",
    "u": "number",
    "f": "number",
    "M": "time",
    "U": "text",
    "S": "text",
}


def import_profile(feed: str, instant: str, table: Table, checked: Checked) -> Row:
    """Return the row of ``feed_profiles`` for an imported file.

    Parameters
    ----------
    instant
        ISO text of the instant of the import.
    """
    columns = {name: _kind(values) for name, values in table.columns.items()}
    if table.geometry is not None:
        kinds = sorted({one.geom_type for one in table.geometry if one is not None})
        columns |= {"geometry": "/".join(kinds) or UNKNOWN, "CRS": table.crs}
    said = [one.columns for one in checked.good]
    refused = len({note.row for note in checked.refused}) / max(checked.rows, 1)
    numbers = {"rows": float(checked.rows), "share:refused": refused} | _described(said)
    return _row(Profile(feed, day_of(instant), columns, numbers), instant)


def form_profile(feed: str, instant: str, columns: Iterable[str]) -> Row:
    """Return the row of ``feed_profiles`` for a file refused for its form: its columns, and no numbers."""
    came = dict.fromkeys((*columns, "geometry", "CRS"), UNKNOWN)
    return _row(Profile(feed, day_of(instant), came, {}), instant)


def _kind(values: NDArray[Any]) -> str:
    """Return what a column holds, in one word."""
    if values.dtype.kind != "O":
        return _KINDS.get(values.dtype.kind, values.dtype.name)
    kinds = {type(one).__name__ for one in values if one is not None and one == one}
    return "/".join(sorted(kinds)) or UNKNOWN


def _described(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return median and upper end of the areas, and the shares of the classes of confidence."""
    numbers: dict[str, float] = {}
    areas = [row["area_ha"] for row in rows if row.get("area_ha")]
    if areas:
        middle, upper = np.quantile(areas, (0.5, 0.9))
        numbers |= {"area:median": float(middle), "area:p90": float(upper)}
    words = [str(row["confidence"]) for row in rows if row.get("confidence")]
    names, counts = np.unique(words, return_counts=True)
    if len(names) <= 12:  # more are numbers, not classes
        shares = zip(names.tolist(), (counts / len(words)).tolist(), strict=True)
        numbers |= {f"share:{name}": share for name, share in shares}
    return numbers


def _row(profile: Profile, instant: str) -> Row:
    plain = [profile.day, dict(profile.columns), dict(profile.statistics)]
    return {
        "feed": profile.feed,
        "day": profile.day,
        "instant": instant,
        "content": digest(plain),
        "columns": dict(profile.columns),
        "statistics": dict(profile.statistics),
    }


def stored_profiles(centre: Centre) -> dict[str, list[Profile]]:
    """Return the profiles of imports, by feed, oldest first."""
    found: dict[str, list[Profile]] = {}
    for row in centre.store.select("feed_profiles", order_by=("instant", "feed")):
        found.setdefault(row["feed"], []).append(
            Profile(row["feed"], row["day"], row["columns"], row["statistics"])
        )
    return found


def look_profiles(centre: Centre, as_of: int) -> dict[str, list[Profile]]:
    """Return what the looks of every stream up to a day looked like, by sensor/geometry, oldest first."""
    day = Between(None, as_of)
    looks = centre.store.select("looks", {"day": day}, order_by=("acquired", "id"))
    valid: dict[str, float] = {}
    reach: dict[str, float] = {}
    sizes = {tile.id: float(np.prod(tile.shape)) for tile in centre.tiles}
    for row in centre.store.select("look_tiles", {"day": day}):
        valid[row["look_id"]] = valid.get(row["look_id"], 0.0) + row["valid_px"]
        reach[row["look_id"]] = reach.get(row["look_id"], 0.0) + sizes.get(row["tile_id"], 0.0)
    forms = _forms(centre, day)
    found: dict[str, list[Profile]] = {}
    for look in looks:
        key = f"{look['sensor']}/{look['geometry']}"
        numbers = {f"level:{name}": float(value) for name, value in look["offsets"].items()}
        if look["id"] in reach:
            numbers["share:valid"] = min(valid[look["id"]] / max(reach[look["id"]], 1.0), 1.0)
        elif look["status"] == LookStatus.REFUSED and look["refusal"] in BLANK:
            numbers["share:valid"] = 0.0
        found.setdefault(key, []).append(Profile(key, look["day"], forms.get(look["id"], {}), numbers))
    return found


def _forms(centre: Centre, day: Between) -> dict[str, dict[str, str]]:
    """Return by look what its scenes are: collection, and what is declared of each band."""
    told: dict[str, dict[str, set[str]]] = {}
    for row in centre.store.select("scenes", {"day": day}, columns=["look_id", "collection", "scene"]):
        form = told.setdefault(row["look_id"], {})
        form.setdefault("collection", set()).add(row["collection"])
        for name, asset in row["scene"]["assets"].items():
            said = ("nodata", "scale", "offset", "crs")
            form.setdefault(name, set()).add(", ".join(f"{key} {asset[key]}" for key in said))
    return {
        look: {name: "; ".join(sorted(values)) for name, values in form.items()}
        for look, form in told.items()
    }


def month_profiles(feed: str, rows: Iterable[Row], as_of: int) -> list[Profile]:
    """Return what the whole months of a feed's rows looked like, from its first to the one before its last.

    Parameters
    ----------
    rows
        With ``window_end`` (UTC day number), ``area_ha`` and ``confidence``.
    """
    months: dict[tuple[int, int], list[Row]] = {}
    for row in rows:
        if row["window_end"] <= as_of:
            date = date_of(row["window_end"])
            months.setdefault((date.year, date.month), []).append(row)
    if not months:
        return []
    whole = _months(min(months), max(months))
    return [
        Profile(feed, _first_after(*month), {}, {"rows": float(len(own))} | _described(own))
        for month in whole
        for own in (months.get(month, []),)
    ]


def _months(first: tuple[int, int], last: tuple[int, int]) -> list[tuple[int, int]]:
    """Return the months from `first` on, those without a row too, before `last`, which may still grow.

    Examples
    --------
    >>> _months((2023, 11), (2024, 2))
    [(2023, 11), (2023, 12), (2024, 1)]
    """
    span = range(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1] - 1)
    return [(number // 12, number % 12 + 1) for number in span]


def _first_after(year: int, month: int) -> int:
    """Return the first day after a month."""
    return day_of(f"{year + month // 12:04d}-{month % 12 + 1:02d}-01")

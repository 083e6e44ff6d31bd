"""A new centre: its settings file, written only when all that was said can be read back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from dosel.config import SETTINGS_FILE, parse_settings
from dosel.errors import InputError, InputMistakesError
from dosel.stack.area import grid_of, own_grid

_OPTIONS: Final = {
    "centre.language": "--language (es, pt or en)",
    "area.crs": "--crs (a projected one in metres)",
    "area.resolution_m": "--resolution-m",
    "area.bbox": "--bbox (west,south,east,north in degrees)",
    "area.like": "--like",
    "monitor.start": "--start (YYYY-MM-DD)",
    "area": "--bbox, --like",
}
"""What a person wrote, by its place in the settings."""


@dataclass(frozen=True, slots=True)
class NewCentre:
    """What ``dosel init`` was told; empty is not said."""

    name: str = ""
    crs: str = ""
    resolution_m: float | None = None
    bbox: str = ""
    like: Path | None = None
    start: str = ""
    language: str = "es"


_ANY: Final = NewCentre("any", "EPSG:6933", 10.0, "-70.6,-13.1,-69.9,-12.4", None, "2026-01-01")
"""Stands for what was not said, while the rest is checked; equal-area metres of the whole world."""


def init_centre(directory: Path, new: NewCentre, *, dry_run: bool = False) -> tuple[Path, ...]:
    """Make a centre directory with a settings file; return what is (or would be) made.

    A raster to be taken over says CRS and pixel size where they are not given.

    Raises
    ------
    InputError
        If the directory is not new or empty; :class:`InputMistakesError` with every value that does not fit.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise InputError(f"{directory}: expected a new or empty directory; name another one")
    made = (directory / SETTINGS_FILE,)
    new = _taken_over(new)
    mistakes = [_by_option(mistake) for mistake in _mistakes(new)]
    if mistakes:
        raise InputMistakesError("init", mistakes)
    if not dry_run:
        directory.mkdir(parents=True, exist_ok=True)
        made[0].write_text(_text(new), encoding="utf-8")
    return made


def _taken_over(new: NewCentre) -> NewCentre:
    """Return what was said, with CRS and pixel size of the raster; one that cannot be read is a mistake."""
    if new.like is None or (new.crs and new.resolution_m is not None):
        return new
    try:
        crs, resolution_m = own_grid(new.like.resolve())
    except InputError:
        return new
    size = resolution_m if new.resolution_m is None else new.resolution_m
    return replace(new, crs=new.crs or crs, resolution_m=size)


def _mistakes(new: NewCentre) -> Iterable[str]:
    """Yield what the settings and the grid do not take."""
    whole = replace(
        new,
        crs=new.crs or _ANY.crs,
        resolution_m=_ANY.resolution_m if new.resolution_m is None else new.resolution_m,
        bbox=new.bbox or ("" if new.like else _ANY.bbox),
        start=new.start or _ANY.start,
    )
    try:
        parse_settings(_text(whole))
    except InputMistakesError as error:
        yield from error.mistakes
    for part in (replace(_ANY, crs=whole.crs), replace(whole, start=_ANY.start, language="es")):
        try:
            grid_of(parse_settings(_text(part)).area, Path())
        except InputMistakesError:
            return  # has been told
        except InputError as error:
            yield str(error)
            return


def _by_option(mistake: str) -> str:
    """Return a sentence with the option in place of the setting."""
    place, colon, rest = mistake.partition(":")
    return f"{_OPTIONS.get(place, place)}{colon}{rest}"


def _text(new: NewCentre) -> str:
    """Return the settings file."""

    def line(key: str, value: str, example: str) -> str:
        return f"{key} = {value}" if value else f"# {key} = {example}"

    size = "" if new.resolution_m is None else repr(new.resolution_m)
    like = _quoted(str(new.like.resolve())) if new.like else ""
    return "\n".join(
        [
            "[centre]",
            f"name = {_quoted(new.name or 'centre')}",
            f"language = {_quoted(new.language)}",
            "",
            "[area]",
            f"name = {_quoted(new.name or 'area')}",
            line("crs", _quoted(new.crs) if new.crs else "", '"EPSG:32719"'),
            line("resolution_m", size, "10"),
            line("bbox", _box(new.bbox), "[-70.6, -13.1, -69.9, -12.4]   # or file, bounds_m, like"),
            *([f"like = {like}"] if like else []),
            "",
            "[monitor]",
            line("start", _day(new.start), "2026-01-01"),
            "",
            "# [store]                       # a database on a server, in place of centre.gpkg",
            '# url = "postgresql://dosel@db.example.org/frontier"',
            "",
            "# [[source]]",
            '# name = "radar"',
            '# kind = "stac-api"            # or stac (a catalogue file), or folder',
            '# url = "https://..."',
            '# sensor = "sentinel-1-rtc"',
            '# origin = "..."',
            '# licence = "..."',
            "",
        ]
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _box(text: str) -> str:
    """Return four numbers as a list; what is none stays text, which the settings refuse."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    return repr(numbers) if len(numbers) == 4 else text and _quoted(text)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return text and _quoted(text)

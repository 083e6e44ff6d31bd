"""File name patterns: what a name says about its raster.

``{date}`` is an ISO date (``2016-01-05``); ``{date:%Y%m%d}`` gives another form, and one with hours is an
instant in UTC. ``{band}``, ``{geometry}``, ``{datatake}`` and ``{granule}`` take any text without ``/``;
``*`` takes any such text and tells apart granules of one acquisition.

Examples
--------
>>> fits = compile_pattern("{date:%Y%m%d}_{band}_*.tif")
>>> fits.read("20160105_vv_west.tif")
{'date': '2016-01-05', 'band': 'vv', 'granule': 'west'}
>>> fits.read("readme.tif") is None
True
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dosel.errors import InputError

FIELDS: Final = ("date", "band", "geometry", "datatake", "granule")
"""What a pattern can say."""

_DIRECTIVES: Final = {
    "%Y": r"\d{4}",
    "%y": r"\d{2}",
    "%m": r"\d{2}",
    "%d": r"\d{2}",
    "%j": r"\d{3}",
    "%H": r"\d{2}",
    "%M": r"\d{2}",
    "%S": r"\d{2}",
}
_TOKEN: Final = re.compile(r"\{(\w*)(?::([^}]*))?\}|(\*)|([^{*]+|\{)")


@dataclass(frozen=True, slots=True)
class FilePattern:
    """A compiled pattern; it is matched with the path relative to the folder."""

    text: str
    regex: re.Pattern[str]
    date_format: str
    """Form of the date for ``strptime``."""

    @property
    def depth(self) -> int:
        """Number of folders that the pattern goes down."""
        return self.text.count("/")

    def read(self, name: str) -> dict[str, str] | None:
        """Return what a name says by field (dates as ISO text), or None where it does not fit.

        Raises
        ------
        InputError
            If the name fits and its date is none (the 31st of June).
        """
        match = self.regex.fullmatch(name)
        if match is None:
            return None
        groups = match.groupdict()
        stars = [groups.pop(key) for key in sorted(groups) if key.startswith("star")]
        fields = dict(groups)
        if stars and not fields.get("granule"):
            fields["granule"] = "-".join(part for star in stars if (part := star.strip("-_.")))
        if "date" in fields:
            fields["date"] = self._iso(name, fields["date"])
        return {key: value for key, value in fields.items() if value}

    def _iso(self, name: str, text: str) -> str:
        """Return the ISO text of a date in a name."""
        try:
            when = datetime.strptime(text, self.date_format)  # noqa: DTZ007  # UTC by the pattern's definition
        except ValueError as error:
            raise InputError(f"{name}: {text!r} is no date of the form {self.date_format}") from error
        if "%H" in self.date_format:
            return when.isoformat() + "Z"
        return when.date().isoformat()


def compile_pattern(text: str) -> FilePattern:
    """Return the compiled pattern.

    Raises
    ------
    InputError
        If it has an unknown field, a field twice, or a form of date that cannot be read.
    """
    parts, seen, form = [], set[str](), "%Y-%m-%d"
    for number, (name, spec, star, literal) in enumerate(_TOKEN.findall(text)):
        if star:
            parts.append(f"(?P<star{number:03d}>[^/]*)")
        elif literal:
            parts.append(re.escape(literal))
        else:
            if name not in FIELDS or name in seen:
                raise InputError(
                    f"pattern {text!r}: {{{name}}} is "
                    f"{'there twice' if name in seen else 'no field; there are ' + ', '.join(FIELDS)}"
                )
            seen.add(name)
            form = spec or form if name == "date" else form
            parts.append(f"(?P<{name}>{_date_regex(text, form) if name == 'date' else '[^/]+?'})")
    return FilePattern(text, re.compile("".join(parts)), form)


def _date_regex(text: str, form: str) -> str:
    """Return the regular expression of a form of date."""
    pieces = re.split(r"(%.)", form)
    unknown = [piece for piece in pieces if piece.startswith("%") and piece not in _DIRECTIVES]
    if unknown:
        raise InputError(f"pattern {text!r}: {unknown[0]} in the date is not one of {' '.join(_DIRECTIVES)}")
    return "".join(_DIRECTIVES.get(piece, re.escape(piece)) for piece in pieces)

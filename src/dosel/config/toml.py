"""TOML as people write it: what is none is one sentence."""

from __future__ import annotations

import tomllib
from typing import Any

from dosel.errors import InputError


def read_toml(text: str, where: str) -> dict[str, Any]:
    """Return the tables of a TOML text.

    Raises
    ------
    InputError
        If it is no TOML.

    Examples
    --------
    >>> read_toml("a = 1", "x.toml")
    {'a': 1}
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{where}: not TOML: {error}") from error

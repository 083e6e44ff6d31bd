"""Where things come from, and hashes of what they are.

"The same" means equal canonical hashes: decoded arrays, and tables sorted by id without run times.

Examples
--------
>>> content_id("alert", "bolivia", 12, 40)
'alert-8749c62cb5044d4f'
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Source:
    """Who made an input and on which terms."""

    name: str
    """Name of the source in ``dosel.toml``."""
    origin: str
    """Producer, for example ``ESA Copernicus Sentinel-1``."""
    licence: str
    """Licence text or SPDX id; the empty string is unknown and means no release."""


@dataclass(frozen=True, slots=True)
class Method:
    """A method by name, version and the hash of its parameters."""

    name: str
    version: str
    parameters: str
    """Content hash of the parameters, which the store keeps."""


def content_id(kind: str, *parts: object) -> str:
    """Return an id that derives from content: `kind` and 16 hexadecimal digits."""
    return f"{kind}-{digest(list(parts))[:16]}"


def digest(value: Any) -> str:
    """Return the SHA-256 of a JSON-like value, independent of key order."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def array_hash(arrays: Mapping[str, np.ndarray[Any, Any]]) -> str:
    """Return the SHA-256 of named arrays: names, dtypes, shapes and decoded little-endian values."""
    sha = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        array = array.astype(array.dtype.newbyteorder("<"), copy=False)
        sha.update(f"{name}|{array.dtype.str}|{array.shape}|".encode())
        sha.update(array.reshape(-1).data.cast("B") if array.size else b"")
    return sha.hexdigest()


def table_hash(rows: Iterable[Mapping[str, Any]], ignore: Iterable[str] = ()) -> str:
    """Return the SHA-256 of table rows sorted by their text, without the columns in `ignore`."""
    left_out = frozenset(ignore)
    lines = sorted(digest({k: v for k, v in row.items() if k not in left_out}) for row in rows)
    return digest(lines)

"""Gridded looks kept on disk: one file a look and tile, written atomically, checked when read.

A file is ``magic, version, length of the header, CRC of the header, header (JSON), frames``: one
blosc frame (lz4 with bit shuffle) a stream, each with its own CRC in the header. At 1024 x 1024 int16
this encodes about three and decodes about four times as fast as one Zarr chunk a stream, and one
rename makes the whole look visible or none of it.

Examples
--------
>>> import tempfile
>>> values = np.arange(8, dtype=np.int16).reshape(1, 2, 4)
>>> look = GriddedLook("s1/ascending/16805/a1", "r0000c0001", 16805, ("vv",), values, 0)
>>> with tempfile.TemporaryDirectory() as folder:
...     path = look_path(Path(folder), look.tile_id, look.look_id)
...     write_look(path, look)
...     path.name, read_look(path).values.tolist()
('s1~ascending~16805~a1.look', [[[0, 1, 2, 3], [4, 5, 6, 7]]])
"""

from __future__ import annotations

import json
import os
import struct
import sys
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import numpy as np
from numcodecs.blosc import Blosc
from numpy.typing import NDArray

from dosel.errors import StoreError
from dosel.model.provenance import digest
from dosel.stack.gridded import GriddedLook

VERSION: Final = 2
"""Version of the file format; a reader refuses a greater one. 1 does not say what a look was made of."""

_MAGIC: Final = b"DSLLOOK\n"
_HEAD: Final = struct.Struct("<8sHII")
_SUFFIX: Final = ".look"


def look_path(folder: Path, tile_id: str, look_id: str) -> Path:
    """Return the place of a look in the archive: ``<folder>/<tile>/<look>.look``."""
    name = quote(look_id, safe="").replace("~", "%7E").replace("%2F", "~")
    return folder / quote(tile_id, safe="") / f"{name}{_SUFFIX}"


def write_look(path: Path, look: GriddedLook) -> None:
    """Write a look so that `path` holds either all of it or what was there before.

    Raises
    ------
    StoreError
        If the disk refuses it (full, read-only); nothing is left behind.
    """
    publish([stage_look(path, look)])


@dataclass(frozen=True, slots=True)
class Staged:
    """A written look that nobody sees before it is published."""

    path: Path
    """Where it will be."""
    part: Path
    """Where it is; a killed run leaves it, and the next one that reads the look writes over it."""


def stage_look(path: Path, look: GriddedLook, made_of: str = "") -> Staged:
    """Write a look beside `path`, to be published or discarded; `made_of` is the digest of its scenes.

    Raises
    ------
    StoreError
        If the disk refuses it (full, read-only); nothing is left behind.
    """
    frames = [_encode(band) for band in look.values]
    header = json.dumps(_header(look, frames) | {"made_of": made_of}, sort_keys=True).encode()
    head = _HEAD.pack(_MAGIC, VERSION, len(header), zlib.crc32(header))
    staged = Staged(path, path.with_name(f".{digest(path.name)[:16]}.part"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with staged.part.open("wb") as file:
            file.writelines([head, header, *frames])
    except OSError as error:
        discard([staged])
        raise _unwritable(path, error) from error
    return staged


def publish(looks: Sequence[Staged]) -> None:
    """Put staged looks on the disk, then give them their names.

    Raises
    ------
    StoreError
        If the disk refuses it; what has no name yet is left to nobody.
    """
    where = looks[0].path if looks else Path()
    try:
        for look in looks:
            _sync(look.part)
        for look in looks:
            where = look.path
            look.part.replace(look.path)
        for folder in {look.path.parent for look in looks}:
            _sync(folder)
    except OSError as error:
        discard(looks)
        raise _unwritable(where, error) from error


def discard(looks: Iterable[Staged]) -> None:
    """Remove what was staged and not published."""
    for look in looks:
        with suppress(OSError):
            look.part.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> StoreError:
    return StoreError(f"{path}: the gridded look cannot be written: {error.strerror or error}")


def read_look(path: Path) -> GriddedLook:
    """Return the look of a file.

    Raises
    ------
    StoreError
        If the file is missing, cut, altered, or of a newer version than this one.
    """
    try:
        data = memoryview(path.read_bytes())
    except OSError as error:
        raise StoreError(f"{path}: the gridded look cannot be read: {error.strerror or error}") from error
    header, start = _parse_header(path, data)
    shape = tuple(header["shape"])
    values = np.empty(shape, np.int16)
    for band, (size, crc) in zip(values, header["frames"], strict=True):
        frame = data[start : start + size]
        if len(frame) != size or zlib.crc32(frame) != crc:
            raise _damaged(path, "a frame does not match its checksum")
        _decode(path, frame, band)
        start += size
    streams = tuple(header["streams"])
    return GriddedLook(header["look"], header["tile"], header["day"], streams, values, header["halo_px"])


def made_of(path: Path) -> str:
    """Return the digest of the scenes that a file was made of, as it was written; empty if it does not say.

    Raises
    ------
    StoreError
        If the header is missing, cut, altered, or of a newer version than this one.
    """
    try:
        with path.open("rb") as file:
            start = file.read(_HEAD.size)
            length = _HEAD.unpack(start)[2] if len(start) == _HEAD.size else 0
            data = memoryview(start + file.read(min(length, path.stat().st_size)))
    except OSError as error:
        raise StoreError(f"{path}: the gridded look cannot be read: {error.strerror or error}") from error
    return str(_parse_header(path, data)[0].get("made_of", ""))


def _header(look: GriddedLook, frames: list[bytes]) -> dict[str, Any]:
    """Return what the file says about itself."""
    return {
        "look": look.look_id,
        "tile": look.tile_id,
        "day": look.day,
        "streams": list(look.streams),
        "halo_px": look.halo_px,
        "shape": list(look.values.shape),
        "frames": [[len(frame), zlib.crc32(frame)] for frame in frames],
    }


def _parse_header(path: Path, data: memoryview) -> tuple[dict[str, Any], int]:
    """Return the header of a file and where its frames start."""
    if len(data) < _HEAD.size:
        raise _damaged(path, "it is shorter than its header")
    magic, version, length, crc = _HEAD.unpack_from(data)
    if magic != _MAGIC:
        raise _damaged(path, "it does not begin as a gridded look")
    if version > VERSION:
        raise StoreError(f"{path}: format version {version}, this Dosel reads up to {VERSION}; upgrade Dosel")
    text = data[_HEAD.size : _HEAD.size + length]
    if len(text) != length or zlib.crc32(text) != crc:
        raise _damaged(path, "its header does not match its checksum")
    header: dict[str, Any] = json.loads(bytes(text))
    return header, _HEAD.size + length


def _encode(band: NDArray[np.int16]) -> bytes:
    little = np.ascontiguousarray(band, "<i2")
    return bytes(Blosc(cname="lz4", clevel=5, shuffle=Blosc.BITSHUFFLE).encode(little))


def _decode(path: Path, frame: memoryview, out: NDArray[np.int16]) -> None:
    """Decode a frame into `out`, little-endian on disk whatever the machine."""
    try:
        Blosc().decode(frame, out)
        if sys.byteorder == "big":
            out.byteswap(inplace=True)
    except (RuntimeError, ValueError) as error:
        raise _damaged(path, "a frame cannot be decoded") from error


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _damaged(path: Path, what: str) -> StoreError:
    return StoreError(
        f"{path}: the gridded look is damaged ({what}); restore it from a backup, "
        "or remove it and read its scene again"
    )

"""State and baselines of a tile on disk: one Zarr v3 group each, written once under a new name.

A group is written beside its final name, synced and renamed: a killed writer leaves only a name that
begins with a dot and ends in ``.tmp``, which nothing reads and :func:`sweep` takes away. Arrays are one
chunk each up to 2,048 pixels a side, lz4 with bit shuffle (under half of raw, and no slower) and a checksum,
without which a truncated chunk would be read as noise.
"""

from __future__ import annotations

import ctypes
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from dosel.errors import DamagedError, StoreError
from dosel.model.provenance import array_hash
from dosel.monitor.baseline import Baseline
from dosel.monitor.chunks import checksums, read_array, read_attributes, write_group
from dosel.monitor.state import PixelState

FORMAT_VERSION = 1
"""Version of both schemas below; a new number whenever a stored array changes its meaning."""
CHUNK_PX = 2048
STATE_SCHEMA = {
    "evidence": "int16",
    "before": "uint16",
    "onset": "uint16",
    "crossed": "uint16",
    "memory": "int16",
}
BASELINE_SCHEMA = {"level": "int16", "season": "int8", "inv_spread": "uint16", "looks": "uint8"}

Arrays = Mapping[str, NDArray[Any]]


def save_state(path: Path, state: PixelState, meta: Mapping[str, Any]) -> str:
    """Write a state under a new name and return its content hash; it is on the disk then.

    Parameters
    ----------
    path
        Directory of the group; it must not exist.
    state
        State of a tile.
    meta
        What the caller keeps with it (look, step, tile, method); JSON values.

    Raises
    ------
    StoreError
        If the name is taken or cannot be written.
    """
    return _save(path, "state", _arrays(state, STATE_SCHEMA), meta)


def write_state(path: Path, state: PixelState, meta: Mapping[str, Any]) -> None:
    """Write a state as :func:`save_state` does, for a step that writes those of many tiles.

    It is on the disk only after :func:`sync_disk`, once for all tiles instead of for each of twenty files a
    tile, which must come before anything names the state. Checksums of its chunks stand for its content.

    Raises
    ------
    StoreError
        If the name is taken or cannot be written.
    """
    _write(path, "state", _arrays(state, STATE_SCHEMA), {"meta": dict(meta)}, {}, sync=False)


def load_state(path: Path, verify: bool = False) -> tuple[PixelState, dict[str, Any]]:
    """Return a state, writable, and what was kept with it.

    Raises
    ------
    DamagedError
        If it is missing, or (with `verify`) its content differs from what was written.
    StoreError
        If it is of an unknown version.
    """
    arrays, meta = _load(path, "state", STATE_SCHEMA, verify)
    return PixelState(**arrays), meta


def is_there(path: Path) -> bool:
    """Return whether no array of a state lacks a file; nothing is read."""
    folders = (path / name for name in STATE_SCHEMA)
    return (path / "zarr.json").is_file() and all(len(list(folder.glob("*"))) > 1 for folder in folders)


def save_baseline(path: Path, baseline: Baseline, meta: Mapping[str, Any]) -> str:
    """Write a baseline under a new name and return its content hash; see :func:`save_state`."""
    own = {"stream": baseline.stream, "kind": baseline.kind}
    return _save(path, "baseline", _arrays(baseline, BASELINE_SCHEMA), {**meta, "baseline": own})


def load_baseline(path: Path, verify: bool = False) -> tuple[Baseline, dict[str, Any]]:
    """Return a baseline and what was kept with it; see :func:`load_state`."""
    arrays, meta = _load(path, "baseline", BASELINE_SCHEMA, verify)
    own: dict[str, Any] = meta.pop("baseline")
    return Baseline(**{**own, **arrays}), meta


def sync_disk(folder: Path) -> None:
    """Return when all that was written to the file system of `folder` is on the disk.

    Raises
    ------
    StoreError
        If the disk refused some of it.
    """
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        os.sync()
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        if syncfs(handle):
            raise StoreError(
                f"{folder}: cannot be written ({os.strerror(ctypes.get_errno())}); check the disk"
            )
    finally:
        os.close(handle)


def sweep(folder: Path) -> list[Path]:
    """Remove what killed writers left in a folder, and return those names."""
    left = sorted(folder.glob(".*.tmp")) if folder.is_dir() else []
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return left


def _arrays(owner: object, schema: Mapping[str, str]) -> Arrays:
    return {name: getattr(owner, name) for name in schema}


def _save(path: Path, kind: str, arrays: Arrays, meta: Mapping[str, Any]) -> str:
    content = array_hash(arrays)
    _write(path, kind, arrays, {"meta": dict(meta)}, {"hash": content}, sync=True)
    return content


def _write(path: Path, kind: str, arrays: Arrays, attributes: Any, header: Any, *, sync: bool) -> None:
    if path.exists():
        raise StoreError(f"{path}: already exists; a {kind} is written once, under a new name")
    about = {"dosel": {"kind": kind, "version": FORMAT_VERSION, **header}, **attributes}
    temporary = path.parent / f".{path.name}.{secrets.token_hex(4)}.tmp"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_group(temporary, arrays, about, CHUNK_PX)
        for name in _files(temporary) if sync else ():
            _sync(name)
        temporary.rename(path)
        if sync:
            _sync(path.parent)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise StoreError(f"{path}: cannot be written ({error}); free the disk or mend its rights") from error


def _files(path: Path) -> Iterator[Path]:
    """Yield every file and directory of a tree, the tree itself last."""
    for folder, _, names in os.walk(path, topdown=False):
        yield from (Path(folder, name) for name in names)
        yield Path(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _load(
    path: Path, kind: str, schema: Mapping[str, str], verify: bool
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    try:
        stored = read_attributes(path)
        _check_header(path, kind, stored.get("dosel"))
        arrays = {name: read_array(path / name) for name in schema}
    except (OSError, KeyError, ValueError, RuntimeError) as error:
        why = f"{type(error).__name__}: {error}"
        raise DamagedError(f"{path}: no readable {kind} ({why}); restore it from a backup") from error
    _check_arrays(path, schema, arrays)
    if verify and not _is_as_written(path, arrays, stored):
        raise DamagedError(f"{path}: its content is not what was written; restore it from a backup")
    return arrays, dict(stored["meta"])


def _is_as_written(path: Path, arrays: Arrays, stored: Mapping[str, Any]) -> bool:
    content = stored["dosel"].get("hash")
    if content is not None:
        return bool(array_hash(arrays) == content)
    return bool(stored["crc32c"] == {name: checksums(path / name) for name in arrays})


def _check_header(path: Path, kind: str, header: Any) -> None:
    if not isinstance(header, dict) or header.get("kind") != kind:
        raise DamagedError(f"{path}: expected a dosel {kind}, found {header!r}")
    if header.get("version") != FORMAT_VERSION:
        raise StoreError(
            f"{path}: {kind} of version {header.get('version')!r}, this program reads {FORMAT_VERSION}; "
            "use the program that wrote it or migrate the centre"
        )


def _check_arrays(path: Path, schema: Mapping[str, str], arrays: Arrays) -> None:
    for name, dtype in schema.items():
        if arrays[name].dtype != dtype:
            raise DamagedError(f"{path}: expected {name} of {dtype}, found {arrays[name].dtype}")

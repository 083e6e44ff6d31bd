"""Arrays as Zarr v3 on disk, read and written chunk by chunk straight from and into memory.

The files are those that zarr-python writes with the codecs bytes, blosc (lz4, bit shuffle) and crc32c and
with chunks beside an array's description, and it reads them; but its event loop costs more for a tile than
decoding does, and it copies the array once more.

Examples
--------
>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     sums = write_array(Path(folder) / "a", np.arange(6, dtype=np.int16).reshape(2, 3), chunk_px=2)
...     read_array(Path(folder) / "a").tolist()
[[0, 1, 2], [3, 4, 5]]
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any, Final

import google_crc32c
import numpy as np
from numcodecs.blosc import Blosc
from numpy.typing import NDArray

_META: Final = "zarr.json"
_CRC_BYTES: Final = 4
_CRC_OF_WHOLE: Final = 0x48674BC7
"""CRC-32C of any data followed by its own CRC-32C; so the check needs no copy of the data alone."""
_KEYS: Final = {"name": "default", "configuration": {"separator": "."}}


def write_group(path: Path, arrays: Mapping[str, NDArray[Any]], attributes: Any, chunk_px: int) -> None:
    """Write a group of arrays into a directory that does not exist.

    The attributes get ``crc32c``, the checksums of every array's chunks: what :func:`checksums` returns.
    """
    path.mkdir()
    sums = {name: write_array(path / name, array, chunk_px) for name, array in arrays.items()}
    _write_json(path, {"attributes": {**attributes, "crc32c": sums}, "zarr_format": 3, "node_type": "group"})


def checksums(path: Path) -> list[int]:
    """Return the checksums of an array's chunks, as they stand in its files."""
    meta = _read_json(path)
    shape, chunks = tuple(meta["shape"]), _chunk_shape(meta)
    return [_crc(_file(path, meta, index).read_bytes()) for index, _ in _grid(shape, chunks)]


def read_attributes(path: Path) -> dict[str, Any]:
    """Return the attributes of a group."""
    found: dict[str, Any] = _read_json(path)["attributes"]
    return found


def write_array(path: Path, array: NDArray[Any], chunk_px: int) -> list[int]:
    """Write an array into a directory that does not exist, in chunks of at most `chunk_px` a side.

    Returns
    -------
    list of int
        The checksums of its chunks.
    """
    path.mkdir()
    # Zarr wants chunks of at least one; an empty axis (no harmonics) has no chunk to write.
    chunks = tuple(max(min(side, chunk_px), 1) for side in array.shape)
    meta = _describe(array, chunks)
    _write_json(path, meta)
    codec, sums = _codec(array.dtype), []
    for index, window in _grid(array.shape, chunks):
        packed = codec.encode(_whole(array[window], chunks))
        sums.append(int(google_crc32c.value(packed)))
        with _file(path, meta, index).open("wb") as file:
            file.writelines([packed, sums[-1].to_bytes(_CRC_BYTES, "little")])
    return sums


def read_array(path: Path) -> NDArray[Any]:
    """Return an array, writable.

    Raises
    ------
    OSError
        If a file of it is missing.
    ValueError
        If it is not as :func:`write_array` writes it, or a chunk is damaged.
    """
    meta = _read_json(path)
    shape, chunks = tuple(meta["shape"]), _chunk_shape(meta)
    array = np.empty(shape, meta["data_type"])
    loose: dict[str, Any] = {"attributes": {}, "chunk_key_encoding": {}}
    if {**meta, **loose} != {**_describe(array, chunks), **loose}:
        raise ValueError(f"{path.name}: not stored as this program stores arrays")
    for index, window in _grid(shape, chunks):
        _decode(_file(path, meta, index), array[window], chunks)
    return array


def _file(path: Path, meta: Mapping[str, Any], index: tuple[int, ...]) -> Path:
    """Return the file of a chunk; before the first release the parts of its name were folders."""
    separator: str = meta["chunk_key_encoding"]["configuration"]["separator"]
    return path / separator.join(["c", *map(str, index)])


def _chunk_shape(meta: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(meta["chunk_grid"]["configuration"]["chunk_shape"])


def _crc(data: bytes) -> int:
    return int.from_bytes(data[-_CRC_BYTES:], "little")


def _decode(file: Path, out: NDArray[Any], chunks: tuple[int, ...]) -> None:
    """Decode a chunk into its window of the array; one at the edge is longer than its window."""
    data = file.read_bytes()
    if google_crc32c.value(data) != _CRC_OF_WHOLE:
        raise ValueError(f"{file.name}: a chunk does not match its checksum")
    straight = out.shape == chunks and out.flags.c_contiguous
    whole = out if straight else np.empty(chunks, out.dtype)
    _codec(out.dtype).decode(memoryview(data)[:-_CRC_BYTES], whole)
    if not straight:
        out[...] = whole[tuple(slice(side) for side in out.shape)]


def _whole(part: NDArray[Any], chunks: tuple[int, ...]) -> NDArray[Any]:
    """Return a contiguous little-endian chunk, filled up with zeros where the array ends."""
    little = part.dtype.newbyteorder("<")
    if part.shape == chunks:
        return np.ascontiguousarray(part, little)
    whole = np.zeros(chunks, little)
    whole[tuple(slice(side) for side in part.shape)] = part
    return whole


def _grid(
    shape: tuple[int, ...], chunks: tuple[int, ...]
) -> Iterator[tuple[tuple[int, ...], tuple[slice, ...]]]:
    """Yield index and window of every chunk of an array."""
    counts = [range(-(-side // chunk)) for side, chunk in zip(shape, chunks, strict=True)]
    for index in product(*counts):
        pairs = zip(index, chunks, shape, strict=True)
        yield index, tuple(slice(k * chunk, min((k + 1) * chunk, side)) for k, chunk, side in pairs)


def _codec(dtype: np.dtype[Any]) -> Blosc:
    shuffle = Blosc.BITSHUFFLE
    return Blosc(cname="lz4", clevel=1, shuffle=shuffle, blocksize=0, typesize=dtype.itemsize)


def _describe(array: NDArray[Any], chunks: tuple[int, ...]) -> dict[str, Any]:
    """Return what zarr.json says of an array."""
    blosc = {
        "typesize": array.itemsize,
        "cname": "lz4",
        "clevel": 1,
        "shuffle": "bitshuffle",
        "blocksize": 0,
    }
    order = {"endian": "little"} if array.itemsize > 1 else {}
    return {
        "shape": list(array.shape),
        "data_type": array.dtype.name,
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": list(chunks)}},
        "chunk_key_encoding": _KEYS,
        "fill_value": 0,
        "codecs": [
            {"name": "bytes", **({"configuration": order} if order else {})},
            {"name": "blosc", "configuration": blosc},
            {"name": "crc32c"},
        ],
        "attributes": {},
        "zarr_format": 3,
        "node_type": "array",
        "storage_transformers": [],
    }


def _write_json(path: Path, value: Any) -> None:
    (path / _META).write_text(json.dumps(value, indent=2), encoding="utf-8")


def _read_json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((path / _META).read_text(encoding="utf-8"))
    return found

"""States and baselines on disk: whole or not at all, of a known version, as they were written."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr
from zarr.codecs import BloscCodec, Crc32cCodec

from dosel.errors import StoreError
from dosel.monitor import checkpoint, chunks
from dosel.monitor.accumulate import fresh_state
from dosel.monitor.baseline import Baseline
from dosel.monitor.checkpoint import (
    load_baseline,
    load_state,
    save_baseline,
    save_state,
    sweep,
    sync_disk,
    write_state,
)
from dosel.monitor.state import PixelState


def _state(seed: int = 0, size: tuple[int, int] = (40, 33)) -> PixelState:
    rng = np.random.default_rng(seed)
    state = fresh_state(size, 2)
    for name in ("evidence", "before", "onset", "crossed", "memory"):
        array = getattr(state, name)
        info = np.iinfo(array.dtype)
        array[...] = rng.integers(info.min, info.max, array.shape, endpoint=True)
    return state


def _baseline(harmonics: int = 2) -> Baseline:
    rng = np.random.default_rng(1)
    size = (12, 15)
    return Baseline(
        "vh",
        rng.integers(-4000, -2000, size).astype(np.int16),
        rng.integers(-128, 127, (2 * harmonics, *size)).astype(np.int8),
        rng.integers(0, 32767, size).astype(np.uint16),
        rng.integers(0, 255, size).astype(np.uint8),
        "surroundings",
    )


def test_a_state_comes_back_writable_with_its_meta(tmp_path: Path) -> None:
    state = _state()
    content = save_state(tmp_path / "tile" / "0001", state, {"look": "a", "step": 3})
    back, meta = load_state(tmp_path / "tile" / "0001", verify=True)
    assert back.hash() == state.hash() == content
    assert meta == {"look": "a", "step": 3}
    back.evidence[0, 0] = 1
    assert [path.name for path in (tmp_path / "tile").iterdir()] == ["0001"], "nothing temporary is left"


@pytest.mark.parametrize("harmonics", [0, 1, 2])
def test_a_baseline_comes_back_with_its_kind(tmp_path: Path, harmonics: int) -> None:
    base = _baseline(harmonics)
    save_baseline(tmp_path / "b", base, {"tile": "r0c0"})
    back, meta = load_baseline(tmp_path / "b", verify=True)
    assert back.hash() == base.hash()
    assert (back.stream, back.kind, meta) == ("vh", "surroundings", {"tile": "r0c0"})
    assert back.season.shape == base.season.shape


def test_arrays_beyond_one_chunk_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "CHUNK_PX", 16)
    state = _state()
    save_state(tmp_path / "s", state, {})
    assert load_state(tmp_path / "s")[0].hash() == state.hash()


def test_a_name_is_written_once(tmp_path: Path) -> None:
    save_state(tmp_path / "s", _state(0), {})
    with pytest.raises(StoreError, match="already exists"):
        save_state(tmp_path / "s", _state(1), {})
    assert load_state(tmp_path / "s")[0].hash() == _state(0).hash()


def _change_attributes(path: Path, **header: object) -> None:
    file = path / "zarr.json"
    text = json.loads(file.read_text())
    text["attributes"]["dosel"].update(header)
    file.write_text(json.dumps(text))


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_unknown_versions_are_refused(tmp_path: Path, version: object) -> None:
    save_state(tmp_path / "s", _state(), {})
    _change_attributes(tmp_path / "s", version=version)
    with pytest.raises(StoreError, match="version"):
        load_state(tmp_path / "s")


def test_another_kind_a_missing_and_a_broken_group_are_refused(tmp_path: Path) -> None:
    save_baseline(tmp_path / "b", _baseline(), {})
    with pytest.raises(StoreError, match="expected a dosel state"):
        load_state(tmp_path / "b")
    with pytest.raises(StoreError, match="no readable state"):
        load_state(tmp_path / "missing")
    chunk = tmp_path / "b" / "level" / "c.0.0"
    chunk.write_bytes(chunk.read_bytes()[:20])
    with pytest.raises(StoreError, match="no readable baseline"):
        load_baseline(tmp_path / "b")


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint, "_sync", full)
    with pytest.raises(StoreError, match="No space left"):
        save_state(tmp_path / "s", _state(), {})
    assert list(tmp_path.iterdir()) == []


def _write_forever(folder: str) -> None:
    for number in range(10_000):
        save_state(Path(folder) / f"{number:05d}", _state(number % 3), {"n": number})


def test_a_killed_writer_leaves_whole_states_and_temporary_names_only(tmp_path: Path) -> None:
    writer = multiprocessing.get_context("fork").Process(target=_write_forever, args=(str(tmp_path),))
    writer.start()
    deadline = time.monotonic() + 20
    while not (tmp_path / "00003").exists() and time.monotonic() < deadline:
        time.sleep(0.002)
    os.kill(int(writer.pid or 0), signal.SIGKILL)
    writer.join()
    whole = [path for path in sorted(tmp_path.iterdir()) if not path.name.startswith(".")]
    assert len(whole) >= 4
    for path in whole:
        state, meta = load_state(path, verify=True)
        assert state.hash() == _state(meta["n"] % 3).hash()
    sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == whole


@pytest.mark.parametrize("separator", [".", "/"])
@pytest.mark.parametrize("chunk_px", [16, 64])
def test_the_files_are_those_of_zarr_python(tmp_path: Path, chunk_px: int, separator: str) -> None:
    state = _state()
    arrays = {"memory": state.memory, "onset": state.onset, "season": np.zeros((0, 4, 4), np.int8)}
    chunks.write_group(tmp_path / "ours", arrays, {"a": {"b": 1}}, chunk_px)
    group = zarr.open_group(tmp_path / "theirs", mode="w", zarr_format=3, attributes={"a": {"b": 1}})
    for name, array in arrays.items():
        packed = BloscCodec(typesize=array.itemsize, cname="lz4", clevel=1, shuffle="bitshuffle")
        made = group.create_array(
            name,
            shape=array.shape,
            dtype=array.dtype,
            chunks=tuple(max(min(side, chunk_px), 1) for side in array.shape),
            compressors=(packed, Crc32cCodec()),
            chunk_key_encoding={"name": "default", "separator": separator},
        )
        if array.size:
            made[...] = array
    opened = zarr.open_group(tmp_path / "ours", mode="r")
    for name, array in arrays.items():
        np.testing.assert_array_equal(np.asarray(opened[name]), array)
        np.testing.assert_array_equal(chunks.read_array(tmp_path / "theirs" / name), array)
    if separator == ".":
        both = [{p.name for p in (tmp_path / side).rglob("*")} for side in ("ours", "theirs")]
        assert both[0] == both[1]
    assert chunks.read_attributes(tmp_path / "theirs") == {"a": {"b": 1}}


@pytest.mark.parametrize("write", [save_state, write_state])
def test_changed_content_is_found_on_demand(tmp_path: Path, write: Any) -> None:
    write(tmp_path / "s", _state(0), {})
    write(tmp_path / "t", replace(_state(0), onset=_state(9).onset), {})
    sync_disk(tmp_path)
    (tmp_path / "t" / "onset").rename(tmp_path / "other")
    (tmp_path / "s" / "onset").rename(tmp_path / "t" / "unused")
    (tmp_path / "other").rename(tmp_path / "s" / "onset")
    load_state(tmp_path / "s")
    with pytest.raises(StoreError, match="not what was written"):
        load_state(tmp_path / "s", verify=True)


def test_an_array_of_other_codecs_and_a_changed_byte_are_refused(tmp_path: Path) -> None:
    chunks.write_array(tmp_path / "a", np.arange(6, dtype=np.int16).reshape(2, 3), 8)
    chunk = tmp_path / "a" / "c.0.0"
    whole = bytearray(chunk.read_bytes())
    whole[-6] ^= 1
    chunk.write_bytes(whole)
    with pytest.raises(ValueError, match="checksum"):
        chunks.read_array(tmp_path / "a")
    meta = tmp_path / "a" / "zarr.json"
    meta.write_text(meta.read_text().replace("bitshuffle", "shuffle"))
    with pytest.raises(ValueError, match="stored as this program"):
        chunks.read_array(tmp_path / "a")

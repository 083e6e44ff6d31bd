"""Archive of gridded looks: what is written is read back, and nothing damaged is believed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dosel.errors import StoreError
from dosel.stack.archive import look_path, made_of, publish, read_look, stage_look, write_look
from dosel.stack.gridded import GriddedLook


def _look(values: np.ndarray) -> GriddedLook:
    streams = tuple(f"s{i}" for i in range(values.shape[0]))
    return GriddedLook("radar/ascending/19000/0A1B", "r0001c0002", 19000, streams, values, 2)


@settings(max_examples=25, deadline=None)
@given(
    values=hnp.arrays(np.int16, hnp.array_shapes(min_dims=3, max_dims=3, max_side=9)),
)
def test_every_value_and_shape_comes_back(tmp_path_factory: pytest.TempPathFactory, values: Any) -> None:
    path = tmp_path_factory.mktemp("a") / "x.look"
    write_look(path, _look(values))
    back = read_look(path)
    np.testing.assert_array_equal(back.values, values)
    assert back.values.dtype == np.int16
    assert (back.look_id, back.tile_id, back.day, back.halo_px) == (
        "radar/ascending/19000/0A1B",
        "r0001c0002",
        19000,
        2,
    )
    assert back.streams == tuple(f"s{i}" for i in range(values.shape[0]))


def test_strided_values_are_written_in_their_logical_order(tmp_path: Path) -> None:
    values = np.arange(24, dtype=np.int16).reshape(2, 3, 4)[:, ::-1, ::2]
    write_look(tmp_path / "x.look", _look(values))
    np.testing.assert_array_equal(read_look(tmp_path / "x.look").values, values)


def test_any_damaged_byte_is_noticed(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    path = tmp_path / "x.look"
    write_look(path, _look(rng.integers(-3000, 0, (2, 20, 20)).astype(np.int16)))
    whole = path.read_bytes()
    for place in rng.integers(0, len(whole), 60):
        broken = bytearray(whole)
        broken[place] ^= 0x40
        path.write_bytes(broken)
        with pytest.raises(StoreError, match=r"x\.look"):
            read_look(path)


@pytest.mark.parametrize("keep", [0, 5, 30, 200, -1])
def test_a_cut_file_is_noticed(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "x.look"
    write_look(path, _look(np.random.default_rng(2).integers(-99, 99, (1, 40, 40)).astype(np.int16)))
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(StoreError, match=r"x\.look.*damaged"):
        read_look(path)


def test_a_newer_version_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "x.look"
    write_look(path, _look(np.zeros((1, 2, 2), np.int16)))
    data = bytearray(path.read_bytes())
    data[8] = 9
    path.write_bytes(data)
    with pytest.raises(StoreError, match="version 9"):
        read_look(path)


def test_missing_file_is_a_store_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"gone\.look"):
        read_look(tmp_path / "gone.look")


def test_a_failed_write_keeps_the_old_file_and_leaves_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.look"
    old = _look(np.zeros((1, 3, 3), np.int16))
    write_look(path, old)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dosel.stack.archive.os.fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        write_look(path, _look(np.ones((1, 3, 3), np.int16)))
    monkeypatch.undo()
    assert [p.name for p in tmp_path.iterdir()] == ["x.look"]
    np.testing.assert_array_equal(read_look(path).values, old.values)


@pytest.mark.parametrize("other", ["a~b", "a%2Fb", "a b"])
def test_signs_of_the_path_are_told_apart(other: str) -> None:
    assert look_path(Path("looks"), "t", "a/b") != look_path(Path("looks"), "t", other)


@given(a=st.text(min_size=1, max_size=12), b=st.text(min_size=1, max_size=12))
def test_two_looks_never_share_a_path(a: str, b: str) -> None:
    one, two = look_path(Path("looks"), "t", a), look_path(Path("looks"), "t", b)
    assert (one == two) == (a == b)
    assert one.parent == Path("looks/t")


def test_a_file_says_what_it_was_made_of_and_one_of_version_1_does_not(tmp_path: Path) -> None:
    """Mutants: the digest is left out; a file written before is refused."""
    path, look = tmp_path / "x.look", _look(np.zeros((1, 2, 2), np.int16))
    publish([stage_look(path, look, "ab12")])
    assert made_of(path) == "ab12"
    data = bytearray(path.read_bytes())
    assert (data[8], data[9]) == (2, 0)
    write_look(path, look)
    data = bytearray(path.read_bytes())
    data[8] = 1
    path.write_bytes(data)
    assert made_of(path) == ""
    assert read_look(path).look_id == look.look_id


@pytest.mark.parametrize("keep", [0, 5, 30])
def test_a_cut_header_says_nothing(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "x.look"
    write_look(path, _look(np.zeros((1, 2, 2), np.int16)))
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(StoreError, match="damaged"):
        made_of(path)

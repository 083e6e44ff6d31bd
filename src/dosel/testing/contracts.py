"""What every implementation must do, as test classes to inherit; pytest discovers what inherits them.

::

    class TestMyStore(StoreContract):
        @pytest.fixture
        def opener(self, tmp_path):
            return functools.partial(open_store, tmp_path / "centre.gpkg")

Every test names the mutant it catches.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest
import shapely

from dosel.errors import StoreError
from dosel.store.interface import Bbox, Between, Not, Row, Store

Opener: TypeAlias = Callable[[], Store]
"""Opens the same database again; it can be pickled, since other processes use it."""

GROWING = ("alert_events", "verdicts", "releases")
"""Tables whose rows are added, never changed."""


def alert_row(name: str, west: float = -69.5, south: float = -12.5, side: float = 0.001) -> Row:
    """Return a row of the table ``alerts`` over a small square."""
    square = shapely.MultiPolygon([shapely.box(west, south, west + side, south + side)])
    days = dict.fromkeys(("window_start", "window_end", "onset", "last_growth", "updated"), 18_000)
    words = dict.fromkeys(("reason", "method_name", "method_version", "method_parameters", "baseline"), "x")
    return {
        "id": name,
        "geometry": square,
        "source": "",
        "external_id": None,
        "extent": "outline",
        "status": 1,
        "area_ha": 1.25,
        "pixels": 12,
        "changed_pixels": 3,
        "confirmed": None,
        "ended": None,
        "evidence": 7.5,
        "looks": 4,
        "parents": [],
        "streams": ["radar/vv", "radar/vh"],
        "crs": "EPSG:32719",
        "shape": b"\x00\x01",
        "runs": b"\xff",
        "step": 1,
        "superseded": 0,
        **dict.fromkeys(("date_meaning", "confidence", "published", "content", "details")),
        **days,
        **words,
    }


def _growing_row(table: str) -> Row:
    rows: dict[str, Row] = {
        "alert_events": {
            "alert_id": "a",
            "event": 1,
            "day": 1,
            "look_id": "l",
            "step": 1,
            "detail": {"n": 1},
        },
        "verdicts": {"alert_id": "a", "day": 1, "person": "p", "verdict": "clearing", "reason": ""},
        "releases": {"ids": ["a"], "withheld": []}
        | dict.fromkeys(("id", "instant", "actor", "purpose", "kind", "destination"), "x")
        | dict.fromkeys(("policy", "policy_version", "subject", "content"), "x"),
    }
    return rows[table]


def _put(store: Store, **pairs: str) -> None:
    with store.transaction():
        store.upsert("meta", [{"key": key, "value": value} for key, value in pairs.items()])


def _value(store: Store, key: str) -> str | None:
    rows = store.select("meta", {"key": key}, columns=["value"])
    return rows[0]["value"] if rows else None


def _ids(rows: list[Row]) -> list[str]:
    return [row["id"] for row in rows]


def _write_and_fail(store: Store) -> None:
    store.insert("meta", [{"key": "a", "value": "1"}])
    _ = 1 / 0


def _write_and_swallow(store: Store) -> None:
    store.upsert("meta", [{"key": "b", "value": "1"}])
    with pytest.raises(StoreError):
        store.insert("meta", [{"key": "a", "value": "2"}])


def count_up(opener: Opener, times: int) -> None:
    """Add 1 to a counter `times` times, each in a transaction of its own (run in another process)."""
    store = opener()
    for _ in range(times):
        with store.transaction():
            now = int(_value(store, "counter") or 0)
            store.upsert("meta", [{"key": "counter", "value": str(now + 1)}])
    store.close()


def die_writing(opener: Opener, rows: int) -> None:
    """Commit one row, write others, and be killed before the commit (run in another process)."""
    store = opener()
    _put(store, before="kept")
    with store.transaction():
        store.insert("meta", [{"key": f"lost-{number}", "value": "x" * 1000} for number in range(rows)])
        os.kill(os.getpid(), signal.SIGKILL)


class StoreContract:
    """What a :class:`dosel.store.Store` must do; inherit it and give the fixture `opener`."""

    @pytest.fixture
    def opener(self) -> Opener:
        """Return what opens the database under test; made anew for every test."""
        raise NotImplementedError

    @pytest.fixture
    def store(self, opener: Opener) -> Iterator[Store]:
        """Open a fresh store."""
        store = opener()
        yield store
        store.close()

    def test_is_a_store(self, store: Store) -> None:
        """Mutant: a method of the interface is missing."""
        assert isinstance(store, Store)
        assert store.place

    def test_rows_come_back_as_they_went_in(self, store: Store) -> None:
        """Mutant: a kind of value is stored as another (float as text, JSON as its text, bytes as text)."""
        row = alert_row("a") | {"evidence": 0.1 + 0.2, "runs": bytes(range(256)), "parents": ["ñ", "π"]}
        with store.transaction():
            assert store.insert("alerts", [row]) == 1
        (back,) = store.select("alerts")
        assert back.pop("marking") == 3
        assert back.pop("geometry").equals_exact(row["geometry"], 0.0)
        assert back == {name: value for name, value in row.items() if name != "geometry"}

    def test_every_table_carries_a_marking(self, store: Store) -> None:
        """Mutant: the default marking is public, or the column may be empty."""
        for table in GROWING:
            with store.transaction():
                store.insert(table, [_growing_row(table)])
            assert store.select(table, columns=["marking"]) == [{"marking": 3}]
            with pytest.raises(StoreError), store.transaction():
                store.insert(table, [_growing_row(table) | {"marking": None}])

    def test_upsert_replaces_named_columns_only(self, store: Store) -> None:
        """Mutant: upsert deletes and inserts, so that a column it does not name is lost."""
        with store.transaction():
            store.insert("meta", [{"key": "a", "value": "1", "marking": 4}])
            store.upsert("meta", [{"key": "a", "value": "2"}, {"key": "b", "value": None}])
        rows = store.select("meta", {"key": ("a", "b")}, columns=["key", "value", "marking"])
        assert rows == [{"key": "a", "value": "2", "marking": 4}, {"key": "b", "value": None, "marking": 3}]

    def test_insert_of_a_known_key_is_an_error(self, store: Store) -> None:
        """Mutant: a second row with the key, or the first one silently replaced."""
        _put(store, a="1")
        with pytest.raises(StoreError), store.transaction():
            store.insert("meta", [{"key": "a", "value": "2"}])
        assert _value(store, "a") == "1"

    def test_conditions(self, store: Store) -> None:
        """Mutant: open or closed ends swapped; None compared with =; an empty collection selects all."""
        rows = [alert_row(name) | {"onset": day} for name, day in (("a", 1), ("b", 2), ("c", 3), ("d", 4))]
        rows[3]["ended"] = 9
        with store.transaction():
            store.insert("alerts", rows)
        cases: list[tuple[dict[str, object], str]] = [
            ({"onset": 2}, "b"),
            ({"onset": Between(2, 3)}, "bc"),
            ({"onset": Between(3)}, "cd"),
            ({"onset": Between(high=1)}, "a"),
            ({"onset": (4, 1, 7)}, "ad"),
            ({"id": frozenset({"a", "c"})}, "ac"),
            ({"id": []}, ""),
            ({"ended": None}, "abc"),
            ({"ended": Not(9)}, "abc"),
            ({"ended": Not(None)}, "abcd"),
            ({"onset": Between(2), "ended": None}, "bc"),
        ]
        for where, expected in cases:
            assert "".join(_ids(store.select("alerts", where))) == expected, where

    def test_any_number_of_values(self, store: Store) -> None:
        """Mutant: one parameter a value, of which databases take some ten thousand."""
        _put(store, a="1", b="2")
        assert len(store.select("meta", {"key": ["a", *map(str, range(70_000))]})) == 1

    def test_order_is_defined(self, store: Store) -> None:
        """Mutant: order of storage where no order or a tie is given; NULL first in one database only."""
        rows = [alert_row(name) for name in "cadb"]
        rows[0]["confirmed"], rows[1]["confirmed"] = 5, 7
        with store.transaction():
            store.insert("alerts", rows)
        assert _ids(store.select("alerts")) == ["a", "b", "c", "d"]
        assert _ids(store.select("alerts", order_by=["confirmed"])) == ["b", "d", "c", "a"]
        assert _ids(store.select("alerts", order_by=["-confirmed", "-id"])) == ["a", "c", "d", "b"]
        assert _ids(store.select("alerts", order_by=["-id"], limit=2)) == ["d", "c"]

    def test_what_only_grows_is_ordered_as_it_grew(self, store: Store) -> None:
        """Mutant: events sorted by their text."""
        row = _growing_row("verdicts")
        with store.transaction():
            store.insert("verdicts", [row | {"verdict": verdict} for verdict in "cab"])
            store.insert("releases", [_growing_row("releases") | {"id": name} for name in "cab"])
        assert [r["verdict"] for r in store.select("verdicts")] == ["c", "a", "b"]
        assert _ids(store.select("releases")) == ["c", "a", "b"]

    @pytest.mark.parametrize(
        ("bbox", "expected"),
        [
            ((-70.0, -13.0, -69.0, -12.0), "ab"),
            ((-69.4995, -12.4995, -69.4995, -12.4995), "a"),
            ((-69.499, -12.499, -69.499, -12.499), "a"),
            ((-69.498_999_999, -12.5, -69.4, -12.4), ""),
            ((-60.2, 2.0, -60.1, 3.0), "c"),
            ((170.0, 10.0, 180.0, 20.0), ""),
        ],
    )
    def test_bbox_is_exact(self, store: Store, bbox: Bbox, expected: str) -> None:
        """Mutant: axes swapped; the 32-bit boxes of an index taken for the truth; borders left out."""
        with store.transaction():
            rows = [alert_row("a"), alert_row("b", -69.6, -12.6), alert_row("c", -60.15, 2.5)]
            store.insert("alerts", [*rows, alert_row("none") | {"geometry": None}])
        assert "".join(_ids(store.select("alerts", bbox=bbox))) == expected

    def test_bbox_follows_changes(self, store: Store) -> None:
        """Mutant: the spatial index is not told of updates, emptied geometries and removals."""
        here, there = (-69.6, -12.6, -69.4, -12.4), (-60.2, 2.4, -60.1, 2.6)
        moved = alert_row("a", -60.15, 2.5)
        steps = [
            (alert_row("a"), "a", ""),
            (moved, "", "a"),
            (moved | {"geometry": None}, "", ""),
            (moved, "", "a"),
        ]
        for row, at_here, at_there in steps:
            with store.transaction():
                store.upsert("alerts", [row])
            assert "".join(_ids(store.select("alerts", bbox=here))) == at_here
            assert "".join(_ids(store.select("alerts", bbox=there))) == at_there
        with store.transaction():
            assert store.delete("alerts", {"id": "a"}) == 1
        assert store.select("alerts", bbox=there) == []

    def test_bbox_must_be_one(self, store: Store) -> None:
        """Mutant: an impossible box answers "nothing there"."""
        with pytest.raises(StoreError, match="west <= east"):
            store.select("alerts", bbox=(10.0, 0.0, -10.0, 1.0))
        with pytest.raises(StoreError, match="geometry"):
            store.select("meta", bbox=(0.0, 0.0, 1.0, 1.0))

    def test_tally(self, store: Store) -> None:
        """Mutant: count of one column (NULL left out), or the latest of all groups."""
        rows = [
            alert_row(n) | {"status": s, "confirmed": c}
            for n, s, c in (("a", 1, None), ("b", 2, 5), ("c", 2, 9))
        ]
        with store.transaction():
            store.insert("alerts", rows)
        assert store.tally("alerts", ["status"], latest="confirmed") == [
            {"status": 1, "count": 1, "latest": None},
            {"status": 2, "count": 2, "latest": 9},
        ]
        assert store.tally("alerts", [], {"status": 2}) == [{"count": 2}]

    def test_delete_needs_conditions(self, store: Store) -> None:
        """Mutant: no condition removes everything."""
        _put(store, a="1", b="2")
        with pytest.raises(StoreError, match="conditions"), store.transaction():
            store.delete("meta", {})
        with store.transaction():
            assert store.delete("meta", {"key": "a"}) == 1
        assert (_value(store, "a"), _value(store, "b")) == (None, "2")

    @pytest.mark.parametrize("table", GROWING)
    def test_what_only_grows_cannot_be_changed(self, store: Store, table: str) -> None:
        """Mutant: the rule stands in Python alone, or forgets one of the statements."""
        with store.transaction():
            store.insert(table, [_growing_row(table)])
        with pytest.raises(StoreError, match="only grows"), store.transaction():
            store.upsert(table, [_growing_row(table)])
        with pytest.raises(StoreError, match="only grows"), store.transaction():
            store.delete(table, {"marking": 3})
        assert len(store.select(table)) == 1

    def test_a_failed_block_leaves_nothing(self, store: Store) -> None:
        """Mutant: what was written before the error stays."""
        with pytest.raises(ZeroDivisionError), store.transaction():
            _write_and_fail(store)
        assert _value(store, "a") is None
        _put(store, a="2")
        assert _value(store, "a") == "2"

    def test_a_swallowed_error_does_not_commit(self, store: Store) -> None:
        """Mutant: half of a block is kept because its author caught the error of the other half."""
        _put(store, a="1")
        with pytest.raises(StoreError, match="undone"), store.transaction():
            _write_and_swallow(store)
        assert _value(store, "b") is None

    def test_transactions_do_not_nest(self, store: Store) -> None:
        """Mutant: the inner block commits the outer one."""
        with pytest.raises(StoreError, match="nest"), store.transaction(), store.transaction():
            pass
        _put(store, a="1")

    def test_writes_need_a_transaction(self, store: Store) -> None:
        """Mutant: a write commits by itself."""
        for write in (store.insert, store.upsert):
            with pytest.raises(StoreError, match="transaction"):
                write("meta", [{"key": "a", "value": "1"}])
        with pytest.raises(StoreError, match="transaction"):
            store.delete("meta", {"key": "a"})
        assert _value(store, "a") is None

    def test_wrong_names_and_values_are_refused(self, store: Store) -> None:
        """Mutant: an unknown column is left out; text in a number's column; NaN becomes NULL."""
        wrong: list[tuple[str, list[Row]]] = [
            ("nothing", [{"a": 1}]),
            ("meta", [{"key": "a", "values": "1"}]),
            ("meta", [{"key": "a", "value": "1"}, {"key": "b"}]),
            ("meta", [{"key": "a", "value": 1}]),
            ("meta", [{"fid": 1, "key": "a"}]),
            ("meta", [{"key": None, "value": "1"}]),
            ("alerts", [alert_row("a") | {"evidence": float("nan")}]),
            ("alerts", [alert_row("a") | {"parents": [float("inf")]}]),
            ("alerts", [alert_row("a") | {"onset": 1.5}]),
            ("alerts", [alert_row("a") | {"onset": 2**63}]),
        ]
        for table, rows in wrong:
            with pytest.raises(StoreError), store.transaction():
                store.insert(table, rows)
        with pytest.raises(StoreError):
            store.select("meta", {"nothing": 1})
        assert store.select("alerts") == []

    def test_text_is_ordered_by_its_bytes(self, store: Store) -> None:
        """Mutants: the order of a language, of 16-bit units, or without capitals."""
        words = ["", "A", "B", "a", "b", "z", "ä", "ñ", "\uffff", "\U0001f333"]
        _put(store, **{f"k{number}": word for number, word in enumerate(reversed(words))})
        rows = store.select("meta", {"key": Between("k", "k~")}, order_by=["value"])
        assert [row["value"] for row in rows] == words
        assert len(store.select("meta", {"key": Between("k", "k~"), "value": Between("a", "z")})) == 3
        tally = store.tally("meta", ["value"], {"key": Between("k", "k~")})
        assert [row["value"] for row in tally] == words

    def test_numbers_are_exact(self, store: Store) -> None:
        """Mutants: 32 bits; numbers rounded in a text; a negative zero in one database only."""
        whole, real = [2**63 - 1, -(2**63), 2**53 + 1], [5e-324, 1.7976931348623157e308, 0.1 + 0.2, -0.0]
        with store.transaction():
            store.insert("alerts", [alert_row(f"i{n}") | {"onset": n} for n in whole])
            store.insert("alerts", [alert_row(f"r{n}") | {"area_ha": n} for n in real])
        for number in whole:
            assert _ids(store.select("alerts", {"onset": [number]})) == [f"i{number}"]
        for area in real:
            (row,) = store.select("alerts", {"area_ha": [area, area]}, columns=["area_ha"])
            assert repr(row["area_ha"]) == repr(area + 0.0)

    def test_json_comes_back_as_it_went_in(self, store: Store) -> None:
        """Mutants: keys in another order, numbers rounded, NUL refused, as a database's own JSON does."""
        value = {"b": [1.0, 1, True, None, 2**70], "a": {"ñ": "\0", "aa": 1e-7}}
        with store.transaction():
            store.insert("alerts", [alert_row("a") | {"parents": value}])
        (row,) = store.select("alerts", columns=["parents"])
        assert repr(row["parents"]) == repr({"a": {"aa": 1e-7, "ñ": "\0"}, "b": value["b"]})

    def test_what_one_database_would_change_is_refused(self, store: Store) -> None:
        """Mutant: left to the database, of which one cuts, one rounds and one refuses."""
        polygon = alert_row("a")["geometry"].geoms[0]
        far = shapely.MultiPolygon([shapely.box(0, 0, float("inf"), 1)])
        for wrong in ({"reason": "a\0b"}, {"geometry": polygon}, {"geometry": far}, {"step": -(2**63) - 1}):
            with pytest.raises(StoreError), store.transaction():
                store.insert("alerts", [alert_row("a") | wrong])
        asked: tuple[Row, ...] = ({"reason": "\0"}, {"onset": 1.5}, {"id": 1}, {"area_ha": float("nan")})
        for where in (*asked, {"parents": [[]]}, {"geometry": polygon}):
            with pytest.raises(StoreError):
                store.select("alerts", where)
        for order in ("geometry", "-geometry"):
            with pytest.raises(StoreError):
                store.select("alerts", order_by=[order])
        with pytest.raises(StoreError):
            store.select("alerts", limit=-1)

    def test_after_a_failure_a_block_answers_nothing(self, store: Store) -> None:
        """Mutant: the block reads half of what it wrote, and acts on it."""

        def read_on() -> None:
            _write_and_swallow(store)
            store.select("meta")

        _put(store, a="1")
        with pytest.raises(StoreError, match="undone"), store.transaction():
            read_on()
        assert store.select("meta", {"key": "b"}) == []

    def test_no_rows_are_no_error(self, store: Store) -> None:
        """Mutant: an empty batch becomes one empty row."""
        with store.transaction():
            assert store.insert("alerts", []) == store.upsert("alerts", []) == 0
        assert store.select("alerts") == []

    def test_reopened(self, store: Store, opener: Opener) -> None:
        """Mutant: data that only the open connection sees; a schema made twice."""
        _put(store, a="1")
        store.close()
        again = opener()
        assert _value(again, "a") == "1"
        again.close()

    def test_others_see_what_is_committed_and_only_that(self, store: Store, opener: Opener) -> None:
        """Mutant: dirty reads, or readers that wait for the writer."""
        other = opener()
        with store.transaction():
            store.insert("meta", [{"key": "a", "value": "1"}])
            assert _value(other, "a") is None
            assert _value(store, "a") == "1"
        assert _value(other, "a") == "1"
        other.close()

    def test_two_writers_lose_nothing(self, store: Store, opener: Opener) -> None:
        """Mutant: a transaction that begins as a reader, so that two read the same counter."""
        context = multiprocessing.get_context("spawn")
        workers = [context.Process(target=count_up, args=(opener, 40)) for _ in range(2)]
        for worker in workers:
            worker.start()
        count_up(opener, 40)
        for worker in workers:
            worker.join(60)
        assert [worker.exitcode for worker in workers] == [0, 0]
        assert _value(store, "counter") == "120"

    def test_threads_share_a_store(self, store: Store) -> None:
        """Mutant: a second thread writes into the first one's transaction."""

        def add(name: str) -> None:
            for number in range(20):
                with store.transaction():
                    now = int(_value(store, "counter") or 0)
                    store.upsert("meta", [{"key": "counter", "value": str(now + 1)}])
                    store.insert("meta", [{"key": f"{name}{number}", "value": ""}])

        threads = [threading.Thread(target=add, args=(name,)) for name in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert _value(store, "counter") == "40"

    @pytest.mark.parametrize("rows", [1, 20_000])
    def test_killed_in_a_transaction(self, store: Store, opener: Opener, rows: int) -> None:
        """Mutant: what a killed process wrote is there, what it had committed is not, or the lock stays."""
        context = multiprocessing.get_context("spawn")
        worker = context.Process(target=die_writing, args=(opener, rows))
        worker.start()
        worker.join(60)
        assert worker.exitcode == -signal.SIGKILL
        assert _value(store, "before") == "kept"
        assert store.select("meta", {"key": Between("lost-", "lost-~")}) == []
        _put(store, after="written")

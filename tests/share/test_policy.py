"""The gate. Each rule is a requirement of the project; each test names the mutant that breaks it."""

import json
from datetime import UTC, datetime

import pytest

from dosel.alerts.table import AlertLook, store_looks
from dosel.catalog.ledger import Folding, mark_used, record_scenes
from dosel.errors import ReleaseError
from dosel.model.codes import LookStatus
from dosel.model.marking import Marking
from dosel.model.provenance import table_hash
from dosel.share import Destination, Policy, Released, release
from dosel.share.policy import DESK
from dosel.testing.samples import SOURCE, look, scene

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
FILE = Destination("file", "out.gpkg")
WHO = {"actor": "operator", "purpose": "weekly report", "now": NOW}


def rows(store, *names):
    return store.select("alerts", {"id": names})


def register(store):
    return store.select("releases")


def test_plain_alerts_leave_and_are_recorded(centre):
    """Mutants: no entry; an entry without one of who, when, what, where, under which policy."""
    alerts = rows(centre, "alert-1", "alert-2")
    released = release(centre, alerts, to=FILE, **WHO)
    assert list(released.rows) == alerts
    (entry,) = register(centre)
    assert entry == {
        "id": released.id,
        "instant": "2026-01-02T03:04:05Z",
        "actor": "operator",
        "purpose": "weekly report",
        "kind": "file",
        "destination": "out.gpkg",
        "policy": "operator-local-file",
        "policy_version": "2",
        "subject": "alerts",
        "ids": ["alert-1", "alert-2"],
        "withheld": [],
        "content": table_hash(alerts, ignore=["geometry"]),
        "marking": Marking.RESTRICTED,
    }


def test_every_release_is_an_entry_of_its_own(centre):
    """Mutant: the same rows a second time at the same instant are not recorded."""
    ids = {release(centre, rows(centre, "alert-1"), to=FILE, **WHO).id for _ in range(3)}
    assert len(ids) == len(register(centre)) == 3


def test_sealed_never_leaves_and_does_not_show(centre):
    """Mutants: sealed rows leave, under any policy; or the receiver can tell that there were some."""
    lax = Policy("lax", "1", {"file": Marking.SEALED})
    sealed = rows(centre, "alert-sealed", "alert-under-sealed")
    with_sealed = release(centre, [*sealed, *rows(centre, "alert-1")], to=FILE, policy=lax, **WHO)
    assert [row["id"] for row in with_sealed.rows] == ["alert-1"]
    assert "sealed" not in repr(with_sealed)
    assert release(centre, sealed, to=FILE, **WHO).rows == ()
    assert [entry["withheld"] for entry in register(centre)] == [["alert-sealed", "alert-under-sealed"]] * 2


def test_an_alert_inherits_the_strictest_marking_of_its_scenes(centre):
    """Mutant: an alert that rests on a sealed scene leaves because its own row says restricted."""
    (alert,) = rows(centre, "alert-under-sealed")
    assert alert["marking"] == Marking.RESTRICTED
    assert release(centre, [alert], to=FILE, **WHO).rows == ()


def test_sealed_of_unknown_licence_is_as_if_not_there(centre):
    """Mutant: the refusal tells that a sealed alert exists."""
    alerts = [row | {"marking": int(Marking.SEALED)} for row in rows(centre, "alert-unknown")]
    assert release(centre, alerts, to=FILE, **WHO).rows == ()


@pytest.mark.parametrize("name", ["alert-unknown", "alert-nowhere"])
def test_unknown_rights_are_refused(centre, name):
    """Mutants: a blank licence passes; an alert without looks passes; part of the rows leaves."""
    with pytest.raises(ReleaseError, match=f"{name}.*licence or origin"):
        release(centre, rows(centre, "alert-1", name), to=FILE, **WHO)
    assert register(centre) == []


def test_an_alert_that_the_store_does_not_know_is_refused(centre):
    """Mutant: rows made up by the caller leave under the name of the centre."""
    stranger = rows(centre, "alert-1")[0] | {"id": "alert-made-up"}
    with pytest.raises(ReleaseError, match="licence or origin"):
        release(centre, [stranger], to=FILE, **WHO)


def test_rights_of_the_history_count(centre):
    """Mutant: only the looks that lent evidence are asked, not those that the baseline was learnt from."""
    old = scene("old", 17_000, source=SOURCE.__class__("old", "", "CC0-1.0"))
    with centre.transaction():
        record_scenes(centre, [old])
        mark_used(
            centre, look("old", 17_000, source=old.source), Folding(None, {}, status=LookStatus.HISTORY)
        )
    with pytest.raises(ReleaseError, match="licence or origin"):
        release(centre, rows(centre, "alert-1"), to=FILE, **WHO)


@pytest.mark.parametrize(
    "to",
    [
        Destination("feed", "partner"),
        Destination("File", "out.gpkg"),
        Destination("file", ""),
        Destination("file", "https://host/out.gpkg"),
        Destination("file", "s3://bucket/out.gpkg"),
        Destination("file", "/vsicurl/http://host/out.gpkg"),
        Destination("file", "//server/share/out.gpkg"),
        Destination("file", "\\\\server\\share\\out.gpkg"),
    ],
)
def test_only_files_on_this_machine(centre, to):
    """Mutant: what is not forbidden is allowed."""
    with pytest.raises(ReleaseError):
        release(centre, rows(centre, "alert-1"), to=to, **WHO)
    assert register(centre) == []


@pytest.mark.parametrize("changes", [{"actor": " "}, {"purpose": ""}])
def test_nobody_and_nothing_are_no_names(centre, changes):
    with pytest.raises(ReleaseError, match="who lets it out"):
        release(centre, rows(centre, "alert-1"), to=FILE, **(WHO | changes))


@pytest.mark.parametrize("column", ["marking", "id"])
def test_a_row_without_its_marking_stays(centre, column):
    """Mutant: a missing marking counts as public."""
    row = {k: v for k, v in rows(centre, "alert-1")[0].items() if k != column}
    with pytest.raises(ReleaseError, match="on every row"):
        release(centre, [row], to=FILE, **WHO)


def test_a_caller_cannot_lower_a_marking(centre):
    """Mutant: the caller's row is believed before the store's."""
    lowered = [row | {"marking": int(Marking.PUBLIC)} for row in rows(centre, "alert-sealed")]
    assert release(centre, lowered, to=FILE, **WHO).rows == ()


def test_nothing_is_released_but_by_release():
    """Mutant: anybody makes a Released."""
    with pytest.raises(ReleaseError, match="went past it"):
        Released("r", "alerts", (), {}, {}, FILE, "now", Policy("p", "1", {}), object())


def test_the_last_verdict_goes_along_without_the_name(centre):
    """Mutant: the first verdict, or the person's name, leaves."""
    verdict = {"alert_id": "alert-1", "day": 18_020, "person": "A. Name", "reason": ""}
    with centre.transaction():
        centre.insert("verdicts", [verdict | {"verdict": v} for v in ("unclear", "clearing")])
    released = release(centre, rows(centre, "alert-1"), to=FILE, **WHO)
    assert released.origins["alert-1"].verdict == "clearing (2019-05-04)"
    assert "A. Name" not in repr(released)


def test_parameters_go_along_only_under_their_own_marking(centre):
    """Mutant: thresholds, which a miner would like to know, leave with a public alert."""
    with centre.transaction():
        (row,) = rows(centre, "alert-2")
        centre.upsert("alerts", [row | {"marking": int(Marking.PUBLIC)}])
    given = rows(centre, "alert-1", "alert-2")
    released = release(centre, given, to=FILE, **WHO)
    markings = {row["id"]: row["marking"] for row in released.rows}
    assert markings["alert-2"] == Marking.PUBLIC
    assert "3.75" in released.parameters["alert-1"]
    assert released.parameters["alert-2"] == ""


def test_a_look_that_saw_nothing_of_an_alert_lent_nothing(centre):
    """Mutants: what a masked look is marked with seals the alert; its scenes are named as evidence."""
    before = release(centre, rows(centre, "alert-2"), to=FILE, **WHO).origins["alert-2"]
    with centre.transaction():
        (sealed,) = (row["look_id"] for row in centre.select("scenes", {"id": "sealed"}))
        store_looks(centre, [AlertLook("alert-2", sealed, "vv", 18_013, 0, None)], 5)
    released = release(centre, rows(centre, "alert-2"), to=FILE, **WHO)
    assert released.origins["alert-2"] == before
    assert len(before.scenes) == len(before.contents) == 1


@pytest.mark.parametrize("terms", [["", ""], ["A map maker", " "], ["", "CC0-1.0"]])
def test_nothing_leaves_that_rests_on_a_map_of_unknown_rights(centre, terms):
    """Mutants: only scenes are asked for their rights; one of origin and licence is enough."""
    with centre.transaction():
        centre.upsert("meta", [{"key": "layers", "value": json.dumps([terms])}])
    with pytest.raises(ReleaseError, match=r"\[mask\]"):
        release(centre, rows(centre, "alert-1"), to=FILE, **WHO)
    assert not register(centre)


def test_the_map_is_named_among_the_sources(centre):
    """Mutant: a map that everything rests on, and nobody is told."""
    with centre.transaction():
        centre.upsert("meta", [{"key": "layers", "value": json.dumps([["A map maker", "CC-BY-4.0"]])}])
    released = release(centre, rows(centre, "alert-1"), to=FILE, **WHO)
    assert ("A map maker", "CC-BY-4.0") in released.origins["alert-1"].sources


def test_paper_of_the_desk_is_recorded_and_needs_no_right_to_hand_on(centre):
    """Mutants: a report without an entry; what is sealed on paper; a file that leaves as if it were paper."""
    alerts = rows(centre, "alert-1", "alert-2")
    with centre.transaction():
        centre.upsert("sources", [row | {"licence": ""} for row in centre.select("sources")])
        centre.upsert("alerts", [alerts[1] | {"marking": int(Marking.SEALED)}])
    paper = Destination(DESK, "reports/a.pdf")
    assert [row["id"] for row in release(centre, alerts, to=paper, **WHO).rows] == ["alert-1"]
    assert [entry["kind"] for entry in register(centre)] == ["desk"]
    with pytest.raises(ReleaseError, match="licence or origin is unknown"):
        release(centre, alerts, to=FILE, **WHO)

"""What a person asks a centre on the command line, and what it answers to mistakes."""

import shutil

import numpy as np
import pyogrio
import pytest
from tests.pipeline.frontier import run

from dosel.config import SETTINGS_FILE
from dosel.model.marking import Marking
from dosel.pipeline.centre import open_centre
from dosel.pipeline.desk import AlertFilter, centre_status, list_alerts
from dosel.testing.tiny import START, write_scene, write_tiny


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A tiny centre after its run, with an alert."""
    place = write_tiny(tmp_path_factory.mktemp("desk") / "tiny")
    run(place)
    return place


@pytest.fixture
def place(tiny, tmp_path):
    return shutil.copytree(tiny, tmp_path / "centre")


@pytest.mark.parametrize(
    "words",
    [
        ("watch", "--until", "2024-13-01"),
        ("watch", "--dry-run", "--until", "tomorrow"),
        ("alerts", "--since", "foo"),
        ("alerts", "--bbox", "3,2,1,nan"),
        ("alerts", "--bbox", "-60,-10,-70,-5"),
        ("alerts", "--bbox", "1,2,3"),
        ("alerts", "--min-area-ha", "nan"),
        ("alerts", "--limit", "-3"),
    ],
)
def test_a_mistake_names_its_option(command, tiny, words):
    """Mutants: a sentence without the word that is wrong; a database error; a filter that is ignored."""
    status, said = command(*words, "-c", tiny)
    assert status == 2
    assert words[-2] in said
    assert "Traceback" not in said


def test_where_nothing_passes_nothing_is_released(command, place, tmp_path):
    """Mutants: an empty file; an entry in the register for nothing; an error."""
    out = tmp_path / "none.gpkg"
    status, said = command("alerts", "-c", place, "--min-area-ha", "1e6", "--to", out, "--by", "Ana")
    assert status == 0
    assert said.startswith("No alert passes the filter.\nOf what is watched, 0 % was truly seen")
    assert not out.exists()
    with open_centre(place) as centre:
        assert centre.store.select("releases") == []


def test_what_is_sealed_is_not_listed(command, place, tmp_path):
    """Mutants: the list ignores the marking; an export tells that something sealed is there."""
    with open_centre(place) as centre:
        rows = list_alerts(centre, AlertFilter())
        assert rows
        with centre.store.transaction():
            centre.store.upsert("alerts", [row | {"marking": int(Marking.SEALED)} for row in rows])
        assert list_alerts(centre, AlertFilter()) == []
    nothing = "No alert passes the filter.\nOf what is watched, 0 % was truly seen in the 30 days"
    assert command("alerts", "-c", place)[1].startswith(nothing)
    assert command("alerts", "-c", place, "--to", tmp_path / "a.gpkg", "--by", "Ana")[1].startswith(nothing)


def with_settings(place, old, new):
    path = place / SETTINGS_FILE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_forest_map_needs_its_rights_for_a_release(command, tmp_path):
    """Mutants: a map of unknown licence; rights that are stated afterwards and change the numbers."""
    place = write_tiny(tmp_path / "map")
    write_scene(place, START, np.ones((48, 48), np.float32)).rename(place / "forest.tif")
    with_settings(place, 'kind = "all"', 'kind = "map"\nfile = "forest.tif"\ndated = 2023-01-01')
    run(place)
    out = tmp_path / "out.gpkg"
    export = ("alerts", "-c", place, "--to", out, "--by", "Ana")
    status, said = command(*export)
    assert status == 5
    assert "[mask]" in said
    assert "[mask]" in command("doctor", "-c", place)[1]
    with_settings(place, 'kind = "map"', 'kind = "map"\norigin = "A map maker"\nlicence = "CC-BY-4.0"')
    assert command(*export)[0] == 0
    assert command("watch", "-c", place)[0] == 0
    assert "[mask]" not in command("doctor", "-c", place)[1]
    assert "A map maker (CC-BY-4.0)" in pyogrio.read_dataframe(out, layer="alerts")["sources"][0]


def test_thresholds_by_hand_are_known_as_such(place):
    """Mutant: the measured rate goes with thresholds that nobody measured."""
    with open_centre(place) as centre:
        assert not centre_status(centre).by_hand
    with_settings(place, "[resources]", "[alerts]\nh1_nats = 1.5\n[resources]")
    with open_centre(place) as centre:
        assert centre_status(centre).by_hand

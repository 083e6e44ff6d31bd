"""A centre that an earlier version wrote is read, checked, computed again and carried on by this one."""

import json
import zipfile

import pytest
from tests.golden.make_centre import EXPECTED, HALF, HERE, alerts, run

from dosel.pipeline.centre import open_centre
from dosel.pipeline.proof.recompute import recompute
from dosel.testing.tiny import HISTORY, MONITORED, canonical, write_scene

NUMBERS = sorted(path.stem for path in HERE.glob("centre-*.zip"))


@pytest.fixture(params=NUMBERS)
def golden(request, tmp_path):
    with zipfile.ZipFile(HERE / f"{request.param}.zip") as file:
        file.extractall(tmp_path / "centre")
    expected = json.loads((HERE / f"{request.param}.json").read_text(encoding="utf-8"))
    return tmp_path / "centre", expected


def test_there_is_one():
    assert EXPECTED.stem in NUMBERS


def test_it_is_read_as_it_was_written(golden):
    """Mutant: a stored array, word or column changes its meaning without a new version."""
    folder, expected = golden
    assert expected["half"]["alerts"]
    assert canonical(folder) == expected["half"]["hash"]
    assert alerts(folder) == expected["half"]["alerts"]


def test_its_alerts_are_computed_again_from_what_it_kept(golden):
    folder, expected = golden
    with open_centre(folder) as centre:
        for alert in expected["half"]["alerts"]:
            assert recompute(centre, alert[0]).same


def test_it_is_carried_on(golden):
    """Mutant: the next version starts anew, or folds on from a state that it reads differently."""
    folder, expected = golden
    for day in HISTORY + MONITORED:
        write_scene(folder, day)
    run(folder)
    assert canonical(folder) == expected["whole"]["hash"]
    assert alerts(folder) == expected["whole"]["alerts"]
    with open_centre(folder) as centre:
        used = centre.store.select("looks", {"status": 1})
    assert len(used) == len(MONITORED) > HALF

"""Order of arrival in the small: what was read once, slices of one pass, what came before the baseline."""

import pytest
from tests.pipeline.frontier import run

from dosel.config import SETTINGS_FILE
from dosel.pipeline.centre import open_centre
from dosel.pipeline.watch import watch
from dosel.testing.tiny import canonical, write_tiny


class Killed(BaseException):
    """What a power cut is to the program."""


class KilledAt:
    """A listener that ends the run after so many steps of a stage."""

    def __init__(self, stage, steps):
        self.at, self.steps, self.stage = stage, steps, ""

    def start(self, stage, total):
        self.stage = stage

    def advance(self, steps=1):
        if self.stage == self.at:
            self.steps -= steps
            if self.steps == 0:
                raise Killed


def change(place, old, new):
    path = place / SETTINGS_FILE
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("spread = 0.6", "spread = 0.6\nscale = 0.5"), ("quantum = 0.01", "quantum = 0.02")],
    ids=["scale of the scene", "quantum of the sensor"],
)
def test_what_was_read_under_a_wrong_setting_is_read_again(tmp_path, undisturbed, right, wrong):
    """Killed while learning, then mended. Mutants: the archive knows a look by its id, or by its scenes."""
    place = write_tiny(tmp_path / "centre")
    change(place, right, wrong)
    with pytest.raises(Killed), open_centre(place) as centre:
        watch(centre, progress=KilledAt("learn", 3))
    assert len(list((place / "looks").glob("*/*.look"))) > 0
    change(place, wrong, right)
    run(place)
    assert canonical(place) == undisturbed

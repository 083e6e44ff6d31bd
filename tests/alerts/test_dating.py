"""A chance pixel inside a clearing does not date it; an order of days stays an order."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dosel.alerts.dating import active_days, window_of
from dosel.model.codes import STATE_DAY0, PixelFlag
from dosel.monitor.accumulate import fresh_state


def days(*pixels):
    return np.array(pixels, np.uint16).T


def test_a_chance_pixel_in_five_changes_nothing():
    """Mutant: the first pixel dates the alert."""
    clearing = [(90, 95, 100)] * 8
    assert window_of(days(*clearing)) == window_of(days((10, 20, 30), *clearing))
    assert window_of(days(*clearing)) == window_of(days((10, 20, 30), (10, 20, 31), *clearing, *clearing))
    assert (
        window_of(days((10, 20, 30), *[(90, 95, 100)] * 3))[2] == STATE_DAY0 + 30
    )  # one in four may be true


@given(
    st.lists(
        st.tuples(st.integers(0, 99), st.integers(100, 199), st.integers(200, 299)), min_size=1, max_size=60
    )
)
def test_the_days_keep_their_order_and_depend_on_no_order_of_pixels(pixels):
    start, onset, end = window_of(days(*pixels))
    assert start < onset < end
    assert (start, onset, end) == window_of(days(*reversed(pixels)))
    later = sorted(pixel[2] for pixel in pixels)
    assert sum(day < end - STATE_DAY0 for day in later) <= 0.2 * len(later)


def test_active_days_are_those_of_candidates_and_changed_pixels():
    state = fresh_state((3, 4), 1)
    flags = {(0, 1): PixelFlag.CANDIDATE, (1, 3): PixelFlag.CHANGED, (2, 0): PixelFlag.CLOSED}
    for number, (place, flag) in enumerate(flags.items()):
        state.crossed[place] = (flag << 14) | (100 + number)
        state.before[place], state.onset[place] = 10 + number, 50 + number
    found = active_days(state)
    assert found.at.tolist() == [1, 7]
    assert found.of(np.array([1, 0]), np.array([3, 1])).tolist() == [[11, 10], [51, 50], [101, 100]]

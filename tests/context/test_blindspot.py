"""Looking back: a look counts where it is known to have seen, on its day, for its stream."""

import numpy as np
import pytest
import shapely

from dosel.context.blindspot import (
    NEVER,
    Cells,
    Detector,
    Eye,
    Ground,
    Latest,
    Sighting,
    Why,
    look_back,
)
from dosel.monitor.detectability import AGES_DAYS, Watching
from dosel.monitor.scalars import Thresholds
from dosel.monitor.streams import point_stream

RADAR, OPTICAL = Eye("s1/asc", "radar"), Eye("s2/any", "optical")
BOTH = ("s1/asc", "s2/any")
YES, NO = np.array([True, True, True]), np.array([False, False, False])


def cells(watched=(1.0, 1.0, 1.0)):
    boxes = [shapely.box(-70 + 0.01 * n, -13, -69.99 + 0.01 * n, -12.99) for n in range(3)]
    return Cells(np.array(boxes, dtype=object), np.full(3, 100.0), np.array(watched))


def look(day, key, *seen, covered=YES, fate="used"):
    return Sighting(day, key, np.array(seen, float), 1.0, covered, fate)


def back(*looks, as_of=200, days=30, **more):
    return look_back(cells(), (RADAR, OPTICAL), looks, as_of=as_of, days=days, **more)


def test_what_is_not_known_to_be_seen_is_not_seen():
    """Mutants: NaN as seen; a share just under half as truly seen."""
    view = back(look(190, "s1/asc", np.nan, 0.49, 0.5)).views["s1/asc"]
    assert view.last.tolist() == [NEVER, NEVER, 190]
    assert view.best.tolist() == [0, 0.49, 0.5]
    assert not np.isnan(view.best).any()


def test_as_of_a_day_ignores_later_looks():
    """Mutants: `<` for `<=`; later looks counted in last, best or why."""
    looks = [look(day, "s1/asc", 1, 1, 1) for day in (150, 160, 170)]
    for as_of, last in ((149, NEVER), (150, 150), (169, 160), (170, 170), (300, 170)):
        view = back(*looks, as_of=as_of).views["s1/asc"]
        assert view.last.tolist() == [last] * 3
    assert back(*looks, as_of=149).views["s1/asc"].best.max() == 0


def test_days_are_counted_to_the_last_one():
    """Mutant: a look exactly `days` ago is unseen."""
    for age, best in ((29, 1), (30, 1), (31, 0)):
        assert back(look(200 - age, "s1/asc", 1, 1, 1)).together.best.tolist() == [best] * 3


def test_streams_are_kept_apart_and_joined():
    """Mutants: every look counts for every stream; together is the last stream's."""
    blind = back(look(180, "s2/any", 1, 0, 0), look(195, "s1/asc", 0, 0.8, 0))
    assert blind.views["s1/asc"].last.tolist() == [NEVER, 195, NEVER]
    assert blind.views["s2/any"].last.tolist() == [180, NEVER, NEVER]
    assert blind.together.last.tolist() == [180, 195, NEVER]
    assert blind.together.share.tolist() == [1, 0.8, 0]
    assert blind.together.best.tolist() == [1, 0.8, 0]


def test_the_share_is_that_of_the_last_day():
    view = back(look(180, "s2/any", 1, 0.9, 0.6), look(190, "s2/any", 0.7, 0.2, 0.8)).views["s2/any"]
    assert view.last.tolist() == [190, 180, 190]
    assert view.share.tolist() == [0.7, 0.9, 0.8]
    assert view.best.tolist() == [1, 0.9, 0.8]


@pytest.mark.parametrize(
    ("looks", "radar", "optical"),
    [
        ([], Why.NO_PASS, Why.NO_PASS),
        ([look(190, k, 0, 0, 0, covered=NO) for k in BOTH], Why.OUTSIDE_SWATH, Why.OUTSIDE_SWATH),
        ([look(190, k, 0, 0, 0) for k in BOTH], Why.NOT_KNOWN, Why.CLOUD),
        ([look(190, "s1/asc", *[np.nan] * 3, fate="refused")], Why.REFUSED, Why.NO_PASS),
        ([look(190, "s2/any", *[np.nan] * 3, fate="blank")], Why.NO_PASS, Why.CLOUD),
        ([look(190, "s1/asc", 0, 0, 0, covered=None)], Why.NOT_KNOWN, Why.NO_PASS),
        ([look(d, "s1/asc", 0, 0, 0) for d in (100, 150, 190)], Why.LAYOVER, Why.NO_PASS),
        ([look(d, "s1/asc", *[d < 150] * 3) for d in (100, 150, 190)], Why.NOT_KNOWN, Why.NO_PASS),
        ([look(190, k, 1, 1, 1) for k in BOTH], Why.SEEN, Why.SEEN),
    ],
)  # fmt: skip
def test_the_reason_is_what_is_known(looks, radar, optical):
    """Mutants: cloud told of a radar; a place that was seen once told as layover; a missing look as cloud."""
    blind = back(*looks)
    assert blind.views["s1/asc"].why.tolist() == [radar] * 3
    assert blind.views["s2/any"].why.tolist() == [optical] * 3


def test_no_baseline_and_no_data_go_before_the_rest():
    ground = Ground(no_baseline={"s1/asc": np.array([True, False, False])})
    blind = look_back(
        cells((1.0, 1.0, 0.0)), (RADAR,), [look(190, "s1/asc", 0, 0, 1)], as_of=200, days=30, ground=ground
    )
    assert blind.views["s1/asc"].why.tolist() == [Why.NO_BASELINE, Why.NOT_KNOWN, Why.NO_DATA]
    assert blind.together.last.tolist() == [NEVER] * 3


def test_what_was_seen_before_the_looks_given_counts():
    before = Latest(np.array([80, NEVER, 90]), np.array([0.6, 0, 1.0]))
    blind = back(look(190, "s1/asc", 0, 0, 0.9), ground=Ground(last={"s1/asc": before}))
    assert blind.views["s1/asc"].last.tolist() == [80, NEVER, 190]
    assert blind.views["s1/asc"].share.tolist() == [0.6, 0, 0.9]


def test_found_is_of_the_stream_alone_and_of_all_together():
    """Mutants: streams mixed up; together takes one stream only; found where nothing was seen."""
    watching = Watching((point_stream("sentinel-1-vh-stabilised").model,), 0.0)
    eyes = (Eye("a", "radar", watching), Eye("b", "radar", watching), Eye("c", "radar"))
    looks = [look(day, key, 1, 1, 0) for day in range(100, 200, 6) for key in ("a", "c")]
    looks += [look(day, "b", 0, 1, 0) for day in range(100, 200, 6)]
    detector = Detector(Thresholds(4.0, 6.0), 0.01, 25)
    blind = look_back(
        cells(), eyes, sorted(looks, key=lambda one: one.day), as_of=200, days=30, detector=detector
    )
    at = AGES_DAYS.index(48)
    assert np.isfinite(blind.views["a"].found_ha[:, at]).tolist() == [True, True, False]
    assert np.isfinite(blind.views["b"].found_ha[:, at]).tolist() == [False, True, False]
    assert not np.isfinite(blind.views["c"].found_ha).any()
    assert np.isfinite(blind.together.found_ha[:, at]).tolist() == [True, True, False]
    assert blind.together.found_ha[1, 0] <= blind.views["a"].found_ha[1, 0]

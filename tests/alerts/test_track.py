"""Tracking: what must hold in every small world, and the rules one by one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dosel.alerts.alert import Alert
from dosel.alerts.confirm import AlertRules, reject
from dosel.alerts.polygonize import Pieces, pieces
from dosel.alerts.runs import active_runs, close_pixels, decode, rearm_pixels, stitch
from dosel.alerts.track import Outcome, Step, Verdict, track
from dosel.errors import InputError
from dosel.model.codes import NODATA, STATE_DAY0, AlertEvent, AlertStatus, PixelFlag
from dosel.model.grid import Grid
from dosel.model.provenance import Method, digest
from dosel.monitor.state import PixelState

GRID = Grid("demo", "EPSG:32719", 10.0, (300_000.0, 8_600_000.0), (0, 0, 64, 64))
METHOD = Method("cusum", "1", "0" * 64)
RULES = AlertRules(min_area_ha=0.03, close_days=60)
MIN_PIXELS = 3
H1, H2, DAY = 200, 500, 6000


@dataclass
class World:
    """Pixel states under looks of made-up evidence, and the alerts that follow."""

    shape: tuple[int, int]
    tile: int = 99
    rules: AlertRules = RULES
    day: int = DAY
    alerts: dict[str, Alert] = field(default_factory=dict)
    events: list = field(default_factory=list)
    state: PixelState = None
    found: Pieces = None

    def __post_init__(self):
        planes = [np.zeros(self.shape, kind) for kind in (np.int16, np.uint16, np.uint16, np.uint16)]
        self.state = PixelState(*planes, memory=np.zeros((0, *self.shape), np.int16))

    def open(self) -> dict[str, Alert]:
        return {key: alert for key, alert in self.alerts.items() if alert.status in (1, 2)}

    def accumulate(self, llr: np.ndarray) -> None:
        """Fold one look into the states as the kernel does; NODATA is masked."""
        state, seen = self.state, (llr != NODATA) & (self.state.crossed >> 14 != PixelFlag.CLOSED)
        was = state.evidence.copy()
        level = np.where(seen, np.clip(was + llr.astype(int), 0, 32767), was).astype(np.int16)
        state.onset[:] = np.where(seen & (was == 0) & (level > 0), self.day, state.onset)
        state.before[:] = np.where(seen & (level == 0), self.day, state.before)
        flag, first = state.crossed >> 14, state.crossed & 0x3FFF
        first = np.where((flag == 0) & (level >= H1), self.day, first)
        flag = np.where(level >= H2, 2, np.maximum(flag, level >= H1))
        word = np.where(flag > 0, (flag << 14) | first, 0)
        gone = seen & (level == 0)
        state.crossed[:] = np.where(seen, np.where(gone, 0, word), state.crossed).astype(np.uint16)
        state.onset[gone] = 0
        state.evidence[:] = level

    def look(self, llr: np.ndarray, shuffle: int = 0) -> Outcome:
        self.accumulate(llr)
        return self.track(llr, shuffle)

    def track(self, values: np.ndarray, shuffle: int = 0) -> Outcome:
        """Track after a look; the tiles and the alerts come in any order."""
        tiles = []
        for y in range(0, self.shape[0], self.tile):
            for x in range(0, self.shape[1], self.tile):
                cut = np.s_[y : y + self.tile, x : x + self.tile]
                state = self.state
                planes = (state.evidence, state.before, state.onset, state.crossed)
                part = PixelState(*(plane[cut] for plane in planes), memory=state.memory)
                tiles.append(active_runs(part, 100 + y, 200 + x, values[cut][None]))
        self.found = pieces(stitch(tiles[::-1] if shuffle else tiles))
        given = sorted(self.open().values(), key=lambda alert: digest([alert.id, shuffle]))
        step = Step(f"look-{self.day}", STATE_DAY0 + self.day, ("vv",), METHOD, "history")
        outcome = track(given, self.found, step, self.rules, GRID)
        self.apply(outcome)
        self.day += 12
        return outcome

    def apply(self, outcome: Outcome) -> None:
        close_pixels(self.state, 100, 200, outcome.close)
        rearm_pixels(self.state, 100, 200, outcome.rearm)
        self.alerts.update({alert.id: alert for alert in outcome.upserts})
        self.events += outcome.events


def pixels_of(alert: Alert) -> set[tuple[int, int]]:
    return {(row, col) for row, start, stop in decode(alert.runs).tolist() for col in range(start, stop)}


def pieces_of(found: Pieces) -> list[set[tuple[int, int]]]:
    groups: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for label, (row, start, stop) in zip(found.label.tolist(), found.runs.triples.tolist(), strict=True):
        groups[label] |= {(row, col) for col in range(start, stop)}
    return [groups[label] for label in sorted(groups)]


LLR = {"n": NODATA, "f": -600, "o": -150, "w": 250, "c": 520}
frames = arrays(
    np.int16,
    (8, 6, 7),
    elements=st.sampled_from([*LLR.values(), LLR["c"], LLR["n"], LLR["n"]]),
    fill=st.nothing(),
)


def check_open(world: World) -> None:
    """Every active pixel over the minimum is in exactly one open alert, and alerts hold whole pieces."""
    owner: dict[tuple[int, int], str] = {}
    groups = pieces_of(world.found)
    for alert in world.open().values():
        pixels = pixels_of(alert)
        assert not pixels & owner.keys()
        owner |= dict.fromkeys(pixels, alert.id)
        assert alert.pixels == len(pixels)
        assert len(set(alert.parents)) == len(alert.parents)
        assert alert.geometry.area == pytest.approx(100 * len(pixels))
        assert shapely.is_valid(alert.geometry)
        assert alert.geometry.geom_type == "MultiPolygon"
        assert alert.window_start < alert.onset <= alert.window_end <= alert.last_growth <= alert.updated
        assert (alert.confirmed is not None) == (alert.status is AlertStatus.CONFIRMED)
    resting = {(row, col) for row, col in np.argwhere(world.state.crossed >> 14 == 3) + np.array([100, 200])}
    for group in groups:
        holders = {owner.get(pixel) for pixel in group}
        assert len(holders) == 1
        if len(group) >= MIN_PIXELS and not group <= resting:
            assert holders != {None}
    assert owner.keys() <= set().union(*groups)


def check_lineage(before: dict[str, Alert], world: World, outcome: Outcome) -> None:
    """Nothing disappears silently: every ended alert says where it went, every part names its origin."""
    groups = pieces_of(world.found)
    active = set().union(*groups)
    told = {(event.alert_id, event.event) for event in outcome.events}
    for old in before.values():
        now, pixels = world.alerts[old.id], pixels_of(old)
        holders = {a.id for a in outcome.upserts if a.ended is None and pixels_of(a) & pixels}
        if now.status is AlertStatus.WITHDRAWN:
            assert not pixels & active
            assert (old.id, AlertEvent.WITHDRAWN) in told
        elif now.status is AlertStatus.MERGED:
            survivor = world.alerts[now.reason.split()[-1]]
            assert old.id in survivor.parents
            assert (survivor.window_end, -before[survivor.id].pixels, survivor.id) < (
                old.window_end,
                -old.pixels,
                old.id,
            )
            assert old.status is not AlertStatus.CONFIRMED or survivor.confirmed is not None
        else:
            assert pixels & active
            assert old.status is not AlertStatus.CONFIRMED or now.status is not AlertStatus.PROVISIONAL
            touched = [group for group in groups if group & pixels]
            most = max(len(group & pixels) for group in touched)
            assert max(len(pixels_of(now) & group & pixels) for group in touched) == most
        for other in holders - {old.id}:
            assert old.id in world.alerts[other].parents
    for alert in outcome.upserts:
        if alert.id not in before:
            assert (alert.id, AlertEvent.NEW) in told
            origin = {old.id for old in before.values() if pixels_of(old) & pixels_of(alert)}
            assert set(alert.parents) == origin


@settings(deadline=None, max_examples=120)
@given(frames, st.integers(1, 7), st.integers(0, 7))
def test_every_small_world(series, tile, rejected_at):
    """Invariants at every look; the same world cut and shuffled otherwise ends alike, event for event."""
    world, twin = World((6, 7)), World((6, 7), tile=tile)
    for number, llr in enumerate(series):
        before, ever = world.open(), set(world.alerts)
        outcome = world.look(llr)
        other = twin.look(llr, shuffle=number + 1)
        assert digest(repr(outcome)) == digest(repr(other))
        assert {alert.id for alert in outcome.upserts} & ever <= before.keys()
        assert outcome.reshaped == {
            alert.id
            for alert in outcome.upserts
            if alert.id not in before or alert.runs != before[alert.id].runs
        }
        check_open(world)
        check_lineage(before, world, outcome)
        if number == rejected_at and world.open():
            verdict = Verdict(min(world.open()), "A. Person", STATE_DAY0 + world.day, "a cloud")
            for one in (world, twin):
                one.apply(reject(one.open(), [verdict]))
    assert world.state.hash() == twin.state.hash()


def frame(*lines: str) -> np.ndarray:
    return np.array([[LLR[letter] for letter in line] for line in lines], np.int16)


def run(*looks: tuple[str, ...], **settings_) -> World:
    world = World((len(looks[0]), len(looks[0][0])), **settings_)
    for lines in looks:
        world.look(frame(*lines))
    return world


def told(world: World) -> list[tuple[str, str]]:
    names = {alert_id: chr(65 + i) for i, alert_id in enumerate(world.alerts)}
    return [(names[event.alert_id], event.event.name) for event in world.events]


def test_an_alert_grows_under_its_id_and_keeps_its_window():
    world = run(("ffffff",), ("nwwwnn",), ("nnnncn",), ("nccnnn",), ("nncccn",))
    (alert,) = world.alerts.values()
    assert [name for _, name in told(world)] == ["NEW", "GROWN", "CONFIRMED"]
    assert alert.window_start == STATE_DAY0 + DAY
    assert alert.window_end == alert.onset == STATE_DAY0 + DAY + 12
    assert alert.last_growth == STATE_DAY0 + DAY + 24
    assert alert.confirmed == STATE_DAY0 + DAY + 36
    assert (alert.pixels, alert.changed_pixels, alert.looks) == (4, 4, 4)
    assert alert.evidence == (250 + 520 + 520) / 64


def test_confirmation_needs_the_area_of_changed_pixels():
    assert [name for _, name in told(run(("ccwn",)))] == ["NEW"]
    assert [name for _, name in told(run(("cccn",)))] == ["NEW", "CONFIRMED"]
    lenient = AlertRules(min_area_ha=0.03, confirm_area_ha=0.02)
    assert [name for _, name in told(run(("ccwn",), rules=lenient))] == ["NEW", "CONFIRMED"]


def test_the_senior_of_merging_alerts_carries_on_and_inherits_belief():
    world = run(("wwwnnnn",), ("nnnnccc",), ("nnnwnnn",))
    first, second = world.alerts.values()
    assert told(world)[:3] == [("A", "NEW"), ("B", "NEW"), ("B", "CONFIRMED")]
    assert sorted(told(world)[3:]) == [("A", "CONFIRMED"), ("A", "GROWN"), ("B", "MERGED")]
    assert second.status is AlertStatus.MERGED
    assert second.reason == f"grew together with {first.id}"
    assert first.parents == (second.id,)
    assert first.pixels == 7
    assert second.ended == first.updated


def test_belief_is_inherited_even_without_the_changed_pixels():
    """The confirmed junior had lost a changed pixel when it merged: the senior is confirmed all the same."""
    strict = AlertRules(min_area_ha=0.03, confirm_area_ha=0.03)
    world = run(("wwwnnnnn",), ("nnnncccn",), ("nnnnnnff",), ("nnnwnnnn",), rules=strict)
    senior, junior = world.alerts.values()
    assert junior.status is AlertStatus.MERGED
    assert senior.changed_pixels == 2
    assert senior.status is AlertStatus.CONFIRMED


def test_of_equal_age_the_larger_carries_on():
    world = run(("wwwnwwww",), ("nnnwnnnn",))
    small, large = sorted(world.alerts.values(), key=lambda alert: alert.status is not AlertStatus.MERGED)
    assert small.pixels == 3
    assert large.pixels == 8


def test_the_larger_part_keeps_the_id_and_the_other_names_it():
    world = run(("wwwwwwww",), ("nnnofnnn",))
    kept, part = world.alerts.values()
    assert (kept.pixels, part.pixels) == (4, 3)
    assert part.parents == (kept.id,)
    assert ("A", "SPLIT") in told(world)
    assert kept.status is part.status is AlertStatus.PROVISIONAL


def test_a_remnant_below_the_minimum_stays_with_its_alert_until_it_is_one():
    world = run(("wwwwwwnn",), ("nnnnfnnn",))
    (alert,) = world.alerts.values()
    assert alert.pixels == 5
    assert len(alert.geometry.geoms) == 2
    world.look(frame("nnnnnnww"))
    first, part = world.alerts.values()
    assert first.pixels == 4
    assert part.pixels == 3
    assert part.parents == (first.id,)
    handed = [event.detail for event in world.events if event.event is AlertEvent.SPLIT]
    assert handed == [{"into": part.id, "pixels": 1}]


def test_a_remnant_that_joins_another_alert_names_where_it_came_from():
    world = run(("wwwwwwnnccc",), ("nnnnfnnnnnn",), ("nnnnnnwwnnn",))
    donor, heir = sorted(world.alerts.values(), key=lambda alert: alert.pixels)
    assert heir.parents == (donor.id,)
    assert {event.detail["into"] for event in world.events if event.event is AlertEvent.SPLIT} == {heir.id}
    assert donor.status is AlertStatus.PROVISIONAL


def test_an_alert_that_gives_twice_is_named_once():
    world = run(("wwwwwwwwnnccc",), ("nnnnfnfnnnnnn",), ("nnnnnnnnwwnnn",), ("nnnnnnwnnnnnn",))
    donor, heir = sorted(world.alerts.values(), key=lambda alert: alert.pixels)
    assert heir.parents == (donor.id,)
    assert [name for _, name in told(world)].count("SPLIT") == 2


def test_a_place_that_changes_again_after_a_split_gets_another_id():
    """The part that holds the first pixel of the first crossing must not be given the id of the whole."""
    world = run(("wwwwwwww",), ("nnnfnnnn",))
    kept, part = world.alerts.values()
    assert min(pixels_of(part)) < min(pixels_of(kept))
    assert part.window_end == kept.window_end
    assert part.id != kept.id


def test_an_alert_is_withdrawn_only_when_all_of_it_is_intact_again():
    world = run(("cccn",), ("ffnn",), ("ofnn",))
    (alert,) = world.alerts.values()
    assert (alert.status, alert.pixels) == (AlertStatus.CONFIRMED, 1)
    world.look(frame("nnfn"))
    (alert,) = world.alerts.values()
    assert alert.status is AlertStatus.WITHDRAWN
    detail = world.events[-1].detail
    assert world.events[-1].look_id == f"look-{DAY + 36}"
    assert detail["status"] == "CONFIRMED"
    assert (detail["looks"], alert.looks) == (2, 3)
    assert detail["intact_streams"] == ["vv"]
    world.look(frame("cccn"))
    assert len(world.alerts) == 2


def test_an_alert_that_does_not_grow_is_closed_and_its_pixels_rest():
    world = run(("cccn",), *[("ccnn",)] * 4)
    (alert,) = world.alerts.values()
    assert alert.status is AlertStatus.CONFIRMED
    world.look(frame("nnnn"))
    (alert,) = world.alerts.values()
    assert alert.status is AlertStatus.CLOSED
    assert alert.ended == alert.last_growth + 60
    assert world.look(frame("ccnn")).upserts == ()
    assert [name for _, name in told(world)] == ["NEW", "CONFIRMED", "CLOSED"]


def test_a_provisional_alert_is_never_closed():
    world = run(("wwwn",), *[("nnnn",)] * 9)
    assert [name for _, name in told(world)] == ["NEW"]


def test_growth_postpones_the_closing():
    world = run(("cccnn",), *[("nnnnn",)] * 4, ("nnncn",), *[("nnnnn",)] * 4)
    assert [name for _, name in told(world)] == ["NEW", "CONFIRMED", "GROWN"]


def test_a_look_elsewhere_changes_nothing():
    world = run(("cccnnnn",), ("nnnnnww",))
    alert = dict(world.alerts)
    assert world.look(frame("nnnnnff")).upserts == ()
    assert world.alerts == alert


def test_a_verdict_withdraws_and_rearms():
    world = run(("fffff",), ("cccnn",))
    (key,) = world.alerts
    outcome = reject(world.open(), [Verdict(key, "A. Person", STATE_DAY0 + 7000, "cloud shadow")])
    world.apply(outcome)
    assert world.alerts[key].status is AlertStatus.WITHDRAWN
    assert world.alerts[key].reason == "verdict of A. Person: cloud shadow"
    assert outcome.events[0].detail["person"] == "A. Person"
    assert outcome.events[0].day == STATE_DAY0 + 7000
    assert not world.state.crossed.any()
    assert world.track(frame("nnnnn")).upserts == ()
    world.look(frame("cccnn"))
    assert len(world.open()) == 1
    assert key not in world.open()


@pytest.mark.parametrize("person", ["", "  "])
def test_a_verdict_needs_a_name(person):
    world = run(("cccnn",))
    with pytest.raises(InputError, match="the name of a person"):
        reject(world.open(), [Verdict(min(world.alerts), person, 1, "")])


def test_a_verdict_on_no_open_alert_is_refused():
    world = run(("cccnn",))
    verdict = Verdict(min(world.alerts), "A. Person", 1, "")
    with pytest.raises(InputError, match="expected an open alert"):
        reject({}, [verdict])
    with pytest.raises(InputError, match="expected an open alert"):
        reject(world.open(), [verdict, verdict])


def test_alerts_that_cannot_be_tracked_are_refused():
    world = run(("cccnn",))
    (alert,) = world.alerts.values()
    step = Step("look", STATE_DAY0 + 7000, ("vv",), METHOD, "history")
    with pytest.raises(InputError, match="got it twice"):
        track([alert, alert], world.found, step, RULES, GRID)
    with pytest.raises(InputError, match="expected a provisional or confirmed alert"):
        track([replace(alert, status=AlertStatus.CLOSED)], world.found, step, RULES, GRID)


@pytest.mark.parametrize(
    "wrong",
    [{"min_area_ha": 0.0}, {"confirm_area_ha": -1.0}, {"min_area_ha": float("nan")}, {"close_days": 0}],
)
def test_rules_out_of_range_are_refused(wrong):
    with pytest.raises(InputError, match=f"alerts.{next(iter(wrong))}"):
        AlertRules(**wrong)


@pytest.mark.parametrize(("area_ha", "pixels"), [(0.01, 1), (0.03, 3), (0.031, 4), (0.1, 10), (0.0001, 1)])
def test_sizes_are_whole_pixels(area_ha, pixels):
    assert AlertRules(min_area_ha=area_ha).min_pixels(GRID) == pixels
    assert AlertRules(confirm_area_ha=area_ha).confirm_pixels(GRID) == pixels

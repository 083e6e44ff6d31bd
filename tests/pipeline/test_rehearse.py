"""Shared weather, stretches and change of the past, on blocks whose truth is known."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from dosel.catalog.sensors import SENSORS
from dosel.model.codes import LookStatus
from dosel.monitor.baseline import baseline_from_surroundings
from dosel.monitor.weather import shared_weight
from dosel.pipeline.learning.blocks import Block
from dosel.pipeline.learning.models import surrounding_streams
from dosel.pipeline.learning.past import Past
from dosel.pipeline.learning.rehearse import Rehearsal, Seen, Source, raised, shared_weather
from dosel.pipeline.spine.fold import _weight
from dosel.stack.gridded import GriddedLook

SIDE = 34
ROW = SENSORS["opera-rtc-s1"]


def streams(geometry):
    made = surrounding_streams(ROW, geometry)
    return replace(made, models=tuple(replace(model, level=-10.0) for model in made.models))


def rehearsal(fields, days, geometries):
    """A block whose looks show `fields` (look, y, x) in dB about a level of -10 dB in both bands."""
    rows = {name: streams(name) for name in set(geometries)}
    sources = {
        name: Source(row, (), 0, (2 * k, 2 * k + 1)) for k, (name, row) in enumerate(sorted(rows.items()))
    }
    looks = []
    for number, (field, day, name) in enumerate(zip(fields, days, geometries, strict=True)):
        values = np.rint((field - 10.0) * 100).astype(np.int16)
        gridded = GriddedLook(str(number), "block", day, rows[name].names, np.stack([values, values]), 1)
        looks.append(Seen(sources[name], Past(str(number), day, f"{day:06d}", (0, 0)), gridded))
    bases = {
        row.key: tuple(baseline_from_surroundings(model, (SIDE, SIDE)) for model in row.models)
        for row in rows.values()
    }
    inner = (SIDE - 2, SIDE - 2)
    return Rehearsal(Block(0, 0, inner), np.ones((SIDE, SIDE), np.uint8), bases, tuple(looks), 0.09)


def test_near_looks_of_two_streams_tell_their_shared_weather():
    rng = np.random.default_rng(1)
    fields, days, geometries = [], [], []
    for pass_ in range(40):
        wet = rng.normal(0, 0.6, (SIDE, SIDE))
        for geometry, later in (("ascending", 0), ("descending", 2)):
            fields.append(wet + rng.normal(0, 0.8, (SIDE, SIDE)))
            days.append(16000 + 12 * pass_ + later)
            geometries.append(geometry)
    found = shared_weather([rehearsal(fields, days, geometries)])
    assert found["c-band"] == pytest.approx(0.36, abs=0.03)
    apart = [day + 5 * (number % 2) for number, day in enumerate(days)]
    assert shared_weather([rehearsal(fields, apart, geometries)]) == {}


def test_change_of_the_past_is_no_false_alarm():
    rng = np.random.default_rng(2)
    fields = rng.normal(0, 0.5, (30, SIDE, SIDE))
    days = [16000 + 12 * number for number in range(30)]
    quiet = raised(rehearsal(fields, days, ["ascending"] * 30), 3, {})
    fields[8:, 10:16, 10:16] -= 5.0  # cleared, and it stays so
    fields[8:11, 24:30, 24:30] -= 5.0  # comes back: a false alarm
    found = raised(rehearsal(fields, days, ["ascending"] * 30), 3, {})
    assert quiet.left_out_ha == 0.0
    assert found.left_out_ha == pytest.approx(100 * 0.09)  # 6 x 6 pixels and the two beside them
    assert found.real.ha[19] == pytest.approx(36 * 0.09, abs=3 * 0.09)
    assert found.real.groups[19] == 1
    assert found.drawn.mha_years == found.real.mha_years  # drawn anew it is still the same forest
    assert 0 < found.drawn.groups[19] < 3


def test_a_look_weighs_less_after_near_looks_of_its_weather():
    def fold_of(rows):
        def select(table, where, columns):
            assert where["status"] == LookStatus.USED
            return [row for row in rows if where["day"].low <= row["day"] <= where["day"].high]

        store = SimpleNamespace(select=select)
        return SimpleNamespace(
            weather={"c-band": 0.5}, centre=SimpleNamespace(store=store, sensor=SENSORS.get)
        )

    def row(day, geometry, sensor="opera-rtc-s1"):
        return {"id": "a", "acquired": f"{day}", "day": day, "sensor": sensor, "geometry": geometry}

    look = SimpleNamespace(
        id="b", day=16002, acquired=SimpleNamespace(isoformat=lambda: "16002"),
        sensor="opera-rtc-s1", geometry="ascending",
    )  # fmt: skip
    own = streams("ascending")
    near, far = row(16000, "descending"), row(15990, "descending")
    assert _weight(fold_of([near]), look, own) == shared_weight(1, 0.5)
    assert _weight(fold_of([near, row(16001, "any")]), look, own) == shared_weight(2, 0.5)
    assert _weight(fold_of([far]), look, own) == 1.0
    assert _weight(fold_of([row(16001, "ascending")]), look, own) == 1.0  # its own stream
    assert _weight(fold_of([row(16001, "any", "sentinel-2-l2a")]), look, own) == 1.0  # another weather
    assert _weight(fold_of([row(16003, "descending")]), look, own) == 1.0  # folded later

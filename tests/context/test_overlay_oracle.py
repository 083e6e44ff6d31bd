"""Facts of real alerts about real layers, against an oracle that shares no step with them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from tests.context.peru import boxes, clipped, layer, outlines, window_around
from tests.oracle.overlay import distance_m, share

from dosel.context.facts import Relation
from dosel.context.overlay import asked, overlay, prepare

EXACT = 1e-3
"""0.1 %, of the area of the alert and of the distance."""


@pytest.fixture(scope="module")
def folder(shared_data):
    return shared_data / "context"


@pytest.fixture(scope="module")
def alerts(folder):
    """Return 1,500 boxes and 400 outlines, drawn once."""
    rng = np.random.default_rng(3)
    both = (boxes(folder), 1500), (outlines(folder), 400)
    return [one[i] for one, count in both for i in sorted(rng.choice(len(one), count, replace=False))]


@pytest.mark.parametrize("name", ["districts", "protected", "buffers", "corridor", "scars"])
def test_shares_are_right_to_a_thousandth(folder, alerts, name):
    """Kills shares in degrees, of a sphere, of a simplified unit, and units that are not found."""
    known = layer(folder, name)
    facts = overlay(asked(alerts), [prepare(known)]).facts([a.id for a in alerts], [known])
    inside = [f for f in facts if f.relation is Relation.INSIDE and f.number >= 0]
    partly = [f for f in inside if 0.001 < f.share < 0.999]
    assert len(partly) > 10
    shapes = {a.id: a.geometry for a in alerts}
    for fact in partly[:: max(1, len(partly) // 12)]:
        unit = known.units.geometry[fact.number]
        assert fact.share == pytest.approx(share(shapes[fact.alert_id], unit, 1500), abs=EXACT)


@pytest.mark.parametrize("name", ["rivers", "roads", "towns", "protected", "scars"])
def test_distances_are_right_to_a_thousandth(folder, alerts, name):
    """Every unit of the neighbourhood is asked; kills a projection's metres and a nearest that is second."""
    known = layer(folder, name)
    facts = overlay(asked(alerts), [prepare(known)]).facts([a.id for a in alerts], [known])
    near = [f for f in facts if f.relation is Relation.NEAREST and f.distance_m > 0]
    assert len(near) > 30
    shapes = {a.id: a.geometry for a in alerts}
    tree = shapely.STRtree(known.units.geometry)
    for fact in near[:: max(1, len(near) // 8)]:
        shape = shapes[fact.alert_id]
        reach = window_around(shape, 1.02 * fact.distance_m + 50)
        best = min(
            distance_m(shape, clipped(known.units.geometry[i], reach))
            for i in tree.query(reach, "intersects")
        )
        assert fact.distance_m == pytest.approx(best, rel=EXACT, abs=0.5)

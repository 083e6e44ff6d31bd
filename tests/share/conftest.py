"""A small made-up centre with alerts that rest on looks of known and unknown sources."""

from contextlib import closing
from dataclasses import replace

import pytest
import shapely

from dosel.alerts.table import AlertLook, store_alerts, store_looks
from dosel.catalog.ledger import Folding, mark_used, record_scenes
from dosel.model.codes import AlertStatus
from dosel.model.marking import Marking
from dosel.store import open_store
from dosel.testing.samples import CRS, SOURCE, alert, scene


@pytest.fixture
def centre(tmp_path):
    """Two plain alerts, a sealed one, one of unknown licence, one from nowhere."""
    scenes = [
        scene("a"),
        scene("b", 18_012, marking=Marking.PUBLIC),
        scene("sealed", 18_013, marking=Marking.SEALED),
        scene("unknown", 18_014, source=replace(SOURCE, name="found", licence=" "), sensor="other"),
    ]
    alerts = {
        "alert-1": ["a", "b"],
        "alert-2": ["b"],
        "alert-sealed": ["b"],
        "alert-under-sealed": ["a", "sealed"],
        "alert-unknown": ["a", "unknown"],
        "alert-nowhere": [],
    }
    with closing(open_store(tmp_path / "centre.gpkg")) as store:
        with store.transaction():
            looks = record_scenes(store, scenes).looks
            ids = {look.scenes[0].id: look.id for look in looks}
            for step, look in enumerate(looks, start=1):
                mark_used(store, look, Folding(step, {"t1": 5}))
            rows = [alert(name, col=40_000 + 10 * i) for i, name in enumerate(alerts)]
            x, y = 400_000.0, 8_610_000.0
            hole = shapely.box(x + 10, y - 20, x + 20, y - 10)  # rings with the clock, and a hole
            square = shapely.box(x, y - 30, x + 40, y).difference(hole)
            outline = shapely.orient_polygons(square, exterior_cw=True)
            rows[0] = replace(rows[0], geometry=shapely.MultiPolygon([outline]))
            rows[1] = replace(rows[1], status=AlertStatus.CONFIRMED, confirmed=18_013, parents=("alert-1",))
            rows[2] = replace(rows[2], marking=Marking.SEALED)
            store_alerts(store, rows, CRS, 4)
            method = {"hash": rows[0].method.parameters, "name": "cusum", "version": "1"}
            store.upsert("methods", [method | {"parameters": {"thresholds": {"h1": 3.75, "h2": 6.0}}}])
            evidence = [(name, ids[key]) for name, keys in alerts.items() for key in keys]
            store_looks(store, [AlertLook(name, look, "vv", 18_000, 12, -1.0) for name, look in evidence], 4)
        yield store

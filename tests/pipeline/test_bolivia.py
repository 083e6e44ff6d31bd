"""The small real stack of Bolivia (O): no worse than the reference result, beyond its interval."""

import numpy as np
from benchmarks.score_bolivia import date_differences, edge_of, looks_apart, run, truth

from dosel.pipeline.centre import open_centre
from dosel.pipeline.proof.recompute import recompute


def f1(found, label, use):
    return 2 * (found & label & use).sum() / ((found & use).sum() + (label & use).sum())


def test_standing_alerts_are_as_good_as_the_reference(shared_data, tmp_path):
    data = (shared_data / "timeseries" / "bolivia-s1-landsat-stack").resolve()
    summary, maps = run(data, tmp_path)
    label, use, reference = truth(data)
    assert use.sum() == 4579
    assert summary.used == 26
    assert f1(reference, label, use) > 0.957
    assert f1(maps.alerts, label, use) > 0.95
    assert f1(maps.alerts, label, use & ~edge_of(label)) > 0.975
    apart, _ = date_differences(maps, data, use)
    assert apart.size > 1400
    assert np.mean(np.abs(apart) <= 2) > 0.9
    with open_centre(tmp_path) as centre:
        ids = [row["id"] for row in centre.store.select("alerts", columns=["id"])]
        assert len(ids) > 10
        assert all(recompute(centre, name).same for name in ids)


def test_dates_differ_in_looks_not_in_days():
    """Kills: days counted for looks, the sign turned."""
    looks = np.array([10, 22, 23, 60])
    apart = looks_apart(np.array([22, 10, 60]), np.array([10, 23, 60]), looks)
    assert apart.tolist() == [1, -2, 0]

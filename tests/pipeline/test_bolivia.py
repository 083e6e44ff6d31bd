"""The small real stack of Bolivia (O): no worse than the reference result, beyond its interval."""

from benchmarks.score_bolivia import edge_of, run, truth


def f1(found, label, use):
    return 2 * (found & label & use).sum() / ((found & use).sum() + (label & use).sum())


def test_standing_alerts_are_as_good_as_the_reference(shared_data, tmp_path):
    data = (shared_data / "timeseries" / "bolivia-s1-landsat-stack").resolve()
    summary, maps = run(data, tmp_path)
    label, use, reference = truth(data)
    assert use.sum() == 4579
    assert summary.used == 26
    assert f1(reference, label, use) > 0.957
    assert f1(maps["standing alerts"], label, use) > 0.95
    assert f1(maps["standing alerts"], label, use & ~edge_of(label)) > 0.975

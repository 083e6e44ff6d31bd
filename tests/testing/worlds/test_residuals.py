"""Worlds whose radar noise is replayed from a bank of series."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from dosel.errors import InputError
from dosel.model.time import day_of
from dosel.testing.worlds import Resampling, clearing, make_bank, make_world, plain_forest, small

_SPEC = plain_forest(replace(small(seed=2), history_stride=1, layover_share=0.0))
_DAY0 = day_of("2017-01-03")


def _residuals(resampling: Resampling, geometry: str = "ascending") -> np.ndarray:
    world = make_world(_SPEC, [], resampling)
    looks = [look for look in world.looks if look.geometry == geometry]
    return np.stack([resampling.noise_db(_SPEC, look) for look in looks])


def test_each_pixel_replays_one_series_in_order() -> None:
    rng = np.random.default_rng(3)
    bank = make_bank(list(rng.normal(0, 1.5, (7, 61))), [_DAY0] * 7)
    noise = _residuals(Resampling(bank))
    following = {
        (float(a), float(b)) for row in bank.values for a, b in zip(row, np.roll(row, -1), strict=True)
    }
    for y, x in ((0, 0), (50, 20), (95, 95)):
        series = noise[:, y, x]
        pairs = list(pairwise(series))
        share = np.mean([(float(a), float(b)) in following for a, b in pairs])
        assert share > 0.9  # a year of 30.4 looks skips or repeats one at the seam


def test_the_season_stays_in_its_place() -> None:
    """Series that start in other months are shifted so that their wet season is the world's."""
    starts = [_DAY0 + shift for shift in (0, 90, 200, 301)]
    days = [start + 12 * np.arange(61) for start in starts]
    bank = make_bank([np.cos(2 * np.pi * (d - _DAY0) / 365.25) for d in days], starts)
    world = make_world(_SPEC, [], Resampling(bank))
    looks = [look for look in world.looks if look.geometry == "descending"]
    for look in looks:
        noise = Resampling(bank).noise_db(_SPEC, look)
        expected = np.cos(2 * np.pi * (look.day - _DAY0) / 365.25)
        np.testing.assert_allclose(noise, expected, atol=0.25)


def test_patches_share_what_lasts() -> None:
    rng = np.random.default_rng(4)
    lasting = np.repeat(rng.normal(0, 1.0, (40, 13)), 5, axis=1)[:, :61]
    bank = make_bank(list(lasting + rng.normal(0, 0.3, lasting.shape)), [_DAY0] * 40)

    def neighbours(patch_px: int) -> float:
        noise = _residuals(Resampling(bank, patch_px))
        return float(
            np.corrcoef(noise[:, 0:90:10, 0:90:10].ravel(), noise[:, 1:91:10, 1:91:10].ravel())[0, 1]
        )

    assert abs(neighbours(1)) < 0.12
    assert neighbours(10) > 0.5


def test_events_still_happen_and_vv_is_not_observed() -> None:
    bank = make_bank([np.zeros(61)], [_DAY0])
    event = clearing(_SPEC, 1, (48, 48), 0.5, _SPEC.monitor_start + 10)
    resampling = Resampling(bank)
    changed, calm = make_world(_SPEC, [event], resampling), make_world(_SPEC, [], resampling)
    look = next(look for look in changed.looks if look.radar and look.day > event.end_day)
    difference = changed.radar(look).gamma0_db[1] - calm.radar(look).gamma0_db[1]
    assert (difference != 0).sum() == event.rows.size
    assert np.isnan(changed.radar(look).gamma0_db[0]).all()


def test_a_world_never_meets_its_own_history_again() -> None:
    """Noise of the watch that equals noise of the history would flatter every baseline."""
    bank = make_bank(list(np.random.default_rng(5).normal(0, 1.5, (9, 61))), [_DAY0 + 50] * 9)
    noise = _residuals(Resampling(bank))
    repeated = [len(noise) - len(np.unique(noise[:, y, x])) for y, x in ((1, 1), (30, 70), (90, 4))]
    assert max(repeated) <= 1  # the seam of the years may show one look twice
    with pytest.raises(InputError, match="its own history"):
        Resampling(bank).noise_db(replace(_SPEC, history_days=700), make_world(_SPEC, []).looks[0])


def test_bad_banks_are_refused() -> None:
    with pytest.raises(InputError, match="at least a year"):
        make_bank([np.zeros(10)], [0])
    with pytest.raises(InputError, match="missing values"):
        make_bank([np.full(40, np.nan)], [0])
    with pytest.raises(InputError, match="one start day per series"):
        make_bank([np.zeros(40)], [0, 1])

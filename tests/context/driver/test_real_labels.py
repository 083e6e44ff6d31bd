"""The shipped table and real outlines: measures against the producer's own, answers against its labels."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from dosel.context.driver.causes import Cause
from dosel.context.driver.driver import Driver, cause_of
from dosel.context.driver.signs import Signs, season, signs_of
from dosel.model.time import day_of

EVERY = 7
"""One outline in so many; the whole is scored by the benchmark."""


@pytest.fixture(scope="module")
def deter(shared_data: Path) -> gpd.GeoDataFrame:
    """Some of the DETER alerts of Rondonia, 2023."""
    folder = shared_data / "context" / "alerts" / "deter-rondonia-2023"
    frame = gpd.read_file(folder / "RO_DETER_2023.gpkg").to_crs(4326).iloc[::EVERY]
    return frame[frame.AREAMUNKM > 0.03]


@pytest.fixture(scope="module")
def answers(deter: gpd.GeoDataFrame) -> list[tuple[str, Signs, Driver]]:
    """Label, signs and answer of each."""
    signs = [
        signs_of(outline, day_of_year=season(day_of(f"{day:%Y-%m-%d}"), -10.0))
        for outline, day in zip(deter.geometry, deter.VIEW_DATE, strict=True)
    ]
    return [(label, each, cause_of(each)) for label, each in zip(deter.CLASSNAME, signs, strict=True)]


def test_hectares_are_those_of_the_producer(
    deter: gpd.GeoDataFrame, answers: list[tuple[str, Signs, Driver]]
) -> None:
    """Mutant: a projection that is not equal-area. The oracle is INPE's own figure."""
    ours = np.array([signs.area_ha for _, signs, _ in answers])
    assert np.abs(ours / (100 * deter.AREAMUNKM.to_numpy()) - 1).max() < 0.002


def test_what_is_named_is_mostly_right_and_never_without_support(
    answers: list[tuple[str, Signs, Driver]],
) -> None:
    """Mutants: weights of two causes exchanged; a sign of a rule reversed. No bar is set on single alerts."""
    right = {"DESMATAMENTO_CR": Cause.AGRICULTURE, "DESMATAMENTO_VEG": Cause.AGRICULTURE}
    right["CICATRIZ_DE_QUEIMADA"] = Cause.FIRE
    spoke = [(label, driver) for label, _, driver in answers if driver.cause]
    assert len(spoke) > len(answers) / 2
    for cause in (Cause.AGRICULTURE, Cause.FIRE):
        named = [right.get(label) is cause for label, driver in spoke if driver.cause is cause]
        assert np.mean(named) > 0.5, cause
    assert not any(driver.cause in driver.not_evaluated for _, driver in spoke)


def test_unknown_grows_when_signs_are_taken_away(answers: list[tuple[str, Signs, Driver]]) -> None:
    """Mutant: a missing sign that is forgotten by UNKNOWN."""
    whole = np.array([driver.probabilities[Cause.UNKNOWN] for _, _, driver in answers])
    undated = [cause_of(_without(signs, "day_of_year")) for _, signs, _ in answers]
    shapeless = [cause_of(_without(signs, "elongation", "fill", "solidity")) for _, signs, _ in answers]
    for less in (undated, shapeless):
        unknown = np.array([driver.probabilities[Cause.UNKNOWN] for driver in less])
        assert unknown.mean() > whole.mean()
        assert (unknown > whole).mean() > 0.8


def _without(signs: Signs, *names: str) -> Signs:
    return replace(signs, **dict.fromkeys(names))

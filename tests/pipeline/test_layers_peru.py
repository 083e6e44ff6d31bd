"""The ready definitions of Peru on the real data (R)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod

from dosel.context.facts import Relation
from dosel.context.layer import ALWAYS, Completeness, Layer, Theme
from dosel.context.overlay import asked, overlay, prepare
from dosel.context.subject import Extent, Subject
from dosel.model.geodesy import areas_ha
from dosel.model.marking import Marking
from dosel.model.time import day_of
from dosel.pipeline.reference.layer_add import Added, add_layers, ready_definitions
from dosel.pipeline.reference.layers import load_layers
from dosel.store import open_store
from dosel.store.interface import Store

UNITS = {
    "countries": 12,
    "departments": 25,
    "provinces": 195,
    "districts": 1826,
    "border-regions": 9,
    "protected-areas": 353,
    "protected-areas-neighbours": 80,
    "buffer-zones": 19,
    "indigenous-territories": 237,
    "conservation-concessions": 104,
    "mining-rights-17s": 9025,
    "mining-corridor": 1,
    "mining-scars": 4519,
    "rivers": 45,
    "sub-basins": 9,
    "roads": 1279,
    "interoceanica": 15,
    "populated-centres": 94_922,
    "airports": 472,
    "runways": 146,
    "airstrips-brazil": 1269,
}
MISSING = {
    "isolation-reserves",
    "critical-frontier-areas",
    "timber-concessions",
    "forest-titles",
    "emergency-zones",
}


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    opened = open_store(":memory:")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def added(shared_data: Path, store: Store) -> dict[str, Added]:
    done = add_layers(store, ready_definitions("peru"), shared_data / "context")
    return {one.name: one for one in done}


@pytest.fixture(scope="module")
def layers(added: dict[str, Added], store: Store) -> dict[str, Layer]:
    return {layer.name: layer for layer in load_layers(store)}


def test_every_layer_holds_what_its_provenance_says(layers: dict[str, Layer]) -> None:
    """Mutant: leave the two provinces that stand twice; keep the eight districts without geometry."""
    assert {name: len(layers[name].units) for name in UNITS} == UNITS
    assert {name for name, one in layers.items() if one.completeness is Completeness.MISSING} == MISSING
    assert all(shapely.is_valid(one.units.geometry).all() for one in layers.values())


def test_what_had_to_be_mended_is_said(added: dict[str, Added]) -> None:
    """Mutant: drop the eight districts, or unite the provinces, without a word."""
    lost = {one.unit[:6] for one in added["districts"].problems if one.kind == "no-geometry"}
    assert lost == {"210103", "010204", "070105", "150137", "190203", "020602", "010523", "200602"}
    assert sum(one.kind == "no-unit" for one in added["districts"].problems) == 59
    assert {one.unit for one in added["provinces"].problems if one.kind == "united"} == {"2001", "0510"}
    provinces = {one.kind for one in added["provinces"].problems}
    assert provinces == {"united"}


def test_the_corridor_has_its_area(layers: dict[str, Layer]) -> None:
    """Known answer 498,519 ha within 0.1 %; oracle: the ellipsoid, ring by ring."""
    units = layers["mining-corridor"].units
    assert areas_ha(units.geometry)[0] == pytest.approx(498_519, rel=1e-3)
    on_ellipsoid = abs(Geod(ellps="WGS84").geometry_area_perimeter(units.geometry[0])[0]) / 10_000
    assert areas_ha(units.geometry)[0] == pytest.approx(on_ellipsoid, rel=1e-3)
    assert units.from_day.tolist() == [day_of("2010-03-11")]


def test_a_place_lies_where_it_is_known_to_lie(layers: dict[str, Layer]) -> None:
    """Known answers of the provenance: La Pampa, Iquitos, Pucallpa; mutant: swapped axes."""
    districts, places = layers["districts"].units, {"170102": (-70.05, -12.98), "160101": (-73.25, -3.75)}
    for code, place in places.items():
        inside = shapely.contains(districts.geometry, shapely.Point(place))
        assert districts.code[inside].tolist() == [code]
    pampa = shapely.Point(-70.05, -12.98)
    buffers = layers["buffer-zones"].units
    assert set(buffers.code[shapely.contains(buffers.geometry, pampa)]) == {"RN09"}
    assert not shapely.contains(layers["mining-corridor"].units.geometry, pampa).any()


def test_mining_rights_are_complete_only_west_of_78_degrees(layers: dict[str, Layer]) -> None:
    """Mutant: all of Peru, where Madre de Dios would read as free of mining rights."""
    coverage = layers["mining-rights-17s"].coverage
    assert coverage is not None
    assert coverage.bounds[2] == -78.0
    assert not shapely.contains(coverage, shapely.Point(-70.05, -12.98))
    assert shapely.contains(coverage, shapely.Point(-78.5, -7.1))


def test_dates_that_are_not_known_are_not_days(layers: dict[str, Layer]) -> None:
    """Mutant: 0 as 1970; the scars of 2025 known in 2024."""
    units = layers["conservation-concessions"].units
    known = units.from_day[units.from_day != ALWAYS[0]]
    assert len(known) == 17  # 21 texts, of which two are 0 and two are no days
    assert known.min() >= day_of("2010-01-01")
    scars = layers["mining-scars"].units
    late = np.char.startswith(scars.category.astype(str), "2025")
    assert (scars.from_day[late] > day_of("2024-12-31")).all()
    assert (scars.from_day > day_of("2018-01-01")).all()


def test_what_is_sensitive_is_marked(layers: dict[str, Layer], store: Store) -> None:
    """Mutant: public by default."""
    assert layers["indigenous-territories"].sensitivity is Marking.RESTRICTED
    assert layers["isolation-reserves"].sensitivity is Marking.SEALED
    assert layers["isolation-reserves"].margin_m > 0
    marked = store.tally("layer_units", ["layer", "marking"], {"layer": "indigenous-territories"})
    assert [row["marking"] for row in marked] == [int(Marking.RESTRICTED)]


def test_frontier_districts_are_where_the_borders_are(layers: dict[str, Layer]) -> None:
    """All nine border regions and no other have one; mutant: districts of the coast, or of the second row."""
    frontier = layers["frontier-districts"]
    regions = {code[:2] for code in frontier.units.code}
    assert regions == set(layers["border-regions"].units.code)
    known = set(frontier.units.code)
    assert {"170101", "170301", "160401", "250401", "240302"} <= known
    assert not {"250102", "160101", "170102", "150101", "200101"} & known
    assert frontier.completeness is Completeness.PARTIAL


def test_every_layer_speaks_three_languages_and_names_its_owner(layers: dict[str, Layer]) -> None:
    """Mutant: a layer without a note, or a complete one without coverage."""
    for layer in layers.values():
        assert set(layer.titles) == set(layer.note) == {"es", "pt", "en"}
        assert layer.owner
        assert (layer.coverage is not None) == (layer.completeness is Completeness.COMPLETE)


def test_a_second_run_finds_nothing_new(added: dict[str, Added], shared_data: Path, store: Store) -> None:
    """Mutant: a version that depends on the hour, the order, or how often a ring was moved."""
    only = ["departments", "provinces", "mining-corridor", "protected-areas"]
    again = add_layers(store, ready_definitions("peru", only), shared_data / "context")
    assert {one.name: (one.outcome, one.version) for one in again} == {
        name: ("same", added[name].version) for name in only
    }
    assert {theme.theme for theme in load_layers(store)} == set(Theme)


def test_only_a_complete_layer_ever_says_none(layers: dict[str, Layer]) -> None:
    """Mutant: a partial layer that answers "no overlap": no buffer on file is not none."""
    rng = np.random.default_rng(7)
    places = [
        (-70.05, -12.98),
        (-73.25, -3.75),
        *zip(rng.uniform(-80, -69, 60), rng.uniform(-17, -1, 60), strict=True),
    ]
    alerts = [
        Subject(
            str(i), shapely.Point(place).buffer(0.003), Extent.OUTLINE, "", None, day_of("2024-12-30"), None
        )
        for i, place in enumerate(places)
    ]
    known = list(layers.values())
    facts = overlay(asked(alerts), [prepare(one) for one in known]).facts([one.id for one in alerts], known)
    silent = {fact.layer for fact in facts if fact.relation is Relation.NONE}
    assert silent
    assert all(layers[name].completeness is Completeness.COMPLETE for name in silent)
    pampa = {fact.layer: fact.relation for fact in facts if fact.alert_id == "0"}
    for name in (
        "mining-rights-17s",
        "isolation-reserves",
        "timber-concessions",
        "protected-areas-neighbours",
    ):
        assert pampa[name] is Relation.NOT_EVALUATED
    assert pampa["buffer-zones"] is Relation.INSIDE

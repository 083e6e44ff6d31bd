"""`dosel converge`: activities from the store, by area and period, in three languages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from shapely import Point, box
from shapely.geometry import MultiPolygon
from tests.pipeline.conftest import Command
from tests.pipeline.desk_rows import add, alert, layer, new_centre, unit

from dosel.context.converge.events import UNDATED
from dosel.context.converge.plane import Plane
from dosel.context.converge.table import Question, Silence
from dosel.context.driver.causes import Cause
from dosel.errors import InputError
from dosel.messages import LANGUAGES, say
from dosel.model.marking import Marking
from dosel.model.time import day_of
from dosel.pipeline.centre import Centre
from dosel.pipeline.meaning.activities import breaks_of, events_of, happened
from dosel.pipeline.meaning.converge import converge

WEST, SOUTH = -70.5, -13.0
BOX = (WEST, SOUTH, WEST + 0.9, SOUTH + 0.9)
FIRST, LAST = day_of("2024-01-01"), day_of("2024-12-29")


def at(lon: float, lat: float) -> MultiPolygon:
    return MultiPolygon([box(lon, lat, lon + 1e-4, lat + 1e-4)])


def fill(centre: Centre, rng: np.random.Generator) -> None:
    """Mines beside clearings, an airstrip without a day, a sealed alert, one before the period."""
    clearing = rng.uniform(0.02, 0.88, (120, 2))
    mines = clearing[:60] + rng.normal(0, 0.002, (60, 2))
    rows = []
    for number, (dx, dy) in enumerate(clearing):
        day = FIRST + number * 3
        rows.append(alert(f"c{number}", geometry=at(WEST + dx, SOUTH + dy), window_end=day, area_ha=2.0))
    for number, (dx, dy) in enumerate(mines):
        row = alert(f"m{number}", geometry=at(WEST + dx, SOUTH + dy), source="amazon-mining-watch")
        details = {"series": "from 202400: the model changed"}
        rows.append({**row, "window_start": FIRST - 1, "window_end": FIRST + 364, "details": details})
    rows.append(alert("sealed", geometry=at(WEST + 0.5, SOUTH + 0.5), marking=int(Marking.SEALED)))
    rows.append(alert("old", geometry=at(WEST + 0.5, SOUTH + 0.5), window_end=FIRST - 900))
    add(centre, "alerts", rows)
    strip = {"geometry": Point(WEST + 0.4, SOUTH + 0.4), "id": "a", "source": "list", "external_id": "1"}
    more = {"state": "found", "content": "", "details": {}, "marking": int(Marking.RESTRICTED)}
    add(centre, "airstrips", [{**strip, **more}])


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    made = new_centre(tmp_path / "centre")
    fill(made, np.random.default_rng(1))
    add(made, "layers", [layer("departments", "department")])
    add(made, "layer_units", [unit("departments", 0, box(*BOX), "17", "MADRE DE DIÓS")])
    return made


def test_what_happened_is_read_as_its_source_says(centre: Centre) -> None:
    """Mutants: sealed rows shown; the cause of ours before a feed's word; undated airstrips left out."""
    cause = {"cause": int(Cause.AGRICULTURE), "probability": 0.9, "probabilities": {}}
    add(centre, "drivers", [{**cause, "alert_id": "m0", "reasons": [], "method": "", "proof": "R"}])
    rows = happened(centre.store, BOX, (FIRST, LAST + 2))
    names = [row.activity for row in rows]
    assert {name: names.count(name) for name in set(names)} == {"clearing": 120, "mining": 60, "airstrip": 1}
    events = events_of(rows, Plane.around(-70.05, -12.55))
    mining = events.of("mining")
    assert set(mining.blur_days.tolist()) == {182}
    assert set(mining.day.tolist()) == {FIRST + 364 - 182}
    assert events.of("airstrip").day.tolist() == [UNDATED]
    (known,) = breaks_of(rows)
    assert (known.activity, known.day, known.reason) == ("mining", FIRST, "the model changed")


def test_planted_convergence_is_told_and_what_cannot_be_is_said(centre: Centre) -> None:
    """Mutants: unit compared with accents; distances in degrees; blur forgotten."""
    found = converge(centre, "2024-01-01", "2024-12-30", unit="madre de dios")
    told = {(pair.fixed, pair.moved, pair.question): pair for pair in found.pairs}
    place = told["clearing", "mining", Question.PLACE]
    assert place.tail is not None
    assert place.tail.p < 0.01
    assert place.ratio is not None
    assert place.ratio.ratio > 1.5
    assert told["clearing", "mining", Question.MOMENT].silence is Silence.COARSE
    assert dict(found.counts)["clearing"] == 120
    assert found.edge is None
    assert found.layers == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_prints_every_answer(
    tmp_path: Path, command: Command, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Mutant: a sentence without its translation."""
    folder = tmp_path / "centre"
    with new_centre(folder) as made:
        fill(made, np.random.default_rng(1))
    settings = folder / "dosel.toml"
    text = settings.read_text()
    settings.write_text(text.replace('language = "en"', f'language = "{language}"'))
    area = ",".join(map(str, BOX))
    status, out = command(
        "converge", f"--bbox={area}", "--from", "2024-01-01", "--to", "2024-12-30", "-c", folder
    )
    assert status == 0
    assert say("converge.means", language) in out
    assert "{" not in out
    status, out = command(
        "converge", "--bbox=1,1,2,2", "--from", "2024-01-01", "--to", "2024-12-30", "-c", folder
    )
    assert status == 0
    assert "2024-12-30" in out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"unit": "nowhere"}, "no current layer has an area called 'nowhere'"),
        ({}, "either --unit or --bbox"),
        ({"bbox": "3,2,1"}, "west,south,east,north"),
        ({"bbox": "3,2,1,4"}, "west,south,east,north"),
    ],
)
def test_a_bad_area_is_one_sentence(centre: Centre, words: dict[str, str], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        converge(centre, "2024-01-01", "2024-12-30", **words)


def test_a_period_the_wrong_way_round_is_refused(centre: Centre) -> None:
    with pytest.raises(InputError, match="change them round"):
        converge(centre, "2024-12-30", "2024-01-01", bbox="-71,-13,-70,-12")

"""Versions of layers in a centre: add, load, refresh, check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest
import shapely
from tests.context.layering import definition

from dosel.context.layer import Completeness, Theme
from dosel.errors import InputError, InputMistakesError
from dosel.model.time import day_of
from dosel.pipeline.centre import Centre, open_centre
from dosel.pipeline.init import NewCentre, init_centre
from dosel.pipeline.reference.layer_add import add_layers, read_definitions, ready_definitions
from dosel.pipeline.reference.layer_check import check_layers, list_layers
from dosel.pipeline.reference.layer_refresh import refresh_layers
from dosel.pipeline.reference.layers import load_layers
from dosel.store.interface import Store

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NEW = NewCentre("here", "EPSG:32719", 10.0, "-70.6,-13.1,-69.9,-12.4", None, "2024-01-01", "en")


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    init_centre(tmp_path / "centre", NEW)
    with open_centre(tmp_path / "centre") as opened:
        yield opened


def box(i: int) -> Any:
    return shapely.box(-70 + i / 10, -12, -69.95 + i / 10, -11.95)


def write(folder: Path, names: list[str], file: str = "reserves.gpkg") -> Path:
    shapes = [box(i) for i in range(len(names))]
    table = gpd.GeoDataFrame({"code": names, "name": names}, geometry=shapes, crs="EPSG:4326")
    (folder / file).unlink(missing_ok=True)
    table.to_file(folder / file)
    return folder / file


def rows_of(store: Store) -> list[tuple[str, str, int]]:
    return [(row["name"], row["version"], row["current"]) for row in store.select("layers")]


def test_adding_the_same_file_again_changes_nothing(centre: Centre, tmp_path: Path) -> None:
    """Mutant: a new version or doubled units at every run."""
    write(tmp_path, ["a", "b"])
    first, again = (add_layers(centre.store, [definition()], tmp_path, now=NOW)[0] for _ in range(2))
    assert (first.outcome, again.outcome, again.version) == ("new", "same", first.version)
    assert len(rows_of(centre.store)) == 1
    assert len(centre.store.select("layer_units")) == 2


def test_an_update_keeps_the_old_version_and_says_what_changed(centre: Centre, tmp_path: Path) -> None:
    """Mutant: delete or overwrite the old version; two versions that are both current."""
    write(tmp_path, ["a", "b"])
    old = add_layers(centre.store, [definition()], tmp_path, now=NOW)[0]
    write(tmp_path, ["a", "c", "d"])
    new = add_layers(centre.store, [definition()], tmp_path, now=NOW)[0]
    assert new.outcome == "updated"
    assert new.changes.plain() == {"added": ["c", "d"], "removed": ["b"], "changed": []}
    assert {row[1]: row[2] for row in rows_of(centre.store)} == {old.version: 0, new.version: 1}
    current, before = load_layers(centre.store), load_layers(centre.store, version=old.version)
    assert [layer.units.code.tolist() for layer in (*current, *before)] == [["a", "c", "d"], ["a", "b"]]


def test_content_that_comes_back_is_its_old_version_again(centre: Centre, tmp_path: Path) -> None:
    """Mutant: fail on the key that is there; double its units."""
    versions = []
    for names in (["a"], ["b"], ["a"]):
        write(tmp_path, names)
        versions.append(add_layers(centre.store, [definition()], tmp_path, now=NOW)[0].version)
    assert versions[0] == versions[2] != versions[1]
    assert [layer.units.code.tolist() for layer in load_layers(centre.store)] == [["a"]]


def test_a_dry_run_writes_nothing(centre: Centre, tmp_path: Path) -> None:
    """Mutant: store in spite of it."""
    write(tmp_path, ["a"])
    assert add_layers(centre.store, [definition()], tmp_path, dry_run=True)[0].outcome == "new"
    assert not rows_of(centre.store)


def test_one_bad_file_stores_nothing_and_all_bad_files_are_said(centre: Centre, tmp_path: Path) -> None:
    """Mutant: keep the good half; stop at the first."""
    write(tmp_path, ["a"])
    asked = [definition(), definition(name="x", file="x.gpkg"), definition(name="y", file="y.gpkg")]
    with pytest.raises(InputMistakesError) as raised:
        add_layers(centre.store, asked, tmp_path)
    assert [line.split(":")[0] for line in raised.value.mistakes] == ["layer[x]", "layer[y]"]
    assert not rows_of(centre.store)


def test_what_is_loaded_is_what_was_read(centre: Centre, tmp_path: Path) -> None:
    """Mutant: lose dates, coverage, sensitivity or the numbering of units."""
    shapes = [box(0), box(1)]
    columns = {"code": ["a", "b"], "name": ["A", "B"], "day": ["2011-07-06", "0"]}
    gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326").to_file(tmp_path / "reserves.gpkg")
    asked = definition(since={"column": "day"}, sensitivity="restricted", margin_m=7.0, category="name")
    add_layers(centre.store, [asked], tmp_path)
    (layer,) = load_layers(centre.store, themes=[Theme.PROTECTED])
    assert layer.coverage is not None
    assert layer.coverage.equals(shapely.box(-72, -14, -68, -10))
    assert (layer.dated, layer.sensitivity.name, layer.margin_m) == (True, "RESTRICTED", 7.0)
    assert layer.units.from_day.tolist() == [day_of("2011-07-06"), -(2**31)]
    assert layer.units.category.tolist() == ["A", "B"]
    assert all(one.equals(two) for one, two in zip(layer.units.geometry, shapes, strict=True))
    assert load_layers(centre.store, themes=[Theme.ROAD]) == ()
    units = centre.store.select("layer_units", columns=("from_day", "to_day", "marking"))
    assert units[1] == {"from_day": None, "to_day": None, "marking": 3}


def test_a_centre_with_layers_opens_through_gdal(centre: Centre, tmp_path: Path) -> None:
    """Mutant: a blob, a type or a table of contents that GDAL does not take."""
    write(tmp_path, ["a", "b"])
    add_layers(centre.store, [definition()], tmp_path)
    file = centre.root / "centre.gpkg"
    assert {"layers", "layer_units"} <= set(pyogrio.list_layers(file)[:, 0])
    units = gpd.read_file(file, layer="layer_units")
    assert (len(units), units.crs.to_epsg()) == (2, 4326)
    assert units.geometry[1].equals(box(1))
    assert gpd.read_file(file, layer="layers").geometry[0].area == pytest.approx(16)


def test_a_layer_that_rests_on_another_follows_it(centre: Centre, tmp_path: Path) -> None:
    """Mutant: take the order of the file; refresh the parent and leave the child on its old coverage."""
    write(tmp_path, ["a"])
    write(tmp_path, ["L"], "land.gpkg")
    parent = definition(name="land", theme="department", file="land.gpkg", coverage={"units": True})
    child = definition(coverage={"layer": "land"})
    add_layers(centre.store, [child, parent], tmp_path, now=NOW)
    write(tmp_path, ["L", "M"], "land.gpkg")
    done = refresh_layers(centre.store, now=NOW)
    assert {one.name: one.outcome for one in done.added} == {"land": "updated", "reserves": "updated"}
    (layer,) = load_layers(centre.store, themes=[Theme.PROTECTED])
    assert layer.coverage is not None
    assert layer.coverage.bounds == pytest.approx((-70, -12, -69.85, -11.95))


def test_a_layer_is_made_again_where_what_it_rests_on_was_added_anew(centre: Centre, tmp_path: Path) -> None:
    """Mutant: look at files only: adding the parent by itself leaves the child complete where it is not."""
    write(tmp_path, ["a"])
    write(tmp_path, ["L"], "land.gpkg")
    parent = definition(name="land", theme="department", file="land.gpkg", coverage={"units": True})
    add_layers(centre.store, [definition(coverage={"layer": "land"}), parent], tmp_path)
    write(tmp_path, ["L", "M"], "land.gpkg")
    add_layers(centre.store, [parent], tmp_path)
    said = {(one.kind, one.layer): one.values for one in check_layers(centre)}
    assert said["outdated", "reserves"] == {"parents": "land"}
    assert [(one.name, one.outcome) for one in refresh_layers(centre.store).added] == [
        ("reserves", "updated")
    ]
    assert not refresh_layers(centre.store).added


def test_a_parent_that_is_not_there_is_said(centre: Centre, tmp_path: Path) -> None:
    """Mutant: a KeyError; a coverage of nowhere."""
    write(tmp_path, ["a"])
    with pytest.raises(InputMistakesError, match="the layer 'land' is needed first"):
        add_layers(centre.store, [definition(coverage={"layer": "land"})], tmp_path)


def test_refresh_reads_what_changed_or_is_due_and_keeps_the_version_of_the_rest(
    centre: Centre, tmp_path: Path
) -> None:
    """Mutant: read all; read none that is due; a version for the same content; lose one without a file."""
    write(tmp_path, ["a"])
    write(tmp_path, ["b"], "ruled.gpkg")
    ruled = definition(name="ruled", file="ruled.gpkg", refresh={"days": 30})
    add_layers(centre.store, [definition(), ruled], tmp_path, now=NOW)
    assert not refresh_layers(centre.store, now=NOW + timedelta(days=29)).added
    due = refresh_layers(centre.store, now=NOW + timedelta(days=30)).added
    assert [(one.name, one.outcome) for one in due] == [("ruled", "same")]
    assert not refresh_layers(centre.store, now=NOW + timedelta(days=31)).added
    write(tmp_path, ["a", "c"])
    (tmp_path / "ruled.gpkg").unlink()
    done = refresh_layers(centre.store, now=NOW + timedelta(days=90))
    assert [(one.name, one.outcome) for one in done.added] == [("reserves", "updated")]
    assert done.gone == ("ruled",)
    assert [layer.name for layer in load_layers(centre.store)] == ["reserves", "ruled"]


def test_refresh_of_a_name_says_what_it_cannot_do(centre: Centre, tmp_path: Path) -> None:
    """Mutant: nothing, without a word."""
    write(tmp_path, ["a"])
    missing = definition(name="timber", completeness="missing", file=None, coverage=None, code=None)
    add_layers(centre.store, [definition(), missing.model_copy(update={"unit_name": ()})], tmp_path)
    assert refresh_layers(centre.store, "reserves").added[0].outcome == "same"
    (tmp_path / "reserves.gpkg").unlink()
    for name, said in (
        ("nothing", "expected one of"),
        ("timber", "not read from a file"),
        ("reserves", "is not there"),
    ):
        with pytest.raises(InputError, match=said):
            refresh_layers(centre.store, name)


def test_check_says_what_is_wrong_and_what_silence_means(centre: Centre, tmp_path: Path) -> None:
    """Mutant: leave out any of them; call a theme without a layer clean."""
    write(tmp_path, ["a"])
    add_layers(
        centre.store,
        [
            definition(licence=None, coverage={"box": [-72.0, -12.75, -68.0, -10.0]}, refresh={"days": 30}),
            definition(name="partial", theme="buffer", completeness="partial", coverage=None),
            definition(name="timber", theme="concession-timber", completeness="missing", file=None),
        ],
        tmp_path,
        now=NOW,
    )
    write(tmp_path, ["b"])
    found = check_layers(centre, NOW + timedelta(days=40))
    kinds = {(one.kind, one.layer) for one in found}
    assert kinds >= {
        ("changed", "reserves"),
        ("stale", "reserves"),
        ("licence", "reserves"),
        ("gap", "reserves"),
        ("partial", "partial"),
        ("missing", "timber"),
        ("unregistered", "road"),
        ("unregistered", "isolation"),
        ("isolation", "isolation"),
    }
    gap = next(one for one in found if one.kind == "gap")
    assert float(gap.values["percent"]) == pytest.approx(50, abs=1)
    assert not {one for one in kinds if one[1] in {"protected", "buffer"}}


@pytest.mark.parametrize(("west", "clean"), [(-71.0, True), (-70.3, False)])
def test_only_a_complete_layer_over_all_of_the_area_speaks_of_isolation(
    centre: Centre, tmp_path: Path, west: float, clean: bool
) -> None:
    """Mutant: any layer of the theme, wherever it is complete, ends the warning."""
    write(tmp_path, ["a"])
    asked = definition(
        theme="isolation", sensitivity="sealed", margin_m=1000, coverage={"box": [west, -14.0, -69.0, -11.0]}
    )
    add_layers(centre.store, [asked], tmp_path)
    assert ("isolation" not in {one.kind for one in check_layers(centre)}) is clean


def test_the_list_has_what_a_person_asks(centre: Centre, tmp_path: Path) -> None:
    """Mutant: count old versions as layers; the age of another version."""
    for names in (["a"], ["a", "b"]):
        write(tmp_path, names)
        add_layers(centre.store, [definition()], tmp_path, now=NOW)
    (line,) = list_layers(centre.store, NOW + timedelta(days=5))
    assert (line.units, line.versions, line.age_days) == (2, 2, 5)
    assert line.completeness is Completeness.COMPLETE
    assert line.coverage_km2 == pytest.approx(4 * 111.3 * 0.978 * 4 * 110.6, rel=0.01)


TOML = """
[[layer]]
name = "reserves"
theme = "protected"
shape = "area"
completeness = "partial"
titles = { es = "Reservas", pt = "Reservas", en = "Reserves" }
note = { es = "Parcial: dos.", pt = "Parcial: duas.", en = "Partial: two." }
owner = "somebody"
sensitivity = "public"
file = "reserves.gpkg"
code = "code"
unit_name = "name"
"""


def test_the_command_line_adds_lists_checks_and_refreshes(
    centre: Centre, tmp_path: Path, command: Callable[..., tuple[int, str]]
) -> None:
    """Mutant: any command that fails, is silent, or forgets the language."""
    write(tmp_path, ["a", "b"])
    (tmp_path / "mine.toml").write_text(TOML, encoding="utf-8")
    words = ("layers", "add", tmp_path / "reserves.gpkg", "--definition", tmp_path / "mine.toml")
    status, said = command(*words, "--centre", centre.root, "--dry-run")
    assert (status, "nothing has been changed" in said, "reserves: new" in said) == (0, True, True)
    assert command(*words, "--centre", centre.root)[0] == 0
    status, said = command("layers", "list", "--centre", centre.root, "--language", "pt")
    assert (status, "Parcial: duas." in said, "não conhecida" in said) == (0, True, True)
    status, said = command("layers", "check", "--centre", centre.root, "--language", "es")
    assert (status, "Pueblos en aislamiento: no evaluado" in said) == (0, True)
    write(tmp_path, ["a", "c"])
    status, said = command("layers", "refresh", "--centre", centre.root)
    assert (status, "units added: 1 (c)" in said, "units removed: 1 (b)" in said) == (0, True, True)


@pytest.mark.parametrize(
    "words",
    [
        ("layers", "add"),
        ("layers", "add", "--ready", "peru"),
        ("layers", "add", "--ready", "atlantis", "--from", "."),
        ("layers", "add", "--ready", "peru", "--from", ".", "--only", "nothing"),
        ("layers", "add", "--definition", "nothing.toml"),
        ("layers", "refresh", "nothing"),
    ],
)
def test_a_wrong_command_is_one_sentence(
    centre: Centre, words: tuple[str, ...], command: Callable[..., tuple[int, str]]
) -> None:
    """Mutant: a trace; another status."""
    status, said = command(*words, "--centre", centre.root)
    assert status == 2
    assert said.startswith("dosel: ")
    assert "Traceback" not in said


def test_a_file_cannot_be_the_units_of_a_missing_layer(
    centre: Centre, tmp_path: Path, command: Callable[..., tuple[int, str]]
) -> None:
    """Mutant: read it, and say missing all the same."""
    text = TOML.replace('"partial"', '"missing"').replace('file = "reserves.gpkg"\n', "")
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    file = write(tmp_path, ["a"])
    words = ("layers", "add", file, "--definition", tmp_path / "mine.toml", "--centre", centre.root)
    status, said = command(*words)
    assert (status, "is missing or derived" in said) == (2, True)


def test_definitions_of_a_file_and_of_a_country(tmp_path: Path) -> None:
    """Mutant: lose `--only`; a ready file that does not parse."""
    (tmp_path / "mine.toml").write_text(TOML, encoding="utf-8")
    assert [one.name for one in read_definitions(tmp_path / "mine.toml")] == ["reserves"]
    assert [one.name for one in ready_definitions("peru", ["rivers"])] == ["rivers"]

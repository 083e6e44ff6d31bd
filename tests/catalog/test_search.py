"""Static catalogues: what lies outside is left out, what is broken is one refusal, the rest goes on."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dosel.catalog.search import Found, Window, search
from dosel.catalog.sensors import Sensor
from dosel.config import SourceSettings
from dosel.errors import InputError
from dosel.model.codes import Refusal
from dosel.model.time import day_of
from dosel.testing.loose import EVERYWHERE, NOW, declared

STATIC = SourceSettings(name="s", kind="stac", sensor="product", path=Path("stac/collection.json"))


@pytest.fixture
def copy(catalogue: Path, tmp_path: Path) -> Path:
    """Return a copy of the static catalogue that a test may break."""
    return Path(shutil.copytree(catalogue, tmp_path / "copy"))


def found(
    centre: Path, window: Window = EVERYWHERE, source: SourceSettings = STATIC, row: Sensor | None = None
) -> Found:
    return search(source, row or declared(), window, {}, centre=centre, now=NOW)


def items(root: Path) -> list[Path]:
    return sorted(p for p in (root / "stac").rglob("*.json") if p.name != "collection.json")


def change(path: Path, **values: Any) -> None:
    item = json.loads(path.read_text())
    for key, value in values.items():
        item[key] = value
    path.write_text(json.dumps(item))


def test_relative_hrefs_lead_to_the_rasters(catalogue: Path) -> None:
    scenes = found(catalogue).scenes
    assert len(scenes) == 7
    assert all(Path(s.assets["value"].href).is_file() for s in scenes)
    assert scenes[0].source.licence == ""


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2024-02-15", "2024-04-15", [2, 3, 4]),
        ("2024-02-16", "2024-04-14", [3]),
        ("2024-07-16", "2024-12-31", []),
    ],
)
def test_only_days_within_are_found(catalogue: Path, first: str, last: str, months: list[int]) -> None:
    window = replace(EVERYWHERE, from_day=day_of(first), to_day=day_of(last))
    assert [s.acquired.month for s in found(catalogue, window).scenes] == months


@pytest.mark.parametrize(
    ("bbox", "count"),
    [((-70.0, -13.0, -69.0, -12.0), 7), ((-69.1840, -12.6645, 0, 0), 7), ((-69.0, -12.0, 0, 0), 0)],
)
def test_only_scenes_that_touch_the_box_are_found(
    catalogue: Path, bbox: tuple[float, float, float, float], count: int
) -> None:
    result = found(catalogue, replace(EVERYWHERE, bbox=bbox))
    assert (len(result.scenes), result.refused) == (count, ())


def test_a_collection_outside_is_not_walked(copy: Path) -> None:
    for path in items(copy):
        path.unlink()
    assert found(copy, replace(EVERYWHERE, bbox=(0, 0, 1, 1))) == Found((), ())
    assert found(copy, replace(EVERYWHERE, to_day=day_of("2024-01-14"))) == Found((), ())
    assert len(found(copy).refused) == 7


BROKEN = {
    "truncated": (lambda p: p.write_text(p.read_text()[:100]), Refusal.TRUNCATED),
    "missing": (lambda p: p.unlink(), Refusal.UNREADABLE),
    "binary": (lambda p: p.write_bytes(b"\xff\xfe\xff"), Refusal.UNREADABLE),
    "list": (lambda p: p.write_text("[]"), Refusal.UNREADABLE),
    "other": (lambda p: p.write_text('{"type": "Poem"}'), Refusal.UNREADABLE),
    "malformed": (lambda p: change(p, properties="none"), Refusal.UNDECLARED),
    "odd bbox": (lambda p: change(p, bbox=["a", "b", "c", "d"]), Refusal.UNREADABLE),
    "short bbox": (lambda p: change(p, bbox=[1, 2, 3], geometry=None), Refusal.UNDECLARED),
    "odd assets": (lambda p: change(p, assets=[1]), Refusal.MISSING_BAND),
    "future": (lambda p: change(p, properties={"datetime": "2030-01-01T00:00:00Z"}), Refusal.FUTURE),
}


@pytest.mark.parametrize(("damage", "refusal"), BROKEN.values(), ids=BROKEN)
def test_a_broken_item_is_one_refusal_and_the_others_go_on(copy: Path, damage: Any, refusal: Refusal) -> None:
    damage(items(copy)[2])
    result = found(copy)
    assert len(result.scenes) == 6
    (item,) = result.refused
    assert item.refusal is refusal
    assert "\n" not in item.reason
    assert item.source == "s"


def test_one_id_with_two_contents_is_refused_and_with_one_content_is_one(copy: Path) -> None:
    first, second, third, *_ = items(copy)
    change(second, id="loose-2024-01-15")
    shutil.copy(third, third.with_name("again.json"))
    collection = copy / "stac" / "collection.json"
    root = json.loads(collection.read_text())
    root["links"].append({"rel": "item", "href": f"./{third.parent.name}/again.json"})
    collection.write_text(json.dumps(root))
    result = found(copy)
    assert [s.acquired.month for s in result.scenes] == [3, 4, 5, 6, 7]
    assert [(r.id, r.refusal) for r in result.refused] == [("loose-2024-01-15", Refusal.DUPLICATE)]
    assert first.exists()


def test_item_collection_in_one_file(copy: Path) -> None:
    features = []
    for path in items(copy):
        item = json.loads(path.read_text())
        for asset in item["assets"].values():
            asset["href"] = asset["href"].replace("../../", "../")
        features.append(item)
    (copy / "stac" / "all.json").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    source = STATIC.model_copy(update={"path": Path("stac/all.json")})
    assert [s.assets for s in found(copy, source=source).scenes] == [s.assets for s in found(copy).scenes]


def test_a_cycle_of_links_ends(copy: Path) -> None:
    collection = copy / "stac" / "collection.json"
    root = json.loads(collection.read_text())
    root["links"].append({"rel": "child", "href": "./collection.json"})
    collection.write_text(json.dumps(root))
    assert len(found(copy).scenes) == 7


def test_an_empty_catalogue_finds_nothing(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text('{"type": "Catalog", "id": "c", "links": []}')
    assert found(tmp_path, source=STATIC.model_copy(update={"path": Path("c.json")})) == Found((), ())


def test_wrong_collections_are_answered_with_those_that_exist(catalogue: Path) -> None:
    source = STATIC.model_copy(update={"collections": ("other",)})
    with pytest.raises(InputError, match="no item of collection other; the catalogue has product"):
        found(catalogue, source=source)


@pytest.mark.parametrize("text", [None, "{", "[]"])
def test_no_catalogue_is_the_users_to_mend(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "c.json").write_text(text)
    with pytest.raises(InputError, match=r"c\.json.*expected a STAC catalogue"):
        found(tmp_path, source=STATIC.model_copy(update={"path": Path("c.json")}))


def test_moving_a_centre_changes_no_content(catalogue: Path, copy: Path) -> None:
    contents = [[s.properties["content"] for s in found(root).scenes] for root in (catalogue, copy)]
    assert contents[0] == contents[1]

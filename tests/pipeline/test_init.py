"""A new centre: what is wrong is said at once, and nothing is made then."""

import pytest

from dosel.config import load_settings
from dosel.stack.area import grid_of
from dosel.testing.tiny import START, write_scene


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--bbox", "a,b,c,d"), "--bbox"),
        (("--bbox", "1,2,3"), "--bbox"),
        (("--bbox", "-60,-13,-70,-12"), "west < east"),
        (("--bbox", "-70,-13,-69,nan", "--crs", "EPSG:32719"), "--bbox"),
        (("--language", "fr"), "--language"),
        (("--crs", "EPSG:4326"), "--crs"),
        (("--crs", "EPSG:99999"), "--crs"),
        (
            ("--crs", "EPSG:4326", "--bbox", "-70,-13,-69,-12", "--resolution-m", "10"),
            "projected CRS in metres",
        ),
        (("--start", "2024-99-01"), "--start"),
        (("--resolution-m", "0"), "--resolution-m"),
        (("--resolution-m", "nan"), "--resolution-m"),
        (("--resolution-m", "inf"), "--resolution-m"),
        (("--like", "gone.tif"), "--like"),
        (("--like", "gone.tif", "--bbox", "-70,-13,-69,-12"), "--bbox, --like"),
    ],
)
def test_a_mistake_is_said_and_nothing_is_made(command, tmp_path, words, told):
    """Mutants: a traceback; a value that nobody reads before the first run; a folder that stays behind."""
    place = tmp_path / "new"
    status, said = command("init", place, *words)
    assert (status, "1 mistake\n" in said) == (2, True)
    assert f"  {told}" in said or told in said.split(":", 2)[-1]
    assert not place.exists()


def test_all_mistakes_are_said_at_once(command, tmp_path):
    """Mutants: the first one hides the others; the CRS waits for the box."""
    wrong = (
        "--bbox",
        "x",
        "--start",
        "soon",
        "--language",
        "fr",
        "--crs",
        "EPSG:99999",
        "--resolution-m",
        "-1",
    )
    status, said = command("init", tmp_path / "new", *wrong, "--resolution-m", "-1")
    assert status == 2
    assert "5 mistakes" in said
    options = [line.split()[0].rstrip(":") for line in said.splitlines()[1:]]
    assert sorted(options) == ["--bbox", "--crs", "--language", "--resolution-m", "--start"]


def test_a_raster_says_crs_and_pixel_size(command, tmp_path):
    """Mutants: what the raster has is asked for; it is not what the settings then say."""
    like = write_scene(tmp_path, START)
    place = tmp_path / "new"
    status, _ = command("init", place, "--like", like, "--start", "2026-01-01", "--name", 'Río 🌳 "a"')
    assert status == 0
    settings = load_settings(place, {})
    assert (settings.area.crs, settings.area.resolution_m) == ("EPSG:32719", 10.0)
    assert settings.area.name == 'Río 🌳 "a"'
    assert grid_of(settings.area, place).window == (0, 0, 48, 48)
    assert command("init", tmp_path / "other", "--like", like, "--resolution-m", "30")[0] == 2
    assert not (tmp_path / "other").exists()


def test_a_file_is_no_place_for_a_centre(command, tmp_path):
    (tmp_path / "a.txt").write_text("dear")
    status, said = command("init", tmp_path / "a.txt")
    assert (status, "new or empty directory" in said) == (2, True)

"""Alarms of feeds on a watched world and on a partner's files: raised once, ended when it is over."""

from datetime import timedelta

import pytest
from tests.pipeline.blindworld import LAST, write_blindworld
from tests.pipeline.frontier import run

from dosel import console
from dosel.context.feeds.alarm import Kind
from dosel.errors import InputError
from dosel.messages import LANGUAGES
from dosel.model.time import day_of, iso_day
from dosel.pipeline.centre import open_centre
from dosel.pipeline.feeds.feed_health import feed_alarms, record_alarms
from dosel.pipeline.feeds.feed_profiles import month_profiles
from dosel.pipeline.feeds.import_feed import import_feed
from dosel.pipeline.meaning.present import Present, present

RADAR, OPTICAL = "watch:sim-radar/any", "watch:sim-optical/any"
FEED = """
[[feed]]
name = "neighbour"
origin = "the neighbour"
licence = "CC0-1.0"
extent = "point"
crs = "EPSG:4326"
day = "date"
id = ["id"]
confidence = "conf"
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = write_blindworld(tmp_path_factory.mktemp("feeds") / "centre")
    with (folder / "dosel.toml").open("a") as settings:
        settings.write(FEED)
    run(folder, until=iso_day(day_of(LAST)))
    return folder


@pytest.fixture
def quiet(tmp_path):
    """A centre that watched nothing yet."""
    folder = write_blindworld(tmp_path / "quiet")
    with (folder / "dosel.toml").open("a") as settings:
        settings.write(FEED)
    with open_centre(folder, unwatched="begin") as centre:
        yield centre


def at(day):
    return Present(day, "", True)


def told(health):
    return [(one.feed, one.kind, one.subject) for one in health.alarms]


def rows(centre):
    return centre.store.select("feed_alarms", order_by=("feed",))


def test_a_healthy_watch_is_quiet(place):
    """Mutants: today's clock for a frozen centre; a radar's own pace held against the optical one."""
    with open_centre(place) as centre:
        health = feed_alarms(centre)
        assert told(health) == []
        assert health.now == Present(day_of(LAST), "", True)
        assert rows(centre) == []


def test_late_feeds_raise_one_alarm_each_which_ends_when_they_come_back(place):
    """Mutants: raised again every night; the day of asking in the id; never ended; ended rows raised anew."""
    with open_centre(place) as centre:
        for day in (60, 61, 90):
            record_alarms(centre, at(day_of(LAST) + day))
        late = rows(centre)
        assert [(one["feed"], one["kind"]) for one in late] == [(OPTICAL, "late"), (RADAR, "late")]
        assert all(day_of(LAST) < one["day"] <= day_of(LAST) + 60 for one in late)
        assert {one["ended"] for one in late} == {None}
        record_alarms(centre, at(day_of(LAST)))
        assert {one["ended"] for one in rows(centre)} == {day_of(LAST)}
        record_alarms(centre, at(day_of(LAST) + 90))
        assert [one["id"] for one in rows(centre)] == [one["id"] for one in late]
        assert {one["ended"] for one in rows(centre)} == {None}
        record_alarms(centre, at(day_of(LAST)))


def test_a_changed_band_and_a_shifted_level_are_told_apart(place):
    """Mutants: the form of the scenes is not read; a level is judged by the valid share."""
    with open_centre(place) as centre:
        looks = centre.store.select(
            "looks", {"sensor": "sim-optical", "status": 1}, order_by=("-day",), limit=1
        )
        (scene,) = centre.store.select("scenes", {"look_id": looks[0]["id"]})
        (name, asset), *_ = scene["scene"]["assets"].items()
        moved = {**scene["scene"], "assets": {name: asset | {"nodata": 0.0}}}
        offsets = {stream: value + 4000 for stream, value in looks[0]["offsets"].items()}
        with centre.store.transaction():
            centre.store.upsert("scenes", [scene | {"scene": moved}])
            centre.store.upsert("looks", [looks[0] | {"offsets": offsets}])
        health = feed_alarms(centre)
        with centre.store.transaction():
            centre.store.upsert("scenes", [scene])
            centre.store.upsert("looks", looks)
    assert told(health) == [
        (OPTICAL, Kind.SCHEMA, name),
        (OPTICAL, Kind.STATISTICS, "level:sim-optical/any"),
    ]
    assert "nodata 0.0" in health.alarms[0].detail["now"]


def give(centre, path, text):
    path.write_text(text, encoding="utf-8")
    return import_feed(centre, "neighbour", path, console.teller("en"))


def test_a_partner_s_file_that_changes_or_is_empty_raises_an_alarm(place, tmp_path):
    """Mutants: no profile of an import; an empty file is peace; the alarm stays when the old form is back."""
    head = "id,date,conf,longitude,latitude,extra\n"
    line = "{n},2024-02-0{n},high,-69.17,-12.66,x\n"
    with open_centre(place) as centre:
        for number in (1, 2, 3):
            give(centre, tmp_path / "a.csv", head + "".join(line.format(n=n) for n in range(1, number + 1)))
        assert told(feed_alarms(centre)) == []
        assert "neighbour" in feed_alarms(centre).too_new
        give(centre, tmp_path / "a.csv", "id,date,conf,longitude,latitude\n4,2024-02-04,high,-69.17,-12.66\n")
        changed = record_alarms(centre)
        assert told(changed) == [("neighbour", Kind.SCHEMA, "extra")]
        assert changed.ask["neighbour"] == "the neighbour"
        give(centre, tmp_path / "a.csv", head)
        assert (("neighbour", Kind.EMPTY, "rows")) in told(record_alarms(centre))
        give(centre, tmp_path / "a.csv", head + "".join(line.format(n=n) for n in (5, 6)))
        assert told(record_alarms(centre)) == []
        assert all(one["ended"] is not None for one in rows(centre))


def test_a_file_refused_for_its_form_raises_an_alarm(quiet, tmp_path):
    """Mutant: a refusal that the next officer never hears of, and a feed that reads as quiet."""
    path, row = tmp_path / "plots.csv", "{},2024-02-01,high,-69.17,-12.66\n"
    right, wrong = "id,date,conf,longitude,latitude\n", "id,fecha,conf,longitude,latitude\n"
    for number in range(1, 5):
        give(quiet, path, right + "".join(row.format(f"f{n}") for n in range(number)))
    with pytest.raises(InputError, match="no column 'date'"):
        give(quiet, path, wrong + row.format("f5"))
    assert told(record_alarms(quiet)) == [("neighbour", Kind.SCHEMA, "date")]
    give(quiet, path, right + row.format("f5"))
    assert told(record_alarms(quiet)) == []


def test_a_feed_whose_newest_row_is_old_is_late_though_its_file_came_today(quiet, tmp_path):
    """Mutant: the day of the import for the day of the news, so that a stale file reads as peace."""
    path = tmp_path / "m.csv"
    path.write_text(
        "alert_code,detected_at,published_at,area_ha,west,south,east,north\n"
        "1,2024-02-01,2024-02-05,1.5,-69.18,-12.67,-69.16,-12.65\n",
        encoding="utf-8",
    )
    import_feed(quiet, "mapbiomas-peru", path, console.teller("en"))
    for day, late in (("2024-02-28", False), ("2024-03-05", True)):
        alarms = told(feed_alarms(quiet, Present(day_of(day), "", False)))
        assert (("mapbiomas-peru", Kind.LATE, "") in alarms) is late


def test_months_without_a_row_are_counted_and_the_last_one_is_not():
    """Mutants: months that are empty are left out; a month that may still grow is judged."""
    days = [day_of(one) for one in ("2023-11-05", "2023-11-20", "2024-02-01", "2024-02-09")]
    months = month_profiles(
        "f", [{"window_end": d, "area_ha": 2.0, "confidence": None} for d in days], days[-1]
    )
    assert [(iso_day(one.day), one.statistics["rows"]) for one in months] == [
        ("2023-12-01", 2),
        ("2024-01-01", 0),
        ("2024-02-01", 0),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_status_tells_alarms_first_with_what_to_do(place, command, language):
    text = (place / "dosel.toml").read_text("utf-8")
    (place / "dosel.toml").write_text(text.replace('"en"', f'"{language}"'), "utf-8")
    run_until = iso_day(day_of(LAST))
    with open_centre(place) as centre:
        runs = centre.store.select("runs")
        later = [
            run | {"summary": run["summary"] | {"until": iso_day(day_of(LAST + timedelta(60)))}}
            for run in runs
        ]
        with centre.store.transaction():
            centre.store.upsert("runs", later)
    code, said = command("status", "-c", place)
    with open_centre(place) as centre:
        with centre.store.transaction():
            centre.store.upsert("runs", runs)
        assert iso_day(present(centre).day) == run_until
    (place / "dosel.toml").write_text(text, "utf-8")
    lines = said.splitlines()
    assert code == 0
    assert ": 2" in lines[1]
    assert "sim-optical/any" in lines[2]
    assert "simulated by Dosel" in lines[3]

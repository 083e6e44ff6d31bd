"""What the command line prints: sentences as they stand, and nothing cut that a person needs whole."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from dosel import console
from dosel.alerts.budget import FalseAlarms
from dosel.catalog.feeds import FeedHealth
from dosel.messages import LANGUAGES, say
from dosel.model.codes import STATE_DAY0, AlertStatus
from dosel.monitor.scalars import Thresholds
from dosel.pipeline.desk import CentreStatus
from dosel.pipeline.learning.calibrate import Calibration


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Console:
    """The console's own settings, into memory; `width` and `is_terminal` as the test wants."""
    monkeypatch.setattr(console.OUT, "_file", io.StringIO())
    return console.OUT


def text_of(out: Console) -> str:
    """Return what was printed."""
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_brackets_of_a_sentence_stay(printed: Console, language: str) -> None:
    """Mutant: markup, which takes [[source]] for a style and leaves it out."""
    console.show_status(CentreStatus((), ()), language)
    assert say("status.no_source", language) in text_of(printed)
    assert "[[source]]" in text_of(printed)


def test_a_colon_is_no_emoji(printed: Console) -> None:
    """Mutant: a path with :smile: in it, printed as a face."""
    console.OUT.print("a:smile:b [bold]")
    assert text_of(printed) == "a:smile:b [bold]\n"


ROW = {
    "id": "alert-6460dbc17e46cd43",
    "status": AlertStatus.PROVISIONAL,
    "area_ha": 134.5,
    "window_start": STATE_DAY0 + 5000,
    "window_end": STATE_DAY0 + 5012,
    "evidence": 36.25,
    "source": "",
    "baseline": "surroundings",
    "confirmed": STATE_DAY0 + 5024,
}


def shown(out: Console, monkeypatch: pytest.MonkeyPatch, width: int | None, language: str) -> str:
    """Return alerts and status as a terminal of `width` columns gets them, or a pipe (None)."""
    monkeypatch.setattr(out, "_force_terminal", width is not None)
    monkeypatch.setattr(out, "_color_system", None)
    monkeypatch.setattr(out, "_width", width or 80)
    console.show_alerts([ROW, ROW | {"window_start": STATE_DAY0}], 0, language)
    feeds = [
        FeedHealth("sentinel-1-rtc-db", geometry, "r-6707c0312", STATE_DAY0 + 5000, 12, 917, 12.0)
        for geometry in ("ascending", "descending")
    ]
    console.show_status(CentreStatus(tuple(feeds), ()), language, tiles=True)
    return text_of(out)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [None, 100, 80, 60, 40])
def test_what_is_copied_is_never_cut(
    printed: Console, monkeypatch: pytest.MonkeyPatch, width: int | None, language: str
) -> None:
    """Mutants: a column that shrinks below its ids; two feeds that look alike; a day that ends in dots."""
    text = shown(printed, monkeypatch, width, language)
    whole = ("sentinel-1-rtc-db/ascending ", "sentinel-1-rtc-db/descending ", "r-6707c0312", "2023-09-22")
    assert all(word in text for word in (ROW["id"], "134.50", "2023-09-10", *whole))
    assert "…" not in text
    if width is None or width >= 60:
        lines = [line for line in text.splitlines() if line.startswith(("alert-", "sentinel-"))]
        assert max(map(len, lines)) <= (width or console.WHOLE_LINE)


def test_a_narrow_terminal_says_what_it_leaves_out(printed: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutants: columns that vanish unsaid; a pipe that loses them."""
    narrow = shown(printed, monkeypatch, 60, "en")
    assert say("table.narrow", "en", columns="source, evidence (nat), compared with, confirmed") in narrow
    printed.file = io.StringIO()
    assert "36.2" in shown(printed, monkeypatch, None, "en")


@pytest.mark.parametrize(("language", "word"), [("es", "abierto"), ("pt", "aberto"), ("en", "open")])
def test_an_open_window_is_said(
    printed: Console, monkeypatch: pytest.MonkeyPatch, language: str, word: str
) -> None:
    """Mutant: day 0 of the states shown as a look of that day."""
    text = shown(printed, monkeypatch, None, language)
    assert "2010-01-01" not in text
    assert text.count(f" {word} ") == 1


ALARMS = FalseAlarms(3.75, 1, 0.5, 0.01, 240.0)
MEASURED = Calibration(Thresholds(3.75, 6.0), ("radar/any",), "history", 200.0, 0.25, ALARMS, ALARMS, 12.5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rate_goes_with_what_it_left_out(printed: Console, language: str) -> None:
    """Mutant: change of the past is left out of the rate, and nobody is told how much."""
    console.show_status(CentreStatus((), (), calibration=MEASURED), language)
    assert "12.50 ha" in text_of(printed)
    assert "240" in text_of(printed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_thresholds_by_hand_have_no_rate(printed: Console, language: str) -> None:
    """Mutant: the rate of the calibrated thresholds shown for others."""
    console.show_status(CentreStatus((), (), calibration=MEASURED, by_hand=True), language)
    assert say("status.rate_by_hand", language) in text_of(printed)
    assert "240" not in text_of(printed)

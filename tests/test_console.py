"""What the command line prints: sentences as they stand, and nothing cut that a person needs whole."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from dosel import console
from dosel.messages import LANGUAGES, say
from dosel.pipeline.desk import CentreStatus


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Console:
    """The console's own settings, into memory; `width` and `is_terminal` as the test wants."""
    monkeypatch.setattr(console.OUT, "file", io.StringIO())
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

"""Names of others on paper: they stand there and do nothing."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosel.cli import main
from dosel.console.paper import OUT, print_table
from dosel.model.text import shown

EVIL = "Ina\x1b[2J\x1b]8;;http:x\x07\x9b31m\u202eri\x08\r"


@given(st.text())
def test_nothing_steers(text):
    """Mutants: C1 controls forgotten; carriage returns kept; letters of a language lost."""
    said = shown(text)
    assert len(said) == len(text)
    assert not any((ord(c) < 0x20 and c not in "\n\t") or 0x7F <= ord(c) <= 0x9F for c in said)
    assert all(new == old for new, old in zip(said, text, strict=True) if old.isalnum() or old in " \n\t")


def test_the_paper_prints_what_others_named_without_steering(capsys):
    """Mutants: only lines, or only tables, are tamed."""
    OUT.print(f"layer {EVIL}")
    print_table("t", [{"feed": EVIL}], (), "en")
    said = "".join(capsys.readouterr())
    assert said.count("Ina\ufffd[2J") == 2
    assert not set("\x1b\x07\x08\x9b\u202e\r") & set(said)


def test_an_error_names_what_came_without_steering(monkeypatch, capsys, tmp_path):
    """Mutant: the error stream is forgotten."""
    monkeypatch.setattr(sys, "argv", ["dosel", "status", "--centre", str(tmp_path / EVIL)])
    with pytest.raises(SystemExit):
        main()
    said = "".join(capsys.readouterr())
    assert "Ina\ufffd" in said
    assert "\x1b" not in said

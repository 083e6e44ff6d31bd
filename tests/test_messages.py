"""Sentences for people: whole in every language."""

import string

import pytest

from dosel.messages import _ROOMS, CATALOGUE, LANGUAGES
from dosel.model.codes import AlertStatus, Refusal


@pytest.mark.parametrize("key", CATALOGUE)
def test_every_language_fills_in_the_same_values(key: str) -> None:
    """Mutant: a value that one language forgets, or a language that is missing."""
    row = CATALOGUE[key]
    assert set(row) == set(LANGUAGES)
    assert all(row.values())
    fields = {frozenset(name for _, name, _, _ in string.Formatter().parse(row[one]) if name) for one in row}
    assert len(fields) == 1


@pytest.mark.parametrize("code", [*Refusal, *AlertStatus])
def test_every_stored_code_has_its_words(code: Refusal | AlertStatus) -> None:
    """Mutant: a new code that the console cannot show."""
    assert f"{'refusal' if isinstance(code, Refusal) else 'alert'}.{code.name}" in CATALOGUE


def test_no_sentence_stands_twice() -> None:
    """Mutant: a room that takes the key of another, whose sentence is then lost."""
    assert sum(map(len, _ROOMS)) == len(CATALOGUE)

"""The ready definitions, and the page that documents them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dosel.context.definition import Definition
from dosel.context.layer import Completeness, Theme
from dosel.pipeline.reference.layer_add import ready_definitions

PERU = ready_definitions("peru")
PAGE = (Path(__file__).parents[2] / "docs" / "layers.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("one", PERU, ids=lambda one: one.name)
def test_every_layer_stands_in_the_docs_with_its_service(one: Definition) -> None:
    """Mutant: a layer that is added, or whose service moves, without a word in the docs."""
    (line,) = re.findall(rf"^\| {one.name} \|.*$", PAGE, re.MULTILINE)
    assert one.refresh.service in line
    assert ("**missing**" in line) is (one.completeness is Completeness.MISSING)


def test_every_theme_has_a_layer_and_stands_in_the_docs() -> None:
    """Mutant: a theme that nobody registered, not even as missing."""
    assert {one.theme for one in PERU} == set(Theme)
    assert all(theme.value in PAGE for theme in Theme)


def test_a_missing_layer_says_where_it_can_be_had() -> None:
    """Mutant: a hole without an address."""
    missing = [one for one in PERU if one.completeness is Completeness.MISSING]
    assert all(one.refresh.service.startswith("https://") for one in missing)


def test_nothing_of_persons_is_kept() -> None:
    """Mutant: holders of titles among the details."""
    persons = {"TITULAR", "BENEFIC", "RPTE", "TIT_CONCES", "acp_titu", "OBSERV"}
    assert not persons & {column for one in PERU for column in one.details}

"""The file of rules: whole, in three languages, and every mistake of another one at once."""

from __future__ import annotations

from collections import Counter
from importlib import resources
from pathlib import Path

import pytest

from dosel.context.jurisdiction.read import read_rulebook
from dosel.context.jurisdiction.rules import PEOPLE, Activity, Kind, said
from dosel.errors import InputMistakesError
from dosel.messages import LANGUAGES

READY = resources.files("dosel.context") / "ready" / "peru-jurisdiction.toml"
BOOK = read_rulebook(READY.read_text(encoding="utf-8"), "peru-jurisdiction.toml")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ready_file_speaks_every_language(language: str) -> None:
    """Mutants: an agency or a summary that one language lacks; Spanish shown as a translation."""
    assert all(agency.name[language] for agency in BOOK.agencies.values())
    assert all(rule.summary[language] for rule in BOOK.rules)
    assert len({rule.summary[language] for rule in BOOK.rules}) == len(BOOK.rules)
    assert language == "es" or "jurist" in BOOK.review[language]


def test_a_translation_that_is_missing_shows_the_original_as_such() -> None:
    """Mutant: an empty line, or Spanish without a mark."""
    assert said({"es": "Hola"}, "pt") == "[es] Hola"


def test_nobody_has_reviewed_it_and_no_article_is_claimed_as_read_without_a_source() -> None:
    """Mutants: a row read in the gazette without its law; a zone that nobody found, established."""
    assert all(rule.law for rule in BOOK.rules if rule.confidence == "gazette")
    assert all(zone.notes for zone in BOOK.zones if not zone.established or not zone.law)
    assert not BOOK.zones_complete


def test_every_decree_lasts_as_long_as_the_constitution_allows() -> None:
    """Mutant: a last day that was miscounted. Article 137: at most sixty days a decree."""
    spans = {zone.id: (zone.ends - zone.begins).days + 1 for zone in BOOK.zones if zone.established}  # type: ignore[operator]
    assert set(spans.values()) <= {30, 45, 60}


def test_support_is_first_class() -> None:
    """Mutant: only those who enforce. Every one of these is in a rule about people."""
    asked = {agency for rule in BOOK.rules if rule.where.theme == PEOPLE for agency in rule.support}
    assert {"salud", "reniec", "midis", "pias", "mimp", "defensoria", "devida", "midagri"} <= asked
    support = {agency.id for agency in BOOK.agencies.values() if agency.kind is Kind.SUPPORT}
    assert support - asked == {"bomberos"}


def test_coca_is_never_a_plot() -> None:
    """Mutant: a cause that names plants or plots."""
    assert {activity.value for activity in Activity if "coca" in activity} == {"coca-area"}


BAD = """
country = "PE"
people_within_m = -1
lawyer = "me"
[[agency]]
id = "pnp"
kind = "enforce"
scope = "national"
name = { es = "Policía", pt = "Polícia", en = "Police" }
[[agency]]
id = "pnp"
kind = "army"
scope = "national"
name = { es = "Otra", pt = "Outra" }
[[rule]]
id = "r1"
from = 2020-01-02
until = 2020-01-01
where = { theme = "country" }
competent = ["pnp"]
confidence = "jurist"
summary.es = "Uno."
[[rule]]
id = "r1"
where = { theme = "moon" }
causes = ["gold"]
competent = ["nasa"]
confidence = "sure"
summary.en = "Two."
[[rule]]
id = "r3"
where = { theme = "river", near = 3 }
confidence = "jurist"
summary.es = "Tres."
[[zone]]
id = "r1"
category = "emergency-police"
ubigeo = ["1"]
confidence = "jurist"
"""


def test_every_mistake_of_a_file_at_once() -> None:
    """Mutants: the first mistake hides the others; an id shared by rule and zone; a place nobody finds."""
    with pytest.raises(InputMistakesError) as told:
        read_rulebook(BAD, "bad.toml")
    text = str(told.value)
    for part in (
        "agency pnp: the id stands 2 times",
        "rule or zone r1: the id stands 3 times",
        "agency pnp: kind: input should be 'enforce', 'judge', 'manage' or 'support', got 'army'",
        "rule r1: until (2020-01-01) lies before from (2020-01-02)",
        "rule r1: where: theme: expected one of country,",
        "got 'moon'",
        "rule r1: causes.0: input should be 'any', 'mining'",
        "rule r1: confidence: input should be 'gazette', 'secondary' or 'jurist', got 'sure'",
        "rule r1: competent: there is no agency 'nasa'",
        "rule r3: where.near: no such field",
        "zone r1: ubigeo.0: string should match pattern",
        "lawyer: no such table or value",
        "review: value required",
        "zones_complete: value required",
        "people_within_m: expected metres, 0 or more, got -1",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ('competent = ["pnp"]', "expected an agency in competent, present or support"),
        ('summary.es = "Uno."', "summary"),
        ('confidence = "jurist"', "confidence: field required"),
    ],
)
def test_what_a_rule_cannot_lack(change: str, told: str) -> None:
    """Mutants: a rule about nobody, without words, or without how sure it is."""
    whole = BAD.split("[[rule]]")[1].replace("until = 2020-01-01\n", "").replace(change, "")
    head = 'country = "PE"\npeople_within_m = 1\nzones_complete = true\nreview.es = "No."\n'
    agency = "[[agency]]" + BAD.split("[[agency]]")[1]
    with pytest.raises(InputMistakesError) as error:
        read_rulebook(f"{head}{agency}[[rule]]{whole}", "x")
    assert told in str(error.value)


def test_the_page_says_what_the_file_holds() -> None:
    """Mutant: a row added, and the page left as it was."""
    page = Path(__file__).parents[2].joinpath("docs/jurisdiction.md").read_text(encoding="utf-8")
    counts = Counter(rule.confidence.value for rule in BOOK.rules)
    assert f"{len(BOOK.agencies)} agencies, {len(BOOK.rules)} rules and {len(BOOK.zones)} zones" in page
    told = f"{counts['gazette']} rule read in the gazette, {counts['secondary']} from secondary sources"
    assert f"{told}, {counts['jurist']} to be checked" in page

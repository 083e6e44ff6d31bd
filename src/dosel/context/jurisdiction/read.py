r"""Reads a rulebook: every mistake of the file at once, each with its place.

Examples
--------
>>> read_rulebook('''
... country = "PE"
... people_within_m = 10000
... zones_complete = false
... review.es = "Sin revisar."
... [[agency]]
... id = "pnp"
... ''', "rules.toml")
Traceback (most recent call last):
dosel.errors.InputMistakesError: rules.toml: 3 mistakes
  agency pnp: name: field required
  agency pnp: kind: field required
  agency pnp: scope: field required
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from dosel.config.toml import read_toml
from dosel.context.jurisdiction.rules import Agency, Rule, Rulebook, Zone
from dosel.errors import InputMistakesError
from dosel.model.provenance import digest

_TABLES: Final = ("agency", "rule", "zone")
_HEAD: Final = ("country", "people_within_m", "review", "zones_complete")
_ROLES: Final = ("competent", "present", "support")

_Row = TypeVar("_Row", bound=BaseModel)


def read_rulebook(text: str, where: str) -> Rulebook:
    """Return the rulebook of a TOML text.

    Raises
    ------
    InputError
        If it is no TOML; :class:`InputMistakesError` with all mistakes of its content.
    """
    data = read_toml(text, where)
    mistakes: list[str] = []
    tables = {name: _table(data, name, mistakes) for name in _TABLES}
    agencies = _rows(Agency, "agency", tables["agency"], mistakes)
    rules = _rows(Rule, "rule", tables["rule"], mistakes)
    zones = _rows(Zone, "zone", tables["zone"], mistakes)
    mistakes += _twice(tables) + _unknown_agencies(tables)
    head = _head(data, mistakes)
    if mistakes:
        raise InputMistakesError(where, mistakes)
    by_id = {agency.id: agency for agency in agencies}
    return Rulebook(**head, version=digest(data)[:16], agencies=by_id, rules=tuple(rules), zones=tuple(zones))


def _table(data: Mapping[str, Any], name: str, mistakes: list[str]) -> list[dict[str, Any]]:
    table = data.get(name, [])
    if isinstance(table, list) and all(isinstance(row, dict) for row in table):
        return table
    mistakes.append(f"{name}: expected tables [[{name}]]")
    return []


def _rows(
    model: type[_Row], table: str, rows: Sequence[Mapping[str, Any]], mistakes: list[str]
) -> list[_Row]:
    """Return the rows that can be read; what is wrong with the others goes to `mistakes`."""
    good = []
    for number, row in enumerate(rows, 1):
        try:
            good.append(model.model_validate(row))
        except ValidationError as error:
            place = f"{table} {row.get('id') or f'number {number}'}"
            mistakes += [f"{place}: {_sentence(one)}" for one in error.errors()]
    return good


def _sentence(error: Any) -> str:
    message = str(error["msg"]).removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    if error["type"] == "extra_forbidden":
        message = "no such field"
    elif error["type"] not in {"missing", "value_error"}:
        message = f"{message}, got {error['input']!r}"
    place = ".".join(str(part) for part in error["loc"])
    return f"{place}: {message}" if place else message


def _twice(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    """Return the ids that stand twice; a rule and a zone share none either: answers name both by id."""
    mistakes = []
    for names in (("agency",), ("rule", "zone")):
        ids = Counter(str(row["id"]) for name in names for row in tables[name] if "id" in row)
        title = " or ".join(names)
        mistakes += [f"{title} {one}: the id stands {n} times" for one, n in ids.items() if n > 1]
    return mistakes


def _unknown_agencies(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    known = {row.get("id") for row in tables["agency"]}
    return [
        f"rule {rule.get('id')}: {role}: there is no agency {agency!r}"
        for rule in tables["rule"]
        for role in _ROLES
        if isinstance(rule.get(role), list)
        for agency in rule[role]
        if agency not in known
    ]


def _head(data: Mapping[str, Any], mistakes: list[str]) -> dict[str, Any]:
    """Return the values before the tables."""
    mistakes += [f"{name}: no such table or value" for name in data if name not in {*_TABLES, *_HEAD}]
    mistakes += [f"{name}: value required" for name in _HEAD if name not in data]
    head = {name: data[name] for name in _HEAD if name in data}
    if not isinstance(head.get("people_within_m", 0.0), int | float) or head.get("people_within_m", 0.0) < 0:
        mistakes.append(f"people_within_m: expected metres, 0 or more, got {head['people_within_m']!r}")
    if "review" in head and not (isinstance(head["review"], dict) and head["review"].get("es")):
        mistakes.append("review: expected words by language, es at least")
    return head

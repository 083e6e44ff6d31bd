"""Names of places as people type them: without accents and case."""

from __future__ import annotations

import unicodedata


def plain_name(text: str) -> str:
    """Return a name without accents and case, by which names are compared.

    Examples
    --------
    >>> plain_name("Purús") == plain_name("PURUS")
    True
    """
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter)).strip()

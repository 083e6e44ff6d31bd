"""Names that others gave, fit to be shown: nothing in them moves a cursor, hides a word or fills a page."""

from __future__ import annotations

import re
from typing import Final

_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def shown(text: str) -> str:
    r"""Return a text with a mark for everything that would steer a terminal, or turn the order of words.

    New lines and tabs stay.

    Examples
    --------
    >>> shown("Ina\x1b[2Jri"), shown("a\nb"), shown("Purús")
    ('Ina\ufffd[2Jri', 'a\nb', 'Purús')
    """
    return _CONTROLS.sub("\ufffd", text)

"""Mappings: the ready ones, shipped as ``ready/*.toml``, and those of ``dosel.toml``, which go before them.

Examples
--------
>>> sorted(ready())[:2]
['airstrips-brazil-2021', 'amazon-mining-watch']
>>> ready()["deter"].area_unit
'km2'
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from dosel.config.feed import FeedSettings
from dosel.errors import InputError


@cache
def ready() -> Mapping[str, FeedSettings]:
    """Return the mappings that come with Dosel, by name."""
    folder = files("dosel.alerts.partner") / "ready"
    texts = (file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".toml"))
    feeds = (FeedSettings.model_validate(tomllib.loads(text)) for text in texts)
    return {feed.name: feed for feed in sorted(feeds, key=lambda feed: feed.name)}


def feed_named(name: str, own: Sequence[FeedSettings]) -> FeedSettings:
    """Return the mapping of a feed: the centre's own before a ready one.

    Raises
    ------
    InputError
        If there is none of that name.

    Examples
    --------
    >>> feed_named("deter", [FeedSettings(name="deter", day="seen")]).day
    'seen'
    >>> feed_named("radd", ())
    Traceback (most recent call last):
    dosel.errors.InputError: radd: there is no such feed; `dosel import --list` shows them, [[feed]] in \
dosel.toml adds one
    """
    known = {**ready(), **{feed.name: feed for feed in own}}
    if name not in known:
        raise InputError(
            f"{name}: there is no such feed; `dosel import --list` shows them, [[feed]] in dosel.toml adds"
            " one"
        )
    return known[name]

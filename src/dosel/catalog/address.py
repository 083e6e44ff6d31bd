"""Addresses as they may be shown: in a message, the database, a log or a name of a file."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit


def shown(href: str) -> str:
    """Return an address without what may be secret in it: query, name and password. Paths stay.

    Examples
    --------
    >>> shown("https://user:pw@host/b.tif?sig=abc"), shown("odd?name.tif")
    ('https://host/b.tif', 'odd?name.tif')
    """
    if "://" not in href:
        return href
    parts = urlsplit(href)
    return urlunsplit((parts.scheme, host_of(href), parts.path, "", parts.fragment))


def host_of(href: str) -> str:
    """Return host and port of an address, in lower case, without name and password."""
    return urlsplit(href).netloc.rpartition("@")[2].lower()

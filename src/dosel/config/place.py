"""Where a database on a server is: a URL that holds no secret, a schema, and a password kept apart.

Examples
--------
>>> print(Server("postgresql://ana@db.example.org:5433/frontier?sslmode=verify-full", "madre_de_dios"))
postgresql://ana@db.example.org:5433/frontier (schema madre_de_dios)
>>> Server("postgresql://ana:secret@db.example.org/frontier")
Traceback (most recent call last):
dosel.errors.InputError: url must hold no password; password_env names the variable where it stands
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dosel.errors import InputError

DEFAULT_SCHEMA: Final = "dosel"

_START: Final = ("postgresql://", "postgres://")
_HOST: Final = r"(\[[0-9A-Fa-f:.%]+\]|[\w.-]*)(:\d+)?"
_URL: Final = re.compile(rf"postgres(ql)?://([^:@/?#]*@)?{_HOST}(,{_HOST})*(/[^/:@?#]*)?(\?[^#]*)?")
_SCHEMA: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_SECRET: Final = frozenset({"password", "sslpassword", "oauth_client_secret"})


@dataclass(frozen=True, slots=True)
class Server:
    """A schema of a PostgreSQL database.

    Raises
    ------
    InputError
        If the URL holds a password or is none, or the schema's name is none.
    """

    url: str
    """``postgresql://user@host:port/database?sslmode=...``, as libpq reads it."""
    schema: str = DEFAULT_SCHEMA
    password: str | None = field(default=None, repr=False)
    """None leaves it to libpq: PGPASSWORD, ``.pgpass``, a certificate, or none needed."""

    def __post_init__(self) -> None:
        """Refuse what is no address."""
        said = url_mistake(self.url) or schema_mistake(self.schema)
        if said:
            raise InputError(said)

    def __str__(self) -> str:
        """Return URL and schema as they may be shown."""
        return f"{self.url.partition('?')[0]} (schema {self.schema})"


def is_url(place: object) -> bool:
    """Return whether a place is the URL of a server, not the path of a file."""
    return isinstance(place, str) and place.startswith(_START)


def url_mistake(url: str) -> str:
    """Return what is wrong with a URL, or nothing; what it says is never repeated: it may hold a secret.

    Examples
    --------
    >>> url_mistake("postgresql:///frontier?host=/var/run/postgresql")
    ''
    >>> url_mistake("mysql://db.example.org/frontier")
    'url: expected postgresql://user@host:port/database, with no password'
    """
    head = url.partition("://")[2].partition("/")[0].partition("?")[0]
    if ":" in head.rpartition("@")[0] or _SECRET & {key.lower() for key, _ in parse_qsl(urlsplit(url).query)}:
        return "url must hold no password; password_env names the variable where it stands"
    if not _URL.fullmatch(url):
        return "url: expected postgresql://user@host:port/database, with no password"
    return ""


def schema_mistake(name: str) -> str:
    """Return what is wrong with the name of a schema, or nothing."""
    if _SCHEMA.fullmatch(name) and not name.startswith("pg_"):
        return ""
    return f"schema: expected a name of small letters, digits and _ that begins with a letter, got {name!r}"


class StoreSettings(BaseModel):
    """``[store]``: PostGIS in place of ``centre.gpkg``; without `password_env` libpq's own ways hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str | None = None
    schema_name: str = Field(default=DEFAULT_SCHEMA, alias="schema")
    password_env: str | None = Field(default=None, pattern=r"^[A-Za-z_]\w*$")

    @model_validator(mode="after")
    def _place(self) -> StoreSettings:
        if said := schema_mistake(self.schema_name) or (self.url is not None and url_mistake(self.url)):
            raise ValueError(said)
        return self

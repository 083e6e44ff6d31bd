"""The implementations of the store, as the package holds them."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import dosel.store
from dosel.store.sql import SqlStore


def implementations() -> list[type[SqlStore]]:
    """Return every concrete store that a module of ``dosel.store`` defines."""
    modules = [
        importlib.import_module(f"dosel.store.{one.name}")
        for one in pkgutil.iter_modules(dosel.store.__path__)
    ]
    return [
        kind
        for module in modules
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, SqlStore) and not inspect.isabstract(kind) and kind.__module__ == module.__name__
    ]


def room(kind: type[SqlStore]) -> str:
    """Return the name of the module of a store: ``gpkg``, ``postgis``."""
    return kind.__module__.rpartition(".")[2]

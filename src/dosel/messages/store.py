"""What is said about databases, in Spanish, Portuguese and English."""

from __future__ import annotations

from typing import Final

# ruff: noqa: E501  # a sentence a line reads best
STORE: Final[dict[str, dict[str, str]]] = {
    "store.copied": {
        "es": "{rows} filas de {tables} tablas copiadas de {source} a {target}; el original queda como estaba",
        "pt": "{rows} linhas de {tables} tabelas copiadas de {source} para {target}; o original fica como estava",
        "en": "{rows} rows of {tables} tables copied from {source} to {target}; the original stays as it was",
    },
    "store.would_copy": {
        "es": "se copiarían {rows} filas de {tables} tablas de {source} a {target}",
        "pt": "seriam copiadas {rows} linhas de {tables} tabelas de {source} para {target}",
        "en": "{rows} rows of {tables} tables would be copied from {source} to {target}",
    },
}
"""By key, then by language."""

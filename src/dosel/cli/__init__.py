"""The command line: parse, one call, print. Heavy libraries are imported by the command that needs them.

One file a room; importing it registers its commands.
"""

from __future__ import annotations

import sys

from dosel.cli import (
    blind,
    converge,
    facts,
    law,
    layers,
    partner,
    report,
    store,
    watch,
)
from dosel.cli.shared import app
from dosel.errors import DoselError, StoreError, exit_status
from dosel.model.text import shown

__all__ = [
    "app",
    "blind",
    "converge",
    "facts",
    "law",
    "layers",
    "main",
    "partner",
    "report",
    "store",
    "watch",
]


def main() -> None:
    """Run the command line; an error on purpose is one sentence and its exit status."""
    try:
        app()
    except DoselError as error:
        sys.stderr.write(f"dosel: {shown(str(error))}\n")
        sys.exit(exit_status(error))
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"dosel: {shown(where)}{error.strerror or error}; nothing that was stored is lost\n")
        sys.exit(exit_status(StoreError()))
    except KeyboardInterrupt:
        sys.stderr.write("dosel: stopped; run the same command again to carry on\n")
        sys.exit(130)

"""The paper that everything is printed on: lines, tables and bars."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from dosel.messages import CATALOGUE, say
from dosel.model.text import shown


class Paper(Console):
    """A console on which the names of others do nothing but stand there."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print lines and tables; what steers a terminal is shown as a mark."""
        super().print(*(shown(one) if isinstance(one, str) else one for one in objects), **options)


_plain = partial(Paper, highlight=False, markup=False, emoji=False)
"""What is printed is printed as it stands: brackets and colons belong to the sentences."""
OUT = _plain(soft_wrap=True)
SENTENCES = 5
"""So many sentences are shown of one reason; the ledger keeps them all."""
WHOLE_LINE = 10_000
"""Columns that a line of a file may have."""
WORD = 8
"""Columns that a folded word gets at least."""
_WORDS = frozenset(
    {
        "baseline",
        "coverage",
        "health",
        "licence",
        "status",
        "theme",
        "why",
    }
)
"""Columns that may be folded; all others hold identities, days and numbers."""
_NUMBERS = frozenset(
    {
        "evidence",
        "found",
        "hectares",
        "looks",
        "units",
        "unseen",
    }
)


class Bar:
    """A progress bar that hears the stages of the pipeline."""

    def __init__(self, bar: Progress, language: str) -> None:
        self._bar = bar
        self._language = language
        self._task = bar.add_task("", total=None)

    def start(self, stage: str, total: int) -> None:
        """Begin a stage."""
        name = said(f"stage.{stage}", stage, self._language)
        self._bar.reset(self._task, description=name, total=total)

    def advance(self, steps: int = 1) -> None:
        """Move the bar."""
        self._bar.advance(self._task, steps)

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show how far a stage of the points is."""
        self._bar.update(self._task, description=stage, completed=done, total=total)


@contextmanager
def progress(language: str = "en") -> Iterator[Bar]:
    """Show a bar on the error stream while the block runs."""
    columns = (TextColumn("{task.description:>8}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_plain(stderr=True), transient=True) as bar:
        yield Bar(bar, language)


def said(key: str, otherwise: str, language: str) -> str:
    """Return the sentence of a key, or the word itself where there is none."""
    return say(key, language) if key in CATALOGUE else otherwise


def print_table(title: str, cells: list[dict[str, str]], spare: tuple[str, ...], language: str) -> None:
    """Print rows by column; no identity, day or number is ever cut.

    A narrow terminal gets no `spare` columns, the first of them goes first, and folds words; a file or a pipe
    gets whole lines.
    """
    names, left = list(cells[0]), iter(spare)
    while _widths(_table(title, cells, names, language))[0] > OUT.width and OUT.is_terminal:
        gone = next(left, None)
        if gone is None:
            break
        names.remove(gone)
    table = _table(title, cells, names, language)
    least, most = _widths(table)
    table.width = min(most, max(least, OUT.width)) if OUT.is_terminal else most
    OUT.print(table)
    hidden = [say(f"col.{name}", language) for name in cells[0] if name not in names]
    if hidden:
        OUT.print(say("table.narrow", language, columns=", ".join(hidden)))


def _widths(table: Table) -> tuple[int, int]:
    """Return the least width at which nothing is cut, and the width at which nothing is folded."""
    most = OUT.measure(table, options=OUT.options.update(max_width=WHOLE_LINE)).maximum
    words = [column for column in table.columns if not column.no_wrap]
    folded = sum(max(0, max(len(str(cell)) for cell in column.cells) - WORD) for column in words)
    return most - folded, most


def _table(title: str, cells: list[dict[str, str]], names: list[str], language: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for name in names:
        header = say(f"col.{name}", language).replace(" ", "\n")
        if name in _WORDS:
            table.add_column(header, overflow="fold", min_width=WORD)
        else:
            table.add_column(header, no_wrap=True, justify="right" if name in _NUMBERS else "left")
    for row in cells:
        table.add_row(*(shown(row[name]) for name in names))
    return table

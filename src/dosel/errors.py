"""One exception tree, grouped by what the handler does.

::

    DoselError                 every error that Dosel raises on purpose
    ├── InputError             the user mends a file or a setting; nothing was changed      exit 2
    │   └── InputMistakesError  several of them at once, each with its place                 exit 2
    ├── SceneError             this scene is refused and recorded; the others go on         exit 0
    ├── SourceError            a remote source did not answer; the next run tries again     exit 3
    ├── StoreError             the database or a state file cannot be used; stop, keep all  exit 4
    │   └── DamagedError       a state or baseline cannot be read; states are made again        exit 4
    ├── ReleaseError           the policy does not let it out                               exit 5
    └── MissingExtraError      an optional library is not installed                         exit 6

The exit status stands in one table, :data:`EXIT_STATUS`.

Examples
--------
>>> exit_status(InputError("resolution_m: expected a number above 0, got -10"))
2
"""

from __future__ import annotations

from collections.abc import Iterable


class DoselError(Exception):
    """Every error that Dosel raises on purpose: one sentence a person can act on."""


class InputError(DoselError):
    """A file, setting or argument is wrong; the user mends it, nothing was changed."""


class InputMistakesError(InputError):
    """All mistakes of one input at once, each with its place.

    Examples
    --------
    >>> print(InputMistakesError("dosel.toml", ["area.resolution_m: expected > 0", "area.crs: missing"]))
    dosel.toml: 2 mistakes
      area.resolution_m: expected > 0
      area.crs: missing
    """

    def __init__(self, where: str, mistakes: Iterable[str]) -> None:
        self.where = where
        self.mistakes = tuple(mistakes)
        count = "1 mistake" if len(self.mistakes) == 1 else f"{len(self.mistakes)} mistakes"
        super().__init__("\n  ".join((f"{where}: {count}", *self.mistakes)))


class SceneError(DoselError):
    """One scene cannot be used; it is refused with this reason and the others go on."""


class SourceError(DoselError):
    """A remote source did not answer as it should; nothing was lost, the next run tries again."""


class StoreError(DoselError):
    """The database or a state file cannot be used; the run stops and keeps what it has."""


class DamagedError(StoreError):
    """A state or baseline file is missing or not as it was written."""


class ReleaseError(DoselError):
    """The release policy does not let this out."""


class MissingExtraError(DoselError):
    """An optional library is needed and not installed."""


EXIT_STATUS: dict[type[DoselError], int] = {
    InputError: 2,
    SceneError: 2,
    SourceError: 3,
    StoreError: 4,
    ReleaseError: 5,
    MissingExtraError: 6,
    DoselError: 1,
}
"""Exit status of the command line for each branch of the tree."""


def exit_status(error: DoselError) -> int:
    """Return the exit status of the nearest class of `error` in :data:`EXIT_STATUS`."""
    return next(EXIT_STATUS[kind] for kind in type(error).__mro__ if kind in EXIT_STATUS)

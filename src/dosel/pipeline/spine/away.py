"""What becomes of a look whose source does not answer.

No look is refused because a server is away: it waits for the next run. But one scene that never answers must
not hold up the rest for ever, so a source that gives the look after it counts as present.
"""

from __future__ import annotations

from collections.abc import Sequence

from dosel.catalog.scene import Look, RefusedSceneError
from dosel.errors import SourceError
from dosel.model.codes import Refusal
from dosel.pipeline.centre import Centre
from dosel.pipeline.spine.reading import read_look_tiles


def sources_of(look: Look) -> frozenset[str]:
    """Return the names of the sources that a look comes from."""
    return frozenset(scene.source.name for scene in look.scenes)


def refusal_of(
    centre: Centre, look: Look, fault: RefusedSceneError | SourceError, rest: Sequence[Look]
) -> RefusedSceneError | None:
    """Return the refusal of a look that could not be read, or None where it must wait for its source.

    Parameters
    ----------
    rest
        Looks that will be read after it; the next one of the same source is read now, into the archive.
    """
    if isinstance(fault, RefusedSceneError):
        return fault
    following = next((one for one in rest if sources_of(one) & sources_of(look)), None)
    if following is None:
        return None
    try:
        read_look_tiles(centre, following, centre.sensor(following.sensor))
    except SourceError:
        return None
    except RefusedSceneError:
        pass
    return RefusedSceneError(Refusal.UNREADABLE, str(fault))

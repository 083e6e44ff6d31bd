"""Out, under authority: what may leave, and the record that it left.

:func:`release` is the only gate. A way out (a file, later a feed or a message) takes what release returned
and nothing else.
"""

from dosel.share.policy import Destination, Policy, Released, release

__all__ = ["Destination", "Policy", "Released", "release"]

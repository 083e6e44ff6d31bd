"""Arithmetic that stays in 32 bits inside numba.

Numba widens every integer operation to 64 bits, which halves the lanes of a vector and turns one
multiplication into several; these four take and return int32 and wrap on overflow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from numba.core import types
from numba.extending import intrinsic


def _binary(instruction: str, kind: Any = types.int32) -> Callable[[Any, Any], Any]:
    def typer(typing_context: Any, a: Any, b: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return getattr(builder, instruction)(*arguments)

        return kind(kind, kind), emit

    typed: Any = intrinsic(typer)
    return cast("Callable[[Any, Any], Any]", typed)


add = _binary("add")
"""add(a, b): a + b."""
add16 = _binary("add", types.int16)
"""The same in 16 bits, for sums beside 16-bit rows."""
and16, or16 = _binary("and_", types.int16), _binary("or_", types.int16)
"""Bits of 16-bit rows; numba's own operators widen them to 64 bits."""
sub = _binary("sub")
"""sub(a, b): a - b."""
mul = _binary("mul")
"""mul(a, b): a * b."""
shr = _binary("ashr")
"""shr(a, n): a >> n, rounding down; n from 0 to 31."""

"""Arithmetic that stays in 32 bits, or in 16, inside numba.

Numba widens every integer operation to 64 bits, which halves the lanes of a vector and turns one
multiplication into several; these four take and return int32 and wrap on overflow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
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
sub16, shl16, shr16 = (_binary(name, types.int16) for name in ("sub", "shl", "ashr"))
"""a - b, a << n and a >> n in 16 bits; the sum or difference must fit."""


def _saturating(instruction: str) -> Callable[[Any, Any], Any]:
    def typer(typing_context: Any, a: Any, b: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            kind = ir.IntType(16)
            call = builder.module.declare_intrinsic(instruction, [kind], ir.FunctionType(kind, [kind, kind]))
            return builder.call(call, arguments)

        return types.int16(types.int16, types.int16), emit

    typed: Any = intrinsic(typer)
    return cast("Callable[[Any, Any], Any]", typed)


add_sat16, sub_sat16 = _saturating("llvm.sadd.sat"), _saturating("llvm.ssub.sat")
"""a + b and a - b, held at the ends of 16 bits."""


def _high16() -> Callable[[Any, Any], Any]:
    def typer(typing_context: Any, a: Any, b: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            wide = ir.IntType(32)
            product = builder.mul(*(builder.zext(argument, wide) for argument in arguments))
            return builder.trunc(builder.lshr(product, wide(16)), ir.IntType(16))

        return types.int16(types.int16, types.int16), emit

    typed: Any = intrinsic(typer)
    return cast("Callable[[Any, Any], Any]", typed)


high16 = _high16()
"""The high half of a * b, both read as 16 unsigned bits."""

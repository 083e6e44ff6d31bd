"""The integer kernel: one look folded into the state of one tile, row by row.

A row passes through short loops (residual, neighbours, innovation, evidence, sum) while it stays in
the first-level cache; each loop touches few arrays, so that it vectorises. Every loop stands in this one
module because numba's cache on disk notices a change of this file only.

Units: residuals in quanta, standardised residuals z and innovations e in sigma / 256, the slow level in
sigma / 8192, evidence in nat / 64.
"""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dosel.model.codes import DAY_BITS, PixelFlag
from dosel.monitor.int32 import add, mul, shr, sub
from dosel.monitor.scalars import (
    CLIP,
    FREEZE,
    GAIN_SHIFT,
    OFFSET,
    PLANE,
    RADIUS,
    SEASON_SHIFT,
    SIGN,
)

NONE = np.int32(-32768)
"""NODATA in a row of residuals."""
R_MAX = np.int32(32767)
"""Residuals are bounded here, in quanta."""
Z_MAX = np.int32(8191)
"""Standardised residuals are bounded here: 32 sigma."""
E_MAX = np.int32(4096)
"""Innovations are bounded here: 16 sigma."""
B_MAX = np.int32(32767)
"""The slow level is bounded here: 4 sigma."""
INV_SHIFT = 11
"""Fixed-point bits of a baseline's 1 / spread: z = (r * inv_spread) >> 11, in sigma / 256."""
INV_ONE = 1 << (INV_SHIFT + 8)
"""inv_spread of a spread of one quantum."""

IntRow = NDArray[Any]
ACTIVE, ZERO, STARTED, OVER_H1, OVER_H2 = (np.int32(1 << bit) for bit in range(5))
"""Bits of a pixel's step: seen at this look; evidence is 0; has just left 0; at h1 or more; at h2 or more."""
DAY_MASK = np.int32((1 << DAY_BITS) - 1)
CLOSED = np.int32(PixelFlag.CLOSED << DAY_BITS)
"""State words from here on are of closed pixels."""
CANDIDATE, CHANGED = np.int32(PixelFlag.CANDIDATE << DAY_BITS), np.int32(PixelFlag.CHANGED << DAY_BITS)


@nb.njit(nogil=True, cache=True)
def _season_pair(a: IntRow, b: IntRow, wa: Any, wb: Any, out: IntRow) -> None:
    for x in range(out.size):
        out[x] = add(out[x], add(mul(a[x], wa), mul(b[x], wb)))


@nb.njit(nogil=True, cache=True)
def season_row(season: IntRow, row: int, first: int, basis: IntRow, shift: int, out: IntRow) -> None:
    """Write the seasonal part of the baseline, in quanta: coefficients times the basis of the date.

    Parameters
    ----------
    season
        (k, y, x) coefficients in pairs, cosine and sine (int8).
    row, first
        Row and first column to take.
    basis
        (>= k,) of the date, in 1/1024.
    shift
        Right shift of the sum.
    out
        (x,) int32.
    """
    # One plane's row at a time: a slice of several planes is not contiguous and would not vectorise.
    last = first + out.size
    out[:] = np.int32((1 << shift) >> 1)
    for k in range(0, season.shape[0], 2):
        a, b = season[k, row, first:last], season[k + 1, row, first:last]
        _season_pair(a, b, np.int16(basis[k]), np.int16(basis[k + 1]), out)
    for x in range(out.size):
        out[x] = shr(out[x], shift)


@nb.njit(nogil=True, cache=True)
def residual_row(value: IntRow, level: IntRow, season: IntRow, field: IntRow, out: IntRow) -> None:
    """Write value - level - season - offset in quanta (int32), turned so that clearing is negative."""
    shift, sign = field[OFFSET], field[SIGN]
    for x in range(out.size):
        r = sub(sub(value[x], level[x]), season[x])
        out[x] = mul(sub(r, shift), sign)


@nb.njit(nogil=True, cache=True)
def standard_row(value: IntRow, residual: IntRow, inv_spread: IntRow, watched: IntRow, out: IntRow) -> None:
    """Write the residual in sigma / 256 (int16); NODATA where masked, not watched or without baseline."""
    half = np.int32(1 << (INV_SHIFT - 1))
    for x in range(out.size):
        r = np.int16(min(max(residual[x], -R_MAX), R_MAX))
        z = shr(add(mul(r, np.int16(inv_spread[x])), half), INV_SHIFT)
        z = min(max(z, -Z_MAX), Z_MAX)
        valid = (np.int32(value[x]) != NONE) & (np.int32(inv_spread[x]) != 0) & (np.int32(watched[x]) == 1)
        out[x] = np.int16(z if valid else NONE)


@nb.njit(nogil=True, cache=True)
def add_row(z: IntRow, sign: int, total: IntRow, count: IntRow) -> None:
    """Add (sign 1) a row to the window's column sums, or take it off again (sign -1)."""
    s, zero = np.int32(sign), np.int32(0)
    for x in range(z.size):
        own = np.int32(z[x])
        valid = own != NONE
        total[x] = add(total[x], mul(s, own if valid else zero))
        count[x] = add(count[x], s if valid else zero)


@nb.njit(nogil=True, cache=True)
def box_row(column: IntRow, radius: int, out: IntRow) -> None:
    """Write sums of 2 radius + 1 columns; `column` is longer than `out` by 2 radius."""
    out[:] = column[: out.size]
    for dx in range(1, 2 * radius + 1):
        part = column[dx : dx + out.size]
        for x in range(out.size):
            out[x] = add(out[x], part[x])


@nb.njit(nogil=True, cache=True)
def mix_row(z: IntRow, total: IntRow, count: IntRow, mixing: IntRow, full: int, out: IntRow) -> bool:
    """Write the weighted mean of a pixel and its neighbours of the same pass, in the pixel's own sigma / 256.

    Parameters
    ----------
    z
        The pixels' own standardised residuals (int16); NODATA stays NODATA.
    total, count
        Sum and number of valid residuals in the window, the pixel itself included (int32).
    mixing
        (neighbours, 3) weights, see :attr:`dosel.monitor.scalars.LookScalars.mixing`.
    full
        Number of neighbours of a whole window.
    out
        The mean (int16).

    Returns
    -------
    bool
        Whether every valid pixel of the row had a whole window.
    """
    ragged, half, whole = np.int32(0), np.int32(8192), np.int32(full + 1)
    for x in range(z.size):
        ragged = add(ragged, np.int32((np.int32(z[x]) != NONE) & (count[x] != whole)))
    if ragged == 0:
        w0, w1 = mixing[full, 0], mixing[full, 1]
        for x in range(z.size):
            own = np.int32(z[x])
            mean = add(add(mul(own, w0), mul(sub(total[x], own), w1)), half)
            out[x] = np.int16(shr(mean, 14) if own != NONE else NONE)
        return True
    for x in range(z.size):
        own = np.int32(z[x])
        n = max(count[x] - 1, 0)
        mean = add(add(mul(own, mixing[n, 0]), mul(sub(total[x], own), mixing[n, 1])), half)
        out[x] = np.int16(shr(mean, 14) if own != NONE else NONE)
    return False


@nb.njit(nogil=True, cache=True)
def innovate_row(
    z: IntRow, crossed: IntRow, evidence: IntRow, memory: IntRow, field: IntRow, out: IntRow
) -> None:
    """Write residuals minus the slow level of their own past, and move that level (bounded influence).

    Parameters
    ----------
    z
        Standardised residuals, sigma / 256 (int16), NODATA where masked.
    crossed
        State words; closed pixels are left alone.
    evidence
        Running evidence before the look; with much of it the slow level rests.
    memory
        Slow level, sigma / 8192 (int16), NODATA before the first look; updated in place.
    field
        Row of :attr:`dosel.monitor.scalars.LookScalars.fields`.
    out
        Innovations, sigma / 256 (int16); NODATA where masked or closed.
    """
    shift, clip, freeze = field[GAIN_SHIFT], field[CLIP], field[FREEZE]
    half = shr(np.int32(1 << shift), 1)
    for x in range(z.size):
        own, kept = np.int32(z[x]), np.int32(memory[x])
        valid = (own != NONE) & (np.int32(crossed[x]) < CLOSED)
        b = np.int32(0) if kept == NONE else kept
        e = min(max(sub(own, shr(add(b, 16), 5)), -E_MAX), E_MAX)
        step = shr(add(mul(min(max(e, -clip), clip), 32), half), shift)
        b = add(b, np.int32(0) if np.int32(evidence[x]) >= freeze else step)
        b = min(max(b, -B_MAX), B_MAX)
        memory[x] = np.int16(b if valid else kept)
        out[x] = np.int16(e if valid else NONE)


@nb.njit(nogil=True, cache=True)
def llr_row(e: IntRow, hinge: IntRow, scale: int, llr: IntRow, seen: IntRow) -> None:
    """Add the evidence of a row of innovations to `llr` (nat / 64, int16) and 1 to `seen` where valid."""
    floor = hinge[0]
    k0, k1, k2, k3 = hinge[1], hinge[2], hinge[3], hinge[4]
    s0, s1, s2, s3 = np.int16(hinge[5]), np.int16(hinge[6]), np.int16(hinge[7]), np.int16(hinge[8])
    rescale = np.int16(scale)
    zero, half = np.int32(0), np.int32(2048)
    for x in range(e.size):
        own = np.int32(e[x])
        d = shr(add(mul(own, rescale), half), 12)
        v0, v1 = np.int16(max(zero, sub(k0, d))), np.int16(max(zero, sub(k1, d)))
        v2, v3 = np.int16(max(zero, sub(k2, d))), np.int16(max(zero, sub(k3, d)))
        v = add(add(mul(s0, v0), mul(s1, v1)), add(mul(s2, v2), mul(s3, v3)))
        v = add(floor, shr(add(v, half), 12))
        llr[x] = np.int16(add(llr[x], v if own != NONE else zero))
        seen[x] = np.int16(add(seen[x], np.int32(own != NONE)))


@nb.njit(nogil=True, cache=True)
def ragged_llr_row(
    e: IntRow, count: IntRow, hinges: IntRow, mixing: IntRow, llr: IntRow, seen: IntRow
) -> None:
    """Do as :func:`llr_row` where windows are incomplete: each pixel's hinges by its valid neighbours."""
    zero, half = np.int32(0), np.int32(2048)
    for x in range(e.size):
        own = np.int32(e[x])
        if own != NONE:
            n = max(count[x] - 1, 0)
            d = shr(add(mul(own, mixing[n, 2]), half), 12)
            v = zero
            for k in range(1, 5):
                v = add(v, mul(hinges[n, 4 + k], max(zero, sub(hinges[n, k], d))))
            llr[x] = np.int16(add(llr[x], add(hinges[n, 0], shr(add(v, half), 12))))
            seen[x] = np.int16(seen[x] + 1)


@nb.njit(nogil=True, cache=True)
def weigh_row(llr: IntRow, seen: IntRow, bands: IntRow) -> None:
    """Weight the summed evidence of a look by the number of its valid streams, in place."""
    half = np.int32(128)
    for n in range(1, bands.size):
        w = bands[n]
        if w != 256:
            for x in range(llr.size):
                v = np.int32(llr[x])
                weighed = shr(add(mul(v, w), half), 8)
                llr[x] = np.int16(weighed if np.int32(seen[x]) == np.int32(n) else v)


@nb.njit(nogil=True, cache=True)
def accumulate_row(llr: IntRow, seen: IntRow, evidence: IntRow, step: IntRow, marks: Any) -> None:
    """L <- max(0, L - ((L * fade) >> 15) + llr), saturating, where a look was valid; write the steps."""
    fade, h1, h2 = np.int16(marks[1]), np.int32(marks[2]), np.int32(marks[3])
    zero, most = np.int32(0), np.int32(32767)
    for x in range(evidence.size):
        old, valid = np.int32(evidence[x]), np.int32(seen[x]) > zero
        new = add(sub(old, shr(mul(old, fade), 15)), llr[x])
        new = min(max(new, zero), most)
        evidence[x] = np.int16(new if valid else old)
        bits = (ZERO if new == zero else zero) | (STARTED if (old == zero) & (new > zero) else zero)
        bits |= (OVER_H1 if new >= h1 else zero) | (OVER_H2 if new >= h2 else zero) | ACTIVE
        step[x] = np.uint8(bits if valid else zero)


@nb.njit(nogil=True, cache=True)
def flag_row(step: IntRow, before: IntRow, onset: IntRow, crossed: IntRow, day: int, counts: IntRow) -> None:
    """Keep the books of a row: last look before, onset, first crossing and flag; add to `counts`."""
    today, never = np.uint16(day), np.uint16(0)
    for x in range(step.size):
        before[x] = today if step[x] & ZERO else before[x]
    for x in range(step.size):
        kept = today if step[x] & STARTED else onset[x]
        onset[x] = never if step[x] & ZERO else kept
    _count_row(step, crossed, counts)
    now = np.uint16(CANDIDATE | today)
    for x in range(step.size):
        new = now if (step[x] & OVER_H1) and crossed[x] < CANDIDATE else crossed[x]
        raised = np.uint16(CHANGED | (new & DAY_MASK))
        new = raised if (step[x] & OVER_H2) and new < CHANGED else new
        crossed[x] = never if step[x] & ZERO else new


@nb.njit(nogil=True, cache=True)
def _count_row(step: IntRow, crossed: IntRow, counts: IntRow) -> None:
    """Add a row's valid pixels, new candidates, new changed and returned ones to `counts`."""
    valid = candidates = changed = returned = np.uint16(0)
    one, none = np.uint16(1), np.uint16(0)
    for x in range(step.size):
        valid = np.uint16(valid + (one if step[x] & ACTIVE else none))
        first = (step[x] & OVER_H1) and crossed[x] < CANDIDATE
        second = (step[x] & OVER_H2) and crossed[x] < CHANGED
        back = (step[x] & ZERO) and crossed[x] >= CANDIDATE
        candidates = np.uint16(candidates + (one if first else none))
        changed = np.uint16(changed + (one if second else none))
        returned = np.uint16(returned + (one if back else none))
    counts[0] += valid
    counts[1] += candidates
    counts[2] += changed
    counts[3] += returned


@nb.njit(nogil=True, cache=True)
def _take_row(look: Any, base: Any, field: IntRow, basis: IntRow, where: Any, work: Any) -> None:
    """Standardise one padded row of a stream and enter it into the window of its neighbours.

    `look` is (values, watched) and `base` (level, season, inv_spread) of the stream; `where` is (y of
    the tile, halo, width); `work` is (wide rows, ring of standardised rows, column sums and counts).
    """
    values, watched = look
    level, season, inv = base
    y, halo, width = where
    wide, ring, columns = work
    r = field[RADIUS]
    row, first, cells = y + halo + r, halo - r, width + 2 * r
    last = first + cells
    standard = ring[(y + 2 * r) % (2 * r + 1), :cells]
    if r > 0 and y > 0:
        add_row(standard, -1, columns[0, :cells], columns[1, :cells])
    value = values[row, first:last]
    season_row(season, row, first, basis, field[SEASON_SHIFT], wide[0, :cells])
    residual_row(value, level[row, first:last], wide[0, :cells], field, wide[1, :cells])
    standard_row(value, wide[1, :cells], inv[row, first:last], watched[row, first:last], standard)
    if r > 0:
        add_row(standard, 1, columns[0, :cells], columns[1, :cells])


@nb.njit(nogil=True, cache=True)
def _evidence_row(y: int, field: IntRow, tables: Any, books: Any, work: Any, out: Any) -> None:
    """Add one stream's evidence of row `y` to `out`, (llr, seen), and move its slow level.

    `tables` is (hinges, mixing) of the stream; `books` is (crossed, evidence, memory) of the row; `work`
    as in :func:`_take_row`.
    """
    hinges, mixing = tables
    crossed, evidence, memory = books
    wide, ring, columns = work
    llr, seen = out
    r, width = field[RADIUS], crossed.size
    own = ring[(y + r) % (2 * r + 1), r : r + width]
    innovation = ring[2 * r + 2, :width]
    if r == 0:
        innovate_row(own, crossed, evidence, memory, field, innovation)
        llr_row(innovation, hinges[0], mixing[0, 2], llr, seen)
        return
    full = (2 * r + 1) ** 2 - 1
    total, count, mean = wide[2, :width], wide[3, :width], ring[2 * r + 1, :width]
    box_row(columns[0, : width + 2 * r], r, total)
    box_row(columns[1, : width + 2 * r], r, count)
    whole = mix_row(own, total, count, mixing, full, mean)
    innovate_row(mean, crossed, evidence, memory, field, innovation)
    if whole:
        llr_row(innovation, hinges[full], mixing[full, 2], llr, seen)
    else:
        ragged_llr_row(innovation, count, hinges, mixing, llr, seen)


@nb.njit(nogil=True, cache=True)
def fold_tile(planes: Any, memory: IntRow, look: Any, base: Any, marks: Any, tables: Any) -> Any:
    """Fold a look into a tile; the arguments are grouped as :func:`update` lays them out."""
    evidence, before, onset, crossed = planes
    values, watched, halo = look
    levels, seasons, invs = base
    fields, basis, hinges, mixing, bands = tables
    height, width = evidence.shape
    streams, deepest = values.shape[0], fields[:, RADIUS].max()
    ring = np.empty((streams, 2 * deepest + 3, width + 2 * deepest), np.int16)
    columns = np.zeros((streams, 2, width + 2 * deepest), np.int32)
    wide = np.empty((4, width + 2 * deepest), np.int32)
    llr, seen, step = np.empty(width, np.int16), np.empty(width, np.int16), np.empty(width, np.uint8)
    counts = np.zeros(4, np.int64)
    for y in range(-2 * deepest, height):
        llr[:] = 0
        seen[:] = 0
        for s in range(streams):
            work = (wide, ring[s], columns[s])
            if y >= -2 * fields[s, RADIUS]:
                stream = (levels[s], seasons[s], invs[s])
                _take_row((values[s], watched), stream, fields[s], basis, (y, halo, width), work)
            if y >= 0:
                books = (crossed[y], evidence[y], memory[fields[s, PLANE], y])
                _evidence_row(y, fields[s], (hinges[s], mixing[s]), books, work, (llr, seen))
        if y >= 0:
            weigh_row(llr, seen, bands)
            accumulate_row(llr, seen, evidence[y], step, marks)
            flag_row(step, before[y], onset[y], crossed[y], marks[0], counts)
    return counts

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
from dosel.monitor.int32 import (
    add,
    add16,
    add_sat16,
    and16,
    high16,
    mul,
    or16,
    shl16,
    shr,
    shr16,
    sub,
    sub16,
    sub_sat16,
)
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

NODATA = np.int16(-32768)
"""A masked residual in a row."""
NONE = np.int32(NODATA)
"""The same, 32 bits wide."""
R_MAX = np.int32(32767)
"""Residuals are bounded here, in quanta."""
Z_MAX = np.int32(8191)
"""Standardised residuals are bounded here: 32 sigma."""
E_MAX = np.int16(4096)
"""Innovations are bounded here: 16 sigma."""
B_MAX = np.int16(32767)
"""The slow level is bounded here: 4 sigma."""
INV_SHIFT = 11
INV_HALF = np.int32(1 << 10)
"""Fixed-point bits of a baseline's 1 / spread: z = (r * inv_spread) >> 11, in sigma / 256."""
INV_ONE = 1 << (INV_SHIFT + 8)
"""inv_spread of a spread of one quantum."""

IntRow = NDArray[Any]
ACTIVE, ZERO, STARTED, OVER_H1, OVER_H2 = (np.int16(1 << bit) for bit in range(5))
"""Bits of a pixel's step: seen at this look; evidence is 0; has just left 0; at h1 or more; at h2 or more."""
DAY_MASK = np.int16((1 << DAY_BITS) - 1)
CLOSED = np.uint16(PixelFlag.CLOSED << DAY_BITS)
"""State words from here on are of closed pixels."""
CANDIDATE, CHANGED = np.uint16(PixelFlag.CANDIDATE << DAY_BITS), np.uint16(PixelFlag.CHANGED << DAY_BITS)
CHANGED_16 = np.uint16(CHANGED).astype(np.int16)


@nb.njit(nogil=True, cache=True)
def lattice_points(look: Any, base: Any, field: IntRow, basis: IntRow, where: Any, out: IntRow) -> int:
    """Write value - level - season, in quanta, of the valid points of a lattice; return their number.

    Parameters
    ----------
    look, base, field, basis
        As in :func:`standard_row`; of `field` only the season's shift is taken.
    where
        (first row, first column, last row, last column, distance), the last ones left out.
    out
        int32, long enough for the whole lattice.
    """
    values, watched = look
    level, season, inv = base
    row0, col0, row1, col1, distance = where
    down = field[SEASON_SHIFT]
    half = (1 << down) >> 1
    found = 0
    for y in range(row0, row1, distance):
        for x in range(col0, col1, distance):
            if values[y, x] != NODATA and inv[y, x] != 0 and watched[y, x] == 1:
                wave = half
                for k in range(season.shape[0]):
                    wave += season[k, y, x] * basis[k]
                out[found] = np.int32(values[y, x]) - level[y, x] - (wave >> down)
                found += 1
    return found


@nb.njit(nogil=True, cache=True)
def _standard(value: Any, level: Any, season: Any, inv: Any, watched: Any, shift: Any, sign: Any) -> Any:
    """Return one residual in sigma / 256 (int16); NODATA where masked, not watched or without baseline."""
    r = mul(sub(sub(sub(value, level), season), shift), sign)
    r = min(max(r, -R_MAX), R_MAX)
    z = shr(add(mul(np.int16(r), np.int16(inv)), INV_HALF), INV_SHIFT)
    z = min(max(z, -Z_MAX), Z_MAX)
    valid = (np.int16(value) != NODATA) & (np.int16(inv) != np.int16(0)) & (np.int32(watched) == 1)
    return np.int16(z if valid else NONE)


@nb.njit(nogil=True, cache=True)
def _flat_row(value: IntRow, level: IntRow, inv: IntRow, watched: IntRow, field: IntRow, out: IntRow) -> None:
    shift, sign, zero = field[OFFSET], np.int16(field[SIGN]), np.int32(0)
    for x in range(out.size):
        out[x] = _standard(value[x], level[x], zero, inv[x], watched[x], shift, sign)


@nb.njit(nogil=True, cache=True)
def _annual_row(
    value: IntRow,
    level: IntRow,
    c1: IntRow,
    s1: IntRow,
    inv: IntRow,
    watched: IntRow,
    wave: Any,
    field: IntRow,
    out: IntRow,
) -> None:
    shift, sign, down = field[OFFSET], np.int16(field[SIGN]), field[SEASON_SHIFT]
    w0, w1 = np.int16(wave[0]), np.int16(wave[1])
    half = shr(np.int32(1 << down), 1)
    for x in range(out.size):
        season = add(half, add(mul(c1[x], w0), mul(s1[x], w1)))
        out[x] = _standard(value[x], level[x], shr(season, down), inv[x], watched[x], shift, sign)


@nb.njit(nogil=True, cache=True)
def _semiannual_row(
    value: IntRow,
    level: IntRow,
    c1: IntRow,
    s1: IntRow,
    c2: IntRow,
    s2: IntRow,
    inv: IntRow,
    watched: IntRow,
    wave: Any,
    field: IntRow,
    out: IntRow,
) -> None:
    shift, sign, down = field[OFFSET], np.int16(field[SIGN]), field[SEASON_SHIFT]
    w0, w1, w2, w3 = np.int16(wave[0]), np.int16(wave[1]), np.int16(wave[2]), np.int16(wave[3])
    half = shr(np.int32(1 << down), 1)
    for x in range(out.size):
        season = add(half, add(mul(c1[x], w0), mul(s1[x], w1)))
        season = add(season, add(mul(c2[x], w2), mul(s2[x], w3)))
        out[x] = _standard(value[x], level[x], shr(season, down), inv[x], watched[x], shift, sign)


@nb.njit(nogil=True, cache=True)
def standard_row(
    look: Any, base: Any, field: IntRow, basis: IntRow, row: int, first: int, out: IntRow
) -> None:
    """Write a row of residuals in sigma / 256 (int16); NODATA where masked or without baseline.

    A residual is value - level - season - offset, turned so that clearing is negative, times 1 / spread.

    Parameters
    ----------
    look
        (values, watched), both (y, x) with the look's halo.
    base
        (level, season, inv_spread) of the stream; season is (0, 2 or 4, y, x).
    field
        Row of :attr:`dosel.monitor.scalars.LookScalars.fields`.
    basis
        (4,) of the date, in 1/1024.
    row, first
        Row and first column to take.
    out
        (x,) int16.
    """
    values, watched = look
    level, season, inv = base
    cut = slice(first, first + out.size)
    value, mean, spread, mask = values[row, cut], level[row, cut], inv[row, cut], watched[row, cut]
    if season.shape[0] == 0:
        _flat_row(value, mean, spread, mask, field, out)
    elif season.shape[0] == 2:
        _annual_row(value, mean, season[0, row, cut], season[1, row, cut], spread, mask, basis, field, out)
    else:
        c1, s1, c2, s2 = season[0, row, cut], season[1, row, cut], season[2, row, cut], season[3, row, cut]
        _semiannual_row(value, mean, c1, s1, c2, s2, spread, mask, basis, field, out)


@nb.njit(nogil=True, cache=True)
def slide_row(new: IntRow, old: IntRow, total: IntRow, count: IntRow) -> None:
    """Add a new row of standardised residuals to the window's column sums and take the old one off."""
    zero = np.int32(0)
    for x in range(total.size):
        a, b = np.int32(new[x]), np.int32(old[x])
        here, gone = a != NONE, b != NONE
        total[x] = add(total[x], sub(a if here else zero, b if gone else zero))
        count[x] = add(count[x], sub(np.int32(here), np.int32(gone)))


@nb.njit(nogil=True, cache=True)
def box_row(column: IntRow, radius: int, out: IntRow) -> None:
    """Write sums of 2 radius + 1 columns, radius at least 1; `column` is longer than `out` by 2 radius."""
    a, b, c = column[: out.size], column[1 : 1 + out.size], column[2 : 2 + out.size]
    for x in range(out.size):
        out[x] = add(add(a[x], b[x]), c[x])
    for dx in range(3, 2 * radius + 1, 2):
        a, b = column[dx : dx + out.size], column[dx + 1 : dx + 1 + out.size]
        for x in range(out.size):
            out[x] = add(out[x], add(a[x], b[x]))


@nb.njit(nogil=True, cache=True)
def mix_row(
    z: IntRow, total: IntRow, count: IntRow, mixing: IntRow, full: int, torn: IntRow, out: IntRow
) -> bool:
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
    torn
        Gets 1 for each valid pixel with an incomplete window, where there is any (uint8); filled up with
        zeros to a multiple of 8.
    out
        The mean (int16).

    Returns
    -------
    bool
        Whether every valid pixel of the row had a whole window.
    """
    torn_px, half, whole = np.int32(0), np.int32(8192), np.int32(full + 1)
    w0, w1 = mixing[full, 0], mixing[full, 1]
    for x in range(z.size):
        own = np.int32(z[x])
        torn_px = add(torn_px, np.int32((own != NONE) & (count[x] != whole)))
        mean = shr(add(add(mul(own, w0), mul(sub(total[x], own), w1)), half), 14)
        out[x] = np.int16(mean if own != NONE else NONE)
    if torn_px == 0:
        return True
    for x in range(z.size):
        torn[x] = np.uint8((np.int32(z[x]) != NONE) & (count[x] != whole))
    eights = torn.view(np.int64)
    for eight in range(eights.size):
        if eights[eight] != 0:
            for x in range(8 * eight, min(8 * eight + 8, z.size)):
                if torn[x]:
                    n, own = count[x] - 1, np.int32(z[x])
                    mean = add(add(mul(own, mixing[n, 0]), mul(sub(total[x], own), mixing[n, 1])), half)
                    out[x] = np.int16(shr(mean, 14))
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
    gain, clip = field[GAIN_SHIFT], np.int16(field[CLIP])
    # An innovation counts 32 units of the slow level: 32 e >> gain, rounded.
    up, down = np.int16(max(5 - gain, 0)), np.int16(max(gain - 5, 0))
    half, rest = np.int16((1 << max(gain - 5, 0)) >> 1), np.int16(min(field[FREEZE] - 1, 32767))
    zero, one, four, five = np.int16(0), np.int16(1), np.int16(4), np.int16(5)
    for x in range(z.size):
        own, kept = z[x], memory[x]
        valid = (own != NODATA) & (crossed[x] < CLOSED)
        b = zero if kept == NODATA else kept
        slow = add16(shr16(b, five), and16(shr16(b, four), one))  # (b + 16) >> 5
        e = min(max(sub16(own, slow), -E_MAX), E_MAX)
        step = shr16(shl16(add16(min(max(e, -clip), clip), half), up), down)
        b = max(add_sat16(b, zero if evidence[x] > rest else step), -B_MAX)
        memory[x] = b if valid else kept
        out[x] = e if valid else NODATA


@nb.njit(nogil=True, cache=True)
def llr_row(e: IntRow, hinge: IntRow, scale: int, scaled: IntRow, llr: IntRow, seen: IntRow) -> None:
    """Add the evidence of a row of innovations to `llr` (nat / 64, int16) and 1 to `seen` where valid.

    `scale` turns them into the mean's own sigma / 256, written to `scaled` where it is not 1.
    """
    if scale != 4096:
        _rescale_row(e, scale, scaled)
        _llr_row(e, scaled, hinge, llr, seen)
    else:
        _llr_row(e, e, hinge, llr, seen)


@nb.njit(nogil=True, cache=True)
def _rescale_row(e: IntRow, scale: int, out: IntRow) -> None:
    rescale, half = np.int16(scale), np.int32(2048)
    for x in range(e.size):
        out[x] = np.int16(shr(add(mul(e[x], rescale), half), 12))


@nb.njit(nogil=True, cache=True)
def _llr_row(e: IntRow, d: IntRow, hinge: IntRow, llr: IntRow, seen: IntRow) -> None:
    floor, half = hinge[0], np.int32(2048)
    k0, k1, k2, k3 = np.int16(hinge[1]), np.int16(hinge[2]), np.int16(hinge[3]), np.int16(hinge[4])
    s0, s1, s2, s3 = np.int16(hinge[5]), np.int16(hinge[6]), np.int16(hinge[7]), np.int16(hinge[8])
    zero = np.int16(0)
    for x in range(e.size):
        valid = e[x] != NODATA
        v0, v1 = max(zero, sub_sat16(k0, d[x])), max(zero, sub_sat16(k1, d[x]))
        v2, v3 = max(zero, sub_sat16(k2, d[x])), max(zero, sub_sat16(k3, d[x]))
        v = add(add(mul(s0, v0), mul(s1, v1)), add(mul(s2, v2), mul(s3, v3)))
        v = add(floor, shr(add(v, half), 12))
        llr[x] = add16(llr[x], np.int16(v) if valid else zero)
        seen[x] = add16(seen[x], np.int16(valid))


@nb.njit(nogil=True, cache=True)
def mend_row(
    e: IntRow, torn: IntRow, count: IntRow, hinges: IntRow, mixing: IntRow, full: int, llr: IntRow
) -> None:
    """Put right what :func:`llr_row` added where a window is torn: hinges by the valid neighbours."""
    eights = torn.view(np.int64)
    for eight in range(eights.size):
        if eights[eight] != 0:
            for x in range(8 * eight, min(8 * eight + 8, e.size)):
                if torn[x] and e[x] != NODATA:
                    n = count[x] - 1
                    right = _llr(e[x], hinges[n], mixing[n, 2])
                    llr[x] = np.int16(add(llr[x], sub(right, _llr(e[x], hinges[full], mixing[full, 2]))))


@nb.njit(nogil=True, cache=True)
def _llr(e: Any, hinge: IntRow, scale: Any) -> Any:
    """Return the evidence of one innovation, nat / 64."""
    half, v = np.int32(2048), np.int32(0)
    d = shr(add(mul(e, scale), half), 12)
    for k in range(1, 5):
        v = add(v, mul(hinge[4 + k], max(np.int32(0), sub(hinge[k], d))))
    return add(hinge[0], shr(add(v, half), 12))


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
    fade, h1, h2 = np.int16(marks[1]), np.int16(marks[2]), np.int16(marks[3])
    none, one = np.int16(0), np.int16(1)
    for x in range(evidence.size):
        old, valid = evidence[x], seen[x] > none
        left = sub16(old, high16(shl16(old, one), fade))
        new = max(add_sat16(left, llr[x]), none)
        evidence[x] = new if valid else old
        bits = or16(ZERO if new == none else none, STARTED if (old == none) & (new > none) else none)
        bits = or16(bits, or16(OVER_H1 if new >= h1 else none, OVER_H2 if new >= h2 else none))
        step[x] = or16(bits, ACTIVE) if valid else none


@nb.njit(nogil=True, cache=True)
def flag_row(step: IntRow, before: IntRow, onset: IntRow, crossed: IntRow, day: int, counts: IntRow) -> None:
    """Keep the books of a row: last look before, onset, first crossing and flag; add to `counts`."""
    today, never, now = np.uint16(day), np.uint16(0), np.uint16(CANDIDATE | day)
    valid = candidates = changed = returned = none = np.int16(0)
    for x in range(step.size):
        done, word = step[x], crossed[x]
        zero, started = and16(done, ZERO) != none, and16(done, STARTED) != none
        first = (and16(done, OVER_H1) != none) & (word < CANDIDATE)
        second = (and16(done, OVER_H2) != none) & (word < CHANGED)
        before[x] = today if zero else before[x]
        onset[x] = never if zero else (today if started else onset[x])
        new = now if first else word
        new = np.uint16(or16(and16(new, DAY_MASK), CHANGED_16)) if second else new
        crossed[x] = never if zero else new
        valid = add16(valid, and16(done, ACTIVE))
        candidates, changed = add16(candidates, np.int16(first)), add16(changed, np.int16(second))
        returned = add16(returned, np.int16(zero & (word >= CANDIDATE)))
    counts[0] += np.uint16(valid)
    counts[1] += np.uint16(candidates)
    counts[2] += np.uint16(changed)
    counts[3] += np.uint16(returned)


@nb.njit(nogil=True, cache=True)
def _take_row(look: Any, base: Any, field: IntRow, basis: IntRow, where: Any, work: Any) -> None:
    """Standardise one padded row of a stream and enter it into the window of its neighbours.

    `look` is (values, watched) and `base` (level, season, inv_spread) of the stream; `where` is (y of
    the tile, halo, width); `work` is (ring of standardised rows, column sums and counts).
    """
    y, halo, width = where
    ring, columns = work
    r = field[RADIUS]
    cells = width + 2 * r
    rows = 2 * r + 2
    new, old = ring[(y + 2 * r) % rows, :cells], ring[(y + 2 * r + 1) % rows, :cells]
    standard_row(look, base, field, basis, y + halo + r, halo - r, new)
    if r > 0:
        slide_row(new, old, columns[0, :cells], columns[1, :cells])


@nb.njit(nogil=True, cache=True)
def _evidence_row(y: int, field: IntRow, tables: Any, books: Any, work: Any, out: Any) -> None:
    """Add one stream's evidence of row `y` to `out`, (llr, seen), and move its slow level.

    `tables` is (hinges, mixing) of the stream; `books` is (crossed, evidence, memory) of the row; `work`
    as in :func:`_take_row`, with the rows of a window's sums and counts, two of residuals, one of torn ones.
    """
    hinges, mixing = tables
    crossed, evidence, memory = books
    ring, columns, window, rows, torn = work
    llr, seen = out
    r, width = field[RADIUS], crossed.size
    own, innovation = ring[(y + r) % (2 * r + 2), r : r + width], rows[0, :width]
    full = (2 * r + 1) ** 2 - 1
    if r == 0:
        innovate_row(own, crossed, evidence, memory, field, innovation)
        llr_row(innovation, hinges[0], mixing[0, 2], rows[1, :width], llr, seen)
        return
    total, count, mean = window[0, :width], window[1, :width], rows[1, :width]
    box_row(columns[0, : width + 2 * r], r, total)
    box_row(columns[1, : width + 2 * r], r, count)
    whole = mix_row(own, total, count, mixing, full, torn, mean)
    innovate_row(mean, crossed, evidence, memory, field, innovation)
    llr_row(innovation, hinges[full], mixing[full, 2], mean, llr, seen)
    if not whole:
        mend_row(innovation, torn, count, hinges, mixing, full, llr)


@nb.njit(nogil=True, cache=True)
def fold_tile(planes: Any, memory: IntRow, look: Any, base: Any, marks: Any, tables: Any) -> Any:
    """Fold a look into a tile; the arguments are grouped as :func:`update` lays them out."""
    evidence, before, onset, crossed = planes
    values, watched, halo = look
    levels, seasons, invs = base
    fields, basis, hinges, mixing, bands = tables
    height, width = evidence.shape
    streams, deepest = values.shape[0], fields[:, RADIUS].max()
    ring = np.full((streams, 2 * deepest + 2, width + 2 * deepest), NODATA, np.int16)
    columns = np.zeros((streams, 2, width + 2 * deepest), np.int32)
    window, rows = np.empty((2, width), np.int32), np.empty((2, width), np.int16)
    llr, seen, step = np.empty(width, np.int16), np.empty(width, np.int16), np.empty(width, np.int16)
    counts, torn = np.zeros(4, np.int64), np.zeros((width + 7) // 8 * 8, np.uint8)
    for y in range(-2 * deepest, height):
        llr[:] = 0
        seen[:] = 0
        for s in range(streams):
            if y >= -2 * fields[s, RADIUS]:
                stream = (levels[s], seasons[s], invs[s])
                work = (ring[s], columns[s])
                _take_row((values[s], watched), stream, fields[s], basis, (y, halo, width), work)
            if y >= 0:
                books = (crossed[y], evidence[y], memory[fields[s, PLANE], y])
                desk = (ring[s], columns[s], window, rows, torn)
                _evidence_row(y, fields[s], (hinges[s], mixing[s]), books, desk, (llr, seen))
        if y >= 0:
            weigh_row(llr, seen, bands)
            accumulate_row(llr, seen, evidence[y], step, marks)
            flag_row(step, before[y], onset[y], crossed[y], marks[0], counts)
    return counts

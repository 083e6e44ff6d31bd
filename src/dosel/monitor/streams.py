"""Streams that are ready for point series: rows derived by one procedure from undisturbed looks.

The rows come from :func:`dosel.monitor.derive.derive_stream` over the Sentinel-1 VH points of the Brazilian
Amazon (Doblas et al. 2020; proof O): the history before the year that precedes the last image without
clearing, and that year as the undisturbed one. No label enters. ``benchmarks/derive_streams.py`` prints them.

Thresholds follow from budgets of false crossings in that undisturbed year: :data:`CANDIDATE_BUDGET` and
:data:`CHANGED_BUDGET`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dosel.errors import InputError
from dosel.monitor.evidence import EXTRA_VH_DB, SHIFT_VH_DB, StreamModel

CANDIDATE_BUDGET: Final = 0.1
"""Crossings of h1 that are borne per undisturbed point and year."""
CHANGED_BUDGET: Final = 0.02
"""Crossings of h2 that are borne per undisturbed point and year: about 0.6 % of the points in 120 days."""
QUANTUM_DB: Final = 1 / 256
"""Stored step of point series in dB."""
USUAL_DB: Final = (-30.0, -3.0)
"""The median VH backscatter of a file over forest lies here; linear power or another unit does not."""


@dataclass(frozen=True, slots=True)
class PointStream:
    """A stream for point series: its row, its thresholds and what its values usually are."""

    model: StreamModel
    h1_nats: float
    """A point is a candidate from here on."""
    h2_nats: float
    """A point is changed from here on."""
    usual: tuple[float, float]
    """The median of a file's values lies between these, in the stream's unit."""
    about: str


def _row(
    name: str, numbers: tuple[float, ...], knots: tuple[float, ...], slopes: tuple[float, ...]
) -> StreamModel:
    level, k_level, k_season, spread, k_spread, drift2, nu, sd, floor = numbers
    return StreamModel(
        name,
        "dB",
        QUANTUM_DB,
        -1,
        level=level,
        k_level=k_level,
        k_season=k_season,
        spread=spread,
        k_spread=k_spread,
        drift2=drift2,
        nu=int(nu),
        sd=sd,
        shift=SHIFT_VH_DB,
        extra=EXTRA_VH_DB,
        floor=floor,
        knots=knots,
        slopes=slopes,
    )


_RAW = _row(
    "sentinel-1-vh",
    (-12.8484, 3.9078, 80.0, 1.64212, 252.015, 1.06752, 14, 1.7247, -0.693147),
    (0.137, -1.5, -3.0, -5.0),
    (0.998465, 0.130462, -0.962172, -0.166755),
)
_STABILISED = _row(
    "sentinel-1-vh-stabilised",
    (-12.6104, 0.76911, 50.0, 0.510745, 49.9211, 1.0654, 16, 0.535897, -0.693147),
    (-1.067, -1.5, -3.0, -5.0),
    (1.69859, 0.427695, 0.00397075, -2.13025),
)
_FILTERED = _row(
    "sentinel-1-vh-filtered",
    (-12.5032, 1.01389, 12.0, 0.54743, 62.7444, 1.14913, 15, 0.596532, -0.693147),
    (-0.971, -1.5, -3.0, -5.0),
    (1.66789, 0.413395, -0.0929156, -1.98836),
)

STREAMS: Final[dict[str, PointStream]] = {
    stream.model.stream: stream
    for stream in (
        PointStream(_RAW, 3.75, 5.0, USUAL_DB, "Sentinel-1 gamma0 VH of a single pixel, unfiltered"),
        PointStream(
            _STABILISED,
            3.25,
            5.5,
            USUAL_DB,
            "VH stabilised by the forest around and filtered; looks ahead in time",
        ),
        PointStream(_FILTERED, 3.75, 6.25, USUAL_DB, "VH filtered in space and time; looks ahead in time"),
    )
}
"""Streams of point series by name."""


def point_stream(name: str) -> PointStream:
    """Return the stream of that name.

    Raises
    ------
    InputError
        If there is none; the sentence names those that exist.

    Examples
    --------
    >>> point_stream("sentinel-1-vh").model.unit
    'dB'
    """
    if name not in STREAMS:
        raise InputError(f"stream {name!r} is not ready for point series; there are {', '.join(STREAMS)}")
    return STREAMS[name]

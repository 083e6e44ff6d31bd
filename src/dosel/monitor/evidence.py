"""The look's log-likelihood ratio: one law for cleared land, each stream's own noise for intact forest.

Cleared land has nearly the same law in every processing of a band: a mean drop and an extra spread, both
in the band's unit. Only the noise of intact forest differs between streams. So the alternative is fixed by
the sensor row, and everything else in a :class:`StreamModel` derives from undisturbed looks of the stream.

The ratio ``log N(e; -shift, 1 + extra^2) - log t_nu(e)`` of a standardised innovation ``e`` is held flat to
the right of its minimum, floored, and interpolated by four hinges: the kernel needs no exp, log or division.

References
----------
Page 1954 (Biometrika 41); Lorden 1971 (Ann. Math. Stat. 42).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from dosel.model.provenance import Method, digest

METHOD_NAME = "dosel-cusum"
METHOD_VERSION = "1"


@dataclass(frozen=True, slots=True)
class StreamModel:
    """The parameter row of one stream: versioned by its hash, kept by the store, named by every alert."""

    stream: str
    """Full name, for example ``sentinel-1-vh/descending``."""
    unit: str
    """Physical unit of the values."""
    quantum: float
    """Physical size of one stored step of the values."""
    direction: int
    """-1 where clearing lowers the value, +1 where it raises it."""
    level: float
    """Prior mean level of intact forest, in `unit`."""
    k_level: float
    """Weight of the prior level, in looks."""
    k_season: float
    """Ridge of the season's coefficients, in looks."""
    spread: float
    """Pooled standard deviation of an intact pixel about its baseline, in `unit`."""
    k_spread: float
    """Weight of the pooled spread, in looks."""
    drift2: float
    """Factor of the variance of a later year over that of the history."""
    nu: int
    """Degrees of freedom of intact forest's tails."""
    sd: float
    """Typical predictive standard deviation of a look, in `unit`; sets the shape of the ratio."""
    floor: float
    """Smallest log-likelihood ratio of a look, in nats."""
    knots: tuple[float, ...]
    """Hinges of the ratio, in standard deviations, falling."""
    slopes: tuple[float, ...]
    """ratio(e) = floor + sum of slope * max(0, knot - e), in nats."""
    fade_shift: int = 3
    """Each valid look the evidence first loses its 2**-fade_shift part; by itself this never reaches 0."""
    gain_shift: int = 5
    """The slow level follows clipped innovations with gain 2**-gain_shift."""
    freeze_nats: float = 3.0
    """With this much evidence the slow level rests, so that a change is not learnt as forest."""
    neighbours: float = 0.5
    """Weight of the neighbours' mean residual of the same pass against the pixel's own; 0 for points."""

    def method(self) -> Method:
        """Return the method name, version and parameter hash that every alert carries."""
        return Method(METHOD_NAME, METHOD_VERSION, digest(asdict(self))[:16])

"""Settings of the desk: whose rules say who may act, what comes first, how much can be done in a day.

Part of :mod:`dosel.config`; ``docs/priority.md`` gives every formula.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _weight(default: float) -> float:
    value: float = Field(default=default, ge=0, le=100, allow_inf_nan=False)
    return value


def _scale(default: float) -> float:
    value: float = Field(default=default, gt=0, allow_inf_nan=False)
    return value


class JurisdictionSettings(_Table):
    """``[jurisdiction]``: the table of who may act."""

    file: Path | None = None
    """A table of your own in place of the ready one of Peru; relative paths count from the centre."""


class DeskSettings(_Table):
    """``[desk]``: what the people of the centre can do."""

    reviews_a_day: float = Field(default=10.0, ge=0, le=10_000)
    missions_a_day: float = Field(default=1.0, ge=0, le=1_000)
    fair_share: float = Field(default=0.2, ge=0, le=1)
    """Share of the places for tenures and areas that the score leaves out, in turn."""
    audit_share: float = Field(default=0.1, ge=0, le=1)
    """Share of the places that is drawn at random, to measure what the score does not show."""

    @model_validator(mode="after")
    def _shares(self) -> DeskSettings:
        if self.fair_share + self.audit_share > 1:
            raise ValueError("fair_share and audit_share together must not be above 1")
        return self


class PrioritySettings(_Table):
    """``[priority]``: weight of each term, and the scales of the formulas."""

    certainty: float = _weight(2.0)
    size: float = _weight(1.5)
    legal: float = _weight(2.0)
    people: float = _weight(1.5)
    convergence: float = _weight(1.0)
    newness: float = _weight(1.0)
    prevention: float = _weight(1.0)
    unknown: float = Field(default=0.5, ge=0, le=1)
    """What a term that is not evaluated counts; it is always shown."""
    size_full_ha: float = _scale(100.0)
    """Hectares at which the size counts in full."""
    settlement_reach_m: float = _scale(10_000.0)
    river_reach_m: float = _scale(2_000.0)
    newness_days: float = _scale(30.0)
    horizon_days: float = _scale(30.0)
    themes: dict[str, float] = Field(default_factory=dict)
    """Weight (0 to 1) of a theme in the legal setting, in place of its default; 0 leaves it out."""

    @model_validator(mode="after")
    def _some(self) -> PrioritySettings:
        if not any(
            (
                self.certainty,
                self.size,
                self.legal,
                self.people,
                self.convergence,
                self.newness,
                self.prevention,
            )
        ):
            raise ValueError("expected a weight above 0 for one of the terms")
        wrong = [f"{theme} = {weight}" for theme, weight in self.themes.items() if not 0 <= weight <= 1]
        if wrong:
            raise ValueError(f"themes: expected weights from 0 to 1, got {', '.join(wrong)}")
        return self

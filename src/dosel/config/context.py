"""Settings of the context, beside the layers, which the store keeps. Part of :mod:`dosel.config`."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict


class ContextSettings(BaseModel):
    """``[context]``: what facts are measured on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    elevation: Path | None = None
    """Raster of heights in metres, for the slope under alerts; relative paths count from the centre."""

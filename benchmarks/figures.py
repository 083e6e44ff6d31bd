"""Figures of the docs: colours that colour-blind people tell apart (Okabe & Ito), small files."""

from __future__ import annotations

import io
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt
from PIL import Image

ORANGE, SKY, GREEN = "#E69F00", "#56B4E9", "#009E73"
BLUE, RED, PINK = "#0072B2", "#D55E00", "#CC79A7"
GREY, PALE = "#999999", "#EEEEEE"
mpl.rcParams["axes.prop_cycle"] = mpl.cycler(color=[BLUE, ORANGE, GREEN, PINK, RED, SKY])
COLOURS = 128
"""Colours of a file."""


def save(figure: plt.Figure, path: Path) -> None:
    """Write a figure as a PNG of few colours, and close it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=100)
    plt.close(figure)
    Image.open(drawn).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)

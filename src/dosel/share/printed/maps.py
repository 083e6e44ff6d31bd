"""Maps on paper: vector drawings with scale, graticule and legend, without any outside service."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from pyproj import Geod

from dosel.errors import MissingExtraError
from dosel.model.text import shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from dosel.share.printed.document import Drawn, MapView

STYLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "country": {"edgecolor": "#555555", "facecolor": "none", "linewidth": 0.9},
    "district": {"edgecolor": "#b5b5b5", "facecolor": "none", "linewidth": 0.3},
    "unit": {"edgecolor": "#333333", "facecolor": "none", "linewidth": 1.0, "linestyle": (0, (6, 2))},
    "protected": {"edgecolor": "#2f7d4f", "facecolor": "#d5ead9", "linewidth": 0.5},
    "buffer": {"edgecolor": "#7fae6b", "facecolor": "#eef5e6", "linewidth": 0.4},
    "indigenous": {"edgecolor": "#8a6d3b", "facecolor": "#f6ecd8", "linewidth": 0.4},
    "mining-corridor": {"edgecolor": "#a05a7d", "facecolor": "none", "linewidth": 0.8, "hatch": "//"},
    "concession": {"edgecolor": "#7a7ab8", "facecolor": "none", "linewidth": 0.5},
    "river": {"color": "#3a78b5", "linewidth": 0.7},
    "road": {"color": "#8c4a2f", "linewidth": 0.6},
    "border": {"color": "#000000", "linewidth": 1.2, "linestyle": (0, (4, 1, 1, 1))},
    "settlement": {"color": "#333333", "markersize": 2.0},
    "airfield": {"color": "#333333", "markersize": 4.0},
    "alert": {"edgecolor": "#c2262d", "facecolor": "#c2262d55", "linewidth": 1.0},
    "alert-point": {"color": "#c2262d", "markersize": 4.0},
    "chosen": {"edgecolor": "#000000", "facecolor": "#ffcc0066", "linewidth": 1.4},
    "unseen": {"edgecolor": "none", "facecolor": "#44444455", "linewidth": 0.0},
    "unseen-long": {"edgecolor": "none", "facecolor": "#111111aa", "linewidth": 0.0},
}
"""How each kind is drawn; colours that also stand apart for the colour-blind and in grey."""

_GEOD: Final = Geod(ellps="WGS84")
_LONGEST: Final = 60
"""Letters of a name on a map."""
_LEAST_NAMED: Final = 0.008
"""Share of the map that an area takes at least to be named on it."""
_LENGTHS_KM: Final = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)


def draw_map(view: MapView, path: Path) -> Path:
    """Draw a map as SVG; the same view gives the same bytes.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    figure, axes = _figure(view)
    for one in view.drawn:
        _draw(axes, one, view.bounds)
    _frame(axes, view.bounds)
    _scale_bar(axes, view.bounds)
    _legend(figure, view.drawn)
    figure.savefig(path, format="svg", metadata={"Date": None})
    return path


def _figure(view: MapView) -> tuple[Figure, Axes]:
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("a report needs matplotlib and typst; install dosel[report]") from error
    west, south, east, north = view.bounds
    ratio = (north - south) / ((east - west) * math.cos(math.radians((south + north) / 2)))
    width = view.width_cm / 2.54
    mpl.rcParams.update({"svg.hashsalt": "dosel", "svg.fonttype": "path", "hatch.linewidth": 0.3})
    figure = Figure(figsize=(width, min(width * ratio, width * 1.15)), layout="constrained")
    axes = figure.add_subplot()
    axes.set_aspect(1 / math.cos(math.radians((south + north) / 2)))
    return figure, axes


def _draw(axes: Axes, one: Drawn, bounds: tuple[float, float, float, float]) -> None:
    style = dict(STYLES[one.style])
    near = shapely.box(*_wider(bounds))
    for number, geometry in enumerate(one.geometries):
        seen = shapely.intersection(geometry, near) if geometry.is_valid else geometry
        if seen.is_empty:
            continue
        for part in shapely.get_parts(seen):
            _draw_part(axes, part, style)
        if one.labels and one.labels[number]:
            _label(axes, seen, one.labels[number], bounds)


def _draw_part(axes: Axes, part: Any, style: Mapping[str, Any]) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    if part.geom_type == "Polygon":
        rings = [Outline(np.asarray(ring.coords)[:, :2], closed=True) for ring in _rings(part)]
        axes.add_patch(PathPatch(Outline.make_compound_path(*rings), **style))
    elif part.geom_type in {"LineString", "LinearRing"}:
        axes.plot(*np.asarray(part.coords)[:, :2].T, **style)
    elif part.geom_type == "Point":
        axes.plot(part.x, part.y, marker="o", linestyle="none", **style)


def _rings(polygon: Any) -> Iterable[Any]:
    return [polygon.exterior, *polygon.interiors]


def _wider(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    dx, dy = 0.02 * (east - west), 0.02 * (north - south)
    return west - dx, south - dy, east + dx, north + dy


def _label(axes: Axes, seen: Any, text: str, bounds: tuple[float, float, float, float]) -> None:
    point = seen.representative_point()
    west, south, east, north = bounds
    large = seen.area > _LEAST_NAMED * (east - west) * (north - south) or not seen.area
    if large and west < point.x < east and south < point.y < north:
        halo = {"boxstyle": "round,pad=0.1", "facecolor": "#ffffffaa", "edgecolor": "none"}
        axes.annotate(
            _sign(text),
            (point.x, point.y),
            xytext=(2, 2),
            textcoords="offset points",
            fontsize=6,
            bbox=halo,
            clip_on=True,
            annotation_clip=True,
            parse_math=False,
        )


def _sign(text: str) -> str:
    r"""Return a name as it fits on a map, on one line.

    Examples
    --------
    >>> len(_sign("x" * 500)), _sign("Lago\nRojo")
    (60, 'Lago Rojo')
    """
    line = " ".join(shown(text).replace("\ufffd", "?").split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _frame(axes: Axes, bounds: tuple[float, float, float, float]) -> None:
    west, south, east, north = bounds
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.tick_params(labelsize=6, length=2)
    axes.grid(visible=True, linewidth=0.2, color="#bbbbbb")
    axes.xaxis.set_major_formatter(lambda x, _: f"{abs(x):.2f}° {'W' if x < 0 else 'E'}")
    axes.yaxis.set_major_formatter(lambda y, _: f"{abs(y):.2f}° {'S' if y < 0 else 'N'}")
    axes.locator_params(nbins=5)


def _scale_bar(axes: Axes, bounds: tuple[float, float, float, float]) -> None:
    """Draw a bar of a round length, true on the ellipsoid at the map's lower edge."""
    west, south, east, north = bounds
    x, y = west + 0.04 * (east - west), south + 0.05 * (north - south)
    width_km = _GEOD.inv(west, y, east, y)[2] / 1000
    length = max((km for km in _LENGTHS_KM if km <= width_km / 4), default=_LENGTHS_KM[0])
    end, _, _ = _GEOD.fwd(x, y, 90, length * 1000)
    axes.plot([x, end], [y, y], color="black", linewidth=2, solid_capstyle="butt")
    axes.annotate(f"{length:g} km", (end, y), xytext=(3, 0), textcoords="offset points", fontsize=7)


def _legend(figure: Figure, drawn: Iterable[Drawn]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = []
    for one in drawn:
        if not one.legend:
            continue
        style = dict(STYLES[one.style])
        if "facecolor" in style:
            handles.append(Patch(label=_sign(one.legend), **style))
        elif "markersize" in style:
            handles.append(Line2D([], [], marker="o", linestyle="none", label=_sign(one.legend), **style))
        else:
            handles.append(Line2D([], [], label=_sign(one.legend), **style))
    if handles:
        legend = figure.legend(
            handles=handles, fontsize=6, frameon=False, loc="outside lower center", ncols=3
        )
        for text in legend.get_texts():
            text.set_parse_math(False)

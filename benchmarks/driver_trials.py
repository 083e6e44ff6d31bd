"""Trials of the table of causes: signs taken away, causes left out, outlines as pixels, other labels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from benchmarks.driver_labels import EQUAL_AREA, Examples, cells, nearest
from benchmarks.driver_models import fit_table, fit_together
from benchmarks.driver_protocol import (
    FOLDS,
    Floats,
    Interval,
    across,
    answered,
    area_under,
    folds,
    losses,
    mean,
    named,
)
from rasterio.features import rasterize, shapes
from rasterio.transform import from_origin
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from dosel.context.driver.causes import Cause
from dosel.context.driver.rules import Table
from dosel.context.driver.signs import Signs, signs_of

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "size": ("area_ha",),
    "shape": ("elongation", "fill", "solidity", "length_m"),
    "season": ("day_of_year",),
    "shape and season": ("elongation", "fill", "solidity", "length_m", "day_of_year"),
    "everything": ("area_ha", "elongation", "fill", "solidity", "length_m", "day_of_year"),
}
"""Signs that are taken away together."""
LEARNT: Final = (Cause.AGRICULTURE, Cause.LOGGING, Cause.FIRE)
"""Causes that DETER labels."""
FOOT_M: Final = 0.3048
UNSAID_M: Final = 20.0
"""Width of a runway of which none is registered."""


@dataclass(frozen=True, slots=True)
class Blind:
    """What the answers look like without a group of signs."""

    group: str
    unknown: float
    """Mean probability of UNKNOWN."""
    rose: float
    """Share of alerts whose UNKNOWN is larger than with every sign."""
    named: float
    """Share of alerts for which a cause is named."""
    right: float
    """Share of the named that carry that label; UNKNOWN labels count as wrong."""
    loss: float


def without(examples: Examples, signs: tuple[str, ...]) -> Examples:
    """Return the examples with some signs missing."""
    blind = tuple(replace(each, **dict.fromkeys(signs)) for each in examples.signs)
    return replace(examples, signs=blind)


def taken_away(examples: Examples, mines: Examples, ridge: float) -> list[Blind]:
    """Return what the table of unseen places answers without each group of signs."""
    fold_of = folds(examples.cell, FOLDS)
    tables = [fit_table(examples.of(fold_of != number), mines, ridge=ridge) for number in range(FOLDS)]
    whole = _folded(tables, examples, fold_of)
    rows = [_blind("none", whole, whole, examples)]
    for group, signs in GROUPS.items():
        rows.append(_blind(group, _folded(tables, without(examples, signs), fold_of), whole, examples))
    return rows


def _folded(tables: list[Table], examples: Examples, fold_of: np.ndarray) -> Floats:
    shares = np.zeros((len(examples), len(Cause)))
    for number, table in enumerate(tables):
        shares[fold_of == number] = answered(table)(examples.of(fold_of == number))
    return shares


def _blind(group: str, shares: Floats, whole: Floats, examples: Examples) -> Blind:
    answer = named(shares)
    spoke = answer > 0
    return Blind(
        group,
        float(shares[:, 0].mean()),
        float((shares[:, 0] > whole[:, 0]).mean()),
        float(spoke.mean()),
        float((answer == examples.cause)[spoke].mean()) if spoke.any() else float("nan"),
        float(losses(shares, examples.cause).mean()),
    )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A cause that was, and was not, among the labels that a table was made from."""

    cause: Cause
    kept: float
    """Mean probability of UNKNOWN for its examples where the table knew it."""
    unknown: float
    """The same where it did not."""
    others: float
    """Mean probability of UNKNOWN for the other examples, by the table that did not know it."""
    rank: float
    """Area under the curve of UNKNOWN: its examples against the others."""
    named: float
    """Share of its examples for which another cause is named."""


def left_out(examples: Examples, mines: Examples, ridge: float) -> list[LeftOut]:
    """Return what happens to causes that no training label shows."""
    rows = []
    kept = across(examples, lambda some: answered(fit_table(some, mines, ridge=ridge)))
    for cause in LEARNT:
        own = examples.cause == cause
        blind = across(examples, partial(_without_cause, cause=cause, mines=mines, ridge=ridge))
        rows.append(
            LeftOut(
                cause,
                float(kept[own, 0].mean()),
                float(blind[own, 0].mean()),
                float(blind[~own, 0].mean()),
                area_under(blind[:, 0], own),
                float((named(blind[own]) > 0).mean()),
            )
        )
    return rows


def _without_cause(some: Examples, cause: Cause, mines: Examples, ridge: float):  # type: ignore[no-untyped-def]
    return answered(fit_table(some.of(some.cause != cause), mines, ridge=ridge))


def tried_signs(
    examples: Examples, found: dict[str, Floats], signs: tuple[str, ...], ridge: float
) -> dict[str, Interval]:
    """Return the loss that each further sign saves on unseen places; positive is better."""
    base = losses(across(examples, partial(fit_together, signs=signs, ridge=ridge)), examples.cause)
    rows = {}
    for name in (*found, "compactness", "parts"):
        value = found.get(name)
        more = examples if value is None else with_sign(examples, name, value)
        fit = partial(fit_together, signs=(*signs, name), ridge=ridge)
        rows[name] = mean(base - losses(across(more, fit), more.cause), examples.cell)
    return rows


def with_sign(examples: Examples, name: str, value: Floats) -> Examples:
    """Return the examples with one more sign."""
    bare = (bool if name == "protected" else float)(0)
    signs = tuple(
        replace(each, **{name: type(bare)(one)}) for each, one in zip(examples.signs, value, strict=True)
    )
    return replace(examples, signs=signs)


def pixelated(outline: BaseGeometry, size_m: float) -> BaseGeometry | None:
    """Return an outline as pixels draw it; None where no pixel's centre lies in it."""
    west, south, east, north = outline.bounds
    width, height = int((east - west) / size_m) + 3, int((north - south) / size_m) + 3
    transform = from_origin(
        np.floor(west / size_m) * size_m - size_m, np.ceil(north / size_m) * size_m + size_m, size_m, size_m
    )
    drawn = rasterize([outline], (height, width), transform=transform, dtype="uint8")
    rings = [shape(ring) for ring, value in shapes(drawn, mask=drawn == 1, transform=transform) if value == 1]
    return shapely.union_all(rings) if rings else None


def as_pixels(
    folder: Path, examples: Examples, chosen: np.ndarray, size_m: float
) -> tuple[Examples, np.ndarray]:
    """Return the examples drawn as pixels, and which of them there still are."""
    frame = gpd.read_file(folder / "alerts" / "deter-rondonia-2023" / "RO_DETER_2023.gpkg").to_crs(EQUAL_AREA)
    outlines = frame.geometry.to_numpy()[chosen]
    drawn = [pixelated(outline, size_m) for outline in outlines]
    there = np.array([each is not None for each in drawn])
    lonlat = gpd.GeoSeries([each for each in drawn if each is not None], crs=EQUAL_AREA).to_crs(4326)
    kept = examples.of(there)
    signs = tuple(
        signs_of(outline, day_of_year=each.day_of_year)
        for outline, each in zip(lonlat, kept.signs, strict=True)
    )
    return replace(kept, signs=signs), there


def strips(folder: Path, width_m: float | None) -> tuple[Signs, ...]:
    """Return registered runways as outlines: their length, and their width or `width_m`."""
    frame = gpd.read_parquet(folder / "transport_hydro_places" / "runways_ourairports.parquet")
    feet = frame.width_ft.to_numpy(float, na_value=np.nan)
    width = np.where(feet > 0, feet * FOOT_M, UNSAID_M)
    flat = frame.to_crs(EQUAL_AREA).geometry
    half = width / 2 if width_m is None else width_m / 2
    drawn = flat.buffer(half, cap_style="flat").to_crs(4326)
    return tuple(
        signs_of(outline, day_of_year=200) for outline in drawn if not outline.is_empty and outline.area > 0
    )


def watch_labels(folder: Path) -> list[tuple[str, int, int, int, float]]:
    """Return label, points, those in Peru, 1-degree cells and median km to a river of the layer."""
    frame = gpd.read_parquet(folder / "mining" / "amw_training_labels_selected.parquet")
    rivers = gpd.read_parquet(folder / "transport_hydro_places" / "rivers_ne10m.parquet")
    cell = cells(frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy(), 1.0)
    far = nearest(frame.to_crs(EQUAL_AREA).geometry.to_numpy(), rivers) / 1000
    covered = ((frame.geometry.x < -62) & (frame.geometry.y > -19) & (frame.geometry.y < 4)).to_numpy()
    rows = []
    for label in sorted(frame.label.unique()):
        own = (frame.label == label).to_numpy()
        middle = float(np.median(far[own & covered])) if (own & covered).any() else float("nan")
        rows.append((label, int(own.sum()), int(frame.in_peru[own].sum()), len(np.unique(cell[own])), middle))
    return rows


def patches(folder: Path) -> tuple[int, float, float]:
    """Return how many outlines Amazon Mining Watch gives, and the shares along the axes and of one square."""
    frame = gpd.read_parquet(folder / "mining" / "amw_mining_detections_peru_100km_2018_2025.parquet")
    signs = [signs_of(outline) for outline in frame.geometry]
    square = [(each.fill or 0) > 0.98 and (each.elongation or 9) < 1.1 for each in signs]
    angular = [_right_angles(outline) for outline in frame.geometry]
    return len(frame), float(np.mean(angular)), float(np.mean(square))


def _right_angles(outline: BaseGeometry) -> bool:
    """Return whether nearly all sides run north-south or east-west (within 4 degrees)."""
    steps = np.diff(
        shapely.get_coordinates(outline.convex_hull if outline.geom_type != "Polygon" else outline.exterior),
        axis=0,
    )
    angle = np.degrees(np.arctan2(steps[:, 1], steps[:, 0])) % 90
    length = np.hypot(*steps.T)
    straight = np.minimum(angle, 90 - angle) < 4
    return bool(length[straight].sum() > 0.8 * length.sum())

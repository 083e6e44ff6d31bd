"""Released alerts as files: GeoPackage, GeoParquet and GeoJSON (RFC 7946).

The only module that writes vector files, and it writes only what :func:`dosel.share.release` returned.
A file is written under another name and then renamed, so a reader never meets half of one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from dosel.alerts.budget import NOT_MEASURED, FalseAlarms, rate_in_words
from dosel.errors import InputError, StoreError
from dosel.model.codes import STATE_DAY0, AlertStatus
from dosel.model.marking import Marking
from dosel.model.time import iso_day
from dosel.share.policy import Destination, Origin, Released, release
from dosel.store.interface import Row, Store

COLUMNS: Final[Mapping[str, str]] = {
    "id": "identity of the alert; it lasts while the alert grows, merges and splits",
    "status": "life of the alert, in a word",
    "status_means": "what that word means",
    "source": "feed that reports it; empty is the watch of this centre",
    "external_id": "its name at the source; empty for the watch of this centre",
    "extent": "what the geometry is: an outline, a box that holds the change, or a point (a small square)",
    "date_meaning": "what the days of a reported alert mean, in the words of its source",
    "confidence": "of a reported alert, in the words of its source",
    "published": "day on which the source published it (UTC date)",
    "verdict": "the last person's judgement and its day; empty where nobody has judged",
    "area_ha": "hectares, from an equal-area projection",
    "pixels": "pixels that are candidates or changed",
    "changed_pixels": "pixels whose evidence crossed the upper threshold",
    "window_start": "last valid look of the watch before the change (UTC date); empty where there is none",
    "window_end": "first look with enough evidence of the change (UTC date)",
    "onset": "look at which the evidence began (UTC date)",
    "last_growth": "last look that added pixels (UTC date)",
    "updated": "last look that changed anything (UTC date)",
    "confirmed": "confirming look (UTC date); empty where it is not confirmed",
    "ended": "withdrawal, merging or closing (UTC date); empty while it stands",
    "evidence": "largest running evidence among its pixels, in natural-log units",
    "looks": "valid looks over it since the onset",
    "look_ids": "looks that lent evidence, divided by blanks",
    "scenes": "scenes of these looks, divided by blanks",
    "scene_contents": "content hashes of these scenes, in their order, divided by blanks",
    "sources": "producers and licences of everything it rests on",
    "streams": "streams that lent evidence, divided by blanks",
    "baseline": "what it was compared with: its own history, or the forest around",
    "parents": "alerts that merged into it, and the one it split from, divided by blanks",
    "reason": "why it was withdrawn or where it went",
    "method": "method and version",
    "parameters": "content hash of the parameters",
    "parameter_values": "the parameters themselves as JSON; empty where they may not leave with the alert",
    "error_rate": "false hectares of its stratum with their bound, or not measured",
    "proof": "F used in the field by outsiders, R real data of the region, O real elsewhere, S simulated",
    "marking": "who may see it",
    "release": "entry in the register of releases of the centre",
    "released": "instant of the release (UTC)",
}
"""Every column of a released file and its meaning."""

_DATES: Final = (
    "window_start",
    "window_end",
    "onset",
    "last_growth",
    "updated",
    "confirmed",
    "ended",
    "published",
)
_AS_STORED: Final = (
    *("id", "area_ha", "pixels", "changed_pixels", "evidence", "looks", "baseline", "reason"),
    *("source", "external_id", "extent", "date_meaning", "confidence"),
)
_COUNTS: Final = ("pixels", "changed_pixels", "looks")


@dataclass(frozen=True, slots=True)
class Quality:
    """How wrong such alerts have been; said with every one of them."""

    provisional: str = NOT_MEASURED
    """Of alerts that no evidence has confirmed yet."""
    confirmed: str = NOT_MEASURED
    proof: str = "not stated"
    """F, R, O or S."""
    apart: frozenset[str] = frozenset()
    """Ids of alerts that were made in another way than the rates were measured for."""

    def of(self, row: Row) -> str:
        """Return what is known of the false alarms of the alert's own stratum."""
        if row["source"] or row["id"] in self.apart:
            return NOT_MEASURED
        return self.provisional if row["confirmed"] is None else self.confirmed


def export_alerts(
    store: Store,
    rows: Sequence[Row],
    path: Path,
    *,
    actor: str,
    purpose: str,
    quality: Quality | None = None,
    overwrite: bool = False,
) -> Released:
    """Release alerts to a file on this machine and write it; the suffix tells the format.

    Parameters
    ----------
    rows
        Rows of the table ``alerts``.
    path
        ``.gpkg``, ``.parquet`` or ``.geojson``.
    quality
        What is known of the error rate; without it the store's own entry (``proof`` in ``meta``) is used.

    Raises
    ------
    InputError
        If the suffix is unknown or the file exists and `overwrite` is not asked for.
    ReleaseError
        If the policy does not let it out.
    StoreError
        If the file cannot be written; the register then lists a release that did not leave.
    """
    check_target(path, overwrite=overwrite)
    released = release(store, rows, to=Destination("file", str(path)), actor=actor, purpose=purpose)
    write_alerts(released, quality or _stated(store, released.rows), overwrite=overwrite)
    return released


def check_target(path: Path, *, overwrite: bool = False) -> None:
    """Refuse a target that cannot be written, before anything is released.

    Raises
    ------
    InputError
        If the suffix is unknown, the folder is missing, or the file exists and `overwrite` is not asked for.
    """
    if path.suffix.lower() not in _WRITERS:
        raise InputError(f"{path}: expected a name that ends in {', '.join(_WRITERS)}, got {path.suffix!r}")
    if not path.parent.is_dir():
        raise InputError(f"{path}: its folder does not exist; make it first")
    if path.is_dir() or (path.exists() and not overwrite):
        raise InputError(f"{path}: the file exists; name another one or ask for overwriting")


def write_alerts(released: Released, quality: Quality, *, overwrite: bool = False) -> Path:
    """Write released alerts to the very file they were released to; return its path."""
    path = Path(released.to.name)
    check_target(path, overwrite=overwrite)
    part = path.with_name(f".{path.stem}.part{os.getpid()}{path.suffix}")
    table = to_table(released, quality)
    try:
        _WRITERS[path.suffix.lower()](table, legend(released), part)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        check_target(path, overwrite=overwrite)
        part.replace(path)
    except (OSError, pyogrio.errors.DataSourceError, RuntimeError) as error:
        raise StoreError(f"{path}: the file cannot be written: {error}") from error
    finally:
        part.unlink(missing_ok=True)
    return path


def to_table(released: Released, quality: Quality) -> gpd.GeoDataFrame:
    """Return released alerts with the columns of :data:`COLUMNS`, in degrees WGS 84, sorted by id."""
    rows = sorted(released.rows, key=lambda row: row["id"])
    records = [_record(row, released.origins[row["id"]], released, quality) for row in rows]
    numbers: dict[str, Any] = {"area_ha": float, "evidence": float, **dict.fromkeys(_COUNTS, "Int64")}
    columns = {
        name: pd.Series([record[name] for record in records], dtype=numbers.get(name, "str"))
        for name in COLUMNS
    }
    outlines = [_right_handed(row["geometry"]) for row in rows]
    return gpd.GeoDataFrame(columns, geometry=outlines, crs="EPSG:4326")


def legend(released: Released) -> pd.DataFrame:
    """Return what columns and words mean, as a table of kind, word, meaning."""
    rows = [("column", name, meaning) for name, meaning in COLUMNS.items()]
    rows += [("status", _word(status), status.legend) for status in AlertStatus]
    rows += [("policy", released.policy.name, f"version {released.policy.version}")]
    return pd.DataFrame(rows, columns=["kind", "word", "meaning"], dtype="str")


def _record(row: Row, origin: Origin, released: Released, quality: Quality) -> dict[str, Any]:
    status = AlertStatus(row["status"])
    return {
        **{name: row[name] for name in _AS_STORED},
        **{name: _date(row[name]) for name in _DATES},
        "status": _word(status),
        "status_means": status.legend,
        "verdict": origin.verdict,
        "look_ids": " ".join(origin.looks),
        "scenes": " ".join(origin.scenes),
        "scene_contents": " ".join(origin.contents),
        "sources": "; ".join(f"{producer} ({licence})" for producer, licence in origin.sources),
        "streams": " ".join(row["streams"]),
        "parents": " ".join(row["parents"]),
        "method": "" if row["source"] else f"{row['method_name']} {row['method_version']}",
        "parameters": row["method_parameters"],
        "parameter_values": released.parameters[row["id"]],
        "error_rate": quality.of(row),
        "proof": Quality().proof if row["source"] else quality.proof,
        "marking": Marking(row["marking"]).name.lower(),
        "release": released.id,
        "released": released.instant,
    }


def _date(day: int | None) -> str | None:
    """Return a day as text; None for none, and for the start of a window that no look bounds."""
    return None if day is None or day == STATE_DAY0 else iso_day(day)


def _word(status: AlertStatus) -> str:
    return status.name.lower()


def _right_handed(geometry: BaseGeometry) -> BaseGeometry:
    """Return the outline with its rings as RFC 7946 wants them: outer ones against the clock."""
    oriented: BaseGeometry = shapely.orient_polygons(geometry)
    return oriented


def _stated(store: Store, rows: Sequence[Row]) -> Quality:
    """Return what the centre knows of its own quality: the rate of its calibration, and its proof letter."""
    facts = {row["key"]: row["value"] for row in store.select("meta", {"key": ["proof", "calibration"]})}
    known = json.loads(facts.get("calibration") or "{}")
    rates = {
        name: rate_in_words(FalseAlarms(**known[name]), known["budget"])
        for name in ("provisional", "confirmed")
        if known.get(name)
    }
    apart = frozenset(row["id"] for row in rows) - _calibrated(store, rows, known.get("thresholds"))
    return Quality(**rates, proof=facts.get("proof") or Quality().proof, apart=apart)


def _calibrated(store: Store, rows: Sequence[Row], thresholds: Mapping[str, float] | None) -> set[str]:
    """Return the alerts that were made as the calibration watched: with a history, at its thresholds."""
    hashes = sorted({row["method_parameters"] for row in rows if row["method_parameters"]})
    methods = store.select("methods", {"hash": hashes}, columns=["hash", "parameters"])
    made = {row["hash"] for row in methods if row["parameters"].get("thresholds") == thresholds}
    return {row["id"] for row in rows if row["baseline"] == "history" and row["method_parameters"] in made}


def _gpkg(table: gpd.GeoDataFrame, words: pd.DataFrame, path: Path) -> None:
    pyogrio.write_dataframe(table, path, layer="alerts", driver="GPKG", geometry_type="MultiPolygon")
    pyogrio.write_dataframe(words, path, layer="legend", driver="GPKG", append=True)


def _parquet(table: gpd.GeoDataFrame, words: pd.DataFrame, path: Path) -> None:
    table.to_parquet(path, index=False, compression="zstd", write_covering_bbox=True)
    written = pq.read_table(path)
    note = {b"dosel:legend": json.dumps(_legend_values(words), ensure_ascii=False).encode()}
    pq.write_table(
        written.replace_schema_metadata({**written.schema.metadata, **note}), path, compression="zstd"
    )


def _geojson(table: gpd.GeoDataFrame, words: pd.DataFrame, path: Path) -> None:
    features = [
        {
            "type": "Feature",
            "id": record["id"],
            "geometry": shapely.geometry.mapping(record.pop("geometry")),
            "properties": {name: None if pd.isna(value) else value for name, value in record.items()},
        }
        for record in table.to_dict("records")
    ]
    collection = {"type": "FeatureCollection", "legend": _legend_values(words), "features": features}
    text = json.dumps(collection, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")


def _legend_values(words: pd.DataFrame) -> dict[str, dict[str, str]]:
    values: dict[str, dict[str, str]] = {}
    for kind, word, meaning in words.itertuples(index=False):
        values.setdefault(kind, {})[word] = meaning
    return values


_WRITERS: Final[Mapping[str, Callable[[gpd.GeoDataFrame, pd.DataFrame, Path], None]]] = {
    ".gpkg": _gpkg,
    ".parquet": _parquet,
    ".geojson": _geojson,
}

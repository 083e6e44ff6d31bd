"""A scene as JSON-like values and back, without what may be secret in its addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from math import isfinite
from typing import Any

from dosel.catalog.address import shown
from dosel.catalog.scene import Asset, SceneRef
from dosel.model.marking import Marking
from dosel.model.provenance import Source, digest
from dosel.model.time import parse_instant


def scene_values(scene: SceneRef) -> dict[str, Any]:
    """Return a scene as JSON-like values, without the query of remote addresses, which may hold a token."""
    assets = {name: _asset_values(asset) for name, asset in scene.assets.items()}
    return {
        "id": scene.id,
        "collection": scene.collection,
        "sensor": scene.sensor,
        "geometry": scene.geometry,
        "datatake": scene.datatake,
        "acquired": scene.acquired.isoformat(),
        "bbox": list(scene.bbox),
        "assets": assets,
        "source": asdict(scene.source),
        "processed": scene.processed,
        "granule": scene.granule,
        "marking": int(scene.marking),
        "properties": dict(scene.properties),
    }


def scene_of(values: Mapping[str, Any]) -> SceneRef:
    """Return the scene of its values; the inverse of :func:`scene_values`."""
    return SceneRef(
        **{
            **values,
            "acquired": parse_instant(values["acquired"]),
            "bbox": tuple(values["bbox"]),
            "assets": {name: _asset_of(asset) for name, asset in values["assets"].items()},
            "source": Source(**values["source"]),
            "marking": Marking(values["marking"]),
        }
    )


def reading(scene: SceneRef) -> str:
    """Return the hash of how a scene is read: bands, nodata, scale, offset, CRS; no addresses."""
    return digest({name: {**_asset_values(asset), "href": ""} for name, asset in scene.assets.items()})[:16]


def _asset_values(asset: Asset) -> dict[str, Any]:
    nodata = asset.nodata if asset.nodata is None or isfinite(asset.nodata) else str(asset.nodata)
    return asdict(asset) | {"href": shown(asset.href), "nodata": nodata}


def _asset_of(values: Mapping[str, Any]) -> Asset:
    nodata = values["nodata"]
    return Asset(**{**values, "nodata": nodata if nodata is None else float(nodata)})

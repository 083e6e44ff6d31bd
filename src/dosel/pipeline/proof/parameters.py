"""What makes the numbers of a look beside its pixels: kept by content hash, named by every folding and alert.

An alert names the hash of the look at which it was born; the looks that lent it evidence name theirs in
``foldings``, with the baselines and the mask of each tile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dosel.config import Settings
from dosel.model.provenance import Method, digest
from dosel.monitor.evidence import METHOD_NAME, METHOD_VERSION, StreamModel
from dosel.monitor.scalars import LookScalars, Thresholds, look_scalars
from dosel.store.interface import Store


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters in force at a look."""

    models: tuple[StreamModel, ...]
    """Rows of the look's streams, in the order of its values."""
    kind: str
    """``history`` or ``surroundings``: what the streams are compared with."""
    thresholds: Thresholds
    correlation: float
    """Of the evidence of two streams of the look."""
    weight: float
    """Of the look as a whole, below 1 where near looks of other streams saw the same weather."""
    settings: Mapping[str, Any]
    """Settings that decide what becomes an alert and which pixels are watched; JSON-like."""

    def values(self) -> dict[str, Any]:
        """Return them as JSON-like values; :meth:`of` is the inverse."""
        return {
            "models": [asdict(model) for model in self.models],
            "kind": self.kind,
            "thresholds": asdict(self.thresholds),
            "correlation": self.correlation,
            "weight": self.weight,
            "settings": dict(self.settings),
        }

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Parameters:
        """Return the parameters of stored values."""
        models = tuple(
            StreamModel(**{**row, "knots": tuple(row["knots"]), "slopes": tuple(row["slopes"])})
            for row in values["models"]
        )
        thresholds = Thresholds(**values["thresholds"])
        numbers = (values["correlation"], values["weight"])
        return cls(models, values["kind"], thresholds, *numbers, values["settings"])

    def method(self) -> Method:
        """Return the method with the hash of these parameters."""
        return Method(METHOD_NAME, METHOD_VERSION, digest(self.values())[:16])

    def scalars(self, day: int, offsets: Sequence[int], planes: Mapping[str, int]) -> LookScalars:
        """Return the scalars of a look; the fold and a re-computation make them here.

        Parameters
        ----------
        day
            UTC day number.
        offsets
            The pass's own offset of each stream, in quanta.
        planes
            Plane of each stream in the state's memory.
        """
        own = [planes[model.stream] for model in self.models]
        return look_scalars(day, self.models, self.thresholds, offsets, own, self.correlation, self.weight)


def deciding(settings: Settings) -> dict[str, Any]:
    """Return the settings that decide; the mask itself is kept by its hash, not by the path of its file."""
    mask = settings.mask.model_dump(mode="json", exclude={"file", "origin", "licence"})
    return {"alerts": settings.alerts.model_dump(mode="json"), "mask": mask}


def store_parameters(store: Store, parameters: Parameters) -> Method:
    """Write the row of `parameters`, within the transaction of the caller, and return its method."""
    method = parameters.method()
    row = {"hash": method.parameters, "name": method.name, "version": method.version}
    store.upsert("methods", [row | {"parameters": parameters.values()}])
    return method

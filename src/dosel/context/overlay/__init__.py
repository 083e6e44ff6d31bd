"""Where an alert is: shares inside the units of layers, and distances to the nearest of them.

:func:`prepare` makes a layer ready once, :func:`asked` makes alerts ready, :func:`overlay` measures.

Examples
--------
A square of which the western half lies in one of two districts:

>>> import numpy as np
>>> from shapely import box
>>> from dosel.testing.layers import area_layer
>>> layer = area_layer("districts", {"A": box(-71, -13, -70, -12), "B": box(-70, -13, -69, -12)})
>>> from dosel.context.subject import Extent, Subject
>>> alert = Subject("a", box(-70.01, -12.51, -69.99, -12.5), Extent.OUTLINE, "", None, 20000, None)
>>> found = overlay(asked([alert]), [prepare(layer)])
>>> [(f.name, round(f.share, 6)) for f in found.facts(["a"], [layer]) if f.name]
[('A', 0.5), ('B', 0.5)]
"""

from dosel.context.overlay.ask import asked, overlay
from dosel.context.overlay.index import LayerIndex, prepare, prepare_all
from dosel.context.overlay.shares import Asked
from dosel.context.overlay.table import FactTable

__all__ = ["Asked", "FactTable", "LayerIndex", "asked", "overlay", "prepare", "prepare_all"]

"""How exact facts are: real alerts and layers against the oracle of the tests.

python -m benchmarks.score_facts SHARED_CONTEXT [--pairs 12]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely
from tests.context.peru import boxes, clipped, layer, outlines, window_around
from tests.oracle.overlay import distance_m, share

from dosel.context.facts import Fact, Relation
from dosel.context.layer import Layer
from dosel.context.overlay import asked, overlay, prepare
from dosel.context.subject import Subject

LAYERS = ("districts", "protected", "buffers", "corridor", "scars", "rivers", "roads", "towns")
SAMPLE = ((boxes, 1500), (outlines, 400))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with admin/, alerts/, protected/ and so on")
    parser.add_argument("--pairs", type=int, default=12, help="pairs that are measured again, of each kind")
    given = parser.parse_args()
    rng = np.random.default_rng(3)
    alerts: list[Subject] = []
    for made, count in SAMPLE:
        every = made(given.folder)
        alerts += [every[i] for i in sorted(rng.choice(len(every), count, replace=False).tolist())]
    print("| layer | shares | largest error, % of the alert | distances | largest error, % |")
    print("|---|---|---|---|---|")
    for name in LAYERS:
        known = layer(given.folder, name)
        facts = overlay(asked(alerts), [prepare(known)]).facts([a.id for a in alerts], [known])
        shapes = {alert.id: alert.geometry for alert in alerts}
        said = shares(facts, shapes, known, given.pairs), ways(facts, shapes, known, given.pairs)
        print(f"| {name} | {' | '.join(said)} |", flush=True)


def shares(facts: Sequence[Fact], shapes: dict[str, shapely.Geometry], known: Layer, pairs: int) -> str:
    inside = [f for f in facts if f.relation is Relation.INSIDE and f.number >= 0]
    partly = thinned([f for f in inside if f.share is not None and 0.001 < f.share < 0.999], pairs)
    if not partly:
        return "- | -"
    errors = [
        abs((f.share or 0) - share(shapes[f.alert_id], known.units.geometry[f.number], 1500)) for f in partly
    ]
    return f"{len(partly)} | {100 * max(errors):.4f}"


def ways(facts: Sequence[Fact], shapes: dict[str, shapely.Geometry], known: Layer, pairs: int) -> str:
    near = thinned([f for f in facts if f.relation is Relation.NEAREST and (f.distance_m or 0) > 100], pairs)
    if not near:
        return "- | -"
    tree = shapely.STRtree(known.units.geometry)
    errors = []
    for fact in near:
        shape, far = shapes[fact.alert_id], fact.distance_m or 0.0
        window = window_around(shape, 1.02 * far + 50)
        units = [known.units.geometry[i] for i in tree.query(window, "intersects")]
        least = min(distance_m(shape, clipped(unit, window)) for unit in units)
        errors.append(abs(far - least) / least)
    return f"{len(near)} | {100 * max(errors):.4f}"


def thinned(facts: list[Fact], pairs: int) -> list[Fact]:
    return facts[:: max(1, len(facts) // pairs)][:pairs]


if __name__ == "__main__":
    main()

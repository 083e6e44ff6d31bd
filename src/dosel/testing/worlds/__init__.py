"""Simulated forest frontiers with a known truth: everything made here is proof S, simulated.

::

    spec -> landscape, weather, events -> World -> looks as arrays (radar, optical)
                                                -> scenes on disk with a STAC catalogue (scenes)
    World + alerts -> Score (judge, scores)
"""

from dosel.model.poisson import poisson_upper
from dosel.testing.worlds.detections import Detection, detection_of, runs_of, standing
from dosel.testing.worlds.events import Event, EventKind, clearing
from dosel.testing.worlds.judge import score
from dosel.testing.worlds.landscape import Cover, Landscape
from dosel.testing.worlds.optical import OpticalLook, SceneClass
from dosel.testing.worlds.radar import RadarLook
from dosel.testing.worlds.residuals import Resampling, ResidualBank, make_bank
from dosel.testing.worlds.scenes import WrittenWorld, write_scenes, write_truth
from dosel.testing.worlds.scores import AreaScore, EventScore, FalseScore, KindScore, Score
from dosel.testing.worlds.spec import WorldSpec, plain_forest, small
from dosel.testing.worlds.weather import WorldLook
from dosel.testing.worlds.world import Truth, World, make_world

__all__ = [
    "AreaScore",
    "Cover",
    "Detection",
    "Event",
    "EventKind",
    "EventScore",
    "FalseScore",
    "KindScore",
    "Landscape",
    "OpticalLook",
    "RadarLook",
    "Resampling",
    "ResidualBank",
    "SceneClass",
    "Score",
    "Truth",
    "World",
    "WorldLook",
    "WorldSpec",
    "WrittenWorld",
    "clearing",
    "detection_of",
    "make_bank",
    "make_world",
    "plain_forest",
    "poisson_upper",
    "runs_of",
    "score",
    "small",
    "standing",
    "write_scenes",
    "write_truth",
]

"""A short simulated frontier whose scenes can be shown and hidden, and the hash of a centre."""

import json
import shutil
from pathlib import Path

from dosel.alerts.table import alerts_hash
from dosel.config import SETTINGS_FILE
from dosel.model.provenance import digest, table_hash
from dosel.model.time import iso_day
from dosel.monitor.checkpoint import load_state
from dosel.pipeline.centre import open_centre
from dosel.pipeline.spine.watch import watch
from dosel.testing.demo import _settings
from dosel.testing.worlds import make_world, small, write_scenes


class Frontier:
    """A centre that has learnt from its history, to be copied, and the days of the looks after it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "centre"
        world = make_world(small(monitor_days=60, events_until_days=25, history_days=200))
        written = write_scenes(world, self.root / "scenes", radar_format="db-int16")
        text = _settings(world.spec, written, self.root, "en")
        (self.root / SETTINGS_FILE).write_text(text, encoding="utf-8")
        self.start = world.spec.monitor_start
        self.last = max(look.day for look in world.looks)
        with open_centre(self.root) as centre:
            watch(centre, until=iso_day(self.start - 1))
        self.ids = sorted(
            (item["properties"]["datetime"], item["id"])
            for item in map(_json, (self.root / "scenes").glob("*/*/*.json"))
            if item["properties"]["datetime"][:10] >= iso_day(self.start)
        )

    def copy(self, place: Path, **monitor: int) -> Path:
        """Return a copy of the centre, with other settings of the monitor."""
        shutil.copytree(self.root, place)
        path = place / SETTINGS_FILE
        lines = "".join(f"{key} = {value}\n" for key, value in monitor.items())
        path.write_text(path.read_text("utf-8").replace("[monitor]\n", f"[monitor]\n{lines}"), "utf-8")
        return place

    def copy_of(self, centre: Path, place: Path) -> Path:
        """Return a copy of another centre."""
        shutil.copytree(centre, place)
        return place

    def show(self, place: Path, ids) -> None:
        """Let the catalogue list these monitored scenes, and those of the history."""
        hidden = {name for _, name in self.ids} - set(ids)
        for whole in (self.root / "scenes").glob("*/collection.json"):
            data = _json(whole)
            data["links"] = [x for x in data["links"] if Path(x["href"]).stem not in hidden]
            target = place / "scenes" / whole.parent.name / whole.name
            target.write_text(json.dumps(data), encoding="utf-8")


def mark(place: Path) -> str:
    """The canonical hash of a centre: every state, the alerts, and what both were made of."""
    with open_centre(place) as centre:
        rows = centre.store.select("tiles")
        states = [[row["tile_id"], load_state(place / row["file"], verify=True)[0].hash()] for row in rows]
        rest = [table_hash(centre.store.select(name)) for name in ("alert_looks", "foldings")]
        return digest([states, alerts_hash(centre.store), *rest])


def run(place: Path, until: str = ""):
    """One run of the watch."""
    with open_centre(place) as centre:
        return watch(centre, until=until)


def _json(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))

"""Make the golden centre of this version: ``python -m tests.golden.make_centre``.

A tiny simulated centre after its history and its first five looks, packed without its scenes, and what it
ends with. Run it only when a stored format changes, under a new number; what is there stays for the versions
to come.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from pathlib import Path

from dosel.pipeline.centre import open_centre
from dosel.pipeline.spine.watch import watch
from dosel.testing.tiny import HISTORY, MONITORED, canonical, write_scene, write_tiny

NUMBER = 1
HERE = Path(__file__).parent
PACKED = HERE / f"centre-{NUMBER}.zip"
EXPECTED = HERE / f"centre-{NUMBER}.json"
HALF = 5
"""Monitored looks that are folded in the packed centre."""


def run(folder: Path) -> None:
    """One night."""
    with open_centre(folder) as centre:
        watch(centre)


def alerts(folder: Path) -> list[list[object]]:
    """Return what a person would see of the alerts."""
    with open_centre(folder) as centre:
        rows = centre.store.select("alerts", {"superseded": 0})
    names = ("id", "status", "pixels", "changed_pixels", "window_start", "onset", "window_end", "evidence")
    return [[row[name] for name in names] + [round(row["area_ha"], 4)] for row in rows]


def pack(folder: Path, target: Path) -> None:
    """Pack a centre without its scenes, in a fixed order."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder)
            if (
                path.is_file()
                and name.parts[0] != "scenes"
                and not name.name.endswith(("-wal", "-shm", ".lock"))
            ):
                file.write(path, name.as_posix())


def main() -> None:
    """Make the centre, pack it, go on to the end, and write down both hashes."""
    folder = Path(tempfile.gettempdir()) / "golden-centre"
    shutil.rmtree(folder, ignore_errors=True)
    write_tiny(folder, HISTORY + MONITORED[:HALF])
    run(folder)
    half = {"hash": canonical(folder), "alerts": alerts(folder)}
    pack(folder, PACKED)
    for day in MONITORED[HALF:]:
        write_scene(folder, day)
    run(folder)
    whole = {"hash": canonical(folder), "alerts": alerts(folder)}
    EXPECTED.write_text(json.dumps({"half": half, "whole": whole}, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()

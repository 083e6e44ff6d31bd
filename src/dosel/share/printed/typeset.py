"""From a document to a PDF/A: text goes as data into one template, so no name becomes a command."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from dosel.errors import MissingExtraError, StoreError
from dosel.model.text import shown
from dosel.share.policy import Released
from dosel.share.printed.document import Beside, Block, Document, MapView
from dosel.share.printed.maps import draw_map

_TEMPLATE: Final = "report.typ"
_KINDS: Final = {"Heading": "heading", "Paragraph": "paragraph", "Pairs": "pairs", "Listing": "listing"}


def write_pdf(document: Document, released: Released, advance: Callable[[], None] = lambda: None) -> Path:
    """Write a document as PDF/A-2b to where its content was released, whole or not at all.

    Parameters
    ----------
    released
        What :func:`dosel.share.policy.release` let out onto this paper.
    advance
        Hears every map that is drawn.

    Raises
    ------
    MissingExtraError
        If matplotlib or typst is not installed.
    StoreError
        If the file cannot be written.
    """
    path = Path(released.to.name)
    part = path.with_name(f".{path.name}.part{os.getpid()}")
    with tempfile.TemporaryDirectory(prefix="dosel-report-") as folder:
        room = Path(folder)
        _lay_out(document, room, advance)
        data = _compile(room)
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        raise StoreError(f"{path}: the report cannot be written: {error}") from error
    finally:
        part.unlink(missing_ok=True)
    return path


def _lay_out(document: Document, room: Path, advance: Callable[[], None]) -> None:
    """Put template, maps and text beside each other."""
    shutil.copy(str(files("dosel.share.printed").joinpath(_TEMPLATE)), room / _TEMPLATE)
    names = {}
    for number, view in enumerate(document.maps()):
        names[id(view)] = draw_map(view, room / f"map-{number}.svg").name
        advance()
    values = {
        "title": document.title,
        "subtitle": document.subtitle,
        "language": document.language,
        "day": [int(part) for part in document.day.split("-")],
        "footer": document.footer,
        "blocks": [_block(block, names) for block in document.blocks],
    }
    (room / "report.json").write_text(json.dumps(_fit(values), ensure_ascii=False), encoding="utf-8")


def _fit(value: Any) -> Any:
    """Return values with every text fit to be printed: no font has a sign for what steers a terminal."""
    if isinstance(value, dict):
        return {key: _fit(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_fit(one) for one in value]
    return shown(value).replace("\ufffd", "?") if isinstance(value, str) else value


def _block(block: Block, names: dict[int, str]) -> dict[str, Any]:
    if isinstance(block, MapView):
        said = {"file": names[id(block)], "caption": block.caption, "width_cm": block.width_cm}
        return {"block": "map", **said}
    if isinstance(block, Beside):
        return {"block": "beside", "rows": block.pairs.rows, "view": _block(block.view, names)}
    return {"block": _KINDS[type(block).__name__], **asdict(block)}


def _compile(room: Path) -> bytes:
    try:
        import typst
    except ImportError as error:
        raise MissingExtraError("a report needs matplotlib and typst; install dosel[report]") from error
    result = typst.compile(
        room / _TEMPLATE, root=room, format="pdf", pdf_standards="a-2b", ignore_system_fonts=True
    )
    return bytes(result)

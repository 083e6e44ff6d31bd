"""Vector files of others, before anything opens them: each is what its name says, and not without end.

The library that reads them goes by content: a "GeoJSON" that is a list of further sources would have it read
other files of this machine, or call an address. Such a file is refused.
"""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePath
from typing import Final

from dosel.errors import InputError

MOST_BYTES: Final = 4 * 1024**3
"""A larger file is refused, and so is an archive that unpacks to more."""
_HEAD: Final = 65_536
_STARTS: Final = {
    ".gpkg": (b"SQLite format 3\0",),
    ".shp": (b"\0\0\x27\x0a",),
    ".geojson": (b"{",),
    ".json": (b"{",),
}
"""How a file of each kind begins, blanks left out."""
_ELSEWHERE: Final = (b"<OGR", b"<VRT", b"gdal_streamed_alg")
"""What stands at the head of a file that names other sources."""
_BLANKS: Final = b"\xef\xbb\xbf \t\r\n"


def check_vector(path: Path) -> None:
    """Check a file that is to be read for its outlines.

    Raises
    ------
    InputError
        If it is too large, is not what its name says, or names other sources.
    """
    if not path.is_file():
        return
    _check_size(path, path.stat().st_size)
    with path.open("rb") as file:
        _check_head(str(path), path.suffix.lower(), file.read(_HEAD))
    if path.suffix.lower() == ".zip":
        _check_archive(path)


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            _check_size(path, sum(one.file_size for one in members))
            for one in members:
                with archive.open(one) as file:
                    _check_head(
                        f"{path}: {one.filename}", PurePath(one.filename).suffix.lower(), file.read(_HEAD)
                    )
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise InputError(f"{path}: the archive cannot be read: {error}") from None


def _check_size(path: Path, size: int) -> None:
    if size > MOST_BYTES:
        most = MOST_BYTES / 1024**3
        raise InputError(f"{path}: expected at most {most:g} GiB, got {size / 1024**3:.1f}; split the file")


def _check_head(name: str, suffix: str, head: bytes) -> None:
    starts = _STARTS.get(suffix, ())
    plain = head if suffix in (".gpkg", ".shp") else head.lstrip(_BLANKS)
    if starts and not plain.startswith(starts):
        raise InputError(f"{name}: expected a {suffix} file, got something else under that name")
    if suffix not in (".gpkg", ".shp") and any(word in head for word in _ELSEWHERE):
        raise InputError(f"{name}: names other files or addresses; give the file that holds the outlines")

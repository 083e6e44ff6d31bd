"""Opening rasters: what they say is held against what was declared, and nothing is guessed.

Handles are kept open per thread, so that reading a hundred tiles of a scene opens it once. Remote
rasters are read by byte ranges. A token goes to GDAL as a setting of the reading thread and appears in
no message; the query of a signed address is cut from every message too.

NetCDF cubes are read in the order in which they are stored, and placed by their own coordinate variables.
"""

from __future__ import annotations

import logging
import re
import struct
import threading
import warnings
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from rasterio.errors import NotGeoreferencedWarning, RasterioError, RasterioIOError
from rasterio.windows import Window

from dosel.catalog.access import Access as Key
from dosel.catalog.address import shown
from dosel.catalog.scene import Asset, RefusedSceneError
from dosel.errors import DoselError, SourceError
from dosel.model.codes import Refusal

KEPT_OPEN: Final = 32
"""Rasters that a thread keeps open."""

KEPT_BANDS: Final = 8
"""Arrays that a thread keeps to read into: the bands of one scene."""

_REMOTE: Final = re.compile(r"^(https?|s3|gs|az|ftp)://|^/vsi(curl|s3|gs|az)", re.IGNORECASE)
_SHORT: Final = re.compile(r"got \d+ bytes, expected|unexpected end|premature end|truncat", re.IGNORECASE)
_HTTP_CODE: Final = re.compile(r"(?:response_code|response code|error code)\D{0,4}(\d{1,3})", re.IGNORECASE)
_QUERY: Final = re.compile(r"\?[^\s'\"]+")
_LASTING: Final = {404, 410, 416}
"""Answers that will be the same tomorrow: not there, gone, beyond the end."""
_AXES: Final = (("x", "y"), ("lon", "lat"), ("longitude", "latitude"), ("easting", "northing"))
_EVEN: Final = 0.05
"""Share of a pixel by which coordinates of a cube may leave a regular spacing (they may be float32)."""


@dataclass(frozen=True, slots=True)
class Access:
    """How rasters are reached."""

    keys: tuple[Key, ...] = ()
    """What opens the remote sources; the token of each goes to the hosts of that source only."""
    retries: int = 4
    timeout_s: int = 60
    cache_mb: int = 256
    """Bound of GDAL's block cache for the whole process, in megabytes; the last reading sets it."""

    metered: bool = False
    """Whether GDAL tells its requests to a :class:`dosel.stack.meter.Meter`."""

    @contextmanager
    def session(self) -> Iterator[None]:
        """Read rasters within this context, in the thread that enters it."""
        options: dict[str, Any] = {
            "GDAL_CACHEMAX": self.cache_mb * 1_000_000,  # rasterio hands it on as bytes
            "GDAL_HTTP_MAX_RETRY": self.retries,
            "GDAL_HTTP_RETRY_DELAY": 1,
            "GDAL_HTTP_TIMEOUT": self.timeout_s,
            "GDAL_HTTP_CONNECTTIMEOUT": min(self.timeout_s, 20),
            "GDAL_HTTP_MERGE_CONSECUTIVE_RANGES": "YES",
            "GDAL_NETCDF_BOTTOMUP": "NO",
            "CPL_CURL_VERBOSE": "NO",
        }
        if self.metered:
            options["CPL_DEBUG"] = "VSICURL"
        before, _OPEN.metered = (_OPEN.keys, _OPEN.metered), self.metered
        with rasterio.Env(**options):
            _OPEN.keys = self.keys
            try:
                yield
            finally:
                _OPEN.keys, _OPEN.metered = before


@dataclass(frozen=True, slots=True)
class Raster:
    """One band of an open raster, with everything known about it."""

    name: str
    """As it stands in messages, without secrets."""
    dataset: Any
    """The open ``rasterio.DatasetReader``; it belongs to the thread that opened it."""
    band: int
    crs: CRS
    transform: Affine
    """(col, row) to x, y; never rotated. The rows of a cube may run north."""
    nodata: float | None
    """Declared stored number without a value, else the raster's own; None where there is none."""
    own_nodata: float | None
    """The raster's own, where it differs from the declared one."""
    scale: float
    offset: float

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        return int(self.dataset.height), int(self.dataset.width)

    def read(self, window: tuple[int, int, int, int]) -> NDArray[Any]:
        """Return stored numbers of a window (row, col, rows, cols) inside the raster.

        They stand in memory that the thread uses again when it next reads this band of this raster.

        Raises
        ------
        RefusedSceneError
            ``TRUNCATED`` or ``UNREADABLE``.
        SourceError
            If a remote source does not answer.
        """
        row, col, rows, cols = window
        heard: list[str] = []
        try:
            out = _scratch((self.dataset.name, self.band), (rows, cols), self.dataset.dtypes[self.band - 1])
            with _asking(self.dataset.name), _listening(self.dataset.name, heard):
                values: NDArray[Any] = self.dataset.read(
                    self.band, window=Window(col, row, cols, rows), out=out
                )
        except RasterioError as error:
            raise _fault(error, self.name, str(self.dataset.name), heard) from None
        if self.own_nodata is not None and self.nodata is not None:
            values[values == values.dtype.type(self.own_nodata)] = values.dtype.type(self.nodata)
        return values


class _Open(threading.local):
    """Open rasters of one thread, oldest first."""

    def __init__(self) -> None:
        self.keys: tuple[Key, ...] = ()
        self.metered = False
        self.datasets: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self.rasters: dict[tuple[Any, ...], Raster] = {}
        self.scratch: OrderedDict[tuple[str, int], NDArray[Any]] = OrderedDict()


_OPEN: Final = _Open()
_WARNINGS: Final = threading.Lock()


def open_raster(asset: Asset, *, bbox: tuple[float, ...] | None = None, is_mask: bool = False) -> Raster:
    """Return the open raster of an asset; the thread keeps it open.

    Parameters
    ----------
    asset
        What was declared.
    bbox
        West, south, east, north in degrees that the raster must touch; None does not check.
    is_mask
        A mask needs no nodata: its rule says which numbers are fill.

    Raises
    ------
    RefusedSceneError
        With the reason: unreadable, truncated, no such band, CRS contradicting, something undeclared.
    SourceError
        If a remote source does not answer.
    """
    key = (*_identity(asset.href), asset, bbox, is_mask)
    raster = _OPEN.rasters.get(key)
    if raster is not None and not raster.dataset.closed:
        _OPEN.datasets.move_to_end(key[:3])
        return raster
    dataset = _dataset(key[:3], asset.href)
    raster = _check(asset, dataset, bbox, is_mask)
    _OPEN.rasters[key] = raster
    return raster


def is_remote(href: str) -> bool:
    """Return whether an address is read over a network."""
    return bool(_REMOTE.match(href))


def forget_remote(href: str) -> None:
    """Close a remote raster and forget what GDAL has of it: it would keep a broken answer for good."""
    for key in [key for key in _OPEN.datasets if key[0] == href]:
        with _discreet():
            _OPEN.datasets.pop(key).close()
    with suppress(RasterioError, DoselError), rasterio.Env(CPL_VSIL_CURL_NON_CACHED="/vsicurl/"):
        _open(href).close()


def forget_open() -> None:
    """Close what this thread keeps open, and let its memory go."""
    _OPEN.scratch.clear()
    with _discreet():
        while _OPEN.datasets:
            _OPEN.datasets.popitem()[1].close()
    _OPEN.rasters.clear()


class _Ear(logging.Handler):
    """Keeps what GDAL says in one thread: it only warns of failed requests before it fails to decode."""

    def __init__(self, heard: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.heard = heard
        self.mine = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message of this thread."""
        if record.thread == self.mine:
            self.heard.append(record.getMessage())


class _Discreet(logging.Filter):
    """Cuts from what GDAL says the queries of addresses, where signatures and tokens stand."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every message pass, cut."""
        record.msg, record.args = _QUERY.sub("", record.getMessage()), ()
        return True


def _key_to(href: str) -> Key | None:
    return next((key for key in _OPEN.keys if key.opens(href)), None)


def _asked(href: str) -> str:
    """Return an address as it is asked for."""
    key = _key_to(href)
    return href if key is None else key.asked(href)


@contextmanager
def _asking(href: str) -> Iterator[None]:
    """Let requests carry the token that opens `href`, if there is one for its host."""
    key = _key_to(href)
    secrets = key.secrets(href) if key else {}
    if not secrets:
        yield
        return
    if _OPEN.metered:
        secrets["CPL_DEBUG"] = "VSICURL"  # which tells addresses and ranges, never headers
    with rasterio.Env(**secrets):
        yield


@contextmanager
def _listening(name: str, heard: list[str]) -> Iterator[None]:
    """Collect GDAL's warnings while a remote raster is read, and let no secret of its address be logged."""
    if not _REMOTE.match(name):
        yield
        return
    logger, ear = logging.getLogger("rasterio._err"), _Ear(heard)
    logger.addHandler(ear)
    try:
        with _discreet():
            yield
    finally:
        logger.removeHandler(ear)


@contextmanager
def _discreet() -> Iterator[None]:
    """Let no address with its query reach a log."""
    loggers, cut = (
        [logging.getLogger(f"rasterio.{name}") for name in ("_err", "_env", "_base", "_io")],
        _Discreet(),
    )
    for logger in loggers:
        logger.addFilter(cut)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(cut)


def _scratch(key: tuple[str, int], shape: tuple[int, int], dtype: str) -> NDArray[Any]:
    """Return an array of the thread to read into: fresh memory for every window costs more than copying."""
    kept = _OPEN.scratch.pop(key, None)
    if kept is None or kept.shape != shape or kept.dtype != dtype:
        kept = np.empty(shape, dtype)
    _OPEN.scratch[key] = kept
    while len(_OPEN.scratch) > KEPT_BANDS:
        _OPEN.scratch.popitem(last=False)
    return kept


def _identity(href: str) -> tuple[str, int, int]:
    """Return what tells a file apart from one that was put in its place."""
    if _REMOTE.match(href):
        return href, 0, 0
    try:
        stat = Path(href.partition("#")[0]).stat()
    except OSError:
        return href, 0, 0
    return href, stat.st_mtime_ns, stat.st_size


def _dataset(key: tuple[str, int, int], href: str) -> Any:
    """Return the open dataset of an address, from those kept open or opened now."""
    dataset = _OPEN.datasets.get(key)
    if dataset is not None:
        _OPEN.datasets.move_to_end(key)
        return dataset
    dataset = _open(href)
    _OPEN.datasets[key] = dataset
    while len(_OPEN.datasets) > KEPT_OPEN:
        old, closed = _OPEN.datasets.popitem(last=False)
        with _discreet():
            closed.close()
        for gone in [known for known in _OPEN.rasters if known[:3] == old]:
            del _OPEN.rasters[gone]
    return dataset


def _open(href: str) -> Any:
    """Open an address with GDAL."""
    path, _, variable = href.partition("#")
    is_remote = bool(_REMOTE.match(href))
    if not is_remote and not Path(path).exists():
        raise RefusedSceneError(Refusal.UNREADABLE, f"{shown(href)}: no such file")
    name = f'netcdf:"{path}":{variable}' if variable and not is_remote else path
    # A bucket is never listed for sidecar files; a local folder is, as loose rasters may have them.
    try:
        if is_remote:
            asked = _asked(name)
            with _asking(asked), _listening(name, []), rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"):
                return rasterio.open(asked)
        with _quiet():
            return rasterio.open(name)
    except RasterioError as error:
        raise _fault(error, shown(href), path) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Let a raster without a position raise no warning; its position is checked here.

    The filters belong to the process, so one thread at a time changes them.
    """
    with _WARNINGS, warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        yield


def _check(asset: Asset, dataset: Any, bbox: tuple[float, ...] | None, is_mask: bool) -> Raster:
    """Hold what the raster says against what was declared."""
    name = shown(asset.href)
    band = asset.band if asset.step is None else asset.step + 1
    if not 1 <= band <= dataset.count:
        raise RefusedSceneError(
            Refusal.MISSING_BAND, f"{name}: band {band} is asked for, the raster has {dataset.count}"
        )
    crs, transform = _position(asset, dataset, name)
    _check_place(name, crs, transform, (dataset.height, dataset.width), bbox)
    own = None if dataset.nodata is None else float(dataset.nodata)
    nodata = own if asset.nodata is None else asset.nodata
    if nodata is None and not is_mask and np.dtype(dataset.dtypes[band - 1]).kind != "f":
        raise RefusedSceneError(
            Refusal.UNDECLARED,
            f"{name}: neither the raster nor its description says which number is nodata; "
            "set nodata in [[sensor]] or in the item's raster:bands",
        )
    scale, offset = asset.scale, asset.offset
    if (scale, offset) == (1.0, 0.0) and not is_mask:
        scale, offset = float(dataset.scales[band - 1]), float(dataset.offsets[band - 1])
    differs = own is not None and own != nodata and not np.isnan(own)
    return Raster(
        name, dataset, band, crs, transform, nodata, own if differs and not is_mask else None, scale, offset
    )


def _position(asset: Asset, dataset: Any, name: str) -> tuple[CRS, Affine]:
    """Return CRS and transform, or refuse a raster without either."""
    cube = dataset.driver in {"netCDF", "HDF5Image"}
    own = _cube_crs(dataset) if cube else (dataset.crs.to_wkt() if dataset.crs else None)
    if own is None and asset.crs is None:
        raise RefusedSceneError(
            Refusal.UNDECLARED,
            f"{name}: neither the raster nor its description says its coordinate system; "
            "set crs in [[sensor]] or write it into the raster",
        )
    crs = _crs(name, own or asset.crs)
    if own is not None and asset.crs is not None and not same_crs(crs, _crs(name, asset.crs)):
        raise RefusedSceneError(
            Refusal.WRONG_GRID,
            f"{name}: the raster is in {crs.name}, {_crs(name, asset.crs).name} ({asset.crs}) was declared",
        )
    transform = _cube_transform(dataset, name) if cube else dataset.transform
    if transform == Affine.identity():
        raise RefusedSceneError(Refusal.UNDECLARED, f"{name}: the raster does not say where it lies")
    if transform.b or transform.d:
        raise RefusedSceneError(
            Refusal.WRONG_GRID, f"{name}: the raster is rotated; warp it to a north-up grid first"
        )
    return crs, transform


def _crs(name: str, text: str | None) -> CRS:
    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        raise RefusedSceneError(Refusal.UNDECLARED, f"{name}: {text!r} is no coordinate system") from error


def same_crs(one: CRS, two: CRS) -> bool:
    """Whether two descriptions mean the same coordinate system."""
    if one.equals(two, ignore_axis_order=True):
        return True
    code = one.to_epsg(min_confidence=70)
    return code is not None and code == two.to_epsg(min_confidence=70)


def _check_place(
    name: str, crs: CRS, transform: Affine, size: tuple[int, int], bbox: tuple[float, ...] | None
) -> None:
    """Refuse a raster that lies elsewhere than the item says: its CRS or the item is wrong."""
    if bbox is None:
        return
    (x0, y0), (x1, y1) = transform * (0, 0), transform * (size[1], size[0])
    to_degrees = Transformer.from_crs(crs, CRS.from_epsg(4326), always_xy=True)
    west, south, east, north = to_degrees.transform_bounds(
        min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), errcheck=False
    )
    if west > east or bbox[0] > bbox[2]:
        return
    near = 0.05
    apart = west > bbox[2] + near or east < bbox[0] - near or south > bbox[3] + near or north < bbox[1] - near
    if apart or not np.isfinite([west, south, east, north]).all():
        place = ", ".join(f"{number:.2f}" for number in (west, south, east, north))
        raise RefusedSceneError(
            Refusal.WRONG_GRID,
            f"{name}: in {crs.name} the raster lies at {place} (west, south, east, north), "
            f"its item says {', '.join(f'{number:.2f}' for number in bbox)}",
        )


def _cube_crs(dataset: Any) -> str | None:
    """Return the CRS that the grid mapping of a cube's variable names, None where there is none."""
    tags = dataset.tags()
    variable = dataset.tags(1).get("NETCDF_VARNAME", "")
    mapping = tags.get(f"{variable}#grid_mapping", "")
    for key in ("crs_wkt", "spatial_ref", "epsg_code"):
        text = tags.get(f"{mapping}#{key}")
        if mapping and text:
            return str(text)
    return dataset.crs.to_wkt() if dataset.crs else None


def _cube_transform(dataset: Any, name: str) -> Affine:
    """Return the transform of a cube in stored order, from its coordinate variables."""
    path = dataset.name.removeprefix("netcdf:").rpartition(":")[0]
    for across, down in _AXES:
        try:
            xs, ys = _line(f"netcdf:{path}:{across}"), _line(f"netcdf:{path}:{down}")
        except RasterioIOError:
            continue
        if (ys.size, xs.size) == (dataset.height, dataset.width) and min(ys.size, xs.size) > 1:
            step_x, step_y = _spacing(xs, f"{name}: {across}"), _spacing(ys, f"{name}: {down}")
            return Affine(step_x, 0.0, xs[0] - step_x / 2, 0.0, step_y, ys[0] - step_y / 2)
    raise RefusedSceneError(
        Refusal.UNDECLARED,
        f"{name}: expected coordinate variables x, y or lon, lat along the axes of the variable",
    )


def _line(name: str) -> NDArray[Any]:
    """Return the values of a coordinate variable."""
    with _quiet(), rasterio.open(name) as dataset:
        return np.asarray(dataset.read()).ravel()


def _spacing(values: NDArray[Any], what: str) -> float:
    """Return the even spacing of coordinates."""
    step = (float(values[-1]) - float(values[0])) / (values.size - 1)
    even = float(values[0]) + step * np.arange(values.size)
    if step == 0 or np.abs(values - even).max() > _EVEN * abs(step):
        raise RefusedSceneError(Refusal.WRONG_GRID, f"{what}: the coordinates are not evenly spaced")
    return round(step, 9)


def _fault(error: BaseException, name: str, path: str, heard: Sequence[str] = ()) -> DoselError:
    """Return the error that says what is wrong with a raster that cannot be read."""
    text = _told(error)
    if _REMOTE.match(path):
        codes = {int(code) for code in _HTTP_CODE.findall("\n".join((*heard, text)))}
        trouble = codes - _LASTING - set(range(200, 300))
        if trouble or not (codes or _SHORT.search(text)):
            what = f"HTTP {max(trouble)}" if max(trouble, default=0) else "no usable answer"
            return SourceError(f"{name}: {what}; the next run tries again")
    if _SHORT.search(text) or _is_cut(path):
        return RefusedSceneError(Refusal.TRUNCATED, f"{name}: the file ends before its data; fetch it again")
    return RefusedSceneError(Refusal.UNREADABLE, f"{name}: the raster cannot be read ({_last_words(text)})")


def _told(error: BaseException | None) -> str:
    """Return everything that an error and its causes say."""
    parts: list[str] = []
    while error is not None and len(parts) < 8:
        parts.append(str(error))
        error = error.__cause__ or error.__context__
    return "\n".join(parts)


def _last_words(text: str) -> str:
    """Return the innermost cause, short and without secrets."""
    line = _QUERY.sub("", text.splitlines()[-1]) if text else "no reason given"
    return line if len(line) <= 160 else line[:157] + "..."


def _is_cut(path: str) -> bool:
    """Whether a local file is empty, or a TIFF whose directory lies behind its end."""
    file = Path(path)
    if not file.is_file():
        return False
    size = file.stat().st_size
    with file.open("rb") as stream:
        head = stream.read(16)
    if len(head) < 16:
        return True
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None:
        return False
    version = struct.unpack(f"{order}H", head[2:4])[0]
    classic = struct.unpack(f"{order}I", head[4:8])[0]
    big = struct.unpack(f"{order}Q", head[8:16])[0]
    return bool({42: classic, 43: big}.get(version, 0) >= size)

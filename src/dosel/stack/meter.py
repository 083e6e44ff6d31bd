"""What reading remote rasters truly costs: requests and bytes, as GDAL itself tells them."""

from __future__ import annotations

import logging
import re
from types import TracebackType
from typing import Final, Self

_RANGE: Final = re.compile(r"Downloading (\d+)-(\d+) ")
_SIZE: Final = re.compile(r"GetFileSize\(")
_LOGGERS: Final = ("rasterio._err", "rasterio._env")


class Meter(logging.Handler):
    """A context that counts the requests of all threads that read with ``Access(metered=True)``."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.requests = 0
        self.bytes = 0
        """Bytes that were asked for by range."""
        self._levels: dict[str, int] = {}

    def __enter__(self) -> Self:
        for name in _LOGGERS:
            logger = logging.getLogger(name)
            self._levels[name] = logger.level
            logger.setLevel(logging.DEBUG)
            logger.addHandler(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name, level in self._levels.items():
            logger = logging.getLogger(name)
            logger.removeHandler(self)
            logger.setLevel(level)

    def emit(self, record: logging.LogRecord) -> None:
        """Count what a message of GDAL tells of a request."""
        text = record.getMessage()
        span = _RANGE.search(text)
        self.requests += bool(span) or bool(_SIZE.search(text))
        if span:
            self.bytes += int(span[2]) - int(span[1]) + 1

"""A static catalogue with its rasters."""

from pathlib import Path

import pytest

from dosel.catalog.register import register_items, write_catalogue
from dosel.testing.loose import declared, folder_source, write_raster


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with a static catalogue (stac/collection.json) of 7 dates in 2024 and its rasters (rasters/)."""
    root = tmp_path_factory.mktemp("catalogue")
    for month in range(1, 8):
        write_raster(root / "rasters" / f"2024-{month:02d}-15.tif", value=-8.0 - month)
    source = folder_source(Path("rasters"), licence="CC-BY-4.0", origin="nobody")
    registry = register_items(source, declared(), centre=root)
    write_catalogue(registry, source, declared(), root, root / "stac")
    return root

"""Where every database of the store is tried; a fixture is named after the module of the database."""

from pathlib import Path

import pytest


@pytest.fixture
def gpkg_place(tmp_path: Path) -> Path:
    return tmp_path / "centre.gpkg"

"""Fixtures that every folder of tests shares."""

import os
from pathlib import Path

import pytest

from dosel.testing.postgres import postgis_place, private_server

__all__ = ["postgis_place", "private_server"]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real data; a test that needs it skips only where that folder is absent."""
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("DOSEL_SHARED_DATA", default))
    if not folder.is_dir():
        pytest.skip(f"the real data is not here ({folder}); DOSEL_SHARED_DATA names its folder")
    return folder

"""A server in process for the attacks, with the small country of its own."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.http.front import Front, front
from tests.line.conftest import house

__all__ = ["house"]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the files of the whole run."""
    return tmp_path_factory.mktemp("http")


@pytest.fixture
async def server(folder: Path) -> AsyncGenerator[Front]:
    """A server that limits nobody."""
    async with front(folder) as found:
        yield found

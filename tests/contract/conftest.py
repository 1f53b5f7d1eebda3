"""Every contract test runs on every storage, each with the small country of its own."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from core.ports import Storage
from tests.contract.implementations import IMPLEMENTATIONS, Opened
from tests.contract.window import Window


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the files of the whole run."""
    return tmp_path_factory.mktemp("contract")


@pytest.fixture(params=IMPLEMENTATIONS.values(), ids=list(IMPLEMENTATIONS))
def opened(request: pytest.FixtureRequest) -> Opened:
    """A way to open one of the storages, for tests that open more than one copy."""
    found: Opened = request.param
    return found


@pytest.fixture
async def storage(opened: Opened, folder: Path) -> AsyncGenerator[Storage]:
    """One of the storages, with the small country in it."""
    async with opened(folder) as found:
        yield found


@pytest.fixture
def window(storage: Storage) -> Window:
    """A way to ask and write as one of the people of the small country."""
    return Window(storage)

"""The house, made once for a run, and a copy for each test."""

import asyncio
from pathlib import Path

import pytest

from tests.screens.house import House, make_template


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of the municipality, for copying only."""
    path = tmp_path_factory.mktemp("template") / "house.sqlite"
    asyncio.run(make_template(path))
    return path


@pytest.fixture
def house(tmp_path: Path, template: Path) -> House:
    """The municipality, for one test to change."""
    return House(tmp_path, template)

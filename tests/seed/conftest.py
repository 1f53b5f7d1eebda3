"""The demo's database, for reading."""

from pathlib import Path

import pytest

from tests.demo import built_demo


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the demo's database."""
    return built_demo(tmp_path_factory)

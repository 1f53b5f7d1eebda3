"""A home for each test, and the demo's database for reading and copying."""

from pathlib import Path

import pytest

from tests.demo import built_demo
from tests.line.command import House


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the demo's database."""
    return built_demo(tmp_path_factory)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> House:
    """Give an empty home."""
    home = tmp_path / "home"
    home.mkdir()
    return House(home, monkeypatch, capsys)

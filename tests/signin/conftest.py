"""A home for commands, the demo's database to copy, and the small country."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.demo import built_demo
from tests.line.command import House


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the demo's database, which is for copying only."""
    return built_demo(tmp_path_factory)


@pytest.fixture
def database(tmp_path: Path, demo_database: Path) -> Path:
    """Give a copy of the demo."""
    return Path(shutil.copyfile(demo_database, tmp_path / "demo.sqlite"))


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> House:
    """Give an empty home."""
    home = tmp_path / "home"
    home.mkdir()
    return House(home, monkeypatch, capsys)

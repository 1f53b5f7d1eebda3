"""Every contract test runs on every storage, each with the small country of its own."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from core.ports import Storage
from tests.contract.implementations import Opened, parameters
from tests.contract.window import Window


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the files of the whole run."""
    return tmp_path_factory.mktemp("contract")


SORTED = {"test_lists", "test_search", "test_country"}
"""Tests of what a database could do in an order, or by a meaning of letters, of its own."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "opened" in metafunc.fixturenames and "opened" not in _own_parameters(metafunc):
        name = metafunc.module.__name__.rpartition(".")[2]
        metafunc.parametrize("opened", parameters(besides=name in SORTED), indirect=True)


def _own_parameters(metafunc: pytest.Metafunc) -> set[str]:
    """Give what a test is parametrized by itself."""
    return {mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")}


@pytest.fixture
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

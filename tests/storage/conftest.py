"""A file with the small country for each test, copied from one that is made once."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from core.changes import Receipt
from storage.open import OpenStorage, new_sqlite, open_storage
from tests.builders import country, notes


async def _make(path: Path) -> None:
    async with new_sqlite(path, demo=True, fast=True) as storage:
        for step in country():
            answer = await storage.commit(step.changeset, step.actor, step.at)
            assert isinstance(answer, Receipt), answer
        for each in notes():
            assert await storage.note(each.entry, each.actor, each.at) is None


@pytest.fixture(scope="session")
def country_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small country, not to be written to."""
    path = tmp_path_factory.mktemp("template") / "country.db"
    asyncio.run(_make(path))
    return path


@pytest.fixture
def file(country_template: Path, tmp_path: Path) -> Path:
    """A copy of the small country."""
    return Path(shutil.copyfile(country_template, tmp_path / "country.db"))


@pytest.fixture
async def storage(file: Path) -> AsyncGenerator[OpenStorage]:
    """The copy, open."""
    opened = await open_storage(str(file))
    yield opened
    await opened.close()

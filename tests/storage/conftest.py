"""A file with the small country for each test, copied from one that is made once."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest

from core.changes import Receipt
from storage.open import OpenStorage, new_sqlite, open_storage
from tests.builders import country, notes
from tests.contract.implementations import fill_country
from tests.postgresql import KINDS, NAMES, Kind, Server, server, template


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


@pytest.fixture(params=KINDS, ids=[NAMES[kind] for kind in KINDS])
def postgresql(request: pytest.FixtureRequest) -> Server:
    """Each server that there is."""
    kind: Kind = request.param
    return server(kind)


@pytest.fixture
def on_server(postgresql: Server) -> Generator[str]:
    """A copy of the small country on a server, by its address."""
    asyncio.run(template(postgresql.kind, "country", fill_country))
    with postgresql.lent("country") as url:
        yield url


@pytest.fixture
def empty(postgresql: Server) -> Generator[str]:
    """A database on a server with nothing in it, by its address."""
    name = "nothing"
    postgresql.drop(name)
    yield postgresql.create(name)
    postgresql.drop(name)

"""Every storage that there is, registered in one place: a new one gets the whole suite for one entry.

Each opens on the small country of :mod:`tests.builders`, or on nothing but what a test writes.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any
from weakref import WeakSet

import pytest

from core.changes import Receipt
from core.ports import Storage
from storage.open import new_postgresql, new_sqlite, open_storage
from tests.builders import country, notes
from tests.contract.remote import Remote, faults
from tests.model import Model
from tests.postgresql import KINDS, NAMES, Kind, server, template

Opened = Callable[[Path], AbstractAsyncContextManager[Storage]]
"""Opens a fresh copy of the small country, for which a folder of the test run may be used."""

_copies = count(1)

DEAR: WeakSet[Storage] = WeakSet()
"""Those of which a question takes several times as long as of a file."""


async def write_country(storage: Storage) -> None:
    """Write the small country into an empty storage."""
    for step in country():
        answer = await storage.commit(step.changeset, step.actor, step.at)
        assert isinstance(answer, Receipt), answer
    for each in notes():
        assert await storage.note(each.entry, each.actor, each.at) is None


@asynccontextmanager
async def _model(folder: Path) -> AsyncGenerator[Storage]:
    model = Model()
    await write_country(model)
    yield model


async def _make_template(path: Path) -> None:
    async with new_sqlite(path, demo=True, fast=True) as storage:
        await write_country(storage)


@asynccontextmanager
async def _sqlite(folder: Path) -> AsyncGenerator[Storage]:
    template = folder / "country.db"
    if not template.exists():
        await _make_template(template)
    copy = folder / f"copy-{next(_copies)}.db"
    shutil.copyfile(template, copy)
    storage = await open_storage(str(copy))
    try:
        yield storage
    finally:
        await storage.close()
        copy.unlink()


async def fill_country(url: str) -> None:
    """Make the small country in an empty PostgreSQL database."""
    async with new_postgresql(url, demo=True) as storage:
        await write_country(storage)


def _postgresql(kind: Kind) -> Opened:
    @asynccontextmanager
    async def opened(_folder: Path) -> AsyncGenerator[Storage]:
        with server(kind).lent(await template(kind, "country", fill_country)) as url:
            storage = await open_storage(url)
            DEAR.add(storage)
            try:
                yield storage
            finally:
                await storage.close()

    return opened


def _http(opened: Opened) -> Opened:
    @asynccontextmanager
    async def served(folder: Path) -> AsyncGenerator[Storage]:
        async with opened(folder) as backing:
            remote = Remote(backing)
            DEAR.add(remote)
            try:
                yield remote
            finally:
                await remote.close()
            assert faults(remote) == [], faults(remote)

    return served


IMPLEMENTATIONS: dict[str, Opened] = {
    "model": _model,
    "sqlite": _sqlite,
    "postgresql": _postgresql("wheel"),
    "http": _http(_sqlite),
    "http-postgresql": _http(_postgresql("wheel")),
}

BESIDES: dict[str, Opened] = {NAMES[kind]: _postgresql(kind) for kind in KINDS if kind != "wheel"}
"""Another version of a server, whose databases sort by a language: for what depends on it."""


def parameters(*, besides: bool = False, but: str = "") -> list[Any]:
    """Give every implementation as a parameter, and those ``besides`` where they matter."""
    found = {**IMPLEMENTATIONS, **(BESIDES if besides else {})}
    return [pytest.param(opened, id=name) for name, opened in found.items() if name != but]

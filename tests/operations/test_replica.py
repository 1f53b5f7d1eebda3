"""A standby of PostgreSQL, read by a second address (docs/operations.md): it answers, and takes no write."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from core.changes import Receipt
from core.ports import StorageError
from core.queries import Accounts, NewsSince
from storage.open import open_storage, verify_storage
from tests.builders import NORTH, NORTH_ADMINISTRATOR, NOW, TODAY, changeset, register
from tests.contract.implementations import fill_country
from tests.postgresql import Server, server, system_programs

PATIENCE = 30.0


def _run(program: str, *arguments: str) -> None:
    programs = system_programs()
    assert programs is not None
    as_user: list[str] = []
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        as_user = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    subprocess.run(
        [*as_user, str(programs / program), *arguments],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )


@pytest.fixture(scope="module")
def primary() -> Server:
    """The server that is written to."""
    if system_programs() is None:
        pytest.skip("the system has no PostgreSQL: install postgresql")
    return server("system")


@pytest.fixture
def url(primary: Server) -> Iterator[str]:
    """A database on it with the small country."""
    address = primary.create("replicated")
    asyncio.run(fill_country(address))
    yield address
    primary.drop("replicated")


@pytest.fixture
def standby(primary: Server, url: str) -> Iterator[str]:
    """The same database on a standby that follows the first server."""
    folder = Path(tempfile.mkdtemp(prefix="behorig-pg-"))
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    data = folder / "data"
    _run("pg_basebackup", "-h", str(primary.socket), "-U", "postgres", "-D", str(data), "-R", "-c", "fast")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    _run("pg_ctl", "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start")
    yield f"postgresql://postgres@/replicated?host={folder}"
    _run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


async def test_a_standby_answers_follows_what_the_first_writes_and_takes_no_write(
    url: str, standby: str
) -> None:
    assert all(each.fault is None for each in verify_storage(standby))
    first, second = await open_storage(url), await open_storage(standby)
    try:
        asked = Accounts(day=TODAY, limit=500)
        before = await second.ask(asked, NORTH_ADMINISTRATOR, NOW)
        assert before.total > 5
        with pytest.raises(StorageError) as caught:
            await second.commit(changeset(NORTH, register("new-1")), NORTH_ADMINISTRATOR, NOW)
        assert caught.value.refusal.code == "storage_replica"
        query = NewsSince(organisation_ids=frozenset({NORTH}))
        async with aclosing(second.follow(query, NORTH_ADMINISTRATOR)) as told, asyncio.timeout(PATIENCE):
            await anext(told)
            written = await first.commit(changeset(NORTH, register("new-1")), NORTH_ADMINISTRATOR, NOW)
            assert isinstance(written, Receipt)
            news = await anext(told)
        assert [row.changeset_id for row in news.writes] == [written.changeset_id]
        assert (await second.ask(asked, NORTH_ADMINISTRATOR, NOW)).total == before.total + 1
    finally:
        await first.close()
        await second.close()

"""The rights that docs/operations.md gives the servers on PostgreSQL: enough for all they do, and no more."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import psycopg
import pytest

from core.changes import Receipt
from core.directory import AUTHORITY
from core.identity import Id
from core.journal import CardSeen
from core.ports import Storage
from storage.open import new_postgresql, open_storage, verify_storage
from tests.builders import (
    NORTH,
    NORTH_ADMINISTRATOR,
    NOW,
    SCHOOL,
    SUPPORT,
    TOMORROW,
    amend,
    changeset,
    country,
    deregister,
    grant,
    launch,
    notes,
    register,
    revoke,
)
from tests.postgresql import Server, server
from tests.storage.integrity import assert_whole_on_server

SCRIPTS = Path(__file__).parents[2] / "docs" / "operations" / "postgresql"


def run_script(url: str, name: str) -> None:
    """Run one of the scripts as its comment says, without psql."""
    text = (SCRIPTS / name).read_text(encoding="utf-8")
    with psycopg.connect(url) as connection:
        database = connection.info.dbname
        connection.execute(text.replace(':"DBNAME"', f'"{database}"').encode())


@pytest.fixture(scope="module")
def pg() -> Iterator[Server]:
    """A server with the two roles."""
    here = server("wheel")
    yield here
    for role in ("behorig_server", "behorig_owner"):
        here.execute(f"DROP ROLE IF EXISTS {role}")


@pytest.fixture
async def url(pg: Server) -> AsyncGenerator[str]:
    """A database made and filled as the scripts say, by its address for the servers."""
    name = "rights"
    as_superuser = pg.create(name)
    run_script(as_superuser, "roles.sql")
    async with new_postgresql(pg.url(name, "behorig_owner"), demo=True) as storage:
        for step in country():
            assert isinstance(await storage.commit(step.changeset, step.actor, step.at), Receipt)
        for each in notes():
            assert await storage.note(each.entry, each.actor, each.at) is None
    run_script(as_superuser, "rights.sql")
    yield pg.url(name, "behorig_server")
    with psycopg.connect(as_superuser, autocommit=True) as connection:
        connection.execute("DROP OWNED BY behorig_server, behorig_owner CASCADE")
    pg.drop(name)
    for role in ("behorig_server", "behorig_owner"):
        pg.execute(f"DROP ROLE {role}")


async def test_as_that_role_all_can_be_done_that_people_do_and_the_history_can_not_be_changed(
    url: str,
) -> None:
    storage: Storage = await open_storage(url)
    try:
        for by, here, changes in (
            (NORTH_ADMINISTRATOR, NORTH, (register("new-1"), grant("new-1", SCHOOL))),
            (NORTH_ADMINISTRATOR, NORTH, (amend("new-1", family_name="Ny"), revoke("new-1", SCHOOL))),
            (NORTH_ADMINISTRATOR, NORTH, (deregister("new-1", 2),)),
            (SUPPORT, AUTHORITY, (launch("ny-typ", TOMORROW),)),
        ):
            answer = await storage.commit(changeset(here, *changes), by, NOW)
            assert isinstance(answer, Receipt), answer
        undone = await storage.commit(
            changeset(NORTH, grant("user-6", SCHOOL), id="to-undo"), NORTH_ADMINISTRATOR, NOW
        )
        assert isinstance(undone, Receipt)
        undoing = changeset(NORTH, revoke("user-6", SCHOOL), undoes="to-undo")
        assert isinstance(await storage.commit(undoing, NORTH_ADMINISTRATOR, NOW), Receipt)
        seen = CardSeen(organisation_id=Id(NORTH), account_id=Id("user-1"))
        assert await storage.note(seen, SUPPORT, NOW) is None
    finally:
        await storage.close()
    assert_whole_on_server(url)
    assert all(each.fault is None for each in verify_storage(url))
    for statement in (
        "UPDATE events SET data = data",
        "DELETE FROM events",
        "TRUNCATE events",
        "UPDATE changesets SET note = ''",
        "DELETE FROM changesets",
        "DELETE FROM card_views",
        "UPDATE alembic_version SET version_num = '0001'",
        "UPDATE meta SET is_demo = 1",
        "CREATE TABLE mine (id integer)",
        "DROP TABLE events",
    ):
        with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())

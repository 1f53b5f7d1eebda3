"""A whole database copied to another place: the same rows, or nothing."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from core.ports import StorageError
from core.verify import fingerprint
from storage import copy as copying
from storage.copy import copy_storage
from storage.open import open_storage, verify_storage
from storage.sql import copy as rows
from storage.sql.search import pieces
from tests.contract.window import assert_same
from tests.postgresql import Server, server
from tests.storage.integrity import assert_whole

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

_names = count(1)


@pytest.fixture(scope="module")
def pg() -> Server:
    """A server of the tests' own."""
    return server("wheel")


@pytest.fixture
def empty(pg: Server) -> Iterator[str]:
    """An empty database on it, by its address."""
    name = f"copy_{next(_names)}"
    yield pg.create(name)
    pg.drop(name)


async def _assert_alike(one: str, other: str) -> None:
    first, second = await open_storage(one), await open_storage(other)
    try:
        assert first.is_demo == second.is_demo
        await assert_same(first, second)
    finally:
        await first.close()
        await second.close()


def test_from_a_file_to_a_server_and_back_all_is_the_same(file: Path, empty: str, tmp_path: Path) -> None:
    copied = copy_storage(str(file), empty)
    assert copied.rows["organisations"] == 3
    assert copied.rows["events"] > 50
    _assert_search_index_is_as_writes_make_it(empty)
    back = tmp_path / "back.db"
    assert copy_storage(empty, str(back)) == copied
    assert_whole(back)
    marks = {fingerprint(list(verify_storage(each))) for each in (str(file), empty, str(back))}
    assert len(marks) == 1
    # Last: what support looks at is noted.
    asyncio.run(_assert_alike(str(file), empty))


def _assert_search_index_is_as_writes_make_it(url: str) -> None:
    """See that the index, which is no table of rows, holds for each account what a write would feed it."""
    with psycopg.connect(url) as connection:
        kept = connection.execute("SELECT rowid, pieces FROM account_search").fetchall()
        fed = connection.execute("SELECT search_id, search_key FROM accounts").fetchall()
        by_write = {search_id: pieces(key).split(" ") for search_id, key in fed}
        assert dict(kept) == by_write
        looked_up = connection.execute(
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'account_search'"
        ).fetchall()
    assert any("USING gin (pieces)" in each for (each,) in looked_up)


def test_a_place_that_holds_something_is_left_as_it_is(file: Path, empty: str, tmp_path: Path) -> None:
    there = tmp_path / "there.db"
    there.write_text("something else")
    with pytest.raises(StorageError) as caught:
        copy_storage(str(file), str(there))
    assert caught.value.refusal.code == "storage_exists"
    assert there.read_text() == "something else"
    copy_storage(str(file), empty)
    with pytest.raises(StorageError) as caught:
        copy_storage(str(file), empty)
    assert caught.value.refusal.code == "storage_filled"
    asyncio.run(_assert_alike(str(file), empty))


@pytest.mark.parametrize("to_server", [False, True], ids=["file", "server"])
def test_what_was_not_written_as_it_was_read_leaves_no_copy(
    file: Path, empty: str, tmp_path: Path, to_server: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = empty if to_server else str(tmp_path / "copy.db")
    written = rows._write  # noqa: SLF001 - a disk that loses a row

    def lose(connection: Connection, table: Table, read: Iterable[Sequence[object]]) -> None:
        written(connection, table, list(read)[:-1] if table.name == "events" else read)

    with monkeypatch.context() as patched:
        patched.setattr(rows, "_write", lose)
        with pytest.raises(StorageError) as caught:
            copy_storage(str(file), target)
    assert (caught.value.refusal.code, caught.value.refusal.params) == ("copy_differs", {"table": "events"})
    assert list(tmp_path.glob("*copy*")) == []
    copy_storage(str(file), target)
    asyncio.run(_assert_alike(str(file), target))


def test_a_copy_of_itself_and_one_over_the_network_are_refused(file: Path, tmp_path: Path) -> None:
    for source, target, code in (
        (str(file), f"sqlite:///{file}", "copy_same"),
        ("https://behorig.example", str(tmp_path / "new.db"), "copy_remote"),
        (str(file), "https://behorig.example", "copy_remote"),
    ):
        with pytest.raises(StorageError) as caught:
            copying.copy_storage(source, target)
        assert caught.value.refusal.code == code
    assert not (tmp_path / "new.db").exists()


def test_a_text_that_a_server_cannot_keep_stops_the_copy_with_nothing_left(
    file: Path, empty: str, pg: Server
) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE accounts SET given_name = 'A' || char(0) WHERE id = 'user-1'")
    with pytest.raises(StorageError):
        copy_storage(str(file), empty)
    copied = pg.execute("SELECT 1")
    assert copied == [(1,)]
    with pytest.raises(StorageError) as caught:
        list(verify_storage(empty))
    assert caught.value.refusal.code == "storage_empty"

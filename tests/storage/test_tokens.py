"""Bearer tokens in each kind of database: kept, found, revoked, and their use noted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from datetime import timedelta
from pathlib import Path

import pytest

from core.identity import HsaId, Id
from core.ports import StorageError
from core.tokens import Presented, Token, TokenState
from storage.open import open_storage
from storage.sql import tokens as kept_tokens
from storage.sql.storage import SqlStorage
from tests.builders import NOW, TWICE
from tests.contract.implementations import fill_country
from tests.postgresql import Kind, server, system_programs, template

HASH = bytes(range(32))


def token(number: int, hsa_id: str = "SE5565594230-1337") -> Token:
    expires = NOW + timedelta(days=number)
    return Token(
        id=Id(f"{number:016x}"), hsa_id=HsaId(hsa_id), name=f"Nr {number} åäö", created=NOW, expires=expires
    )


@pytest.fixture(params=["file", "wheel", "system"], ids=["sqlite", "postgresql", "postgresql-system"])
def url(request: pytest.FixtureRequest, file: Path) -> Generator[str]:
    """Each kind of database, with the small country in it."""
    if request.param == "file":
        yield str(file)
        return
    kind: Kind = request.param
    if kind == "system" and system_programs() is None:
        pytest.skip("the system has no PostgreSQL server")
    asyncio.run(template(kind, "country", fill_country))
    with server(kind).lent("country") as found:
        yield found


@pytest.fixture
async def storage(url: str) -> AsyncGenerator[SqlStorage]:
    found = await opened(url)
    yield found
    await found.close()


async def test_what_is_kept_is_found_as_it_was(storage: SqlStorage) -> None:
    tokens = storage.tokens()
    first, second, other = token(1), token(2), token(3, "SE5565594230-YJ54")
    for each in (other, second, first):
        await tokens.create(each, HASH)
    assert await tokens.presented(first.id, HASH) == Presented(first, True, ())
    of_two = token(4, TWICE)
    await tokens.create(of_two, HASH)
    found = await tokens.presented(of_two.id, HASH)
    assert found == Presented(of_two, True, await storage.identify(TWICE))
    assert [each.account.id for each in found.memberships] == ["twice-south", "twice-north"]
    for wrong in (bytes(32), b"", HASH[:-1], HASH + b"\0"):
        assert await tokens.presented(of_two.id, wrong) == Presented(of_two, False, ())
    assert await tokens.presented("0" * 16, HASH) is None
    assert await tokens.presented("x'; DROP TABLE tokens; --", HASH) is None
    assert await tokens.all() == (first, second, other, of_two)
    assert await tokens.all("se5565594230-yj54") == (other,)
    assert await tokens.all("SE5565594230-NONE") == ()


async def test_two_tokens_never_share_an_id(storage: SqlStorage) -> None:
    await storage.tokens().create(token(1), HASH)
    with pytest.raises(StorageError):
        await storage.tokens().create(token(1), bytes(32))
    found = await storage.tokens().presented(token(1).id, HASH)
    assert found is not None
    assert found[:2] == (token(1), True)


async def test_a_token_is_revoked_once_and_another_connection_knows(storage: SqlStorage, url: str) -> None:
    await storage.tokens().create(token(1), HASH)
    other = await open_storage(url)
    assert isinstance(other, SqlStorage)
    try:
        assert await other.tokens().presented(token(1).id, HASH) is not None
        answers = await asyncio.gather(
            *(each.tokens().revoke(token(1).id, NOW) for each in (storage, other) for _ in range(3))
        )
        assert sorted(answers) == [False] * 5 + [True]
        for each in (storage, other):
            found = await each.tokens().presented(token(1).id, HASH)
            assert found is not None
            assert found[0].revoked == NOW
            assert found[0].state(NOW) is TokenState.REVOKED
    finally:
        await other.close()
    assert not await storage.tokens().revoke("0" * 16, NOW)


async def opened(url: str) -> SqlStorage:
    storage = await open_storage(url)
    assert isinstance(storage, SqlStorage)
    return storage


async def found_after(storage: SqlStorage, url: str) -> Token:
    """Close a storage, which waits for what is written later, and give the token as it is then."""
    await storage.close()
    other = await opened(url)
    found = await other.tokens().presented(token(1).id, HASH)
    await other.close()
    assert found is not None
    return found[0]


async def test_use_is_noted_once_a_minute_over_all_servers(url: str) -> None:
    # Each is a server that has not seen the token used yet, and whose copy of the row is old.
    for after, noted in ((0, 0), (30, 0), (59, 0), (90, 90), (120, 90)):
        storage = await opened(url)
        if not after:
            await storage.tokens().create(token(1), HASH)
        storage.tokens().used(token(1), NOW + timedelta(seconds=after))
        assert (await found_after(storage, url)).last_used == NOW + timedelta(seconds=noted)


async def test_use_is_noted_once_a_minute_by_one_server(url: str) -> None:
    storage = await opened(url)
    await storage.tokens().create(token(1), HASH)
    tokens = storage.tokens()
    for seconds in (0, 1, 59):
        tokens.used(token(1), NOW + timedelta(seconds=seconds))
    assert (await found_after(storage, url)).last_used == NOW


async def test_a_program_that_a_newer_one_has_left_behind_writes_no_tokens(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = await opened(url)
    await storage.tokens().create(token(1), HASH)
    with monkeypatch.context() as patched:
        patched.setattr(kept_tokens, "SCHEMA_VERSION", "0001")
        for work in (storage.tokens().create(token(2), HASH), storage.tokens().revoke(token(1).id, NOW)):
            with pytest.raises(StorageError) as caught:
                await work
            assert caught.value.refusal.code == "storage_newer"
        storage.tokens().used(token(1), NOW)
        assert await found_after(storage, url) == token(1)

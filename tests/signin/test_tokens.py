"""Bearer tokens: made by the command, used, revoked, and of no use to who reads the database."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.identity import HsaId, Id
from core.tokens import Token
from storage.http.callers import SignIn
from storage.http.signin.config import SignInConfig, TokensConfig
from storage.http.signin.tokens import new_secret
from storage.http.signin.ways import ways_of
from storage.open import open_storage
from storage.seed.cast import EVA_EK
from storage.sql.storage import SqlStorage
from tests.line.command import Answer, House
from tests.signin.asked import call, let_in, refused, with_bearer

NOW = datetime.now(UTC)
EVA = str(EVA_EK.hsa_id)


async def opened(database: Path) -> SqlStorage:
    storage = await open_storage(str(database))
    assert isinstance(storage, SqlStorage)
    return storage


def way(storage: SqlStorage) -> SignIn:
    (only,) = ways_of(SignInConfig(tokens=TokensConfig()), storage)
    return only


def made(house: House, database: Path, *more: str, expires: str = "30") -> Answer:
    answer = house.run("token", "create", EVA, "--expires", expires, "--storage", str(database), *more)
    assert answer.code == 0, answer.talk
    return answer


@pytest.fixture
def token(house: House, database: Path) -> str:
    """Give a token of Eva's that holds for thirty days."""
    return made(house, database).data.strip()


def listed(house: House, database: Path, *more: str) -> str:
    answer = house.run("token", "list", *more, "--storage", str(database))
    assert answer.code == 0
    return answer.data


def test_a_token_is_shown_once_and_listed_without_its_secret(house: House, database: Path) -> None:
    answer = made(house, database, "--name", "Nattlig export")
    token = answer.data.strip()
    assert re.fullmatch(r"behorig_[0-9a-f]{16}_[A-Za-z0-9_-]{43}", token)
    assert token not in answer.talk
    assert EVA in answer.talk
    assert "Sundsvalls kommun" in answer.talk
    token_id, secret = token.split("_", 2)[1:]
    told = listed(house, database)
    assert told.startswith(f"{token_id} {EVA}, gäller till ")
    assert told.endswith("aldrig använd, Nattlig export\n")
    assert secret not in told
    kept = b"".join(path.read_bytes() for path in database.parent.glob("demo.sqlite*"))
    assert token_id.encode() in kept
    assert secret.encode() not in kept
    assert not [path for path in house.files() if secret.encode() in path.read_bytes()]


async def test_a_token_lets_in_for_whom_it_was_made_until_it_is_revoked(
    house: House, token: str, database: Path
) -> None:
    storage = await opened(database)
    try:
        caller = await let_in(way(storage), with_bearer(token), NOW)
        assert (caller.hsa_id, caller.way, caller.key) == (EVA, "token", f"token:{token.split('_')[1]}")
        # Another process revokes it; the storage that is open here knows at once.
        answer = await asyncio.to_thread(
            house.run_apart, "token", "revoke", token.split("_")[1], "--storage", str(database)
        )
        assert answer.code == 0
        assert "är återkallad" in answer.talk
        assert (await refused(way(storage), with_bearer(token), NOW)).code == "token_revoked"
    finally:
        await storage.close()
    told = await asyncio.to_thread(house.run_apart, "token", "list", "--storage", str(database))
    assert ", återkallad " in told.data
    again = await asyncio.to_thread(
        house.run_apart, "token", "revoke", token.split("_")[1], "--storage", str(database)
    )
    assert again.code == 1


async def test_a_token_ends_when_it_was_said_to(token: str, database: Path) -> None:
    storage = await opened(database)
    try:
        await let_in(way(storage), with_bearer(token), NOW + timedelta(days=29))
        late = await refused(way(storage), with_bearer(token), NOW + timedelta(days=31))
        assert late.code == "token_expired"
    finally:
        await storage.close()


async def test_a_wrong_secret_tells_nothing_of_whether_the_id_is_right(token: str, database: Path) -> None:
    head = "_".join(token.split("_")[:2])
    storage = await opened(database)
    try:
        guesses = [
            f"{head}_{'A' * 43}",
            f"behorig_{'0' * 16}_{'A' * 43}",
            token[:-1],
            token + "A",
            token.upper().replace("BEHORIG_", "behorig_"),
            "behorig_",
        ]
        answers = [await refused(way(storage), with_bearer(each), NOW) for each in guesses]
        assert {each.code for each in answers} == {"token_wrong"}
        assert {str(each) for each in answers} == {str(answers[0])}
        # A revoked one of which the secret is not known is no more than wrong.
        await storage.tokens().revoke(token.split("_")[1], NOW)
        assert (await refused(way(storage), with_bearer(guesses[0]), NOW)).code == "token_wrong"
    finally:
        await storage.close()


@pytest.mark.parametrize(
    "headers",
    [
        [("authorization", "Bearer {0}"), ("authorization", "Bearer {0}")],
        [("authorization", "Basic {0}")],
        [("authorization", "Bearer {0} {0}")],
        [("authorization", "Bearer")],
        [("authorization", "")],
        [("authorization", "Bearer {0}å")],
        [("authorization", "Bearer " + "a" * 9000)],
        [("authorization", "Bearer " + "a" * 1_000_000)],
    ],
)
async def test_what_is_no_single_bearer_token_is_refused(
    token: str, database: Path, headers: list[tuple[str, str]]
) -> None:
    storage = await opened(database)
    try:
        request = call(*((name, value.replace("{0}", token)) for name, value in headers))
        assert (await refused(way(storage), request, NOW)).code == "credential_form"
        assert await way(storage).caller(call(), NOW) is None
        # Of another way, which may know it.
        assert await way(storage).caller(with_bearer("a.b.c"), NOW) is None
    finally:
        await storage.close()


async def test_use_is_written_once_a_minute_and_never_waited_for(
    house: House, token: str, database: Path
) -> None:
    storage = await opened(database)
    only = way(storage)

    def last_used() -> list[str | None]:
        with closing(sqlite3.connect(database)) as connection:
            return [row[0] for row in connection.execute("SELECT last_used_at FROM tokens")]

    try:
        # Somebody writes for a long time: a read goes on, and the note comes later.
        with closing(sqlite3.connect(database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await asyncio.wait_for(let_in(only, with_bearer(token), NOW), 2)
            assert last_used() == [None]
            other.execute("COMMIT")
        for seconds in (1, 30, 59):
            await let_in(only, with_bearer(token), NOW + timedelta(seconds=seconds))
        await storage.tokens().revoke("0" * 16, NOW)  # behind what was to be written
        first = last_used()
        assert first == [NOW.isoformat(timespec="microseconds")]
        await let_in(only, with_bearer(token), NOW + timedelta(seconds=61))
        await storage.tokens().revoke("0" * 16, NOW)
        assert last_used() != first
    finally:
        await storage.close()
    told = await asyncio.to_thread(house.run_apart, "token", "list", "--storage", str(database))
    assert ", senast använd " in told.data


async def test_a_use_that_cannot_be_written_fails_no_request(token: str, database: Path) -> None:
    storage = await opened(database)
    only = way(storage)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "CREATE TRIGGER no_writing BEFORE UPDATE ON tokens BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    await let_in(only, with_bearer(token), NOW)
    await storage.close()
    storage.tokens().used(
        Token(id=Id("a"), hsa_id=HsaId(EVA), name="", created=NOW, expires=NOW + timedelta(days=1)),
        NOW,
    )  # after the close: lost, and nothing is raised


def test_who_has_no_account_gets_no_token(house: House, database: Path) -> None:
    nobody = "SE5565594230-NOBODY"
    answer = house.run("token", "create", nobody, "--expires", "3", "--storage", str(database))
    assert (answer.code, answer.data) == (1, "")
    assert nobody in answer.talk
    assert "inget konto" in answer.talk
    assert listed(house, database) == ""


def test_over_the_network_no_tokens_are_made(house: House) -> None:
    for arguments in (("create", EVA, "--expires", "3"), ("list",), ("revoke", "0" * 16)):
        answer = house.run("token", *arguments, "--storage", "https://behorig.example")
        assert (answer.code, answer.data) == (2, "")
        assert "kör kommandot på serverns dator" in answer.talk


@pytest.mark.parametrize("expires", ["0", "367", "9999", "2020-01-01", "2099-01-01", "aldrig", "-3", ""])
def test_a_time_that_is_none_is_refused(house: House, database: Path, expires: str) -> None:
    answer = house.run("token", "create", EVA, f"--expires={expires}", "--storage", str(database))
    assert (answer.code, answer.data) == (2, "")
    assert "--expires" in answer.talk
    assert listed(house, database) == ""


def test_a_last_day_is_held_to_its_end(house: House, database: Path) -> None:
    day = (NOW + timedelta(days=40)).date()
    made(house, database, expires=day.isoformat())
    with closing(sqlite3.connect(database)) as connection:
        ((expires,),) = connection.execute("SELECT expires_at FROM tokens").fetchall()
    # Midnight in Sweden is at 22 or 23 UTC.
    assert expires[:13] in (f"{day}T22", f"{day}T23")


def test_tokens_are_listed_for_one_person_without_regard_to_case(house: House, database: Path) -> None:
    made(house, database)
    assert len(listed(house, database, EVA.lower().replace("tstnmt", "TSTNMT")).splitlines()) == 1
    assert listed(house, database, "SE5565594230-1337") == ""
    wrong = house.run("token", "list", "SE123", "--storage", str(database))
    assert wrong.code == 2


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("expires_at", "'for ever'"),
        ("expires_at", "'2999-01-01'"),
        ("expires_at", "x'ff'"),
        ("revoked_at", "''"),
        ("hash", "'text'"),
        ("hash", "x''"),
        ("hsa_id", "'nobody'"),
    ],
)
async def test_a_row_that_somebody_edited_opens_nothing(
    token: str, database: Path, column: str, value: str
) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(f"UPDATE tokens SET {column} = {value}")
    storage = await opened(database)
    try:
        await refused(way(storage), with_bearer(token), NOW)
        await storage.tokens().all()
    finally:
        await storage.close()


def test_no_two_tokens_are_alike() -> None:
    texts = {new_secret()[1] for _ in range(1000)}
    assert len(texts) == 1000
    assert len({text.split("_")[1] for text in texts}) == 1000

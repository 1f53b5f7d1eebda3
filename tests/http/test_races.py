"""The races of tests/storage over HTTP: each of two writes by a server of its own, on one PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.open import open_storage
from storage.sql.storage import SqlStorage
from tests.builders import NORTH_ADMINISTRATOR, SUPPORT
from tests.contract.implementations import fill_country
from tests.http.process import Country, running, token_for
from tests.postgresql import server, template
from tests.storage.test_races import (
    SUPPORT_2,
    Place,
    test_an_administrator_dismissed_at_the_same_moment_writes_before_or_not_at_all,
    test_two_that_apply_the_same_draft,
    test_two_that_dismiss_each_others_last_administrator,
    test_two_that_register_the_same_hsa_id,
)

__all__ = [
    "test_an_administrator_dismissed_at_the_same_moment_writes_before_or_not_at_all",
    "test_two_that_apply_the_same_draft",
    "test_two_that_dismiss_each_others_last_administrator",
    "test_two_that_register_the_same_hsa_id",
]

ROUNDS = 60
"""Each round takes several times as long as on the database itself."""
UNLIMITED = "[server.limits]\neach_second = 100000\nat_once = 100000\n"


async def _tokens(url: str) -> dict[str, str]:
    storage = await open_storage(url)
    assert isinstance(storage, SqlStorage)
    try:
        return {
            by.account_id: await token_for(storage, by) for by in (SUPPORT, SUPPORT_2, NORTH_ADMINISTRATOR)
        }
    finally:
        await storage.close()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """The small country on PostgreSQL behind two servers."""
    with server("wheel").lent(asyncio.run(template("wheel", "country", fill_country))) as url:
        tokens = asyncio.run(_tokens(url))
        country = Country(url, tokens)
        with (
            running(country, tmp_path, name="1", config=UNLIMITED) as first,
            running(country, tmp_path, name="2", config=UNLIMITED) as second,
        ):
            yield Place(
                url, tmp_path / "meeting", rounds=ROUNDS, servers=(first.url, second.url), tokens=tokens
            )

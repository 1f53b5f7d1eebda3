"""The databases that the bench measures on are real ones."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bench.population import ADMINISTRATOR, BIG, DAY, NOON, make, people
from core.identity import HsaId
from core.queries import Accounts
from storage.open import open_storage
from tests.storage.integrity import assert_whole


async def test_a_population_is_whole_and_can_be_searched(tmp_path: Path) -> None:
    path = tmp_path / "one.db"
    # It runs a loop of its own.
    await asyncio.to_thread(make, path, 300, "one")
    assert_whole(path)
    storage = await open_storage(str(path))
    page = await storage.ask(Accounts(day=DAY), ADMINISTRATOR, NOON)
    assert page.total == 301, "three hundred people and their administrator"
    somebody = page.rows[0].account
    found = await storage.ask(Accounts(day=DAY, search=somebody.hsa_id), ADMINISTRATOR, NOON)
    assert [row.account for row in found.rows] == [somebody]
    await storage.close()


def test_the_people_are_the_same_each_time_and_have_ids_that_pass() -> None:
    first, again = (list(people(BIG, 50)) for _ in range(2))
    assert first == again
    assert len({HsaId(each.hsa_id).key for each in first}) == 50

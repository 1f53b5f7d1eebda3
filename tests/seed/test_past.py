"""The demo on a thousand random days: what is told of each is what replaying the log until then gives."""

from __future__ import annotations

import random
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec

from core.days import day_of
from core.directory import AUTHORITY, Account
from core.history import Record, State
from core.queries import Accounts, AccountsByKey, Standing
from core.text import sort_key
from core.wire import decode
from storage.open import OpenStorage, open_storage
from tests.builders import NOW, administrator_of

DAYS = 1_000
TODAY = date(2024, 2, 1)


def chains(path: Path) -> dict[str, list[Record]]:
    """Give the records of every organisation, in order."""
    found: dict[str, list[Record]] = defaultdict(list)
    with closing(sqlite3.connect(path)) as connection:
        for organisation_id, data in connection.execute(
            "SELECT organisation_id, data FROM events ORDER BY organisation_id, number"
        ):
            found[organisation_id].append(decode(data, Record))
    return found


def replayed(organisation_id: str, records: list[Record], days: list[date]) -> Iterator[tuple[date, State]]:
    """Give an organisation's state at the end of each of some days, in one pass along its chain."""
    state, place = State(organisation_id), 0
    for day in sorted(days):
        while place < len(records) and day_of(datetime.fromisoformat(records[place].at)) <= day:
            state.apply(records[place].event)
            place += 1
        yield day, state


async def told(storage: OpenStorage, organisation_id: str, day: date) -> list[tuple[Account, frozenset[str]]]:
    """Give everybody whom the storage knows of on a day, with what they had, page by page."""
    query = Accounts(day=TODAY, as_of=day, organisation_id=organisation_id, standing=Standing.ANY, limit=500)
    found: list[tuple[Account, frozenset[str]]] = []
    while True:
        page = await storage.ask(query, administrator_of(organisation_id), NOW)
        found.extend((row.account, row.all_granted) for row in page.rows)
        if page.after is None:
            assert page.total == len(found)
            return found
        query = msgspec.structs.replace(query, cursor=page.after)


async def test_a_thousand_random_days_are_what_replay_says(demo_database: Path) -> None:
    chance = random.Random("the past of the demo")
    found = chains(demo_database)
    # The great ones oftener: most organisations of the demo have a handful of events.
    ids = sorted(found, key=lambda each: (-len(found[each]), each))
    busy = ids[:12]
    first = min(day_of(datetime.fromisoformat(records[0].at)) for records in found.values())
    span = (TODAY - first).days + 60
    wanted: dict[str, list[date]] = defaultdict(list)
    for _ in range(DAYS):
        here = chance.choice(busy) if chance.random() < 0.8 else chance.choice(ids)
        wanted[here].append(first + timedelta(days=chance.randrange(-30, span)))
    storage = await open_storage(str(demo_database))
    people = 0
    try:
        for organisation_id, days in wanted.items():
            for day, state in replayed(organisation_id, found[organisation_id], days):
                had = state.by_account()
                expected = sorted(
                    ((each, frozenset(had.get(each.id, ()))) for each in state.accounts.values()),
                    key=lambda row: (sort_key(row[0].family_name, row[0].given_name), row[0].id),
                )
                assert await told(storage, organisation_id, day) == expected, (organisation_id, day)
                people += len(expected)
                if len(days) < 30:
                    ids_then = frozenset(state.accounts)
                    by_key = AccountsByKey(
                        day=TODAY, as_of=day, organisation_id=organisation_id, account_ids=ids_then
                    )
                    rows = await storage.ask(by_key, administrator_of(organisation_id), NOW)
                    assert [(row.account, row.all_granted) for row in rows] == expected
    finally:
        await storage.close()
    assert sum(map(len, wanted.values())) == DAYS
    assert people > 10 * DAYS
    assert AUTHORITY in found

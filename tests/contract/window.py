"""Ask and write as one of the people of the small country, and compare what two storages answer."""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence
from datetime import datetime
from itertools import product
from typing import Any, TypeVar

import msgspec

from core.changes import AnyChange, Receipt
from core.directory import AUTHORITY, INSTALLATION, Actor
from core.ports import Refused, Storage
from core.queries import (
    QUERIES,
    AccountById,
    AccountRow,
    Accounts,
    Direction,
    InverseOf,
    Page,
    Query,
    SortBy,
    Standing,
    Writes,
)
from core.refusal import NotAllowedError
from tests.builders import (
    NORTH,
    NORTH_ADMINISTRATOR,
    NORTH_USER,
    NOW,
    SCHOOL,
    SOUTH,
    SOUTH_ADMINISTRATOR,
    SUPPORT,
    TODAY,
    changeset,
)
from tests.contract.implementations import DEAR
from tests.core import examples

R = TypeVar("R")
T = TypeVar("T")

EVERYWHERE = INSTALLATION


class Window:
    """One storage, asked and written to in the name of somebody, at ``NOW``."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    async def ask(self, query: Query[R], by: Actor = NORTH_ADMINISTRATOR) -> R:
        """Ask within the scope of an actor."""
        return await self.storage.ask(query, by, NOW)

    async def commit(
        self,
        *changes: AnyChange,
        by: Actor = NORTH_ADMINISTRATOR,
        at: str = NORTH,
        id: str | None = None,
        now: datetime = NOW,
    ) -> Receipt | Refused:
        """Write changes in one changeset."""
        return await self.storage.commit(changeset(at, *changes, id=id), by, now)

    async def write(self, *changes: AnyChange, by: Actor = NORTH_ADMINISTRATOR, at: str = NORTH) -> Receipt:
        """Write changes that must be accepted."""
        answer = await self.commit(*changes, by=by, at=at)
        assert isinstance(answer, Receipt), answer
        return answer

    async def codes(self, *changes: AnyChange, by: Actor = NORTH_ADMINISTRATOR, at: str = NORTH) -> list[str]:
        """Try to write changes, and give the codes of the refusals."""
        answer = await self.commit(*changes, by=by, at=at)
        return [each.code for each in answer.refusals] if isinstance(answer, Refused) else []

    async def names(self, query: Accounts, by: Actor = NORTH_ADMINISTRATOR) -> list[str]:
        """Give the names on one page of a list."""
        return [row.account.name for row in (await self.ask(query, by)).rows]

    async def ids(self, query: Accounts, by: Actor = NORTH_ADMINISTRATOR) -> list[str]:
        """Give the ids on one page of a list."""
        return [row.account.id for row in (await self.ask(query, by)).rows]

    async def walk(
        self, query: Accounts, by: Actor = NORTH_ADMINISTRATOR, *, backwards: bool = False
    ) -> list[AccountRow]:
        """Go through a whole list page by page, from one end to the other; give its rows in order."""
        direction = Direction.BEFORE if backwards else Direction.AFTER
        rows: list[AccountRow] = []
        cursor: str | None = None
        while True:
            page = await self.ask(msgspec.structs.replace(query, cursor=cursor, direction=direction), by)
            assert len(page.rows) <= query.limit
            rows = [*page.rows, *rows] if backwards else [*rows, *page.rows]
            assert (page.before if not backwards else page.after) is None or cursor is not None
            cursor = page.before if backwards else page.after
            if cursor is None:
                return rows
            assert page.rows, "a page with more beyond it holds something"


def plain(answer: object) -> object:
    """Give an answer to compare: a cursor, which each storage words itself, tells only that there is more."""
    if isinstance(answer, Page):
        return msgspec.structs.replace(
            answer,
            before=None if answer.before is None else "more",
            after=None if answer.after is None else "more",
        )
    return answer


QUESTIONS: tuple[Query[Any], ...] = (
    *(
        examples.QUERIES[kind](organisation_id)
        for kind in QUERIES
        for organisation_id in (NORTH, SOUTH, AUTHORITY)
    ),
    *(
        Accounts(day=TODAY, sort_by=sort_by, standing=Standing.ANY, descending=descending)
        for sort_by in SortBy
        for descending in (False, True)
    ),
    *(
        AccountById(day=TODAY, organisation_id=NORTH, account_id=account_id)
        for account_id in ("user-1", "user-4", "user-5", "left", "admin-1", "shared", "new-1")
    ),
    *(
        Writes(organisation_id=organisation_id, permission_id=SCHOOL, event_kind=event_kind)
        for organisation_id in (NORTH, SOUTH)
        for event_kind in (None, "permission_granted")
    ),
    Writes(organisation_id=NORTH, account_id="user-1", permission_id=SCHOOL),
    Writes(organisation_id=NORTH, from_day=TODAY),
    Writes(organisation_id=NORTH, event_kind="account_amended", until_day=TODAY),
    *(
        InverseOf(organisation_id=organisation_id, changeset_id=f"seed-{number}")
        for number in range(1, 13)
        for organisation_id in (NORTH, SOUTH)
    ),
)
"""Questions of every kind, about all three organisations."""

ASKERS = (SUPPORT, NORTH_ADMINISTRATOR, SOUTH_ADMINISTRATOR, NORTH_USER)


async def assert_same(one: Storage, other: Storage, share: int = 1) -> None:
    """See that two storages answer questions alike, within every scope: all, or one in ``share`` of them."""
    for by, query in part(list(product(ASKERS, QUESTIONS)), share):
        first, second = await answer_of(one, query, by), await answer_of(other, query, by)
        assert plain(first) == plain(second), (by, query)


def part(all_of: Sequence[T], share: int) -> Sequence[T]:
    """Give one in ``share``, another part for another test, and the same each time."""
    return all_of[zlib.crc32(os.environ.get("PYTEST_CURRENT_TEST", "").encode()) % share :: share]


def share_of(storage: Storage) -> int:
    """Give how many questions pass for each that is asked after a change, where each takes a while.

    All of them are asked on every storage before anything has changed. What comes after a change is asked
    whole of a file and in parts of a server, of which a question takes several times as long.
    """
    return 4 if storage in DEAR else 1


async def answer_of(storage: Storage, query: Query[Any], by: Actor) -> Any:
    """Give an answer, or why there is none: who was dismissed by a random write sees no cards."""
    try:
        return await storage.ask(query, by, NOW)
    except NotAllowedError as error:
        return error.refusal

"""A database as a :class:`core.ports.Storage`: questions and writes, each whole in a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from core.changes import Changeset, Receipt
from core.journal import what_is_seen, why_not_shown
from core.ports import Membership, Refused, StorageError
from core.queries import (
    QUERIES,
    AccountById,
    Accounts,
    AccountsByKey,
    AnnouncementById,
    Announcements,
    CardViews,
    Cell,
    ContactOn,
    CurrentNotice,
    DifferencesBetween,
    EmailCounts,
    HowMany,
    HsaIdHolders,
    InverseOf,
    NearAccounts,
    News,
    NewsSince,
    OrganisationById,
    Organisations,
    OwnPreferences,
    Query,
    Scope,
    WholeCatalogue,
    Writes,
    scope_for,
)
from core.refusal import NotAllowedError
from core.text import REPLACEMENT
from storage.sql.accounts import list_accounts
from storage.sql.catalogue import KnownCatalogue, whole_catalogue
from storage.sql.database import Database, PassingError
from storage.sql.identify import identify
from storage.sql.organisations import organisation_by_id

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from core.announcements import AnnouncementDetail, AnnouncementRow, Notice
    from core.directory import Actor, Organisation
    from core.journal import AnyEntry
    from core.preferences import Chosen
    from core.queries import (
        AccountDetail,
        AccountRow,
        CardView,
        CellStory,
        Differences,
        Inverse,
        Page,
        Reached,
        WriteRow,
    )
    from core.rules import Decision
    from core.support import Contact
    from storage.sql.tokens import SqlTokens

R = TypeVar("R")

MOST_ATTEMPTS: Final = 5
"""How often the same is tried before it is given up; by then several others have come in between."""


# The first people on the screen wait for none of these, so each loads what it needs when it is first asked.


def _accounts_by_key(connection: Connection, query: AccountsByKey, scope: Scope) -> tuple[AccountRow, ...]:
    from storage.sql.accounts_by_key import accounts_by_key

    return accounts_by_key(connection, query, scope)


def _hsa_id_holders(connection: Connection, query: HsaIdHolders, scope: Scope) -> dict[str, AccountRow]:
    from storage.sql.accounts_by_key import hsa_id_holders

    return hsa_id_holders(connection, query, scope)


def _email_counts(connection: Connection, query: EmailCounts, scope: Scope) -> dict[str, int]:
    from storage.sql.accounts_by_key import email_counts

    return email_counts(connection, query, scope)


def _account_by_id(connection: Connection, query: AccountById, scope: Scope) -> AccountDetail | None:
    from storage.sql.account_detail import account_by_id

    return account_by_id(connection, query, scope)


def _cell(connection: Connection, query: Cell, scope: Scope) -> CellStory | None:
    from storage.sql.account_detail import cell

    return cell(connection, query, scope)


def _list_writes(connection: Connection, query: Writes, scope: Scope) -> Page[WriteRow]:
    from storage.sql.history import list_writes

    return list_writes(connection, query, scope)


def _list_card_views(connection: Connection, query: CardViews, scope: Scope) -> Page[CardView]:
    from storage.sql.journal import list_card_views

    return list_card_views(connection, query, scope)


def _differences_between(connection: Connection, query: DifferencesBetween, scope: Scope) -> Differences:
    from storage.sql.past import differences_between

    return differences_between(connection, query, scope)


def _inverse_of(connection: Connection, query: InverseOf, scope: Scope) -> Inverse:
    from storage.sql.history import inverse_of

    return inverse_of(connection, query, scope)


def _news_since(connection: Connection, query: NewsSince, scope: Scope) -> News:
    from storage.sql.news import news_since

    return news_since(connection, query, scope)


def _contact(connection: Connection, query: ContactOn, scope: Scope) -> Contact:
    from storage.sql.contact import contact

    return contact(connection, query, scope)


def _list_announcements(connection: Connection, query: Announcements, scope: Scope) -> Page[AnnouncementRow]:
    from storage.sql.announcements import list_announcements

    return list_announcements(connection, query, scope)


def _announcement_by_id(
    connection: Connection, query: AnnouncementById, scope: Scope
) -> AnnouncementDetail | None:
    from storage.sql.announcements import announcement_by_id

    return announcement_by_id(connection, query, scope)


def _current_notice(connection: Connection, query: CurrentNotice, scope: Scope) -> Notice | None:
    from storage.sql.announcements import current_notice

    return current_notice(connection, query, scope)


def _own_preferences(connection: Connection, query: OwnPreferences, scope: Scope) -> Chosen:
    from storage.sql.preferences import own_preferences

    return own_preferences(connection, query, scope)


def _near_accounts(connection: Connection, query: NearAccounts, scope: Scope) -> tuple[AccountRow, ...]:
    from storage.sql.near import near_accounts

    return near_accounts(connection, query, scope)


def _list_organisations(
    connection: Connection, query: Organisations, scope: Scope
) -> tuple[Organisation, ...]:
    from storage.sql.places import list_organisations

    return list_organisations(connection, query, scope)


def _how_many(connection: Connection, query: HowMany, scope: Scope) -> Reached:
    from storage.sql.how_many import how_many

    return how_many(connection, query, scope)


# Each function takes the one kind that stands before it.
_ANSWERS: Final[dict[type[Query[Any]], Callable[[Connection, Any, Scope], Any]]] = {
    Accounts: list_accounts,
    AccountsByKey: _accounts_by_key,
    HsaIdHolders: _hsa_id_holders,
    EmailCounts: _email_counts,
    AccountById: _account_by_id,
    Cell: _cell,
    OrganisationById: organisation_by_id,
    WholeCatalogue: whole_catalogue,
    Writes: _list_writes,
    NewsSince: _news_since,
    DifferencesBetween: _differences_between,
    InverseOf: _inverse_of,
    CardViews: _list_card_views,
    ContactOn: _contact,
    Announcements: _list_announcements,
    AnnouncementById: _announcement_by_id,
    CurrentNotice: _current_notice,
    NearAccounts: _near_accounts,
    Organisations: _list_organisations,
    HowMany: _how_many,
    OwnPreferences: _own_preferences,
}
if set(_ANSWERS) != set(QUERIES):
    raise TypeError("every kind of question needs its answer")


class SqlStorage:
    """Keeps everything in one database.

    A question or a write runs in one thread from its beginning to its end. An ``await`` that is
    cancelled stops waiting for it, not the work: a read is thrown away, and a commit is whole or not
    there, as a retry with the same id tells. So no transaction is ever left open.
    """

    def __init__(self, database: Database) -> None:
        """Work through the connections to a database."""
        self.is_demo = database.is_demo
        self._database = database
        self._known = KnownCatalogue()
        self._closing = asyncio.Event()
        self._reading = ThreadPoolExecutor(database.read_at_once, thread_name_prefix="behorig-read")
        self._writing = ThreadPoolExecutor(database.write_at_once, thread_name_prefix="behorig-write")

    async def identify(self, hsa_id: str) -> tuple[Membership, ...]:
        """Give the active accounts that an HSA-id has, without regard to case."""
        return await self._read(lambda connection: identify(connection, _encodable(hsa_id)))

    async def ask(self, query: Query[R], actor: Actor, now: datetime) -> R:
        """Answer a question within the actor's scope, once what support sees of it is noted."""
        seen = what_is_seen(query, actor)
        if seen is not None:
            why_not = why_not_shown(await self.note(seen, actor, now))
            if why_not is not None:
                raise NotAllowedError(why_not)
        return await self._answer(query, actor)

    async def _answer(self, query: Query[R], actor: Actor) -> R:
        scope = scope_for(query, actor)
        answer: Callable[[Connection, Any, Scope], R] = _ANSWERS[type(query)]
        plain = _plain(query)
        return await self._read(lambda connection: answer(connection, plain, scope))

    async def follow(self, query: NewsSince, actor: Actor) -> AsyncGenerator[News]:
        """Give what is written from a place on, as it is written, until the reader or the storage stops."""
        # Before the first look: what is written after it wakes.
        async with self._database.waker(self._read, self._closing) as waker:
            is_first = True
            while not self._closing.is_set():
                news = await self._answer(query, actor)
                query = msgspec.structs.replace(query, cursor=news.cursor)
                if is_first or news.touched:
                    is_first = False
                    yield news
                if not news.more:
                    await waker.changed()

    async def rehearse(self, changeset: Changeset, actor: Actor, now: datetime) -> Decision:
        """Decide a changeset without writing anything."""

        def decided(connection: Connection) -> Decision:
            # Deferred: a session that only looks never needs it.
            from storage.sql.commit import rehearse

            return rehearse(connection, changeset, actor, now, self._known)

        return await self._read(decided)

    async def commit(self, changeset: Changeset, actor: Actor, now: datetime) -> Receipt | Refused:
        """Write a changeset, all or nothing. The same id again gives the first receipt back."""

        def written() -> Receipt | Refused:
            # Deferred: a session that only looks never needs it. Before the transaction, which holds a lock.
            from storage.sql.commit import commit

            return self._whole(
                self._database.writers,
                lambda connection: commit(connection, changeset, actor, now, self._known),
            )

        return await asyncio.get_running_loop().run_in_executor(self._writing, written)

    async def note(self, entry: AnyEntry, actor: Actor, now: datetime) -> Refused | None:
        """Keep a note beside the history, or tell why not."""

        def noted() -> Refused | None:
            # Deferred for the same reason.
            from storage.sql.journal import note

            return self._whole(
                self._database.writers,
                lambda connection: note(connection, entry, actor, now),
                is_repeatable=False,
            )

        return await asyncio.get_running_loop().run_in_executor(self._writing, noted)

    def tokens(self) -> SqlTokens:
        """Give the bearer tokens of this database."""
        # Deferred: only a server and the commands about tokens need them.
        from storage.sql.tokens import SqlTokens

        return SqlTokens(read=self._read, write=self._write, later=self._later)

    async def close(self) -> None:
        """Let go of the database, once what is under way has come to its end."""
        self._closing.set()
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        for threads in (self._reading, self._writing):
            threads.shutdown(wait=True)
        for engine in (self._database.readers, self._database.writers):
            engine.dispose()

    async def _read(self, answer: Callable[[Connection], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(
            self._reading, self._whole, self._database.readers, answer
        )

    async def _write(self, work: Callable[[Connection], R]) -> R:
        """Write something that is not to be done twice."""

        def written() -> R:
            return self._whole(self._database.writers, work, is_repeatable=False)

        return await asyncio.get_running_loop().run_in_executor(self._writing, written)

    def _later(self, work: Callable[[Connection], None]) -> None:
        """Write something that nobody waits for, when the writes before it are done; it may be lost."""

        def tried() -> None:
            with suppress(StorageError):
                self._whole(self._database.writers, work)

        # What comes after the close is lost too.
        with suppress(RuntimeError):
            self._writing.submit(tried)

    def _whole(self, engine: Engine, work: Callable[[Connection], R], *, is_repeatable: bool = True) -> R:
        """Do something in one transaction; a refusal or an error leaves nothing of it.

        It is done again from its beginning where that may help: two writes met, or a line was lost. A
        question or a changeset may be repeated whatever became of it the first time. What is not
        ``is_repeatable`` is not, once it may have been committed.
        """
        with self._database.told():
            for _ in range(1, MOST_ATTEMPTS):
                attempted = _Attempt(engine, work, self._database)
                try:
                    return attempted.run()
                except (SQLAlchemyError, PassingError) as error:
                    may_pass = isinstance(error, PassingError) or self._database.may_pass(error)
                    if not may_pass or (attempted.is_ending and not is_repeatable):
                        raise
            return _Attempt(engine, work, self._database).run()


class _Attempt(Generic[R]):
    """One transaction."""

    def __init__(self, engine: Engine, work: Callable[[Connection], R], database: Database) -> None:
        self._engine = engine
        self._work = work
        self._database = database
        self.is_ending = False

    def run(self) -> R:
        with self._engine.connect() as connection:
            try:
                return self._transaction(connection)
            except SQLAlchemyError as error:
                # Whatever somebody has put into the file is no reason to show nothing. The connection
                # stays so: reading tolerantly takes longer, which only such a file has to bear.
                if not self._database.read_tolerantly(connection, error):
                    raise
            return self._transaction(connection)

    def _transaction(self, connection: Connection) -> R:
        with connection.begin():
            answer = self._work(connection)
            self.is_ending = True
        return answer


def _plain(query: Query[R]) -> Query[R]:
    """Give a question whose texts can be sent to a database: half a surrogate pair is no character."""
    changed: dict[str, str | frozenset[str]] = {}
    for name, value in msgspec.structs.asdict(query).items():
        if type(value) is str and not _is_plain(value):
            changed[name] = _encodable(value)
        elif isinstance(value, frozenset) and not all(map(_is_plain, value)):
            changed[name] = frozenset(map(_encodable, value))
    return msgspec.structs.replace(query, **changed) if changed else query


# PostgreSQL's texts have no NUL. Nothing that was written has: the core refuses it.
_UNSENDABLE: Final = dict.fromkeys((0, *range(0xD800, 0xE000)), REPLACEMENT)


def _is_plain(text: str) -> bool:
    return text.isascii() and "\0" not in text


def _encodable(text: str) -> str:
    return text.translate(_UNSENDABLE)

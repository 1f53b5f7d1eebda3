"""A database as a :class:`core.ports.Storage`: questions and writes, each whole in a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from core.changes import Changeset, Receipt
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
    OrganisationById,
    Organisations,
    Query,
    Scope,
    WholeCatalogue,
    Writes,
)
from core.text import REPLACEMENT
from storage.sql.accounts import accounts_by_key, email_counts, hsa_id_holders, list_accounts
from storage.sql.catalogue import KnownCatalogue, whole_catalogue
from storage.sql.engine import READERS, read_tolerantly
from storage.sql.errors import is_undecodable, told
from storage.sql.identify import identify
from storage.sql.organisations import organisation_by_id

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from core.announcements import AnnouncementDetail, AnnouncementRow, Notice
    from core.directory import Actor, Organisation
    from core.journal import AnyEntry
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


# The first people on the screen wait for none of these, so each loads what it needs when it is first asked.


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
    AccountsByKey: accounts_by_key,
    HsaIdHolders: hsa_id_holders,
    EmailCounts: email_counts,
    AccountById: _account_by_id,
    Cell: _cell,
    OrganisationById: organisation_by_id,
    WholeCatalogue: whole_catalogue,
    Writes: _list_writes,
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
}
if set(_ANSWERS) != set(QUERIES):
    raise TypeError("every kind of question needs its answer")


class SqlStorage:
    """Keeps everything in one database.

    A question or a write runs in one thread from its beginning to its end. An ``await`` that is
    cancelled stops waiting for it, not the work: a read is thrown away, and a commit is whole or not
    there, as a retry with the same id tells. So no transaction is ever left open.
    """

    def __init__(self, path: Path, readers: Engine, writer: Engine, *, is_demo: bool) -> None:
        """Work through one engine for questions and one, with a single connection, for writes.

        ``is_demo`` says whether HSA-ids of test form are taken; ``path`` is told in errors.
        """
        self.is_demo = is_demo
        self._path = path
        self._known = KnownCatalogue()
        self._readers = readers
        self._writer = writer
        self._reading = ThreadPoolExecutor(READERS, thread_name_prefix="behorig-read")
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="behorig-write")

    async def identify(self, hsa_id: str) -> tuple[Membership, ...]:
        """Give the active accounts that an HSA-id has, without regard to case."""
        return await self._read(lambda connection: identify(connection, _encodable(hsa_id)))

    async def ask(self, query: Query[R], scope: Scope) -> R:
        """Answer a question within a scope; what is outside the scope is not found."""
        answer: Callable[[Connection, Any, Scope], R] = _ANSWERS[type(query)]
        plain = _plain(query)
        return await self._read(lambda connection: answer(connection, plain, scope))

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
                self._writer, lambda connection: commit(connection, changeset, actor, now, self._known)
            )

        return await asyncio.get_running_loop().run_in_executor(self._writing, written)

    async def note(self, entry: AnyEntry, actor: Actor, now: datetime) -> Refused | None:
        """Keep a note beside the history, or tell why not."""

        def noted() -> Refused | None:
            # Deferred for the same reason.
            from storage.sql.journal import note

            return self._whole(self._writer, lambda connection: note(connection, entry, actor, now))

        return await asyncio.get_running_loop().run_in_executor(self._writing, noted)

    def tokens(self) -> SqlTokens:
        """Give the bearer tokens of this database."""
        # Deferred: only a server and the commands about tokens need them.
        from storage.sql.tokens import SqlTokens

        return SqlTokens(read=self._read, write=self._write, later=self._later)

    async def close(self) -> None:
        """Let go of the file, once what is under way has come to its end."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        for threads in (self._reading, self._writing):
            threads.shutdown(wait=True)
        for engine in (self._readers, self._writer):
            engine.dispose()

    async def _read(self, answer: Callable[[Connection], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(
            self._reading, self._whole, self._readers, answer
        )

    async def _write(self, work: Callable[[Connection], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(
            self._writing, self._whole, self._writer, work
        )

    def _later(self, work: Callable[[Connection], None]) -> None:
        """Write something that nobody waits for, when the writes before it are done; it may be lost."""

        def tried() -> None:
            with suppress(StorageError):
                self._whole(self._writer, work)

        # What comes after the close is lost too.
        with suppress(RuntimeError):
            self._writing.submit(tried)

    def _whole(self, engine: Engine, work: Callable[[Connection], R]) -> R:
        """Do something in one transaction; a refusal or an error leaves nothing of it."""
        with told(self._path), engine.connect() as connection:
            try:
                with connection.begin():
                    return work(connection)
            except SQLAlchemyError as error:
                if not is_undecodable(error):
                    raise
            # Whatever somebody has put into the file is no reason to show nothing. The connection stays
            # so: reading tolerantly takes longer, which only such a file has to bear.
            read_tolerantly(connection)
            with connection.begin():
                return work(connection)


def _plain(query: Query[R]) -> Query[R]:
    """Give a question whose texts can be sent to a database: half a surrogate pair is no character."""
    changed: dict[str, str | frozenset[str]] = {}
    for name, value in msgspec.structs.asdict(query).items():
        if type(value) is str and not value.isascii():
            changed[name] = _encodable(value)
        elif isinstance(value, frozenset) and not all(each.isascii() for each in value):
            changed[name] = frozenset(map(_encodable, value))
    return msgspec.structs.replace(query, **changed) if changed else query


_SURROGATES: Final = dict.fromkeys(range(0xD800, 0xE000), REPLACEMENT)


def _encodable(text: str) -> str:
    return text.translate(_SURROGATES)

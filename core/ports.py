"""What the core needs from outside: a storage, and a place for drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

import msgspec

from core.directory import Account, Actor, Organisation
from core.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from datetime import datetime

    from core.changes import Changeset, Receipt
    from core.draft import Draft
    from core.journal import AnyEntry
    from core.queries import News, NewsSince, Query
    from core.rules import Decision

R = TypeVar("R")


class StorageError(Exception):
    """The storage cannot do what it was asked; nothing was written. ``refusal`` tells why.

    Its codes: ``storage_missing``, ``storage_damaged``, ``storage_newer``, ``storage_older``,
    ``storage_read_only``, ``storage_full``, ``storage_network``, ``storage_locked``,
    ``storage_not_ours``, ``storage_url``, ``storage_exists`` and ``storage_failed``. On a server besides:
    ``storage_address``, ``storage_unreachable``, ``storage_password``, ``storage_sign_in``,
    ``storage_rights``, ``storage_replica``, ``storage_slow``, ``storage_empty``, ``storage_filled``,
    ``storage_old_server``, ``storage_encoding``, and ``storage_lost``: then the line broke, and only
    asking again with the same id tells whether it was written.
    """

    def __init__(self, refusal: Refusal) -> None:
        """Carry the refusal to the edge, where the sentence is made."""
        super().__init__(refusal.code)
        self.refusal = refusal


_AWAY = frozenset(("server_away", "storage_away", "storage_lost", "storage_unreachable", "storage_missing"))

_IN_DOUBT = frozenset(("server_away", "storage_away", "storage_lost"))


def is_away(refusal: Refusal) -> bool:
    """Say whether a refusal tells that the storage cannot be reached now, and may come back by itself."""
    return refusal.code in _AWAY


def leaves_doubt(refusal: Refusal) -> bool:
    """Say whether a write that ended with a refusal may have been made all the same."""
    return refusal.code in _IN_DOUBT


def is_unknown_there(refusal: Refusal) -> bool:
    """Say whether a refusal tells that a server of an earlier version has no such question yet."""
    return refusal.code == "no_such_address"


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """An account that an HSA-id has, with its organisation: a choice at sign-in."""

    account: Account
    organisation: Organisation


class Refused(msgspec.Struct, frozen=True):
    """A commit that was refused: nothing of it was written."""

    refusals: tuple[Refusal, ...]


class Storage(Protocol):
    """Where things are kept. SQL databases and the HTTP client each are one."""

    async def identify(self, hsa_id: str) -> tuple[Membership, ...]:
        """Give the active accounts that an HSA-id has, without regard to case."""
        ...

    async def ask(self, query: Query[R], actor: Actor, now: datetime) -> R:
        """Answer a question within the actor's scope; what is outside of it is not found.

        What support sees of a question that ``is_logged`` is noted first (:func:`core.journal.what_is_seen`):
        without the note there is no answer but a :class:`core.refusal.NotAllowedError`.
        """
        ...

    def follow(self, query: NewsSince, actor: Actor) -> AsyncGenerator[News]:
        """Give what is written from a place on, as it is written, until the reader stops.

        The first answer comes at once, also where nothing was written: by its ``cursor`` a reader who
        loses the line goes on later. It ends when the storage is closed. Close it (``aclosing``), or it
        holds what it holds until it is collected.
        """
        ...

    async def rehearse(self, changeset: Changeset, actor: Actor, now: datetime) -> Decision:
        """Decide a changeset without writing anything."""
        ...

    async def commit(self, changeset: Changeset, actor: Actor, now: datetime) -> Receipt | Refused:
        """Write a changeset, all or nothing. The same id again gives the first receipt back."""
        ...

    async def note(self, entry: AnyEntry, actor: Actor, now: datetime) -> Refused | None:
        """Keep a note beside the history (:mod:`core.journal`), or tell why not."""
        ...

    async def close(self) -> None:
        """Let go of files and connections."""
        ...


class DraftStore(Protocol):
    """Keeps one draft per actor and storage, on disk after every change."""

    def load(self) -> Draft | None:
        """Give the draft that was left, or ``None``. A file that cannot be read is set aside, not lost."""
        ...

    def save(self, draft: Draft) -> None:
        """Keep the draft; when this returns, a killed process loses nothing."""
        ...

    def drop(self) -> None:
        """Remove the draft once it is written or thrown away."""
        ...

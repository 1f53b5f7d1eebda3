"""Keep bearer tokens: made, listed, found, revoked. Only the hash of a secret is ever in the database.

A token is looked up anew at every request, so that one that was revoked opens nothing from that moment,
whichever server revoked it.
"""

from __future__ import annotations

import hmac
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from core.identity import HsaId, Id, hsa_key
from core.ports import StorageError
from core.refusal import Refusal, WrongValueError
from core.tokens import Presented, Token
from storage.sql import schema
from storage.sql.head import moment
from storage.sql.identify import identify
from storage.sql.values import raw_text, text_of
from storage.sql.version import SCHEMA_VERSION

R = TypeVar("R")

BETWEEN_USES: Final = timedelta(minutes=1)
"""The use of a token is written at most this often: a read costs no write."""

_MOST_REMEMBERED: Final = 10_000

_tokens = schema.tokens.c
_COLUMNS: Final = (
    _tokens.id,
    _tokens.hsa_id,
    _tokens.name,
    _tokens.created_at,
    _tokens.expires_at,
    _tokens.revoked_at,
    _tokens.last_used_at,
)
_FIND: Final = select(*_COLUMNS, _tokens.hash).where(_tokens.id == bindparam("token"))
_ALL: Final = select(*_COLUMNS).order_by(_tokens.hsa_key, _tokens.created_at, _tokens.id)
_REVOKE: Final = (
    update(schema.tokens)
    .where(_tokens.id == bindparam("token"), _tokens.revoked_at.is_(None))
    .values(revoked_at=bindparam("at"))
)
_USED: Final = (
    update(schema.tokens)
    .where(
        _tokens.id == bindparam("token"),
        or_(_tokens.last_used_at.is_(None), _tokens.last_used_at < bindparam("before")),
    )
    .values(last_used_at=bindparam("at"))
)
_VERSION: Final = "SELECT version_num FROM alembic_version"


class _Transact(Protocol):
    """Does something in one transaction, in a thread."""

    def __call__(self, work: Callable[[Connection], R], /) -> Awaitable[R]: ...


class SqlTokens:
    """The bearer tokens of one database."""

    def __init__(
        self, *, read: _Transact, write: _Transact, later: Callable[[Callable[[Connection], None]], None]
    ) -> None:
        """Work through a storage's own threads; ``later`` writes what nobody waits for."""
        self._read = read
        self._write = write
        self._later = later
        self._uses: dict[str, datetime] = {}
        self._mutex = threading.Lock()

    async def create(self, token: Token, secret_hash: bytes) -> None:
        """Keep a new token with the SHA-256 of its secret."""

        def created(connection: Connection) -> None:
            _check_version(connection)
            connection.execute(
                insert(schema.tokens),
                {
                    "id": str(token.id),
                    "hsa_id": str(token.hsa_id),
                    "hsa_key": hsa_key(token.hsa_id),
                    "name": str(token.name),
                    "hash": secret_hash,
                    "created_at": moment(token.created),
                    "expires_at": moment(token.expires),
                },
            )

        await self._write(created)

    async def all(self, hsa_id: str | None = None) -> tuple[Token, ...]:
        """Give every token, or those of an HSA-id without regard to case; the oldest of each first."""
        statement = _ALL if hsa_id is None else _ALL.where(_tokens.hsa_key == hsa_key(hsa_id))

        def found(connection: Connection) -> tuple[Token, ...]:
            rows = (_token_of(row) for row in connection.execute(statement))
            return tuple(token for token in rows if token is not None)

        return await self._read(found)

    async def presented(self, token_id: str, secret_hash: bytes) -> Presented | None:
        """Look at a token that was brought with the hash of its secret; ``None`` where no token has this id.

        The accounts are found in the same transaction: every request to a server begins with both, and two
        cost half as much again as the question itself.
        """

        def found(connection: Connection) -> Presented | None:
            row = connection.execute(_FIND, {"token": token_id}).first()
            token = None if row is None else _token_of(row)
            if row is None or token is None:
                return None
            # In a time that tells nothing about the hash.
            is_right = hmac.compare_digest(secret_hash, bytes_of(row.hash))
            return Presented(token, is_right, identify(connection, token.hsa_id) if is_right else ())

        return await self._read(found)

    async def revoke(self, token_id: str, now: datetime) -> bool:
        """Revoke a token at once and for ever; ``False`` where there is none, or it was revoked before."""

        def revoked(connection: Connection) -> bool:
            _check_version(connection)
            return connection.execute(_REVOKE, {"token": token_id, "at": moment(now)}).rowcount == 1

        return await self._write(revoked)

    def used(self, token: Token, now: datetime) -> None:
        """Write down that a token was used, at most once a minute; nothing waits or fails for it."""
        before = now - BETWEEN_USES
        with self._mutex:
            last = self._uses.get(token.id, token.last_used)
            if last is not None and before <= last:
                return
            if len(self._uses) >= _MOST_REMEMBERED:
                self._uses.clear()
            self._uses[token.id] = now
        values = {"token": str(token.id), "at": moment(now), "before": moment(before)}

        def written(connection: Connection) -> None:
            _check_version(connection)
            connection.execute(_USED, values)

        self._later(written)


def _check_version(connection: Connection) -> None:
    """Stop a program that a newer one has left behind, as every write does."""
    found = connection.exec_driver_sql(_VERSION).scalar()
    if found != SCHEMA_VERSION:
        raise StorageError(
            Refusal("storage_newer", "storage", {"found": str(found), "known": SCHEMA_VERSION})
        )


def bytes_of(value: object) -> bytes:
    """Give stored bytes; what is none is no hash of anything."""
    return value if isinstance(value, bytes) else b""


def _token_of(row: Any) -> Token | None:
    """Make a token of its row; a wrong moment never opens anything, and a wrong id is no token."""
    try:
        token_id, hsa_id = Id(raw_text(row.id)), HsaId(raw_text(row.hsa_id))
    except WrongValueError:
        return None
    past = datetime.min.replace(tzinfo=UTC)
    return Token(
        id=token_id,
        hsa_id=hsa_id,
        name=text_of(row.name),
        created=_moment(row.created_at) or past,
        expires=_moment(row.expires_at) or past,
        revoked=None if row.revoked_at is None else _moment(row.revoked_at) or past,
        last_used=_moment(row.last_used_at),
    )


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if found is None or found.tzinfo is None else found

"""Bearer tokens of a database: made, listed, revoked."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from core.ports import Membership, StorageError
from core.refusal import Refusal
from storage.open import is_server, open_storage
from tui.clock import system_clock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from datetime import datetime

    from core.identity import HsaId
    from core.tokens import Token
    from storage.sql.storage import SqlStorage


@asynccontextmanager
async def open_database(storage: str) -> AsyncGenerator[SqlStorage]:
    """Open the database that a storage names; a server is none.

    Raises:
        StorageError: it cannot be opened, or is a server: who may open the database may make tokens.
    """
    from storage.sql.storage import SqlStorage  # brings SQLAlchemy, which a start does not wait for

    elsewhere = StorageError(Refusal("tokens_elsewhere", "storage"))
    if is_server(storage):
        raise elsewhere
    opened = await open_storage(storage)
    try:
        if not isinstance(opened, SqlStorage):
            raise elsewhere
        yield opened
    finally:
        await opened.close()


async def make_token(
    storage: str, *, hsa_id: HsaId, name: str, expires: datetime
) -> tuple[Token, str, tuple[Membership, ...]] | None:
    """Make a token for an HSA-id: what is kept, the text to show once, and the accounts it opens.

    ``None`` where the HSA-id has no account.

    Raises:
        StorageError: the database cannot be opened or written.
    """
    from core.identity import Id
    from core.tokens import Token as Kind
    from storage.http.signin.tokens import new_secret  # only this makes one

    async with open_database(storage) as opened:
        memberships = await opened.identify(hsa_id)
        if not memberships:
            return None
        token_id, text, kept = new_secret()
        token = Kind(id=Id(token_id), hsa_id=hsa_id, name=name, created=system_clock(), expires=expires)
        await opened.tokens().create(token, kept)
        return token, text, memberships


async def list_tokens(storage: str, hsa_id: HsaId | None) -> tuple[Token, ...]:
    """Give the tokens of everybody, or of an HSA-id.

    Raises:
        StorageError: the database cannot be opened.
    """
    async with open_database(storage) as opened:
        return await opened.tokens().all(hsa_id)


async def revoke_token(storage: str, token_id: str) -> bool:
    """Revoke a token; ``False`` where there is none of this id that was not revoked before.

    Raises:
        StorageError: the database cannot be opened or written.
    """
    async with open_database(storage) as opened:
        return await opened.tokens().revoke(token_id, system_clock())

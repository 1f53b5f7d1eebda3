"""Write accounts as intervals too: what each was, from one write until another changed it.

They answer who was there on a day, and what everybody was called then, as the intervals of grants
answer who had what. One interval begins with the last event of a write that is about the account:
what it was between two events of the same write, nobody has ever seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, bindparam, insert, update

from core.directory import Account
from storage.sql import schema
from storage.sql.decided import Values, execute_many

_versions = schema.account_versions.c

_CLOSE: Final = (
    update(schema.account_versions)
    .where(
        _versions.organisation_id == bindparam("here"),
        _versions.id == bindparam("this"),
        _versions.until_number.is_(None),
    )
    .values(until_number=bindparam("number"))
)


def write_versions(
    connection: Connection,
    accounts: Mapping[str, tuple[Account, Values]],
    changed: Mapping[str, int],
    *,
    new: frozenset[str],
) -> None:
    """Begin an interval for each account with the event of a number, and end the one before.

    ``accounts`` are the accounts as they are from then on, by id, with the values of their columns;
    ``new`` are those that were not there before.
    """
    here = [(accounts[each][0].organisation_id, each, number) for each, number in changed.items()]
    ended = [{"here": at, "this": each, "number": number} for at, each, number in here if each not in new]
    execute_many(connection, _CLOSE, ended)
    begun = [
        {"organisation_id": at, "id": each, "from_number": number, **accounts[each][1]}
        for at, each, number in here
    ]
    execute_many(connection, insert(schema.account_versions), begun)

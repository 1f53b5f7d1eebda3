"""Write accounts as intervals too: what each was, from one write until another changed it.

They answer who was there on a day, and what everybody was called then, as the intervals of grants
answer who had what. One interval begins with the last event of a write that is about the account:
what it was between two events of the same write, nobody has ever seen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from core.directory import Account
from storage.sql import schema
from storage.sql.decided import Values, execute_many
from storage.sql.facts import in_parts
from storage.sql.values import raw_text

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
_NAMES: Final = (
    select(_versions.id, _versions.given_name, _versions.family_name)
    .where(_versions.organisation_id == bindparam("here"), _versions.id.in_(bindparam("ids", expanding=True)))
    .order_by(_versions.id, _versions.from_number)
)


def names_before(
    connection: Connection, organisation_id: str, account_ids: Collection[str]
) -> dict[str, list[str]]:
    """Give the names that accounts have had, up to the write that goes on, by id and oldest first."""
    names: dict[str, list[str]] = {}
    for part in in_parts(account_ids):
        for account_id, given_name, family_name in connection.execute(
            _NAMES, {"here": organisation_id, "ids": part}
        ):
            name = f"{raw_text(given_name)} {raw_text(family_name)}"
            names.setdefault(raw_text(account_id), []).append(name)
    return names


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

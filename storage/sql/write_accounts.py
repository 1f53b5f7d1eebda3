"""Write accounts as a decision leaves them, and keep the search index in step."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, func, insert, select, update

from core import history as h
from core.directory import Account
from core.finding import search_text
from core.identity import hsa_key
from core.text import sort_key
from storage.sql import schema
from storage.sql.decided import Decided, Values, execute_many
from storage.sql.facts import in_parts
from storage.sql.search import first_id
from storage.sql.search_index import feed, forget
from storage.sql.values import raw_text
from storage.sql.write_versions import names_before, write_versions

_accounts = schema.accounts.c

_AMENDED: Final = (
    "hsa_id", "given_name", "family_name", "email", "role", "active", "version", "changed_number",
    "hsa_key", "name_key", "email_key", "search_key",
)  # fmt: skip

_THIS = (_accounts.organisation_id == bindparam("here"), _accounts.id == bindparam("this"))
_SET_ACCOUNT: Final = update(schema.accounts).where(*_THIS)
_PARK_HSA_KEY: Final = update(schema.accounts).where(*_THIS).values(hsa_key=bindparam("parked"))
_COUNT_GRANTS: Final = (
    update(schema.accounts).where(*_THIS).values(grant_count=_accounts.grant_count + bindparam("step"))
)
_SEARCHED: Final = select(_accounts.id, _accounts.search_id, _accounts.search_key, _accounts.hsa_key).where(
    _accounts.organisation_id == bindparam("here"), _accounts.id.in_(bindparam("ids", expanding=True))
)
_LAST_SEARCH_ID: Final = select(func.max(_accounts.search_id)).where(
    _accounts.search_id >= bindparam("first"), _accounts.search_id < bindparam("end")
)


def keys_of(account: Account) -> Values:
    """Give what an account is found and sorted by, without the names that it had before."""
    return {
        "hsa_key": hsa_key(account.hsa_id),
        "name_key": sort_key(account.family_name, account.given_name),
        "email_key": sort_key(account.email),
        "search_key": search_text(account),
    }


def values_of(account: Account) -> Values:
    """Give the columns that say what an account is."""
    return {
        "hsa_id": account.hsa_id,
        "given_name": account.given_name,
        "family_name": account.family_name,
        "email": account.email,
        "role": account.role.value,
        "active": int(account.active),
        "version": account.version,
        **keys_of(account),
    }


def write_accounts(
    connection: Connection, decided: Decided, organisation_number: int, steps: dict[str, int]
) -> None:
    """Write the accounts as they are in the state; ``steps`` are changes of how many grants each has."""
    registered: dict[str, int] = {}
    changed: dict[str, int] = {}
    for record in decided.records:
        if isinstance(record.event, h.AccountRegistered):
            registered[record.event.account_id] = record.number
        if isinstance(record.event, h.AccountEvent):
            changed[record.event.account_id] = record.number
    written = {each: decided.state.accounts[each] for each in changed}
    values = {each: (account, values_of(account)) for each, account in written.items()}
    _amend(connection, decided, {each: changed[each] for each in changed if each not in registered})
    if registered:
        _register(connection, decided, organisation_number, registered, changed, steps)
    write_versions(connection, values, changed, new=frozenset(registered))
    counted = [
        {"here": decided.organisation_id, "this": account_id, "step": step}
        for account_id, step in steps.items()
        if step and account_id not in registered
    ]
    execute_many(connection, _COUNT_GRANTS, counted)


def _register(
    connection: Connection,
    decided: Decided,
    number: int,
    registered: dict[str, int],
    changed: dict[str, int],
    steps: dict[str, int],
) -> None:
    first = first_id(number)
    last = connection.execute(_LAST_SEARCH_ID, {"first": first, "end": first_id(number + 1)}).scalar()
    rows = [
        {
            "organisation_id": decided.organisation_id,
            "id": account_id,
            "registered_number": registered[account_id],
            "changed_number": changed[account_id],
            "grant_count": steps.get(account_id, 0),
            "search_id": search_id,
            **values_of(decided.state.accounts[account_id]),
        }
        for search_id, account_id in enumerate(registered, first if last is None else int(last) + 1)
    ]
    execute_many(connection, insert(schema.accounts), rows)
    feed(connection, [(row["search_id"], row["search_key"]) for row in rows])


def _amend(connection: Connection, decided: Decided, changed: dict[str, int]) -> None:
    rows = [
        {
            "here": decided.organisation_id,
            "this": each,
            "changed_number": number,
            **values_of(decided.state.accounts[each]),
        }
        for each, number in changed.items()
    ]
    if not rows:
        return
    before = {
        raw_text(row.id): row
        for part in in_parts(changed)
        for row in connection.execute(_SEARCHED, {"here": decided.organisation_id, "ids": part})
    }
    _add_former_names(
        connection, decided, rows, {each: raw_text(row.search_key) for each, row in before.items()}
    )
    # HSA-ids may change hands within one changeset; each is let go before anyone takes it.
    parked = [
        {"here": decided.organisation_id, "this": row["this"], "parked": f"\x01{row['this']}"}
        for row in rows
        if before[row["this"]].hsa_key != row["hsa_key"]
    ]
    if len(parked) > 1:
        execute_many(connection, _PARK_HSA_KEY, parked)
    execute_many(connection, _SET_ACCOUNT.values({name: bindparam(name) for name in _AMENDED}), rows)
    moved = [row for row in rows if before[row["this"]].search_key != row["search_key"]]
    found = [before[row["this"]] for row in moved]
    forget(connection, [(old.search_id, raw_text(old.search_key)) for old in found])
    feed(connection, [(old.search_id, row["search_key"]) for old, row in zip(found, moved, strict=True)])


PRESENT_LINES: Final = 3
"""Of a search key: the name, the HSA-id and the e-mail address; former names come after these."""


def _add_former_names(
    connection: Connection, decided: Decided, rows: list[Values], keys: dict[str, str]
) -> None:
    """Add former names to the search keys of those who have another name now, or had one before.

    ``keys`` are the search keys as they are stored, by id. Others are not read about: most changes are
    of a role or an address.
    """
    renamed = {
        row["this"]: row
        for row in rows
        for old in (keys[row["this"]].split("\n"),)
        if len(old) > PRESENT_LINES or old[0] != row["search_key"].split("\n", 1)[0]
    }
    if renamed:
        former = names_before(connection, decided.organisation_id, renamed)
        for account_id, row in renamed.items():
            row["search_key"] = search_text(decided.state.accounts[account_id], former.get(account_id, ()))

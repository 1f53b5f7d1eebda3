"""Accounts one by one: by their ids, by HSA-id, and how many share an address."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    func,
    literal_column,
    select,
)

from core.identity import hsa_key
from core.queries import COUNT_LIMIT, MOST_KEYS, AccountRow, AccountsByKey, EmailCounts, HsaIdHolders, Scope
from core.refusal import Refusal, WrongValueError
from core.text import sort_key
from storage.sql import schema
from storage.sql.account_list import SEPARATOR, open_grant, valid_then
from storage.sql.accounts import account_row
from storage.sql.catalogue import force_on
from storage.sql.facts import ACCOUNT_COLUMNS, in_parts
from storage.sql.reach import reach
from storage.sql.values import raw_text

_accounts = schema.accounts.c
_grants = schema.grants.c
_HERE: Final[BindParameter[str]] = bindparam("organisation")
_GRANTED: Final = (
    select(func.aggregate_strings(_grants.permission_id, SEPARATOR))
    .where(
        _grants.organisation_id == _accounts.organisation_id,
        _grants.account_id == _accounts.id,
        _grants.until_number.is_(None),
    )
    .scalar_subquery()
)
_VERSIONS: Final = schema.account_versions.c
_BY_ID_THEN: Final = (
    select(
        *(_VERSIONS[each.name] for each in ACCOUNT_COLUMNS),
        schema.organisations.c.name,
        select(func.aggregate_strings(_grants.permission_id, SEPARATOR))
        .where(
            _grants.organisation_id == _VERSIONS.organisation_id,
            _grants.account_id == _VERSIONS.id,
            open_grant(past=True),
        )
        .scalar_subquery(),
        _VERSIONS.name_key,
    )
    .select_from(
        schema.account_versions.join(
            schema.organisations, schema.organisations.c.id == _VERSIONS.organisation_id
        )
    )
    .where(
        _VERSIONS.organisation_id == _HERE,
        _VERSIONS.id.in_(bindparam("ids", expanding=True)),
        valid_then(schema.account_versions),
    )
)


def _rows_by(condition: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*ACCOUNT_COLUMNS, schema.organisations.c.name, _GRANTED, _accounts.name_key)
        .select_from(
            schema.accounts.join(schema.organisations, schema.organisations.c.id == _accounts.organisation_id)
        )
        .where(_accounts.organisation_id == _HERE, condition)
    )


_BY_ID: Final = _rows_by(_accounts.id.in_(bindparam("ids", expanding=True)))
_BY_HSA_KEY: Final = _rows_by(_accounts.hsa_key.in_(bindparam("keys", expanding=True))).add_columns(
    _accounts.hsa_key
)
_SHARED_EMAILS: Final = (
    select(_accounts.id, _accounts.email_key)
    .where(
        _accounts.organisation_id == _HERE,
        _accounts.active == literal_column("1"),
        _accounts.email_key.in_(bindparam("keys", expanding=True)),
    )
    .limit(bindparam("limit"))
)


def accounts_by_key(connection: Connection, query: AccountsByKey, scope: Scope) -> tuple[AccountRow, ...]:
    """Give the accounts that there are of those asked for, in Swedish order of name."""
    _check_many("account_ids", query.account_ids)
    seen = reach(scope, query.organisation_id)
    if seen is None:
        return ()
    ids = query.account_ids
    if seen.account_id is not None:
        ids &= {seen.account_id}
    return rows_by_id(connection, query.organisation_id, ids, query.day, query.as_of)


def rows_by_id(
    connection: Connection,
    organisation_id: str,
    ids: frozenset[str],
    day: date,
    as_of: date | None = None,
) -> tuple[AccountRow, ...]:
    """Give accounts of an organisation by id, in Swedish order of name, as they are or were on a day."""
    force = force_on(connection, day if as_of is None else as_of)
    statement = _BY_ID
    values: dict[str, Any] = {"organisation": organisation_id}
    if as_of is not None:
        # Deferred: the first people on the screen are those of today.
        from storage.sql.days import last_number

        statement = _BY_ID_THEN
        values["number"] = last_number(connection, organisation_id, as_of)
    found = [row for part in in_parts(ids) for row in connection.execute(statement, {**values, "ids": part})]
    found.sort(key=lambda row: (raw_text(row[-1]), raw_text(row[1])))
    return tuple(account_row(row, force) for row in found)


def hsa_id_holders(connection: Connection, query: HsaIdHolders, scope: Scope) -> dict[str, AccountRow]:
    """Give the accounts that have HSA-ids in an organisation, active or not, by the id asked about."""
    _check_many("hsa_ids", query.hsa_ids)
    seen = reach(scope, query.organisation_id)
    if seen is None:
        return {}
    keys = {hsa_id: hsa_key(hsa_id) for hsa_id in query.hsa_ids}
    found = {
        raw_text(row[-1]): row
        for part in in_parts(set(keys.values()))
        for row in connection.execute(_BY_HSA_KEY, {"organisation": query.organisation_id, "keys": part})
        if seen.account_id in (None, row[1])
    }
    force = force_on(connection, query.day)
    return {hsa_id: account_row(found[key], force) for hsa_id, key in keys.items() if key in found}


def email_counts(connection: Connection, query: EmailCounts, scope: Scope) -> dict[str, int]:
    """Count active accounts that share addresses, each no further than :data:`core.queries.COUNT_LIMIT`."""
    _check_many("emails", query.emails)
    seen = reach(scope, query.organisation_id)
    if seen is None:
        return {}
    keys = {email: sort_key(email) for email in query.emails}
    found: Counter[str] = Counter()
    for part in in_parts(set(keys.values())):
        values = {"organisation": query.organisation_id, "keys": part, "limit": COUNT_LIMIT}
        rows = connection.execute(_SHARED_EMAILS, values).all()
        if len(rows) == COUNT_LIMIT:
            # There may be more, of whichever address: then each has its own limit.
            rows = [
                row for key in part for row in connection.execute(_SHARED_EMAILS, {**values, "keys": [key]})
            ]
        found.update(raw_text(row[1]) for row in rows if seen.account_id in (None, row[0]))
    return {email: found[key] for email, key in keys.items() if key in found}


def _check_many(name: str, keys: frozenset[str]) -> None:
    if len(keys) > MOST_KEYS:
        raise WrongValueError(Refusal("too_many_keys", name, {"most": MOST_KEYS}))


def shared_email(connection: Connection, organisation_id: str, email: str) -> frozenset[str]:
    """Give the ids of the active accounts of an organisation with an address, without case."""
    values = {"organisation": organisation_id, "keys": [sort_key(email)], "limit": COUNT_LIMIT}
    return frozenset(raw_text(row[0]) for row in connection.execute(_SHARED_EMAILS, values))

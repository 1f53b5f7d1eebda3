"""Find the accounts that somebody has who signs in."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, literal_column, select

from core.identity import hsa_key
from core.ports import Membership
from storage.sql import schema
from storage.sql.facts import ACCOUNT_COLUMNS, ORGANISATION_COLUMNS
from storage.sql.values import account_of, organisation_of

_accounts = schema.accounts.c
_organisations = schema.organisations.c

_ACTIVE_WITH_HSA_ID: Final = (
    select(*ACCOUNT_COLUMNS, *ORGANISATION_COLUMNS)
    .select_from(schema.accounts.join(schema.organisations, _organisations.id == _accounts.organisation_id))
    .where(_accounts.active == literal_column("1"), _accounts.hsa_key == bindparam("key"))
    .order_by(_organisations.sort_key, _accounts.id)
)


def identify(connection: Connection, hsa_id: str) -> tuple[Membership, ...]:
    """Give the active accounts that an HSA-id has, by the organisation's name in Swedish order."""
    count = len(ACCOUNT_COLUMNS)
    return tuple(
        Membership(account=account_of(row[:count]), organisation=organisation_of(row[count:]))
        for row in connection.execute(_ACTIVE_WITH_HSA_ID, {"key": hsa_key(hsa_id)})
    )

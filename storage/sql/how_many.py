"""Count what a change of the catalogue or the end of an agreement touches, no further than a limit."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Integer, Select, bindparam, func, select

from core.queries import COUNT_LIMIT, HowMany, Reached, Scope
from storage.sql import schema
from storage.sql.account_list import ONE
from storage.sql.in_turn import InTurn
from storage.sql.reach import reach

_agreements = schema.agreements.c
_grants = schema.grants.c
_organisations = schema.organisations.c
_permissions = schema.permissions.c

_LIMIT: Final = bindparam("limit", type_=Integer)
_HERE: Final = _organisations.id == bindparam("organisation")
# By way of the organisations, because the indexes of what is open begin with the organisation.
_AGREED: Final = (
    select(ONE.label("one"))
    .select_from(
        InTurn(schema.organisations, schema.agreements, _agreements.organisation_id == _organisations.id)
    )
    .where(_agreements.e_service_id == bindparam("e_service"), _agreements.until_number.is_(None))
)
_HELD: Final = (
    select(_grants.organisation_id, _grants.account_id)
    .select_from(InTurn(schema.organisations, schema.grants, _grants.organisation_id == _organisations.id))
    .where(
        _grants.permission_id.in_(bindparam("permissions", expanding=True)), _grants.until_number.is_(None)
    )
)
_HOLDERS: Final = _HELD.distinct()
_PERMISSIONS: Final = select(_permissions.id).where(_permissions.e_service_id == bindparam("e_service"))


def how_many(connection: Connection, query: HowMany, scope: Scope) -> Reached:
    """Count organisations, accounts and grants within a scope."""
    seen = reach(scope, query.organisation_id)
    if seen is None or seen.account_id is not None:
        return Reached(organisations=0, accounts=0, grants=0)
    own = [row[0] for row in connection.execute(_PERMISSIONS, {"e_service": query.e_service_id})]
    wanted = [each for each in own if query.permission_id in (None, each)]
    values = {
        "organisation": seen.organisation_id,
        "e_service": query.e_service_id,
        "permissions": wanted,
        "limit": COUNT_LIMIT + 1,
    }

    def counted(rows: Select[Any]) -> int:
        if rows is not _AGREED and not wanted:
            return 0
        if seen.organisation_id is not None:
            rows = rows.where(_HERE)
        statement = select(func.count()).select_from(rows.limit(_LIMIT).subquery())
        return int(connection.execute(statement, values).scalar_one())

    counts = [counted(_AGREED), counted(_HOLDERS), counted(_HELD)]
    organisations, accounts, grants = (min(each, COUNT_LIMIT) for each in counts)
    return Reached(
        organisations=organisations,
        accounts=accounts,
        grants=grants,
        more=any(each > COUNT_LIMIT for each in counts),
    )

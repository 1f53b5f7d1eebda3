"""Keep ``accounts.grant_count`` the number of grants in force, so that it can be sorted by with an index.

A grant loses its force on the day on which its permission is retired, and nothing is written on that
day (DOMAIN 3.5). So the first write from that day on takes the permission out of all counts, and
until then, as for any other day that is asked about, the difference is counted for each account.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import Connection, bindparam, or_, select, tuple_, update

from storage.sql import schema
from storage.sql.database import PassingError
from storage.sql.in_turn import InTurn
from storage.sql.values import retirement_day

_permissions = schema.permissions.c
_accounts = schema.accounts.c
_grants = schema.grants.c

_COUNTED: Final = select(_permissions.id, _permissions.counted, _permissions.retired_on).where(
    or_(_permissions.counted == 0, _permissions.retired_on.is_not(None))
)
_MARK: Final = update(schema.permissions).where(_permissions.id == bindparam("permission")).values(counted=0)
# By way of the organisations, because the index of open grants begins with the organisation.
_TAKE_OUT: Final = (
    update(schema.accounts)
    .where(
        tuple_(_accounts.organisation_id, _accounts.id).in_(
            select(_grants.organisation_id, _grants.account_id)
            .select_from(
                InTurn(
                    schema.organisations, schema.grants, _grants.organisation_id == schema.organisations.c.id
                )
            )
            .where(_grants.permission_id == bindparam("permission"), _grants.until_number.is_(None))
        )
    )
    .values(grant_count=_accounts.grant_count - 1)
)


def is_due(connection: Connection, day: date) -> bool:
    """Say whether a permission is retired on a day and still counted."""
    return any(
        counted and _is_retired(retired_on, day)
        for _, counted, retired_on in connection.execute(_COUNTED).all()
    )


def stop_counting_retired(connection: Connection, day: date, *, alone: bool) -> frozenset[str]:
    """Take permissions that are retired on a day out of the counts, and give all that are not counted.

    Raises:
        PassingError: there are some, and others write meanwhile: their grants could not be seen here.
    """
    uncounted: set[str] = set()
    for permission_id, counted, retired_on in connection.execute(_COUNTED).all():
        if counted:
            if not _is_retired(retired_on, day):
                continue
            if not alone:
                raise PassingError
            connection.execute(_TAKE_OUT, {"permission": permission_id})
            connection.execute(_MARK, {"permission": permission_id})
        uncounted.add(permission_id)
    return frozenset(uncounted)


def _is_retired(retired_on: object, day: date) -> bool:
    retired = retirement_day(retired_on)
    return retired is not None and retired <= day

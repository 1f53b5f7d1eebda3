"""Answer questions about organisations."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, func, literal_column, select, text

from core.directory import Role
from core.queries import COUNT_LIMIT, OrganisationById, OrganisationDetail, Scope, whom_to_ask
from storage.sql import schema
from storage.sql.facts import ACCOUNT_COLUMNS, ORGANISATION_COLUMNS
from storage.sql.reach import reach
from storage.sql.values import account_of, organisation_of, text_of

_accounts = schema.accounts.c
_agreements = schema.agreements.c

_ORGANISATION: Final = select(*ORGANISATION_COLUMNS).where(
    schema.organisations.c.id == bindparam("organisation")
)
_AGREEMENTS: Final = select(_agreements.e_service_id).where(
    _agreements.organisation_id == bindparam("organisation"), _agreements.until_number.is_(None)
)
_ADMINISTRATORS: Final = (
    select(*ACCOUNT_COLUMNS)
    .where(
        _accounts.organisation_id == bindparam("organisation"),
        _accounts.role == Role.ADMINISTRATOR.value,
        _accounts.active == 1,
        # Said as the small index of those who are not users says it, so that it is used.
        text("role <> 'user'"),
    )
    .order_by(_accounts.name_key, _accounts.id)
)
_COUNT: Final = select(func.count()).select_from(
    select(literal_column("1").label("one"))
    .select_from(schema.accounts)
    .where(_accounts.organisation_id == bindparam("organisation"), _accounts.active == literal_column("1"))
    .limit(COUNT_LIMIT + 1)
    .subquery()
)


def agreements_of(connection: Connection, organisation_id: str) -> frozenset[str]:
    """Give the ids of the e-services that an organisation has agreements for."""
    return frozenset(
        text_of(row[0]) for row in connection.execute(_AGREEMENTS, {"organisation": organisation_id})
    )


def organisation_by_id(
    connection: Connection, query: OrganisationById, scope: Scope
) -> OrganisationDetail | None:
    """Give one organisation; a user sees its administrators as well, to know whom to ask (DOMAIN 1.6).

    Of them a user is told name and address, and nothing of how many others there are.
    """
    seen = reach(scope, query.organisation_id)
    if seen is None:
        return None
    here = {"organisation": query.organisation_id}
    row = connection.execute(_ORGANISATION, here).first()
    if row is None:
        return None
    administrators = tuple(account_of(each) for each in connection.execute(_ADMINISTRATORS, here))
    if seen.account_id is not None:
        count, administrators = 1, tuple(map(whom_to_ask, administrators))
    else:
        count = int(connection.execute(_COUNT, here).scalar_one())
    return OrganisationDetail(
        organisation=organisation_of(row),
        agreements=agreements_of(connection, query.organisation_id),
        administrators=administrators,
        active_accounts=min(count, COUNT_LIMIT),
        more_accounts=count > COUNT_LIMIT,
    )

"""The indexes of the tables, as the migrations make them (a test holds both equal).

They stand apart from :mod:`storage.sql.schema`, for no statement names one: only migrations and tests look
at them. To be told of an index over some of the rows, SQLAlchemy loads the whole dialect of PostgreSQL, which
a start on a file would wait for.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Index, Table, text

from storage.sql import schema


def _index(table: Table, name: str, *columns: str, unique: bool = False, where: str | None = None) -> None:
    """Index a table by columns; ``where`` says in SQL which of its rows."""
    index = Index(name, *(table.c[each] for each in columns), unique=unique)
    if where is not None:
        index.dialect_kwargs.update(sqlite_where=text(where), postgresql_where=text(where))


_index(schema.organisations, "ix_organisations_sort_key", "sort_key")

_index(schema.accounts, "ux_accounts_hsa_key", "organisation_id", "hsa_key", unique=True)
# One for each order in which accounts are listed, within an organisation and over the country.
_ORDERS: Final = {"name": "name_key", "hsa_id": "hsa_key", "email": "email_key", "grants": "grant_count"}
for _name, _key in _ORDERS.items():
    _index(schema.accounts, f"ix_accounts_by_{_name}", "organisation_id", "active", _key, "id")
    _index(schema.accounts, f"ix_accounts_all_by_{_name}", "active", _key, "id", "organisation_id")
# Administrators and support are few; they are found without passing all the others.
_index(schema.accounts, "ix_accounts_staff", "organisation_id", "role", "active", where="role <> 'user'")

# In each order, with what tells whether a row is of the day that is asked about.
for _name in ("name", "hsa_id", "email"):
    _index(
        schema.account_versions,
        f"ix_account_versions_by_{_name}",
        *("organisation_id", "active", _ORDERS[_name], "id", "from_number", "until_number"),
    )
# Those of the first days are few among all that came later; with what it takes to count them.
_index(
    schema.account_versions,
    "ix_account_versions_began",
    *("organisation_id", "from_number", "until_number", "active"),
)

_index(
    schema.grants,
    "ux_grants_open",
    *("organisation_id", "permission_id", "account_id"),
    unique=True,
    where="until_number IS NULL",
)
_index(
    schema.agreements,
    "ux_agreements_open",
    *("organisation_id", "e_service_id"),
    unique=True,
    where="until_number IS NULL",
)

_index(schema.changesets, "ux_changesets_id", "organisation_id", "id", unique=True)
_index(
    schema.changesets,
    "ix_changesets_actor",
    *("organisation_id", "actor_organisation_id", "actor_id", "number"),
)
_index(schema.changesets, "ix_changesets_at", "organisation_id", "at", "number")

_index(schema.events, "ix_events_account", "organisation_id", "account_id", "changeset_number")
_index(schema.events, "ix_events_kind", "organisation_id", "kind", "changeset_number")
_index(
    schema.events,
    "ix_events_permission",
    *("organisation_id", "permission_id", "changeset_number"),
    where="permission_id IS NOT NULL",
)

_index(schema.card_views, "ix_card_views_account", "organisation_id", "account_id", "number")

_index(schema.announcements, "ux_announcements_number", "organisation_id", "number", unique=True)
_index(
    schema.announcements, "ix_announcements_windows", "organisation_id", "ends", where="begins IS NOT NULL"
)

_index(schema.tokens, "ix_tokens_hsa_key", "hsa_key", "created_at", "id")

metadata = schema.metadata
"""The tables with their indexes."""

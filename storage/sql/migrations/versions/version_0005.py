"""The history by kind, permission and day, and what accounts were on a day.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from core.history import AccountEvent, AccountRegistered, State
from storage.sql.columns import NUMBER, TEXT
from storage.sql.values import event_of
from storage.sql.write_accounts import values_of

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TEXTS = ("hsa_id", "given_name", "family_name", "email", "role")
_KEYS = ("hsa_key", "name_key", "email_key", "search_key")
AT_ONCE = 1_000
"""Rows that are written at a time."""


def upgrade() -> None:
    """Make the indexes of the history's filters, and the intervals of accounts from the chains."""
    op.create_index("ix_changesets_at", "changesets", ["organisation_id", "at", "number"])
    op.create_index("ix_events_kind", "events", ["organisation_id", "kind", "changeset_number"])
    op.create_index(
        "ix_events_permission",
        "events",
        ["organisation_id", "permission_id", "changeset_number"],
        sqlite_where=sa.text("permission_id IS NOT NULL"),
        postgresql_where=sa.text("permission_id IS NOT NULL"),
    )
    versions = op.create_table(
        "account_versions",
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("from_number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("until_number", NUMBER),
        *(sa.Column(name, TEXT, nullable=False) for name in _TEXTS),
        sa.Column("active", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in _KEYS),
        sa.PrimaryKeyConstraint("organisation_id", "id", "from_number", name="pk_account_versions"),
        sa.CheckConstraint("until_number > from_number", name=op.f("ck_account_versions_order")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "id"],
            ["accounts.organisation_id", "accounts.id"],
            name="fk_account_versions_organisation_id_id",
        ),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    for (organisation_id,) in connection.execute(sa.text("SELECT id FROM organisations")).all():
        batch: list[dict[str, Any]] = []
        for row in _intervals(connection, organisation_id):
            batch.append(row)
            if len(batch) == AT_ONCE:
                connection.execute(sa.insert(versions), batch)
                batch = []
        if batch:
            connection.execute(sa.insert(versions), batch)
    for name, key in (("name", "name_key"), ("hsa_id", "hsa_key"), ("email", "email_key")):
        columns = ["organisation_id", "active", key, "id", "from_number", "until_number"]
        op.create_index(f"ix_account_versions_by_{name}", "account_versions", columns)
    began = ["organisation_id", "from_number", "until_number", "active"]
    op.create_index("ix_account_versions_began", "account_versions", began)


def _intervals(connection: sa.Connection, organisation_id: str) -> Iterator[dict[str, Any]]:
    """Replay an organisation's chain, and give a row for each write that changed an account.

    What cannot be read, or is about an account that the tables do not have, is passed over: a damaged
    file is opened as it was before.
    """
    known = connection.execute(
        sa.text("SELECT id FROM accounts WHERE organisation_id = :here"), {"here": organisation_id}
    )
    there = {row[0] for row in known}
    state = State(organisation_id)
    is_open: dict[str, dict[str, Any]] = {}
    touched: dict[str, int] = {}
    changeset: Any = None
    chain = connection.execute(
        sa.text(
            "SELECT number, changeset_number, data FROM events WHERE organisation_id = :here ORDER BY number"
        ),
        {"here": organisation_id},
    )
    for number, changeset_number, data in chain:
        if changeset_number != changeset:
            yield from _closed(state, touched, is_open)
            changeset = changeset_number
        event = event_of(data)
        if not isinstance(event, AccountEvent) or event.account_id not in there:
            continue
        if isinstance(event, AccountRegistered) or event.account_id in state.accounts:
            state.apply(event)
            touched[event.account_id] = number
    yield from _closed(state, touched, is_open)
    yield from is_open.values()


def _closed(
    state: State, touched: dict[str, int], is_open: dict[str, dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Begin an interval for each account that a write touched, and give those that ended so."""
    for account_id, number in touched.items():
        before = is_open.pop(account_id, None)
        if before is not None:
            yield {**before, "until_number": number}
        values = values_of(state.accounts[account_id])
        is_open[account_id] = {
            "organisation_id": state.organisation_id,
            "id": account_id,
            "from_number": number,
            "until_number": None,
            # Only what this version has: the program may know of more by now.
            **{name: values[name] for name in (*_TEXTS, "active", "version", *_KEYS)},
        }
    touched.clear()


def downgrade() -> None:
    """Take them away; the chains have it all."""
    op.drop_table("account_versions")
    op.drop_index("ix_events_permission", "events")
    op.drop_index("ix_events_kind", "events")
    op.drop_index("ix_changesets_at", "changesets")

"""The first schema: everything.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import NUMBER, TEXT
from storage.sql.search_index import make_index

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "meta",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("is_demo", sa.Integer, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_meta"),
        sa.CheckConstraint("id = 1", name=op.f("ck_meta_one_row")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("organisation_number", TEXT, nullable=False),
        sa.Column("sort_key", TEXT, nullable=False),
        sa.Column("head_number", NUMBER, nullable=False),
        sa.Column("head_hash", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
        sa.UniqueConstraint("number", name="uq_organisations_number"),
    )
    op.create_index("ix_organisations_sort_key", "organisations", ["sort_key"])
    _catalogue()
    _accounts()
    _history()
    _intervals()
    make_index(op.get_bind())


def _catalogue() -> None:
    op.create_table(
        "e_services",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_e_services"),
        sa.UniqueConstraint("position", name="uq_e_services_position"),
    )
    op.create_table(
        "permissions",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("e_service_id", TEXT, nullable=False),
        sa.Column("short_name", TEXT, nullable=False),
        sa.Column("launched_on", TEXT, nullable=False),
        sa.Column("retired_on", TEXT),
        sa.Column("target_group", TEXT, nullable=False),
        sa.Column("payment", TEXT, nullable=False),
        sa.Column("counted", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_permissions"),
        sa.UniqueConstraint("position", name="uq_permissions_position"),
        sa.ForeignKeyConstraint(["e_service_id"], ["e_services.id"], name="fk_permissions_e_service_id"),
    )
    op.create_table(
        "permission_names",
        sa.Column("permission_id", TEXT, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("from_day", TEXT),
        sa.PrimaryKeyConstraint("permission_id", "position", name="pk_permission_names"),
        sa.ForeignKeyConstraint(
            ["permission_id"], ["permissions.id"], name="fk_permission_names_permission_id"
        ),
    )


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("hsa_id", TEXT, nullable=False),
        sa.Column("given_name", TEXT, nullable=False),
        sa.Column("family_name", TEXT, nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("active", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("registered_number", NUMBER, nullable=False),
        sa.Column("changed_number", NUMBER, nullable=False),
        sa.Column("grant_count", sa.Integer, nullable=False),
        sa.Column("hsa_key", TEXT, nullable=False),
        sa.Column("name_key", TEXT, nullable=False),
        sa.Column("email_key", TEXT, nullable=False),
        sa.Column("search_key", TEXT, nullable=False),
        sa.Column("search_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "id", name="pk_accounts"),
        sa.UniqueConstraint("search_id", name="uq_accounts_search_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_accounts_organisation_id"
        ),
    )
    op.create_index("ux_accounts_hsa_key", "accounts", ["organisation_id", "hsa_key"], unique=True)
    for name, key in (
        ("name", "name_key"),
        ("hsa_id", "hsa_key"),
        ("email", "email_key"),
        ("grants", "grant_count"),
    ):
        op.create_index(f"ix_accounts_by_{name}", "accounts", ["organisation_id", "active", key, "id"])
        op.create_index(f"ix_accounts_all_by_{name}", "accounts", ["active", key, "id", "organisation_id"])
    staff = sa.text("role <> 'user'")
    op.create_index(
        "ix_accounts_staff",
        "accounts",
        ["organisation_id", "role", "active"],
        sqlite_where=staff,
        postgresql_where=staff,
    )


def _history() -> None:
    op.create_table(
        "changesets",
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("last_number", NUMBER, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("content_hash", sa.LargeBinary, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.Column("actor_organisation_id", TEXT, nullable=False),
        sa.Column("actor_id", TEXT, nullable=False),
        sa.Column("actor_name", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("undoes", TEXT),
        sa.Column("undone_by", TEXT),
        sa.PrimaryKeyConstraint("organisation_id", "number", name="pk_changesets"),
        sa.CheckConstraint("last_number >= number", name=op.f("ck_changesets_order")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_changesets_organisation_id"
        ),
    )
    op.create_index("ux_changesets_id", "changesets", ["organisation_id", "id"], unique=True)
    op.create_index(
        "ix_changesets_actor",
        "changesets",
        ["organisation_id", "actor_organisation_id", "actor_id", "number"],
    )
    op.create_table(
        "events",
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("changeset_number", NUMBER, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("account_id", TEXT),
        sa.Column("permission_id", TEXT),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "number", name="pk_events"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "changeset_number"],
            ["changesets.organisation_id", "changesets.number"],
            name="fk_events_organisation_id_changeset_number",
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_events_account", "events", ["organisation_id", "account_id", "changeset_number"])


def _intervals() -> None:
    is_open = sa.text("until_number IS NULL")
    op.create_table(
        "grants",
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("account_id", TEXT, nullable=False),
        sa.Column("permission_id", TEXT, nullable=False),
        sa.Column("from_number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("from_at", TEXT, nullable=False),
        sa.Column("until_number", NUMBER),
        sa.Column("until_at", TEXT),
        sa.PrimaryKeyConstraint(
            "organisation_id", "account_id", "permission_id", "from_number", name="pk_grants"
        ),
        sa.CheckConstraint("until_number > from_number", name=op.f("ck_grants_order")),
        sa.CheckConstraint("until_at >= from_at", name=op.f("ck_grants_time")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "account_id"],
            ["accounts.organisation_id", "accounts.id"],
            name="fk_grants_organisation_id_account_id",
        ),
        sa.ForeignKeyConstraint(["permission_id"], ["permissions.id"], name="fk_grants_permission_id"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ux_grants_open",
        "grants",
        ["organisation_id", "permission_id", "account_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        "agreements",
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("e_service_id", TEXT, nullable=False),
        sa.Column("from_number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("from_at", TEXT, nullable=False),
        sa.Column("until_number", NUMBER),
        sa.Column("until_at", TEXT),
        sa.PrimaryKeyConstraint("organisation_id", "e_service_id", "from_number", name="pk_agreements"),
        sa.CheckConstraint("until_number > from_number", name=op.f("ck_agreements_order")),
        sa.CheckConstraint("until_at >= from_at", name=op.f("ck_agreements_time")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_agreements_organisation_id"
        ),
        sa.ForeignKeyConstraint(["e_service_id"], ["e_services.id"], name="fk_agreements_e_service_id"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ux_agreements_open",
        "agreements",
        ["organisation_id", "e_service_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    """Take every table away."""
    op.drop_table("account_search")
    for name in (
        "agreements",
        "grants",
        "events",
        "changesets",
        "accounts",
        "permission_names",
        "permissions",
        "e_services",
        "organisations",
        "meta",
    ):
        op.drop_table(name)

"""The access log: when support looked at the card of whom.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import NUMBER, TEXT

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make its table."""
    op.create_table(
        "card_views",
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("account_id", TEXT, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.Column("actor_organisation_id", TEXT, nullable=False),
        sa.Column("actor_id", TEXT, nullable=False),
        sa.Column("actor_name", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "number", name="pk_card_views"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_card_views_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "account_id"],
            ["accounts.organisation_id", "accounts.id"],
            name="fk_card_views_organisation_id_account_id",
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_card_views_account", "card_views", ["organisation_id", "account_id", "number"])


def downgrade() -> None:
    """Take it away, and with it what was noted."""
    op.drop_table("card_views")

"""How each person wants the program to look.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import TEXT

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "preferences",
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("account_id", TEXT, nullable=False),
        sa.Column("profile", TEXT, nullable=False),
        sa.Column("switches", TEXT, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "account_id", name="pk_preferences"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "account_id"],
            ["accounts.organisation_id", "accounts.id"],
            name="fk_preferences_organisation_id_account_id",
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take it away: an older program looks the same to all, and asks again when it is a newer one."""
    op.drop_table("preferences")

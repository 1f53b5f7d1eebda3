"""Bearer tokens, of which only a hash is kept.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import TEXT

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "tokens",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("hsa_id", TEXT, nullable=False),
        sa.Column("hsa_key", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.Column("expires_at", TEXT, nullable=False),
        sa.Column("revoked_at", TEXT),
        sa.Column("last_used_at", TEXT),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_tokens_hsa_key", "tokens", ["hsa_key", "created_at", "id"])


def downgrade() -> None:
    """Take it away: an older program lets nobody in over the network."""
    op.drop_table("tokens")

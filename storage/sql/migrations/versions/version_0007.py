"""Bearer tokens, of which only a hash is kept.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "tokens",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("hsa_id", sa.Text, nullable=False),
        sa.Column("hsa_key", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Text, nullable=False),
        sa.Column("revoked_at", sa.Text),
        sa.Column("last_used_at", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_tokens_hsa_key", "tokens", ["hsa_key", "created_at", "id"])


def downgrade() -> None:
    """Take it away: an older program lets nobody in over the network."""
    op.drop_table("tokens")

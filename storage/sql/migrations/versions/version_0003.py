"""The history by kind, by permission and by day: indexes for its filters.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes."""
    op.create_index("ix_changesets_at", "changesets", ["organisation_id", "at", "number"])
    op.create_index("ix_events_kind", "events", ["organisation_id", "kind", "changeset_number"])
    op.create_index(
        "ix_events_permission",
        "events",
        ["organisation_id", "permission_id", "changeset_number"],
        sqlite_where=sa.text("permission_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_events_permission", "events")
    op.drop_index("ix_events_kind", "events")
    op.drop_index("ix_changesets_at", "changesets")

"""The kontaktcenter's contact: each part from a day on.

Revision ID: 0004
Revises: 0003
"""

import json

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import TEXT

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make its table."""
    op.create_table(
        "contact_parts",
        sa.Column("part", TEXT, nullable=False),
        sa.Column("from_day", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("part", "from_day", name="pk_contact_parts"),
    )
    # What an older program could not keep stands in the history: the table is what replaying gives.
    events = op.get_bind().exec_driver_sql(
        "SELECT data FROM events WHERE organisation_id = 'migrationsverket' AND kind = 'contact_set'"
        " ORDER BY number"
    )
    for (data,) in events.fetchall():
        event = json.loads(data)["event"]
        op.get_bind().execute(
            sa.text(
                "INSERT INTO contact_parts (part, from_day, value) VALUES (:part, :from_day, :value)"
                " ON CONFLICT (part, from_day) DO UPDATE SET value = excluded.value"
            ),
            {name: event[name] for name in ("part", "from_day", "value")},
        )


def downgrade() -> None:
    """Take it away; what was entered stands in the history."""
    op.drop_table("contact_parts")

"""What is current: announcements, who has read them, and whose part is done.

Revision ID: 0003
Revises: 0002
"""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from core.text import search_key
from storage.sql.columns import TEXT

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "announcements",
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("published_at", TEXT, nullable=False),
        sa.Column("e_service_id", TEXT, nullable=False),
        sa.Column("permission_ids", TEXT, nullable=False),
        sa.Column("effective_on", TEXT),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("begins", TEXT),
        sa.Column("ends", TEXT),
        sa.Column("corrected_on", TEXT),
        sa.Column("withdrawn_on", TEXT),
        sa.PrimaryKeyConstraint("organisation_id", "id", name="pk_announcements"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_announcements_organisation_id"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ux_announcements_number", "announcements", ["organisation_id", "number"], unique=True)
    op.create_index(
        "ix_announcements_windows",
        "announcements",
        ["organisation_id", "ends"],
        sqlite_where=sa.text("begins IS NOT NULL"),
        postgresql_where=sa.text("begins IS NOT NULL"),
    )
    op.create_table(
        "announcement_texts",
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("announcement_id", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("search_key", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "announcement_id", name="pk_announcement_texts"),
        _of_announcement("announcement_texts"),
    )
    op.create_table(
        "announcement_corrections",
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("announcement_id", TEXT, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("on_day", TEXT, nullable=False),
        sa.Column("what", TEXT, nullable=False),
        sa.PrimaryKeyConstraint(
            "organisation_id", "announcement_id", "position", name="pk_announcement_corrections"
        ),
        _of_announcement("announcement_corrections"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "announcement_reads",
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("account_id", TEXT, nullable=False),
        sa.Column("announcement_id", TEXT, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.PrimaryKeyConstraint(
            "organisation_id", "account_id", "announcement_id", name="pk_announcement_reads"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "account_id"],
            ["accounts.organisation_id", "accounts.id"],
            name="fk_announcement_reads_organisation_id_account_id",
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "announcement_handled",
        sa.Column("organisation_id", TEXT, nullable=False),
        sa.Column("announcement_id", TEXT, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.Column("actor_id", TEXT, nullable=False),
        sa.Column("actor_name", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "announcement_id", name="pk_announcement_handled"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_announcement_handled_organisation_id"
        ),
        sqlite_with_rowid=False,
    )
    _fill()


def _fill() -> None:
    """Make the rows anew from the history, for a file that was at this version before.

    Said in full here, because what the program does at a later version is none of this one's business.
    """
    connection = op.get_bind()
    now: dict[str, dict[str, Any]] = {}
    for organisation_id, number, data in connection.execute(_EVENTS):
        try:
            event = json.loads(data)["event"]
            kind, each = event["kind"], event["announcement_id"]
            if kind == "announcement_published":
                now[each] = {"here": organisation_id, "number": number, "corrections": [], "withdrawn": None}
            elif kind == "announcement_withdrawn":
                now[each]["withdrawn"] = event["on"]
            elif kind == "announcement_corrected" and _day(event["before"]["published_at"]) <= event["on"]:
                now[each]["corrections"].append((event["on"], event["correction"]))
            now[each] |= {"version": event["version"], "content": event.get("after") or event["before"]}
        except (KeyError, TypeError, ValueError):
            continue  # what is damaged in the history is damaged here as well
    for each, known in now.items():
        _insert(connection, each, known)


_EVENTS = sa.text(
    "SELECT organisation_id, number, data FROM events WHERE kind LIKE 'announcement_%'"
    " ORDER BY organisation_id, number"
)


def _insert(connection: sa.Connection, announcement_id: str, known: dict[str, Any]) -> None:
    content, key = known["content"], {"organisation_id": known["here"]}
    minutes = int(datetime.fromisoformat(content["published_at"]).timestamp() // 60)
    corrections = known["corrections"]
    tables = {name: sa.table(name, *map(sa.column, columns)) for name, columns in _COLUMNS.items()}
    connection.execute(
        sa.insert(tables["announcements"]),
        {
            **key,
            "id": announcement_id,
            "number": (minutes << 30) | (known["number"] & ((1 << 30) - 1)),
            "version": known["version"],
            "kind": content["kind"],
            "title": content["title"],
            "published_at": _moment(content["published_at"]),
            "e_service_id": content["e_service_id"],
            "permission_ids": " ".join(content["permission_ids"]),
            "effective_on": content["effective_on"],
            "action": content["action"],
            "begins": _moment(content["begins"]),
            "ends": _moment(content["ends"]),
            "corrected_on": corrections[-1][0] if corrections else None,
            "withdrawn_on": known["withdrawn"],
        },
    )
    key["announcement_id"] = announcement_id
    words = search_key(content["title"], content["text"])
    connection.execute(
        sa.insert(tables["announcement_texts"]), {**key, "text": content["text"], "search_key": words}
    )
    for position, (on_day, what) in enumerate(corrections, 1):
        connection.execute(
            sa.insert(tables["announcement_corrections"]),
            {**key, "position": position, "on_day": on_day, "what": what},
        )


_COLUMNS = {
    "announcements": (
        "organisation_id", "id", "number", "version", "kind", "title", "published_at", "e_service_id",
        "permission_ids", "effective_on", "action", "begins", "ends", "corrected_on", "withdrawn_on",
    ),
    "announcement_texts": ("organisation_id", "announcement_id", "text", "search_key"),
    "announcement_corrections": ("organisation_id", "announcement_id", "position", "on_day", "what"),
}  # fmt: skip


def _moment(value: str | None) -> str | None:
    if value is None:
        return None
    return datetime.fromisoformat(value).astimezone(UTC).isoformat(timespec="microseconds")


def _day(value: str) -> str:
    return datetime.fromisoformat(value).astimezone(ZoneInfo("Europe/Stockholm")).date().isoformat()


def _of_announcement(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", "announcement_id"],
        ["announcements.organisation_id", "announcements.id"],
        name=f"fk_{table}_organisation_id_announcement_id",
    )


def downgrade() -> None:
    """Take them away; what was announced stays in the history, what was read and done is forgotten."""
    for table in (
        "announcement_handled",
        "announcement_reads",
        "announcement_corrections",
        "announcement_texts",
        "announcements",
    ):
        op.drop_table(table)

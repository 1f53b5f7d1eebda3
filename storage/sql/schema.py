"""The tables, as SQLAlchemy Core knows them; the migrations make them (a test holds both equal).

Their indexes are in :mod:`storage.sql.indexes`.

Every table that grows has ``organisation_id`` first in its primary key, so that one organisation
lies together and a distributed database can spread them (DESIGN 8). Moments and days are ISO 8601
text: they sort as they are, and a wrong one in the file is no reason for a read to fail. Keys
compare byte by byte, which :func:`core.text.sort_key` makes Swedish order. A table without rowid
lies in the order of its primary key: one tree to write to instead of two.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    column,
    table,
)

from storage.sql.columns import NUMBER, TEXT

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

meta = Table(
    "meta",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("is_demo", Integer, nullable=False),
    Column("created_at", TEXT, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
"""One row about the database itself. ``is_demo`` is 1 where HSA-ids of test form are taken."""

organisations = Table(
    "organisations",
    metadata,
    Column("id", TEXT, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("kind", TEXT, nullable=False),
    Column("name", TEXT, nullable=False),
    Column("code", TEXT, nullable=False),
    Column("organisation_number", TEXT, nullable=False),
    Column("sort_key", TEXT, nullable=False),
    Column("head_number", NUMBER, nullable=False),
    Column("head_hash", TEXT, nullable=False),
)
"""Organisations, each with the head of its chain; its row is the lock of a write.

``number`` counts organisations in the order in which they came and is half of
``accounts.search_id``; ``organisation_number`` is the official one.
"""

accounts = Table(
    "accounts",
    metadata,
    Column("organisation_id", TEXT, ForeignKey("organisations.id"), primary_key=True),
    Column("id", TEXT, primary_key=True),
    Column("hsa_id", TEXT, nullable=False),
    Column("given_name", TEXT, nullable=False),
    Column("family_name", TEXT, nullable=False),
    Column("email", TEXT, nullable=False),
    Column("role", TEXT, nullable=False),
    Column("active", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("registered_number", NUMBER, nullable=False),
    Column("changed_number", NUMBER, nullable=False),
    Column("grant_count", Integer, nullable=False),
    Column("hsa_key", TEXT, nullable=False),
    Column("name_key", TEXT, nullable=False),
    Column("email_key", TEXT, nullable=False),
    Column("search_key", TEXT, nullable=False),
    Column("search_id", BigInteger, nullable=False, unique=True),
)
"""Accounts as they are. ``registered_number`` and ``changed_number`` are numbers in the chain.

``grant_count`` counts the open grants in force. ``name_key``, ``email_key`` and ``search_key`` are made by
:mod:`core.text`; ``search_id`` is the row's number in the search index, the organisation's in its
upper half (:mod:`storage.sql.search`).
"""

account_versions = Table(
    "account_versions",
    metadata,
    Column("organisation_id", TEXT, primary_key=True),
    Column("id", TEXT, primary_key=True),
    Column("from_number", NUMBER, primary_key=True, autoincrement=False),
    Column("until_number", NUMBER),
    Column("hsa_id", TEXT, nullable=False),
    Column("given_name", TEXT, nullable=False),
    Column("family_name", TEXT, nullable=False),
    Column("email", TEXT, nullable=False),
    Column("role", TEXT, nullable=False),
    Column("active", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("hsa_key", TEXT, nullable=False),
    Column("name_key", TEXT, nullable=False),
    Column("email_key", TEXT, nullable=False),
    Column("search_key", TEXT, nullable=False),
    CheckConstraint("until_number > from_number", name="order"),
    ForeignKeyConstraint(["organisation_id", "id"], ["accounts.organisation_id", "accounts.id"]),
    sqlite_with_rowid=False,
)
"""What accounts were, as intervals (:mod:`storage.sql.write_versions`)."""

grants = Table(
    "grants",
    metadata,
    Column("organisation_id", TEXT, primary_key=True),
    Column("account_id", TEXT, primary_key=True),
    Column("permission_id", TEXT, ForeignKey("permissions.id"), primary_key=True),
    Column("from_number", NUMBER, primary_key=True, autoincrement=False),
    Column("from_at", TEXT, nullable=False),
    Column("until_number", NUMBER),
    Column("until_at", TEXT),
    CheckConstraint("until_number > from_number", name="order"),
    CheckConstraint("until_at >= from_at", name="time"),
    ForeignKeyConstraint(["organisation_id", "account_id"], ["accounts.organisation_id", "accounts.id"]),
    sqlite_with_rowid=False,
)
"""Who has and had what: an interval from one event until another; an open one has no end."""

agreements = Table(
    "agreements",
    metadata,
    Column("organisation_id", TEXT, ForeignKey("organisations.id"), primary_key=True),
    Column("e_service_id", TEXT, ForeignKey("e_services.id"), primary_key=True),
    Column("from_number", NUMBER, primary_key=True, autoincrement=False),
    Column("from_at", TEXT, nullable=False),
    Column("until_number", NUMBER),
    Column("until_at", TEXT),
    CheckConstraint("until_number > from_number", name="order"),
    CheckConstraint("until_at >= from_at", name="time"),
    sqlite_with_rowid=False,
)
"""The agreements of organisations, as intervals."""

e_services = Table(
    "e_services",
    metadata,
    Column("id", TEXT, primary_key=True),
    Column("position", Integer, nullable=False, unique=True),
    Column("name", TEXT, nullable=False),
)
"""E-services, in the order in which they were added."""

permissions = Table(
    "permissions",
    metadata,
    Column("id", TEXT, primary_key=True),
    Column("position", Integer, nullable=False, unique=True),
    Column("e_service_id", TEXT, ForeignKey("e_services.id"), nullable=False),
    Column("short_name", TEXT, nullable=False),
    Column("launched_on", TEXT, nullable=False),
    Column("retired_on", TEXT),
    Column("target_group", TEXT, nullable=False),
    Column("payment", TEXT, nullable=False),
    Column("counted", Integer, nullable=False),
)
"""Permissions, in the order in which they were added.

``counted`` is 1 while its open grants are in ``accounts.grant_count`` (:mod:`storage.sql.counting`).
"""

permission_names = Table(
    "permission_names",
    metadata,
    Column("permission_id", TEXT, ForeignKey("permissions.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", TEXT, nullable=False),
    Column("from_day", TEXT),
)
"""The dated names of permissions, in order of day."""

changesets = Table(
    "changesets",
    metadata,
    Column("organisation_id", TEXT, ForeignKey("organisations.id"), primary_key=True),
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("last_number", NUMBER, nullable=False),
    Column("id", TEXT, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("at", TEXT, nullable=False),
    Column("actor_organisation_id", TEXT, nullable=False),
    Column("actor_id", TEXT, nullable=False),
    Column("actor_name", TEXT, nullable=False),
    Column("note", TEXT, nullable=False),
    Column("undoes", TEXT),
    Column("undone_by", TEXT),
    CheckConstraint("last_number >= number", name="order"),
)
"""What was written together. ``number`` and ``last_number`` are those of its first and last event."""

events = Table(
    "events",
    metadata,
    Column("organisation_id", TEXT, primary_key=True),
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("changeset_number", NUMBER, nullable=False),
    Column("kind", TEXT, nullable=False),
    Column("account_id", TEXT),
    Column("permission_id", TEXT),
    Column("data", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["organisation_id", "changeset_number"], ["changesets.organisation_id", "changesets.number"]
    ),
    sqlite_with_rowid=False,
)
"""The chains. ``data`` is the stored bytes that ``hash`` is over (:mod:`core.history`)."""

card_views = Table(
    "card_views",
    metadata,
    Column("organisation_id", TEXT, ForeignKey("organisations.id"), primary_key=True),
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("account_id", TEXT, nullable=False),
    Column("at", TEXT, nullable=False),
    Column("actor_organisation_id", TEXT, nullable=False),
    Column("actor_id", TEXT, nullable=False),
    Column("actor_name", TEXT, nullable=False),
    ForeignKeyConstraint(["organisation_id", "account_id"], ["accounts.organisation_id", "accounts.id"]),
    sqlite_with_rowid=False,
)
"""The access log: when support looked at the card of whom (:mod:`core.journal`)."""

contact_parts = Table(
    "contact_parts",
    metadata,
    Column("part", TEXT, primary_key=True),
    Column("from_day", TEXT, primary_key=True),
    Column("value", TEXT, nullable=False),
)
"""The kontaktcenter's contact: a part from a day on, ``""`` where there is none from then."""


announcements = Table(
    "announcements",
    metadata,
    Column("organisation_id", TEXT, ForeignKey("organisations.id"), primary_key=True),
    Column("id", TEXT, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", TEXT, nullable=False),
    Column("title", TEXT, nullable=False),
    Column("published_at", TEXT, nullable=False),
    Column("e_service_id", TEXT, nullable=False),
    Column("permission_ids", TEXT, nullable=False),
    Column("effective_on", TEXT),
    Column("action", TEXT, nullable=False),
    Column("begins", TEXT),
    Column("ends", TEXT),
    Column("corrected_on", TEXT),
    Column("withdrawn_on", TEXT),
    sqlite_with_rowid=False,
)
"""What is current, without its texts, which are long.

``number`` is the place in the list, oldest first (:func:`storage.sql.announcements.place_in_list`);
``permission_ids`` are separated by blanks, in the order of the announcement.
"""

announcement_texts = Table(
    "announcement_texts",
    metadata,
    Column("organisation_id", TEXT, primary_key=True),
    Column("announcement_id", TEXT, primary_key=True),
    Column("text", TEXT, nullable=False),
    Column("search_key", TEXT, nullable=False),
    ForeignKeyConstraint(
        ["organisation_id", "announcement_id"], ["announcements.organisation_id", "announcements.id"]
    ),
)
"""The Markdown of announcements, and title and text as they are searched."""

announcement_corrections = Table(
    "announcement_corrections",
    metadata,
    Column("organisation_id", TEXT, primary_key=True),
    Column("announcement_id", TEXT, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("on_day", TEXT, nullable=False),
    Column("what", TEXT, nullable=False),
    ForeignKeyConstraint(
        ["organisation_id", "announcement_id"], ["announcements.organisation_id", "announcements.id"]
    ),
    sqlite_with_rowid=False,
)
"""What was corrected in announcements after they were published, oldest first."""

announcement_reads = Table(
    "announcement_reads",
    metadata,
    Column("organisation_id", TEXT, primary_key=True),
    Column("account_id", TEXT, primary_key=True),
    Column("announcement_id", TEXT, primary_key=True),
    Column("at", TEXT, nullable=False),
    ForeignKeyConstraint(["organisation_id", "account_id"], ["accounts.organisation_id", "accounts.id"]),
    sqlite_with_rowid=False,
)
"""Who has read which announcement (:mod:`core.journal`)."""

announcement_handled = Table(
    "announcement_handled",
    metadata,
    Column("organisation_id", TEXT, ForeignKey("organisations.id"), primary_key=True),
    Column("announcement_id", TEXT, primary_key=True),
    Column("at", TEXT, nullable=False),
    Column("actor_id", TEXT, nullable=False),
    Column("actor_name", TEXT, nullable=False),
    sqlite_with_rowid=False,
)
"""Which announcements somebody in an organisation has called done (:mod:`core.journal`)."""

preferences = Table(
    "preferences",
    metadata,
    Column("organisation_id", TEXT, primary_key=True),
    Column("account_id", TEXT, primary_key=True),
    Column("profile", TEXT, nullable=False),
    Column("switches", TEXT, nullable=False),
    Column("at", TEXT, nullable=False),
    ForeignKeyConstraint(["organisation_id", "account_id"], ["accounts.organisation_id", "accounts.id"]),
    sqlite_with_rowid=False,
)
"""How each person wants the program to look (:mod:`core.preferences`).

``switches`` is a JSON object of words, so that a program of another version finds its own among them.
"""

tokens = Table(
    "tokens",
    metadata,
    Column("id", TEXT, primary_key=True),
    Column("hsa_id", TEXT, nullable=False),
    Column("hsa_key", TEXT, nullable=False),
    Column("name", TEXT, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("created_at", TEXT, nullable=False),
    Column("expires_at", TEXT, nullable=False),
    Column("revoked_at", TEXT),
    Column("last_used_at", TEXT),
    sqlite_with_rowid=False,
)
"""Bearer tokens (:mod:`core.tokens`), with the SHA-256 of their secrets.

The key is the token's own, for a token is a person's, who may have accounts in several organisations. A
few to a person, they are read by key and never together with anything else.
"""

account_search = table("account_search", column("rowid", BigInteger), column("pieces", Text))
"""The search index (:mod:`storage.sql.search_index`), which is another kind of table in each database."""

"""Keys of more letters, and people found by former names.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

# Of the core and the writing as they are, on purpose: a stored key has to be what this program makes of
# the words that are looked for, and of the same texts at the next write. A later way to make keys brings
# a revision of its own, which makes them all anew once more.
from core.finding import search_text
from core.text import search_key, sort_key
from storage.sql.search_index import feed, forget
from storage.sql.values import raw_text, stored_account

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

AT_ONCE = 1_000
"""Rows that are read and written at a time."""

_TEXTS = (
    "organisation_id", "id", "hsa_id", "given_name", "family_name", "email", "role", "active", "version",
)  # fmt: skip
"""What an account is made from, in the order of :data:`storage.sql.facts.ACCOUNT_COLUMNS`."""
_KEYS = ("name_key", "email_key", "search_key")
_NAMES = sa.text(
    "SELECT organisation_id, id, given_name, family_name FROM account_versions"
    " WHERE (organisation_id, id) BETWEEN (:first_home, :first) AND (:last_home, :last)"
    " ORDER BY organisation_id, id, from_number"
)


def upgrade() -> None:
    """Make the keys anew that differ, and feed the search index with those that changed."""
    connection = op.get_bind()
    _organisations(connection)
    _accounts(connection)
    _versions(connection)
    _announcements(connection)


def downgrade() -> None:
    """Leave the keys: the program before reads them as they are.

    It makes each anew at the next write about it. Until then it finds people by former names too, and
    sorts letters that it did not know as this program does; only what is looked for by such a letter, a
    name or an address that is shared, is not found there.
    """


def _batches(
    connection: sa.Connection, source: sa.FromClause, key: tuple[str, ...]
) -> Iterator[list[sa.Row[*tuple[Any, ...]]]]:
    """Give rows in the order of a key, so many at a time that memory does not grow.

    No batch is being read while it is written to.
    """
    place = [source.c[name] for name in key]
    first = sa.select(source).order_by(*place).limit(AT_ONCE)
    later = first.where(sa.tuple_(*place) > sa.tuple_(*(sa.bindparam(f"place_{name}") for name in key)))
    rows = list(connection.execute(first))
    while rows:
        yield rows
        last = {f"place_{name}": getattr(rows[-1], name) for name in key}
        rows = list(connection.execute(later, last))


def _organisations(connection: sa.Connection) -> None:
    change = sa.text("UPDATE organisations SET sort_key = :sort_key WHERE id = :id")
    for rows in _batches(connection, _table("organisations", "id", "name", "sort_key"), ("id",)):
        _write(
            connection,
            change,
            [
                {"id": row[0], "sort_key": key}
                for row in rows
                for key in (sort_key(raw_text(row[1])),)
                if key != row[2]
            ],
        )


def _accounts(connection: sa.Connection) -> None:
    change = sa.text(
        "UPDATE accounts SET name_key = :name_key, email_key = :email_key, search_key = :search_key"
        " WHERE organisation_id = :organisation_id AND id = :id"
    )
    accounts = _table("accounts", *_TEXTS, *_KEYS, "search_id")
    for rows in _batches(connection, accounts, ("organisation_id", "id")):
        ends = {"first_home": rows[0][0], "first": rows[0][1], "last_home": rows[-1][0], "last": rows[-1][1]}
        names: dict[tuple[Any, Any], list[str]] = {}
        for home, account_id, given_name, family_name in connection.execute(_NAMES, ends):
            name = f"{raw_text(given_name)} {raw_text(family_name)}"
            names.setdefault((home, account_id), []).append(name)
        changed, forgotten, fed = [], [], []
        for row in rows:
            account = stored_account(row)
            key = search_text(account, names.get((row[0], row[1]), ()))
            keys = (sort_key(account.family_name, account.given_name), sort_key(account.email), key)
            if keys != (row.name_key, row.email_key, row.search_key):
                changed.append({"organisation_id": row[0], "id": row[1], **_named(keys)})
            if key != row.search_key:
                forgotten.append((row.search_id, raw_text(row.search_key)))
                fed.append((row.search_id, key))
        _write(connection, change, changed)
        forget(connection, forgotten)
        feed(connection, fed)


def _versions(connection: sa.Connection) -> None:
    """Make the keys of what accounts were: each by its own texts, as everybody was called then."""
    change = sa.text(
        "UPDATE account_versions SET name_key = :name_key, email_key = :email_key, search_key = :search_key"
        " WHERE organisation_id = :organisation_id AND id = :id AND from_number = :from_number"
    )
    texts = ("given_name", "family_name", "hsa_id", "email")
    key = ("organisation_id", "id", "from_number")
    for rows in _batches(connection, _table("account_versions", *key, *texts, *_KEYS), key):
        changed = []
        for row in rows:
            given_name, family_name, hsa_id, email = map(raw_text, row[3:7])
            search = search_key(f"{given_name} {family_name}", hsa_id, email)
            keys = (sort_key(family_name, given_name), sort_key(email), search)
            if keys != tuple(row[7:]):
                place = {name: row[number] for number, name in enumerate(key)}
                changed.append({**place, **_named(keys)})
        _write(connection, change, changed)


def _announcements(connection: sa.Connection) -> None:
    change = sa.text(
        "UPDATE announcement_texts SET search_key = :search_key"
        " WHERE organisation_id = :organisation_id AND announcement_id = :id"
    )
    texts = _table("announcement_texts", "organisation_id", "announcement_id", "text", "search_key")
    titles = _table("announcements", "organisation_id", "id", "title")
    both = sa.and_(
        titles.c.organisation_id == texts.c.organisation_id, titles.c.id == texts.c.announcement_id
    )
    source = (
        sa.select(
            texts.c.organisation_id, texts.c.announcement_id, titles.c.title, texts.c.text, texts.c.search_key
        )
        .select_from(texts.join(titles, both))
        .subquery("searched")
    )
    for rows in _batches(connection, source, ("organisation_id", "announcement_id")):
        _write(
            connection,
            change,
            [
                {"organisation_id": row[0], "id": row[1], "search_key": key}
                for row in rows
                for key in (search_key(raw_text(row[2]), raw_text(row[3])),)
                if key != row[4]
            ],
        )


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *map(sa.column, columns))


def _named(keys: tuple[str, str, str]) -> dict[str, str]:
    return dict(zip(_KEYS, keys, strict=True))


def _write(connection: sa.Connection, statement: sa.TextClause, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(statement, rows)

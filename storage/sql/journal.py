"""Keep and read what is noted beside the history (:mod:`core.journal`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, select

from core.directory import Account, Actor
from core.journal import (
    AnnouncementHandled,
    AnnouncementsRead,
    AnyEntry,
    CardSeen,
    PreferencesChosen,
    why_not_entry,
)
from core.ports import Refused
from core.queries import CardView, CardViews, Page, Scope
from core.refusal import Refusal
from storage.sql import schema
from storage.sql.announcement_notes import note_handled, note_read
from storage.sql.cursor import question_of
from storage.sql.facts import read_account
from storage.sql.head import moment
from storage.sql.newest_first import NewestFirst
from storage.sql.preferences import keep_preferences
from storage.sql.reach import reach
from storage.sql.turns import lock_organisation
from storage.sql.values import text_of

_views = schema.card_views.c
_THERE: Final = select(schema.organisations.c.id).where(
    schema.organisations.c.id == bindparam("organisation")
)
_NEXT: Final = select(func.coalesce(func.max(_views.number), 0) + 1).where(
    _views.organisation_id == bindparam("organisation")
)


def note(connection: Connection, entry: AnyEntry, actor: Actor, now: datetime) -> Refused | None:
    """Keep a note inside the transaction that ``connection`` is in, or tell why not."""
    own = read_account(connection, actor.organisation_id, actor.account_id)
    refusal = why_not_entry(entry, actor, own)
    if refusal is not None:
        return Refused((refusal,))
    # One after the other: numbers are given out, and what was noted before is looked for.
    lock_organisation(connection, str(entry.organisation_id))
    if connection.execute(_THERE, {"organisation": str(entry.organisation_id)}).first() is None:
        subject = entry.account_id if isinstance(entry, CardSeen) else entry.organisation_id
        return Refused((Refusal("not_found", str(subject)),))
    match entry:
        case CardSeen():
            return _note_card(connection, entry, actor, own, now)
        case AnnouncementsRead():
            return note_read(connection, entry, actor, now)
        case AnnouncementHandled():
            return note_handled(connection, entry, actor, own, now)
        case PreferencesChosen():
            keep_preferences(connection, entry, actor, now)
            return None


def _note_card(
    connection: Connection, entry: CardSeen, actor: Actor, own: Account | None, now: datetime
) -> Refused | None:
    organisation_id, account_id = str(entry.organisation_id), str(entry.account_id)
    here = {"organisation": organisation_id}
    if read_account(connection, organisation_id, account_id) is None:
        return Refused((Refusal("not_found", account_id),))
    connection.execute(
        insert(schema.card_views),
        {
            "organisation_id": organisation_id,
            "number": int(connection.execute(_NEXT, here).scalar_one()),
            "account_id": account_id,
            "at": moment(now),
            "actor_organisation_id": actor.organisation_id,
            "actor_id": actor.account_id,
            "actor_name": actor.name if own is None else own.name,
        },
    )
    return None


def list_card_views(connection: Connection, query: CardViews, scope: Scope) -> Page[CardView]:
    """Give one page of the access log, newest first."""
    seen = reach(scope, query.organisation_id)
    if seen is None or seen.account_id is not None:
        return Page(rows=(), before=None, after=None, total=0)
    where: list[ColumnElement[bool]] = [_views.organisation_id == query.organisation_id]
    if query.account_id is not None:
        where.append(_views.account_id == query.account_id)
    return NewestFirst(connection, schema.card_views, where).page(query, question_of(query, scope), _views_of)


def _views_of(rows: Sequence[Any]) -> tuple[CardView, ...]:
    return tuple(
        CardView(
            at=text_of(row.at),
            by=text_of(row.actor_name),
            actor_id=text_of(row.actor_id),
            account_id=text_of(row.account_id),
        )
        for row in rows
    )

"""Answer questions about what is current (DOMAIN 5)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, func, literal, or_, select

from core.announcements import (
    MOST_BANNERS,
    MOST_UNREAD,
    WITH_WINDOW,
    AnnouncementDetail,
    AnnouncementRow,
    Banner,
    Correction,
    Done,
    Notice,
    Said,
    done,
)
from core.catalogue import Catalogue
from core.days import day_of
from core.directory import AUTHORITY
from core.identity import LONGEST_TEXT, LONGEST_TITLE
from core.queries import AnnouncementById, Announcements, CurrentNotice, Page, Scope
from core.text import shown, shown_lines
from storage.sql import schema
from storage.sql.account_list import ONE
from storage.sql.catalogue import read_catalogue
from storage.sql.columns import TEXT
from storage.sql.cursor import question_of
from storage.sql.facts import in_parts
from storage.sql.head import moment
from storage.sql.newest_first import NewestFirst
from storage.sql.reach import reach
from storage.sql.search import words_of
from storage.sql.search_index import Holds
from storage.sql.stored_announcements import (
    ITS_CORRECTIONS,
    NEVER,
    day_or_none,
    ids_of,
    kind_of,
    moment_of,
)
from storage.sql.values import number_of, raw_text, text_of

_announcements = schema.announcements.c
_texts = schema.announcement_texts.c
_reads = schema.announcement_reads.c
_handled = schema.announcement_handled.c
_accounts = schema.accounts.c
_events = schema.events.c
_changesets = schema.changesets.c
_grants = schema.grants.c

_EVENT_BITS: Final = 30
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def place_in_list(published_at: datetime, event_number: int) -> int:
    """Give the number by which announcements are listed: the minute, then the order of the writes.

    Two of one minute stand as they were written; ``event_number`` is that of the publication.
    """
    minutes = (published_at - _EPOCH).total_seconds() // 60
    return (int(minutes) << _EVENT_BITS) | (event_number & ((1 << _EVENT_BITS) - 1))


def event_number_of(place: int) -> int:
    """Give the number of the event that published an announcement, of its place in the list."""
    return place & ((1 << _EVENT_BITS) - 1)


# Who has read what, and what an organisation has done ---------------------------------------------

_SINCE: Final = (
    select(_changesets.at)
    .select_from(
        schema.accounts.join(
            schema.events,
            and_(
                _events.organisation_id == _accounts.organisation_id,
                _events.number == _accounts.registered_number,
            ),
        ).join(
            schema.changesets,
            and_(
                _changesets.organisation_id == _events.organisation_id,
                _changesets.number == _events.changeset_number,
            ),
        )
    )
    .where(_accounts.organisation_id == bindparam("organisation"), _accounts.id == bindparam("account"))
)
_READ: Final = select(_reads.announcement_id).where(
    _reads.organisation_id == bindparam("organisation"),
    _reads.account_id == bindparam("account"),
    _reads.announcement_id.in_(bindparam("ids", expanding=True)),
)
_HANDLED: Final = select(_handled.announcement_id, _handled.at, _handled.actor_name).where(
    _handled.organisation_id == bindparam("organisation"),
    _handled.announcement_id.in_(bindparam("ids", expanding=True)),
)
_GIVEN: Final = select(schema.permissions.c.id).where(
    schema.permissions.c.id.in_(bindparam("ids", expanding=True)),
    exists(
        select(ONE)
        .select_from(schema.grants)
        .where(
            _grants.organisation_id == bindparam("organisation"),
            _grants.permission_id == schema.permissions.c.id,
            _grants.until_number.is_(None),
        )
    ),
)


class _Reader:
    """An account in an organisation, for whom announcements are looked at.

    ``is_everywhere`` is support's scope. ``since`` is when the account was registered: what is older than
    that is nobody's news. An account that there is not has read everything.
    """

    def __init__(
        self, connection: Connection, query: Announcements | AnnouncementById | CurrentNotice, scope: Scope
    ) -> None:
        self.connection = connection
        self.organisation_id = query.organisation_id
        self.account_id = query.account_id
        self.now = query.moment
        self.at = moment(query.moment)
        self.day: date = day_of(query.moment)
        self.is_everywhere = scope.organisation_id is None
        here = {"organisation": query.organisation_id, "account": query.account_id}
        self.since = connection.execute(_SINCE, here).scalar()

    def visible(self) -> list[ColumnElement[bool]]:
        """Give the conditions for what the reader sees."""
        here = [_announcements.organisation_id == AUTHORITY]
        return here if self.is_everywhere else [*here, *self._current()]

    def _current(self) -> list[ColumnElement[bool]]:
        return [_announcements.published_at <= self.at, _announcements.withdrawn_on.is_(None)]

    def unread(self) -> list[ColumnElement[bool]]:
        """Give the conditions for what the reader has not read."""
        read = exists(
            select(ONE)
            .select_from(schema.announcement_reads)
            .where(
                _reads.organisation_id == self.organisation_id,
                _reads.account_id == self.account_id,
                _reads.announcement_id == _announcements.id,
            )
        )
        since = "" if self.since is None else raw_text(self.since)
        known = [] if self.since is not None else [_announcements.id.is_(None)]
        return [*self._current(), _announcements.published_at >= since, ~read, *known]

    def rows(self, found: Sequence[Any]) -> tuple[AnnouncementRow, ...]:
        """Make rows for showing, with what is read and done."""
        here = {"organisation": self.organisation_id}
        ids = [raw_text(row.id) for row in found]
        read: set[str] = set()
        said: dict[str, Said] = {}
        for part in in_parts(ids):
            reading = {**here, "account": self.account_id, "ids": part}
            read.update(raw_text(each) for each in self.connection.execute(_READ, reading).scalars())
            for row in self.connection.execute(_HANDLED, {**here, "ids": part}):
                said[raw_text(row[0])] = Said(at=text_of(row[1]), by=text_of(row[2]))
        catalogue = read_catalogue(self.connection)
        wanted = {each for row in found for each in ids_of(row.permission_ids)}
        given: set[str] = set()
        for part in in_parts(wanted):
            given.update(map(raw_text, self.connection.execute(_GIVEN, {**here, "ids": part}).scalars()))
        return tuple(
            self._row(row, catalogue, given, said.get(raw_text(row.id)), is_read=raw_text(row.id) in read)
            for row in found
        )

    def _row(
        self, row: Any, catalogue: Catalogue, given: Collection[str], said: Said | None, *, is_read: bool
    ) -> AnnouncementRow:
        permissions = [
            each for each in map(catalogue.permission, ids_of(row.permission_ids)) if each is not None
        ]
        seen = [each for each in permissions if self.is_everywhere or each.is_launched(self.day)]
        published = moment_of(row.published_at) or NEVER
        current = published <= self.now and row.withdrawn_on is None
        action = text_of(row.action)
        state = (
            Done.NOTHING_TO_DO
            if self.organisation_id == AUTHORITY
            else done(action, permissions, given, said=said is not None, day=self.day)
        )
        since = None if self.since is None else raw_text(self.since)
        return AnnouncementRow(
            id=text_of(row.id),
            kind=kind_of(row.kind),
            title=shown(raw_text(row.title), LONGEST_TITLE),
            published_at=published,
            effective_on=day_or_none(row.effective_on),
            e_service_id=text_of(row.e_service_id),
            permission_ids=tuple(text_of(each.id) for each in seen),
            coming=len(permissions) - len(seen),
            action=action,
            begins=moment_of(row.begins),
            ends=moment_of(row.ends),
            version=number_of(row.version),
            is_unread=current and not is_read and since is not None and raw_text(row.published_at) >= since,
            done=state,
            said=said,
            is_scheduled=published > self.now,
            withdrawn_on=day_or_none(row.withdrawn_on),
            corrected_on=day_or_none(row.corrected_on),
        )


# The questions ------------------------------------------------------------------------------------


def list_announcements(connection: Connection, query: Announcements, scope: Scope) -> Page[AnnouncementRow]:
    """Give one page of announcements, newest first."""
    if not _sees(scope, query.organisation_id):
        return Page(rows=(), before=None, after=None, total=0)
    reader = _Reader(connection, query, scope)
    where = reader.visible()
    if query.about is not None:
        where.append(_announcements.kind == query.about.value)
    if query.e_service_id is not None:
        where.append(_announcements.e_service_id == query.e_service_id)
    if query.unread_only:
        where.extend(reader.unread())
    words = words_of(query.search)
    if words:
        # There are some thousands of announcements in a hundred years: their texts are looked through.
        matching = select(_texts.announcement_id).where(
            _texts.organisation_id == AUTHORITY,
            *(Holds(_texts.search_key, literal(word, TEXT)) for word in words),
        )
        where.append(_announcements.id.in_(matching))
    page = NewestFirst(connection, schema.announcements, where)
    return page.page(query, question_of(query, scope), reader.rows)


_ONE_TEXT: Final = select(_texts.text).where(
    _texts.organisation_id == AUTHORITY, _texts.announcement_id == bindparam("id")
)


def announcement_by_id(
    connection: Connection, query: AnnouncementById, scope: Scope
) -> AnnouncementDetail | None:
    """Give one announcement whole."""
    if not _sees(scope, query.organisation_id):
        return None
    reader = _Reader(connection, query, scope)
    wanted = select(schema.announcements).where(*reader.visible(), _announcements.id == query.announcement_id)
    found = connection.execute(wanted).all()
    if not found:
        return None
    here = {"id": query.announcement_id}
    text = raw_text(connection.execute(_ONE_TEXT, here).scalar())
    return AnnouncementDetail(
        row=reader.rows(found)[0],
        text=shown_lines(text, LONGEST_TEXT),
        corrections=tuple(
            Correction(on=day_or_none(row[0]) or date.max, what=text_of(row[1]))
            for row in connection.execute(ITS_CORRECTIONS, here)
        ),
    )


def current_notice(connection: Connection, query: CurrentNotice, scope: Scope) -> Notice | None:
    """Give what is told beside everything else."""
    if not _sees(scope, query.organisation_id):
        return None
    reader = _Reader(connection, query, scope)
    unread = (
        select(ONE.label("one"))
        .select_from(schema.announcements)
        .where(_announcements.organisation_id == AUTHORITY, *reader.unread())
        .limit(MOST_UNREAD + 1)
    )
    count = int(connection.execute(select(func.count()).select_from(unread.subquery())).scalar_one())
    lasting = (
        select(schema.announcements)
        .where(
            _announcements.organisation_id == AUTHORITY,
            _announcements.begins.is_not(None),
            or_(_announcements.ends.is_(None), _announcements.ends > reader.at),
            _announcements.published_at <= reader.at,
            _announcements.withdrawn_on.is_(None),
        )
        .order_by(_announcements.begins, _announcements.number)
        .limit(MOST_BANNERS)
    )
    return Notice(
        unread=min(count, MOST_UNREAD),
        more=count > MOST_UNREAD,
        banners=tuple(banner for banner in map(_banner, connection.execute(lasting)) if banner is not None),
    )


def _banner(row: Any) -> Banner | None:
    kind, begins = kind_of(row.kind), moment_of(row.begins)
    if begins is None or kind not in WITH_WINDOW:
        return None
    ends = moment_of(row.ends)
    if row.ends is not None and ends is None:
        return None
    return Banner(
        id=text_of(row.id),
        kind=kind,
        title=shown(raw_text(row.title), LONGEST_TITLE),
        begins=begins,
        ends=ends,
    )


def _sees(scope: Scope, organisation_id: str) -> bool:
    """Say whether an organisation is in sight; who sees one account only sees nothing of this."""
    seen = reach(scope, organisation_id)
    return seen is not None and seen.account_id is None


def visible_ids(connection: Connection, ids: Sequence[str], at: str, *, is_everywhere: bool) -> list[str]:
    """Give those ids, in order, whose announcement is seen: by support all, by others what is current."""
    where: list[ColumnElement[bool]] = [_announcements.organisation_id == AUTHORITY]
    if not is_everywhere:
        where += [_announcements.published_at <= at, _announcements.withdrawn_on.is_(None)]
    found: set[str] = set()
    for part in in_parts(ids):
        seen = select(_announcements.id).where(*where, _announcements.id.in_(part))
        found.update(raw_text(each) for each in connection.execute(seen).scalars())
    return [each for each in dict.fromkeys(ids) if each in found]

"""How the slow storage of :mod:`tests.model` answers each kind of question, by looking at everything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from core import history as h
from core import queries as q
from core.access import Granted, explain
from core.announcements import (
    MOST_BANNERS,
    MOST_UNREAD,
    AnnouncementDetail,
    AnnouncementRow,
    Banner,
    Notice,
    done,
)
from core.catalogue import Catalogue
from core.days import day_of
from core.differences import difference
from core.directory import AUTHORITY, Account, Organisation, Role
from core.following import cursor_at, followed, for_its_account, most_writes, places_in
from core.identity import hsa_key
from core.nearness import begins_a_word, is_guess, search_words
from core.preferences import Chosen
from core.refusal import Refusal, WrongValueError
from core.support import Contact, contact_on
from core.text import search_key, sort_key
from core.undo import inverse
from core.wire import decode, encode

if TYPE_CHECKING:
    from tests.model import Model, Write

R = TypeVar("R")
Key = tuple[str | int, ...]


# Accounts -----------------------------------------------------------------------------------------


def _sees(scope: q.Scope, organisation_id: str | None, account_id: str | None = None) -> bool:
    """Say whether an organisation, and an account in it, lie within a scope."""
    return scope.organisation_id in (None, organisation_id) and (
        account_id is None or scope.account_id in (None, account_id)
    )


def _row(model: Model, state: h.State, account: Account, day: date) -> q.AccountRow:
    assert state.organisation is not None
    in_force = {
        each.id
        for each in model.catalogue().permissions
        if each.is_launched(day) and not each.is_retired(day)
    }
    granted = state.granted_to(account.id)
    return q.AccountRow(
        account=account,
        organisation_name=state.organisation.name,
        granted=granted & in_force,
        all_granted=granted,
    )


def _rows(
    model: Model, scope: q.Scope, organisation_id: str | None, day: date, as_of: date | None = None
) -> list[q.AccountRow]:
    """Give every account within a scope (and an organisation) as a row, as it is or was on a day."""
    rows: list[q.AccountRow] = []
    if as_of is not None and scope.organisation_id is None and organisation_id is None:
        raise WrongValueError(Refusal("as_of_everywhere", "organisation_id"))
    for each in list(model.writes):
        if organisation_id in (None, each) and _sees(scope, each):
            state = model.state(each) if as_of is None else model.state_of(each, as_of)
            if state.organisation is None:
                continue
            rows.extend(
                _row(model, state, account, day if as_of is None else as_of)
                for account in state.accounts.values()
                if _sees(scope, each, account.id)
            )
    return rows


def name_key(row: q.AccountRow) -> Key:
    """Give what a row is sorted by when it is sorted by name."""
    account = row.account
    return (sort_key(account.family_name, account.given_name), account.id, account.organisation_id)


def _sorted_by(query: q.Accounts) -> Callable[[q.AccountRow], Key]:
    def key(row: q.AccountRow) -> Key:
        account = row.account
        first: dict[q.SortBy, str | int] = {
            q.SortBy.NAME: sort_key(account.family_name, account.given_name),
            q.SortBy.HSA_ID: sort_key(account.hsa_id),
            q.SortBy.EMAIL: sort_key(account.email),
            q.SortBy.PERMISSIONS: len(row.granted),
        }
        return (first[query.sort_by], account.id, account.organisation_id)

    return key


def _searched(model: Model, account: Account, *, former: bool) -> str:
    """Give the texts that an account is found by, those that it had before too where asked."""
    texts = [account.given_name, account.family_name, account.hsa_id, account.email]
    if former:
        texts.extend(model.former_names(account.organisation_id, account.id))
    return search_key(*texts)


def _matches(model: Model, query: q.Accounts, row: q.AccountRow) -> bool:
    account = row.account
    standing = {q.Standing.ACTIVE: account.active, q.Standing.DEREGISTERED: not account.active}
    if not standing.get(query.standing, True) or query.role not in (None, account.role):
        return False
    text = _searched(model, account, former=query.as_of is None)
    named = row.organisation_name if query.in_organisations else ""
    if not all(word in text or begins_a_word(word, named) for word in search_key(query.search).split()):
        return False
    catalogue = model.catalogue().permissions
    asked: list[set[str]] = []
    if query.e_service_id is not None:
        asked.append({each.id for each in catalogue if each.e_service_id == query.e_service_id})
    if query.permission_id is not None:
        asked.append({query.permission_id})
    return all(bool(row.granted & wanted) != query.lacking for wanted in asked)


def _accounts(model: Model, query: q.Accounts, scope: q.Scope) -> q.Page[q.AccountRow]:
    rows = [
        row
        for row in _rows(model, scope, query.organisation_id, query.day, query.as_of)
        if _matches(model, query, row)
    ]
    return _page(rows, _sorted_by(query), query, descending=query.descending, direction=query.direction)


class Cut(msgspec.Struct, frozen=True, array_like=True):
    """A place between two rows, as a cursor says it: just before or just after where a row is or was.

    ``forward`` is the way it leads from there, for questions that do not say so themselves.
    """

    question: str
    key: tuple[str | int, ...]
    after: bool
    forward: bool


def _page(
    rows: Sequence[R],
    key: Callable[[R], Key],
    query: q.Accounts | q.Writes | q.CardViews | q.Announcements,
    *,
    descending: bool,
    direction: q.Direction | None = None,
) -> q.Page[R]:
    fields = msgspec.structs.asdict(query)
    question = repr([fields[name] for name in sorted(fields) if name not in _PASSING])
    ordered = sorted(rows, key=key, reverse=descending)
    cut = None if query.cursor is None else _cut(query.cursor, question)
    forward = cut is None or cut.forward if direction is None else direction is q.Direction.AFTER
    limit = max(1, min(query.limit, q.MOST_ROWS))
    if cut is None:
        place = 0 if forward else len(ordered)
    else:
        keys = [key(row) for row in ordered]
        passed = sum(each > cut.key if descending else each < cut.key for each in keys)
        place = passed + (cut.after and cut.key in keys)
    start, stop = (place, place + limit) if forward else (max(0, place - limit), place)
    page = ordered[start:stop]

    def cursor(row: R | None, *, after: bool) -> str:
        if row is not None:
            at = Cut(question, key(row), after, after)
        else:
            assert cut is not None, "only at a place can a page be empty and a list not"
            at = msgspec.structs.replace(cut, forward=after)
        return encode(at).decode()

    return q.Page(
        rows=tuple(page),
        before=cursor(page[0] if page else None, after=False) if start > 0 else None,
        after=cursor(page[-1] if page else None, after=True) if stop < len(ordered) else None,
        total=min(len(ordered), q.COUNT_LIMIT),
        more=len(ordered) > q.COUNT_LIMIT,
    )


def _cut(cursor: str, question: str) -> Cut:
    try:
        cut = decode(cursor.encode("utf-8", "replace"), Cut)
    except WrongValueError:
        raise WrongValueError(Refusal("cursor", "cursor")) from None
    if cut.question != question:
        raise WrongValueError(Refusal("cursor", "cursor"))
    return cut


_PASSING = {"cursor", "direction", "limit", "day", "moment"}
"""What may change while somebody goes through a list."""


def _accounts_by_key(model: Model, query: q.AccountsByKey, scope: q.Scope) -> tuple[q.AccountRow, ...]:
    _check_many("account_ids", query.account_ids)
    rows = _rows(model, scope, query.organisation_id, query.day, query.as_of)
    return tuple(sorted((row for row in rows if row.account.id in query.account_ids), key=name_key))


def _check_many(name: str, keys: frozenset[str]) -> None:
    if len(keys) > q.MOST_KEYS:
        raise WrongValueError(Refusal("too_many_keys", name, {"most": q.MOST_KEYS}))


def _hsa_id_holders(model: Model, query: q.HsaIdHolders, scope: q.Scope) -> dict[str, q.AccountRow]:
    _check_many("hsa_ids", query.hsa_ids)
    rows = _rows(model, scope, query.organisation_id, query.day)
    return {
        asked: row for asked in query.hsa_ids for row in rows if hsa_key(row.account.hsa_id) == hsa_key(asked)
    }


def _email_counts(model: Model, query: q.EmailCounts, scope: q.Scope) -> dict[str, int]:
    _check_many("emails", query.emails)
    rows = _rows(model, scope, query.organisation_id, date.min)
    had = [row.account.email.casefold() for row in rows if row.account.active]
    counts = {asked: min(had.count(asked.casefold()), q.COUNT_LIMIT) for asked in query.emails}
    return {asked: count for asked, count in counts.items() if count}


def _stamps(model: Model, organisation_id: str) -> Iterable[tuple[h.AnyEvent, q.Stamp]]:
    for write in model.writes.get(organisation_id, ()):
        for record in write.records:
            yield record.event, q.Stamp(at=record.at, by=record.actor_name)


def _cell_story(model: Model, organisation_id: str, account_id: str, permission_id: str) -> q.CellStory:
    granted = revoked = None
    for event, stamp in _stamps(model, organisation_id):
        match event:
            case h.PermissionGranted(account_id=who, permission_id=what):
                if (who, what) == (account_id, permission_id):
                    granted = stamp
            case h.PermissionRevoked(account_id=who, permission_id=what):
                if (who, what) == (account_id, permission_id):
                    granted, revoked = None, stamp
            case _:
                pass
    return q.CellStory(account_id=account_id, permission_id=permission_id, granted=granted, revoked=revoked)


def _account_by_id(model: Model, query: q.AccountById, scope: q.Scope) -> q.AccountDetail | None:
    rows = _rows(model, scope, query.organisation_id, query.day)
    row = next((each for each in rows if each.account.id == query.account_id), None)
    if row is None:
        return None
    account = row.account
    state = model.state(query.organisation_id)
    stamps: list[q.Stamp] = []
    names: list[str] = []
    for event, stamp in _stamps(model, query.organisation_id):
        if isinstance(event, h.AccountEvent) and event.account_id == account.id:
            stamps.append(stamp)
            if isinstance(event, h.AccountAmended | h.AccountReregistered):
                names.append(f"{event.before.given_name} {event.before.family_name}")
    access = []
    for permission in model.catalogue().permissions:
        if permission.is_launched(query.day):
            given = _cell_story(model, query.organisation_id, account.id, permission.id).granted
            access.append(
                explain(
                    account,
                    permission,
                    agreement=permission.e_service_id in state.agreements,
                    granted=None if given is None else Granted(by=given.by, at=given.at),
                    day=query.day,
                )
            )
    everybody = state.accounts.values()
    return q.AccountDetail(
        row=row,
        registered=stamps[0],
        changed=stamps[-1],
        access=tuple(access),
        email_shared_by=sum(
            each.active and each.id != account.id and each.email.casefold() == account.email.casefold()
            for each in everybody
        ),
        former_names=tuple(dict.fromkeys(name for name in names if name != account.name)),
    )


def _cell(model: Model, query: q.Cell, scope: q.Scope) -> q.CellStory | None:
    known = _sees(scope, query.organisation_id, query.account_id) and (
        query.account_id in model.state(query.organisation_id).accounts
    )
    if not known or model.catalogue().permission(query.permission_id) is None:
        return None
    return _cell_story(model, query.organisation_id, query.account_id, query.permission_id)


def _near_accounts(model: Model, query: q.NearAccounts, scope: q.Scope) -> tuple[q.AccountRow, ...]:
    words = search_words(query.search)
    rows = [
        row
        for row in _rows(model, scope, None, query.day)
        for account in (row.account,)
        if is_guess(
            words,
            _searched(model, account, former=True),
            row.organisation_name,
        )
    ]
    return tuple(sorted(rows, key=name_key)[: query.limit])


# Organisations, catalogue and history ---------------------------------------------------------------


def _organisation_by_id(
    model: Model, query: q.OrganisationById, scope: q.Scope
) -> q.OrganisationDetail | None:
    state = model.state(query.organisation_id)
    if state.organisation is None or not _sees(scope, query.organisation_id):
        return None
    active = [each for each in state.accounts.values() if each.active]
    administrators = [each for each in active if each.role is Role.ADMINISTRATOR]
    administrators.sort(key=lambda each: (sort_key(each.family_name, each.given_name), each.id))
    if scope.account_id is not None:
        return q.OrganisationDetail(
            organisation=state.organisation,
            agreements=frozenset(state.agreements),
            administrators=tuple(
                msgspec.structs.replace(each, id="", hsa_id="", version=0) for each in administrators
            ),
            active_accounts=1,
        )
    return q.OrganisationDetail(
        organisation=state.organisation,
        agreements=frozenset(state.agreements),
        administrators=tuple(administrators),
        active_accounts=min(len(active), q.COUNT_LIMIT),
        more_accounts=len(active) > q.COUNT_LIMIT,
    )


def _organisations(model: Model, query: q.Organisations, scope: q.Scope) -> tuple[Organisation, ...]:
    states = (model.state(each) for each in model.writes if _sees(scope, each))
    found = [
        each
        for each in (state.organisation for state in states)
        if each is not None
        and all(
            begins_a_word(word, each.name) or word == each.code or word.replace("-", "") in each.number
            for word in search_key(query.search).split()
        )
    ]
    return tuple(sorted(found, key=lambda each: sort_key(each.name))[: query.limit])


def _how_many(model: Model, query: q.HowMany, scope: q.Scope) -> q.Reached:
    homes = [
        each
        for each in model.writes
        if query.organisation_id in (None, each) and _sees(scope, each) and scope.account_id is None
    ]
    own = {each.id for each in model.catalogue().permissions if each.e_service_id == query.e_service_id}
    wanted = own if query.permission_id is None else own & {query.permission_id}
    held = [
        (home, account_id)
        for home in homes
        for account_id, permission_id in model.state(home).granted
        if permission_id in wanted
    ]
    return q.Reached(
        organisations=sum(query.e_service_id in model.state(home).agreements for home in homes),
        accounts=len(set(held)),
        grants=len(held),
    )


def _whole_catalogue(model: Model, query: q.WholeCatalogue, scope: q.Scope) -> Catalogue:
    whole = model.catalogue()
    seen = (
        each for each in whole.permissions if scope.organisation_id is None or each.is_launched(query.day)
    )
    return Catalogue(e_services=whole.e_services, permissions=tuple(seen))


def _written(model: Model, organisation_id: str, scope: q.Scope) -> list[Write]:
    """Give an organisation's writes; who sees one account only sees no history."""
    seen = _sees(scope, organisation_id) and scope.account_id is None
    return model.writes.get(organisation_id, []) if seen else []


def _is_wanted(query: q.Writes, event: h.AnyEvent) -> bool:
    """Say whether an event is about all that a question names."""
    told = {
        "account_id": getattr(event, "account_id", None),
        "permission_id": getattr(event, "permission_id", None),
        "event_kind": event.__struct_config__.tag,
    }
    return all(getattr(query, name) in (None, value) for name, value in told.items())


def _write_row(
    model: Model,
    organisation_id: str,
    write: Write,
    events: tuple[h.AnyEvent, ...],
    shown: tuple[h.AnyEvent, ...],
) -> q.WriteRow:
    accounts = model.state(organisation_id).accounts
    return q.WriteRow(
        changeset_id=write.changeset.id,
        organisation_id=organisation_id,
        at=write.receipt.written_at,
        by=write.records[0].actor_name,
        actor_organisation_id=write.actor.organisation_id,
        actor_id=write.actor.account_id,
        note=write.changeset.note or "",
        events=shown,
        event_count=len(write.records),
        matching=len(events),
        undoes=write.changeset.undoes,
        undone_by=model.undone_by(organisation_id).get(write.changeset.id),
        names={each: accounts[each].name for each in h.accounts_in(shown)},
    )


def _writes(model: Model, query: q.Writes, scope: q.Scope) -> q.Page[q.WriteRow]:
    all_writes = _written(model, query.organisation_id, scope)
    rows: list[q.WriteRow] = []
    for write in all_writes:
        day = day_of(datetime.fromisoformat(write.receipt.written_at))
        if not (query.from_day or date.min) <= day <= (query.until_day or date.max):
            continue
        home = query.actor_organisation_id or query.organisation_id
        if query.actor_id is not None and (home, query.actor_id) != (
            write.actor.organisation_id,
            write.actor.account_id,
        ):
            continue
        if query.changeset_id not in (None, str(write.changeset.id)):
            continue
        events = tuple(record.event for record in write.records if _is_wanted(query, record.event))
        if not events:
            continue
        shown = events if query.changeset_id is not None else events[: q.MOST_EVENTS_SHOWN]
        rows.append(_write_row(model, query.organisation_id, write, events, shown))
    first = {str(write.changeset.id): write.receipt.first_number for write in all_writes}
    return _page(rows, lambda row: (first[row.changeset_id],), query, descending=True)


def _news_since(model: Model, query: q.NewsSince, scope: q.Scope) -> q.News:
    """Go through all writes of everywhere, and leave out what is known or not for the asker."""
    asked = followed(query)
    known = {} if query.cursor is None else places_in(query.cursor)
    seen = [each for each in asked if each in model.writes and (_sees(scope, each) or each == AUTHORITY)]
    heads = {each: len(model.records(each)) for each in seen}
    places = {each: known.get(each, heads[each]) for each in seen}
    rows: list[q.WriteRow] = []
    touched: set[str] = set()
    most, more = most_writes(query), False
    for each in seen:
        if places[each] == heads[each]:
            continue
        if len(rows) == most:
            more = True
            continue
        touched.add(each)
        for write in model.writes[each] if _sees(scope, each) else ():
            events = tuple(
                record.event
                for record in write.records
                if scope.account_id in (None, getattr(record.event, "account_id", None))
            )
            if write.receipt.first_number <= places[each] or not events:
                continue
            if len(rows) == most:
                more = True
                break
            row = _write_row(model, each, write, events, events[: q.MOST_EVENTS_SHOWN])
            rows.append(row if scope.account_id is None else for_its_account(row))
            places[each] = write.receipt.first_number
        else:
            places[each] = heads[each]
    return q.News(cursor=cursor_at(places), touched=frozenset(touched), writes=tuple(rows), more=more)


def _differences(model: Model, query: q.DifferencesBetween, scope: q.Scope) -> q.Differences:
    if not _sees(scope, query.organisation_id) or scope.account_id is not None:
        return q.Differences()
    days = (query.from_day, query.until_day)
    before, after = (
        {row.account.id: row for row in _rows(model, scope, query.organisation_id, day, day)} for day in days
    )
    if query.until_day < query.from_day:
        after = before
    compared = (difference(before.get(each), after.get(each)) for each in before.keys() | after.keys())
    found = [each for each in compared if each is not None]
    found.sort(
        key=lambda each: (sort_key(each.account.family_name, each.account.given_name), each.account_id)
    )
    return q.Differences(people=tuple(found))


def _inverse_of(model: Model, query: q.InverseOf, scope: q.Scope) -> q.Inverse:
    writes = _written(model, query.organisation_id, scope)
    found = next((each for each in writes if each.changeset.id == query.changeset_id), None)
    if found is None:
        return q.Inverse(refusals=(Refusal("not_found", query.changeset_id),))
    made = inverse([record.event for record in found.records], model.state(query.organisation_id))
    refusals = tuple(each for each in made if isinstance(each, Refusal))
    if refusals:
        return q.Inverse(refusals=refusals)
    return q.Inverse(changes=tuple(each for each in made if not isinstance(each, Refusal)))


def _card_views(model: Model, query: q.CardViews, scope: q.Scope) -> q.Page[q.CardView]:
    seen = _sees(scope, query.organisation_id) and scope.account_id is None
    views = list(enumerate(model.card_views.get(query.organisation_id, []), 1)) if seen else []
    numbers = {id(view): number for number, view in views}
    rows = [view for _, view in views if query.account_id in (None, view.account_id)]
    return _page(rows, lambda row: (numbers[id(row)],), query, descending=True)


def _contact_on(model: Model, query: q.ContactOn, scope: q.Scope) -> Contact:
    return contact_on(model.state(AUTHORITY).contact, query.day)


# What is current ------------------------------------------------------------------------------------


def _places(model: Model) -> dict[str, tuple[int, int]]:
    """Give where each announcement stands: the minute of its publication, then the order of the writes."""
    known = model.state(AUTHORITY).announcements
    return {
        record.event.announcement_id: (
            int(known[record.event.announcement_id].content.published_at.timestamp() // 60),
            record.number,
        )
        for record in model.records(AUTHORITY)
        if isinstance(record.event, h.AnnouncementPublished)
    }


def _announcement_rows(
    model: Model, query: q.Announcements | q.AnnouncementById | q.CurrentNotice, scope: q.Scope
) -> list[AnnouncementRow]:
    """Give every announcement that is in sight, as a row."""
    if not _sees(scope, query.organisation_id) or scope.account_id is not None:
        return []
    everywhere = scope.organisation_id is None
    day = day_of(query.moment)
    catalogue = model.catalogue()
    given = {permission_id for _, permission_id in model.state(query.organisation_id).granted}
    read = model.reads.get((query.organisation_id, query.account_id), set())
    said = model.handled.get(query.organisation_id, {})
    registered = [
        stamp.at
        for event, stamp in _stamps(model, query.organisation_id)
        if isinstance(event, h.AccountRegistered) and event.account_id == query.account_id
    ]
    since = datetime.fromisoformat(registered[0]) if registered else datetime.max.replace(tzinfo=UTC)
    rows: list[AnnouncementRow] = []
    for each in model.state(AUTHORITY).announcements.values():
        content = each.content
        current = content.published_at <= query.moment and each.withdrawn_on is None
        if not everywhere and not current:
            continue
        permissions = [catalogue.permission(one) for one in content.permission_ids]
        known = [one for one in permissions if one is not None]
        seen = tuple(one.id for one in known if everywhere or one.is_launched(day))
        action = "" if query.organisation_id == AUTHORITY else content.action
        rows.append(
            AnnouncementRow(
                id=each.id,
                kind=content.kind,
                title=content.title,
                published_at=content.published_at,
                effective_on=content.effective_on,
                e_service_id=content.e_service_id,
                permission_ids=seen,
                coming=len(known) - len(seen),
                action=content.action,
                begins=content.begins,
                ends=content.ends,
                version=each.version,
                is_unread=current and each.id not in read and content.published_at >= since,
                done=done(action, known, given, said=each.id in said, day=day),
                said=said.get(each.id),
                is_scheduled=content.published_at > query.moment,
                withdrawn_on=each.withdrawn_on,
                corrected_on=each.corrections[-1].on if each.corrections else None,
            )
        )
    return rows


def _announcements(model: Model, query: q.Announcements, scope: q.Scope) -> q.Page[AnnouncementRow]:
    places, known = _places(model), model.state(AUTHORITY).announcements

    def matches(row: AnnouncementRow) -> bool:
        text = search_key(row.title, known[row.id].content.text)
        return (
            query.about in (None, row.kind)
            and query.e_service_id in (None, row.e_service_id)
            and (row.is_unread or not query.unread_only)
            and all(word in text for word in search_key(query.search).split())
        )

    rows = [row for row in _announcement_rows(model, query, scope) if matches(row)]
    return _page(rows, lambda row: places[row.id], query, descending=True)


def _announcement_by_id(model: Model, query: q.AnnouncementById, scope: q.Scope) -> AnnouncementDetail | None:
    rows = _announcement_rows(model, query, scope)
    row = next((each for each in rows if each.id == query.announcement_id), None)
    if row is None:
        return None
    whole = model.state(AUTHORITY).announcements[row.id]
    return AnnouncementDetail(row=row, text=whole.content.text, corrections=whole.corrections)


def _current_notice(model: Model, query: q.CurrentNotice, scope: q.Scope) -> Notice | None:
    if not _sees(scope, query.organisation_id) or scope.account_id is not None:
        return None
    rows = _announcement_rows(model, query, scope)
    unread = sum(row.is_unread for row in rows)
    places = _places(model)
    lasting = [
        row
        for row in rows
        if row.begins is not None
        and (row.ends is None or row.ends > query.moment)
        and not row.is_scheduled
        and row.withdrawn_on is None
    ]
    lasting.sort(key=lambda row: (row.begins, places[row.id]))
    return Notice(
        unread=min(unread, MOST_UNREAD),
        more=unread > MOST_UNREAD,
        banners=tuple(
            Banner(id=row.id, kind=row.kind, title=row.title, begins=row.begins, ends=row.ends)
            for row in lasting
            if row.begins is not None
        )[:MOST_BANNERS],
    )


def _own_preferences(model: Model, _query: q.OwnPreferences, scope: q.Scope) -> Chosen:
    return model.preferences.get((scope.organisation_id or "", scope.account_id or ""), Chosen())


ANSWERS: dict[type[q.Query[Any]], Callable[..., Any]] = {
    q.Accounts: _accounts,
    q.AccountsByKey: _accounts_by_key,
    q.HsaIdHolders: _hsa_id_holders,
    q.EmailCounts: _email_counts,
    q.AccountById: _account_by_id,
    q.Cell: _cell,
    q.OrganisationById: _organisation_by_id,
    q.WholeCatalogue: _whole_catalogue,
    q.Writes: _writes,
    q.NewsSince: _news_since,
    q.DifferencesBetween: _differences,
    q.InverseOf: _inverse_of,
    q.CardViews: _card_views,
    q.ContactOn: _contact_on,
    q.Announcements: _announcements,
    q.AnnouncementById: _announcement_by_id,
    q.CurrentNotice: _current_notice,
    q.NearAccounts: _near_accounts,
    q.Organisations: _organisations,
    q.HowMany: _how_many,
    q.OwnPreferences: _own_preferences,
}

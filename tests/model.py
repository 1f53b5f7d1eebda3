"""A storage that keeps every record in a list and replays it for each question: slow, and plain to see.

The contract suite runs on it, and what the databases answer is compared with what it answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, TypeVar

import msgspec

from core import history as h
from core import queries as q
from core.access import Granted, explain
from core.catalogue import Catalogue
from core.changes import Changeset, Receipt
from core.days import day_of
from core.directory import AUTHORITY, Account, Actor, Role
from core.identity import hsa_key
from core.ports import Membership, Refused
from core.refusal import Refusal, WrongValueError
from core.rules import Decision, Facts, decide, needs
from core.text import search_key, sort_key
from core.undo import inverse
from core.wire import encode

R = TypeVar("R")
Key = tuple[str | int, ...]


class Write(msgspec.Struct, frozen=True, kw_only=True):
    """A changeset that was written, with its records and its actor as he was then."""

    changeset: Changeset
    receipt: Receipt
    actor: Actor
    records: tuple[h.Record, ...]


class Model:
    """Every organisation's writes in order; all else is found by replay."""

    def __init__(self, *, test_ids: bool = True) -> None:
        """Begin empty; ``test_ids`` says whether HSA-ids of test environments are taken."""
        self.test_ids = test_ids
        self.writes: dict[str, list[Write]] = {}

    def copy(self) -> Model:
        """Give another model with the same writes, to go on with."""
        other = Model(test_ids=self.test_ids)
        other.writes = {organisation_id: [*writes] for organisation_id, writes in self.writes.items()}
        return other

    # What replay gives -----------------------------------------------------------------------

    def records(self, organisation_id: str) -> list[h.Record]:
        """Give an organisation's records in order."""
        return [record for write in self.writes.get(organisation_id, ()) for record in write.records]

    def state(self, organisation_id: str) -> h.State:
        """Give an organisation as its records made it."""
        return h.replay(organisation_id, (record.event for record in self.records(organisation_id)))

    def catalogue(self) -> Catalogue:
        """Give the catalogue as Migrationsverket's records made it."""
        return self.state(AUTHORITY).catalogue()

    def facts(self, changeset: Changeset, actor: Actor, *, whole: bool = False) -> Facts:
        """Give what :func:`core.rules.needs` asks for and nothing more, or (``whole``) all there is."""
        now = self.state(changeset.organisation_id)
        need = needs(changeset)
        catalogue = self.catalogue()
        keys = {hsa_key(each.hsa_id): each.id for each in now.accounts.values()}
        holders = {key: keys[key] for key in need.hsa_keys if key in keys}
        state = now
        if not whole:
            wanted = need.account_ids | set(holders.values())
            ended = {each.id for each in catalogue.permissions if each.e_service_id in need.e_service_ids}
            state = h.State(changeset.organisation_id)
            state.organisation = now.organisation
            state.agreements = now.agreements
            state.accounts = {key: each for key, each in now.accounts.items() if key in wanted}
            state.granted = {
                (account_id, permission_id)
                for account_id, permission_id in now.granted
                if account_id in need.account_ids or permission_id in ended
            }
        roles = set(Role) if whole else need.count_roles
        active = {
            role: sum(each.active and each.role is role for each in now.accounts.values()) for role in roles
        }
        own = self.state(actor.organisation_id).accounts.get(actor.account_id)
        return Facts(
            state=state,
            catalogue=catalogue,
            holders=keys if whole else holders,
            active=active,
            actor=None if actor.role is Role.INSTALLATION else own,
            test_ids=self.test_ids,
        )

    # The one way to write ----------------------------------------------------------------------

    def decide(self, changeset: Changeset, actor: Actor, now: datetime) -> Decision:
        """Decide a changeset without writing anything."""
        return decide(changeset, actor, self.facts(changeset, actor), day_of(now))

    def write(self, changeset: Changeset, actor: Actor, now: datetime) -> Receipt | Refused:
        """Write a changeset, all or nothing."""
        writes = self.writes.get(changeset.organisation_id, [])
        at_home = actor.role in (Role.SUPPORT, Role.INSTALLATION) or (
            actor.organisation_id == changeset.organisation_id
        )
        before = next((each for each in writes if each.changeset.id == changeset.id), None)
        if before is not None and at_home:
            if encode(before.changeset) != encode(changeset):
                return Refused((Refusal("changeset_id_reused", changeset.id),))
            return msgspec.structs.replace(before.receipt, repeated=True)
        decision = self.decide(changeset, actor, now)
        if decision.refusals:
            return Refused(decision.refusals)
        first = len(self.records(changeset.organisation_id)) + 1
        at = now.astimezone(UTC).isoformat(timespec="microseconds")
        records = tuple(
            h.Record(
                organisation_id=changeset.organisation_id,
                number=number,
                at=at,
                changeset_id=changeset.id,
                actor_id=actor.account_id,
                event=event,
            )
            for number, event in enumerate(decision.events, first)
        )
        receipt = Receipt(
            changeset_id=changeset.id,
            organisation_id=changeset.organisation_id,
            first_number=first,
            last_number=first + len(records) - 1,
            written_at=at,
        )
        made = Write(changeset=changeset, receipt=receipt, actor=actor, records=records)
        self.writes.setdefault(changeset.organisation_id, []).append(made)
        return receipt

    # The protocol --------------------------------------------------------------------------------

    async def identify(self, hsa_id: str) -> tuple[Membership, ...]:
        """Give the active accounts that an HSA-id has."""
        found: list[Membership] = []
        for organisation_id in self.writes:
            state = self.state(organisation_id)
            for account in state.accounts.values():
                if account.active and hsa_key(account.hsa_id) == hsa_key(hsa_id):
                    assert state.organisation is not None
                    found.append(Membership(account=account, organisation=state.organisation))
        return tuple(sorted(found, key=lambda each: sort_key(each.organisation.name)))

    async def ask(self, query: q.Query[R], scope: q.Scope) -> R:
        """Answer a question within a scope."""
        answer: R = ANSWERS[type(query)](self, query, scope)
        return answer

    async def rehearse(self, changeset: Changeset, actor: Actor, now: datetime) -> Decision:
        """Decide a changeset without writing anything."""
        return self.decide(changeset, actor, now)

    async def commit(self, changeset: Changeset, actor: Actor, now: datetime) -> Receipt | Refused:
        """Write a changeset, all or nothing."""
        return self.write(changeset, actor, now)

    async def close(self) -> None:
        """Nothing is held open."""


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


def _rows(model: Model, scope: q.Scope, organisation_id: str | None, day: date) -> list[q.AccountRow]:
    """Give every account within a scope (and an organisation) as a row."""
    rows: list[q.AccountRow] = []
    for each in list(model.writes):
        if organisation_id in (None, each) and _sees(scope, each):
            state = model.state(each)
            rows.extend(
                _row(model, state, account, day)
                for account in state.accounts.values()
                if _sees(scope, each, account.id)
            )
    return rows


def name_key(row: q.AccountRow) -> Key:
    """Give what a row is sorted by when it is sorted by name."""
    account = row.account
    return (sort_key(account.family_name, account.given_name), account.organisation_id, account.id)


def _sorted_by(query: q.Accounts) -> Callable[[q.AccountRow], Key]:
    def key(row: q.AccountRow) -> Key:
        account = row.account
        first: dict[q.SortBy, str | int] = {
            q.SortBy.NAME: sort_key(account.family_name, account.given_name),
            q.SortBy.HSA_ID: sort_key(account.hsa_id),
            q.SortBy.EMAIL: sort_key(account.email),
            q.SortBy.PERMISSIONS: len(row.granted),
        }
        return (first[query.sort_by], account.organisation_id, account.id)

    return key


def _matches(model: Model, query: q.Accounts, row: q.AccountRow) -> bool:
    account = row.account
    standing = {q.Standing.ACTIVE: account.active, q.Standing.DEREGISTERED: not account.active}
    if not standing.get(query.standing, True) or query.role not in (None, account.role):
        return False
    text = search_key(account.given_name, account.family_name, account.hsa_id, account.email)
    if not all(word in text for word in search_key(query.search).split()):
        return False
    if query.e_service_id is None and query.permission_id is None:
        return True
    wanted = {
        each.id
        for each in model.catalogue().permissions
        if query.e_service_id in (None, each.e_service_id) and query.permission_id in (None, each.id)
    }
    return bool(row.granted & wanted) != query.lacking


def _accounts(model: Model, query: q.Accounts, scope: q.Scope) -> q.Page[q.AccountRow]:
    rows = [
        row for row in _rows(model, scope, query.organisation_id, query.day) if _matches(model, query, row)
    ]
    return _page(rows, _sorted_by(query), query, descending=query.descending, direction=query.direction)


def _page(
    rows: Sequence[R],
    key: Callable[[R], Key],
    query: q.Accounts | q.Writes,
    *,
    descending: bool,
    direction: q.Direction = q.Direction.AFTER,
) -> q.Page[R]:
    limit = max(1, min(query.limit, q.MOST_ROWS))
    question = sha256(
        encode(
            msgspec.structs.replace(query, cursor=None, limit=1)
            if isinstance(query, q.Writes)
            else msgspec.structs.replace(query, cursor=None, limit=1, direction=q.Direction.AFTER)
        )
    ).hexdigest()

    def cursor(row: R) -> str:
        return json.dumps([question, *key(row)])

    ordered = sorted(rows, key=key, reverse=descending)
    at: Key | None = None
    if query.cursor is not None:
        try:
            found, *parts = json.loads(query.cursor)
        except (ValueError, TypeError):
            raise WrongValueError(Refusal("cursor", "cursor")) from None
        if found != question:
            raise WrongValueError(Refusal("cursor", "cursor"))
        at = tuple(parts)

    def comes_before(one: Key, other: Key) -> bool:
        return one > other if descending else one < other

    if direction is q.Direction.AFTER:
        beyond = [row for row in ordered if at is None or comes_before(at, key(row))]
        page = beyond[:limit]
    else:
        beyond = [row for row in ordered if at is None or comes_before(key(row), at)]
        page = beyond[-limit:]
    return q.Page(
        rows=tuple(page),
        before=cursor(page[0]) if page and page[0] is not ordered[0] else None,
        after=cursor(page[-1]) if page and page[-1] is not ordered[-1] else None,
        total=min(len(ordered), q.COUNT_LIMIT),
        more=len(ordered) > q.COUNT_LIMIT,
    )


def _accounts_by_key(model: Model, query: q.AccountsByKey, scope: q.Scope) -> tuple[q.AccountRow, ...]:
    rows = _rows(model, scope, query.organisation_id, query.day)
    return tuple(sorted((row for row in rows if row.account.id in query.account_ids), key=name_key))


def _hsa_id_holder(model: Model, query: q.HsaIdHolder, scope: q.Scope) -> q.AccountRow | None:
    rows = _rows(model, scope, query.organisation_id, query.day)
    key = hsa_key(query.hsa_id)
    return next((row for row in rows if hsa_key(row.account.hsa_id) == key), None)


def _email_count(model: Model, query: q.EmailCount, scope: q.Scope) -> int:
    rows = _rows(model, scope, query.organisation_id, date.min)
    email = query.email.lower()
    return sum(row.account.active and row.account.email.lower() == email for row in rows)


def _stamps(model: Model, organisation_id: str) -> Iterable[tuple[h.AnyEvent, q.Stamp]]:
    for write in model.writes.get(organisation_id, ()):
        for record in write.records:
            yield record.event, q.Stamp(at=record.at, by=write.actor.name)


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
            each.active and each.id != account.id and each.email.lower() == account.email.lower()
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
    return q.OrganisationDetail(
        organisation=state.organisation,
        agreements=frozenset(state.agreements),
        administrators=tuple(administrators),
        active_accounts=min(len(active), q.COUNT_LIMIT),
        more_accounts=len(active) > q.COUNT_LIMIT,
    )


def _whole_catalogue(model: Model, query: q.WholeCatalogue, scope: q.Scope) -> Catalogue:
    whole = model.catalogue()
    seen = (
        each for each in whole.permissions if scope.organisation_id is None or each.is_launched(query.day)
    )
    return Catalogue(e_services=whole.e_services, permissions=tuple(seen))


def _touched(write: Write) -> set[str]:
    ids = (getattr(record.event, "account_id", None) for record in write.records)
    return {str(each) for each in ids if each is not None}


def _writes(model: Model, query: q.Writes, scope: q.Scope) -> q.Page[q.WriteRow]:
    all_writes = model.writes.get(query.organisation_id, []) if _sees(scope, query.organisation_id) else []
    accounts = model.state(query.organisation_id).accounts
    rows: list[q.WriteRow] = []
    for write in all_writes:
        if query.account_id is not None and query.account_id not in _touched(write):
            continue
        if query.actor_id not in (None, write.actor.account_id):
            continue
        if query.changeset_id not in (None, str(write.changeset.id)):
            continue
        undone_by = [each.changeset.id for each in all_writes if each.changeset.undoes == write.changeset.id]
        events = tuple(record.event for record in write.records)
        rows.append(
            q.WriteRow(
                changeset_id=write.changeset.id,
                organisation_id=query.organisation_id,
                at=write.receipt.written_at,
                by=write.actor.name,
                actor_id=write.actor.account_id,
                note=write.changeset.note or "",
                events=events if query.changeset_id is not None else events[: q.MOST_EVENTS_SHOWN],
                event_count=len(events),
                undoes=write.changeset.undoes,
                undone_by=undone_by[-1] if undone_by else None,
                names={each: accounts[each].name for each in _touched(write)},
            )
        )
    first = {str(write.changeset.id): write.receipt.first_number for write in all_writes}
    return _page(rows, lambda row: (first[row.changeset_id],), query, descending=True)


def _inverse_of(model: Model, query: q.InverseOf, scope: q.Scope) -> q.Inverse:
    writes = model.writes.get(query.organisation_id, []) if _sees(scope, query.organisation_id) else []
    found = next((each for each in writes if each.changeset.id == query.changeset_id), None)
    if found is None:
        return q.Inverse(refusals=(Refusal("not_found", query.changeset_id),))
    made = inverse([record.event for record in found.records], model.state(query.organisation_id))
    refusals = tuple(each for each in made if isinstance(each, Refusal))
    if refusals:
        return q.Inverse(refusals=refusals)
    return q.Inverse(changes=tuple(each for each in made if not isinstance(each, Refusal)))


ANSWERS: dict[type[q.Query[Any]], Callable[..., Any]] = {
    q.Accounts: _accounts,
    q.AccountsByKey: _accounts_by_key,
    q.HsaIdHolder: _hsa_id_holder,
    q.EmailCount: _email_count,
    q.AccountById: _account_by_id,
    q.Cell: _cell,
    q.OrganisationById: _organisation_by_id,
    q.WholeCatalogue: _whole_catalogue,
    q.Writes: _writes,
    q.InverseOf: _inverse_of,
}

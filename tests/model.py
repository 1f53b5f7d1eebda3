"""A storage that keeps every record in a list and replays it for each question: slow, and plain to see.

The contract suite runs on it, and what the databases answer is compared with what it answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import TypeVar

import msgspec

from core import history as h
from core import queries as q
from core.announcements import Said
from core.catalogue import Catalogue
from core.changes import Changeset, Receipt
from core.days import day_of
from core.directory import AUTHORITY, Actor, Role
from core.identity import hsa_key
from core.journal import (
    MOST_READ,
    AnnouncementHandled,
    AnnouncementsRead,
    AnyEntry,
    CardSeen,
    PreferencesChosen,
    what_is_seen,
    why_not_entry,
    why_not_shown,
)
from core.ports import Membership, Refused
from core.preferences import Chosen, words_of
from core.refusal import NotAllowedError, Refusal
from core.rules import Decision, Facts, Undone, decide, needs
from core.text import sort_key
from tests.answers import ANSWERS

R = TypeVar("R")


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
        self.card_views: dict[str, list[q.CardView]] = {}
        self.reads: dict[tuple[str, str], set[str]] = {}
        self.handled: dict[str, dict[str, Said]] = {}
        self.preferences: dict[tuple[str, str], Chosen] = {}
        self.followers: set[asyncio.Event] = set()
        self.is_closed = False
        self._states: dict[str, tuple[int, h.State]] = {}
        self._former_names: dict[str, tuple[int, dict[str, list[str]]]] = {}

    def copy(self) -> Model:
        """Give another model with the same writes, to go on with."""
        other = Model(test_ids=self.test_ids)
        other.writes = {organisation_id: [*writes] for organisation_id, writes in self.writes.items()}
        other.card_views = {organisation_id: [*views] for organisation_id, views in self.card_views.items()}
        other.reads = {who: {*ids} for who, ids in self.reads.items()}
        other.handled = {organisation_id: {**said} for organisation_id, said in self.handled.items()}
        other.preferences = {**self.preferences}
        return other

    # What replay gives -----------------------------------------------------------------------

    def records(self, organisation_id: str) -> list[h.Record]:
        """Give an organisation's records in order."""
        return [record for write in self.writes.get(organisation_id, ()) for record in write.records]

    def replayed(self, organisation_id: str) -> h.State:
        """Give an organisation as its records made it, to be worked on."""
        return h.replay(organisation_id, (record.event for record in self.records(organisation_id)))

    def state(self, organisation_id: str) -> h.State:
        """Give an organisation as its records made it, to look at only: replayed once for each write."""
        writes = len(self.writes.get(organisation_id, ()))
        known = self._states.get(organisation_id)
        if known is None or known[0] != writes:
            known = self._states[organisation_id] = (writes, self.replayed(organisation_id))
        return known[1]

    def state_of(self, organisation_id: str, day: date) -> h.State:
        """Give an organisation as it was at the end of a day in Sweden."""
        records = self.records(organisation_id)
        until = (each.event for each in records if day_of(datetime.fromisoformat(each.at)) <= day)
        return h.replay(organisation_id, until)

    def former_names(self, organisation_id: str, account_id: str) -> list[str]:
        """Give the names that an account had when a write began that might change them, oldest first."""
        writes = self.writes.get(organisation_id, [])
        known = self._former_names.get(organisation_id)
        if known is None or known[0] != len(writes):
            known = self._former_names[organisation_id] = (len(writes), _former_names(writes))
        return known[1].get(account_id, [])

    def catalogue(self) -> Catalogue:
        """Give the catalogue as Migrationsverket's records made it."""
        return self.state(AUTHORITY).catalogue()

    def facts(self, changeset: Changeset, actor: Actor, *, whole: bool = False) -> Facts:
        """Give what :func:`core.rules.needs` asks for and nothing more, or (``whole``) all there is."""
        now = self.replayed(changeset.organisation_id)
        need = needs(changeset)
        catalogue = self.catalogue()
        undone = self.undone(changeset.organisation_id, need.undoes)
        touched = need.account_ids | (frozenset() if undone is None else h.accounts_in(undone.events))
        keys = {hsa_key(each.hsa_id): each.id for each in now.accounts.values()}
        holders = {key: keys[key] for key in need.hsa_keys if key in keys}
        state = now
        if not whole:
            wanted = touched | set(holders.values())
            ended = {each.id for each in catalogue.permissions if each.e_service_id in need.e_service_ids}
            state = h.State(changeset.organisation_id)
            state.organisation = now.organisation
            state.agreements = now.agreements
            state.contact = now.contact if need.contact else ()
            state.accounts = {key: each for key, each in now.accounts.items() if key in wanted}
            state.announcements = {
                key: each for key, each in now.announcements.items() if key in need.announcement_ids
            }
            state.granted = {
                (account_id, permission_id)
                for account_id, permission_id in now.granted
                if account_id in touched or permission_id in ended
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
            undone=undone,
        )

    def undone(self, organisation_id: str, changeset_id: str | None) -> Undone | None:
        """Give a write that shall be undone, ``None`` where there is none."""
        for write in self.writes.get(organisation_id, ()):
            if write.changeset.id == changeset_id:
                events = tuple(record.event for record in write.records)
                return Undone(events=events, undone_by=self.undone_by(organisation_id).get(changeset_id))
        return None

    def undone_by(self, organisation_id: str) -> dict[str, str]:
        """Give which write undid which: one that is undone itself undoes nothing."""
        found: dict[str, str] = {}
        for write in reversed(self.writes.get(organisation_id, ())):
            if write.changeset.undoes is not None and write.changeset.id not in found:
                found[write.changeset.undoes] = write.changeset.id
        return found

    # The one way to write ----------------------------------------------------------------------

    def decide(self, changeset: Changeset, actor: Actor, now: datetime) -> Decision:
        """Decide a changeset without writing anything."""
        earlier = self._earlier(changeset, actor)
        if isinstance(earlier, Refused):
            return Decision(refusals=earlier.refusals)
        return decide(changeset, actor, self.facts(changeset, actor), day_of(now))

    def _earlier(self, changeset: Changeset, actor: Actor) -> Receipt | Refused | None:
        at_home = actor.role in (Role.SUPPORT, Role.INSTALLATION) or (
            actor.organisation_id == changeset.organisation_id
        )
        writes = self.writes.get(changeset.organisation_id, [])
        before = next((each for each in writes if each.changeset.id == changeset.id), None)
        if before is None or not at_home:
            return None
        if (before.changeset, before.actor.account_id) != (changeset, actor.account_id):
            return Refused((Refusal("changeset_id_reused", changeset.id),))
        return msgspec.structs.replace(before.receipt, repeated=True)

    def write(self, changeset: Changeset, actor: Actor, now: datetime) -> Receipt | Refused:
        """Write a changeset, all or nothing."""
        writes = self.writes.get(changeset.organisation_id, [])
        earlier = self._earlier(changeset, actor)
        if earlier is not None:
            return earlier
        facts = self.facts(changeset, actor)
        decision = decide(changeset, actor, facts, day_of(now))
        if decision.refusals:
            return Refused(decision.refusals)
        first = len(self.records(changeset.organisation_id)) + 1
        at = now.astimezone(UTC).isoformat(timespec="microseconds")
        if writes:
            at = max(at, writes[-1].receipt.written_at)
        records = tuple(h.records_of(changeset, actor, facts.actor, at, first, decision.events))
        receipt = Receipt(
            changeset_id=changeset.id,
            organisation_id=changeset.organisation_id,
            first_number=first,
            last_number=first + len(records) - 1,
            written_at=at,
        )
        made = Write(changeset=changeset, receipt=receipt, actor=actor, records=records)
        self.writes.setdefault(changeset.organisation_id, []).append(made)
        for each in self.followers:
            each.set()
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

    async def ask(self, query: q.Query[R], actor: Actor, now: datetime) -> R:
        """Answer a question within the actor's scope."""
        seen = what_is_seen(query, actor)
        if seen is not None:
            why_not = why_not_shown(self.enter(seen, actor, now))
            if why_not is not None:
                raise NotAllowedError(why_not)
        answer: R = ANSWERS[type(query)](self, query, q.scope_for(query, actor))
        return answer

    async def follow(self, query: q.NewsSince, actor: Actor) -> AsyncGenerator[q.News]:
        """Give what is written from a place on, as it is written."""
        written, is_first = asyncio.Event(), True
        self.followers.add(written)
        try:
            while not self.is_closed:
                written.clear()
                news: q.News = ANSWERS[q.NewsSince](self, query, q.scope_of(actor))
                query = msgspec.structs.replace(query, cursor=news.cursor)
                if is_first or news.touched:
                    is_first = False
                    yield news
                if not news.more:
                    await written.wait()
        finally:
            self.followers.remove(written)

    async def rehearse(self, changeset: Changeset, actor: Actor, now: datetime) -> Decision:
        """Decide a changeset without writing anything."""
        return self.decide(changeset, actor, now)

    async def commit(self, changeset: Changeset, actor: Actor, now: datetime) -> Receipt | Refused:
        """Write a changeset, all or nothing."""
        return self.write(changeset, actor, now)

    async def note(self, entry: AnyEntry, actor: Actor, now: datetime) -> Refused | None:
        """Keep a note beside the history, or tell why not."""
        return self.enter(entry, actor, now)

    def enter(self, entry: AnyEntry, actor: Actor, now: datetime) -> Refused | None:
        """Keep a note beside the history, or tell why not."""
        own = self.state(actor.organisation_id).accounts.get(actor.account_id)
        refusal = why_not_entry(entry, actor, own)
        if refusal is None:
            refusal = self._why_not_there(entry, actor, now)
        if refusal is not None:
            return Refused((refusal,))
        at = now.astimezone(UTC).isoformat(timespec="microseconds")
        name = actor.name if own is None else own.name
        match entry:
            case CardSeen():
                view = q.CardView(at=at, by=name, actor_id=actor.account_id, account_id=entry.account_id)
                self.card_views.setdefault(entry.organisation_id, []).append(view)
            case AnnouncementsRead():
                read = self.reads.setdefault((actor.organisation_id, actor.account_id), set())
                read.update(self._seen(entry.announcement_ids, actor, now))
            case AnnouncementHandled():
                said = self.handled.setdefault(entry.organisation_id, {})
                said.pop(entry.announcement_id, None)
                if entry.is_done:
                    said[entry.announcement_id] = Said(at=at, by=name)
            case PreferencesChosen():
                self.preferences[(actor.organisation_id, actor.account_id)] = Chosen(
                    profile=entry.profile.value, switches=words_of(entry.switches), at=at
                )
        return None

    def _why_not_there(self, entry: AnyEntry, actor: Actor, now: datetime) -> Refusal | None:
        """Tell that what a note is about is not there to be seen, or ``None``."""
        if isinstance(entry, CardSeen):
            known = entry.account_id in self.state(entry.organisation_id).accounts
            return None if known else Refusal("not_found", entry.account_id)
        if entry.organisation_id not in self.writes:
            return Refusal("not_found", entry.organisation_id)
        if isinstance(entry, PreferencesChosen):
            return None
        ids = entry.announcement_ids if isinstance(entry, AnnouncementsRead) else (entry.announcement_id,)
        if len(ids) > MOST_READ:
            return Refusal("too_many_keys", "", {"most": MOST_READ, "count": len(ids)})
        return None if self._seen(ids, actor, now) else Refusal("not_found", ids[0] if ids else "")

    def _seen(self, ids: Iterable[str], actor: Actor, now: datetime) -> set[str]:
        known = self.state(AUTHORITY).announcements
        everywhere = actor.role in (Role.SUPPORT, Role.INSTALLATION)
        return {
            str(each)
            for each in ids
            if each in known
            and (everywhere or (known[each].content.published_at <= now and known[each].withdrawn_on is None))
        }

    async def close(self) -> None:
        """End what follows; nothing else is held open."""
        self.is_closed = True
        for each in self.followers:
            each.set()


def _former_names(writes: Sequence[Write]) -> dict[str, list[str]]:
    """Give by account the names it had when a write began that might change them, oldest first."""
    names: dict[str, list[str]] = {}
    for write in writes:
        seen: set[str] = set()
        for record in write.records:
            event = record.event
            if not isinstance(event, h.AccountRegistered | h.AccountAmended | h.AccountReregistered):
                continue
            # What it was between two events of the same write, nobody has ever seen.
            if event.account_id not in seen and not isinstance(event, h.AccountRegistered):
                name = f"{event.before.given_name} {event.before.family_name}"
                names.setdefault(event.account_id, []).append(name)
            seen.add(event.account_id)
    return names

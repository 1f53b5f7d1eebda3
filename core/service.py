"""The use cases: one service for every front end, as one actor on one storage."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from core.changes import AnyChange, Changeset, Grant, Receipt, Revoke
from core.days import Clock, day_of
from core.directory import Account, Actor, Organisation
from core.draft import Draft, Stale, what_is_stale
from core.identity import HsaId, Id, Note
from core.journal import AnyEntry
from core.ports import Membership, Refused, Storage
from core.queries import (
    MOST_KEYS,
    AccountRow,
    AccountsByKey,
    EmailCounts,
    HsaIdHolders,
    InverseOf,
    News,
    NewsSince,
    OrganisationById,
    OrganisationDetail,
    Query,
    WholeCatalogue,
    within_today,
)
from core.refusal import NotAllowedError, Refusal
from core.review import Caution, cautions, reaches

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.rules import Decision

R = TypeVar("R")

NewId = Callable[[], str]
"""Gives a fresh opaque id. The program's is random; tests bring a counting one."""


def _in_parts(keys: frozenset[str]) -> Iterator[frozenset[str]]:
    """Give keys in as many parts as there are questions needed to ask about all."""
    ordered = sorted(keys)
    for start in range(0, len(ordered), MOST_KEYS):
        yield frozenset(ordered[start : start + MOST_KEYS])


def actor_of(membership: Membership) -> Actor:
    """Give the actor that an account found at sign-in is."""
    account: Account = membership.account
    organisation: Organisation = membership.organisation
    return Actor(
        account_id=account.id,
        organisation_id=organisation.id,
        role=account.role,
        name=account.name,
        hsa_id=account.hsa_id,
    )


class Service:
    """What an actor can ask and write. Every front end enters here."""

    def __init__(self, storage: Storage, actor: Actor, clock: Clock, new_id: NewId) -> None:
        """Work for ``actor`` on ``storage``; ``clock`` gives moments in UTC, ``new_id`` fresh ids."""
        self.storage = storage
        self.actor = actor
        self.new_id = new_id
        self._clock = clock

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return self._clock()

    def today(self) -> date:
        """The present day in Sweden."""
        return day_of(self._clock())

    async def ask(self, query: Query[R]) -> R:
        """Answer a question within the actor's scope; a role that may not ask gets an error."""
        self._check(query)
        now = self.now()
        return await self.storage.ask(within_today(query, self.actor, now), self.actor, now)

    def follow(self, query: NewsSince) -> AsyncGenerator[News]:
        """Give what is written from a place on, as it is written; a role that may not ask gets an error."""
        self._check(query)
        return self.storage.follow(query, self.actor)

    def _check(self, query: Query[R]) -> None:
        if self.actor.role not in query.asked_by:
            raise NotAllowedError(Refusal("not_your_role", "", {"role": self.actor.role.value}))

    async def note(self, entry: AnyEntry) -> Refused | None:
        """Keep a note beside the history, or tell why not."""
        return await self.storage.note(entry, self.actor, self.now())

    async def rehearse(self, changeset: Changeset) -> Decision:
        """Tell what a changeset would do, and write nothing."""
        return await self.storage.rehearse(changeset, self.actor, self.now())

    async def commit(self, changeset: Changeset) -> Receipt | Refused:
        """Write a changeset, all or nothing."""
        return await self.storage.commit(changeset, self.actor, self.now())

    def changeset(
        self,
        organisation_id: str,
        changes: tuple[AnyChange, ...],
        note: Note | None = None,
        undoes: str | None = None,
    ) -> Changeset:
        """Put changes together under a fresh id."""
        return Changeset(
            id=Id(self.new_id()),
            organisation_id=Id(organisation_id),
            changes=changes,
            note=note,
            undoes=None if undoes is None else Id(undoes),
        )

    async def undo(self, organisation_id: str, changeset_id: str) -> Changeset | Refused:
        """Make the changeset that takes a write back, for review; nothing is written here.

        A permission that has ended since cannot be given back and is of no use to anybody: it is left
        out, so that a person who had one can still be taken back (DOMAIN 3.5).
        """
        found = await self.ask(InverseOf(organisation_id=organisation_id, changeset_id=changeset_id))
        if found.refusals:
            return Refused(found.refusals)
        catalogue = await self.ask(WholeCatalogue(day=self.today()))
        ended = {each.id for each in catalogue.permissions if each.is_retired(self.today())}
        changes = tuple(
            change
            for change in found.changes
            if not (isinstance(change, Grant | Revoke) and change.permission_id in ended)
        )
        if not changes:
            return Refused((Refusal("undo_nothing_left"),))
        return self.changeset(organisation_id, changes, undoes=changeset_id)

    async def rows(
        self, organisation_id: str, account_ids: frozenset[str], as_of: date | None = None
    ) -> dict[str, AccountRow]:
        """Give the accounts of a selection by id, as they are or were at the end of a day."""
        answer: dict[str, AccountRow] = {}
        for ids in _in_parts(account_ids):
            query = AccountsByKey(
                day=self.today(), as_of=as_of, organisation_id=organisation_id, account_ids=ids
            )
            answer.update((row.account.id, row) for row in await self.ask(query))
        return answer

    async def holder(self, organisation_id: str, hsa_id: HsaId) -> AccountRow | None:
        """Give the account that has an HSA-id in an organisation, active or not."""
        return (await self.holders(organisation_id, frozenset({hsa_id.key}))).get(hsa_id.key)

    async def holders(self, organisation_id: str, hsa_keys: frozenset[str]) -> dict[str, AccountRow]:
        """Give the accounts that have HSA-ids in an organisation, active or not, by the ids' keys."""
        answer: dict[str, AccountRow] = {}
        for keys in _in_parts(hsa_keys):
            query = HsaIdHolders(day=self.today(), organisation_id=organisation_id, hsa_ids=keys)
            answer.update(await self.ask(query))
        return answer

    async def email_counts(self, organisation_id: str, emails: frozenset[str]) -> dict[str, int]:
        """Tell how many active accounts of an organisation have each address that somebody has."""
        answer: dict[str, int] = {}
        for part in _in_parts(emails):
            answer.update(await self.ask(EmailCounts(organisation_id=organisation_id, emails=part)))
        return answer

    async def organisation(self, organisation_id: str) -> OrganisationDetail:
        """Give an organisation in scope; anything else is "not found"."""
        found = await self.ask(OrganisationById(organisation_id=organisation_id))
        if found is None:
            raise NotAllowedError(Refusal("not_found", organisation_id))
        return found

    async def stale(self, draft: Draft) -> tuple[Stale, ...]:
        """Tell what of a draft no longer fits what is true now."""
        detail = await self.organisation(draft.organisation_id)
        holders = await self.holders(draft.organisation_id, draft.hsa_keys)
        return what_is_stale(
            draft,
            actor=self.actor,
            rows=await self.rows(draft.organisation_id, draft.account_ids),
            holders={key: row.account for key, row in holders.items()},
            catalogue=await self.ask(WholeCatalogue(day=self.today())),
            agreements=detail.agreements,
            day=self.today(),
        )

    async def cautions(self, changeset: Changeset) -> tuple[Caution, ...]:
        """Tell what a person should look at before a changeset is written."""
        ids = frozenset(
            str(account_id)
            for account_id in (getattr(change, "account_id", None) for change in changeset.changes)
            if account_id is not None
        )
        emails = frozenset(
            email.lower()
            for email in (getattr(change, "email", None) for change in changeset.changes)
            if email is not None
        )
        detail = await self.organisation(changeset.organisation_id)
        catalogue = await self.ask(WholeCatalogue(day=self.today()))
        asked = (reaches(change, changeset.organisation_id, catalogue) for change in changeset.changes)
        reached = {subject: await self.ask(query) for subject, query in filter(None, asked)}
        return cautions(
            changeset.changes,
            rows=await self.rows(changeset.organisation_id, ids),
            catalogue=catalogue,
            agreements=detail.agreements,
            organisation=detail.organisation,
            email_counts=await self.email_counts(changeset.organisation_id, emails),
            day=self.today(),
            reached=reached,
        )

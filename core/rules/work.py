"""A decision under way: the facts it was given, and the state as its events so far leave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from core import history as h
from core.catalogue import Catalogue
from core.directory import Account, Actor, Role
from core.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


class Undone(msgspec.Struct, frozen=True, kw_only=True):
    """The write that a changeset says it undoes: its events, and what undid it already.

    ``events`` are all of them in order, or none where one cannot be read.
    """

    events: tuple[h.AnyEvent, ...]
    undone_by: str | None


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What :func:`needs` asked for.

    ``state`` holds the organisation with just the accounts and grants needed, the holders among them.
    ``holders`` maps the key of an HSA-id to the id of the account, active or not, that has it.
    ``active`` counts active accounts by role.
    ``actor`` is the actor's own account as it is now, ``None`` for the installation.
    ``undone`` is the write that shall be undone, ``None`` where there is none; the accounts that its
    events are about are in ``state`` with their grants.
    """

    state: h.State
    catalogue: Catalogue
    holders: dict[str, str]
    active: dict[Role, int]
    actor: Account | None
    test_ids: bool
    undone: Undone | None = None


class Work:
    """The decision under way: the state as the events so far leave it."""

    def __init__(self, facts: Facts, actor: Actor, day: date) -> None:
        self.facts = facts
        self.actor = actor
        self.state = facts.state
        self.day = day
        self.events: list[h.AnyEvent] = []
        self.holders = dict(facts.holders)
        self.active = dict(facts.active)
        self.granted = facts.state.by_account()
        self.permissions = {each.id: each for each in facts.catalogue.permissions}
        self.e_services = {each.id for each in facts.catalogue.e_services}
        self.lost_administrator = False
        self.lost_support = False
        self.new_agreement = False

    def emit(self, event: h.AnyEvent) -> None:
        """Let an event happen."""
        self.state.apply(event)
        self.events.append(event)

    def has(self, account_id: str, permission_id: str) -> bool:
        """Say whether an account has a permission by now."""
        return permission_id in self.granted.get(account_id, ())

    def grant(self, account_id: str, permission_id: str) -> None:
        """Give a permission."""
        self.granted.setdefault(account_id, set()).add(permission_id)
        self.emit(h.PermissionGranted(account_id=account_id, permission_id=permission_id))

    def revoke(self, account_id: str, permission_id: str) -> None:
        """Take a permission away."""
        self.granted[account_id].remove(permission_id)
        self.emit(h.PermissionRevoked(account_id=account_id, permission_id=permission_id))

    def revoke_all(self, account_id: str) -> None:
        """Take away all that an account has, in a steady order."""
        for permission_id in sorted(self.granted.get(account_id, ())):
            self.revoke(account_id, permission_id)

    def count(self, role: Role, step: int) -> None:
        """Count an account of a role in or out."""
        self.active[role] = self.active.get(role, 0) + step

    def end_refusals(self) -> Iterable[Refusal]:
        """Check what must hold when all changes are made (DOMAIN 1.3)."""
        organisation_id = self.state.organisation_id
        if (
            (self.lost_administrator or self.new_agreement)
            and self.state.agreements
            and self.active.get(Role.ADMINISTRATOR, 0) < 1
        ):
            yield Refusal("last_administrator", organisation_id)
        if self.lost_support and self.active.get(Role.SUPPORT, 0) < 1:
            yield Refusal("last_support", organisation_id)

"""What may happen: a pure decision from a changeset, the facts it needs, and the day (DESIGN 4).

:func:`needs` tells the storage what to load, and :func:`decide` answers with events or refusals, all
or nothing. What a person should be asked about before the write is in :mod:`core.review`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from core import changes as c
from core import history as h
from core.directory import Actor, OrganisationKind, Role
from core.identity import HsaId
from core.refusal import Refusal
from core.rules import announcements, contact, organisations, people
from core.rules.undoing import why_not_undoing
from core.rules.work import Facts, Undone, Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

__all__ = ["Decision", "Facts", "Needs", "Undone", "decide", "decide_each", "needs"]


class Needs(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision must know about the organisation, for the storage to load inside its lock.

    ``account_ids`` with their grants, the accounts that hold one of ``hsa_keys`` (their grants are
    not needed), the announcements of ``announcement_ids``, how many active accounts have each of the
    roles in ``count_roles``, and all grants in ``e_service_ids``. ``undoes`` is the id of a write whose
    events are needed, with the accounts that they are about and the grants of those. ``contact``
    asks for all dated parts of the kontaktcenter's contact.
    The organisation, its agreements, the actor's account and the catalogue are always loaded.
    """

    account_ids: frozenset[str]
    hsa_keys: frozenset[str]
    count_roles: frozenset[Role]
    e_service_ids: frozenset[str]
    undoes: str | None
    contact: bool = False
    announcement_ids: frozenset[str] = frozenset()


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a changeset: either events or refusals, never both."""

    events: tuple[h.AnyEvent, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def needs(changeset: c.Changeset) -> Needs:
    """Tell what must be loaded to decide a changeset."""
    account_ids: set[str] = set()
    hsa_keys: set[str] = set()
    roles: set[Role] = set()
    e_services: set[str] = set()
    announcement_ids: set[str] = set()
    for change in changeset.changes:
        account_id = getattr(change, "account_id", None)
        if account_id is not None:
            account_ids.add(account_id)
        announcement_id = getattr(change, "announcement_id", None)
        if announcement_id is not None:
            announcement_ids.add(announcement_id)
        hsa_id = getattr(change, "hsa_id", None)
        if isinstance(hsa_id, HsaId):
            hsa_keys.add(hsa_id.key)
        if isinstance(change, c.DismissAdministrator | c.SignAgreement):
            roles.add(Role.ADMINISTRATOR)
        if isinstance(change, c.DismissSupport):
            roles.add(Role.SUPPORT)
        if isinstance(change, c.EndAgreement):
            e_services.add(change.e_service_id)
    return Needs(
        account_ids=frozenset(account_ids),
        hsa_keys=frozenset(hsa_keys),
        count_roles=frozenset(roles),
        e_service_ids=frozenset(e_services),
        undoes=None if changeset.undoes is None else str(changeset.undoes),
        contact=any(isinstance(change, c.SetContact) for change in changeset.changes),
        announcement_ids=frozenset(announcement_ids),
    )


def decide(changeset: c.Changeset, actor: Actor, facts: Facts, day: date) -> Decision:
    """Decide a changeset on a day in Sweden: all its events, or every reason why not.

    ``facts.state`` is worked on and is not to be used again.
    """
    refusals = [*_may(changeset, actor, facts)] or [*why_not_undoing(changeset, facts, day)]
    if refusals:
        return Decision(refusals=tuple(refusals))
    work = Work(facts, actor, day)
    unmade: set[str] = set()
    for change in changeset.changes:
        refusal = _make(work, change)
        if refusal is None:
            continue
        account_id = str(getattr(change, "account_id", ""))
        if isinstance(change, c.RegisterAccount):
            unmade.add(account_id)
        elif refusal.code == "not_found" and account_id in unmade:
            continue  # why it is not there is told by the registration
        refusals.append(refusal)
    if not refusals:
        refusals.extend(work.end_refusals())
    if refusals:
        return Decision(refusals=tuple(refusals))
    return Decision(events=tuple(work.events))


def decide_each(
    changes: Iterable[c.AnyChange], actor: Actor, facts: Facts, day: date
) -> tuple[Refusal | None, ...]:
    """Tell of each change, made in turn, why :func:`decide` would refuse it, or ``None``.

    Whether the actor's role may make them, and what must hold when all are made, is not looked at.
    ``facts.state`` is worked on and is not to be used again.
    """
    work = Work(facts, actor, day)
    return tuple(_make(work, change) for change in changes)


def _may(changeset: c.Changeset, actor: Actor, facts: Facts) -> Iterable[Refusal]:
    """Deny by default: the role must be declared, and an administrator stays at home (DESIGN 4.5)."""
    if not changeset.changes:
        yield Refusal("nothing_to_write")
        return
    if len(changeset.changes) > c.MOST_CHANGES:
        yield Refusal("too_many_changes", "", {"most": c.MOST_CHANGES, "count": len(changeset.changes)})
        return
    if actor.role is not Role.INSTALLATION:
        account = facts.actor
        if (
            account is None
            or not account.active
            or account.role is not actor.role
            or account.organisation_id != actor.organisation_id
        ):
            yield Refusal("actor_gone", actor.account_id)
            return
    if (
        actor.role not in (Role.SUPPORT, Role.INSTALLATION)
        and changeset.organisation_id != actor.organisation_id
    ):
        # Another organisation's thing is not found, never forbidden.
        yield Refusal("not_found", changeset.organisation_id)
        return
    founding = isinstance(changeset.changes[0], c.RegisterOrganisation)
    if facts.state.organisation is None and not founding:
        yield Refusal("not_found", changeset.organisation_id)
        return
    for kind in dict.fromkeys(type(change) for change in changeset.changes):
        if actor.role not in kind.made_by:
            yield Refusal(
                "not_your_role", "", {"change": str(kind.__struct_config__.tag), "role": actor.role.value}
            )


def _make(work: Work, change: c.AnyChange) -> Refusal | None:
    """Make a change, or tell why it cannot be."""
    return _DECIDE[type(change)](work, change)


# Each function takes the one kind that stands before it.
_DECIDE: dict[type[c.Change], Callable[..., Refusal | None]] = {
    c.RegisterAccount: people.register,
    c.ReregisterAccount: people.reregister,
    c.AmendAccount: people.amend,
    c.DeregisterAccount: people.deregister,
    c.Grant: people.grant,
    c.Revoke: people.revoke,
    c.AppointAdministrator: people.role(Role.USER, Role.ADMINISTRATOR),
    c.DismissAdministrator: people.role(Role.ADMINISTRATOR, Role.USER),
    c.AppointSupport: people.role(Role.USER, Role.SUPPORT, only=OrganisationKind.AUTHORITY),
    c.DismissSupport: people.role(Role.SUPPORT, Role.USER),
    c.RegisterOrganisation: organisations.register_organisation,
    c.AmendOrganisation: organisations.amend_organisation,
    c.SignAgreement: organisations.sign,
    c.EndAgreement: organisations.end,
    c.RegisterEService: organisations.register_e_service,
    c.LaunchPermission: organisations.launch,
    c.RenamePermission: organisations.rename,
    c.RetirePermission: organisations.retire,
    c.SetContact: contact.set_contact,
    c.PublishAnnouncement: announcements.publish,
    c.CorrectAnnouncement: announcements.correct,
    c.WithdrawAnnouncement: announcements.withdraw,
}
if set(_DECIDE) != set(c.CHANGES):
    raise TypeError("every kind of change needs its decision")

"""What may happen: a pure decision from a changeset, the facts it needs, and the day (DESIGN 4).

:func:`needs` tells the storage what to load, and :func:`decide` answers with events or refusals, all
or nothing. What a person should be asked about before the write is in :mod:`core.review`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from core import changes as c
from core import history as h
from core.access import why_not_column, why_not_grant
from core.catalogue import Catalogue
from core.directory import AUTHORITY, Account, Actor, OrganisationKind, Role
from core.identity import HsaId, hsa_key
from core.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date


class Needs(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision must know about the organisation, for the storage to load inside its lock.

    ``account_ids`` with their grants, the accounts that hold one of ``hsa_keys`` (their grants are
    not needed), how many active accounts have each of the roles in ``count_roles``, and all grants in
    ``e_service_ids``.
    The organisation, its agreements, the actor's account and the catalogue are always loaded.
    """

    account_ids: frozenset[str]
    hsa_keys: frozenset[str]
    count_roles: frozenset[Role]
    e_service_ids: frozenset[str]


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What :func:`needs` asked for.

    ``state`` holds the organisation with just the accounts and grants needed, the holders among them.
    ``holders`` maps the key of an HSA-id to the id of the account, active or not, that has it.
    ``active`` counts active accounts by role.
    ``actor`` is the actor's own account as it is now, ``None`` for the installation.
    """

    state: h.State
    catalogue: Catalogue
    holders: dict[str, str]
    active: dict[Role, int]
    actor: Account | None
    test_ids: bool


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
    for change in changeset.changes:
        account_id = getattr(change, "account_id", None)
        if account_id is not None:
            account_ids.add(account_id)
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
    )


def decide(changeset: c.Changeset, actor: Actor, facts: Facts, day: date) -> Decision:
    """Decide a changeset on a day in Sweden: all its events, or every reason why not.

    ``facts.state`` is worked on and is not to be used again.
    """
    refusals = [*_may(changeset, actor, facts)]
    if refusals:
        return Decision(refusals=tuple(refusals))
    work = _Work(facts, actor, day)
    refusals.extend(each for each in map(work.make, changeset.changes) if each is not None)
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
    work = _Work(facts, actor, day)
    return tuple(work.make(change) for change in changes)


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


class _Work:
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

    def make(self, change: c.AnyChange) -> Refusal | None:
        """Make a change, or tell why it cannot be."""
        return _DECIDE[type(change)](self, change)

    def emit(self, event: h.AnyEvent) -> None:
        self.state.apply(event)
        self.events.append(event)

    def has(self, account_id: str, permission_id: str) -> bool:
        return permission_id in self.granted.get(account_id, ())

    def grant(self, account_id: str, permission_id: str) -> None:
        self.granted.setdefault(account_id, set()).add(permission_id)
        self.emit(h.PermissionGranted(account_id=account_id, permission_id=permission_id))

    def revoke(self, account_id: str, permission_id: str) -> None:
        self.granted[account_id].remove(permission_id)
        self.emit(h.PermissionRevoked(account_id=account_id, permission_id=permission_id))

    def revoke_all(self, account_id: str) -> None:
        for permission_id in sorted(self.granted.get(account_id, ())):
            self.revoke(account_id, permission_id)

    def count(self, role: Role, step: int) -> None:
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


def _active(work: _Work, account_id: str) -> Account | Refusal:
    account = work.state.accounts.get(account_id)
    if account is None:
        return Refusal("not_found", account_id)
    if not account.active:
        return Refusal("account_inactive", account_id)
    return account


def _hsa_id_fault(work: _Work, hsa_id: HsaId, account_id: str) -> Refusal | None:
    if hsa_id.is_test and not work.facts.test_ids:
        return Refusal("hsa_id_test", "hsa_id", {"hsa_id": hsa_id})
    holder = work.holders.get(hsa_id.key)
    if holder is None or holder == account_id:
        return None
    known = work.state.accounts.get(holder)
    code = "hsa_id_taken" if known is None or known.active else "hsa_id_deregistered"
    return Refusal(code, "hsa_id", {"hsa_id": hsa_id, "account_id": holder})


def _register(work: _Work, change: c.RegisterAccount) -> Refusal | None:
    if change.account_id in work.state.accounts:
        return Refusal("id_taken", change.account_id)
    fault = _hsa_id_fault(work, change.hsa_id, change.account_id)
    if fault is not None:
        return fault
    work.holders[change.hsa_id.key] = change.account_id
    after = h.Details(
        hsa_id=change.hsa_id,
        given_name=change.given_name,
        family_name=change.family_name,
        email=change.email,
    )
    work.emit(h.AccountRegistered(account_id=change.account_id, version=1, after=after))
    return None


def details_of(account: Account) -> h.Details:
    """Give an account's details as they are in events."""
    return h.Details(
        hsa_id=account.hsa_id,
        given_name=account.given_name,
        family_name=account.family_name,
        email=account.email,
    )


def _stale(account: Account, seen: int) -> Refusal | None:
    if account.version == seen:
        return None
    return Refusal("account_changed_since", account.id, {"seen": seen, "now": account.version})


def _reregister(work: _Work, change: c.ReregisterAccount) -> Refusal | None:
    account = work.state.accounts.get(change.account_id)
    if account is None:
        return Refusal("not_found", change.account_id)
    if account.active:
        return Refusal("account_active", change.account_id)
    stale = _stale(account, change.seen_version)
    if stale is not None:
        return stale
    after = h.Details(
        hsa_id=account.hsa_id,
        given_name=change.given_name,
        family_name=change.family_name,
        email=change.email,
    )
    work.emit(
        h.AccountReregistered(
            account_id=account.id, version=account.version + 1, before=details_of(account), after=after
        )
    )
    return None


def _amend(work: _Work, change: c.AmendAccount) -> Refusal | None:
    account = _active(work, change.account_id)
    if isinstance(account, Refusal):
        return account
    stale = _stale(account, change.seen_version)
    if stale is not None:
        return stale
    before = details_of(account)
    after = h.Details(
        hsa_id=change.hsa_id or before.hsa_id,
        given_name=change.given_name or before.given_name,
        family_name=change.family_name or before.family_name,
        email=change.email or before.email,
    )
    if after == before:
        return Refusal("nothing_changed", account.id)
    if after.hsa_id != before.hsa_id and change.hsa_id is not None:
        if account.role is not Role.USER and work.actor.role is Role.ADMINISTRATOR:
            # Else an administrator could make another one by lending out an account (DOMAIN 1.2).
            return Refusal("hsa_id_by_support", account.id, {"role": account.role.value})
        fault = _hsa_id_fault(work, change.hsa_id, account.id)
        if fault is not None:
            return fault
        work.holders.pop(hsa_key(before.hsa_id), None)
        work.holders[change.hsa_id.key] = account.id
    work.emit(
        h.AccountAmended(account_id=account.id, version=account.version + 1, before=before, after=after)
    )
    return None


def _deregister(work: _Work, change: c.DeregisterAccount) -> Refusal | None:
    account = _active(work, change.account_id)
    if isinstance(account, Refusal):
        return account
    if account.role is not Role.USER:
        return Refusal("dismiss_first", account.id, {"role": account.role.value})
    stale = _stale(account, change.seen_version)
    if stale is not None:
        return stale
    if work.granted.get(account.id, set()) != set(change.seen_permission_ids):
        return Refusal("permissions_changed_since", account.id)
    work.revoke_all(account.id)
    work.emit(
        h.AccountDeregistered(account_id=account.id, version=account.version + 1, before=details_of(account))
    )
    return None


def _grant(work: _Work, change: c.Grant) -> Refusal | None:
    account = work.state.accounts.get(change.account_id)
    permission = work.permissions.get(change.permission_id)
    # A permission that is not launched cannot be seen by administrators (DOMAIN 3.2), but one who
    # names it is told the day: the launch is public when the catalogue holds it.
    if account is None or permission is None:
        return Refusal("not_found", change.account_id if account is None else change.permission_id)
    refusal = why_not_grant(
        account, permission, agreement=permission.e_service_id in work.state.agreements, day=work.day
    )
    if refusal is not None:
        return Refusal(
            refusal.code,
            refusal.subject,
            {**refusal.params, "account_id": account.id, "permission_id": permission.id},
        )
    if work.has(account.id, permission.id):
        return Refusal("already_granted", account.id, {"permission_id": permission.id})
    work.grant(account.id, permission.id)
    return None


def _revoke(work: _Work, change: c.Revoke) -> Refusal | None:
    account = work.state.accounts.get(change.account_id)
    if account is None:
        return Refusal("not_found", change.account_id)
    permission = work.permissions.get(change.permission_id)
    if permission is None:
        return Refusal("not_found", change.permission_id)
    if permission.is_retired(work.day):
        # What was granted ended with the permission; there is nothing left to take (DOMAIN 3.5).
        refusal = why_not_column(permission, agreement=True, day=work.day)
        params = {} if refusal is None else refusal.params
        return Refusal("retired", permission.id, {**params, "account_id": account.id})
    if not work.has(account.id, permission.id):
        return Refusal("not_granted", account.id, {"permission_id": permission.id})
    work.revoke(account.id, permission.id)
    return None


def _role(
    before: Role, after: Role, *, only: OrganisationKind | None = None
) -> Callable[[_Work, c.AnyChange], Refusal | None]:
    """Make the decision for appointing or dismissing: the account must have ``before``."""

    def decide_role(work: _Work, change: c.AnyChange) -> Refusal | None:
        account = _active(work, change.account_id)  # type: ignore[union-attr]  # the four role changes have one
        if isinstance(account, Refusal):
            return account
        organisation = work.state.organisation
        if only is not None and (organisation is None or organisation.kind is not only):
            return Refusal("support_elsewhere", account.id)
        if account.role is not before:
            return Refusal("other_role", account.id, {"role": account.role.value})
        work.revoke_all(account.id)
        work.count(before, -1)
        work.count(after, 1)
        work.lost_administrator |= before is Role.ADMINISTRATOR
        work.lost_support |= before is Role.SUPPORT
        work.emit(
            h.RoleChanged(account_id=account.id, version=account.version + 1, before=before, after=after)
        )
        return None

    return decide_role


def _register_organisation(work: _Work, change: c.RegisterOrganisation) -> Refusal | None:
    if work.state.organisation is not None:
        return Refusal("id_taken", work.state.organisation_id)
    if (change.organisation_kind is OrganisationKind.AUTHORITY) != (work.state.organisation_id == AUTHORITY):
        return Refusal("one_authority", work.state.organisation_id)
    work.emit(
        h.OrganisationRegistered(
            organisation_kind=change.organisation_kind,
            name=change.name,
            code=change.code or "",
            number=change.number or "",
        )
    )
    return None


def _amend_organisation(work: _Work, change: c.AmendOrganisation) -> Refusal | None:
    now = work.state.organisation
    if now is None:
        return Refusal("not_found", work.state.organisation_id)
    name, number = change.name or now.name, change.number or now.number
    if (name, number) == (now.name, now.number):
        return Refusal("nothing_changed", now.id)
    work.emit(h.OrganisationAmended(name_before=now.name, name=name, number_before=now.number, number=number))
    return None


def _sign(work: _Work, change: c.SignAgreement) -> Refusal | None:
    if change.e_service_id not in work.e_services:
        return Refusal("not_found", change.e_service_id)
    if change.e_service_id in work.state.agreements:
        return Refusal("agreement_exists", change.e_service_id)
    work.new_agreement = True
    work.emit(h.AgreementSigned(e_service_id=change.e_service_id))
    return None


def _end(work: _Work, change: c.EndAgreement) -> Refusal | None:
    if change.e_service_id not in work.state.agreements:
        return Refusal("no_agreement", change.e_service_id)
    own = {each.id for each in work.permissions.values() if each.e_service_id == change.e_service_id}
    for account_id, permission_id in sorted(work.state.granted):
        if permission_id in own:
            work.revoke(account_id, permission_id)
    work.emit(h.AgreementEnded(e_service_id=change.e_service_id))
    return None


def _in_authority(work: _Work) -> Refusal | None:
    """The catalogue is Migrationsverket's: its changes stand in that organisation's chain."""
    if work.state.organisation_id == AUTHORITY:
        return None
    return Refusal("catalogue_elsewhere", work.state.organisation_id)


def _register_e_service(work: _Work, change: c.RegisterEService) -> Refusal | None:
    if change.e_service_id in work.e_services:
        return _in_authority(work) or Refusal("id_taken", change.e_service_id)
    elsewhere = _in_authority(work)
    if elsewhere is None:
        work.e_services.add(change.e_service_id)
        work.emit(h.EServiceRegistered(e_service_id=change.e_service_id, name=change.name))
    return elsewhere


def _launch(work: _Work, change: c.LaunchPermission) -> Refusal | None:
    elsewhere = _in_authority(work)
    if elsewhere is not None:
        return elsewhere
    if change.permission_id in work.permissions:
        return Refusal("id_taken", change.permission_id)
    if change.e_service_id not in work.e_services:
        return Refusal("not_found", change.e_service_id)
    work.emit(
        h.PermissionLaunched(
            permission_id=change.permission_id,
            e_service_id=change.e_service_id,
            name=change.name,
            short_name=change.short_name,
            launched_on=change.launched_on,
            target_group=change.target_group or "",
            payment=change.payment or "",
        )
    )
    work.permissions[change.permission_id] = work.state.permissions[change.permission_id]
    return None


def _rename(work: _Work, change: c.RenamePermission) -> Refusal | None:
    elsewhere = _in_authority(work)
    if elsewhere is not None:
        return elsewhere
    permission = work.permissions.get(change.permission_id)
    if permission is None:
        return Refusal("not_found", change.permission_id)
    before = permission.name_on(change.from_day)
    if before == change.name:
        return Refusal("nothing_changed", change.permission_id)
    work.state.permissions.setdefault(permission.id, permission)
    work.emit(
        h.PermissionRenamed(
            permission_id=permission.id, before=before, name=change.name, from_day=change.from_day
        )
    )
    work.permissions[permission.id] = work.state.permissions[permission.id]
    return None


def _retire(work: _Work, change: c.RetirePermission) -> Refusal | None:
    elsewhere = _in_authority(work)
    if elsewhere is not None:
        return elsewhere
    permission = work.permissions.get(change.permission_id)
    if permission is None:
        return Refusal("not_found", change.permission_id)
    if permission.retired_on is not None and permission.is_retired(work.day):
        return Refusal("retired", permission.id, {"day": permission.retired_on.isoformat()})
    if change.retired_on == permission.retired_on:
        return Refusal("nothing_changed", permission.id)
    if change.retired_on <= permission.launched_on:
        return Refusal("retired_before_launch", permission.id, {"day": permission.launched_on.isoformat()})
    work.state.permissions.setdefault(permission.id, permission)
    work.emit(h.PermissionRetired(permission_id=permission.id, retired_on=change.retired_on))
    work.permissions[permission.id] = work.state.permissions[permission.id]
    return None


# Each function takes the one kind that stands before it.
_DECIDE: dict[type[c.Change], Callable[..., Refusal | None]] = {
    c.RegisterAccount: _register,
    c.ReregisterAccount: _reregister,
    c.AmendAccount: _amend,
    c.DeregisterAccount: _deregister,
    c.Grant: _grant,
    c.Revoke: _revoke,
    c.AppointAdministrator: _role(Role.USER, Role.ADMINISTRATOR),
    c.DismissAdministrator: _role(Role.ADMINISTRATOR, Role.USER),
    c.AppointSupport: _role(Role.USER, Role.SUPPORT, only=OrganisationKind.AUTHORITY),
    c.DismissSupport: _role(Role.SUPPORT, Role.USER),
    c.RegisterOrganisation: _register_organisation,
    c.AmendOrganisation: _amend_organisation,
    c.SignAgreement: _sign,
    c.EndAgreement: _end,
    c.RegisterEService: _register_e_service,
    c.LaunchPermission: _launch,
    c.RenamePermission: _rename,
    c.RetirePermission: _retire,
}
if set(_DECIDE) != set(c.CHANGES):
    raise TypeError("every kind of change needs its decision")

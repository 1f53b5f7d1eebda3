"""The decisions on people: accounts, permissions and roles (DOMAIN 1 and 2, DESIGN 4.1 to 4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import changes as c
from core import history as h
from core.access import why_not_column, why_not_grant
from core.directory import INSTALLATION, Account, OrganisationKind, Role
from core.identity import HsaId, hsa_key
from core.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.rules.work import Work


def _active(work: Work, account_id: str) -> Account | Refusal:
    account = work.state.accounts.get(account_id)
    if account is None:
        return Refusal("not_found", account_id)
    if not account.active:
        return Refusal("account_inactive", account_id)
    return account


def _hsa_id_fault(work: Work, hsa_id: HsaId, account_id: str) -> Refusal | None:
    if hsa_id.is_test and not work.facts.test_ids:
        return Refusal("hsa_id_test", "hsa_id", {"hsa_id": hsa_id})
    holder = work.holders.get(hsa_id.key)
    if holder is None or holder == account_id:
        return None
    known = work.state.accounts.get(holder)
    code = "hsa_id_taken" if known is None or known.active else "hsa_id_deregistered"
    return Refusal(code, "hsa_id", {"hsa_id": hsa_id, "account_id": holder})


def register(work: Work, change: c.RegisterAccount) -> Refusal | None:
    """Register a person whose HSA-id nobody in the organisation has, or had."""
    # The installation is no account, and nobody shall be taken for it in the history.
    if change.account_id in work.state.accounts or change.account_id == INSTALLATION.account_id:
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


def _stale(account: Account, seen: int) -> Refusal | None:
    if account.version == seen:
        return None
    return Refusal("account_changed_since", account.id, {"seen": seen, "now": account.version})


def reregister(work: Work, change: c.ReregisterAccount) -> Refusal | None:
    """Take a deregistered account back, seen as it is."""
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
            account_id=account.id, version=account.version + 1, before=h.details_of(account), after=after
        )
    )
    return None


def amend(work: Work, change: c.AmendAccount) -> Refusal | None:
    """Change details of an active account, seen as it is."""
    account = _active(work, change.account_id)
    if isinstance(account, Refusal):
        return account
    stale = _stale(account, change.seen_version)
    if stale is not None:
        return stale
    before = h.details_of(account)
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


def deregister(work: Work, change: c.DeregisterAccount) -> Refusal | None:
    """Deregister a user with just the permissions that were seen."""
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
        h.AccountDeregistered(
            account_id=account.id, version=account.version + 1, before=h.details_of(account)
        )
    )
    return None


def grant(work: Work, change: c.Grant) -> Refusal | None:
    """Give a permission, where :func:`core.access.why_not_grant` has nothing against it."""
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


def revoke(work: Work, change: c.Revoke) -> Refusal | None:
    """Take away a permission that is given and has not ended."""
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


def role(
    before: Role, after: Role, *, only: OrganisationKind | None = None
) -> Callable[[Work, c.AnyChange], Refusal | None]:
    """Make the decision for appointing or dismissing: the account must have ``before``."""

    def decide_role(work: Work, change: c.AnyChange) -> Refusal | None:
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

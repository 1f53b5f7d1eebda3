"""The inverse of a changeset, made from the before-images in its events."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from core import changes as c
from core import history as h
from core.directory import Role
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id, OrganisationNumber, Title
from core.refusal import Refusal, WrongValueError


def inverse(events: Sequence[h.AnyEvent], state: h.State) -> tuple[c.AnyChange, ...] | tuple[Refusal, ...]:
    """Give the changes that take one changeset's events back, or the refusals that tell why not.

    ``state`` is the present one, with the accounts that the events are about. Where it has moved on
    since, the answer is refusals that name what: nobody's later work is taken back by the way.
    Launches, renames and retirements are public on their day and are not taken back.
    """
    cells = _cells(events)
    refusals: list[Refusal] = []
    answer: list[c.AnyChange] = []
    closed: set[str] = set()
    try:
        for account_id, own in _by_account(events).items():
            made, refused = _account_inverse(account_id, own, cells, state)
            answer.extend(made)
            refusals.extend(refused)
            if isinstance(own[0], h.AccountRegistered | h.AccountReregistered):
                closed.add(account_id)
        for event in events:
            if not isinstance(event, h.AccountEvent | h.PermissionGranted | h.PermissionRevoked):
                answer.append(_other_inverse(event, state))
    except WrongValueError as error:
        return (error.refusal,)
    for (account_id, permission_id), (before, after) in cells.items():
        if account_id in closed or before == after:
            continue
        if ((account_id, permission_id) in state.granted) != after:
            refusals.append(Refusal("undo_cell_moved_on", account_id, {"permission_id": permission_id}))
        kind = c.Grant if before else c.Revoke
        answer.append(kind(account_id=Id(account_id), permission_id=Id(permission_id)))
    if refusals:
        return tuple(refusals)
    return tuple(answer) or (Refusal("undo_nothing_left"),)


def _cells(events: Sequence[h.AnyEvent]) -> dict[tuple[str, str], tuple[bool, bool]]:
    """Give each touched cell as (granted before, granted after)."""
    cells: dict[tuple[str, str], tuple[bool, bool]] = {}
    for event in events:
        if isinstance(event, h.PermissionGranted | h.PermissionRevoked):
            cell = event.account_id, event.permission_id
            after = isinstance(event, h.PermissionGranted)
            cells[cell] = (cells[cell][0] if cell in cells else not after, after)
    return cells


def _by_account(events: Sequence[h.AnyEvent]) -> dict[str, list[h.AccountEvent]]:
    grouped: dict[str, list[h.AccountEvent]] = {}
    for event in events:
        if isinstance(event, h.AccountEvent):
            grouped.setdefault(event.account_id, []).append(event)
    return grouped


def _account_inverse(
    account_id: str,
    own: list[h.AccountEvent],
    cells: dict[tuple[str, str], tuple[bool, bool]],
    state: h.State,
) -> tuple[list[c.AnyChange], list[Refusal]]:
    account = state.accounts.get(account_id)
    if account is None or account.version != own[-1].version:
        return [], [Refusal("undo_account_moved_on", account_id)]
    first = own[0]
    if isinstance(first, h.AccountRegistered | h.AccountReregistered):
        if not account.active:
            return [], []
        granted = state.granted_to(account_id)
        given = {permission for (who, permission), (_, after) in cells.items() if who == account_id and after}
        if granted != given:
            return [], [Refusal("undo_account_moved_on", account_id)]
        seen = tuple(Id(each) for each in sorted(granted))
        return [
            c.DeregisterAccount(
                account_id=Id(account_id), seen_version=account.version, seen_permission_ids=seen
            )
        ], []
    roles = [event for event in own if isinstance(event, h.RoleChanged)]
    if roles:
        if len(own) > 1 or any(who == account_id for who, _ in cells):
            return [], [Refusal("undo_role", account_id)]
        return [_role_inverse(roles[0])], []
    before = _details_before(own)
    if before is None:
        return [], []
    if not account.active:
        return [
            c.ReregisterAccount(
                account_id=Id(account_id),
                seen_version=account.version,
                given_name=GivenName(before.given_name),
                family_name=FamilyName(before.family_name),
                email=EmailAddress(before.email),
            )
        ], []
    return [
        c.AmendAccount(
            account_id=Id(account_id),
            seen_version=account.version,
            hsa_id=HsaId(before.hsa_id) if before.hsa_id != account.hsa_id else None,
            given_name=GivenName(before.given_name) if before.given_name != account.given_name else None,
            family_name=FamilyName(before.family_name) if before.family_name != account.family_name else None,
            email=EmailAddress(before.email) if before.email != account.email else None,
        )
    ], []


def _details_before(own: list[h.AccountEvent]) -> h.Details | None:
    first = own[0]
    return first.before if isinstance(first, h.AccountAmended | h.AccountDeregistered) else None


def _role_inverse(event: h.RoleChanged) -> c.AnyChange:
    account_id = Id(event.account_id)
    if event.after is Role.ADMINISTRATOR:
        return c.DismissAdministrator(account_id=account_id)
    if event.after is Role.SUPPORT:
        return c.DismissSupport(account_id=account_id)
    if event.before is Role.SUPPORT:
        return c.AppointSupport(account_id=account_id)
    return c.AppointAdministrator(account_id=account_id)


def _other_inverse(event: h.AnyEvent, state: h.State) -> c.AnyChange:
    match event:
        case h.AgreementSigned():
            if event.e_service_id not in state.agreements:
                raise WrongValueError(Refusal("undo_agreement_moved_on", event.e_service_id))
            return c.EndAgreement(e_service_id=Id(event.e_service_id))
        case h.AgreementEnded():
            if event.e_service_id in state.agreements:
                raise WrongValueError(Refusal("undo_agreement_moved_on", event.e_service_id))
            return c.SignAgreement(e_service_id=Id(event.e_service_id))
        case h.OrganisationAmended():
            now = state.organisation
            if now is None or (now.name, now.number) != (event.name, event.number):
                raise WrongValueError(Refusal("undo_organisation_moved_on", state.organisation_id))
            if event.number_before == "" and event.number != "":
                raise WrongValueError(Refusal("undo_not_possible", state.organisation_id))
            return c.AmendOrganisation(
                name=Title(event.name_before) if event.name_before != event.name else None,
                number=OrganisationNumber(event.number_before)
                if event.number_before != event.number
                else None,
            )
        case _:
            raise WrongValueError(
                Refusal("undo_not_possible", msgspec.structs.asdict(event).get("permission_id", ""))
            )

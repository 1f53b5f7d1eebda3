"""The inverse of a changeset, made from the before-images in its events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from core import changes as c
from core import history as h
from core.directory import Account, Role
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id, OrganisationNumber, Title
from core.refusal import Refusal, WrongValueError

if TYPE_CHECKING:
    from collections.abc import Sequence

NEVER_UNDONE = (
    c.RegisterOrganisation,
    c.SignAgreement,
    c.RegisterEService,
    c.LaunchPermission,
    c.RenamePermission,
    c.RetirePermission,
    c.SetContact,
    c.PublishAnnouncement,
    c.CorrectAnnouncement,
    c.WithdrawAnnouncement,
)
"""What others act on as soon as it is written: it is not taken back by :func:`inverse`."""

Cells = dict[str, tuple[bool, bool]]
"""The touched cells of one account: by permission, whether it was given before and after."""

_BEGINNINGS = h.AccountRegistered | h.AccountReregistered


def inverse(events: Sequence[h.AnyEvent], state: h.State) -> tuple[c.AnyChange, ...] | tuple[Refusal, ...]:
    """Give the changes that take one changeset's events back, or the refusals that tell why not.

    ``state`` is the present one, with the accounts that the events are about and their grants. Where it
    has moved on since, the answer is refusals that name what: nobody's later work is taken back by the
    way. That is also why a signed agreement is not taken back so: what was given under it would go too.
    Launches, renames, retirements and announcements are public on their day and are not taken back either.
    """
    people = _by_account(events)
    cells = _cells(events)
    granted = state.by_account()
    answer: list[c.AnyChange] = []
    refusals: list[Refusal] = []
    made: list[c.AnyChange] | Refusal
    # Last first: an HSA-id that one account left and another took must be free when it is asked for.
    for account_id in reversed(people):
        own_cells, now = cells.get(account_id, {}), granted.get(account_id, set())
        made = _account_inverse(account_id, people[account_id], own_cells, state, now)
        _collect(made, answer, refusals)
    for event in events:
        if isinstance(event, h.AgreementSigned | h.AgreementEnded):
            _collect(_agreement_inverse(event, state), answer, refusals)
        elif not isinstance(
            event, h.AccountEvent | h.PermissionGranted | h.PermissionRevoked | h.OrganisationAmended
        ):
            refusals.append(Refusal("undo_not_possible", _subject(event, state)))
    amended = [event for event in events if isinstance(event, h.OrganisationAmended)]
    if amended:
        _collect(_organisation_inverse(amended, state), answer, refusals)
    for account_id, own_cells in cells.items():
        own = people.get(account_id)
        if own is None or not isinstance(own[0], _BEGINNINGS):
            made = _cells_inverse(account_id, own_cells, granted.get(account_id, set()))
            _collect(made, answer, refusals)
    if refusals:
        return tuple(refusals)
    if not answer:
        return (Refusal("undo_nothing_left"),)
    if not frozenset.intersection(*(change.made_by for change in answer)):
        # Agreements are support's, and the permissions that ended with one are the administrator's.
        return (Refusal("undo_not_possible", state.organisation_id),)
    return tuple(answer)


def _collect(made: list[c.AnyChange] | Refusal, answer: list[c.AnyChange], refusals: list[Refusal]) -> None:
    if isinstance(made, Refusal):
        refusals.append(made)
    else:
        answer.extend(made)


def _subject(event: h.AnyEvent, state: h.State) -> str:
    fields = msgspec.structs.asdict(event)
    return str(
        fields.get("permission_id")
        or fields.get("e_service_id")
        or fields.get("announcement_id")
        or state.organisation_id
    )


def _cells(events: Sequence[h.AnyEvent]) -> dict[str, Cells]:
    cells: dict[str, Cells] = {}
    for event in events:
        if isinstance(event, h.PermissionGranted | h.PermissionRevoked):
            own = cells.setdefault(event.account_id, {})
            after = isinstance(event, h.PermissionGranted)
            first = own.get(event.permission_id, (not after, after))
            own[event.permission_id] = (first[0], after)
    return cells


def _by_account(events: Sequence[h.AnyEvent]) -> dict[str, list[h.AccountEvent]]:
    grouped: dict[str, list[h.AccountEvent]] = {}
    for event in events:
        if isinstance(event, h.AccountEvent):
            grouped.setdefault(event.account_id, []).append(event)
    return grouped


def _cells_inverse(account_id: str, cells: Cells, granted: set[str]) -> list[c.AnyChange] | Refusal:
    answer: list[c.AnyChange] = []
    for permission_id, (before, after) in cells.items():
        if before == after:
            continue
        if (permission_id in granted) != after:
            return Refusal("undo_cell_moved_on", account_id, {"permission_id": permission_id})
        kind = c.Grant if before else c.Revoke
        answer.append(kind(account_id=Id(account_id), permission_id=Id(permission_id)))
    return answer


def _account_inverse(
    account_id: str, own: list[h.AccountEvent], cells: Cells, state: h.State, granted: set[str]
) -> list[c.AnyChange] | Refusal:
    """Lead an account from what it is now to what it was before its events of one changeset."""
    account = state.accounts.get(account_id)
    if account is None or account.version != own[-1].version:
        return Refusal("undo_account_moved_on", account_id)
    roles = [event for event in own if isinstance(event, h.RoleChanged)]
    if roles:
        # What a person had as a user ended with the role, and only administrators may give it again.
        return Refusal("undo_role", account_id) if len(own) > 1 or cells else [_role_inverse(roles[0])]
    first = own[0]
    if isinstance(first, _BEGINNINGS) and granted != {each for each, (_, after) in cells.items() if after}:
        return Refusal("undo_account_moved_on", account_id)
    if isinstance(first, h.AccountRegistered):
        return [_leaving(account, account.version, granted)] if account.active else []
    before = _details_before(first)
    try:
        return _way_back(account, before, not isinstance(first, h.AccountReregistered), granted)
    except WrongValueError as error:
        # What stands in the file already may be what could not be entered today.
        return error.refusal


def _way_back(account: Account, before: h.Details, active: bool, granted: set[str]) -> list[c.AnyChange]:
    """Give the changes that restore details and standing; an HSA-id changes only while active."""
    answer: list[c.AnyChange] = []
    now, is_active, version = h.details_of(account), account.active, account.version
    if not is_active and (active or now != before):
        answer.append(
            c.ReregisterAccount(
                account_id=Id(account.id),
                seen_version=version,
                given_name=GivenName(before.given_name),
                family_name=FamilyName(before.family_name),
                email=EmailAddress(before.email),
            )
        )
        now, is_active, version = msgspec.structs.replace(before, hsa_id=now.hsa_id), True, version + 1
    if now != before:
        answer.append(
            c.AmendAccount(
                account_id=Id(account.id),
                seen_version=version,
                hsa_id=HsaId(before.hsa_id) if before.hsa_id != now.hsa_id else None,
                given_name=GivenName(before.given_name) if before.given_name != now.given_name else None,
                family_name=FamilyName(before.family_name) if before.family_name != now.family_name else None,
                email=EmailAddress(before.email) if before.email != now.email else None,
            )
        )
        version += 1
    if is_active and not active:
        answer.append(_leaving(account, version, granted))
    return answer


def _leaving(account: Account, version: int, granted: set[str]) -> c.DeregisterAccount:
    seen = tuple(Id(each) for each in sorted(granted))
    return c.DeregisterAccount(account_id=Id(account.id), seen_version=version, seen_permission_ids=seen)


def _details_before(first: h.AccountEvent) -> h.Details:
    if isinstance(first, h.AccountAmended | h.AccountDeregistered | h.AccountReregistered):
        return first.before
    raise TypeError(f"{type(first).__name__} has no details before it")


def _role_inverse(event: h.RoleChanged) -> c.AnyChange:
    account_id = Id(event.account_id)
    if event.after is Role.ADMINISTRATOR:
        return c.DismissAdministrator(account_id=account_id)
    if event.after is Role.SUPPORT:
        return c.DismissSupport(account_id=account_id)
    if event.before is Role.SUPPORT:
        return c.AppointSupport(account_id=account_id)
    return c.AppointAdministrator(account_id=account_id)


def _agreement_inverse(
    event: h.AgreementSigned | h.AgreementEnded, state: h.State
) -> list[c.AnyChange] | Refusal:
    if isinstance(event, h.AgreementSigned):
        return Refusal("undo_not_possible", event.e_service_id)
    if event.e_service_id in state.agreements:
        return Refusal("undo_agreement_moved_on", event.e_service_id)
    return [c.SignAgreement(e_service_id=Id(event.e_service_id))]


def _organisation_inverse(events: list[h.OrganisationAmended], state: h.State) -> list[c.AnyChange] | Refusal:
    first, last, now = events[0], events[-1], state.organisation
    if now is None or (now.name, now.number) != (last.name, last.number):
        return Refusal("undo_organisation_moved_on", state.organisation_id)
    name, number = first.name_before, first.number_before
    if (name, number) == (now.name, now.number):
        return []
    if not number and now.number:
        return Refusal("undo_not_possible", state.organisation_id)
    try:
        return [
            c.AmendOrganisation(
                name=Title(name) if name != now.name else None,
                number=OrganisationNumber(number) if number != now.number else None,
            )
        ]
    except WrongValueError as error:
        return error.refusal

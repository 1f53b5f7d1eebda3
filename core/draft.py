"""A draft: what is staged over what was seen, and what became stale since.

A draft is a value: each edit gives a new one. A staged cell always wants the opposite of what was
seen, so a cell that is set back is no longer staged. A changeset is made from it in one piece.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar

import msgspec

from core import changes as c
from core.access import why_not_grant
from core.catalogue import Catalogue
from core.directory import Account
from core.history import Details
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id, Note
from core.queries import AccountRow
from core.refusal import Refusal

V = TypeVar("V")


class CellEdit(msgspec.Struct, frozen=True):
    """A wish for one cell of the matrix, with the state that the person saw."""

    account_id: str
    permission_id: str
    wanted: bool
    seen: bool


class Amendment(msgspec.Struct, frozen=True, kw_only=True):
    """New details for an account, with the ones that the person saw."""

    change: c.AmendAccount
    before: Details


class Leaving(msgspec.Struct, frozen=True, kw_only=True):
    """A staged deregistration, with the details that the person saw."""

    change: c.DeregisterAccount
    before: Details


class Return(msgspec.Struct, frozen=True, kw_only=True):
    """A staged return of a deregistered account."""

    change: c.ReregisterAccount
    hsa_id: str


class Stale(msgspec.Struct, frozen=True, kw_only=True):
    """Something staged that no longer fits: the refusal that a write would give, and where it stands.

    ``permission_id`` is set for a cell. ``now`` is the account as it is, where there is one.
    """

    refusal: Refusal
    account_id: str
    permission_id: str | None = None
    now: Account | None = None


class Draft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one actor has staged in one organisation.

    ``cells`` holds, by account and permission, whether it shall be given. ``names`` remembers the
    names of those concerned, so that a review needs nobody else. ``pending`` is a changeset that
    was sent and whose answer is not known yet; sending it again is harmless.
    """

    organisation_id: str
    actor_id: str
    cells: dict[str, dict[str, bool]] = {}
    registrations: dict[str, c.RegisterAccount] = {}
    returns: dict[str, Return] = {}
    amendments: dict[str, Amendment] = {}
    leavings: dict[str, Leaving] = {}
    names: dict[str, str] = {}
    note: Note | None = None
    undoes: Id | None = None
    pending: c.Changeset | None = None

    # What is staged -----------------------------------------------------------------------

    @property
    def count(self) -> int:
        """How many changes are staged."""
        people = len(self.registrations) + len(self.returns) + len(self.amendments) + len(self.leavings)
        return people + sum(len(row) for row in self.cells.values())

    @property
    def account_ids(self) -> frozenset[str]:
        """The accounts that something is staged for."""
        return (
            frozenset(self.cells)
            | frozenset(self.registrations)
            | frozenset(self.returns)
            | frozenset(self.amendments)
            | frozenset(self.leavings)
        )

    def wanted(self, account_id: str, permission_id: str) -> bool | None:
        """Tell what is staged for a cell: given, taken away, or ``None`` for nothing."""
        row = self.cells.get(account_id)
        return None if row is None else row.get(permission_id)

    def changes(self) -> tuple[c.AnyChange, ...]:
        """Give what is staged as changes, people first, in a steady order."""
        answer: list[c.AnyChange] = [*self.registrations.values()]
        answer.extend(each.change for each in self.returns.values())
        answer.extend(each.change for each in self.amendments.values())
        for account_id, row in self.cells.items():
            for permission_id, wanted in row.items():
                kind = c.Grant if wanted else c.Revoke
                answer.append(kind(account_id=Id(account_id), permission_id=Id(permission_id)))
        answer.extend(each.change for each in self.leavings.values())
        return tuple(answer)

    def changeset(self, changeset_id: str) -> c.Changeset:
        """Give all that is staged as one changeset with an id."""
        return c.Changeset(
            id=Id(changeset_id),
            organisation_id=Id(self.organisation_id),
            changes=self.changes(),
            note=self.note,
            undoes=self.undoes,
        )

    # Edits --------------------------------------------------------------------------------

    def with_cells(self, edits: Iterable[CellEdit]) -> Draft:
        """Stage cells; one that is wanted as it was seen is no longer staged."""
        cells = dict(self.cells)
        copied: set[str] = set()
        for edit in edits:
            if edit.account_id not in copied:
                cells[edit.account_id] = dict(cells.get(edit.account_id, {}))
                copied.add(edit.account_id)
            if edit.wanted == edit.seen:
                cells[edit.account_id].pop(edit.permission_id, None)
            else:
                cells[edit.account_id][edit.permission_id] = edit.wanted
        for account_id in copied:
            if not cells[account_id]:
                del cells[account_id]
        return msgspec.structs.replace(self, cells=cells)

    def with_registration(self, change: c.RegisterAccount) -> Draft:
        """Stage a new account, or other details for one that is staged."""
        return msgspec.structs.replace(
            self,
            registrations={**self.registrations, change.account_id: change},
            names={**self.names, change.account_id: f"{change.given_name} {change.family_name}"},
        )

    def with_return(self, change: c.ReregisterAccount, hsa_id: str) -> Draft:
        """Stage that a deregistered account is taken back."""
        return msgspec.structs.replace(
            self,
            returns={**self.returns, change.account_id: Return(change=change, hsa_id=hsa_id)},
            names={**self.names, change.account_id: f"{change.given_name} {change.family_name}"},
        )

    def with_amendment(
        self,
        account: Account,
        *,
        hsa_id: HsaId,
        given_name: GivenName,
        family_name: FamilyName,
        email: EmailAddress,
    ) -> Draft:
        """Stage new details for an account as it was seen; the same ones take the amendment away."""
        change = c.AmendAccount(
            account_id=Id(account.id),
            seen_version=account.version,
            hsa_id=hsa_id if hsa_id != account.hsa_id else None,
            given_name=given_name if given_name != account.given_name else None,
            family_name=family_name if family_name != account.family_name else None,
            email=email if email != account.email else None,
        )
        amendments = {key: each for key, each in self.amendments.items() if key != account.id}
        if (change.hsa_id, change.given_name, change.family_name, change.email) != (None, None, None, None):
            amendments[account.id] = Amendment(change=change, before=_details(account))
        return msgspec.structs.replace(
            self, amendments=amendments, names={**self.names, account.id: account.name}
        )

    def with_leaving(self, account: Account, granted: frozenset[str]) -> Draft:
        """Stage a deregistration; other edits of the account are dropped, as they would be for nothing."""
        leaving = Leaving(
            change=c.DeregisterAccount(
                account_id=Id(account.id),
                seen_version=account.version,
                seen_permission_ids=tuple(Id(each) for each in sorted(granted)),
            ),
            before=_details(account),
        )
        cleared = self.without_account(account.id)
        return msgspec.structs.replace(
            cleared,
            leavings={**cleared.leavings, account.id: leaving},
            names={**cleared.names, account.id: account.name},
        )

    def with_names(self, names: Mapping[str, str]) -> Draft:
        """Remember the names of accounts by id."""
        return msgspec.structs.replace(self, names={**self.names, **names})

    def with_note(self, note: Note | None) -> Draft:
        """Set the remark that goes with the write."""
        return msgspec.structs.replace(self, note=note)

    def sent(self, changeset: c.Changeset | None) -> Draft:
        """Remember the changeset that is on its way, or that none is."""
        return msgspec.structs.replace(self, pending=changeset)

    def without_account(self, account_id: str) -> Draft:
        """Drop all that is staged for an account."""
        return msgspec.structs.replace(
            self,
            cells=_without(self.cells, account_id),
            registrations=_without(self.registrations, account_id),
            returns=_without(self.returns, account_id),
            amendments=_without(self.amendments, account_id),
            leavings=_without(self.leavings, account_id),
        )

    def without_amendment(self, account_id: str) -> Draft:
        """Drop the staged details of an account, and keep its staged cells."""
        return msgspec.structs.replace(self, amendments=_without(self.amendments, account_id))

    def without_cell(self, account_id: str, permission_id: str) -> Draft:
        """Drop one staged cell."""
        row = {key: wanted for key, wanted in self.cells.get(account_id, {}).items() if key != permission_id}
        cells = _without(self.cells, account_id)
        if row:
            cells = {**self.cells, account_id: row}
        return msgspec.structs.replace(self, cells=cells)

    # When others have been at work ------------------------------------------------------------

    def without(self, stale: Stale) -> Draft:
        """Drop just what went stale."""
        if stale.permission_id is not None:
            return self.without_cell(stale.account_id, stale.permission_id)
        if stale.account_id in self.amendments and stale.refusal.code == "account_changed_since":
            return self.without_amendment(stale.account_id)
        return self.without_account(stale.account_id)

    def kept(self, stale: Stale, row: AccountRow | None) -> Draft:
        """Hold on to what was staged, over what is true now.

        A cell that already is as wished needs nothing more; an amendment or a deregistration is
        stated anew against the account as it is. What the rules refuse cannot be kept.
        """
        if stale.permission_id is not None or row is None:
            return self.without(stale)
        account = row.account
        amendment = self.amendments.get(account.id)
        if amendment is not None:
            change = amendment.change
            return self.without_amendment(account.id).with_amendment(
                account,
                hsa_id=change.hsa_id or HsaId(account.hsa_id),
                given_name=change.given_name or GivenName(account.given_name),
                family_name=change.family_name or FamilyName(account.family_name),
                email=change.email or EmailAddress(account.email),
            )
        if account.id in self.leavings and account.active:
            return self.with_leaving(account, row.all_granted)
        return self.without(stale)


def _without(mapping: dict[str, V], key: str) -> dict[str, V]:
    return {each: value for each, value in mapping.items() if each != key} if key in mapping else mapping


def _details(account: Account) -> Details:
    return Details(
        hsa_id=account.hsa_id,
        given_name=account.given_name,
        family_name=account.family_name,
        email=account.email,
    )


def what_is_stale(
    draft: Draft,
    *,
    rows: Mapping[str, AccountRow],
    holders: Mapping[str, Account],
    catalogue: Catalogue,
    agreements: frozenset[str],
    day: date,
) -> tuple[Stale, ...]:
    """Tell what of a draft a write would refuse now, and why.

    ``rows`` are the present accounts by id, ``holders`` those that have the HSA-ids of staged
    registrations, by the HSA-id's key.
    """
    answer: list[Stale] = []
    for registration in draft.registrations.values():
        holder = holders.get(registration.hsa_id.key)
        if holder is not None:
            code = "hsa_id_taken" if holder.active else "hsa_id_deregistered"
            refusal = Refusal(code, "hsa_id", {"hsa_id": registration.hsa_id, "account_id": holder.id})
            answer.append(Stale(refusal=refusal, account_id=registration.account_id, now=holder))
    for account_id, back in draft.returns.items():
        answer.extend(_stale_account(rows, account_id, back.change.seen_version, active=False))
    for account_id, amendment in draft.amendments.items():
        answer.extend(_stale_account(rows, account_id, amendment.change.seen_version, active=True))
    for account_id, leaving in draft.leavings.items():
        found = tuple(_stale_account(rows, account_id, leaving.change.seen_version, active=True))
        answer.extend(found)
        if not found and rows[account_id].all_granted != frozenset(leaving.change.seen_permission_ids):
            refusal = Refusal("permissions_changed_since", account_id)
            answer.append(Stale(refusal=refusal, account_id=account_id, now=rows[account_id].account))
    permissions = {each.id: each for each in catalogue.permissions}
    for account_id, cells in draft.cells.items():
        if account_id in draft.registrations or account_id in draft.returns:
            continue
        row = rows.get(account_id)
        for permission_id, wanted in cells.items():
            permission = permissions.get(permission_id)
            refusal_now: Refusal | None
            if row is None or permission is None:
                refusal_now = Refusal("not_found", account_id if row is None else permission_id)
            elif wanted:
                agreement = permission.e_service_id in agreements
                refusal_now = why_not_grant(row.account, permission, agreement=agreement, day=day)
                if refusal_now is None and permission_id in row.all_granted:
                    refusal_now = Refusal("already_granted", account_id, {"permission_id": permission_id})
            elif permission.is_retired(day) and permission.retired_on is not None:
                refusal_now = Refusal("retired", permission_id, {"day": permission.retired_on.isoformat()})
            elif permission_id not in row.all_granted:
                refusal_now = Refusal("not_granted", account_id, {"permission_id": permission_id})
            else:
                refusal_now = None
            if refusal_now is not None:
                answer.append(
                    Stale(
                        refusal=refusal_now,
                        account_id=account_id,
                        permission_id=permission_id,
                        now=None if row is None else row.account,
                    )
                )
    return tuple(answer)


def _stale_account(
    rows: Mapping[str, AccountRow], account_id: str, seen_version: int, *, active: bool
) -> Iterable[Stale]:
    row = rows.get(account_id)
    if row is None:
        yield Stale(refusal=Refusal("not_found", account_id), account_id=account_id)
        return
    account = row.account
    if account.active is not active:
        code = "account_active" if account.active else "account_inactive"
        yield Stale(refusal=Refusal(code, account_id), account_id=account_id, now=account)
    elif account.version != seen_version:
        params: dict[str, str | int | bool] = {"seen": seen_version, "now": account.version}
        refusal = Refusal("account_changed_since", account_id, params)
        yield Stale(refusal=refusal, account_id=account_id, now=account)

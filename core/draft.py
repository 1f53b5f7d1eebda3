"""A draft: what is staged over what was seen, and what became stale since.

A draft is a value: each edit gives a new one. A staged cell always wants the opposite of what was
seen, so a cell that is set back is no longer staged. A changeset is made from it in one piece.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from core import changes as c
from core.directory import Account, Actor
from core.history import Details, State, details_of
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id, Note
from core.refusal import Refusal, WrongValueError
from core.rules import Facts, decide_each

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from core.catalogue import Catalogue
    from core.queries import AccountRow

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

    @property
    def hsa_keys(self) -> frozenset[str]:
        """The keys of the HSA-ids that somebody staged shall have."""
        wanted = [each.hsa_id for each in self.registrations.values()]
        wanted.extend(each.change.hsa_id for each in self.amendments.values() if each.change.hsa_id)
        return frozenset(each.key for each in wanted)

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
        """Stage cells; one that is wanted as it was seen is no longer staged.

        Cells of somebody who is staged to leave are passed over: all that the person has is taken
        away then, and a setting for many marked rows shall not keep one of them.
        """
        cells = dict(self.cells)
        copied: set[str] = set()
        for edit in edits:
            if edit.account_id in self.leavings:
                continue
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
        return self.with_registrations((change,))

    def with_registrations(self, changes: Iterable[c.RegisterAccount]) -> Draft:
        """Stage new accounts, or other details for those that are staged."""
        registrations, names = dict(self.registrations), dict(self.names)
        for change in changes:
            registrations[change.account_id] = change
            names[change.account_id] = f"{change.given_name} {change.family_name}"
        return msgspec.structs.replace(self, registrations=registrations, names=names)

    def with_return(self, change: c.ReregisterAccount, hsa_id: str) -> Draft:
        """Stage that a deregistered account is taken back, or other details for one that is staged.

        What was staged for the account before it was deregistered is dropped.
        """
        base = self if change.account_id in self.returns else self.without_account(change.account_id)
        return msgspec.structs.replace(
            base,
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
        """Stage new details for an account as it was seen; the same ones take the amendment away.

        Somebody who is staged to leave then stays: details are of no use to who leaves.
        """
        change = c.AmendAccount(
            account_id=Id(account.id),
            seen_version=account.version,
            hsa_id=hsa_id if hsa_id != account.hsa_id else None,
            given_name=given_name if given_name != account.given_name else None,
            family_name=family_name if family_name != account.family_name else None,
            email=email if email != account.email else None,
        )
        return self._with_amendment(account, change)

    def _with_amendment(self, account: Account, change: c.AmendAccount) -> Draft:
        amendments = {key: each for key, each in self.amendments.items() if key != account.id}
        if (change.hsa_id, change.given_name, change.family_name, change.email) != (None, None, None, None):
            amendments[account.id] = Amendment(change=change, before=details_of(account))
        return msgspec.structs.replace(
            self,
            amendments=amendments,
            leavings=_without(self.leavings, account.id),
            names={**self.names, account.id: account.name},
        )

    def with_leaving(self, account: Account, granted: frozenset[str]) -> Draft:
        """Stage a deregistration; other edits of the account are dropped, as they would be for nothing."""
        leaving = Leaving(
            change=c.DeregisterAccount(
                account_id=Id(account.id),
                seen_version=account.version,
                seen_permission_ids=tuple(Id(each) for each in sorted(granted)),
            ),
            before=details_of(account),
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

    def without_change(self, change: c.AnyChange) -> Draft:
        """Drop one staged change; a registration takes the newcomer's cells with it."""
        match change:
            case c.Grant() | c.Revoke():
                return self.without_cell(change.account_id, change.permission_id)
            case c.AmendAccount():
                return self.without_amendment(change.account_id)
            case c.RegisterAccount() | c.ReregisterAccount() | c.DeregisterAccount():
                return self.without_account(change.account_id)
            case _:
                return self

    def without_changes(self, changes: Iterable[c.AnyChange]) -> Draft:
        """Drop many staged changes, as :meth:`without_change` drops one, in one go."""
        cells: set[tuple[str, str]] = set()
        amended: set[str] = set()
        accounts: set[str] = set()
        for change in changes:
            match change:
                case c.Grant() | c.Revoke():
                    cells.add((change.account_id, change.permission_id))
                case c.AmendAccount():
                    amended.add(change.account_id)
                case c.RegisterAccount() | c.ReregisterAccount() | c.DeregisterAccount():
                    accounts.add(change.account_id)
                case _:
                    pass
        rows = {
            account_id: {key: wanted for key, wanted in row.items() if (account_id, key) not in cells}
            for account_id, row in self.cells.items()
            if account_id not in accounts
        }
        unamended = accounts | amended
        return msgspec.structs.replace(
            self,
            cells={account_id: row for account_id, row in rows.items() if row},
            registrations={key: each for key, each in self.registrations.items() if key not in accounts},
            returns={key: each for key, each in self.returns.items() if key not in accounts},
            amendments={key: each for key, each in self.amendments.items() if key not in unamended},
            leavings={key: each for key, each in self.leavings.items() if key not in accounts},
        )

    # When others have been at work ------------------------------------------------------------

    def without(self, stale: Stale) -> Draft:
        """Drop just what went stale."""
        if stale.permission_id is not None:
            return self.without_cell(stale.account_id, stale.permission_id)
        if stale.account_id in self.amendments:
            return self.without_amendment(stale.account_id)
        return self.without_account(stale.account_id)

    def kept(self, stale: Stale, row: AccountRow | None) -> Draft:
        """Hold on to what was staged, over what is true now.

        A person who was changed since is stated anew against the account as it is. A cell that
        already is as wished needs nothing more, and what the rules refuse cannot be kept: both are
        dropped.
        """
        if row is None or stale.refusal.code not in _CHANGED_SINCE:
            return self.without(stale)
        account = row.account
        amendment, back = self.amendments.get(account.id), self.returns.get(account.id)
        if amendment is not None:
            wanted = amendment.change
            return self._with_amendment(
                account,
                c.AmendAccount(
                    account_id=wanted.account_id,
                    seen_version=account.version,
                    hsa_id=None if wanted.hsa_id == account.hsa_id else wanted.hsa_id,
                    given_name=None if wanted.given_name == account.given_name else wanted.given_name,
                    family_name=None if wanted.family_name == account.family_name else wanted.family_name,
                    email=None if wanted.email == account.email else wanted.email,
                ),
            )
        if back is not None:
            change = msgspec.structs.replace(back.change, seen_version=account.version)
            return self.with_return(change, account.hsa_id)
        return self.with_leaving(account, row.all_granted)


def is_whole(draft: Draft) -> bool:
    """Say whether what a file gave as a draft agrees with itself: only such a one can be reviewed."""
    people: dict[str, str] = {}
    people.update((key, each.account_id) for key, each in draft.registrations.items())
    people.update((key, each.change.account_id) for key, each in draft.returns.items())
    people.update((key, each.change.account_id) for key, each in draft.amendments.items())
    people.update((key, each.change.account_id) for key, each in draft.leavings.items())
    if any(key != account_id for key, account_id in people.items()):
        return False
    if draft.pending is not None and draft.pending.organisation_id != draft.organisation_id:
        return False
    try:
        for account_id, row in draft.cells.items():
            Id(account_id)
            for permission_id in row:
                Id(permission_id)
    except WrongValueError:
        return False
    return True


def changed_accounts(before: Draft, after: Draft) -> frozenset[str]:
    """Give the accounts for which something else is staged in one draft than in another.

    An edit leaves what it does not touch as the same objects, so this costs little after one edit.
    """
    ids = before.account_ids | after.account_ids
    return frozenset(
        each
        for each in ids
        if before.cells.get(each) is not after.cells.get(each)
        or before.registrations.get(each) is not after.registrations.get(each)
        or before.returns.get(each) is not after.returns.get(each)
        or before.amendments.get(each) is not after.amendments.get(each)
        or before.leavings.get(each) is not after.leavings.get(each)
    )


_CHANGED_SINCE = frozenset({"account_changed_since", "permissions_changed_since"})


def _without(mapping: dict[str, V], key: str) -> dict[str, V]:
    return {each: value for each, value in mapping.items() if each != key} if key in mapping else mapping


def what_is_stale(
    draft: Draft,
    *,
    actor: Actor,
    rows: Mapping[str, AccountRow],
    holders: Mapping[str, Account],
    catalogue: Catalogue,
    agreements: frozenset[str],
    day: date,
) -> tuple[Stale, ...]:
    """Tell what of a draft a write would refuse now, and why: the rules themselves are asked.

    ``rows`` are the present accounts of :attr:`Draft.account_ids` by id, ``holders`` those that have
    one of :attr:`Draft.hsa_keys`, by that key. Nothing is stale just when a write by ``actor`` would
    be accepted; that test ids belong in test data only is known to the storage alone.
    """
    changes = draft.changes()
    refusals = decide_each(changes, actor, _facts(draft, rows, holders, catalogue, agreements), day)
    answer: list[Stale] = []
    refused: set[str] = set()
    for change, refusal in zip(changes, refusals, strict=True):
        if refusal is None:
            continue
        account_id = str(change.account_id)  # type: ignore[union-attr]  # a draft stages people and cells only
        permission_id = None
        if isinstance(change, c.Grant | c.Revoke):
            if account_id in refused:
                continue  # it fails only because its account does not come to be
            permission_id = str(change.permission_id)
        elif isinstance(change, c.RegisterAccount | c.ReregisterAccount):
            refused.add(account_id)
        now = holders.get(change.hsa_id.key) if isinstance(change, c.RegisterAccount) else None
        if now is None and account_id in rows:
            now = rows[account_id].account
        answer.append(Stale(refusal=refusal, account_id=account_id, permission_id=permission_id, now=now))
    return tuple(answer)


def _facts(
    draft: Draft,
    rows: Mapping[str, AccountRow],
    holders: Mapping[str, Account],
    catalogue: Catalogue,
    agreements: frozenset[str],
) -> Facts:
    state = State(draft.organisation_id)
    state.accounts = {account.id: account for account in holders.values()}
    for account_id, row in rows.items():
        state.accounts[account_id] = row.account
        state.granted.update((account_id, permission_id) for permission_id in row.all_granted)
    state.agreements = set(agreements)
    return Facts(
        state=state,
        catalogue=catalogue,
        holders={key: account.id for key, account in holders.items()},
        active={},
        actor=None,
        test_ids=True,
    )

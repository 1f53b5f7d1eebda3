"""What is left of a draft once it is known that a changeset made from it was written.

Between the sending and the answer more may have been staged: by a person who worked on after a lost
line, or while the write was under way. Only what was written goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from core import changes as c
from core.draft import Amendment, Leaving
from core.history import Details
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id
from core.refusal import WrongValueError

if TYPE_CHECKING:
    from core.draft import Draft


def remaining(draft: Draft, written: c.Changeset) -> Draft:
    """Give what of a draft is not in a changeset that was made from it and is written now.

    What was staged besides stays. What was staged differently since is stated over what was written:
    a cell that shall be as it was before, other details for a person who has the first ones now. Where
    that cannot be known it stays as it is, and the rules call it stale. What was taken out of the draft
    since is written and is not staged back: whether the person had seen that, nobody knows; an undo
    takes it back. The note goes with what was written.
    """
    left = _Left(draft)
    for change in written.changes:
        left.take(change)
    return msgspec.structs.replace(
        draft,
        cells={account_id: row for account_id, row in left.cells.items() if row},
        registrations=left.registrations,
        returns=left.returns,
        amendments=left.amendments,
        leavings=left.leavings,
        note=None if draft.note == written.note else draft.note,
        undoes=None if draft.undoes == written.undoes else draft.undoes,
        pending=None,
    )


class _Left:
    """A draft's edits while those that were written are taken out: copied once, for they may be thousands."""

    def __init__(self, draft: Draft) -> None:
        self.cells = {account_id: dict(row) for account_id, row in draft.cells.items()}
        self.registrations = dict(draft.registrations)
        self.returns = dict(draft.returns)
        self.amendments = dict(draft.amendments)
        self.leavings = dict(draft.leavings)

    def take(self, change: c.AnyChange) -> None:
        """Take out one change that was written."""
        match change:
            case c.Grant() | c.Revoke():
                self._take_cell(change)
            case c.RegisterAccount():
                since = self.registrations.pop(change.account_id, None)
                if since is not None:
                    self._amend(change.account_id, 1, _entered(change), _entered(since))
            case c.ReregisterAccount():
                back = self.returns.get(change.account_id)
                if back is not None and back.change.seen_version == change.seen_version:
                    del self.returns[change.account_id]
                    now, wanted = _entered(change, back.hsa_id), _entered(back.change, back.hsa_id)
                    self._amend(change.account_id, change.seen_version + 1, now, wanted)
            case c.AmendAccount():
                self._take_amendment(change)
            case c.DeregisterAccount():
                leaving = self.leavings.get(change.account_id)
                if leaving is not None and leaving.change.seen_version == change.seen_version:
                    del self.leavings[change.account_id]
            case _:
                pass  # a draft stages people and cells only

    def _take_cell(self, change: c.Grant | c.Revoke) -> None:
        given = isinstance(change, c.Grant)
        row = self.cells.get(change.account_id, {})
        if row.get(change.permission_id) is given:
            del row[change.permission_id]
        leaving = self.leavings.get(change.account_id)
        if leaving is not None:
            seen = set(leaving.change.seen_permission_ids) - {change.permission_id}
            self.leavings[change.account_id] = _leaving(
                leaving,
                seen_permission_ids=tuple(sorted(seen | {change.permission_id} if given else seen)),
            )

    def _take_amendment(self, change: c.AmendAccount) -> None:
        account_id, seen = change.account_id, change.seen_version
        amendment, leaving = self.amendments.get(account_id), self.leavings.get(account_id)
        if amendment is not None and amendment.change.seen_version == seen:
            now = _amended(amendment.before, change)
            self._amend(account_id, seen + 1, now, _amended(amendment.before, amendment.change))
        if leaving is not None and leaving.change.seen_version == seen:
            restated = _leaving(leaving, seen_version=seen + 1)
            now = _amended(leaving.before, change)
            self.leavings[account_id] = msgspec.structs.replace(restated, before=now)

    def _amend(self, account_id: Id, version: int, now: Details, wanted: Details) -> None:
        """Stage what leads from the details that were written to those that are wanted, if anything."""
        if now == wanted:
            self.amendments.pop(account_id, None)
            return
        try:
            change = c.AmendAccount(
                account_id=account_id,
                seen_version=version,
                hsa_id=HsaId(wanted.hsa_id) if wanted.hsa_id != now.hsa_id else None,
                given_name=GivenName(wanted.given_name) if wanted.given_name != now.given_name else None,
                family_name=FamilyName(wanted.family_name) if wanted.family_name != now.family_name else None,
                email=EmailAddress(wanted.email) if wanted.email != now.email else None,
            )
        except WrongValueError:
            return  # what stood in the file before may be what could not be entered today
        self.amendments[account_id] = Amendment(change=change, before=now)


def _entered(change: c.RegisterAccount | c.ReregisterAccount, hsa_id: str = "") -> Details:
    return Details(
        hsa_id=change.hsa_id if isinstance(change, c.RegisterAccount) else hsa_id,
        given_name=change.given_name,
        family_name=change.family_name,
        email=change.email,
    )


def _amended(before: Details, change: c.AmendAccount) -> Details:
    return Details(
        hsa_id=change.hsa_id or before.hsa_id,
        given_name=change.given_name or before.given_name,
        family_name=change.family_name or before.family_name,
        email=change.email or before.email,
    )


def _leaving(leaving: Leaving, **fields: object) -> Leaving:
    return msgspec.structs.replace(leaving, change=msgspec.structs.replace(leaving.change, **fields))

"""What is different about a person between two days: who came and left, was changed, got or lost what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from core.directory import Account

if TYPE_CHECKING:
    from core.queries import AccountRow


class PersonDifference(msgspec.Struct, frozen=True, kw_only=True):
    """One account on two days, ``None`` where it was not there or was deregistered.

    ``gained`` and ``lost`` are ids of permissions, by grants alone: that a permission was launched or
    ended between the days is told by the catalogue.
    """

    account_id: str
    before: Account | None
    after: Account | None
    gained: frozenset[str]
    lost: frozenset[str]

    @property
    def account(self) -> Account:
        """The account as it is known last."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a difference is about somebody")
        return found


def difference(before: AccountRow | None, after: AccountRow | None) -> PersonDifference | None:
    """Compare an account's rows of two days; ``None`` where they say the same, whatever happened between."""
    first, last = _active(before), _active(after)
    if first is None and last is None:
        return None
    had = frozenset[str]() if before is None or first is None else before.all_granted
    has = frozenset[str]() if after is None or last is None else after.all_granted
    if first is not None and last is not None and had == has:
        same = msgspec.structs.replace(last, version=first.version) == first
        if same:
            return None
    known = last or first
    return PersonDifference(
        account_id="" if known is None else known.id,
        before=first,
        after=last,
        gained=has - had,
        lost=had - has,
    )


def _active(row: AccountRow | None) -> Account | None:
    return row.account if row is not None and row.account.active else None

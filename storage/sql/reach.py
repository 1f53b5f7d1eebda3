"""How far a question sees: its scope and what it names itself, brought together.

Every read begins here, so that none can forget it: what is outside is not there.
"""

from __future__ import annotations

import msgspec

from core.queries import Scope


class Reach(msgspec.Struct, frozen=True):
    """What may be seen: one organisation or (``None``) all, and in it one account or (``None``) all."""

    organisation_id: str | None
    account_id: str | None = None


def reach(scope: Scope, organisation_id: str | None) -> Reach | None:
    """Give what a question about an organisation (``None``: wherever it may) sees, ``None`` for nothing.

    One account without an organisation would be the accounts of that id in all of them, and nobody
    has such a scope: it sees nothing.
    """
    if scope.organisation_id is None:
        return None if scope.account_id is not None else Reach(organisation_id)
    if organisation_id is not None and organisation_id != scope.organisation_id:
        return None
    return Reach(scope.organisation_id, scope.account_id)


def sees_account(scope: Scope, organisation_id: str, account_id: str) -> bool:
    """Say whether an account, if there is one, is within a scope."""
    seen = reach(scope, organisation_id)
    return seen is not None and seen.account_id in (None, account_id)

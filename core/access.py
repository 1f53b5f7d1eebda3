"""Why an account may do a thing on a day, or may not: one chain of reasons (DOMAIN 1 and 3).

Explain, the matrix and the rules all ask here, so none of them can disagree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from core.directory import Account, Role
from core.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date

    from core.catalogue import Permission


class Granted(msgspec.Struct, frozen=True, kw_only=True):
    """By whom and when a permission was given: the actor's name as shown, the moment in UTC."""

    by: str
    at: str


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One link of the chain. ``code`` names the question, ``holds`` the answer."""

    code: str
    holds: bool
    params: dict[str, str | int | bool] = {}


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an account may use a permission on a day, and why: every reason, in order."""

    permission_id: str
    allowed: bool
    reasons: tuple[Reason, ...]


def explain(
    account: Account, permission: Permission, *, agreement: bool, granted: Granted | None, day: date
) -> Access:
    """Answer "may this account do this on this day" with the chain of reasons.

    The reasons are, in order: ``account_active``, ``role_user``, ``agreement``, ``launched``,
    ``not_retired`` and ``granted``; the account may when all of them hold.
    """
    retired = permission.retired_on
    reasons = (
        Reason(code="account_active", holds=account.active),
        Reason(code="role_user", holds=account.role is Role.USER, params={"role": account.role.value}),
        Reason(code="agreement", holds=agreement, params={"e_service_id": permission.e_service_id}),
        Reason(
            code="launched",
            holds=permission.is_launched(day),
            params={"day": permission.launched_on.isoformat()},
        ),
        Reason(
            code="not_retired",
            holds=not permission.is_retired(day),
            params={} if retired is None else {"day": retired.isoformat()},
        ),
        Reason(
            code="granted",
            holds=granted is not None,
            params={} if granted is None else {"by": granted.by, "at": granted.at},
        ),
    )
    return Access(permission_id=permission.id, allowed=all(each.holds for each in reasons), reasons=reasons)


def why_not_grant(account: Account, permission: Permission, *, agreement: bool, day: date) -> Refusal | None:
    """Tell why a permission cannot be given to an account on a day, or ``None`` when it can."""
    if not account.active:
        return Refusal("account_inactive", account.id)
    if account.role is not Role.USER:
        return Refusal("account_not_user", account.id, {"role": account.role.value})
    return why_not_column(permission, agreement=agreement, day=day)


def why_not_column(permission: Permission, *, agreement: bool, day: date) -> Refusal | None:
    """Tell why a permission cannot be given to anybody on a day, or ``None`` when it can."""
    if not agreement:
        return Refusal("no_agreement", permission.id, {"e_service_id": permission.e_service_id})
    if not permission.is_launched(day):
        return Refusal("not_launched", permission.id, {"day": permission.launched_on.isoformat()})
    if permission.is_retired(day) and permission.retired_on is not None:
        return Refusal("retired", permission.id, {"day": permission.retired_on.isoformat()})
    return None

"""What a person should look at before a write: cautions, never stops (DOMAIN 3.7 and 4)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from core import changes as c
from core.queries import HowMany

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from core.catalogue import Catalogue
    from core.directory import Organisation
    from core.identity import HsaId
    from core.queries import AccountRow, Reached

MANY_CHANGES = 50
"""More changes than this in one write is told."""


class Caution(msgspec.Struct, frozen=True, kw_only=True):
    """Something to look at: ``code`` names it, ``account_id`` whom it is about (``""``: the whole write)."""

    code: str
    account_id: str = ""
    params: dict[str, str | int | bool] = {}


def hsa_id_caution(hsa_id: HsaId, organisation: Organisation) -> Caution | None:
    """Warn when the directory owner's number is another than the organisation's (DOMAIN 4)."""
    if not organisation.number or organisation.number.replace("-", "") == hsa_id.owner_digits:
        return None
    owner = hsa_id.owner_digits
    return Caution(
        code="hsa_id_other_organisation",
        params={"hsa_id": hsa_id, "owner": f"{owner[:6]}-{owner[6:]}", "number": organisation.number},
    )


def cautions(
    changes: tuple[c.AnyChange, ...],
    *,
    rows: Mapping[str, AccountRow],
    catalogue: Catalogue,
    agreements: frozenset[str],
    organisation: Organisation,
    email_counts: Mapping[str, int],
    day: date,
    reached: Mapping[str, Reached] = {},
) -> tuple[Caution, ...]:
    """Give what to look at before writing changes, the widest first.

    ``rows`` are the accounts concerned as they are; ``email_counts`` tells how many active accounts
    have each new e-mail address (lower case); ``reached`` tells what :func:`reaches` asks.
    """
    answer: list[Caution] = []
    if len(changes) > MANY_CHANGES:
        answer.append(Caution(code="many_changes", params={"count": len(changes)}))
    open_ids = {
        each.id
        for each in catalogue.permissions
        if each.e_service_id in agreements and each.is_launched(day) and not each.is_retired(day)
    }
    sharers = _sharers(changes, rows, email_counts)
    touched: dict[str, set[str]] = {}
    leaving: set[str] = set()
    new: set[str] = set()
    for change in changes:
        match change:
            case c.Grant() | c.Revoke():
                if change.account_id not in touched:
                    row = rows.get(change.account_id)
                    touched[change.account_id] = set(row.granted) if row is not None else set()
                if isinstance(change, c.Grant):
                    touched[change.account_id].add(change.permission_id)
                else:
                    touched[change.account_id].discard(change.permission_id)
            case c.DeregisterAccount():
                leaving.add(change.account_id)
            case c.RegisterAccount() | c.ReregisterAccount():
                new.add(change.account_id)
            case _:
                pass
        answer.extend(_about_details(change, organisation, sharers))
        answer.extend(_about_support(change, rows, reached))
    answer.extend(
        Caution(code="new_without_permissions", account_id=account_id)
        for account_id in sorted(new - touched.keys())
    )
    for account_id, after in touched.items():
        if account_id in leaving:
            continue
        if not after & open_ids:
            answer.append(Caution(code="left_without_permissions", account_id=account_id))
        elif open_ids <= after and len(open_ids) > 1:
            answer.append(
                Caution(code="all_permissions", account_id=account_id, params={"count": len(open_ids)})
            )
    return tuple(answer)


def _sharers(
    changes: tuple[c.AnyChange, ...], rows: Mapping[str, AccountRow], email_counts: Mapping[str, int]
) -> dict[str, int]:
    """Tell how many others will have the address that each account gets and does not have already."""
    new: dict[str, str] = {}
    for change in changes:
        if isinstance(change, c.RegisterAccount | c.AmendAccount | c.ReregisterAccount) and change.email:
            row = rows.get(change.account_id)
            email = change.email.lower()
            if row is None or not row.account.active or row.account.email.lower() != email:
                new[change.account_id] = email
    together = Counter(new.values())
    return {account_id: email_counts.get(email, 0) + together[email] - 1 for account_id, email in new.items()}


def _about_details(
    change: c.AnyChange, organisation: Organisation, sharers: Mapping[str, int]
) -> list[Caution]:
    answer: list[Caution] = []
    if isinstance(change, c.RegisterAccount | c.AmendAccount) and change.hsa_id is not None:
        found = hsa_id_caution(change.hsa_id, organisation)
        if found is not None:
            answer.append(msgspec.structs.replace(found, account_id=change.account_id))
    if isinstance(change, c.RegisterAccount | c.AmendAccount | c.ReregisterAccount) and change.email:
        count = sharers.get(change.account_id, 0)
        if count:
            params: dict[str, str | int | bool] = {"email": change.email, "count": count}
            answer.append(Caution(code="email_shared", account_id=change.account_id, params=params))
    return answer


def reaches(change: c.AnyChange, organisation_id: str, catalogue: Catalogue) -> tuple[str, HowMany] | None:
    """Give what a change is about and the question of how much it touches; ``None``: nothing is counted."""
    match change:
        case c.EndAgreement(e_service_id=e_service_id):
            return e_service_id, HowMany(organisation_id=organisation_id, e_service_id=e_service_id)
        case c.LaunchPermission():
            return change.permission_id, HowMany(
                organisation_id=None, e_service_id=change.e_service_id, permission_id=change.permission_id
            )
        case (
            c.RenamePermission(permission_id=permission_id) | c.RetirePermission(permission_id=permission_id)
        ):
            known = catalogue.permission(permission_id)
            if known is not None:
                return permission_id, HowMany(
                    organisation_id=None, e_service_id=known.e_service_id, permission_id=permission_id
                )
    return None


def _about_support(
    change: c.AnyChange, rows: Mapping[str, AccountRow], reached: Mapping[str, Reached]
) -> list[Caution]:
    """Tell what ends, or whom it is about, by what only support does."""
    if isinstance(change, c.AppointAdministrator):
        row = rows.get(change.account_id)
        count = 0 if row is None else len(row.granted)
        if not count:
            return []
        return [Caution(code="role_ends", account_id=change.account_id, params={"count": count})]
    codes = {
        c.EndAgreement: "agreement_ends",
        c.LaunchPermission: "launch_reaches",
        c.RenamePermission: "rename_reaches",
        c.RetirePermission: "retire_reaches",
    }
    code = codes.get(type(change))
    subject = str(getattr(change, "permission_id", None) or getattr(change, "e_service_id", ""))
    touched = reached.get(subject)
    if code is None or touched is None:
        return []
    return [
        Caution(
            code=code,
            params={
                "organisations": touched.organisations,
                "accounts": touched.accounts,
                "grants": touched.grants,
                "more": touched.more,
            },
        )
    ]

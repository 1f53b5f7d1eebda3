"""Each permission of one account with the reasons in sentences, as a card and a user's own room show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.access import Access, explain
from core.text import shown
from tui.text import _
from tui.text.sentences import Words, of_reason
from tui.widgets.rows import Cell

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from core.catalogue import Catalogue, Permission
    from core.directory import Account
    from core.queries import AccountDetail


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One permission, and why the account may use it or may not."""

    permission: Permission
    access: Access

    def cells(self, today: date) -> tuple[Cell, Cell, Cell]:
        """Give sign, name and state for a row: ``X`` given, ``.`` not given, ``/`` cannot be."""
        sign, role = self._sign()
        return (
            Cell(sign, role),
            Cell(shown(self.permission.name_on(today)), role),
            Cell(self.state(), role),
        )

    def _sign(self) -> tuple[str, str]:
        if self.access.allowed:
            return "X", "given"
        can_be_given = all(each.holds for each in self.access.reasons if each.code != "granted")
        return (".", "normal") if can_be_given else ("/", "muted")

    def state(self) -> str:
        """Say in a word or two how it is."""
        lacking = [each.code for each in self.access.reasons if not each.holds]
        if not lacking:
            return _("given")
        match lacking[0]:
            case "account_active":
                return _("deregistered account")
            case "role_user":
                return _("not for this role")
            case "agreement":
                return _("no agreement")
            case "launched":
                return _("not launched yet")
            case "not_retired":
                return _("retired")
            case _:
                return _("not given")

    def told(self, words: Words, whom: str) -> str:
        """Tell the whole chain in sentences; ``whom`` says who can do something about it."""
        name = shown(self.permission.name_on(words.today))
        former = self.permission.former_names(words.today)
        parts = [f"{name}: {self.state()}."]
        if former:
            parts.append(_("Former name: {names}", names=_(", ").join(map(shown, former))) + ".")
        # What holds goes without saying, but for the days and for who gave it.
        telling = {"launched", "not_retired", "granted"}
        parts.extend(
            of_reason(each, words)
            for each in self.access.reasons
            if not each.holds
            or (each.code in telling and (each.code != "not_retired" or "day" in each.params))
        )
        if whom and not self.access.allowed:
            parts.append(whom)
        return " ".join(parts)


def access_lines(
    catalogue: Catalogue, agreements: frozenset[str], detail: AccountDetail, today: date
) -> tuple[AccessLine, ...]:
    """Give every permission there is: those of the organisation's e-services first, the others after them.

    What has ended is told of those only who had it until the end.
    """
    known = {each.permission_id: each for each in detail.access}
    account = detail.row.account
    lines = [
        AccessLine(
            permission,
            known.get(permission.id)
            or explain(
                account,
                permission,
                agreement=permission.e_service_id in agreements,
                granted=None,
                day=today,
            ),
        )
        for permission in catalogue.permissions
    ]
    lines.sort(
        key=lambda each: (each.permission.e_service_id not in agreements, each.permission.is_retired(today))
    )
    return tuple(lines)


def administrators_text(administrators: Iterable[Account]) -> str:
    """Say who administers the organisation, with name and address."""
    names = [_("{name} ({email})", name=shown(each.name), email=shown(each.email)) for each in administrators]
    if not names:
        return _("The organisation has no administrator.")
    return _("Administrators: {names}.", names=_(", ").join(names))

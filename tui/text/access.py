"""Each permission of one account with the reasons in sentences, and who the account is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.access import Access, explain
from core.text import shown
from tui.text import _, ngettext
from tui.text.dates import moment
from tui.text.sentences import Words, of_event, of_reason, standing_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from core.catalogue import Catalogue, Permission
    from core.directory import Account
    from core.queries import AccountDetail, CardView, OrganisationDetail, WriteRow


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One permission, and why the account may use it or may not."""

    permission: Permission
    access: Access

    def sign(self) -> tuple[str, str]:
        """Give a sign, and its role in a theme: ``X`` given, ``.`` not given, ``/`` cannot be."""
        if self.access.allowed:
            return "X", "given"
        can_be_given = all(each.holds for each in self.access.reasons if each.code != "granted")
        return (".", "normal") if can_be_given else ("/", "muted")

    @property
    def lacks(self) -> str:
        """The code of the first reason why not (:func:`core.access.explain`), ``""`` where there is none."""
        return next((each.code for each in self.access.reasons if not each.holds), "")

    def state(self) -> str:
        """Say in a word or two how it is."""
        match self.lacks:
            case "":
                return _("given")
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


# Who it is, and what happened ---------------------------------------------------------------------


def who_lines(detail: AccountDetail, home: OrganisationDetail, catalogue: Catalogue) -> tuple[str, ...]:
    """Say who and where it is, since when, who administers it, and what it has agreements for."""
    account = detail.row.account
    first = _(
        "{name}, {role} in {organisation}. {hsa_id}, {email}.",
        name=account.name,
        role=standing_text(detail.row),
        organisation=shown(home.organisation.name),
        hsa_id=account.hsa_id,
        email=account.email,
    )
    second = [_when(detail)]
    if detail.former_names:
        second.append(_("Former name: {names}", names=_(", ").join(detail.former_names)) + ".")
    if detail.email_shared_by:
        count = detail.email_shared_by
        second.append(
            ngettext(
                "The address is shared by {count} other.",
                "The address is shared by {count} others.",
                count,
            )
        )
    agreed = agreements_text(home.agreements, catalogue)
    return first, " ".join(second), administrators_text(home.administrators), agreed


def _when(detail: AccountDetail) -> str:
    changed = {"moment": moment(detail.changed.at), "name": shown(detail.changed.by)}
    if not detail.row.account.active:
        return _("Deregistered {moment} by {name}.", **changed)
    text = _(
        "Registered {moment} by {name}.",
        moment=moment(detail.registered.at),
        name=shown(detail.registered.by),
    )
    if detail.changed != detail.registered:
        text += " " + _("Changed {moment} by {name}.", **changed)
    return text


def agreements_text(agreements: frozenset[str], catalogue: Catalogue) -> str:
    """Say what an organisation has agreements for."""
    names = [shown(each.name) for each in catalogue.e_services if each.id in agreements]
    if not names:
        return _("The organisation has no agreement.")
    return _("Agreements: {names}.", names=_(", ").join(names))


def what_happened(write: WriteRow, account_id: str, words: Words) -> str:
    """Say what a write did to one account."""
    about = [each for each in write.events if getattr(each, "account_id", None) == account_id]
    return _("; ").join(of_event(each, words) for each in about)


def view_text(view: CardView) -> str:
    """Say who has looked at a card."""
    return _("{name} in support looked at this card.", name=shown(view.by))

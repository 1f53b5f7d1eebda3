"""The card of a person anywhere in the country: why it is so, and what support does about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core import changes as c
from core.directory import AUTHORITY, Role
from core.identity import Id
from core.queries import AccountById, AccountRow, CardViews, Writes
from core.spelling import spelled
from core.text import shown
from tui.actions import SUPPORTS
from tui.desk import Desk
from tui.menu.person import record_lines
from tui.menu.person_form import PersonForm
from tui.menu.review import reviewed
from tui.menu.tasks import Task, of, visit
from tui.session import NoDrafts
from tui.text import N_, _
from tui.text.access import access_lines, administrators_text
from tui.text.dates import moment
from tui.text.sentences import Words, of_event, standing_text

if TYPE_CHECKING:
    from core.directory import Account
    from core.queries import AccountDetail, OrganisationDetail
    from tui.menu.sitting import Sitting

MOST_WRITES, MOST_VIEWS = 5, 3
"""How much of what has happened is told."""


@dataclass(frozen=True, slots=True)
class Card:
    """An account with its organisation, as they were read last."""

    detail: AccountDetail
    home: OrganisationDetail

    @property
    def account(self) -> Account:
        """The account."""
        return self.detail.row.account


async def visit_card(sitting: Sitting, organisation_id: str, account_id: str) -> None:
    """Tell a person's card, and offer what can be done about it.

    Each reading is noted as a look at the person: it is read again only after a write from here.
    """
    desk = sitting.desk
    kept: list[tuple[Card, tuple[str, str] | None]] = []

    async def arrive() -> tuple[str, Card] | None:
        if kept and kept[0][1] == desk.last_write:
            return kept[0][0].account.name, kept[0][0]
        await sitting.reading(desk.load())
        query = AccountById(day=desk.today, organisation_id=organisation_id, account_id=account_id)
        detail = await sitting.ask(query)
        if detail is None:
            sitting.say(_("The account is not there."))
            return None
        card = Card(detail, await sitting.reading(desk.service.organisation(organisation_id)))
        kept[:] = [(card, desk.last_write)]
        sitting.dialogue.head("")
        await sitting.dialogue.read_out(who_lines(sitting, card))
        return card.account.name, card

    await visit(sitting, CARD, arrive)


def who_lines(sitting: Sitting, card: Card) -> list[str]:
    """Say who and where it is."""
    account, home = card.account, card.home
    first = _(
        "{name}, {role} in {organisation}. {hsa_id}, {email}.",
        name=account.name,
        role=standing_text(card.detail.row),
        organisation=shown(home.organisation.name),
        hsa_id=account.hsa_id,
        email=account.email,
    )
    return [
        first,
        *record_lines(card.detail),
        administrators_text(home.administrators),
        agreed(sitting, home),
    ]


def agreed(sitting: Sitting, home: OrganisationDetail) -> str:
    """Say which agreements an organisation has."""
    names = [shown(each.name) for each in sitting.desk.catalogue.e_services if each.id in home.agreements]
    if not names:
        return _("The organisation has no agreement.")
    return _("Agreements: {names}.", names=_(", ").join(names))


async def _why(sitting: Sitting, card: Card) -> None:
    """Tell each permission with the reasons, and who can change it."""
    words, today = sitting.words(), sitting.today
    lines = access_lines(sitting.desk.catalogue, card.home.agreements, card.detail, today)
    # Whom to ask is the same for all of them, and is said once.
    whom = administrators_text(card.home.administrators)
    await sitting.dialogue.read_out([*(line.told(words, "") for line in lines), whom])


async def _what_happened(sitting: Sitting, card: Card) -> None:
    """Tell what happened to the account last, and who in support looked at it last."""
    desk, account = sitting.desk, card.account
    home = account.organisation_id
    writes = await sitting.ask(Writes(organisation_id=home, account_id=account.id, limit=MOST_WRITES))
    views = await sitting.ask(CardViews(organisation_id=home, account_id=account.id, limit=MOST_VIEWS))
    lines = []
    for write in writes.rows:
        words = Words(desk.catalogue, desk.today, write.names)
        about = [each for each in write.events if getattr(each, "account_id", None) == account.id]
        said = _("; ").join(of_event(each, words) for each in about)
        lines.append(_("{name}, {moment}: {what}.", name=shown(write.by), moment=moment(write.at), what=said))
    lines.extend(
        f"{moment(each.at)}. " + _("{name} in support looked at this card.", name=shown(each.by))
        for each in views.rows
    )
    await sitting.dialogue.read_out(lines or [_("Nothing has been written that fits.")])


async def _spell(sitting: Sitting, card: Card) -> None:
    """Spell the HSA-id with the Swedish telephone alphabet."""
    letters = spelled(card.account.hsa_id)
    sitting.say(card.account.hsa_id)
    sitting.say(" ".join(said for _letter, said in letters))


async def _organisation(sitting: Sitting, card: Card) -> None:
    # Deferred: an organisation has the cards of its administrators.
    from tui.menu.organisation import visit_organisation

    await visit_organisation(sitting, card.account.organisation_id)


async def _amend(sitting: Sitting, card: Card) -> None:
    await ask_for_person(sitting, card.account.organisation_id, card.detail.row)


async def _appoint(sitting: Sitting, card: Card) -> None:
    await _review(sitting, card, c.AppointAdministrator(account_id=Id(card.account.id)))


async def _dismiss(sitting: Sitting, card: Card) -> None:
    await _review(sitting, card, c.DismissAdministrator(account_id=Id(card.account.id)))


async def _deregister(sitting: Sitting, card: Card) -> None:
    row = card.detail.row
    change = c.DeregisterAccount(
        account_id=Id(row.account.id),
        seen_version=row.account.version,
        seen_permission_ids=tuple(Id(each) for each in sorted(row.all_granted)),
    )
    await _review(sitting, card, change)


async def _review(sitting: Sitting, card: Card, change: c.AnyChange) -> None:
    await reviewed(sitting, sitting.desk.service.changeset(card.account.organisation_id, (change,)))


def _gone(card: Card) -> str:
    name = card.account.name
    return (
        ""
        if card.account.active
        else _("{name} is deregistered; register the account again first", name=name)
    )


def _why_not_appoint(_sitting: Sitting, card: Card) -> str:
    if card.account.role is not Role.USER:
        return _("{name} is {role} already", name=card.account.name, role=standing_text(card.detail.row))
    return _gone(card)


def _why_not_dismiss(_sitting: Sitting, card: Card) -> str:
    if card.account.role is not Role.ADMINISTRATOR:
        return _("{name} is no administrator", name=card.account.name)
    if card.home.agreements and len(card.home.administrators) == 1:
        return _("the organisation would be left without an administrator; appoint another one first")
    return _gone(card)


def _why_not_deregister(_sitting: Sitting, card: Card) -> str:
    if card.account.role is not Role.USER:
        return _("only a user can be deregistered; take the role away first")
    return _gone(card)


async def _make_support(sitting: Sitting, card: Card) -> None:
    await _review(sitting, card, c.AppointSupport(account_id=Id(card.account.id)))


async def _dismiss_support(sitting: Sitting, card: Card) -> None:
    await _review(sitting, card, c.DismissSupport(account_id=Id(card.account.id)))


def _why_not_dismiss_support(_sitting: Sitting, card: Card) -> str:
    if card.account.role is not Role.SUPPORT:
        return _("{name} is not in support", name=card.account.name)
    return _gone(card)


def _is_authoritys(_sitting: Sitting, card: Card) -> bool:
    return card.account.organisation_id == AUTHORITY


async def ask_for_person(
    sitting: Sitting, organisation_id: str, row: AccountRow | None, *, administrator: bool = False
) -> None:
    """Ask for a person's details in any organisation, and review what comes of it.

    With ``administrator`` the person is appointed as well, in the same write.
    """
    desk = Desk(sitting.desk.service, NoDrafts(), organisation_id)
    await sitting.reading(desk.load())
    account_id = await PersonForm(sitting, desk, row).stage()
    if not desk.draft.count:
        sitting.say(_("That is how it is already; nothing is staged."))
        return
    changes = desk.proposal().changes
    if administrator:
        changes = (*changes, c.AppointAdministrator(account_id=Id(account_id)))
    await reviewed(sitting, desk.service.changeset(organisation_id, changes))


CARD: tuple[Task[Card], ...] = (
    Task(
        N_("Why, for each permission"),
        N_("Tells each permission with the reasons, and who can change it."),
        _why,
        of("search.card", "app.told"),
        roles=SUPPORTS,
    ),
    Task(
        N_("What has happened"),
        N_("Tells the latest events, and who in support looked at the card."),
        _what_happened,
        of("search.card", "card.reload"),
        roles=SUPPORTS,
    ),
    Task(
        N_("Spell"),
        N_("Spells the HSA-id with the Swedish telephone alphabet."),
        _spell,
        of("card.spell"),
        roles=SUPPORTS,
    ),
    Task(
        N_("The organisation"),
        N_("Shows the organisation's administrators and agreements."),
        _organisation,
        of("card.organisation", "search.organisation"),
        roles=SUPPORTS,
    ),
    Task(
        N_("Change details"),
        N_("Changes name, HSA-id or e-mail, or registers a deregistered person again."),
        _amend,
        of("card.amend"),
        of("amend_account", "reregister_account"),
        SUPPORTS,
    ),
    Task(
        N_("Make administrator"),
        N_("Makes the user administrator, after review; what the user had ends."),
        _appoint,
        of("card.appoint"),
        of("appoint_administrator"),
        SUPPORTS,
        why_not=_why_not_appoint,
    ),
    Task(
        N_("Dismiss as administrator"),
        N_("Makes the administrator a user without permissions, after review."),
        _dismiss,
        of("card.dismiss"),
        of("dismiss_administrator"),
        SUPPORTS,
        why_not=_why_not_dismiss,
    ),
    Task(
        N_("Deregister"),
        N_("Deregisters the user and takes the permissions away, after review."),
        _deregister,
        of("card.deregister"),
        of("deregister_account"),
        SUPPORTS,
        why_not=_why_not_deregister,
    ),
    Task(
        N_("Make support"),
        N_("Lets a user of Migrationsverket work in support, after review."),
        _make_support,
        changes=of("appoint_support"),
        roles=SUPPORTS,
        why_not=_why_not_appoint,
        is_there=_is_authoritys,
    ),
    Task(
        N_("Dismiss from support"),
        N_("Makes one in support a user without permissions, after review."),
        _dismiss_support,
        changes=of("dismiss_support"),
        roles=SUPPORTS,
        why_not=_why_not_dismiss_support,
        is_there=_is_authoritys,
    ),
)

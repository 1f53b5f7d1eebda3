"""Support over the country: who is calling, why it is so, and what support does about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core import changes as c
from core.directory import AUTHORITY, OrganisationKind, Role
from core.finding import is_found_now
from core.identity import Id, OrganisationNumber, Title
from core.queries import AccountById, AccountRow, CardViews, Writes
from core.spelling import spelled
from core.text import shown
from tui.actions import SUPPORT
from tui.country import Country
from tui.desk import Desk
from tui.menu.dialogue import Option
from tui.menu.form import Asked, fill_in
from tui.menu.people import detail_lines
from tui.menu.person_form import PersonForm
from tui.menu.review import reviewed
from tui.menu.tasks import Task, of, visit
from tui.session import NoDrafts
from tui.text import N_, _, ngettext
from tui.text import number as number_text
from tui.text.access import access_lines, administrators_text
from tui.text.dates import moment
from tui.text.refusals import sentence
from tui.text.sentences import Words, of_event, standing_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.catalogue import EService
    from core.directory import Account, Organisation
    from core.queries import AccountDetail, OrganisationDetail
    from tui.menu.sitting import Sitting

_SUPPORTS = frozenset({SUPPORT})
MOST_WRITES, MOST_VIEWS = 5, 3


# Finding --------------------------------------------------------------------------------------------


class CountryRows:
    """What a search over the country finds: organisations first, then people, or guesses."""

    def __init__(self, sitting: Sitting, search: str) -> None:
        """Look for a text once the first lines are asked for."""
        self._country = Country(sitting.desk.service)
        self._search = search
        self._is_begun = False
        self._place = 0

    async def more(self, count: int) -> Sequence[Option[Organisation | AccountRow]]:
        """Read and give the next ones."""
        country = self._country
        if not self._is_begun:
            self._is_begun = True
            await country.look_for(self._search)
        while country.count < self._place + count and await country.extend():
            pass
        places = range(self._place, min(self._place + count, country.count))
        self._place = places.stop
        self._has_more = (
            country.count > self._place or country.count < len(country.organisations) + country.total
        )
        return [self._option(country.at(place)) for place in places]

    def _option(self, found: Organisation | AccountRow) -> Option[Organisation | AccountRow]:
        if not isinstance(found, AccountRow):
            return Option(found, _("{name}, the organisation itself", name=shown(found.name)))
        account, country = found.account, self._country
        parts = [
            f"{account.family_name}, {account.given_name}",
            standing_text(found),
            shown(found.organisation_name),
            account.hsa_id,
            account.email,
        ]
        if not is_found_now(country.search, account, found.organisation_name, guessed=country.is_guess):
            parts.append(_("found by a former name"))
        return Option(found, _(", ").join(parts))

    @property
    def is_read(self) -> bool:
        """Whether there are no more."""
        return self._is_begun and (self._country.is_guess or not self._has_more)

    @property
    def total(self) -> str:
        """How many there are, or that what follows is a guess, or that there is nobody."""
        country = self._country
        fault = country.fault_of_id()
        wrong = "" if fault is None else sentence(fault)
        if country.is_guess:
            guess = (
                _("{hsa_id} is not registered. Nearest, one typing error away:", hsa_id=shown(country.search))
                if country.is_id
                else _("Nobody matches “{search}”. A guess, one typing error away:", search=country.search)
            )
            return " ".join(filter(None, (wrong, guess)))
        if not country.count:
            nobody = _(
                "Nobody in the country matches “{search}”, nor with one typing error.", search=country.search
            )
            return " ".join(filter(None, (nobody, wrong)))
        total = number_text(country.total)
        return (
            _("more than {count}", count=total)
            if country.more
            else ngettext("{count} person", "{count} persons", country.total)
        ) + "."


async def search_country(sitting: Sitting, _subject: None) -> None:
    """Look for a caller or an organisation, and open what is chosen."""

    async def search(text: str) -> CountryRows:
        return CountryRows(sitting, text)

    question = _("A part of the name, HSA-id, e-mail address or organisation")
    while True:
        text = await sitting.dialogue.text(question, fault=lambda _answer: "")
        found = await sitting.dialogue.pick("", CountryRows(sitting, text.removeprefix("/")), search=search)
        if isinstance(found, AccountRow):
            await visit_card(sitting, found.account.organisation_id, found.account.id)
        else:
            await visit_organisation(sitting, found.id)


# The card of a person ---------------------------------------------------------------------------------


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
    # Name, HSA-id and address stand in the first line.
    return [
        first,
        *detail_lines(card.detail)[3:],
        administrators_text(home.administrators),
        _agreed(sitting, home),
    ]


def _agreed(sitting: Sitting, home: OrganisationDetail) -> str:
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
        roles=_SUPPORTS,
    ),
    Task(
        N_("What has happened"),
        N_("Tells the latest events, and who in support looked at the card."),
        _what_happened,
        of("search.card", "card.reload"),
        roles=_SUPPORTS,
    ),
    Task(
        N_("Spell"),
        N_("Spells the HSA-id with the Swedish telephone alphabet."),
        _spell,
        of("card.spell"),
        roles=_SUPPORTS,
    ),
    Task(
        N_("The organisation"),
        N_("Shows the organisation's administrators and agreements."),
        _organisation,
        of("card.organisation", "search.organisation"),
        roles=_SUPPORTS,
    ),
    Task(
        N_("Change details"),
        N_("Changes name, HSA-id or e-mail, or registers a deregistered person again."),
        _amend,
        of("card.amend"),
        of("amend_account", "reregister_account"),
        _SUPPORTS,
    ),
    Task(
        N_("Make administrator"),
        N_("Makes the user administrator, after review; what the user had ends."),
        _appoint,
        of("card.appoint"),
        of("appoint_administrator"),
        _SUPPORTS,
        why_not=_why_not_appoint,
    ),
    Task(
        N_("Dismiss as administrator"),
        N_("Makes the administrator a user without permissions, after review."),
        _dismiss,
        of("card.dismiss"),
        of("dismiss_administrator"),
        _SUPPORTS,
        why_not=_why_not_dismiss,
    ),
    Task(
        N_("Deregister"),
        N_("Deregisters the user and takes the permissions away, after review."),
        _deregister,
        of("card.deregister"),
        of("deregister_account"),
        _SUPPORTS,
        why_not=_why_not_deregister,
    ),
    Task(
        N_("Make support"),
        N_("Lets a user of Migrationsverket work in support, after review."),
        _make_support,
        changes=of("appoint_support"),
        roles=_SUPPORTS,
        why_not=_why_not_appoint,
        is_there=_is_authoritys,
    ),
    Task(
        N_("Dismiss from support"),
        N_("Makes one in support a user without permissions, after review."),
        _dismiss_support,
        changes=of("dismiss_support"),
        roles=_SUPPORTS,
        why_not=_why_not_dismiss_support,
        is_there=_is_authoritys,
    ),
)


# An organisation ------------------------------------------------------------------------------------


async def visit_organisation(sitting: Sitting, organisation_id: str) -> None:
    """Tell an organisation, and offer what can be done about it."""
    first = [True]

    async def arrive() -> tuple[str, OrganisationDetail]:
        await sitting.reading(sitting.desk.load())
        home = await sitting.reading(sitting.desk.service.organisation(organisation_id))
        if first:
            first.clear()
            await _tell_organisation(sitting, home)
        return shown(home.organisation.name), home

    await visit(sitting, ORGANISATION, arrive)


async def _tell_organisation(sitting: Sitting, home: OrganisationDetail) -> None:
    organisation, count = home.organisation, home.active_accounts
    accounts = (
        _("more than {count} accounts", count=number_text(count))
        if home.more_accounts
        else ngettext("{count} account", "{count} accounts", count)
    )
    number = (
        _("organisation number {number}", number=shown(organisation.number))
        if organisation.number
        else _("organisation number not known")
    )
    sitting.dialogue.head("")
    await sitting.dialogue.read_out(
        [
            _(
                "{name}, {number}, {accounts}.",
                name=shown(organisation.name),
                number=number,
                accounts=accounts,
            ),
            administrators_text(home.administrators),
            _agreed(sitting, home),
        ]
    )


async def _card_of_administrator(sitting: Sitting, home: OrganisationDetail) -> None:
    options = [
        Option(each, _("{name}, {email}", name=shown(each.name), email=shown(each.email)))
        for each in home.administrators
    ]
    chosen = await sitting.dialogue.choose(_("Administrators"), options)
    await visit_card(sitting, chosen.organisation_id, chosen.id)


def _why_no_card(_sitting: Sitting, home: OrganisationDetail) -> str:
    return "" if home.administrators else _("the organisation has no administrator")


async def _register(sitting: Sitting, home: OrganisationDetail) -> None:
    await ask_for_person(sitting, home.organisation.id, None)


async def _new_administrator(sitting: Sitting, home: OrganisationDetail) -> None:
    await ask_for_person(sitting, home.organisation.id, None, administrator=True)


async def _amend_organisation(sitting: Sitting, home: OrganisationDetail) -> None:
    now = home.organisation
    answers = await fill_in(
        sitting.dialogue,
        (
            Asked("name", _("Name"), Title, now.name),
            Asked("number", _("Organisation number"), OrganisationNumber, now.number, optional=True),
        ),
    )
    name, number = answers["name"], answers["number"]
    change = c.AmendOrganisation(
        name=name if isinstance(name, Title) and name != now.name else None,
        number=number if isinstance(number, OrganisationNumber) and number != now.number else None,
    )
    await _review_organisation(sitting, home, change)


async def _agreement(sitting: Sitting, home: OrganisationDetail, *, signed: bool) -> EService:
    options = [
        Option(each, shown(each.name))
        for each in sitting.desk.catalogue.e_services
        if (each.id in home.agreements) == signed
    ]
    return await sitting.dialogue.choose(_("E-service"), options)


async def _sign(sitting: Sitting, home: OrganisationDetail) -> None:
    e_service = await _agreement(sitting, home, signed=False)
    await _review_organisation(sitting, home, c.SignAgreement(e_service_id=Id(e_service.id)))


async def _end(sitting: Sitting, home: OrganisationDetail) -> None:
    e_service = await _agreement(sitting, home, signed=True)
    await _review_organisation(sitting, home, c.EndAgreement(e_service_id=Id(e_service.id)))


def _why_not_sign(sitting: Sitting, home: OrganisationDetail) -> str:
    if all(each.id in home.agreements for each in sitting.desk.catalogue.e_services):
        return _("there is an agreement for every e-service")
    return ""


def _why_not_end(_sitting: Sitting, home: OrganisationDetail) -> str:
    return "" if home.agreements else _("there is no agreement")


async def _review_organisation(sitting: Sitting, home: OrganisationDetail, change: c.AnyChange) -> None:
    await reviewed(sitting, sitting.desk.service.changeset(home.organisation.id, (change,)))


ORGANISATION: tuple[Task[OrganisationDetail], ...] = (
    Task(
        N_("Tell it again"),
        N_("Tells its administrators and agreements."),
        _tell_organisation,
        of("organisation.reload"),
        roles=_SUPPORTS,
    ),
    Task(
        N_("The card of an administrator"),
        N_("Opens the card of one of its administrators."),
        _card_of_administrator,
        of("organisation.choose"),
        roles=_SUPPORTS,
        why_not=_why_no_card,
    ),
    Task(
        N_("New administrator"),
        N_("Registers a person and makes it administrator in one write, after review."),
        _new_administrator,
        of("organisation.appoint"),
        of("register_account", "appoint_administrator"),
        _SUPPORTS,
    ),
    Task(
        N_("New user"),
        N_("Registers a person as user, after review."),
        _register,
        of("organisation.register"),
        of("register_account"),
        _SUPPORTS,
    ),
    Task(
        N_("Note an agreement"),
        N_("Notes that there is an agreement for an e-service, after review."),
        _sign,
        of("organisation.choose"),
        of("sign_agreement"),
        _SUPPORTS,
        why_not=_why_not_sign,
    ),
    Task(
        N_("End an agreement"),
        N_("Ends an agreement, after review, where it is counted what ends with it."),
        _end,
        of("organisation.choose"),
        of("end_agreement"),
        _SUPPORTS,
        why_not=_why_not_end,
    ),
    Task(
        N_("Change name or number"),
        N_("Changes the organisation's name or number, after review."),
        _amend_organisation,
        of("organisation.amend"),
        of("amend_organisation"),
        _SUPPORTS,
    ),
)


async def register_organisation(sitting: Sitting, _subject: None) -> None:
    """Register an organisation under an id that nobody has."""
    kinds = (
        Option(OrganisationKind.MUNICIPALITY, _("Municipality")),
        Option(OrganisationKind.REGION, _("Region")),
    )
    kind = await sitting.dialogue.choose(_("Register an organisation"), kinds)
    answers = await fill_in(
        sitting.dialogue,
        (
            Asked("id", _("Id, which lasts and is not shown"), Id),
            Asked("name", _("Name"), Title),
            Asked("code", _("Code"), Id, optional=True, hint=_("such as 0180")),
            Asked("number", _("Organisation number"), OrganisationNumber, optional=True),
        ),
    )
    organisation_id = str(answers.pop("id"))
    change = c.RegisterOrganisation(
        organisation_kind=kind,
        **answers,  # type: ignore[arg-type]  # each field has made its own type
    )
    await reviewed(sitting, sitting.desk.service.changeset(organisation_id, (change,)))


SEARCH: tuple[Task[None], ...] = (
    Task(
        N_("Search the country"),
        N_("Finds a person or an organisation: name, HSA-id, e-mail, with or without dots."),
        search_country,
        of(
            "app.search", "search.find", "search.card", "search.organisation", "search.again", "search.reload"
        ),
        roles=_SUPPORTS,
    ),
)

REGISTER: tuple[Task[None], ...] = (
    Task(
        N_("Register an organisation"),
        N_("Registers a municipality or a region, after review."),
        register_organisation,
        changes=of("register_organisation"),
        roles=_SUPPORTS,
    ),
)

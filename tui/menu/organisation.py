"""One organisation of the country: its administrators and agreements, and what support does about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import changes as c
from core.directory import OrganisationKind
from core.identity import Id, OrganisationNumber, Title
from core.text import shown
from tui.actions import SUPPORTS
from tui.menu.card import agreed, ask_for_person, visit_card
from tui.menu.dialogue import Option
from tui.menu.form import Asked, fill_in
from tui.menu.review import reviewed
from tui.menu.tasks import Task, of, visit
from tui.text import N_, _, ngettext
from tui.text import number as number_text
from tui.text.access import administrators_text

if TYPE_CHECKING:
    from core.catalogue import EService
    from core.queries import OrganisationDetail
    from tui.menu.sitting import Sitting


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
            agreed(sitting, home),
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
        roles=SUPPORTS,
    ),
    Task(
        N_("The card of an administrator"),
        N_("Opens the card of one of its administrators."),
        _card_of_administrator,
        of("organisation.choose"),
        roles=SUPPORTS,
        why_not=_why_no_card,
    ),
    Task(
        N_("New administrator"),
        N_("Registers a person and makes it administrator in one write, after review."),
        _new_administrator,
        of("organisation.appoint"),
        of("register_account", "appoint_administrator"),
        SUPPORTS,
    ),
    Task(
        N_("New user"),
        N_("Registers a person as user, after review."),
        _register,
        of("organisation.register"),
        of("register_account"),
        SUPPORTS,
    ),
    Task(
        N_("Note an agreement"),
        N_("Notes that there is an agreement for an e-service, after review."),
        _sign,
        of("organisation.choose"),
        of("sign_agreement"),
        SUPPORTS,
        why_not=_why_not_sign,
    ),
    Task(
        N_("End an agreement"),
        N_("Ends an agreement, after review, where it is counted what ends with it."),
        _end,
        of("organisation.choose"),
        of("end_agreement"),
        SUPPORTS,
        why_not=_why_not_end,
    ),
    Task(
        N_("Change name or number"),
        N_("Changes the organisation's name or number, after review."),
        _amend_organisation,
        of("organisation.amend"),
        of("amend_organisation"),
        SUPPORTS,
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


REGISTER: tuple[Task[None], ...] = (
    Task(
        N_("Register an organisation"),
        N_("Registers a municipality or a region, after review."),
        register_organisation,
        changes=of("register_organisation"),
        roles=SUPPORTS,
    ),
)

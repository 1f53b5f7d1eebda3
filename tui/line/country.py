"""``behorig search`` and ``behorig organisations``: what support finds in the country."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from core.finding import is_found_now
from core.queries import MOST_ROWS, AccountRow, Organisations
from core.text import shown, trimmed
from tui.country import Country
from tui.line.naming import organisation_named
from tui.line.output import Field, Form, Output, Record, form_of
from tui.line.session import run
from tui.line.users import user_in_words
from tui.session import DONE
from tui.settings import wrong
from tui.terminal import say
from tui.text import _, ngettext
from tui.text import number as number_text
from tui.text.organisations import number_of, organisation_line
from tui.text.refusals import sentence
from tui.text.sentences import role_name, standing_text

if TYPE_CHECKING:
    from core.directory import Organisation
    from tui.line.options import Forms, SignIn
    from tui.line.output import Value
    from tui.line.session import SignedIn

MOST_FOUND = 200
"""So many are written unless more are asked for; beyond it is told how many there are."""


def search_country(options: SignIn, forms: Forms, words: tuple[str, ...], *, most: int) -> int:
    """Search people and organisations over the country, and guess where nothing is just that.

    Raises:
        StartError: it is called wrongly, or is not for this person.
    """
    return run(options, partial(_search, form=form_of(forms), search=" ".join(words), most=most))


async def _search(here: SignedIn, *, form: Form, search: str, most: int) -> int:
    if not trimmed(search):
        raise wrong(_("Say what to search for: a name, an HSA-id, an e-mail address or an organisation."))
    country = Country(here.service)
    await country.look_for(search)
    fault = country.fault_of_id()
    with Output(form, "found", _fields()) as output:
        if country.is_guess:
            say(_("Nobody is found by “{search}”; this is near to it:", search=shown(search)))
        for organisation in country.organisations:
            output.row(_organisation_values(organisation), _organisation_told(organisation))
        written = 0
        while written < len(country.rows):
            for row in country.rows[written:most]:
                output.row(_person_values(row), _person_told(country, row), user_in_words(here, row))
            written = len(country.rows)
            if written >= most or not await country.extend():
                break
    if not output.count:
        say(_("Nobody is found by “{search}”.", search=shown(search)))
        if fault is not None:
            say(sentence(fault))
    elif country.total > most or country.more:
        count = number_text(country.total)
        total = _("more than {count}", count=count) if country.more else count
        say(_("Shown: {shown} of {total}. --most shows more.", shown=number_text(most), total=total))
    return DONE


def _fields() -> tuple[Field, ...]:
    return (
        Field("what", _("What")),
        Field("name", _("Name")),
        Field("organisation", _("Organisation's id")),
        Field("organisation_name", _("Organisation")),
        Field("hsa_id", _("HSA-id")),
        Field("email", _("E-mail")),
        Field("role", _("Role")),
        Field("active", _("Registered")),
        Field("permissions", _("Permissions")),
        Field("number", _("Organisation number")),
    )


def _organisation_values(organisation: Organisation) -> dict[str, Value]:
    return {
        "what": "organisation",
        "name": shown(organisation.name),
        "organisation": organisation.id,
        "organisation_name": shown(organisation.name),
        "hsa_id": None,
        "email": None,
        "role": None,
        "active": None,
        "permissions": (),
        "number": shown(organisation.number),
    }


def _person_values(row: AccountRow) -> dict[str, Value]:
    account = row.account
    return {
        "what": "person",
        "name": account.name,
        "organisation": account.organisation_id,
        "organisation_name": row.organisation_name,
        "hsa_id": account.hsa_id,
        "email": account.email,
        "role": account.role.value,
        "active": account.active,
        "permissions": tuple(sorted(row.granted)),
        "number": None,
    }


def _organisation_told(organisation: Organisation) -> str:
    return _("{name}, organisation, {number}", name=shown(organisation.name), number=number_of(organisation))


def _person_told(country: Country, row: AccountRow) -> str:
    account = row.account
    text = _(
        "{family_name}, {given_name}, {hsa_id}, {role} in {organisation}, {email}",
        family_name=account.family_name,
        given_name=account.given_name,
        hsa_id=account.hsa_id,
        role=standing_text(row),
        organisation=row.organisation_name,
        email=account.email,
    )
    now = is_found_now(country.search, account, row.organisation_name, guessed=country.is_guess)
    return text if now else f"{text}. {_('Found by a former name.')}"


# Organisations --------------------------------------------------------------------------------------


def list_organisations(options: SignIn, forms: Forms, search: str) -> int:
    """List organisations.

    Raises:
        StartError: it is called wrongly, or is not for this person.
    """
    return run(options, partial(_list, form=form_of(forms), search=search))


async def _list(here: SignedIn, *, form: Form, search: str) -> int:
    found = await here.service.ask(Organisations(search=search, limit=MOST_ROWS))
    with Output(form, "organisations", _organisation_fields()) as output:
        for each in found:
            name, code = shown(each.name), shown(each.code)
            line = _("{name}, {code}, {number}", name=name, code=code or each.id, number=number_of(each))
            output.row(_of_organisation(each), line)
    if not output.count:
        say(_("There is no organisation “{text}”.", text=shown(search)))
    if output.count == MOST_ROWS:
        say(ngettext("Only {count} is shown.", "Only {count} are shown: search for less.", output.count))
    return DONE


def _organisation_fields() -> tuple[Field, ...]:
    return (
        Field("organisation", _("Organisation's id")),
        Field("name", _("Name")),
        Field("kind", _("Kind")),
        Field("code", _("Code")),
        Field("number", _("Organisation number")),
    )


def _of_organisation(each: Organisation) -> dict[str, Value]:
    return {
        "organisation": each.id,
        "name": shown(each.name),
        "kind": each.kind.value,
        "code": shown(each.code),
        "number": shown(each.number),
    }


def show_organisation(options: SignIn, forms: Forms, named: str | None) -> int:
    """Show an organisation: its administrators and agreements; the own one where none is named.

    Raises:
        StartError: it is called wrongly, or there is none to see.
    """
    return run(options, partial(_show, form=form_of(forms), named=named))


async def _show(here: SignedIn, *, form: Form, named: str | None) -> int:
    home = here.desk.detail
    if named is not None:
        home = await here.service.organisation((await organisation_named(here, named)).id)
    assert home is not None  # noqa: S101 - the desk is loaded
    about = Record(
        (
            *_organisation_fields(),
            Field("active_accounts", _("Registered accounts")),
            Field("more_accounts", _("There are more")),
        ),
        {
            **_of_organisation(home.organisation),
            "active_accounts": home.active_accounts,
            "more_accounts": home.more_accounts,
        },
        (organisation_line(home),),
    )
    fields = (
        Field("what", _("What")),
        Field("name", _("Name")),
        Field("id", _("Id")),
        Field("hsa_id", _("HSA-id")),
        Field("email", _("E-mail")),
        Field("agreement", _("Agreement")),
    )
    with Output(form, "organisation", fields, about=about) as output:
        for each in home.administrators:
            values: dict[str, Value] = {
                "what": "administrator",
                "name": shown(each.name),
                "id": each.id,
                "hsa_id": shown(each.hsa_id),
                "email": shown(each.email),
                "agreement": None,
            }
            told = [role_name(each.role), shown(each.name), shown(each.hsa_id), shown(each.email)]
            output.row(values, _(", ").join(part for part in told if part))
        for service in here.desk.catalogue.e_services:
            agreed = service.id in home.agreements
            values = {
                "what": "e_service",
                "name": shown(service.name),
                "id": service.id,
                "hsa_id": None,
                "email": None,
                "agreement": agreed,
            }
            state = _("agreement") if agreed else _("no agreement")
            output.row(values, _("e-service, {name}, {state}", name=shown(service.name), state=state))
    return DONE

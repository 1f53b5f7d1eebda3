"""Names as people type them: which permission, person or organisation is meant, or a sentence that asks.

What is not there ends with the exit code of a refusal; what may be several things with that of wrong use,
and the sentence lists what it may be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TypeVar

from core.directory import Role
from core.identity import HsaId
from core.nearness import is_id, search_words
from core.queries import (
    MOST_ROWS,
    AccountRow,
    Accounts,
    Organisations,
    Standing,
)
from core.refusal import Refusal, WrongValueError
from core.text import search_key, shown, trimmed
from tui.session import REFUSED, StartError
from tui.settings import nearest, wrong
from tui.text import _
from tui.text.refusals import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from core.catalogue import EService, Permission
    from core.directory import Organisation
    from core.queries import Page
    from tui.line.session import SignedIn

T = TypeVar("T")

MOST_LISTED = 8
"""So many are listed of what a name may mean."""


def permission_named(here: SignedIn, text: str) -> Permission:
    """Give the permission that an id, a short name, a name or a part of one means, former names too.

    Raises:
        StartError: there is none, or it may be several.
    """
    known = here.desk.catalogue.permissions
    found = _meant(text, known, lambda each: _names_of_permission(here, each))
    if not found:
        names = [name for each in known for name in _names_of_permission(here, each)]
        raise _missing(_("There is no permission “{text}”.", text=shown(text)), text, names)
    if len(found) > 1:
        ask_which(text, [_named(shown(each.name_on(here.today)), each.id) for each in found])
    return found[0]


def e_service_named(here: SignedIn, text: str) -> EService:
    """Give the e-service that an id, a name or a part of one means.

    Raises:
        StartError: there is none, or it may be several.
    """
    known = here.desk.catalogue.e_services
    found = _meant(text, known, lambda each: (each.id, each.name))
    if not found:
        names = [name for each in known for name in (each.id, each.name)]
        raise _missing(_("There is no e-service “{text}”.", text=shown(text)), text, names)
    if len(found) > 1:
        ask_which(text, [_named(shown(each.name), each.id) for each in found])
    return found[0]


async def organisation_named(here: SignedIn, text: str) -> Organisation:
    """Give the organisation that an id, a code, an organisation number, a name or a part of one means.

    Raises:
        StartError: there is none in scope, it may be several, or nothing is named.
    """
    if not trimmed(text):
        # A script's variable that is not set would mean whoever has no code.
        raise wrong(_("Say which organisation: its name, code, number or id. It is empty."))
    own = here.session.membership.organisation
    if text.casefold() in (own.id, own.code, own.name.casefold()):
        return own
    if here.actor.role is not Role.SUPPORT:
        raise StartError(
            _("There is no organisation “{text}” to see: you see your own.", text=shown(text)),
            REFUSED,
            Refusal("not_found", shown(text)),
        )
    known = await here.service.ask(Organisations(search="", limit=MOST_ROWS))
    found = _meant(text, known, lambda each: (each.id, each.code, each.number, each.name))
    if not found:
        names = [each.name for each in known]
        raise _missing(_("There is no organisation “{text}”.", text=shown(text)), text, names)
    if len(found) > 1:
        ask_which(text, [_named(shown(each.name), each.code or each.id) for each in found])
    return found[0]


async def person_named(here: SignedIn, text: str, organisation: Organisation | None = None) -> AccountRow:
    """Give the account that an HSA-id, an e-mail address or a name means, registered or not.

    It is looked for within the scope of who is signed in; ``organisation`` narrows it down, which somebody
    in support needs where a person has accounts in several.

    Raises:
        StartError: there is nobody, or it may be several.
    """
    text = trimmed(text)
    if not text:
        raise StartError(_nobody(text), REFUSED, Refusal("not_found", shown(text)))
    organisation_id = None if organisation is None else organisation.id
    whole = await _holder(here, text, organisation_id)
    if whole is not None:
        return whole
    exact, page = await _people_like(here, text, organisation_id)
    rows = exact or list(page.rows)
    if not rows:
        raise StartError(_nobody(text), REFUSED, Refusal("not_found", shown(text)))
    # Whoever is registered is meant before who is not.
    rows = [row for row in rows if row.account.active] or rows
    more = page.after is not None and not exact
    if len(rows) > 1 or more:
        ask_which_person(text, rows, more=more)
    return rows[0]


async def registered_as(here: SignedIn, text: str, organisation: Organisation) -> list[AccountRow]:
    """Give those registered in an organisation whose HSA-id, e-mail address or whole name a text is."""
    exact, _page = await _people_like(here, text, organisation.id)
    return [row for row in exact if row.account.active]


async def _people_like(
    here: SignedIn, text: str, organisation_id: str | None
) -> tuple[list[AccountRow], Page[AccountRow]]:
    """Give those whom a text names whole, and those whom it may mean at all."""
    page = await here.service.ask(
        Accounts(
            day=here.today,
            organisation_id=organisation_id,
            search=text,
            standing=Standing.ANY,
            limit=MOST_ROWS,
        )
    )
    return [row for row in page.rows if search_key(text) in names_of_person(row)], page


def ask_which_person(text: str, rows: Sequence[AccountRow], *, more: bool = False) -> NoReturn:
    """Raise the sentence that lists whom a text may mean; ``more`` says that there are others besides."""
    listed = [
        _("{name}, {hsa_id}, {organisation}", name=shown(row.account.name), hsa_id=row.account.hsa_id,
          organisation=shown(row.organisation_name))
        for row in rows[:MOST_LISTED]
    ]  # fmt: skip
    ask_which(text, listed, more=len(rows) > MOST_LISTED or more)


async def _holder(here: SignedIn, text: str, organisation_id: str | None) -> AccountRow | None:
    """Give the account of a whole HSA-id by its key: one small question where a search is several."""
    if here.actor.role is Role.USER or (here.actor.role is Role.SUPPORT and organisation_id is None):
        return None
    try:
        hsa_id = HsaId(text)
    except WrongValueError:
        return None
    return await here.service.holder(organisation_id or here.desk.organisation_id, hsa_id)


async def place_of_person(here: SignedIn, text: str | None, in_organisation: str | None) -> AccountRow:
    """Give the account that a command is about: the one that is named, or the own where none is.

    ``in_organisation`` is the organisation to look in, as it was typed.

    Raises:
        StartError: there is nobody, or it may be several.
    """
    organisation = None if in_organisation is None else await organisation_named(here, in_organisation)
    if text is not None:
        return await person_named(here, text, organisation)
    own = (await here.service.rows(here.desk.organisation_id, frozenset({here.actor.account_id}))).values()
    return next(iter(own))


def _nobody(text: str) -> str:
    words = search_words(text)
    if len(words) == 1 and is_id(words[0]):
        try:
            HsaId(text)
        except WrongValueError as error:
            return _("There is nobody “{text}”. {why}", text=shown(text), why=sentence(error.refusal))
    return _("There is nobody “{text}”.", text=shown(text))


def names_of_person(row: AccountRow) -> set[str]:
    """Give the keys of what somebody is named by whole: the id, the address, the name both ways round."""
    account = row.account
    both = (account.name, f"{account.family_name} {account.given_name}")
    return {search_key(each) for each in (account.hsa_id, account.email, *both)}


def _names_of_permission(here: SignedIn, each: Permission) -> tuple[str, ...]:
    today = here.today
    return (each.id, each.short_name, each.name_on(today), *each.former_names(today))


def _meant(text: str, among: Iterable[T], names: Callable[[T], Iterable[str]]) -> list[T]:
    """Give what a text names: exactly, else by how a name begins, else by a part of one."""
    key = search_key(text)
    if not key:
        return []
    known = [(each, [search_key(name) for name in names(each) if name]) for each in among]
    for fits in (str.__eq__, str.startswith, str.__contains__):
        found = [each for each, keys in known if any(fits(name, key) for name in keys)]
        if found:
            return found
    return []


def _named(name: str, known_as: str) -> str:
    return _("{name} ({id})", name=name, id=known_as)


def _missing(told: str, text: str, names: Sequence[str]) -> StartError:
    found = nearest(text, names, 3)
    return StartError(f"{told} {found}".strip(), REFUSED, Refusal("not_found", shown(text)))


def none_of(value: str, among: Iterable[str], flag: str = "") -> StartError:
    """Give what says that a value is none of those that there are; ``flag`` is before it, if it has one."""
    told = _("“{value}” is none of the choices. {nearest}", value=shown(value), nearest=nearest(value, among))
    return wrong(f"{flag}: {told}" if flag else told)


def ask_which(text: str, listed: Sequence[str], *, more: bool = False) -> NoReturn:
    """Raise the sentence that lists what a text may mean; ``more`` says that there are others besides."""
    meant = "; ".join(listed[:MOST_LISTED])
    if more or len(listed) > MOST_LISTED:
        raise wrong(_("“{text}” may be one of several, among them: {names}.", text=shown(text), names=meant))
    raise wrong(_("“{text}” may be one of several: {names}.", text=shown(text), names=meant))

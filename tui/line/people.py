"""Whom and what a command that writes is about: people, permissions and the organisation they are in.

A name that only begins or holds what was typed is good enough to look something up, and not to write: there
it must be whole, since nobody may be there to see who was meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.directory import Role
from core.identity import HsaId
from core.refusal import WrongValueError
from core.text import search_key, shown, trimmed
from tui.line.lists import read_list, tell_doubles
from tui.line.naming import (
    ask_which_person,
    names_of_person,
    organisation_named,
    permission_named,
    person_named,
    registered_as,
)
from tui.settings import wrong
from tui.text import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.catalogue import Permission
    from core.directory import Organisation
    from core.queries import AccountRow
    from tui.line.lists import Line
    from tui.line.work import Work
    from tui.line.writing import Office


async def organisation_of(office: Office, where: str | None) -> Organisation | None:
    """Give the organisation that a command is about, ``None`` where nothing names it.

    Raises:
        StartError: there is none of that name to see.
    """
    return None if where is None else await organisation_named(office.here, where)


async def place_of(office: Office, where: str | None) -> str:
    """Give the id of the organisation that a command is about: that of the plan, else the own one."""
    found = await organisation_of(office, where)
    if found is not None:
        return found.id
    return office.planned_in or office.here.actor.organisation_id


async def people_meant(
    office: Office, who: Sequence[str], *, file: str | None = None, where: str | None = None
) -> tuple[Work, list[AccountRow]]:
    """Give the work in the organisation of some people, and their accounts, each once, in the order named.

    A list adds those whose HSA-id or name its lines begin with. Newcomers of the plan are people too.

    Raises:
        StartError: nobody is named, somebody is not there, or may be one of several.
    """
    lines = () if file is None else await read_list(file)
    named = [*who, *(who_in(file or "", line) for line in lines)]
    if not named:
        raise wrong(_("Say whom: an HSA-id, or --file with a list."))
    organisation = await organisation_of(office, where)
    organisation_id = organisation.id if organisation is not None else office.planned_in
    if organisation_id is None and office.here.actor.role is Role.SUPPORT:
        # Somebody in support names a person of any organisation; all others must be of the same.
        first = await _exactly(office, trimmed(named[0]), None)
        organisation_id = first.account.organisation_id
    work = await office.work(organisation_id)
    rows = await people_by_text(office, work, named)
    of_lines = zip(lines, rows[len(who) :], strict=True)
    tell_doubles(file or "", ((line, row.account.id) for line, row in of_lines))
    return work, each_once(rows)


def who_in(file: str, line: Line) -> str:
    """Give whom a line of a list is about: who is passed over in silence would seem to be done.

    Raises:
        StartError: the line does not say it.
    """
    named = line.cell("hsa_id", 0)
    if not named:
        raise wrong(_("{file}, line {line}: the HSA-id is missing.", file=file, line=line.number))
    return named


async def people_of(office: Office, work: Work, named: Sequence[str]) -> list[AccountRow]:
    """Give the accounts of people in the organisation of the work, each once.

    Raises:
        StartError: somebody is not there, or may be one of several.
    """
    return each_once(await people_by_text(office, work, named))


def each_once(rows: Iterable[AccountRow]) -> list[AccountRow]:
    """Give accounts in their order, each once."""
    return list({row.account.id: row for row in rows}.values())


async def people_by_text(office: Office, work: Work, named: Sequence[str]) -> list[AccountRow]:
    """Give the account that each text means, in the organisation of the work.

    Raises:
        StartError: somebody is not there, or may be one of several.
    """
    named = [trimmed(text) for text in named]
    ids: dict[str, str] = {}
    for text in named:
        try:
            ids[text] = HsaId(text).key
        except WrongValueError:
            continue
    rows = {
        **await office.service.holders(work.organisation_id, frozenset(ids.values())),
        **work.newcomers_by_id(),
    }
    newcomers: dict[str, list[AccountRow]] = {}
    for row in work.newcomers():
        for name in names_of_person(row):
            newcomers.setdefault(name, []).append(row)
    found: dict[str, AccountRow] = {}
    for text in named:
        if text not in found:
            known = rows.get(ids.get(text, ""))
            came = newcomers.get(search_key(text), [])
            found[text] = known or await _exactly(office, text, work.organisation(), came)
    return [found[text] for text in named]


async def _exactly(
    office: Office, text: str, organisation: Organisation | None, newcomers: Sequence[AccountRow] = ()
) -> AccountRow:
    """Give the one whom a text names whole, those counted who are staged to come."""
    if newcomers:
        # An organisation that is founded by the same write has nobody else.
        there = [] if organisation is None else await registered_as(office.here, text, organisation)
        if len(newcomers) + len(there) > 1:
            ask_which_person(text, [*there, *newcomers])
        return newcomers[0]
    row = await person_named(office.here, text, organisation)
    if search_key(text) not in names_of_person(row):
        account = row.account
        raise wrong(
            _(
                "“{text}” is a part of {name}, {hsa_id}: write the HSA-id or the whole name.",
                text=shown(text),
                name=shown(account.name),
                hsa_id=shown(account.hsa_id),
            )
        )
    return row


def permissions_meant(office: Office, named: Iterable[str]) -> list[Permission]:
    """Give the permissions that texts mean: each an id, a short name, or a whole name, former ones too.

    Raises:
        StartError: there is none, it may be several, or only a part of the name was written.
    """
    found: dict[str, Permission] = {}
    for text in named:
        if text not in office.permissions:
            office.permissions[text] = _whole_permission(office, text)
        permission = office.permissions[text]
        found[permission.id] = permission
    return list(found.values())


def _whole_permission(office: Office, text: str) -> Permission:
    here = office.here
    permission = permission_named(here, text)
    today = here.desk.today
    names = (
        permission.id,
        permission.short_name,
        permission.name_on(today),
        *permission.former_names(today),
    )
    if search_key(text) not in {search_key(each) for each in names}:
        raise wrong(
            _(
                "“{text}” is a part of {name}, {id}: write the id or the whole name.",
                text=shown(text),
                name=shown(permission.name_on(today)),
                id=permission.id,
            )
        )
    return permission

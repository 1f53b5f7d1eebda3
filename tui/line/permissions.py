"""``behorig permissions list``: the catalogue, and who has what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from core.directory import Role
from core.queries import MOST_ROWS, Accounts
from core.text import shown
from tui.line.naming import e_service_named, organisation_named, permission_named
from tui.line.output import Field, Form, Output, form_of
from tui.line.progress import Progress
from tui.line.session import day_of_flag, run
from tui.session import DONE
from tui.settings import wrong
from tui.terminal import say
from tui.text import _, ngettext
from tui.text.permissions import permission_words

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import date

    from core.catalogue import Permission
    from core.queries import AccountRow
    from tui.line.options import Forms, SignIn
    from tui.line.output import Value
    from tui.line.session import SignedIn


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionsWanted:
    """Which permissions to list, as it was typed; ``by`` is ``person``, ``permission`` or ``None``."""

    by: str | None = None
    permission: str | None = None
    e_service: str | None = None
    search: str = ""
    retired: bool = False
    as_of: str | None = None
    organisation: str | None = None


def list_permissions(options: SignIn, forms: Forms, wanted: PermissionsWanted) -> int:
    """List the catalogue, or who has what: a person a row, or a grant a row under its permission.

    Raises:
        StartError: it is called wrongly, or cannot be answered.
    """
    if wanted.by is None and wanted.search:
        raise wrong(_("--search looks for people: say --by person or --by permission as well."))
    return run(options, partial(_list, form=form_of(forms), wanted=wanted))


async def _list(here: SignedIn, *, form: Form, wanted: PermissionsWanted) -> int:
    as_of = day_of_flag(here, "--as-of", wanted.as_of)
    columns = _columns(here, wanted, as_of)
    if wanted.by is None:
        return _catalogue(here, form, columns, as_of or here.today)
    organisation_id: str | None = None
    if wanted.organisation is not None:
        organisation_id = (await organisation_named(here, wanted.organisation)).id
    elif here.actor.role is not Role.SUPPORT:
        organisation_id = here.desk.organisation_id
    if as_of is not None and organisation_id is None:
        raise wrong(_("--as-of needs --in: the past is one organisation's."))
    question = Accounts(
        day=here.today,
        as_of=as_of,
        organisation_id=organisation_id,
        search=wanted.search,
        role=Role.USER,
        limit=MOST_ROWS,
    )
    if wanted.by == "person":
        count = await _by_person(here, form, columns, question)
    else:
        count = await _by_permission(here, form, columns, question)
    if not count:
        say(_("Nobody has any of these permissions."))
    return DONE


def _columns(here: SignedIn, wanted: PermissionsWanted, as_of: date | None) -> Sequence[Permission]:
    """Give the permissions that are asked for, as the matrix has them; support has the whole catalogue."""
    if wanted.permission is not None:
        return [permission_named(here, wanted.permission)]
    day = as_of or here.today
    if here.actor.role is Role.SUPPORT:
        found = [
            each for each in here.desk.catalogue.permissions if wanted.retired or not each.is_retired(day)
        ]
    else:
        found = list(here.desk.columns(retired=wanted.retired, as_of=as_of))
    if wanted.e_service is not None:
        service = e_service_named(here, wanted.e_service)
        found = [each for each in found if each.e_service_id == service.id]
    return found


def _catalogue(here: SignedIn, form: Form, columns: Sequence[Permission], day: date) -> int:
    fields = (
        Field("permission", _("Permission's id")),
        Field("permission_name", _("Permission")),
        Field("short_name", _("Short name")),
        Field("e_service", _("E-service's id")),
        Field("e_service_name", _("E-service")),
        Field("launched_on", _("Launch day")),
        Field("retired_on", _("Ends on")),
        Field("former_names", _("Former names")),
        Field("target_group", _("Target group")),
        Field("payment", _("Payment")),
    )
    words = here.words()
    with Output(form, "permissions", fields) as output:
        for each in columns:
            name, short = shown(each.name_on(day)), shown(each.short_name)
            output.row(
                {
                    "permission": each.id,
                    "permission_name": name,
                    "short_name": short,
                    "e_service": each.e_service_id,
                    "e_service_name": words.e_service(each.e_service_id),
                    "launched_on": each.launched_on.isoformat(),
                    "retired_on": None if each.retired_on is None else each.retired_on.isoformat(),
                    "former_names": tuple(map(shown, each.former_names(day))),
                    "target_group": shown(each.target_group),
                    "payment": shown(each.payment),
                },
                _(
                    "{name}, {short}, {id}, {service}. {told}",
                    name=name,
                    short=short,
                    id=each.id,
                    service=words.e_service(each.e_service_id),
                    told=permission_words(each, day),
                ),
            )
    if not output.count:
        say(_("There is no agreement for an e-service, or nothing that is asked for."))
    return DONE


async def _pages(here: SignedIn, question: Accounts) -> AsyncIterator[AccountRow]:
    while True:
        page = await here.service.ask(question)
        for row in page.rows:
            yield row
        if page.after is None:
            return
        question = msgspec.structs.replace(question, cursor=page.after)


async def _by_person(here: SignedIn, form: Form, columns: Sequence[Permission], question: Accounts) -> int:
    """Write a person a row, with a field for each permission: the matrix."""
    people = (
        Field("hsa_id", _("HSA-id")),
        Field("family_name", _("Last name")),
        Field("given_name", _("First name")),
        Field("email", _("E-mail")),
        Field("organisation", _("Organisation's id")),
    )
    day = question.as_of or here.today
    fields = (*people, *(Field(each.id, shown(each.name_on(day))) for each in columns))
    progress = Progress()
    with Output(form, "permissions_by_person", fields) as output:
        async for row in _pages(here, question):
            account = row.account
            has = [each for each in columns if each.id in row.granted]
            values: dict[str, Value] = {
                "hsa_id": account.hsa_id,
                "family_name": account.family_name,
                "given_name": account.given_name,
                "email": account.email,
                "organisation": account.organisation_id,
                **{each.id: each.id in row.granted for each in columns},
            }
            names = [shown(each.name_on(day)) for each in has]
            line = _(
                "{family_name}, {given_name}, {hsa_id}: {permissions}",
                family_name=account.family_name,
                given_name=account.given_name,
                hsa_id=account.hsa_id,
                permissions="; ".join(names) or _("no permission"),
            )
            output.row(values, line)
            progress.tell(lambda: _written(output.count))
    return output.count


async def _by_permission(
    here: SignedIn, form: Form, columns: Sequence[Permission], question: Accounts
) -> int:
    """Write a grant a row, one permission after the other."""
    fields = (
        Field("permission", _("Permission's id")),
        Field("permission_name", _("Permission")),
        Field("hsa_id", _("HSA-id")),
        Field("family_name", _("Last name")),
        Field("given_name", _("First name")),
        Field("email", _("E-mail")),
        Field("organisation", _("Organisation's id")),
    )
    day = question.as_of or here.today
    progress = Progress()
    with Output(form, "grants", fields) as output:
        for each in columns:
            name = shown(each.name_on(day))
            having = msgspec.structs.replace(question, permission_id=each.id)
            async for row in _pages(here, having):
                account = row.account
                values: dict[str, Value] = {
                    "permission": each.id,
                    "permission_name": name,
                    "hsa_id": account.hsa_id,
                    "family_name": account.family_name,
                    "given_name": account.given_name,
                    "email": account.email,
                    "organisation": account.organisation_id,
                }
                line = _(
                    "{permission}: {family_name}, {given_name}, {hsa_id}",
                    permission=name,
                    family_name=account.family_name,
                    given_name=account.given_name,
                    hsa_id=account.hsa_id,
                )
                output.row(values, line)
                progress.tell(lambda: _written(output.count))
    return output.count


def _written(count: int) -> str:
    return ngettext("{count} row written so far.", "{count} rows written so far.", count)

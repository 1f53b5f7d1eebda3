"""``behorig users``: who there is, and all that is known of one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from core.directory import Role
from core.queries import MOST_ROWS, Accounts, SortBy, Standing
from core.text import shown
from tui.line.naming import e_service_named, organisation_named, permission_named
from tui.line.output import Field, Form, Output, form_of
from tui.line.session import day_of_flag, run
from tui.session import DONE
from tui.settings import wrong
from tui.terminal import say
from tui.text import _, ngettext
from tui.text.dates import day as day_text
from tui.text.sentences import role_name, standing_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.queries import AccountRow
    from tui.line.options import Forms, SignIn
    from tui.line.output import Value
    from tui.line.session import SignedIn


@dataclass(frozen=True, slots=True, kw_only=True)
class UsersWanted:
    """Which users to list, as it was typed: names of permissions, services and organisations as texts."""

    search: str = ""
    with_permission: str | None = None
    without_permission: str | None = None
    e_service: str | None = None
    deregistered: bool = False
    everybody: bool = False
    role: str | None = None
    sort: str = "name"
    descending: bool = False
    as_of: str | None = None
    organisation: str | None = None


def list_users(options: SignIn, forms: Forms, wanted: UsersWanted) -> int:
    """List users, page by page, so that a hundred thousand need no more memory than a page.

    Raises:
        StartError: it is called wrongly, or cannot be answered.
    """
    if wanted.deregistered and wanted.everybody:
        raise wrong(_("Choose one of --deregistered and --all."))
    if wanted.with_permission and wanted.without_permission:
        raise wrong(_("Choose one of --with and --without."))
    return run(options, partial(_list, form=form_of(forms), wanted=wanted))


async def _list(here: SignedIn, *, form: Form, wanted: UsersWanted) -> int:
    question = await _question(here, wanted)
    total = None
    with Output(form, "users", user_fields()) as output:
        while True:
            page = await here.service.ask(question)
            total = page.total if total is None else total
            for row in page.rows:
                output.row(user_values(row), user_line(row), user_in_words(here, row))
            if page.after is None:
                break
            question = msgspec.structs.replace(question, cursor=page.after)
    if not output.count:
        say(_nobody(here, wanted))
    return DONE


async def _question(here: SignedIn, wanted: UsersWanted) -> Accounts:
    as_of = day_of_flag(here, "--as-of", wanted.as_of)
    organisation_id: str | None = None
    if wanted.organisation is not None:
        organisation_id = (await organisation_named(here, wanted.organisation)).id
    elif here.actor.role is not Role.SUPPORT:
        organisation_id = here.desk.organisation_id
    if as_of is not None and organisation_id is None:
        raise wrong(_("--as-of needs --in: the past is one organisation's."))
    permission = wanted.with_permission or wanted.without_permission
    standing = Standing.ANY if wanted.everybody else Standing.ACTIVE
    return Accounts(
        day=here.today,
        as_of=as_of,
        organisation_id=organisation_id,
        search=wanted.search,
        in_organisations=organisation_id is None and bool(wanted.search),
        e_service_id=None if wanted.e_service is None else e_service_named(here, wanted.e_service).id,
        permission_id=None if permission is None else permission_named(here, permission).id,
        lacking=wanted.without_permission is not None,
        standing=Standing.DEREGISTERED if wanted.deregistered else standing,
        role=None if wanted.role is None else Role(wanted.role),
        sort_by=SortBy(wanted.sort.replace("-", "_")),
        descending=wanted.descending,
        limit=MOST_ROWS,
    )


def _nobody(here: SignedIn, wanted: UsersWanted) -> str:
    """Say why the list is empty."""
    parts = []
    if wanted.search:
        parts.append(_("Nobody is found by “{search}”.", search=shown(wanted.search)))
    else:
        parts.append(_("There is nobody to list."))
    if wanted.as_of is not None:
        day = day_of_flag(here, "--as-of", wanted.as_of)
        parts.append(_("It was as of {day}.", day="" if day is None else day_text(day)))
    if not wanted.deregistered and not wanted.everybody:
        parts.append(_("--all lists the deregistered as well."))
    return " ".join(parts)


def user_fields() -> tuple[Field, ...]:
    """Give the fields of an account as a row."""
    return (
        Field("hsa_id", _("HSA-id")),
        Field("family_name", _("Last name")),
        Field("given_name", _("First name")),
        Field("email", _("E-mail")),
        Field("role", _("Role")),
        Field("active", _("Registered")),
        Field("permissions", _("Permissions")),
        Field("organisation", _("Organisation's id")),
        Field("organisation_name", _("Organisation")),
        Field("id", _("Id")),
        Field("version", _("The account's version")),
    )


def user_values(row: AccountRow) -> Mapping[str, Value]:
    """Give an account's values by the names of :func:`user_fields`."""
    account = row.account
    return {
        "hsa_id": account.hsa_id,
        "family_name": account.family_name,
        "given_name": account.given_name,
        "email": account.email,
        "role": account.role.value,
        "active": account.active,
        "permissions": tuple(sorted(row.granted)),
        "organisation": account.organisation_id,
        "organisation_name": row.organisation_name,
        "id": account.id,
        "version": account.version,
    }


def user_in_words(here: SignedIn, row: AccountRow) -> Mapping[str, Value]:
    """Give what readers are told in place of the values for programs."""
    words = here.words()
    names = [each for each in here.desk.catalogue.permissions if each.id in row.granted]
    return {
        "role": role_name(row.account.role),
        "permissions": tuple(words.permission(each.id) for each in names),
    }


def user_line(row: AccountRow) -> str:
    """Say in a line who it is, the name first: what a reader hears or feels before the rest."""
    account = row.account
    if not account.active or account.role is not Role.USER:
        what = standing_text(row)
    else:
        count = len(row.granted)
        what = ngettext("{count} permission", "{count} permissions", count)
    return _(
        "{family_name}, {given_name}, {hsa_id}, {email}, {what}",
        family_name=account.family_name,
        given_name=account.given_name,
        hsa_id=account.hsa_id,
        email=account.email,
        what=what,
    )

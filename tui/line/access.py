"""``behorig users show`` and ``behorig access explain``: what one person may do, and why."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from core.directory import Role
from core.queries import AccountById, Accounts, CardViews, Cell, Standing, Writes
from core.spelling import spelled
from core.text import shown
from tui.line.naming import permission_named, place_of_person
from tui.line.output import Field, Form, Output, Record, form_of
from tui.line.session import day_of_flag, run
from tui.line.users import user_fields, user_in_words, user_values
from tui.session import DONE, REFUSED, StartError
from tui.text import _
from tui.text.access import (
    access_lines,
    administrators_text,
    view_text,
    what_happened,
    who_lines,
)
from tui.text.dates import day as day_text
from tui.text.dates import moment
from tui.text.sentences import of_reason, role_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.access import Access
    from core.queries import AccountDetail, AccountRow, OrganisationDetail
    from tui.line.options import Forms, SignIn
    from tui.line.output import Value
    from tui.line.session import SignedIn
    from tui.text.access import AccessLine

STATES = {
    "": "given",
    "account_active": "deregistered",
    "role_user": "not_for_role",
    "agreement": "no_agreement",
    "launched": "not_launched",
    "not_retired": "retired",
    "granted": "not_given",
}
"""What programs are told of a permission, by the first reason of :mod:`core.access` that fails."""

MOST_WRITES, MOST_VIEWS = 5, 3
"""What happened last, and who looked last; ``history`` and ``users views`` have all of it."""


def show_user(
    options: SignIn,
    forms: Forms,
    person: str | None,
    *,
    organisation: str | None,
    as_of: str | None,
    spell: bool,
) -> int:
    """Show all that is known of a person; a user is shown oneself without being named.

    Raises:
        StartError: it is called wrongly, or there is nobody to see.
    """
    work = partial(
        _show, form=form_of(forms), person=person, organisation=organisation, as_of=as_of, spell=spell
    )
    return run(options, work)


async def _show(
    here: SignedIn,
    *,
    form: Form,
    person: str | None,
    organisation: str | None,
    as_of: str | None,
    spell: bool,
) -> int:
    row = await place_of_person(here, person, organisation)
    if as_of is not None:
        return await _show_then(here, form, row, as_of)
    detail, home = await _read(here, row)
    catalogue, today = here.desk.catalogue, here.today
    others = await _other_accounts(here, detail.row)
    lines = who_lines(detail, home, catalogue)
    more = [_spelled(detail.row.account.hsa_id)] if spell else []
    more += [_("Other account: {where}.", where=each) for each in map(_where, others)]
    about = Record(
        _about_fields(),
        _about_values(detail, home, others),
        (*lines, *more),
        {
            **user_in_words(here, detail.row),
            "agreements": tuple(here.words().e_service(each) for each in sorted(home.agreements)),
            "administrators": tuple(
                _("{name} ({email})", name=shown(each.name), email=shown(each.email))
                for each in home.administrators
            ),
            "other_accounts": tuple(map(_where, others)),
            "registered_at": moment(detail.registered.at),
            "changed_at": moment(detail.changed.at),
        },
    )
    words = here.words()
    with Output(form, "user", _permission_fields(), about=about) as output:
        for each in access_lines(catalogue, home.agreements, detail, today):
            sign = each.sign()[0]
            output.row(
                _permission_values(here, each),
                f"{sign} {each.told(words, '')}",
                {"state": each.state()},
            )
        if form is Form.LINES and here.actor.role is Role.SUPPORT:
            # As on the card: whoever administers asks the history.
            output.lines(await _story(here, detail))
    return DONE


async def _read(here: SignedIn, row: AccountRow) -> tuple[AccountDetail, OrganisationDetail]:
    account = row.account
    detail = await here.service.ask(
        AccountById(day=here.today, organisation_id=account.organisation_id, account_id=account.id)
    )
    if detail is None:
        raise StartError(_("There is nobody “{text}”.", text=account.hsa_id), REFUSED)
    own = here.desk.detail
    if own is not None and own.organisation.id == account.organisation_id:
        return detail, own
    return detail, await here.service.organisation(account.organisation_id)


async def _other_accounts(here: SignedIn, row: AccountRow) -> list[AccountRow]:
    """Give the accounts that the same HSA-id has elsewhere, for support: who is asked for may be another."""
    if here.actor.role is not Role.SUPPORT:
        return []
    query = Accounts(day=here.today, search=row.account.hsa_id, standing=Standing.ANY)
    found = (await here.service.ask(query)).rows
    same = row.account.hsa_id.casefold()
    return [
        each
        for each in found
        if each.account.hsa_id.casefold() == same
        and each.account.organisation_id != row.account.organisation_id
    ]


def _where(row: AccountRow) -> str:
    role = role_name(row.account.role) if row.account.active else _("deregistered account")
    return _("{role} in {organisation}", role=role, organisation=shown(row.organisation_name))


def _spelled(hsa_id: str) -> str:
    return _("Spelled: {words}.", words=" ".join(said for _letter, said in spelled(hsa_id)))


async def _story(here: SignedIn, detail: AccountDetail) -> list[str]:
    """Tell what happened to the account last, and who in support has looked at it."""
    account = detail.row.account
    home, account_id = account.organisation_id, account.id
    writes = await here.service.ask(Writes(organisation_id=home, account_id=account_id, limit=MOST_WRITES))
    views = await here.service.ask(CardViews(organisation_id=home, account_id=account_id, limit=MOST_VIEWS))
    return [
        *(
            _(
                "{moment}, {name}: {what}.",
                moment=moment(write.at),
                name=shown(write.by),
                what=what_happened(write, account.id, here.words(write.names)),
            )
            for write in writes.rows
        ),
        *(f"{moment(view.at)}. {view_text(view)}" for view in views.rows),
    ]


def _about_fields() -> tuple[Field, ...]:
    return (
        *user_fields(),
        Field("former_names", _("Former names")),
        Field("registered_at", _("Registered at")),
        Field("registered_by", _("Registered by")),
        Field("changed_at", _("Changed at")),
        Field("changed_by", _("Changed by")),
        Field("email_shared_by", _("Others with the same address")),
        Field("administrators", _("Administrators")),
        Field("agreements", _("Agreements")),
        Field("other_accounts", _("Other accounts")),
    )


def _about_values(
    detail: AccountDetail, home: OrganisationDetail, others: list[AccountRow]
) -> Mapping[str, Value]:
    return {
        **user_values(detail.row),
        "former_names": detail.former_names,
        "registered_at": detail.registered.at,
        "registered_by": detail.registered.by,
        "changed_at": detail.changed.at,
        "changed_by": detail.changed.by,
        "email_shared_by": detail.email_shared_by,
        "administrators": tuple(each.email for each in home.administrators),
        "agreements": tuple(sorted(home.agreements)),
        "other_accounts": tuple(each.account.organisation_id for each in others),
    }


def _permission_fields() -> tuple[Field, ...]:
    return (
        Field("permission", _("Permission's id")),
        Field("permission_name", _("Permission")),
        Field("allowed", _("May use it")),
        Field("state", _("State")),
        Field("given_at", _("Given at")),
        Field("given_by", _("Given by")),
        Field("why", _("Why")),
    )


def _permission_values(here: SignedIn, line: AccessLine) -> Mapping[str, Value]:
    by, at = _given(line.access)
    words = here.words()
    return {
        "permission": line.permission.id,
        "permission_name": shown(line.permission.name_on(here.today)),
        "allowed": line.access.allowed,
        "state": STATES[line.lacks],
        "given_at": at,
        "given_by": by,
        "why": line.told(words, ""),
    }


def _given(access: Access) -> tuple[str, str]:
    found = next((each for each in access.reasons if each.code == "granted" and each.holds), None)
    return ("", "") if found is None else (shown(str(found.params["by"])), str(found.params["at"]))


async def _show_then(here: SignedIn, form: Form, row: AccountRow, as_of: str) -> int:
    """Show a person as it was at the end of a day: details, and which permissions it had."""
    day = day_of_flag(here, "--as-of", as_of)
    assert day is not None  # noqa: S101 - the flag was given
    account = row.account
    then = (await here.service.rows(account.organisation_id, frozenset({account.id}), as_of=day)).get(
        account.id
    )
    if then is None:
        raise StartError(
            _("{name} was not there on {day}.", name=shown(account.name), day=day_text(day)), REFUSED
        )
    lines = (
        _("PAST: as it was at the end of {day}.", day=day_text(day)),
        _(
            "{name}, {hsa_id}, {email}.",
            name=then.account.name,
            hsa_id=then.account.hsa_id,
            email=then.account.email,
        ),
    )
    about = Record(user_fields(), user_values(then), lines, user_in_words(here, then))
    fields = (
        Field("permission", _("Permission's id")),
        Field("permission_name", _("Permission")),
        Field("allowed", _("May use it")),
    )
    with Output(form, "user_as_of", fields, about=about) as output:
        for permission in here.desk.columns(retired=False, as_of=day):
            given = permission.id in then.all_granted
            name = shown(permission.name_on(day))
            values: dict[str, Value] = {
                "permission": permission.id,
                "permission_name": name,
                "allowed": given,
            }
            output.row(values, f"{'X' if given else '.'} {name}")
    return DONE


# Why ----------------------------------------------------------------------------------------------


def explain_access(
    options: SignIn, forms: Forms, person: str, permission: str, *, organisation: str | None
) -> int:
    """Tell why somebody may use a permission or may not: the whole chain of reasons.

    Raises:
        StartError: it is called wrongly, or there is nobody or nothing to explain.
    """
    work = partial(
        _explain, form=form_of(forms), person=person, permission=permission, organisation=organisation
    )
    return run(options, work)


async def _explain(
    here: SignedIn, *, form: Form, person: str, permission: str, organisation: str | None
) -> int:
    wanted = permission_named(here, permission)
    detail, home = await _read(here, await place_of_person(here, person, organisation))
    lines = access_lines(here.desk.catalogue, home.agreements, detail, here.today)
    line = next(each for each in lines if each.permission.id == wanted.id)
    account = detail.row.account
    words = here.words()
    head = _(
        "{name}, {hsa_id}: {told}",
        name=shown(account.name),
        hsa_id=account.hsa_id,
        told=line.told(words, administrators_text(home.administrators)),
    )
    story = await _story_of_cell(here, detail, wanted.id)
    about = Record(
        (
            Field("hsa_id", _("HSA-id")),
            Field("name", _("Name")),
            Field("organisation", _("Organisation's id")),
            Field("permission", _("Permission's id")),
            Field("permission_name", _("Permission")),
            Field("allowed", _("May use it")),
            Field("state", _("State")),
            Field("taken_at", _("Taken away at")),
            Field("taken_by", _("Taken away by")),
            Field("administrators", _("Administrators")),
        ),
        {
            "hsa_id": account.hsa_id,
            "name": account.name,
            "organisation": account.organisation_id,
            "permission": wanted.id,
            "permission_name": shown(wanted.name_on(here.today)),
            "allowed": line.access.allowed,
            "state": STATES[line.lacks],
            "taken_at": story[0],
            "taken_by": story[1],
            "administrators": tuple(each.email for each in home.administrators),
        },
        (
            head,
            *([_("Taken {moment} by {name}.", moment=moment(story[0]), name=story[1])] if story[0] else []),
        ),
        {"state": line.state(), "taken_at": moment(story[0]) if story[0] else ""},
    )
    fields = (Field("reason", _("Reason")), Field("holds", _("Holds")), Field("sentence", _("In words")))
    with Output(form, "access", fields, about=about) as output:
        for reason in line.access.reasons:
            told = of_reason(reason, words)
            sign = "+" if reason.holds else "-"
            output.row({"reason": reason.code, "holds": reason.holds, "sentence": told}, f"{sign} {told}")
    return DONE


async def _story_of_cell(here: SignedIn, detail: AccountDetail, permission_id: str) -> tuple[str, str]:
    account = detail.row.account
    story = await here.service.ask(
        Cell(organisation_id=account.organisation_id, account_id=account.id, permission_id=permission_id)
    )
    if story is None or story.revoked is None:
        return "", ""
    return story.revoked.at, shown(story.revoked.by)

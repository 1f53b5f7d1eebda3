"""``behorig history compare`` and ``behorig users views``: two days compared, and who has looked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec

from core.directory import Role
from core.queries import MOST_ROWS, CardViews, DifferencesBetween
from core.text import shown
from tui.line.naming import organisation_named, person_named
from tui.line.output import Field, Form, Output, form_of
from tui.line.session import day_of_flag, run
from tui.session import DONE
from tui.settings import wrong
from tui.terminal import say
from tui.text import _
from tui.text.dates import day as day_text
from tui.text.dates import moment
from tui.text.differences import of_catalogue, of_person

if TYPE_CHECKING:
    from core.differences import PersonDifference
    from tui.line.options import Forms, SignIn
    from tui.line.output import Value
    from tui.line.session import SignedIn


def compare_days(
    options: SignIn, forms: Forms, first: str, last: str | None, *, organisation: str | None
) -> int:
    """Tell what is different between two days, both at their end; the second is today where none is named.

    Raises:
        StartError: it is called wrongly, or is not for this person.
    """
    work = partial(_compare, form=form_of(forms), first=first, last=last, organisation=organisation)
    return run(options, work)


async def _compare(
    here: SignedIn, *, form: Form, first: str, last: str | None, organisation: str | None
) -> int:
    one = day_of_flag(here, _("DAY"), first)
    other = here.today if last is None else day_of_flag(here, _("DAY"), last)
    assert one is not None  # noqa: S101 - both were given
    assert other is not None  # noqa: S101 - as above
    begin, end = sorted((one, other))
    organisation_id = await _in(here, organisation)
    found = await here.service.ask(
        DifferencesBetween(organisation_id=organisation_id, from_day=begin, until_day=end)
    )
    fields = (
        Field("hsa_id", _("HSA-id")),
        Field("name", _("Name")),
        Field("change", _("Change")),
        Field("gained", _("Got")),
        Field("lost", _("Lost")),
        Field("sentence", _("In words")),
    )
    catalogue, words = here.desk.catalogue, here.words()
    with Output(form, "differences", fields) as output:
        output.lines(of_catalogue(catalogue, begin, end))
        for each in found.people:
            told = of_person(each, catalogue, end)
            values: dict[str, Value] = {
                "hsa_id": shown(each.account.hsa_id),
                "name": shown(each.account.name),
                "change": _change(each),
                "gained": tuple(sorted(each.gained)),
                "lost": tuple(sorted(each.lost)),
                "sentence": " ".join(told),
            }
            in_words = {
                name: tuple(words.permission(one) for one in sorted(ids))
                for name, ids in (("gained", each.gained), ("lost", each.lost))
            }
            output.row(values, "\n".join(told), in_words)
    if found.more:
        say(_("There is more than can be shown: choose days that are closer to each other."))
    if not output.count:
        say(
            _(
                "Nothing is different about people between {first} and {last}.",
                first=day_text(begin),
                last=day_text(end),
            )
        )
    return DONE


def _change(each: PersonDifference) -> str:
    if each.before is None:
        return "came"
    return "left" if each.after is None else "changed"


async def _in(here: SignedIn, organisation: str | None) -> str:
    if organisation is not None:
        return (await organisation_named(here, organisation)).id
    if here.actor.role is Role.SUPPORT:
        raise wrong(_("Say which organisation with --in: the past is one organisation's."))
    return here.desk.organisation_id


def list_views(options: SignIn, forms: Forms, person: str | None, *, organisation: str | None) -> int:
    """List when support looked at whose card, the newest first.

    Raises:
        StartError: it is called wrongly, or is not for this person.
    """
    return run(options, partial(_views, form=form_of(forms), person=person, organisation=organisation))


async def _views(here: SignedIn, *, form: Form, person: str | None, organisation: str | None) -> int:
    if person is None:
        organisation_id, account_id = await _in(here, organisation), None
    else:
        place = None if organisation is None else await organisation_named(here, organisation)
        account = (await person_named(here, person, place)).account
        organisation_id, account_id = account.organisation_id, account.id
    question = CardViews(organisation_id=organisation_id, account_id=account_id, limit=MOST_ROWS)
    fields = (
        Field("at", _("Moment in UTC")),
        Field("by", _("Looked at by")),
        Field("by_account", _("Account that looked, id")),
        Field("hsa_id", _("HSA-id")),
        Field("name", _("Person")),
        Field("account", _("Person's id")),
    )
    with Output(form, "views", fields) as output:
        while True:
            page = await here.service.ask(question)
            rows = await here.service.rows(organisation_id, frozenset(each.account_id for each in page.rows))
            for each in page.rows:
                row = rows.get(each.account_id)
                name = each.account_id if row is None else shown(row.account.name)
                values: dict[str, Value] = {
                    "at": each.at,
                    "by": shown(each.by),
                    "by_account": each.actor_id,
                    "hsa_id": None if row is None else row.account.hsa_id,
                    "name": name,
                    "account": each.account_id,
                }
                line = _(
                    "{moment}, {by} in support looked at {name}",
                    moment=moment(each.at),
                    by=shown(each.by),
                    name=name,
                )
                output.row(values, line)
            if page.after is None:
                break
            question = msgspec.structs.replace(question, cursor=page.after)
    if not output.count:
        say(_("Nobody in support has looked."))
    return DONE

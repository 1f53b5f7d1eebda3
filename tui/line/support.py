"""``behorig support``: whom to ask, in the order in which to ask them (DOMAIN 6)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from core.queries import ContactOn
from core.text import shown
from tui.line.naming import organisation_named
from tui.line.output import Field, Form, Output, form_of
from tui.line.session import run
from tui.session import DONE
from tui.text import _
from tui.text.access import agreements_text
from tui.text.dates import day as day_text
from tui.text.sentences import part_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.queries import OrganisationDetail
    from core.support import Contact
    from tui.line.options import Forms, SignIn
    from tui.line.output import Value
    from tui.line.session import SignedIn


def show_support(options: SignIn, forms: Forms, *, organisation: str | None) -> int:
    """Show whom to ask: the organisation's administrators first, then the kontaktcenter.

    Raises:
        StartError: it is called wrongly, or cannot be answered.
    """
    return run(options, partial(_show, form=form_of(forms), organisation=organisation))


async def _show(here: SignedIn, *, form: Form, organisation: str | None) -> int:
    home = here.desk.detail
    if organisation is not None:
        home = await here.service.organisation((await organisation_named(here, organisation)).id)
    assert home is not None  # noqa: S101 - the desk is loaded
    contact = await here.service.ask(ContactOn(day=here.today))
    fields = (
        Field("order", _("Ask")),
        Field("what", _("What")),
        Field("name", _("Name")),
        Field("value", _("Address or number")),
        Field("from_day", _("Holds from")),
    )
    with Output(form, "support", fields) as output:
        output.lines([_("First: the administrators of {name}", name=shown(home.organisation.name))])
        for values, line in _administrators(home):
            output.row(values, f"  {line}")
        if not home.administrators:
            output.lines(["  " + _("There is none. Ask the kontaktcenter.")])
        output.lines([_("Then: Migrationsverket's kontaktcenter")])
        for values, line in _kontaktcenter(contact):
            output.row(values, f"  {line}")
        output.lines(
            [
                _("The card or the signing in: ask your own SITHS and HSA people first") + ".",
                agreements_text(home.agreements, here.desk.catalogue),
            ]
        )
    return DONE


def _row(order: int, what: str, name: str, value: str, from_day: str | None = None) -> dict[str, Value]:
    return {"order": order, "what": what, "name": name, "value": value, "from_day": from_day}


def _administrators(home: OrganisationDetail) -> Iterator[tuple[dict[str, Value], str]]:
    for each in home.administrators:
        name, email = shown(each.name), shown(each.email)
        yield _row(1, "administrator", name, email), _("{name}, {email}", name=name, email=email)


def _kontaktcenter(contact: Contact) -> Iterator[tuple[dict[str, Value], str]]:
    lines = {
        "email": _("E-mail: {value}", value=shown(contact.email)),
        "telephone": _("Telephone: {value}", value=shown(contact.telephone)),
        "hours": _("Telephone hours: {value}", value=shown(contact.hours)),
    }
    for part, line in lines.items():
        value = shown(str(getattr(contact, part)))
        since = contact.since.get(part)
        if value:
            yield _row(2, part, "", value, None if since is None else since.isoformat()), line
    for each in contact.coming:
        told = {"day": day_text(each.from_day), "part": part_name(each.part)}
        value = shown(each.value)
        line = (
            _("From {day}: {part} {value}", **told, value=value)
            if value
            else _("From {day}: without {part}", **told)
        )
        yield _row(2, each.part.value, "", value, each.from_day.isoformat()), line

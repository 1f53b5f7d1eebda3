"""How the commands are called that read: their options, each with its purpose."""

# Cyclopts reads the annotations when it runs, so they are values here and not texts.
from typing import Annotated, Literal

from cyclopts import Parameter

from tui.line.options import NOBODY_SAID, TO_READ, Csv, Flat, Forms, SignIn, value
from tui.text import _

DAY, PERMISSION, E_SERVICE, ORGANISATION = _("DAY"), _("PERMISSION"), _("E-SERVICE"), _("ORGANISATION")
TEXT, PERSON = _("TEXT"), _("PERSON")

Search = Annotated[
    str | None, value(TEXT, _("Only who has this in the name, HSA-id or e-mail, with or without dots."))
]
In = Annotated[
    str | None,
    value(ORGANISATION, _("The organisation to look in, for support; otherwise the whole country."), "--in"),
]
AsOf = Annotated[str | None, value(DAY, _("As everything was at the end of this day, such as 2023-05-02."))]


def users_list(  # noqa: PLR0913 - each is an option of the command
    *,
    search: Search = None,
    with_: Annotated[
        str | None, value(PERMISSION, _("Only who has this permission, by id or name."), "--with")
    ] = None,
    without: Annotated[str | None, value(PERMISSION, _("Only who does not have this permission."))] = None,
    e_service: Annotated[
        str | None, value(E_SERVICE, _("Only who has some permission of this e-service."))
    ] = None,
    deregistered: Annotated[bool, Parameter(negative="", help=_("Only who is deregistered."))] = False,
    everybody: Annotated[
        bool, Parameter(name="--all", negative="", help=_("Who is registered and who is not."))
    ] = False,
    role: Annotated[
        Literal["user", "administrator", "support"] | None,
        value(_("ROLE"), _("Only this role: user, administrator or support.")),
    ] = None,
    sort: Annotated[
        Literal["name", "hsa-id", "email", "permissions"],
        value(_("COLUMN"), _("By what to sort: name, hsa-id, email or permissions.")),
    ] = "name",
    descending: Annotated[bool, Parameter(negative="", help=_("The last first."))] = False,
    as_of: AsOf = None,
    in_: In = None,
    forms: Forms = TO_READ,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.users import UsersWanted, list_users  # help needs no storage

    wanted = UsersWanted(
        search=search or "",
        with_permission=with_,
        without_permission=without,
        e_service=e_service,
        deregistered=deregistered,
        everybody=everybody,
        role=role,
        sort=sort,
        descending=descending,
        as_of=as_of,
        organisation=in_,
    )
    return list_users(sign_in, forms, wanted)


def history(  # noqa: PLR0913 - each is an option of the command
    *,
    about: Annotated[
        str | None, value(PERSON, _("Only what is about this person, by HSA-id, name or e-mail."))
    ] = None,
    permission: Annotated[str | None, value(PERMISSION, _("Only what is about this permission."))] = None,
    kind: Annotated[
        str | None, value(_("KIND"), _("Only this kind of event, such as permission_granted."))
    ] = None,
    by: Annotated[str | None, value(PERSON, _("Only what this person wrote."))] = None,
    from_: Annotated[str | None, value(DAY, _("The first day, such as 2023-05-02."), "--from")] = None,
    until: Annotated[str | None, value(DAY, _("The last day."))] = None,
    in_: In = None,
    json: Annotated[bool, Parameter(negative="", help=_("Write JSON Lines, an event a line."))] = False,
    csv: Csv = False,
    flat: Flat = False,
    sign_in: SignIn = NOBODY_SAID,
) -> int:
    from tui.line.history import HistoryWanted, write_history  # help needs no storage

    wanted = HistoryWanted(
        about=about,
        permission=permission,
        kind=kind,
        by=by,
        from_day=from_,
        until_day=until,
        organisation=in_,
    )
    return write_history(sign_in, Forms(json=json, csv=csv, flat=flat), wanted)

"""How the commands are called that look after databases, and those that sign in to a server."""

# Cyclopts reads the annotations when it runs, so they are values here and not texts.
from typing import Annotated

from cyclopts import Parameter

from tui.line.options import (
    FILE,
    HSA_ID,
    ID,
    NAME,
    Profile,
    Server,
    Storage,
    Theme,
    given,
    place,
    value,
)
from tui.settings import Settings, wrong
from tui.text import _


def init(  # noqa: PLR0913 - each is an option of the command
    *,
    organisation: Annotated[
        str,
        value(
            _("ORGANISATION"),
            _("The organisation to begin with: its code (0180, a region 01) or its name."),
        ),
    ],
    administrator: Annotated[str, value(HSA_ID, _("The HSA-id of its first administrator."))],
    name: Annotated[
        str | None,
        value(NAME, _("The administrator's first and last name; the last word is the last name.")),
    ] = None,
    given_name: Annotated[
        str | None,
        value(NAME, _("The administrator's first name, with --family-name in place of --name.")),
    ] = None,
    family_name: Annotated[str | None, value(NAME, _("The administrator's last name."))] = None,
    email: Annotated[str, value(_("ADDRESS"), _("The administrator's e-mail address."))],
    support: Annotated[
        str | None, value(HSA_ID, _("The HSA-id of the first support account at Migrationsverket."))
    ] = None,
    support_name: Annotated[str | None, value(NAME, _("The name of the one in support."))] = None,
    support_given_name: Annotated[
        str | None, value(NAME, _("The first name of the one in support, in place of --support-name."))
    ] = None,
    support_family_name: Annotated[str | None, value(NAME, _("The last name of the one in support."))] = None,
    support_email: Annotated[
        str | None, value(_("ADDRESS"), _("The e-mail address of the one in support."))
    ] = None,
    storage: Annotated[
        str | None,
        value(
            FILE,
            _(
                "Where to make the database, a file or an empty PostgreSQL database; otherwise in the folder "
                "for your programs' data."
            ),
        ),
    ] = None,
) -> int:
    from tui.line.init import PersonFlags, run_init  # help needs no storage

    first = PersonFlags("", administrator, name, given_name, family_name, email)
    details = (support_name, support_given_name, support_family_name, support_email)
    if support is None and any(each is not None for each in details):
        raise wrong(_("--support is missing: give the HSA-id of the one in support."))
    helper = None if support is None else PersonFlags("support-", support, *details)
    return run_init(organisation=organisation, administrator=first, support=helper, storage=storage)


def demo(
    *,
    storage: Annotated[
        str | None,
        value(FILE, _("Where to keep the demo; otherwise in the folder for what can be made anew.")),
    ] = None,
    as_: Annotated[str | None, value(HSA_ID, _("Whom to be; otherwise you are asked."), "--as")] = None,
    theme: Theme = None,
    profile: Profile = None,
    new: Annotated[
        bool, Parameter(negative="", help=_("Make the data anew, and forget what was done in it."))
    ] = False,
) -> Settings:
    from tui.line.demo import run_demo  # help needs no storage

    return run_demo(storage=storage, hsa_id=as_, new=new, flags=given(theme=theme, profile=profile))


def verify(
    *,
    storage: Storage = None,
) -> int:
    from tui.line.verify import run_verify  # help needs no storage

    return run_verify(storage)


def migrate(
    *,
    check: Annotated[
        bool,
        Parameter(negative="", help=_("Change nothing; answer 0 if it is up to date, 1 if it is older.")),
    ] = False,
    storage: Storage = None,
) -> int:
    from tui.line.migrate import run_migrate  # help needs no storage

    return run_migrate(storage, check=check)


def copy(
    source: Annotated[str, place(_("SOURCE"), _("The database to copy: a file or a URL."))],
    target: Annotated[
        str, place(_("TARGET"), _("Where to: a file that is not there yet, or an empty database."))
    ],
    /,
) -> int:
    from tui.line.copy import run_copy  # help needs no storage

    return run_copy(source, target)


def token_create(
    hsa_id: Annotated[str, place(HSA_ID, _("The HSA-id of the person whom the token lets in."))],
    /,
    *,
    expires: Annotated[
        str, value(_("DAY|DAYS"), _("The last day on which it holds, or for how many days; at most 366."))
    ],
    name: Annotated[str | None, value(NAME, _("What it is for, to know it by in the list."))] = None,
    storage: Storage = None,
) -> int:
    from tui.line.token import run_create  # help needs no storage

    return run_create(storage, hsa_id, expires, name)


def token_list(
    hsa_id: Annotated[str | None, place(HSA_ID, _("Only the tokens of this person."))] = None,
    /,
    *,
    storage: Storage = None,
) -> int:
    from tui.line.token import run_list  # help needs no storage

    return run_list(storage, hsa_id)


def token_revoke(
    id: Annotated[str, place(ID, _("The id of the token, as the list shows it."))],
    /,
    *,
    storage: Storage = None,
) -> int:
    from tui.line.token import run_revoke  # help needs no storage

    return run_revoke(storage, id)


def login(*, storage: Server = None) -> int:
    from tui.line.login import run_login  # help needs no network

    return run_login(storage)


def logout(*, storage: Server = None) -> int:
    from tui.line.login import run_logout  # help needs no network

    return run_logout(storage)


def serve(
    *,
    storage: Storage = None,
    listen: Annotated[
        str | None, value(_("HOST:PORT"), _("Where to listen; otherwise at 127.0.0.1:8443."))
    ] = None,
    socket: Annotated[str | None, value(FILE, _("A Unix socket to listen at instead."))] = None,
    metrics: Annotated[
        str | None, value(_("HOST:PORT"), _("Where Prometheus finds figures; otherwise nowhere."))
    ] = None,
    behind_tls: Annotated[
        bool, Parameter(negative="", help=_("A proxy that speaks TLS stands before the server."))
    ] = False,
) -> int:
    from tui.line.serve import run_serve  # help needs no server

    flags: dict[str, object] = {**given(listen=listen, socket=socket, metrics=metrics)}
    return run_serve(storage, {**flags, **({"behind_tls": True} if behind_tls else {})})

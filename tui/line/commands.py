"""The commands of the program: what each takes, what it is for, and a sentence for each mistake."""

# Cyclopts reads the annotations when it runs, so they are values here and not texts.
import sys
from collections.abc import Callable, Sequence
from typing import Annotated

from cyclopts import (
    App,
    CycloptsError,
    MissingArgumentError,
    Parameter,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
)

from tui.language import FLAG
from tui.line.help import help_text
from tui.session import DONE
from tui.settings import Settings, configuration_path, nearest, read_settings, wrong
from tui.text import _

Answer = int | Settings
"""What a command comes to: an exit code, or settings to open the full screen with."""

HELP = {"--help", "-h"}

_COMMANDS = ("init", "demo", "history", "login", "logout", "token", "serve", "verify", "migrate", "copy")
_TOKEN_COMMANDS = ("create", "list", "revoke")


def run(arguments: Sequence[str]) -> Answer:
    """Run a command; a mistake in how it is called is a :class:`tui.session.StartError`."""
    program = _program()
    words = set(arguments)
    if words & HELP:
        kind = _("LANGUAGE")
        flags = (
            (f"{FLAG} {kind}", _("The language of the program: sv or en.")),
            ("--help, -h", _("Show this help.")),
            ("--version", _("Show the version.")),
        )
        rest = [word for word in arguments if word not in HELP]
        sys.stdout.write(help_text(program, rest, flags, _more()))
        return DONE
    if "--version" in words:
        from importlib.metadata import version  # it loads much that nothing else here needs

        sys.stdout.write(f"{version('behorig')}\n")
        return DONE
    try:
        answer: Answer = program(
            list(arguments), print_error=False, exit_on_error=False, result_action="return_value"
        )
    except CycloptsError as error:
        raise wrong(_mistake(error)) from error
    return answer


def _value(kind: str, purpose: str, name: str | None = None) -> Parameter:
    """Describe an option that takes a value: what kind of value, and what for."""
    return Parameter(name=name, metavar=kind, help=purpose)


def _place(name: str, purpose: str) -> Parameter:
    """Describe a value that has its place in the command, and no flag before it."""
    return Parameter(name=name, metavar="", help=purpose)


_FILE, _NAME, _HSA_ID, _ID = _("FILE"), _("NAME"), _("HSA-ID"), "ID"

Storage = Annotated[
    str | None,
    _value(_FILE, _("The database: a file, or a URL such as postgresql://name@server/behorig.")),
]
Server = Annotated[
    str | None, _value(_("ADDRESS"), _("The server, an address such as https://behorig.example."))
]
As = Annotated[str | None, _value(_HSA_ID, _("The HSA-id of the person to sign in as."), "--as")]
Organisation = Annotated[
    str | None,
    _value(
        _("ORGANISATION"),
        _("The organisation to sign in to, by name, code or id, if the HSA-id has several accounts."),
    ),
]
Theme = Annotated[str | None, _value(_("THEME"), _("The colours: dark, light, contrast or terminal."))]
Profile = Annotated[
    str | None,
    _value(
        _("PROFILE"),
        _(
            "How the screens are made: standard, screen_reader, high_contrast, magnifier or "
            "plain_colour; each switch of it can be set by itself."
        ),
    ),
]


def _open(
    *,
    storage: Storage = None,
    as_: As = None,
    organisation: Organisation = None,
    theme: Theme = None,
    profile: Profile = None,
) -> Settings:
    shown = _given(theme=theme, profile=profile)
    return read_settings(_given(storage=storage, **{"as": as_}, organisation=organisation) | shown)


def _init(  # noqa: PLR0913 - each is an option of the command
    *,
    organisation: Annotated[
        str,
        _value(
            _("ORGANISATION"),
            _("The organisation to begin with: its code (0180, a region 01) or its name."),
        ),
    ],
    administrator: Annotated[str, _value(_HSA_ID, _("The HSA-id of its first administrator."))],
    name: Annotated[
        str | None,
        _value(_NAME, _("The administrator's first and last name; the last word is the last name.")),
    ] = None,
    given_name: Annotated[
        str | None,
        _value(_NAME, _("The administrator's first name, with --family-name in place of --name.")),
    ] = None,
    family_name: Annotated[str | None, _value(_NAME, _("The administrator's last name."))] = None,
    email: Annotated[str, _value(_("ADDRESS"), _("The administrator's e-mail address."))],
    support: Annotated[
        str | None, _value(_HSA_ID, _("The HSA-id of the first support account at Migrationsverket."))
    ] = None,
    support_name: Annotated[str | None, _value(_NAME, _("The name of the one in support."))] = None,
    support_given_name: Annotated[
        str | None, _value(_NAME, _("The first name of the one in support, in place of --support-name."))
    ] = None,
    support_family_name: Annotated[
        str | None, _value(_NAME, _("The last name of the one in support."))
    ] = None,
    support_email: Annotated[
        str | None, _value(_("ADDRESS"), _("The e-mail address of the one in support."))
    ] = None,
    storage: Annotated[
        str | None,
        _value(
            _FILE,
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


def _demo(
    *,
    storage: Annotated[
        str | None,
        _value(_FILE, _("Where to keep the demo; otherwise in the folder for what can be made anew.")),
    ] = None,
    as_: Annotated[str | None, _value(_HSA_ID, _("Whom to be; otherwise you are asked."), "--as")] = None,
    theme: Theme = None,
    profile: Profile = None,
    new: Annotated[
        bool, Parameter(negative="", help=_("Make the data anew, and forget what was done in it."))
    ] = False,
) -> Settings:
    from tui.line.demo import run_demo  # help needs no storage

    return run_demo(storage=storage, hsa_id=as_, new=new, flags=_given(theme=theme, profile=profile))


def _verify(
    *,
    storage: Storage = None,
) -> int:
    from tui.line.verify import run_verify  # help needs no storage

    return run_verify(storage)


def _migrate(
    *,
    check: Annotated[
        bool,
        Parameter(negative="", help=_("Change nothing; answer 0 if it is up to date, 1 if it is older.")),
    ] = False,
    storage: Storage = None,
) -> int:
    from tui.line.migrate import run_migrate  # help needs no storage

    return run_migrate(storage, check=check)


def _copy(
    source: Annotated[str, _value(_FILE, _("The database to copy: a file or a URL."))],
    target: Annotated[str, _value(_FILE, _("Where to: a file that is not there yet, or an empty database."))],
    /,
) -> int:
    from tui.line.copy import run_copy  # help needs no storage

    return run_copy(source, target)


def _history(
    *,
    csv: Annotated[
        bool, Parameter(negative="", help=_("Write CSV for a spreadsheet: UTF-8, semicolons."))
    ] = False,
    json: Annotated[bool, Parameter(negative="", help=_("Write JSON Lines, an event a line."))] = False,
    from_: Annotated[str | None, _value(_("DAY"), _("The first day, such as 2023-05-02."), "--from")] = None,
    until: Annotated[str | None, _value(_("DAY"), _("The last day."))] = None,
    storage: Storage = None,
    as_: As = None,
    organisation: Organisation = None,
) -> int:
    from tui.line.history import run_history  # help needs no storage

    flags = _given(storage=storage, **{"as": as_}, organisation=organisation)
    return run_history(flags, as_csv=csv, as_json=json, from_day=from_, until_day=until)


def _token() -> int:
    raise wrong(_("Say what to do with tokens: create, list or revoke."))


def _token_create(
    hsa_id: Annotated[str, _place(_HSA_ID, _("The HSA-id of the person whom the token lets in."))],
    /,
    *,
    expires: Annotated[
        str, _value(_("DAY|DAYS"), _("The last day on which it holds, or for how many days; at most 366."))
    ],
    name: Annotated[str | None, _value(_NAME, _("What it is for, to know it by in the list."))] = None,
    storage: Storage = None,
) -> int:
    from tui.line.token import run_create  # help needs no storage

    return run_create(storage, hsa_id, expires, name)


def _token_list(
    hsa_id: Annotated[str | None, _place(_HSA_ID, _("Only the tokens of this person."))] = None,
    /,
    *,
    storage: Storage = None,
) -> int:
    from tui.line.token import run_list  # help needs no storage

    return run_list(storage, hsa_id)


def _token_revoke(
    id: Annotated[str, _place(_ID, _("The id of the token, as the list shows it."))],
    /,
    *,
    storage: Storage = None,
) -> int:
    from tui.line.token import run_revoke  # help needs no storage

    return run_revoke(storage, id)


def _login(*, storage: Server = None) -> int:
    from tui.line.login import run_login  # help needs no network

    return run_login(storage)


def _logout(*, storage: Server = None) -> int:
    from tui.line.login import run_logout  # help needs no network

    return run_logout(storage)


def _serve(
    *,
    storage: Storage = None,
    listen: Annotated[
        str | None, _value(_("HOST:PORT"), _("Where to listen; otherwise at 127.0.0.1:8443."))
    ] = None,
    socket: Annotated[str | None, _value(_FILE, _("A Unix socket to listen at instead."))] = None,
    metrics: Annotated[
        str | None, _value(_("HOST:PORT"), _("Where Prometheus finds figures; otherwise nowhere."))
    ] = None,
    behind_tls: Annotated[
        bool, Parameter(negative="", help=_("A proxy that speaks TLS stands before the server."))
    ] = False,
) -> int:
    from tui.line.serve import run_serve  # help needs no server

    flags: dict[str, object] = {**_given(listen=listen, socket=socket, metrics=metrics)}
    return run_serve(storage, {**flags, **({"behind_tls": True} if behind_tls else {})})


def _given(**flags: str | None) -> dict[str, str]:
    return {key: value for key, value in flags.items() if value is not None}


def _more() -> str:
    """Tell, in the program's own help, what else it listens to."""
    sources = _(
        "What is not given as an option is taken from BEHORIG_STORAGE, BEHORIG_AS, BEHORIG_ORGANISATION and "
        "BEHORIG_THEME, then from {file} (or the file that BEHORIG_CONFIG names), where a line is written "
        'storage = "/srv/behorig.sqlite".',
        file=str(configuration_path()),
    )
    switches = _(
        "BEHORIG_STATE names another folder for drafts. BEHORIG_MOUSE=1 switches the mouse on, and "
        "BEHORIG_KITTY_KEY=1 the kitty protocol for keys; NO_COLOR chooses the terminal's own colours."
    )
    return f"{sources}\n{switches}"


def _program() -> App:
    program = _app(
        "behorig",
        _open,
        _("Administer who may do what in Migrationsverket's e-services."),
        _("Usage: behorig [OPTIONS]  or  behorig COMMAND [OPTIONS]"),
    )
    for name, command, purpose in (
        ("init", _init, _("Make a real database with every organisation and its first administrator.")),
        ("demo", _demo, _("Look around in the program with invented people.")),
        ("history", _history, _("Write everything that has happened in the organisation to stdout.")),
        ("login", _login, _("Sign in to a server, with a browser on any device.")),
        ("logout", _logout, _("Sign out from a server.")),
        ("serve", _serve, _("Let others work on a database over HTTP.")),
        ("verify", _verify, _("Check that nobody has changed the history behind the program's back.")),
        ("copy", _copy, _("Copy a whole database to another place, and prove the copy.")),
        ("migrate", _migrate, _("Bring a database of an older version up to date.")),
    ):
        program.command(_app(name, command, purpose, _("Usage: behorig {command} [OPTIONS]", command=name)))
    tokens = _app(
        "token",
        _token,
        _("Make, list and revoke tokens, by which programs sign in over the network."),
        _("Usage: behorig token COMMAND [OPTIONS]"),
    )
    for_tokens: tuple[tuple[str, Callable[..., Answer], str, str], ...] = (
        ("create", _token_create, _("Make a token and show it, once."), _HSA_ID),
        ("list", _token_list, _("List the tokens, without their secrets."), f"[{_HSA_ID}]"),
        ("revoke", _token_revoke, _("Make a token worthless at once."), _ID),
    )
    for name, run_it, purpose, what in for_tokens:
        usage = _("Usage: behorig token {command} {what} [OPTIONS]", command=name, what=what)
        tokens.command(_app(name, run_it, purpose, usage))
    program.command(tokens)
    return program


def _app(name: str, command: Callable[..., Answer], purpose: str, usage: str) -> App:
    """Describe a command; its help and its version are told by :func:`run`."""
    return App(name=name, default_command=command, help=purpose, usage=usage, help_flags=[], version_flags=[])


def _mistake(error: CycloptsError) -> str:
    """Say what is wrong with how a command was called, and what was probably meant."""
    chain = " ".join(error.command_chain or ())
    see = _("See behorig {command} --help.", command=chain) if chain else _("See behorig --help.")
    match error:
        case UnknownOptionError():
            flags = [name for argument in error.argument_collection for name in argument.names]
            flags += [FLAG, "--help", "--version"]
            flag = (error.token.keyword or error.token.value).partition("=")[0]
            words = _('There is no option "{flag}". {nearest}', flag=flag, nearest=nearest(flag, flags))
        case MissingArgumentError() if error.keyword is not None or (
            error.argument and error.argument.tokens
        ):
            flag = error.keyword or (error.argument.name if error.argument else "")
            words = _("{flag} needs a value after it.", flag=flag)
        case MissingArgumentError():
            words = _("{flag} is missing.", flag=error.argument.name if error.argument else "")
        case RepeatArgumentError():
            words = _("{flag} is given more than once.", flag=error.token.keyword or error.token.value)
        case UnknownCommandError() | UnusedCliTokensError():
            unused = (error.unused_tokens or [""])[0]
            words = _(
                'There is no command "{command}". {nearest}',
                command=unused,
                nearest=nearest(unused, _TOKEN_COMMANDS if chain == "token" else _COMMANDS),
            )
        case _:
            words = _("The command cannot be understood: {reason}", reason=str(error))
    return f"{words} {see}"

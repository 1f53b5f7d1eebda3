"""The program in lines: which command is meant, its help, and a sentence for each mistake."""

# Cyclopts reads the annotations when it runs, so they are values here and not texts.
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import get_args

from cyclopts import (
    App,
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
)

from tui import garbage
from tui.language import FLAG
from tui.line.help import help_text
from tui.line.options import As, Organisation, Profile, Storage, Theme, given
from tui.line.registry import COMMANDS, GROUPS, Command, command_of, words_after
from tui.session import DONE
from tui.settings import START, Settings, configuration_path, nearest, read_settings, wrong
from tui.text import N_, _

Answer = int | Settings
"""What a command comes to: an exit code, or settings to open the full screen with."""

HELP = {"--help", "-h"}


def run(arguments: Sequence[str]) -> Answer:
    """Run a command; a mistake in how it is called is a :class:`tui.session.StartError`."""
    arguments = in_order(arguments)
    words = set(arguments)
    if words & HELP:
        kind = _("LANGUAGE")
        flags = (
            (f"{FLAG} {kind}", _("The language of the program: sv or en.")),
            ("--help, -h", _("Show this help.")),
            ("--version", _("Show the version.")),
        )
        rest = [word for word in arguments if word not in HELP]
        sys.stdout.write(help_text(program(command_of(rest)), rest, flags, _more()))
        return DONE
    if "--version" in words:
        from importlib.metadata import version  # it loads much that nothing else here needs

        sys.stdout.write(f"{version('behorig')}\n")
        return DONE
    called = command_of(arguments)
    if called is not None and not called.roles:
        # Whoever signs in first loads what it needs.
        garbage.begin()
    try:
        answer: Answer = program(called)(
            list(arguments), print_error=False, exit_on_error=False, result_action="return_value"
        )
    except CycloptsError as error:
        raise wrong(_mistake(error)) from error
    return answer


def in_order(arguments: Sequence[str]) -> list[str]:
    """Give arguments with the words of the command first, where somebody said before them where and who."""
    words: list[str] = []
    said: list[str] = []
    rest = list(arguments)
    while rest:
        flag, equals, _value = rest[0].partition("=")
        more = " ".join([*words, rest[0]])
        if flag in _WHERE_AND_WHO:
            many = 1 if equals else 2
            said += rest[:many]
            del rest[:many]
        elif any(each.words == more or each.words.startswith(f"{more} ") for each in COMMANDS):
            words.append(rest.pop(0))
        else:
            break
    return [*words, *said, *rest] if words else list(arguments)


_WHERE_AND_WHO = tuple(f"--{each.key}" for each in START)


def program(called: Command | None = None, *, whole: bool = False) -> App:
    """Give the commands as Cyclopts has them.

    How one is called is loaded for ``called`` alone, or with ``whole`` for each, as completion needs it:
    help and a run need no other.
    """
    top = _app(
        "behorig",
        _open,
        _("Administer who may do what in Migrationsverket's e-services."),
        _("Usage: behorig [OPTIONS]  or  behorig COMMAND [OPTIONS]"),
    )
    groups: dict[str, App] = {}
    for each in COMMANDS:
        first, _blank, rest = each.words.partition(" ")
        function = _function(each) if whole or each is called else _not_loaded
        app = _app(rest or first, function, _(each.purpose), _usage(each.words, each.takes))
        if not rest:
            groups[first] = app
            top.command(app)
            continue
        if first not in groups:
            purpose = next(_(group.purpose) for group in GROUPS if group.word == first)
            groups[first] = _app(first, _needs_more(first), purpose, _usage(first, N_("COMMAND")))
            top.command(groups[first])
        groups[first].command(app)
    return top


def _open(
    *,
    storage: Storage = None,
    as_: As = None,
    organisation: Organisation = None,
    theme: Theme = None,
    profile: Profile = None,
) -> Settings:
    shown = given(theme=theme, profile=profile)
    return read_settings(given(storage=storage, **{"as": as_}, organisation=organisation) | shown)


def _function(command: Command) -> Callable[..., Answer]:
    module, _colon, name = command.call.partition(":")
    found: Callable[..., Answer] = getattr(import_module(module), name)
    return found


def _not_loaded() -> int:
    raise AssertionError("the command that is called is loaded")


def _needs_more(word: str) -> Callable[..., Answer]:
    def say() -> int:
        raise wrong(
            _(
                "Say what to do with {word}: {commands}. See behorig {word} --help.",
                word=word,
                commands=", ".join(words_after(word)),
            )
        )

    return say


def _usage(words: str, takes: str = "") -> str:
    # The empty text is the catalogue's own heading.
    command = f"{words} {_(takes)}" if takes else words
    return _("Usage: behorig {command} [OPTIONS]", command=command)


def _app(name: str, command: Callable[..., Answer], purpose: str, usage: str) -> App:
    """Describe a command; its help and its version are told by :func:`run`."""
    return App(name=name, default_command=command, help=purpose, usage=usage, help_flags=[], version_flags=[])


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
    codes = _(
        "Exit codes: 0 done; 1 refused by a rule, or not there; 2 wrong use; 3 not reachable; 4 somebody "
        "else came before; 70 a fault of the program; 130 interrupted."
    )
    return f"{sources}\n{switches}\n{codes}"


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
            may_follow = words_after(chain)
            if not may_follow:
                words = _('"{word}" is one word too many.', word=unused)
            else:
                close = nearest(unused, may_follow)
                words = _('There is no command "{command}". {nearest}', command=unused, nearest=close).strip()
        case CoercionError() if error.token is not None:
            words = _unfit(error, error.token.keyword or error.token.value, error.token.value)
        case _:
            words = _("The command cannot be understood: {reason}", reason=str(error))
    return f"{words} {see}"


def _unfit(error: CoercionError, flag: str, value: str) -> str:
    """Say that a value is no number, or none of those that may be chosen."""
    if error.argument is not None:
        flag = error.argument.name
    choices = [each for each in get_args(error.target_type) if isinstance(each, str)]
    if choices:
        return _(
            "{flag}: “{value}” is none of the choices: {choices}.",
            flag=flag,
            value=value,
            choices=", ".join(choices),
        )
    return _(
        "{flag}: “{value}” does not do here: write a whole number with digits alone, such as 3.",
        flag=flag,
        value=value,
    )

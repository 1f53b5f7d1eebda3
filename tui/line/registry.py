"""The registry of commands: what can be done in lines, under which words, and what each reaches.

The program, its help, its completion, the menu and the documentation are made of this table, and a test
fails when a kind of change, a kind of question or something that a screen does has no command. Loading it
loads nothing but texts: a command is found here before anything of it is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.actions import ADMINISTRATOR, EVERYBODY, SUPPORT, WRITING
from tui.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

_ADMINISTERS, _SUPPORTS = frozenset({ADMINISTRATOR}), frozenset({SUPPORT})
_HSA_ID, _ID = N_("HSA-ID"), "ID"


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    ``words`` are what is typed after ``behorig``; ``purpose`` is one sentence, ``takes`` what stands after
    the words, for the line that shows how it is called. ``call`` names the function that Cyclopts calls,
    as ``module:function``. ``changes`` and ``queries`` are the kinds that it makes and asks (the tags of
    :data:`core.changes.CHANGES` and :data:`core.queries.QUERIES`), ``actions`` the ids in
    :data:`tui.actions.ACTIONS` of what it does without a screen. ``roles`` are who has it when signed in,
    empty for a command that nobody signs in for.
    """

    words: str
    purpose: str
    call: str
    takes: str = ""
    changes: frozenset[str] = frozenset()
    queries: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Group:
    """Commands that begin with the same word, and what they have in common; the word alone does nothing."""

    word: str
    purpose: str


def _of(*names: str) -> frozenset[str]:
    return frozenset(names)


_PROGRAM, _READ = "tui.line.calls.program", "tui.line.calls.reading"

GROUPS: tuple[Group, ...] = (
    Group("users", N_("List and show the users of the organisation.")),
    Group("token", N_("Make, list and revoke tokens, by which programs sign in over the network.")),
)

COMMANDS: tuple[Command, ...] = (
    # People
    Command(
        "users list", N_("List users: search, filter, sort, also as of a day."), f"{_READ}:users_list",
        queries=_of("accounts"), roles=EVERYBODY,
        actions=_of("app.users", "people.search", "people.filter", "people.all", "people.as_of",
                    "people.sort", "people.reload"),
    ),
    # What has happened
    Command(
        "history", N_("Write everything that has happened in the organisation to stdout."),
        f"{_READ}:history", queries=_of("writes"), roles=WRITING,
        actions=_of("app.writes", "writes.read", "writes.filter", "writes.all", "writes.export",
                    "writes.reload"),
    ),
    # The program and its databases
    Command(
        "init", N_("Make a real database with every organisation and its first administrator."),
        f"{_PROGRAM}:init",
        changes=_of("register_organisation", "register_e_service", "launch_permission"),
    ),
    Command(
        "menu", N_("Do every task by numbered choices in plain lines."), "tui.line.calls.menu:menu",
        roles=EVERYBODY,
    ),
    Command("demo", N_("Look around in the program with invented people."), f"{_PROGRAM}:demo"),
    Command("login", N_("Sign in to a server, with a browser on any device."), f"{_PROGRAM}:login"),
    Command("logout", N_("Sign out from a server."), f"{_PROGRAM}:logout"),
    Command("token create", N_("Make a token and show it, once."), f"{_PROGRAM}:token_create", _HSA_ID),
    Command(
        "token list", N_("List the tokens, without their secrets."), f"{_PROGRAM}:token_list",
        N_("[HSA-ID]"),
    ),
    Command("token revoke", N_("Make a token worthless at once."), f"{_PROGRAM}:token_revoke", _ID),
    Command("serve", N_("Let others work on a database over HTTP."), f"{_PROGRAM}:serve"),
    Command(
        "verify", N_("Check that nobody has changed the history behind the program's back."),
        f"{_PROGRAM}:verify",
    ),
    Command(
        "copy", N_("Copy a whole database to another place, and prove the copy."), f"{_PROGRAM}:copy",
    ),
    Command("migrate", N_("Bring a database of an older version up to date."), f"{_PROGRAM}:migrate"),
)  # fmt: skip


def command_of(words: Iterable[str]) -> Command | None:
    """Give the command that arguments begin with, the one of most words; ``None`` where there is none."""
    given = list(words)
    for many in range(len(given), 0, -1):
        wanted = " ".join(given[:many])
        found = next((each for each in COMMANDS if each.words == wanted), None)
        if found is not None:
            return found
    return None


def words_after(beginning: str = "") -> tuple[str, ...]:
    """Give the words that may follow a word, or that may come first, in the order of the registry."""
    lead = f"{beginning} " if beginning else ""
    found = (each.words.removeprefix(lead).split()[0] for each in COMMANDS if each.words.startswith(lead))
    return tuple(dict.fromkeys(found))

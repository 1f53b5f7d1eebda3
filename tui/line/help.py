"""Help for the commands in plain lines: readable by a screen reader, nothing drawn around it.

Cyclopts' own help loads Rich to draw boxes, which takes longer than all else that ``--help`` does.
"""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Iterator

from cyclopts import App

from tui.text import _

WIDEST = 80
"""Longer lines are hard to read, however wide the terminal is."""

_INDENT = " " * 6


def help_text(program: App, arguments: Iterable[str], flags: Iterable[tuple[str, str]], more: str) -> str:
    """Give the help of the command that the arguments name, the program's own where they name none.

    ``flags`` are the options that every command has, with their purpose; ``more`` ends the program's.
    """
    options, others = _("Options"), _("Commands")
    _names, programs, _rest = program.parse_commands(list(arguments))
    command = programs[-1]
    lines = [str(command.usage), "", *_filled(command.help), "", f"{options}:"]
    for argument in command.assemble_argument_collection():
        if argument.name == "*":
            continue  # options that several commands have in common; each follows by itself
        name = " ".join(word for word in (argument.name, argument.parameter.metavar or "") if word)
        label = _("{names} (required)", names=name) if argument.required else name
        lines += [f"  {label}", *_filled(argument.parameter.help or "", _INDENT)]
    for name, purpose in flags:
        lines += [f"  {name}", *_filled(purpose, _INDENT)]
    commands = list(command)
    if commands:
        lines += ["", f"{others}:"]
        for name in commands:
            lines += [f"  {name}", *_filled(command[name].help, _INDENT)]
    if command is program:
        for paragraph in more.split("\n"):
            lines += ["", *_filled(paragraph)]
    return "\n".join(lines) + "\n"


def _filled(text: str, indent: str = "") -> Iterator[str]:
    width = min(WIDEST, shutil.get_terminal_size().columns)
    yield from textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )

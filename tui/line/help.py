"""Help for the commands in plain lines: readable by a screen reader, nothing drawn around it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, TypedDict

from tui.text import _

if TYPE_CHECKING:
    from cyclopts.help import HelpPanel
    from rich.console import Console, ConsoleOptions, RenderableType


INDENT = 6


class _Printing(TypedDict):
    highlight: bool
    markup: bool
    emoji: bool
    soft_wrap: bool


_AS_IT_IS = _Printing(highlight=False, markup=False, emoji=False, soft_wrap=True)


class PlainHelp:
    """Writes what Cyclopts knows of a command: usage, description, then one entry after another."""

    INDENT = 6

    def __call__(self, console: Console, options: ConsoleOptions, panel: HelpPanel) -> None:
        """Write a panel: its title, and for each entry its names and what it does."""
        if not panel.entries:
            return
        console.print(f"{_plain(console, panel.title)}:", **_AS_IT_IS)
        for entry in panel.entries:
            names = ", ".join(entry.display_labels_with_metavar)
            label = _("{names} (required)", names=names) if entry.required else names
            console.print(f"  {label}", **_AS_IT_IS)
            console.print(_indented(_plain(console, entry.description), console.width), **_AS_IT_IS)
        console.print()

    def render_usage(self, console: Console, options: ConsoleOptions, usage: RenderableType) -> None:
        """Write how the command is called."""
        console.print(_plain(console, usage), **_AS_IT_IS)
        console.print()

    def render_description(
        self, console: Console, options: ConsoleOptions, description: RenderableType
    ) -> None:
        """Write what the command does."""
        for paragraph in _plain(console, description).split("\n"):
            console.print(textwrap.fill(paragraph, console.width), **_AS_IT_IS)
        console.print()


def _indented(text: str, width: int) -> str:
    indent = " " * INDENT
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent)


def _plain(console: Console, words: RenderableType) -> str:
    """Give the text of a string, or of what Cyclopts has made of one."""
    with console.capture() as captured:
        console.print(words, end="", **_AS_IT_IS)
    return captured.get().strip()

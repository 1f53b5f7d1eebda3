"""The real program in a real terminal, with folders of its own for settings, drafts and data."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from tests.terminal import Terminal

PROGRAM = (sys.executable, "-m", "tui.main")


def folders(folder: Path, **more: str) -> dict[str, str]:
    """Give an environment in which the program finds nothing but what lies in ``folder``."""
    return {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        **more,
    }


def program(*arguments: str, environment: Mapping[str, str], columns: int = 80, rows: int = 24) -> Terminal:
    """Start the program."""
    return Terminal([*PROGRAM, *arguments], columns=columns, rows=rows, environment=environment)


def line_with(terminal: Terminal, text: str) -> str:
    """Give the first line with a text."""
    return next(line for line in terminal.screen() if text in line)


def at_cursor(terminal: Terminal) -> str:
    """Give the line from the hardware cursor on."""
    x, y = terminal.cursor()
    return terminal.screen()[y][x:]


def write(terminal: Terminal, told: str) -> None:
    """Go through the review and write; ``told`` is the sentence afterwards."""
    terminal.send("f8")
    terminal.wait_for("[ Skriv ")
    terminal.wait_gone("Läser")
    terminal.send("f8", "enter")
    terminal.wait_for(told)


def leave(terminal: Terminal) -> None:
    """Leave the program, and see that it gives the terminal back."""
    mark = terminal.mark()
    terminal.send("ctrl+x")
    assert terminal.wait_exit() == 0
    given_back(terminal, mark)


def given_back(terminal: Terminal, mark: int) -> None:
    """See that the alternate screen is left and the cursor shown."""
    assert b"\x1b[?1049l" in terminal.bytes_since(mark)
    assert not terminal.cursor_hidden

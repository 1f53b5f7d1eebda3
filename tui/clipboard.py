"""Copying to the clipboard of the person's terminal, wherever that is: OSC 52, as xterm has it.

The program may run on a machine far away: only the terminal has the person's clipboard. It never answers
whether it took what it was sent, so what is said afterwards does not claim that it did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.text import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.app import Behorig

MOST_BYTES = 74_000
"""Of a text to copy; xterm takes 100,000 characters of base64, and others no fewer."""

START, END = "\x1b]52;", "\a"


def copy(app: Behorig, text: str, what: str) -> bool:
    """Send a text to the terminal's clipboard and say so; what is too long is not sent, and that is said."""
    if len(text.encode()) > MOST_BYTES:
        app.say(_("{what} is too long for the clipboard; save it as a file.", what=what), problem=True)
        return False
    app.copy_to_clipboard(text)
    app.say(
        _("{what}: sent to the terminal's clipboard. Try to paste; not every terminal takes it.", what=what)
    )
    return True


def passed_on(data: str, environment: Mapping[str, str]) -> str:
    """Give what is written to the terminal so that a copy reaches the one outside tmux as well.

    tmux keeps the sequence for itself or drops it, as it is set up; wrapped, it hands it on unread.
    """
    if not environment.get("TMUX") or not (data.startswith(START) and data.endswith(END)):
        return data
    return data + "\x1bPtmux;" + data.replace("\x1b", "\x1b\x1b") + "\x1b\\"

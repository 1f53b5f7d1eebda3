"""Textual's terminal driver, with the hardware cursor left visible, and fewer bytes for the same picture."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from textual.drivers.linux_driver import LinuxDriver

from tui.clipboard import passed_on
from tui.widgets.style_changes import only_changes

if TYPE_CHECKING:
    from textual.app import App

_HIDE_CURSOR = "\x1b[?25l"
_SHOW_CURSOR = "\x1b[?25h"


_DRAWN_AS = {
    "\u201c\u201d\u00ab\u00bb": '"',
    "\u2018\u2019": "'",
    "\u2013\u2014\u2022\u00b7": "-",
    "\u2026": ".",
    "\u00a0": " ",
    # Corners and crossings, then lines, and blocks, of which only the ground is left.
    "".join(map(chr, range(0x2500, 0x2580))): "+",
    "\u2500\u2501\u2504\u2505\u2508\u2509\u254c\u254d\u2550": "-",
    "\u2502\u2503\u2506\u2507\u250a\u250b\u254e\u254f\u2551": "|",
    "".join(map(chr, range(0x2580, 0x2600))): " ",
}
_PLAIN_SIGNS = {ord(sign): plain for signs, plain in _DRAWN_AS.items() for sign in signs}
"""What is drawn in ASCII where only that is wanted, a cell for a cell."""


class CursorShown(LinuxDriver):
    """The driver for Linux and macOS that shows the cursor where Textual's own hides it."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        """Drive the terminal for an app, which may say by ``shows_cursor`` that the cursor is hidden."""
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._cursor_of = app
        self._is_shown = True

    def write(self, data: str) -> None:
        """Write to the terminal; the request to hide the cursor, alone in its write, is the app's to answer.

        Answering the request itself covers the start and every return from suspension alike. What Textual
        writes to show it again, at the end and after a fault, goes as it is.
        """
        is_wanted = bool(getattr(self._cursor_of, "shows_cursor", True))
        if data == _HIDE_CURSOR:
            self._is_shown = is_wanted
            data = _SHOW_CURSOR if is_wanted else _HIDE_CURSOR
        elif data != _SHOW_CURSOR:
            data = only_changes(data)
            if getattr(self._cursor_of, "plain_signs", False):
                data = data.translate(_PLAIN_SIGNS)
            if is_wanted is not self._is_shown:
                # Switched while the program runs.
                self._is_shown = is_wanted
                data = (_SHOW_CURSOR if is_wanted else _HIDE_CURSOR) + data
        super().write(passed_on(data, os.environ))

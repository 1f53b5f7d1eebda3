"""Textual's terminal driver, with the hardware cursor left visible, and fewer bytes for the same picture."""

import os

from textual.drivers.linux_driver import LinuxDriver

from tui.clipboard import passed_on
from tui.widgets.style_changes import only_changes

_HIDE_CURSOR = "\x1b[?25l"
_SHOW_CURSOR = "\x1b[?25h"


class CursorShown(LinuxDriver):
    """The driver for Linux and macOS that shows the cursor where Textual's own hides it."""

    def write(self, data: str) -> None:
        """Write to the terminal; the request to hide the cursor, alone in its write, becomes its opposite.

        Answering the request itself covers the start and every return from suspension alike.
        """
        data = _SHOW_CURSOR if data == _HIDE_CURSOR else only_changes(data)
        super().write(passed_on(data, os.environ))

"""Whether the full screen can be shown where the program was started."""

from __future__ import annotations

import os
import sys

from tui.settings import wrong
from tui.text import _


def need_terminal() -> None:
    """Say in a :class:`tui.session.StartError` why there can be no full screen here."""
    # Textual reads from stdin and draws on stderr.
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise wrong(
            _(
                "The full screen needs a terminal: run behorig without a pipe. Commands work anywhere, see "
                "behorig --help."
            )
        )
    if os.environ.get("TERM", "dumb") in ("dumb", "unknown", ""):
        raise wrong(
            _(
                "TERM says that this terminal cannot show a full screen: set TERM to what it is, such as "
                "xterm-256color."
            )
        )

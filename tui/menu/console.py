"""Lines in and lines out: all that the menu needs of a terminal.

Nothing is written but text and ends of lines. Input is read by the event loop and not by a thread, so that
Ctrl+C is heard at once and what is under way goes on meanwhile.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from typing import TYPE_CHECKING

from tui.text.plain import drawable, wrap

if TYPE_CHECKING:
    from typing import TextIO

NARROWEST = 20
"""Below this many columns a terminal gets lines of this many."""
LONGEST_LINE = 65_536
"""Bytes of one line of input; what is typed beyond that is not taken."""


class Console:
    """Reads answers from a file descriptor, and writes lines that end between words."""

    def __init__(self, source: int, target: TextIO, *, width: int | None = None) -> None:
        """Read from ``source`` and write to ``target``, at the terminal's width unless ``width`` is given."""
        self._source = source
        self._target = target
        self._width = width
        self._is_echoed = os.isatty(source)
        self._read = b""
        self._ended = False

    @property
    def width(self) -> int:
        """The columns of a line, at least :data:`NARROWEST`; the terminal may change it at any time."""
        return max(NARROWEST, self._width or shutil.get_terminal_size().columns)

    @property
    def height(self) -> int:
        """The lines of the terminal."""
        return shutil.get_terminal_size().lines

    def write(self, text: str) -> None:
        """Write a text, each line of it broken between words at the width."""
        for line in text.split("\n"):
            # A line as wide as the terminal makes some of them add an empty one.
            for part in wrap(line, self.width - 1) or [""]:
                self._target.write(part + "\n")
        self._target.flush()

    def prompt(self, text: str) -> None:
        """Write a question and stay behind it, with room for an answer."""
        *before, last = wrap(text, self.width - 1) or [""]
        for part in before:
            self._target.write(part + "\n")
        self._target.write(last + " ")
        self._target.flush()

    async def line(self) -> str | None:
        """Give the next line of input, without blanks at its end; ``None`` once the input has ended."""
        while b"\n" not in self._read:
            if self._ended or len(self._read) > LONGEST_LINE:
                break
            some = await self._some()
            self._ended = not some
            self._read += some
        line, _end, self._read = self._read.partition(b"\n")
        if not self._is_echoed:
            # Of what comes through a pipe nothing is seen: what is said next begins a line all the same.
            self._target.write("\n")
        if not line and not _end and self._ended:
            return None
        encoding = getattr(sys.stdin, "encoding", None) or "utf-8"
        # What an arrow key or a control character sends in a plain terminal is no part of an answer.
        return drawable(_without_sequences(line[:LONGEST_LINE].decode(encoding, "replace"))).rstrip()

    async def _some(self) -> bytes:
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        try:
            loop.add_reader(self._source, ready.set)
        except PermissionError:
            # A file of answers cannot be waited for, and never lets anybody wait.
            return os.read(self._source, LONGEST_LINE)
        try:
            await ready.wait()
            return os.read(self._source, LONGEST_LINE)
        except OSError:
            return b""  # the other end of the terminal is gone
        finally:
            loop.remove_reader(self._source)


def _without_sequences(text: str) -> str:
    """Give a line without what keys such as the arrows send, and without other control characters."""
    parts = text.split("\x1b")
    kept = [parts[0]]
    for part in parts[1:]:
        end = 0
        if part[:1] in ("[", "O"):
            end = 1
            while end < len(part) and not part[end].isalpha() and part[end] != "~":
                end += 1
            end += 1
        kept.append(part[end:])
    return "".join(each if each.isprintable() else " " for each in "".join(kept))

"""A program run in a real pseudo terminal, with its screen kept by pyte.

Textual's own test pilot sees neither the hardware cursor, nor the bytes that a key sends, nor what is
written while nobody types. Here all three are what a person's terminal would get. Everything waits on a
condition with a deadline; a deadline that passes raises with the screen as it stood.
"""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte
import pyte.charsets
import pyte.modes
from wcwidth import wcwidth

ROOT = Path(__file__).resolve().parent.parent

PATIENCE = 30.0
"""Seconds until something that does not come fails the test: a busy machine is slow, not wrong."""

# What a terminal of the xterm family sends, without the kitty protocol (the program starts without it).
KEYS: Mapping[str, bytes] = {
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "home": b"\x1b[H",
    "end": b"\x1b[F",
    "insert": b"\x1b[2~",
    "delete": b"\x1b[3~",
    "pgup": b"\x1b[5~",
    "pgdn": b"\x1b[6~",
    "f1": b"\x1bOP",
    "f2": b"\x1bOQ",
    "f3": b"\x1bOR",
    "f4": b"\x1bOS",
    "f5": b"\x1b[15~",
    "f6": b"\x1b[17~",
    "f7": b"\x1b[18~",
    "f8": b"\x1b[19~",
    "f9": b"\x1b[20~",
    "enter": b"\r",
    "escape": b"\x1b",
    "tab": b"\t",
    "shift+tab": b"\x1b[Z",
    "backspace": b"\x7f",
    "space": b" ",
    **{f"ctrl+{letter}": bytes([ord(letter) - ord("a") + 1]) for letter in "abcdefghijklmnopqrstuvwxyz"},
}

# What Textual sends and pyte (0.8.2) shows as text or takes for another sequence: CSI with the markers
# `<`, `=` or `>` (kitty keys, device queries), CSI that ends in `$p` or `$y` (whether a mode is known:
# in-band resize, synchronised output), and strings for the operating system (OSC, DCS, APC: title, copying).
_NOT_FOR_PYTE = re.compile(
    rb"\x1b\[[<=>][0-9;:]*[@-~]"
    rb"|\x1b\[\?[0-9;]*\$[py]"
    rb"|\x1b[\]P_^][^\x07\x1b]*(?:\x07|\x1b\\)"
)
# The beginning of any escape sequence that may be cut by the end of a read.
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;:<=>?]*\$?|[\]P_^][^\x07\x1b]*\x1b?)?\Z")

_CURSOR_IS_SHOWN = pyte.modes.DECTCEM


class ScreenTimeoutError(AssertionError):
    """What was waited for did not come; the message holds the screen."""


@lru_cache(maxsize=20_000)
def _cell(attributes: pyte.screens.Char, character: str) -> pyte.screens.Char:
    return attributes._replace(data=character)


@lru_cache(maxsize=2_000)
def _is_one_cell(character: str) -> bool:
    return wcwidth(character) == 1


class QuickScreen(pyte.Screen):
    """pyte's screen, which draws a text of single cells that stays on its line without a look at each.

    Three quarters of what the tests of a terminal did was to draw, a character at a time.
    """

    def draw(self, data: str) -> None:
        """Draw a text from the cursor on."""
        cursor = self.cursor
        end = cursor.x + len(data)
        is_plain = self.charset == 0 and self.g0_charset == pyte.charsets.LAT1_MAP
        if (
            not is_plain
            or end > self.columns
            or pyte.modes.IRM in self.mode
            or not all(map(_is_one_cell, data))
        ):
            super().draw(data)
        else:
            line, attributes = self.buffer[cursor.y], cursor.attrs
            for x, character in enumerate(data, cursor.x):
                line[x] = _cell(attributes, character)
            cursor.x = end
            self.dirty.add(cursor.y)


class Terminal:
    """A command in a pseudo terminal of a given size; a context manager that leaves no process behind."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        environment: Mapping[str, str] | None = None,
        directory: Path = ROOT,
    ) -> None:
        """Start the command; `environment` is added to that of a plain UTF-8 xterm with 256 colours."""
        self._screen = QuickScreen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._lines = [""] * rows
        self._held = b""
        self._closed = False
        self.output = b""
        self._master, slave = os.openpty()
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=directory,
            env=_environment(environment or {}),
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 - no thread of ours is running
        )
        os.close(slave)

    @classmethod
    def of_module(
        cls, module: str, *arguments: str, columns: int = 80, rows: int = 24, **more: str
    ) -> "Terminal":
        """Start `python -m module`; `more` are environment variables."""
        command = [sys.executable, "-m", module, *arguments]
        return cls(command, columns=columns, rows=rows, environment=more)

    def __enter__(self) -> Self:
        """Give the terminal, which is running already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill what is still running and close the terminal."""
        self.close()

    def close(self) -> None:
        """Kill what is still running and close the terminal; may be called twice."""
        if self.process.poll() is None:
            # With what it started: a shell leaves its program behind.
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.hang_up()

    def hang_up(self) -> None:
        """Take the terminal away, as a lost line does; nothing can be read or typed after it."""
        if not self._closed:
            self._closed = True
            os.close(self._master)

    # Typing

    def send(self, *keys: str) -> None:
        """Type keys: a name of `KEYS` is that key, anything else is typed as text."""
        for key in keys:
            os.write(self._master, KEYS.get(key) or key.encode())

    def send_bytes(self, data: bytes) -> None:
        """Send exactly these bytes, for what no key of `KEYS` sends."""
        os.write(self._master, data)

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the terminal, which tells the program by SIGWINCH."""
        self._read_available(0)
        self._screen.resize(rows, columns)
        self._screen.dirty.update(range(rows))
        self._lines = [""] * rows
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def kill(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        self.process.send_signal(number)

    # Looking

    def screen(self) -> list[str]:
        """The lines of the screen, without blanks at their ends."""
        self._read_available(0)
        return [line.rstrip() for line in self.display()]

    def display(self) -> list[str]:
        """The lines of the screen as they were last read, each as wide as the screen.

        As pyte's own ``display``, which looks at each cell of each line anew; here a line that was not
        written to is as it was. The second cell of a wide character is an empty text in pyte.
        """
        screen = self._screen
        for y in sorted(screen.dirty):
            if y < screen.lines:
                line = screen.buffer[y]
                self._lines[y] = "".join([line[x].data for x in range(screen.columns)])
        screen.dirty.clear()
        return list(self._lines)

    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.screen())

    def cursor(self) -> tuple[int, int]:
        """The cell of the hardware cursor: x and y from 0."""
        self._read_available(0)
        return self._screen.cursor.x, self._screen.cursor.y

    def line_settings(self) -> list[object]:
        """How the line treats what is typed and written: termios, as ``tcgetattr`` gives it."""
        return termios.tcgetattr(self._master)

    @property
    def cursor_hidden(self) -> bool:
        """Whether the program has switched the hardware cursor off."""
        self._read_available(0)
        return _CURSOR_IS_SHOWN not in self._screen.mode

    def attributes(self, x: int, y: int) -> pyte.screens.Char:
        """The character at a cell with its colours and attributes."""
        self._read_available(0)
        return self._screen.buffer[y][x]

    def mark(self) -> int:
        """How many bytes the program has written so far: give it to `bytes_since`."""
        self._read_available(0)
        return len(self.output)

    def bytes_since(self, mark: int) -> bytes:
        """What the program has written since the mark."""
        self._read_available(0)
        return self.output[mark:]

    def plain_output(self) -> bytes:
        """All that the program has written, without what pyte does not understand."""
        self._read_available(0)
        return _NOT_FOR_PYTE.sub(b"", self.output)

    # Waiting

    def wait_for(self, text: str, timeout: float = PATIENCE) -> None:
        """Wait until the text is on the screen."""
        self.wait_until(lambda: any(text in line for line in self.display()), f"the text {text!r}", timeout)

    def wait_gone(self, text: str, timeout: float = PATIENCE) -> None:
        """Wait until the text is no longer on the screen."""
        self.wait_until(
            lambda: not any(text in line for line in self.display()), f"no text {text!r}", timeout
        )

    def wait_cursor(self, x: int, y: int, timeout: float = PATIENCE) -> None:
        """Wait until the hardware cursor stands on a cell."""
        self.wait_until(
            lambda: (self._screen.cursor.x, self._screen.cursor.y) == (x, y), f"the cursor at {x, y}", timeout
        )

    def wait_until(self, condition: Callable[[], bool], wanted: str, timeout: float = PATIENCE) -> None:
        """Wait until the condition holds, looking again each time the program has written something.

        Raises `ScreenTimeoutError` when the time is up, or as soon as the program has ended without it.
        """
        deadline = time.monotonic() + timeout
        while True:
            ended = not self._read_available(0)
            if condition():
                return
            left = deadline - time.monotonic()
            if ended or left <= 0:
                why = f"the program ended ({self.process.poll()})" if ended else f"{timeout} s passed"
                raise ScreenTimeoutError(f"waited for {wanted}, but {why}\n{self._pictured()}")
            self._read_available(min(left, 0.25))

    def quiet(self, seconds: float = 0.3, timeout: float = PATIENCE) -> None:
        """Wait until the program has written nothing for so long."""
        deadline = time.monotonic() + timeout
        while True:
            before = len(self.output)
            if not self._read_available(seconds) or len(self.output) == before:
                return
            if time.monotonic() > deadline:
                raise ScreenTimeoutError(
                    f"never quiet for {seconds} s within {timeout} s\n{self._pictured()}"
                )

    def pause(self, seconds: float) -> None:
        """Leave the program alone for so long, and take in what it writes meanwhile."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and self._read_available(left):
            pass

    def rest(self, seconds: float = 0.03, timeout: float = PATIENCE) -> None:
        """Wait until the program has done what it was asked to: it sleeps, and goes on sleeping.

        Unlike :meth:`quiet` this takes no program for ready that only waits for a processor. ``seconds`` is
        longer than the program waits between two frames. Where the system does not tell what a process
        does, silence has to do.
        """
        deadline = time.monotonic() + timeout
        while True:
            before, length = self._work(), len(self.output)
            if before is None:
                self.quiet(10 * seconds, timeout)
                return
            alive = self._read_available(seconds)
            if not alive or (before and len(self.output) == length and self._work() == before):
                return
            if time.monotonic() > deadline:
                raise ScreenTimeoutError(f"never at rest within {timeout} s\n{self._pictured()}")

    def _work(self) -> str | None:
        """Tell how long the first thread of the program has run, ``""`` while any runs, else ``None``.

        The others count no further: the one that waits for keys looks about ten times a second.
        """
        threads = Path(f"/proc/{self.process.pid}/task")
        try:
            states = [(thread / "stat").read_text().rpartition(") ")[2][0] for thread in threads.iterdir()]
            return "" if set(states) != {"S"} else (threads / threads.parent.name / "schedstat").read_text()
        except OSError:
            # A thread, or the program, that has ended meanwhile; or a system that does not tell.
            return "" if Path("/proc/self/schedstat").exists() else None

    def wait_exit(self, timeout: float = PATIENCE) -> int:
        """Wait until the program has ended, and give its exit status."""
        deadline = time.monotonic() + timeout
        while self._read_available(min(0.25, max(0.0, deadline - time.monotonic()))):
            if time.monotonic() >= deadline:
                raise ScreenTimeoutError(f"still running after {timeout} s\n{self._pictured()}")
        return self.process.wait(max(0.1, deadline - time.monotonic()))

    def _read_available(self, timeout: float) -> bool:
        """Take in what the program has written, waiting for the first byte; False when it has closed."""
        if self._closed:
            return False
        wait = timeout
        while select.select([self._master], [], [], wait)[0]:
            try:
                data = os.read(self._master, 65536)
            except OSError:  # Linux: no process has the other end open any more
                return False
            if not data:
                return False
            self.output += data
            self._feed(data)
            wait = 0
        return True

    def _feed(self, data: bytes) -> None:
        data = self._held + data
        unfinished = _UNFINISHED.search(data)
        end = unfinished.start() if unfinished else len(data)
        self._held = data[end:]
        self._stream.feed(_NOT_FOR_PYTE.sub(b"", data[:end]))

    def _pictured(self) -> str:
        cursor = self._screen.cursor
        lines = "\n".join(f"|{line}|" for line in self.display())
        return f"cursor at {cursor.x, cursor.y}, process {self.process.poll()}\n{lines}"


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "TMPDIR", "PYTHONPATH")
    }
    # A profile is named, or every first start on a machine would ask for one in lines.
    plain = {
        "BEHORIG_PROFILE": "standard",
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "TEXTUAL_DISABLE_KITTY_KEY": "1",
    }
    return {**kept, **plain, **more}


def _take_terminal() -> None:
    """Make the pseudo terminal the controlling one of the new session: SIGWINCH goes there.

    A test run that was started in the background ignores Ctrl+C, and so would what it starts; nobody's
    terminal does.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)

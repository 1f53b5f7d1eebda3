"""A program in a pseudo terminal, for measuring: when bytes come, how many, processor time and memory.

tests/terminal.py keeps a whole screen by pyte, which costs more than what is measured here; this looks for
words in the stream and counts. Linux only: processor time and private memory come from `/proc`.
"""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import mean, median
from types import TracebackType
from typing import NamedTuple, Self

from bench.statements import pace
from tests.terminal import KEYS

ROOT = Path(__file__).parents[1]
COLUMNS, ROWS = 120, 40
ADMINISTRATOR = "SE5565594230-ADM0180"
"""Who is signed in: the administrator of the organisation that has all the people of a population."""

# Escape sequences: what is left is the text of the screen, in the order of writing.
_SEQUENCES = re.compile(rb"\x1b\[[0-9;:<=>?$]*[@-~]|\x1b[\]P_^][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][A-Z0-9]")
_DEADLINE_SECONDS = 120.0
# After so long without a byte a key is done, also with what is read once the cursor rests.
_SETTLED_SECONDS = 0.15
# As fast as a keyboard repeats a key that is held down.
_REPEAT_SECONDS = 1 / 30
_TOGETHER = 6


class Step(NamedTuple):
    """What a key costs: milliseconds of processor time, bytes, and milliseconds until the first byte."""

    processor: float
    bytes: float
    first_byte: float


class Program:
    """A running program; a context manager that leaves no process behind."""

    def __init__(
        self,
        command: list[str],
        environment: Mapping[str, str] | None = None,
        *,
        typed: bytes = b"",
    ) -> None:
        """Start a command at 120 columns by 40 rows; `typed` is in the terminal before it runs."""
        self.output = b""
        self._state = tempfile.TemporaryDirectory(prefix="behorig-bench-")
        self._master, slave = os.openpty()
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        if typed:
            os.write(self._master, typed)
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=ROOT,
            env={
                **kept,
                "TERM": "xterm-256color",
                "LANG": "C.UTF-8",
                "TEXTUAL_DISABLE_KITTY_KEY": "1",
                "BEHORIG_STATE": self._state.name,
                "BEHORIG_CONFIG": os.devnull,
                # Without one, the first start on a machine asks for it in lines.
                "BEHORIG_PROFILE": "standard",
                **(environment or {}),
            },
            start_new_session=True,
        )
        os.close(slave)

    @classmethod
    def behorig(cls, storage: Path, *, typed: bytes = b"") -> "Program":
        """Start the real program on a database, as its administrator."""
        command = Path(sys.executable).parent / "behorig"
        return cls([str(command), "--storage", str(storage), "--as", ADMINISTRATOR], typed=typed)

    @classmethod
    def module(cls, *arguments: str) -> "Program":
        """Start `python -m` with these arguments."""
        return cls([sys.executable, "-m", *arguments])

    def __enter__(self) -> Self:
        """Give the program, which is running already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill it and close the terminal."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.close(self._master)
        self._state.cleanup()

    # Reading

    def wait_for(self, pattern: bytes, *, since: int = 0) -> float:
        """Wait until the text that is written matches; give the seconds since the start of the program."""
        deadline = time.monotonic() + _DEADLINE_SECONDS
        wanted = re.compile(pattern)
        while not wanted.search(self.written(since)):
            left = deadline - time.monotonic()
            if left <= 0 or not self._read(left):
                raise TimeoutError(f"{pattern!r} never came:\n{self.written(since)[-2000:].decode()}")
        return time.perf_counter() - self.started

    def settle(self, seconds: float = _SETTLED_SECONDS) -> None:
        """Wait until nothing has come for so long."""
        while self._read(seconds):
            pass

    def written(self, since: int = 0) -> bytes:
        """Give the text written after so many bytes, without escape sequences."""
        return _SEQUENCES.sub(b"", self.output[since:])

    def _read(self, seconds: float) -> bool:
        """Take in what has come, waiting at most so long; False when nothing came."""
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._master, 1 << 16)
        except OSError as error:  # Linux: the other end is closed
            raise TimeoutError(f"the program has ended:\n{self.written().decode()[-2000:]}") from error
        self.output += data
        return True

    # Typing

    def type(self, data: bytes) -> None:
        """Send bytes."""
        os.write(self._master, data)

    def press(self, key: str) -> Step:
        """Press a key of `tests.terminal.KEYS`, or a letter, and wait until all that follows is drawn."""
        bytes_before, processor_before = len(self.output), self.processor_seconds()
        pressed = time.perf_counter()
        self.type(KEYS.get(key) or key.encode())
        if not self._read(_DEADLINE_SECONDS):
            raise TimeoutError(f"nothing was drawn after {key}")
        came = time.perf_counter()
        self.settle()
        return Step(
            1000 * (self.processor_seconds() - processor_before),
            len(self.output) - bytes_before,
            1000 * (came - pressed),
        )

    def pressed(self, keys: Iterable[str]) -> Step:
        """Press keys, each after all that follows the one before; medians, but the mean of the bytes."""
        steps = [self.press(key) for key in keys]
        return Step(
            median(step.processor for step in steps),
            mean(step.bytes for step in steps),
            median(step.first_byte for step in steps),
        )

    def held(self, keys: Sequence[str]) -> float:
        """Give the milliseconds of processor time a key, typed as fast as a keyboard repeats.

        Some keys together are one measurement, since a key's work may run on into the next one's.
        """
        due = time.perf_counter()
        used: list[float] = []
        for first in range(0, len(keys), _TOGETHER):
            before = self.processor_seconds()
            some = keys[first : first + _TOGETHER]
            for key in some:
                self.type(KEYS.get(key) or key.encode())
                due += _REPEAT_SECONDS
                while (left := due - time.perf_counter()) > 0:
                    self._read(left)
            used.append((self.processor_seconds() - before) / len(some))
        self.settle()
        return 1000 * pace(used)

    # Looking from outside

    def processor_seconds(self) -> float:
        """Give the processor time that all threads have used, in seconds."""
        used = 0
        for thread in Path(f"/proc/{self.process.pid}/task").iterdir():
            try:
                used += int((thread / "schedstat").read_text().split()[0])
            except (FileNotFoundError, ProcessLookupError):  # the thread has just ended
                continue
        return used / 1e9

    def private_bytes(self) -> int:
        """Give the memory that belongs to this process alone, as the kernel counts it."""
        rollup = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        return 1024 * sum(int(number) for number in re.findall(r"^Private_\w+:\s+(\d+) kB", rollup, re.M))

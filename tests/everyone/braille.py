"""BRLTTY, in Debian's package, unmodified, on a console of Linux, with a braille line of forty cells.

The console is a virtual terminal that nobody uses; BRLTTY reads it as it reads anybody's, from ``/dev/vcsa``.
The braille line is its own "virtual" one, which tells by a socket which text stands on the cells.
"""

from __future__ import annotations

import fcntl
import os
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import termios
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from tests.terminal import KEYS, ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

CELLS = 40
VISUAL = re.compile(r'^Visual "(.*)"$', re.MULTILINE)
# Of linux/vt.h, which Python does not name: the first console that nobody has open, and to let it go again.
VT_OPENQRY, VT_DISALLOCATE = 0x5600, 0x5608


def why_not() -> str:
    """Say why there is no braille line here, ``""`` where there is one."""
    if shutil.which("brltty") is None:
        return "BRLTTY is not installed (Debian: apt-get install --no-install-recommends brltty)"
    try:
        number = _free_console()
        with Console(number):
            # The console's memory is there once it is open.
            os.close(os.open(f"/dev/vcsa{number}", os.O_RDONLY))
    except OSError as error:
        return f"there is no console of Linux that may be opened here: {error}"
    return ""


def _free_console() -> int:
    here = os.open("/dev/tty0", os.O_RDWR | os.O_NOCTTY)
    try:
        number = bytearray(4)
        fcntl.ioctl(here, VT_OPENQRY, number)
        (found,) = struct.unpack("i", number)
        if found < 1:
            raise OSError("all consoles are in use")
        return int(found)
    finally:
        os.close(here)


class Console:
    """A virtual terminal, 80 by 24 or what it has, let go at the end."""

    def __init__(self, number: int) -> None:
        """Open it."""
        self.number = number
        self.descriptor = os.open(f"/dev/tty{number}", os.O_RDWR | os.O_NOCTTY)

    def __enter__(self) -> Self:
        """Give the console."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let it go."""
        with suppress(OSError):
            os.close(self.descriptor)
        with suppress(OSError):
            here = os.open("/dev/tty0", os.O_RDWR | os.O_NOCTTY)
            try:
                fcntl.ioctl(here, VT_DISALLOCATE, self.number)
            finally:
                os.close(here)

    def type(self, *keys: str) -> None:
        """Type keys, as the console's own keyboard would: names of ``KEYS``, anything else as text."""
        for key in keys:
            for byte in KEYS.get(key) or key.encode():
                fcntl.ioctl(self.descriptor, termios.TIOCSTI, bytes([byte]))


class BrailleLine:
    """Somebody who reads the program on a braille line; a context manager that leaves no process behind."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        """Start the program on a console, and BRLTTY beside it."""
        self._console = Console(_free_console())
        tty = self._console.descriptor
        os.write(tty, b"\x1bc\x1b%G")  # as new, and UTF-8
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tui.main"],
            stdin=tty,
            stdout=tty,
            stderr=tty,
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "TERM": "linux", "LANG": "C.UTF-8", **environment},
            start_new_session=True,
            preexec_fn=_take_console,  # noqa: PLW1509 - no thread of ours is running
        )
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        state = [f"--{name}={folder}" for name in ("updatable-directory", "writable-directory")]
        self._reader = subprocess.Popen(
            [
                *("brltty", "--no-daemon", "--standard-error", "--no-api", "--configuration-file=/dev/null"),
                *("--braille-driver=vr", f"--braille-device=server:127.0.0.1:{port}", "--speech-driver=no"),
                *("--screen-driver=lx", f"--screen-parameters=lx:vt={self._console.number}", *state),
                *(f"--preferences-file={folder / 'preferences'}", f"--pid-file={folder / 'brltty.pid'}"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._line = _connected(port)
        self._line.sendall(f"cells {CELLS}\n".encode())
        self._told = b""

    def __enter__(self) -> Self:
        """Give the braille line."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End BRLTTY and the program, and let the console go."""
        self._line.close()
        for process in (self._reader, self._program):
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._console.__exit__(kind, error, trace)

    def press(self, *keys: str, wanted: str, timeout: float = 20.0) -> str:
        """Press keys, wait until ``wanted`` stands on the cells, and give them, without blanks at the end."""
        before = len(self._told)
        self._console.type(*keys)
        deadline = time.monotonic() + timeout
        while True:
            cells = VISUAL.findall(self._told[before:].decode(errors="replace"))
            if cells and wanted in cells[-1]:
                return str(cells[-1]).rstrip()
            if time.monotonic() > deadline:
                raise AssertionError(f"waited for {wanted!r} on the braille line after {keys}, read {cells}")
            if select.select([self._line], [], [], 0.25)[0]:
                self._told += self._line.recv(4096)


def _take_console() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 1)


def _connected(port: int) -> socket.socket:
    for attempt in range(200):
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            if attempt == 199:
                raise
            time.sleep(0.05)
    raise AssertionError

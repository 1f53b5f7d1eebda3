"""Fenrir, the screen reader for consoles in Debian's package, unmodified, as somebody has it who cannot see.

It runs a program in an emulated terminal of its own (``fenrir --emulated-pty``) and speaks by a command, here
one that writes down what would be heard. Of its settings nothing else is changed but sounds, which are off.
"""

from __future__ import annotations

import configparser
import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.terminal import ScreenTimeoutError, Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

PROGRAM = shutil.which("fenrir")
SETTINGS = Path("/etc/fenrirscreenreader/settings/settings.conf")
ATTEMPTS = 4
"""About one start of Fenrir in thirty hangs before it shows anything; then it is started again."""
BYPASS = b"\x1b:"
"""Fenrir has keys of its own, F1 and F8 among them. This one, Alt and a colon, passes the next key on."""


class Fenrir:
    """A person who listens to the program through Fenrir; a context manager that leaves no process behind."""

    def __init__(self, folder: Path, environment: Mapping[str, str], shown: str) -> None:
        """Start the program; ``shown`` is what stands on the screen once it can be used."""
        self._said = folder / "said.txt"
        self._said.touch()
        command = folder / "say.sh"
        command.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >>"{self._said}"\n')
        command.chmod(0o755)
        settings = configparser.RawConfigParser()
        settings.optionxform = str  # type: ignore[assignment,method-assign]  # configparser's own way to say it
        settings.read(SETTINGS)
        settings["speech"]["driver"] = "genericDriver"
        settings["speech"]["genericSpeechCommand"] = f'{command} "fenrirText"'
        settings["sound"]["enabled"] = "False"
        settings["general"]["hasAttributes"] = "False"  # a sound, where sounds are on
        settings["general"]["shell"] = f"{sys.executable} -m tui.main"
        settings["remote"]["enable"] = "False"
        with (folder / "settings.conf").open("w") as file:
            settings.write(file)
        for attempt in range(ATTEMPTS):
            self.terminal = Terminal(
                [str(PROGRAM), "--emulated-pty", "--setting", str(folder / "settings.conf")],
                environment=environment,
            )
            try:
                self.terminal.wait_for(shown, timeout=30)
                self.until(lambda said: shown in said, f"{shown!r} to be said")
            except AssertionError:
                self.close()
                if attempt == ATTEMPTS - 1:
                    raise
            else:
                return

    def __enter__(self) -> Self:
        """Give the listener."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End Fenrir and what it started."""
        self.close()

    def close(self) -> None:
        """End Fenrir: its processes are a group, and the program hears that its line is gone."""
        with suppress(ProcessLookupError):
            os.killpg(self.terminal.process.pid, signal.SIGKILL)
        self.terminal.close()

    def press(self, key: str, wanted: str) -> str:
        """Press a key, and give all that is said until ``wanted`` has been, and then nothing more is."""
        before = len(self._all())
        if key.startswith("f") and key[1:].isdecimal():
            self.terminal.send_bytes(BYPASS)
            self.until(lambda said: "bypass" in said[before:], "the key that passes the next one on")
        self.terminal.send(key)
        self.until(lambda said: wanted in said[before:], f"{wanted!r} to be said after {key}")
        return self._all()[before:].strip("\n")

    def type(self, text: str, shown: str) -> None:
        """Type a text, and wait until ``shown`` stands on the screen and what is said of it is over."""
        self.terminal.send(text)
        self.terminal.wait_for(shown)
        self.until(lambda _said: True, "silence")

    def until(self, heard: Callable[[str], bool], what: str, timeout: float = 15.0) -> None:
        """Wait until what has been said is as wanted, and Fenrir is silent."""
        deadline = time.monotonic() + timeout
        while not heard(self._all()):
            if time.monotonic() > deadline:
                raise ScreenTimeoutError(
                    f"waited for {what}; said so far:\n{self._all()}\n{self.terminal.text()}"
                )
            self.terminal.quiet(0.05)
        length = -1
        while len(self._all()) != length:
            length = len(self._all())
            self.terminal.quiet(0.4)

    def _all(self) -> str:
        """Give everything said, blanks and the pauses at line ends as one blank each."""
        return "\n".join(
            " ".join(line.replace(" , ", " ").split()) for line in self._said.read_text().splitlines()
        )

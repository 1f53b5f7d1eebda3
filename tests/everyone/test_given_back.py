"""However the program ends, the terminal is as it was."""

from __future__ import annotations

import re
import signal
from contextlib import ExitStack
from typing import TYPE_CHECKING

from tests.main_job.desk import folders, program
from tests.screens.house import EVA

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.house import House
    from tests.terminal import Terminal

FAULT = """
from tui.widgets.table import Table

def break_down(self):
    raise RuntimeError("an error that nobody has reckoned with")

Table.action_page_down = break_down
"""
"""Runs in the program before it begins, as Python's sitecustomize: nothing in the program itself helps."""

ALWAYS_ON = {"7", "25"}
"""Lines that go on at the edge, and the cursor: a terminal has them from the start."""
MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
ENDS: dict[str, tuple[Callable[[Terminal], None], int]] = {
    "leaving": (lambda terminal: terminal.send("ctrl+x"), 0),
    "ctrl+c": (lambda terminal: terminal.send("ctrl+c"), 130),
    "told to end": (lambda terminal: terminal.kill(signal.SIGTERM), 128 + signal.SIGTERM),
    "hung up": (lambda terminal: terminal.kill(signal.SIGHUP), 128 + signal.SIGHUP),
    "a fault": (lambda terminal: terminal.send("pgdn"), 70),
}
"""How it ends, and the exit status that tells so."""


def changed_modes(output: bytes) -> set[str]:
    """Give the private modes of a terminal that are not as they were before a program wrote this."""
    state: dict[str, bytes] = {}
    for numbers, way in MODE.findall(output):
        for number in numbers.decode().split(";"):
            state[number] = way
    return {number for number, way in state.items() if (way == b"h") != (number in ALWAYS_ON)}


def test_the_terminal_is_given_back_after_every_end(house: House) -> None:
    fault = house.folder / "fault"
    fault.mkdir()
    (fault / "sitecustomize.py").write_text(FAULT)
    # With everything on that the program can ask of a terminal.
    asked = {"BEHORIG_MOUSE": "1", "BEHORIG_KITTY_KEY": "1", "TEXTUAL_DISABLE_KITTY_KEY": ""}
    with ExitStack() as stack:
        terminals = {}
        for name in ENDS:
            folder = house.folder / name
            folder.mkdir()
            environment = folders(folder, BEHORIG_STORAGE=str(house.path), BEHORIG_AS=EVA, **asked)
            if name == "a fault":
                environment["PYTHONPATH"] = str(fault)
            terminals[name] = stack.enter_context(program(environment=environment))
        before = {name: terminal.line_settings() for name, terminal in terminals.items()}
        for name, terminal in terminals.items():
            terminal.wait_for("40 användare", timeout=40)
            terminal.rest()
            on = changed_modes(terminal.output)
            assert {"1049", "1003", "2004"} <= on
            assert terminal.line_settings() != before[name]
            ENDS[name][0](terminal)
        for name, terminal in terminals.items():
            assert terminal.wait_exit(30) == ENDS[name][1], name
            assert changed_modes(terminal.output) == set(), name
            assert not terminal.cursor_hidden, name
            assert terminal.output.count(b"\x1b[>") == terminal.output.count(b"\x1b[<u") == 1, name
            assert terminal.line_settings() == before[name], name
        assert "Något gick fel" in terminals["a fault"].text()
        assert "Traceback" not in terminals["a fault"].text()

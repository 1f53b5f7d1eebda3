"""Questions where the terminal does not do what terminals do."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from tests.line.test_tasks import AKE, in_sundsvall
from tests.screens.conftest import template
from tests.screens.house import PRESCHOOL
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.line.command import House

__all__ = ["template"]

LEFT_BEHIND = """
import os, sys, time
end, held = os.pipe()
os.set_inheritable(held, True)
between = os.fork()
if between == 0:
    started_by = os.getpid()
    if os.fork() == 0:
        os.setpgid(0, 0)
        while os.getppid() == started_by:
            time.sleep(0.01)
        os.execv("/bin/sh", ["sh", "-c", '"$@"; echo "ended with $?"', "sh", *sys.argv[1:]])
    os._exit(0)
os.waitpid(between, 0)
os.close(held)
os.read(end, 1)
"""
"""Runs a command in a process group whose parent has gone, in the background of a terminal that is there."""


def test_a_terminal_that_is_another_programs_takes_no_answer(
    house: House, tmp_path: Path, template: Path
) -> None:
    """What is left behind in the background by whoever started it may neither empty the terminal nor read."""
    there, eva = in_sundsvall(tmp_path, template)
    grant = ("permissions", "grant", PRESCHOOL, "--to", AKE)
    command = [sys.executable, "-c", LEFT_BEHIND, sys.executable, "-m", "tui.main", *grant]
    with Terminal(command, columns=120, rows=24, environment=house.environment(**eva)) as terminal:
        terminal.wait_for("Skriva 1 ändring?")
        terminal.send("j", "enter")
        terminal.wait_for("ended with 130")
        assert "Inget svar kan läsas här: ett annat program har terminalen. Inget görs." in terminal.text()
        assert "Traceback" not in terminal.text()
    assert not asyncio.run(there.has("ake"))

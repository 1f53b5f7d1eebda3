"""The program killed, told to end, or cut off: the draft is there, and the terminal is given back."""

from __future__ import annotations

import os
import shlex
import signal
import time
from typing import TYPE_CHECKING

import pytest

from tests.main_job.desk import PROGRAM, folders, given_back, program
from tests.screens.house import EVA, OWNER
from tests.terminal import PATIENCE, Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.screens.house import House


def environment(house: House) -> dict[str, str]:
    return folders(house.folder, BEHORIG_STORAGE=str(house.path), BEHORIG_AS=EVA)


def test_a_draft_survives_a_kill_in_the_middle_of_editing(house: House) -> None:
    with program(environment=environment(house)) as terminal:
        terminal.wait_for("40 användare")
        terminal.quiet()
        terminal.send("n")
        terminal.wait_for("[ Förbered ]")
        for text in (f"{OWNER}-2001", "Nina", "Ny"):
            terminal.send(text)
            terminal.wait_for(text)
            terminal.send("enter")
            terminal.quiet()
        terminal.send("nina@sundsvall.example", "f8")
        terminal.wait_for("1 ej skriven")
        terminal.send("2")
        terminal.wait_for("Fsk Fkl")
        terminal.quiet()
        for number in range(2, 6):
            terminal.send("enter")
            # What is on the screen is on the disk: nothing is waited for beyond it.
            terminal.wait_for(f"{number} ej skrivna")
            terminal.send("right" if number < 5 else "left")
        terminal.kill(signal.SIGKILL)
        assert terminal.wait_exit() == -signal.SIGKILL
    with program(environment=environment(house)) as terminal:
        terminal.wait_for("Ditt utkast från förra gången finns här")
        terminal.wait_for("5 ej skrivna")
        terminal.wait_for("+ Ny, Nina")
        terminal.send("2")
        terminal.wait_for("+   +   +   +   .")
        terminal.send("f8")
        terminal.wait_for("Granska 5 ändringar")
        # Killed once more while reviewing, and nothing was written by all this.
        terminal.kill(signal.SIGKILL)
        terminal.wait_exit()
    with program(environment=environment(house)) as terminal:
        terminal.wait_for("5 ej skrivna")
        terminal.wait_for("40 användare")


def _in_a_shell(house: House, pid_file: Path) -> Terminal:
    """Run the program as a shell does, which tells afterwards how it ended and how the terminal is set."""
    inner = f"echo $$ > {shlex.quote(str(pid_file))}; exec {shlex.join(PROGRAM)}"
    after = r"stty -a | tr ';' '\n' | grep -w -e echo -e icanon; echo over"
    outer = f"sh -c {shlex.quote(inner)}; echo ended $?; {after}"
    return Terminal(["sh", "-c", outer], environment=environment(house))


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_a_signal_restores_the_terminal_and_keeps_the_draft(
    house: House, tmp_path: Path, number: signal.Signals, status: int
) -> None:
    pid_file = tmp_path / "pid"
    with _in_a_shell(house, pid_file) as terminal:
        terminal.wait_for("40 användare")
        terminal.quiet()
        terminal.send("2")
        terminal.wait_for("Fsk Fkl")
        terminal.quiet()
        terminal.send("g", "right", "g")
        terminal.wait_for("1 ej skriven")
        mark = terminal.mark()
        if number is signal.SIGINT:
            terminal.send("ctrl+c")
        else:
            os.kill(int(pid_file.read_text()), number)
        terminal.wait_for("over")
        given_back(terminal, mark)
        shown = terminal.text()
        assert f"ended {status}" in shown
        # The shell has its own way of reading lines back.
        assert "-icanon" not in shown
        assert "-echo " not in shown
        assert "icanon" in shown
    with program(environment=environment(house)) as terminal:
        terminal.wait_for("1 ej skriven")


@pytest.mark.parametrize("arguments", [(), ("menu",)], ids=["screen", "menu"])
def test_a_terminal_that_goes_away_ends_the_program_though_no_signal_comes(
    house: House, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    # As under make: who leads the session is told of the hang-up, lives on, and tells nobody.
    ended = tmp_path / "ended"
    inner = shlex.join([*PROGRAM, *arguments])
    outer = f"trap : HUP; {inner}; echo $? > {ended}.new; mv {ended}.new {ended}"
    with Terminal(["sh", "-c", outer], environment=environment(house)) as terminal:
        if arguments:
            terminal.wait_for("Användare")
            terminal.rest()
        else:
            terminal.wait_for("40 användare")
            terminal.quiet()
            terminal.send("2")
            terminal.wait_for("Fsk Fkl")
            terminal.quiet()
            terminal.send("right", "g")
            terminal.wait_for("1 ej skriven")
        terminal.hang_up()
        deadline = time.monotonic() + PATIENCE
        while not ended.exists():
            assert time.monotonic() < deadline, "still running without its terminal"
            time.sleep(0.05)
    assert ended.read_text() == "129\n"
    if not arguments:
        with program(environment=environment(house)) as terminal:
            terminal.wait_for("1 ej skriven")

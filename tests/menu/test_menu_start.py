"""How the menu begins and ends: chosen by itself, left at any moment, one draft for it and the screens."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from storage.seed.cast import ANNA_ANDERSSON, EVA_EK, HELENA_WIKSTROM, DemoPerson
from tests.main_job.desk import PROGRAM, folders, program
from tests.menu.talk import Talk
from tests.screens.house import BO, EVA, PRESCHOOL, House, grants
from tui.session import INTERRUPTED, WRONG_USE

if TYPE_CHECKING:
    from pathlib import Path

KARIN = "TSTNMT2120002411-4K2M"


def signed_in(house: House) -> dict[str, str]:
    return folders(house.path.parent, BEHORIG_STORAGE=str(house.path), BEHORIG_AS=EVA)


@pytest.fixture
def demo(tmp_path: Path, demo_database: Path) -> Path:
    path = tmp_path / "demo.sqlite"
    shutil.copy(demo_database, path)
    return path


# Chosen by itself -------------------------------------------------------------------------------------


def test_a_pipe_for_output_gets_the_menu_and_a_file_a_sentence(tmp_path: Path, demo: Path) -> None:
    """Somebody types at a terminal, and what is said goes through a pipe, such as to a speaking program."""
    environment = {
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        **folders(tmp_path),
    }
    command = [*PROGRAM, "--storage", str(demo), "--as", EVA_EK.hsa_id]
    keyboard, end = os.openpty()
    try:
        with subprocess.Popen(
            command, stdin=end, stdout=subprocess.PIPE, stderr=end, env=environment, text=True
        ) as process:
            os.write(keyboard, b"avsluta\n")
            said, _talk = process.communicate(timeout=30)
            assert process.returncode == 0
            assert "Tills dess finns uppgifterna här som en meny" in " ".join(said.split())
            assert "1. Användare\n" in said
            assert "\x1b" not in said
        with (tmp_path / "said").open("w") as file:
            done = subprocess.run(
                command, stdin=end, stdout=file, stderr=end, env=environment, timeout=30, check=False
            )
            assert done.returncode == WRONG_USE
        assert not (tmp_path / "said").read_text()
    finally:
        os.close(keyboard)
        os.close(end)
    nobody = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, env={**environment, "TERM": "dumb"},
        timeout=30, check=False, text=True,
    )  # fmt: skip
    assert (nobody.returncode, nobody.stdout) == (WRONG_USE, "")
    assert "behöver en terminal" in nobody.stderr


def test_answers_may_come_from_a_file_where_the_menu_is_asked_for(tmp_path: Path, demo: Path) -> None:
    answers = tmp_path / "answers"
    answers.write_text("support\n1\n", encoding="utf-8")
    with answers.open() as file:
        done = subprocess.run(
            [*PROGRAM, "menu", "--storage", str(demo), "--as", KARIN, "--language", "en"],
            stdin=file, capture_output=True, env={"PATH": os.environ["PATH"], **folders(tmp_path)},
            timeout=30, check=False, text=True,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    said = " ".join(done.stdout.split())
    assert "Karin Åström has accounts in several organisations: 1. Bjurholms kommun" in said
    # What is typed first answers that question, and it is no number.
    assert "Nothing here is called “support”. ? tells what can be answered." in said
    assert "You are Karin Åström, administrator." in said
    assert said.endswith("Number (Enter tells the choices again): Goodbye.")


@pytest.mark.parametrize("who", [EVA_EK, HELENA_WIKSTROM, ANNA_ANDERSSON])
def test_every_task_of_the_first_menu_opens_explains_itself_and_goes_back(
    tmp_path: Path, demo: Path, who: DemoPerson
) -> None:
    arguments = ("menu", "--storage", str(demo), "--as", who.hsa_id)
    with Talk(*arguments, environment=folders(tmp_path), columns=40) as talk:
        talk.hears("Siffra (Enter visar valen igen):")
        first = talk.reads_on()
        count = int(first.rpartition(". Avsluta")[0].split()[-1])
        talk.says("?", f"{count}. Avsluta: Avslutar programmet")
        for number in range(1, count):
            talk.says(str(number))
            while not talk.reads_on().endswith("Siffra (Enter visar valen igen):"):
                talk.says("?", "0 eller ”tillbaka” går tillbaka.")
                talk.says("0")
        talk.says("0", "Det här är första menyn")
        talk.says(str(count))
        assert talk.terminal.wait_exit() == 0
        talk.is_plain()


# One draft ------------------------------------------------------------------------------------------


def test_a_draft_goes_from_the_menu_to_the_screens_and_back(house: House) -> None:
    environment = signed_in(house)
    with Talk("menu", environment=environment) as talk:
        talk.says("behörigheter", "Asylsökande i förskola")
        talk.says("/i förskola", "1. Asylsökande i förskola")
        talk.says("1", "1. Ge till användare")
        talk.says("1", "Ge till vilka: Asylsökande i förskola", "Annerstedt, Åke")
        talk.says("/ake annerstedt", "1. Annerstedt, Åke")
        talk.says("1", "1 vald: Åke Annerstedt.")
        talk.says("", "1 ändring är förberedd.")
        # Ctrl+C leaves at once, and the draft is kept.
        talk.terminal.send("ctrl+c")
        talk.hears("1 ändring är inte skriven.")
        assert talk.terminal.wait_exit() == INTERRUPTED
        talk.is_plain()
    with program(environment=environment) as terminal:
        terminal.wait_for("1 ej skriven")
        terminal.send("2", "ctrl+f", "ake")
        terminal.wait_for("1 användare")
        terminal.send("down")
        terminal.wait_for("+")
        terminal.send("right", "right", "g")
        terminal.wait_for("2 ej skrivna")
        terminal.send("ctrl+x")
        terminal.wait_for("2 ändringar är inte skrivna.")
        terminal.send("right")
        terminal.send("enter")
        assert terminal.wait_exit() == 0
    with Talk("menu", environment=environment) as talk:
        talk.hears("6. Granska, 2 ej skrivna")
        # What somebody else did meanwhile is said here as on the screens.
        asyncio.run(house.written_by(BO, *grants("ake", PRESCHOOL)))
        talk.says("6", "Hinder: Åke Annerstedt har redan behörigheten Asylsökande i förskola", "Bo Berg, ")
        talk.says("1", "Det som är i vägen måste behållas eller slängas först.")
        talk.says("behåll", "Det fanns inget kvar att behålla", "Granska 1 ändring")
        talk.says("1", "1 ändring skrivs nu.")
        talk.says("1", "1 ändring är skriven.")
        # A line that is lost ends it as it ends the screens.
        talk.terminal.kill(signal.SIGHUP)
        assert talk.terminal.wait_exit() == 128 + signal.SIGHUP
    assert asyncio.run(house.has("ake")) >= {PRESCHOOL}

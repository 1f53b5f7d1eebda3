"""The real program in English, from the flag to a letter that is Swedish all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.main_job.desk import folders, leave, program
from tests.screens.house import EVA

if TYPE_CHECKING:
    from tests.screens.house import House


def test_the_program_speaks_english_and_writes_to_the_kontaktcenter_in_swedish(house: House) -> None:
    settings = folders(house.folder, BEHORIG_STORAGE=str(house.path), BEHORIG_AS=EVA)
    with program("--language", "en", environment=settings, columns=120, rows=40) as terminal:
        terminal.wait_for("40 users", timeout=30)
        terminal.send("f2")
        terminal.wait_for("Register a new colleague")
        terminal.send("escape")
        terminal.wait_gone("Register a new colleague")
        terminal.send("4", "b")
        terminal.wait_for("Register an administrator")
        terminal.send("enter")
        terminal.wait_for("Who shall be administrator?")
        for text in ("SE5565594230-1337", "Nadja", "Öhman", "nadja@sundsvall.example"):
            terminal.send(text, "enter")
        terminal.send("f8")
        terminal.wait_for("[ The id is right ]")
        terminal.send("right", "enter")
        terminal.wait_for("Letter to the kontaktcenter")
        terminal.wait_for("Vänliga hälsningar")
        assert "Registrera en administratör: Sundsvalls kommun" in terminal.text()
        terminal.send("escape")
        terminal.wait_gone("Letter to the kontaktcenter")
        leave(terminal)

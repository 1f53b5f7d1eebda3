"""The main job in a real terminal, by keyboard alone: from an empty folder to what is written and undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.main_job.desk import at_cursor, folders, leave, line_with, program

if TYPE_CHECKING:
    from pathlib import Path

    from tests.terminal import Terminal

EVA = "SE2120000142-PROV1"

COLLEAGUES = (
    ("SE2120000142-PROV2", "Åke", "Annerstedt", "ake@stockholm.example"),
    ("SE2120000142-PROV3", "Örjan", "Öberg", "social@stockholm.example"),
    ("SE5565594230-1337", "Zoë", "Zetterström", "social@stockholm.example"),
)
"""HSA-id, first name, last name, e-mail. The last one's id is of another organisation number."""


def make_database(path: Path, code: str) -> None:
    """Make a real database for the municipality with a code, with Eva Ek as its administrator."""
    with program(
        *("init", "--organisation", code, "--administrator", EVA, "--name", "Eva Ek"),
        *("--email", "eva.ek@kommun.example", "--storage", str(path)),
        environment=folders(path.parent),
    ) as terminal:
        assert terminal.wait_exit(60) == 0, terminal.text()
        # What to do next is told.
        assert f"--as {EVA}" in " ".join(terminal.text().split())


def register(terminal: Terminal, hsa_id: str, given_name: str, family_name: str, email: str) -> None:
    """Fill in the form, from field to field with Enter."""
    terminal.send("n", hsa_id, "enter", given_name, "enter", family_name, "enter", email, "f8")
    if not hsa_id.startswith("SE2120000142"):
        terminal.wait_for("Stämmer id:t?")
        terminal.send("right", "enter")
    terminal.wait_for(f"{family_name}, {given_name}")
    terminal.quiet()
    assert at_cursor(terminal).startswith(f"{family_name}, {given_name}")


def give_the_school_types(terminal: Terminal) -> None:
    """Mark the three, and give them the first four columns of the matrix."""
    terminal.send("2", *["up"] * 4, *["space"] * 3)
    terminal.wait_for("3 markerade")
    terminal.send("g", "right", "g", "right", "g", "right", "g")
    terminal.wait_for("15 ej skrivna")
    terminal.quiet()
    for _hsa_id, given_name, family_name, _email in COLLEAGUES:
        assert "+   +   +   +   ." in line_with(terminal, f"{family_name}, {given_name}"[:14])


def review_and_write(terminal: Terminal) -> None:
    """Read what will happen, write it with a note, and read what was written."""
    terminal.send("f8")
    terminal.wait_for("Granska 15 ändringar")
    terminal.wait_for("+ Registrera Åke Annerstedt, SE2120000142-PROV2, ake@stockholm.example")
    terminal.wait_for("Zoë Zetterström: HSA-id:t SE5565594230-1337 har organisationsnummer 556559")
    terminal.wait_for("e-postadress som delas med 1 annan")
    terminal.send("tab", "ärende 2024-114")
    terminal.wait_for("ärende 2024-114")
    terminal.send("f8", "enter")
    terminal.wait_for("15 ändringar är skrivna. F7 ångrar.")
    terminal.quiet()
    assert "ej skriv" not in terminal.text()


def all_is_there(terminal: Terminal) -> None:
    """See everybody in the list and in the matrix."""
    terminal.wait_for("4 användare")
    for hsa_id, given_name, family_name, _email in COLLEAGUES:
        line = line_with(terminal, f"{family_name}, {given_name}")
        assert hsa_id in line
        assert line.endswith(" 4")
    terminal.send("2")
    terminal.wait_for("Fsk Fkl Gru Gym")
    terminal.quiet()
    for _hsa_id, given_name, family_name, _email in COLLEAGUES:
        assert "X   X   X   X   ." in line_with(terminal, f"{family_name}, {given_name}"[:14])


def undo_the_newest(terminal: Terminal, told: str) -> None:
    """Undo the newest write from the list of what was written; ``told`` stands in its review."""
    terminal.send("5")
    terminal.wait_for(">5 Historik<")
    terminal.wait_for("händelser: ")
    terminal.quiet()
    terminal.send("u")
    terminal.wait_for("Ångra det som Eva Ek skrev")
    terminal.wait_for(told)
    terminal.send("f8")
    terminal.quiet()
    terminal.send("enter")
    terminal.wait_for("F7 ångrar.")
    terminal.quiet()


def test_three_people_are_registered_given_the_school_types_written_and_undone(tmp_path: Path) -> None:
    database = tmp_path / "behorig.sqlite"
    make_database(database, "0180")
    environment = folders(tmp_path, BEHORIG_STORAGE=str(database), BEHORIG_AS=EVA)
    with program(environment=environment) as terminal:
        terminal.wait_for("Eva Ek, administratör")
        terminal.wait_for("1 användare")
        for colleague in COLLEAGUES:
            register(terminal, *colleague)
        give_the_school_types(terminal)
        review_and_write(terminal)
        leave(terminal)

    with program(environment=environment) as terminal:
        all_is_there(terminal)
        undo_the_newest(terminal, "- Avregistrera Åke Annerstedt")
        # The history shows both, and the note.
        assert "Ångrande: " in terminal.text()
        assert line_with(terminal, " ja").count("15 händelser") == 1
        # The cursor stays on the write that was undone.
        terminal.wait_for("ärende 2024-114")
        terminal.send("1")
        terminal.wait_for("1 användare")
        leave(terminal)

    with program(environment=environment) as terminal:
        terminal.wait_for("1 användare")
        assert "Annerstedt" not in terminal.text()
        # And the undoing is undone: everybody is back with everything.
        undo_the_newest(terminal, "+ Registrera Åke Annerstedt igen")
        terminal.send("1")
        all_is_there(terminal)
        leave(terminal)


def test_an_id_without_an_account_is_refused_with_what_to_do(tmp_path: Path) -> None:
    database = tmp_path / "behorig.sqlite"
    make_database(database, "2281")
    arguments = ("--storage", str(database), "--as", "SE2120000142-NOBODY")
    with program(*arguments, environment=folders(tmp_path)) as terminal:
        assert terminal.wait_exit() == 1
        said = " ".join(terminal.text().split())
        assert "SE2120000142-NOBODY har inget konto i" in said
        assert "behorig demo" in said

"""The main job in a real terminal, by keyboard alone: from an empty folder to what is written and undone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.http.process import Country, running
from tests.main_job.desk import at_cursor, folders, leave, line_with, program
from tests.postgresql import server
from tests.tasks import COLLEAGUES, MAIN_JOB, written

if TYPE_CHECKING:
    from tests.terminal import Terminal

EVA = "SE2120000142-PROV1"

STOCKHOLM = "kommun-0180"


def make_database(storage: str, code: str, folder: Path) -> None:
    """Make a real database for the municipality with a code, with Eva Ek as its administrator."""
    with program(
        *("init", "--organisation", code, "--administrator", EVA, "--name", "Eva Ek"),
        *("--email", "eva.ek@kommun.example", "--storage", storage),
        environment=folders(folder),
        columns=200,  # an address is not broken in two
    ) as terminal:
        assert terminal.wait_exit(60) == 0, terminal.text()
        # What to do next is told.
        assert f"--as {EVA}" in " ".join(terminal.text().split())


def make_token(storage: str, folder: Path) -> str:
    """Make a token of Eva's by the command, and give its secret."""
    environment = folders(folder)
    with program(
        *("token", "create", EVA, "--expires", "2", "--storage", storage),
        environment=environment,
        columns=200,
    ) as terminal:
        assert terminal.wait_exit(60) == 0, terminal.text()
        return next(word for word in terminal.text().split() if word.startswith("behorig_"))


@contextmanager
def on_a_file(folder: Path) -> Generator[dict[str, str]]:
    """A database in a file."""
    database = str(folder / "behorig.sqlite")
    make_database(database, "0180", folder)
    yield folders(folder, BEHORIG_STORAGE=database, BEHORIG_AS=EVA)


@contextmanager
def on_postgresql(folder: Path) -> Generator[dict[str, str]]:
    """A database on PostgreSQL."""
    here = server("wheel")
    url = here.create("main_job")
    try:
        make_database(url, "0180", folder)
        yield folders(folder, BEHORIG_STORAGE=url, BEHORIG_AS=EVA)
    finally:
        here.drop("main_job")


@contextmanager
def over_http(folder: Path) -> Generator[dict[str, str]]:
    """A server over a file: who Eva is her token says."""
    database = folder / "behorig.sqlite"
    make_database(str(database), "0180", folder)
    token = make_token(str(database), folder)
    with running(Country(database, {}), folder) as served:
        yield folders(folder, BEHORIG_STORAGE=served.url, BEHORIG_TOKEN=token)


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


@pytest.mark.parametrize("opened", [on_a_file, on_postgresql, over_http])
def test_three_people_are_registered_given_the_school_types_written_and_undone(
    opened: Callable[[Path], AbstractContextManager[dict[str, str]]], tmp_path: Path
) -> None:
    with opened(tmp_path) as environment:
        main_job(environment)
        # A server keeps it in its file, which can be read beside it.
        storage = environment["BEHORIG_STORAGE"]
        kept = str(tmp_path / "behorig.sqlite") if storage.startswith("http") else storage
        assert asyncio.run(written(kept, STOCKHOLM)) == MAIN_JOB


def main_job(environment: dict[str, str]) -> None:
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
    database = str(tmp_path / "behorig.sqlite")
    make_database(database, "2281", tmp_path)
    arguments = ("--storage", database, "--as", "SE2120000142-NOBODY")
    with program(*arguments, environment=folders(tmp_path)) as terminal:
        assert terminal.wait_exit() == 1
        said = " ".join(terminal.text().split())
        assert "SE2120000142-NOBODY har inget konto i" in said
        assert "behorig demo" in said

"""``behorig verify``: what it says and how it ends."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.line.command import House

SUNDSVALL = "kommun-2281"


@pytest.fixture
def database(tmp_path: Path, demo_database: Path) -> Path:
    """A copy of the demo."""
    return Path(shutil.copyfile(demo_database, tmp_path / "demo.sqlite"))


def change(database: Path, statement: str) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        assert connection.execute(statement).rowcount == 1


def test_a_history_that_fits_is_told_with_its_fingerprint(house: House, database: Path) -> None:
    answer = house.run("verify", "--storage", str(database))
    assert (answer.code, answer.talk) == (0, "")
    assert "312 organisationer med 9" in answer.data
    assert "Allt stämmer.\nFingeravtryck att skriva upp och jämföra med: " in answer.data
    again = house.run("verify", BEHORIG_STORAGE=f"sqlite:///{database}")
    assert again.data == answer.data


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            f"UPDATE events SET hash = zeroblob(32) WHERE organisation_id = '{SUNDSVALL}' AND number = 100",
            "Sundsvalls kommun, händelse 100, skriven ",
        ),
        (
            f"DELETE FROM events WHERE organisation_id = '{SUNDSVALL}' AND number = 7",
            "Sundsvalls kommun, händelse 7: den saknas.",
        ),
        (
            f"UPDATE changesets SET note = 'annat' WHERE organisation_id = '{SUNDSVALL}' AND number = 1",
            ": kolumnen note säger något annat än händelsen.",
        ),
        (
            f"UPDATE organisations SET head_number = head_number + 1 WHERE id = '{SUNDSVALL}'",
            "den saknas.",
        ),
    ],
)
def test_the_first_event_that_does_not_fit_is_named(
    house: House, database: Path, statement: str, told: str
) -> None:
    change(database, statement)
    answer = house.run("verify", "--storage", str(database))
    assert (answer.code, answer.talk) == (1, "")
    assert told in answer.data
    assert answer.data.splitlines()[-1].endswith("Historiken för 1 organisation stämmer inte.")
    assert "Fingeravtryck" not in answer.data


def test_a_name_in_the_file_cannot_command_the_terminal(house: House, database: Path) -> None:
    change(database, f"UPDATE organisations SET name = char(27) || '[2J' WHERE id = '{SUNDSVALL}'")
    change(database, f"DELETE FROM events WHERE organisation_id = '{SUNDSVALL}' AND number = 7")
    answer = house.run("verify", "--storage", str(database))
    assert answer.code == 1
    assert "\x1b" not in answer.data


def test_what_cannot_be_read_and_what_is_not_named_have_codes_of_their_own(
    house: House, tmp_path: Path
) -> None:
    missing = house.run("verify", "--storage", str(tmp_path / "nothing.sqlite"))
    assert (missing.code, missing.data) == (3, "")
    assert missing.talk
    unnamed = house.run("verify")
    assert (unnamed.code, unnamed.data) == (2, "")
    assert "Ingen databas är angiven" in unnamed.talk
    wrong = house.run("verifi")
    assert wrong.code == 2
    assert '"verify"' in wrong.talk


def test_damaged_pages_are_told_as_a_storage_that_cannot_be_read(house: House, database: Path) -> None:
    whole = database.read_bytes()
    middle = len(whole) // 2 // 4096 * 4096
    database.write_bytes(whole[:middle] + b"\xff" * 4096 * 200 + whole[middle + 4096 * 200 :])
    answer = house.run("verify", "--storage", str(database))
    assert answer.code in (1, 3)
    assert answer.data or answer.talk

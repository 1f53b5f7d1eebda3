"""``behorig copy``: what it says and how it ends."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.line.command import House


def test_a_copy_is_told_table_by_table_with_the_fingerprint_of_what_was_copied(
    house: House, tmp_path: Path, demo_database: Path
) -> None:
    source = Path(shutil.copyfile(demo_database, tmp_path / "demo.sqlite"))
    target = tmp_path / "copy.sqlite"
    answer = house.run("copy", str(source), str(target))
    assert (answer.code, answer.talk) == (0, "")
    assert "organisations: 312 rader\n" in answer.data
    assert f"{target} innehåller detsamma som {source}, rad för rad.\n" in answer.data
    mark = answer.data.splitlines()[-1].rpartition(" ")[2]
    assert mark in house.run("verify", "--storage", str(source)).data
    again = house.run("copy", str(source), str(target))
    assert (again.code, again.data) == (1, "")
    assert "finns redan" in again.talk


def test_a_copy_of_a_history_that_does_not_fit_says_so(
    house: House, tmp_path: Path, demo_database: Path
) -> None:
    source = Path(shutil.copyfile(demo_database, tmp_path / "demo.sqlite"))
    with closing(sqlite3.connect(source)) as connection, connection:
        connection.execute("UPDATE events SET hash = zeroblob(32) WHERE number = 7")
    answer = house.run("copy", str(source), str(tmp_path / "copy.sqlite"))
    assert answer.code == 1
    assert "Historiken stämmer inte" in answer.data.splitlines()[-1]


def test_both_places_have_to_be_named(house: House) -> None:
    answer = house.run("copy", "one.sqlite")
    assert (answer.code, answer.data) == (2, "")
    assert answer.talk

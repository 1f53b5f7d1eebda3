"""``behorig copy``: what it says and how it ends."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

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


def test_what_cannot_be_copied_to_is_wrong_use_or_told(
    house: House, tmp_path: Path, demo_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = str(shutil.copyfile(demo_database, tmp_path / "demo.sqlite"))
    for target, code, told in (
        (source, 2, "Båda är samma databas"),
        ("./demo.sqlite", 2, "Båda är samma databas"),
        ("https://behorig.example", 2, "tar inte emot hela databaser"),
        (".", 1, "finns redan"),
        ("nowhere/copy.sqlite", 3, "Det finns ingen mapp nowhere: skapa den"),
        ("demo.sqlite/copy.sqlite", 3, "Det finns ingen mapp demo.sqlite: skapa den"),
    ):
        answer = house.run("copy", source, target)
        assert (answer.code, answer.data) == (code, ""), (target, answer)
        assert told in answer.talk, (target, answer)
    assert [each.name for each in tmp_path.iterdir() if each.name != "home"] == ["demo.sqlite"]


def test_both_places_have_to_be_named(house: House) -> None:
    answer = house.run("copy", "one.sqlite")
    assert (answer.code, answer.data) == (2, "")
    assert answer.talk

"""``behorig history``: the history as data on stdout."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from tests.line.command import House

EVA = "TSTNMT2120002411-1019"


@pytest.fixture
def database(tmp_path: Path, demo_database: Path) -> Path:
    """A copy of the demo."""
    return Path(shutil.copyfile(demo_database, tmp_path / "demo.sqlite"))


def test_csv_and_json_lines_tell_the_same_events(house: House, database: Path) -> None:
    start = ("history", "--storage", str(database), "--as", EVA)
    as_csv, as_json = house.run(*start, "--csv"), house.run(*start, "--json")
    assert (as_csv.code, as_json.code, as_csv.talk, as_json.talk) == (0, 0, "", "")
    assert as_csv.data.startswith("\ufeff")
    text = io.StringIO(as_csv.data.removeprefix("\ufeff"), newline="")
    rows = list(csv.DictReader(text, delimiter=";"))
    found = [json.loads(line) for line in as_json.data.splitlines()]
    assert [row["sentence"] for row in rows] == [each["sentence"] for each in found]
    assert len(rows) > 200


def test_days_narrow_it_down(house: House, database: Path) -> None:
    start = ("history", "--storage", str(database), "--as", EVA, "--json")
    answer = house.run(*start, "--from", "17 oktober 2023", "--until", "2023-10-17")
    days = {json.loads(line)["at_sweden"][:10] for line in answer.data.splitlines()}
    assert days == {"2023-10-17"}
    wrong = house.run(*start, "--from", "igår")
    assert (wrong.code, wrong.data) == (2, "")
    assert "--from: ”igår” är ingen dag." in wrong.talk
    swapped = house.run(*start, "--from", "2023-10-17", "--until", "2023-10-16")
    assert (swapped.code, swapped.data) == (2, "")
    assert "--from: den 17 oktober 2023 är efter --until, den 16 oktober 2023" in swapped.talk


def test_lines_and_labelled_fields_tell_the_same_events(house: House, database: Path) -> None:
    filters = ("--about", "anna andersson", "--kind", "permission_granted", "--permission", "forskola")
    start = ("history", "--storage", str(database), "--as", EVA, *filters)
    lines, flat = house.run(*start), house.run(*start, "--flat")
    assert (lines.code, flat.code, lines.talk, flat.talk) == (0, 0, "", "")
    assert lines.data == (
        "1 oktober 2020 08.32, Karin Åström: Anna Andersson fick Asylsökande i förskola. "
        "Anteckning: Lansering 2020-10-01\n"
    )
    fields = flat.data.splitlines()
    assert fields[:3] == [
        "Tidpunkt i UTC: 2020-10-01T06:32:35.000000+00:00",
        "Tidpunkt i Sverige: 2020-10-01 08:32:35",
        "Skrivet av: Karin Åström",
    ]
    assert "Slag: Behörighet given" in fields
    nothing = house.run(*start, "--until", "2019-01-01")
    assert (nothing.code, nothing.data) == (0, "")
    assert nothing.talk == "Inget av det som efterfrågas har hänt.\n"


def test_what_is_missing_or_too_much_is_told(house: House, database: Path) -> None:
    start = ("history", "--storage", str(database), "--as", EVA)
    both = house.run(*start, "--csv", "--json")
    assert (both.code, both.data) == (2, "")
    assert "--json, --csv och --flat" in both.talk
    kind = house.run(*start, "--kind", "permision_granted")
    assert (kind.code, kind.data) == (2, "")
    assert "permission_granted" in kind.talk
    unnamed = house.run("history", "--csv")
    assert unnamed.code == 2
    assert "--as" in unnamed.talk
    missing = house.run("history", "--csv", "--storage", str(database) + "x", "--as", EVA)
    assert (missing.code, missing.data) == (3, "")

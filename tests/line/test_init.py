"""``behorig init``: a real database and the next command, or a sentence and not a trace."""

import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.line.command import ROOT, House

EVA = ("--administrator", "SE5565594230-1337", "--name", "Eva Ek", "--email", "eva.ek@sundsvall.example")
SUNDSVALL = ("--organisation", "2281")


def accounts(path: Path) -> list[tuple[str, str, str, str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(
            "SELECT organisation_id, hsa_id, given_name, family_name, role FROM accounts ORDER BY 1"
        ).fetchall()


def test_it_makes_a_database_and_tells_the_next_command(house: House, tmp_path: Path) -> None:
    path = tmp_path / "a folder" / "real.sqlite"
    path.parent.mkdir()
    answer = house.run_apart("init", *SUNDSVALL, *EVA, "--storage", str(path))
    assert (answer.code, answer.data) == (0, f"{path}\n")
    assert accounts(path) == [("kommun-2281", "SE5565594230-1337", "Eva", "Ek", "administrator")]
    assert [each.name for each in path.parent.iterdir()] == ["real.sqlite"]
    assert path.stat().st_mode & 0o077 == 0
    command = shlex.split(answer.talk.splitlines()[-1])
    assert command == ["behorig", "--storage", str(path), "--as", "SE5565594230-1337"]


def test_without_a_place_it_goes_where_programs_keep_their_data(house: House) -> None:
    answer = house.run("init", *SUNDSVALL, *EVA)
    path = house.home / ".local/share/behorig/behorig.sqlite"
    assert (answer.code, answer.data) == (0, f"{path}\n")
    assert house.files() == [path]


def test_support_gets_an_account_at_the_authority(house: House, tmp_path: Path) -> None:
    path = tmp_path / "real.sqlite"
    support = (
        "--support",
        "SE5565594230-YJ54",
        "--support-name",
        "Bo Ö Berg",
        "--support-email",
        "bo@mv.example",
    )
    answer = house.run("init", *SUNDSVALL, *EVA, *support, "--storage", f"sqlite:///{path}")
    assert answer.code == 0
    assert ("migrationsverket", "SE5565594230-YJ54", "Bo Ö", "Berg", "support") in accounts(path)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (("--name", "Anna Maria Ek"), ("Anna Maria", "Ek")),
        (("--given-name", "Anna", "--family-name", "von Ek"), ("Anna", "von Ek")),
    ],
)
def test_the_last_word_is_the_last_name_unless_both_are_given(
    house: House, tmp_path: Path, name: tuple[str, ...], wanted: tuple[str, str]
) -> None:
    path = tmp_path / "real.sqlite"
    answer = house.run("init", *SUNDSVALL, *EVA[:2], *name, *EVA[4:], "--storage", str(path))
    assert answer.code == 0
    assert accounts(path)[0][2:4] == wanted


@pytest.mark.parametrize(
    ("organisation", "organisation_id"),
    [
        ("0180", "kommun-0180"),
        ("01", "region-01"),
        ("sundsvalls KOMMUN", "kommun-2281"),
        ("goteborgs kommun", "kommun-1480"),
        ("Malmö stad", "kommun-1280"),
        ("Västra Götalandsregionen", "region-14"),
        ("kommun-0360", "kommun-0360"),
    ],
)
def test_an_organisation_is_found_by_code_or_name(
    house: House, tmp_path: Path, organisation: str, organisation_id: str
) -> None:
    path = tmp_path / "real.sqlite"
    answer = house.run("init", "--organisation", organisation, *EVA, "--storage", str(path))
    assert answer.code == 0
    assert accounts(path)[0][0] == organisation_id


def changed(name: str, value: str | None) -> tuple[str, ...]:
    """Give a right command with one option changed, or left out."""
    options = {"--organisation": "2281", **dict(zip(EVA[::2], EVA[1::2], strict=True))}
    if value is None:
        del options[name]
    else:
        options[name] = value
    return tuple(word for pair in options.items() for word in pair)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (changed("--email", None), 2, "--email saknas."),
        (changed("--name", None), 2, 'Ange hela namnet: --name "Eva Ek", där sista ordet är efternamnet'),
        (changed("--name", "Eva"), 2, 'Ange hela namnet: --name "Eva Ek"'),
        ((*changed("--name", "Eva Ek"), "--given-name", "Eva"), 2, "Ange hela namnet:"),
        (changed("--name", "Eva E=k"), 2, "--name: Efternamn får inte innehålla eller börja med =:"),
        (
            changed("--name", "Ev\x1b[31ma Ek"),
            2,
            "--name: Förnamn innehåller ett tecken som inte syns (U+001B)",
        ),
        (changed("--administrator", "1337"), 2, "--administrator: HSA-id är fel: det skrivs SE, tio siffror"),
        (
            changed("--administrator", "SE2120001234-1"),
            2,
            "--administrator: HSA-id är fel: de tio siffrorna är inget organisationsnummer",
        ),
        (
            changed("--administrator", "TSTNMT2321000156-1019"),
            2,
            "--administrator: TSTNMT2321000156-1019 är ett HSA-id för test",
        ),
        (changed("--email", "eva"), 2, "--email: E-post är fel: skriv adressen som"),
        (changed("--email", "=cmd|x@a.example"), 2, "--email: E-post är fel:"),
        (
            changed("--organisation", "Sundsval"),
            2,
            'det finns ingen kommun eller region "Sundsval". Menade du "Sundsvalls kommun"?',
        ),
        (changed("--organisation", "9999"), 2, "En kommuns kod har fyra siffror"),
        (changed("--organisation", ""), 2, "--organisation"),
        ((*changed("--name", "Eva Ek"), "--support-name", "Bo Berg"), 2, "--support saknas:"),
        (
            (*changed("--name", "Eva Ek"), "--support", "SE5565594230-YJ54"),
            2,
            "Ange hela namnet: --support-name",
        ),
        (
            (*changed("--name", "Eva Ek"), "--support", "SE5565594230-YJ54", "--support-name", "Bo Berg"),
            2,
            "--support-email: E-post saknas: fyll i uppgiften.",
        ),
    ],
)
def test_wrong_input_names_the_option_and_leaves_nothing_behind(
    house: House, arguments: tuple[str, ...], code: int, said: str
) -> None:
    answer = house.run("init", *arguments)
    assert (answer.code, answer.data) == (code, "")
    assert said in answer.talk
    assert answer.talk.count("\n") == 1
    assert "\x1b" not in answer.talk
    assert house.files() == []


def test_a_database_that_is_there_is_left_as_it_is(house: House, tmp_path: Path) -> None:
    path = tmp_path / "real.sqlite"
    house.run("init", *SUNDSVALL, *EVA, "--storage", str(path))
    before = path.read_bytes()
    answer = house.run("init", *changed("--organisation", "0180"), "--storage", str(path))
    assert (answer.code, answer.data) == (1, "")
    assert answer.talk == f"Det finns redan en fil i {path}, och den lämnades som den är: ange en annan.\n"
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["real.sqlite"]


@pytest.mark.parametrize(
    ("storage", "code", "said"),
    [
        ("mysql://server/behorig", 2, "Databasen går inte att förstå: ange en fil som behorig.sqlite"),
        ("/nowhere/at/all/real.sqlite", 3, "Det finns ingen mapp /nowhere/at/all: skapa den"),
        ("/proc/real.sqlite", 3, ""),
        (".", 1, "finns redan"),
    ],
)
def test_a_place_that_cannot_be_is_told(house: House, storage: str, code: int, said: str) -> None:
    answer = house.run("init", *SUNDSVALL, *EVA, "--storage", storage)
    assert (answer.code, answer.data) == (code, "")
    assert said in answer.talk
    assert answer.talk.count("\n") == 1
    assert house.files() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_told_to_end_it_leaves_nothing_behind(house: House, tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "place"
    folder.mkdir()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tui.main",
            "init",
            *SUNDSVALL,
            *EVA,
            "--storage",
            str(folder / "real.sqlite"),
        ],
        cwd=ROOT,
        env=house.environment(PYTHONPATH=str(ROOT)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 30
    while not any(folder.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(number)
    _out, talk = process.communicate(timeout=60)
    # It may have been quick enough to end by itself.
    if process.returncode != 0:
        assert process.returncode == (130 if number is signal.SIGINT else 128 + number)
        assert list(folder.iterdir()) == []
        assert "Traceback" not in talk

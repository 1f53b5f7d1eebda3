"""The commands: help without Textual, a sentence for each mistake, and exit codes."""

import subprocess
from pathlib import Path

import pytest

from tests.line.command import House
from tests.test_imports import modules_loaded_by, packages_of
from tui.main import plain_start

HEAVY = {"sqlalchemy", "alembic", "aiosqlite", "httpx", "litestar", "cyclopts", "babel", "email_validator"}


def test_the_first_frame_loads_no_storage_and_no_command_library() -> None:
    # What main loads before the first frame, then the app itself.
    loaded = modules_loaded_by("import tui.main; tui.main.read_settings({}); import tui.app")
    assert "textual" in packages_of(loaded)
    assert packages_of(loaded) & (HEAVY | {"storage"}) == set()


def test_help_loads_no_screen_and_no_storage() -> None:
    loaded = packages_of(modules_loaded_by("import tui.main; assert tui.main.run(['--help']) == 0"))
    assert "cyclopts" in loaded
    assert loaded & {"textual", "sqlalchemy", "storage", "core"} == set()


def test_the_help_of_every_command_loads_no_screen_and_no_storage() -> None:
    code = """
import tui.main
from tui.line.registry import COMMANDS
for each in COMMANDS:
    assert tui.main.run([*each.words.split(), "--help"]) == 0
"""
    loaded = packages_of(modules_loaded_by(code))
    assert loaded & {"textual", "sqlalchemy", "storage", "core"} == set()


def test_what_reads_loads_no_screen_and_nothing_of_the_network(demo_database: Path) -> None:
    code = f"""
import os, tui.main
os.environ.update(BEHORIG_STORAGE={str(demo_database)!r}, BEHORIG_AS="TSTNMT2120002411-1019")
os.environ["BEHORIG_CONFIG"] = os.devnull
for words in ("users list", "users show anna", "access explain anna Fsk", "permissions list", "news",
              "support", "history --csv", "history compare 2023-01-01", "organisations show", "manual"):
    assert tui.main.run(words.split()) == 0, words
"""
    loaded = packages_of(modules_loaded_by(code))
    assert "sqlalchemy" in loaded
    assert loaded & {"textual", "httpx", "litestar", "alembic", "cryptography"} == set()


def test_the_commands_load_no_screen(tmp_path: object) -> None:
    code = f"""
import sys, tui.main
code = tui.main.run(["init", "--organisation", "0180", "--administrator", "SE5565594230-1337",
    "--name", "Eva Ek", "--email", "eva@stockholm.example", "--storage", {str(tmp_path) + "/real.sqlite"!r}])
assert code == 0, code
"""
    loaded = packages_of(modules_loaded_by(code))
    assert "sqlalchemy" in loaded
    assert "textual" not in loaded


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("-h",),
        ("init", "--help"),
        ("demo", "--help"),
        ("verify", "--help"),
        ("migrate", "--help"),
        ("history", "--help"),
    ],
)
def test_help_is_data_on_stdout_and_in_swedish(house: House, arguments: tuple[str, ...]) -> None:
    answer = house.run_apart(*arguments)
    assert (answer.code, answer.talk) == (0, "")
    assert answer.data.startswith("Användning: behorig")
    assert "Flaggor:" in answer.data
    # Nothing drawn around it: a screen reader would read every line of a box.
    assert set(answer.data) & set("╭╮╰╯│─┌┐└┘\x1b") == set()
    # A path is one word, however long.
    assert max(len(line) for line in answer.data.splitlines() if str(house.home) not in line) <= 80
    assert house.files() == []


def test_help_tells_every_option_and_where_settings_come_from(house: House) -> None:
    answer = house.run("--help")
    for word in ("--storage FIL", "--as HSA-ID", "--organisation", "--theme", "init", "demo", "BEHORIG_AS"):
        assert word in answer.data
    assert "config.toml" in answer.data
    assert "4 någon annan har hunnit före" in " ".join(answer.data.split())


def test_a_reader_that_goes_away_is_no_error(house: House) -> None:
    command = "behorig --help | true; echo ${PIPESTATUS[0]}"
    done = subprocess.run(
        ["bash", "-c", command], env=house.environment(), capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("0\n", "")


def test_what_cannot_be_written_is_no_refusal(house: House) -> None:
    command = "behorig --help > /dev/full; echo $?; behorig histry 2> >(true); echo $?"
    done = subprocess.run(
        ["bash", "-c", command], env=house.environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout == "70\n2\n"
    assert done.stderr.startswith("En fil gick inte att läsa eller skriva till slutet: ")
    assert "Traceback" not in done.stderr


def test_version_is_one_line(house: House) -> None:
    answer = house.run_apart("--version")
    assert (answer.code, answer.data, answer.talk) == (0, "0.1.0\n", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--as",), "--as måste följas av ett värde. Se behorig --help."),
        (("--ass", "x"), 'Flaggan "--ass" finns inte. Menade du "--as"? Se behorig --help.'),
        (("dmo",), 'Kommandot "dmo" finns inte. Menade du "demo"? Se behorig --help.'),
        (
            ("--storage", "x", "histry"),
            'Kommandot "histry" finns inte. Menade du "history"? Se behorig --help.',
        ),
        (("users", "lst"), 'Kommandot "lst" finns inte. Menade du "list"? Se behorig users --help.'),
        (("token",), "Säg vad som ska göras med token: create, list, revoke. Se behorig token --help."),
        (("logout", "x"), '"x" är ett ord för mycket. Se behorig logout --help.'),
        (("--storage=x", "--storage=y"), "--storage är angiven mer än en gång. Se behorig --help."),
        (("init",), "--organisation saknas. Se behorig init --help."),
        (("init", "--organisation"), "--organisation måste följas av ett värde. Se behorig init --help."),
        (("demo", "--nwe"), 'Flaggan "--nwe" finns inte. Menade du "--new"? Se behorig demo --help.'),
        (("--theme", "drak"), '--theme: "drak" är inget tema. Menade du "dark"?'),
    ],
)
def test_a_mistake_is_one_sentence_that_says_what_was_meant(
    house: House, arguments: tuple[str, ...], said: str
) -> None:
    answer = house.run(*arguments)
    assert (answer.code, answer.data, answer.talk) == (2, "", said + "\n")


@pytest.mark.parametrize(
    ("arguments", "flags"),
    [
        ([], {}),
        (["--storage", "a.sqlite", "--as=SE1"], {"storage": "a.sqlite", "as": "SE1"}),
        (["--storage=sqlite:////a=b"], {"storage": "sqlite:////a=b"}),
        (["--organisation", "Ö vik", "--theme", "dark"], {"organisation": "Ö vik", "theme": "dark"}),
    ],
)
def test_a_plain_start_is_read_without_the_command_library(
    arguments: list[str], flags: dict[str, str]
) -> None:
    assert plain_start(arguments) == flags


@pytest.mark.parametrize(
    "arguments",
    [
        ["init"],
        ["--help"],
        ["--as"],
        ["--as", "--storage", "x"],
        ["--as="],
        ["--as", "a", "--as", "b"],
        ["as"],
        ["-"],
    ],
)
def test_all_else_is_for_the_command_library(arguments: list[str]) -> None:
    assert plain_start(arguments) is None


def test_no_storage_named_says_what_to_do(house: House) -> None:
    answer = house.run()
    assert (answer.code, answer.data) == (2, "")
    assert answer.talk.startswith("Ingen databas är angiven. Skapa en med behorig init, eller titta runt med")
    assert str(house.home / ".config/behorig/config.toml") in answer.talk


def test_nobody_named_says_what_to_do(house: House) -> None:
    answer = house.run("--storage", "x.sqlite")
    assert answer.code == 2
    assert answer.talk.startswith(
        "Det är inte sagt vem du är: ange ditt HSA-id med --as, BEHORIG_AS eller as i "
    )


def test_a_full_screen_without_a_terminal_is_a_sentence(house: House) -> None:
    for arguments in (("--storage", "x.sqlite", "--as", "SE5565594230-1337"), ("demo",)):
        answer = house.run(*arguments)
        assert answer.code == 2
        assert answer.talk.startswith("Helskärmsprogrammet behöver en terminal:")
    assert house.files() == []


def test_settings_come_from_the_environment_and_the_file(house: House) -> None:
    folder = house.home / ".config/behorig"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('storge = "x"\n')
    answer = house.run()
    assert (answer.code, answer.talk) == (
        2,
        f'{folder}/config.toml, rad 1: inställningen "storge" finns inte. Menade du "storage"?\n',
    )
    answer = house.run(BEHORIG_CONFIG="/dev/null", BEHORIG_STORAGE="x.sqlite")
    assert answer.talk.startswith("Det är inte sagt vem du är")


@pytest.mark.parametrize("flag", ["--storage", "--as", "--organisation"])
def test_an_empty_value_is_not_passed_over(house: House, demo_database: Path, flag: str) -> None:
    """A script whose variable is empty would else write somewhere else, or as somebody else."""
    settings = {"BEHORIG_STORAGE": str(demo_database), "BEHORIG_AS": "TSTNMT2120002411-1019"}
    for empty in ((flag, ""), (f"{flag}=",)):
        for words in (("users", "list"), ()):
            answer = house.run(*words, *empty, **settings)
            assert (answer.code, answer.data) == (2, ""), (words, empty)
            assert f"{flag} måste följas av ett värde." in answer.talk


def test_a_value_that_cannot_be_one_is_told_in_the_readers_language(house: House) -> None:
    for command, said in (
        (
            ("plan", "drop", "x", "ett"),
            "NUMMER: ”ett” duger inte här: skriv ett heltal med bara siffror, till exempel 3.",
        ),
        (
            ("search", "x", "--most", "många"),
            "--most: ”många” duger inte här: skriv ett heltal med bara siffror, till exempel 3.",
        ),
        (("completion", "tcsh"), "SKAL: ”tcsh” är inget av valen: bash, zsh, fish."),
        (
            ("users", "list", "--role", "chef"),
            "--role: ”chef” är inget av valen: user, administrator, support.",
        ),
    ):
        answer = house.run(*command)
        assert (answer.code, answer.data) == (2, "")
        assert said in answer.talk


def test_nobody_has_an_empty_name(house: House, demo_database: Path) -> None:
    settings = {"BEHORIG_STORAGE": str(demo_database), "BEHORIG_AS": "TSTNMT2120002411-1019"}
    for empty in ("", "  "):
        answer = house.run("users", "show", empty, **settings)
        assert (answer.code, answer.data) == (1, "")
        assert answer.talk.startswith("Det finns ingen ”")
    found = house.run("users", "show", " Inga  Ahlgren ", **settings)
    assert found.code == 0, found.talk


@pytest.mark.parametrize(
    "number",
    ["1.5", "1.0", " 1", "1_000", "+1", "\N{FULLWIDTH DIGIT ONE}", "-0", "-1", "0x1", "1e3", "1" * 10, ""],
)
def test_a_number_is_whole_and_written_with_digits(house: House, number: str) -> None:
    for command in (
        ("search", "ann", "--most", number),
        ("users", "amend", "x", "--seen-version", number),
        ("plan", "drop", "x", number),
    ):
        answer = house.run(*command)
        assert (answer.code, answer.data) == (2, ""), (command, answer)
        assert f"”{number}” duger inte här: skriv ett heltal med bara siffror" in answer.talk


def test_nobody_can_be_shown_none(house: House) -> None:
    for command in (("search", "ann", "--most", "0"), ("plan", "drop", "x", "0")):
        answer = house.run(*command)
        assert (answer.code, "”0” duger inte här" in answer.talk) == (2, True), answer

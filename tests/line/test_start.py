"""The start in a real terminal: whom to be, where to sign in, and a sentence when it cannot be."""

import re
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.seed.cast import DEMO_EDITION
from tests.line.command import House
from tests.terminal import Terminal

EVA, KARIN, ANNA = "TSTNMT2120002411-1019", "TSTNMT2120002411-4K2M", "TSTNMT2120002411-1337"
NOBODY = "SE5565594230-1337"

Start = Callable[..., Terminal]


@pytest.fixture
def demo(tmp_path: Path, demo_database: Path) -> Path:
    """Give a demo of one's own."""
    path = tmp_path / "demo.sqlite"
    shutil.copy(demo_database, path)
    return path


@pytest.fixture
def start(house: House) -> Start:
    """Start the program in a terminal."""

    def begin(*arguments: str, rows: int = 24, **variables: str) -> Terminal:
        environment = house.environment(**variables)
        return Terminal(["behorig", *arguments], rows=rows, environment=environment, directory=house.home)

    return begin


def said(terminal: Terminal) -> str:
    """Give what stands on the screen as one text, whatever the width broke."""
    return " ".join(" ".join(terminal.screen()).split())


def restored(terminal: Terminal) -> bool:
    """Say whether the terminal is as it was: the usual screen, the cursor, no mouse, no pasting marks."""
    last = {
        mode: terminal.output.rfind(b"\x1b[?" + mode + b"h") <= terminal.output.rfind(b"\x1b[?" + mode + b"l")
        for mode in (b"1049", b"1000", b"1006", b"2004")
    }
    return all(last.values()) and not terminal.cursor_hidden


def test_whom_to_be_is_asked_in_plain_lines_and_enter_takes_the_first(start: Start, demo: Path) -> None:
    with start("demo", "--storage", str(demo)) as terminal:
        terminal.wait_for("bara Enter tar 1")
        text = said(terminal)
        assert "1 Eva Ek, administratör i Sundsvalls kommun med 40 konton" in text
        assert "2 Per-Erik Sundin, administratör i Bjurholms kommun med 3 konton" in text
        assert "3 Amina Hassan, administratör i Göteborgs kommun med 1" in text
        assert b"\x1b" not in terminal.output
        terminal.send("9", "enter")
        terminal.wait_for("skriv en siffra från 1 till 6")
        terminal.send("enter")
        terminal.wait_for("Andersson, Anna")
        assert "Eva Ek" in terminal.screen()[0]
        assert "demo" in terminal.screen()[0]
        terminal.send("ctrl+c")
        assert terminal.wait_exit() == 130
        assert restored(terminal)


def test_somebody_with_two_organisations_is_asked_which(start: Start, demo: Path) -> None:
    with start("demo", "--storage", str(demo)) as terminal:
        terminal.wait_for("bara Enter tar 1")
        terminal.send("4", "enter")
        terminal.wait_for("Karin Åström har konto i flera organisationer:")
        terminal.wait_for("2  Sundsvalls kommun")
        terminal.send("1", "enter")
        terminal.wait_for("Åslund, Märta")
        assert "Bjurholms kommun" in terminal.screen()[0]
        terminal.send("ctrl+c")
        assert terminal.wait_exit() == 130
        assert restored(terminal)


@pytest.mark.parametrize("organisation", ["2403", "kommun-2403", "bjurholms KOMMUN"])
def test_an_organisation_can_be_named(start: Start, demo: Path, organisation: str) -> None:
    with start("--storage", str(demo), "--as", KARIN, "--organisation", organisation) as terminal:
        terminal.wait_for("Åslund, Märta")


def test_ending_the_input_at_a_question_ends_the_program(start: Start, demo: Path) -> None:
    for key in ("ctrl+d", "ctrl+c"):
        with start("demo", "--storage", str(demo)) as terminal:
            terminal.wait_for("bara Enter tar 1")
            terminal.send(key)
            assert terminal.wait_exit() == 130
            assert "Traceback" not in terminal.text()


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("--as", NOBODY), 1, f"{NOBODY} har inget konto i"),
        (
            ("--as", NOBODY),
            1,
            "en administratör i din organisation måste registrera det, med HSA-id",
        ),
        (("--as", "1337"), 2, "--as: HSA-id är fel: det skrivs SE"),
        (("--as", EVA, "--organisation", "0180"), 1, "har inget konto i 0180, men i Sundsvalls kommun."),
    ],
)
def test_who_cannot_sign_in_is_told_why_and_what_to_do(
    start: Start, demo: Path, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    with start("--storage", str(demo), *arguments) as terminal:
        assert terminal.wait_exit() == code
        assert sentence in said(terminal)
        assert restored(terminal)


def test_a_user_sees_the_own_permissions_and_whom_to_ask(start: Start, demo: Path) -> None:
    with start("--storage", str(demo), "--as", ANNA) as terminal:
        terminal.wait_for(">1 Mina behörigheter<")
        terminal.wait_for("Administratörer: Eva Ek (eva.ek@sundsvall.example)")
        assert "Åslund" not in said(terminal)


@pytest.mark.parametrize(
    ("content", "code", "sentence"),
    [
        (None, 3, "finns inte: kontrollera --storage, eller skapa en med behorig init."),
        (b"not a database at all, but long enough to be taken for one" * 100, 3, ""),
        (b"", 3, "är en tom fil, utan innehållet i en databas: kontrollera --storage"),
    ],
)
def test_a_storage_that_cannot_be_opened_is_a_sentence(
    start: Start, tmp_path: Path, content: bytes | None, code: int, sentence: str
) -> None:
    path = tmp_path / "x.sqlite"
    if content is not None:
        path.write_bytes(content)
    with start("--storage", str(path), "--as", NOBODY) as terminal:
        assert terminal.wait_exit() == code
        assert sentence in said(terminal)
        assert "Traceback" not in terminal.text()
        assert restored(terminal)
    assert (path.read_bytes() if path.exists() else None) == content


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_told_to_end_it_gives_the_terminal_back(
    start: Start, demo: Path, number: signal.Signals, code: int
) -> None:
    with start("--storage", str(demo), "--as", EVA) as terminal:
        terminal.wait_for("Andersson, Anna")
        terminal.kill(number)
        assert terminal.wait_exit() == code
        assert restored(terminal)
        assert "Traceback" not in terminal.text()


@pytest.mark.parametrize("term", ["dumb", "unknown", ""])
def test_a_terminal_that_cannot_show_a_screen_is_told_and_gets_the_menu(
    start: Start, demo: Path, term: str
) -> None:
    with start("--storage", str(demo), "--as", EVA, TERM=term) as terminal:
        terminal.wait_for("Siffra (Enter visar valen igen):")
        assert "TERM säger att terminalen inte kan visa en hel skärm" in said(terminal)
        terminal.send("ctrl+d")
        assert terminal.wait_exit() == 0
        assert b"\x1b" not in terminal.output


def test_the_kitty_protocol_and_the_mouse_are_asked_for_only_when_wanted(start: Start, demo: Path) -> None:
    kitty, mouse = re.compile(rb"\x1b\[>[0-9]+u"), b"\x1b[?1000h"
    arguments = ("--storage", str(demo), "--as", EVA)
    with start(*arguments, TEXTUAL_DISABLE_KITTY_KEY="") as terminal:
        terminal.wait_for("Andersson, Anna")
        assert kitty.search(terminal.output) is None
        assert mouse not in terminal.output
    wanted = {"BEHORIG_KITTY_KEY": "1", "BEHORIG_MOUSE": "1", "TEXTUAL_DISABLE_KITTY_KEY": ""}
    with start(*arguments, **wanted) as terminal:
        terminal.wait_for("Andersson, Anna")
        assert kitty.search(terminal.output) is not None
        assert mouse in terminal.output


def test_settings_of_the_environment_and_the_file_open_the_screen(
    start: Start, house: House, demo: Path
) -> None:
    folder = house.home / ".config/behorig"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f'storage = "{demo}"\nas = "{NOBODY}"\ntheme = "light"\n')
    with start(BEHORIG_AS=EVA) as terminal:
        terminal.wait_for("Andersson, Anna")


def test_the_demo_is_built_once_and_anew_only_when_asked(start: Start, house: House) -> None:
    path = house.home / f".cache/behorig/demo-{DEMO_EDITION}.sqlite"
    with start("demo", "--as", EVA) as terminal:
        terminal.wait_for("Skapar demons uppgifter", timeout=30)
        terminal.wait_for("Andersson, Anna", timeout=60)
        terminal.send("ctrl+c")
        terminal.wait_exit()
    first = path.stat().st_ino
    with start("demo", "--as", EVA) as terminal:
        terminal.wait_for("Andersson, Anna")
        assert "Skapar" not in terminal.text()
        terminal.send("ctrl+c")
        terminal.wait_exit()
    assert path.stat().st_ino == first
    with start("demo", "--as", EVA, "--new") as terminal:
        terminal.wait_for("Skapar demons uppgifter på nytt", timeout=30)
        terminal.wait_for("Andersson, Anna", timeout=60)
        terminal.send("ctrl+c")
        terminal.wait_exit()
    assert path.stat().st_ino != first
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_the_demo_never_replaces_what_is_no_demo(start: Start, house: House, tmp_path: Path) -> None:
    path = tmp_path / "real.sqlite"
    arguments = ("--organisation", "2281", "--administrator", NOBODY, "--name", "Eva Ek")
    house.run("init", *arguments, "--email", "eva@sundsvall.example", "--storage", str(path))
    before = path.read_bytes()
    for more in ((), ("--new",)):
        with start("demo", "--as", EVA, "--storage", str(path), *more) as terminal:
            assert terminal.wait_exit() == 1
            assert "och den lämnades som den är" in said(terminal)
    assert path.read_bytes() == before


def test_the_demo_does_not_use_the_person_or_storage_of_daily_work(
    start: Start, demo: Path, tmp_path: Path
) -> None:
    variables = {
        "BEHORIG_STORAGE": str(tmp_path / "real.sqlite"),
        "BEHORIG_AS": NOBODY,
        "BEHORIG_ORGANISATION": "x",
    }
    with start("demo", "--storage", str(demo), **variables) as terminal:
        terminal.wait_for("bara Enter tar 1")
        terminal.send("enter")
        terminal.wait_for("Andersson, Anna")

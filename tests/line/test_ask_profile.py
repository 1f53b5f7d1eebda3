"""The question of how one reads the screen, in a real terminal: asked once, in plain lines."""

import asyncio
import shutil
from pathlib import Path

import pytest

from core.queries import OwnPreferences
from core.service import Service, actor_of
from storage.open import open_storage
from tests.http.process import Country, running
from tests.line.command import House
from tests.terminal import Terminal
from tui.clock import new_id, system_clock
from tui.looks import SCREEN_READER

EVA = "TSTNMT2120002411-1019"


@pytest.fixture
def demo(tmp_path: Path, demo_database: Path) -> Path:
    """Give a demo of one's own."""
    path = tmp_path / "demo.sqlite"
    shutil.copy(demo_database, path)
    return path


def started(house: House, state: Path, *arguments: str, **variables: str) -> Terminal:
    """Start the full screen on a machine; no profile is named, unlike in every other test in a terminal."""
    environment = house.environment(**{"BEHORIG_STATE": str(state), "BEHORIG_PROFILE": "", **variables})
    return Terminal(["behorig", *arguments], environment=environment, directory=house.home)


def test_how_one_reads_the_screen_is_asked_once_and_remembered_everywhere(
    house: House, demo: Path, tmp_path: Path
) -> None:
    def start(machine: str, **variables: str) -> Terminal:
        return started(house, tmp_path / machine, "--storage", str(demo), "--as", EVA, **variables)

    with start("first") as terminal:
        terminal.wait_for("bara Enter tar 1")
        text = " ".join(" ".join(terminal.screen()).split())
        assert "Hur läser du skärmen? Du kan ändra det när som helst med F9. 1 Standard 2 Skärmläsare" in text
        assert b"\x1b" not in terminal.output
        terminal.send("2", "enter")
        terminal.wait_for("Behörigheter: ", timeout=20)
        assert terminal.screen()[0].startswith(" Skärmläsarläge, F1 hjälper, valt ")
        # It is stored beside the work, and the people may be on the screen before it is.
        terminal.wait_until(
            lambda: asyncio.run(_chosen(demo)) == SCREEN_READER, "the choice in the storage", timeout=20
        )
        terminal.send("ctrl+c")
        assert terminal.wait_exit() == 130
    with start("first") as terminal:
        # Known before the storage is open, so that the first frame is right.
        terminal.wait_for(" Skärmläsarläge, F1 hjälper, valt ")
        terminal.wait_for("Behörigheter: ", timeout=20)
        assert "Hur läser du" not in terminal.output.decode(errors="replace")
        terminal.send("ctrl+c")
        terminal.wait_exit()
    with start("second") as terminal:
        # The storage remembers it.
        terminal.wait_for(" Skärmläsarläge, F1 hjälper, valt ", timeout=20)
        terminal.wait_for("Behörigheter: ", timeout=20)
        assert "Hur läser du" not in terminal.output.decode(errors="replace")
        terminal.send("ctrl+c")
        terminal.wait_exit()
    with start(
        "third", BEHORIG_PROFILE="high_contrast", BEHORIG_CURSOR="false", BEHORIG_GLYPHS="plain"
    ) as terminal:
        terminal.wait_for("> ", timeout=20)
        terminal.wait_for("Andersson, Anna", timeout=20)
        assert terminal.screen()[0].startswith(" behorig  demo  Sundsvalls kommun")
        terminal.quiet()
        assert terminal.cursor_hidden
        x, y = terminal.cursor()
        assert terminal.screen()[y][x:].startswith("Ahlgren, Inga")
        terminal.send("f9")
        terminal.wait_for("Profil: Standard")
        drawn = terminal.text()
        assert "+---" in drawn
        assert {each for each in drawn if not (each.isascii() or each.isalpha())} == set()
        terminal.send("ctrl+c")
        assert terminal.wait_exit() == 130
        assert not terminal.cursor_hidden


def test_a_server_remembers_who_reads_how_by_the_token_alone(
    house: House, demo: Path, tmp_path: Path
) -> None:
    """Nobody says ``--as``: who one is the server tells, and what one has chosen."""
    made = house.run("token", "create", EVA, "--expires", "2", "--storage", str(demo))
    assert made.code == 0, made.talk
    secret = {"BEHORIG_TOKEN": made.data.strip()}
    with running(Country(demo, {}), tmp_path) as served:
        with started(house, tmp_path / "first", "--storage", served.url, **secret) as terminal:
            terminal.wait_for("bara Enter tar 1")
            terminal.send("3", "enter")
            terminal.wait_for("> ", timeout=20)
            terminal.wait_for("Andersson, Anna", timeout=20)
            terminal.send("f9", "home", "down", "enter")
            terminal.wait_for("Det är sparat till nästa gång.")
            terminal.send("ctrl+c")
            assert terminal.wait_exit() == 130
        with started(house, tmp_path / "second", "--storage", served.url, **secret) as terminal:
            terminal.wait_for(" Skärmläsarläge, F1 hjälper, valt ", timeout=20)
            terminal.wait_for("Behörigheter: ", timeout=20)
            assert "Hur läser du" not in terminal.output.decode(errors="replace")
            terminal.send("ctrl+c")
            assert terminal.wait_exit() == 130
    assert asyncio.run(_chosen(demo)) == SCREEN_READER


async def _chosen(database: Path) -> str:
    """Give the profile that the database itself has of Eva."""
    storage = await open_storage(str(database))
    try:
        (membership,) = await storage.identify(EVA)
        service = Service(storage, actor_of(membership), system_clock, new_id)
        return (await service.ask(OwnPreferences())).profile
    finally:
        await storage.close()

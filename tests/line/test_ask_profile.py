"""The question of how one reads the screen, in a real terminal: asked once, in plain lines."""

import shutil
from pathlib import Path

import pytest

from tests.line.command import House
from tests.terminal import Terminal

EVA = "TSTNMT2120002411-1019"


@pytest.fixture
def demo(tmp_path: Path, demo_database: Path) -> Path:
    """Give a demo of one's own."""
    path = tmp_path / "demo.sqlite"
    shutil.copy(demo_database, path)
    return path


def test_how_one_reads_the_screen_is_asked_once_and_remembered_everywhere(
    house: House, demo: Path, tmp_path: Path
) -> None:
    def start(machine: str, **variables: str) -> Terminal:
        # No profile is named here, unlike in every other test in a terminal.
        environment = house.environment(
            **{"BEHORIG_STATE": str(tmp_path / machine), "BEHORIG_PROFILE": "", **variables}
        )
        return Terminal(
            ["behorig", "--storage", str(demo), "--as", EVA], environment=environment, directory=house.home
        )

    with start("first") as terminal:
        terminal.wait_for("bara Enter tar 1")
        text = " ".join(" ".join(terminal.screen()).split())
        assert "Hur läser du skärmen? Du kan ändra det när som helst med F9. 1 Standard 2 Skärmläsare" in text
        assert b"\x1b" not in terminal.output
        terminal.send("2", "enter")
        terminal.wait_for("Behörigheter: ", timeout=20)
        assert terminal.screen()[0].startswith(" Skärmläsarläge, F1 hjälper, valt ")
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

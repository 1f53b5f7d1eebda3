"""The terminal of the tests is pyte's own in all but speed."""

import sys

import pyte
import pytest

from tests.main_job.desk import folders, program
from tests.screens.conftest import house, template
from tests.screens.house import EVA, House
from tests.terminal import QuickScreen, Terminal

__all__ = ["house", "template"]

PIECES = (
    "plain åäö \N{EN DASH} text",
    "\x1b[7mreverse\x1b[27m and \x1b[1;38;5;12mbold in a colour\x1b[0m",
    "wide 漢字, combining e\N{COMBINING ACUTE ACCENT}, a joiner a\N{ZERO WIDTH JOINER}b",
    "over the end of the line " * 5,
    "\x1b[4hinserted\x1b[4l",
    "\x1b(0lqqk\x1b(B",
    "\x1b[3;5Hthere\x1b[K\x1b[1J",
    "\x1b[2;6r\x1b[6;1H\r\nscrolled\r\nscrolled\x1b[r",
    "\x1b[?7lno wrapping " + "x" * 90 + "\x1b[?7h",
    "\x1b[4;1H\x1b[2L\x1b[3Pcut\x1b[1M\x1b[4X",
)
"""What programs write, each after the one before it."""


@pytest.mark.parametrize("columns", [40, 80])
def test_a_quick_screen_holds_what_the_usual_one_does(columns: int) -> None:
    quick, usual = QuickScreen(columns, 12), pyte.Screen(columns, 12)
    one, other = pyte.Stream(quick), pyte.Stream(usual)
    for piece in PIECES * 2:
        one.feed(piece)
        other.feed(piece)
        assert quick.display == usual.display, piece
        assert [dict(quick.buffer[y]) for y in range(12)] == [dict(usual.buffer[y]) for y in range(12)], piece
        assert (quick.cursor.x, quick.cursor.y) == (usual.cursor.x, usual.cursor.y), piece
        assert quick.dirty == usual.dirty, piece


def test_what_the_program_writes_looks_the_same_on_the_usual_screen(house: House) -> None:
    environment = folders(house.folder, BEHORIG_STORAGE=str(house.path), BEHORIG_AS=EVA)
    usual = pyte.Screen(80, 24)
    with program(environment=environment) as terminal:
        terminal.wait_for("40 användare", timeout=40)
        terminal.send("down", "2", "right", "down", "f1", "pgdn", "escape", "1", "pgdn")
        terminal.quiet()
        pyte.ByteStream(usual).feed(terminal.plain_output())
        assert terminal.display() == usual.display


def test_lines_that_were_written_scrolled_or_resized_are_read_as_they_are_in_the_cells() -> None:
    writes = "import sys\nfor line in sys.stdin: print(line.upper() * 2, end='漢', flush=True)"
    with Terminal([sys.executable, "-c", writes], columns=30, rows=6) as terminal:

        def as_in_the_cells(columns: int = 30, rows: int = 6) -> bool:
            cells = ["".join(terminal.attributes(x, y).data for x in range(columns)) for y in range(rows)]
            return cells == terminal.display()

        for text in ("one", "two", "three", "four"):
            terminal.send(text, "enter")
            terminal.wait_for(text.upper())
            assert as_in_the_cells()
        terminal.resize(20, 4)
        assert as_in_the_cells(20, 4)
        terminal.send("five", "enter")
        terminal.wait_for("FIVE")
        assert as_in_the_cells(20, 4)

"""States are told apart in a real terminal that shows no colour, and in one that shows sixteen."""

from __future__ import annotations

import asyncio
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from tests.main_job.desk import folders, program
from tests.screens.house import BO, EVA, PRESCHOOL, grants

if TYPE_CHECKING:
    from tests.screens.house import House
    from tests.terminal import Terminal

Look = tuple[str, str, str, bool, bool, bool]
"""A character with its two colours, and whether it is bold, underlined and reversed."""


def look(terminal: Terminal, x: int, y: int, *, bare: bool = False) -> Look:
    """Give what is seen in a cell; ``bare`` leaves its character out."""
    cell = terminal.attributes(x, y)
    return ("" if bare else cell.data, cell.fg, cell.bg, cell.bold, cell.underscore, cell.reverse)


def row_with(terminal: Terminal, text: str) -> int:
    """Give the first row with a text."""
    return next(row for row, line in enumerate(terminal.screen()) if text in line)


def look_at(terminal: Terminal, row: str, text: str, *, bare: bool = False) -> Look:
    """Give what is seen where a text begins, in the first row with another text."""
    y = row_with(terminal, row)
    return look(terminal, terminal.screen()[y].index(text), y, bare=bare)


def hidden(terminal: Terminal) -> list[str]:
    """Give the texts whose colour is the same as that of what is behind them."""
    return [
        f"{cell.data!r} at {x},{y}: {cell.fg}"
        for y, line in enumerate(terminal.screen())
        for x, character in enumerate(line)
        if character != " " and (cell := terminal.attributes(x, y)).fg == cell.bg != "default"
    ]


def _has_changed(terminal: Terminal, before: tuple[tuple[int, int], str]) -> bool:
    return (terminal.cursor(), terminal.text()) != before


def go_to(terminal: Terminal, key: str, text: str) -> None:
    """Press a key until the cursor stands in the row with a text."""
    for _ in range(60):
        if text in terminal.screen()[terminal.cursor()[1]]:
            return
        before = terminal.cursor(), terminal.text()
        terminal.send(key)
        terminal.wait_until(partial(_has_changed, terminal, before), "a step")
    raise AssertionError(terminal.text())


def colours(terminal: Terminal) -> set[str]:
    """Give the colours that are on the screen."""
    cells = [
        terminal.attributes(x, y) for y, line in enumerate(terminal.screen()) for x in range(len(line) or 1)
    ]
    return {each.fg for each in cells} | {each.bg for each in cells}


def states_of(terminal: Terminal, house: House) -> dict[str, dict[str, Look]]:
    """Walk through a question, list, matrix and review, and give how each state looks there."""
    found: dict[str, dict[str, Look]] = {}

    def seen() -> None:
        terminal.quiet()
        assert not hidden(terminal)

    terminal.wait_for("40 användare", timeout=30)
    terminal.send("down", "down", "space", "down", "delete")
    terminal.wait_for("[ Behåll användaren ]")
    seen()
    found["buttons"] = {
        "focused": look_at(terminal, "[ Behåll", "Behåll", bare=True),
        "not focused": look_at(terminal, "[ Behåll", "Avregistrera", bare=True),
    }

    terminal.send("right", "enter")
    terminal.wait_for("1 ej skriven")
    seen()
    found["rows"] = {
        "selected": look_at(terminal, " - Bergström, Cilla", "Bergström", bare=True),
        "not selected": look_at(terminal, "Bergström, Disa", "Bergström", bare=True),
    }
    found["signs of rows"] = {
        "none": look_at(terminal, "Bergström, Disa", " "),
        "marked": look_at(terminal, "Berg, Bo", "*"),
        "to be deregistered": look_at(terminal, "Bergström, Cilla", "-"),
    }

    terminal.send("u", "home", "down", "2", "down", "up", "g", "up", "t", "down", "down")
    terminal.wait_for("3 ej skrivna")
    go_to(terminal, "down", "Hannu, Kaisa")
    terminal.send("t")
    terminal.wait_for("4 ej skrivna")
    go_to(terminal, "pgup", "Andersson, Anna")
    go_to(terminal, "down", "Berg, Bo")
    seen()
    found["cells"] = {
        "given": look_at(terminal, "Andersson, Anna", "X"),
        "not given": look_at(terminal, "Annerstedt, Åke", "."),
        "shall be given": look_at(terminal, "Annerstedt, Åke", "+"),
        "shall be taken away": look_at(terminal, "Andersson, Anna", "-"),
        "cannot be given": look_at(terminal, "Ek, Eva", "/"),
    }
    x, y = terminal.cursor()
    found["cell"] = {
        "selected": look(terminal, x, y, bare=True),
        "in the row of the cursor": look(terminal, x + 4, y, bare=True),
    }

    asyncio.run(house.written_by(BO, *grants("ake", PRESCHOOL)))
    terminal.wait_for("stämmer inte längre; F8", timeout=30)
    seen()
    found["signs of rows"]["no longer fits"] = look_at(terminal, "Annerstedt, Åke", "!")
    terminal.send("f8")
    terminal.wait_for("har redan behörigheten", timeout=30)
    terminal.send("end")
    seen()
    found["lines of the review"] = {
        "in the way": look_at(terminal, "har redan behörigheten", "!"),
        "worth a look": look_at(terminal, "blir utan behörigheter", "?"),
        "gives": look_at(terminal, "Ge Åke", "+"),
        "takes away": look_at(terminal, "Ta bort från Anna", "-"),
    }
    return found


@pytest.mark.parametrize(
    ("environment", "has_colours"),
    [
        ({"NO_COLOR": "1", "BEHORIG_THEME": "dark"}, False),
        ({"TERM": "xterm"}, False),
        ({"TERM": "xterm", "BEHORIG_THEME": "dark"}, True),
        ({"TERM": "xterm", "BEHORIG_THEME": "light"}, True),
        ({"TERM": "xterm", "BEHORIG_THEME": "contrast"}, True),
    ],
    ids=lambda value: " ".join(value.values()) if isinstance(value, dict) else "",
)
def test_each_state_looks_otherwise_than_every_other(
    house: House, environment: dict[str, str], has_colours: bool
) -> None:
    settings = folders(house.folder, BEHORIG_STORAGE=str(house.path), BEHORIG_AS=EVA, **environment)
    with program(environment=settings, columns=120, rows=40) as terminal:
        found = states_of(terminal, house)
        assert (colours(terminal) != {"default"}) is has_colours
    alike = [
        f"{place}: {one} and {other}, {looks[one]}"
        for place, looks in found.items()
        for one, other in combinations(looks, 2)
        if looks[one] == looks[other]
    ]
    assert alike == []

"""The real program over a slow line and under a braille display: bytes for a key, silence, and the cursor."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.main_job.desk import folders, program
from tests.screens.house import BO, EVA, PRESCHOOL_CLASS, grants

if TYPE_CHECKING:
    from tests.screens.house import House
    from tests.terminal import Terminal

ROW_MOVE, TOGGLE, LIST_PAGE, MATRIX_PAGE = 600, 800, 9_000, 15_000
"""Bytes at 120×40 (docs/architecture.md)."""

SILENCE = 10
"""Seconds."""

SCREENS: dict[str, tuple[tuple[str, ...], str]] = {
    "users": ((), "40 användare"),
    "permissions": (("2",), "Fsk Fkl"),
}
"""The keys from the list of users to a screen, and what is seen there. All screens: ``tests/everyone``."""


def started(house: House, *, columns: int = 120, rows: int = 40, **more: str) -> Terminal:
    """Start the program with the size of the budgets."""
    environment = folders(house.folder, BEHORIG_STORAGE=str(house.path), BEHORIG_AS=EVA, **more)
    return program(environment=environment, columns=columns, rows=rows)


def open_screen(terminal: Terminal, name: str) -> None:
    """Walk from the list of users to a screen; what is typed ahead waits for the list by itself."""
    keys, seen = SCREENS[name]
    terminal.send(*keys)
    terminal.wait_for(seen, timeout=30)
    terminal.quiet()


def cost(terminal: Terminal, *keys: str) -> int:
    """Give the bytes that keys cost, with all that is told a moment later."""
    mark = terminal.mark()
    terminal.send(*keys)
    terminal.wait_until(lambda: len(terminal.output) > mark, f"a frame after {keys}")
    terminal.quiet(0.3)
    return len(terminal.bytes_since(mark))


def test_a_key_costs_no_more_bytes_than_its_budget_with_all_that_is_told(house: House) -> None:
    with started(house) as terminal:
        open_screen(terminal, "users")
        assert max(cost(terminal, "down") for _ in range(6)) <= ROW_MOVE
        assert cost(terminal, "space") <= ROW_MOVE
        assert cost(terminal, "pgdn") <= LIST_PAGE
        assert cost(terminal, "home") <= LIST_PAGE
        terminal.send("2")
        terminal.wait_for("Fsk Fkl")
        terminal.quiet()
        assert max(cost(terminal, "down") for _ in range(6)) <= ROW_MOVE
        assert max(cost(terminal, "right") for _ in range(6)) <= ROW_MOVE
        assert max(cost(terminal, "enter") for _ in range(4)) <= TOGGLE
        assert cost(terminal, "pgdn") <= MATRIX_PAGE
        assert cost(terminal, "l") <= MATRIX_PAGE
        assert cost(terminal, "w") <= MATRIX_PAGE
        assert cost(terminal, "pgup") <= MATRIX_PAGE
        assert max(cost(terminal, "down") for _ in range(6)) <= ROW_MOVE
        assert cost(terminal, "right") <= ROW_MOVE
        assert cost(terminal, "left") <= ROW_MOVE
        assert cost(terminal, "w") <= MATRIX_PAGE
        # The same person alone, where the matrix is behind.
        terminal.send("b")
        terminal.wait_for("Lanserad ", timeout=30)
        terminal.quiet()
        assert max(cost(terminal, "down") for _ in range(3)) <= ROW_MOVE
        assert max(cost(terminal, "enter") for _ in range(4)) <= TOGGLE


def test_what_another_process_writes_appears_without_a_key_and_is_silent_after_that(house: House) -> None:
    with started(house) as terminal:
        open_screen(terminal, "permissions")
        at = terminal.cursor()
        asyncio.run(house.written_by(BO, *grants("kaisa", PRESCHOOL_CLASS)))
        terminal.wait_for("Kaisa Hannu fick", timeout=30)
        terminal.quiet()
        assert terminal.cursor() == at
        mark = terminal.mark()
        terminal.quiet(SILENCE, timeout=2 * SILENCE)
        assert terminal.bytes_since(mark) == b""

"""The real program over a slow line and under a braille display: bytes for a key, silence, and the cursor."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import TYPE_CHECKING

from tests.main_job.desk import folders, program
from tests.screens.announced import published
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
    "details": (("d",), "Har: "),
    "search": (("ctrl+f", "and"), "Sök: and"),
    "form": (("n",), "[ Förbered ]"),
    "permissions": (("2",), "Fsk Fkl"),
    "folded": (("2", "w"), "Hopvikt"),
    "column": (("2", "ctrl+g"), "Gå till kolumn"),
    "person": (("b",), "Lanserad"),
    "review": (("2", "g", "right", "g", "f8"), "[ Skriv 1 ändring ]"),
    "writes": (("5",), "4 maj 2023"),
    "support": (("4",), "(du)"),
    "letter form": (("4", "b", "enter"), "Vem ska bli"),
    "question form": (("4", "f", "x", "enter", "y"), "Fråga till kontaktcenter"),
    "answers": (("f3",), "Frågor och svar"),
    "answer": (("f3", "siths", "enter"), "Esc Rubriker"),
    "news": (("3",), "Försörjningsstöd kan sökas"),
    "announcement": (("3", "end", "enter"), "== Nytt i dag =="),
    "filter": (("f",), "Visa bara"),
    "palette": (("ctrl+p",), "Alla kommandon"),
    "help": (("f1",), "I listan:"),
    "question": (("delete",), "[ Behåll användaren ]"),
}
"""Each screen and dialog: the keys from the list of users to it, and what is seen there."""


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


def test_nothing_is_written_to_the_terminal_while_nobody_types_on_any_screen(house: House) -> None:
    asyncio.run(published(house))
    with ExitStack() as stack:
        terminals = {name: stack.enter_context(started(house, columns=80, rows=24)) for name in SCREENS}
        for name, terminal in terminals.items():
            open_screen(terminal, name)
        marks = {name: terminal.mark() for name, terminal in terminals.items()}
        next(iter(terminals.values())).quiet(SILENCE, timeout=2 * SILENCE)
        written = {name: terminal.bytes_since(marks[name]) for name, terminal in terminals.items()}
    assert written == dict.fromkeys(SCREENS, b"")


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


EMPTY = ("Ingen motsvarar", "Inget heter så.")


def on_focus(terminal: Terminal) -> bool:
    """Say whether the hardware cursor is shown and stands on what is marked as having the focus.

    Without colours the focus is in reverse; a field is underlined, and the cell after its text reversed.
    A list without lines has the cursor on the sentence that says why.
    """
    x, y = terminal.cursor()
    here = terminal.attributes(x, y)
    marked = here.reverse or here.underscore or terminal.screen()[y][x:].startswith(EMPTY)
    return not terminal.cursor_hidden and bool(marked)


WALK = (
    *("down", "down", "up", "pgdn", "end", "home", "right", "left", "space", "up"),
    *("ctrl+f", "a", "n", "left", "home", "end", "down", "ctrl+f", "escape"),
    *("tab", "tab", "tab", "shift+tab", "shift+tab", "shift+tab", "d", "down", "d"),
    *("n", "S", "enter", "Å", "down", "up", "tab", "tab", "tab", "right", "left", "escape", "right", "enter"),
    *("f", "h", "down", "down", "tab", "escape", "s", "down", "tab", "escape"),
    *(
        "ctrl+p",
        "g",
        "r",
        "down",
        "up",
        "escape",
        "f1",
        "down",
        "pgdn",
        "end",
        "escape",
        "f9",
        "down",
        "escape",
    ),
    *("2", "w", "down", "right", "g", "left", "w", "l", "ctrl+g", "b", "down", "escape", "home"),
    *("right", "right", "down", "g", "end", "home", "ctrl+f", "x", "escape", "pgdn", "k", "escape"),
    *("b", "down", "g", "end", "escape", "delete", "f6", "escape", "i", "escape"),
    *(
        "f8",
        "down",
        "tab",
        "x",
        "tab",
        "right",
        "left",
        "tab",
        "f8",
        "escape",
        "5",
        "down",
        "up",
        "enter",
        "escape",
    ),
    *(
        "4",
        "down",
        "down",
        "up",
        "k",
        "b",
        "down",
        "down",
        "up",
        "down",
        "up",
        "up",
        "enter",
        "S",
        "enter",
        "Å",
        "escape",
        "right",
        "enter",
    ),
    *(
        "f",
        "x",
        "enter",
        "y",
        "enter",
        "z",
        "up",
        "left",
        "end",
        "tab",
        "right",
        "tab",
        "escape",
        "right",
        "enter",
    ),
    *("f2", "down", "r", "down", "enter", "down", "end", "pgdn", "escape", "escape"),
    *("3", "end", "up", "down", "enter", "down", "pgdn", "k", "escape", "escape", "ctrl+f", "f", "escape"),
    *("f", "down", "escape"),
    *("1", "delete", "right", "left", "escape", "ctrl+x", "right", "left", "escape"),
)
"""Keys through every screen and dialog; each must leave the cursor on the focus."""


TITLES = (
    *(
        "Har: ",
        "Ny användare",
        "Lämna formuläret",
        "Visa bara",
        "Sortera efter",
        "Alla kommandon",
        "I listan:",
    ),
    *(
        "Färger",
        ">2 Behörigheter<",
        "Hopvikt",
        "Gå till kolumn",
        "Lanserad",
        "Meddelanden",
        "Hela texten",
        "[ Skriv ",
        ">5 Historik<",
    ),
    *(">4 Support<", "Brev om administratörer", "Vem ska bli", "Fråga till kontaktcenter", "Esc Rubriker"),
    *("== Nytt i dag ==", "[ Det är klart ]"),
    *("En skrivning", "[ Behåll användaren ]", "[ Stanna ]"),
)
"""What is seen on the walk, so that it is known to have gone everywhere."""


def test_after_each_key_on_every_screen_the_hardware_cursor_is_on_the_focus(house: House) -> None:
    asyncio.run(published(house))
    with started(house, columns=80, rows=24, NO_COLOR="1") as terminal:
        open_screen(terminal, "users")
        astray = []
        passed = ""
        for place, key in enumerate(WALK):
            terminal.send(key)
            # Esc alone is known as such only when nothing has followed it for a while.
            # Enter may have to read before it opens anything, and so may 4 and B; what I opens, the next key
            # closes.
            terminal.quiet({"escape": 0.2, "enter": 0.5, "4": 0.5, "b": 0.5, "i": 0.5}.get(key, 0.06))
            if not on_focus(terminal):
                terminal.quiet(0.3)
            passed += terminal.text()
            if not on_focus(terminal):
                astray.append((place, key, terminal.cursor(), terminal.screen()))
        assert [title for title in TITLES if title not in passed] == []
        assert [(place, key, cursor) for place, key, cursor, _screen in astray] == [], "\n".join(astray[0][3])

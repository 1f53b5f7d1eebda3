"""In a real terminal: where the hardware cursor stands, and how many bytes a key costs."""

from collections.abc import Mapping

import pytest

from tests.terminal import Terminal

MODULE = "tests.tui.table_app"
TRUE_COLOUR = {"COLORTERM": "truecolor"}
BUDGET_ROW_MOVE = 600
BUDGET_WALK = 1_000
BUDGET_TOGGLE = 800
BUDGET_PAGE = {"list": 9_000, "matrix": 15_000}


def started(
    kind: str,
    *arguments: str,
    size: tuple[int, int] = (120, 40),
    environment: Mapping[str, str] | None = None,
) -> Terminal:
    """Start the program and wait until it is drawn."""
    columns, rows = size
    terminal = Terminal.of_module(MODULE, kind, *arguments, columns=columns, rows=rows, **(environment or {}))
    terminal.wait_for("Person 00000000")
    terminal.quiet()
    return terminal


def cost(terminal: Terminal, *keys: str) -> int:
    """The bytes that keys cost, until nothing more comes."""
    mark = terminal.mark()
    terminal.send(*keys)
    terminal.wait_until(lambda: len(terminal.output) > mark, f"a frame after {keys}")
    terminal.quiet(0.05)
    return len(terminal.bytes_since(mark))


def test_the_hardware_cursor_stands_on_the_name_of_the_focused_row() -> None:
    with started("list", size=(80, 24)) as terminal:
        assert not terminal.cursor_hidden
        assert terminal.cursor() == (2, 2)
        for key, y in (("down", 3), ("down", 4), ("up", 3)):
            terminal.send(key)
            terminal.wait_cursor(2, y)
        terminal.send("pgdn")
        terminal.wait_for("Person 00000040")
        terminal.quiet()
        x, y = terminal.cursor()
        assert terminal.screen()[y][x:].startswith("Person 00000021")
        terminal.send(*["down"] * 30)
        terminal.wait_until(lambda: "Person 00000051" in terminal.screen()[terminal.cursor()[1]], "row 51")
        terminal.resize(40, 12)
        terminal.quiet()
        x, y = terminal.cursor()
        assert terminal.screen()[y][x:].startswith("Person 00000051")
        terminal.send("end")
        terminal.wait_for("Person 09999999")
        terminal.quiet()
        x, y = terminal.cursor()
        assert terminal.screen()[y][x:].startswith("Person 09999999")
        assert not terminal.cursor_hidden


def test_the_hardware_cursor_stands_on_the_focused_cell_of_a_matrix() -> None:
    with started("matrix", size=(80, 24)) as terminal:
        assert terminal.cursor() == (23, 3)
        terminal.send("right", "right", "down")
        terminal.wait_cursor(31, 4)
        before = terminal.attributes(31, 4).data
        terminal.send("space")
        terminal.wait_until(lambda: terminal.attributes(31, 4).data in "+-", "a staged sign")
        assert terminal.attributes(31, 4).data == ("-" if before == "X" else "+")
        assert terminal.cursor() == (31, 4)
        terminal.send(*["right"] * 20)
        terminal.wait_for("P22")
        terminal.quiet()
        x, _ = terminal.cursor()
        assert terminal.screen()[2][x:].startswith("P22")


def test_the_focused_cell_differs_from_its_neighbours_without_colours_too() -> None:
    with started("matrix", environment={"NO_COLOR": "1"}) as terminal:
        terminal.send("space", "right", "down")
        terminal.wait_cursor(27, 4)
        assert terminal.attributes(27, 4).reverse
        assert not terminal.attributes(31, 4).reverse
        staged = terminal.attributes(23, 3)
        assert staged.bold
        assert staged.fg == staged.bg == "default"
        colours = {terminal.attributes(x, y)[1:3] for y in range(40) for x in range(120)}
        assert colours == {("default", "default")}


@pytest.mark.parametrize("colours", [{}, TRUE_COLOUR], ids=["256", "true"])
@pytest.mark.parametrize("kind", ["list", "matrix"])
def test_a_key_costs_no_more_bytes_than_its_budget(kind: str, colours: dict[str, str]) -> None:
    with started(kind, environment=colours) as terminal:
        assert cost(terminal, "down") <= BUDGET_ROW_MOVE
        assert cost(terminal, "up") <= BUDGET_ROW_MOVE
        assert cost(terminal, "space") <= BUDGET_TOGGLE
        assert cost(terminal, "pgdn") <= BUDGET_PAGE[kind]
        assert cost(terminal, "pgup") <= BUDGET_PAGE[kind]
        # Out of the picture and on: the pages that this takes, shared by all the steps.
        walked = sum(cost(terminal, "down") for _ in range(40))
        assert walked / 40 <= BUDGET_WALK


@pytest.mark.parametrize("every", ["12", "4"])
def test_scattered_staged_cells_keep_within_the_budgets(every: str) -> None:
    with started("matrix", "--staged", every) as terminal:
        assert cost(terminal, "down") <= BUDGET_ROW_MOVE
        assert cost(terminal, "up") <= BUDGET_ROW_MOVE
        terminal.send(*["right"] * 20)
        terminal.quiet()
        assert cost(terminal, "space") <= BUDGET_TOGGLE
        assert cost(terminal, "pgdn") <= BUDGET_PAGE["matrix"]


def test_nothing_is_written_while_nobody_types() -> None:
    with started("list") as one, started("matrix") as other:
        marks = one.mark(), other.mark()
        one.quiet(10)
        assert one.bytes_since(marks[0]) == b""
        assert other.bytes_since(marks[1]) == b""


def test_the_terminal_is_given_back_as_it_was() -> None:
    with started("list") as terminal:
        mark = terminal.mark()
        terminal.send("f9")
        assert terminal.wait_exit() == 0
        assert not terminal.cursor_hidden
        assert b"\x1b[?1049l" in terminal.bytes_since(mark)

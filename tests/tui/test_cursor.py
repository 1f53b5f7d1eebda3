"""The hardware cursor stands on the focus, whatever has the focus."""

from textual.app import ComposeResult
from textual.geometry import Offset
from textual.screen import ModalScreen, Screen
from textual.widgets import Button, Input, Static

from tests.terminal import Terminal
from tui.widgets.cursor import CursorOnFocus


class Question(ModalScreen[None]):
    """A screen on which nothing can have the focus, and that knows its place."""

    cursor_screen_offset = Offset(3, 4)

    def compose(self) -> ComposeResult:
        """Ask."""
        yield Static("Sure?")


class Form(CursorOnFocus[None]):
    """A field below a line, and a button below the field."""

    ENABLE_COMMAND_PALETTE = False
    CSS = "Input { border: none; padding: 0; height: 1; width: 10; } Static { height: 1; }"

    def compose(self) -> ComposeResult:
        """Put the field between a line and a button."""
        yield Static("Name")
        yield Input(id="field")
        yield Button("Save")

    def on_mount(self) -> None:
        """Keep idle silence: Textual's own cursor blinks unless told not to."""
        self.query_one(Input).cursor_blink = False


async def test_the_cursor_of_a_field_follows_what_is_typed() -> None:
    app = Form()
    async with app.run_test(size=(40, 10)) as pilot:
        assert app.cursor_position == Offset(0, 1)
        await pilot.press("å", "b", "漢")
        assert app.cursor_position == Offset(4, 1)
        await pilot.press("left")
        assert app.cursor_position == Offset(2, 1)
        await pilot.press("home")
        assert app.cursor_position == Offset(0, 1)
        await pilot.press("end", *"0123456789")
        assert app.cursor_position == Offset(9, 1)


async def test_a_widget_that_knows_no_place_has_the_cursor_on_its_first_cell() -> None:
    app = Form()
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("tab")
        button = app.query_one(Button)
        assert app.cursor_position == button.content_region.offset


async def test_a_screen_without_a_focus_may_say_where_the_cursor_stands() -> None:
    app = Form()
    async with app.run_test(size=(40, 10)) as pilot:
        await app.push_screen(Question())
        assert app.cursor_position == Question.cursor_screen_offset
        await app.push_screen(Screen())
        assert app.cursor_position == Offset(0, 0)
        app.pop_screen()
        app.pop_screen()
        await pilot.pause()
        assert app.cursor_position == Offset(0, 1)


def test_in_a_terminal_the_cursor_of_a_field_is_where_textual_draws_it() -> None:
    with Terminal.of_module("tests.tui.test_cursor", columns=40, rows=10) as terminal:
        terminal.wait_for("Name")
        terminal.send("abc")
        terminal.wait_for("abc")
        terminal.wait_cursor(3, 1)
        terminal.quiet()
        plain = terminal.attributes(5, 1)
        assert terminal.attributes(3, 1) != plain
        assert terminal.attributes(4, 1) == plain
        terminal.send("left")
        terminal.wait_cursor(2, 1)
        terminal.send("tab")
        terminal.wait_until(lambda: terminal.cursor()[1] > 1, "the cursor on the button")
        assert not terminal.cursor_hidden


if __name__ == "__main__":
    Form().run(mouse=False)

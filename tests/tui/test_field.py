"""Where a field is can be seen without the focus, and with it, in every theme that has colours of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.app import App, ComposeResult

from tests.contrast import ratio_of
from tui import themes
from tui.widgets.field import Field
from tui.widgets.text_box import TextBox

if TYPE_CHECKING:
    from textual.strip import Strip

COLOURED = [theme.name for theme in themes.THEMES if not theme.ansi]


class Fields(App[None]):
    """Two fields of one line and one of several, of which the first has the focus."""

    CSS = "Field, TextBox { width: 12; }"

    def __init__(self, theme: str) -> None:
        super().__init__()
        themes.register(self)
        self.theme = theme

    def compose(self) -> ComposeResult:
        yield Field("Anna", id="first")
        yield Field("Anna", id="second")
        yield TextBox("Anna", id="box")

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.variable_defaults()


def lines_under(strip: Strip) -> list[float]:
    """Give the contrast of the line under each piece of a field with what is behind it, 1 for no line."""
    found = []
    for segment in strip:
        style = segment.style
        assert style is not None
        assert style.color is not None
        assert style.bgcolor is not None
        foreground, background = (each.get_truecolor().hex for each in (style.color, style.bgcolor))
        found.append(ratio_of(foreground, background) if style.underline else 1.0)
    return found


@pytest.mark.parametrize("theme", COLOURED)
async def test_a_field_is_told_from_the_screen_with_and_without_the_focus(theme: str) -> None:
    app = Fields(theme)
    async with app.run_test() as pilot:
        first, second, box = app.query_one("#first"), app.query_one("#second"), app.query_one("#box")
        first.focus()
        await pilot.pause()
        # Without the focus: a line under all of it, also where nothing is written.
        assert sum(segment.cell_length for segment in second.render_line(0)) >= 12
        assert min(lines_under(second.render_line(0))) >= themes.MARK
        # With it: a ground that differs from the screen's and from that of the others.
        ground = first.styles.background.hex6
        for other in (app.screen.styles.background.hex6, second.styles.background.hex6):
            assert ratio_of(ground, other) >= themes.MARK
        # The cell of the cursor differs from the ground of the field.
        cursor = first.get_component_rich_style("input--cursor").bgcolor
        assert cursor is not None
        assert ratio_of(cursor.get_truecolor().hex, ground) >= themes.MARK
        kind, colour = box.styles.border_left
        assert kind == "solid"
        assert ratio_of(colour.hex6, app.screen.styles.background.hex6) >= themes.MARK
        assert ratio_of(colour.hex6, box.styles.background.hex6) >= themes.MARK

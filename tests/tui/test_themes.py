"""Every pair of colours that meets on the screen is told apart, in true colour and in 256 colours."""

import re

import pytest
from textual.app import App, ComposeResult
from textual.color import Color
from textual.theme import Theme

from tests.contrast import contrast, in_256_colours
from tests.tui.table_app import build
from tui import themes
from tui.widgets.table import Table

COLOURED = [theme for theme in themes.THEMES if not theme.ansi]


def colours_of(theme: Theme) -> dict[str, str]:
    """All variables of the theme, as the style sheets see them."""
    return {**theme.to_color_system().generate(), **theme.variables}


def test_black_on_white_is_the_greatest_contrast() -> None:
    assert contrast(Color.parse("#000000"), Color.parse("#ffffff")) == pytest.approx(21)
    assert contrast(Color.parse("#767676"), Color.parse("#ffffff")) == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
@pytest.mark.parametrize("pair", themes.PAIRS, ids=lambda pair: f"{pair.foreground}-on-{pair.background}")
def test_a_pair_of_colours_can_be_told_apart(theme: Theme, pair: themes.Pair) -> None:
    colours = colours_of(theme)
    foreground, background = Color.parse(colours[pair.foreground]), Color.parse(colours[pair.background])
    assert foreground.a == 1
    assert background.a == 1
    least = pair.least
    if theme.name == themes.HIGH_CONTRAST and least == themes.TEXT:
        least = themes.TEXT_HIGH_CONTRAST
    shown = contrast(foreground, background)
    reduced = contrast(in_256_colours(foreground), in_256_colours(background))
    assert min(shown, reduced) >= least, f"{shown:.2f}, in 256 colours {reduced:.2f}"


def test_the_terminals_own_theme_names_no_colour() -> None:
    terminal = next(theme for theme in themes.THEMES if theme.name == themes.TERMINAL)
    named = {
        name: value
        for name, value in colours_of(terminal).items()
        if re.match(r"#|rgb|hsl|ansi_(?!default)|auto", value) or "%" in value
    }
    assert named == {}


def test_every_role_of_a_cell_has_a_colour_in_every_theme_and_a_class_in_the_table() -> None:
    for role in themes.CELL_ROLES:
        assert f"table--{role}" in Table.COMPONENT_CLASSES
        for theme in themes.THEMES:
            assert f"cell-{role}" in theme.variables


def test_no_color_chooses_the_terminals_own_theme() -> None:
    assert themes.choose(themes.LIGHT, {}) == themes.LIGHT
    assert themes.choose(themes.LIGHT, {"NO_COLOR": "1"}) == themes.TERMINAL


@pytest.mark.parametrize("theme", themes.THEMES, ids=lambda theme: theme.name)
async def test_the_style_sheets_hold_under_every_theme(theme: Theme) -> None:
    app = build("matrix", rows=5, columns=4, theme=theme.name)
    async with app.run_test() as pilot:
        for other in themes.THEMES:
            app.theme = other.name
            await pilot.pause()
            style = app.table.get_component_rich_style("table--staged-add")
            assert bool(style.bold) == other.ansi
            background = app.table.get_component_rich_style("table--normal").bgcolor
            assert background is not None
            assert background.is_default == other.ansi


async def test_our_variables_have_a_value_before_a_theme_is_chosen() -> None:
    class Unthemed(App[None]):
        def compose(self) -> ComposeResult:
            yield build("list", rows=2).table

        def get_theme_variable_defaults(self) -> dict[str, str]:
            return themes.variable_defaults()

    app = Unthemed()
    async with app.run_test():
        assert app.theme not in {theme.name for theme in themes.THEMES}
        assert app.query_one(Table).get_component_rich_style("table--error").color is not None

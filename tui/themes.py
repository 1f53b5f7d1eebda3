"""The colours of the program: dark, light, high contrast, and the terminal's own.

Contrast is measured for each pair of colours that meets on the screen (`PAIRS`), as the theme defines them
and as a terminal of 256 colours shows them. What a colour tells is always told by a sign or a word as well;
the terminal's own theme has no colours but the two that the terminal's owner chose.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from textual.app import App
from textual.theme import Theme

# What a cell of a table can be. A role has one foreground, which is used on the plain background and on the
# tinted row of the cursor: `tui.widgets.table` makes a component class `table--ROLE` of each.
CELL_ROLES = ("normal", "muted", "given", "staged-add", "staged-remove", "blocked", "warning", "error")

DARK = "dark"
LIGHT = "light"
HIGH_CONTRAST = "high-contrast"
TERMINAL = "terminal"


class Pair(NamedTuple):
    """Two theme variables that meet on the screen, and how they must differ.

    `least` is a contrast ratio after WCAG 2.2: text 4.5 (7 in the high contrast theme), what only marks the
    focus or borders something 3.
    """

    foreground: str
    background: str
    least: float


TEXT = 4.5
TEXT_HIGH_CONTRAST = 7.0
MARK = 3.0

# Every pair that the widgets and style sheets of the program use. A new pair is written here first.
PAIRS = (
    *(
        Pair(f"cell-{role}", ground, TEXT)
        for role in CELL_ROLES
        for ground in ("background", "row-background")
    ),
    *(
        Pair(color, ground, TEXT)
        for color in (
            "foreground",
            "text-muted",
            "text-disabled",
            "text-error",
            "text-warning",
            "text-success",
        )
        for ground in ("background", "surface", "panel")
    ),
    Pair("cursor-foreground", "cursor-background", TEXT),
    Pair("cursor-blurred-foreground", "cursor-blurred-background", TEXT),
    Pair("heading-foreground", "heading-background", TEXT),
    Pair("heading-cursor-foreground", "heading-cursor-background", TEXT),
    Pair("banner-foreground", "banner-background", TEXT),
    Pair("title-foreground", "title-background", TEXT),
    Pair("block-cursor-foreground", "block-cursor-background", TEXT),
    Pair("block-cursor-blurred-foreground", "block-cursor-blurred-background", TEXT),
    Pair("input-selection-foreground", "input-selection-background", TEXT),
    Pair("input-cursor-foreground", "input-cursor-background", TEXT),
    Pair("footer-foreground", "footer-background", TEXT),
    Pair("footer-key-foreground", "footer-background", TEXT),
    Pair("footer-description-foreground", "footer-background", TEXT),
    *(
        Pair(color, ground, MARK)
        for color in ("focus", "border", "border-blurred", "cursor-background")
        for ground in ("background", "surface")
    ),
)


class Palette(msgspec.Struct, frozen=True, kw_only=True):
    """The colours that a theme is made of; all are hexadecimal, or `ansi_default`."""

    background: str
    surface: str
    panel: str
    foreground: str
    muted: str
    add: str
    remove: str
    warning: str
    row: str
    cursor_foreground: str
    cursor: str
    blurred_foreground: str
    blurred: str
    banner_foreground: str
    banner: str
    focus: str
    border: str


def _theme(name: str, palette: Palette, *, dark: bool) -> Theme:
    return Theme(
        name=name,
        dark=dark,
        primary=palette.focus,
        secondary=palette.border,
        accent=palette.focus,
        warning=palette.warning,
        error=palette.remove,
        success=palette.add,
        foreground=palette.foreground,
        background=palette.background,
        surface=palette.surface,
        panel=palette.panel,
        variables={**_own_variables(palette), **_textual_variables(palette)},
    )


def _own_variables(palette: Palette) -> dict[str, str]:
    """Give the variables that only our own widgets and style sheets use."""
    return {
        "cell-normal": palette.foreground,
        "cell-muted": palette.muted,
        "cell-given": palette.foreground,
        "cell-staged-add": palette.add,
        "cell-staged-remove": palette.remove,
        "cell-blocked": palette.muted,
        "cell-warning": palette.warning,
        "cell-error": palette.remove,
        # Bold as well would cost a tenth of a full matrix's bytes, and tell what sign and colour tell.
        "cell-staged-style": "none",
        "row-background": palette.row,
        "row-style": "none",
        "cursor-foreground": palette.cursor_foreground,
        "cursor-background": palette.cursor,
        "cursor-style": "none",
        "cursor-blurred-foreground": palette.blurred_foreground,
        "cursor-blurred-background": palette.blurred,
        "cursor-blurred-style": "none",
        "heading-foreground": palette.foreground,
        "heading-background": palette.panel,
        "heading-style": "none",
        "heading-cursor-foreground": palette.blurred_foreground,
        "heading-cursor-background": palette.blurred,
        "heading-cursor-style": "bold",
        "title-foreground": palette.foreground,
        "title-background": palette.panel,
        "title-style": "bold",
        "banner-foreground": palette.banner_foreground,
        "banner-background": palette.banner,
        "banner-style": "bold",
        "focus": palette.focus,
    }


def _textual_variables(palette: Palette) -> dict[str, str]:
    """Give Textual's own variables that it would otherwise derive without a look at the contrast."""
    return {
        "text": palette.foreground,
        "text-muted": palette.muted,
        "text-disabled": palette.muted,
        "text-primary": palette.foreground,
        "text-secondary": palette.foreground,
        "text-accent": palette.foreground,
        "text-error": palette.remove,
        "text-warning": palette.warning,
        "text-success": palette.add,
        "foreground-muted": palette.muted,
        "foreground-disabled": palette.muted,
        "block-cursor-foreground": palette.cursor_foreground,
        "block-cursor-background": palette.cursor,
        "block-cursor-text-style": "none",
        "block-cursor-blurred-foreground": palette.blurred_foreground,
        "block-cursor-blurred-background": palette.blurred,
        "block-cursor-blurred-text-style": "none",
        "border": palette.focus,
        "border-blurred": palette.border,
        "footer-foreground": palette.foreground,
        "footer-background": palette.panel,
        "footer-key-foreground": palette.foreground,
        "footer-description-foreground": palette.foreground,
        "input-cursor-foreground": palette.cursor_foreground,
        "input-cursor-background": palette.cursor,
        "input-selection-foreground": palette.blurred_foreground,
        "input-selection-background": palette.blurred,
        "link-color": palette.foreground,
        "button-foreground": palette.foreground,
        "button-color-foreground": palette.foreground,
        "scrollbar": palette.border,
        "scrollbar-hover": palette.border,
        "scrollbar-active": palette.border,
        "scrollbar-background": palette.background,
        "scrollbar-background-hover": palette.background,
        "scrollbar-background-active": palette.background,
        "scrollbar-corner-color": palette.background,
    }


_DARK = Palette(
    background="#121212",
    surface="#1c1c1c",
    panel="#262626",
    foreground="#dadada",
    muted="#a8a8a8",
    add="#87d787",
    remove="#ff8787",
    warning="#ffd75f",
    row="#303030",
    cursor_foreground="#000000",
    cursor="#afd7ff",
    blurred_foreground="#ffffff",
    blurred="#4e4e4e",
    banner_foreground="#ffffff",
    banner="#005f87",
    focus="#5fafff",
    border="#767676",
)

_LIGHT = Palette(
    background="#ffffff",
    surface="#f5f5f5",
    panel="#e4e4e4",
    foreground="#1c1c1c",
    muted="#4e4e4e",
    add="#005f00",
    remove="#af0000",
    warning="#5f5f00",
    row="#e4e4e4",
    cursor_foreground="#ffffff",
    cursor="#005faf",
    blurred_foreground="#1c1c1c",
    blurred="#bcbcbc",
    banner_foreground="#ffffff",
    banner="#005f87",
    focus="#005faf",
    border="#767676",
)

_HIGH_CONTRAST = Palette(
    background="#000000",
    surface="#000000",
    panel="#121212",
    foreground="#ffffff",
    muted="#d0d0d0",
    add="#87ff87",
    remove="#ffafaf",
    warning="#ffff5f",
    row="#262626",
    cursor_foreground="#000000",
    cursor="#ffff00",
    blurred_foreground="#ffffff",
    blurred="#444444",
    banner_foreground="#ffffff",
    banner="#00005f",
    focus="#ffff00",
    border="#d0d0d0",
)


def _terminal_theme() -> Theme:
    """Make the theme of the terminal's two colours: what differs is bold, underlined or reversed.

    The sixteen ANSI colours are left alone: on many terminals some of them can not be read on the background
    that the owner chose, and no program can know which.
    """
    name = "ansi_default"
    palette = Palette(**dict.fromkeys(Palette.__struct_fields__, name))
    plain = _theme(TERMINAL, palette, dark=True)
    generated = Theme(name=TERMINAL, primary=name, ansi=True).to_color_system().generate()
    colors = {key: name for key, value in generated.items() if value.startswith(("ansi_", "#"))}
    plain.ansi = True
    plain.variables = {
        **colors,
        **plain.variables,
        # Textual expects an ANSI theme to name what its own inline borders are drawn with.
        "ansi-background": name,
        "ansi-foreground": name,
        "cell-staged-style": "bold",
        "cursor-style": "reverse",
        "cursor-blurred-style": "underline",
        "heading-style": "bold",
        "heading-cursor-style": "bold underline",
        "title-style": "reverse",
        "banner-style": "bold reverse",
        "block-cursor-text-style": "reverse",
        "block-cursor-blurred-text-style": "underline",
        "input-cursor-text-style": "reverse",
        "input-selection-text-style": "reverse",
        "button-focus-text-style": "bold reverse",
    }
    return plain


THEMES = (
    _theme(DARK, _DARK, dark=True),
    _theme(LIGHT, _LIGHT, dark=False),
    _theme(HIGH_CONTRAST, _HIGH_CONTRAST, dark=True),
    _terminal_theme(),
)


def register(app: App[Any]) -> None:
    """Make our themes known to the app, in the place of Textual's, whose contrasts nobody has measured."""
    for theme in THEMES:
        app.register_theme(theme)


def variable_defaults() -> dict[str, str]:
    """Give values for the variables that only our style sheets know: `App.get_theme_variable_defaults`.

    Without them a style sheet that uses one does not parse under a theme that is not ours, and Textual
    starts every app under its own before the app can choose.
    """
    return _own_variables(_DARK)


def choose(wanted: str, environment: Mapping[str, str]) -> str:
    """Give the name of the theme to start with: the one wanted, or the terminal's own.

    The terminal's own where NO_COLOR is set. Textual takes it as set when it is there at all, also when empty
    (https://no-color.org says otherwise), and then strips every colour; so the theme must be one that needs
    none. And where the terminal has sixteen colours or none: which sixteen is its owner's affair, and of
    those nearest to ours some are hard to read. High contrast stays apart on them too.
    """
    if "NO_COLOR" in environment or (wanted != HIGH_CONTRAST and has_few_colours(environment)):
        return TERMINAL
    return wanted


def has_few_colours(environment: Mapping[str, str]) -> bool:
    """Say whether a terminal gets sixteen colours at most, by what Textual and Rich go by."""
    system = environment.get("TEXTUAL_COLOR_SYSTEM", "auto")
    if system != "auto":
        return system in ("standard", "windows")
    if environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return False
    name = environment.get("TERM", "").strip().lower()
    # Where no terminal is named nothing is known, and a picture is drawn as it is meant.
    return name != "" and name.rpartition("-")[2] not in ("256color", "kitty")

"""The dialog in which a person chooses how the program looks: a profile, the colours, and single switches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import themes
from tui.actions import key_of
from tui.looks import PRESETS, PROFILE_NAMES, SWITCH_NAMES, switched
from tui.screens.dialogs import Choice, Option
from tui.text import N_, _
from tui.wishes import HERE, HERE_FOR_ALL, NOWHERE, STORED, choose

if TYPE_CHECKING:
    from tui.app import Behorig

THEME_NAMES = {
    themes.DARK: N_("Dark"),
    themes.LIGHT: N_("Light"),
    themes.HIGH_CONTRAST: N_("High contrast"),
    themes.TERMINAL: N_("The terminal's own colours"),
}

PROFILE_NOTES = {
    "standard": N_("Everything that a terminal can show."),
    "screen_reader": N_("A step changes no text, rows are in words, and {key} tells where you are."),
    "high_contrast": N_("Strong colours, and a sign before the row."),
    "magnifier": N_("What matters stands at the left, in words, one thing at a time."),
    "plain_colour": N_("The terminal's two colours, letters and ASCII alone, a sign before the row."),
}

KEPT = {
    STORED: N_("It is kept for the next time."),
    HERE: N_("It is kept on this computer only."),
    HERE_FOR_ALL: N_("It is kept on this computer only: the server is of an earlier version and keeps none."),
    NOWHERE: N_("It could not be kept for the next time."),
}


async def choose_display(app: Behorig) -> None:
    """Offer the profiles, the colours and the switches; what is chosen holds at once and is kept."""
    looks = app.looks
    options = [
        *(
            Option(
                f"profile {profile}",
                _("Profile: {name}", name=_(name)),
                _("now") if profile == looks.profile else "",
                told=_(PROFILE_NOTES[profile], key=key_of("app.describe")),
            )
            for profile, name in PROFILE_NAMES.items()
        ),
        *(
            Option(
                f"theme {theme}",
                _("Colours: {name}", name=_(name)),
                _("now") if theme == app.theme else "",
                why_not=_("NO_COLOR is set") if app.validate_theme(theme) != theme else "",
            )
            for theme, name in THEME_NAMES.items()
        ),
        *(
            Option(
                f"switch {switch}", _("{switch}: {state}", switch=_(name), state=_state(looks.is_on(switch)))
            )
            for switch, name in SWITCH_NAMES.items()
        ),
    ]
    chosen = await app.push_screen_wait(
        Choice(_("Display"), options, chosen=f"profile {looks.profile}", note_width=6)
    )
    if chosen is None:
        return
    kind, _blank, name = chosen.partition(" ")
    if kind == "theme":
        app.theme = name
        app.say(_("Colours: {name}. The setting “theme” keeps the choice.", name=_(THEME_NAMES[name])))
        return
    switch = name if kind == "switch" else ""
    wanted = switched(looks, name) if switch else PRESETS[name]
    kept = await choose(app, wanted, switch)
    origin = app.wishes.decided_by(wanted, switch)
    if switch:
        told = _("{switch}: {state}", switch=_(SWITCH_NAMES[name]), state=_state(wanted.is_on(name)))
    else:
        told = _("Profile: {name}", name=_(PROFILE_NAMES[name]))
    how_long = _("{origin} decides the next time.", origin=origin) if origin else _(KEPT[kept])
    app.say(f"{told}. {how_long}")


def _state(is_on: bool) -> str:
    return _("on") if is_on else _("off")

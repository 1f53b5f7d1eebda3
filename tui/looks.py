"""How the program looks to a person: a profile, which presets every switch, and what overrides it.

A flag goes before the environment, that before the configuration file, that before what the person has
chosen in the program, and that before the preset. Loaded before the first frame, so it imports nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from tui.text import N_, _, pgettext

if TYPE_CHECKING:
    from tui.settings import Settings

STANDARD = "standard"
SCREEN_READER = "screen_reader"
HIGH_CONTRAST = "high_contrast"
MAGNIFIER = "magnifier"
PLAIN_COLOUR = "plain_colour"

PROFILE_NAMES = {
    STANDARD: N_("Standard"),
    SCREEN_READER: N_("Screen reader or braille line"),
    HIGH_CONTRAST: N_("High contrast"),
    MAGNIFIER: N_("Magnifier"),
    PLAIN_COLOUR: N_("The terminal's own colours, plain signs"),
}
"""The profiles of :class:`core.preferences.Profile` in the order in which they are offered."""

SWITCH_NAMES = {
    "cursor": N_("The terminal's cursor"),
    "borders": N_("Borders"),
    "live_detail": N_("Lines that follow the cursor"),
    "row_marker": N_("A sign before the row"),
    "glyphs": N_("Signs beyond letters and ASCII"),
    "toasts": N_("What others do is told at once"),
    "letters": N_("Single letters as keys"),
}
"""The switches, by the names that the settings have for them."""

BENEATH = 3
"""Lines beneath the cursor's row, where what is told of it stands near."""

PLAIN, FULL = "plain", "full"


class Looks(msgspec.Struct, frozen=True):
    """How everything is drawn.

    ``cursor`` shows the terminal's own cursor; it stands on the focus either way. ``live_detail`` tells
    below a table about the row under the cursor. ``row_marker`` puts a sign before that row. ``glyphs`` is
    :data:`FULL` or :data:`PLAIN`. ``toasts`` tells at once what nobody asked for, such as what others
    write; without, it stands in the message log. ``origin`` is where the profile was named, ``chosen_on``
    the moment at which the person chose it (ISO 8601), both ``""`` where neither was.
    """

    profile: str = STANDARD
    cursor: bool = True
    borders: bool = True
    live_detail: bool = True
    row_marker: bool = False
    glyphs: str = FULL
    toasts: bool = True
    letters: bool = True
    origin: str = ""
    chosen_on: str = ""

    @property
    def in_words(self) -> bool:
        """Whether rows are told in words, name first and one thing at a time, instead of in columns."""
        return self.profile in (SCREEN_READER, MAGNIFIER)

    @property
    def near(self) -> bool:
        """Whether what follows the cursor is told beneath its row, and not below the table."""
        return self.profile == MAGNIFIER and self.live_detail

    @property
    def is_plain(self) -> bool:
        """Whether only letters and ASCII are drawn."""
        return self.glyphs == PLAIN

    def is_on(self, switch: str) -> bool:
        """Say whether a switch is on; for the signs: whether all of them are drawn."""
        return not self.is_plain if switch == "glyphs" else bool(getattr(self, switch))


PRESETS = {
    STANDARD: Looks(),
    # A row move must change attributes only, and nothing may be drawn that is read out as noise.
    SCREEN_READER: Looks(SCREEN_READER, borders=False, live_detail=False, glyphs=PLAIN, toasts=False),
    HIGH_CONTRAST: Looks(HIGH_CONTRAST, row_marker=True),
    # What is told below the table would be out of view: it is told beneath the row.
    MAGNIFIER: Looks(MAGNIFIER, borders=False, row_marker=True, toasts=False),
    PLAIN_COLOUR: Looks(PLAIN_COLOUR, row_marker=True, glyphs=PLAIN),
}

THEMES = {HIGH_CONTRAST: "contrast", PLAIN_COLOUR: "terminal"}
"""The theme of a profile where none is named, by its name in the settings; else it is the usual one."""


class Choice(msgspec.Struct, frozen=True):
    """What a person has chosen: a profile, and words for what was switched otherwise than it says.

    The words are those of :func:`core.preferences.words_of`. ``at`` is the moment (ISO 8601).
    """

    profile: str = ""
    switches: Mapping[str, str] | None = None
    at: str = ""


def resolve(settings: Settings | None, chosen: Choice | None) -> Looks:
    """Give how the program looks, from the settings and from what the person has chosen."""
    named = None if settings is None else settings.profile
    own = chosen if chosen is not None and chosen.profile in PRESETS else Choice()
    profile = named or own.profile or STANDARD
    values: dict[str, Any] = {}
    if own.profile == profile:
        # They were chosen to mend that profile, and say nothing of another one.
        values = {name: _value(name, word) for name, word in (own.switches or {}).items()}
    if settings is not None:
        values.update(settings.switches)
    known = {name for name in Looks.__struct_fields__ if name in SWITCH_NAMES}
    switches = {name: value for name, value in values.items() if name in known and value is not None}
    origin = settings.origin("profile") if settings is not None and named else ""
    return msgspec.structs.replace(
        PRESETS[profile], **switches, origin=origin, chosen_on="" if origin else own.at
    )


def _value(switch: str, word: str) -> bool | str | None:
    """Read a word of a switch; one that is not known is as the profile says."""
    if switch == "glyphs":
        return word if word in (FULL, PLAIN) else None
    return {"on": True, "off": False}.get(word)


def switched(looks: Looks, switch: str) -> Looks:
    """Give the same with one switch the other way round."""
    values: dict[str, Any] = {switch: not getattr(looks, switch)}
    if switch == "glyphs":
        values = {switch: FULL if looks.is_plain else PLAIN}
    return msgspec.structs.replace(looks, **values)


def words_of(looks: Looks) -> dict[str, str]:
    """Give what is otherwise than the profile says, as :class:`Choice` has it."""
    preset = PRESETS[looks.profile]
    return {
        name: looks.glyphs if name == "glyphs" else ("on" if getattr(looks, name) else "off")
        for name in SWITCH_NAMES
        if getattr(looks, name) != getattr(preset, name)
    }


def theme_of(looks: Looks, named: str | None) -> str | None:
    """Give the theme to start with by its name in the settings, ``None`` for the usual one."""
    return named or THEMES.get(looks.profile)


def mode_name(looks: Looks) -> str:
    """Give what it is called that rows are in words, ``""`` where they are not."""
    return _(MODE_NAMES[looks.profile]) if looks.in_words else ""


def why(looks: Looks, *, briefly: bool = False) -> str:
    """Say in words why the profile is on: where it was named, or on which day it was chosen.

    ``briefly`` says only which of the two, for lines of forty cells.
    """
    if briefly:
        if looks.origin:
            return pgettext("why a mode is on", "preset")
        return pgettext("why a mode is on", "chosen") if looks.chosen_on else ""
    if looks.origin:
        # A path would be longer than the line.
        origin = looks.origin if looks.origin.startswith(("--", "BEHORIG_")) else _("the configuration")
        return _("by {origin}", origin=origin)
    if looks.chosen_on:
        # Deferred: only who has chosen one needs a day in words.
        from tui.text.dates import day_of_moment

        return _("chosen {day}", day=day_of_moment(looks.chosen_on))
    return ""


MODE_NAMES = {SCREEN_READER: N_("Screen-reader mode"), MAGNIFIER: N_("Magnifier mode")}
"""What it is called that a profile is on in which rows are in words."""

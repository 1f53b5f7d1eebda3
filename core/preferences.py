"""How a person wants the program to look: a profile, and what was chosen otherwise than it says.

It tells of sight and hearing, so nobody but the person reads it: neither an administrator of the same
organisation nor support.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec


class Profile(StrEnum):
    """A way of working, which presets every switch."""

    STANDARD = "standard"
    SCREEN_READER = "screen_reader"
    HIGH_CONTRAST = "high_contrast"
    MAGNIFIER = "magnifier"
    PLAIN_COLOUR = "plain_colour"


class Glyphs(StrEnum):
    """The signs that things are drawn with: all that a terminal has, or letters and ASCII alone."""

    FULL = "full"
    PLAIN = "plain"


class Switches(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a person has switched, ``None`` for what is as the profile says."""

    cursor: bool | None = None
    borders: bool | None = None
    live_detail: bool | None = None
    row_marker: bool | None = None
    glyphs: Glyphs | None = None
    toasts: bool | None = None
    letters: bool | None = None


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody chose, and when: ``""`` while nothing was chosen.

    These are words and not the types above, so that a program reads what a later one has written:
    :func:`profile_of` and :func:`switches_of` leave out what they do not know.
    """

    profile: str = ""
    switches: dict[str, str] = {}
    at: str = ""


_ON = {True: "on", False: "off"}


def words_of(switches: Switches) -> dict[str, str]:
    """Give what was switched as words, by the switch: ``on`` and ``off``, or what was chosen."""
    given: dict[str, bool | Glyphs | None] = msgspec.structs.asdict(switches)
    return {
        name: _ON[value] if isinstance(value, bool) else value.value
        for name, value in given.items()
        if value is not None
    }


def switches_of(words: Mapping[str, str]) -> Switches:
    """Read what was switched; a switch or a word that is not known here is as the profile says."""
    known: dict[str, Any] = {}
    for name in Switches.__struct_fields__:
        word = words.get(name, "")
        if name == "glyphs":
            known[name] = next((each for each in Glyphs if each.value == word), None)
        else:
            known[name] = {"on": True, "off": False}.get(word)
    return Switches(**known)


def profile_of(word: str) -> Profile | None:
    """Read a profile, ``None`` where none was chosen or it is not known here."""
    return next((each for each in Profile if each.value == word), None)

"""Keys: what they are called, which can be had on a Swedish keyboard, and which an action has just now.

A key is named as Textual names it (``ctrl+f``, ``å``, ``slash``); :func:`read_key` understands how people
write it. Which keys are in force is one for the whole program, like its language: sentences far from any
screen name keys too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

import msgspec

from tui.text import N_, _

LETTERS = "abcdefghijklmnopqrstuvwxyzåäö"
DIGITS = "0123456789"
CONTROL = frozenset("efgklnoprtuwxy")
"""Letters that Ctrl can be held with: the others are taken by terminals, or are another key for them."""

SIGNS = {
    "/": "slash",
    "?": "question_mark",
    "+": "plus",
    "-": "minus",
    ",": "comma",
    ".": "full_stop",
    "'": "apostrophe",
    "<": "less_than_sign",
    ">": "greater_than_sign",
    "*": "asterisk",
    ":": "colon",
    ";": "semicolon",
    "_": "underscore",
    "!": "exclamation_mark",
    '"': "quotation_mark",
    "#": "number_sign",
    "%": "percent_sign",
    "&": "ampersand",
    "(": "left_parenthesis",
    ")": "right_parenthesis",
    "=": "equals_sign",
    "§": "section_sign",
}
"""Signs that a Swedish keyboard gives without AltGr and at the first press, with Textual's names for them."""

NAMES = {
    "enter": N_("Enter"),
    "space": N_("Space"),
    "delete": N_("Delete"),
    "escape": N_("Esc"),
    "tab": N_("Tab"),
    "up": N_("Up"),
    "down": N_("Down"),
    "left": N_("Left"),
    "right": N_("Right"),
    "pageup": N_("Page Up"),
    "pagedown": N_("Page Down"),
    **{name: sign for sign, name in SIGNS.items()},
}

ASSIGNABLE = (
    *LETTERS,
    *DIGITS,
    *SIGNS.values(),
    *(f"f{number}" for number in range(1, 10)),
    *(f"ctrl+{letter}" for letter in sorted(CONTROL)),
    "space",
    "delete",
    "escape",
    "enter",
)
"""Every key that an action can have."""

MOVING = frozenset(
    {"up", "down", "left", "right", "home", "end", "pageup", "pagedown", "tab", "shift+tab"}
)  # fmt: skip
"""Keys that move about, on every screen and in every field."""

IN_FIELDS = frozenset(
    {"space", "delete", "ctrl+e", "ctrl+k", "ctrl+u", "ctrl+w", "ctrl+x", "ctrl+y", "f6", "f7"}
)
"""Keys, beside characters, that some field to write in takes for itself."""

_OTHER_NAMES = {
    "esc": "escape",
    "del": "delete",
    "return": "enter",
    "retur": "enter",
    "mellanslag": "space",
    "blanksteg": "space",
    " ": "space",
    "control": "ctrl",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "uppil": "up",
    "nedpil": "down",
    "vänsterpil": "left",
    "högerpil": "right",
}
_NOT_AT_ONCE = frozenset("[]{}\\|~^@$€£`¨\N{ACUTE ACCENT}")
_TAKEN = {
    "ctrl+c": N_("it leaves the program at once"),
    "ctrl+h": N_("terminals send it as Backspace"),
    "ctrl+i": N_("terminals send it as Tab"),
    "ctrl+j": N_("terminals send it as Enter"),
    "ctrl+m": N_("terminals send it as Enter"),
    "ctrl+s": N_("it stops the output of many terminals"),
    "ctrl+q": N_("it stops or starts the output of many terminals"),
    "ctrl+z": N_("many terminals put the program to sleep by it"),
    "ctrl+a": N_("screen, and fields to write in, use it"),
    "ctrl+b": N_("tmux uses it"),
    "ctrl+d": N_("it ends the input of many terminals, and fields to write in use it"),
    "ctrl+v": N_("terminals and fields to write in paste by it"),
}


class UnusableKeyError(ValueError):
    """What was written is no key that an action can have; its text is the reason, as a part of a sentence.

    ``nearest_to`` is what was written where there simply is no such key, else ``""``.
    """

    def __init__(self, reason: str, nearest_to: str = "") -> None:
        """Carry the reason."""
        super().__init__(reason)
        self.nearest_to = nearest_to


def read_key(written: str) -> str:
    """Give Textual's name of the key that somebody wrote, such as ``Ctrl+F``, ``å`` or ``Mellanslag``.

    Raises:
        UnusableKeyError: there is no such key, or it cannot be relied on.
    """
    text = unicodedata.normalize("NFC", written)
    if len(text) == 1:
        return _character(text.lower())
    words = text.casefold().replace(" ", "").replace("-", "+").split("+")
    parts = [_OTHER_NAMES.get(word, word) for word in words]
    key = _OTHER_NAMES.get("+".join(parts), "+".join(parts))
    if key in ASSIGNABLE:
        return key
    if key in MOVING:
        raise UnusableKeyError(_("it moves about on the screen"))
    if "alt" in parts or "altgr" in parts or "meta" in parts:
        raise UnusableKeyError(_("many terminals keep Alt for themselves, and AltGr is a part of it"))
    if key in _TAKEN:
        raise UnusableKeyError(_(_TAKEN[key]))
    if "shift" in parts:
        raise UnusableKeyError(_("few terminals tell it from the key without Shift"))
    if key.startswith("ctrl+"):
        raise UnusableKeyError(_("terminals have no such key"))
    if key[:1] == "f" and key[1:].isdecimal():
        raise UnusableKeyError(_("many terminals and desktops keep it for themselves"))
    try:
        return _character(unicodedata.lookup(key.replace("_", " ")).lower())
    except KeyError:
        raise UnusableKeyError(_("there is no such key"), key) from None


def _character(character: str) -> str:
    """Give the key of one character."""
    key = SIGNS.get(character, _OTHER_NAMES.get(character, character))
    if key in ASSIGNABLE:
        return key
    if character in _NOT_AT_ONCE:
        raise UnusableKeyError(_("on a Swedish keyboard it takes AltGr, or two presses"))
    raise UnusableKeyError(_("not every Swedish keyboard has it"))


def is_character(key: str) -> bool:
    """Say whether a key is one that writes a letter, digit or sign, as WCAG 2.1.4 means it."""
    return len(key) == 1 or key in SIGNS.values()


def is_of_fields(key: str) -> bool:
    """Say whether a key does not come further than a field to write in that has the focus."""
    return is_character(key) or key in IN_FIELDS


def with_capital(key: str) -> tuple[str, ...]:
    """Give a key with its capital: the key line names letters in capitals, and Caps Lock may be on."""
    return (key, key.upper()) if len(key) == 1 and key.isalpha() else (key,)


def key_name(key: str) -> str:
    """Give a key's name as it stands on a keyboard: ``ctrl+f`` is ``Ctrl+F``."""
    named = NAMES.get(key)
    if named is not None:
        return _(named)
    return "+".join(
        part.upper() if len(part) == 1 or part[0] == "f" else part.capitalize() for part in key.split("+")
    )


# What is in force -----------------------------------------------------------------------------------------


class Keymap(msgspec.Struct, frozen=True):
    """Which keys are other than usual, by the ids of actions.

    Without ``letters`` no single character is a key.
    """

    remapped: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    letters: bool = True

    def keys(self, id: str, usual: tuple[str, ...]) -> tuple[str, ...]:
        """Give the keys of an action that usually has these."""
        keys = self.remapped.get(id, usual)
        return keys if self.letters else tuple(key for key in keys if not is_character(key))


_in_force = Keymap()


def use_keymap(keymap: Keymap) -> None:
    """Choose the keys of every action from now on."""
    global _in_force  # noqa: PLW0603 - one program has one set of keys; it is chosen at start
    _in_force = keymap


def keymap_in_force() -> Keymap:
    """Give the keys that were chosen."""
    return _in_force

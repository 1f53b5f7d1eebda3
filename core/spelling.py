"""Spell an HSA-id letter by letter, as it is said on the telephone in Sweden."""

from __future__ import annotations

from typing import Final

ALPHABET: Final = {
    word[0]: word
    for word in (
        *("Adam", "Bertil", "Cesar", "David", "Erik", "Filip", "Gustav", "Helge", "Ivar", "Johan"),
        *("Kalle", "Ludvig", "Martin", "Niklas", "Olof", "Petter", "Qvintus", "Rudolf", "Sigurd", "Tore"),
        *("Urban", "Viktor", "Wilhelm", "Xerxes", "Yngve", "Zäta", "Åke", "Ärlig", "Östen"),
    )
}
"""The Swedish telephone alphabet: each letter as the name that begins with it."""
DIGITS: Final = ("noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio")
_SIGNS: Final = {"-": "bindestreck", "@": "snabel-a", ".": "punkt", "_": "understreck"}


def spelled(text: str) -> tuple[tuple[str, str], ...]:
    """Give each character of a text with how it is said; one that has no name is said as it is."""
    return tuple((character, _said(character)) for character in text)


def _said(character: str) -> str:
    if character in "0123456789":
        return DIGITS[int(character)]
    return ALPHABET.get(character.upper()) or _SIGNS.get(character, character)

"""Whether two words are the same but for one typing error, and what a search that found nothing is near to.

One error is a letter that is another, is left out, is put in, or has changed places with the next. Words
are compared as :func:`core.text.search_key` makes them: without case, dots and accents.
"""

from __future__ import annotations

import re

from core.text import search_key

SHORTEST = 4
"""Words of fewer letters are near to too much to be of any help."""
LONGEST = 64
MOST_WORDS = 6

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"
_BEGINNING = re.compile(r"(?<![a-z0-9])[a-z0-9]")


def is_one_error_apart(one: str, other: str) -> bool:
    """Say whether two words differ by just one typing error."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    place = next((at for at, letter in enumerate(short) if letter != long[at]), len(short))
    if len(short) < len(long):
        return short[place:] == long[place + 1 :]
    rest = place + 1
    if short[rest:] == long[rest:]:
        return True
    swapped = short[place : place + 2] == long[place : place + 2][::-1]
    return swapped and short[place + 2 :] == long[place + 2 :]


def is_id(word: str) -> bool:
    """Say whether a word is like a whole HSA-id, which is compared whole and not as the beginning of one."""
    head, hyphen, _ = word.partition("-")
    return bool(hyphen) and sum(each.isdigit() for each in head) > len(head) // 2


def is_near(word: str, key: str) -> bool:
    """Say whether a word is one typing error from a word of a search key, or from how one begins."""
    if not SHORTEST <= len(word) <= LONGEST:
        return False
    if is_id(word):
        return any(is_one_error_apart(word, token) for token in key.split())
    size = len(word) + 1
    return any(
        _begins_nearly(word, key[start : start + size].partition("\n")[0])
        for start in (found.start() for found in _BEGINNING.finditer(key))
    )


def _begins_nearly(word: str, stretch: str) -> bool:
    """Say whether a stretch, of one letter more than the word, begins with what is one error away from it."""
    place = 0
    for one, other in zip(word, stretch, strict=False):
        if one != other:
            break
        place += 1
    # What is just as it was meant is no error. Else the error is where they part, and the rest agrees.
    rest, size = word[place:], len(word)
    if not rest:
        return False
    return (
        (len(stretch) >= size and stretch[place + 1 : size] == rest[1:])
        or stretch[place + 1 :] == rest
        or (len(stretch) >= size - 1 and stretch[place : size - 1] == rest[1:])
        or stretch[place:size] == rest[1:2] + rest[:1] + rest[2:]
    )


def errors_of(word: str) -> frozenset[str]:
    """Give every word that is one typing error from a word, for looking them up in an index."""
    parts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {before + letter + after for before, after in parts for letter in _LETTERS}
    found |= {before + after[1:] for before, after in parts if after}
    found |= {before + letter + after[1:] for before, after in parts if after for letter in _LETTERS}
    found |= {before + after[1] + after[0] + after[2:] for before, after in parts if len(after) > 1}
    return frozenset(found - {word})


def search_words(search: str) -> tuple[str, ...]:
    """Give the different words of a search, the longest first."""
    return tuple(sorted(set(search_key(search).split()), key=lambda word: (-len(word), word)))


def begins_a_word(word: str, name: str) -> bool:
    """Say whether a word is how a word of a name begins: ``sundsv`` of ``Sundsvalls kommun``.

    One letter alone says too little to name anything.
    """
    return len(word) > 1 and any(part.startswith(word) for part in search_key(name).replace("-", " ").split())


def is_guess(words: tuple[str, ...], key: str, organisation_name: str) -> bool:
    """Say whether all words are found but one, and that one but for a typing error.

    ``key`` is an account's search key; a word may also be how a word of the organisation's name begins.
    """
    missing = [word for word in words if word not in key and not begins_a_word(word, organisation_name)]
    if len(missing) != 1 or len(words) > MOST_WORDS:
        return False
    return is_near(missing[0], key) or is_near(missing[0], search_key(organisation_name))

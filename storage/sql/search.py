"""What the search index is made of: accounts by pieces of one, two and three letters.

SQLite's own ``trigram`` tokenizer cannot find words of one or two letters, and to find longer ones it
keeps the place of every piece. Here each piece is a word by itself, without places: short words are
found as fast as long ones in half the room, and what is found is verified against the ``search_key``
of the account. Pieces are unordered, so that the index never misses and may only give too much.

An account's number in the index, its ``search_id``, has the organisation's number in the upper half,
so that a search within an organisation reads that stretch of each list and nothing else.
"""

from __future__ import annotations

from typing import Final

from core.text import search_key

LONGEST_PIECE: Final = 3
ORGANISATION_SHIFT: Final = 32
"""How far an organisation's number is shifted up in a ``search_id``."""

MOST_WORDS: Final = 100
"""The most different words in one search."""
_MOST_PIECES: Final = 12
"""The most pieces of one word that are asked for; verifying makes up for the others."""

AND: Final = " AND "
"""Stands between the pieces of an expression; no piece has a blank."""

# FTS5 takes letters and digits as parts of a word and all else as what separates words. Any other
# character is moved to the private use area, which its tokenizer takes for letters as well. Two that
# meet there only make the index give too much. The tokenizer knows Unicode 6.1, hence the limit.
_SETTLED: Final = 0x250
_PRIVATE: Final = 0xE000
_PRIVATE_SIZE: Final = 0x1900


class _Letters(dict[int, str]):
    """Translates each character into one that is part of a word."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        settled = code < _SETTLED and character.isalnum()
        self[code] = answer = character if settled else chr(_PRIVATE + code % _PRIVATE_SIZE)
        return answer


_letters: Final = _Letters()


def pieces(key: str) -> str:
    """Give all pieces of a ``search_key``, separated by spaces: what the index is fed with."""
    letters = key.translate(_letters)
    found = set(letters)
    for size in range(2, LONGEST_PIECE + 1):
        # At the end they become shorter, and are pieces too.
        found.update([letters[place : place + size] for place in range(len(letters))])
    return " ".join(found)


def words_of(search: str) -> tuple[str, ...]:
    """Give the words that are looked for, each on its own; one that is part of another says nothing."""
    words = sorted(set(search_key(search).split()), key=lambda word: (-len(word), word))
    kept: list[str] = []
    for word in words:
        if not any(word in longer for longer in kept):
            kept.append(word)
        if len(kept) > MOST_WORDS:
            break
    return tuple(kept)


def expression(words: tuple[str, ...], most_pieces: int = _MOST_PIECES) -> str:
    """Give the FTS5 expression for accounts that may hold all the words, by so many pieces of each."""
    wanted: dict[str, None] = {}
    for word in words:
        letters = word.translate(_letters)
        last = len(letters) - LONGEST_PIECE
        if last <= 0:
            wanted[letters] = None
            continue
        step = max(1, -(-last // (most_pieces - 1)))
        for place in (*range(0, last, step), last):
            wanted[letters[place : place + LONGEST_PIECE]] = None
    return AND.join(f'"{piece}"' for piece in wanted)


def first_id(organisation_number: int) -> int:
    """Give the least ``search_id`` of an organisation; the next organisation's is above all of its."""
    return organisation_number << ORGANISATION_SHIFT

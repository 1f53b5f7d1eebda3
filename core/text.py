"""Text from outside: what is let in, how it is shown, sorted and searched.

Every storage keeps ``sort_key`` and ``search_key`` made here, so that all of them answer alike.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# More than two marks on one letter occur in no name that uses Latin letters; stacks of them
# ("zalgo") draw over the lines above and below.
MOST_MARKS = 2
_FIRST_MARK = "\u0300"
"""The least of all combining marks: a text of lesser characters is in form C and has none."""

# Letters and marks that draw nothing (Unicode's Default_Ignorable_Code_Point): with them a name could
# be invisible, and two that look the same could differ.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0").union(
    map(chr, range(0xFE00, 0xFE10)), map(chr, range(0xE0100, 0xE01F0))
)

NAME_SIGNS = frozenset(" -'’.·")
NOTE_SIGNS = frozenset(" .,:;!?/()-–_'’\"”%&+#@§*")

PROSE_SIGNS = NOTE_SIGNS | frozenset("“»«…—=")

# Letters that have no decomposition, sorted and searched as Swedish dictionaries do; those that these do
# not know, as passports write them (ICAO 9303), since that is what a Swede has before him.
_PLAIN = {
    "æ": "ä",
    "ø": "ö",
    "œ": "ö",
    "ð": "d",
    "đ": "d",
    "þ": "th",
    "ß": "ss",
    "ł": "l",
    "ŀ": "l",
    "ı": "i",
    "ħ": "h",
    "ŋ": "n",
    "ŧ": "t",
    "ĸ": "q",
    "ə": "e",
    "ĳ": "ij",
}
# The three letters after z, as the three ASCII characters after z: byte order is Swedish order.
_SORTED = {"å": "{", "ä": "|", "ö": "}", "ü": "y", "-": " "}
_SEARCHED = {"å": "a", "ä": "a", "ö": "o", "ü": "u"}


def trimmed(text: str) -> str:
    """Give ``text`` in Unicode form C, without outer spaces and with single spaces inside.

    Only the space itself is folded: a tab or a line feed is left for :func:`fault` to refuse.
    """
    folded = " ".join(part for part in text.split(" ") if part)
    return unicodedata.normalize("NFC", folded)


def _is_hostile(character: str) -> bool:
    """Say whether a character may steer a terminal or the direction of text, or cannot be seen.

    That is C0, C1, bidi and format controls, marks that enclose what is beside them, invisible
    letters, and code points that are no character.
    """
    category = unicodedata.category(character)
    return category in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Me"} or character in _INVISIBLE


def fault(text: str, *, longest: int, signs: frozenset[str], digits: bool) -> tuple[str, str] | None:
    """Tell what is wrong with a text from outside, or ``None``.

    Letters, their combining marks and ``signs`` are let in, and digits if asked. The answer is a
    reason code and the character shown harmless: ``("too_long", "")``, ``("control", "U+001B")``,
    ``("lone_mark", "U+0301")``, ``("sign", "[")``, and ``("sign", "U+00A0")`` for what draws nothing.
    """
    if len(text) > longest:
        return "too_long", ""
    marks = MOST_MARKS  # a mark may not come first
    for character in text:
        if _is_hostile(character):
            return "control", f"U+{ord(character):04X}"
        category = unicodedata.category(character)
        if category.startswith("M"):
            marks += 1
            if marks > MOST_MARKS:
                return "lone_mark", f"U+{ord(character):04X}"
            continue
        if category.startswith("L"):
            marks = 0
            continue
        marks = MOST_MARKS
        if character in signs or (digits and character in "0123456789"):
            continue
        return "sign", character if character.isprintable() else f"U+{ord(character):04X}"
    return None


def composed(text: str) -> str:
    """Give ``text`` in Unicode form C, its blanks and lines as they are."""
    return unicodedata.normalize("NFC", text)


def prose_fault(text: str) -> tuple[str, str] | None:
    """Tell what is wrong with a text of several lines from outside, or ``None``, as :func:`fault` does.

    Line feeds, tabs and all signs that can be seen are let in, however long it is.
    """
    marks = MOST_MARKS
    for character in text:
        if character in "\n\t":
            marks = MOST_MARKS
            continue
        if _is_hostile(character) or (unicodedata.category(character) == "Zs" and character != " "):
            return "control", f"U+{ord(character):04X}"
        if unicodedata.category(character).startswith("M"):
            marks += 1
            if marks > MOST_MARKS:
                return "lone_mark", f"U+{ord(character):04X}"
        else:
            marks = 0 if character.isalpha() else MOST_MARKS
    return None


def shown_lines(text: str, longest: int) -> str:
    """Give a text of several lines harmless, as :func:`shown` does each of them.

    Tabs become blanks. A text that is longer than ``longest`` is cut and ends with ``…``.
    """
    cut = text[:longest].replace("\t", "    ")
    lines = [shown(line, len(line)) for line in cut.split("\n")]
    return "\n".join(lines) + ("…" if len(text) > longest else "")


def is_plain(text: str, longest: int = 400) -> bool:
    """Say at a glance that :func:`shown` would give the very text; ``False`` says nothing.

    It holds for texts put together as well, so that a whole row can be judged at once.
    """
    return len(text) <= longest and text.isprintable() and (_is_latin(text) or max(text) < _FIRST_MARK)


def _is_latin(text: str) -> bool:
    # Swedish names are; encoding them is a copy, many times as fast as looking at each character.
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def shown(text: str, longest: int = 400) -> str:
    """Give ``text`` harmless: control, bidi, format and invisible characters and lone marks become ``�``.

    For values that are in the file already, whoever put them there. Longer texts are cut with ``…``.
    """
    if is_plain(text, longest):
        return text
    cut = len(text) > longest
    result: list[str] = []
    marks = MOST_MARKS
    for character in unicodedata.normalize("NFC", text[:longest]):
        if _is_hostile(character):
            result.append(REPLACEMENT)
            marks = MOST_MARKS
        elif unicodedata.category(character).startswith("M"):
            marks += 1
            result.append(character if marks <= MOST_MARKS else REPLACEMENT)
        else:
            result.append(character)
            marks = 0 if character.isalpha() else MOST_MARKS
    return "".join(result) + ("…" if cut else "")


def _under_mark(character: str) -> str:
    """Give the letter under the last mark of a letter, or ``""`` where it has none."""
    first, _, mark = unicodedata.decomposition(character).partition(" ")
    if not mark or first.startswith("<") or not unicodedata.combining(chr(int(mark, 16))):
        return ""
    return chr(int(first, 16))


class _Folding(dict[int, str]):
    """How each character is folded, worked out the first time that it is met.

    Marks fall away and foreign letters become their neighbours; å, ä, ö and ü, and what else is
    ``kept``, become what sorting or search wants. A table, because every write makes keys of texts.
    """

    def __init__(self, kept: Mapping[str, str]) -> None:
        super().__init__()
        self._kept = kept

    def __missing__(self, code: int) -> str:
        character = chr(code)
        # One mark at a time: ǿ is an ø, and so an ö, before it is anything else.
        while character not in _PLAIN and character not in "åäöü" and (under := _under_mark(character)):
            character = under
        plain = _PLAIN.get(character, character)
        if plain not in "åäöü":
            base = unicodedata.normalize("NFD", plain)
            plain = "".join(part for part in base if not unicodedata.combining(part))
        folded = self[code] = "".join(self._kept.get(part, part) for part in plain)
        return folded


_sorting = _Folding(_SORTED)
_searching = _Folding(_SEARCHED)


def _caseless(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold())


def sort_key(*texts: str) -> str:
    """Give a key whose byte order is Swedish order (… z å ä ö; é as e, ü as y) for texts in turn.

    The folded text stands first and the text itself after it, so that equal keys mean equal texts
    but for case, and ``Lindén`` comes right after ``Linden``.
    """
    caseless = [_caseless(text) for text in texts]
    first = "\x02".join(text.translate(_sorting) for text in caseless)
    second = "\x02".join(caseless)
    return f"{first}\x01{second}"


def search_key(*texts: str) -> str:
    """Give the texts folded for search: without case, dots and accents, joined by a line feed.

    The line feed keeps a search from matching across two texts.
    """
    return "\n".join(_caseless(text).translate(_searching) for text in texts)

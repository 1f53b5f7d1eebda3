"""Bring the tables of the manual and of the answers up to date: ``python -m tests.manual``.

Between ``<!-- keys: users -->`` and ``<!-- end -->`` in a manual stand the actions of a place of
``tui.actions``, between ``<!-- signs: users -->`` and the same end the signs of a screen, and after
``<!-- do: users.register -->`` the actions named: what does what the text is about. Everything else is
written by hand.
"""

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from tui.actions import ACTIONS, DIALOG_ACTIONS, MOVES, key_names
from tui.screens.help import SIGNS
from tui.text import _, speaking

DOCS = Path(__file__).parent.parent / "docs"
MANUAL, QUESTIONS = DOCS / "manual.md", DOCS / "questions.md"
DOCUMENTS = {
    "sv": (MANUAL, QUESTIONS),
    "en": (DOCS / "manual.en.md", DOCS / "questions.en.md"),
}
"""The manual and the answers in each language."""

_TABLE = re.compile(r"<!-- (keys|signs|do): ([a-z_. ]+) -->\n.*?<!-- end -->", re.DOTALL)


EVERY_ACTION = (*ACTIONS, *DIALOG_ACTIONS, *MOVES)


def keys(place: str) -> Iterable[tuple[str, str, str, str]]:
    """Give keys, title, help and id of each action of a place; what has no key is found in the palette."""
    palette = next(action for action in ACTIONS if action.id == "app.palette")
    return [
        (key_names(action) or key_names(palette), _(action.title), _(action.help), f"`{action.id}`")
        for action in EVERY_ACTION
        if action.place == place
    ]


def signs(screen: str) -> Iterable[tuple[str, str]]:
    """Give each sign of a screen with what it says."""
    return [(f"`{sign}`", _(words)) for sign, words in SIGNS[screen]]


def named(ids: str) -> Iterable[tuple[str, str, str]]:
    """Give keys, title and help of the actions with these ids."""
    palette = next(action for action in ACTIONS if action.id == "app.palette")
    known = {action.id: action for action in ACTIONS}
    return [
        (key_names(known[each]) or key_names(palette), _(known[each].title), _(known[each].help))
        for each in ids.split()
    ]


_ROWS: dict[str, Callable[[str], Iterable[tuple[str, ...]]]] = {"keys": keys, "signs": signs, "do": named}
_KEYS = {"sv": ("Tangent", "Kommando", "Gör"), "en": ("Key", "Command", "Does")}
_IDS = {"sv": "Namn i `[keys]`", "en": "Name in `[keys]`"}
_SIGNS = {"sv": ("Tecken", "Betyder"), "en": ("Sign", "Says")}


def places_told(manual: str) -> set[str]:
    """Give the places whose keys the manual has a table of."""
    return {place for kind, place in _TABLE.findall(manual) if kind == "keys"}


def current(manual: str, language: str = "sv") -> str:
    """Give the text of the manual of a language with its tables as the program has them now."""
    with speaking(language):
        return _TABLE.sub(lambda found: _table(found[1], found[2], language), manual)


def _table(kind: str, name: str, language: str) -> str:
    headings: tuple[str, ...] = (_SIGNS if kind == "signs" else _KEYS)[language]
    headings += (_IDS[language],) if kind == "keys" else ()
    lines = [_line(headings), _line("---" for _heading in headings)]
    lines += [_line(row) for row in _ROWS[kind](name)]
    return "\n".join([f"<!-- {kind}: {name} -->", *lines, "<!-- end -->"])


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> int:
    """Write all anew."""
    for language, paths in DOCUMENTS.items():
        for path in paths:
            path.write_text(current(path.read_text(encoding="utf-8"), language), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

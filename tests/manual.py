"""Bring the tables of the manual up to date with the program: ``python -m tests.manual``.

Between ``<!-- keys: users -->`` and ``<!-- end -->`` in docs/manual.md stand the actions of a place of
``tui.actions``, between ``<!-- signs: users -->`` and the same end the signs of a screen. Everything
else is written by hand.
"""

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from tui.actions import ACTIONS, key_names
from tui.screens.help import SIGNS
from tui.text import _

MANUAL = Path(__file__).parent.parent / "docs" / "manual.md"

_TABLE = re.compile(r"<!-- (keys|signs): ([a-z]+) -->\n.*?<!-- end -->", re.DOTALL)


def keys(place: str) -> Iterable[tuple[str, str, str]]:
    """Give keys, title and help of each action of a place; what has no key is found in the palette."""
    palette = next(action for action in ACTIONS if action.id == "app.palette")
    return [
        (key_names(action) or key_names(palette), _(action.title), _(action.help))
        for action in ACTIONS
        if action.place == place
    ]


def signs(screen: str) -> Iterable[tuple[str, str]]:
    """Give each sign of a screen with what it says."""
    return [(f"`{sign}`", _(words)) for sign, words in SIGNS[screen]]


_ROWS: dict[str, Callable[[str], Iterable[tuple[str, ...]]]] = {"keys": keys, "signs": signs}
_HEADINGS = {"keys": ("Tangent", "Kommando", "Gör"), "signs": ("Tecken", "Betyder")}


def places_told(manual: str) -> set[str]:
    """Give the places whose keys the manual has a table of."""
    return {place for kind, place in _TABLE.findall(manual) if kind == "keys"}


def current(manual: str) -> str:
    """Give the text of the manual with its tables as the program has them now."""
    return _TABLE.sub(lambda found: _table(found[1], found[2]), manual)


def _table(kind: str, name: str) -> str:
    lines = [_line(_HEADINGS[kind]), _line("---" for _heading in _HEADINGS[kind])]
    lines += [_line(row) for row in _ROWS[kind](name)]
    return "\n".join([f"<!-- {kind}: {name} -->", *lines, "<!-- end -->"])


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> int:
    """Write the manual anew."""
    MANUAL.write_text(current(MANUAL.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

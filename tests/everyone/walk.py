"""Going to a screen and out of it again, and what can be told of the focus by looking at the cells alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.everyone.screens import Way
    from tests.terminal import Terminal

PAUSE = 0.15
"""Seconds at rest after which what a key opens is there, with what is read for it."""
PATIENCE = 1.0
"""Seconds given to what looked wrong, before it is called wrong."""
ESCAPE = 0.2
"""Seconds after which Esc is known to be that key, and not the beginning of another one's sequence."""
MARKS = 4
"""So many cells of a row at most stand before its name: a sign of its state, and blanks."""
ROOM = re.compile(r">\d ")
EMPTY = ("Ingen motsvarar", "Inget heter så.", "Skriv en del av namnet", "Inga meddelanden")
"""What stands where a list would be: the cursor is on the sentence that says why there is none."""


def go(terminal: Terminal, way: Way) -> None:
    """Go to a screen from a room."""
    for key in way.keys:
        if key == ".":
            terminal.rest(PAUSE)
        else:
            terminal.send(key)
    terminal.wait_for(way.seen, timeout=20)
    terminal.rest(PAUSE)


def in_a_room(terminal: Terminal) -> bool:
    """Say whether a room is in front: no dialog, and nothing over the line of rooms, the second or third."""
    lines = terminal.screen()
    return (
        lines[0].startswith((" behorig", " Skärmläsarläge"))
        and any(map(ROOM.search, lines[1:3]))
        and "FÖRR" not in terminal.text()
    )


def leave(terminal: Terminal, way: Way, typed: bool) -> bool:
    """Leave for a room by Esc alone, and the answer to what Esc asks; say whether that was possible."""
    for key in way.leave:
        terminal.send(key)
        terminal.rest(ESCAPE)
    for _attempt in range(8):
        if in_a_room(terminal):
            break
        if "[ Lämna ]" in terminal.text():
            terminal.send("right", "enter")
        else:
            terminal.send("escape")
        terminal.rest(ESCAPE)
    found = in_a_room(terminal)
    if found and typed:
        # What is typed in the search box is text: the list below it has the commands.
        terminal.send("escape")
        terminal.rest(ESCAPE)
        terminal.send("down")
        terminal.rest(PAUSE)
    return found


def runs(terminal: Terminal, y: int) -> Iterator[tuple[int, int, str]]:
    """Give the stretches of a line that are in reverse or underlined: first cell, last cell, and which."""
    width = len(terminal.display()[y])
    kinds = [_kind(terminal, x, y) for x in range(width)]
    begin = 0
    for x in range(1, width + 1):
        if x == width or bool(kinds[x]) != bool(kinds[begin]):
            if kinds[begin]:
                yield begin, x - 1, "reverse" if "reverse" in kinds[begin:x] else "underlined"
            begin = x


def _kind(terminal: Terminal, x: int, y: int) -> str:
    cell = terminal.attributes(x, y)
    return "reverse" if cell.reverse else "underlined" if cell.underscore else ""


def astray(terminal: Terminal) -> str:
    """Say what is wrong with the place of the hardware cursor, ``""`` when it stands on the focus.

    Without colours the focus is the one stretch in reverse, apart from the title at the top; in a field the
    cell of the cursor is in reverse and the rest underlined. The cursor belongs on its first cell that says
    what it is: only blanks and a sign of state may stand before it.
    """
    if terminal.cursor_hidden:
        return "the cursor is hidden"
    x, y = terminal.cursor()
    line = terminal.display()[y]
    if line[x:].startswith(EMPTY):
        return ""
    here = next((run for run in runs(terminal, y) if run[0] <= x <= run[1]), None)
    if here is None:
        return f"nothing has the focus at {x, y}: {line!r}"
    begin, end, kind = here
    if kind == "underlined":
        return f"the cursor is on what is only underlined: {line!r}"
    in_field = any(not terminal.attributes(each, y).reverse for each in range(begin, end + 1))
    before = line[begin:x].strip()
    if not in_field and before and (x - begin > MARKS or len(before) > 2):
        return f"the cursor is at {x}, the focus begins at {begin}: {line!r}"
    return ""

"""Every screen of every role in a real terminal, at three sizes: cursor, Tab, arrows, bytes and silence."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

import tui.screens
from storage.open import open_storage
from storage.sql.storage import SqlStorage
from tests.everyone.screens import ROLES, Way
from tests.everyone.walk import PATIENCE, PAUSE, astray, go, leave
from tests.http.process import Country, running, token_of
from tests.main_job.desk import folders, program
from tests.screens.announced import published
from tests.screens.callers import SIV, with_support
from tests.screens.house import BO, EVA, OWNER, PRESCHOOL_CLASS, grants
from tests.terminal import ScreenTimeoutError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.screens.house import House
    from tests.terminal import Terminal

WHO = {"administrator": EVA, "support": SIV, "user": f"{OWNER}-1101"}
STARTED = {"administrator": "40 användare", "support": ">1 Sök<", "user": "Asylsökande"}
"""What the first room shows once it is there."""
SIZES = ((80, 24), (120, 40), (40, 12))
STEP, PAGE = 1_000, 12_000
"""Bytes at 120×40 (docs/architecture.md)."""
STEPS = ("down", "down", "up", "right", "left")
PAGES = ("pgdn", "pgup", "end", "home")
FLOW = 8
"""Screens that one program is taken through. All programs are walked through at the same time: while one is
left alone, others are typed at."""
BASES = {"Room", "ListRoom", "PeopleRoom", "Dialog", "Form"}
"""What screens are made from, and nobody sees by itself."""
SILENCE = 10
"""Seconds."""
LONGEST = 20.0
"""Seconds that a frame may take on a busy machine."""
BUTTON = re.compile(r"\[ ([^\]]+) \]")


def started(house: House, folder: Path, role: str, columns: int, rows: int, **more: str) -> Terminal:
    """Start the program without colours, so that the focus is told by reverse."""
    folder.mkdir()
    given = {"BEHORIG_STORAGE": str(house.path), "BEHORIG_AS": WHO[role], "NO_COLOR": "1", **more}
    return program(environment=folders(folder, **given), columns=columns, rows=rows)


async def inhabited(house: House) -> None:
    """Let there be somebody in support, and something current."""
    await with_support(house)
    await published(house)


def begin(terminal: Terminal, role: str) -> None:
    """Wait for the first room, and stand in its list."""
    terminal.wait_until(lambda: STARTED[role] in "\n".join(terminal.display()), "the first room", 90)
    terminal.rest(PAUSE)
    if role == "support":
        terminal.send("down")  # out of the search box, in which digits are text


class Flow:
    """One program of a role at a size, going through some of the role's screens."""

    def __init__(self, terminal: Terminal, role: str, ways: Sequence[Way], columns: int, rows: int) -> None:
        self.terminal = terminal
        self.role = role
        self.ways = ways
        self.wide = columns >= 120
        self.low = rows < 24
        self.faults: list[str] = []
        self.name = f"{role} {columns}x{rows}"

    def walk(self) -> list[str]:
        """Go through the screens, and give what was wrong."""
        terminal = self.terminal
        begin(terminal, self.role)
        for way in self.ways:
            try:
                go(terminal, way)
            except ScreenTimeoutError as error:
                self.faults.append(f"{self.name}, {way.name}: {error}")
            else:
                self.at(way)
            if not leave(terminal, way, typed=self.role == "support"):
                self.faults.append(f"{self.name}, {way.name}: Esc does not lead out of it\n{terminal.text()}")
                break
        return self.faults

    def at(self, way: Way) -> None:
        """Try the keys of one screen, after a while in which nobody types."""
        self.look(way, "arriving")
        self.idle(way)
        self.tab_round(way)
        for key in (*STEPS, *PAGES):
            self.press(way, key)

    def press(self, way: Way, key: str) -> None:
        """Press a key, look at the cursor, and count what it cost."""
        mark = self.terminal.mark()
        self.terminal.send(key)
        self.terminal.rest()
        self.look(way, key)
        cost = len(self.terminal.bytes_since(mark))
        most = PAGE if key in PAGES else STEP
        if self.wide and cost > most:
            self.faults.append(f"{self.name}, {way.name}: {key} costs {cost} bytes")

    def look(self, way: Way, key: str) -> None:
        """See that the cursor is on the focus."""
        deadline = time.monotonic() + LONGEST
        while (wrong := astray(self.terminal)) and time.monotonic() < deadline:
            # On a busy machine a frame may come in two parts; a cursor that is astray stays so.
            self.terminal.quiet(PATIENCE)
        if wrong:
            self.faults.append(f"{self.name}, {way.name}, after {key}: {wrong}")

    def idle(self, way: Way) -> None:
        """See that nothing is written while nobody types."""
        mark = self.terminal.mark()
        self.terminal.pause(SILENCE)
        if written := self.terminal.bytes_since(mark):
            self.faults.append(f"{self.name}, {way.name}: {written!r} was written while nobody typed")

    def tab_round(self, way: Way) -> None:
        """Go round with Tab and back with Shift+Tab, past every button that is seen."""
        terminal = self.terminal
        first = self.here()
        stops, seen = [first], set(BUTTON.findall(terminal.text()))
        for _stop in range(way.stops + 2):
            self.press(way, "tab")
            if self.here() == first and len(stops) >= way.stops:
                break
            stops.append(self.here())
            seen.update(BUTTON.findall(terminal.text()))
        if len(stops) != way.stops:
            self.faults.append(f"{self.name}, {way.name}: Tab stops at {stops}")
        missed = sorted(each for each in seen if not any(each in line[x:] for x, line in stops))
        if missed:
            self.faults.append(f"{self.name}, {way.name}: Tab passes by {missed}, it stops at {stops}")
        for _stop in range(len(stops)):
            self.press(way, "shift+tab")
        if self.here() != first:
            self.faults.append(f"{self.name}, {way.name}: Shift+Tab leads to {self.here()}, not to {first}")

    def here(self) -> tuple[int, str]:
        """Give the cell of the cursor and its line, which stay where a dialog scrolls."""
        x, y = self.terminal.cursor()
        return x, self.terminal.display()[y]


class Still(Flow):
    """A flow in screen-reader mode: what stands on the screen may change only by a command.

    In a low window a list of a few lines has to scroll: its lines move up or down then, nothing else does.
    """

    def at(self, way: Way) -> None:
        """Go to the top and down a little: no text changes, only where the cursor is."""
        self.look(way, "arriving")
        if way.is_room:
            self.idle(way)
        self.press(way, "home")
        for key in ("down", "down", "up"):
            before, (_x, y) = self.terminal.display(), self.terminal.cursor()
            self.press(way, key)
            after = self.terminal.display()
            changed = [f"{old!r} -> {new!r}" for old, new in zip(before, after, strict=True) if old != new]
            if changed and not (self.low and scrolled(before, after, y, key)):
                self.faults.append(f"{self.name}, {way.name}: {key} changes the text:\n" + "\n".join(changed))


def scrolled(before: Sequence[str], after: Sequence[str], y: int, key: str) -> bool:
    """Say whether a list was scrolled, and nothing else, as the cursor went on from its last line in view.

    ``y`` is the line of the cursor before the key, which is "down" or "up". In a list with a single line in
    view that line is another after each step.
    """
    differ = [place for place, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    first, last = differ[0], differ[-1]
    was, now = before[first : last + 1], after[first : last + 1]
    if key == "up":
        was, now = now, was
    by_some = any(was[count:] == now[:-count] for count in range(1, len(was)))
    return y == (last if key == "down" else first) and (by_some or first == last)


def test_on_every_screen_the_cursor_is_on_the_focus_and_tab_goes_round(house: House) -> None:
    asyncio.run(inhabited(house))
    assert not walked(house, Flow, SIZES)


def test_in_screen_reader_mode_a_row_move_changes_no_text_on_any_screen(house: House) -> None:
    asyncio.run(inhabited(house))
    assert not walked(house, Still, SIZES, BEHORIG_PROFILE="screen_reader")


def walked(house: House, kind: type[Flow], sizes: Sequence[tuple[int, int]], **more: str) -> str:
    """Walk through every screen of every role in each size at the same time, and give what was wrong."""
    with ExitStack() as stack:
        flows = []
        for role, ways in ROLES.items():
            for columns, rows in sizes:
                for first in range(0, len(ways), FLOW):
                    folder = house.folder / f"{role}-{columns}-{first}"
                    terminal = stack.enter_context(started(house, folder, role, columns, rows, **more))
                    flows.append(kind(terminal, role, ways[first : first + FLOW], columns, rows))
        with ThreadPoolExecutor(len(flows)) as threads:
            found = list(threads.map(Flow.walk, flows))
    return "\n".join(fault for each in found for fault in each)


def test_in_every_room_nothing_is_written_while_a_line_to_a_server_stands_open(house: House) -> None:
    asyncio.run(inhabited(house))
    tokens = asyncio.run(tokens_of_all(house))
    rooms = [
        (role, way)
        for role, ways in ROLES.items()
        for way in ways
        if way.is_room or (role, way.name) == ("support", "search")
    ]
    with running(Country(house.path, {}), house.folder) as server, ExitStack() as stack:
        terminals: dict[str, Terminal] = {}
        for number, (role, way) in enumerate(rooms):
            columns, rows = SIZES[number % len(SIZES)]
            # A person has four lines at most, and there are five rooms.
            token = tokens["colleague" if way.name == "history" and role == "administrator" else role]
            given = {"BEHORIG_STORAGE": server.url, "BEHORIG_AS": "", "BEHORIG_TOKEN": token}
            name = f"{role}, {way.name}"
            terminals[name] = stack.enter_context(
                started(house, house.folder / name, role, columns, rows, **given)
            )
        for (role, way), terminal in zip(rooms, terminals.values(), strict=True):
            begin(terminal, role)
            go(terminal, way)
        marks = {name: terminal.mark() for name, terminal in terminals.items()}
        next(iter(terminals.values())).pause(SILENCE)
        written = {name: terminal.bytes_since(marks[name]) for name, terminal in terminals.items()}
        assert written == dict.fromkeys(terminals, b"")
        # The lines did stand open: what somebody else writes comes by them.
        asyncio.run(house.written_by(BO, *grants("kaisa", PRESCHOOL_CLASS)))
        for name, terminal in terminals.items():
            if name.startswith("administrator"):
                terminal.wait_for("Kaisa Hannu", timeout=30)


async def tokens_of_all(house: House) -> dict[str, str]:
    """Make a token for one person in each role, and for a second administrator."""
    storage = await open_storage(str(house.path))
    assert isinstance(storage, SqlStorage)
    try:
        return {role: await token_of(storage, hsa_id) for role, hsa_id in (*WHO.items(), ("colleague", BO))}
    finally:
        await storage.close()


def test_every_screen_of_the_program_has_a_way_here() -> None:
    for module in pkgutil.iter_modules(tui.screens.__path__):
        importlib.import_module(f"tui.screens.{module.name}")
    drawn = {each.draws for ways in ROLES.values() for each in ways}
    assert _screens(Screen) - BASES == drawn


def _screens(base: type[Screen[Any]]) -> set[str]:
    """Give the names of the screens of the program that are made from one."""
    found = {each for each in base.__subclasses__() if each.__module__.startswith("tui.")}
    return {each.__name__ for each in found}.union(*(_screens(each) for each in base.__subclasses__()))

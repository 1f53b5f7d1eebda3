"""Every screen of every role in a real terminal, at three sizes: the cursor, Tab and arrows, and bytes."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

from tests.everyone.screens import ROLES, Way
from tests.everyone.walk import PATIENCE, SETTLED, astray, go, leave, settle
from tests.main_job.desk import folders, program
from tests.screens.announced import published
from tests.screens.callers import SIV, with_support
from tests.screens.house import EVA, OWNER
from tests.terminal import ScreenTimeoutError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.screens.house import House
    from tests.terminal import Terminal

WHO = {"administrator": EVA, "support": SIV, "user": f"{OWNER}-1101"}
STARTED = {"administrator": "40 användare", "support": "Migrationsverket", "user": "Administratörer: "}
"""What the first room shows once it is there."""
SIZES = ((80, 24), (120, 40), (40, 12))
STEP, PAGE = 1_000, 12_000
"""Bytes at 120×40 (docs/architecture.md)."""
STEPS = ("down", "down", "up", "right", "left")
PAGES = ("pgdn", "pgup", "end", "home")
SILENCE = 10
"""Seconds."""
BUTTON = re.compile(r"\[ ([^\]]+) \]")


def started(house: House, folder: Path, role: str, columns: int, rows: int, **more: str) -> Terminal:
    """Start the program without colours, so that the focus is told by reverse."""
    folder.mkdir()
    environment = folders(folder, BEHORIG_STORAGE=str(house.path), BEHORIG_AS=WHO[role], NO_COLOR="1", **more)
    return program(environment=environment, columns=columns, rows=rows)


async def inhabited(house: House) -> None:
    """Let there be somebody in support, and something current."""
    await with_support(house)
    await published(house)


class Flow:
    """One program of a role at a size, going through every screen of the role."""

    def __init__(self, terminal: Terminal, role: str, columns: int, rows: int) -> None:
        self.terminal = terminal
        self.role = role
        self.wide = columns >= 120
        self.faults: list[str] = []
        self.name = f"{role} {columns}x{rows}"

    def walk(self) -> list[str]:
        """Go through every screen, and give what was wrong."""
        terminal = self.terminal
        terminal.wait_until(lambda: STARTED[self.role] in "\n".join(terminal.display()), "the first room", 40)
        terminal.quiet(PATIENCE)
        if self.role == "support":
            terminal.send("down")  # out of the search box, in which digits are text
        for way in ROLES[self.role]:
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
        """Try the keys of one screen."""
        self.look(way, "arriving")
        self.tab_round(way)
        for key in (*STEPS, *PAGES):
            self.press(way, key)

    def press(self, way: Way, key: str) -> None:
        """Press a key, look at the cursor, and count what it cost."""
        mark = self.terminal.mark()
        self.terminal.send(key)
        settle(self.terminal, mark)
        self.look(way, key)
        cost = len(self.terminal.bytes_since(mark))
        most = PAGE if key in PAGES else STEP
        if self.wide and cost > most:
            self.faults.append(f"{self.name}, {way.name}: {key} costs {cost} bytes")

    def look(self, way: Way, key: str) -> None:
        """See that the cursor is on the focus."""
        if astray(self.terminal):
            self.terminal.quiet(PATIENCE)
        wrong = astray(self.terminal)
        if wrong:
            self.faults.append(f"{self.name}, {way.name}, after {key}: {wrong}")

    def tab_round(self, way: Way) -> None:
        """Go round with Tab and back with Shift+Tab, past every button that is seen."""
        terminal = self.terminal
        first = terminal.cursor()
        stops, texts, seen = [first], [self.here()], set(BUTTON.findall(terminal.text()))
        for _stop in range(way.stops + 2):
            self.press(way, "tab")
            if terminal.cursor() == first and len(stops) >= way.stops:
                break
            stops.append(terminal.cursor())
            texts.append(self.here())
            seen.update(BUTTON.findall(terminal.text()))
        if len(stops) != way.stops:
            self.faults.append(f"{self.name}, {way.name}: Tab stops at {stops}")
        passed = " ".join(texts)
        missed = sorted(each for each in seen if each not in passed)
        if missed:
            self.faults.append(f"{self.name}, {way.name}: Tab passes by {missed}, it stops at {texts}")
        for _stop in range(len(stops)):
            self.press(way, "shift+tab")
        if terminal.cursor() != first:
            self.faults.append(f"{self.name}, {way.name}: Shift+Tab does not lead back to {first}")

    def here(self) -> str:
        """Give what stands from the cursor on."""
        x, y = self.terminal.cursor()
        return self.terminal.display()[y][x:]


def test_on_every_screen_the_cursor_is_on_the_focus_and_tab_goes_round(house: House) -> None:
    asyncio.run(inhabited(house))
    with ExitStack() as stack:
        flows = []
        for role in ROLES:
            for columns, rows in SIZES:
                folder = house.folder / f"{role}-{columns}"
                terminal = stack.enter_context(started(house, folder, role, columns, rows))
                flows.append(Flow(terminal, role, columns, rows))
        with ThreadPoolExecutor(len(flows)) as threads:
            found = list(threads.map(Flow.walk, flows))
    faults = [fault for each in found for fault in each]
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults)

"""A person at the keyboard of the running program: types, and reads what is on the screen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from textual import events

from tests.screens.house import EVA, House
from tests.screens.seen import running_text, seen
from tui.app import Behorig
from tui.keys import keymap_in_force, use_keymap
from tui.screens.permissions import REST, PermissionsRoom
from tui.wishes import Wishes

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from core.ports import Storage
    from tui.keys import Keymap
    from tui.session import Farewell, Session

PATIENCE = 30.0
"""Seconds until something that does not come fails the test."""

CHARACTERS = {"space": " ", "at": "@", "full_stop": ".", "minus": "-", "slash": "/"}
"""The characters of the keys that Textual has names for; letters and digits are their own."""
NAMES = {character: name for name, character in CHARACTERS.items()}

READING = frozenset(
    ("open", "people", "extend", "detail", "story", "person", "review", "writes", "read", "holder", "undo")
)
"""The groups of workers that read; the others may wait for the answer to a dialog."""


class NotSeenError(AssertionError):
    """What was waited for did not come; the message holds the screen."""


class Visit:
    """The program with a person in front of it."""

    def __init__(self, app: Behorig, pilot: Pilot[Farewell], house: House) -> None:
        """Sit down at a program that runs on a house."""
        self.app = app
        self.pilot = pilot
        self.house = house

    # Typing -----------------------------------------------------------------------------------

    async def press(self, *keys: str) -> None:
        """Press keys by Textual's names, in one burst, and wait until the last one has done its work."""
        await self.do(*keys)

    async def do(self, *steps: str) -> None:
        """Press keys and paste texts in one burst; a step that begins with a blank is a text to paste."""
        for step in steps:
            if step.startswith(" "):
                self.app.post_message(events.Paste(step[1:]))
            else:
                character = step if len(step) == 1 else CHARACTERS.get(step)
                self.app.post_message(events.Key(step, character))
        await self._keys_are_done()

    async def type(self, text: str) -> None:
        """Type a text letter by letter."""
        await self.press(*(NAMES.get(letter, letter) for letter in text))

    async def paste(self, text: str) -> None:
        """Paste a text into what has the focus."""
        await self.do(f" {text}")

    async def fill(self, *texts: str) -> None:
        """Fill field after field, and go on from each with Enter."""
        await self.do(*(step for text in texts for step in (f" {text}", "enter")))

    async def _keys_are_done(self) -> None:
        if self.app.is_open:
            # Nobody takes this key, so it comes all the way round, after those before it.
            self.app.post_message(events.Key("f12", None))
            # A key that the app has not even seen yet is under way for nobody but us.
            seen_by_app = asyncio.Event()

            async def noted() -> None:
                seen_by_app.set()

            self.app.post_message(events.Callback(callback=noted))
            await self.until(lambda: seen_by_app.is_set() or self._has_left(), "the app to see the keys")
            await self.until(
                lambda: self._has_left() or not self.app.has_keys_under_way, "the end of what the keys do"
            )
        await self.pilot.pause()

    def _has_left(self) -> bool:
        """Say whether the program has ended, which brings no key to its end."""
        return self.app.return_value is not None

    async def clear(self) -> None:
        """Empty the field that has the focus."""
        await self.press("end", "ctrl+u")

    async def writes(self, told: str) -> None:
        """Go through the review and write; ``told`` is how the sentence afterwards begins."""
        await self.press("f8")
        await self.sees("[ Skriv ")
        await self.sees_no("Läser")
        await self.press("f8", "enter")
        await self.sees(told, "F7 ångrar.")

    async def to_person(self, account_id: str, key: str = "down", *, most: int = 80) -> None:
        """Press a key until the cursor stands on an account, in the list or the matrix."""
        await self._until_at(lambda: self.app.place == account_id, account_id, key, most)

    async def to_column(self, permission_id: str, key: str = "right", *, most: int = 40) -> None:
        """Press a key until the cursor of the matrix stands on a permission."""
        await self._until_at(lambda: self.app.column == permission_id, permission_id, key, most)

    async def goes_to(self, text: str, key: str = "down", *, most: int = 80) -> None:
        """Press a key until the cursor stands before a text."""
        await self._until_at(lambda: self.at_cursor().startswith(text), text, key, most)

    async def _until_at(self, there: Callable[[], bool], wanted: str, key: str, most: int) -> None:
        for _ in range(most):
            if there():
                return
            await self.press(key)
        raise NotSeenError(f"the cursor never came to {wanted!r}\n{self.pictured()}")

    # Reading ----------------------------------------------------------------------------------

    def screen(self) -> list[str]:
        """Give the lines of the screen."""
        return seen(self.app)

    def shows(self, text: str) -> bool:
        """Say whether a text is on the screen, also over the end of a line."""
        lines = self.screen()
        return any(text in line for line in lines) or text in running_text(lines)

    def lacks(self, text: str) -> bool:
        """Say whether a text is nowhere on the screen."""
        return not self.shows(text)

    def line_with(self, text: str) -> str:
        """Give the first line with a text."""
        found = next((line for line in self.screen() if text in line), None)
        if found is None:
            raise NotSeenError(f"there is no {text!r}\n{self.pictured()}")
        return found

    def signs_of(self, name: str) -> str:
        """Give the signs before a name in the list or the matrix."""
        return self.line_with(name).partition(name)[0].strip()

    def at_cursor(self) -> str:
        """Give the line from the cell of the hardware cursor on, without the bracket of a button."""
        x, y = self.app.cursor_position
        return self.screen()[y][x:].lstrip(" [")

    def pictured(self) -> str:
        """Give the screen in a frame, for the message of a failure."""
        return "\n".join(f"|{line}" for line in self.screen())

    async def until(self, holds: Callable[[], bool], wanted: str) -> None:
        """Wait until something holds."""
        deadline = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > deadline:
                raise NotSeenError(f"waited for {wanted}\n{self.pictured()}")
            await asyncio.sleep(0.02)

    async def sees(self, *texts: str) -> None:
        """Wait until each text is on the screen."""
        for text in texts:
            await self.until(partial(self.shows, text), repr(text))

    async def settled(self) -> None:
        """Wait until everything that is read has been read and drawn: two looks in turn see the same."""
        before, now = None, self.screen()
        while before != now:
            await self.pilot.pause()
            if isinstance(self.app.room, PermissionsRoom):
                # The story of a cell is asked for once the cursor has rested there.
                await asyncio.sleep(1.5 * REST)
                # It is then asked for by a message, which has to come first on a busy machine.
                await self.pilot.pause()
            await self.until(self._has_read, "what is being read")
            await self.pilot.pause()
            before, now = now, self.screen()

    def _has_read(self) -> bool:
        return all(each.is_finished for each in self.app.workers if each.group in READING)

    async def sees_no(self, *texts: str) -> None:
        """Wait until none of the texts is on the screen."""
        for text in texts:
            await self.until(partial(self.lacks, text), f"no {text!r}")


@asynccontextmanager
async def visiting(
    house: House,
    *,
    size: tuple[int, int] = (80, 24),
    hsa_id: str = EVA,
    theme: str | None = None,
    wishes: Wishes | None = None,
    storage: Storage | None = None,
    follows: bool = True,
    keymap: Keymap | None = None,
) -> AsyncGenerator[Visit]:
    """Start the program on a house, or on a storage that stands before it, and wait for the list."""

    async def connect() -> Session:
        return await house.connect(hsa_id, storage=storage)

    keys_before = keymap_in_force()
    app = Behorig(connect, theme=theme, wishes=wishes, follows=follows, keymap=keymap)
    try:
        async with app.run_test(size=size) as pilot:
            visit = Visit(app, pilot, house)
            await visit.until(lambda: app.is_open and not app.holds("down"), "the people")
            try:
                yield visit
            finally:
                # The loop ends with the test, whether or not somebody has left the program.
                if app.follower is not None:
                    await app.follower.end()
    finally:
        # The keys in force are one for the process: the next test has the usual ones.
        use_keymap(keys_before)

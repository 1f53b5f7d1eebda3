"""Frames of a Textual app counted and timed: every byte, and the processor time from key to frame.

Processor time and not the clock: Textual draws at most sixty frames a second, so the clock would measure
its waiting, and the machine is shared.
"""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Iterable
from statistics import median
from typing import Any, NamedTuple, TypeVar

from textual import events
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver

from tui.widgets.cursor import CursorOnFocus
from tui.widgets.style_changes import only_changes

# A frame that has not come by then never will.
_DEADLINE_SECONDS = 20.0
# From the first frame until nothing more is drawn by itself.
_SETTLING_SECONDS = 0.5
_KEY_CHARACTERS = {"space": " "}


T = TypeVar("T")


class Cost(NamedTuple):
    """What one key cost: milliseconds of processor time, and bytes to the terminal."""

    milliseconds: float
    bytes: float


class RecordingDriver(HeadlessDriver):
    """A driver without a terminal, for which the app composes its frames all the same."""

    written = 0
    frame = asyncio.Event()

    @property
    def is_headless(self) -> bool:
        """False: Textual leaves out the whole composing of the output for a headless driver."""
        return False

    def write(self, data: str) -> None:
        """Count the bytes, and tell that a frame is there."""
        RecordingDriver.written += len(data.encode())
        RecordingDriver.frame.set()


class SparingDriver(RecordingDriver):
    """The same for a program of ours, whose own driver writes only the changes of style."""

    def write(self, data: str) -> None:
        """Count the bytes that our driver would write."""
        super().write(only_changes(data))


class Bench:
    """A running app to press keys in."""

    def __init__(self, app: App[Any]) -> None:
        """Measure in this app."""
        self._app = app

    async def press(self, key: str) -> None:
        """Press a key and wait for its frame."""
        RecordingDriver.frame.clear()
        self._app.post_message(events.Key(key, _KEY_CHARACTERS.get(key)))
        await asyncio.wait_for(RecordingDriver.frame.wait(), _DEADLINE_SECONDS)

    async def cost(self, keys: Iterable[str]) -> Cost:
        """Press keys one after the other, each after the frame of the one before.

        Gives the median of the times, which a neighbour on the machine disturbs least, and the mean of the
        bytes, in which a rare large frame counts.
        """
        gc.collect()
        written = RecordingDriver.written
        seconds: list[float] = []
        for key in keys:
            started = time.process_time()
            await self.press(key)
            # What Textual does after the frame belongs to the key as well.
            await asyncio.sleep(0)
            seconds.append(time.process_time() - started)
        return Cost(1000 * median(seconds), (RecordingDriver.written - written) / len(seconds))

    async def silent(self, seconds: float) -> int:
        """Give how many bytes come while nobody does anything for so long."""
        written = RecordingDriver.written
        await asyncio.sleep(seconds)
        return RecordingDriver.written - written


def measured(app: App[Any], script: Callable[[Bench], Awaitable[T]], size: tuple[int, int]) -> T:
    """Run the app on a screen of so many columns and rows, and give what the script measured in it."""
    results: list[T] = []

    async def pilot(_pilot: object) -> None:
        await asyncio.sleep(_SETTLING_SECONDS)
        results.append(await script(Bench(app)))
        app.exit()

    RecordingDriver.frame = asyncio.Event()
    app.driver_class = SparingDriver if isinstance(app, CursorOnFocus) else RecordingDriver
    asyncio.run(app.run_async(size=size, mouse=False, auto_pilot=pilot))
    return results[0]

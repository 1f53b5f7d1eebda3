"""Where the cursor comes to stand, in whatever order the program hears of things.

Each widget has its own queue of messages, and on a slow machine any of them may be the last: here they are
held up on purpose.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from textual import events

from tests.screens.house import House
from tests.screens.visit import Visit, visiting
from tui.screens.people_room import PeopleRoom

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from textual.widget import Widget


@asynccontextmanager
async def held_up(widget: Widget) -> AsyncGenerator[None]:
    """Keep a widget from hearing of anything until the end of the block."""
    gate = asyncio.Event()
    widget.call_later(gate.wait)
    try:
        yield
    finally:
        gate.set()


def room_of(visit: Visit) -> PeopleRoom:
    """Give the list in front."""
    room = visit.app.room
    assert isinstance(room, PeopleRoom)
    return room


async def test_another_order_begins_at_its_first_person_whoever_hears_of_it_last(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("down", "down")
        assert visit.at_cursor().startswith("Berg, Bo")
        await visit.press("s", "down", "down")
        room = room_of(visit)
        async with held_up(room.table):
            async with held_up(room):
                visit.app.post_message(events.Key("enter", None))
                await visit.until(lambda: visit.app.people.rows[0].account.id == "eva", "the other order")
                await asyncio.sleep(0.1)
            await asyncio.sleep(0.3)
        await visit.settled()
        assert visit.at_cursor().startswith("Ek, Eva")
        assert visit.app.place == "eva"

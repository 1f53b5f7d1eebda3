"""What comes in one frame: each frame is drawn, sent over a line, and read by a braille line or a voice."""

import pytest

from tests.builders import announce, content
from tests.screens.announced import by_support, published
from tests.screens.house import MORNING, House
from tests.screens.seen import seen
from tests.screens.visit import Visit
from tui.app import Behorig


class Watched(Behorig):
    """The program, with a picture of each frame that it has written."""

    frames: list[str]

    def post_display_hook(self) -> None:
        super().post_display_hook()
        if self.is_open:
            self.frames.append("\n".join(seen(self)))


@pytest.mark.parametrize(
    ("room", "key", "told", "most"),
    [
        ("1", "down", "Åke Annerstedt, TSTNMT", 1),
        ("2", "down", "Åke Annerstedt, Asylsökande i förskola: inte given.", 1),
        ("2", "enter", "Anna Andersson, Asylsökande i förskola: ska tas bort", 2),
    ],
)
async def test_what_is_told_of_a_row_comes_in_one_frame_with_the_row(
    house: House, room: str, key: str, told: str, most: int
) -> None:
    app = Watched(house.connect)
    app.frames = []
    async with app.run_test(size=(80, 24)) as pilot:
        visit = Visit(app, pilot, house)
        await visit.sees("Andersson, Anna")
        await visit.press(room)
        await visit.settled()
        app.frames.clear()
        await visit.press(key)
        await visit.until(lambda: bool(app.frames), "a frame")
        assert told in app.frames[0], app.frames[0]
        await visit.settled()
        # The story of a cell that was given comes once the cursor has rested there; nothing else comes later.
        assert len(app.frames) <= most


async def test_what_a_room_behind_would_tell_is_told_when_it_is_in_front_again(house: House) -> None:
    await published(house)
    app = Watched(house.connect, follows=False)
    app.frames = []
    async with app.run_test(size=(120, 40)) as pilot:
        visit = Visit(app, pilot, house)
        await visit.sees("Andersson, Anna")
        await visit.press("3", "end", "enter")
        await visit.sees("Rubrik:")
        await visit.settled()
        assert app.noticeboard is not None
        await by_support(house, announce("mer", content("Något mer", at=MORNING)))
        # As after a while: the next step reads again what is current.
        before = app.noticeboard.notice
        app.noticeboard.forget()
        app.frames.clear()
        await visit.press("down")
        await visit.until(
            lambda: app.noticeboard is not None and app.noticeboard.notice != before, "the news"
        )
        await visit.settled()
        # One frame for the step; the room behind, whose line of rooms says it, paints nothing over it.
        assert len(app.frames) == 1
        await visit.press("escape")
        await visit.sees("Aktuellt 2 nya<")

"""A window that is given another size: what is told keeps its lines, and whoever reads keeps the place."""

from __future__ import annotations

from core.announcements import AnnouncementKind
from tests.builders import announce, content
from tests.screens.announced import by_support
from tests.screens.house import MORNING, House
from tests.screens.visit import Visit, visiting
from tui.looks import SCREEN_READER, Choice
from tui.wishes import Wishes

IN_WORDS = Wishes(None, Choice(SCREEN_READER, {}, "2024-01-30T10:00:00+00:00"))


async def resized(visit: Visit, columns: int, rows: int) -> None:
    await visit.pilot.resize_terminal(columns, rows)
    await visit.settled()


async def test_what_goes_on_takes_the_lines_that_it_needs_after_a_resize(house: House) -> None:
    title = "Stopp i natt"
    what = content(title, kind=AnnouncementKind.INCIDENT, at=MORNING, begins=MORNING)
    await by_support(house, announce("stopp", what))
    async with visiting(house, size=(120, 24)) as visit:
        await visit.sees(title)
        await resized(visit, 40, 24)
        assert not any(line.rstrip().endswith("~") for line in visit.screen()[2:4]), visit.pictured()
        assert visit.shows("tills vidare")
        await resized(visit, 120, 24)
        # No blank line is left under it.
        below = visit.screen().index(visit.line_with(title)) + 1
        assert "Sök:" in visit.screen()[below], visit.pictured()


async def test_a_sentence_that_is_cut_says_where_it_is_whole(house: House) -> None:
    async with visiting(house, size=(40, 12), wishes=IN_WORDS) as visit:
        await visit.press("2", "home", "ctrl+t")
        await visit.settled()
        line = next(each for each in visit.screen() if "~ F6: allt" in each)
        assert len(line) <= 40
        await visit.press("f6")
        await visit.sees("Gavs")

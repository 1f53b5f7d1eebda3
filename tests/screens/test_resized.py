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


async def at_width_stays(visit: Visit, text: str) -> None:
    """Go down to a line, and see that the words under the cursor stay under it at other widths and back."""
    await visit.settled()
    await visit.goes_to(text, most=60)
    first = visit.at_cursor().split()[0]
    for columns, rows in ((40, 12), (120, 40), (80, 24)):
        await resized(visit, columns, rows)
        assert first in visit.at_cursor().split(), (columns, visit.pictured())
    assert visit.at_cursor().startswith(text)


async def test_who_reads_stays_at_the_same_words_whatever_the_size(house: House) -> None:
    text = "Först en rad som är lång och går över flera rader om fönstret är smalt. " * 12
    await by_support(house, announce("lang", content("Lång text", at=MORNING, text=f"{text}\n\nSist detta.")))
    async with visiting(house) as visit:
        # What is told of the matrix whole, the messages, a page of the manual, an announcement.
        await visit.press("2", "i")
        await visit.settled()
        await visit.press("down", "down")
        first = visit.at_cursor().split()[0]
        for columns, rows in ((40, 12), (120, 40), (80, 24)):
            await resized(visit, columns, rows)
            assert first in visit.at_cursor().split(), (columns, visit.pictured())
        await visit.press("escape", "f2")
        await visit.type("starta")
        await visit.press("enter")
        await visit.settled()
        await visit.press(*["down"] * 6)
        await at_width_stays(visit, visit.at_cursor())
        await visit.press("escape", "escape", "3")
        await visit.sees("Lång text")
        await visit.press("enter")
        await visit.settled()
        await visit.press("end", "up", "up", "up")
        await at_width_stays(visit, visit.at_cursor())


async def test_where_one_is_in_a_text_is_said_by_the_paragraph_and_not_by_the_line(house: House) -> None:
    async with visiting(house, size=(40, 12), wishes=IN_WORDS) as visit:
        await visit.press("2", "home", "i")
        await visit.sees("Hela texten")
        await visit.press("down", "ctrl+t")
        await visit.settled()
        assert visit.app.messages[-1].text.startswith("Hela texten. Anna Andersson, Asylsökande i förskola:")
        await visit.press("escape", "f2")
        await visit.type("starta")
        await visit.press("enter", "down", "down", "ctrl+t")
        await visit.settled()
        assert len(visit.app.messages[-1].text) > 100


async def test_the_list_of_places_does_not_list_itself(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("ctrl+o")
        await visit.sees("Hoppa")
        depth = len(visit.app.screen_stack)
        await visit.press("ctrl+o")
        await visit.sees("Det här är redan listan över platser.")
        assert len(visit.app.screen_stack) == depth
        await visit.press("escape")
        assert len(visit.app.screen_stack) == depth - 1


async def test_the_button_or_field_of_a_form_stays_in_view_under_the_cursor(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("4")
        await visit.sees(">4 Support<")
        await visit.press("f")
        await visit.sees("Fråga till kontaktcenter")
        await visit.paste("En fråga")
        await visit.press("tab")
        await visit.paste("Raden i rutan är så lång att den bryts.")
        await visit.press("tab", "right")
        assert visit.at_cursor().startswith("Visa brevet")
        for columns, rows in ((40, 12), (120, 40), (40, 12), (80, 24)):
            await resized(visit, columns, rows)
            assert visit.at_cursor().startswith("Visa brevet"), visit.pictured()
        await visit.press("enter")
        await visit.sees("Tekniska uppgifter")
        await resized(visit, 40, 12)
        await visit.press("tab")
        assert visit.at_cursor().startswith("Låt dem"), visit.pictured()
        for columns, rows in ((80, 24), (40, 12), (120, 40)):
            await resized(visit, columns, rows)
            assert visit.at_cursor().startswith("Låt dem"), visit.pictured()

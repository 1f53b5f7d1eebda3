"""Pasting into a field of one line: what was copied with its line ends, or over several lines."""

from textual import events
from textual.widgets import Input

from tests.screens.house import OWNER, House
from tests.screens.visit import Visit, visiting


async def pasted(visit: Visit, text: str) -> str:
    """Paste a text as a terminal sends it, and give what the field that has the focus holds then."""
    visit.app.post_message(events.Paste(text))
    await visit.press("f12")
    assert isinstance(visit.app.focused, Input)
    return visit.app.focused.value


async def test_a_line_end_that_was_copied_along_is_no_part_of_a_name(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("n")
        for text in (f"{OWNER}-2001\n", "Nina\r\n", "\r\nNy\r", "\n\nnina@sundsvall.example\n\n"):
            value = await pasted(visit, text)
            assert value == text.strip()
            await visit.press("enter")
        await visit.press("f8")
        await visit.sees("1 ej skriven", "Nina Ny")


async def test_nothing_of_several_lines_is_lost_and_the_field_says_what_is_wrong(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("n")
        assert await pasted(visit, f"{OWNER}-2001\n{OWNER}-2002\n") == f"{OWNER}-2001 {OWNER}-2002"
        await visit.press("enter")
        await visit.sees("HSA-id")
        assert await pasted(visit, "Anna\r\nKarin\r\n") == "Anna Karin"
        await visit.press("enter")
        # Between what stands there already, and over what is selected.
        assert await pasted(visit, "ab") == "ab"
        await visit.press("left")
        assert await pasted(visit, "1\n2") == "a1 2b"
        await visit.press("shift+home")
        assert await pasted(visit, "x\ny") == "x yb"
        await visit.press("enter")
        await pasted(visit, "nina@sundsvall.example\nnora@sundsvall.example")
        await visit.press("f8")
        await visit.sees("Ny användare")
        assert visit.lacks("ej skriven")


async def test_several_lines_are_words_to_search_for(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("ctrl+f")
        assert await pasted(visit, "åke\nannerstedt\n") == "åke annerstedt"
        await visit.sees("1 användare", "Annerstedt, Åke")


async def test_a_paste_of_line_ends_alone_changes_nothing(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("n")
        assert await pasted(visit, "abc") == "abc"
        assert await pasted(visit, "\r\n\n") == "abc"

"""Keys of every room pressed in a dialog: they say that it must be closed first, and nothing is lost."""

import re

import pytest

from tests.screens.callers import supporting
from tests.screens.house import House
from tests.screens.visit import Visit, visiting
from tui.screens.bands import MessageLine, Told

FIRST = "stäng det här först, med Esc"
"""How what is said ends."""


async def says(visit: Visit, keys: dict[str, str]) -> None:
    """Press each key and wait for its command's name with what is to be done first."""
    for key, title in keys.items():
        await visit.press(key)
        await visit.sees(f"{title}: {FIRST}")


async def test_a_question_says_that_it_is_to_be_answered_first(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("down", "down", "down", "delete")
        await visit.sees("Avregistrera")
        await says(
            visit,
            {
                "ctrl+x": "Avsluta",
                "f8": "Granska",
                "ctrl+p": "Alla kommandon",
                "f7": "Ångra senaste skrivningen",
                "f6": "Meddelanden",
                "f9": "Visning",
                "1": "Användare",
                "2": "Behörigheter",
                "3": "Aktuellt",
                "5": "Historik",
            },
        )
        # The safe answer has the focus as before.
        assert visit.at_cursor().startswith("Behåll användaren")
        await visit.press("escape", "f8")
        await visit.sees("Granska: inget är förberett")


async def test_a_choice_says_so_and_takes_letters_and_digits_as_a_search(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("s")
        await visit.sees("Sortera efter")
        await says(visit, {"f8": "Granska", "ctrl+x": "Avsluta"})
        await visit.press("1")
        await visit.sees("Inget heter så.")
        assert visit.lacks("Användare: stäng")
        # In its field too, where nothing is selected that Ctrl+X could cut.
        await says(visit, {"ctrl+p": "Alla kommandon", "ctrl+x": "Avsluta"})


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_a_form_says_so_and_keeps_what_is_typed(house: House, size: tuple[int, int]) -> None:
    async with visiting(house, size=size) as visit:
        await visit.press("n")
        await visit.paste("SE1")
        await says(visit, {"ctrl+x": "Avsluta", "f6": "Meddelanden"})
        await visit.press("2")
        await visit.sees("SE12")
        await visit.press("f8")  # which is the form's own
        await visit.sees("HSA-id")
        assert visit.lacks(f"Granska: {FIRST}")


async def test_a_text_to_read_says_so(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("f1")
        await visit.sees("Hjälp")
        await says(visit, {"ctrl+x": "Avsluta", "f8": "Granska", "2": "Behörigheter"})
        await visit.press("escape")
        await visit.sees(">1 Användare<")


async def test_the_search_box_of_a_room_leaves_what_it_has_no_use_for_to_the_room(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("g", "ctrl+f")
        await visit.paste("anna")
        await visit.press("ctrl+x")
        await visit.until(lambda: not visit.app.is_running, "the end")


async def test_what_is_selected_in_a_field_is_cut(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("n")
        await visit.paste("anna")
        await visit.press("shift+home", "ctrl+x")
        await visit.sees("HSA-id")
        assert visit.lacks("anna")
        assert visit.lacks(FIRST)


async def test_a_dialog_names_no_command_that_the_one_who_is_signed_in_does_not_have(house: House) -> None:
    async with supporting(house) as visit:
        await visit.press("escape", "down", "i")
        await visit.sees("Hela texten")
        await says(visit, {"2": "Katalog", "1": "Sök", "3": "Aktuellt"})


async def test_the_help_of_a_dialog_names_what_is_done_in_every_dialog(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("n", "f1", "end")
        await visit.sees("I dialogen:", "Ctrl+O", "Ctrl+T", "Berättar i en mening vad som har fokus")


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_a_text_to_read_tells_its_keys_with_the_cursor_there(
    house: House, size: tuple[int, int]
) -> None:
    async with visiting(house, size=size) as visit:
        for keys in (("f6",), ("i",), ("n", "f1")):
            await visit.press(*keys, "f1")
            await visit.sees("Esc eller Enter går tillbaka", "Ctrl+T säger var du är")
            assert visit.at_cursor().startswith("Uppåt, Nedåt")
            await visit.press("escape", "escape")


async def described(visit: Visit) -> str:
    """Ask where one is, and give the sentence."""
    count = len(visit.app.messages)
    await visit.press("ctrl+t")
    await visit.until(lambda: len(visit.app.messages) > count, "the sentence")
    return visit.app.messages[-1].text


async def test_where_one_is_in_a_field_with_a_fault_is_told_with_the_fault(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("n")
        await visit.paste("Testa")
        await visit.press("f8")
        fault = visit.app.screen.query_one("#fault_hsa_id", Told)
        await visit.until(lambda: bool(fault.told), "the fault")
        assert await described(visit) == f"Ny användare. Fält: HSA-id, Testa. {fault.told}"
        await visit.press("escape", "right", "enter")
        # The fault of a question with one field.
        await visit.press("c")
        await visit.fill("snart")
        told = await described(visit)
        assert "snart. " in told
        assert told.endswith("är ingen dag. Skriv 2023-05-02, 2 maj 2023 eller 2/5 2023.")


async def test_where_one_is_is_said_once_and_ends_as_a_sentence(house: House) -> None:
    async with visiting(house, size=(40, 12)) as visit:
        await visit.press("4")
        await visit.sees("Först: administratörerna")
        told = await described(visit)
        assert told.count("Först: administratörerna i Sundsvalls kommun") == 1
        assert "Användare frågar" in told
        await visit.press("2", "i")
        await visit.sees("Hela texten")
        ends = []
        for _line in range(3):
            ends.append((await described(visit))[-2:])
            await visit.press("down")
        assert all(re.fullmatch(r"\w\.", each) for each in ends), ends


async def test_a_message_takes_the_lines_that_it_needs_after_a_resize(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("f7")
        await visit.sees("Ångra senaste skrivningen: du har inte skrivit något sedan starten;")
        await visit.pilot.resize_terminal(40, 24)
        await visit.sees("finns under Historik")
        line = visit.app.screen.query_one(MessageLine)
        assert line.size.height == 3
        await visit.pilot.resize_terminal(120, 24)
        await visit.until(lambda: line.size.height == 1, "one line")

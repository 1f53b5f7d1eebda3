"""Keys of every room pressed in a dialog: they say that it must be closed first, and nothing is lost."""

import pytest

from tests.screens.house import House
from tests.screens.visit import Visit, visiting

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

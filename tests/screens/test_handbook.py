"""The manual and the answers on the screen: found by what they say, read in lines, and done from there."""

from tests.screens.house import OWNER, House
from tests.screens.visit import visiting


async def test_an_answer_is_found_without_dots_and_its_key_does_it(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("2")
        await visit.sees("Fsk")
        await visit.press("f3")
        await visit.sees("Frågor och svar", "Hur kommer vår organisation igång?")
        # In the text of the answer, not in its heading.
        await visit.paste("gemensam brevlada")
        await visit.sees("Får flera dela en e-postadress?")
        await visit.sees_no("Hur kommer vår organisation igång?")
        await visit.press("enter")
        await visit.sees("Alla aviseringar som någon av dem", "Ändrar namn, HSA-id eller")
        await visit.goes_to("Enter, E: Ändra")
        await visit.press("enter")
        # The action belongs to another room, so that is where it is done.
        await visit.sees("Ändra uppgifter")
        await visit.press("escape")
        await visit.sees(">1 Användare<")


async def test_what_cannot_be_done_now_says_why(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("f3")
        await visit.paste("ångras")
        await visit.press("enter")
        await visit.sees("Jag gjorde fel. Kan det ångras?")
        await visit.goes_to("F7")
        await visit.press("enter")
        await visit.sees("Ångra senaste skrivningen: du har inte skrivit något sedan starten")


async def test_esc_goes_back_to_the_headings_at_the_same_place(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("f2")
        await visit.sees("Handledning", "Hitta någon", "Ångra")
        await visit.press("down", "down", "down", "enter")
        await visit.sees("Esc Rubriker")
        title = visit.screen()[1].strip("│ ")
        await visit.press("down", "enter")
        await visit.sees("Tab Sök eller lista")
        assert visit.at_cursor().startswith(title)
        await visit.press("escape")
        await visit.sees("Sök:")


async def test_both_are_reached_from_support_and_from_the_palette(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("4")
        await visit.sees("Frågor och svar (F3)")
        await visit.goes_to("Handledning (F2)")
        await visit.press("enter")
        await visit.sees("Hitta någon")
        await visit.press("escape", "5")
        await visit.sees(">5 Historik<")
        await visit.press("ctrl+p")
        await visit.paste("fragor och svar")
        await visit.press("enter")
        await visit.sees("Vad gör en administratör?")
        await visit.paste("sithskort krokodil")
        await visit.sees("Inget heter så.")


async def test_a_letter_is_begun_from_its_answer(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("f3")
        await visit.paste("mer än en")
        await visit.press("enter")
        await visit.goes_to("B: Brev om")
        await visit.press("enter")
        await visit.sees("Brev om administratörer", "Registrera en administratör")
        await visit.press("escape")
        await visit.sees(">4 Support<")


async def test_a_page_fits_a_small_screen(house: House) -> None:
    async with visiting(house, size=(40, 12)) as visit:
        await visit.press("f3", "down", "down", "enter")
        await visit.sees("Esc Rubriker")
        for line in visit.screen():
            assert "~" not in line.partition("Esc")[0]


async def test_what_a_user_has_not_is_not_reached_from_an_answer(house: House) -> None:
    async with visiting(house, hsa_id=f"{OWNER}-1101") as visit:
        await visit.sees(">1 Mina behörigheter<")
        for question, line, title in (
            ("vem är vår administratör", "4: Support", "Support"),
            ("utbetalningen", "G: Ge", "Ge"),
            ("slutat", "B: Brev om", "Brev om administratörer"),
        ):
            await visit.press("f3")
            await visit.sees("Frågor och svar")
            await visit.paste(question)
            await visit.press("enter")
            await visit.goes_to(line)
            await visit.press("enter")
            await visit.sees(f"{title}: som användare ser du dina egna behörigheter, och inget annat")
            await visit.sees(">1 Mina behörigheter<")

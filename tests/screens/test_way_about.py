"""The way about: palette, help, messages, colours, leaving, and what a key that does nothing says."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from textual import events

from tests.screens.house import BJURHOLM, PER_ERIK, PRESCHOOL, House
from tests.screens.visit import Visit, visiting
from tui.screens.permissions import PermissionsRoom
from tui.session import Farewell


async def test_any_command_is_found_by_its_name_and_one_that_cannot_be_done_says_why(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("ctrl+p")
        await visit.sees("Alla kommandon", "Ny användare")
        await visit.type("behörigh")
        await visit.sees_no("Ny användare")
        await visit.press("enter")
        await visit.sees(">2 Behörigheter<", "Fsk")
        await visit.press("ctrl+p")
        await visit.paste("granska")
        await visit.sees("inget är förberett")
        await visit.press("enter")
        # It stays, with the reason in sight.
        await visit.sees("Alla kommandon", "inget är förberett")
        await visit.press("escape")
        await visit.sees(">2 Behörigheter<")
        await visit.press("ctrl+p")
        await visit.paste("xyz")
        await visit.sees("Inget heter så.")
        await visit.press("enter", "escape")
        await visit.press("f8")
        await visit.sees("Granska: inget är förberett")


async def test_help_is_about_the_part_that_has_the_focus(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("f1")
        await visit.sees("Hjälp", "I listan:", "Uppåt Nedåt")
        await visit.press("end")
        await visit.sees("markerad", "ändrad, inte skriven")
        await visit.press("escape", "ctrl+f", "f1")
        await visit.sees("I fältet:", "Från sökrutan till listan")
        await visit.press("escape")
        assert visit.lacks("I fältet:")
        await visit.press("escape", "n", "f1")
        await visit.sees("I fältet:", "I dialogen:", "Förbereder det")
        await visit.press("escape")
        await visit.sees("Ny användare")
        await visit.press("escape", "2")
        await visit.sees("Fsk")
        await visit.press("g", "down", "g", "f8")
        await visit.sees("[ Skriv ")
        await visit.press("f8", "f1")
        await visit.sees("På knappen:", "Gör det som står på knappen")
        await visit.press("escape")
        await visit.sees("[ Skriv ")
        await visit.press("escape")
        await visit.sees(">2 Behörigheter<")


async def test_what_was_told_can_be_read_again(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("f6")
        await visit.sees("Meddelanden", "Inga meddelanden än.")
        await visit.press("escape", "u", "f7")
        await visit.sees("Ångra senaste skrivningen: ")
        assert visit.lacks("Avmarkera alla")
        await visit.press("f6")
        await visit.sees("08.12 Avmarkera alla: ingen är markerad")
        await visit.sees("08.12 Ångra senaste skrivningen: du har inte skrivit något sedan starten;")
        # The whole sentence, over as many lines as it needs.
        await visit.sees("finns under Historik")
        await visit.press("escape")
        await visit.sees("Sök:")


async def test_each_theme_is_chosen_by_its_name_and_told(house: House) -> None:
    async with visiting(house) as visit:
        pictures = set()
        for name in ("Ljust", "Hög kontrast", "Terminalens egna färger", "Mörkt"):
            await visit.press("f9")
            await visit.sees("Färger")
            # A profile may be called the same.
            await visit.type("f")
            await visit.paste(f"ärger {name}")
            await visit.press("enter")
            await visit.sees(f"Färger: {name}.")
            pictures.add(visit.app.export_screenshot())
            assert visit.line_with("Andersson, Anna")
        assert len(pictures) == 4
        # Esc changes nothing.
        theme = visit.app.theme
        await visit.press("f9", "down", "escape")
        await visit.sees("Sök:")
        assert visit.app.theme == theme


async def test_leaving_with_a_draft_asks_and_the_draft_is_there_the_next_time(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("2")
        await visit.sees("Fsk")
        await visit.press("t", "ctrl+x")
        await visit.sees("1 ändring är inte skriven. Den finns kvar som utkast till nästa gång.")
        assert visit.at_cursor().startswith("Stanna ]")
        await visit.press("enter")
        await visit.sees("1 ej skriven")
        await visit.press("ctrl+x", "right", "enter")
        await visit.until(lambda: visit.app.return_value is not None, "the end")
        assert visit.app.return_value == Farewell()
    async with visiting(house) as visit:
        await visit.sees("Ditt utkast från förra gången finns här", "1 ej skriven", "3>2")
        await visit.writes("1 ändring är skriven.")
        assert PRESCHOOL not in await house.has("anna")
        # Nothing staged: it leaves at once.
        await visit.press("ctrl+x")
        await visit.until(lambda: visit.app.return_value is not None, "the end")


async def test_what_would_be_read_while_the_program_ends_is_not_asked_for(house: House) -> None:
    storage = await house.between()
    storage.closing = asyncio.Event()
    async with visiting(house, storage=storage) as visit:
        await visit.press("2")
        await visit.sees("Fsk")
        room = visit.app.room
        assert isinstance(room, PermissionsRoom)
        visit.app.post_message(events.Key("ctrl+c", None))
        await visit.until(lambda: storage.is_closed, "the file let go of")
        # A timer of a step, such as that of the story of a cell, may go off now.
        room.reload()
        await asyncio.sleep(0.05)
        storage.closing.set()
        await visit.until(lambda: visit.app.return_value is not None, "the end")
        assert visit.app.return_value == Farewell(130)


def picture(visit: Visit) -> list[str]:
    """Give the screen without what is told at its foot."""
    return visit.screen()[:18]


Start = Callable[[Visit], Awaitable[None]]


async def test_leaving_at_once_after_a_step_ends_without_a_fault(house: House) -> None:
    for keys in (("2", "down", "ctrl+x"), ("d", "down", "ctrl+x"), ("5", "down", "ctrl+x"), ("b", "ctrl+x")):
        async with visiting(house) as visit:
            for key in keys:
                visit.app.post_message(events.Key(key, key if len(key) == 1 else None))
            await visit.until(lambda: visit.app.return_value is not None, "the end")
            assert visit.app.return_value == Farewell()


async def _nowhere(_visit: Visit) -> None:
    """Stay in the list."""


async def _in_matrix(visit: Visit) -> None:
    await visit.press("2")
    await visit.sees("Fsk")


async def _in_writes(visit: Visit) -> None:
    await visit.press("5")
    await visit.sees("4 maj 2023")


@pytest.mark.parametrize("start", [_nowhere, _in_matrix, _in_writes])
async def test_esc_always_goes_back_and_never_loses_the_place(house: House, start: Start) -> None:
    async with visiting(house) as visit:
        await start(visit)
        await visit.press("down", "down")
        before = picture(visit)
        for keys in (
            ["f1"],
            ["f6"],
            ["f9"],
            ["ctrl+p"],
            ["i"],
            ["f1", "escape", "ctrl+p"],
            ["f"],
            ["s"],
            ["b"],
        ):
            await visit.press(*keys)
            await visit.press("escape")
        await visit.until(lambda: picture(visit) == before, "the screen as it was")
        await visit.press("escape", "escape")
        await visit.until(lambda: picture(visit) == before, "the screen as it was")


async def test_an_organisation_without_users_and_agreements_says_why_everything_is_empty(
    house: House,
) -> None:
    async with visiting(house, hsa_id=PER_ERIK) as visit:
        await visit.sees("Bjurholms kommun", "Per-Erik Sundin, administratör", "1 användare")
        await visit.press("2")
        await visit.sees(">2 Behörigheter<")
        await visit.press("enter")
        await visit.sees("organisationen har inget avtal för någon e-tjänst")
        await visit.press("b")
        await visit.sees("Det finns inget avtal för någon e-tjänst.")
        await visit.press("escape", "f")
        await visit.paste("avreg")
        await visit.press("enter")
        await visit.sees("Ingen motsvarar filtret. Esc tar bort det.", "0 användare")
        for key in ("delete", "b", "space", "enter", "k", "g"):
            await visit.press(key)
        await visit.press("1")
        await visit.sees(">1 Användare<", "0 användare")
        for key in ("delete", "b", "space", "enter", "d"):
            await visit.press(key)
            await visit.sees("0 användare")
        await visit.press("enter")
        await visit.sees("listan är tom")
        assert (await house.writes())[-1].organisation_id != BJURHOLM

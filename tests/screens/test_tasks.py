"""The caller and the launch day on the screens: what they leave is what commands and the menu leave too."""

from core.directory import AUTHORITY
from tests.screens.callers import supporting
from tests.screens.house import SUNDSVALL, House
from tests.screens.visit import Visit, visiting
from tests.tasks import CALLER, LAUNCH_GIVEN, LAUNCHED, LIKE_IT, NEW_KIND, NEW_SHORT, written


async def is_written(visit: Visit) -> None:
    """Write the one change that is reviewed."""
    await visit.sees("[ Skriv 1 ändring ]")
    await visit.press("f8", "enter")
    await visit.sees("1 ändring är skriven.")


async def test_the_caller_becomes_administrator(house: House) -> None:
    async with supporting(house) as visit:
        await visit.paste("anna and")
        await visit.press("enter")
        await visit.sees("Anna Andersson, användare")
        await visit.press("b")
        await visit.sees("Tore Sigurd Tore Niklas Martin Tore")
        await visit.press("escape", "a")
        await is_written(visit)
    assert await written(str(house.path), SUNDSVALL, "siv") == CALLER


async def test_the_launch_day(house: House) -> None:
    async with supporting(house, (100, 40)) as visit:
        await visit.press("down", "2")
        await visit.sees(">2 Katalog<", LIKE_IT)
        await visit.press("n")
        await visit.sees("I vilken e-tjänst")
        await visit.press("enter")
        await visit.sees("Lansera en behörighet")
        await visit.fill(NEW_KIND, NEW_SHORT, "2024-02-01")
        await visit.press("f8")
        await is_written(visit)
        await visit.sees("Berätta om det")
        await visit.press("right", "enter")
        await visit.sees(f"Ny behörighet: {NEW_KIND}")
        await visit.press("f8")
        await is_written(visit)
    writes = await written(str(house.path), AUTHORITY, "siv")
    assert {each for _undoes, some in writes for each in some} == LAUNCHED
    async with visiting(house, size=(120, 40)) as visit:
        await visit.press("3")
        await visit.sees(f"Ny behörighet: {NEW_KIND}")
        await visit.press("enter")
        await visit.sees("Ge behörigheten till de användare som ska ha den.")
        await visit.press("escape", "2")
        await visit.sees("3 behörigheter lanseras i dag.")
        await visit.press("f")
        await visit.paste(f"har {LIKE_IT}")
        await visit.press("enter")
        await visit.sees("3 användare")
        await visit.press("ctrl+g")
        await visit.paste(NEW_KIND)
        await visit.press("enter", "a", "g")
        await visit.sees("3 celler är förberedda.")
        await visit.writes("3 ändringar är skrivna.")
    assert (await written(str(house.path), SUNDSVALL, "eva"))[-1:] == LAUNCH_GIVEN

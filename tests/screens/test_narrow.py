"""A window of forty columns, as a magnifier or a braille line gives it: what matters is whole there."""

from __future__ import annotations

from tests.screens.house import House
from tests.screens.test_in_words import wishing
from tests.screens.visit import visiting


async def test_how_many_are_marked_is_whole_in_a_narrow_window(house: House) -> None:
    async with visiting(house, size=(40, 12), wishes=wishing()) as visit:
        await visit.press("home", "space")
        await visit.sees("1 markerad av 40")
        assert "~" not in visit.line_with("1 markerad av 40")
        await visit.press("2")
        await visit.sees(">2 Behörigheter<", "1 markerad av 40")
        # Where there is room it is said as usual, at once.
        await visit.pilot.resize_terminal(80, 24)
        await visit.sees("40 användare, 1 markerad")


async def test_the_list_has_a_line_of_its_own_while_the_storage_is_away(house: House) -> None:
    """What goes on and what just happened leave it room, and say which key reads all of them."""
    storage = await house.between()
    async with visiting(house, size=(40, 12), wishes=wishing(), storage=storage) as visit:
        await visit.until(lambda: visit.app.follower is not None, "the follower")
        storage.go_away("storage_away")
        await visit.sees("Ingen kontakt")
        for room in ("1", "2"):
            await visit.press(room, "home", "f5")
            await visit.settled()
            assert visit.screen()[visit.app.cursor_position.y].startswith(" Andersson, Anna")


async def test_the_keys_of_a_dialog_are_whole_in_a_narrow_window(house: House) -> None:
    async with visiting(house, size=(40, 12), wishes=wishing()) as visit:
        await visit.press("f1")
        await visit.sees("Esc Tillbaka  F1 Tillgänglighet")
        await visit.press("escape", "ctrl+p")
        await visit.sees("Esc Tillbaka  Enter Välj")
        assert "~" not in visit.line_with("Esc Tillbaka")
        await visit.pilot.resize_terminal(80, 24)
        await visit.sees("Esc Tillbaka  Enter Välj  Tab Sök eller lista")


async def test_the_headings_of_the_list_and_the_matrix_are_whole_in_a_narrow_window(house: House) -> None:
    async with visiting(house, size=(40, 12), wishes=wishing()) as visit:
        await visit.press("home")
        await visit.settled()
        assert visit.line_with("Namn").split() == ["Namn", "Behörigheter", ">"]
        await visit.press("2", "home")
        await visit.sees(">2 Behörigheter<", "Fsk: given")
        lines = visit.screen()
        heading = next(index for index, line in enumerate(lines) if line.startswith(" Namn"))
        read = " ".join(lines[heading - 1].split() + lines[heading].strip(" >").split()[1:])
        assert read == "Asylsökande i förskola"

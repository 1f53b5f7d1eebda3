"""A window of forty columns, as a magnifier or a braille line gives it: what matters is whole there."""

from __future__ import annotations

from tests.screens.house import House
from tests.screens.test_in_words import wishing
from tests.screens.visit import visiting


async def test_the_keys_of_a_dialog_are_whole_in_a_narrow_window(house: House) -> None:
    async with visiting(house, size=(40, 12), wishes=wishing()) as visit:
        await visit.press("f1")
        await visit.sees("Esc Tillbaka  F1 Tillgänglighet")
        await visit.press("escape", "ctrl+p")
        await visit.sees("Esc Tillbaka  Enter Välj")
        assert "~" not in visit.line_with("Esc Tillbaka")
        await visit.pilot.resize_terminal(80, 24)
        await visit.sees("Esc Tillbaka  Enter Välj  Tab Sök eller lista")

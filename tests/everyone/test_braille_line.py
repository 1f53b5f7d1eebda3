"""What a braille line of forty cells shows over the main job, by a program that nobody here wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.everyone.braille import CELLS, BrailleLine, why_not
from tests.main_job.desk import folders
from tests.screens.house import EVA

if TYPE_CHECKING:
    from tests.screens.house import House


def test_brltty_shows_the_row_the_cell_and_the_sentence_under_the_cursor(house: House) -> None:
    missing = why_not()
    if missing:
        pytest.skip(missing)
    environment = folders(
        house.folder, BEHORIG_STORAGE=str(house.path), BEHORIG_AS=EVA, BEHORIG_PROFILE="screen_reader"
    )
    with BrailleLine(house.folder, environment) as line:
        cells = line.press(wanted="Andersson, Anna", timeout=40)
        assert len(cells) <= CELLS
        # The first forty cells of a row say who and what.
        assert line.press("down", wanted="Annerstedt") == " Annerstedt, Åke      Behörigheter: 0  H"
        assert line.press("up", wanted="Andersson") == " Andersson, Anna      Behörigheter: 3  H"
        # In the matrix: who, which permission, how it stands; and what a key did.
        assert line.press("2", wanted="Fsk") == " Andersson, Anna      Fsk: given"
        assert line.press("down", wanted="Annerstedt") == " Annerstedt, Åke      Fsk: inte given"
        assert line.press("g", wanted="ska ges").startswith(" Annerstedt, Åke      Fsk: ska ges, inte")
        # The review: the sentence, and the button that writes.
        line.press("f8", wanted="Ge Åke Annerstedt")
        line.press("f8", wanted="Skriv 1 ändring")
        line.press("enter", wanted="Annerstedt, Åke")

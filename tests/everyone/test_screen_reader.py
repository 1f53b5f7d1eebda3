"""What a screen reader that nobody here wrote says over the main job."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.everyone.fenrir import PROGRAM, Fenrir
from tests.main_job.desk import folders
from tests.screens.house import EVA, OWNER

if TYPE_CHECKING:
    from tests.screens.house import House

pytestmark = pytest.mark.skipif(
    PROGRAM is None, reason="Fenrir is not installed (Debian: apt-get install --no-install-recommends fenrir)"
)


def test_fenrir_says_the_rows_the_cells_the_review_and_what_was_written(house: House) -> None:
    environment = folders(
        house.folder, BEHORIG_STORAGE=str(house.path), BEHORIG_AS=EVA, BEHORIG_PROFILE="screen_reader"
    )
    with Fenrir(house.folder, environment, "40 användare") as fenrir:
        # A row move says the row, and nothing else.
        said = fenrir.press("down", "Annerstedt, Åke")
        assert said.startswith("Annerstedt, Åke Behörigheter: 0 HSA dash id: "), said
        assert said.count("\n") == 0, said
        said = fenrir.press("down", "Berg, Bo")
        assert said.count("\n") == 0, said
        # The form says its name, and each field as one comes to it.
        assert "HSA dash id" in fenrir.press("n", "Ny användare")
        fenrir.type(f"{OWNER}-5555", f"{OWNER}-5555")
        assert fenrir.press("enter", "Förnamn") == "Förnamn"
        fenrir.type("Nils", "Nils")
        assert fenrir.press("enter", "Efternamn") == "Efternamn"
        fenrir.type("Ny", " Ny ")
        assert fenrir.press("enter", "E dash post") == "E dash post"
        fenrir.type("nils@sundsvall.example", "nils@sundsvall.example")
        fenrir.press("f8", "1 ej skriven")
        # In the matrix a row move says who, which permission and how it stands.
        fenrir.press("2", "Ny, Nils Fsk: inte given, ny")
        said = fenrir.press("down", "Andersson, Anna")
        assert said == "Andersson, Anna Fsk: given", said
        assert fenrir.press("down", "Annerstedt") == "Annerstedt, Åke Fsk: inte given"
        # What a key did is said in the row's own words.
        said = fenrir.press("g", "ska ges")
        assert "Annerstedt, Åke Fsk: ska ges, inte skrivet" in said, said
        # The review says each change as a sentence, and row by row once more.
        said = fenrir.press("f8", "Skriv 2 ändringar")
        assert f"Registrera Nils Ny, {OWNER} dash 5555, nils at sundsvall.example" in said, said
        assert "Ge Åke Annerstedt: Asylsökande i förskola" in said, said
        fenrir.press("down", "Registrera Nils Ny")
        said = fenrir.press("down", "Ge Åke")
        assert said.endswith("Ge Åke Annerstedt: Asylsökande i förskola"), said
        assert said.count("\n") == 0, said
        # The button that writes has the focus by F8, and Enter on it says what happened.
        fenrir.press("f8", "Skriv 2 ändringar")
        said = fenrir.press("enter", "2 ändringar är skrivna.")
        # It says so before it reads the list that one comes back to, and does not say it again.
        assert "Andersson, Anna" in said.split("2 ändringar är skrivna.")[1], said
        assert "Andersson, Anna" not in said.split("2 ändringar är skrivna.")[0], said
        assert said.count("2 ändringar är skrivna.") == 1, said

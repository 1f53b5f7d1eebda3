"""Keys of one's own in the real program: what a legacy terminal sends for å ä ö does what was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.main_job.desk import folders, line_with, program
from tests.screens.house import EVA

if TYPE_CHECKING:
    from tests.screens.house import House

CONFIGURATION = """
profile = "standard"
[keys]
"permissions.give" = ["å", "Ctrl+Y"]
"table.cursor_down" = "ä"
"app.permissions" = "ö"
"people.mark" = "+"
"""


def test_letters_of_swedish_keyboards_are_keys_typed_one_after_the_other(house: House) -> None:
    own = house.folder / "own.toml"
    own.write_text(CONFIGURATION, encoding="utf-8")
    environment = folders(house.folder, BEHORIG_CONFIG=str(own))
    with program("--storage", str(house.path), "--as", EVA, environment=environment) as terminal:
        terminal.wait_for("40 användare")
        terminal.quiet()
        # Small and capital, in one burst: to the matrix, down, give, down twice, give by the other key.
        terminal.send_bytes("öäÅÄä\x19+".encode())
        terminal.wait_for("2 ej skrivna")
        terminal.quiet()
        assert "+   ." in line_with(terminal, "Annerstedt, Åke")
        assert line_with(terminal, "Bergström, Bea").lstrip().startswith("*")
        assert "Å Ge" in terminal.screen()[-1]

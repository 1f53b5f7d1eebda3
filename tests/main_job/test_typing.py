"""Bursts of keys, as they come over a slow line or from one who types ahead, land where they were meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.main_job.desk import folders, line_with, program
from tests.screens.house import EVA, OWNER

if TYPE_CHECKING:
    from tests.screens.house import House


def test_a_search_typed_in_one_burst_is_searched_for(house: House) -> None:
    with program("--storage", str(house.path), "--as", EVA, environment=folders(house.folder)) as terminal:
        terminal.wait_for("40 användare")
        terminal.quiet()
        terminal.send_bytes("\x06öberg\rb".encode())
        # Enter went to the list, and B shows the person.
        terminal.wait_for("Örjan Öberg, TSTNMT")


def test_a_whole_form_typed_in_one_burst_fills_every_field(house: House) -> None:
    with program("--storage", str(house.path), "--as", EVA, environment=folders(house.folder)) as terminal:
        terminal.wait_for("40 användare")
        terminal.quiet()
        terminal.send_bytes(f"n{OWNER}-9\rNina\rNy\rnina@sundsvall.example\x1b[19~".encode())
        terminal.wait_for("Ny, Nina")
        line = line_with(terminal, "Ny, Nina")
        assert f"{OWNER}-9 " in line
        assert "nina@sundsvall.example" in line


def test_a_burst_in_the_matrix_stages_cell_after_cell(house: House) -> None:
    with program("--storage", str(house.path), "--as", EVA, environment=folders(house.folder)) as terminal:
        terminal.wait_for("40 användare")
        terminal.quiet()
        terminal.send_bytes(b"2\x1b[Bg\x1b[Cg\x1b[C\x1b[Cg")
        terminal.wait_for("3 ej skrivna")
        terminal.quiet()
        assert "+   +   .   +   ." in line_with(terminal, "Annerstedt, Åke")

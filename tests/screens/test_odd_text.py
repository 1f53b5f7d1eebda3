"""Odd and hostile text that is in the file already: harmless on every screen, and nothing moves aside."""

from __future__ import annotations

import json
import sqlite3
import sys
import unicodedata
from contextlib import closing

import pytest
from rich.cells import cell_len

from tests.screens.house import EVA, OWNER, SUNDSVALL, House
from tests.screens.visit import Visit, visiting
from tests.terminal import Terminal

TERMINAL = "\x1b[2J\x1b]0;owned\x07\x9b31m\x9d52;c;b3duZWQ=\x9cAnna\u202ean\u2066\u200b\x00\n\r\tX"
MARKUP = "[@click=app.quit]Anna[/] [red]X[/red] \\[b] $primary"
LONG = "A" * 10_000
MARKS = "\u0301Anna" + "e\u0323\u0307\u0302\u0301\u0300" * 40 + " \u20e3\ufe0f\U000e0041"
WIDE = "漢字かな交じり文\u1160가각한국어"

HARMFUL = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def spoil(house: House, text: str) -> None:
    """Put a text into every field of the file that a screen shows, behind the program's back."""
    for table, columns, where in (
        ("accounts", ("given_name", "family_name", "email"), "id IN ('anna', 'left', 'bo')"),
        ("organisations", ("name", "code"), f"id = '{SUNDSVALL}'"),
        ("permission_names", ("name",), "permission_id = 'asyl-forskola'"),
        ("permissions", ("short_name", "target_group", "payment"), "id = 'asyl-forskola'"),
        ("e_services", ("name",), "id = 'ansok-om-statlig-ersattning'"),
        ("changesets", ("note", "actor_name"), "number > 1"),
    ):
        for column in columns:
            house.sql(f"UPDATE {table} SET {column} = ? WHERE {where}", text)
    house.sql("UPDATE accounts SET hsa_id = ? WHERE id = 'anna'", f"{OWNER}-{text}")
    with closing(sqlite3.connect(house.path)) as connection, connection:
        rows = connection.execute("SELECT number, data FROM events WHERE account_id = 'anna'").fetchall()
        inside = json.dumps(text)[1:-1].encode()
        for number, data in rows:
            connection.execute(
                "UPDATE events SET data = ? WHERE organisation_id = ? AND number = ?",
                (bytes(data).replace(b"Andersson", inside), SUNDSVALL, number),
            )


def assert_harmless(visit: Visit) -> None:
    """No character acts on a terminal, and no line is longer than the screen."""
    for line in visit.screen():
        assert cell_len(line) <= visit.app.size.width, visit.pictured()
        bad = [character for character in line if unicodedata.category(character) in HARMFUL]
        assert not bad, (bad, line)


@pytest.mark.parametrize(
    "text", [TERMINAL, MARKUP, LONG, MARKS, WIDE], ids=["terminal", "markup", "long", "marks", "wide"]
)
async def test_hostile_text_in_the_file_is_shown_harmless_on_every_screen(house: House, text: str) -> None:
    spoil(house, text)
    async with visiting(house) as visit:
        await visit.sees("40 användare")
        # The columns stand where they stood: the address of everybody begins in the same cell.
        column = {line[: line.index("crowd")] for line in visit.screen() if "crowd" in line}
        assert len({cell_len(before) for before in column}) == 1
        await visit.press("s")
        await visit.sees("Sortera efter")
        await visit.press("escape", "d")
        await visit.to_person("anna")
        assert_harmless(visit)
        for keys, seen in (
            (["enter"], "Ändra uppgifter"),
            (["escape"], "Sök:"),
            (["delete"], "[ Behåll användaren ]"),
            (["escape"], "Sök:"),
            (["b"], "Lanserad"),
            (["t"], "1 ej skriven"),
            (["f1"], "Hjälp"),
            (["escape", "escape"], "Sök:"),
            (["f"], "Visa bara"),
            (["escape", "2"], ">2 Behörigheter<"),
            (["right", "g", "i"], "skrivet."),
            (["escape", "space", "down", "k"], "Kopiera från"),
            (["escape", "f8"], "Granska 2 ändringar"),
            (["f8", "enter"], "2 ändringar är skrivna."),
            (["f7"], "[ Ångra 2 ändringar ]"),
            (["escape", "f6"], "Meddelanden"),
            (["escape", "5"], "Historik<"),
            (["down"], "togs bort från"),
            (["down"], " fick"),
            (["l"], "Vem"),
            (["escape", "ctrl+p"], "Alla kommandon"),
        ):
            await visit.press(*keys)
            await visit.sees(seen)
            assert_harmless(visit)
        assert visit.app.return_value is None


async def test_text_that_is_no_text_at_all_is_shown_too(house: House) -> None:
    house.sql("UPDATE accounts SET family_name = CAST(x'416e6eff61c328' AS TEXT) WHERE id = 'anna'")
    async with visiting(house) as visit:
        await visit.sees("40 användare", "Ann\N{REPLACEMENT CHARACTER}a")
        await visit.press("2")
        await visit.sees("Fsk", "Ann\N{REPLACEMENT CHARACTER}a")
        assert_harmless(visit)


def test_a_terminal_gets_nothing_of_the_hostile_text_to_act_on(house: House) -> None:
    spoil(house, TERMINAL)
    environment = {
        "BEHORIG_STATE": str(house.folder / "state"),
        "BEHORIG_CONFIG": "",
        "XDG_CONFIG_HOME": str(house.folder),
        "BEHORIG_STORAGE": str(house.path),
        "BEHORIG_AS": EVA,
    }
    with Terminal([sys.executable, "-m", "tui.main"], environment=environment) as terminal:
        terminal.wait_for("40 användare")
        for keys in (["d"], ["2"], ["g"], ["f8"], ["escape", "5"], ["down", "down"], ["escape", "1", "f"]):
            terminal.send(*keys)
            terminal.quiet()
        written = terminal.output
        assert "Visa bara" in terminal.text()
    for acting in (b"owned\x07", b"\x1b]0;owned", b"\x1b]52", b"\xc2\x9b", "\u202e".encode(), b"\x1b[2JAnna"):
        assert acting not in written


async def test_the_longest_names_are_cut_with_a_sign_and_told_whole(house: House) -> None:
    given, family = "Åsa" + "a" * 77, "Örn" + "o" * 77
    async with visiting(house) as visit:
        await visit.press("n")
        await visit.fill(f"{OWNER}-3001", given, family, f"{'e' * 60}@sundsvall.example")
        await visit.press("f8")
        await visit.sees("1 ej skriven")
        assert "~" in visit.line_with("Örnooo")
        await visit.press("i")
        text = "".join(line.strip("│ ") for line in visit.screen())
        assert given in text
        assert family in text
        await visit.press("escape", "2")
        await visit.sees("Fsk")
        await visit.press("g")
        await visit.sees("2 ej skrivna")
        assert cell_len(visit.line_with("Örnooo")) <= 80
        await visit.press("f8")
        await visit.sees("Granska 2 ändringar", "+ Registrera Åsaaa", "+ Ge Åsaaa")
        await visit.press("f8", "enter")
        await visit.sees("2 ändringar är skrivna.")
        assert_harmless(visit)


async def test_wide_characters_take_two_cells_and_push_nothing_aside(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("n")
        await visit.fill(f"{OWNER}-3002", "漢字", "한국어", "wide@sundsvall.example")
        await visit.press("f8")
        await visit.sees("한국어, 漢字")
        line, other = visit.line_with("한국어, 漢字"), visit.line_with("Annerstedt, Åke")
        assert cell_len(line[: line.index(OWNER)]) == cell_len(other[: other.index(OWNER)])
        await visit.press("2")
        await visit.sees("Fsk", "한국어, 漢字")
        await visit.press("g", "right")
        await visit.sees("2 ej skrivna")
        line, other = visit.line_with("한국어, 漢字"), visit.line_with("Annerstedt, Åke")
        assert cell_len(line[: line.index("  +")]) <= cell_len(other[: other.index("  .")])
        await visit.press("ctrl+f")
        await visit.paste("漢字")
        await visit.sees_no("Annerstedt, Åke")
        await visit.press("down")
        await visit.writes("2 ändringar är skrivna.")
        assert_harmless(visit)

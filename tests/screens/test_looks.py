"""How the program looks to whom: in words for a screen reader, with a sign before the row, chosen with F9."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.screens.announced import published
from tests.screens.house import BO, EVA, House
from tests.screens.seen import seen
from tests.screens.visit import Visit, visiting
from tui import themes
from tui.looks import HIGH_CONTRAST, MAGNIFIER, PLAIN_COLOUR, SCREEN_READER, Choice
from tui.settings import Settings
from tui.wishes import LooksFile, Wishes

DAY = "2024-01-30T10:00:00+00:00"
DRAWN = re.compile("[\u2500-\u259f\u2800-\u28ff\u25a0-\u25ff]")
"""Lines, blocks, braille patterns and geometric signs: what a voice reads out as noise."""


def wishing(profile: str, **switches: str) -> Wishes:
    return Wishes(None, Choice(profile, switches, DAY))


def row(visit: Visit) -> str:
    """Give the line of the screen on which the terminal's cursor stands."""
    return seen(visit.app)[visit.app.cursor_position.y]


async def test_for_a_screen_reader_nothing_is_drawn_and_the_first_line_says_why(house: House) -> None:
    # That a step changes no text is seen on every screen in tests/everyone.
    async with visiting(house, wishes=wishing(SCREEN_READER)) as visit:
        first = seen(visit.app)[0]
        assert first.startswith(" Skärmläsarläge, F1 hjälper, valt 30 januari 2024.")
        for keys in ("1", "2", "5", "1 f1", "1 f9", "1 f2", "1 d"):
            await visit.press(*keys.split())
            await visit.settled()
            assert "".join(DRAWN.findall("\n".join(seen(visit.app)))) == "", keys
            await visit.press("escape")


async def test_for_a_screen_reader_forty_columns_of_a_row_say_who_and_what(house: House) -> None:
    async with visiting(house, wishes=wishing(SCREEN_READER)) as visit:
        await visit.press("space", "up")
        assert row(visit)[:40].strip() == "Andersson, Anna      Behörigheter: 3, m"
        await visit.press("space", "up", "2", "home")
        assert row(visit)[:40].strip() == "Andersson, Anna      Fsk: given"
        await visit.press("enter")
        assert row(visit)[:50].strip() == "Andersson, Anna      Fsk: ska tas bort, inte skri"
        await visit.press("right")
        assert row(visit)[:40].strip() == "Andersson, Anna      Fkl: inte given"
        assert "Asylsökande i förskoleklass" in "\n".join(seen(visit.app)[:6])
        await visit.press("w")
        assert "Hopvikt: 2 av 21 givna, 1 ska tas bort" in row(visit)
        await visit.press("1")
        assert "Behörigheter: 3, blir 2" in row(visit)


async def test_what_is_current_says_in_words_what_is_unread_and_to_be_done(house: House) -> None:
    await published(house)
    async with visiting(house, wishes=wishing(SCREEN_READER)) as visit:
        await visit.press("3", "home")
        await visit.sees("oläst, att göra")
        assert not visit.shows("*")


async def test_where_one_is_is_told_on_a_line_of_its_own_with_the_cursor_on_it(house: House) -> None:
    async with visiting(house, wishes=wishing(SCREEN_READER)) as visit:

        async def described() -> str:
            """Press the key, and give what is read from the terminal's cursor on."""
            at = visit.app.cursor_position
            await visit.press("ctrl+t")
            await visit.settled()
            assert visit.app.cursor_position != at
            lines = seen(visit.app)[visit.app.cursor_position.y :]
            text = " ".join(" ".join(lines).split())
            assert " ".join(visit.app.messages[-1].text.split()) in text
            await visit.press("f12")  # any key: the cursor is back
            assert visit.app.cursor_position == at
            return text

        assert (await described()).startswith("Anna Andersson, TSTNMT2120002411-1101, anna@")
        await visit.press("2", "home")
        told = await described()
        assert told.startswith("Anna Andersson, Asylsökande i förskola: given. Lanserades")
        assert "Gavs 1 mars 2021" in told
        await visit.press("enter")
        assert (await described()).startswith(
            "Anna Andersson, Asylsökande i förskola: ska tas bort, inte skrivet"
        )
        await visit.press("ctrl+f", "a", "n")
        assert (await described()).startswith("Fält: Sök, an.")
        await visit.press("escape", "f9")
        told = await described()
        assert told.startswith(
            "Visning. Profil: Skärmläsare eller punktskrift. nu. Ett steg ändrar ingen text"
        )
        assert told.endswith("2 av 16.")
        await visit.press("a")
        assert (await described()).startswith("Visning. Fält: Sök, a.")
        await visit.press("escape", "1", "n")
        assert (await described()).startswith("Ny användare. Fält: HSA-id, tomt.")
        await visit.press("escape", "ctrl+x")
        assert (await described()).startswith("Avsluta. Knapp: Stanna.")
        await visit.press("escape", "5")
        assert "Eva Ek" in await described()


@pytest.mark.parametrize(
    ("profile", "theme"),
    [(HIGH_CONTRAST, themes.HIGH_CONTRAST), (PLAIN_COLOUR, themes.TERMINAL), (MAGNIFIER, themes.DARK)],
)
async def test_a_sign_stands_before_the_row_where_colours_say_too_little(
    house: House, profile: str, theme: str
) -> None:
    async with visiting(house, wishes=wishing(profile), size=(40, 12)) as visit:
        assert visit.app.theme == theme
        for room in ("1", "2", "5"):
            await visit.press(room, "down", "down", "up")
            await visit.settled()
            y = visit.app.cursor_position.y
            # The line of rooms, below the first or where a mode is on the first two, has it around one.
            lines = seen(visit.app)
            rooms = next(place for place, line in enumerate(lines) if line.lstrip(" 1234").startswith(">"))
            signs = [place for place, line in enumerate(lines) if line.startswith(">") and place > rooms]
            assert signs == [y], room


async def test_under_a_magnifier_what_is_told_of_a_row_stands_beneath_it(house: House) -> None:
    async with visiting(house, wishes=wishing(MAGNIFIER)) as visit:
        await visit.press("2", "home")
        for key, name, told in (
            ("down", "Annerstedt, Åke", "Åke Annerstedt, Asylsökande i förskola: inte"),
            ("down", "Berg, Bo", "Bo Berg, Asylsökande i förskola: inte given. Bo"),
            ("end", "Berg, Bo", "Bo Berg, Administrera barn utan vårdnadshavare:"),
            ("up", "Annerstedt, Åke", "Åke Annerstedt, Administrera barn utan"),
        ):
            await visit.press(key)
            await visit.settled()
            lines, y = seen(visit.app), visit.app.cursor_position.y
            assert lines[y].startswith(f"> {name}")
            assert lines[y + 1].strip() == told
        # Each row stands once, in its order, around what is told.
        names = [
            line[2:20].strip() for line in seen(visit.app)[5:] if re.match("[> ] [A-ZÅÄÖÉ][a-zåäöé]+, ", line)
        ]
        assert names == sorted(set(names), key=names.index)
        assert names[:4] == ["Andersson, Anna", "Annerstedt, Åke", "Berg, Bo", "Bergström, Bea"]


async def test_what_is_chosen_holds_at_once_and_the_next_time_on_any_machine(
    house: House, tmp_path: Path
) -> None:
    here = LooksFile(tmp_path / "here", "house", "eva")
    async with visiting(house, wishes=Wishes(None, None, here)) as visit:
        await visit.press("2", "f9", "down", "enter")
        await visit.sees("Profil: Skärmläsare eller punktskrift. Det är sparat till nästa gång.")
        await visit.sees(" Skärmläsarläge, F1 hjälper, valt 1 februari 2024.")
        await visit.sees("Fsk: given")
        await visit.press("1")
        await visit.sees("Behörigheter: 3")
        await visit.press("f9", *"före", "enter")
        await visit.sees("Tecken före raden: på.", "> Andersson, Anna")
    known = here.read()
    assert known is not None
    assert (known.profile, known.switches) == (SCREEN_READER, {"row_marker": "on"})
    # The same machine knows it before the storage is open, another one once it is.
    assert Wishes(None, known, here).looks.row_marker
    there = LooksFile(tmp_path / "there", "house", "eva")
    async with visiting(house, wishes=Wishes(None, None, there)) as visit:
        await visit.sees(" Skärmläsarläge, F1 hjälper, valt 1 februari 2024.", "> Andersson, Anna")
        await visit.press("f9", "home", "enter")
        await visit.sees("Profil: Standard.", "behorig  Sundsvalls kommun")
        await visit.press("2")
        await visit.sees("Fsk Fkl Gru")
    again = there.read()
    assert again is not None
    assert (again.profile, again.switches) == ("standard", {})


async def test_what_was_chosen_while_the_storage_was_away_is_stored_the_next_time(
    house: House, tmp_path: Path
) -> None:
    here = LooksFile(tmp_path / "here", "house", EVA)
    async with visiting(house, wishes=Wishes(None, None, here)) as visit:
        await visit.press("f9", "down", "down", "enter")
        await visit.sees("Profil: Hög kontrast. Det är sparat till nästa gång.")
    between = await house.between()
    async with visiting(house, storage=between, wishes=Wishes(None, here.read(), here)) as visit:
        await visit.settled()
        between.go_away("storage_lost")
        await visit.press("f9", "home", "down", "enter")
        await visit.sees("Profil: Skärmläsare eller punktskrift. Det är bara sparat på den här datorn.")
    known = here.read()
    assert known is not None
    assert known.profile == SCREEN_READER
    # What the storage has is older, and does not win.
    async with visiting(house, wishes=Wishes(None, known, here)) as visit:
        await visit.until(lambda: here.read() != known, "the moment that the storage tells")
        assert visit.app.looks.profile == SCREEN_READER
    again = here.read()
    assert again is not None
    assert (again.profile, again.at > known.at) == (SCREEN_READER, True)
    async with visiting(
        house, wishes=Wishes(None, None, LooksFile(tmp_path / "there", "house", EVA))
    ) as visit:
        await visit.sees(" Skärmläsarläge, F1 hjälper, valt 1 februari 2024.")


async def test_over_a_server_each_account_has_its_own_looks(house: House, tmp_path: Path) -> None:
    def shared() -> Wishes:
        file = LooksFile(tmp_path / "shared", "https://behorig.example")
        return Wishes(None, file.read(), file)

    async with visiting(house, wishes=shared()) as visit:
        await visit.press("f9", "down", "enter")
        await visit.sees("Det är sparat till nästa gång.")
    assert shared().choice is None  # whoever comes next sees nothing of it
    async with visiting(house, hsa_id=BO, wishes=shared()) as visit:
        await visit.settled()
        assert visit.app.looks.profile == "standard"
    async with visiting(house, wishes=shared()) as visit:
        await visit.sees(" Skärmläsarläge, F1 hjälper, valt 1 februari 2024.")
    # A choice of another account that was shown by mistake is taken off again.
    eva = LooksFile(tmp_path / "shared", "https://behorig.example", EVA)
    async with visiting(house, hsa_id=BO, wishes=Wishes(None, eva.read(), eva)) as visit:
        await visit.sees("behorig  Sundsvalls kommun")
        assert visit.app.looks.profile == "standard"


async def test_where_a_setting_decides_the_next_time_that_is_said(house: House, tmp_path: Path) -> None:
    here = LooksFile(tmp_path / "here", "house", EVA)
    settings = Settings(
        profile=HIGH_CONTRAST,
        switches={"borders": False},
        origins={"profile": "--profile", "borders": "BEHORIG_BORDERS"},
    )
    async with visiting(house, wishes=Wishes(settings, None, here)) as visit:
        await visit.press("f9", *"ramar", "enter")
        await visit.sees("Ramar: på. Nästa gång bestämmer BEHORIG_BORDERS.")
        await visit.press("f9", "home", "enter")
        await visit.sees("Profil: Standard. Nästa gång bestämmer --profile.")
    known = here.read()
    assert known is not None
    assert (known.profile, known.switches) == ("standard", {})

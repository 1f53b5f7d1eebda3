"""Rows in words, for a screen reader, a braille line and a magnifier: who and what first, nothing cut."""

from __future__ import annotations

import pytest

from tests.screens.announced import published
from tests.screens.callers import SIV, with_support
from tests.screens.house import BO, OWNER, PRESCHOOL, House, grants, revokes
from tests.screens.visit import Visit, visiting
from tui.looks import MAGNIFIER, SCREEN_READER, Choice
from tui.screens.in_words import laid_out
from tui.wishes import Wishes

SIZES = ((80, 24), (40, 12), (120, 40))
ANNA = f"{OWNER}-1101"


def wishing(profile: str = SCREEN_READER) -> Wishes:
    return Wishes(None, Choice(profile, {}, "2024-01-30T10:00:00+00:00"))


def row(visit: Visit) -> str:
    """Give the line of the screen on which the terminal's cursor stands."""
    return visit.screen()[visit.app.cursor_position.y]


@pytest.mark.parametrize("size", SIZES)
async def test_the_first_lines_cut_neither_the_mode_nor_the_organisation(
    house: House, size: tuple[int, int]
) -> None:
    async with visiting(house, size=size, wishes=wishing()) as visit:
        await visit.press("2", "home", "down")
        before = visit.screen()
        assert before[0].startswith(" Skärmläsarläge, F1 hjälper, valt")
        assert before[0].endswith(".")
        assert before[1].startswith(" Sundsvalls kommun")
        assert before[2].startswith(" 1 Användare" if size[0] > 40 else " 1 >2 Behörigheter<")
        # What is staged comes beside it, and moves nothing.
        await visit.press("g")
        await visit.sees("1 ej skriven")
        after = visit.screen()
        assert after[0] == before[0]
        assert after[1].startswith(" Sundsvalls kommun")
        assert after[2:4] == before[2:4]


@pytest.mark.parametrize("size", SIZES)
async def test_all_of_a_persons_row_is_read_without_a_cut(house: House, size: tuple[int, int]) -> None:
    async with visiting(house, size=size, wishes=wishing()) as visit:
        await visit.settled()
        read = ""
        for _step in range(9):
            read += " " + row(visit)[19:].strip()
            await visit.press("right")
        assert "~" not in read
        whole = "".join(read.split())
        for part in ("Behörigheter:3", f"HSA-id:{ANNA}", "E-post:anna@sundsvall.example"):
            assert part in whole
        if size[0] == 80:
            assert f"HSA-id: {ANNA}" in read.split("E-post")[0]


async def test_in_the_history_what_is_undone_and_when_have_their_labels(house: House) -> None:
    await house.written_by(BO, *grants("ake", PRESCHOOL))
    async with visiting(house, size=(120, 40), wishes=wishing()) as visit:
        await visit.press("5", "home", "u")
        await visit.sees("Ångra det som")
        await visit.press("f8", "enter")
        await visit.sees("1 ändring är ångrad.", "Ångrad: ja")
        line = visit.line_with("Ångrad: ja")
        assert line.startswith(("Berg, Bo", "Bo Berg"))
        assert "När: 1 februari 2024" in line


@pytest.mark.parametrize("profile", [SCREEN_READER, MAGNIFIER])
@pytest.mark.parametrize("size", SIZES)
async def test_a_persons_permissions_begin_with_which_and_how(
    house: House, size: tuple[int, int], profile: str
) -> None:
    async with visiting(house, size=size, wishes=wishing(profile)) as visit:
        await visit.press("2", "home", "b")
        await visit.sees("Fsk: given, Asylsökande i förskola")
        await visit.goes_to("Fsk: given")
        assert row(visit).lstrip("> ").startswith("Fsk: given")
        await visit.press("enter")
        await visit.sees("Fsk: ska tas bort, inte skrivet")
        # The longest name is read whole, a window at a time.
        await visit.goes_to("Med:")
        read = []
        for _step in range(4):
            read.append(row(visit).lstrip("> ").strip())
            await visit.press("right")
        assert "Kostnader för ekonomiskt bistånd till personer med tillstånd av medicinska" in " ".join(read)
        assert "~" not in "".join(read)


async def test_a_users_own_permissions_and_the_card_have_no_sign_before_the_name(house: House) -> None:
    await with_support(house)
    async with visiting(house, hsa_id=ANNA, size=(40, 12), wishes=wishing()) as visit:
        await visit.goes_to("Fsk: given, Asylsökande i förskola")
    async with visiting(house, hsa_id=SIV, wishes=wishing()) as visit:
        await visit.type("anna andersson")
        await visit.sees("1 person")
        await visit.press("down", "enter")
        await visit.goes_to("Fsk: given, Asylsökande i förskola")
        await visit.press("end")
        assert row(visit).strip().startswith("1 februari 2024"), row(visit)


async def test_what_was_switched_to_words_in_a_room_is_drawn_so_at_once(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("2", "home", "b")
        await visit.sees("X Asylsökande i förskola")
        await visit.press("f9", "down", "enter")
        await visit.sees("Fsk: given, Asylsökande i förskola")
        await visit.press("f9", "home", "enter")
        await visit.sees("X Asylsökande i förskola")


def test_what_is_said_is_laid_out_without_a_cut_while_there_is_room() -> None:
    assert laid_out(["Ett: 1", "Två: 2"], 14, 2) == ["Ett: 1  Två: 2", ""]
    assert laid_out(["Ett: 1", "Två: 22"], 14, 2) == ["Ett: 1", "Två: 22"]
    assert laid_out(["En längre sats", "Två: 2"], 9, 3) == ["En längre", "sats", "Två: 2"]
    assert laid_out(["ett två tre fyra"], 4, 2) == ["ett", "två tre fyra"]


async def test_the_review_says_its_sentences_whole_and_in_words_what_to_look_at(house: House) -> None:
    async with visiting(house, size=(40, 12), wishes=wishing()) as visit:
        await visit.press("2", "ctrl+f")
        await visit.paste("persson")
        await visit.sees("1 användare")
        await visit.press("down", "t", "f8")
        await visit.sees("Granska 1 ändring i Sundsvalls kommun")
        await visit.goes_to("Observera: Per Persson blir utan")
        await visit.goes_to("Ta bort från Per Persson:")
        read = row(visit).strip()
        await visit.press("right")
        assert f"{read} {row(visit).strip()}".startswith("Ta bort från Per Persson: Asylsökande i förskola")
        await visit.press("left")
        # What somebody else did meanwhile has a word too, and what is told of it names that word.
        await house.written_by(BO, *revokes("per", PRESCHOOL))
        await visit.sees("Hindrar: ")
        await visit.press("f8")
        await visit.sees("raderna med “Hindrar” hindrar")


async def test_whom_to_ask_has_no_sign_before_it_and_no_address_is_cut(house: House) -> None:
    async with visiting(house, size=(40, 12), wishes=wishing()) as visit:
        await visit.press("4")
        await visit.goes_to("E-post:")
        await visit.press("right")
        assert row(visit).strip() == "etjanstkommuner@migrationsverket.se"
        await visit.press("left")
        await visit.goes_to("Kortet eller inloggningen:", most=30)


async def test_what_is_current_and_the_history_are_read_whole(house: House) -> None:
    await published(house)
    async with visiting(house, size=(40, 12), wishes=wishing()) as visit:
        await visit.press("3")
        await visit.sees("oläst, att göra: Försörjningsstöd kan")
        await visit.goes_to("oläst, att göra: Försörjningsstöd")
        read = []
        for _step in range(4):
            read.append(row(visit).strip())
            await visit.press("right")
        whole = " ".join(" ".join(read).split())
        assert whole.startswith(
            "oläst, att göra: Försörjningsstöd kan sökas Publicerad: 1 februari 2024 Slag:"
        )
        assert "~" not in whole
        await visit.press("5", "home")
        await visit.settled()
        assert row(visit).startswith("Eva Ek: "), visit.pictured()
        assert "~" not in row(visit)


async def read_whole(visit: Visit) -> str:
    """Read the row under the cursor to its end, a window at a time, and go back to its beginning."""
    read: list[str] = []
    before: list[str] = []
    while visit.screen() != before:
        read.append(row(visit).strip())
        before = visit.screen()
        await visit.press("right")
    await visit.press(*["left"] * len(read))
    assert "~" not in "".join(read)
    return " ".join(" ".join(read).split())


@pytest.mark.parametrize("size", SIZES)
async def test_supports_rooms_say_who_and_what_first_and_cut_nothing(
    house: House, size: tuple[int, int]
) -> None:
    await with_support(house)
    async with visiting(house, hsa_id=SIV, size=size, wishes=wishing()) as visit:
        await visit.paste("sundsvall")
        await visit.sees("person")
        await visit.press("down", "home")
        assert row(visit).strip().startswith("Sundsvalls kommun: organisation")
        # What is found next begins with who again, wherever one was in what was found before.
        await visit.press("right", "ctrl+f", "ctrl+u")
        await visit.paste("anna andersson")
        await visit.sees("1 person")
        await visit.press("down", "home")
        assert row(visit).strip().startswith("Andersson, Anna: användare")
        read = await read_whole(visit)
        for part in ("Organisation: Sundsvalls kommun", f"HSA-id: {ANNA}", "E-post: anna@sundsvall.example"):
            assert part in read
        await visit.press("o")
        await visit.goes_to("Eva Ek: administratör")
        assert "E-post: eva@sundsvall.example" in await read_whole(visit)
        await visit.press("end")
        assert row(visit).strip().startswith("Se och ändra ansvar för"), row(visit)
        assert (await read_whole(visit)).endswith("ensamkommande: avtal")
        await visit.press("escape", "2")
        await visit.goes_to("Ansök om statlig ersättning: e-tjänst")
        await visit.goes_to("Fsk: Asylsökande i förskola")
        assert (await read_whole(visit)).startswith("Fsk: Asylsökande i förskola Lanserad: ")


@pytest.mark.parametrize("size", SIZES[:2])
async def test_a_row_that_goes_on_is_described_in_one_go_and_ends_where_its_text_does(
    house: House, size: tuple[int, int]
) -> None:
    await house.written_by(BO, *grants("ake", PRESCHOOL))
    async with visiting(house, size=size, wishes=wishing()) as visit:
        await visit.press("5", "home")
        await visit.settled()
        heading = visit.app.cursor_position.y - 1
        assert not visit.screen()[heading].startswith("<")
        await visit.press(*["right"] * 9)
        # The last page on which a row has a text, and the heading says that there is more at the left.
        assert any(line.strip() for line in visit.screen()[heading + 1 : -2])
        assert visit.screen()[heading].startswith("<Fortsättning")
        await visit.press("ctrl+t")
        described = " ".join(visit.app.messages[-1].text.split())
        assert "Fortsättning" not in described
        assert "Bo Berg: Åke Annerstedt fick Asylsökande i förskola. När: 1 februari 2024" in described
        assert described.endswith(".")
        # Back from another room one is at the beginning, which says who; back from a question where one was.
        await visit.press("ctrl+o", "escape")
        assert visit.screen()[heading].startswith("<")
        await visit.press("1", "5")
        await visit.settled()
        assert not visit.screen()[heading].startswith("<")
        assert row(visit).strip().startswith("Bo Berg: Åke Annerstedt")


async def test_the_sign_for_more_at_the_right_stands_only_where_a_row_goes_on(house: House) -> None:
    async with visiting(house, size=(120, 40), wishes=wishing()) as visit:
        await visit.press("3")
        await visit.settled()
        assert not visit.screen()[visit.app.cursor_position.y - 1].endswith(">")
        before = visit.screen()
        await visit.press("right")
        assert visit.screen() == before
    async with visiting(house, size=(40, 12), wishes=wishing()) as visit:
        await visit.press("1", "home")
        await visit.settled()
        assert visit.screen()[visit.app.cursor_position.y - 1].endswith(">")
        await visit.press(*["right"] * 9)
        assert not visit.screen()[visit.app.cursor_position.y - 1].endswith(">")


async def test_a_person_is_described_in_sentences(house: House) -> None:
    async with visiting(house, size=(40, 12), wishes=wishing()) as visit:
        await visit.press("home", "space", "up", "ctrl+t")
        told = f"Anna Andersson, {ANNA}, anna@sundsvall.example. Har 3 av 22 behörigheter. Markerad."
        assert visit.app.messages[-1].text == told
        await visit.press("2", "ctrl+t")
        told = visit.app.messages[-1].text
        assert told.startswith("Anna Andersson, Asylsökande i förskola: given.")
        assert told.endswith(" Markerad.")
        await visit.press("space", "ctrl+t")
        assert not visit.app.messages[-1].text.endswith(" Markerad.")

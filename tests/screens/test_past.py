"""A day in the past: shown as such, only to read, and compared with another."""

from __future__ import annotations

import pytest

from core import changes as c
from core.identity import EmailAddress, FamilyName, Id
from tests.screens.house import BO, CHILDREN, PRESCHOOL, RETIRED, House, grants, revokes
from tests.screens.visit import Visit, visiting

PAST = "FÖRR: som det var när 3 maj 2023 slutade, bara att läsa. Esc visar i dag."


async def to_the_past(visit: Visit, day: str = "2023-05-03") -> None:
    """Look at a day, from the list or the matrix."""
    await visit.press("c")
    await visit.sees("bara att läsa.")
    await visit.paste(day)
    await visit.press("enter")
    await visit.sees("FÖRR: ")
    await visit.settled()


async def change(house: House) -> None:
    """Let somebody change this and that today."""
    await house.written_by(
        BO,
        *revokes("anna", CHILDREN),
        *grants("ake", PRESCHOOL),
        c.AmendAccount(
            account_id=Id("zoe"),
            seen_version=1,
            family_name=FamilyName("Zander"),
            email=EmailAddress("zander@sundsvall.example"),
        ),
    )


async def test_the_list_of_a_day_has_who_was_there_and_what_they_were_called(house: House) -> None:
    await change(house)
    async with visiting(house) as visit:
        await visit.sees("40 användare")
        await to_the_past(visit)
        await visit.sees(PAST, "41 användare", "Hade 3 behörigheter.")
        await visit.press("ctrl+f")
        await visit.paste("zo")
        await visit.sees("1 användare", "Zetterström, Zoë")
        await visit.clear()
        await visit.paste("lämnat")
        await visit.sees("Lämnat, Lena", "Hade 1 behörighet.")
        await visit.press("down", "escape")
        await visit.sees("41 användare", PAST)
        # Esc brings back today, and only then there is nothing to take away.
        await visit.press("escape")
        await visit.sees("40 användare")
        await visit.sees_no("FÖRR")
        await visit.press("ctrl+f")
        await visit.paste("zo")
        await visit.sees("Zander, Zoë")


async def test_the_matrix_follows_into_the_past_with_the_columns_of_the_day(house: House) -> None:
    await change(house)
    async with visiting(house, size=(120, 40)) as visit:
        await to_the_past(visit, "2 mars 2021")
        await visit.press("2")
        await visit.sees("FÖRR: som det var när 2 mars 2021 slutade", "Fsk")
        # Launched later than the day: no column; not ended yet: one that today has not.
        assert visit.lacks("NEns")
        await visit.to_column(RETIRED)
        await visit.to_person("kaisa")
        await visit.sees("Kaisa Hannu, ", ": var given.")
        await visit.to_column(PRESCHOOL, "left")
        await visit.to_person("ake", "up")
        await visit.sees("Åke Annerstedt, Asylsökande i förskola: var inte given.")
        await visit.press("escape")
        await visit.sees_no("FÖRR")
        await visit.sees("NEns", "Åke Annerstedt, Asylsökande i förskola: given.")


@pytest.mark.parametrize(
    ("room", "keys"),
    [
        ("1", ("n", "enter", "delete", "space", "a", "d")),
        ("2", ("enter", "g", "t", "k", "o", "space", "a")),
    ],
)
async def test_nothing_of_the_past_can_be_changed_and_each_key_says_so(
    house: House, room: str, keys: tuple[str, ...]
) -> None:
    async with visiting(house) as visit:
        await to_the_past(visit)
        await visit.press(room)
        await visit.sees(PAST)
        for key in keys:
            visit.app.hush()
            await visit.press(key)
            await visit.sees(": det som har varit går bara att läsa; Esc visar i dag")
        assert not visit.app.desk.draft.count
        assert not visit.app.desk.marks
        await visit.press("escape")
        await visit.sees_no("FÖRR")
        # What was staged before is neither seen in the past nor lost by the visit there.
        await visit.press("2")
        await visit.sees("Fsk")
        await visit.press("t")
        await visit.sees("1 ej skriven")
        await to_the_past(visit)
        assert " X " in visit.line_with("Andersson, Anna")
        assert " - " not in visit.line_with("Andersson, Anna")
        await visit.press("escape")
        await visit.sees_no("FÖRR")
        await visit.sees("ska tas bort")


async def test_one_person_of_the_past_is_a_list_to_read(house: House) -> None:
    async with visiting(house) as visit:
        await to_the_past(visit)
        await visit.press("b")
        await visit.sees("Anna Andersson den 3 maj 2023", PAST, "X  Asylsökande i grundskola")
        await visit.press("escape")
        await visit.sees(PAST)


async def test_a_day_before_the_first_is_empty_and_says_why(house: House) -> None:
    async with visiting(house) as visit:
        await to_the_past(visit, "1/2 2021")
        await visit.sees("Det fanns inga användare den dagen. Esc visar i dag.")
        await visit.press("escape")
        await visit.sees("40 användare")


async def test_a_wrong_day_gets_one_sentence_and_today_is_today(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("c")
        await visit.sees("bara att läsa.")
        for wrong, said in (
            ("", "Skriv en dag, till exempel 2023-05-02."),
            ("i förrgår", "”i förrgår” är ingen dag."),
            ("2 februari 2024", "2 februari 2024 har inte varit än."),
        ):
            await visit.clear()
            await visit.paste(wrong)
            await visit.press("enter")
            await visit.sees(said)
        await visit.clear()
        await visit.paste("1 feb 2024")
        await visit.press("enter")
        await visit.sees("40 användare")
        assert visit.lacks("FÖRR")


async def test_two_days_are_compared_in_sentences(house: House) -> None:
    await change(house)
    async with visiting(house, size=(120, 40)) as visit:
        await to_the_past(visit)
        await visit.press("j")
        await visit.sees("Vad som skiljer mellan den dagen och 3 maj 2023")
        await visit.press("enter")
        await visit.sees(
            "Från 3 maj 2023 till 1 februari 2024",
            "Anna Andersson miste: Administrera barn utan vårdnadshavare.",
            "Åke Annerstedt fick: Asylsökande i förskola.",
            "Lena Lämnat slutade, ",
            "Lena Lämnat miste: Asylsökande i grundskola.",
            "Zoë Zetterström ändrades: efternamn från Zetterström till Zander, e-post från",
            "lanserades 1 februari 2024.",
        )
        await visit.press("escape", "escape")
        await visit.sees_no("FÖRR")
        await visit.press("j")
        await visit.sees("och 1 februari 2024, båda")
        await visit.paste("2024-02-01")
        await visit.press("enter")
        await visit.sees("Inget skiljer mellan de här dagarna.")

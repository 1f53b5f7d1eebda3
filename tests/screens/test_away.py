"""The storage goes away and comes back: what is loaded goes on, nothing is lost, and it is said once."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.ports import StorageError, is_away, leaves_doubt
from core.refusal import Refusal
from tests.screens.house import BO, PRESCHOOL, PRESCHOOL_CLASS, Clock, House, grants
from tests.screens.visit import Visit, visiting
from tui import follower

if TYPE_CHECKING:
    from tests.screens.between import Between

LOST = "Ingen kontakt med databasen sedan 08."
BACK = "Kontakt med databasen igen"


@pytest.fixture(autouse=True)
def asked_after_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "FIRST_WAIT", 0.05)


@asynccontextmanager
async def over_a_line(
    house: House, size: tuple[int, int] = (100, 30)
) -> AsyncGenerator[tuple[Visit, Between]]:
    """Start the program on a storage that can go away."""
    storage = await house.between()
    async with visiting(house, size=size, storage=storage) as visit:
        await visit.until(lambda: visit.app.follower is not None, "the follower")
        yield visit, storage


def times_told(visit: Visit, text: str) -> int:
    """Count how often something is in the log."""
    return sum(text in each.text for each in visit.app.messages)


@pytest.mark.parametrize(
    ("code", "away", "in_doubt"),
    [
        ("server_away", True, True),
        ("storage_away", True, True),
        ("storage_lost", True, True),
        ("storage_unreachable", True, False),
        ("storage_slow", False, False),
        ("storage_locked", False, False),
        ("storage_failed", False, False),
        ("storage_sign_in", False, False),
    ],
)
def test_which_errors_mean_that_the_storage_is_away(code: str, away: bool, in_doubt: bool) -> None:
    refusal = Refusal(code, "storage")
    assert (is_away(refusal), leaves_doubt(refusal)) == (away, in_doubt)


async def test_it_is_said_without_a_key_since_when_and_once_that_it_is_back(house: House) -> None:
    async with over_a_line(house) as (visit, storage):
        await visit.press("down", "down")
        person = visit.app.place
        storage.go_away("storage_away")
        await visit.sees(LOST)
        assert re.search(
            r"Ingen kontakt med databasen sedan 08\.\d\d\. Det som visas lästes 08\.1\d\.",
            "\n".join(visit.screen()),
        )
        await visit.press("down", "down", "up", "up")
        assert visit.app.place == person
        assert times_told(visit, "Ingen kontakt med databasen.") == 1
        await house.written_by(BO, *grants("zoe", PRESCHOOL))
        storage.come_back()
        await visit.sees(BACK)
        await visit.sees_no(LOST)
        await visit.settled()
        assert times_told(visit, BACK) == 1
        assert visit.app.place == person
        row = visit.app.people.find("zoe")
        assert row is not None
        assert row.granted == {PRESCHOOL}


async def test_when_what_is_shown_was_read_does_not_change_with_what_cannot_be_read(house: House) -> None:
    async with over_a_line(house) as (visit, storage):
        await visit.press("2", "enter")
        await visit.sees("1 ej skriven")
        read_at = visit.app.desk.read_at
        storage.go_away("storage_away")
        await visit.sees(LOST, "Det som visas lästes 08.12.")
        assert isinstance(house.clock, Clock)
        house.clock.now += timedelta(minutes=20)
        await visit.press("f8")
        await visit.sees("[ Skriv 1 ändring ]", "Det som visas lästes 08.12.")
        assert visit.app.desk.read_at == read_at
        storage.come_back()
        await visit.sees(BACK)
        await visit.settled()
        assert visit.app.desk.read_at > read_at + timedelta(minutes=20)


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_room_may_be_opened_while_a_reading_fails(house: House, *, is_known: bool) -> None:
    # What is current is read again at the very key that opens the room, and fails before that has its parts.
    async with over_a_line(house) as (visit, storage):
        await visit.press("2", "enter")
        await visit.sees("1 ej skriven")
        if is_known:
            storage.go_away("storage_away")
            await visit.sees(LOST)
        else:
            storage.is_away = StorageError(Refusal("storage_away", "storage"))
        assert isinstance(house.clock, Clock)
        house.clock.now += timedelta(minutes=20)
        await visit.press("f8")
        await visit.sees("[ Skriv 1 ändring ]", "Ingen kontakt med databasen sedan 08.")
        storage.come_back()
        await visit.sees(BACK)


async def test_a_server_is_called_a_server(house: House) -> None:
    async with over_a_line(house) as (visit, storage):
        storage.go_away("server_away")
        await visit.sees("Ingen kontakt med servern sedan 08.")
        storage.come_back()
        await visit.sees("Kontakt med servern igen")


async def test_edits_are_staged_and_kept_and_nothing_is_written_meanwhile(house: House) -> None:
    async with over_a_line(house) as (visit, storage):
        await visit.press("2")
        await visit.sees("Fsk")
        await visit.settled()
        storage.go_away("storage_away")
        await visit.sees(LOST)
        await visit.press("down", "enter")
        await visit.sees("1 ej skriven")
        await visit.press("right")
        await visit.sees("Det kunde inte läsas: ingen kontakt med databasen.")
        await visit.press("f8")
        await visit.sees("Ge Åke Annerstedt: Asylsökande i förskola", "[ Skriv 1 ändring ]")
        await visit.press("f8", "enter")
        await visit.sees(
            "Ingenting har skrivits: ingen kontakt med databasen sedan 08.", "Utkastet finns kvar."
        )
        assert await house.has("ake") == set()
        storage.come_back()
        await visit.sees(BACK)
        await visit.until(lambda: visit.shows("Granska 1 ändring i Sundsvalls kommun"), "the review")
        await visit.settled()
        await visit.press("f8", "enter")
        await visit.sees("1 ändring är skriven.")
        assert await house.has("ake") == {PRESCHOOL}


async def test_what_one_was_told_last_stands_while_the_storage_goes_and_comes(house: House) -> None:
    async with over_a_line(house) as (visit, storage):
        await visit.press("2")
        await visit.sees("Fsk")
        await visit.press("down", "enter", "f8")
        await visit.sees("[ Skriv 1 ändring ]")
        await visit.sees_no("Läser")
        await visit.press("f8", "enter")
        await visit.sees("1 ändring är skriven.")
        storage.go_away("storage_away")
        await visit.sees("1 ändring är skriven.", "Ingen kontakt med databasen.")
        storage.come_back()
        await visit.sees("1 ändring är skriven.", BACK)
        assert visit.lacks("Ingenting kan skrivas")
        # What others do is told behind both, and the log has each by itself.
        await house.written_by(BO, *grants("zoe", PRESCHOOL))
        await visit.sees("1 ändring är skriven.", BACK, "Zoë Zetterström fick")
        assert [times_told(visit, text) for text in ("1 ändring är skriven.", BACK, "Zoë")] == [1, 1, 1]
        # A key says that it is read.
        await visit.press("down")
        await house.written_by(BO, *grants("lisa", PRESCHOOL))
        await visit.sees("Lisa Larsson fick")
        assert visit.lacks("1 ändring är skriven.")


async def test_what_could_not_be_told_of_a_cell_is_told_when_it_comes_back(house: House) -> None:
    async with over_a_line(house) as (visit, storage):
        await visit.press("2")
        await visit.sees("Fsk")
        await visit.settled()
        storage.go_away("storage_away")
        await visit.sees(LOST)
        await visit.press("right", "left")
        await visit.sees("Det kunde inte läsas: ingen kontakt med databasen.")
        storage.come_back()
        await visit.sees(BACK, "Gavs ")
        await visit.sees_no("Det kunde inte läsas")


async def test_a_search_says_that_it_was_not_read_and_comes_by_itself(house: House) -> None:
    async with over_a_line(house) as (visit, storage):
        storage.go_away("storage_away")
        await visit.sees(LOST)
        await visit.press("ctrl+f")
        await visit.type("zet")
        await visit.sees(
            "Det kunde inte läsas: ingen kontakt med databasen.", "fortfarande de som svarade mot"
        )
        assert visit.shows("Andersson, Anna")
        storage.come_back()
        await visit.sees("1 användare")
        await visit.sees_no("Andersson, Anna", "fortfarande")


async def test_a_write_whose_answer_was_lost_is_found_out_when_it_comes_back(house: House) -> None:
    async with over_a_line(house) as (visit, storage):
        await visit.press("2")
        await visit.sees("Fsk")
        await visit.press("right", "enter")
        await visit.press("f8")
        await visit.sees("[ Skriv 1 ändring ]")
        await visit.settled()
        storage.goes_in_write = "after"
        await visit.press("f8", "enter")
        await visit.sees("Kontakten bröts medan det skrevs.", "tas det reda på")
        assert await house.has("anna") >= {PRESCHOOL_CLASS}
        storage.come_back()
        await visit.sees("1 ändring skrevs innan svaret gick förlorat.")
        await visit.sees_no("ej skriven")


async def test_at_the_start_what_was_written_and_that_there_is_a_draft_are_both_told(house: House) -> None:
    async with over_a_line(house) as (visit, storage):
        await visit.press("2")
        await visit.sees("Fsk")
        await visit.press("right", "enter")
        await visit.press("f8")
        await visit.sees("[ Skriv 1 ändring ]")
        await visit.settled()
        storage.goes_in_write = "after"
        await visit.press("f8", "enter")
        await visit.sees("Kontakten bröts medan det skrevs.")
        await visit.press("escape", "down", "enter")
        await visit.sees("2 ej skrivna")
        await visit.press("ctrl+c")
        await visit.until(lambda: visit.app.return_value is not None, "the end")
    async with visiting(house) as visit:
        await visit.sees(
            "1 ändring skrevs innan svaret gick förlorat.",
            "Ditt utkast från förra gången finns här",
            "1 ej skriven",
        )


async def test_a_write_that_never_came_through_stays_in_the_draft(house: House) -> None:
    async with over_a_line(house) as (visit, storage):
        await visit.press("2")
        await visit.sees("Fsk")
        await visit.press("right", "enter")
        await visit.press("f8")
        await visit.sees("[ Skriv 1 ändring ]")
        await visit.settled()
        storage.goes_in_write = "before"
        await visit.press("f8", "enter")
        await visit.sees("Kontakten bröts medan det skrevs.", "Utkastet finns kvar.")
        storage.come_back()
        await visit.sees("Det som skickades sist skrevs inte; det finns kvar i utkastet.", "1 ej skriven")


async def test_a_form_for_a_person_stays_open_and_says_what_could_not_be_looked_up(house: House) -> None:
    async with over_a_line(house) as (visit, storage):
        await visit.press("n")
        await visit.sees("Ny användare")
        storage.go_away("storage_away")
        await visit.fill("TSTNMT2120002411-2001")
        await visit.sees("Det kunde inte läsas: ingen kontakt med databasen.")
        await visit.fill("Nina", "Ny", "nina@sundsvall.example")
        await visit.press("f8")
        await visit.sees("Nina Ny är förberedd, inte skriven.")


async def test_one_reading_that_fails_is_no_reason_to_stay_away(house: House) -> None:
    """Who follows may not have noticed: the line of the following stands all the while."""
    async with over_a_line(house) as (visit, storage):
        storage.is_away = StorageError(Refusal("storage_unreachable", "storage"))
        await visit.press("ctrl+r")
        await visit.sees(LOST)
        storage.is_away = None
        await visit.sees(BACK)
        await visit.sees_no(LOST)


async def test_what_is_read_beside_says_nothing_at_each_step(house: House) -> None:
    async with over_a_line(house) as (visit, storage):
        await visit.press("2")
        await visit.sees("Fsk")
        storage.go_away("storage_away")
        await visit.sees(LOST)
        told = len(visit.app.messages)
        for _step in range(4):
            await visit.press("down")
            await visit.settled()
            await visit.sees("Det kunde inte läsas: ingen kontakt med databasen.")
        assert len(visit.app.messages) == told

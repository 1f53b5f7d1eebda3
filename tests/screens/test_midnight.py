"""Midnight in Sweden, with the program open: what begins with the day is there, and that is said once."""

from datetime import UTC, date, datetime

from tests.screens.house import (
    BO,
    PRESCHOOL,
    Clock,
    House,
    grants,
    revokes,
)
from tests.screens.visit import Visit, visiting

EVENING = datetime(2024, 2, 1, 22, 50, tzinfo=UTC)
"""Ten to midnight."""
NIGHT = datetime(2024, 2, 1, 23, 5, tzinfo=UTC)
"""Five past midnight."""
NEW = "midnattstillagg"


def told(visit: Visit) -> int:
    """Count how often a new day was told."""
    return sum(each.text.startswith("Ny dag: ") for each in visit.app.messages)


async def late_in_the_evening(house: House) -> Clock:
    """Let a permission be launched tomorrow, and give the clock, ten minutes before."""
    await house.launch(NEW, "Mid", date(2024, 2, 2))
    assert isinstance(house.clock, Clock)
    house.clock.now = EVENING
    return house.clock


async def test_a_launch_at_midnight_appears_in_the_matrix_at_the_next_step_and_is_said_once(
    house: House,
) -> None:
    clock = await late_in_the_evening(house)
    async with visiting(house, size=(140, 40)) as visit:
        await visit.press("2", "down", "right")
        await visit.sees("Fsk")
        assert visit.lacks("Mid")
        person, column = visit.app.place, visit.app.column
        await house.written_by(BO, *grants("ake", PRESCHOOL))
        clock.now = NIGHT
        await visit.press("left")
        await visit.press("right")
        await visit.sees("Ny dag: 2 februari 2024. Listor och kolumner läses om.", "Mid!")
        await visit.settled()
        assert (visit.app.place, visit.app.column) == (person, column)
        assert PRESCHOOL in visit.app.people.rows[1].granted
        assert visit.app.people.rows[1].account.id == "ake"
        await visit.to_column(NEW)
        await visit.press("g")
        await visit.sees("1 ej skriven")
        await visit.press("1", "down", "2", "up", "down")
        await visit.settled()
        assert told(visit) == 1


async def test_the_list_is_read_again_at_the_first_key_after_midnight(house: House) -> None:
    clock = await late_in_the_evening(house)
    async with visiting(house) as visit:
        await visit.press("down")
        assert PRESCHOOL in visit.app.people.rows[0].granted
        await house.written_by(BO, *revokes("anna", PRESCHOOL))
        clock.now = NIGHT
        # Keys that come in one burst are all taken, and the day is told once.
        await visit.press("down", "down", "up")
        await visit.sees("Ny dag: 2 februari 2024.")
        await visit.press("space")
        await visit.sees("1 markerad")
        await visit.settled()
        assert told(visit) == 1
        assert PRESCHOOL not in visit.app.people.rows[0].granted
        assert visit.app.desk.today == date(2024, 2, 2)


async def test_a_day_that_a_refused_write_met_first_is_told_as_well(house: House) -> None:
    clock = await late_in_the_evening(house)
    async with visiting(house, size=(140, 40)) as visit:
        await visit.press("2", "down", "g", "f8")
        await visit.sees("[ Skriv 1 ändring ]")
        await visit.press("f8")
        await house.written_by(BO, *grants("ake", PRESCHOOL))
        clock.now = NIGHT
        await visit.press("enter")
        await visit.sees("Inget skrevs: 1 ändring stämmer inte längre.")
        await visit.press("escape")
        await visit.sees("Ny dag: 2 februari 2024.", "Mid!")
        await visit.settled()
        assert told(visit) == 1


async def test_a_new_day_does_not_take_the_place_of_what_the_key_led_to(house: House) -> None:
    clock = await late_in_the_evening(house)
    async with visiting(house) as visit:
        await visit.press("down")
        clock.now = NIGHT
        await visit.press("f7")
        await visit.sees("du har inte skrivit något sedan starten", "Ny dag: 2 februari 2024.")

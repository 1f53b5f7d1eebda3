"""What another person changes appears by itself, in words, and nothing under the cursor moves."""

import asyncio
from datetime import date

from core import changes as c
from core.identity import Id
from core.ports import StorageError
from core.refusal import Refusal
from core.service import Service, actor_of
from storage.open import open_storage
from storage.seed import build
from tests.screens.house import (
    BO,
    CHILDREN,
    EVA,
    PRESCHOOL,
    PRESCHOOL_CLASS,
    SCHOOL,
    SUNDSVALL,
    House,
    amend,
    counted,
    grants,
    register,
    revokes,
)
from tests.screens.visit import visiting
from tui.follower import BETWEEN


async def test_another_persons_grant_is_told_and_shown_where_the_cursor_stays(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("2")
        await visit.to_person("kaisa")
        await visit.to_column(SCHOOL)
        at, line = visit.app.cursor_position, visit.line_with("Hannu, Kaisa")
        await house.written_by(BO, *grants("kaisa", PRESCHOOL_CLASS))
        await visit.sees("Bo Berg, 08.1", "Kaisa Hannu fick Asylsökande i förskoleklass")
        assert visit.line_with("Hannu, Kaisa") != line
        assert (visit.app.place, visit.app.column) == ("kaisa", SCHOOL)
        assert visit.app.cursor_position == at
        assert any("Kaisa Hannu" in each.text for each in visit.app.messages)


async def test_what_another_person_writes_does_not_take_the_place_of_what_one_was_just_told(
    house: House,
) -> None:
    async with visiting(house) as visit:
        await visit.press("2")
        await visit.to_person("kaisa")
        await visit.to_column(SCHOOL)
        await visit.press("g", "f8", "f8", "enter")
        await visit.sees("1 ändring är skriven.")
        await house.written_by(BO, *grants("kaisa", PRESCHOOL_CLASS))
        await visit.sees("1 ändring är skriven.", "Bo Berg, 08.1", "Kaisa Hannu fick")
        # The next of theirs comes instead of the one before, and the log has each by itself.
        await house.written_by(BO, *grants("lisa", PRESCHOOL_CLASS))
        await visit.sees("1 ändring är skriven.", "Lisa Larsson fick")
        assert visit.lacks("Kaisa Hannu fick")
        assert not any("skriven" in each.text and "Bo" in each.text for each in visit.app.messages)
        # A key has been pressed: what was said is read.
        await visit.press("down")
        await house.written_by(BO, *grants("orjan", PRESCHOOL_CLASS))
        await visit.sees("Örjan Öberg fick")
        assert visit.lacks("är skriven")


async def test_who_comes_and_who_leaves_is_in_the_list_and_not(house: House) -> None:
    async with visiting(house) as visit:
        await visit.to_person("kaisa")
        y = visit.app.cursor_position[1]
        await house.written_by(
            BO, register("abel", "Abel", "Abelin", "abel@sundsvall.example", f"{EVA[:-4]}1777")
        )
        await visit.sees("41 användare")
        assert visit.app.people.find("abel") is not None
        assert visit.app.place == "kaisa"
        assert visit.at_cursor().startswith("Hannu, Kaisa")
        seen = c.DeregisterAccount(account_id=Id("ake"), seen_version=1, seen_permission_ids=())
        await house.written_by(BO, seen)
        await visit.sees("40 användare")
        await visit.sees_no("Annerstedt, Åke")
        assert visit.app.place == "kaisa"
        assert visit.app.cursor_position[1] in (y, y + 1)


async def test_many_changes_are_one_sentence(house: House) -> None:
    async with visiting(house) as visit:
        for number in range(12):
            await house.written_by(BO, *grants(f"crowd-{number}", PRESCHOOL))
        await visit.sees("Bo Berg gjorde")
        told = [each.text for each in visit.app.messages]
        assert len(told) < 6


async def test_a_burst_floods_nobody(house: House) -> None:
    storage = await open_storage(str(house.path))
    async with visiting(house) as visit:
        before = len(visit.app.messages)
        service = Service(storage, actor_of((await storage.identify(BO))[0]), house.clock, counted("burst"))
        for number in range(200):
            change = grants if number % 2 == 0 else revokes
            await build.write(service, SUNDSVALL, change("kaisa", SCHOOL))
        await storage.close()
        await visit.sees("Bo Berg")

        def counts() -> list[int]:
            told = [each.text for each in visit.app.messages[before:]]
            return [int(text.split()[3]) if "gjorde" in text else 1 for text in told]

        await visit.until(lambda: sum(counts()) >= 200, "all that was written")
        await asyncio.sleep(2 * BETWEEN)
        assert sum(counts()) == 200, counts()
        assert len(counts()) <= 8, counts()


async def test_own_writes_are_not_told_as_anothers(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("2")
        await visit.to_person("kaisa")
        await visit.to_column(SCHOOL)
        await visit.press("g")
        await visit.writes("1 ändring är skriven")
        await house.written_by(BO, *grants("per", SCHOOL))
        await visit.sees("Per Persson fick")
        assert not any("Eva Ek" in each.text or "annat fönster" in each.text for each in visit.app.messages)


async def test_the_same_person_in_another_window_is_told_as_such(house: House) -> None:
    async with visiting(house) as visit:
        await house.written_by(EVA, *grants("per", SCHOOL))
        await visit.sees("Du, i ett annat fönster, 08.1")


async def test_a_draft_that_no_longer_fits_is_marked_at_once(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("2")
        await visit.to_person("per")
        await visit.to_column(PRESCHOOL_CLASS)
        await visit.press("g")
        await house.written_by(BO, *grants("per", PRESCHOOL_CLASS))
        await visit.sees("stämmer inte längre; F8", "Stämmer inte längre:")
        assert "!" in visit.line_with("Persson, Per")
        assert visit.app.desk.draft.count == 1, "the draft stays as it is"


async def test_a_draft_about_somebody_whose_name_changed_is_marked_in_the_list(house: House) -> None:
    async with visiting(house) as visit:
        await visit.to_person("per")
        await visit.press("enter")
        await visit.sees("[ Förbered ]")
        await visit.press("down", "down")
        await visit.clear()
        await visit.type("Persen")
        await visit.press("f8")
        assert visit.app.desk.draft.count == 1
        await house.written_by(BO, amend("per", "Pettersson"))
        await visit.until(lambda: visit.app.desk.stale != (), "the draft to be stale")
        await visit.sees("stämmer inte längre")
        assert visit.app.place == "per"


async def test_the_past_does_not_change(house: House) -> None:
    async with visiting(house) as visit:
        await visit.sees("Andersson, Anna")
        visit.app.room.show_day(date(2023, 6, 1))  # type: ignore[union-attr]  # the list is in front
        await visit.sees("FÖRR:")
        await visit.settled()
        rows = list(visit.app.people.rows)
        await house.written_by(BO, *revokes("anna", CHILDREN))
        await visit.sees("Bo Berg, 08.1")
        assert list(visit.app.people.rows) == rows


async def test_a_dialog_keeps_the_focus_while_the_list_behind_follows(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("f")
        await visit.sees("Visa bara")
        focus = visit.app.focused
        await house.written_by(
            BO, register("abel", "Abel", "Abelin", "abel@sundsvall.example", f"{EVA[:-4]}1777")
        )
        await visit.until(lambda: visit.app.people.find("abel") is not None, "the newcomer")
        assert visit.app.focused is focus
        await visit.press("escape", "up")
        await visit.sees("Abelin, Abel")


# Away ------------------------------------------------------------------------------------------------


async def test_away_is_told_once_reading_and_staging_go_on_and_it_comes_back(house: House) -> None:
    between = await house.between()
    async with visiting(house, storage=between) as visit:
        await visit.press("2")
        await visit.to_person("per")
        await visit.to_column(PRESCHOOL_CLASS)
        between.is_away = StorageError(Refusal("storage_unreachable", "storage", {"path": "x", "error": "y"}))
        between.cut()
        await visit.sees("Ingen kontakt med databasen sedan 08.1", "Det som visas lästes 08.1")
        told = len(visit.app.messages)
        await visit.press("down", "up", "g")
        assert visit.app.desk.draft.count == 1
        await house.written_by(BO, *grants("kaisa", SCHOOL))
        between.is_away = None
        await visit.sees_no("Ingen kontakt med databasen sedan")
        await visit.sees("Kaisa Hannu fick")
        texts = [each.text for each in visit.app.messages[told:]]
        assert sum("Kontakt med databasen igen" in text for text in texts) == 1
        assert visit.app.desk.draft.count == 1


async def test_a_write_while_away_writes_nothing_and_the_draft_stays(house: House) -> None:
    between = await house.between()
    async with visiting(house, storage=between) as visit:
        await visit.press("2")
        await visit.to_person("per")
        await visit.to_column(PRESCHOOL_CLASS)
        await visit.press("g", "f8")
        await visit.sees("[ Skriv 1 ändring ]")
        between.is_away = StorageError(Refusal("storage_unreachable", "storage", {"path": "x", "error": "y"}))
        between.cut()
        await visit.press("f8", "enter")
        await visit.sees("Utkastet finns kvar")
        assert visit.app.desk.draft.count == 1
        between.is_away = None
        await visit.sees_no("Ingen kontakt med databasen sedan")
        assert PRESCHOOL_CLASS not in await house.has("per")

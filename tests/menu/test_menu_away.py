"""The menu where a storage goes away, an answer is lost, or the disk is full: said, and nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.ports import StorageError
from core.refusal import Refusal
from tests.menu.person import Person
from tests.screens.callers import SIV, with_support
from tests.screens.house import BO, PRESCHOOL, House, amend

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.draft import Draft
    from tests.screens.between import Between
    from tui.session import Session


STAGE = ("användare", "1", "/ake annerstedt", "1", "ge behörigheter", "1", "0", "0", "0")
"""From the first menu: give Åke the first kind, and go back."""


async def sat_down(house: House, change: Callable[[Session], None] | None = None) -> tuple[Person, Between]:
    storage = await house.between()
    session = await house.connect(storage=storage)
    if change is not None:
        change(session)
    return Person(session), storage


async def test_a_storage_that_is_away_is_said_and_the_draft_stays(house: House) -> None:
    person, storage = await sat_down(house)
    await person.says(*STAGE)
    storage.go_away("storage_away")
    said = await person.says("historik")
    assert "Inget mer kan läsas eller skrivas förrän det finns kontakt igen; ditt utkast finns kvar." in said
    assert "Granska, 1 ej skriven" in said
    assert "ditt utkast finns kvar" in await person.says("granska")
    storage.come_back()
    assert "1. Skriv 1 ändring" in await person.says("granska")
    storage.goes_in_write = "before"
    said = await person.says("1", "1")
    assert "Utkastet finns kvar." in said
    storage.come_back()
    assert "1 ändring är skriven." in await person.says("granska", "1", "1")
    assert (await person.leaves()).endswith("Hej då.")
    assert PRESCHOOL in await house.has("ake")


async def test_a_lost_answer_is_found_out_before_anything_is_written_again(house: House) -> None:
    person, storage = await sat_down(house)
    await person.says(*STAGE, "granska")
    storage.loses_answers = True
    said = await person.says("1", "1")
    assert (
        "Utkastet finns kvar. 1 ändring skrevs innan svaret gick förlorat. Inget är kvar att skriva." in said
    )
    assert "Inget skrevs" not in said
    assert "Granska: inget är förberett." in await person.says("granska")
    await person.leaves()
    assert len(await house.writes()) == 5


async def test_a_lost_answer_to_an_undo_is_found_out_or_said_to_be_unknown(house: House) -> None:
    person, storage = await sat_down(house)
    await person.says(*STAGE, "granska", "1", "1")
    assert "Ångra 1 ändring" in await person.says("ångra")
    # The contact goes with the answer, and nobody can be asked.
    storage.goes_in_write = "after"
    said = await person.says("1", "1")
    assert "Ingen vet ännu om det skrevs. Historiken visar det när det finns kontakt igen." in said
    assert "Inget skrevs" not in said
    storage.come_back()
    assert "1 ändring skrevs innan svaret gick förlorat." in await person.says("ångra")
    # What was written last is the undoing now.
    assert "Ångra 1 ändring" in await person.says("ångra")
    await person.leaves()
    assert PRESCHOOL not in await house.has("ake")
    assert len(await house.writes()) == 6


async def test_an_undo_whose_answer_is_lost_ends_as_written(house: House) -> None:
    person, storage = await sat_down(house)
    await person.says(*STAGE, "granska", "1", "1", "ångra")
    storage.goes_in_write = "answer"
    said = await person.says("1", "1")
    assert "1 ändring skrevs innan svaret gick förlorat. Första menyn" in said
    assert "Inget skrevs" not in said
    assert "Ångra 1 ändring" in await person.says("ångra")
    assert "Inget skrevs." in await person.says("0")
    await person.leaves()
    assert PRESCHOOL not in await house.has("ake")
    assert len(await house.writes()) == 6


async def test_an_announcement_stays_where_its_write_does_not_come_through(house: House) -> None:
    await with_support(house)
    storage = await house.between()
    person = Person(await house.connect(SIV, storage=storage))
    await person.says(
        "aktuellt", "skriv nytt", "", "", "", "Stängt", "", "", "", "", "", "Vi har stängt.", "."
    )
    storage.goes_in_write = "before"
    said = await person.says("", "1", "1")
    assert "Enter är 1, Granska" in said
    assert "Inget skrevs" not in said
    storage.come_back()
    # Asked again, the storage has it not; only then it is said that nothing was written.
    assert "Publicera ”Stängt”" in await person.says("")
    assert "Inget skrevs." in await person.says("")
    # Written, and the answer is lost: it ends as written all the same.
    storage.goes_in_write = "answer"
    said = await person.says("", "1", "1")
    assert "1 ändring skrevs innan svaret gick förlorat." in said
    assert "Enter är 1, Granska" not in said
    await person.leaves()


async def test_what_another_person_does_is_said_at_the_first_menu(house: House) -> None:
    person, _storage = await sat_down(house)
    await person.says("användare", "1", "/ake annerstedt", "1", "ändra", "", "", "Holm", "")
    await house.written_by(BO, amend("ake", "Lund"))
    said = await person.says("0", "0", "0")
    assert "Bo Berg, " in said
    assert "Det som är förberett för Åke Annerstedt stämmer inte längre:" in said
    # Held on to, it is stated over what is true now.
    assert "Granska 1 ändring" in await person.says("granska", "behåll")
    assert "1 ändring är skriven." in await person.says("1", "1")
    await person.leaves()
    assert (await house.account("ake")).family_name == "Holm"


async def test_who_leaves_with_a_draft_that_the_disk_does_not_take_is_asked(house: House) -> None:
    def fill(session: Session) -> None:
        def save(draft: Draft) -> None:
            raise StorageError(Refusal("draft_full", "", {"folder": "/x"}))

        session.drafts.save = save  # type: ignore[method-assign]  # the disk is full from now on

    person, _storage = await sat_down(house, fill)
    said = await person.says("användare", "1", "/ake annerstedt", "1", "ge behörigheter", "1")
    assert "Disken är full" in said
    said = await person.says("avsluta")
    assert "avslutar du nu går den förlorad." in said
    assert "Första menyn" in await person.says("")
    assert "Hej då." in await person.says("avsluta", "1")
    await person.leaves()

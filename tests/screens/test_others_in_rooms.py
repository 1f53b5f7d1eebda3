"""What others write meanwhile, in every room but the list and the matrix (those are in ``test_others``)."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

import pytest

from core import changes as c
from core.directory import AUTHORITY
from core.identity import Headline, Id, Title
from core.queries import MOST_EVENTS_SHOWN, Accounts
from storage.sql import wakers
from tests.builders import announce, content
from tests.screens.announced import by_support, published
from tests.screens.callers import SIV, dismissed_by_support, supporting, views, with_support
from tests.screens.house import (
    BO,
    CROWD,
    MORNING,
    OWNER,
    PRESCHOOL,
    PRESCHOOL_CLASS,
    SCHOOL,
    SECONDARY,
    SUNDSVALL,
    Clock,
    House,
    amend,
    grants,
    register,
    revokes,
)
from tests.screens.visit import Visit, visiting
from tui import follower
from tui.screens import search

KAISA = f"{OWNER}-1103"
NEW = "kvallstillagg"
MORE = ("asyl-nationellt-program-efter-18", "asyl-extraordinara-skolkostnader", "nyanlanda-grundersattning")


@pytest.fixture(autouse=True)
def learned_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "BETWEEN", 0.2)
    monkeypatch.setattr(follower, "FIRST_WAIT", 0.05)
    monkeypatch.setattr(wakers, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(search, "REST", 0.1)


def told(visit: Visit) -> str:
    """Give what is told of the line under the cursor, whole."""
    assert visit.app.room is not None
    return visit.app.room.told


def line_at_cursor(visit: Visit) -> str:
    """Give the whole line that the hardware cursor stands in."""
    return visit.screen()[visit.app.cursor_position[1]]


def besides(visit: Visit) -> frozenset[str]:
    """Give the organisations that are followed because they are on the screen."""
    assert visit.app.follower is not None
    return visit.app.follower.besides


async def comes_to_tell(visit: Visit, beginning: str) -> None:
    """Wait until what is told of the line begins so."""
    await visit.until(lambda: told(visit).startswith(beginning), f"to be told {beginning!r}")


async def test_a_card_is_read_again_for_its_own_person_and_the_line_stays(house: House) -> None:
    async with supporting(house, (100, 45)) as visit:
        await visit.paste("kaisa")
        await visit.sees("Hannu, Kaisa")
        await visit.press("enter")
        await visit.sees("Kaisa Hannu, användare")
        await visit.press("down")
        await comes_to_tell(visit, "Asylsökande i förskoleklass: inte given.")
        line = visit.app.cursor_position
        await house.written_by(BO, *grants("kaisa", PRESCHOOL_CLASS))
        await visit.sees("Bo Berg, 08.1", "Kaisa Hannu fick Asylsökande i förskoleklass.")
        await comes_to_tell(visit, "Asylsökande i förskoleklass: given.")
        assert visit.app.cursor_position == line
        assert visit.line_with("Asylsökande i förskoleklass").strip().startswith("X")
        assert len(await views(house, "kaisa")) == 2, "the look that was asked for, and the one that followed"
        # Another's permissions are no reason to look at this person once more.
        await house.written_by(BO, *grants("per", SCHOOL))
        await visit.sees("Per Persson fick Asylsökande i grundskola.")
        await visit.settled()
        # What is no person's is read again without a look: who administers, and what there is to be given.
        await dismissed_by_support(house, "bo")
        await house.launch(NEW, "Kvä", date(2024, 2, 1))
        await visit.sees_no("Bo Berg (bo@sundsvall.example)")
        await visit.sees("Kvallstillagg")
        await visit.settled()
        assert visit.app.cursor_position == line
        assert len(await views(house, "kaisa")) == 2


async def test_a_card_is_read_again_when_its_person_may_be_among_those_who_are_not_told(house: House) -> None:
    async with supporting(house, (100, 30)) as visit:
        await visit.paste("kaisa")
        await visit.sees("Hannu, Kaisa")
        await visit.press("enter")
        await visit.sees("Kaisa Hannu, användare")
        # Of a write as large as this only the first events are told.
        some = (PRESCHOOL, PRESCHOOL_CLASS, SCHOOL, SECONDARY, *MORE)
        many = [each for account_id, *_ in CROWD for each in grants(account_id, *some)]
        assert len(many) > MOST_EVENTS_SHOWN
        await house.written_by(BO, *many, *grants("kaisa", PRESCHOOL_CLASS))
        await visit.until(
            lambda: visit.line_with("Asylsökande i förskoleklass").strip().startswith("X"), "the permission"
        )


async def test_whoever_comes_or_is_called_otherwise_is_in_supports_search_and_the_cursor_stays(
    house: House,
) -> None:
    async with supporting(house, (120, 30)) as visit:
        await visit.paste("sundsv strom")
        await visit.sees("Bergström, Greta", "31 personer")
        await visit.press("down", "down", "down")
        await comes_to_tell(visit, "Disa Bergström")
        line = visit.app.cursor_position
        await visit.until(lambda: besides(visit) == {SUNDSVALL}, "the rest of the letters")
        # Who comes further down is there; who comes before the first one shown moves nothing, and is told.
        await house.written_by(
            BO,
            register("ulf", "Ulf", "Dalström", "ulf@sundsvall.example", f"{OWNER}-1777"),
            amend("crowd-5", "Hagaström"),
        )
        await visit.sees("32 personer", "Dalström, Ulf")
        assert visit.app.cursor_position == line
        await house.written_by(
            BO, register("abel", "Abel", "Abelström", "abel@sundsvall.example", f"{OWNER}-1778")
        )
        await visit.sees("33 personer", "1 ny rad finns ovanför dem som visas")
        assert visit.app.cursor_position == line
        assert told(visit).startswith("Disa Bergström")
        await visit.press("up", "up", "up")
        await visit.sees("Abelström, Abel")
        # Nobody is found yet: then nothing is followed, which is said.
        await visit.press("escape")
        await visit.paste("nils nyman sundsvall")
        await visit.sees("Ingen i landet motsvarar", "Ctrl+R letar igen")
        await house.written_by(
            BO, register("nils", "Nils", "Nyman", "nils@sundsvall.example", f"{OWNER}-1779")
        )
        await visit.press("f5")
        await visit.sees("Nyman, Nils", "1 person")


async def test_permissions_alone_are_no_reason_to_look_through_the_country_again(house: House) -> None:
    between = await house.between()
    await with_support(house)
    async with visiting(house, hsa_id=SIV, storage=between) as visit:
        await visit.paste("sundsv kaisa")
        await visit.sees("Hannu, Kaisa")
        await visit.until(lambda: besides(visit) == {SUNDSVALL}, "the rest of the letters")
        asked = between.asked(Accounts)
        await house.written_by(BO, *grants("kaisa", SCHOOL))
        await visit.sees("Kaisa Hannu fick Asylsökande i grundskola.")
        assert between.asked(Accounts) == asked
        await house.written_by(BO, amend("kaisa", "Hannukainen"))
        await visit.sees("Hannukainen, Kaisa")
        assert between.asked(Accounts) == asked + 1


async def test_the_history_and_what_is_current_grow_above_and_the_cursor_stays(house: House) -> None:
    await published(house)
    for number in range(30):
        await house.written_by(BO, *(grants if number % 2 == 0 else revokes)("ake", SCHOOL))
    async with visiting(house, size=(100, 24)) as visit:
        await visit.press("5")
        await visit.sees("34 skrivningar")
        await visit.press("down", "down")
        line, text = visit.app.cursor_position, line_at_cursor(visit)
        await house.written_by(BO, *grants("kaisa", SCHOOL))
        await visit.sees("35 skrivningar", "1 ny rad finns ovanför dem som visas")
        assert (visit.app.cursor_position, line_at_cursor(visit)) == (line, text)
        await visit.press("home")
        await visit.sees("Kaisa Hannu fick Asylsökande i grundskola")
        # A filter goes on holding for what comes.
        await visit.press("1")
        await visit.to_person("kaisa")
        await visit.press("h")
        await visit.sees("Visar: om Kaisa Hannu", "3 skrivningar")
        await house.written_by(BO, *grants("per", SCHOOL))
        await visit.sees("Per Persson fick")
        await visit.settled()
        await visit.sees("3 skrivningar")
        await house.written_by(BO, *revokes("kaisa", SCHOOL))
        await visit.sees("4 skrivningar")
        # What is current.
        await visit.press("3")
        await visit.sees("Ett fel är rättat")
        await visit.press("down")
        assert "Försörjningsstöd" in line_at_cursor(visit)
        await visit.press("up")
        assert visit.app.follower is not None
        await by_support(house, announce("nytt", content("Något alldeles nytt", at=MORNING)))
        await visit.sees("Något alldeles nytt", "1 ny nyhet under Aktuellt.")
        await by_support(
            house,
            c.WithdrawAnnouncement(
                announcement_id=Id("lansering"),
                seen_version=1,
                seen_title=Headline("Försörjningsstöd kan sökas"),
            ),
        )
        await visit.sees_no("Försörjningsstöd kan sökas")
        assert "Ett fel är rättat" in line_at_cursor(visit)


async def test_own_permissions_and_whom_to_ask_follow_and_nothing_of_others_is_told(house: House) -> None:
    async with visiting(house, hsa_id=KAISA, size=(100, 30)) as visit:
        await visit.sees(">1 Mina behörigheter<", "Kaisa Hannu")
        await visit.press("down")
        await comes_to_tell(visit, "Asylsökande i förskoleklass: inte given.")
        line = visit.app.cursor_position
        await house.written_by(BO, *grants("kaisa", PRESCHOOL_CLASS), *grants("per", SCHOOL))
        await comes_to_tell(visit, "Asylsökande i förskoleklass: given.")
        await visit.sees("Bo Berg, 08.1", "Kaisa Hannu fick Asylsökande i förskoleklass.")
        assert visit.lacks("Per Persson")
        assert visit.app.cursor_position == line


async def test_the_catalogue_changes_under_the_matrix_and_one_persons_list(house: House) -> None:
    async with visiting(house, size=(140, 40)) as visit:
        await visit.press("2")
        await visit.to_person("kaisa")
        await visit.to_column(SCHOOL)
        await visit.press("left", "g", "right")
        line = visit.app.cursor_position
        await house.launch(NEW, "Kvä", date(2024, 2, 1))
        await visit.sees("Kvä!", "Migrationsverket har ändrat behörigheterna.")
        assert visit.app.column == SCHOOL
        assert visit.app.place == "kaisa"
        assert visit.app.cursor_position == line
        assert visit.app.desk.draft.count == 1
        # What is staged and ends meanwhile is marked, and can no longer be given.
        await house.installs(
            AUTHORITY,
            c.RetirePermission(permission_id=Id(PRESCHOOL_CLASS), retired_on=date(2024, 2, 1)),
            c.RenamePermission(
                permission_id=Id(SCHOOL), name=Title("Grundskola för alla"), from_day=date(2024, 2, 1)
            ),
        )
        await visit.sees("Grundskola för alla", "1 ändring i ditt utkast")
        assert visit.app.column == SCHOOL
        await visit.press("b")
        await visit.sees("Kaisa Hannu, TSTNMT2120002411-1103", "Kvallstillagg")
        await house.launch("morgontillagg", "Mor", date(2024, 2, 1))
        await visit.sees("Morgontillagg")


async def test_marks_stay_with_their_people_and_one_who_leaves_takes_the_mark_along(house: House) -> None:
    async with visiting(house, size=(100, 30)) as visit:
        await visit.press("space", "down", "space", "down")
        await visit.sees("2 markerade")
        place = visit.app.place
        await house.written_by(
            BO,
            register("abel", "Abel", "Abelin", "abel@sundsvall.example", f"{OWNER}-1777"),
            c.DeregisterAccount(account_id=Id("ake"), seen_version=1, seen_permission_ids=()),
        )
        await visit.sees_no("Annerstedt, Åke")
        assert visit.app.place == place
        assert "*" in visit.signs_of("Andersson, Anna")
        await visit.press("home")
        await visit.sees("Abelin, Abel")
        assert "*" not in visit.signs_of("Abelin, Abel")
        await visit.press("f3")


async def test_what_others_write_after_midnight_is_of_the_new_day(house: House) -> None:
    await house.launch(NEW, "Kvä", date(2024, 2, 2))
    assert isinstance(house.clock, Clock)
    house.clock.now = datetime(2024, 2, 1, 22, 50, tzinfo=UTC)
    async with visiting(house, size=(140, 30)) as visit:
        await visit.press("2")
        await visit.to_person("kaisa")
        await visit.to_column(SCHOOL)
        assert visit.lacks("Kvä!")
        house.clock.now = datetime(2024, 2, 1, 23, 5, tzinfo=UTC)
        await house.written_by(BO, *grants("kaisa", NEW))
        await visit.sees("Kvä!", "Kaisa Hannu fick Kvallstillagg.", "00.0")
        assert (visit.app.place, visit.app.column) == ("kaisa", SCHOOL)
        assert sum(each.text.count("Ny dag: 2 februari 2024") for each in visit.app.messages) == 1
        await visit.press("left", "right")
        await visit.settled()
        assert sum(each.text.count("Ny dag: 2 februari 2024") for each in visit.app.messages) == 1


async def test_after_a_write_ones_list_of_permissions_says_what_holds_now(house: House) -> None:
    async with visiting(house, size=(100, 30)) as visit:
        await visit.to_person("kaisa")
        await visit.press("b")
        await visit.sees("Kaisa Hannu, TSTNMT2120002411-1103")
        await comes_to_tell(visit, "Asylsökande i förskola: given")
        await visit.press("t")
        await comes_to_tell(visit, "Asylsökande i förskola: ska tas bort, inte skrivet.")
        await visit.writes("1 ändring är skriven")
        await comes_to_tell(visit, "Asylsökande i förskola: inte given.")
        assert visit.line_with("Asylsökande i förskola ").strip().startswith(".")


async def test_who_switches_it_off_sees_what_others_wrote_at_f5_and_the_help_says_so(house: House) -> None:
    between = await house.between()
    async with visiting(house, size=(100, 30), storage=between, follows=False) as visit:
        await visit.press("2")
        await visit.to_person("per")
        await visit.to_column(PRESCHOOL_CLASS)
        await visit.press("g")
        await visit.settled()
        before, told_before = visit.screen(), len(visit.app.messages)
        await house.written_by(BO, *grants("per", PRESCHOOL_CLASS), *grants("kaisa", SCHOOL))
        await asyncio.sleep(10 * wakers.LOOK_SECONDS)
        await visit.settled()
        assert (visit.screen(), len(visit.app.messages)) == (before, told_before)
        await visit.press("f1")
        await visit.sees("Det som andra skriver visas när du läser om, med Ctrl+R")
        await visit.press("escape", "f5")
        await visit.until(lambda: "!" in visit.line_with("Persson, Per"), "the draft to be told stale")
        assert visit.app.desk.draft.count == 1
        # That a storage is away is told all the same, and that it is back.
        between.go_away("storage_lost")
        await visit.press("f5")
        await visit.sees("Ingen kontakt med databasen sedan 08.1")
        between.come_back()
        await visit.sees("Kontakt med databasen igen")


async def test_what_is_announced_is_told_though_an_unread_one_is_withdrawn_with_it(house: House) -> None:
    await published(house)
    async with visiting(house) as visit:
        await visit.sees("3 Aktuellt 2 nya")
        # In one write, and so in one bundle: as many are unread as before.
        await by_support(
            house,
            announce("nytt", content("Något alldeles nytt", at=MORNING)),
            c.WithdrawAnnouncement(
                announcement_id=Id("fel"), seen_version=1, seen_title=Headline("Ett fel är rättat")
            ),
        )
        await visit.sees("1 ny nyhet under Aktuellt.", "3 Aktuellt 2 nya")
        # One that is only withdrawn is no new one.
        told = len(visit.app.messages)
        await by_support(
            house,
            c.WithdrawAnnouncement(
                announcement_id=Id("nytt"), seen_version=1, seen_title=Headline("Något alldeles nytt")
            ),
        )
        await visit.sees("3 Aktuellt 1 ny")
        assert all("ny nyhet" not in each.text for each in visit.app.messages[told:])

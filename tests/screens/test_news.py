"""The room Aktuellt by keyboard: find, read, do; the banner on every room; what support writes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from core import changes as c
from core.announcements import AnnouncementKind
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id
from tests.builders import announce, content
from tests.screens.announced import HOUR, by_support, published
from tests.screens.house import BO, MORNING, TODAYS, Clock, House
from tests.screens.visit import Visit, visiting
from tui.screens.announcement_form import write_announcement
from tui.text.announcements import draft_announcement_for

SUPPORT = "TSTNMT2321000156-SUPPORT"


async def appoint_support(house: House) -> None:
    await by_support(
        house,
        c.RegisterAccount(
            account_id=Id("siv"),
            hsa_id=HsaId(SUPPORT),
            given_name=GivenName("Siv"),
            family_name=FamilyName("Stöd"),
            email=EmailAddress("siv@migrationsverket.example"),
        ),
        c.AppointSupport(account_id=Id("siv")),
    )


async def test_the_room_tells_what_is_unread_and_what_is_to_be_done(house: House) -> None:
    await published(house)
    async with visiting(house) as visit:
        await visit.sees("3 Aktuellt 2 nya")
        await visit.press("3")
        await visit.sees(">3 Aktuellt 2 nya<", "Visar: 2")
        assert visit.signs_of("1 februari 2024   ny behörighet") == "*!"
        assert visit.signs_of("1 februari 2024   rättat fel") == "*"
        assert visit.lacks("Något i morgon")
        await visit.press("end")
        await visit.sees(
            "Oläst.", "Inte klart.", "Gäller från den 1 februari 2024.", "Att göra: Ge behörigheten"
        )
        await visit.press("enter")
        await visit.sees("== Nytt i dag ==", "sidan (https://a.example)", "Typ | Dag", "Läge:", "Inte klart.")
        await visit.press("escape")
        await visit.sees("3 Aktuellt 1 ny<")
        assert visit.signs_of("1 februari 2024   ny behörighet") == "!"
        # Read is read, also the next time.
    async with visiting(house) as visit:
        await visit.sees("3 Aktuellt 1 ny")
        await visit.press("3", "a")
        await visit.sees("1 är markerad som läst.", ">3 Aktuellt<")
        await visit.press("a")
        await visit.sees("Allt var redan läst.")
        await visit.press("u")
        await visit.sees("Allt är läst.", "bara olästa")
        await visit.press("escape")
        await visit.sees("Visar: 2")


async def test_one_key_goes_to_the_permission_and_giving_it_does_the_part(house: House) -> None:
    await published(house)
    async with visiting(house, size=(120, 40)) as visit:
        await visit.press("3")
        await visit.sees("Försörjningsstöd kan sökas")
        await visit.press("end")
        await visit.press("b")
        await visit.sees(
            ">2 Behörigheter<", "Försörjningsstöd för unga nyanlända tidigare ensamkommande barn"
        )
        await visit.settled()
        assert visit.app.column == TODAYS
        await visit.to_person("anna")
        await visit.press("g")
        await visit.writes("1 ändring är skriven.")
        await visit.press("3")
        await visit.sees("Klart: behörigheten är given.")
        await visit.press("k")
        await visit.sees("det är redan klart")
        await visit.press("home", "b")
        await visit.sees("det handlar inte om en behörighet")


async def test_an_administrator_says_that_it_is_done_after_a_question(house: House) -> None:
    await published(house)
    async with visiting(house) as visit:
        await visit.press("3")
        await visit.sees("Försörjningsstöd kan sökas")
        await visit.press("end")
        await visit.press("k")
        await visit.sees("[ Tillbaka ]", "[ Det är klart ]")
        assert visit.at_cursor().startswith("Tillbaka"), "the safe answer has the focus"
        await visit.press("right", "enter")
        await visit.sees("Det visas som klart.", "Klart, enligt Eva Ek")
        await visit.press("enter")
        await visit.sees("Läge:", "Klart, enligt Eva Ek")
        await visit.press("k", "right", "enter")
        await visit.sees("Det visas som inte klart.", "Inte klart.")
    async with visiting(house, hsa_id=BO) as visit:
        await visit.press("3")
        await visit.sees("Försörjningsstöd kan sökas")
        await visit.press("end")
        await visit.sees("Inte klart.")


async def test_search_and_filter_find_as_one_types(house: House) -> None:
    await published(house)
    async with visiting(house) as visit:
        await visit.press("3")
        await visit.sees("Visar: 2")
        await visit.press("ctrl+f")
        await visit.type("forsorj")
        await visit.sees("Visar: 1", "Försörjningsstöd kan")
        await visit.type("xyz")
        await visit.sees("Ingenting motsvarar ”forsorjxyz”.")
        await visit.press("escape")
        await visit.sees("Visar: 2")
        await visit.press("f")
        await visit.paste("rättat")
        await visit.press("enter")
        await visit.sees("Visar: 1, rättat fel")
        await visit.sees_no("Försörjningsstöd kan")
        await visit.press("f")
        await visit.paste("ansök om")
        await visit.press("enter")
        await visit.sees("Visar: 1, Ansök om statlig ersättning")
        await visit.press("escape")
        await visit.sees("Visar: 2")
        await visit.press("escape")
        await visit.sees("listan visar redan allt")


async def test_on_a_narrow_screen_the_heading_comes_first(house: House) -> None:
    await published(house)
    async with visiting(house, size=(40, 12)) as visit:
        await visit.press("3")
        await visit.sees("Försörjningsstöd")
        await visit.press("enter")
        await visit.sees("Rubrik:")


# Banners ------------------------------------------------------------------------------------------


async def upkeep(house: House, begins: datetime, ends: datetime) -> None:
    said = content(
        "E-tjänsterna är stängda",
        kind=AnnouncementKind.MAINTENANCE,
        at=MORNING,
        begins=begins,
        ends=ends,
    )
    await by_support(house, announce("underhall", said))


BANNER = "Planerat underhåll "


@pytest.mark.parametrize(
    ("begins", "told"),
    [
        (MORNING + HOUR, "torsdag 1 februari 09.12-10.12"),
        # Over midnight, and over both nights on which the clocks change.
        (
            datetime(2024, 2, 1, 22, 30, tzinfo=UTC),
            "torsdag 1 februari 23.30 till fredag 2 februari 00.30",
        ),
        (datetime(2024, 3, 31, 0, 30, tzinfo=UTC), "söndag 31 mars 01.30-03.30"),
        (datetime(2024, 10, 27, 0, 30, tzinfo=UTC), "söndag 27 oktober 02.30-02.30"),
    ],
)
async def test_a_banner_stands_on_every_room_while_it_lasts(
    house: House, begins: datetime, told: str
) -> None:
    await upkeep(house, begins, begins + HOUR)
    clock = house.clock
    assert isinstance(clock, Clock)
    clock.now = begins - timedelta(minutes=1)
    async with visiting(house) as visit:
        await visit.settled()
        await visit.press("down")
        assert visit.lacks(BANNER)
        clock.now = begins
        await visit.press("down")
        await visit.sees(BANNER + told, "E-tjänsterna är stängda")
        for key, seen in (("2", "Fsk"), ("3", "Rubrik"), ("5", "Historik<"), ("1", "användare")):
            await visit.press(key)
            await visit.sees(seen, BANNER)
        await visit.press("3", "enter")
        await visit.sees("Pågår:", BANNER)
        await visit.press("escape", "1")
        clock.now = begins + HOUR
        await visit.press("down")
        await visit.sees_no(BANNER)


async def test_two_go_on_at_once_and_more_are_counted(house: House) -> None:
    incidents = [
        announce(
            f"stopp-{number}",
            content(f"Stopp {number}", kind=AnnouncementKind.INCIDENT, at=MORNING, begins=MORNING),
        )
        for number in range(3)
    ]
    await by_support(house, *incidents)
    async with visiting(house) as visit:
        await visit.sees("Stopp 0", "Och 1 till: Driftstörning", "tills vidare")
        assert visit.lacks("Stopp 2")


async def test_what_is_published_meanwhile_is_told_at_a_key_a_minute_later(house: House) -> None:
    async with visiting(house) as visit:
        await visit.sees("3 Aktuellt")
        await visit.settled()
        await published(house)
        await visit.press("down")
        assert isinstance(house.clock, Clock)
        house.clock.now += timedelta(minutes=2)
        await visit.press("down")
        await visit.sees("3 Aktuellt 2 nya")


# Support ------------------------------------------------------------------------------------------


async def as_support(house: House, then: Callable[[Visit], Awaitable[None]]) -> None:
    await appoint_support(house)
    async with visiting(house, hsa_id=SUPPORT, size=(100, 40)) as visit:
        # Support begins in the search, where a digit is a letter like any other.
        await visit.press("down", "3")
        await visit.sees("Rubrik")
        await then(visit)


async def test_an_administrator_writes_nothing(house: House) -> None:
    await published(house)
    async with visiting(house) as visit:
        await visit.press("3")
        await visit.sees("Visar: 2")
        for key in ("n", "e", "delete"):
            await visit.press(key)
            await visit.sees("det som är aktuellt skrivs av Migrationsverket")


async def test_support_writes_previews_reviews_and_schedules(house: House) -> None:
    async def then(visit: Visit) -> None:
        await visit.press("n")
        await visit.sees("Skriv nytt", "[ övrigt ]")
        await visit.fill("Stopp på fredag")
        await visit.press("f4")
        await visit.sees("Texten saknas")
        await visit.paste("Vi **stänger**.\n\n* en stund")
        await visit.press("f4")
        await visit.sees("Så kommer administratörerna att se det", "Vi stänger.", "- en stund")
        await visit.press("escape")
        await visit.sees("Skriv nytt")
        visit.app.screen.query_one("#published").focus()
        await visit.paste("2024-02-02 08.00")
        await visit.press("f8")
        await visit.sees("Publicera ”Stopp på fredag” den 2 februari 2024 08.00", "[ Skriv 1 ändring ]")
        await visit.press("f8", "enter")
        await visit.sees("1 ändring är skriven.")
        await visit.sees("Stopp på fredag", "Publiceras den 2 februari 2024 08.00")

    await as_support(house, then)
    async with visiting(house) as visit:
        await visit.press("3")
        await visit.sees("Ingenting har publicerats.")


async def test_what_is_wrong_in_the_form_is_said_at_its_field(house: House) -> None:
    async def then(visit: Visit) -> None:
        await visit.press("n")
        await visit.fill("Stopp")
        for field, text, said in (
            ("published", "i morgon", "är ingen tid"),
            ("published", "2024-03-31 02.30", "är ingen tid"),
            ("effective", "2024-02-30", "är ingen dag"),
        ):
            visit.app.screen.query_one(f"#{field}").focus()
            await visit.clear()
            await visit.paste(text)
            visit.app.screen.query_one("#text").focus()
            await visit.press("f8")
            if field == "effective" and visit.lacks(said):
                await visit.paste("Text.")
                await visit.press("f8")
            await visit.sees(said)
            assert visit.app.focused is not None
            assert visit.app.focused.id == field
            await visit.clear()
        await visit.press("escape")
        await visit.sees("Lämna formuläret", "[ Stanna ]")

    await as_support(house, then)


async def test_support_corrects_and_withdraws_and_readers_see_the_correction(house: House) -> None:
    await published(house)

    async def then(visit: Visit) -> None:
        await visit.until(lambda: not visit.lacks("Något i morgon"), "also what is scheduled")
        await visit.press("ctrl+f")
        await visit.paste("fel")
        await visit.press("enter")
        await visit.sees("Visar: 1")
        await visit.press("e")
        await visit.sees("Rätta det som är publicerat")
        await visit.clear()
        await visit.paste("Två fel är rättade")
        await visit.press("f8")
        await visit.sees("Ange kort vad som rättas.")
        await visit.paste("Det var två fel.")
        await visit.press("f8")
        await visit.sees("Rätta ”Två fel är rättade”: Det var två fel.")
        await visit.press("f8", "enter")
        await visit.sees("1 ändring är skriven.", "Rättad den 1 februari 2024.")
        await visit.press("escape", "end")
        await visit.press("ctrl+f")
        await visit.paste("forsorj")
        await visit.press("enter")
        await visit.sees("Visar: 1")
        await visit.press("delete")
        await visit.sees("Dra tillbaka ”Försörjningsstöd kan sökas”")
        await visit.press("f8", "enter")
        await visit.sees("Tillbakadragen den 1 februari 2024.")
        await visit.press("e")
        await visit.sees("det är tillbakadraget")

    await as_support(house, then)
    async with visiting(house) as visit:
        await visit.press("3")
        await visit.sees("Visar: 1", "Två fel är rättade", "Rättad den 1 februari 2024.")
        await visit.press("enter")
        await visit.sees("Rättad:", "1 februari 2024: Det var två fel.")


async def test_the_form_takes_what_is_ready_written(house: House) -> None:
    async def then(visit: Visit) -> None:
        launch = c.RetirePermission(permission_id=Id(TODAYS), retired_on=date(2024, 6, 1))
        ready = draft_announcement_for(launch, visit.app.desk.catalogue, visit.app.desk.today)
        visit.app.run_worker(write_announcement(visit.app, ready), group="dialog")
        await visit.sees("[ har upphört ]", "Upphör: Försörjningsstöd")
        await visit.press("f8")
        await visit.sees("Publicera ”Upphör: Försörjningsstöd")
        await visit.press("f8", "enter")
        await visit.sees("1 ändring är skriven.")

    await as_support(house, then)

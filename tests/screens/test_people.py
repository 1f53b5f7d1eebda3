"""Registering, changing, deregistering and taking back people, from the form to what stands in the file."""

import pytest

from core import changes as c
from core import history as h
from core.identity import EmailAddress, FamilyName, GivenName, Id
from tests.screens.house import BO, LEFT, OWNER, PRESCHOOL, RETIRED, SCHOOL, SUNDSVALL, House
from tests.screens.visit import visiting

NEW = f"{OWNER}-2001"


async def test_a_person_is_registered_and_each_wrong_field_says_what_is_wrong(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("n")
        await visit.sees("Ny användare", "[ Förbered ]")
        assert not visit.shows("Sök:")
        await visit.press("f8")
        for field in ("HSA-id", "Förnamn", "Efternamn", "E-post"):
            await visit.sees(f"{field} saknas: fyll i uppgiften.")
        for wrong, said in (
            ("abc", "det skrivs SE, tio siffror"),
            ("SE0000000000-1337", "de tio siffrorna är inget organisationsnummer"),
            (f"{OWNER}-A_B", "det skrivs SE, tio siffror"),
            (f"{OWNER}-\x1b1", "det skrivs SE, tio siffror"),
        ):
            await visit.paste(wrong)
            await visit.press("f8")
            await visit.sees(said)
            await visit.clear()
        await visit.fill(NEW)
        await visit.sees_no("HSA-id saknas", "HSA-id är fel")
        await visit.fill("=cmd|", "N" * 81, "nina ny@sundsvall.example")
        await visit.press("f8")
        await visit.sees("Förnamn får inte innehålla eller börja med =")
        await visit.sees(
            "Efternamn har för många tecken: högst 80 får plats.", "E-post är fel: skriv adressen som"
        )
        assert visit.at_cursor() == "│" or "=cmd|" in visit.line_with("Förnamn  ")
        await visit.clear()
        await visit.fill("Nina")
        await visit.clear()
        await visit.fill("Ny")
        await visit.clear()
        await visit.paste("nina@sundsvall.example")
        await visit.press("f8")
        await visit.sees("Nina Ny är förberedd, inte skriven. F8 granskar.", "1 ej skriven")
        assert visit.signs_of("Ny, Nina") == "+"
        await visit.sees("Nina Ny ska registreras; inte skrivet än.")
        assert visit.at_cursor().startswith("Ny, Nina")
        assert not [write for write in await house.writes() if write.at.startswith("2024")]
        await visit.writes("1 ändring är skriven.")
        await visit.sees("41 användare")
        assert visit.signs_of("Ny, Nina") == ""
        (newest, *_) = await house.writes()
        (event,) = newest.events
        assert isinstance(event, h.AccountRegistered)
        assert (event.after.hsa_id, event.after.email) == (NEW, "nina@sundsvall.example")


async def test_an_hsa_id_that_somebody_has_or_had_is_told_at_once(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("n")
        await visit.fill(f"{OWNER}-1101")
        await visit.sees("Anna Andersson har redan detta HSA-id. Kontrollera id:t.")
        await visit.press("up")
        await visit.clear()
        await visit.fill(NEW, "Nina", "Ny", "nina@sundsvall.example")
        await visit.press("f8")
        await visit.sees("1 ej skriven")
        await visit.press("n")
        await visit.fill(NEW.lower().replace("tstnmt", "TSTNMT"))
        await visit.sees("Nina Ny har detta HSA-id och är på väg att registreras. Kontrollera id:t.")
        # F8 stops at it as well.
        await visit.press("f8")
        await visit.sees("Nina Ny har detta HSA-id")
        await visit.press("up", "up", "up")
        await visit.press("escape")
        await visit.sees("Lämna formuläret")
        await visit.press("enter")
        await visit.sees("[ Förbered ]")
        await visit.press("escape", "right", "enter")
        await visit.sees("Sök:", "1 ej skriven")


async def test_an_id_of_another_organisation_number_is_a_question_and_no_stop(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("n")
        await visit.fill("SE5565594230-1337", "Nina", "Ny", "nina@sundsvall.example")
        await visit.press("f8")
        await visit.sees("Annat organisationsnummer", "556559-4230", "212000-2411", "Stämmer id:t?")
        # The safe answer has the focus.
        assert visit.at_cursor().startswith("Tillbaka till id:t ]")
        await visit.press("enter")
        await visit.sees("[ Förbered ]")
        assert visit.line_with("HSA-id").find("SE5565594230-1337") > 0
        await visit.press("f8")
        await visit.sees("Annat organisationsnummer")
        await visit.press("right", "enter")
        await visit.sees("1 ej skriven")
        await visit.press("f8")
        await visit.sees(
            "? Nina Ny: HSA-id:t SE5565594230-1337 har organisationsnummer 556559-4230", "registreras utan"
        )
        await visit.press("escape")
        await visit.writes("1 ändring är skriven.")


async def test_a_deregistered_person_is_offered_back_when_the_id_is_typed(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("n")
        await visit.fill(LEFT)
        await visit.sees("Registrera igen", "Behörigheter ges på nytt efteråt.")
        # What it was before is told where another text is written.
        await visit.press("down", "down")
        await visit.clear()
        await visit.paste("lena.ny@sundsvall.example")
        await visit.sees("Tidigare: lena@sundsvall.example")
        assert visit.lacks("Tidigare: Lena")
        await visit.press("f8")
        await visit.sees("Lena Lämnat ska registreras igen; inte skrivet än.")
        await visit.writes("1 ändring är skriven.")
        (newest, *_) = await house.writes()
        assert isinstance(newest.events[0], h.AccountReregistered)
        assert (await house.account("left")).active
        assert await house.has("left") == frozenset()
        # From the list of those who have left it is Enter.
        await visit.goes_to("Lämnat, Lena")
        await visit.press("delete")
        await visit.sees("Avregistrera", "Lena Lämnat förlorar 0 behörigheter")


async def test_changing_an_address_shows_old_and_new_before_it_is_written(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("enter")
        await visit.sees("Ändra uppgifter", "anna@sundsvall.example")
        assert visit.lacks("Tidigare: ")
        await visit.press("down", "down")
        await visit.clear()
        await visit.fill("Andersson Ek")
        await visit.clear()
        await visit.paste("anna.ek@sundsvall.example")
        await visit.sees("Tidigare: anna@sundsvall.example", "Tidigare: Andersson")
        await visit.press("f8")
        await visit.sees("Ändrade uppgifter är inte skrivna än.")
        assert visit.signs_of("Andersson Ek, Anna") == "~"
        await visit.press("f8")
        await visit.sees("efternamn från Andersson till Andersson Ek")
        await visit.sees("e-post från anna@sundsvall.example till anna.ek@sundsvall.example")
        await visit.press("escape")
        await visit.writes("1 ändring är skriven.")
        account = await house.account("anna")
        assert (account.family_name, account.email) == ("Andersson Ek", "anna.ek@sundsvall.example")
        # Nothing changed is nothing staged.
        await visit.press("enter")
        await visit.sees("Ändra uppgifter")
        await visit.press("f8")
        await visit.sees("Sök:")
        assert not visit.shows("ej skriven")
        # The former name is told, and finds the person.
        await visit.press("d")
        await visit.sees("Tidigare namn: Anna Andersson")


async def test_a_person_is_deregistered_after_a_question_and_review(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("ctrl+f")
        await visit.paste("kaisa")
        await visit.sees("1 användare")
        await visit.press("down", "delete")
        await visit.sees("Kaisa Hannu förlorar 1 behörighet.")
        assert visit.at_cursor().startswith("Behåll användaren ]")
        await visit.press("enter")
        await visit.sees("Sök:")
        assert not visit.shows("ej skriven")
        await visit.press("delete", "right", "enter")
        await visit.sees("Förberett: Kaisa Hannu ska avregistreras. F8 granskar.", "1 ej skriven")
        assert visit.signs_of("Hannu, Kaisa") == "-"
        await visit.press("enter")
        await visit.sees("användaren är på väg att avregistreras; Delete slänger det")
        # Delete once more drops it, after a question.
        await visit.press("delete")
        await visit.sees("Ska det som är förberett för Kaisa Hannu slängas?")
        await visit.press("right", "enter")
        await visit.sees("Det som var förberett för Kaisa Hannu är slängt.")
        assert not visit.shows("ej skriven")
        await visit.press("delete", "right", "enter")
        await visit.sees("1 ej skriven")
        await visit.writes("1 ändring är skriven.")
        await visit.sees("Ingen motsvarar ”kaisa”.")
        assert not (await house.account("kaisa")).active
        assert await house.has("kaisa") == frozenset()


async def test_undoing_a_deregistration_gives_back_just_what_was_had(house: House) -> None:
    async with visiting(house) as visit:
        await visit.goes_to("Persson, Per")
        await visit.press("delete", "right", "enter")
        await visit.sees("1 ej skriven")
        await visit.writes("1 ändring är skriven.")
        await visit.sees("39 användare")
        await visit.press("f7")
        await visit.sees("Ångra det som Eva Ek skrev 1 februari 2024", "[ Ångra 2 ändringar ]")
        await visit.sees("Registrera Per Persson igen", "Ge Per Persson: Asylsökande")
        await visit.press("f8", "enter")
        await visit.sees("2 ändringar är ångrade.", "40 användare")
        assert (await house.account("per")).active
        assert await house.has("per") == {PRESCHOOL}
        # What was undone cannot be undone once more, and the undoing itself can.
        await visit.press("5", "down")
        await visit.sees("Har ångrats.")
        await visit.press("u")
        await visit.sees("Ångra skrivningen: den har redan ångrats")


async def test_an_undo_leaves_out_what_has_ended_and_stops_where_another_came_before(house: House) -> None:
    async with visiting(house) as visit:
        await visit.to_person("kaisa")
        await visit.press("delete", "right", "enter")
        await visit.sees("1 ej skriven")
        await visit.writes("1 ändring är skriven.")
        await visit.press("f7")
        # She had a permission that has ended since: it is not given back, the other one is.
        await visit.sees("[ Ångra 2 ändringar ]", "Ge Kaisa Hannu: Asylsökande i förskola")
        assert visit.lacks("Kostnader för ekonomiskt bistånd")
        await house.written_by(
            BO,
            c.ReregisterAccount(
                account_id=Id("kaisa"),
                seen_version=2,
                given_name=GivenName("Kaisa"),
                family_name=FamilyName("Hannu"),
                email=EmailAddress("kaisa@sundsvall.example"),
            ),
        )
        await visit.press("f8", "enter")
        await visit.sees("Inget skrevs: ", "! Detta kan inte ångras: Kaisa Hannu ändrades efteråt.")
        assert visit.lacks("..")
        await visit.press("f8")
        await visit.until(lambda: visit.app.message.text.startswith("Till knappen Skriv: "), "a reason")
        assert "K behåller" not in visit.app.message.text
        await visit.press("escape")
        await visit.sees("Sök:")
        assert await house.has("kaisa") <= {RETIRED}


@pytest.mark.parametrize("person", ["Berg, Bo", "Ek, Eva"])
async def test_an_administrator_is_dismissed_by_support_only_and_it_says_so(
    house: House, person: str
) -> None:
    async with visiting(house) as visit:
        await visit.goes_to(person)
        await visit.press("delete")
        await visit.sees("Avregistrera: en administratör entledigas av Migrationsverkets kontaktcenter")
        await visit.sees("Är administratör och har därför inga behörigheter.")
        assert not visit.shows("ej skriven")
        await visit.press("enter")
        await visit.sees("Ändra uppgifter")
        # The HSA-id of an administrator is support's: the focus begins in the first name.
        await visit.press("up")
        assert visit.line_with("HSA-id").find(OWNER) > 0
        await visit.press("escape")
        await visit.sees("Sök:")


async def test_a_staged_newcomer_can_be_changed_given_permissions_and_dropped(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("n")
        await visit.fill(NEW, "Nina", "Ny", "nina@sundsvall.example")
        await visit.press("f8")
        await visit.sees("1 ej skriven")
        await visit.press("enter")
        await visit.sees("Ny användare", "nina@sundsvall.example")
        await visit.press("down")
        await visit.clear()
        await visit.paste("Ninni")
        await visit.press("f8")
        await visit.sees("Ny, Ninni")
        await visit.press("2")
        await visit.sees("Fsk")
        assert visit.signs_of("Ny, Ninni") == "+"
        await visit.press("enter", "right", "right", "enter")
        await visit.sees("3 ej skrivna")
        await visit.writes("3 ändringar är skrivna.")
        (newest, *_) = await house.writes()
        assert newest.event_count == 3
        (found,) = [e for e in newest.events if isinstance(e, h.AccountRegistered)]
        assert found.after.given_name == "Ninni"
        assert SCHOOL in await house.has(found.account_id)
        assert (newest.organisation_id, newest.by) == (SUNDSVALL, "Eva Ek")

"""Support on the telephone: who is calling, why she cannot see it, and what support does about it."""

from __future__ import annotations

import pytest

from tests.screens.callers import dismissed_by_support, supporting, views, with_many_organisations
from tests.screens.house import (
    BO,
    EVA,
    LEFT,
    OWNER,
    House,
    amend,
    register,
)
from tests.screens.visit import Visit
from tui.follower import MOST_BESIDES
from tui.screens.search import SearchRoom


async def look_for(visit: Visit, text: str) -> None:
    """Write in the search box, in place of what stands there."""
    await visit.press("escape", "escape")
    await visit.paste(text)


# Finding the caller -------------------------------------------------------------------------------


async def test_support_begins_in_the_search_box_over_the_country(house: House) -> None:
    async with supporting(house) as visit:
        await visit.sees(">1 Sök<", "2 Katalog", "Siv Stöd, support", "Skriv en del av namnet")
        assert visit.lacks("Användare")
        await visit.type("anna")
        await visit.sees("Andersson, Anna", "Sundsvalls kommun", f"{OWNER}-1101", "1 person")
        await visit.sees("Anna Andersson, användare i Sundsvalls kommun.", "anna@sundsvall.example")


@pytest.mark.parametrize(
    ("search", "seen"),
    [
        ("anna sundsvall", "Andersson, Anna"),
        ("sundsv ake", "Annerstedt, Åke"),
        ("per bjurholm", "Sundin, Per-Erik"),
        ("1102", "Annerstedt, Åke"),
        ("oberg", "Öberg, Örjan"),
        ("social@ kaisa", "Hannu, Kaisa"),
        ("siv migrationsverket", "Stöd, Siv"),
    ],
)
async def test_words_find_in_any_order_name_id_address_and_organisation(
    house: House, search: str, seen: str
) -> None:
    async with supporting(house, (120, 40)) as visit:
        await look_for(visit, search)
        await visit.sees(seen, "1 person")


async def test_one_typing_error_is_forgiven_and_said_to_be_a_guess(house: House) -> None:
    async with supporting(house, (100, 30)) as visit:
        for search, seen in (("andresson", "Andersson, Anna"), ("anna sunsdvall", "Andersson, Anna")):
            await look_for(visit, search)
            await visit.sees(f"Ingen motsvarar ”{search}”. En gissning, ett skrivfel bort:", seen)
        await look_for(visit, "krokodil")
        await visit.sees("Ingen i landet motsvarar ”krokodil”, inte heller med ett skrivfel.")


async def test_an_hsa_id_that_is_not_registered_shows_the_nearest_and_what_is_wrong_with_it(
    house: House,
) -> None:
    async with supporting(house, (120, 30)) as visit:
        await look_for(visit, f"{OWNER}-9910")
        await visit.sees("Ingen i landet motsvarar")
        await look_for(visit, f"{OWNER}-1191")
        await visit.sees(f"{OWNER}-1191 är inte registrerat. Närmast, ett skrivfel bort:")
        await visit.sees("Andersson, Anna", f"{OWNER}-1101")
        await look_for(visit, "TSTNMT2120002141-1102")
        await visit.sees("är inte registrerat", "Annerstedt, Åke", "leta efter felskrivna siffror")


async def test_somebody_deregistered_is_found_and_the_card_says_when_and_by_whom(house: House) -> None:
    async with supporting(house) as visit:
        await visit.paste("lamnat")
        await visit.sees("Lämnat, Lena", "avregistrerad")
        await visit.press("enter")
        await visit.sees("Lena Lämnat, avregistrerad i Sundsvalls kommun.")
        await visit.sees("Avregistrerades 4 maj 2023 14.30 av Eva Ek.")
        await visit.sees("Användaren är avregistrerad.")
        await visit.press("a")
        await visit.sees("Lena Lämnat är avregistrerad; E registrerar kontot på nytt")


async def test_a_caller_is_found_by_a_former_name_and_the_card_says_which(house: House) -> None:
    await house.written_by(EVA, amend("anna", "Holm"))
    async with supporting(house, (120, 40)) as visit:
        await look_for(visit, "andersson sundsvall")
        await visit.sees("Holm, Anna", "1 person", "Hittas under ett tidigare namn. Anna Holm, användare i")
        await visit.press("enter")
        await visit.sees("Tidigare namn: Anna Andersson.")
        await visit.press("escape")
        await look_for(visit, "andresson")
        await visit.sees("En gissning, ett skrivfel bort:", "Hittas under ett tidigare namn. Anna Holm,")
        await look_for(visit, "holm sundsvall")
        await visit.sees("1 person", "Anna Holm, användare i Sundsvalls kommun.")
        assert visit.lacks("tidigare namn")


async def test_the_newest_letter_wins(house: House) -> None:
    async with supporting(house) as visit:
        await visit.type("ankaisa")
        await visit.press(*["home"], *["delete"] * 2)
        await visit.sees("Hannu, Kaisa", "1 person")
        assert visit.lacks("Andersson")


# Why not ------------------------------------------------------------------------------------------


async def test_why_she_cannot_see_the_payment_and_who_can_mend_it(house: House) -> None:
    async with supporting(house) as visit:
        await visit.paste("ake annerstedt")
        await visit.sees("Annerstedt, Åke")
        await visit.press("enter")
        await visit.sees("Åke Annerstedt, användare i Sundsvalls kommun.", "Adressen delas med 1 annan.")
        await visit.sees("Asylsökande i förskola: inte given. Lanserades den 1 oktober 2020. Inte given.")
        await visit.sees("Administratörer: Bo Berg (bo@sundsvall.example), Eva Ek (eva@sundsvall.example).")
        await visit.sees("Avtal: Ansök om statlig ersättning, Se och ändra ansvar för ensamkommande.")
        await visit.press("end")
        await visit.goes_to("Eva Ek: Åke", "up")
        await visit.sees("Eva Ek, 1 mars 2021 09.00: Åke Annerstedt registrerades med")


async def test_why_not_where_there_is_no_agreement_or_the_role_is_another(house: House) -> None:
    async with supporting(house, (100, 40)) as visit:
        await visit.paste("per-erik")
        await visit.sees("Sundin, Per-Erik")
        await visit.press("enter")
        await visit.sees("Per-Erik Sundin, administratör i Bjurholms kommun.")
        await visit.sees("Organisationen har inget avtal.", "inte för den rollen")
        await visit.sees("rollen är administratör", "Det finns inget avtal för Ansök om statlig ersättning.")


async def test_the_hsa_id_is_spelled_on_a_key_and_copied_on_another(house: House) -> None:
    async with supporting(house) as visit:
        await visit.paste("anna and")
        await visit.press("enter")
        await visit.sees("Anna Andersson, användare")
        await visit.press("b")
        await visit.sees("Tore Sigurd Tore Niklas Martin Tore två ett två noll", "bindestreck")
        await visit.press("escape", "k")
        await visit.sees("HSA-id: skickat till terminalens urklipp.")
        assert visit.app.clipboard == f"{OWNER}-1101"
        await visit.press("y")
        assert visit.app.clipboard.startswith("Asylsökande i förskola: given.")


async def test_each_look_at_a_card_is_noted_once_and_shown_on_it(house: House) -> None:
    async with supporting(house) as visit:
        await visit.paste("kaisa")
        await visit.press("enter")
        await visit.sees("Kaisa Hannu")
        await visit.press("b", "escape", "f1", "escape", "end")
        await visit.sees("Siv Stöd på supporten öppnade kortet.")
        assert len(await views(house, "kaisa")) == 1
        await visit.press("ctrl+r")
        await visit.sees("Kaisa Hannu")
        assert len(await views(house, "kaisa")) == 2


# Administrators -----------------------------------------------------------------------------------


async def written(visit: Visit, told: str) -> None:
    """Write what is reviewed."""
    await visit.sees("[ Skriv ")
    await visit.press("f8", "enter")
    await visit.sees(told)


async def test_a_user_becomes_administrator_and_the_review_says_what_ends(house: House) -> None:
    async with supporting(house) as visit:
        await visit.paste("anna and")
        await visit.press("enter")
        await visit.sees("Anna Andersson, användare")
        await visit.press("a")
        await visit.sees("Granska 1 ändring i Sundsvalls kommun", "Gör Anna Andersson till administratör")
        await visit.sees("Anna Andersson mister 3 behörigheter, eftersom en administratör inte har några")
        await written(visit, "1 ändring är skriven.")
        await visit.sees("Anna Andersson, administratör i Sundsvalls kommun.", "Anna Andersson (anna@")
        await visit.press("a")
        await visit.sees("Anna Andersson är redan administratör")
        assert await house.has("anna") == frozenset()


async def test_the_last_administrator_cannot_be_dismissed_and_it_says_so(house: House) -> None:
    async with supporting(house) as visit:
        for name, surname in (("Bo", "berg"), ("Eva", "ek")):
            await look_for(visit, f"{name} {surname} {BO if name == 'Bo' else EVA}")
            await visit.press("enter")
            await visit.sees(f"{name} ", "administratör i Sundsvalls kommun")
            await visit.press("d")
            if name == "Bo":
                await visit.sees("Bo Berg som administratör")
                await written(visit, "1 ändring är skriven.")
                await visit.sees("Bo Berg, användare i Sundsvalls kommun.")
                await visit.press("escape")
        await visit.sees("organisationen skulle bli utan administratör; utse en annan först")


async def test_two_who_dismiss_the_last_two_at_once_leave_one(house: House) -> None:
    """The card was read while there were two: then it is the review that says so."""
    async with supporting(house) as visit:
        await visit.paste(EVA)
        await visit.press("enter")
        await visit.sees("Eva Ek, administratör")
        await dismissed_by_support(house, "bo")
        await visit.press("d")
        await visit.sees("Sundsvalls kommun skulle bli utan administratör")


async def test_a_municipality_begins_with_its_agreement_and_first_administrator(house: House) -> None:
    async with supporting(house) as visit:
        await visit.paste("umea")
        await visit.sees("(organisation)", "Umeå kommun")
        await visit.press("enter")
        await visit.sees("Umeå kommun, organisationsnumret är inte känt", "0 konton", "inget avtal")
        await visit.press("a")
        await visit.sees("Ny användare")
        await visit.fill("TSTNMT2120002627-1", "Moa", "Öman", "moa@umea.example")
        await visit.press("enter")
        await visit.sees("Granska 2 ändringar i Umeå kommun", "Registrera Moa Öman")
        await visit.sees("Gör Moa Öman till administratör")
        await written(visit, "2 ändringar är skrivna.")
        await visit.sees("Moa Öman", "1 konto")
        await visit.goes_to("e-tjänst")
        await visit.press("enter")
        await visit.sees("Anteckna avtal för Ansök om statlig ersättning")
        await written(visit, "1 ändring är skriven.")
        assert visit.lacks("F7 ångrar")
        await visit.sees("avtal")


async def test_an_agreement_needs_an_administrator_first(house: House) -> None:
    async with supporting(house) as visit:
        await visit.paste("umea")
        await visit.press("enter")
        await visit.sees("Umeå kommun, organisationsnumret är inte känt")
        await visit.press("enter")
        await visit.sees("Umeå kommun skulle bli utan administratör: utse en annan först.")


async def test_the_end_of_an_agreement_counts_what_ends(house: House) -> None:
    async with supporting(house) as visit:
        await visit.paste("sundsvalls kommun")
        await visit.sees("(organisation)")
        await visit.press("enter")
        await visit.sees("Sundsvalls kommun, organisationsnummer 212000-2411")
        await visit.goes_to("e-tjänst")
        await visit.press("enter")
        await visit.sees("Det upphör med avtalet: behörigheter 5, användare 3")
        await written(visit, "1 ändring är skriven.")
        assert await house.has("kaisa") == frozenset()


async def test_an_organisations_name_and_number_are_changed_after_review(house: House) -> None:
    async with supporting(house) as visit:
        await visit.paste("bjurholm")
        await visit.press("enter")
        await visit.sees("Bjurholms kommun")
        await visit.press("e")
        await visit.sees("Organisationens uppgifter")
        await visit.clear()
        await visit.fill("Bjurholms köping", "1")
        await visit.press("f8")
        await visit.sees("Organisationsnummer är fel")
        await visit.clear()
        await visit.paste("232100-0156")
        await visit.press("f8")
        await visit.sees("Bjurholms köping", "232100-0156")
        await written(visit, "1 ändring är skriven.")
        await visit.sees("Bjurholms köping, organisationsnummer 232100-0156")


async def test_details_are_changed_and_a_deregistered_person_is_taken_back(house: House) -> None:
    async with supporting(house) as visit:
        await visit.paste(LEFT)
        await visit.press("enter")
        await visit.sees("Lena Lämnat, avregistrerad")
        await visit.press("e")
        await visit.sees("Registrera igen")
        await visit.press("f8")
        await visit.sees("Registrera Lena Lämnat igen")
        await written(visit, "1 ändring är skriven.")
        await visit.sees("Lena Lämnat, användare")
        await visit.press("e")
        await visit.sees("Ändra uppgifter")
        await visit.press("down", "down", "down")
        await visit.clear()
        await visit.paste("ny@sundsvall.example")
        await visit.press("f8")
        await visit.sees("Ändra Lena Lämnat", "ny@sundsvall.example")
        await written(visit, "1 ändring är skriven.")
    assert (await house.account("left")).email == "ny@sundsvall.example"


async def test_a_user_is_deregistered_for_an_organisation_that_asks(house: House) -> None:
    async with supporting(house) as visit:
        await visit.paste("anna and")
        await visit.press("enter")
        await visit.sees("Anna Andersson, användare")
        await visit.press("delete")
        await visit.sees("Anna Andersson mister 3 behörigheter.")
        await visit.press("right", "enter")
        await written(visit, "1 ändring är skriven.")
        await visit.sees("Anna Andersson, avregistrerad", "av Siv Stöd.")


# The catalogue ------------------------------------------------------------------------------------


async def test_a_permission_is_launched_on_a_day_to_come_with_whom_it_reaches(house: House) -> None:
    async with supporting(house, (100, 40)) as visit:
        await visit.press("down", "2")
        await visit.sees(">2 Katalog<", "Asylsökande i förskola", "Lanserad")
        await visit.press("n")
        await visit.sees("I vilken e-tjänst")
        await visit.press("enter")
        await visit.sees("Lansera en behörighet")
        await visit.fill("Vård för alla", "Våa", "2024-02-31")
        await visit.press("f8")
        await visit.sees("Dagen är ingen dag")
        await visit.clear()
        await visit.paste("2024-03-01")
        await visit.press("f8")
        await visit.sees("Lansera Vård för alla den 1 mars 2024")
        await visit.sees("Ingen får behörigheten av sig själv; organisationer med avtalet: 1")
        await written(visit, "1 ändring är skriven.")
        assert visit.lacks("F7 ångrar")
        # The announcement of it is ready-written; it is looked over and reviewed like any other.
        await visit.sees("Berätta om det", "färdigskriven")
        await visit.press("right", "enter")
        await visit.sees("Ny behörighet: Vård för alla")
        await visit.press("f8")
        await visit.sees("Publicera")
        await written(visit, "1 ändring är skriven.")
        await visit.press("3")
        await visit.sees("Ny behörighet: Vård för alla")
        await visit.press("2")
        await visit.goes_to("Vård för alla")
        await visit.sees("Lanseras den 1 mars 2024, inte tidigare.")


async def test_a_permission_is_renamed_and_ended_with_the_users_counted(house: House) -> None:
    async with supporting(house, (110, 40)) as visit:
        await visit.press("down", "2", "down")
        await visit.sees("Asylsökande i förskola.")
        await visit.press("enter")
        await visit.sees("Byt namn på Asylsökande i förskola")
        await visit.clear()
        await visit.fill("Små barn")
        await visit.press("f8")
        await visit.sees("Byt namn på Asylsökande i förskola till Små barn")
        await visit.sees("De som har behörigheten behåller den: användare 3; organisationer med avtalet: 1")
        await written(visit, "1 ändring är skriven.")
        await visit.sees("Berätta om det")
        await visit.press("enter")
        await visit.sees("Små barn. Tidigare namn: Asylsökande i förskola.")
        await visit.press("delete")
        await visit.sees("Avsluta Små barn")
        await visit.fill("2024-02-02")
        await visit.press("f8")
        await visit.sees("De som mister behörigheten den dagen: användare 3")
        await written(visit, "1 ändring är skriven.")
        await visit.sees("Berätta om det")
        await visit.press("escape")
        await visit.sees("2 februari 2024")
        assert "asyl-forskola" in await house.has("anna")


async def test_what_is_shown_of_a_person_in_two_organisations_is_told_apart(house: House) -> None:
    """Two accounts have the same id, one in each organisation: each is its own line and its own card."""
    await house.written_by(
        f"{OWNER}-9000",
        register("anna", "Anna", "Annan", "anna@bjurholm.example", f"{OWNER}-1101"),
    )
    async with supporting(house, (100, 30)) as visit:
        await visit.paste("1101")
        await visit.sees("Annan, Anna", "Andersson, Anna", "2 personer")
        await visit.press("down", "down", "enter")
        await visit.sees("Anna Annan, användare i Bjurholms kommun.")


async def test_who_finds_more_organisations_than_are_followed_is_told(house: House) -> None:
    await with_many_organisations(house, MOST_BESIDES + 1)
    async with supporting(house) as visit:
        await look_for(visit, "sundsvall")
        await visit.settled()
        assert visit.lacks("följs")
        await look_for(visit, "talrik")
        await visit.settled()
        room = visit.app.screen
        assert isinstance(room, SearchRoom)
        assert len(room.country.organisation_ids) > MOST_BESIDES
        await visit.sees("Ändringar följs i de första 48 organisationerna; Ctrl+R letar igen.")

"""Every area of the menu from within: what is answered and said, and what the history has then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.directory import AUTHORITY
from tests.menu.person import Person
from tests.screens.callers import SIV, UMEA, with_support
from tests.screens.house import House
from tests.tasks import written

if TYPE_CHECKING:
    import pytest

HOME = ("0",) * 4
"""Back to the first menu from wherever one is."""


async def kinds(house: House, organisation_id: str, actor_id: str) -> list[str]:
    """Give the kinds of what somebody wrote, in order."""
    return [
        told[0]
        for _undoes, events in await written(str(house.path), organisation_id, actor_id)
        for told in events
    ]


async def test_support_begins_a_municipality_and_looks_after_it(house: House) -> None:
    await with_support(house)
    person = Person(await house.connect(SIV))
    said = await person.says("sök", "umeå", "1")
    assert "Umeå kommun, organisationsnumret är inte känt, 0 konton." in said
    assert "Organisationen har inget avtal." in said
    assert "En administratörs kort: organisationen har ingen administratör." in await person.says("2")
    said = await person.says("3", "TSTNMT2120002627-1", "1", "Moa", "Öman", "moa@umea.example")
    assert "Gör Moa Öman till administratör." in said
    assert "2 ändringar är skrivna." in await person.says("1", "1")
    said = await person.says("anteckna ett avtal", "1")
    assert "Anteckna avtal för Ansök om statlig ersättning" in said
    assert "1 ändring är skriven." in await person.says("1", "1")
    said = await person.says("avsluta ett avtal", "1")
    assert "Det upphör med avtalet: behörigheter 0, användare 0" in said
    said = await person.says("", "ändra namn", "", "212000-2627")
    assert "Ändra organisationen till 212000-2627" in said
    assert "1 ändring är skriven." in await person.says("1", "1")
    said = await person.says("2", "1")
    assert "Moa Öman, administratör i Umeå kommun." in said
    assert "organisationen skulle bli utan administratör" in await person.says("entlediga")
    said = await person.says("ändra uppgifter", "", "Mona", "", "")
    assert "Ändra Moa Öman: förnamn Mona" in said
    assert "Mona Öman, administratör i Umeå kommun." in await person.says("1", "1")
    assert "Moa Öman registrerades med" in await person.says("vad som har hänt")
    await person.leaves()
    assert await kinds(house, UMEA, "siv") == [
        *(
            "account_registered",
            "role_changed",
            "agreement_signed",
            "organisation_amended",
            "account_amended",
        ),
    ]


async def test_support_looks_after_the_catalogue_the_news_and_the_contact(house: House) -> None:
    await with_support(house)
    person = Person(await house.connect(SIV))
    assert "Lägg till e-tjänsten Ny tjänst" in await person.says("katalog", "3", "Ny tjänst")
    assert "1 ändring är skriven." in await person.says("1", "1")
    said = await person.says("1", "/förskoleklass", "1")
    assert "Kortnamn: Fkl" in said
    said = await person.says("2", "Förskoleklass för alla", "")
    assert "behåller den" in said
    assert "En nyhet är färdigskriven" in await person.says("1", "1")
    said = await person.says("", "3", "2099-01-01")
    assert "1 januari 2099" in said
    assert "1 ändring är skriven." in await person.says("1", "1")
    await person.says("", *HOME)
    said = await person.says(
        "aktuellt", "skriv nytt", "", "", "", "Stängt", "", "", "", "", "", "Vi har stängt.", "", "Mer.", "."
    )
    assert "2. Förhandsgranska" in said
    assert "Vi har stängt. Mer." in await person.says("2")
    assert "Publicera ”Stängt”" in await person.says("1")
    assert "1 ändring är skriven." in await person.says("1", "1")
    said = await person.says("1", "1")
    assert "Rubrik: Stängt" in said
    said = await person.says(
        "rätta", "", "", "", "", "", "", "", "", "", "Texten.", "Vi har öppet.", ".", "1"
    )
    assert "Rätta ”Stängt”: Texten." in said
    assert "1 ändring är skriven." in await person.says("1", "1")
    assert "Dra tillbaka ”Stängt”" in await person.says("dra tillbaka")
    assert "1 ändring är skriven." in await person.says("1", "1")
    await person.says(*HOME)
    said = await person.says("support", "5", "telefon", "0771-235 235", "")
    assert "0771-235 235" in said
    assert "1 ändring är skriven." in await person.says("1", "1")
    assert "Telefon: 0771-235 235" in await person.says("1")
    await person.leaves()
    assert await kinds(house, AUTHORITY, "siv") == [
        *("e_service_registered", "permission_renamed", "permission_retired"),
        *("announcement_published", "announcement_corrected", "announcement_withdrawn", "contact_set"),
    ]


async def test_what_was_typed_is_thrown_away_after_a_question_only(house: House) -> None:
    asks = "Det du har skrivit här finns ingen annanstans ännu. Ska det kastas?"
    await with_support(house)
    person = Person(await house.connect(SIV))
    # Nothing is typed: nothing is asked.
    assert asks not in await person.says("aktuellt", "skriv nytt", "0")
    # In the first questions, and leaving is asked about like going back.
    assert asks in await person.says("skriv nytt", "", "", "", "Stängt", "avsluta")
    assert "Rubrik (Enter behåller Stängt):" in await person.says("")
    assert asks in await person.says("", "", "", "", "", "", "Vi har", "0")
    # Staying, the line is told again, and it goes on from there.
    assert "Vi har" in await person.says("")
    said = await person.says("stängt.", ".")
    assert "Enter är 1, Granska" in said
    assert asks in await person.says("0")
    assert asks not in await person.says("")
    said = await person.says("")
    assert "Publicera ”Stängt”" in said
    assert "Enter är 1, Granska" in await person.says("")
    assert asks in await person.says("0")
    assert "Meddelandet" not in await person.says("1")
    await person.leaves()
    assert await kinds(house, AUTHORITY, "siv") == []

    person = Person(await house.connect())
    assert asks in await person.says("support", "3", "En fråga", "Hur gör", "0")
    assert "Hur gör" in await person.says("")
    assert asks in await person.says("man?", ".", "avsluta")
    said = await person.says("", "1")
    assert "Hur gör man?" in said
    assert "Program: behorig" in said
    assert asks in await person.says("0", "3", "En till", "0")
    assert asks not in await person.says("1")
    await person.leaves()


async def test_an_administrator_reads_the_past_writes_letters_and_exports(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(house.folder)
    person = Person(await house.connect())
    assert "Lämnat, Lena, 1 behörighet" in await person.says(
        "användare", "som det var", "2023-05-01", "/lena"
    )
    assert "Lena Lämnat den 1 maj 2023" in await person.says("1")
    said = await person.says("0", "0", "jämför", "2023-05-01", "")
    assert "Lena Lämnat slutade, " in said
    said = await person.says("filtrera", "1", "1")
    assert "Lena Lämnat, " in said
    assert (
        "Ge behörigheter: Lena Lämnat är avregistrerad; registrera kontot på nytt först."
        in await person.says("ge")
    )
    said = await person.says("ändra uppgifter", "", "", "lena@sundsvall.example")
    assert "Lena Lämnat är förberedd, inte skriven." in said
    assert "1 ändring är förberedd." in await person.says("ge", "1")
    said = await person.says("släng", "1")
    assert "Det som var förberett för Lena Lämnat är slängt." in said
    await person.says(*HOME)
    said = await person.says("historik", "filtrera", "4", "6")
    assert "Visa det som passar: Användare avregistrerad" in said
    assert "1 skrivning." in await person.says("")
    said = await person.says("1", "0", "0", "exportera", "1", "fel.txt", "allt.jsonl")
    assert "allt.jsonl" in said
    assert (house.folder / "allt.jsonl").read_text(encoding="utf-8").count("\n") > 10
    assert "finns redan" in await person.says("exportera", "1", "allt.jsonl")
    await person.says("")
    await person.says(*HOME)
    said = await person.says("support", "2", "1", "SE2120002411-1", "Nina", "Ny", "nina@sundsvall.example")
    assert "Nina" in said
    assert "1. Läs upp igen" in said
    assert "Skicka: ingen e-postserver är angiven" in await person.says("skicka")
    assert "Brevet är kastat." in await person.says("kasta", "1")
    said = await person.says("3", "En fråga", "Hur gör man?", ".", "1")
    assert "Program: behorig" in said
    assert "En fråga, inte skickat" in await person.says("0", "4")
    await person.leaves()

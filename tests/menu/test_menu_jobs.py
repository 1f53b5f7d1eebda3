"""The main job, the caller and the launch day by the menu, in a real terminal that is dumb."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from core.days import day_of
from core.directory import AUTHORITY
from tests.main_job.desk import folders
from tests.main_job.test_main_job import on_a_file, over_http
from tests.menu.talk import Talk
from tests.screens.callers import SIV, with_support
from tests.screens.house import EVA, SUNDSVALL, House
from tests.tasks import (
    CALLER,
    COLLEAGUES,
    LAUNCH_GIVEN,
    LAUNCHED,
    LIKE_IT,
    MAIN_JOB,
    NEW_KIND,
    NEW_SHORT,
    NOTE,
    SCHOOLS,
    written,
)
from tui.clock import system_clock

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

STOCKHOLM = "kommun-0180"


def write(talk: Talk, *told: str) -> None:
    """Answer the review that stands there, and the question after it, with what writes."""
    talk.says("1", "skrivs nu.", "Siffra (Enter är 2, Tillbaka):")
    talk.says("1", *told)


def register(talk: Talk, hsa_id: str, given_name: str, family_name: str, email: str) -> None:
    """Answer the questions about a new person."""
    talk.says("ny användare", "HSA-id:")
    if hsa_id.startswith("SE2120000142"):
        talk.says(hsa_id, "Förnamn:")
    else:
        talk.says(hsa_id, "Stämmer id:t?", "1. Id:t stämmer")
        talk.says("1", "Förnamn:")
    talk.says(given_name, "Efternamn:")
    talk.says(family_name, "E-post:")
    talk.says(email, f"{given_name} {family_name} är förberedd, inte skriven.")
    talk.hears(f"{given_name} {family_name}, {hsa_id}, {email}, ny, inte skriven, 0 behörigheter.")


def give_the_school_types(talk: Talk) -> None:
    """Give the person whose tasks are offered the four kinds for schools."""
    talk.says("2", *(f"{number}. {name}: inte given" for number, name in enumerate(SCHOOLS, start=1)))
    talk.says("1-4", "4 ändringar är förberedda.", "4 när det är skrivet.")


@pytest.mark.parametrize("opened", [on_a_file, over_http])
def test_the_main_job_by_the_menu_leaves_what_the_screens_leave(
    tmp_path: Path, opened: Callable[[Path], AbstractContextManager[dict[str, str]]]
) -> None:
    with opened(tmp_path) as environment:
        stage_the_main_job(environment)
        with Talk("menu", environment={**environment, "TERM": "xterm-256color"}, columns=40) as talk:
            talk.hears("Ditt utkast från förra gången finns här", "6. Granska, 15 ej skrivna")
            review_the_main_job(talk)
            undo_and_redo(talk)
            talk.leaves()
    assert asyncio.run(written(str(tmp_path / "behorig.sqlite"), STOCKHOLM)) == MAIN_JOB


def stage_the_main_job(environment: dict[str, str]) -> None:
    """Register three and give them the kinds, and leave in the middle of a question."""
    with Talk(environment=environment) as talk:
        # Chosen by itself, and it says why.
        talk.hears("TERM säger att terminalen inte kan visa en hel skärm", "en meny i enkla rader.")
        talk.hears("Du är Eva Ek, administratör.", "1. Användare", "Siffra (Enter visar valen igen):")
        talk.says("användare", "2. Ny användare")
        ake, orjan, zoe = COLLEAGUES
        register(talk, *ake)
        give_the_school_types(talk)
        talk.says("0", "2. Ny användare")
        register(talk, *orjan)
        give_the_school_types(talk)
        talk.says("0", "2. Ny användare")
        register(talk, *zoe)
        talk.says("0", "2. Ny användare")
        # The third one gets what the first one has.
        talk.says("1", "1. Annerstedt, Åke, ny, inte skriven")
        talk.says("/ake", "1 ny.", "1. Annerstedt, Åke")
        talk.says("1", "6. Kopiera till andra")
        talk.says("kopiera", "Vilka ska få det som Åke Annerstedt har?")
        talk.says("zetter", "1. Zetterström, Zoë")
        talk.says("1", "1 vald: Zoë Zetterström.", "Siffra (Enter är 1, Gå vidare med de här):")
        talk.says("", "1. Ge det som Åke Annerstedt har, ta inte bort något")
        talk.says("1", "4 ändringar är förberedda.")
        # Leaving in the middle of a question keeps the draft.
        talk.terminal.send("ctrl+d")
        talk.hears("15 ändringar är inte skrivna. De finns kvar som utkast till nästa gång.")
        assert talk.terminal.wait_exit() == 0
        talk.is_plain()


def review_the_main_job(talk: Talk) -> None:
    """Read what will happen, set a note, and write."""
    talk.says("granska", "Granska 15 ändringar i Stockholms kommun")
    told = talk.reads_on()
    assert "Obs: Zoë Zetterström: HSA-id:t SE5565594230-1337 har organisationsnummer 556559" in told
    assert "e-postadress som delas med 1 annan" in told
    assert "Registrera Åke Annerstedt, SE2120000142-PROV2, ake@stockholm.example." in told
    assert told.endswith("6. Tillbaka Siffra (Enter är 6, Tillbaka):")
    # Enter alone writes nothing.
    talk.says("", "Inget skrevs; utkastet finns kvar.")
    talk.says("6", "1. Skriv 15 ändringar")
    talk.says("anteckning", "(Enter för inget):")
    talk.says(NOTE, f"Anteckning: {NOTE}", "1. Skriv 15 ändringar")
    write(talk, "15 ändringar är skrivna.", "6. Granska 7.")
    talk.says("granska", "Granska: inget är förberett.")


def undo_and_redo(talk: Talk) -> None:
    """Undo the last write from the first menu, and that undoing from the history."""
    talk.says("ångra", "Ångra det som Eva Ek skrev", "1. Ångra 3 ändringar")
    write(talk, "3 ändringar är ångrade.")
    talk.says("historik", "1. Allt, det nyaste först")
    talk.says("1", "Ångrande: ", "har ångrats, 15 händelser: ")
    talk.says("1", "En skrivning med 15 händelser.", "Vem: Eva Ek", "2. Ångra skrivningen")
    talk.says("2", "Registrera Åke Annerstedt igen, ake@stockholm.example.", "1. Ångra 15 ändringar")
    write(talk, "15 ändringar är ångrade.")


def signed_in(house: House, hsa_id: str) -> dict[str, str]:
    """Give the environment of somebody of the screens' municipality, with folders of the house."""
    return folders(house.path.parent, BEHORIG_STORAGE=str(house.path), BEHORIG_AS=hsa_id)


def test_the_caller_becomes_administrator_by_the_menu(house: House) -> None:
    asyncio.run(with_support(house))
    with Talk(environment=signed_in(house, SIV)) as talk:
        talk.hears("Du är Siv Stöd, support.", "1. Sök i landet")
        talk.says("sök", "En del av namnet, HSA-id, e-postadressen eller organisationen")
        # One typing error is forgiven, and said to be a guess.
        talk.says(
            "andresson", "En gissning, ett skrivfel bort:", "1. Andersson, Anna, användare, Sundsvalls kommun"
        )
        talk.says("anna sundsvall", "1 person.", "1. Andersson, Anna")
        talk.says("1", "Anna Andersson, användare i Sundsvalls kommun. TSTNMT2120002411-1101")
        talk.hears("Administratörer: Bo Berg", "1. Varför, för varje behörighet")
        talk.says("1", "Asylsökande i förskoleklass: inte given. Lanserades den 1 oktober 2020. Inte given.")
        assert "Administratörer: Bo Berg (bo@sundsvall.example), Eva Ek" in talk.reads_on()
        talk.says("bokstavera", "Tore Sigurd Tore Niklas Martin Tore två ett två noll")
        talk.says("7", "Entlediga: Anna Andersson är inte administratör.")
        talk.says("6", "Obs: Anna Andersson mister 3 behörigheter", "Gör Anna Andersson till administratör.")
        write(talk, "1 ändring är skriven.", "Anna Andersson, administratör i Sundsvalls kommun.")
        talk.leaves()
    assert asyncio.run(written(str(house.path), SUNDSVALL, "siv")) == CALLER


def test_the_launch_day_by_the_menu(house: House) -> None:
    asyncio.run(with_support(house))
    with Talk(environment=signed_in(house, SIV)) as talk:
        talk.says("katalog", "2. Lansera")
        talk.says("lansera", "I vilken e-tjänst", "1. Ansök om statlig ersättning")
        talk.says("1", "Namn:")
        talk.says(NEW_KIND, "Kort namn")
        talk.says(NEW_SHORT, "Lanseringsdag")
        talk.says("snart", "år-månad-dag")
        talk.says(day_of(system_clock()).isoformat(), "Målgrupp (Enter för inget):")
        talk.says("", "Utbetalning (Enter för inget):")
        talk.says("", "Ingen får behörigheten av sig själv; organisationer med avtalet: 1.")
        write(talk, "1 ändring är skriven.", "En nyhet är färdigskriven")
        talk.says("1", "Nyheten", "1. Granska")
        talk.says("2", f"Rubrik: Ny behörighet: {NEW_KIND}")
        talk.says("1", f"Publicera ”Ny behörighet: {NEW_KIND}”")
        write(talk, "1 ändring är skriven.")
        talk.leaves()
    events = {
        each for _undoes, some in asyncio.run(written(str(house.path), AUTHORITY, "siv")) for each in some
    }
    assert events == LAUNCHED

    with Talk(environment=signed_in(house, EVA)) as talk:
        talk.hears("3. Aktuellt, 1 ny")
        talk.says("aktuellt", "2. Bara olästa")
        talk.says("2", f"1. Ny behörighet: {NEW_KIND}, oläst, något att göra")
        talk.says("1", "Att göra: Ge behörigheten", "2. Till behörigheten")
        talk.says("2", f"{NEW_KIND}, lanseras i dag.", "2. Ge till dem som har en annan")
        talk.says("2", "Ge till dem som har vilken behörighet?")
        talk.says(f"/{LIKE_IT.casefold()}", f"1. {LIKE_IT}")
        talk.says("1", "3 valda: ", f"Ska de få {NEW_KIND}?")
        talk.says("1", "3 ändringar är förberedda.")
        for _back in range(4):
            talk.says("0")
        talk.says("granska", "Granska 3 ändringar i Sundsvalls kommun")
        write(talk, "3 ändringar är skrivna.")
        talk.leaves()
    assert asyncio.run(written(str(house.path), SUNDSVALL, "eva"))[-1:] == LAUNCH_GIVEN

"""The main job, the caller and the launch day by commands alone, and how each command that writes ends."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest

from core.days import day_of
from core.directory import AUTHORITY
from storage.open import open_storage
from tests import postgresql
from tests.http.process import Country, running
from tests.line.command import Answer, House
from tests.main_job.test_main_job import EVA as EVA_IN_STOCKHOLM
from tests.screens import house as screens
from tests.screens.between import Between
from tests.screens.callers import SIV, with_support
from tests.screens.conftest import template
from tests.screens.house import EVA, PRESCHOOL, SCHOOL, SUNDSVALL
from tests.tasks import (
    ANNA,
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
from tests.terminal import Terminal
from tui.clock import system_clock
from tui.line.plan import held

__all__ = ["template"]

STOCKHOLM = "kommun-0180"
ALONE = ("init", "--organisation", "0180", "--administrator", EVA_IN_STOCKHOLM, "--name", "Eva Ek")
AKE, KAISA = "TSTNMT2120002411-1102", "TSTNMT2120002411-1103"


def in_stockholm(house: House, database: Path) -> dict[str, str]:
    """Make a real database, and give the settings with which Eva Ek works in it."""
    made = house.run(*ALONE, "--email", "eva.ek@kommun.example", "--storage", str(database))
    assert made.code == 0, made.talk
    return {"BEHORIG_STORAGE": str(database), "BEHORIG_AS": EVA_IN_STOCKHOLM}


def in_sundsvall(tmp_path: Path, template: Path, hsa_id: str = EVA) -> tuple[screens.House, dict[str, str]]:
    """Give the municipality of the screens' tests, and the settings with which somebody works in it."""
    there = screens.House(tmp_path, template)
    return there, {"BEHORIG_STORAGE": str(there.path), "BEHORIG_AS": hsa_id}


def receipt(answer: Answer) -> dict[str, object]:
    """Give the one receipt that a command wrote."""
    document = json.loads(answer.data)
    assert (document["format"], document["kind"], document["count"]) == ("behorig", "receipt", 1)
    (row,) = document["rows"]
    return dict(row)


# The three tasks ----------------------------------------------------------------------------------


def main_job(house: House, settings: dict[str, str]) -> None:
    """Register three from a list into a plan, give them the kinds for schools, review, write, undo, redo."""
    people = house.home / "nya.csv"
    people.write_text("".join(";".join(each) + "\n" for each in COLLEAGUES), encoding="utf-8")
    plan = str(house.home / "plan.json")
    staged = house.run("users", "register", "--file", str(people), "--plan", plan, **settings)
    assert (staged.code, staged.data) == (0, "")
    assert "Förberett, inte skrivet" in staged.talk
    who = [argument for hsa_id, *_rest in COLLEAGUES for argument in ("--to", hsa_id)]
    granted = house.run("permissions", "grant", *SCHOOLS, *who, "--plan", plan, **settings)
    assert granted.code == 0, granted.talk
    assert "innehåller nu 15 ändringar" in granted.talk
    # The review: the sentences are data when nothing else is asked for, the cautions are talk.
    review = house.run("apply", plan, "--dry-run", **settings)
    assert review.code == 0
    assert review.data.splitlines()[0] == (
        "Registrera Åke Annerstedt, SE2120000142-PROV2, ake@stockholm.example."
    )
    assert len(review.data.splitlines()) == 15
    assert "Granska 15 ändringar i Stockholms kommun" in review.talk
    assert "e-postadress som delas med 1 annan" in review.talk
    # Nobody can be asked: it says so, and nothing is written.
    unasked = house.run("apply", plan, **settings)
    assert (unasked.code, unasked.data) == (2, "")
    assert "Lägg till --yes" in unasked.talk
    done = house.run("apply", plan, "--yes", "--note", NOTE, "--json", **settings)
    assert done.code == 0, done.talk
    first = receipt(done)
    assert (first["changes"], first["repeated"]) == (15, False)
    assert f"behorig undo {first['changeset']}" in done.talk
    again = house.run("apply", plan, "--yes", "--json", **settings)
    assert again.code == 0
    assert receipt(again) == {**first, "repeated": True}
    assert "Det är redan skrivet" in again.talk
    added = house.run("users", "deregister", COLLEAGUES[0][0], "--plan", plan, **settings)
    assert (added.code, added.data) == (2, "")
    for told in (
        "Avregistrera Åke Annerstedt, som förlorar 4 behörigheter.",
        "Registrera Åke Annerstedt igen",
    ):
        undone = house.run("undo", "--yes", **settings)
        assert undone.code == 0, undone.talk
        assert told in undone.talk
    history = house.run("history", "--json", **settings)
    assert NOTE in history.data


def test_the_main_job_by_commands_leaves_what_the_screens_leave(house: House, tmp_path: Path) -> None:
    database = tmp_path / "b.sqlite"
    main_job(house, in_stockholm(house, database))
    assert asyncio.run(written(str(database), STOCKHOLM)) == MAIN_JOB
    # Nothing is left lying about: what was sent and answered is no plan any more.
    assert not [each for each in house.files() if "plans" in each.parts]


def token_of(house: House, database: str, hsa_id: str) -> str:
    """Make a token with which somebody is let in by a server."""
    made = house.run("token", "create", hsa_id, "--expires", "2", "--storage", database)
    assert made.code == 0, made.talk
    return made.data.strip()


def test_the_main_job_over_http(house: House, tmp_path: Path) -> None:
    database = tmp_path / "b.sqlite"
    in_stockholm(house, database)
    token = token_of(house, str(database), EVA_IN_STOCKHOLM)
    with running(Country(database, {}), tmp_path) as served:
        main_job(house, {"BEHORIG_STORAGE": served.url, "BEHORIG_TOKEN": token})
    assert asyncio.run(written(str(database), STOCKHOLM)) == MAIN_JOB


@dataclass(frozen=True)
class Place:
    """Where Sundsvall is kept, and the settings with which Siv of support and Eva work there."""

    storage: str
    today: date
    siv: dict[str, str]
    eva: dict[str, str]


def _named(storage: str) -> Place:
    siv, eva = ({"BEHORIG_STORAGE": storage, "BEHORIG_AS": each} for each in (SIV, EVA))
    return Place(storage, day_of(system_clock()), siv, eva)


@contextmanager
def on_a_file(_house: House, there: screens.House) -> Iterator[Place]:
    """Work on the file itself."""
    yield _named(str(there.path))


@contextmanager
def over_http(house: House, there: screens.House) -> Iterator[Place]:
    """Work over HTTP, each with a token; a process serves the file."""
    siv, eva = (token_of(house, str(there.path), each) for each in (SIV, EVA))
    with running(Country(there.path, {}), there.folder) as served:
        # A server has the clock of the demo where test ids are taken.
        with served.client() as client:
            me = client.get("/v1/me", headers={"Authorization": f"Bearer {siv}"}).json()
        yield Place(
            str(there.path),
            day_of(datetime.fromisoformat(me["now"])),
            {"BEHORIG_STORAGE": served.url, "BEHORIG_TOKEN": siv},
            {"BEHORIG_STORAGE": served.url, "BEHORIG_TOKEN": eva},
        )


@contextmanager
def on_postgresql(house: House, there: screens.House) -> Iterator[Place]:
    """Work on a copy in a PostgreSQL database."""
    server = postgresql.server("wheel")
    server.drop("sundsvall")
    storage = server.create("sundsvall")
    try:
        copied = house.run("copy", str(there.path), storage)
        assert copied.code == 0, copied.talk
        yield _named(storage)
    finally:
        server.drop("sundsvall")


EVERYWHERE = pytest.mark.parametrize("kept", [on_a_file, over_http, on_postgresql])
Kept = Callable[[House, screens.House], AbstractContextManager[Place]]


@EVERYWHERE
def test_the_caller_becomes_administrator(house: House, tmp_path: Path, template: Path, kept: Kept) -> None:
    there = screens.House(tmp_path, template)
    asyncio.run(with_support(there))
    with kept(house, there) as place:
        caller(house, place)


def caller(house: House, place: Place) -> None:
    """Find who calls, make her administrator, and let a municipality begin."""
    siv = place.siv
    # Found as she says it, with one typing error; her card, and her HSA-id as it is said on the telephone.
    assert ANNA in house.run("search", "andresson", **siv).data
    card = house.run("users", "show", ANNA, "--spell", **siv)
    assert card.code == 0, card.talk
    assert "Tore Sigurd Tore Niklas Martin Tore två" in card.data
    assert "Asylsökande i förskola" in card.data
    assert house.run("users", "views", ANNA, **place.eva).data.count("Siv Stöd") == 1
    looked = house.run("administrators", "appoint", "Anna Andersson", "--in", "Sundsvall", "--dry-run", **siv)
    assert (looked.code, looked.data) == (0, "Gör Anna Andersson till administratör.\n")
    assert "Anna Andersson mister 3 behörigheter" in looked.talk
    done = house.run("administrators", "appoint", ANNA, "--yes", **siv)
    assert done.code == 0, done.talk
    assert asyncio.run(written(place.storage, SUNDSVALL, "siv")) == CALLER
    # A municipality begins: its first administrator is registered and appointed in one write.
    agreed = house.run("agreements", "sign", "Ansök om statlig ersättning", "--in", "Umeå", "--yes", **siv)
    assert agreed.code == 1
    assert "Umeå kommun skulle bli utan administratör: utse en annan först." in agreed.talk
    moa = ("TSTNMT2120002627-1", "--name", "Moa Öman", "--email", "moa@umea.example")
    plan = str(house.home / "umea.json")
    for command in (
        ("administrators", "appoint", *moa, "--in", "Umeå", "--plan", plan),
        ("agreements", "sign", "Ansök om statlig ersättning", "--in", "Umeå", "--plan", plan),
        ("organisations", "amend", "Umeå", "--number", "212000-2627", "--plan", plan),
        ("apply", plan, "--yes"),
    ):
        answer = house.run(*command, **siv)
        assert answer.code == 0, answer.talk
    (founded,) = asyncio.run(written(place.storage, "kommun-2480", "siv"))
    assert [each[0] for each in founded[1]] == [
        *("account_registered", "agreement_signed", "organisation_amended", "role_changed"),
    ]
    last = house.run("administrators", "dismiss", "Moa Öman", "--in", "2480", "--yes", **siv)
    assert last.code == 1
    assert "skulle bli utan administratör" in last.talk


@EVERYWHERE
def test_the_launch_day(house: House, tmp_path: Path, template: Path, kept: Kept) -> None:
    there = screens.House(tmp_path, template)
    asyncio.run(with_support(there))
    with kept(house, there) as place:
        launch_day(house, place)


def launch_day(house: House, place: Place) -> None:
    """Launch a permission, tell of it, give it to those who have one like it, and correct what was told."""
    siv, eva = place.siv, place.eva
    today = place.today.isoformat()
    launch = ("permissions", "launch", NEW_KIND, "--e-service", "Ansök om statlig ersättning")
    more = ("--short-name", NEW_SHORT, "--day", today, "--announce")
    refused = house.run(*launch, *more, "--yes", **eva)
    assert (refused.code, refused.data) == (1, "")
    launched = house.run(*launch, *more, "--yes", **siv)
    assert launched.code == 0, launched.talk
    assert "Ingen får behörigheten av sig själv; organisationer med avtalet: 1" in launched.talk
    assert "behorig undo" not in launched.talk
    events = {
        each for _undoes, some in asyncio.run(written(place.storage, AUTHORITY, "siv")) for each in some
    }
    assert events == LAUNCHED
    # The administrator reads it, and gives the new kind to all who have one that is like it.
    title = f"Ny behörighet: {NEW_KIND}"
    assert "Ge behörigheten till de användare" in house.run("news", "show", title, **eva).data
    given = house.run("permissions", "grant", NEW_KIND, "--having", LIKE_IT, "--yes", **eva)
    assert given.code == 0, given.talk
    assert asyncio.run(written(place.storage, SUNDSVALL, "eva"))[-1:] == LAUNCH_GIVEN
    assert "det är redan klart" in house.run("news", "done", title, **eva).talk
    again = house.run("permissions", "grant", NEW_SHORT, "--having", LIKE_IT, "--yes", **eva)
    assert (again.code, again.data) == (0, "")
    assert "3 är redan givna." in again.talk
    # And support corrects what it wrote, and takes it away.
    text = house.home / "text.md"
    text.write_text("## Nytt\n\nMer att läsa.\n", encoding="utf-8")
    corrections: tuple[tuple[str, ...], ...] = (
        ("news", "correct", title, "--correction", "Texten", "--text-file", str(text)),
        ("news", "withdraw", title),
        ("permissions", "rename", NEW_KIND, "--name", "Vård för var och en"),
        ("contact", "set", "telephone", "0771-235 235"),
        ("permissions", "retire", "Vård för var och en", "--day", "2099-01-01"),
    )
    for command in corrections:
        answer = house.run(*command, "--yes", **siv)
        assert answer.code == 0, answer.talk
        # What is public on its day is not undone, and nobody is told that it can be.
        assert "behorig undo" not in answer.talk
        undone = house.run("undo", "--in", "migrationsverket", "--yes", **siv)
        assert (undone.code, undone.data) == (1, "")


def test_people_are_changed_leave_and_come_back(house: House, tmp_path: Path, template: Path) -> None:
    there, eva = in_sundsvall(tmp_path, template)
    amended = house.run(
        *("users", "amend", "Kaisa Hannu", "--family-name", "Hannula", "--email", "kaisa@sundsvall.example"),
        *("--note", "ärende 7", "--yes"),
        **eva,
    )
    assert amended.code == 0, amended.talk
    assert (
        "Ändra Kaisa Hannu: efternamn från Hannu till Hannula, e-post från social@sundsvall.example till "
        in amended.talk
    )
    same = house.run("users", "amend", KAISA, "--family-name", "Hannula", "--yes", **eva)
    assert (same.code, same.talk) == (0, "Inget är kvar att göra: allt är redan så.\n")
    leaving = house.home / "leaving.csv"
    leaving.write_text(f"{KAISA}\nÅke Annerstedt\n", encoding="utf-8")
    plan = str(house.home / "plan.json")
    for command in (
        ("users", "deregister", "--file", str(leaving), "--plan", plan),
        # Who is staged to leave gets nothing more, and a newcomer of the plan is a person like any other.
        (
            "users",
            "register",
            f"{screens.OWNER}-7",
            "--name",
            "Nils Ny",
            "--email",
            "n@b.example",
            "--plan",
            plan,
        ),
        ("permissions", "copy", ANNA, "--to", "Nils Ny", "--plan", plan),
        ("users", "amend", "Nils Ny", "--family-name", "Nyman", "--plan", plan),
        ("apply", plan, "--yes"),
        ("users", "reregister", KAISA, "--yes"),
    ):
        answer = house.run(*command, **eva)
        assert answer.code == 0, (command, answer.talk)
    writes = asyncio.run(written(str(there.path), SUNDSVALL, "eva"))
    assert [[each[:2] for each in events] for _undoes, events in writes[-2:]] == [
        [
            ("account_deregistered", AKE),
            ("account_deregistered", KAISA),
            ("account_registered", f"{screens.OWNER}-7"),
            *[("permission_granted", f"{screens.OWNER}-7")] * 3,
            *[("permission_revoked", KAISA)] * 2,
        ],
        [("account_reregistered", KAISA)],
    ]
    assert (f"{screens.OWNER}-7", "Nils Nyman, n@b.example") in {each[1:] for each in writes[-2][1]}


def test_what_else_support_does(house: House, tmp_path: Path, template: Path) -> None:
    there, siv = in_sundsvall(tmp_path, template, SIV)
    asyncio.run(with_support(there))
    text = house.home / "text.md"
    text.write_text("E-tjänsterna är stängda.\n", encoding="utf-8")
    maintenance = (
        "news",
        "publish",
        "--title",
        "Underhåll",
        "--text-file",
        str(text),
        "--kind",
        "maintenance",
    )
    helper = ("SE2021004284-1", "--name", "Ola Ny", "--email", "ola@migrationsverket.example")
    done: list[tuple[str, ...]] = [
        ("users", "register", *helper, "--in", "Migrationsverket"),
        ("support", "appoint", "Ola Ny"),
        ("support", "dismiss", "Ola Ny"),
        ("users", "deregister", "Ola Ny", "--in", "Migrationsverket"),
        ("organisations", "register", "kommun-9999", "--kind", "municipality", "--name", "Nya kommun"),
        ("organisations", "amend", "Nya kommun", "--name", "Nyare kommun"),
        ("e-services", "register", "En ny e-tjänst", "--id", "ny-e-tjanst"),
        ("agreements", "sign", "ny-e-tjanst", "--in", "Sundsvall"),
        ("agreements", "end", "ny-e-tjanst", "--in", "Sundsvall"),
        (*maintenance, "--begins", "2099-02-01 18.00", "--ends", "2099-02-01 21.00", "--id", "underhall"),
        ("news", "correct", "underhall", "--ends", "2099-02-01 22.00", "--correction", "En timme till"),
        ("administrators", "dismiss", "Bo Berg", "--in", "Sundsvall"),
    ]
    for command in done:
        answer = house.run(*command, "--yes", **siv)
        assert answer.code == 0, (command, answer.talk)
    for refused, said in (
        ((*maintenance,), "Planerat underhåll har en början och ett slut"),
        (("support", "dismiss", "Siv Stöd"), "skulle bli utan support"),
        (("contact", "set", "email"), "är aldrig utan e-postadress"),
        (("contact", "set", "telephone", "ring"), "Telefon är fel"),
        (("permissions", "retire", PRESCHOOL, "--day", "2020-01-01"), "kan upphöra tidigast dagen efter"),
        (("permissions", "grant", PRESCHOOL, "--to", "Siv Stöd"), "är support och kan inte ha behörigheter"),
    ):
        answer = house.run(*refused, "--yes", **siv)
        assert (answer.code, answer.data) == (1, ""), (refused, answer)
        assert said in answer.talk


# How commands that write end ----------------------------------------------------------------------


def test_what_changed_since_it_was_staged_is_stale(house: House, tmp_path: Path, template: Path) -> None:
    there, eva = in_sundsvall(tmp_path, template)
    plan = str(house.home / "plan.json")
    for command in (
        ("permissions", "grant", PRESCHOOL, "--to", AKE),
        ("users", "amend", KAISA, "--email", "kaisa@sundsvall.example"),
    ):
        assert house.run(*command, "--plan", plan, **eva).code == 0
    asyncio.run(there.written_by(screens.BO, *screens.grants("ake", PRESCHOOL)))
    asyncio.run(there.written_by(screens.BO, screens.amend("kaisa", "Hannula")))
    before = asyncio.run(written(str(there.path), SUNDSVALL))
    for again in (("apply", plan, "--yes"), ("apply", plan, "--dry-run"), ("plan", "show", plan)):
        answer = house.run(*again, **eva)
        assert answer.code == 4, answer.talk
        assert "Åke Annerstedt har redan behörigheten Asylsökande i förskola" in answer.talk
        assert "Bo Berg, 1 februari 2024" in answer.talk
        assert "det som sågs är inte längre så" in answer.talk
    told = json.loads(house.run("apply", plan, "--yes", "--json", **eva).data)
    assert [(each["code"], each["stale"]) for each in told["rows"]] == [
        ("account_changed_since", True),
        ("already_granted", True),
    ]
    assert asyncio.run(written(str(there.path), SUNDSVALL)) == before
    seen = house.run("users", "amend", KAISA, "--email", "k@sundsvall.example", "--seen-version", "1", **eva)
    assert seen.code == 4
    # What is not stale in it is left when that is dropped, and the plan can be written.
    assert house.run("plan", "drop", plan, "1", **eva).code == 0
    assert house.run("permissions", "grant", SCHOOL, "--to", AKE, "--plan", plan, **eva).code == 1
    assert house.run("plan", "drop", plan, "1", **eva).code == 0
    assert house.run("plan", "show", plan, **eva).code == 2
    mine = house.run("permissions", "grant", SCHOOL, "--to", AKE, "--yes", "--json", **eva)
    asyncio.run(there.written_by(screens.BO, *screens.revokes("ake", SCHOOL)))
    moved_on = house.run("undo", str(receipt(mine)["changeset"]), "--yes", **eva)
    assert moved_on.code == 4


def test_what_a_rule_is_against_is_refused_in_its_own_words(
    house: House, tmp_path: Path, template: Path
) -> None:
    there, eva = in_sundsvall(tmp_path, template)
    before = asyncio.run(written(str(there.path), SUNDSVALL))
    taken = ("--name", "Nina Ny", "--email", "nina@sundsvall.example")
    for command, said in (
        (("permissions", "grant", PRESCHOOL, "--to", AKE, "--to", "Bo Berg"), "Bo Berg är administratör"),
        (("permissions", "grant", screens.RETIRED, "--to", AKE), "kan inte längre ges eller tas bort"),
        (("users", "register", AKE, *taken), "har redan ett konto här"),
        (("users", "deregister", "Bo Berg"), "kan inte avregistreras"),
        (("users", "deregister", AKE, screens.LEFT), "är avregistrerad"),
        (("users", "reregister", AKE), "är redan registrerad"),
        (("administrators", "appoint", AKE), "Som administratör får du inte göra detta"),
        (("users", "amend", "Ingen Alls", "--email", "a@b.example"), "”Ingen Alls”"),
    ):
        answer = house.run(*command, "--yes", **eva)
        assert (answer.code, answer.data) == (1, ""), (command, answer)
        assert said in answer.talk, (command, answer)
    assert asyncio.run(written(str(there.path), SUNDSVALL)) == before


def test_what_cannot_be_understood_is_wrong_use(house: House, tmp_path: Path, template: Path) -> None:
    there, eva = in_sundsvall(tmp_path, template)
    before = asyncio.run(written(str(there.path), SUNDSVALL))
    broken = house.home / "broken.json"
    broken.write_text('{"behorig_plan": 1, "changeset": {"id": 7}}')
    newer = house.home / "newer.json"
    newer.write_text('{"behorig_plan": 2, "what": "ever"}')
    names = house.home / "names.csv"
    names.write_text(f"{AKE}\nAndersson\n", encoding="utf-8")
    latin, unclosed = house.home / "latin.csv", house.home / "unclosed.csv"
    latin.write_bytes("Öberg\n".encode("latin-1"))
    unclosed.write_text(f'{AKE}\n"Zoë\n', encoding="utf-8")
    for command, said in (
        (("users", "deregister", "--file", str(latin)), "är inte skriven i UTF-8"),
        (("users", "deregister", "--file", str(unclosed)), "se över citattecknen"),
        (("users", "deregister", "--file", str(house.home / "none.csv")), "kan inte läsas"),
        (("apply", str(broken)), "är ingen plan från behorig"),
        (("apply", str(newer)), "uppdatera behorig"),
        (("apply", str(house.home / "none.json")), "Det finns ingen plan"),
        (("permissions", "grant", "--to", AKE), "Säg vilken behörighet."),
        (("permissions", "grant", PRESCHOOL), "Säg vem"),
        (("permissions", "grant", PRESCHOOL, "--file", str(names)), "är en del av Anna Andersson"),
        (("permissions", "grant", "barn utan", "--to", AKE), "är en del av"),
        (("users", "amend", AKE), "Säg vad som ska ändras"),
        (("users", "amend", AKE, "--email", "fel"), "--email: E-post är fel"),
        (("users", "register", "--file", str(names)), "rad 1: Förnamn saknas"),
    ):
        answer = house.run(*command, "--yes", **eva)
        assert (answer.code, answer.data) == (2, ""), (command, answer)
        assert said in answer.talk, (command, answer)
    assert asyncio.run(written(str(there.path), SUNDSVALL)) == before


def test_a_list_of_users_as_they_are_listed_is_a_list_to_give_to(
    house: House, tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, eva = in_sundsvall(tmp_path, template)
    listed = house.run("users", "list", "--with", PRESCHOOL, "--csv", **eva)
    file = house.home / "listed.csv"
    file.write_text(listed.data, encoding="utf-8")
    given = house.run("permissions", "grant", "Gym", "--file", str(file), "--yes", **eva)
    assert given.code == 0, given.talk
    assert "3 ändringar är skrivna" in given.talk
    # And each line may name what only that person shall have.
    own = house.home / "own.csv"
    own.write_text(f"{AKE};{PRESCHOOL};{SCHOOL}\nZoë Zetterström;Gym\n", encoding="utf-8")
    with own.open(encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        answer = house.run("permissions", "grant", "--file", "-", "--yes", **eva)
    assert answer.code == 0, answer.talk
    assert asyncio.run(there.has("ake")) == {PRESCHOOL, SCHOOL}
    assert asyncio.run(there.has("zoe")) == {screens.SECONDARY}
    same = house.run("permissions", "copy", AKE, "--to", "Zoë Zetterström", "--replace", "--yes", **eva)
    assert same.code == 0, same.talk
    assert asyncio.run(there.has("zoe")) == {PRESCHOOL, SCHOOL}


def test_a_question_is_asked_on_a_terminal_and_only_a_yes_writes(tmp_path: Path, template: Path) -> None:
    there, eva = in_sundsvall(tmp_path, template)
    command = [sys.executable, "-m", "tui.main", "permissions", "grant", PRESCHOOL, "--to", AKE]
    environment = {**eva, "HOME": str(tmp_path), "BEHORIG_STATE": str(tmp_path / "state")}
    for keys, code in (("enter",), 130), (("ctrl+c",), 130), (("j", "enter"), 0):
        with Terminal(command, columns=100, rows=24, environment=environment) as terminal:
            terminal.wait_for("Skriva 1 ändring? Skriv j för ja; bara Enter är nej:")
            assert "Ge Åke Annerstedt: Asylsökande i förskola." in terminal.text()
            terminal.send(*keys)
            assert terminal.wait_exit() == code
        assert (PRESCHOOL in asyncio.run(there.has("ake"))) is (code == 0)


def test_what_was_typed_before_a_question_is_no_answer_to_it(tmp_path: Path, template: Path) -> None:
    there, eva = in_sundsvall(tmp_path, template)
    command = [sys.executable, "-m", "tui.main", "permissions", "grant", PRESCHOOL, "--to", AKE]
    environment = {**eva, "HOME": str(tmp_path), "BEHORIG_STATE": str(tmp_path / "state")}
    with Terminal(command, columns=100, rows=24, environment=environment) as terminal:
        terminal.send("j", "enter")
        terminal.wait_for("Skriva 1 ändring?")
        terminal.send("enter")
        assert terminal.wait_exit() == 130
    assert asyncio.run(there.has("ake")) == set()


def test_a_lost_answer_is_settled_by_applying_what_was_kept(
    house: House, tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line is cut after the write and before its answer, or before the write: either is found out."""
    there, eva = in_sundsvall(tmp_path, template)
    command = ("permissions", "grant", PRESCHOOL, SCHOOL, "--to", AKE, "--yes", "--json")
    for place, repeated in (("after", True), ("before", False)):

        async def cut(storage: str, place: str = place) -> Between:
            opened = Between(await open_storage(storage))
            opened.goes_in_write = place
            return opened

        with monkeypatch.context() as patched:
            patched.setattr("tui.assemble.session.open_storage", cut)
            lost = house.run(*command, **eva)
        assert (lost.code, lost.data) == (3, "")
        (kept,) = (each for each in house.files() if "plans" in each.parts)
        assert kept.stat().st_mode & 0o077 == 0
        assert f"Om det skrevs vet ingen: behorig apply {kept} skriver det en enda gång." in lost.talk
        settled = house.run("apply", str(kept), "--yes", "--json", **eva)
        assert settled.code == 0, settled.talk
        assert receipt(settled)["repeated"] is repeated
        assert asyncio.run(there.has("ake")) == {PRESCHOOL, SCHOOL}
        assert not kept.exists()
        assert house.run("undo", "--yes", **eva).code == 0
    writes = asyncio.run(written(str(there.path), SUNDSVALL, "eva"))
    assert [undoes for undoes, _events in writes][-4:] == [False, True, False, True]


async def test_commands_that_add_to_a_plan_at_the_same_time_wait_for_each_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "plan.json"
    order: list[str] = []

    async def second() -> None:
        async with held(file):
            order.append("second")

    async with held(file):
        waiting = asyncio.create_task(second())
        # The loop goes on meanwhile: what waits holds up nothing else.
        await asyncio.wait((waiting,), timeout=0.2)
        order.append("first")
    await waiting
    assert order == ["first", "second"]
    assert capsys.readouterr().err == ""


def test_whoever_waits_for_a_plan_is_told_so_and_can_stop(
    house: House, tmp_path: Path, template: Path
) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    plan = house.home / "plan.json"
    command = [sys.executable, "-m", "tui.main", "permissions", "grant", PRESCHOOL, "--to", AKE]
    folder = os.open(house.home, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        with Terminal(
            [*command, "--plan", str(plan)], columns=240, rows=24, environment=house.environment(**eva)
        ) as terminal:
            terminal.wait_for(f"Ett annat kommando arbetar med en plan i {house.home}")
            terminal.send("ctrl+c")
            assert terminal.wait_exit() == 130
    finally:
        os.close(folder)
    assert not plan.exists()
    assert "Traceback" not in terminal.text()


def test_a_storage_that_is_not_reachable_ends_with_3(house: House, tmp_path: Path, template: Path) -> None:
    there, eva = in_sundsvall(tmp_path, template)
    plan = str(house.home / "plan.json")
    assert house.run("permissions", "grant", PRESCHOOL, "--to", AKE, "--plan", plan, **eva).code == 0
    shutil.move(there.path, tmp_path / "away.sqlite")
    answer = house.run("apply", plan, "--yes", **eva)
    assert (answer.code, answer.data) == (3, "")
    nobody = {"BEHORIG_STORAGE": "http://127.0.0.1:9", "BEHORIG_TOKEN": "behorig_x"}
    away = house.run("undo", "--yes", **nobody)
    assert (away.code, away.data) == (3, "")


def test_letters_and_questions_are_made_kept_and_thrown_away(
    house: House, tmp_path: Path, template: Path
) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    comes = ("--hsa-id", "SE2120002411-1", "--name", "Nina Ny", "--email", "nina@sundsvall.example")
    made = house.run("letters", "administrator", "replace", *comes, "--leaves", "Bo Berg", **eva)
    assert made.code == 0, made.talk
    assert "Nina" in made.data
    assert "Bo" in made.data
    assert "Inget är skickat." in made.talk
    question = house.home / "question.txt"
    question.write_text("Hur gör man?\n", encoding="utf-8")
    asked = house.run("letters", "question", "--subject", "En fråga", "--text-file", str(question), **eva)
    assert asked.code == 0, asked.talk
    rows = json.loads(house.run("letters", "list", "--json", **eva).data)["rows"]
    assert [each["state"] for each in rows] == ["waiting", "waiting"]
    letter = next(each["id"] for each in rows if each["subject"] == "En fråga")
    assert "Hur gör man?" in house.run("letters", "show", letter, **eva).data
    file = str(house.home / "letter.eml")
    assert house.run("letters", "save", letter, file, **eva).code == 0
    assert house.run("letters", "save", letter, file, **eva).code == 1
    unsent = house.run("letters", "send", letter, "--yes", **eva)
    assert unsent.code == 2
    assert "smtp_host" in unsent.talk
    assert house.run("letters", "drop", letter, **eva).code == 2
    assert house.run("letters", "drop", letter, "--yes", **eva).code == 0
    assert house.run("letters", "show", letter, **eva).code == 1
    alone = house.run("letters", "administrator", "remove", "--leaves", "Kaisa Hannu", **eva)
    assert alone.code == 1


def test_the_version_that_a_change_is_held_against_is_told(
    house: House, tmp_path: Path, template: Path
) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    answer = house.run("users", "show", KAISA, "--json", **eva)
    assert answer.code == 0, answer
    seen = json.loads(answer.data)["about"]["version"]
    (listed,) = json.loads(house.run("users", "list", "--search", KAISA, "--json", **eva).data)["rows"]
    assert listed["version"] == seen
    amend = ("users", "amend", KAISA, "--yes", "--seen-version", str(seen), "--email")
    assert house.run(*amend, "k@sundsvall.example", **eva).code == 0
    assert house.run(*amend, "kaisa@sundsvall.example", **eva).code == 4

"""The commands that read, as each who may: what an administrator, support and a user are told."""

import asyncio
import csv
import io
import json
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from core.changes import Receipt, RegisterAccount
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id
from tests.line.command import House
from tui.assemble.session import connect
from tui.settings import Settings

EVA, HELENA, ANNA = "TSTNMT2120002411-1019", "TSTNMT2321000156-M8AN", "TSTNMT2120002411-1337"
KARIN = "TSTNMT2120002411-4K2M"
"""An administrator in two organisations."""


class Sitting:
    """Somebody who runs one command after the other."""

    def __init__(self, house: House, database: Path, hsa_id: str) -> None:
        self.house = house
        self.variables = {"BEHORIG_STORAGE": str(database), "BEHORIG_AS": hsa_id}

    def lines(self, *arguments: str) -> list[str]:
        """Run a command that succeeds, and give its lines."""
        answer = self.house.run(*arguments, **self.variables)
        assert answer.code == 0, answer.talk
        return answer.data.splitlines()

    def json(self, *arguments: str) -> dict[str, Any]:
        """Run a command that succeeds with ``--json``."""
        found: dict[str, Any] = json.loads("\n".join(self.lines(*arguments, "--json")))
        assert (found["format"], found["version"], found["count"]) == ("behorig", 1, len(found["rows"]))
        return found

    def refused(self, *arguments: str) -> tuple[int, str]:
        """Run a command that does not succeed and gives no data."""
        answer = self.house.run(*arguments, **self.variables)
        assert answer.code != 0
        assert answer.data == ""
        return answer.code, answer.talk

    def told(self, *arguments: str) -> str:
        """Run a command that succeeds, and give what it says on stderr."""
        answer = self.house.run(*arguments, **self.variables)
        assert answer.code == 0, answer.talk
        return answer.talk


@pytest.fixture
def database(tmp_path: Path, demo_database: Path) -> Path:
    """A copy of the demo: what support looks at is noted in it."""
    return Path(shutil.copyfile(demo_database, tmp_path / "demo.sqlite"))


@pytest.fixture
def eva(house: House, database: Path) -> Sitting:
    return Sitting(house, database, EVA)


@pytest.fixture
def helena(house: House, database: Path) -> Sitting:
    return Sitting(house, database, HELENA)


@pytest.fixture
def anna(house: House, database: Path) -> Sitting:
    return Sitting(house, database, ANNA)


def test_an_administrator_is_shown_a_person_with_the_reasons(eva: Sitting) -> None:
    lines = eva.lines("users", "show", "anna andersson")
    assert lines[0].startswith(f"Anna Andersson, användare i Sundsvalls kommun. {ANNA}, anna.andersson@")
    assert "Eva Ek (eva.ek@sundsvall.example)" in lines[2]
    school = next(line for line in lines if "i förskola:" in line)
    assert school == (
        "X Asylsökande i förskola: given. Lanserades den 1 oktober 2020. "
        "Gavs av Karin Åström 1 oktober 2020 08.32."
    )
    found = eva.json("users", "show", ANNA)
    assert found["about"]["hsa_id"] == ANNA
    assert found["about"]["administrators"] == [
        "eva.ek@sundsvall.example",
        "karin.astrom@sundsvall.example",
        "mikael.oberg@sundsvall.example",
    ]
    states = {row["permission"]: row["state"] for row in found["rows"]}
    assert states["asyl-forskola"] == "given"
    assert states["asyl-gymnasieskola"] == "not_given"
    assert list(states.values()).count("retired") == 1
    assert {row["permission"] for row in found["rows"] if row["allowed"]} == set(
        found["about"]["permissions"]
    )
    flat = eva.lines("users", "show", ANNA, "--flat")
    assert flat[:5] == [
        f"HSA-id: {ANNA}",
        "Efternamn: Andersson",
        "Förnamn: Anna",
        "E-post: anna.andersson@sundsvall.example",
        "Roll: användare",
    ]
    then = eva.json("users", "show", ANNA, "--as-of", "1 juni 2020")
    assert then["about"]["permissions"] == ["asyl-extraordinara-skolkostnader"]
    assert eva.refused("users", "show", ANNA, "--as-of", "1 juni 2019")[0] == 1
    code, talk = eva.refused("users", "show", "hjort")
    assert code == 2
    assert talk.startswith("”hjort” kan vara en av flera: Ann-Britt Hjort, TSTNMT2120002411-LUTG")
    code, talk = eva.refused("users", "show", "SE556559423-1337")
    assert code == 1
    assert "HSA-id är fel" in talk


def test_reasons_are_explained_by_a_part_of_a_name(eva: Sitting) -> None:
    has = eva.lines("access", "explain", ANNA, "i förskola")
    assert has[0].startswith(f"Anna Andersson, {ANNA}: Asylsökande i förskola: given.")
    assert has[-1] == "+ Gavs av Karin Åström 1 oktober 2020 08.32."
    lacks = eva.json("access", "explain", ANNA, "Gym")
    assert (lacks["about"]["allowed"], lacks["about"]["state"]) == (False, "not_given")
    assert (lacks["about"]["taken_by"], lacks["about"]["taken_at"][:10]) == ("Karin Åström", "2021-03-09")
    assert [row["reason"] for row in lacks["rows"] if not row["holds"]] == ["granted"]
    assert eva.refused("access", "explain", ANNA)[0] == 2


def test_permissions_are_listed_by_themselves_by_person_and_by_permission(eva: Sitting) -> None:
    catalogue = eva.json("permissions", "list")["rows"]
    whole = eva.json("permissions", "list", "--retired")["rows"]
    assert {row["permission"] for row in whole} > {row["permission"] for row in catalogue}
    assert [row["permission"] for row in eva.json("permissions", "list", "melker")["rows"]] == [
        "barn-utan-vardnadshavare"
    ]
    matrix = eva.lines("permissions", "list", "--by", "person", "--csv")
    rows = list(csv.DictReader(io.StringIO("\n".join(matrix).removeprefix("\ufeff")), delimiter=";"))
    anna = next(row for row in rows if row["hsa_id"] == ANNA)
    assert (anna["asyl-forskola"], anna["asyl-gymnasieskola"]) == ("true", "false")
    grants = eva.json("permissions", "list", "--by", "permission")["rows"]
    given = {
        (row["hsa_id"], each["permission"])
        for row in rows
        for each in catalogue
        if row[each["permission"]] == "true"
    }
    assert {(row["hsa_id"], row["permission"]) for row in grants} == given
    past = eva.json(
        "permissions", "list", "asyl-gymnasieskola", "--by", "permission", "--as-of", "2021-01-01"
    )
    assert ANNA in [row["hsa_id"] for row in past["rows"]]
    assert eva.refused("permissions", "list", "--search", "ann")[0] == 2


def test_news_is_listed_read_and_called_done(eva: Sitting) -> None:
    found = eva.json("news")["rows"]
    unread = [row["id"] for row in found if row["unread"]]
    assert "2 olästa." in eva.told("news", "--unread")
    newest = eva.lines("news", "show", "försörjningsstöd kan sökas")
    assert newest[0] == "Rubrik: Försörjningsstöd kan sökas från den 1 februari"
    assert [row["id"] for row in eva.json("news", "--unread")["rows"]] == unread[1:]
    assert "Det visas som klart" in eva.told("news", "done", unread[0])
    assert eva.json("news", "show", unread[0])["rows"][0]["done"] == "said"
    assert "Det visas som inte klart" in eva.told("news", "done", unread[0], "--not")
    assert eva.refused("news", "done", "2021-internet-explorer") == (
        1,
        "”Byt från Internet Explorer”: det finns inget att göra här.\n",
    )
    assert "1 är markerad som läst" in eva.told("news", "read-all")
    assert eva.json("news", "--unread")["rows"] == []
    assert [row["kind"] for row in eva.json("news", "--kind", "browser")["rows"]] == ["browser"]
    assert eva.refused("news", "--kind", "brwser")[0] == 2
    assert eva.refused("news", "show", "finns inte alls")[0] == 1


def test_support_finds_a_caller_and_administrators_see_that_it_looked(eva: Sitting, helena: Sitting) -> None:
    assert eva.told("users", "views") == "Ingen i support har sett på något kort.\n"
    guessed = helena.house.run("search", "andresson", **helena.variables)
    assert "det här ligger nära" in guessed.talk
    assert "Andersson, Anna" in guessed.data
    cut = helena.house.run("search", "ann", "--most", "2", **helena.variables)
    assert len(cut.data.splitlines()) == 2
    assert "Visar 2 av 7" in cut.talk
    both = [row["organisation"] for row in helena.json("search", KARIN)["rows"]]
    assert sorted(both) == ["kommun-2281", "kommun-2403"]
    code, talk = helena.refused("users", "show", KARIN)
    assert code == 2
    assert "Bjurholms kommun" in talk
    card = helena.lines("users", "show", KARIN, "--in", "2403", "--spell")
    assert "Bokstaverat: Tore Sigurd Tore" in card[4]
    assert card[5] == "Annat konto: administratör i Sundsvalls kommun."
    # What happened last is told as well, and who in support has looked: just now.
    assert any(line.endswith("Helena Wikström på supporten öppnade kortet.") for line in card)
    assert helena.json("users", "show", ANNA)["about"]["organisation"] == "kommun-2281"
    seen = eva.json("users", "views")["rows"]
    assert [(row["by"], row["hsa_id"]) for row in seen] == [("Helena Wikström", ANNA)]
    assert eva.lines("users", "views", ANNA)[0].endswith("Helena Wikström i support såg på Anna Andersson")
    shown = helena.json("organisations", "show", "sundsvall")
    assert shown["about"]["number"] == "212000-2411"
    assert [row["agreement"] for row in shown["rows"] if row["what"] == "e_service"] == [True, True]
    assert "Sundsvalls kommun, 2281, organisationsnummer 212000-2411" in helena.lines(
        "organisations", "list", "sunds"
    )
    assert helena.refused("users", "list", "--as-of", "2023-01-01")[0] == 2
    assert len(helena.lines("users", "list", "--in", "Bjurholm", "--as-of", "2023-01-01")) > 1
    assert len(helena.lines("history", "--in", "bjurholm")) > 3


def test_two_days_are_compared(eva: Sitting, helena: Sitting) -> None:
    lines = eva.lines("history", "compare", "2020-01-01", "2020-12-31")
    assert lines[0] == "Asylsökande i förskola lanserades 1 oktober 2020."
    rows = eva.json("history", "compare", "31 december 2020", "2020-01-01")["rows"]
    anna = next(row for row in rows if row["hsa_id"] == ANNA)
    assert (anna["change"], "asyl-forskola" in anna["gained"], anna["lost"]) == ("changed", True, [])
    assert "Inget skiljer" in eva.told("history", "compare", "2024-02-01")
    assert helena.refused("history", "compare", "2020-01-01")[0] == 2
    assert helena.json("history", "compare", "2020-01-01", "2020-12-31", "--in", "2281")["rows"] == rows


def test_a_user_sees_oneself_and_whom_to_ask_and_nothing_else(anna: Sitting, eva: Sitting) -> None:
    assert anna.lines("users", "show")[0].startswith("Anna Andersson, användare i Sundsvalls kommun.")
    assert {row["state"] for row in anna.json("users", "show")["rows"]} >= {"given", "not_given"}
    assert anna.lines("access", "explain", ANNA, "Fsk")[-1].startswith("+ Gavs av")
    assert anna.lines("support")[1] == "  Eva Ek, eva.ek@sundsvall.example"
    assert [row["hsa_id"] for row in anna.json("permissions", "list", "--by", "person")["rows"]] == [ANNA]
    for arguments in (
        ("users", "show", EVA),
        ("users", "show", "Kaisa Hannu"),
        ("access", "explain", "TSTNMT2120002411-2201", "Fsk"),
        ("users", "views"),
        ("news",),
        ("history",),
        ("history", "compare", "2020-01-01"),
        ("search", "anna"),
        ("organisations", "list"),
        ("organisations", "show", "2403"),
        ("support", "--in", "2403"),
    ):
        code, talk = anna.refused(*arguments)
        assert code == 1, arguments
        assert "Kaisa Hannu" not in talk.replace("”Kaisa Hannu”", "")
    for arguments in (("search", "anna"), ("organisations", "list"), ("users", "show", "Per-Erik Sundin")):
        assert eva.refused(*arguments)[0] == 1


def test_the_handbooks_are_written_in_plain_lines(eva: Sitting) -> None:
    whole = eva.lines("manual")
    some = eva.lines("manual", "skärmläsare")
    assert 0 < len(some) < len(whole)
    assert max(map(len, whole)) <= 80 or any("://" in line for line in whole if len(line) > 80)
    assert len(eva.lines("answers", "administratör")) > 3
    assert eva.told("manual", "xyzzy") == "Inget motsvarar ”xyzzy”.\n"


def test_what_others_write_is_told_as_it_is_written_until_it_is_told_to_end(
    house: House, database: Path
) -> None:
    variables = house.environment(BEHORIG_STORAGE=str(database), BEHORIG_AS=EVA)
    command = ["behorig", "follow", "--json"]
    with subprocess.Popen(
        command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as following:
        assert following.stdout is not None
        assert following.stderr is not None
        assert "Ctrl+C" in following.stderr.readline()
        asyncio.run(_register(database))
        told = json.loads(following.stdout.readline())
        assert (told["kind"], told["name"]) == ("account_registered", "Ny Nyberg")
        following.send_signal(signal.SIGTERM)
        assert following.wait(20) == 128 + signal.SIGTERM
        assert (following.stdout.read(), following.stderr.read()) == ("", "")


async def _register(database: Path) -> None:
    """Write as another administrator, once the reader follows."""
    session = await connect(Settings(storage=str(database), hsa_id=KARIN, organisation="2281"))
    change = RegisterAccount(
        account_id=Id("ny"),
        hsa_id=HsaId("TSTNMT2120002411-NY01"),
        given_name=GivenName("Ny"),
        family_name=FamilyName("Nyberg"),
        email=EmailAddress("ny@sundsvall.example"),
    )
    try:
        receipt = await session.service.commit(session.service.changeset("kommun-2281", (change,)))
        assert isinstance(receipt, Receipt)
    finally:
        await session.close()

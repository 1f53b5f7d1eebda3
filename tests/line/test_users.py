"""``behorig users``: who there is, within what somebody may see."""

import json
from itertools import groupby
from pathlib import Path

import pytest

from core.queries import Accounts, Query
from core.service import Service
from tests.line.command import House
from tui.line.output import Output

EVA, ANNA = "TSTNMT2120002411-1019", "TSTNMT2120002411-1337"


@pytest.fixture
def sundsvall(demo_database: Path) -> dict[str, str]:
    """The variables of an administrator's session."""
    return {"BEHORIG_STORAGE": str(demo_database), "BEHORIG_AS": EVA}


def test_users_are_listed_searched_filtered_and_sorted(house: House, sundsvall: dict[str, str]) -> None:
    everybody = house.run("users", "list", **sundsvall)
    assert (everybody.code, everybody.talk) == (0, "")
    assert len(everybody.data.splitlines()) == 40
    found = house.run("users", "list", "--search", "ann", **sundsvall)
    assert found.data.splitlines()[0] == (
        "Andersson, Anna, TSTNMT2120002411-1337, anna.andersson@sundsvall.example, 5 behörigheter"
    )
    # A permission by its name, and by a part of it.
    having = house.run("users", "list", "--with", "Asylsökande i förskola", "--json", **sundsvall)
    lacking = house.run(
        "users", "list", "--without", "asyl-forskola", "--role", "user", "--json", **sundsvall
    )
    has, lacks = json.loads(having.data), json.loads(lacking.data)
    assert all("asyl-forskola" in row["permissions"] for row in has["rows"])
    assert not any("asyl-forskola" in row["permissions"] for row in lacks["rows"])
    users = house.run(
        "users", "list", "--role", "user", "--sort", "hsa-id", "--descending", "--json", **sundsvall
    )
    rows = json.loads(users.data)["rows"]
    assert has["count"] + lacks["count"] == len(rows)
    assert [row["hsa_id"] for row in rows] == sorted((row["hsa_id"] for row in rows), reverse=True)
    past = house.run("users", "list", "--as-of", "1 januari 2020", **sundsvall)
    assert 0 < len(past.data.splitlines()) < 40
    assert house.files() == []


def test_what_is_not_found_or_not_clear_is_told(house: House, sundsvall: dict[str, str]) -> None:
    nobody = house.run("users", "list", "--search", "zzz", **sundsvall)
    assert (nobody.code, nobody.data) == (0, "")
    assert nobody.talk == "Ingen hittas med ”zzz”. --all listar även avregistrerade.\n"
    several = house.run("users", "list", "--with", "asylsökande i", **sundsvall)
    assert (several.code, several.data) == (2, "")
    assert several.talk.startswith("”asylsökande i” kan vara en av flera")
    assert "Asylsökande i förskola (asyl-forskola)" in several.talk
    wrong = house.run("users", "list", "--with", "asyl-forskloa", **sundsvall)
    assert (wrong.code, wrong.data) == (1, "")
    assert 'Menade du "asyl-forskola"' in wrong.talk
    both = house.run("users", "list", "--all", "--deregistered", **sundsvall)
    assert both.code == 2
    other = house.run("users", "list", "--in", "Bjurholms kommun", **sundsvall)
    assert (other.code, other.data) == (1, "")


def test_a_user_lists_oneself_alone(house: House, sundsvall: dict[str, str]) -> None:
    own = house.run("users", "list", "--all", "--json", **{**sundsvall, "BEHORIG_AS": ANNA})
    assert [row["hsa_id"] for row in json.loads(own.data)["rows"]] == [ANNA]


def test_a_long_list_is_written_whole_and_as_it_is_read(
    house: House, sundsvall: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Page after page, each written before the next is asked for: so a list needs the memory of a page."""
    told: list[tuple[str, int]] = []
    ask, row = Service.ask, Output.row

    async def asked(self: Service, query: Query[object]) -> object:
        answer = await ask(self, query)
        if isinstance(query, Accounts):
            told.append(("page", len(answer.rows)))  # type: ignore[attr-defined]  # a page of accounts
        return answer

    def written(self: Output, *arguments: object) -> None:
        row(self, *arguments)  # type: ignore[arg-type]  # as they came
        told.append(("row", 1))

    monkeypatch.setattr(Service, "ask", asked)
    monkeypatch.setattr(Output, "row", written)
    amina = {**sundsvall, "BEHORIG_AS": "TSTNMT2120001355-1019"}
    rows = house.run("users", "list", **amina).data.splitlines()
    assert len(rows) == len(set(rows)) == 1200
    kinds = [
        (kind, sum(count for _kind, count in some)) for kind, some in groupby(told, lambda each: each[0])
    ]
    assert kinds == [("page", 500), ("row", 500), ("page", 500), ("row", 500), ("page", 200), ("row", 200)]

"""Slips in support's commands: what is empty, none of the choices, so already, or somebody else's to do."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from tests.line.test_tasks import in_sundsvall
from tests.screens.callers import SIV, with_support
from tests.screens.conftest import template

if TYPE_CHECKING:
    from pathlib import Path

    from tests.line.command import House

__all__ = ["template"]


@pytest.fixture
def siv(tmp_path: Path, template: Path) -> dict[str, str]:
    """Give the settings with which somebody in support works."""
    there, settings = in_sundsvall(tmp_path, template, SIV)
    asyncio.run(with_support(there))
    return settings


def test_an_organisation_that_is_empty_is_not_the_own_one(house: House, siv: dict[str, str]) -> None:
    """Such is a script's variable that is not set, and Migrationsverket has no code."""
    service = "Ansök om statlig ersättning"
    for empty in ("", " "):
        for command in (
            ("agreements", "sign", service, "--in", empty, "--dry-run"),
            ("administrators", "appoint", SIV, "--in", empty, "--dry-run"),
            ("organisations", "amend", empty, "--name", "Ny", "--dry-run"),
            ("organisations", "show", empty),
            ("users", "list", "--in", empty),
            ("history", "--in", empty),
        ):
            answer = house.run(*command, **siv)
            assert (answer.code, answer.data) == (2, ""), (command, answer)
            assert "Säg vilken organisation: namn, kod, nummer eller id. Det är tomt." in answer.talk


def test_a_search_for_nothing_is_wrong_use(house: House, siv: dict[str, str]) -> None:
    for words in ((), ("",), (" ", "  ")):
        answer = house.run("search", *words, "--json", **siv)
        assert (answer.code, answer.data) == (2, ""), answer
        assert answer.talk.startswith("Säg vad som ska sökas: ett namn, ett HSA-id")


def test_what_is_none_of_the_choices_is_named(house: House, siv: dict[str, str]) -> None:
    for command, told in (
        (("contact", "set", "fax", "1"), "”fax” är inget av valen. Det finns: email, telephone, hours."),
        (("letters", "administrator", "repalce"), '”repalce” är inget av valen. Menade du "replace"?'),
        (
            ("organisations", "register", "ny", "--name", "Ny", "--kind", "kommun"),
            "--kind: ”kommun” är inget av valen. Det finns: municipality",
        ),
        (
            ("news", "publish", "--title", "x", "--text-file", __file__, "--kind", "fixx"),
            '--kind: ”fixx” är inget av valen. Menade du "fix"?',
        ),
    ):
        answer = house.run(*command, **siv)
        assert (answer.code, answer.data) == (2, ""), (command, answer)
        assert told in answer.talk, answer


def test_a_part_of_the_contact_is_told_by_its_own_name(house: House, siv: dict[str, str]) -> None:
    for part, value, told in (
        ("telephone", "", "Telefon saknas: fyll i uppgiften."),
        ("hours", "x" * 300, "Telefontid har för många tecken: högst 200 får plats."),
    ):
        answer = house.run("contact", "set", part, value, "--yes", **siv)
        assert (answer.code, answer.talk.count("\n")) == (2, 1), answer
        assert answer.talk == f"{told}\n"


def test_what_is_so_already_in_the_catalogue_is_nothing_left_to_do(house: House, siv: dict[str, str]) -> None:
    """As it is of permissions that are given: a script may say twice what it wants."""
    for command in (
        ("contact", "set", "email", "fragor@migrationsverket.example"),
        ("permissions", "rename", "Fsk", "--name", "Asylsökande barn i förskola"),
        ("permissions", "retire", "Fsk", "--day", "2099-01-01"),
        ("organisations", "amend", "kommun-2281", "--name", "Sundsvalls stad"),
    ):
        first = house.run(*command, "--yes", "--json", **siv)
        assert (first.code, json.loads(first.data)["count"]) == (0, 1), first.talk
        for more, kind in ((("--yes",), "receipt"), (("--dry-run",), "changes")):
            again = house.run(*command, *more, "--json", **siv)
            document = json.loads(again.data)
            assert (again.code, document["kind"], document["count"]) == (0, kind, 0), again
            assert again.talk == "Inget är kvar att göra: allt är redan så.\n"
        plan = house.home / "plan.json"
        assert house.run(*command, "--plan", str(plan), **siv).code == 0
        assert not plan.exists()


def test_that_something_is_supports_to_do_is_said(house: House, tmp_path: Path, template: Path) -> None:
    _there, eva = in_sundsvall(tmp_path, template)
    for command in (
        ("permissions", "retire", "Fsk", "--day", "2099-01-01"),
        ("e-services", "register", "Ny tjänst"),
        ("contact", "set", "email", "a@b.example"),
        ("news", "publish", "--title", "x", "--text-file", __file__),
    ):
        answer = house.run(*command, "--yes", "--json", **eva)
        assert answer.code == 1, (command, answer)
        assert [row["code"] for row in json.loads(answer.data)["rows"]] == ["not_your_role"]
        assert "Som administratör får du inte göra detta" in answer.talk

"""A question to the kontaktcenter: what goes along is shown first, and holds nothing about a person."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.directory import Role
from core.refusal import Refusal
from storage.files.letters import FileLetters
from tests.screens.house import SUNDSVALL, House
from tests.screens.visit import Visit, visiting
from tui.messages import Told
from tui.text.question import technical
from tui.text.refusals import SENTENCES, sentence


async def ask(visit: Visit) -> None:
    """Write a question, up to what may go along."""
    await visit.press("4")
    await visit.sees("Bo Berg")
    await visit.press("f")
    await visit.sees("Fråga till kontaktcenter")
    await visit.fill("En fråga om den nya typen")
    await visit.paste("Hej!\nVarför syns den inte?")
    await visit.press("f8")
    await visit.sees("Tekniska uppgifter", "Program: behorig", "Databas: SQLite", "Roll: administratör")


def letter(house: House) -> str:
    (kept,) = FileLetters(house.folder / "letters", "house", "eva", SUNDSVALL, None).kept()
    return kept.mail.text


async def test_the_question_goes_without_technical_lines_unless_they_are_wanted(house: House) -> None:
    async with visiting(house, size=(120, 40)) as visit:
        await ask(visit)
        await visit.press("enter")
        await visit.sees("Brev till kontaktcenter", "En fråga om den nya typen", "Varför syns den inte?")
        assert visit.lacks("SQLite")
    assert "SQLite" not in letter(house)
    assert letter(house).startswith(
        "Hej!\nVarför syns den inte?\n\nVänliga hälsningar\nEva Ek, administratör"
    )


async def test_the_technical_lines_are_those_that_were_shown(house: House) -> None:
    async with visiting(house, size=(120, 40)) as visit:
        house.sql("DROP TABLE grants")
        await visit.press("ctrl+r")
        await ask(visit)
        await visit.sees("Senaste fel: storage_")
        shown = [line.strip(" │┃") for line in visit.screen() if "Senaste fel" in line]
        await visit.press("right", "enter")
        await visit.sees("Brev till kontaktcenter", "Databas: SQLite")
    assert shown[0] in letter(house)


async def test_a_question_needs_subject_and_text_and_is_not_lost_unasked(house: House) -> None:
    async with visiting(house) as visit:
        await visit.press("4")
        await visit.sees("Bo Berg")
        await visit.press("f", "f8")
        await visit.sees("Skriv i ämnet vad det gäller.")
        await visit.fill("Ämnet")
        await visit.press("f8")
        await visit.sees("Skriv frågan.")
        await visit.press("h", "e", "j", "escape")
        await visit.sees("Det du har skrivit här går förlorat")
        await visit.press("enter")
        await visit.sees("hej")
        await visit.press("escape", "right", "enter")
        await visit.sees(">4 Support<")


PERSONS = ("Anna Andersson", "SE5565594230-1337", "anna@kommun.example", "kommun-2281", "/srv/anna.sqlite")


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_whatever_error_was_told_no_person_stands_in_the_technical_lines(code: str) -> None:
    params = dict.fromkeys(re.findall(r"{(\w+)}", SENTENCES[code]), PERSONS[0])
    params |= {"hsa_id": PERSONS[1], "path": PERSONS[4], "account_id": "anna"}
    text = sentence(Refusal(code, "anna", dict(params)), {"anna": PERSONS[0]})
    messages = [Told("08.12", text, problem=True, code=code), Told("08.13", PERSONS[0], problem=True)]
    lines = technical(role=Role.ADMINISTRATOR, storage_kind="SQLite", messages=messages)
    assert lines.endswith(f"Senaste fel: {code} 08.12")
    assert not any(person in lines for person in PERSONS)


@pytest.mark.parametrize("hostile", [*PERSONS, "\x1b[31m", ""])
def test_what_is_no_word_of_ours_does_not_get_in(hostile: str) -> None:
    messages = [
        Told(hostile, hostile, problem=True, code="storage_full"),
        Told("", "", problem=True, code=hostile),
    ]
    lines = technical(role=Role.USER, storage_kind=hostile, messages=messages)
    assert lines.splitlines()[1:] == ["Databas: okänd", "Roll: användare", "Senaste fel: storage_full"]


def test_a_letter_never_holds_the_folder_of_the_storage(tmp_path: Path) -> None:
    lines = technical(role=Role.SUPPORT, storage_kind=str(tmp_path), messages=[])
    assert str(tmp_path) not in lines
    assert lines.endswith("Senaste fel: inget")

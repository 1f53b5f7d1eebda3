"""The manual tells every key of the program as it is, and in every language the same."""

import re
from pathlib import Path

import pytest

from tests.manual import DOCUMENTS, EVERY_ACTION, MANUAL, current, places_told
from tui.text import LANGUAGES

FORM = re.compile(r"^(#+ |\d+\. |- |<!-- .* -->$|```.*$)", re.MULTILINE)
"""What a document is made of, whatever its language: headings, steps, items, tables and code."""


@pytest.mark.parametrize(
    ("language", "path"), [(language, path) for language, paths in DOCUMENTS.items() for path in paths]
)
def test_the_tables_of_the_documents_are_current(language: str, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert current(text, language) == text, "run python -m tests.manual"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_place_has_a_table_of_its_keys(language: str) -> None:
    manual, _questions = DOCUMENTS[language]
    assert places_told(manual.read_text(encoding="utf-8")) == {action.place for action in EVERY_ACTION}


@pytest.mark.parametrize("number", [0, 1])
def test_the_documents_are_made_alike_in_every_language(number: int) -> None:
    first, *others = (paths[number].read_text(encoding="utf-8") for paths in DOCUMENTS.values())
    for other in others:
        assert FORM.findall(other) == FORM.findall(first)


def test_a_table_that_is_not_current_is_found() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    outdated = manual.replace("| F8 |", "| F2 |", 1)
    assert outdated != manual
    assert current(outdated) == manual

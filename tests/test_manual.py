"""The manual tells every key of the program as it is."""

from tests.manual import MANUAL, QUESTIONS, current, places_told
from tui.actions import ACTIONS


def test_the_tables_of_the_manual_are_current() -> None:
    for path in (MANUAL, QUESTIONS):
        text = path.read_text(encoding="utf-8")
        assert current(text) == text, "run python -m tests.manual"


def test_every_place_has_a_table_of_its_keys() -> None:
    assert places_told(MANUAL.read_text(encoding="utf-8")) == {action.place for action in ACTIONS}


def test_a_table_that_is_not_current_is_found() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    outdated = manual.replace("| F8 |", "| F2 |", 1)
    assert outdated != manual
    assert current(outdated) == manual

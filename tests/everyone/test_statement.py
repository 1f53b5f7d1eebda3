"""The statement on accessibility: every criterion, and tests that are there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

DOCS = Path(__file__).parent.parent.parent / "docs"
PATHS = (DOCS / "accessibility.md", DOCS / "accessibility.en.md")
STATES = ({"Uppfyllt": "met", "Inte uppfyllt": "not met", "Ej tillämpligt": "not applicable"},
          {"Met": "met", "Not met": "not met", "Not applicable": "not applicable"})  # fmt: skip

# WCAG 2.2, levels A and AA; 4.1.1 is gone from it.
CRITERIA = [
    "1.1.1", "1.2.1", "1.2.2", "1.2.3", "1.2.4", "1.2.5", "1.3.1", "1.3.2", "1.3.3", "1.3.4", "1.3.5",
    "1.4.1", "1.4.2", "1.4.3", "1.4.4", "1.4.5", "1.4.10", "1.4.11", "1.4.12", "1.4.13", "2.1.1", "2.1.2",
    "2.1.4", "2.2.1", "2.2.2", "2.3.1", "2.4.1", "2.4.2", "2.4.3", "2.4.4", "2.4.5", "2.4.6", "2.4.7",
    "2.4.11", "2.5.1", "2.5.2", "2.5.3", "2.5.4", "2.5.7", "2.5.8", "3.1.1", "3.1.2", "3.2.1", "3.2.2",
    "3.2.3", "3.2.4", "3.2.6", "3.3.1", "3.3.2", "3.3.3", "3.3.4", "3.3.7", "3.3.8", "4.1.2", "4.1.3",
]  # fmt: skip

ROW = re.compile(r"^\| (\d\.\d\.\d+) .+ \((A|AA)\) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)


class Criterion(NamedTuple):
    """One row, without its words."""

    number: str
    level: str
    state: str
    tests: tuple[str, ...]


def criteria(path: Path, states: dict[str, str]) -> list[Criterion]:
    """Read the rows of a statement."""
    found = ROW.findall(path.read_text(encoding="utf-8"))
    return [
        Criterion(number, level, states[state], tuple(re.findall("`([^`]+)`", tests)))
        for number, level, state, _how, tests in found
    ]


def test_every_criterion_has_a_row_and_both_languages_say_the_same() -> None:
    swedish, english = (criteria(path, states) for path, states in zip(PATHS, STATES, strict=True))
    assert [each.number for each in swedish] == CRITERIA
    assert english == swedish


@pytest.mark.parametrize("each", criteria(PATHS[0], STATES[0]), ids=lambda each: each.number)
def test_what_is_met_names_tests_that_are_there(each: Criterion) -> None:
    assert bool(each.tests) != (each.state == "not applicable")
    for test in each.tests:
        file, _, name = test.partition("::")
        text = (DOCS.parent / file).read_text(encoding="utf-8")
        assert re.search(rf"^(async )?def {re.escape(name)}\(", text, re.MULTILINE), test

"""Each script comes out, and each question that people are known to ask has one (the domain notes, 6)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.demo import built_demo
from tests.scripts.script import FOLDER, ScriptError, play, read

SCRIPTS = sorted(FOLDER.glob("*.txt"))

QUESTIONS = {
    "how_an_organisation_begins",
    "what_an_administrator_does",
    "register_or_replace_an_administrator",
    "more_than_one_administrator",
    "both_roles_at_once",
    "who_is_my_administrator",
    "how_to_get_a_card",
    "how_a_colleague_gets_in",
}
"""The questions of section 6 of the domain notes."""


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's database, for copying only."""
    return built_demo(tmp_path_factory)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_comes_out(path: Path, demo: Path, tmp_path: Path) -> None:
    database = tmp_path / "demo.sqlite"
    shutil.copyfile(demo, database)
    play(read(path), database, tmp_path)


def test_each_question_has_a_script() -> None:
    assert {path.stem for path in SCRIPTS} >= QUESTIONS


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# Ett läge\nas administrator\nse Sök:\n", "x.txt:3: 'se Sök:' is not understood"),
        ("# Ett läge\nas nobody\nsee Sök:\n", "x.txt:2: 'as nobody' is not understood"),
        ("# Ett läge\nas user\nkeys 4 entr\nsee Sök:\n", "x.txt:3: there is no key entr"),
        ("as user\nsee Sök:\n", "tells its situation"),
        ("# Ett läge\nas user\nkeys 4\n", "sees something"),
    ],
)
def test_a_script_that_would_test_nothing_is_an_error(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "x.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScriptError) as caught:
        read(path)
    assert told in str(caught.value)


def test_what_is_not_seen_fails_with_file_and_line(demo: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("# Ett läge\nas administrator\nsee Sundsvalls\nnot Sundsvalls kommun\n", encoding="utf-8")
    database = tmp_path / "demo.sqlite"
    shutil.copyfile(demo, database)
    with pytest.raises(ScriptError) as caught:
        play(read(path), database, tmp_path, patience=5)
    assert str(caught.value).startswith("x.txt:4: waited for no text 'Sundsvalls kommun'")

"""Each script comes out; each question and situation that is known has one (the domain notes, 6 and 7)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.demo import built_demo
from tests.scripts.script import FOLDER, ScriptError, play, read

SCRIPTS = sorted(FOLDER.glob("*.txt"))

EVERYBODY = frozenset({"administrator", "support", "user"})
ADMINISTRATING = EVERYBODY - {"user"}

QUESTIONS = {
    "how_an_organisation_begins": ADMINISTRATING,
    "what_an_administrator_does": EVERYBODY,
    "register_or_replace_an_administrator": ADMINISTRATING,
    "more_than_one_administrator": ADMINISTRATING,
    "both_roles_at_once": EVERYBODY,
    "who_is_my_administrator": EVERYBODY,
    "how_to_get_a_card": EVERYBODY,
    "how_a_colleague_gets_in": EVERYBODY,
}
"""The questions of section 6 of the domain notes, and those who are asked them or ask them."""

SITUATIONS = {
    "trouble_with_signing_in": EVERYBODY,
    "planned_maintenance": EVERYBODY,
    "a_launch_postponed": EVERYBODY,
    "a_changed_address": EVERYBODY,
    "a_payment_that_cannot_be_seen": EVERYBODY,
    "a_wrong_email_address": EVERYBODY,
    "a_shared_mailbox": EVERYBODY,
    "nobody_left_who_knows_the_task": EVERYBODY,
}
"""The situations of section 7 of the domain notes, and those who meet them."""


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's database, for copying only."""
    return built_demo(tmp_path_factory)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_comes_out(path: Path, demo: Path, tmp_path: Path) -> None:
    database = tmp_path / "demo.sqlite"
    shutil.copyfile(demo, database)
    play(read(path), database, tmp_path)


def test_each_question_and_situation_has_a_script_in_each_role_in_which_it_is_met() -> None:
    played = {path.stem: read(path).roles for path in SCRIPTS}
    wanted = QUESTIONS | SITUATIONS
    assert {name: roles - played.get(name, frozenset()) for name, roles in wanted.items()} == {
        name: frozenset() for name in wanted
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# Ett läge\nas administrator\nse Sök:\n", "x.txt:3: 'se Sök:' is not understood"),
        ("# Ett läge\nas nobody\nsee Sök:\n", "x.txt:2: 'as nobody' is not understood"),
        ("# Ett läge\nas user\nkeys 4 entr\nsee Sök:\n", "x.txt:3: there is no key entr"),
        ("as user\nsee Sök:\n", "tells its situation"),
        ("# Ett läge\nas user\nkeys 4\n", "sees something"),
        ("# Ett läge\nas user\nsee Sök:\nas support\nkeys 4\n", "each sees something"),
        ("# Ett läge\nkeys 4\nas user\nsee Sök:\n", "x.txt:2: 'keys 4' is not understood"),
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
        play(read(path), database, tmp_path, patience=2)
    assert str(caught.value).startswith("x.txt:4: waited for no text 'Sundsvalls kommun'")

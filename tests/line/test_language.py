"""The language is chosen before anything is said: help, mistakes, and what is wrong with the settings too."""

import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from tui.language import choose
from tui.session import StartError
from tui.text import LANGUAGES, language, use_language

NOWHERE = {"BEHORIG_CONFIG": os.devnull}


@pytest.fixture(autouse=True)
def _swedish_afterwards() -> Generator[None]:
    yield
    use_language(LANGUAGES[0])


@pytest.mark.parametrize(
    ("arguments", "rest"),
    [
        (["--language", "en", "--as", "x"], ["--as", "x"]),
        (["history", "--language=en", "--csv"], ["history", "--csv"]),
        (["--help", "--language", "en"], ["--help"]),
    ],
)
def test_the_flag_may_stand_anywhere(arguments: list[str], rest: list[str]) -> None:
    assert choose(arguments, NOWHERE) == rest
    assert language() == "en"


def test_the_flag_goes_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('language = "en"\n', encoding="utf-8")
    in_file = {"BEHORIG_CONFIG": str(path)}
    for arguments, environment, wanted in (
        ([], NOWHERE, "sv"),
        ([], in_file, "en"),
        ([], {**in_file, "BEHORIG_LANGUAGE": "sv"}, "sv"),
        (["--language", "en"], {**in_file, "BEHORIG_LANGUAGE": "sv"}, "en"),
    ):
        choose(arguments, environment)
        assert language() == wanted


def test_what_stands_after_two_hyphens_is_no_flag() -> None:
    assert choose(["copy", "--", "--language", "en"], NOWHERE) == ["copy", "--", "--language", "en"]
    assert language() == "sv"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--language"], "--language needs a value after it."),
        (["--language", "--help"], "--language needs a value after it."),
        (["--language=en", "--language=sv"], "--language is given more than once."),
        (["--language", "eng"], '--language: "eng" is no language of the program. Did you mean "en"?'),
    ],
)
def test_a_mistake_in_the_flag_is_said_in_the_language_chosen_otherwise(
    arguments: list[str], said: str
) -> None:
    with pytest.raises(StartError) as found:
        choose(arguments, {**NOWHERE, "BEHORIG_LANGUAGE": "en"})
    assert found.value.sentence == said


def test_a_broken_file_or_variable_is_left_to_who_reads_all_of_it(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("language = \n", encoding="utf-8")
    choose([], {"BEHORIG_CONFIG": str(path)})
    assert language() == "sv"
    choose([], {**NOWHERE, "BEHORIG_LANGUAGE": "tlh"})
    assert language() == "sv"


def _said(*arguments: str, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tui.main", *arguments],
        env={**os.environ, **NOWHERE, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_help_and_mistakes_are_english_from_the_first_word() -> None:
    for said in (
        _said("--help", "--language", "en"),
        _said("histroy", BEHORIG_LANGUAGE="en"),
        _said(BEHORIG_LANGUAGE="en", BEHORIG_THEME="drak"),
    ):
        assert said.isascii(), said
    assert said == 'BEHORIG_THEME: "drak" is no theme. Did you mean "dark"?\n'

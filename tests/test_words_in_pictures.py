"""No picture speaks two languages: the program's own words and the framework's are those of the picture's.

What the storage holds is Swedish in both: names of permissions and organisations, and what is published.
"""

from __future__ import annotations

import re
from functools import cache

import pytest
from textual.app import App
from textual.binding import Binding
from textual.command import CommandPalette
from textual.screen import ModalScreen, Screen
from textual.widgets import Button, Input, OptionList, Select, Static, TextArea

from tests.manual import DOCUMENTS
from tests.screens.seen import lines_of
from tests.screenshots import FOLDER, SCENES, Scene
from tests.text.test_translations import forms
from tests.translations import messages, stored

ROOT = FOLDER.parent
# What ends with ~ is cut, and so no whole word.
WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{3,}(?![^\W\d_]|~)")

FRAMEWORK = (
    # As they stand in Textual's source: palette, themes, quitting, screenshots, help, loading, validation.
    *("Search for commands…", "Search for themes…", "No matches found", "Open the command palette"),
    *(
        "Press ctrl+q to quit the app",
        "Do you want to quit?",
        "Quit the app and return to the command prompt.",
    ),
    *(
        "Change the current theme",
        "Quit the application as soon as possible",
        "Hide the keys and widget help",
    ),
    *("Show help for the focused widget and a summary of available keys", "Maximize the focused widget"),
    *("Minimize the widget and restore to normal size", "Save an SVG 'screenshot' of the current screen"),
    *(
        "Saved screenshot",
        "Failed to save screenshot",
        "Ring the bell",
        "Loading...",
        "Select",
        "Theme",
        "Keys",
    ),
    *("Must be a valid number.", "Must be a valid integer.", "Must be a valid URL.", "Must be between"),
    *("Must be less than or equal to", "Must be greater than or equal to", "Must match regular expression"),
    *("Must be shorter than characters.", "Must be longer than characters."),
)
"""Words that Textual shows by itself. None of them can be translated: they must not come at all."""

BOTH = frozenset(
    # Keys and signs of a terminal, and words that Swedish has as well.
    ["backspace", "del", "delete", "end", "enter", "esc", "home", "page", "tab", "paste"]
)


PLACES_AND_ADDRESSES = re.compile(r"\{[a-z_]+\}|\S+@\S*")


def words(text: str) -> set[str]:
    return {word.casefold() for word in WORD.findall(PLACES_AND_ADDRESSES.sub(" ", text))}


@cache
def ours() -> tuple[frozenset[str], frozenset[str]]:
    """Give the words of all texts of the program: in English, and in Swedish."""
    english: set[str] = set()
    swedish: set[str] = set()
    for message in messages(stored("sv")):
        english |= words(" ".join(forms(message.id)))
        swedish |= words(" ".join(forms(message.string)))
    for language, into in (("en", english), ("sv", swedish)):
        for path in DOCUMENTS[language]:
            into.update(words(path.read_text(encoding="utf-8")))
    return frozenset(english), frozenset(swedish)


def _frameworks() -> set[str]:
    """Give the words of the framework, those of the keys of its widgets too."""
    found = words(" ".join(FRAMEWORK))
    for each in (
        App,
        Screen,
        ModalScreen,
        CommandPalette,
        Button,
        Input,
        OptionList,
        Select,
        Static,
        TextArea,
    ):
        for binding in each.BINDINGS:
            if isinstance(binding, Binding):
                found |= words(f"{binding.description} {binding.tooltip}")
    return found


@cache
def _data() -> frozenset[str]:
    """Give the words of what the demo holds."""
    files = (ROOT / "storage" / "seed").rglob("*")
    texts = [path.read_text(encoding="utf-8") for path in files if path.suffix in (".csv", ".md", ".txt")]
    return frozenset(words("\n".join(texts)))


def _shown(scene: Scene) -> dict[str, set[str]]:
    return {
        name: words("\n".join(lines_of((FOLDER / name).read_text(encoding="utf-8"), *size)))
        for name, size in zip(scene.files(), scene.sizes, strict=True)
    }


def _foreign(language: str) -> set[str]:
    """Give the words that a picture in a language may not show."""
    english, swedish = ours()
    if language == "sv":
        return {*english, *_frameworks()} - swedish - _data() - BOTH
    return set(swedish) - english - _data() - BOTH


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_picture_shows_no_word_of_the_other_language(language: str) -> None:
    foreign = _foreign(language)
    assert len(foreign) > 500
    found = {
        name: sorted(shown & foreign)
        for scene in SCENES
        if scene.language == language
        for name, shown in _shown(scene).items()
        if shown & foreign
    }
    assert not found


def test_what_the_framework_says_would_be_found() -> None:
    for said in ("No matches found", "Must be a valid number.", "Change the current theme", "Select all"):
        assert words(said) & _foreign("sv"), said
    for said in ("Ångra senaste skrivningen", "Avregistrera", "Välj färger"):
        assert words(said) & _foreign("en"), said

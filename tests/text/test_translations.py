"""The Swedish texts are complete, say what the code says, and values can do them no harm."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message

from tests.translations import (
    compiled,
    is_translated,
    messages,
    source_path,
    source_text,
    stored,
    updated,
)
from tui.text import (
    PLACEHOLDER,
    TRANSLATED,
    _,
    catalogue_path,
    fill,
    ngettext,
    number,
    pgettext,
    use_language,
)

SAME_IN_SWEDISH = {
    *(
        "behorig",
        "Page Down",
        "Page Up",
        "Program: behorig {version}",
        "  demo",
        "HSA-id",
        "Standard",
        "Region",
        "  HSA-id: {value}",
        "HSA-id {new}",
        "HSA-ID",
        "Id",
        "ORGANISATION",
    ),
    *(
        "given",
        "support",
        "Support",
        "installation",
        "Organisation",
        "organisation",
        "(organisation)",
        "{count} person",
    ),
    *("PERSON", "Person", "TEXT", "Text", "[HSA-ID]", "[ORGANISATION]", "[PERSON]", "Id: {id}"),
    *("{name}, organisation, {number}", "HSA-id: {value}", "HSA-id: {hsa_id}", "Region", "Standard"),
    # As the keys are marked.
    *("Delete", "Enter", "Esc", "Home End", "Tab"),
}
"""Texts that are not to differ from their msgid; each is a name, a sign or the same word in Swedish."""


def forms(value: object) -> tuple[str, ...]:
    """Give the forms of a msgid or a msgstr: one, or one for each number."""
    if isinstance(value, str):
        return (value,)
    assert isinstance(value, tuple | list)
    return tuple(value)


def placeholders(message: str) -> set[str]:
    return set(PLACEHOLDER.findall(message))


def every_message() -> Iterator[tuple[str, Message]]:
    return ((language, message) for language in TRANSLATED for message in messages(stored(language)))


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_holds_what_the_code_says_and_nothing_else(language: str) -> None:
    used = {(forms(message.id), message.context) for message in messages(updated(language))}
    kept = {(forms(message.id), message.context) for message in messages(stored(language))}
    assert kept == used, "run `make translations`"


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_files_are_what_make_translations_would_write(language: str) -> None:
    wanted = updated(language)
    assert source_path(language).read_text(encoding="utf-8") == source_text(wanted, language)
    assert catalogue_path(language).read_bytes() == compiled(wanted), "run `make translations`"


def test_every_text_is_translated_and_none_is_a_guess() -> None:
    missing = [
        (language, message.id)
        for language, message in every_message()
        if not is_translated(message) or message.fuzzy
    ]
    assert missing == []


def test_no_text_is_left_in_english() -> None:
    same = {
        one
        for _language, message in every_message()
        for one, other in zip(forms(message.id), forms(message.string), strict=True)
        if one == other and re.search(r"[A-Za-z]{2}", PLACEHOLDER.sub("", one))
    }
    assert same - SAME_IN_SWEDISH == set()


def test_a_translation_has_the_places_of_its_msgid() -> None:
    for language, message in every_message():
        wanted = set().union(*(placeholders(form) for form in forms(message.id)))
        for form in forms(message.string):
            # A form for one may spell the number out: "one change".
            assert placeholders(form) <= wanted, (language, message.id)
        assert placeholders(forms(message.string)[-1]) == placeholders(forms(message.id)[-1])


def test_braces_stand_for_places_only() -> None:
    for _language, message in every_message():
        for form in (*forms(message.id), *forms(message.string)):
            assert "{" not in PLACEHOLDER.sub("", form), form
            assert "}" not in PLACEHOLDER.sub("", form), form


def test_a_value_is_never_read_as_a_template() -> None:
    assert fill("{name} and {other}", name="{other}", other="%(name)s {0}") == "{other} and %(name)s {0}"


def test_a_template_cannot_reach_into_a_value() -> None:
    assert fill("{name.__class__} {name!r:>9} {}", name="x") == "{name.__class__} {name!r:>9} {}"


def test_a_place_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="name"):
        fill("{name}", other="x")


def test_every_name_of_a_place_can_be_used() -> None:
    assert fill("{template} {message} {self}", template=1, message=2, self=3) == "1 2 3"


def test_numbers_are_grouped_by_spaces_that_do_not_break() -> None:
    assert number(0) == "0"
    assert number(1340) == "1\N{NO-BREAK SPACE}340"
    assert number(-1_000_000) == "\N{MINUS SIGN}1\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000"


def test_a_text_without_translation_comes_as_it_is_with_its_number() -> None:
    assert _("no such text {x}", x="y") == "no such text y"
    assert pgettext("nowhere", "no such text") == "no such text"
    assert ngettext("{count} thing", "{count} things", 1) == "1 thing"
    assert ngettext("{count} thing", "{count} things", 2000) == "2\N{NO-BREAK SPACE}000 things"


def test_a_language_without_catalogue_is_refused() -> None:
    with pytest.raises(ValueError, match="no translation to 'tlh'"):
        use_language("tlh")

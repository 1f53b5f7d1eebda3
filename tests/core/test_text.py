"""Text from outside: what is let in, shown, sorted and found."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.identity import FamilyName, Note, Title
from core.refusal import WrongValueError
from core.text import (
    MOST_MARKS,
    REPLACEMENT,
    prose_fault,
    search_key,
    shown,
    shown_lines,
    sort_key,
    trimmed,
)
from tests.core.hostile import HOSTILE

ANY_TEXT = st.text(st.characters(), max_size=60)


def test_names_sort_as_in_swedish() -> None:
    names = [
        "Aberg", "Adam", "Édith", "Edith B", "Eva", "Lind", "Linda", "Linden", "Lindén", "Lindenb", "Muller",
        "Müller", "Mylla", "Nils", "Ñuñez", "Uno", "Vera", "Wera", "Yngve", "Zeta", "Zäta", "Åberg", "Åke",
        "Ähm", "Æon", "Ödman", "Øster", "Östlund",
    ]  # fmt: skip
    expected = [name for name in names if name not in {"Müller", "Mylla", "Muller"}]
    assert sorted(expected, key=sort_key) == expected
    assert sorted(["Mz", "Müller", "Mylla", "Muller"], key=sort_key) == ["Muller", "Mylla", "Müller", "Mz"]


@pytest.mark.parametrize(
    ("before", "after"), [("z", "å"), ("å", "ä"), ("ä", "ö"), ("Z", "å"), ("zz", "Å"), ("öa", "öö")]
)
def test_the_letters_after_z_come_after_z(before: str, after: str) -> None:
    assert sort_key(before) < sort_key(after)
    assert sort_key(before).encode() < sort_key(after).encode()


def test_e_with_an_accent_sorts_as_e_and_u_with_two_dots_as_y() -> None:
    assert sort_key("eda") < sort_key("édb") < sort_key("edc")
    assert sort_key("mya") < sort_key("müb") < sort_key("myc")


def test_a_letter_with_one_mark_more_sorts_as_the_letter_without_it() -> None:
    for marked, plain in (("ǿ", "ö"), ("ǽ", "ä"), ("ǣ", "ä"), ("ǻ", "å"), ("ǟ", "ä"), ("ȫ", "ö"), ("ǖ", "y")):
        assert sort_key(f"{plain}a") < sort_key(f"{marked}b") < sort_key(f"{plain}c")


def test_the_family_name_counts_before_the_given_name_whatever_its_length() -> None:
    pairs = [("Ann", "Östen"), ("Ann B", "Ada"), ("Anna", "Adam"), ("Anna-Berg", "Bo"), ("Annas", "Ada")]
    assert sorted(pairs, key=lambda pair: sort_key(*pair)) == pairs


def test_a_hyphen_sorts_as_a_space() -> None:
    assert sort_key("Ek-Berg") < sort_key("Ek Cia") < sort_key("Ek-Dahl")


@given(ANY_TEXT, ANY_TEXT)
def test_the_order_of_keys_is_the_same_in_bytes_and_in_characters(one: str, other: str) -> None:
    first, second = sort_key(one), sort_key(other)
    if not any(0xD800 <= ord(character) < 0xE000 for character in one + other):
        assert (first < second) == (first.encode() < second.encode())


@given(ANY_TEXT)
def test_case_and_composition_make_no_difference_to_the_keys(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert sort_key(decomposed) == sort_key(unicodedata.normalize("NFC", text))
    assert search_key(decomposed) == search_key(unicodedata.normalize("NFC", text))
    assert search_key(text.casefold()) == search_key(text)


@pytest.mark.parametrize(
    ("text", "found_by"),
    [
        ("Åkesson", ["akes", "åkes", "ÅKES", "AKES"]),
        ("Ängström", ["angstrom", "ängström", "strom"]),
        ("Östlund", ["ost", "öst"]),
        ("Müller", ["mull", "müll"]),
        ("Élise", ["elise", "élise"]),
        ("Strauß", ["strauss", "strauß"]),
        ("Bjørn", ["bjorn", "björn", "bjørn"]),
        ("Łukasz", ["lukasz"]),
        ("Þór", ["thor"]),
        ("Ñuñez", ["nunez"]),
        ("Kǿbke", ["kobke", "köbke", "købke"]),
        ("Sǽmundur", ["samundur", "sämundur", "sæmundur"]),
        ("Ǣlfrēd", ["alfred", "älfred"]),
        ("Đurić", ["duric"]),
        ("Sárá Biŋŋá", ["biŋŋa", "binna", "sara"]),
        ("Ruoŧŧa", ["ruotta", "ruoŧŧa"]),
        ("Ħamrun", ["hamrun"]),
        ("Əliyev", ["eliyev"]),
        ("Ǻberg", ["aberg", "åberg"]),
        ("Kȫnig", ["konig", "könig"]),
        ("A\u030akesson", ["åkes", "akes"]),
    ],
)
def test_search_finds_with_and_without_the_dots(text: str, found_by: list[str]) -> None:
    assert all(search_key(each) in search_key(text) for each in found_by)


def test_a_search_does_not_match_across_two_texts() -> None:
    assert search_key("anna") not in search_key("an", "na")
    assert search_key("an na") not in search_key("an", "na")


def test_outer_and_doubled_spaces_are_folded_and_nothing_else() -> None:
    assert trimmed("  Anna   Karin ") == "Anna Karin"
    assert trimmed("\tAnna\n") == "\tAnna\n"
    assert trimmed("A\u030ake") == "Åke"


@given(ANY_TEXT)
def test_what_is_shown_has_no_character_that_steers_or_hides(text: str) -> None:
    for character in shown(text):
        assert unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Me"}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HOSTILE.items()])
def test_hostile_text_is_shown_harmless(text: str) -> None:
    answer = shown(text)
    assert len(answer) <= 401
    marks = MOST_MARKS
    for character in answer:
        assert unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Me"}
        marks = marks + 1 if unicodedata.category(character).startswith("M") else 0
        assert marks <= MOST_MARKS
    assert shown(answer) == answer


def test_a_cut_is_shown_and_a_replaced_character_too() -> None:
    assert shown("abcdef", 3) == "abc…"
    assert shown("abc", 3) == "abc"
    assert shown("a\x1bb") == f"a{REPLACEMENT}b"
    assert shown("\u0301a") == f"{REPLACEMENT}a"


@pytest.mark.parametrize("kind", [FamilyName, Title, Note])
@given(text=ANY_TEXT)
@example(text="Åsa-Märta O’Brien")
@example(text="e\u0301e\u0302e\u0308\u0301")
def test_what_is_let_in_is_shown_as_it_is(kind: type[str], text: str) -> None:
    try:
        value = kind(text)
    except WrongValueError:
        return
    assert shown(value) == value
    assert kind(value) == value


def test_a_text_of_several_lines_is_shown_harmless_with_its_lines() -> None:
    text = "Ett\x1b[2J\n\ttvå\u202e\r\n\u0301tre"
    assert shown_lines(text, 100) == (
        "Ett\N{REPLACEMENT CHARACTER}[2J\n    två\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}\n"
        "\N{REPLACEMENT CHARACTER}tre"
    )
    assert shown_lines("a" * 50, 10) == "a" * 10 + "…"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Rad ett\n\trad två | {x} <b> `kod` ~ ^ \\ €", None),
        ("a\rb", ("control", "U+000D")),
        ("a\x00", ("control", "U+0000")),
        ("a\u00a0b", ("control", "U+00A0")),
        ("a\u200bb", ("control", "U+200B")),
        ("\n\u0301a", ("lone_mark", "U+0301")),
        ("e\u0301\u0302\u0303", ("lone_mark", "U+0303")),
    ],
)
def test_prose_lets_in_lines_and_signs_and_nothing_that_acts(
    text: str, fault: tuple[str, str] | None
) -> None:
    assert prose_fault(text) == fault

"""One typing error: what is near, what is not, and that every single error is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.nearness import begins_a_word, errors_of, is_guess, is_near, is_one_error_apart, search_words
from core.text import search_key

WORDS = st.text("abcdeos1-", min_size=4, max_size=12).filter(lambda word: word.isalpha())


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("andersson", "andresson", True),
        ("andersson", "anderson", True),
        ("andersson", "anderssson", True),
        ("andersson", "andersson", False),
        ("andersson", "amdersson", True),
        ("andersson", "amderson", False),
        ("ab", "ba", True),
        ("abc", "cba", False),
        ("", "a", True),
        ("abcd", "ab", False),
    ],
)
def test_one_error_is_a_letter_changed_left_out_put_in_or_swapped(one: str, other: str, apart: bool) -> None:
    assert is_one_error_apart(one, other) is is_one_error_apart(other, one) is apart


@given(WORDS)
def test_every_word_one_error_away_is_known_and_no_other(word: str) -> None:
    for other in errors_of(word):
        assert is_one_error_apart(word, other)
    for place in range(len(word) - 1):
        swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        assert swapped == word or swapped in errors_of(word)
    assert word[:-1] in errors_of(word)
    assert f"{word}x" in errors_of(word)


@given(WORDS, st.text("abcde ", max_size=8), st.text("abcde ", max_size=8))
def test_an_error_is_found_wherever_the_word_stands(word: str, before: str, after: str) -> None:
    key = f"{before}\n{word} {after}"
    for wrong in errors_of(word):
        if len(wrong) >= 4 and wrong.isalpha():
            assert wrong in key or is_near(wrong, key)


KEY = search_key("Anna-Karin", "Ängström", "SE5565594230-1337", "a.k@sundsvall.example")


@pytest.mark.parametrize(
    ("search", "guess"),
    [
        ("angstorm", True),
        ("ångstorm anna", True),
        ("annakarin", True),
        ("angst", False),  # is found as it is
        ("angstorm ana", False),
        ("angstorm amna", False),
        ("anna sunsdvall", True),
        ("anna malmö", False),
        ("se5565594230-1373", True),
        ("se5565594230-137", True),
        ("se5565594230-7331", False),
        ("kra", False),
        ("a b c d e f g angstorm", False),
    ],
)
def test_a_guess_has_all_words_but_one_and_that_one_but_for_an_error(search: str, guess: bool) -> None:
    assert is_guess(search_words(search), KEY, "Sundsvalls kommun") is guess


def test_a_word_names_an_organisation_when_a_word_of_its_name_begins_so() -> None:
    assert begins_a_word("sundsv", "Sundsvalls kommun")
    assert begins_a_word("kom", "Sundsvalls kommun")
    assert begins_a_word("tal", "Upplands-Tal kommun")
    assert not begins_a_word("anna", "Vännäs kommun")
    assert not begins_a_word("s", "Sundsvalls kommun")

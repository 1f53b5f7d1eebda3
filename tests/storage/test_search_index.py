"""The search index never misses: whatever holds all the words, its pieces hold all that is asked for."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import search_key
from storage.sql.search import MOST_WORDS, expression, pieces, words_of
from tests.core.hostile import HOSTILE

LETTERS = st.text(
    st.one_of(
        st.sampled_from("aäåöéüßłøAÄ -'.@0179\"*^():+{}%_"),
        st.characters(min_codepoint=1, max_codepoint=0x3000, exclude_categories=["Cs"]),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=30,
)


def found(keys: list[str], words: tuple[str, ...]) -> set[int]:
    """Give which keys an index made as ours gives for words."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE VIRTUAL TABLE account_search USING fts5"
            "(pieces, content='', detail='none', columnsize=0, tokenize='unicode61 remove_diacritics 0')"
        )
        connection.executemany(
            "INSERT INTO account_search (rowid, pieces) VALUES (?, ?)",
            [(number, pieces(key)) for number, key in enumerate(keys)],
        )
        rows = connection.execute(
            "SELECT rowid FROM account_search WHERE account_search MATCH ?", (expression(words),)
        )
        return {row[0] for row in rows}


@given(st.lists(LETTERS, min_size=1, max_size=5), st.data())
def test_every_part_of_a_key_finds_it(texts: list[str], data: st.DataObject) -> None:
    keys = [search_key(text) for text in texts]
    words = []
    for _ in range(data.draw(st.integers(1, 3))):
        key = data.draw(st.sampled_from(keys))
        start = data.draw(st.integers(0, max(0, len(key) - 1)))
        words += key[start : start + data.draw(st.integers(1, 12))].split()
    if words:
        holding = {number for number, key in enumerate(keys) if all(word in key for word in words)}
        assert holding <= found(keys, tuple(words))


@given(LETTERS, LETTERS)
def test_what_is_found_has_every_piece(text: str, wanted: str) -> None:
    """Few are found for nothing: of a word of at most three letters, none but what collides."""
    words = words_of(wanted)
    key = search_key(text)
    if words and all(len(word) <= 3 and word.isascii() and word.isalnum() for word in words):
        assert bool(found([key], words)) == all(word in key for word in words)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_words_are_no_error_and_find_what_holds_them(text: str) -> None:
    plain = text.encode("utf-8", errors="replace").decode("utf-8")
    words = words_of(plain)
    if words and len(words) <= MOST_WORDS:
        assert found([search_key(plain), "anna"], words) >= {0}


def test_words_within_others_are_left_out_and_what_is_asked_for_is_bounded() -> None:
    assert words_of("  Anna ANN  annå ") == ("anna",)
    assert words_of("") == ()
    assert len(words_of(" ".join(f"{number:04}" for number in range(5_000)))) == MOST_WORDS + 1
    assert expression(("a" * 10_000,)).count('"') <= 2 * 12
    assert expression(("ab",)) == '"ab"'


def test_signs_of_the_query_language_are_letters_like_others() -> None:
    keys = ["anna", 'a"b', "near", "x or y", "a*b", "(a)"]
    assert found(keys, ('"b',)) == {1}
    assert found(keys, ("*",)) == {4}
    assert found(keys, ("(a)",)) == {5}
    assert found(keys, ("or",)) == {3}

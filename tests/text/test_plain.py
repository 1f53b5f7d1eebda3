"""Any text at all is drawn harmless, and on exactly as many cells as it was given."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import wcswidth

from tui.text.plain import CUT, REPLACEMENT, drawable, fit, wrap

# Everything, and more often than chance what is known to make trouble.
TROUBLE = st.sampled_from(
    "\x00\x07\x1b\x9b\x9d\u00ad\u0301\u200b\u200d\u202e\u2066\u2028\ufe0f\ufeff\ud800"
    "\u1100\u1161\u11a8\U0001f1f8\U0001f1ea\U0001f44d\U0001f3fd\U000e0101漢ä \u3000~"
)
ANY_TEXT = st.text(st.one_of(st.characters(), TROUBLE), max_size=40)


@given(ANY_TEXT, st.integers(0, 30), st.sampled_from(["left", "right"]))
def test_a_fitted_text_fills_its_cells_exactly_and_nothing_in_it_acts(
    text: str, width: int, align: str
) -> None:
    shown = fit(text, width, "right" if align == "right" else "left")
    assert cell_len(shown) == width
    assert wcswidth(shown) == width
    assert shown.endswith(CUT) or shown.strip() == drawable(text).strip() or not width
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def test_every_mark_is_as_wide_to_all_who_count() -> None:
    for character in map(chr, range(0x110000)):
        if not unicodedata.category(character).startswith("M"):
            continue
        shown = drawable(f"0{character}")
        assert cell_len(shown) == wcswidth(shown), hex(ord(character))


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=20))
def test_ordinary_text_is_left_as_it_is(text: str) -> None:
    assert drawable(text) == text
    assert fit(text, 20) == text.ljust(20)
    assert fit(text, 20, "right") == text.rjust(20)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Åsa Öberg-Ćosić", "Åsa Öberg-Ćosić"),
        ("[@click=app.quit]x[/]", "[@click=app.quit]x[/]"),
        ("a\x1b[2Jb", f"a{REPLACEMENT}[2Jb"),
        ("a\u009b2Jb", f"a{REPLACEMENT}2Jb"),
        ("tab\there\n", f"tab{REPLACEMENT}here{REPLACEMENT}"),
        ("abc\u202edef", f"abc{REPLACEMENT}def"),
        ("\u0301Anna", f"{REPLACEMENT}Anna"),
        ("e\u0301\u0323\u0324", f"e\u0301\u0323{REPLACEMENT}"),
        ("no\u00a0break", "no break"),
        ("0\u093e", f"0{REPLACEMENT}"),
    ],
)
def test_what_must_not_reach_a_terminal_is_shown_as_a_replacement(text: str, shown: str) -> None:
    assert drawable(text) == shown


def test_a_cut_text_says_so_in_its_last_cell() -> None:
    assert fit("anna.andersson@exempel.se", 10) == "anna.ande" + CUT
    assert fit("漢字漢字", 8) == "漢字漢字"
    assert fit("漢字漢字", 6) == "漢字 " + CUT
    assert fit("ab", 1) == CUT


def test_ten_thousand_characters_cost_no_more_than_what_is_shown() -> None:
    assert fit("å" * 10_000, 5) == "åååå" + CUT
    assert fit("e" + "\u0301" * 10_000, 5) == "e\u0301\u0301" + REPLACEMENT * 3 + CUT


def test_a_sentence_is_broken_at_its_spaces() -> None:
    assert wrap("Nothing matches the search", 12) == ["Nothing", "matches the", "search"]
    assert wrap("", 12) == []
    assert wrap("to a.very.long.address@example.org", 12) == ["to", "a.very.long.", "address@exam", "ple.org"]
    assert wrap("漢字漢字", 3) == ["漢", "字", "漢", "字"]


def test_what_can_be_printed_below_the_first_mark_is_a_cell_of_its_own() -> None:
    for character in map(chr, range(0x300)):
        if character.isprintable():
            assert cell_len(character) == wcswidth(character) == 1
            assert unicodedata.category(character) not in {"Cc", "Cf", "Mn", "Me"}
            assert drawable(character) == character


def test_an_ellipsis_is_three_full_stops_since_terminals_disagree_about_it() -> None:
    # Translated to ASCII cell for cell it would be one full stop, and what goes on would seem to have ended.
    assert drawable("Skriver \N{HORIZONTAL ELLIPSIS}") == "Skriver ..."
    assert fit("Skriver \N{HORIZONTAL ELLIPSIS}", 12) == "Skriver ... "
    assert fit("Skriver \N{HORIZONTAL ELLIPSIS}", 10) == "Skriver  " + CUT
    assert wrap("Läser \N{HORIZONTAL ELLIPSIS} nu", 20) == ["Läser ... nu"]

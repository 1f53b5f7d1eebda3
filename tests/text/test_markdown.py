"""Markdown as plain lines: what is shown of each part, and that nothing hostile acts, hides or takes long."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from core.identity import LONGEST_TEXT
from tui.text.markdown import broken, paragraphs_of

WIDTH = 50
HARMFUL = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def lines(text: str, width: int = WIDTH) -> list[str]:
    return broken(paragraphs_of(text), width)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hej\npå *dig* och **mig**", ["Hej på dig och mig"]),
        ("Ett  \ntvå", ["Ett", "två"]),
        ("# Rubrik\n\nText", ["== Rubrik ==", "", "Text"]),
        ("* ett\n  * under\n* två", ["- ett", "  - under", "- två"]),
        ("3. a\n4. b", ["3. a", "4. b"]),
        ("> citat\n>\n> mer", ["> citat", "", "> mer"]),
        ("[länk](https://a.example/x)", ["länk (https://a.example/x)"]),
        ("<https://a.example>", ["https://a.example"]),
        ("<a@b.example>", ["a@b.example"]),
        ("`kod  här`", ["'kod här'"]),
        ("```\nkod   med blank\n\n  mer\n```", ["    kod   med blank", "    ", "      mer"]),
        ("![en bild](http://a.example/x.png)", ["[bild: en bild, http://a.example/x.png]"]),
        ("<b>fet</b> <script>x()</script>", ["<b>fet</b> <script>x()</script>"]),
        ("<div>\nblock\n</div>", ["<div> block </div>"]),
        ("[x](javascript:alert)", ["[x](javascript:alert)"]),
        ("| A | B |\n| --- | :-: |\n| 1 | 2 |", ["A | B", "1 | 2"]),
        ("a\n\n---\n\nb", ["a", "", "---", "", "b"]),
        ("", []),
    ],
)
def test_each_part_is_shown_as_plain_lines(text: str, shown: list[str]) -> None:
    assert lines(text) == shown


def test_a_long_line_of_a_list_goes_on_under_its_text() -> None:
    assert lines("* " + "ord " * 15, 20) == [
        "- ord ord ord ord",
        "  ord ord ord ord",
        "  ord ord ord ord",
        "  ord ord ord",
    ]


HALF = LONGEST_TEXT // 2
HOSTILE = {
    "escape in a link": "[a\x1b[2Jb](http://x/\x1b]52;c;b3du\x07) \x9b31m",
    "escape as an entity": "&#27;[2J &#x9b;2J &#x202e;txet &#8203;",
    "escape in code": "```\n\x1b[2J\n```\n`\x1b]0;x\x07`",
    "direction in a heading": "# \u202eabc",
    "a break of our own": "a\x00b\x00",
    "brackets": "[" * LONGEST_TEXT,
    "pictures": "![" * HALF,
    "emphasis": "*a_" * (LONGEST_TEXT // 3),
    "backticks": "".join("`" * length + " " for length in range(190)),
    "HTML": "<!--" * (LONGEST_TEXT // 4),
    "links": "[a](b" * (LONGEST_TEXT // 5),
    "quotes 10,000 deep": "> " * 10_000 + "a",
    "lists 10,000 deep": "- " * 10_000 + "a",
    "lists in lists": "\n".join("  " * depth + "- a" for depth in range(100)),
    "a huge table": "|a" * 3000 + "|\n" + "|-" * 3000 + "|\n" + "a\n" * 3000,
    "a wide table": "|" * HALF + "\n" + "|-" * (HALF // 2),
    "a word without end": "a" * LONGEST_TEXT,
    "wide characters": "漢" * LONGEST_TEXT,
    "marks": "a" + "\u0301" * LONGEST_TEXT,
    "1 MB": "Hej **du** [a](b)\n\n" * 60_000,
    "1 MB without a blank": "a" * 1_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_harmless_and_quick(name: str) -> None:
    before = time.process_time()
    found = lines(HOSTILE[name])
    assert time.process_time() - before < 3
    assert found, "something is shown of it, if only that something is not"
    for line in found:
        assert cell_len(line) <= WIDTH
        assert not [character for character in line if unicodedata.category(character) in HARMFUL]


def test_what_is_left_out_is_said() -> None:
    assert lines("> " * 100 + "djupt")[-1] == "Det som är nästlat djupare visas inte här."
    last = " ".join(lines("ord " * 6_000)[-3:])
    assert last.endswith("Texten fortsätter, och resten av den visas inte här.")


@given(st.text(st.sampled_from("ab \n*_`[]()<>!#>-|1.&;\\~\t\x1b\u202eå"), max_size=200), st.integers(5, 80))
def test_no_text_breaks_the_lines(text: str, width: int) -> None:
    for line in lines(text, max(width, 20)):
        assert cell_len(line) <= max(width, 20)
        assert not [character for character in line if unicodedata.category(character) in HARMFUL]


@given(st.lists(st.lists(st.sampled_from(["ord", "å", "ö", "behörighet"]), min_size=1), min_size=1))
def test_every_word_of_a_plain_text_is_shown(text: list[list[str]]) -> None:
    source = "\n\n".join(" ".join(words) for words in text)
    assert " ".join(lines(source)).split() == source.split()

"""Markdown as plain lines: for a reader of lines, a screen reader and a braille line.

The parser is markdown-it-py, which only takes a text apart; what is shown of it is decided here. Nothing of
it acts: a link is its text with the address, an image is its words, HTML is text, and every line is made
drawable before it reaches a terminal. Tables are not laid out but read row by row: the parser's own tables
may grow to millions of cells out of a few thousand letters.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rich.cells import cell_len

from core.identity import LONGEST_TEXT
from tui.text import _
from tui.text.plain import drawable, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

DEEPEST = 20
"""Lists in lists and quotes in quotes, so deep and no deeper."""
MOST_INDENT = 12
"""Cells by which nested lines are moved in, at most: they have to be read on a narrow screen too."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text that is broken for a width; ``first`` stands before its first line and ``rest`` before others.

    ``is_code`` keeps its blanks. ``is_heading`` says that it stands over what follows.
    """

    text: str
    first: str = ""
    rest: str = ""
    is_code: bool = False
    is_heading: bool = False


def paragraphs_of(text: str) -> list[Paragraph]:
    """Give a text in Markdown as paragraphs, an empty one between them; what is left out is said."""
    cut = text[:LONGEST_TEXT]
    walk = _Walk()
    try:
        walk.through(_parser().parse(cut))
    except RecursionError:
        # Nested beyond what the parser can follow: then it is shown as it was written.
        walk.paragraphs = [Paragraph(line, is_code=True) for line in cut.split("\n")]
    answer = walk.paragraphs
    while answer and not answer[-1].text and not answer[-1].first:
        answer.pop()
    if walk.is_too_deep:
        answer.append(Paragraph(_("What is nested deeper is not shown here.")))
    if len(text) > len(cut):
        answer.append(Paragraph(_("The text goes on, and the rest of it is not shown here.")))
    return answer


def broken(paragraphs: Sequence[Paragraph], width: int) -> list[str]:
    """Break paragraphs into lines of at most ``width`` cells."""
    lines: list[str] = []
    for each in paragraphs:
        room = max(1, width - max(cell_len(each.first), cell_len(each.rest)))
        parts = _hard(each.text, room) if each.is_code else wrap(each.text, room)
        for place, part in enumerate(parts or [""]):
            lines.append((each.rest if place else each.first) + part)
    return lines


def _hard(text: str, width: int) -> list[str]:
    """Break a line of code where the width ends, with all its blanks."""
    lines: list[str] = []
    line, cells = "", 0
    for character in drawable(text):
        size = cell_len(character)
        if line and cells + size > width:
            lines.append(line)
            line, cells = "", 0
        line, cells = line + character, cells + size
    return [*lines, line]


@cache
def _parser() -> MarkdownIt:
    # Deferred: only a reader of announcements needs it.
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST})


class _Walk:
    """Goes through the parser's tokens and gathers paragraphs."""

    def __init__(self) -> None:
        self.paragraphs: list[Paragraph] = []
        self.is_too_deep = False
        self._before: list[str] = []
        """What stands before the lines of each block that is open."""
        self._bullet = ""
        """What stands before the next line only."""
        self._numbers: list[int | None] = []
        self._heading = False

    def through(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            # The parser goes no deeper than it was told, and leaves out what is there.
            self.is_too_deep |= token.level >= DEEPEST - 1
            self._take(token)

    def _take(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open":
                self._numbers.append(None)
            case "ordered_list_open":
                self._numbers.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self._numbers.pop()
                if not self._numbers:
                    self._blank()
            case "list_item_open":
                self._open_item()
            case "blockquote_open":
                self._before.append("> ")
            case "list_item_close" | "blockquote_close":
                self._before.pop()
                if token.type == "blockquote_close":
                    self._blank()
            case "heading_open":
                self._heading = True
            case "heading_close":
                self._heading = False
            case "inline":
                self._take_text(token)
            case "fence" | "code_block":
                for line in token.content.rstrip("\n").split("\n"):
                    self._add(line.expandtabs(4), is_code=True)
                self._blank()
            case "hr":
                self._add("---")
                self._blank()
            case _:
                pass

    def _open_item(self) -> None:
        number = self._numbers[-1]
        sign = "- "
        if number is not None:
            sign = f"{number}. "
            self._numbers[-1] = number + 1
        self._bullet = sign
        self._before.append(" " * len(sign))

    def _take_text(self, token: Token) -> None:
        text = "".join(_inline(token.children or ()))
        lines = text.split("\n")
        if self._heading:
            self._add(" ".join(lines), is_heading=True)
        elif _is_table(token.content):
            for number, line in enumerate(lines):
                if number != 1:
                    self._add(" | ".join(cell for cell in map(str.strip, line.split("|")) if cell))
        else:
            # A line that was only broken in the source goes on; one that was ended with intent does not.
            for line in text.replace("\n", " ").split(_BREAK):
                self._add(line)
        if not self._numbers:
            self._blank()

    def _add(self, text: str, *, is_code: bool = False, is_heading: bool = False) -> None:
        inner = "".join(self._before)
        rest = inner[-MOST_INDENT:]
        first = rest
        if self._bullet:
            outer = "".join(self._before[:-1])
            first = (outer + self._bullet)[-MOST_INDENT:]
            self._bullet = ""
        if is_heading:
            text = f"== {text} =="
        indent = "    " if is_code else ""
        self.paragraphs.append(
            Paragraph(text, first + indent, rest + indent, is_code=is_code, is_heading=is_heading)
        )

    def _blank(self) -> None:
        if self.paragraphs and self.paragraphs[-1].text:
            self.paragraphs.append(Paragraph(""))


_BREAK = "\x00"
"""Stands for a line that was ended with intent; no text holds one, for none is let in."""


def _inline(children: Sequence[Token]) -> Iterator[str]:
    """Give the words of a paragraph, its lines as in the source."""
    links: list[tuple[str, list[str]]] = []

    def say(text: str) -> Iterator[str]:
        if links:
            links[-1][1].append(text)
        yield text

    for token in children:
        match token.type:
            case "text" | "html_inline":
                yield from say(token.content.replace(_BREAK, ""))
            case "code_inline":
                yield from say(f"'{token.content}'")
            case "softbreak":
                yield from say("\n")
            case "hardbreak":
                yield from say(_BREAK)
            case "link_open":
                links.append((str(token.attrGet("href") or ""), []))
            case "link_close":
                address, words = links.pop() if links else ("", [])
                if address and "".join(words) not in (address, address.removeprefix("mailto:")):
                    yield from say(f" ({address})")
            case "image":
                yield from say(
                    _(
                        "[picture: {words}, {address}]",
                        words=token.content or _("without words"),
                        address=str(token.attrGet("src") or ""),
                    )
                )
            case _:
                pass


def _is_table(source: str) -> bool:
    """Say whether a paragraph is a table: its second line is made of dashes, and divided."""
    lines = source.split("\n", 2)
    if len(lines) < 2 or "|" not in lines[0]:
        return False
    return "-" in lines[1] and "|" in lines[1] and not set(lines[1]) - set("|:- ")

"""``behorig manual`` and ``behorig answers``: what stands in the manual, in plain lines."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING

from core.text import search_key, shown
from tui.actions import ACTIONS
from tui.handbook import read_pages
from tui.session import DONE
from tui.terminal import say
from tui.text import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.handbook import Page, Paragraph

WIDEST = 80


def write_pages(name: str, words: tuple[str, ...]) -> int:
    """Write the pages of a handbook that have all the words, in heading or text; without words all pages."""
    wanted = search_key(" ".join(words)).split()
    pages = [each for each in read_pages(name) if _has(each, wanted)]
    for page in pages:
        for line in _lines(page):
            print(line)
    if not pages:
        say(_("Nothing matches “{search}”.", search=shown(" ".join(words))))
    return DONE


def _has(page: Page, wanted: list[str]) -> bool:
    key = search_key(page.title, page.words)
    return all(word in key for word in wanted)


def _lines(page: Page) -> Iterator[str]:
    width = min(WIDEST, shutil.get_terminal_size().columns)
    yield page.title
    yield ""
    for each in page.paragraphs:
        text = _text(each)
        yield from textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]
        yield ""


def _text(paragraph: Paragraph) -> str:
    if paragraph.does:
        # On a screen Enter does it; here the command of the same task is named by the help.
        action = next((each for each in ACTIONS if each.id == paragraph.does), None)
        return "" if action is None else f"{_(action.title)}: {_(action.help)}"
    return f"{paragraph.label} {paragraph.text}".strip()

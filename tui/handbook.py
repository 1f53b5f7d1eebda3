"""The manual and the questions with answers as pages of plain lines, read from the files in ``docs/``.

There is one source: the wheel carries the very files, and in a working copy they are read where they
lie. As much of Markdown is understood as they use; anything else stays as it is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui.actions import ACTIONS, DIALOG_ACTIONS, MOVES, action_by_id, key_names
from tui.keys import keymap_in_force
from tui.text import LANGUAGES, _, language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.actions import Action

_SHIPPED = Path(__file__).parent / "text"
_WORKING_COPY = Path(__file__).parent.parent / "docs"

EVERY_ACTION = (*ACTIONS, *DIALOG_ACTIONS, *MOVES)

_LINKS = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_ITEM = re.compile(r"(\d+\.|-) +(.*)")
_MARKER = re.compile(r"<!-- (\w+)(?:: ([a-z_. ]+))? -->")
_RULE = re.compile(r"\|(?: *-+ *\|)+")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or a row of a table, with what stands before it; ``does`` is the id of an action."""

    text: str
    label: str = ""
    does: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What stands under one heading, in order."""

    title: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def words(self) -> str:
        """All of its text, to search in."""
        return " ".join(f"{each.label} {each.text}" for each in self.paragraphs)


def source(name: str) -> Path:
    """Give where a handbook lies in the reader's language: ``manual``, ``questions`` or ``accessibility``."""
    spoken = language()
    shipped = _SHIPPED / spoken / f"{name}.md"
    # Who looks at the documents meets those in the default language first.
    ending = ".md" if spoken == LANGUAGES[0] else f".{spoken}.md"
    return shipped if shipped.exists() else _WORKING_COPY / f"{name}{ending}"


def read_pages(name: str) -> tuple[Page, ...]:
    """Give the pages of a handbook, in its order; last in the manual are keys that are other than usual."""
    pages = pages_of(source(name).read_text(encoding="utf-8"))
    own = own_keys() if name == "manual" else None
    return pages if own is None else (*pages, own)


def own_keys() -> Page | None:
    """Give a page on the keys that are other than usual, ``None`` where none is: the text names the usual."""
    keymap = keymap_in_force()
    paragraphs = [_of_keys(action_by_id(id)) for id in keymap.remapped]
    if not keymap.letters:
        off = _("Single letters, digits and signs are switched off as keys.")
        paragraphs.insert(0, Paragraph(off))
    if not paragraphs:
        return None
    usual = _("Elsewhere in the manual the usual keys are named; these are the ones that differ.")
    return Page(_("Keys of your own"), (Paragraph(usual), *paragraphs))


def _of_keys(action: Action) -> Paragraph:
    keys = key_names(action) or key_names(action_by_id("app.palette"))
    return Paragraph(f"{_(action.title)}. {_(action.help)}", keys)


def pages_of(markdown: str) -> tuple[Page, ...]:
    """Give a page for each heading under the first; what stands before them is the first one's."""
    title = ""
    lines: list[str] = []
    found: list[Page] = []
    for line in [*markdown.splitlines(), "## "]:
        if line.startswith(("# ", "## ")):
            paragraphs = tuple(_paragraphs(lines))
            if paragraphs:
                found.append(Page(title, paragraphs))
            title, lines = line.lstrip("# "), []
        else:
            lines.append(line)
    return tuple(found)


def _paragraphs(lines: list[str]) -> Iterator[Paragraph]:
    label = ""
    parts: list[str] = []
    in_code = in_links = in_keys = False
    # The rows of a table tell enough by themselves; the line above its rule only heads columns.
    bodies = [line for line, below in zip(lines, [*lines, ""][1:], strict=True) if not _RULE.fullmatch(below)]
    for line in [*bodies, ""]:
        marker = _MARKER.fullmatch(line)
        if line.startswith("```"):
            in_code = not in_code
        elif in_code:
            yield Paragraph(line)
        elif marker is not None:
            in_links, in_keys = marker[1] == "do", marker[1] == "keys"
            if in_keys:
                # With the keys that are in force here: the file has the usual ones.
                yield from (_of_keys(each) for each in EVERY_ACTION if each.place == marker[2])
            if in_links:
                yield from (Paragraph("", does=action_id) for action_id in (marker[2] or "").split())
        elif in_links or in_keys:
            # The table that follows is for those who read the file; the program has the actions themselves.
            continue
        elif (item := _ITEM.fullmatch(line)) is not None or not line or line.startswith("|"):
            if parts:
                yield Paragraph(_plain(" ".join(parts)), label)
            label, parts = ("", []) if item is None else (item[1], [item[2]])
            if line.startswith("|") and not _RULE.fullmatch(line):
                yield _row(line)
        else:
            parts.append(line.strip())


def _row(line: str) -> Paragraph:
    first, *rest = (_plain(cell.strip()) for cell in line.strip("|").split(" |"))
    return Paragraph(". ".join(each.rstrip(".") for each in rest) + ".", first)


def _plain(text: str) -> str:
    return _LINKS.sub(r"\1", text).replace("**", "").replace("`", "")

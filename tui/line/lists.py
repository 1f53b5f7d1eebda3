"""A list that a command reads, from a file or stdin: plain lines, or CSV with or without headings.

Read with limits (DESIGN 4.8), and told by its line where something is wrong with it.
"""

from __future__ import annotations

import csv
import io
import os
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.changes import MOST_CHANGES
from core.text import search_key
from tui.line.ask import until_readable
from tui.line.regular import beginning_of, file_named
from tui.session import StartError
from tui.settings import wrong
from tui.terminal import say
from tui.text import N_, _, ngettext
from tui.text.reasons import reason_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

LARGEST = 5_000_000
LONGEST_CELL = 1_000

HEADINGS: Mapping[str, str] = {
    "hsa_id": N_("HSA-id"),
    "given_name": N_("First name"),
    "family_name": N_("Last name"),
    "email": N_("E-mail"),
    "permissions": N_("Permissions"),
}
"""The columns that are known, by the names of ``behorig users list --csv``, and what readers call them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: its number, its cells by column, and where no heading names them, in order."""

    number: int
    cells: tuple[str, ...]
    named: Mapping[str, str]

    def cell(self, column: str, place: int) -> str:
        """Give a cell by its heading, or where there are no headings by its place; ``""`` for none."""
        if self.named:
            return self.named.get(column, "")
        return self.cells[place] if place < len(self.cells) else ""

    def rest(self, column: str, place: int) -> tuple[str, ...]:
        """Give the values of a column: divided by commas in its cell, or all cells from a place on."""
        found = self.named.get(column, "").split(",") if self.named else self.cells[place:]
        return tuple(part for each in found if (part := each.strip()))


async def read_list(name: str) -> tuple[Line, ...]:
    """Give the lines of a list, without empty ones; ``-`` is stdin.

    Raises:
        StartError: it cannot be read, is no text, is too large, or names nobody.
    """
    data = await _typed() if name == "-" else _read(name)
    lines = tuple(_lines(name, _text(name, data)))
    if not lines:
        raise wrong(_("{file} names nobody: the list is empty.", file=name))
    return lines


def _read(name: str) -> bytes:
    try:
        return beginning_of(file_named(name), LARGEST + 1)
    except OSError as error:
        reason = reason_of(error)
        raise wrong(_("{file} cannot be read ({reason}).", file=name, reason=reason)) from error


def _text(name: str, data: bytes) -> str:
    if len(data) > LARGEST:
        raise wrong(_("{file} is too large.", file=name))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise wrong(_("{file} is not written in UTF-8: save it so.", file=name)) from error


async def _typed() -> bytes:
    """Read stdin to its end as the loop does, so that signals are heard; who types is told how to end it."""
    if sys.stdin.isatty():
        say(_("Type here, and end with Ctrl+D on a line of its own; Ctrl+C stops."))
    number, data = sys.stdin.fileno(), b""
    while len(data) <= LARGEST:
        try:
            with suppress(PermissionError):  # a file, which is never waited for
                await until_readable(number)
            piece = os.read(number, 65_536)
        except OSError as error:
            raise wrong(_("{file} cannot be read ({reason}).", file="-", reason=reason_of(error))) from error
        if not piece:
            break
        data += piece
    return data


def _lines(name: str, text: str) -> Iterator[Line]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = next((each for each in (";", "\t") if each in first), ",")
    columns: Sequence[str] = ()
    count = 0
    try:
        # Cells of several lines are no part of any list: a quotation mark that is never closed is found.
        for number, cells in enumerate(
            csv.reader(io.StringIO(text, newline=None), delimiter=delimiter, strict=True), 1
        ):
            stripped = tuple(cell.strip() for cell in cells)
            if not any(stripped):
                continue
            if any(len(cell) > LONGEST_CELL for cell in stripped):
                raise wrong(_("{file}, line {line}: this is too long.", file=name, line=number))
            if not count and not columns and (columns := _columns(stripped)):
                continue
            count += 1
            if count > MOST_CHANGES:
                raise wrong(_("{file} is too large.", file=name))
            named = dict(zip(columns, stripped, strict=False)) if columns else {}
            yield Line(number, stripped, named)
    except csv.Error as error:
        raise wrong(_("{file} cannot be read as a list: look at its quotation marks.", file=name)) from error


def _columns(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Give the columns that a line of headings names; nothing where the line is none."""
    known = {search_key(each): each for each in HEADINGS}
    known.update({search_key(_(label)): each for each, label in HEADINGS.items()})
    found = tuple(known.get(search_key(cell), "") for cell in cells)
    return found if "hsa_id" in found else ()


@contextmanager
def in_line(name: str, line: Line) -> Generator[None]:
    """Tell what is wrong with what a line says together with where it stands."""
    try:
        yield
    except StartError as error:
        told = _("{file}, line {line}", file=name, line=line.number)
        raise StartError(f"{told}: {error.sentence}", error.exit_code, error.refusal) from error


def tell_doubles(name: str, keys: Iterable[tuple[Line, str]]) -> None:
    """Say which lines are about somebody whom an earlier line is about; each comes with whom, as a key."""
    known: set[str] = set()
    doubles: list[int] = []
    for line, key in keys:
        if key in known:
            doubles.append(line.number)
        known.add(key)
    if doubles:
        say(
            ngettext(
                "{file}, line {line}: somebody who is on an earlier line. Each is counted once.",
                "{file}: {count} lines name somebody who is on an earlier line, the first is line {line}. "
                "Each is counted once.",
                len(doubles),
                file=name,
                line=doubles[0],
            )
        )


async def read_text(name: str) -> str:
    """Give a text of several lines from a file, ``-`` is stdin.

    Raises:
        StartError: it cannot be read, is no text, or is too large.
    """
    return _text(name, await _typed() if name == "-" else _read(name))

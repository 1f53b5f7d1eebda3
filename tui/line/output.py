"""The rows that a command gives, in one of four forms, on stdout as they come.

Lines to read are the default: a row a line, what it is about first. ``--flat`` gives each field a line of
its own after its name, and a blank line between rows. ``--csv`` is for spreadsheets (:mod:`tui.spreadsheet`).
``--json`` is for programs, one document with a row a line::

    {"format": "behorig", "version": 1, "kind": "users", "rows": [
    {"hsa_id": "SE5565594230-1337", …},
    {"hsa_id": "SE5565594230-YJ54", …}
    ], "count": 2}

Its names are those of the CSV's columns, in English whatever the language; docs/commands.md describes
them. What all rows are about, such as the person whose permissions they are, is an object ``about`` before
them; CSV has no place for it. A document that was broken off is no JSON, so half an answer cannot be taken
for a whole one.
stdout has nothing but rows: what is said about them goes to stderr (:func:`tui.terminal.say`).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from tui.settings import wrong
from tui.spreadsheet import BYTE_ORDER_MARK, csv_line
from tui.text import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from types import TracebackType
    from typing import BinaryIO, Self

    from tui.line.options import Forms

VERSION = 1
"""The version of the JSON: it grows when a name goes away or means something else, not when one is added."""

Value = str | int | bool | None | tuple[str, ...]
"""What a field may hold; several texts stand in one cell with a comma between them."""


NOT_OTHERWISE: Mapping[str, Value] = {}
"""Where readers are told just what programs are."""


class Form(StrEnum):
    """How rows are written."""

    LINES = "lines"
    JSON = "json"
    CSV = "csv"
    FLAT = "flat"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of every row: its ``name`` for programs, and the ``label`` that readers see."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Record:
    """What all rows are about: values by the names of its fields, and what readers are told instead."""

    fields: tuple[Field, ...]
    values: Mapping[str, Value]
    lines: tuple[str, ...]
    in_words: Mapping[str, Value] = field(default_factory=dict)


def form_of(options: Forms) -> Form:
    """Give the form that the options ask for.

    Raises:
        StartError: they ask for several.
    """
    chosen = options.chosen
    if len(chosen) > 1:
        raise wrong(_("Choose one of --json, --csv and --flat."))
    return Form(chosen[0]) if chosen else Form.LINES


class Output:
    """Writes the rows of one answer; use it as a context, for what stands before and after them."""

    def __init__(
        self,
        form: Form,
        kind: str,
        fields: Sequence[Field],
        stream: BinaryIO | None = None,
        *,
        about: Record | None = None,
    ) -> None:
        """Write rows of ``fields``; ``kind`` names them in JSON, ``stream`` is stdout unless given."""
        self.form = form
        self.count = 0
        """How many rows were written."""
        self._kind = kind
        self._fields = tuple(fields)
        self._about = about
        self._stream = sys.stdout.buffer if stream is None else stream

    def __enter__(self) -> Self:
        """Write what stands before the rows."""
        match self.form:
            case Form.JSON:
                head = f'{{"format": "behorig", "version": {VERSION}, "kind": {_json(self._kind)}'
                if self._about is not None:
                    head += f', "about": {_json(_ordered(self._about.fields, self._about.values))}'
                self._write(f'{head}, "rows": [')
            case Form.CSV:
                self._stream.write(BYTE_ORDER_MARK + csv_line(each.name for each in self._fields))
            case Form.FLAT if self._about is not None:
                told = {**self._about.values, **self._about.in_words}
                self._write("".join(_flat(self._about.fields, told)))
            case Form.LINES if self._about is not None:
                self.lines(self._about.lines)
            case _:
                pass
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Write what stands after the rows, unless they were broken off."""
        if kind is None and self.form is Form.JSON:
            self._write(f'\n], "count": {self.count}}}\n')
        self._stream.flush()

    def row(
        self, values: Mapping[str, Value], line: str, in_words: Mapping[str, Value] = NOT_OTHERWISE
    ) -> None:
        """Write a row: its values by the names of the fields, and as a line to read.

        ``in_words`` has what a reader of ``--flat`` is told in place of a value that is for programs.

        Raises:
            ValueError: the values are not those of the fields.
        """
        if len(values) != len(self._fields) or any(each.name not in values for each in self._fields):
            raise ValueError(f"a row of {self._kind} has not the fields that it should have")
        match self.form:
            case Form.JSON:
                self._write(f"{',' if self.count else ''}\n{_json(_ordered(self._fields, values))}")
            case Form.CSV:
                self._stream.write(csv_line(_cell(values[each.name]) for each in self._fields))
            case Form.FLAT:
                between = "\n" * (self.count > 0 or self._about is not None)
                self._write(between + "".join(_flat(self._fields, {**values, **in_words})))
            case Form.LINES:
                self._write(f"{line}\n")
        self.count += 1

    def lines(self, lines: Iterable[str]) -> None:
        """Write lines that only readers of lines are told."""
        if self.form is Form.LINES:
            self._write("".join(f"{line}\n" for line in lines))

    def flush(self) -> None:
        """Let a reader have what was written, before there is more."""
        self._stream.flush()

    def _write(self, text: str) -> None:
        # Programs read UTF-8; who reads on a terminal has the terminal's letters.
        encoding = "utf-8" if self.form is Form.JSON else (sys.stdout.encoding or "utf-8")
        self._stream.write(text.encode(encoding, "replace"))


def _ordered(fields: Sequence[Field], values: Mapping[str, Value]) -> dict[str, Value]:
    return {each.name: values[each.name] for each in fields}


def _flat(fields: Sequence[Field], values: Mapping[str, Value]) -> Iterator[str]:
    for each in fields:
        # A text of several lines goes on under its label, so that a label is known by its place.
        text = _told(values[each.name]).replace("\n", "\n  ")
        yield f"{each.label}: {text}".rstrip() + "\n"


def _json(value: object) -> str:
    # An id or a name is a kind of its own in core, and a text for whoever reads it.
    return msgspec.json.encode(value, enc_hook=str).decode()


def _cell(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _told(value)


def _told(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case tuple():
            return ", ".join(value)
        case _:
            return str(value)

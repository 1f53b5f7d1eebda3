"""The history as a file: an event a line, as JSON Lines or as CSV.

CSV is as :mod:`tui.spreadsheet` writes it.
"""

from __future__ import annotations

import os
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from core.days import local
from core.queries import MOST_ROWS, WriteRow
from core.text import shown
from tui.named_file import named_file
from tui.spreadsheet import BYTE_ORDER_MARK, csv_line
from tui.text import _
from tui.text.reasons import reason_of
from tui.text.sentences import Words, of_event

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from core.history import AnyEvent
    from tui.desk import Desk
    from tui.history import HistoryFilter


class Form(StrEnum):
    """How the history is written, named as the file's name ends."""

    CSV = "csv"
    JSON_LINES = "jsonl"


COLUMNS = (
    *("at", "at_sweden", "by", "by_account", "by_organisation", "sentence", "kind", "account", "name"),
    *("permission", "permission_name", "note", "write", "undoes", "undone_by"),
)
"""The columns of CSV and the keys of JSON Lines, which besides has the whole ``event``."""


def form_of(path: str) -> Form | None:
    """Give the form that a file's name asks for, ``None`` where it asks for none."""
    ending = Path(path).suffix.lower().removeprefix(".")
    return {"csv": Form.CSV, "jsonl": Form.JSON_LINES, "json": Form.JSON_LINES}.get(ending)


def head(form: Form) -> bytes:
    """Give what stands before the first line."""
    return b"" if form is Form.JSON_LINES else BYTE_ORDER_MARK + csv_line(COLUMNS)


def lines(write: WriteRow, words: Words, form: Form) -> Iterator[bytes]:
    """Give a line for each event of a write that is asked for."""
    for event in write.events:
        told = event_values(write, event, words)
        if form is Form.CSV:
            yield csv_line(told[name] for name in COLUMNS)
        else:
            yield msgspec.json.encode({**told, "event": msgspec.to_builtins(event)}) + b"\n"


def event_values(write: WriteRow, event: AnyEvent, words: Words) -> dict[str, str]:
    """Give what is told of an event, by :data:`COLUMNS`."""
    account_id = str(getattr(event, "account_id", ""))
    permission_id = str(getattr(event, "permission_id", ""))
    told = {
        "at": write.at,
        "at_sweden": _in_sweden(write.at),
        "by": write.by,
        "by_account": write.actor_id,
        "by_organisation": write.actor_organisation_id,
        "sentence": of_event(event, words),
        "kind": str(event.__struct_config__.tag),
        "account": account_id,
        "name": words.person(account_id) if account_id else "",
        "permission": permission_id,
        "permission_name": words.permission(permission_id) if permission_id else "",
        "note": write.note,
        "write": write.changeset_id,
        "undoes": write.undoes or "",
        "undone_by": write.undone_by or "",
    }
    return {name: shown(text, len(text)) for name, text in told.items()}


def _in_sweden(at: str) -> str:
    """Give a moment as clocks in Sweden showed it, to the second; what is none is given back."""
    try:
        return f"{local(datetime.fromisoformat(at)):%Y-%m-%d %H:%M:%S}"
    except ValueError:
        return at


async def whole_writes(desk: Desk, wanted: HistoryFilter) -> AsyncIterator[WriteRow]:
    """Give what a filter keeps, newest first, each write with all its events that are asked for."""
    question = wanted.question(desk.organisation_id, limit=MOST_ROWS)
    while True:
        page = await desk.service.ask(question)
        for row in page.rows:
            write = row
            if row.matching > len(row.events):
                whole = msgspec.structs.replace(question, changeset_id=row.changeset_id, cursor=None)
                found = (await desk.service.ask(whole)).rows
                write = found[0] if found else row
            yield write
        if page.after is None:
            return
        question = msgspec.structs.replace(question, cursor=page.after)


async def exported(desk: Desk, wanted: HistoryFilter, form: Form) -> AsyncIterator[tuple[int, bytes]]:
    """Give the bytes of everything that a filter keeps, newest first, each with how many events it has."""
    yield 0, head(form)
    async for write in whole_writes(desk, wanted):
        some = list(lines(write, Words(desk.catalogue, desk.today, write.names), form))
        yield len(some), b"".join(some)


class NewFile:
    """A file in the making beside its place, so that nobody finds half of it."""

    def __init__(self, path: Path) -> None:
        """Begin; an :class:`OSError` says why not."""
        self.path = path
        self._part = path.with_name(f".{path.name}.part-{os.getpid()}")
        # Names of people: for nobody else on this machine.
        self.file: BinaryIO = os.fdopen(
            os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
        )

    def finish(self, *, replace: bool) -> None:
        """Put it in its place; one that is there is a :class:`FileExistsError`, unless ``replace``."""
        self.file.close()
        if replace:
            self._part.replace(self.path)
        else:
            os.link(self._part, self.path)
            self._part.unlink()

    def drop(self) -> None:
        """Take what was begun away."""
        self.file.close()
        self._part.unlink(missing_ok=True)


async def write_file(desk: Desk, wanted: HistoryFilter, path: Path, form: Form, *, replace: bool) -> int:
    """Write what a filter keeps to a file, and give how many events that was.

    Raises:
        FileExistsError: there is one already, and it is not to be replaced.
        OSError: the disk does not take it.
    """
    new = NewFile(path)
    try:
        count = 0
        async for events, data in exported(desk, wanted, form):
            new.file.write(data)
            count += events
        new.finish(replace=replace)
    finally:
        new.drop()
    return count


def place_of(name: str) -> tuple[Path, bool]:
    """Give the file that a name means, and whether there is one already."""
    path = named_file(name).absolute()
    return path, path.exists()


def fault_of_name(name: str) -> str:
    """Tell what is wrong with the name of a file to write to, ``""`` where nothing is."""
    if not name:
        return _("Write the name of a file, such as historik.csv.")
    if form_of(name) is None:
        return _("End the name with .csv for a spreadsheet, or with .jsonl for JSON Lines.")
    path = named_file(name)
    try:
        has_room = not path.is_dir() and path.absolute().parent.is_dir()
    except OSError as error:
        return _("{file} could not be written: {reason}.", file=name, reason=reason_of(error))
    if not has_room:
        return _("There is no folder {folder}.", folder=str(path.absolute().parent))
    return ""

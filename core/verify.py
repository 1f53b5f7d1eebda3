"""Whether an organisation's chain is what was written: judged record by record, so that any length fits.

What this shows: that no stored byte, hash, number or column beside the bytes was changed, and that no
record was taken out, put in or moved, up to the head. What it cannot show: that somebody has not made the
whole chain anew with every hash. Against that helps the fingerprint of all heads, written down elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

import msgspec

from core.history import NO_HASH, Record, link
from core.refusal import WrongValueError
from core.wire import decode

Value = str | int | bytes | float | None
"""What a column of a database may hold, whatever it should hold."""


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """A record as a database has it: its bytes and hash, and the columns that say the same beside them."""

    number: Value
    changeset_number: Value
    kind: Value
    account_id: Value
    permission_id: Value
    data: Value
    hash: Value


class ChangesetBeside(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of the changeset that a record belongs to."""

    number: Value
    last_number: Value
    id: Value
    at: Value
    actor_organisation_id: Value
    actor_id: Value
    actor_name: Value
    note: Value
    undoes: Value


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """The first place in a chain that does not fit.

    ``code`` is ``missing`` (the record is not there), ``extra`` (it was never written), ``changed`` (bytes
    or hash), ``unreadable``, ``column`` (``column`` names the one that differs), ``changeset`` (it is not
    shared out as it was written), ``time`` (older than the record before) or ``head`` (the organisation's
    head is not the last record). ``at`` is the record's moment where that can be read, else ``""``.
    """

    organisation_id: str
    number: int
    code: str
    at: str = ""
    column: str = ""


class ChainReport(msgspec.Struct, frozen=True, kw_only=True):
    """What came of checking one organisation: how many records fitted, its head, and the first fault."""

    organisation_id: str
    name: str
    records: int
    head: str
    fault: Fault | None


_FROM_CHANGESET: Final = ("at", "actor_organisation_id", "actor_id", "actor_name", "note")


class ChainCheck:
    """Checks one chain: :meth:`take` its records in the order of their numbers, then :meth:`finish`."""

    def __init__(self, organisation_id: str) -> None:
        """Begin before the first record."""
        self.organisation_id = organisation_id
        self.records = 0
        self.hash = NO_HASH
        self.changesets = 0
        self._at = ""
        self._changeset: ChangesetBeside | None = None

    def take(self, row: Beside, changeset: ChangesetBeside | None) -> Fault | None:
        """Check the next record; after a fault there is nothing more to say of this chain."""
        expected = self.records + 1
        if row.number != expected or not isinstance(row.number, int):
            ahead = isinstance(row.number, int) and row.number > expected
            return self._fault("missing") if ahead else self._fault("extra", _number(row.number))
        record = _record(row.data)
        at = "" if record is None else record.at
        if not isinstance(row.data, bytes) or not isinstance(row.hash, bytes):
            return self._fault("changed", at=at)
        if link(self.hash, row.data) != row.hash.hex():
            return self._fault("changed", at=at)
        if record is None:
            return self._fault("unreadable")
        column = _differing(record, row, self.organisation_id)
        if column:
            return self._fault("column", at=at, column=column)
        if at < self._at:
            return self._fault("time", at=at)
        fault = self._of_changeset(record, row, changeset)
        if fault is None:
            self.records, self.hash, self._at = expected, row.hash.hex(), at
        return fault

    def _of_changeset(self, record: Record, row: Beside, changeset: ChangesetBeside | None) -> Fault | None:
        """Check that the record belongs to the changeset that it says, and stands where that says."""
        if changeset is None:
            return self._fault("changeset", at=record.at)
        if row.changeset_number == row.number:
            before = self._changeset
            if before is not None and before.last_number != self.records:
                return self._fault("changeset", at=record.at)
            self._changeset = changeset
            self.changesets += 1
        elif changeset != self._changeset:
            return self._fault("changeset", at=record.at)
        if not isinstance(changeset.last_number, int) or changeset.last_number < record.number:
            return self._fault("changeset", at=record.at)
        told = {"id": record.changeset_id, "undoes": record.undoes or None}
        told |= {name: getattr(record, name) for name in _FROM_CHANGESET}
        for name, value in told.items():
            if getattr(changeset, name) != value:
                return self._fault("column", at=record.at, column=name)
        return None

    def finish(self, head_number: Value, head_hash: Value, changesets: int) -> Fault | None:
        """Check what was kept as the head, and that no ``changesets`` are there without records."""
        if head_number != self.records or head_hash != self.hash:
            ahead = isinstance(head_number, int) and head_number > self.records
            return self._fault("missing" if ahead else "head")
        last = self._changeset
        if (last is not None and last.last_number != self.records) or changesets != self.changesets:
            return self._fault("changeset")
        return None

    def _fault(self, code: str, number: int | None = None, *, at: str = "", column: str = "") -> Fault:
        return Fault(
            organisation_id=self.organisation_id,
            number=self.records + 1 if number is None else number,
            code=code,
            at=at,
            column=column,
        )


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _record(data: Value) -> Record | None:
    if not isinstance(data, bytes):
        return None
    try:
        return decode(data, Record)
    except WrongValueError:
        return None


def _differing(record: Record, row: Beside, organisation_id: str) -> str:
    """Give the name of a column that says something else than the record, ``""`` where none does."""
    told: dict[str, Value] = {
        "number": record.number,
        "kind": record.event.__struct_config__.tag,
        "account_id": getattr(record.event, "account_id", None),
        "permission_id": getattr(record.event, "permission_id", None),
    }
    if record.organisation_id != organisation_id:
        return "organisation_id"
    return next((name for name, value in told.items() if getattr(row, name) != value), "")


def fingerprint(reports: Iterable[ChainReport]) -> str:
    """Give one hash over the heads of all organisations, to be written down and compared later (hex)."""
    digest = hashlib.sha256()
    for each in sorted(reports, key=lambda report: report.organisation_id):
        digest.update(f"{each.organisation_id}\n{each.records}\n{each.head}\n".encode())
    return digest.hexdigest()

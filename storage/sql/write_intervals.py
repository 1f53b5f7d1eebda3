"""Write grants and agreements as intervals: from one event until another (DESIGN 3).

Both come from the same pairs of events, opened and closed, of the same shape of table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from typing import Final

from sqlalchemy import Connection, Table, Update, bindparam, insert, update

from core import history as h
from storage.sql import schema
from storage.sql.decided import Decided, Values, execute_many


class Intervals:
    """The intervals of one table that a decision opens and closes."""

    def __init__(self, decided: Decided, table: Table, key: tuple[str, ...]) -> None:
        """Begin with none; ``key`` names the columns that tell one interval's subject from another's."""
        self._decided = decided
        self._table = table
        self._key = key
        self._rows: list[Values] = []
        self._open: dict[tuple[str, ...], Values] = {}
        self._closed: list[Values] = []
        self._steps: Counter[tuple[str, ...]] = Counter()

    def open(self, number: int, *subject: str) -> None:
        """Begin an interval with the event of a number."""
        row: Values = {
            "organisation_id": self._decided.organisation_id,
            **dict(zip(self._key, subject, strict=True)),
            "from_number": number,
            "from_at": self._decided.at,
            "until_number": None,
            "until_at": None,
        }
        self._rows.append(row)
        self._open[subject] = row
        self._steps[subject] += 1

    def close(self, number: int, *subject: str) -> None:
        """End the open interval with the event of a number."""
        row = self._open.pop(subject, None)
        if row is not None:
            row.update(until_number=number, until_at=self._decided.at)
        else:
            own = {f"this_{name}": value for name, value in zip(self._key, subject, strict=True)}
            self._closed.append(
                {"here": self._decided.organisation_id, "number": number, "at": self._decided.at, **own}
            )
        self._steps[subject] -= 1

    def steps(self, *, leaving_out: Container[str]) -> dict[str, int]:
        """Give by how many the open ones of each account changed, for the others of the permissions."""
        steps: Counter[str] = Counter()
        for subject, step in self._steps.items():
            if subject[-1] not in leaving_out:
                steps[subject[0]] += step
        return steps

    def write(self, connection: Connection) -> None:
        """Write what was closed, which makes room for what is opened anew, and then that."""
        execute_many(connection, _CLOSE[self._table], self._closed)
        execute_many(connection, insert(self._table), self._rows)


_GRANT: Final = ("account_id", "permission_id")
_AGREEMENT: Final = ("e_service_id",)


def _close(table: Table, key: tuple[str, ...]) -> Update:
    return (
        update(table)
        .where(
            table.c.organisation_id == bindparam("here"),
            *(table.c[name] == bindparam(f"this_{name}") for name in key),
            table.c.until_number.is_(None),
        )
        .values(until_number=bindparam("number"), until_at=bindparam("at"))
    )


_CLOSE: Final = {
    schema.grants: _close(schema.grants, _GRANT),
    schema.agreements: _close(schema.agreements, _AGREEMENT),
}


def grant_intervals(decided: Decided) -> Intervals:
    """Give the intervals of grants."""
    intervals = Intervals(decided, schema.grants, _GRANT)
    for record in decided.records:
        match record.event:
            case h.PermissionGranted(account_id=account_id, permission_id=permission_id):
                intervals.open(record.number, account_id, permission_id)
            case h.PermissionRevoked(account_id=account_id, permission_id=permission_id):
                intervals.close(record.number, account_id, permission_id)
            case _:
                pass
    return intervals


def agreement_intervals(decided: Decided) -> Intervals:
    """Give the intervals of agreements."""
    intervals = Intervals(decided, schema.agreements, _AGREEMENT)
    for record in decided.records:
        match record.event:
            case h.AgreementSigned(e_service_id=e_service_id):
                intervals.open(record.number, e_service_id)
            case h.AgreementEnded(e_service_id=e_service_id):
                intervals.close(record.number, e_service_id)
            case _:
                pass
    return intervals

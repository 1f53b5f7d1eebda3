"""Record the statements that a piece of work sends to the database, to run them on the bare driver."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

Statement = tuple[str, Any, bool]
"""The text, the parameters, and whether these are many sets of them."""


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """Collect every statement that any engine sends while the block runs."""
    statements: list[Statement] = []

    def note(_connection: Any, _cursor: Any, text: str, parameters: Any, _context: Any, many: bool) -> None:
        statements.append((text, parameters, many))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def run(connection: sqlite3.Connection, statements: list[Statement]) -> None:
    """Run statements on the bare driver, fetching what they give, and end their transaction."""
    cursor = connection.cursor()
    for text, parameters, many in statements:
        if many:
            cursor.executemany(text, parameters)
        else:
            cursor.execute(text, parameters).fetchall()
    connection.commit()


def bare(path: Path) -> sqlite3.Connection:
    """Open a file with the bare driver, set as the storage sets its connections."""
    connection = sqlite3.connect(path, isolation_level=None)
    for setting in ("busy_timeout = 5000", "foreign_keys = 1", "synchronous = 2", "cache_size = -4000"):
        connection.execute(f"PRAGMA {setting}")
    return connection


def pace(times: Sequence[float]) -> float:
    """Give the lower quartile: the pace of a machine that nobody else disturbs just then."""
    return sorted(times)[len(times) // 4]

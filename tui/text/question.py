"""What may go along with a question to the kontaktcenter: about the program, never about a person.

Each line is made of a closed set of words and numbers: nothing that somebody has typed, and nothing from
the storage, can stand in it.
"""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from tui.text import _, speaking
from tui.text.letters import KONTAKTCENTER
from tui.text.refusals import SENTENCES
from tui.text.sentences import role_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol

    from core.directory import Role

    class Message(Protocol):
        """A message of the log, as far as it is of interest here."""

        @property
        def at(self) -> str:
            """When, hours and minutes."""

        @property
        def code(self) -> str:
            """The code of the refusal that it told, or ``""``."""


KINDS = ("SQLite", "PostgreSQL")
_CLOCK = re.compile(r"[0-9]{2}[.:][0-9]{2}", re.ASCII)


def technical(*, role: Role, storage_kind: str, messages: Iterable[Message]) -> str:
    """Give version, kind of storage, role and the code of the last error, a line each, in Swedish."""
    # They go along with a letter, and are shown as they go.
    with speaking(KONTAKTCENTER):
        return _technical(role, storage_kind, messages)


def _technical(role: Role, storage_kind: str, messages: Iterable[Message]) -> str:
    kind = storage_kind if storage_kind in KINDS else _("unknown")
    return "\n".join(
        (
            _("Program: behorig {version}", version=_version()),
            _("Storage: {kind}", kind=kind),
            _("Role: {role}", role=role_name(role)),
            _("Last error: {error}", error=_last_error(messages)),
        )
    )


def _version() -> str:
    try:
        return version("behorig")
    except PackageNotFoundError:
        return _("unknown")


def _last_error(messages: Iterable[Message]) -> str:
    """Give the code of the last refusal that was told: its sentence may hold names, its code never does."""
    last = None
    for message in messages:
        if message.code in SENTENCES:
            last = message
    if last is None:
        return _("none")
    return f"{last.code} {last.at}" if _CLOCK.fullmatch(last.at) else last.code

"""Sessions written down: what is typed and what must be seen, run in the real program in a real terminal.

A script is a text file. Lines that begin with ``#`` tell the situation; then, a line each:

- ``as administrator`` (or ``user``, of the demo's Sundsvall, or ``support``): who sits down
- ``size 80 24``: the terminal's columns and lines; this is the usual size
- ``keys 4 down enter``: keys by the names of :mod:`tests.terminal`
- ``text Hej då``: what is typed letter by letter, as it stands
- ``see Någonting``: what must come to be on the screen, also over the end of a line
- ``not Någonting``: what must not be there, or go
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.directory import AUTHORITY
from storage.seed.cast import EVA_EK, SUNDSVALL
from tests.main_job.desk import folders, program
from tests.terminal import KEYS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.terminal import Terminal

FOLDER = Path(__file__).parent
VERBS = ("keys", "text", "see", "not")
ROLES = ("administrator", "support", "user")
_FRAME = str.maketrans(dict.fromkeys("│┃┌┐└┘─", " "))


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a script: its number, what it is, and the rest of it."""

    line: int
    verb: str
    rest: str


@dataclass(frozen=True, slots=True)
class Script:
    """A session: the situation, who sits down, at how large a terminal, and what happens."""

    name: str
    situation: str
    role: str
    size: tuple[int, int]
    steps: tuple[Step, ...]


class ScriptError(AssertionError):
    """A script that cannot be read, or that did not come out; the message names file and line."""


def read(path: Path) -> Script:
    """Read a script; what is not understood is an error, or a misspelt line would test nothing."""
    situation: list[str] = []
    steps: list[Step] = []
    role, size = "", (80, 24)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        verb, _space, rest = line.partition(" ")
        if line.startswith("#"):
            situation.append(line.lstrip("# "))
        elif verb == "as" and rest in ROLES and not role:
            role = rest
        elif verb == "size" and (found := re.fullmatch(r"(\d+) (\d+)", rest)):
            size = int(found[1]), int(found[2])
        elif verb in VERBS and rest:
            unknown = [key for key in rest.split() if key not in KEYS and len(key) > 1]
            if verb == "keys" and unknown:
                raise ScriptError(f"{path.name}:{number}: there is no key {unknown[0]}")
            steps.append(Step(number, verb, rest))
        elif line:
            raise ScriptError(f"{path.name}:{number}: {line!r} is not understood")
    if not (situation and role and any(step.verb == "see" for step in steps)):
        raise ScriptError(f"{path.name}: a script tells its situation, says as whom, and sees something")
    return Script(path.stem, " ".join(situation), role, size, tuple(steps))


def whom(database: Path, role: str) -> tuple[str, str]:
    """Give the HSA-id and the organisation of somebody with a role in the demo."""
    if role == "administrator":
        return EVA_EK.hsa_id, SUNDSVALL
    organisation = AUTHORITY if role == "support" else SUNDSVALL
    with closing(sqlite3.connect(database)) as connection:
        row = connection.execute(
            "SELECT hsa_id FROM accounts WHERE organisation_id = ? AND role = ? AND active = 1"
            " ORDER BY grant_count DESC, id LIMIT 1",
            (organisation, role),
        ).fetchone()
    return str(row[0]), organisation


def play(script: Script, database: Path, folder: Path, patience: float = 20) -> None:
    """Run a script on a database, which it changes; what is not seen in ``patience`` seconds fails it."""
    hsa_id, organisation = whom(database, script.role)
    arguments = ("--storage", str(database), "--as", hsa_id, "--organisation", organisation)
    columns, rows = script.size
    with program(*arguments, environment=folders(folder), columns=columns, rows=rows) as terminal:
        for step in script.steps:
            try:
                _do(step, terminal, patience)
            except AssertionError as error:
                raise ScriptError(f"{script.name}.txt:{step.line}: {error}") from None


def _do(step: Step, terminal: Terminal, patience: float) -> None:
    match step.verb:
        case "keys":
            for key in step.rest.split():
                terminal.send(key)
                if key == "escape":
                    # What follows it at once a terminal takes for one key with Alt.
                    terminal.quiet()
        case "text":
            terminal.send_bytes(step.rest.encode())
        case "see":
            terminal.wait_until(_shows(terminal, step.rest), f"the text {step.rest!r}", patience)
        case _:
            terminal.quiet()
            terminal.wait_until(lambda: not _shows(terminal, step.rest)(), f"no text {step.rest!r}", patience)


def _shows(terminal: Terminal, text: str) -> Callable[[], bool]:
    """Say whether a text is on the screen, as one running text without frames."""
    wanted = " ".join(text.split())
    return lambda: wanted in " ".join(terminal.text().translate(_FRAME).split())

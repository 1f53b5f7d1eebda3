"""Sessions written down: what is typed and what must be seen, run in the real program in a real terminal.

A script is a text file. Lines that begin with ``#`` tell the situation; then, a line each:

- ``as administrator`` (Eva Ek), ``as user`` (Anna Andersson, both of the demo's Sundsvall) or ``as support``
  (Helena Wikström): who sits down; said again, the next person sits down to the same data
- ``size 80 24``: the terminal's columns and lines; this is the usual size
- ``keys 4 down enter``: keys by the names of :mod:`tests.terminal`
- ``text Hej då``: what is typed letter by letter, as it stands
- ``see Någonting``: what must come to be on the screen, also over the end of a line
- ``not Någonting``: what must not be there, or go
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.directory import AUTHORITY
from storage.seed.cast import ANNA_ANDERSSON, EVA_EK, HELENA_WIKSTROM, SUNDSVALL
from tests.main_job.desk import folders, program
from tests.terminal import KEYS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.terminal import Terminal

FOLDER = Path(__file__).parent
VERBS = ("keys", "text", "see", "not")
WHO = {
    "administrator": (EVA_EK.hsa_id, SUNDSVALL),
    "support": (HELENA_WIKSTROM.hsa_id, AUTHORITY),
    "user": (ANNA_ANDERSSON.hsa_id, SUNDSVALL),
}
_FRAME = str.maketrans(dict.fromkeys("│┃┌┐└┘─", " "))


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a script: its number, what it is, and the rest of it."""

    line: int
    verb: str
    rest: str


@dataclass(frozen=True, slots=True)
class Sitting:
    """What one person does, from sitting down until the program is closed."""

    role: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """A situation, at how large a terminal, and who sits down to it, one after the other."""

    name: str
    situation: str
    size: tuple[int, int]
    sittings: tuple[Sitting, ...]

    @property
    def roles(self) -> frozenset[str]:
        """Those by whom the situation is met."""
        return frozenset(each.role for each in self.sittings)


class ScriptError(AssertionError):
    """A script that cannot be read, or that did not come out; the message names file and line."""


def read(path: Path) -> Script:
    """Read a script; what is not understood is an error, or a misspelt line would test nothing."""
    situation: list[str] = []
    sittings: list[tuple[str, list[Step]]] = []
    size = (80, 24)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        verb, _space, rest = line.partition(" ")
        if line.startswith("#"):
            situation.append(line.lstrip("# "))
        elif verb == "as" and rest in WHO:
            sittings.append((rest, []))
        elif verb == "size" and (found := re.fullmatch(r"(\d+) (\d+)", rest)):
            size = int(found[1]), int(found[2])
        elif verb in VERBS and rest and sittings:
            unknown = [key for key in rest.split() if key not in KEYS and len(key) > 1]
            if verb == "keys" and unknown:
                raise ScriptError(f"{path.name}:{number}: there is no key {unknown[0]}")
            sittings[-1][1].append(Step(number, verb, rest))
        elif line:
            raise ScriptError(f"{path.name}:{number}: {line!r} is not understood")
    sees = [any(step.verb == "see" for step in steps) for _role, steps in sittings]
    if not (situation and sees and all(sees)):
        raise ScriptError(f"{path.name}: a script tells its situation, says as whom, and each sees something")
    return Script(
        path.stem, " ".join(situation), size, tuple(Sitting(role, tuple(steps)) for role, steps in sittings)
    )


def play(script: Script, database: Path, folder: Path, patience: float = 20) -> None:
    """Run a script on a database, which it changes; what is not seen in ``patience`` seconds fails it."""
    columns, rows = script.size
    for sitting in script.sittings:
        hsa_id, organisation = WHO[sitting.role]
        arguments = ("--storage", str(database), "--as", hsa_id, "--organisation", organisation)
        with program(*arguments, environment=folders(folder), columns=columns, rows=rows) as terminal:
            for step in sitting.steps:
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

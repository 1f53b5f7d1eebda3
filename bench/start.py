"""The start: from the process to a usable frame and to people on the screen, and what `--help` costs.

The floor is a bare Textual hello, the peer harlequin, another program on Textual that opens the same file;
they are started in turns with the program, so that all meet the same machine.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.figure import Figure, Peer
from bench.hello import READY
from bench.peers import HARLEQUIN, command_of, harlequin_start
from bench.population import population
from bench.program import ADMINISTRATOR, COLUMNS, ROOT, ROWS, Program
from bench.statements import pace
from tests.terminal import Terminal

_RUNS = 11
_PEER_ROWS = 50
# The key line is drawn last: with it everything that can be done is in sight.
_USABLE = rb"F1 \w"
_PEOPLE = rb"SE5565594230-\w"
# What nobody needs before the first frame (docs/architecture.md).
_LATER = ("sqlalchemy", "aiosqlite", "alembic", "httpx", "litestar", "cyclopts")
# Letters that stand nowhere on the screen but in the search box: nobody is called so.
_TYPED = "çñõžź"

_MODULES_AT_FIRST_FRAME = """
import json, sys
from tui.app import Behorig
from tui.session import StartError
from bench.frames import SparingDriver

async def connect():
    with open(sys.argv[1], "w") as file:
        json.dump(sorted({name.partition(".")[0] for name in sys.modules}), file)
    raise StartError("", 0)

app = Behorig(connect)
app.driver_class = SparingDriver
app.run(mouse=False)
"""


def measure(sizes: Sequence[int]) -> list[Figure]:
    """Measure with so many accounts in one organisation, the first size being the one to compare with."""
    storages = {size: population(size, "one") for size in sizes}
    started = {size: _started_with(path) for size, path in storages.items()}
    hello: list[float] = []
    peer: list[float] = []
    harlequin = command_of(HARLEQUIN)
    catalogue: list[float] = []
    other: list[float] = []
    frames: dict[int, list[float]] = {size: [] for size in sizes}
    people: dict[int, list[float]] = {size: [] for size in sizes}
    # The first round compiles and fills the caches of the machine; it is thrown away.
    for run in range(_RUNS + 1):
        rounds = [
            (hello, _seconds("bench.hello", wanted=READY)),
            (peer, _seconds("bench.hello", "table", str(_PEER_ROWS), wanted=f"{READY} {0:07}")),
        ]
        if harlequin is not None:
            read, usable = harlequin_start(harlequin, storages[sizes[0]])
            rounds += [(catalogue, read), (other, usable)]
        for size in sizes:
            frame, rows = started[size]()
            rounds += [(frames[size], frame), (people[size], rows)]
        if run:
            for kept, seconds in rounds:
                kept.append(seconds)
    floor = pace(hello)
    table = Peer(f"DataTable of {_PEER_ROWS} rows", pace(peer) / floor)
    figures = [Figure("start: a bare Textual hello", 1000 * floor, None, unit="ms")]
    first = pace(people[sizes[0]])
    for size in sizes:
        rows = pace(people[size])
        figures += [
            Figure(f"start at {size}: first usable frame to hello", pace(frames[size]) / floor, 1.3, table),
            Figure(f"start at {size}: people on the screen to hello", rows / floor, 2.3, table),
        ]
        if other:
            # Both have then on the screen what is in the database and what can be done.
            without_keys = Peer("its catalogue alone", rows / pace(catalogue))
            figures.append(
                Figure(f"start at {size}: people to {HARLEQUIN}", rows / pace(other), 0.5, without_keys)
            )
        if size != sizes[0]:
            figures.append(Figure(f"start at {size}: people, to those at {sizes[0]}", rows / first, 1.15))
    figures.append(
        Figure("start: keys lost of those typed before", _keys_lost(storages[sizes[0]]), 0, unit="")
    )
    loaded = _modules_at_first_frame()
    late = [name for name in _LATER if name in loaded]
    name = f"start: loaded at the first frame {' '.join(['too early:', *late]) if late else 'too early'}"
    figures.append(Figure(name, len(late), 0, unit=""))
    return [*figures, _help()]


def _seconds(*arguments: str, wanted: str) -> float:
    with Program.module(*arguments) as program:
        return program.wait_for(wanted.encode())


def _started_with(storage: Path) -> Callable[[], tuple[float, float]]:
    def start() -> tuple[float, float]:
        with Program.behorig(storage) as program:
            return program.wait_for(_USABLE), program.wait_for(_PEOPLE)

    return start


def _keys_lost(storage: Path) -> int:
    """Give how many letters do not reach the search box, typed before the program has begun to run."""
    command = [str(Path(sys.executable).parent / "behorig"), "--storage", str(storage), "--as", ADMINISTRATOR]
    with (
        tempfile.TemporaryDirectory(prefix="behorig-bench-") as state,
        Terminal(
            command,
            columns=COLUMNS,
            rows=ROWS,
            environment={"BEHORIG_CONFIG": os.devnull, "BEHORIG_STATE": state},
        ) as terminal,
    ):
        terminal.send("ctrl+f", _TYPED)
        terminal.wait_for("F1 ", timeout=60)
        terminal.quiet(1.0, timeout=60)
        return len(_TYPED) - sum(letter in terminal.text() for letter in _TYPED)


def _modules_at_first_frame() -> set[str]:
    """Give the packages that are loaded when the first frame is there and the storage is not yet opened."""
    answer = ROOT / ".cache" / "bench" / "modules.json"
    subprocess.run([sys.executable, "-c", _MODULES_AT_FIRST_FRAME, str(answer)], cwd=ROOT, check=True)
    return set(json.loads(answer.read_text()))


def _help() -> Figure:
    """Compare `behorig --help` with importing the library for commands alone."""
    ours: list[float] = []
    alone: list[float] = []
    for run in range(_RUNS + 1):
        for kept, command in (
            (alone, [sys.executable, "-c", "import cyclopts"]),
            (ours, [str(Path(sys.executable).parent / "behorig"), "--help"]),
        ):
            started = time.perf_counter()
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            if run:
                kept.append(time.perf_counter() - started)
    return Figure("commands: --help to importing cyclopts alone", pace(ours) / pace(alone), 1.5)

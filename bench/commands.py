"""The commands: a read and a help beside what they cannot do without, and the memory of a long list."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.figure import Figure
from bench.population import population
from bench.program import ADMINISTRATOR, ROOT
from bench.statements import pace

_RUNS = 11
_DATABASE_LAYER = "import storage.sql.storage, storage.sql.open"
_MEGABYTE = 1_000_000


def measure(sizes: Sequence[int]) -> list[Figure]:
    """Measure at each size; the floors are importing the database layer, and the command library, alone."""
    storages = {size: population(size, "one") for size in sizes}
    with tempfile.TemporaryDirectory(prefix="behorig-bench-") as state:
        environments = {size: _environment(path, state) for size, path in storages.items()}
        return [*_reads(environments), *_lists(environments)]


def _environment(storage: Path, state: str) -> dict[str, str]:
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith("BEHORIG_")},
        "BEHORIG_STORAGE": str(storage),
        "BEHORIG_AS": ADMINISTRATOR,
        "BEHORIG_CONFIG": os.devnull,
        "BEHORIG_STATE": state,
    }


def _reads(environments: Mapping[int, Mapping[str, str]]) -> list[Figure]:
    database: list[float] = []
    library: list[float] = []
    helped: list[float] = []
    shown: dict[int, list[float]] = {size: [] for size in environments}
    # The first round compiles and fills the caches of the machine; it is thrown away.
    for run in range(_RUNS + 1):
        environment = next(iter(environments.values()))
        rounds = [
            (database, _seconds([sys.executable, "-c", _DATABASE_LAYER], environment)),
            (library, _seconds([sys.executable, "-c", "import cyclopts"], environment)),
            (helped, _seconds([_behorig(), "users", "show", "--help"], environment)),
            *(
                (shown[size], _seconds([_behorig(), "users", "show", ADMINISTRATOR], own))
                for size, own in environments.items()
            ),
        ]
        if run:
            for kept, seconds in rounds:
                kept.append(seconds)
    floor = pace(database)
    return [
        Figure("commands: importing the database layer", 1000 * floor, None, unit="ms"),
        Figure("commands: users show --help to importing cyclopts alone", pace(helped) / pace(library), 1.5),
        *(
            Figure(
                f"commands at {size}: users show to importing the database layer", pace(times) / floor, 1.5
            )
            for size, times in shown.items()
        ),
    ]


def _lists(environments: Mapping[int, Mapping[str, str]]) -> list[Figure]:
    """Give the most memory that a whole list took, which is to be no more for many rows than for few."""
    used = {size: _peak([_behorig(), "users", "list", "--json"], own) for size, own in environments.items()}
    first = min(used)
    figures = [
        Figure(f"commands at {first}: users list, most memory", used[first] / _MEGABYTE, None, unit="MB")
    ]
    return figures + [
        Figure(f"commands at {size}: users list, memory to that at {first}", used[size] / used[first], 1.15)
        for size in used
        if size != first
    ]


def _behorig() -> str:
    return str(Path(sys.executable).parent / "behorig")


def _seconds(command: Sequence[str], environment: Mapping[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def _peak(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Give the most bytes that a process held, as the kernel counted them when it ended."""
    # Asked in a process of its own: the kernel remembers the largest of all children of this one.
    code = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command], cwd=ROOT, env=environment, check=True, capture_output=True
    )
    return int(done.stdout) * 1024

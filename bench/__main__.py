"""`make bench`: every budget beside its ceiling and its peer, and at the end which of them hold.

    python -m bench [--quick] [--strict] [NAME …]

NAME is one of the parts (start, screen, memory, table, reads, commits, servers, commands); without any,
all are measured. `--quick` leaves out the largest population. The exit code tells nothing of the budgets,
for a bench is a report; with `--strict` it is 1 when one does not hold.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from bench.figure import Figure, line

_SIZES = (1_000, 100_000, 1_000_000)
_QUICK_SIZES = (1_000, 100_000)

Part = Callable[[Sequence[int]], Iterable[Figure]]


def _start(sizes: Sequence[int]) -> list[Figure]:
    # Each part loads what it measures with, and no other should pay for it.
    from bench import start

    return start.measure(sizes)


def _screen(sizes: Sequence[int]) -> list[Figure]:
    from bench import screen  # as above

    return screen.measure(sizes)


def _memory(sizes: Sequence[int]) -> list[Figure]:
    from bench import memory  # as above

    return memory.measure(sizes)


def _table(_sizes: Sequence[int]) -> list[Figure]:
    from bench import table  # as above; its rows are made up, so it has sizes of its own

    return table.measure()


def _reads(sizes: Sequence[int]) -> list[Figure]:
    from bench import reads  # as above

    return reads.measure(sizes)


def _commits(sizes: Sequence[int]) -> list[Figure]:
    from bench import commits  # as above

    return commits.measure(sizes)


def _servers(sizes: Sequence[int]) -> Iterable[Figure]:
    from bench import servers  # as above

    return servers.measure([size for size in sizes if size in (sizes[0], sizes[-1])])


def _commands(sizes: Sequence[int]) -> list[Figure]:
    from bench import commands  # as above

    return commands.measure(sizes)


_PARTS: Mapping[str, Part] = {
    "start": _start,
    "screen": _screen,
    "memory": _memory,
    "table": _table,
    "reads": _reads,
    "commits": _commits,
    "servers": _servers,
    "commands": _commands,
}


def main(arguments: Sequence[str], parts: Mapping[str, Part] = _PARTS) -> int:
    """Measure, print each figure as it is there, and sum up."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the budgets.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(parts)}")
    parser.add_argument("--quick", action="store_true", help="leave out a million accounts")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a budget does not hold")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.names if name not in parts]:
        parser.error(f"there is no part {', '.join(unknown)}: choose from {', '.join(parts)}")
    figures: list[Figure] = []
    for name in options.names or parts:
        began = time.perf_counter()
        print(f"== {name}", flush=True)
        for figure in parts[name](_QUICK_SIZES if options.quick else _SIZES):
            print(line(figure), flush=True)
            figures.append(figure)
        print(f"   ({time.perf_counter() - began:.0f} s)\n", flush=True)
    over = _sum_up(figures)
    return 1 if over and options.strict else 0


def _sum_up(figures: Sequence[Figure]) -> int:
    """Say how many budgets hold, and which do not; give how many do not."""
    judged = [figure for figure in figures if figure.ceiling is not None]
    over = [figure for figure in judged if not figure.kept]
    print(f"== {len(judged) - len(over)} of {len(judged)} budgets hold")
    for figure in over:
        print(line(figure))
    missing = ["a server, a slow line (there is neither)"]
    if not any("harlequin" in figure.name for figure in figures):
        missing.insert(0, "harlequin's start (it can not be had, or the start was left out)")
    print(f"Not measured: {', '.join(missing)}.")
    return len(over)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

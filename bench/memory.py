"""Memory: what belongs to a session alone, against a bare Textual hello and against a small database.

Private memory as the kernel counts it; what is shared with other processes, such as the interpreter's own
code, is left out. Linux only.
"""

from collections.abc import Sequence
from pathlib import Path

from bench.figure import Figure, Peer
from bench.hello import READY
from bench.population import population
from bench.program import Program

_PEER_ROWS = 10_000
_MEGABYTE = 1_000_000


def measure(sizes: Sequence[int]) -> list[Figure]:
    """Measure a session that has paged, searched and seen the matrix, at each size."""
    with Program.module("bench.hello") as program:
        program.wait_for(READY.encode())
        program.settle(0.5)
        hello = program.private_bytes()
    with Program.module("bench.hello", "table", str(_PEER_ROWS)) as program:
        program.wait_for(f"{READY} {0:07}".encode())
        program.settle(1.0)
        table = Peer(f"DataTable of {_PEER_ROWS} rows", program.private_bytes() / hello)
    used = {size: _session(population(size, "one")) for size in sizes}
    figures = [Figure("memory: a bare Textual hello", hello / _MEGABYTE, None, unit="MB")]
    for size in sizes:
        figures.append(Figure(f"memory at {size}: a session to hello", used[size] / hello, 2, table))
        if size != sizes[0]:
            ratio = used[size] / used[sizes[0]]
            figures.append(Figure(f"memory at {size}: to a session at {sizes[0]}", ratio, 1.15))
    return figures


def _session(storage: Path) -> int:
    with Program.behorig(storage) as program:
        program.wait_for(rb"SE5565594230-\w")
        program.settle(1.0)
        program.held(["pgdn"] * 20)
        program.type(b"\x06berg\r")
        program.settle(1.0)
        program.type(b"2")
        program.settle(1.5)
        program.held(["pgdn"] * 5)
        return program.private_bytes()

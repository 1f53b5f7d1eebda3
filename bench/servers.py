"""PostgreSQL and HTTP: reads to the bare driver, a page and a write over HTTP, and two servers to one.

The same population as on a file is copied to a PostgreSQL that the bench starts. A page over HTTP is held
against two answers by plain ASGI on the same uvicorn: one whose bytes lie ready, and one that asks the same
storage the same question and encodes the answer, without a framework, without looking who calls, and without
anything that a server needs. The client is a loop on a socket, so that what it takes is little and the
same for all.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from bench.figure import Figure, Peer
from bench.population import ADMINISTRATOR, BIG, DAY, NOON, population
from bench.statements import pace, recorded
from core.changes import Changeset, RegisterAccount
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id
from core.queries import Accounts, SortBy
from core.service import actor_of
from core.wire import encode
from storage.copy import copy_storage
from storage.open import open_storage
from tests.postgresql import server

TIMES = 60
AT_ONCE = 8
SECONDS = 4.0
ROOT = Path(__file__).resolve().parent.parent
ADMINISTRATOR_HSA_ID = f"SE5565594230-ADM{BIG.removeprefix('kommun-')}"
TERMS = ("a", "q7", "son", "gunqvi", "xyzzyxyzzy", "@", "ann berg", "kommun")


def measure(sizes: Sequence[int]) -> Iterator[Figure]:
    """Measure at each size of the organisation, and give each figure when it is there."""
    here = server("wheel")
    for size in sizes:
        file = population(size, "one")
        name = f"bench_{size}"
        url = here.create(name)
        print(f"copying {size} accounts to PostgreSQL …", end=" ", file=sys.stderr, flush=True)
        began = time.perf_counter()
        copy_storage(str(file), url)
        print(f"{time.perf_counter() - began:.0f} s", file=sys.stderr)
        yield from asyncio.run(_reads(url, size))
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            copy = Path(shutil.copyfile(file, Path(folder) / "served.db"))
            yield from _over_http(f"sqlite:///{copy}", size, "a file", Path(folder))
            yield from _over_http(url, size, "PostgreSQL", Path(folder))
            yield from _two_to_one(url, size, Path(folder))
        here.drop(name)


# Reads on PostgreSQL ------------------------------------------------------------------------------


async def _reads(url: str, size: int) -> list[Figure]:
    storage = await open_storage(url)
    figures: list[Figure] = []
    try:
        for sort_by in SortBy:
            cursor = (await storage.ask(Accounts(day=DAY, sort_by=sort_by), ADMINISTRATOR, NOON)).after
            query = Accounts(day=DAY, sort_by=sort_by, cursor=cursor)
            with recorded() as statements:
                await storage.ask(query, ADMINISTRATOR, NOON)
            whole: list[float] = []
            raw: list[float] = []
            with psycopg.connect(url) as connection:
                for _ in range(TIMES):
                    began = time.perf_counter()
                    await storage.ask(query, ADMINISTRATOR, NOON)
                    middle = time.perf_counter()
                    for text, parameters, _many in statements:
                        connection.execute(text.encode(), parameters).fetchall()
                    connection.commit()
                    whole.append((middle - began) * 1000)
                    raw.append((time.perf_counter() - middle) * 1000)
            name = f"PostgreSQL: page of 100 by {sort_by}, {size} accounts, to bare driver"
            figures.append(Figure(name, pace(whole) / pace(raw), 3, Peer("bare driver, ms", pace(raw))))
        page = pace(whole)
        worst = max([(await _search(storage, term), term) for term in TERMS])
        name = f"PostgreSQL: search at {size}, after ten runs, worst term {worst[1]!r}, to a page"
        figures.append(Figure(name, worst[0] / page, 100, Peer("a page, ms", page)))
    finally:
        await storage.close()
    return figures


async def _search(storage: object, term: str) -> float:
    took: list[float] = []
    for _ in range(16):
        began = time.perf_counter()
        await storage.ask(Accounts(day=DAY, search=term), ADMINISTRATOR, NOON)  # type: ignore[attr-defined]  # a storage
        took.append((time.perf_counter() - began) * 1000)
    return pace(took[10:])


# Over HTTP ----------------------------------------------------------------------------------------


class Caller:
    """A loop on a socket that keeps the line open: what a request takes, and little else."""

    def __init__(self, port: int, path: str, token: str) -> None:
        self._line = socket.create_connection(("127.0.0.1", port))
        self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._token = token
        self.question = self._asked("GET", path)

    def _asked(self, verb: str, path: str, body: bytes = b"") -> bytes:
        lines = [f"{verb} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {self._token}"]
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def get(self) -> bytes:
        """Ask once, and give the body."""
        return self._exchange(self.question)

    def post(self, path: str, body: bytes) -> bytes:
        """Write once."""
        return self._exchange(self._asked("POST", path, body))

    def _exchange(self, question: bytes) -> bytes:
        self._line.sendall(question)
        data = bytearray()
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head = bytes(data[:end]).lower()
        status = head.split(b" ", 2)[1]
        if status not in (b"200", b"201"):
            raise RuntimeError(bytes(data[:500]).decode("utf-8", "replace"))
        length = int(next(each for each in head.split(b"\r\n") if each.startswith(b"content-length:"))[15:])
        while len(data) < end + 4 + length:
            data += self._more()
        return bytes(data[end + 4 :])

    def _more(self) -> bytes:
        found = self._line.recv(262_144)
        if not found:
            raise RuntimeError("the server hung up")
        return found

    def close(self) -> None:
        """Hang up."""
        self._line.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def _process(*arguments: str, folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    configuration = folder / "server.toml"
    configuration.write_text(
        "[server.tokens]\n[server.limits]\neach_second = 1000000\nat_once = 1000000\n", encoding="utf-8"
    )
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | {"BEHORIG_CONFIG": str(configuration), "BEHORIG_STATE": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            with socket.socket() as found:
                if found.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None:
                raise RuntimeError(f"{arguments} ended")
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _served(url: str, folder: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    port, metrics = _free_port(), _free_port()
    with _process(
        *("-m", "tui.main", "serve", "--storage", url),
        *("--listen", f"127.0.0.1:{port}", "--metrics", f"127.0.0.1:{metrics}"),
        folder=folder,
        port=port,
    ) as process:
        yield port, process


def _token(url: str, folder: Path) -> str:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tui.main", "token", "create", ADMINISTRATOR_HSA_ID),
            *("--expires", "2", "--storage", url),
        ],
        cwd=ROOT,
        env=os.environ | {"BEHORIG_STATE": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return next(word for word in done.stdout.split() if word.startswith("behorig_"))


PATH = f"/v1/organisations/{BIG}/accounts?day={DAY}&limit=100"


def _over_http(url: str, size: int, where: str, folder: Path) -> list[Figure]:
    token = _token(url, folder)
    with ExitStack() as stack:
        port, process = stack.enter_context(_served(url, folder))
        caller = Caller(port, PATH, token)
        body = caller.get()
        bytes_file = folder / "answer.json"
        bytes_file.write_bytes(body)
        plain_port = _free_port()
        stack.enter_context(
            _process(
                "-m", "bench.plain", str(plain_port), url, str(bytes_file), folder=folder, port=plain_port
            )
        )
        ready, asked = (Caller(plain_port, path, token) for path in ("/ready", "/asked"))
        took: tuple[list[float], ...] = ([], [], [])
        for _ in range(3 * TIMES):
            for each, times in zip((caller, ready, asked), took, strict=True):
                began = time.perf_counter()
                each.get()
                times.append((time.perf_counter() - began) * 1000)
        ours, constant, plain = map(pace, took)
        written, local = asyncio.run(_writes(url, caller))
        memory = _private_bytes(process.pid)
        hello = _private_bytes_of_hello(folder)
        for each in (caller, ready, asked):
            each.close()
    peers = f"plain ASGI that asks the same {plain:.2f}, that has it ready"
    place = f"over HTTP on {where}, {size} accounts"
    return [
        # DESIGN 7 says it as throughput: at least 0.6 of the plain answer's.
        Figure(
            f"page of 100 {place}, to plain ASGI that asks the same",
            ours / plain,
            1 / 0.6,
            Peer(f"ms, {peers}", constant),
        ),
        Figure(f"page of 100 {place}", ours, None, unit="ms"),
        Figure(
            f"one new colleague {place}, to the storage's own",
            written / local,
            None,
            Peer("the storage's own, ms", local),
        ),
        Figure(
            f"memory of a server {place}",
            memory / 1e6,
            None,
            Peer("an empty Litestar, MB", hello / 1e6),
            "MB",
        ),
    ]


async def _writes(url: str, caller: Caller) -> tuple[float, float]:
    """Give what a registration takes over HTTP, and through the storage itself, in turns."""
    storage = await open_storage(url)
    (member,) = await storage.identify(ADMINISTRATOR_HSA_ID)
    over: list[float] = []
    local: list[float] = []
    try:
        for number in range(2 * TIMES):
            account_id = f"bench-{time.perf_counter_ns()}"
            changes = RegisterAccount(
                account_id=Id(account_id),
                hsa_id=HsaId(f"SE5565594230-B{time.perf_counter_ns() % 10**9}"),
                given_name=GivenName("Nils"),
                family_name=FamilyName("Ny"),
                email=EmailAddress("nils.ny@kommun.example"),
            )
            asked = Changeset(id=Id(account_id), organisation_id=Id(BIG), changes=(changes,))
            began = time.perf_counter()
            if number % 2:
                caller.post("/v1/changesets", encode(asked))
            else:
                await storage.commit(asked, actor_of(member), datetime.now(UTC))
            (over if number % 2 else local).append((time.perf_counter() - began) * 1000)
    finally:
        await storage.close()
    return pace(over), pace(local)


def _two_to_one(url: str, size: int, folder: Path) -> list[Figure]:
    """Give how much more two processes answer than one, to clients in a process of their own."""
    token = _token(url, folder)
    answered: list[float] = []
    for count in (1, 2):
        with ExitStack() as stack:
            ports = [stack.enter_context(_served(url, folder))[0] for _ in range(count)]
            done = subprocess.run(
                [sys.executable, "-m", "bench.callers", token, PATH, str(SECONDS), str(AT_ONCE)]
                + [str(port) for port in ports],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=True,
            )
            answered.append(float(done.stdout))
    name = f"pages a second by two servers to one, PostgreSQL, {size} accounts, {os.cpu_count()} cores"
    return [Figure(name, answered[1] / answered[0], None, Peer("one server, pages a second", answered[0]))]


def _private_bytes(pid: int) -> int:
    fields = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(each.split()[1]) for each in fields if each.startswith("Private_")) * 1024


def _private_bytes_of_hello(folder: Path) -> int:
    port = _free_port()
    with _process("-m", "bench.plain", str(port), folder=folder, port=port) as process:
        caller = Caller(port, "/", "none")
        for _ in range(50):
            caller.get()
        caller.close()
        return _private_bytes(process.pid)

"""Real `behorig serve` processes over a small country in a file, and bytes sent to them by hand."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import msgspec

from core.directory import Actor
from core.identity import HsaId, Id
from core.tokens import Token
from storage.http.signin.tokens import new_secret
from storage.open import new_sqlite, open_storage
from storage.sql.storage import SqlStorage
from tests.builders import NORTH_ADMINISTRATOR, NORTH_USER, SOUTH_ADMINISTRATOR, SUPPORT
from tests.contract.implementations import write_country
from tests.http.front import hsa_id_of

ROOT = Path(__file__).parents[2]
CALLERS = (SUPPORT, NORTH_ADMINISTRATOR, NORTH_USER, SOUTH_ADMINISTRATOR)


class Country(msgspec.Struct, frozen=True):
    """A file with the small country in it, and a token for some of its people by account id."""

    database: Path | str
    tokens: Mapping[str, str]

    def token(self, by: Actor) -> str:
        """Give the secret of somebody's token."""
        return self.tokens[by.account_id]

    def copied(self, folder: Path) -> Country:
        """Give a copy to write in."""
        return Country(Path(shutil.copyfile(str(self.database), folder / "country.sqlite")), self.tokens)


async def _made(database: Path) -> dict[str, str]:
    async with new_sqlite(database, demo=True, fast=True) as storage:
        await write_country(storage)
    opened = await open_storage(str(database))
    assert isinstance(opened, SqlStorage)
    secrets: dict[str, str] = {}
    try:
        for by in CALLERS:
            secrets[by.account_id] = await token_for(opened, by)
    finally:
        await opened.close()
    return secrets


async def token_for(
    storage: SqlStorage, by: Actor, *, now: datetime | None = None, days: float = 2, revoked: bool = False
) -> str:
    """Make a token of somebody's in the small country, and give its secret."""
    return await token_of(storage, hsa_id_of(by), now=now, days=days, revoked=revoked)


async def token_of(
    storage: SqlStorage, hsa_id: str, *, now: datetime | None = None, days: float = 2, revoked: bool = False
) -> str:
    """Make a token for an HSA-id, and give its secret."""
    token_id, text, kept = new_secret()
    now = now or datetime.now(UTC)
    made = Token(
        id=Id(token_id),
        hsa_id=HsaId(hsa_id),
        name="",
        created=now,
        expires=now + timedelta(days=days),
    )
    await storage.tokens().create(made, kept)
    if revoked:
        assert await storage.tokens().revoke(token_id, now)
    return text


def make_country(folder: Path) -> Country:
    """Make the file, once for a module."""
    database = folder / "country.sqlite"
    return Country(database, asyncio.run(_made(database)))


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


class Server:
    """A server process: on a port, or on a socket where one is named."""

    def __init__(
        self, country: Country, folder: Path, *, name: str = "1", config: str = "", at_socket: bool = False
    ) -> None:
        self.country = country
        self.log = folder / f"{name}.log"
        self.socket = folder / f"{name}.sock" if at_socket else None
        self.port, self.metrics = free_port(), free_port()
        self._config = folder / f"{name}.toml"
        self._config.write_text(f"[server.tokens]\n{config}", encoding="utf-8")
        self._folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it is ready."""
        place = (
            ("--socket", str(self.socket))
            if self.socket
            else ("--listen", f"127.0.0.1:{self.port}", "--metrics", f"127.0.0.1:{self.metrics}")
        )
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tui.main", "serve", "--storage", str(self.country.database), *place],
                cwd=ROOT,
                env=os.environ | {"BEHORIG_CONFIG": str(self._config), "BEHORIG_STATE": str(self._folder)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        ends = time.monotonic() + 30
        while not self._listens():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < ends, self.log.read_text()
            time.sleep(0.03)
        with self.client() as client:
            assert client.get("/readyz").status_code == 200

    def _listens(self) -> bool:
        family, place = (
            (socket.AF_UNIX, str(self.socket)) if self.socket else (socket.AF_INET, ("127.0.0.1", self.port))
        )
        with socket.socket(family) as probe:
            return probe.connect_ex(place) == 0

    def client(self, by: Actor | None = None) -> httpx.Client:
        """Give a client of somebody's."""
        transport = httpx.HTTPTransport(uds=str(self.socket)) if self.socket else None
        headers = {} if by is None else {"Authorization": f"Bearer {self.country.token(by)}"}
        return httpx.Client(
            base_url=self.url, transport=transport, headers=headers, timeout=20, trust_env=False
        )

    def stop(self) -> int:
        """End it as systemd does, and give how it ended."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def kill(self) -> None:
        """Kill it in the middle of what it does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def memory(self) -> int:
        """Give the most memory that it ever had, in bytes."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) * 1024

    def connect(self) -> socket.socket:
        """Give a bare connection."""
        return socket.create_connection(("127.0.0.1", self.port), 20)


@contextmanager
def running(
    country: Country, folder: Path, *, name: str = "1", config: str = "", at_socket: bool = False
) -> Iterator[Server]:
    """Run a server while the block runs; at its end it must end well and not have failed meanwhile."""
    server = Server(country, folder, name=name, config=config, at_socket=at_socket)
    server.start()
    try:
        yield server
    finally:
        ended = server.stop()
    lines = server.log.read_text().splitlines()
    assert ended == 0, lines[-5:]
    assert not [line for line in lines if '"fault"' in line]
    assert not [line for line in lines if not isinstance(json.loads(line), dict)], "each line is an object"


def until_closed(connection: socket.socket) -> bytes:
    """Read what comes until the other end hangs up."""
    found = b""
    try:
        while piece := connection.recv(65_536):
            found += piece
    except ConnectionResetError:
        pass
    return found

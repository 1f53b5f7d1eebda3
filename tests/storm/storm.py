"""Many clients, two servers, one PostgreSQL: what is left when lines break and a server is killed.

    python -m tests.storm [--changesets 10000] [--clients 32] [--lost 0.05]

Administrators of several organisations write at the same time, some of them in the same organisation and
about the same people, through a line that loses some of the answers (:mod:`tests.storm.line`). Halfway one of
the servers is killed with SIGKILL and started again. All the while the full-screen program is open on the
same line. At the end the database is judged: what it holds, what the clients were told, and the screen.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import httpx
import psycopg

from core import changes as c
from core.changes import Changeset, Receipt
from core.directory import INSTALLATION, Actor, Role
from core.identity import HsaId
from core.ports import Refused, StorageError
from core.verify import ChainReport
from storage.copy import copy_storage
from storage.http.client import HttpStorage
from storage.open import new_postgresql, verify_storage
from tests.bearer import Bearer
from tests.builders import (
    MONEY,
    PRESCHOOL,
    RENAMED,
    SCHOOL,
    actor,
    amend,
    appoint,
    changeset,
    country,
    grant,
    hsa_id,
    notes,
    organisation,
    register,
    revoke,
    sign,
)
from tests.storage.integrity import assert_whole
from tests.storm.line import Line
from tests.terminal import Terminal
from tui.assemble.tokens import make_token

ROOT = Path(__file__).resolve().parents[2]
PERMISSIONS = (SCHOOL, PRESCHOOL, RENAMED)
ORGANISATIONS = 8
PEOPLE = 12
"""People in each organisation about whom everybody writes."""
LAST = "Andersson aa"
"""The family name of the one who is registered last: among the first in the list, which the screen shows."""


@dataclass
class Storm:
    """What happened."""

    changesets: int
    seconds: float = 0.0
    written: dict[str, Receipt] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    refused_ids: set[str] = field(default_factory=set)
    repeated: int = 0
    tried_again: int = 0
    answers: int = 0
    answers_lost: int = 0
    nobody_there: int = 0
    wrong: list[str] = field(default_factory=list)
    screen_followed: bool = False

    def told(self) -> str:
        """Give it in lines."""
        pace = self.changesets / self.seconds
        again = f"{self.repeated} told as written before, {self.tried_again} tried again by hand"
        return "\n".join(
            (
                f"{self.changesets} changesets in {self.seconds:.1f} s: {pace:.0f} a second",
                f"written {len(self.written)}, refused {len(self.refused_ids)} {dict(self.refused)}",
                f"answers {self.answers}, lost {self.answers_lost}, no server there {self.nobody_there}",
                again,
                f"the screen followed: {'yes' if self.screen_followed else 'NO'}",
                *(f"WRONG: {each}" for each in self.wrong),
                "NOT AS IT SHOULD BE" if self.wrong else "every changeset exactly once, every chain whole",
            )
        )


# The country ----------------------------------------------------------------------------------------


def place(number: int) -> str:
    """Give the id of an organisation of the storm."""
    return f"kommun-9{number:03}"


def administrator(here: str, number: int) -> Actor:
    """Give one of the administrators of an organisation."""
    return actor(here, f"admin-{number}", Role.ADMINISTRATOR, f"Adam {number}")


def suffix(here: str, number: int) -> str:
    """Give what an administrator's HSA-id ends with."""
    return f"{here[-4:]}A{number}"


async def fill(url: str, administrators: int) -> None:
    """Make the small country and organisations with people and administrators."""
    async with new_postgresql(url, demo=True) as storage:
        for step in country():
            assert isinstance(await storage.commit(step.changeset, step.actor, step.at), Receipt)
        for left in notes():
            assert await storage.note(left.entry, left.actor, left.at) is None
        now = datetime(2026, 11, 24, 8, tzinfo=UTC)
        for number in range(ORGANISATIONS):
            here = place(number)
            people: list[c.AnyChange] = [
                register(f"user-{each}", "Anna", f"Andersson {'abcdefghijklmnop'[each]}")
                for each in range(PEOPLE)
            ]
            staff: list[c.AnyChange] = []
            for each in range(administrators):
                staff.append(register(f"admin-{each}", "Adam", "Alm", hsa=hsa_id(suffix(here, each))))
                staff.append(appoint(f"admin-{each}"))
            steps: tuple[tuple[c.AnyChange, ...], ...] = (
                (organisation(f"Ort {number}"),),
                tuple(staff),
                (sign(MONEY),),
                tuple(people),
            )
            for changes in steps:
                answer = await storage.commit(changeset(here, *changes), INSTALLATION, now)
                assert isinstance(answer, Receipt), answer


# The servers ----------------------------------------------------------------------------------------


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class Served:
    """A server process that can be killed and started again on the same port."""

    def __init__(self, url: str, folder: Path, number: int) -> None:
        self.port = free_port()
        self._metrics = free_port()
        self._url = url
        self._folder = folder
        self._number = number
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it listens when :meth:`ready` says so."""
        configuration = self._folder / "server.toml"
        configuration.write_text(
            "[server.tokens]\n[server.limits]\neach_second = 100000\nat_once = 100000\n",
            encoding="utf-8",
        )
        log = (self._folder / f"server-{self._number}.log").open("ab")
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tui.main", "serve", "--storage", self._url),
                *("--listen", f"127.0.0.1:{self.port}", "--metrics", f"127.0.0.1:{self._metrics}"),
            ],
            cwd=ROOT,
            env=os.environ | {"BEHORIG_CONFIG": str(configuration), "BEHORIG_STATE": str(self._folder)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        log.close()

    async def ready(self) -> None:
        """Wait until it serves."""
        async with httpx.AsyncClient() as client:
            for _ in range(600):
                assert self._process is not None
                assert self._process.poll() is None, "the server ended"
                try:
                    if (await client.get(f"http://127.0.0.1:{self.port}/readyz")).status_code == 200:
                        return
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(0.05)
        raise TimeoutError("the server does not serve")

    def kill(self) -> None:
        """Kill it in the middle of what it does."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """End it as systemd does, and give how it ended."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout=30)


async def token(url: str, owner: HsaId) -> str:
    """Make a token as the command does, and give its secret."""
    now = datetime.now(UTC)
    made = await make_token(url, hsa_id=owner, name="storm", expires=now + timedelta(days=2))
    assert made is not None
    return made[1]


# The clients ----------------------------------------------------------------------------------------


class Client:
    """An administrator who writes one changeset after another, and repeats what got no answer."""

    def __init__(self, storage: HttpStorage, by: Actor, number: int, storm: Storm, chance: Random) -> None:
        self._storage = storage
        self._by = by
        self._number = number
        self._storm = storm
        self._chance = chance
        self._made = 0
        self._own: dict[str, int] = {}

    async def write(self) -> None:
        """Write one changeset, until there is an answer."""
        self._made += 1
        asked = changeset(self._by.organisation_id, *self._changes(), id=f"storm-{self._number}-{self._made}")
        answer = await self._commit(asked)
        if isinstance(answer, Refused):
            self._storm.refused.update(each.code for each in answer.refusals)
            self._storm.refused_ids.add(str(asked.id))
            return
        self._storm.written[str(asked.id)] = answer
        self._storm.repeated += answer.repeated
        for change in asked.changes:
            if isinstance(change, c.RegisterAccount):
                self._own[str(change.account_id)] = 1
            elif isinstance(change, c.AmendAccount):
                self._own[str(change.account_id)] += 1
        if self._chance.random() < 0.02:
            await self._again(asked, answer)

    async def write_last(self) -> None:
        """Write what the screen is to show in the end."""
        changes = register("last", "Sist", LAST, hsa=hsa_id("LAST1"))
        asked = changeset(self._by.organisation_id, changes, id="storm-last")
        answer = await self._commit(asked)
        assert isinstance(answer, Receipt), answer
        self._storm.written[str(asked.id)] = answer

    async def _commit(self, asked: Changeset) -> Receipt | Refused:
        while True:
            try:
                return await self._storage.commit(asked, self._by, datetime.now(UTC))
            except StorageError as error:
                if error.refusal.code not in ("server_away", "storage_away", "server_busy"):
                    raise
                self._storm.tried_again += 1
                await asyncio.sleep(0.2 + self._chance.random() * 0.3)

    async def _again(self, asked: Changeset, answer: Receipt) -> None:
        """Send what was written again, and something else under its id."""
        again = await self._commit(asked)
        if not isinstance(again, Receipt) or not again.repeated or again.first_number != answer.first_number:
            self._storm.wrong.append(f"{asked.id} sent again gave {again}")
        other = Changeset(id=asked.id, organisation_id=asked.organisation_id, changes=(grant("user-0"),) * 1)
        if other.changes != asked.changes:
            misused = await self._commit(other)
            codes = [each.code for each in misused.refusals] if isinstance(misused, Refused) else []
            if codes != ["changeset_id_reused"]:
                self._storm.wrong.append(f"{asked.id} with other content gave {misused}")

    def _changes(self) -> tuple[c.AnyChange, ...]:
        kind = self._chance.random()
        if kind < 0.25 or not self._own:
            name = f"n{self._number}-{self._made}"
            return (register(name, "Nils", "Nilsson", hsa=hsa_id(f"N{self._number}X{self._made}")),)
        if kind < 0.4:
            who = self._chance.choice(list(self._own))
            return (amend(who, self._own[who], family_name=self._chance.choice(("Ny", "Nyman", "Nygren"))),)
        # Of these many meet: one has given or taken what another is about to.
        who = f"user-{self._chance.randrange(PEOPLE)}"
        change = grant if self._chance.random() < 0.5 else revoke
        wanted = self._chance.sample(PERMISSIONS, self._chance.choice((1, 1, 2)))
        return tuple(change(who, each) for each in wanted)


# All of it ------------------------------------------------------------------------------------------


class Weather:
    """The servers, the line before them, the clients on the line, and the screen."""

    def __init__(self, url: str, folder: Path, done: Storm, *, lost: float, seed: int) -> None:
        self.url = url
        self.folder = folder
        self.done = done
        self.seed = seed
        self.servers = [Served(url, folder, number) for number in range(2)]
        self.line = Line(tuple(server.port for server in self.servers), lost=lost, chance=Random(seed))
        self.storages: list[HttpStorage] = []
        self.address = ""

    async def begin(self) -> None:
        """Start the servers, and open the line."""
        for server in self.servers:
            server.start()
        await asyncio.gather(*(server.ready() for server in self.servers))
        self.address = f"http://127.0.0.1:{await self.line.open()}"

    async def client(self, number: int) -> Client:
        """Let one more administrator in."""
        here, which = place(number % ORGANISATIONS), number // ORGANISATIONS
        secret = await self.token(number)
        self.storages.append(HttpStorage(self.address, Bearer(secret)))
        chance = Random(self.seed * 1000 + number)
        return Client(self.storages[-1], administrator(here, which), number, self.done, chance)

    async def token(self, number: int) -> str:
        """Make a token for an administrator."""
        owner = hsa_id(suffix(place(number % ORGANISATIONS), number // ORGANISATIONS))
        return await token(self.url, owner)

    async def strike(self, after: int) -> None:
        """Kill one of the servers once so many changesets have an answer, and start it again."""
        while len(self.done.written) + len(self.done.refused_ids) < after:  # noqa: ASYNC110 - others count
            await asyncio.sleep(0.02)
        self.servers[0].kill()
        await asyncio.sleep(1)
        self.servers[0].start()
        await self.servers[0].ready()

    async def end(self) -> None:
        """Let everybody go, and see that the servers end as they should."""
        for storage in self.storages:
            await storage.close()
        self.done.answers = self.line.answers
        self.done.answers_lost = self.line.answers_lost
        self.done.nobody_there = self.line.nobody_there
        await self.line.close()
        for server in self.servers:
            code = await asyncio.to_thread(server.stop)
            if code != 0:
                self.done.wrong.append(f"a server ended with {code} on SIGTERM")


async def storm(
    url: str, folder: Path, *, changesets: int, clients: int, lost: float, seed: int = 7
) -> Storm:
    """Let it happen on an empty database, and judge what is left."""
    done = Storm(changesets)
    await fill(url, -(-clients // ORGANISATIONS))
    before = await asyncio.to_thread(_ids, url)
    weather = Weather(url, folder, done, lost=lost, seed=seed)
    try:
        await weather.begin()
        writers = [await weather.client(number) for number in range(clients)]
        with _screen(weather.address, await weather.token(0), folder) as terminal:
            await asyncio.to_thread(terminal.wait_for, "Andersson", 60)
            left = iter(range(changesets))

            async def work(client: Client) -> None:
                for _number in left:
                    await client.write()

            began = time.perf_counter()
            looking = asyncio.create_task(_look(terminal))
            await asyncio.gather(weather.strike(changesets // 2), *map(work, writers))
            done.seconds = time.perf_counter() - began
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
            await writers[0].write_last()
            done.screen_followed = await asyncio.to_thread(_comes, terminal, LAST)
            if not done.screen_followed:
                done.wrong.append("the screen did not show what was written last:\n" + terminal.text())
    finally:
        await weather.end()
    await asyncio.to_thread(_judge, url, folder, before, done)
    return done


async def _look(terminal: Terminal) -> None:
    """Read what the program writes, as a terminal does: else it would wait for that."""
    while True:
        terminal.mark()
        await asyncio.sleep(0.1)


def _screen(address: str, secret: str, folder: Path) -> Terminal:
    home = folder / "home"
    home.mkdir(exist_ok=True)
    return Terminal(
        [sys.executable, "-m", "tui.main", "--storage", address],
        environment={"HOME": str(home), "BEHORIG_TOKEN": secret, "BEHORIG_STATE": str(home / "state")},
    )


def _comes(terminal: Terminal, text: str) -> bool:
    try:
        terminal.wait_for(text, 30)
    except AssertionError:
        return False
    return True


def _ids(url: str) -> Counter[str]:
    """Give every changeset that a database holds, and how often."""
    with psycopg.connect(url) as connection:
        return Counter(
            f"{here}/{each}"
            for here, each in connection.execute("SELECT organisation_id, id FROM changesets")
        )


def _judge(url: str, folder: Path, before: Counter[str], done: Storm) -> None:
    """Hold what the database has against what the clients were told."""
    found = _ids(url)
    twice = [each for each, times in found.items() if times > 1]
    if twice:
        done.wrong.append(f"written twice: {twice[:5]}")
    new = {each.partition("/")[2] for each in found.keys() - before.keys()}
    for name, ids in (
        ("told as written, and is not there", done.written.keys() - new),
        ("is there, and nobody was told", new - done.written.keys()),
        ("told as refused, and is there", done.refused_ids & new),
    ):
        if ids:
            done.wrong.append(f"{name}: {len(ids)}, such as {sorted(ids)[:5]}")
    if len(done.written) + len(done.refused_ids) != done.changesets + 1:
        done.wrong.append("some changesets got no answer")
    reports: list[ChainReport] = list(verify_storage(url))
    done.wrong.extend(f"{each.organisation_id}: {each.fault}" for each in reports if each.fault is not None)
    # Every rule between history and tables, judged on a copy in a file by tests that know nothing of servers.
    copy = folder / "copy.sqlite"
    copy_storage(url, str(copy))
    assert_whole(copy)
    copy.unlink()


def main() -> int:
    """Run it as a command, on a server of its own."""
    import argparse
    import tempfile

    from tests.postgresql import server

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changesets", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--lost", type=float, default=0.05)
    chosen = parser.parse_args()
    here = server("wheel")
    name = f"storm_{os.getpid()}"
    url = here.create(name)
    with tempfile.TemporaryDirectory() as folder:
        done = asyncio.run(
            storm(url, Path(folder), changesets=chosen.changesets, clients=chosen.clients, lost=chosen.lost)
        )
    here.drop(name)
    sys.stdout.write(done.told() + "\n")
    return 1 if done.wrong else 0

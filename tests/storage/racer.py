"""One of two processes that write to the same file at the same moment (``tests/storage/test_races.py``).

Each line of its standard input is a write; it meets the other at a barrier in memory that both see, so
that they are microseconds apart, writes, and answers with a line what came of it.
"""

from __future__ import annotations

import asyncio
import mmap
import os
import sys
import time
from datetime import datetime

import msgspec

from core.changes import Changeset, Receipt
from core.directory import Actor
from core.ports import Refused
from core.wire import decode, encode
from storage.http.client import HttpStorage
from storage.open import is_server, open_storage
from tests.bearer import Bearer


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A write, and the number of its round, which counts from 1 to 255 and then from 1 again."""

    round: int
    changeset: Changeset
    actor: Actor
    at: datetime


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a write: the codes of its refusals, or whether it had been written before."""

    refusals: tuple[str, ...] = ()
    repeated: bool = False


def meet(barrier: mmap.mmap, place: int, arrived: int) -> None:
    """Say that one has arrived, and wait until the other has."""
    barrier[place] = arrived
    ends = time.monotonic() + 30
    while barrier[1 - place] != arrived:
        if time.monotonic() > ends:
            raise TimeoutError("the other did not come")
        # Give the core away: there may be one for both.
        time.sleep(0)


class Remotely:
    """A server, to which each actor speaks with a token of the own."""

    def __init__(self, address: str) -> None:
        tokens = decode(os.environ["RACER_TOKENS"].encode(), dict[str, str])
        self._clients = {
            account_id: HttpStorage(address, Bearer(secret)) for account_id, secret in tokens.items()
        }

    async def commit(self, changeset: Changeset, actor: Actor, now: datetime) -> Receipt | Refused:
        """Write as somebody."""
        return await self._clients[actor.account_id].commit(changeset, actor, now)

    async def close(self) -> None:
        """Hang up."""
        for client in self._clients.values():
            await client.close()


async def main(address: str, meeting: str, place: int) -> None:
    """Write what is asked for until there is no more."""
    storage = Remotely(address) if is_server(address) else await open_storage(address, busy_seconds=30)
    with open(meeting, "r+b") as shared, mmap.mmap(shared.fileno(), 2) as barrier:  # noqa: ASYNC230, PTH123  # alone in its process
        for line in sys.stdin.buffer:
            task = decode(line, Task)
            meet(barrier, place, task.round)
            answer = await storage.commit(task.changeset, task.actor, task.at)
            if isinstance(answer, Refused):
                told = Answer(refusals=tuple(each.code for each in answer.refusals))
            else:
                told = Answer(repeated=answer.repeated)
            sys.stdout.buffer.write(encode(told) + b"\n")
            sys.stdout.buffer.flush()
    await storage.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))

"""The line between clients and servers: shares connections out, and loses some of the answers.

It stands where a load balancer does. A server that is not there is passed over, as nginx does. An answer is
lost after the server has done its work: the connection is cut at the answer's first byte, which is what
a client sees of a dropped mobile line or a restarted proxy.
"""

from __future__ import annotations

import asyncio
import contextlib
from random import Random

MOST_AT_ONCE = 65_536


class Line:
    """Listens on a port of its own, in front of servers on others."""

    def __init__(self, ports: tuple[int, ...], *, lost: float, chance: Random) -> None:
        """Stand before servers on ``ports``; ``lost`` is the part of the answers that never arrive."""
        self._ports = ports
        self._lost = lost
        self._chance = chance
        self._turn = 0
        self._server: asyncio.Server | None = None
        self._under_way: set[asyncio.Task[None]] = set()
        self.answers = 0
        self.answers_lost = 0
        self.nobody_there = 0

    async def open(self, port: int = 0) -> int:
        """Begin to listen, and give the port."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", port)
        address: tuple[str, int] = self._server.sockets[0].getsockname()
        return address[1]

    async def close(self) -> None:
        """Hang up on everybody."""
        if self._server is not None:
            self._server.close()
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        behind: asyncio.StreamWriter | None = None
        try:
            server = await self._server_in_turn()
            if server is None:
                self.nobody_there += 1
                return
            answers, behind = server
            await self._carry(reader, writer, answers, behind)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            for each in (writer, behind):
                if each is not None:
                    each.transport.abort()

    async def _server_in_turn(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """Give a connection to the next server that is there."""
        for _each in self._ports:
            self._turn += 1
            port = self._ports[self._turn % len(self._ports)]
            with contextlib.suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", port)
        return None

    async def _carry(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        answers: asyncio.StreamReader,
        behind: asyncio.StreamWriter,
    ) -> None:
        """Carry questions one way and answers the other, until either end is gone or an answer is lost."""
        asked = False

        async def questions() -> None:
            nonlocal asked
            while data := await reader.read(MOST_AT_ONCE):
                asked = True
                behind.write(data)
                await behind.drain()

        async def back() -> None:
            nonlocal asked
            while data := await answers.read(MOST_AT_ONCE):
                if asked:
                    asked = False
                    self.answers += 1
                    if self._chance.random() < self._lost:
                        self.answers_lost += 1
                        return
                writer.write(data)
                await writer.drain()

        ways = [asyncio.create_task(questions()), asyncio.create_task(back())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

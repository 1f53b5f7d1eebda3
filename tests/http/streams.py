"""Somebody who follows, event by event."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from core.directory import Actor
from tests.contract.remote import InProcess
from tests.http.front import Front, hsa_id_of


class Followed:
    """What comes on a stream."""

    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        self._pieces = pieces
        self._left = b""

    async def event(self) -> tuple[str, str]:
        """Give the next event: its name and its data. Signs of life are passed over."""
        async with asyncio.timeout(20):
            while True:
                while b"\n\n" not in self._left:
                    self._left += await anext(self._pieces)
                whole, _, self._left = self._left.partition(b"\n\n")
                fields = dict(
                    line.split(": ", 1) for line in whole.decode().splitlines() if not line.startswith(":")
                )
                if "event" in fields:
                    return fields["event"], fields["data"]

    async def news(self) -> Any:
        """Give the next event, which tells of something."""
        name, data = await self.event()
        assert name == "news", data
        return json.loads(data)

    async def ended(self) -> bool:
        """Say whether nothing more comes."""
        async with asyncio.timeout(20):
            return await anext(self._pieces, None) is None


@asynccontextmanager
async def following(server: Front, by: Actor, target: str) -> AsyncGenerator[Followed]:
    """Follow as somebody while the block runs."""
    headers = {"accept": "text/event-stream", "authorization": f"Test {hsa_id_of(by)}"}
    request = httpx.Request("GET", f"http://localhost:8080{target}", headers=headers)
    answer = await InProcess(server.remote.app).handle_async_request(request)
    assert answer.status_code == 200, await answer.aread()
    try:
        yield Followed(aiter(answer.aiter_raw()))
    finally:
        await answer.aclose()

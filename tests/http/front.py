"""A server in process, asked with bare requests: what an attacker sends, and each byte that comes back."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec

from core.directory import Actor
from storage.http.server.limits import Limits
from tests.builders import hsa_id
from tests.contract.implementations import IMPLEMENTATIONS
from tests.contract.remote import GENEROUS, InProcess, Remote, faults

Headers = Iterable[tuple[str, str]]


class Answer(msgspec.Struct, frozen=True):
    """What came back: ``headers`` as they came, names in lower case."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def all(self, name: str) -> list[str]:
        """Give every value of a header."""
        return [value for key, value in self.headers if key == name]

    def one(self, name: str) -> str:
        """Give the value of a header that must be there once."""
        (found,) = self.all(name)
        return found

    def json(self) -> Any:
        """Give what the body says."""
        return json.loads(self.body)

    def told(self) -> tuple[int, str]:
        """Give the status, and the code of the problem that it is."""
        assert self.one("content-type") == "application/problem+json", self
        problem = self.json()
        # Each problem says the same in its head and its body.
        assert problem["status"] == self.status
        assert problem["request_id"] == self.one("x-request-id")
        return self.status, str(problem["code"])


class Front:
    """A server with the small country behind it."""

    def __init__(self, remote: Remote) -> None:
        self.remote = remote

    async def ask(
        self,
        by: Actor | str | None,
        method: str,
        target: str,
        *,
        headers: Headers = (),
        body: bytes | None = None,
        peer: tuple[str, int] | None = ("127.0.0.1", 1),
    ) -> Answer:
        """Ask as somebody, as a stranger where it is ``None``, over a connection of ``peer``."""
        sent = list(headers)
        if by is not None:
            sent.append(("authorization", f"Test {by if isinstance(by, str) else hsa_id_of(by)}"))
        if body is not None and not any(name == "content-type" for name, _ in sent):
            sent.append(("content-type", "application/json"))
        request = httpx.Request(method, f"http://localhost:8080{target}", headers=sent, content=body)
        answer = await InProcess(self.remote.app, peer).handle_async_request(request)
        try:
            whole = await answer.aread()
        finally:
            await answer.aclose()
        return Answer(int(answer.status_code), tuple(answer.headers.multi_items()), whole)


def hsa_id_of(actor: Actor) -> str:
    """Give the HSA-id of an actor of the small country."""
    return str(hsa_id(actor.account_id.replace("-", "")[:12].upper()))


@asynccontextmanager
async def front(folder: Path, limits: Limits = GENEROUS) -> AsyncGenerator[Front]:
    """Open a server over a copy of the small country; it must not have failed at the end."""
    async with IMPLEMENTATIONS["sqlite"](folder) as backing:
        remote = Remote(backing, limits)
        try:
            yield Front(remote)
        finally:
            await remote.close()
        assert faults(remote) == [], faults(remote)

"""A small server that lets in by the ways it is given and says who called, and nothing else."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import uvicorn

from storage.http.callers import Call, NotSignedInError, SignIn
from storage.http.signin.document import PATH, SignInDocument
from storage.http.signin.ways import who_calls

Message = MutableMapping[str, Any]
Application = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]


def application(ways: Sequence[SignIn], document: SignInDocument | None = None) -> Application:
    """Make an application that answers who calls, and how one can sign in."""

    async def answer(
        scope: Message,
        _receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        client = scope["client"]
        call = Call(headers=tuple(scope["headers"]), peer=client[0] if client else None)
        status, body = 200, b""
        if scope["path"] == PATH:
            body = msgspec.json.encode(document)
        else:
            try:
                caller = await who_calls(ways, call, datetime.now(UTC))
                status = 401 if caller is None else 200
                body = msgspec.json.encode(
                    {} if caller is None else {"hsa_id": caller.hsa_id, "way": caller.way}
                )
            except NotSignedInError as error:
                status, body = 401, msgspec.json.encode({"code": error.refusal.code})
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return answer


@contextmanager
def served(application: Application, path: Path | None = None) -> Iterator[str]:
    """Run an application over a Unix socket, or on a free port; gives its address."""
    listening: list[socket.socket] = []
    uds, address = None, "http://unix"
    if path is not None:
        uds = str(path)
    else:
        listening.append(socket.create_server(("127.0.0.1", 0)))
        address = f"http://127.0.0.1:{listening[0].getsockname()[1]}"
    # Who calls is never taken from X-Forwarded-For.
    config = uvicorn.Config(
        application,
        uds=uds,
        lifespan="off",
        log_level="error",
        proxy_headers=False,
        ws="none",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": listening or None})
    thread.start()
    try:
        ends = time.monotonic() + 20
        while not server.started:
            assert thread.is_alive()
            assert time.monotonic() < ends
            time.sleep(0.01)
        yield address
    finally:
        server.should_exit = True
        thread.join(20)
        for each in listening:
            each.close()

"""Peers of the server: plain ASGI on uvicorn, or an empty Litestar where no storage is named.

python -m bench.plain PORT [STORAGE ANSWER]
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

import uvicorn

from bench.population import ADMINISTRATOR, BIG, DAY, NOON
from core.queries import Accounts
from core.wire import encode
from storage.open import open_storage

HEADERS = [(b"content-type", b"application/json")]


async def _send(send: Any, body: bytes) -> None:
    headers = [*HEADERS, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _empty() -> Any:
    from litestar import Litestar, get

    @get("/")
    async def hello() -> dict[str, str]:
        return {"hello": "world"}

    return Litestar([hello], openapi_config=None)


async def main(port: int, url: str | None, answer: Path | None) -> None:
    """Serve until the end."""
    app: Any = _empty() if url is None else None
    if url is not None and answer is not None:
        storage = await open_storage(url)
        ready = await asyncio.to_thread(answer.read_bytes)
        query = Accounts(day=DAY, organisation_id=BIG, limit=100)

        async def plain(scope: Any, _receive: Any, send: Any) -> None:
            if scope["path"] == "/ready":
                await _send(send, ready)
            else:
                await _send(send, encode(await storage.ask(query, ADMINISTRATOR, NOON)))

        app = plain
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_level="critical", access_log=False, lifespan="off"
    )
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    named = sys.argv[2:]
    asyncio.run(main(int(sys.argv[1]), named[0] if named else None, Path(named[1]) if named else None))

"""Run a server: its sockets, its end when it is told to, and its figures on an address of their own."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec
import uvicorn
from prometheus_client import start_http_server

from core.refusal import Refusal, WrongValueError
from storage.http.address import is_loopback
from storage.http.server.app import make_app
from storage.http.server.config import TABLES
from storage.http.server.limits import networks
from storage.http.server.log import where
from storage.http.server.served import Served
from storage.http.signin.config import WrongSettingError, read_table

LISTEN: Final = "127.0.0.1:8443"
KEEP_ALIVE: Final = 20
"""Seconds that a connection may rest between two requests."""
LAST_SECONDS: Final = 35
"""Seconds that requests under way have to come to their end: longer than each may take."""


class ServeSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[server]``: where a server listens.

    ``listen`` and ``metrics`` are ``host:port``, ``socket`` is a file that stands in for ``listen``.
    ``behind_tls`` says that a proxy which speaks TLS stands before it, without which it listens on this
    machine only: it speaks plain HTTP itself. ``trusted`` are the addresses and networks of such proxies,
    whose ``X-Forwarded-For`` is believed.
    """

    listen: str = LISTEN
    socket: str = ""
    metrics: str = ""
    behind_tls: bool = False
    trusted: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what would be overheard or not understood: :class:`core.refusal.WrongValueError`."""
        host, _ = place_of("listen", self.listen)
        if not self.socket and not self.behind_tls and not is_loopback(host):
            raise WrongValueError(Refusal("listen_plain", "listen"))
        if self.metrics:
            place_of("metrics", self.metrics)
        try:
            networks(self.trusted)
        except ValueError:
            raise WrongValueError(
                Refusal("setting_peer", "trusted", {"value": ", ".join(self.trusted)})
            ) from None


def read_serving(server: Mapping[str, object]) -> ServeSettings:
    """Read what stands in ``[server]`` itself, the usual where nothing is said.

    Raises:
        WrongSettingError: a key that there is not, a value of another kind, or a wrong one.
    """
    known = ServeSettings.__struct_fields__
    values = {key: value for key, value in server.items() if not isinstance(value, dict)}
    for key in values:
        if key in TABLES:
            raise WrongSettingError(key, Refusal("setting_table", "", {"table": key}))
        if key not in known:
            choices = ", ".join((*known, *TABLES))
            raise WrongSettingError("", Refusal("setting_unknown", key, {"known": choices}))
    found = read_table("", ServeSettings, values)
    return ServeSettings() if found is None else found


def place_of(name: str, text: str) -> tuple[str, int]:
    """Read ``host:port``; anything else is a :class:`WrongValueError`."""
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not (port.isascii() and port.isdecimal() and int(port) < 65536):
        raise WrongValueError(Refusal("listen_form", name))
    return host, int(port)


async def serve(served: Served, settings: ServeSettings) -> None:
    """Answer requests until the process is told to end (SIGTERM, SIGINT).

    Then it is no longer ready and takes no new connections; who follows is told, and requests under way
    come to their end.

    Raises:
        OSError: it can not listen there.
    """
    host, port = place_of("listen", settings.listen)
    # What h11 does not stop, a client that sends its headers slowly say, the proxy before it does.
    config = uvicorn.Config(
        make_app(served),
        host=host,
        port=port,
        uds=settings.socket or None,
        http="h11",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        # The peer is the one who holds the other end: what a proxy says of others is looked at by us.
        proxy_headers=False,
        server_header=False,
        h11_max_incomplete_event_size=served.limits.most_headers,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=LAST_SECONDS,
    )
    server = uvicorn.Server(config)
    _log_by(served)
    async with _figures(served, settings):
        running = asyncio.create_task(server.serve())
        while not server.started and not running.done():  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        if not running.done():
            _end_when_told(served, server)
            served.log.info("listening", at_socket=bool(settings.socket), listen=settings.listen)
        await running
    if not server.started:
        raise OSError("the server did not start")
    served.log.info("ended")


class _Lines(logging.Handler):
    """Writes what uvicorn has to say as lines of the server's own log, without values."""

    def __init__(self, served: Served) -> None:
        super().__init__(logging.WARNING)
        self._served = served

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        more = {} if error is None else where(error)
        # The template of the message: what is filled into it came from a client.
        self._served.log.warning("connection", said=str(record.msg)[:200], **more)


def _log_by(served: Served) -> None:
    logger = logging.getLogger("uvicorn.error")
    logger.handlers[:] = [_Lines(served)]
    logger.propagate = False


def _end_when_told(served: Served, server: uvicorn.Server) -> None:
    def end() -> None:
        served.stopping.set()
        server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)


@asynccontextmanager
async def _figures(served: Served, settings: ServeSettings) -> AsyncGenerator[None]:
    if not settings.metrics:
        yield
        return
    host, port = place_of("metrics", settings.metrics)
    server, thread = start_http_server(port, host, registry=served.metrics.registry)
    try:
        yield
    finally:
        await asyncio.to_thread(server.shutdown)
        server.server_close()
        thread.join()


def take_away(socket: str) -> None:
    """Take away the file of a Unix socket that a server left behind."""
    with suppress(FileNotFoundError):
        path = Path(socket)
        if path.is_socket():
            path.unlink()

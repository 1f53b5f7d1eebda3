"""A real SMTP server of this machine, with a certificate of an authority made for the test."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from storage.files.post import Post

USER, PASSWORD = "behorig@kommun.example", "hemligt-7f3a"


class Box:
    """What a server took, and what it shall answer instead of taking it."""

    def __init__(self) -> None:
        """Take everything."""
        self.taken: list[Envelope] = []
        self.at_recipient = "250 OK"
        self.at_data = "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name for it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer whether a recipient is known."""
        if self.at_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.at_recipient

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name for it
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Take a letter, or say why not."""
        if self.at_data.startswith("250"):
            self.taken.append(envelope)
        return self.at_data


def _authenticate(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=right, handled=False)


class Server:
    """The servers of a test, each with the box that it fills, and the authority of their certificates."""

    def __init__(self, folder: Path) -> None:
        """Make an authority, and a certificate for this machine's own address."""
        authority = trustme.CA()
        certificate = authority.issue_cert("127.0.0.1", "localhost")
        self.authority = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(self.authority))
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        certificate.configure_cert(self._context)

    @contextmanager
    def running(
        self, box: Box, *, tls: str = "starttls", login: bool = False, seconds: float = 5.0
    ) -> Iterator[Post]:
        """Run a server, and give what sends to it; ``tls`` is ``starttls``, ``tls`` or ``none``."""
        with _served(
            lambda: SMTP(
                box,
                tls_context=self._context if tls == "starttls" else None,
                authenticator=_authenticate if login else None,
                # Behind TLS from the first word the line is safe, which this server does not see.
                auth_require_tls=tls != "tls",
                enable_SMTPUTF8=True,
                hostname="localhost",
            ),
            self._context if tls == "tls" else None,
        ) as port:
            yield Post(
                host="127.0.0.1",
                port=port,
                tls_from_start=tls == "tls",
                authority=self.authority,
                user=USER if login else "",
                password=lambda: PASSWORD,
                seconds=seconds,
            )

    @contextmanager
    def scripted(self, talk: Callable[[ssl.SSLSocket], None], *, seconds: float = 1.0) -> Iterator[Post]:
        """Run a server that takes one connection over TLS and does what a test says with it."""
        with closing(socket.create_server(("127.0.0.1", 0))) as listening:

            def serve() -> None:
                plain, _address = listening.accept()
                with closing(self._context.wrap_socket(plain, server_side=True)) as line:
                    talk(line)

            thread = threading.Thread(target=serve)
            thread.start()
            yield Post(
                host="127.0.0.1",
                port=listening.getsockname()[1],
                tls_from_start=True,
                authority=self.authority,
                seconds=seconds,
            )
            thread.join(20)


@contextmanager
def _served(make: Callable[[], SMTP], context: ssl.SSLContext | None) -> Iterator[int]:
    """Serve in a thread, and leave no line open; aiosmtpd's own controller leaves some."""
    ready: Future[tuple[int, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        made: list[SMTP] = []

        def factory() -> SMTP:
            made.append(make())
            return made[-1]

        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        serving = await loop.create_server(factory, "127.0.0.1", 0, ssl=context)
        ready.set_result((serving.sockets[0].getsockname()[1], loop, stop))
        await stop.wait()
        serving.close()
        for each in made:
            if isinstance(each.transport, asyncio.WriteTransport):
                each.transport.abort()
        await asyncio.sleep(0.05)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    port, loop, stop = ready.result(10)
    try:
        yield port
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)


def free_port() -> int:
    """Give a port that nobody listens at."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        port: int = listening.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """The authority and certificate, made once."""
    return Server(tmp_path_factory.mktemp("server"))


@pytest.fixture
def box() -> Box:
    """What a server takes."""
    return Box()

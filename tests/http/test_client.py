"""The client trusts no server more than it must, and repeats nothing that would count twice."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

from core.identity import Id
from core.journal import AnnouncementsRead, CardSeen
from core.ports import StorageError
from core.queries import AccountById, OrganisationById, WholeCatalogue
from core.wire import encode
from storage.http import client as client_module
from storage.http.address import canonical
from storage.http.client import LONGEST_PAUSE, MOST_KEPT_BYTES, TRIES, HttpStorage
from tests.builders import DOING, NORTH, NORTH_ADMINISTRATOR, NOW, SUPPORT, TODAY, changeset, grant
from tests.contract.remote import Name
from tests.http.front import Front, hsa_id_of

ASKED = OrganisationById(organisation_id=NORTH)


class Line(httpx.AsyncBaseTransport):
    """A line to a server on which things happen; ``happens`` are the answers that come first."""

    def __init__(self, behind: httpx.AsyncBaseTransport, *happens: httpx.Response | Exception) -> None:
        self.behind = behind
        self.happens = list(happens)
        self.sent: list[httpx.Request] = []
        self.pauses: list[float] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Let what is to happen happen, else ask the server."""
        self.sent.append(request)
        if not self.happens:
            return await self.behind.handle_async_request(request)
        happens = self.happens.pop(0)
        if isinstance(happens, Exception):
            raise happens
        return happens

    async def pause(self, seconds: float) -> None:
        """Note a pause, and make none."""
        self.pauses.append(seconds)

    def client(self, hsa_id: str = hsa_id_of(SUPPORT)) -> HttpStorage:
        """Give support's client on this line."""
        return HttpStorage(
            "http://localhost:8080", Name(hsa_id), transport=self, pause=self.pause, chance=lambda: 0.5
        )


LOST = httpx.ReadError("lost")
UNHEARD = httpx.ConnectError("nobody there")


def busy(status: int = 503, **headers: str) -> httpx.Response:
    return httpx.Response(status, headers={"content-type": "text/html", **headers}, content=b"<html>")


def later(seconds: str) -> httpx.Response:
    return busy(429, **{"retry-after": seconds})


async def test_a_read_is_repeated_and_then_given_up(server: Front) -> None:
    line = Line(server.remote.transport, LOST, LOST)
    assert (await line.client().ask(ASKED, SUPPORT, NOW)) is not None
    assert len(line.sent) == TRIES == 3
    assert 0 < line.pauses[0] < line.pauses[1] < 2
    line = Line(server.remote.transport, *[LOST] * 9)
    with pytest.raises(StorageError) as caught:
        await line.client().ask(ASKED, SUPPORT, NOW)
    assert caught.value.refusal.code == "server_away"
    assert len(line.sent) == TRIES


async def test_a_changeset_is_repeated_under_its_id_and_written_once(server: Front) -> None:
    class AnswerIsLost(Line):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            answer = await super().handle_async_request(request)
            if len(self.sent) == 1:
                await answer.aclose()
                raise LOST
            return answer

    line = AnswerIsLost(server.remote.transport)
    wanted = changeset(NORTH, grant("user-6"), id="lost-answer")
    receipt = await line.client(hsa_id_of(NORTH_ADMINISTRATOR)).commit(wanted, NORTH_ADMINISTRATOR, NOW)
    assert getattr(receipt, "repeated", None) is True, receipt
    assert [each.headers["idempotency-key"] for each in line.sent] == ["lost-answer"] * 2


SEEN = CardSeen(organisation_id=Id(NORTH), account_id=Id("user-1"))


async def test_a_note_that_counts_twice_is_not_repeated_unless_it_was_not_heard(server: Front) -> None:
    for happens in (LOST, busy(502), busy(504)):
        line = Line(server.remote.transport, happens)
        with pytest.raises(StorageError) as caught:
            await line.client().note(SEEN, SUPPORT, NOW)
        assert caught.value.refusal.code == "server_away"
        assert len(line.sent) == 1, happens
    line = Line(server.remote.transport, UNHEARD)
    assert await line.client().note(SEEN, SUPPORT, NOW) is None
    assert len(line.sent) == 2
    # One that says the same twice may be.
    read = AnnouncementsRead(organisation_id=Id(SUPPORT.organisation_id), announcement_ids=(Id(DOING),))
    line = Line(server.remote.transport, LOST)
    assert await line.client().note(read, SUPPORT, NOW) is None
    assert len(line.sent) == 2


async def test_a_server_that_asks_for_time_is_given_it_up_to_a_ceiling(server: Front) -> None:
    line = Line(server.remote.transport, later("3"))
    assert await line.client().ask(ASKED, SUPPORT, NOW)
    assert len(line.pauses) == 1
    assert line.pauses[0] >= 3
    for wanted in (str(int(LONGEST_PAUSE) + 1), "99999999"):
        line = Line(server.remote.transport, *[later(wanted) for _ in range(9)])
        with pytest.raises(StorageError):
            await line.client().ask(ASKED, SUPPORT, NOW)
        assert sum(line.pauses) == 0
    for odd in ("soon", "-5", "Wed, 21 Oct 2099 07:28:00 GMT", "9" * 400, "1e9", "٣"):
        answer = httpx.Response(429, headers=[(b"retry-after", odd.encode())], content=b"")
        line = Line(server.remote.transport, answer)
        assert await line.client().ask(ASKED, SUPPORT, NOW)
        assert all(pause < LONGEST_PAUSE for pause in line.pauses)


async def test_nobody_is_followed_to_another_server(server: Front) -> None:
    """A redirect would carry the credential, and what is written, to wherever an attacker says."""
    for status in (301, 302, 303, 307, 308):
        elsewhere = httpx.Response(status, headers={"location": "https://evil.example/v1/me"})
        line = Line(server.remote.transport, elsewhere)
        with pytest.raises(StorageError) as caught:
            await line.client().ask(ASKED, SUPPORT, NOW)
        assert caught.value.refusal.code == "server_elsewhere"
        assert [each.url.host for each in line.sent] == ["localhost"]


@pytest.mark.parametrize(
    "answer",
    [
        lambda: httpx.Response(200, content=b"<html>hello", headers={"content-type": "text/html"}),
        lambda: httpx.Response(200, content=b"{}", headers={"content-type": "application/json"}),
        lambda: httpx.Response(200, content=b"[" * 100_000, headers={"content-type": "application/json"}),
        lambda: httpx.Response(200, content=b"\xff", headers={"content-type": "application/json"}),
        lambda: httpx.Response(404, content=b"{}", headers={"content-type": "application/problem+json"}),
        lambda: httpx.Response(418, content=b"", headers={}),
        lambda: httpx.Response(304, content=b""),
    ],
)
async def test_what_no_server_of_ours_says_is_an_error_and_no_answer(
    server: Front, answer: Callable[[], httpx.Response]
) -> None:
    line = Line(server.remote.transport, answer())
    with pytest.raises(StorageError) as caught:
        await line.client().ask(ASKED, SUPPORT, NOW)
    assert caught.value.refusal.code in ("server_answer", "server_elsewhere")


async def test_attack_an_answer_without_end(server: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server was taken over, or something before it: it sends for ever."""
    monkeypatch.setattr(client_module, "LARGEST_ANSWER", 1_000_000)
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while True:
            sent += 65_536
            yield b" " * 65_536

    line = Line(
        server.remote.transport,
        httpx.Response(200, headers={"content-type": "application/json"}, content=endless()),
    )
    with pytest.raises(StorageError) as caught:
        await line.client().ask(ASKED, SUPPORT, NOW)
    assert caught.value.refusal.code == "server_answer"
    assert sent < 1_300_000


async def test_what_is_kept_of_answers_is_bounded(server: Front) -> None:
    whole = httpx.Response(
        200, content=encode(await server.remote.backing.ask(WholeCatalogue(day=TODAY), SUPPORT, NOW))
    ).content
    line = Line(server.remote.transport)
    client = line.client()
    for number in range(2 * MOST_KEPT_BYTES // len(whole)):
        line.happens.append(
            httpx.Response(
                200,
                content=whole,
                headers={"content-type": "application/json", "etag": f'"{number}"'},
            )
        )
        await client.ask(WholeCatalogue(day=TODAY + timedelta(days=number)), SUPPORT, NOW)
    # What was asked last is still kept, what was asked first is not.
    for number, kept in ((0, False), (2 * MOST_KEPT_BYTES // len(whole) - 1, True)):
        line.sent.clear()
        await client.ask(WholeCatalogue(day=TODAY + timedelta(days=number)), SUPPORT, NOW)
        assert ("if-none-match" in line.sent[0].headers) == kept
    await client.close()


async def test_what_is_kept_is_one_actors_own(server: Front) -> None:
    """The same address is another answer for somebody else."""
    line = Line(server.remote.transport)
    client = line.client()
    query = AccountById(day=TODAY, organisation_id=NORTH, account_id="user-1")
    assert await client.ask(query, SUPPORT, NOW) is not None
    assert await client.ask(query, SUPPORT, NOW) is not None
    assert ["if-none-match" in each.headers for each in line.sent] == [False, True]
    with pytest.raises(Exception, match="actor_gone"):
        await client.ask(query, NORTH_ADMINISTRATOR, NOW)
    assert "if-none-match" not in line.sent[-1].headers


# TLS -----------------------------------------------------------------------------------------------


class _Never(BaseHTTPRequestHandler):
    heard: list[str]

    def do_GET(self) -> None:
        type(self).heard.append(self.headers.get("authorization", ""))
        self.send_error(404)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Say nothing."""


@contextmanager
def impostor(authority: trustme.CA, name: str) -> Iterator[tuple[int, list[str]]]:
    """Run a server whose certificate is for a name; gives its port and the credentials that it heard."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    heard: list[str] = []
    handler = type("Handler", (_Never,), {"heard": heard})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server.server_port, heard
        finally:
            server.shutdown()
            thread.join(20)


@pytest.mark.parametrize(
    ("name", "is_known", "is_taken"),
    [("localhost", True, True), ("elsewhere.example", True, False), ("localhost", False, False)],
)
async def test_attack_an_impostor_with_another_certificate(
    tmp_path: Path, name: str, is_known: bool, is_taken: bool
) -> None:
    """The attacker sits on the line, with a certificate for another name, or of an authority of their own."""
    ours, theirs = trustme.CA(), trustme.CA()
    file = tmp_path / "authority.pem"
    ours.cert_pem.write_to_path(file)
    with impostor(ours if is_known else theirs, name) as (port, heard):
        client = HttpStorage(f"https://localhost:{port}", Name("SE5565594230-1337"), authority=str(file))
        with pytest.raises(StorageError) as caught:
            await client.me()
        await client.close()
    if is_taken:
        assert caught.value.refusal.code == "server_answer"
        assert heard == ["Test SE5565594230-1337"]
    else:
        assert caught.value.refusal.code == "server_certificate"
        assert heard == []


def test_nothing_is_said_in_the_clear_but_to_this_machine() -> None:
    for url in ("http://127.0.0.1:8080", "http://localhost", "http://[::1]:8080", "https://a.example"):
        assert canonical(url)
    for url in (
        "http://a.example",
        "http://127.0.0.1.a.example",
        "http://localhost.a.example",
        "http://0.0.0.0",
        "http://192.168.1.1",
        "http://[::ffff:192.0.2.1]",
        "http://2130706433",
        "http://127.1",
    ):
        with pytest.raises(StorageError) as caught:
            canonical(url)
        assert caught.value.refusal.code == "server_plain", url
    for url in ("https://u:p@a.example", "https://a.example/?x=1", "https://a.example/#x", "ftp://a", "https://",
                "https://a.example:99999", "https://å.example", "https://a b"):  # fmt: skip
        with pytest.raises(StorageError) as caught:
            canonical(url)
        assert caught.value.refusal.code == "server_url", url

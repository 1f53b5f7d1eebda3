"""A real `behorig serve` from its start to its end: sockets, signals, figures, log."""

from __future__ import annotations

import json
import signal
import socket
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.builders import NORTH, NORTH_ADMINISTRATOR, SUPPORT
from tests.http.process import Country, Server, make_country, running, until_closed
from tests.line.command import House

FOLLOW = f"/v1/changes?organisation_ids={NORTH}"


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Country:
    return make_country(tmp_path_factory.mktemp("country"))


@pytest.fixture
def server(country: Country, tmp_path: Path) -> Iterator[Server]:
    with running(country, tmp_path) as found:
        yield found


def test_a_server_that_is_told_to_end_tells_who_follows_and_ends_what_it_began(server: Server) -> None:
    """SIGTERM with four streams open and a request whose body is still on its way."""
    assert server.process is not None
    told: list[bytes] = []
    open_streams = threading.Barrier(5)

    def follow() -> None:
        with (
            server.client(SUPPORT) as client,
            client.stream("GET", FOLLOW, headers={"Accept": "text/event-stream"}) as answer,
        ):
            pieces = answer.iter_raw()
            first = next(pieces)
            open_streams.wait(20)
            told.append(first + b"".join(pieces))

    threads = [threading.Thread(target=follow) for _ in range(4)]
    for each in threads:
        each.start()
    open_streams.wait(20)
    body = json.dumps({"id": "late", "organisation_id": NORTH, "changes": []}).encode()
    with server.connect() as line, server.connect() as resting:
        line.sendall(
            b"POST /v1/changesets HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Authorization: Bearer " + server.country.token(NORTH_ADMINISTRATOR).encode() + b"\r\n"
            b"Content-Length: %d\r\n\r\n" % len(body)
        )
        resting.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answered = b""
        while not answered.endswith(b'{"status":"alive"}'):
            answered += resting.recv(1000)
        time.sleep(0.2)
        started = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        for each in threads:
            each.join(20)
        assert [part.rpartition(b"event: ")[2] for part in told] == [
            b'end\ndata: {"code":"server_stopping"}\n\n'
        ] * 4
        # No new ones are taken, what was begun is answered, and who only rests is hung up on.
        assert until_closed(resting) == b""
        with suppress(OSError), server.connect() as late:
            late.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert until_closed(late) == b""
        line.sendall(body)
        assert until_closed(line).startswith(b"HTTP/1.1 422")
    assert server.process.wait(20) == 0
    assert time.monotonic() - started < 8
    last = json.loads(server.log.read_text().splitlines()[-1])
    assert last["event"] == "ended"


def test_at_a_socket_there_is_no_port_and_a_file_that_was_left_is_replaced(
    country: Country, tmp_path: Path
) -> None:
    with running(country, tmp_path, at_socket=True) as server:
        assert server.socket is not None
        assert stat.S_ISSOCK(server.socket.stat().st_mode)
        with server.client(SUPPORT) as client:
            assert client.get("/v1/me").status_code == 200
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", server.port)) != 0
        server.kill()
        assert server.socket.exists()
        server.start()
        with server.client(SUPPORT) as client:
            assert client.get("/v1/me").status_code == 200


def test_the_figures_are_on_their_own_port_and_name_nobody(server: Server) -> None:
    with server.client(NORTH_ADMINISTRATOR) as client:
        for target in (
            f"/v1/organisations/{NORTH}",
            f"/v1/organisations/{NORTH}/accounts/user-1",
            "/v1/accounts?search=andersson",
            "/v1/nobody/TSTNMT2321000156-USER1",
            "/healthz",
        ):
            client.get(target)
        client.request("MADE-UP", "/v1/me")
        assert client.get("/metrics").status_code == 404
    figures = httpx.get(f"http://127.0.0.1:{server.metrics}/metrics", trust_env=False).text
    assert (
        'behorig_requests_total{method="GET",route="/v1/organisations/{organisation_id}",status="200"} 1.0'
        in figures
    )
    assert 'method="other"' in figures
    for secret in (NORTH, "user-1", "andersson", "USER1", "token:", "MADE-UP", "nobody"):
        assert secret not in figures, secret
    # Nothing else is answered there.
    assert httpx.get(f"http://127.0.0.1:{server.metrics}/v1/me", trust_env=False).text.startswith("# HELP")


def test_the_log_of_a_process_holds_no_secret_and_its_command_none_either(server: Server) -> None:
    text = server.country.token(NORTH_ADMINISTRATOR)
    with server.client(NORTH_ADMINISTRATOR) as client:
        client.get("/v1/accounts?search=andersson")
        client.get(f"/v1/accounts?access_token={text}")
        client.get("/v1/me", headers={"Authorization": f"Basic {text}"})
    with server.connect() as line:
        line.sendall(b"GET /v1/me HTTP/9.9 " + text.encode() + b"\r\n\r\n")
        until_closed(line)
    log = server.log.read_text()
    for secret in (text, text.split("_")[2], "andersson", "TSTNMT", "127.0.0.1:" + "1" * 9):
        assert secret not in log
    assert '"said": "Invalid HTTP request received."' in log
    assert server.process is not None
    command = Path(f"/proc/{server.process.pid}/cmdline").read_text(encoding="utf-8")
    assert "behorig_" not in command


def test_it_does_not_listen_in_the_clear_for_others(country: Country, tmp_path: Path, house: House) -> None:
    for listen in ("0.0.0.0:8443", "[::]:8443", "192.0.2.1:8443"):
        config = tmp_path / "server.toml"
        config.write_text(f'[server]\nlisten = "{listen}"\n[server.tokens]\n', encoding="utf-8")
        answer = house.run("serve", "--storage", str(country.database), BEHORIG_CONFIG=str(config))
        assert answer.code != 0
        assert "listen" in answer.talk

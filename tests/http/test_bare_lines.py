"""Attacks by bytes: against a real `behorig serve`, without nginx before it.

The attacker can open connections to a server. They need no account for most of it. What must happen: what is
too much is refused before it is read, what is ambiguous is refused and its connection closed, the server's
memory stays as it was, and everybody else is answered all the while.
"""

from __future__ import annotations

import json
import re
import select
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import NORTH, NORTH_ADMINISTRATOR
from tests.http.process import Country, Server, make_country, running, until_closed

GENEROUS = "[server.limits]\neach_second = 100000\nat_once = 100000\nseconds = 5\n"
"""Limits that none of these attacks is about, and five seconds for a request in place of thirty."""

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Country:
    return make_country(tmp_path_factory.mktemp("country"))


@pytest.fixture(scope="module")
def served(country: Country, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(country, tmp_path_factory.mktemp("served"), config=GENEROUS) as server:
        yield server


def head(server: Server, target: str, *lines: str, method: str = "POST") -> bytes:
    """Give the head of a request of Eva's, as bytes."""
    whole = (
        f"{method} {target} HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {server.country.token(NORTH_ADMINISTRATOR)}",
        *lines,
    )
    return "\r\n".join((*whole, "", "")).encode("latin-1")


JSON = "Content-Type: application/json"


def problem_in(answer: bytes) -> tuple[int, str]:
    """Give the status and the code of the one problem that came back."""
    found = re.match(rb"HTTP/1\.1 (\d{3}) .*?\r\n\r\n(\{.*\})", answer, re.DOTALL)
    assert found is not None, answer[:400]
    return int(found[1]), str(json.loads(found[2])["code"])


def others_are_answered(server: Server) -> None:
    """See that somebody else has an answer at once."""
    with server.client(NORTH_ADMINISTRATOR) as client:
        started = time.monotonic()
        assert client.get(f"/v1/organisations/{NORTH}").status_code == 200
        assert time.monotonic() - started < 3


# Large ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["/v1/changesets", "/v1/notes", "/v1/questions", "/v1/nothing", "/v1/me"])
def test_attack_a_body_of_100_megabytes_that_is_announced(served: Server, target: str) -> None:
    """The length stands in the head. It is refused by that, and not a byte of it is waited for."""
    with served.connect() as line:
        line.sendall(head(served, target, JSON, f"Content-Length: {100 * MEGABYTE}"))
        answer = until_closed(line)
    expected = {"/v1/nothing": (404, "no_such_address"), "/v1/me": (405, "no_such_method")}
    assert problem_in(answer) == expected.get(target, (413, "body_too_large"))
    assert b"connection: close" in answer.lower()


@pytest.mark.parametrize("target", ["/v1/changesets", "/v1/notes"])
def test_attack_a_body_of_100_megabytes_in_pieces(served: Server, target: str) -> None:
    """No length is told. It is refused when the limit is passed, and the memory stays flat."""
    piece = b"%x\r\n" % 65_536 + b" " * 65_536 + b"\r\n"
    before, sent, answer = served.memory(), 0, b""
    with served.connect() as line:
        line.sendall(head(served, target, JSON, "Transfer-Encoding: chunked"))
        left = b""
        while sent < 100 * MEGABYTE and not _has_come(line):
            left = left or piece
            try:
                taken = line.send(left)
            except (ConnectionResetError, BrokenPipeError):
                break
            sent, left = sent + taken, left[taken:]
        line.settimeout(20)
        try:
            answer = until_closed(line)
        except TimeoutError:
            pytest.fail("the connection is held open")
    assert sent < 30 * MEGABYTE, "most of it was taken"
    if answer:  # a client that goes on sending may lose the answer with the connection
        assert problem_in(answer) == (413, "body_too_large")
    assert served.memory() - before < 40 * MEGABYTE
    others_are_answered(served)


def _has_come(line: socket.socket) -> bool:
    """Say whether an answer, or the end of the connection, has come."""
    return bool(select.select([line], [], [], 0)[0])


def test_the_largest_changeset_that_may_be_is_read(served: Server) -> None:
    """The limit is where it is said to be: beneath it the content is looked at."""
    with served.client(NORTH_ADMINISTRATOR) as client:
        for size, status in ((7_900_000, 400), (8_100_000, 413)):
            answer = client.post(
                "/v1/changesets", content=b" " * size, headers={"Content-Type": "application/json"}
            )
            assert answer.status_code == status


DEEP = 10_000


def deep(kind: str) -> bytes:
    """Give JSON that is ten thousand deep."""
    if kind == "list":
        return b"[" * DEEP + b"]" * DEEP
    if kind == "object":
        return b'{"changes":' * DEEP + b"1" + b"}" * DEEP
    begin = b'{"id":"deep","organisation_id":"kommun-2281","changes":'
    return begin + b"[" * DEEP + b"]" * DEEP + b"}"


@pytest.mark.parametrize(
    "target", ["/v1/changesets", "/v1/changesets?dry_run=true", "/v1/questions", "/v1/notes"]
)
@pytest.mark.parametrize("kind", ["list", "object", "within"])
def test_attack_json_that_is_ten_thousand_deep(served: Server, target: str, kind: str) -> None:
    """Whoever reads it by calling itself for each level runs out of stack."""
    with served.client(NORTH_ADMINISTRATOR) as client:
        answer = client.post(target, content=deep(kind), headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (400, "form")
        # What is told of where it was wrong does not grow with it.
        assert len(answer.content) < 1500


def test_attack_ten_thousand_parameters_or_filters(served: Server) -> None:
    """Each may cost a database something; and an address that long does not come through in one piece."""
    many = "&".join(f"account_ids=u{number}" for number in range(10_000))
    with served.connect() as line:
        line.sendall(head(served, f"/v1/organisations/{NORTH}/accounts-by-id?{many}", method="GET"))
        assert until_closed(line)[:12] in (b"", b"HTTP/1.1 400", b"HTTP/1.1 414", b"HTTP/1.1 431")
    with served.client(NORTH_ADMINISTRATOR) as client:
        few = "&".join(f"account_ids=u{number}" for number in range(601))
        answer = client.get(f"/v1/organisations/{NORTH}/accounts-by-id?{few}")
        assert (answer.status_code, answer.json()["code"]) == (400, "parameters_form")
        answer = client.get(f"/v1/accounts?search={'a%20' * 450}")
        assert answer.status_code in (200, 422)
        answer = client.get(f"/v1/accounts?search={'a' * 2001}")
        assert (answer.status_code, answer.json()["code"]) == (422, "too_long")
        keys = [f"u{number}" for number in range(20_001)]
        question = {
            "kind": "accounts_by_key",
            "day": "2026-11-23",
            "organisation_id": NORTH,
            "account_ids": keys,
        }
        answer = client.post("/v1/questions", json=question)
        assert answer.status_code == 422, answer.text[:300]
        grants = [{"kind": "grant", "account_id": f"u{each}", "permission_id": "x"} for each in range(20_001)]
        answer = client.post(
            "/v1/changesets", json={"id": "many", "organisation_id": NORTH, "changes": grants}
        )
        assert answer.status_code == 422, answer.text[:300]
        assert len(answer.content) < 10_000


def test_attack_headers_without_end(served: Server) -> None:
    """One header of a megabyte, or a hundred thousand small ones: the connection ends at thirty kilobytes."""
    for begun in (b"X-Long: " + b"a" * MEGABYTE, b"".join(b"X-%d: a\r\n" % each for each in range(100_000))):
        with served.connect() as line:
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
            try:
                line.sendall(begun)
                answer = until_closed(line)
            except (ConnectionResetError, BrokenPipeError):
                answer = b""
            assert answer[:12] in (b"", b"HTTP/1.1 400", b"HTTP/1.1 431")
    others_are_answered(served)


# Slow ----------------------------------------------------------------------------------------------


def test_attack_many_slow_clients(served: Server) -> None:
    """A hundred connections that send their head, or their body, a letter at a time, for as long as they may.

    Without nginx nobody cuts a slow head, as docs/operations.md says, but no thread and no turn is held:
    it waits alone. A slow body has the time of a request, and no more.
    """
    body = head(served, "/v1/changesets", JSON, "Content-Length: 500")
    lines = [served.connect() for _ in range(100)]
    try:
        for number, line in enumerate(lines):
            line.sendall(body if number % 2 else b"GET /healthz HTTP/1.1\r\nHo")
        started = time.monotonic()
        while time.monotonic() - started < 6.5:
            for line in lines:
                try:
                    line.send(b" ")
                except OSError:
                    continue
            others_are_answered(served)
            time.sleep(0.5)
        bodies = lines[1::2]
        for line in bodies:
            line.settimeout(5)
            assert problem_in(until_closed(line)) == (503, "server_slow")
    finally:
        for line in lines:
            line.close()


# Ambiguous -----------------------------------------------------------------------------------------


SMUGGLED = b"GET /v1/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"

AMBIGUOUS = {
    "both lengths": (
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"0\r\n\r\n" + SMUGGLED,
    ),
    "two lengths": (f"Content-Length: 2\r\nContent-Length: {2 + len(SMUGGLED)}", b"{}" + SMUGGLED),
    "a list of lengths": (f"Content-Length: 2, {2 + len(SMUGGLED)}", b"{}" + SMUGGLED),
    "a length with a sign": ("Content-Length: +2", b"{}" + SMUGGLED),
    "a length below nothing": ("Content-Length: -1", b"{}" + SMUGGLED),
    "a space before the colon": (f"Content-Length : {2 + len(SMUGGLED)}", b"{}" + SMUGGLED),
    "a coding that nobody knows": ("Transfer-Encoding: xchunked", b"0\r\n\r\n" + SMUGGLED),
    "chunked twice": ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", b"0\r\n\r\n" + SMUGGLED),
    "chunked, then identity": ("Transfer-Encoding: chunked, identity", b"0\r\n\r\n" + SMUGGLED),
    "a wrong size of a piece": ("Transfer-Encoding: chunked", b"0x2\r\n{}\r\n0\r\n\r\n" + SMUGGLED),
    "a folded header": (f"X-A: b\r\n Content-Length: {len(SMUGGLED)}\r\nContent-Length: 2", b"{}"),
    "a bare line feed": ("X-A: b\nContent-Length: 500", b"{}" + SMUGGLED),
    "a zero byte": ("X-A: b\x00c", SMUGGLED),
}


@pytest.mark.parametrize("how", AMBIGUOUS)
def test_attack_a_request_inside_another(served: Server, how: str) -> None:
    """Where a proxy and the server disagree on where a request ends, its rest is taken for another person's.

    So whatever can be read in two ways is refused, and the connection closed (RFC 9112, 6 and 11.2).
    """
    lines, body = AMBIGUOUS[how]
    with served.connect() as line:
        line.sendall(head(served, "/v1/notes", JSON, lines) + body)
        line.settimeout(20)
        line.shutdown(socket.SHUT_WR)
        answer = until_closed(line)
    assert b"no_such_address" not in answer, "what was smuggled in was answered"
    assert b"HTTP/1.1 2" not in answer
    assert answer.count(b"HTTP/1.1 ") <= 1
    others_are_answered(served)


# Addresses -----------------------------------------------------------------------------------------


ODD = (
    "/v1/organisations/kommun-2281/..%2fkommun-1280",
    "/v1/organisations/%2e%2e/me",
    "/v1/organisations/../me",
    "/v1/./me",
    "//v1/me",
    "/v1//me",
    "/v1/me/",
    "/v1/me%00",
    "/v1/me%2f",
    "/v1/me;x=1",
    "/v1/%6de%20",
    "/v1/organisations/%00",
    "/v1/organisations/%c0%ae%c0%ae",
    "/v1/organisations/%c0%af",
    "/v1/organisations/%ff%fe",
    "/v1/organisations/%ed%a0%80",
    "/v1/organisations/kommun-1280%00kommun-2281",
    "/v1/organisations/kommun-1280%0d%0aX:%20y",
    "/v1/organisations/kommun-1280/accounts/%2e%2e/%2e%2e/kommun-1280/accounts",
    "/V1/me",
    "/v1/organisations/" + "a" * 5000,
    "/%2e%2e/%2e%2e/etc/passwd",
    "/../../etc/passwd",
    "/v1/accounts?%00=1",
    "/v1/accounts?search=%ff",
    "/v1/accounts?search=%c0%80",
    "/v1/accounts?limit=1&limit=2",
    "/v1/accounts?limit=999999999999999999999",
    "/v1/accounts?limit=%D9%A1",
    "/v1/accounts?day=2026-02-30",
    "/v1/accounts?organisation_id=kommun-1280",
    "http://elsewhere.example/v1/organisations/kommun-1280",
    "*",
)


@pytest.mark.parametrize("target", ODD)
def test_attack_an_address_that_means_something_else_to_somebody(served: Server, target: str) -> None:
    """Dots, doubled and coded strokes, zero bytes, overlong UTF-8: all lead to "not found" or a refusal."""
    with served.connect() as line:
        line.sendall(head(served, target, "Connection: close", method="GET"))
        answer = until_closed(line)
    status = int(answer[9:12])
    assert status in (400, 404, 414, 422), answer[:300]
    assert b"HTTP/1.1 " not in answer[9:]
    assert b"\r\nX:" not in answer
    assert b"Malm" not in answer
    assert b"root:" not in answer


def test_no_other_method_is_taken(served: Server) -> None:
    """TRACE gives headers back, CONNECT another host, OPTIONS tells pages of other origins that they may."""
    for method in ("TRACE", "OPTIONS", "PUT", "DELETE", "PATCH", "CONNECT", "get", "PROPFIND", "X" * 500):
        with served.connect() as line:
            line.sendall(head(served, "/v1/me", "Connection: close", method=method))
            answer = until_closed(line)
        assert problem_in(answer) == (405, "no_such_method"), method
        assert b"\r\nallow: GET, HEAD\r\n" in answer.lower().replace(b"get, head", b"GET, HEAD")
        assert b"access-control" not in answer.lower()


# Again ---------------------------------------------------------------------------------------------


def test_attack_a_changeset_replayed_with_another_body(country: Country, tmp_path: Path) -> None:
    """The attacker has seen a changeset of Eva's and its id on its way, and sends another content under it.

    What was written stays, the other is refused with 409, and the first sent again changes nothing.
    """
    first = {
        "id": "replayed",
        "organisation_id": NORTH,
        "changes": [{"kind": "grant", "account_id": "user-6", "permission_id": "grundskola"}],
    }
    other = {**first, "changes": [{"kind": "grant", "account_id": "user-6", "permission_id": "forskola"}]}
    noted = {**first, "note": "ett annat ord"}
    with (
        running(country.copied(tmp_path), tmp_path, config=GENEROUS) as server,
        server.client(NORTH_ADMINISTRATOR) as client,
    ):
        target = f"/v1/organisations/{NORTH}/writes"
        assert client.post("/v1/changesets", json=first).status_code == 201
        before = client.get(target).json()
        for each in (other, noted):
            answer = client.post("/v1/changesets", json=each)
            assert (answer.status_code, answer.json()["code"]) == (409, "changeset_id_reused")
        again = client.post("/v1/changesets", json=first)
        assert (again.status_code, again.json()["repeated"]) == (200, True)
        assert client.get(target).json() == before
        # Another person can not have the receipt either, nor learn whether there is one.
        keyed = client.post("/v1/changesets", json=first, headers={"Idempotency-Key": "another"})
        assert (keyed.status_code, keyed.json()["code"]) == (422, "idempotency_key")

"""docs/operations/nginx.conf, this very file, in a real nginx before two real servers.

What must differ on a machine of tests is filled in here in the open (:data:`PLACES`): where files lie, the
ports, the name, and the ten seconds that a slow client has.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import trustme

from core import changes as c
from core.queries import NewsSince
from core.wire import encode
from storage.http.client import HttpStorage
from tests.bearer import Bearer
from tests.builders import (
    NORTH,
    NORTH_ADMINISTRATOR,
    SOUTH,
    SOUTH_ADMINISTRATOR,
    SUPPORT,
    changeset,
    register,
)
from tests.http.front import hsa_id_of
from tests.http.process import Country, Server, free_port, make_country
from tests.signin.authorities import ISSUING, LONG_AFTER, LONG_BEFORE, Siths, escaped, pem, private_pem

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

CONFIGURATION = Path(__file__).parents[2] / "docs" / "operations" / "nginx.conf"
FOUND = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")

PLACES = (
    ("listen 80;", "listen 127.0.0.1:{plain};", 1),
    ("listen [::]:80;", "", 1),
    ("listen 443 ssl;", "listen 127.0.0.1:{port} ssl;", 1),
    ("listen [::]:443 ssl;", "", 1),
    ("server_name behorig.example;", "server_name localhost;", 2),
    ("/run/behorig/", "{folder}/", 2),
    ("/etc/behorig/tls/", "{folder}/", 3),
    ("/var/log/nginx/", "{folder}/", 1),
    ("client_header_timeout 10s;", "client_header_timeout 1s;", 1),
    ("client_body_timeout 10s;", "client_body_timeout 1s;", 1),
)
"""What stands in the file, what stands for it here, and how often it is there."""

AROUND = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/behorig.conf;
}}
"""
"""What a distribution's own nginx.conf has around it."""

CONFIG = """
[server.certificates]
form = "nginx"
header = "X-Client-Certificate"
peers = ["unix"]
authorities = "{authorities}"
issuers = ["{issuing}"]
"""


class Site:
    """nginx and the servers behind it."""

    def __init__(self, folder: Path, country: Country, siths: Siths) -> None:
        self.folder, self.country, self.siths = folder, country, siths
        self.port, self.plain = free_port(), free_port()
        config = CONFIG.format(authorities=siths.file, issuing=ISSUING)
        self.servers = [
            Server(country, folder, name=name, config=config, at_socket=True) for name in ("1", "2")
        ]
        self.authority = folder / "authority.pem"

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"https://localhost:{self.port}"

    def client(
        self, *, shown: Path | None = None, address: str = "127.0.0.1", token: str = ""
    ) -> httpx.Client:
        """Give a client at an address of this machine, with a card or a token or as a stranger."""
        trusted = ssl.create_default_context(cafile=str(self.authority))
        if shown is not None:
            trusted.load_cert_chain(shown)
        return httpx.Client(
            base_url=self.url,
            transport=httpx.HTTPTransport(verify=trusted, local_address=address),
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=20,
            trust_env=False,
        )

    def log(self) -> str:
        """Give what nginx has logged."""
        return (self.folder / "behorig.log").read_text(encoding="utf-8")


@contextmanager
def nginx(site: Site) -> Iterator[None]:
    """Run nginx with the file."""
    if FOUND is None:
        pytest.skip("nginx is needed (on Debian: apt-get install nginx-light)")
    text = CONFIGURATION.read_text(encoding="utf-8")
    for there, here, times in PLACES:
        assert text.count(there) == times, there
        text = text.replace(there, here.format(folder=site.folder, port=site.port, plain=site.plain))
    (site.folder / "behorig.conf").write_text(text, encoding="utf-8")
    # Where root starts it, its workers are another user, who may not open the sockets of this test.
    user = "user root;" if os.getuid() == 0 else ""
    (site.folder / "nginx.conf").write_text(AROUND.format(folder=site.folder, user=user), encoding="utf-8")
    with (site.folder / "nginx.log").open("wb") as log:
        process = subprocess.Popen(
            [FOUND, "-p", str(site.folder), "-e", "stderr", "-c", str(site.folder / "nginx.conf")],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        ends = time.monotonic() + 20
        while True:
            assert process.poll() is None, (site.folder / "nginx.log").read_text()
            try:
                socket.create_connection(("127.0.0.1", site.port), 1).close()
                break
            except OSError:
                assert time.monotonic() < ends
                time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A place with certificates and a database, where nothing runs yet."""
    siths = Siths(tmp_path_factory.mktemp("siths"))
    country = make_country(tmp_path_factory.mktemp("country"))
    # Short, for the name of a Unix socket has few letters.
    with tempfile.TemporaryDirectory(prefix="behorig-") as name:
        folder = Path(name)
        site = Site(folder, country, siths)
        authority = trustme.CA()
        own = authority.issue_cert("localhost")
        own.cert_chain_pems[0].write_to_path(folder / "server.pem")
        own.private_key_pem.write_to_path(folder / "server.key")
        authority.cert_pem.write_to_path(site.authority)
        shutil.copyfile(siths.file, folder / "authorities.pem")
        yield site


@pytest.fixture(scope="module")
def site(prepared: Site) -> Iterator[Site]:
    """The whole of it, running."""
    for server in prepared.servers:
        server.start()
    try:
        with nginx(prepared):
            yield prepared
    finally:
        for server in prepared.servers:
            server.stop()


def test_a_page_comes_over_tls(site: Site) -> None:
    with site.client(token=site.country.token(NORTH_ADMINISTRATOR)) as client:
        answer = client.get(f"/v1/organisations/{NORTH}/accounts?limit=3&search=andersson")
        assert answer.status_code == 200
        assert [row["account"]["id"] for row in answer.json()["rows"]] == ["user-1"]
        again = client.get(answer.request.url, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    # One request, one id: in the answer, the proxy's log and the server's.
    request_id = answer.headers["x-request-id"]
    assert request_id in site.log()
    assert sum(request_id in server.log.read_text() for server in site.servers) == 1
    assert "andersson" not in site.log()
    assert "behorig_" not in site.log()


def test_nothing_is_served_in_the_clear(site: Site) -> None:
    for path in ("/v1/me", "/healthz", "/"):
        answer = httpx.get(
            f"http://127.0.0.1:{site.plain}{path}", headers={"Host": "localhost"}, trust_env=False
        )
        assert (answer.status_code, answer.headers.get("location")) == (403, None)


def test_who_does_not_trust_its_authority_does_not_speak_to_it(site: Site) -> None:
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"{site.url}/healthz", trust_env=False)


def test_whether_it_is_ready_is_told_to_this_machine_only(site: Site) -> None:
    with site.client() as client, site.client(address="127.0.0.2") as outside:
        assert client.get("/readyz").json() == {"status": "ready"}
        for path in ("/readyz", "//readyz", "/%72eadyz", "/v1/../readyz", "/readyz?x=1"):
            assert outside.get(f"{site.url}{path}").status_code == 403, path
        assert outside.get("/healthz").json() == {"status": "alive"}


def person(site: Site, hsa_id: str) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Issue a certificate that holds by the clock of nginx, and by that of the servers' invented data."""
    return site.siths.issuing.person(serial_numbers=(hsa_id,), begins=LONG_BEFORE, ends=LONG_AFTER)


def card(site: Site, hsa_id: str) -> Path:
    """Give a file with a card of somebody's."""
    shown, key = person(site, hsa_id)
    file = site.folder / "card.pem"
    file.write_bytes(pem(shown) + private_pem(key))
    return file


def test_who_shows_a_card_is_let_in_by_it(site: Site) -> None:
    with site.client(shown=card(site, hsa_id_of(SOUTH_ADMINISTRATOR))) as client:
        answer = client.get("/v1/me")
        assert answer.status_code == 200, answer.text
        assert [each["organisation"]["id"] for each in answer.json()["memberships"]] == [SOUTH]


def test_attack_a_certificate_in_a_header_from_outside_is_no_certificate(site: Site) -> None:
    """The attacker has somebody's certificate, which is no secret, and not the key.

    They write it into each header that a server might read it from. It must not get past nginx.
    """
    theirs, _key = person(site, hsa_id_of(SUPPORT))
    with site.client() as client:
        for name in ("X-Client-Certificate", "x_client_certificate", "Client-Cert"):
            answer = client.get("/v1/me", headers=[(name, escaped(theirs)), (name, escaped(theirs))])
            assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in"), name
    # Nor does it change who one is.
    with site.client(shown=card(site, hsa_id_of(SOUTH_ADMINISTRATOR))) as client:
        answer = client.get("/v1/me", headers={"X-Client-Certificate": escaped(theirs)})
        assert answer.json()["hsa_id"] == hsa_id_of(SOUTH_ADMINISTRATOR)


def test_attack_a_forged_source_does_not_escape_the_limit_on_failed_sign_ins(site: Site) -> None:
    """The attacker tries tokens, and says with each try that the request comes from somewhere else."""
    codes = set()
    with site.client(address="127.0.0.3") as client:
        for number in range(80):
            forged = {
                "X-Forwarded-For": f"198.51.100.{number}",
                "Forwarded": f"for=198.51.100.{number}",
                "X-Real-IP": f"198.51.100.{number}",
                "Authorization": f"Bearer behorig_{number:016x}_{'x' * 43}",
            }
            codes.add(client.get("/v1/me", headers=forged).status_code)
    assert codes == {401, 429}
    # Somebody at another address is not held up by it.
    with site.client(address="127.0.0.4", token=site.country.token(SUPPORT)) as client:
        assert client.get("/v1/me").status_code == 200


def test_a_large_changeset_comes_through_and_a_larger_one_does_not(site: Site) -> None:
    """Twenty thousand changes are some megabytes; the server says by itself what is too much."""
    with site.client(token=site.country.token(NORTH_ADMINISTRATOR)) as client:
        large = (
            b'{"id":"large","organisation_id":"'
            + NORTH.encode()
            + b'","changes":['
            + b" " * 4_000_000
            + b"]}"
        )
        answer = client.post("/v1/changesets", content=large, headers={"Content-Type": "application/json"})
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.status_code in (400, 422)
        answer = client.post(
            "/v1/changesets", content=b" " * 9_000_000, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 413


def test_attack_a_slow_client_is_cut_by_nginx_and_never_reaches_a_server(site: Site) -> None:
    """The attacker sends a header, or a body, a letter at a time, over many connections."""
    trusted = ssl.create_default_context(cafile=str(site.authority))
    head = b"POST /v1/changesets HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    slow = {"headers": head, "body": head + b"Content-Length: 5000\r\n\r\n"}
    for name, begun in slow.items():
        with (
            socket.create_connection(("127.0.0.1", site.port), 10) as bare,
            trusted.wrap_socket(bare, server_hostname="localhost") as line,
        ):
            line.sendall(begun)
            started = time.monotonic()
            if name == "headers":
                # nginx counts to the end of the headers, however many letters come meanwhile.
                with suppress(OSError):
                    while time.monotonic() - started < 8:
                        line.sendall(b"X")
                        time.sleep(0.2)
            else:
                line.settimeout(8)
                assert line.recv(1000)[:12] in (b"", b"HTTP/1.1 408")
            assert time.monotonic() - started < 6, name


async def test_who_follows_through_it_hears_what_is_written(site: Site) -> None:
    def storage(by: object) -> HttpStorage:
        return HttpStorage(site.url, Bearer(site.country.tokens[str(by)]), authority=str(site.authority))

    reader, writer = storage("support-1"), storage("admin-1")
    told = reader.follow(NewsSince(organisation_ids=frozenset({NORTH})), SUPPORT)
    try:
        async with asyncio.timeout(20):
            assert (await anext(told)).touched == frozenset()
            wanted = changeset(NORTH, register("through", "Ny", "Nära"), id="through-nginx")
            receipt = await writer.commit(wanted, NORTH_ADMINISTRATOR, datetime.now(UTC))
            assert isinstance(receipt, c.Receipt), receipt
            news = await anext(told)
        assert [each.changeset_id for each in news.writes] == ["through-nginx"]
    finally:
        await told.aclose()
        await reader.close()
        await writer.close()


def test_one_server_may_be_stopped_or_killed_and_nobody_notices(site: Site) -> None:
    ends = (lambda server: server.stop(), lambda server: server.kill())
    with site.client(token=site.country.token(NORTH_ADMINISTRATOR)) as client:
        for number, (server, end) in enumerate(zip(site.servers, ends, strict=True)):
            seen: list[int] = []
            ending = threading.Thread(target=end, args=(server,))
            ending.start()
            while ending.is_alive() or len(seen) < 20:
                seen.append(client.get(f"/v1/organisations/{NORTH}").status_code)
                time.sleep(0.03)
            ending.join()
            assert set(seen) == {200}
            wanted = changeset(NORTH, register(f"meanwhile-{number}"), id=f"meanwhile-{number}")
            written = client.post(
                "/v1/changesets", content=encode(wanted), headers={"Content-Type": "application/json"}
            )
            assert written.status_code == 201, written.text
            server.start()
            # nginx tries it again when it has waited its two seconds; the other one is to be stopped next.
            time.sleep(2.1)


class Deaf:
    """Takes requests at a socket, and hangs up when it has read one."""

    def __init__(self, path: Path) -> None:
        self.heard: list[bytes] = []
        path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen()
        self._thread = threading.Thread(target=self._answer, daemon=True)
        self._thread.start()

    def _answer(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            with line:
                self.heard.append(line.recv(65_536))

    def close(self) -> None:
        """Stop."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


def test_what_may_have_been_written_is_not_sent_twice_by_nginx(prepared: Site) -> None:
    """A note counts each time it arrives. The client knows which of its requests may be repeated."""
    # The last test of this file: it takes the servers' places.
    for server in prepared.servers:
        if server.process is not None:
            server.stop()
    with closing(Deaf(prepared.folder / "1.sock")) as one, closing(Deaf(prepared.folder / "2.sock")) as two:
        again = Site(prepared.folder, prepared.country, prepared.siths)
        with nginx(again), again.client() as client:
            assert client.post("/v1/notes", content=b"{}").status_code == 502
            assert len(one.heard) + len(two.heard) == 1
    with closing(Deaf(prepared.folder / "1.sock")) as one, closing(Deaf(prepared.folder / "2.sock")) as two:
        again = Site(prepared.folder, prepared.country, prepared.siths)
        with nginx(again), again.client() as client:
            assert client.get("/v1/me").status_code == 502
            assert len(one.heard) + len(two.heard) == 2

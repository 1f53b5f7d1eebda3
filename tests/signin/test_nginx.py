"""Client certificates behind a real nginx, over a Unix socket."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import trustme

from storage.http.signin.certificates import CertificateSignIn
from storage.http.signin.config import CertificatesConfig
from tests.signin.asked import PERSON
from tests.signin.authorities import ISSUING, Authority, Siths, binary, escaped, pem, private_pem
from tests.signin.served import application, served

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

NOW = datetime.now(UTC)
LINES = 48
"""Lines of PEM that are put together for RFC 9440: certificates of up to 2,300 bytes."""

TEMPLATE = Path(__file__).with_name("nginx.conf")
FOUND = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


class Front:
    """nginx in front of a server: where it is, and how people come to it."""

    def __init__(self, folder: Path, siths: Siths, port: int, trusted: ssl.SSLContext) -> None:
        self.folder, self.siths, self.port = folder, siths, port
        self._trusted = trusted

    def ask(
        self,
        shown: tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None,
        *chain: x509.Certificate,
        headers: dict[str, str] | list[tuple[str, str]] | None = None,
    ) -> httpx.Response:
        """Ask who calls, with a certificate or without one."""
        if shown is not None:
            file = self.folder / "shown.pem"
            file.write_bytes(pem(shown[0], *chain) + private_pem(shown[1]))
            self._trusted.load_cert_chain(file)
        with httpx.Client(verify=self._trusted, trust_env=False, timeout=20) as client:
            return client.get(f"https://localhost:{self.port}/", headers=headers)


@pytest.fixture(scope="module")
def siths(tmp_path_factory: pytest.TempPathFactory) -> Siths:
    return Siths(tmp_path_factory.mktemp("siths"))


@contextmanager
def fronted(siths: Siths, verify: str, form: str = "nginx") -> Iterator[Front]:
    """Run nginx, and behind it a server that takes certificates from it."""
    if FOUND is None:
        pytest.skip("nginx is needed (on Debian: apt-get install nginx-light)")
    # Short, for the name of a Unix socket has few letters.
    with tempfile.TemporaryDirectory(prefix="behorig-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx's worker is another user where root starts it
        authority = trustme.CA()
        own = authority.issue_cert("localhost")
        own.cert_chain_pems[0].write_to_path(folder / "server.pem")
        own.private_key_pem.write_to_path(folder / "server.key")
        shutil.copyfile(siths.file, folder / "authorities.pem")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        numbers = range(LINES)
        text = TEMPLATE.read_text(encoding="utf-8").format(
            folder=folder,
            port=port,
            verify=verify,
            lines="~^-----BEGIN CERTIFICATE-----\\n"
            + "".join(f"(?:(?<l{number}>[A-Za-z0-9+/=]+)\\n)?" for number in numbers)
            + "-----END CERTIFICATE-----\\n?$",
            together="".join(f"$l{number}" for number in numbers),
        )
        (folder / "nginx.conf").write_text(text, encoding="utf-8")
        config = CertificatesConfig(
            form=form, peers=("unix",), authorities=str(siths.file), issuers=(ISSUING,)
        )
        with served(application((CertificateSignIn(config),)), folder / "behorig.socket"):
            (folder / "behorig.socket").chmod(0o666)
            log = (folder / "log").open("wb")
            process = subprocess.Popen(
                [FOUND, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
            try:
                _wait_for(port, process, folder)
                trusted = ssl.create_default_context()
                authority.configure_trust(trusted)
                yield Front(folder, siths, port, trusted)
            finally:
                process.terminate()
                process.wait(20)
                log.close()


def _wait_for(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    ends = time.monotonic() + 20
    while True:
        assert process.poll() is None, (folder / "log").read_text()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < ends
            time.sleep(0.02)
        else:
            return


@pytest.fixture(params=["nginx", "rfc9440"])
def front(siths: Siths, request: pytest.FixtureRequest) -> Iterator[Front]:
    """Give an nginx that lets in nobody without a certificate of the authorities."""
    with fronted(siths, "on", request.param) as found:
        yield found


@pytest.fixture(params=["nginx", "rfc9440"])
def open_front(siths: Siths, request: pytest.FixtureRequest) -> Iterator[Front]:
    """Give an nginx that asks for a certificate, and passes on whatever is shown, unchecked."""
    with fronted(siths, "optional_no_ca", request.param) as found:
        yield found


def holding(authority: Authority) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    return authority.person(begins=NOW - timedelta(days=1), ends=NOW + timedelta(days=1))


def run_out(authority: Authority) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    return authority.person(begins=NOW - timedelta(days=2), ends=NOW - timedelta(days=1))


def test_who_shows_a_good_certificate_is_let_in(front: Front) -> None:
    answer = front.ask(holding(front.siths.issuing))
    assert (answer.status_code, answer.json()) == (200, {"hsa_id": PERSON, "way": "certificate"})


def test_who_shows_none_or_a_bad_one_does_not_come_through(front: Front) -> None:
    assert front.ask(None).status_code == 400


@pytest.mark.parametrize(
    "make", [lambda siths: holding(Authority(ISSUING)), lambda siths: run_out(siths.issuing)]
)
def test_nginx_lets_no_other_authority_and_no_old_one_through(front: Front, make: object) -> None:
    assert callable(make)
    answer = front.ask(make(front.siths))
    assert answer.status_code == 400
    assert b"certificate" in answer.content


def test_a_header_from_outside_is_replaced_by_what_was_shown(front: Front) -> None:
    hers, _ = front.siths.issuing.person(
        serial_numbers=("SE5565594230-YJ54",), begins=NOW - timedelta(days=1), ends=NOW + timedelta(days=1)
    )
    forged = {"X-Client-Certificate": escaped(hers), "Client-Cert": binary(hers)}
    answer = front.ask(holding(front.siths.issuing), headers=forged)
    assert answer.json() == {"hsa_id": PERSON, "way": "certificate"}


def test_what_nginx_does_not_check_is_checked_here(open_front: Front) -> None:
    siths = open_front.siths
    hers, _ = siths.issuing.person(begins=NOW - timedelta(days=1), ends=NOW + timedelta(days=1))
    # Nobody shows anything: what came from outside is taken away, and nobody is signed in.
    for headers in (
        {"X-Client-Certificate": escaped(hers)},
        {"x-client-certificate": escaped(hers), "Client-Cert": binary(hers)},
        {"X_Client_Certificate": escaped(hers)},
    ):
        answer = open_front.ask(None, headers=headers)
        assert (answer.status_code, answer.json()) == (401, {})
    assert open_front.ask(holding(siths.issuing)).json()["hsa_id"] == PERSON
    for shown in (holding(Authority(ISSUING)), holding(siths.other_issuing)):
        answer = open_front.ask(shown)
        assert (answer.status_code, answer.json()) == (401, {"code": "certificate_wrong"})
    # An old one nginx stops in any case.
    assert open_front.ask(run_out(siths.issuing)).status_code == 400


def test_who_goes_past_the_proxy_is_refused(siths: Siths) -> None:
    """The same server on a port, where anybody may write any header."""
    config = CertificatesConfig(
        form="nginx", peers=("unix",), authorities=str(siths.file), issuers=(ISSUING,)
    )
    certificate, _ = holding(siths.issuing)
    with served(application((CertificateSignIn(config),))) as address:
        headers = {"x-client-certificate": escaped(certificate), "x-forwarded-for": "unix"}
        answer = httpx.get(address, headers=headers, trust_env=False)
        assert (answer.status_code, answer.json()) == (401, {"code": "certificate_elsewhere"})
        assert httpx.get(address, trust_env=False).json() == {}

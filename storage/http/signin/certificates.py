"""Client certificates (SITHS) that a proxy has ended, as a way to sign in.

The proxy proves that the caller holds the key; it can not prove to us that it is the proxy. So a header
with a certificate counts only from a peer that is configured, and from any other one the whole request is
refused: somebody tries, or a server stands open that should not. What the certificate says is checked here
once more, up to an authority that is configured, so that a proxy that asks for any certificate at all
(``optional_no_ca``) lets nobody in.

**Revocation** is checked here by the lists in ``revoked`` where that is configured; a list that is missing
for the issuer of somebody's certificate, or that has run out, lets nobody in. Without the setting it is
the proxy's to check, with ``ssl_crl`` or ``ssl_ocsp`` in nginx: then nothing is checked here.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from core.identity import HsaId
from core.refusal import Refusal, WrongValueError
from storage.http.callers import Call, Caller
from storage.http.signin.certificate_headers import (
    CERTIFICATE,
    CHAIN,
    Presented,
    from_nginx,
    from_rfc9440,
    has_header,
)
from storage.http.signin.config import UNIX, CertificatesConfig
from storage.http.signin.refuse import refuse

MOST_BYTES: Final = 64 * 1024 * 1024
"""A file of revocation lists that is larger is not read: it says ``certificates_unsure``."""

SHORTEST_RSA: Final = 2048
SHORTEST_EC: Final = 256
"""Bits of a person's key."""

_DEEPEST: Final = 4
"""Authorities between a person's certificate and a root."""


class CertificateSignIn:
    """Certificates from a proxy as a way to sign in (:class:`storage.http.callers.SignIn`)."""

    def __init__(self, config: CertificatesConfig) -> None:
        """Read the authorities; a file that holds no root is a :class:`core.refusal.WrongValueError`."""
        self._config = config
        self._unix = UNIX in config.peers
        self._networks = [ipaddress.ip_network(peer) for peer in config.peers if peer != UNIX]
        self._headers = (config.header.lower(),) if config.form == "nginx" else (CERTIFICATE, CHAIN)
        listed = _authorities(Path(config.authorities))
        roots = [each for each in listed if each.issuer == each.subject]
        if not roots:
            raise WrongValueError(Refusal("setting_no_root", "authorities", {"path": config.authorities}))
        self._between = [each for each in listed if each.issuer != each.subject]
        self._store = Store(roots)
        self._revoked = _RevocationLists(Path(config.revoked)) if config.revoked else None

    async def caller(self, call: Call, now: datetime) -> Caller | None:
        """Tell whose certificate the proxy has seen, ``None`` where it has seen none."""
        if not has_header(call, *self._headers):
            return None
        if not self._is_proxy(call.peer):
            raise refuse("certificate_elsewhere")
        presented = self._presented(call)
        if presented is None:
            return None
        certificate, came_with = presented
        chain = self._chain(certificate, came_with, now)
        if self._revoked is not None:
            await self._revoked.check(chain, now)
        mark = certificate.fingerprint(hashes.SHA256()).hex()[:16]
        return Caller(hsa_id=str(_person(certificate)), way="certificate", key=f"certificate:{mark}")

    def _is_proxy(self, peer: str | None) -> bool:
        if peer is None:
            return self._unix
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        # A socket for both families shows an IPv4 address inside an IPv6 one.
        mapped = getattr(address, "ipv4_mapped", None)
        return any((mapped or address) in network for network in self._networks)

    def _presented(self, call: Call) -> Presented | None:
        if self._config.form == "nginx":
            return from_nginx(call, self._headers[0])
        return from_rfc9440(call)

    def _chain(
        self, certificate: x509.Certificate, came_with: Iterable[x509.Certificate], now: datetime
    ) -> list[x509.Certificate]:
        """Give the certificates from a person's up to a root, once they hold."""
        verifier = (
            PolicyBuilder()
            .store(self._store)
            .time(now)
            .max_chain_depth(_DEEPEST)
            .extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=_of_person())
            .build_client_verifier()
        )
        try:
            chain = verifier.verify(certificate, [*self._between, *came_with]).chain
            issuer = _only_name(chain[1].subject, NameOID.COMMON_NAME)
        except (VerificationError, ValueError, x509.DuplicateExtension, IndexError):
            # The reason is for nobody outside, and its text holds what was presented.
            raise refuse("certificate_wrong") from None
        if issuer not in self._config.issuers or not _is_strong(certificate):
            raise refuse("certificate_wrong")
        return chain


def _of_person() -> ExtensionPolicy:
    """Give what a person's certificate has to say: for signing, for clients, and no authority.

    The web's own policy asks for a name of a server or an e-mail address, which SITHS need not have.
    """
    return (
        ExtensionPolicy.permit_all()
        .may_be_present(x509.BasicConstraints, Criticality.AGNOSTIC, _no_authority)
        .require_present(x509.KeyUsage, Criticality.AGNOSTIC, _signs)
        .require_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _for_clients)
    )


def _no_authority(_policy: Policy, _cert: x509.Certificate, found: x509.BasicConstraints | None) -> None:
    if found is not None and found.ca:
        raise ValueError("an authority is no person")


def _signs(_policy: Policy, _cert: x509.Certificate, found: x509.KeyUsage) -> None:
    if not found.digital_signature or found.key_cert_sign:
        raise ValueError("not for signing in")


def _for_clients(_policy: Policy, _cert: x509.Certificate, found: x509.ExtendedKeyUsage) -> None:
    if ExtendedKeyUsageOID.CLIENT_AUTH not in found:
        raise ValueError("not for clients")


def _is_strong(certificate: x509.Certificate) -> bool:
    """Say whether a person's key is long enough: the library asks that of authorities' keys only."""
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return False
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= SHORTEST_RSA
    return isinstance(key, ec.EllipticCurvePublicKey) and key.key_size >= SHORTEST_EC


def _person(certificate: x509.Certificate) -> HsaId:
    """Give the HSA-id in the subject: exactly one ``serialNumber``, in the form of one."""
    value = _only_name(certificate.subject, NameOID.SERIAL_NUMBER)
    try:
        return HsaId(value or "")
    except WrongValueError:
        raise refuse("certificate_person") from None


def _only_name(name: x509.Name, oid: x509.ObjectIdentifier) -> str | None:
    found = name.get_attributes_for_oid(oid)
    value = found[0].value if len(found) == 1 else None
    return value if isinstance(value, str) else None


def _authorities(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        raise WrongValueError(Refusal("setting_no_root", "authorities", {"path": str(path)})) from None


class _List:
    """A revocation list, as far as it is looked at; whose it is has yet to be shown."""

    def __init__(self, found: x509.CertificateRevocationList) -> None:
        self.issuer = found.issuer
        self.serials = frozenset(each.serial_number for each in found)
        self._found = found
        self._shown: dict[bytes, bool] = {}

    def holds(self, issuer: x509.Certificate, now: datetime) -> bool:
        """Say whether the list is this authority's own, and of this time."""
        until = self._found.next_update_utc
        if self.issuer != issuer.subject or until is None or not self._found.last_update_utc <= now < until:
            return False
        # A list may be large, and its signature stays what it is.
        mark = issuer.fingerprint(hashes.SHA256())
        if mark not in self._shown:
            self._shown[mark] = self._is_signed_by(issuer)
        return self._shown[mark]

    def _is_signed_by(self, issuer: x509.Certificate) -> bool:
        key = issuer.public_key()
        if not isinstance(key, (rsa.RSAPublicKey, ec.EllipticCurvePublicKey)):
            return False
        try:
            return self._found.is_signature_valid(key)
        except (InvalidSignature, ValueError, TypeError):
            return False


class _RevocationLists:
    """Revocation lists in a file, PEM one after the other or a single DER, read anew when it changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: tuple[int, int, int] | None = None
        self._lists: list[_List] = []

    async def check(self, chain: list[x509.Certificate], now: datetime) -> None:
        """Refuse a chain in which something is revoked, or where nobody knows of the person's own."""
        try:
            about = self._path.stat()
            mark = (about.st_mtime_ns, about.st_size, about.st_ino)
            if mark != self._read:
                if about.st_size > MOST_BYTES:
                    raise refuse("certificates_unsure")
                self._lists = await asyncio.to_thread(_lists_in, self._path)
                self._read = mark
        except (OSError, ValueError):
            self._read = None
            raise refuse("certificates_unsure") from None
        for place, (certificate, issuer) in enumerate(pairwise(chain)):
            known = [each for each in self._lists if each.holds(issuer, now)]
            if any(certificate.serial_number in each.serials for each in known):
                raise refuse("certificate_revoked")
            if place == 0 and not known:
                raise refuse("certificates_unsure")


_END: Final = b"-----END X509 CRL-----"


def _lists_in(path: Path) -> list[_List]:
    data = path.read_bytes()
    if _END not in data:
        return [_List(x509.load_der_x509_crl(data))]
    return [_List(x509.load_pem_x509_crl(part + _END)) for part in data.split(_END)[:-1]]

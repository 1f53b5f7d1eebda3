"""Client certificates as proxies pass them on: nginx's escaped PEM, and RFC 9440."""

from __future__ import annotations

import base64
import re
from typing import Final
from urllib.parse import unquote_to_bytes

from cryptography import x509

from storage.http.callers import Call
from storage.http.signin.refuse import refuse

LONGEST: Final = 16 * 1024
"""Bytes of a header."""

MOST_IN_CHAIN: Final = 6
"""Certificates that a chain may have beside the person's."""

_ESCAPED: Final = re.compile(rb"(?:[A-Za-z0-9._~!*'()/+=-]|%[0-9A-Fa-f]{2})+")
_PEM: Final = re.compile(
    rb"-----BEGIN CERTIFICATE-----\r?\n[A-Za-z0-9+/=\r\n]+-----END CERTIFICATE-----\r?\n?"
)
_BYTES: Final = re.compile(rb":([A-Za-z0-9+/]*={0,2}):")

# What the library says of bytes that are no certificate; binascii's own error is a ValueError.
_UNREADABLE: Final = (ValueError, x509.InvalidVersion)

CERTIFICATE: Final = "client-cert"
CHAIN: Final = "client-cert-chain"

Presented = tuple[x509.Certificate, tuple[x509.Certificate, ...]]
"""A certificate, and those that came with it."""


def from_nginx(call: Call, header: str) -> Presented | None:
    """Read ``$ssl_client_escaped_cert``: one certificate in PEM, percent-encoded.

    Raises:
        NotSignedInError: ``certificate_form``.
    """
    value = _only(call, header)
    if value is None:
        return None
    pem = unquote_to_bytes(value) if _ESCAPED.fullmatch(value) else b""
    if not _PEM.fullmatch(pem):
        raise refuse("certificate_form")
    try:
        return x509.load_pem_x509_certificate(pem), ()
    except _UNREADABLE:
        raise refuse("certificate_form") from None


def from_rfc9440(call: Call) -> Presented | None:
    """Read ``Client-Cert`` and ``Client-Cert-Chain``: bytes and a list of bytes (RFC 8941).

    Each may stand once, although a list might be spread over several headers: a proxy that takes away
    what came from outside has no reason to send two.

    Raises:
        NotSignedInError: ``certificate_form``.
    """
    value, chain = _only(call, CERTIFICATE), _only(call, CHAIN)
    if value is None:
        if chain is not None:
            raise refuse("certificate_form")
        return None
    members = [] if chain is None else chain.split(b",")
    if len(members) > MOST_IN_CHAIN:
        raise refuse("certificate_form")
    return _certificate(value), tuple(_certificate(each) for each in members)


def has_header(call: Call, *names: str) -> bool:
    """Say whether a request has one of some headers."""
    wanted = {name.encode("ascii") for name in names}
    return any(name in wanted for name, _ in call.headers)


def _only(call: Call, header: str) -> bytes | None:
    values = list(call.values(header))
    if len(values) > 1 or any(len(value) > LONGEST for value in values):
        raise refuse("certificate_form")
    return values[0].strip(b" \t") if values else None


def _certificate(value: bytes) -> x509.Certificate:
    found = _BYTES.fullmatch(value.strip(b" \t"))
    if found is None:
        raise refuse("certificate_form")
    try:
        return x509.load_der_x509_certificate(base64.b64decode(found[1], validate=True))
    except _UNREADABLE:
        raise refuse("certificate_form") from None

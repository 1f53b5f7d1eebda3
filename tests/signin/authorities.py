"""Certification authorities and people's certificates, in the shape of SITHS, made for a test."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.signin.asked import NOW, PERSON

ISSUING = "Test Person HSA-id 3 CA v1"
OTHER_ISSUING = "Test Function CA v1"

# nginx goes by the clock of the machine, whatever that is.
LONG_BEFORE, LONG_AFTER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)


def name(common_name: str, *more: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, "SE"), (NameOID.COMMON_NAME, common_name), *more]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])


def usage(**on: bool) -> x509.KeyUsage:
    parts = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
        "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{part: on.get(part, False) for part in parts})


class Authority:
    """A root, or an authority below another one."""

    def __init__(
        self, common_name: str, above: Authority | None = None, *, is_ca: bool = True, signs: bool = True
    ) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = name(common_name)
        self.above = above
        public = self.key.public_key()
        issuer, key = (self.name, self.key) if above is None else (above.name, above.key)
        builder = (
            x509.CertificateBuilder()
            .subject_name(self.name)
            .issuer_name(issuer)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(LONG_BEFORE)
            .not_valid_after(LONG_AFTER)
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
            .add_extension(usage(key_cert_sign=signs, crl_sign=True, digital_signature=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
            )
        )
        self.certificate = builder.sign(key, hashes.SHA256())

    def person(
        self,
        *,
        serial_numbers: Sequence[str] = (PERSON,),
        begins: datetime = NOW - timedelta(days=10),
        ends: datetime = NOW + timedelta(days=10),
        key_usage: x509.KeyUsage | None = None,
        extended: Sequence[x509.ObjectIdentifier] | None = (ExtendedKeyUsageOID.CLIENT_AUTH,),
        is_ca: bool | None = None,
        more: Sequence[tuple[x509.ExtensionType, bool]] = (),
        key: Any = None,
    ) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        """Issue a person's certificate, as good as the arguments let it be."""
        private = key or ec.generate_private_key(ec.SECP256R1())
        subject = name("Anna Andersson", *((NameOID.SERIAL_NUMBER, each) for each in serial_numbers))
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(private.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
        )
        wanted = usage(digital_signature=True) if key_usage is None else key_usage
        builder = builder.add_extension(wanted, critical=True)
        if extended is not None:
            builder = builder.add_extension(x509.ExtendedKeyUsage(extended), critical=False)
        if is_ca is not None:
            builder = builder.add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        for extension, critical in more:
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign(self.key, hashes.SHA256()), private

    def revoked(
        self, *certificates: x509.Certificate, made: datetime = NOW - timedelta(hours=1),
        ends: datetime = NOW + timedelta(hours=1), key: Any = None,
    ) -> bytes:  # fmt: skip
        """Give a revocation list, PEM."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.name)
        builder = builder.last_update(made).next_update(ends)
        for each in certificates:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(each.serial_number)
                .revocation_date(made)
                .build()
            )
        return builder.sign(key or self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(each.public_bytes(serialization.Encoding.PEM) for each in certificates)


def private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def escaped(certificate: x509.Certificate) -> str:
    """Write a certificate as nginx's ``$ssl_client_escaped_cert``."""
    return quote(pem(certificate).decode(), safe="")


def binary(certificate: x509.Certificate) -> str:
    """Write a certificate as RFC 9440 does."""
    data = certificate.public_bytes(serialization.Encoding.DER)
    return f":{base64.b64encode(data).decode()}:"


class Siths:
    """A root with two issuing authorities, in a file for the server."""

    def __init__(self, folder: Path) -> None:
        self.root = Authority("Test Root CA v2")
        self.issuing = Authority(ISSUING, self.root)
        self.other_issuing = Authority(OTHER_ISSUING, self.root)
        self.file = folder / "authorities.pem"
        self.file.write_bytes(
            pem(self.root.certificate, self.issuing.certificate, self.other_issuing.certificate)
        )

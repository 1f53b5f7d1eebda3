"""Client certificates from a proxy: whom the header comes from, what it holds, and who vouches for it."""

from __future__ import annotations

import base64
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from core.refusal import WrongValueError
from storage.http.callers import Call, NotSignedInError
from storage.http.signin.certificates import CertificateSignIn
from storage.http.signin.config import CertificatesConfig
from storage.http.signin.ways import who_calls
from tests.signin.asked import NOW, PERSON, call, let_in, refused
from tests.signin.authorities import ISSUING, OTHER_ISSUING, Authority, Siths, binary, escaped, pem, usage

HEADER = "x-client-certificate"


@pytest.fixture(scope="module")
def siths(tmp_path_factory: pytest.TempPathFactory) -> Siths:
    return Siths(tmp_path_factory.mktemp("siths"))


def config(siths: Siths, **more: Any) -> CertificatesConfig:
    good: dict[str, Any] = {
        "form": "nginx",
        "peers": ("unix", "192.0.2.0/24", "2001:db8::1"),
        "authorities": str(siths.file),
        "issuers": (ISSUING,),
    }
    return CertificatesConfig(**(good | more))


def way(siths: Siths, **more: Any) -> CertificateSignIn:
    return CertificateSignIn(config(siths, **more))


def nginx(certificate: x509.Certificate, peer: str | None = None) -> Call:
    return call((HEADER, escaped(certificate)), peer=peer)


def rfc9440(certificate: x509.Certificate, *chain: x509.Certificate, peer: str | None = None) -> Call:
    headers = [("client-cert", binary(certificate))]
    if chain:
        headers.append(("client-cert-chain", ", ".join(map(binary, chain))))
    return call(*headers, peer=peer)


# Whom it comes from ---------------------------------------------------------------------------


@pytest.mark.parametrize("peer", [None, "192.0.2.1", "192.0.2.255", "::ffff:192.0.2.1", "2001:db8::1"])
async def test_a_certificate_counts_from_the_proxy(siths: Siths, peer: str | None) -> None:
    certificate, _ = siths.issuing.person()
    caller = await let_in(way(siths), nginx(certificate, peer))
    assert (caller.hsa_id, caller.way) == (PERSON, "certificate")
    assert PERSON not in caller.key
    assert (await let_in(way(siths, form="rfc9440"), rfc9440(certificate, peer=peer))).hsa_id == PERSON


@pytest.mark.parametrize(
    "peer", ["192.0.3.1", "127.0.0.1", "::1", "2001:db8::2", "unix", "", "nonsense", "::ffff:192.0.3.1"]
)
async def test_a_header_from_anybody_else_refuses_the_whole_request(siths: Siths, peer: str) -> None:
    certificate, _ = siths.issuing.person()
    assert (await refused(way(siths), nginx(certificate, peer))).code == "certificate_elsewhere"
    form = way(siths, form="rfc9440")
    assert (await refused(form, rfc9440(certificate, peer=peer))).code == "certificate_elsewhere"
    for header in ((HEADER, ""), (HEADER, "x")):
        assert (await refused(way(siths), call(header, peer=peer))).code == "certificate_elsewhere"
    only_chain = call(("client-cert-chain", binary(certificate)), peer=peer)
    assert (await refused(form, only_chain)).code == "certificate_elsewhere"
    assert await way(siths).caller(call(peer=peer), NOW) is None


async def test_a_unix_socket_counts_only_where_it_is_listed(siths: Siths) -> None:
    certificate, _ = siths.issuing.person()
    assert (
        await refused(way(siths, peers=("192.0.2.1",)), nginx(certificate))
    ).code == "certificate_elsewhere"


async def test_another_form_is_never_guessed(siths: Siths) -> None:
    certificate, _ = siths.issuing.person()
    assert await way(siths).caller(rfc9440(certificate), NOW) is None
    assert await way(siths, form="rfc9440").caller(nginx(certificate), NOW) is None
    assert (
        await refused(way(siths), call((HEADER, binary(certificate)), peer=None))
    ).code == "certificate_form"
    crossed = call(("client-cert", escaped(certificate)), peer=None)
    assert (await refused(way(siths, form="rfc9440"), crossed)).code == "certificate_form"


async def test_the_header_can_have_another_name(siths: Siths) -> None:
    certificate, _ = siths.issuing.person()
    other = way(siths, header="X-SSL-Cert")
    assert (await let_in(other, call(("x-ssl-cert", escaped(certificate)), peer=None))).hsa_id == PERSON
    assert await other.caller(nginx(certificate), NOW) is None


# What it holds --------------------------------------------------------------------------------


async def test_a_header_that_stands_twice_is_refused(siths: Siths) -> None:
    certificate, _ = siths.issuing.person()
    for value in (escaped(certificate), ""):
        twice = call((HEADER, escaped(certificate)), (HEADER, value), peer=None)
        assert (await refused(way(siths), twice)).code == "certificate_form"
    form = way(siths, form="rfc9440")
    twice = call(("client-cert", binary(certificate)), ("client-cert", binary(certificate)), peer=None)
    assert (await refused(form, twice)).code == "certificate_form"
    chain = ("client-cert-chain", binary(siths.issuing.certificate))
    assert (
        await refused(form, call(("client-cert", binary(certificate)), chain, chain, peer=None))
    ).code == "certificate_form"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: "x",
        lambda text: "%",
        lambda text: "%0",
        lambda text: text[:-40],
        lambda text: text + text,
        lambda text: "junk" + text,
        lambda text: text.replace("%0A", "\n"),
        lambda text: text.replace("CERTIFICATE", "PRIVATE%20KEY"),
        lambda text: text.replace("CERTIFICATE", "TRUSTED%20CERTIFICATE"),
        lambda text: text.replace("MII", "AII", 1),
        lambda text: text + "%00",
        lambda text: "a" * 20_000,
    ],
)
async def test_what_is_no_single_escaped_certificate_is_refused(siths: Siths, change: Any) -> None:
    certificate, _ = siths.issuing.person()
    request = call((HEADER, change(escaped(certificate))), peer=None)
    assert (await refused(way(siths), request)).code == "certificate_form"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: text.strip(":"),
        lambda text: text + ";a=1",
        lambda text: text + ", " + text,
        lambda text: f'"{text}"',
        lambda text: text.replace(":", "%3A"),
        lambda text: ":" + "A" * 7 + ":",
        lambda text: "::",
        lambda text: text[:50] + ":",
        lambda text: text[:50] + " " + text[50:],
        lambda text: ":" + "A" * 20_000 + ":",
    ],
)
async def test_what_is_no_byte_sequence_is_refused(siths: Siths, change: Any) -> None:
    certificate, _ = siths.issuing.person()
    form = way(siths, form="rfc9440")
    assert (
        await refused(form, call(("client-cert", change(binary(certificate))), peer=None))
    ).code == "certificate_form"


async def test_the_chain_of_rfc9440_is_used_and_bounded(siths: Siths, tmp_path: Path) -> None:
    certificate, _ = siths.issuing.person()
    roots = tmp_path / "roots.pem"
    roots.write_bytes(pem(siths.root.certificate))
    form = way(siths, form="rfc9440", authorities=str(roots))
    assert (await refused(form, rfc9440(certificate))).code == "certificate_wrong"
    with_chain = rfc9440(certificate, siths.issuing.certificate, siths.root.certificate)
    assert (await let_in(form, with_chain)).hsa_id == PERSON
    long = rfc9440(certificate, *[siths.issuing.certificate] * 7)
    assert (await refused(form, long)).code == "certificate_form"
    alone = call(("client-cert-chain", binary(certificate)), peer=None)
    assert (await refused(form, alone)).code == "certificate_form"
    for chain in ("", ",", binary(certificate) + ",", "x"):
        request = call(("client-cert", binary(certificate)), ("client-cert-chain", chain), peer=None)
        assert (await refused(form, request)).code == "certificate_form"


async def test_a_chain_that_the_caller_brings_adds_no_authority(siths: Siths) -> None:
    own_root = Authority("Test Root CA v2")
    own = Authority(ISSUING, own_root)
    certificate, _ = own.person()
    request = rfc9440(certificate, own.certificate, own_root.certificate)
    assert (await refused(way(siths, form="rfc9440"), request)).code == "certificate_wrong"


# Who vouches for it ---------------------------------------------------------------------------


def expired(siths: Siths) -> x509.Certificate:
    return siths.issuing.person(ends=NOW - timedelta(seconds=1))[0]


def not_yet(siths: Siths) -> x509.Certificate:
    return siths.issuing.person(begins=NOW + timedelta(seconds=2))[0]


def of_another_authority(siths: Siths) -> x509.Certificate:
    return Authority(ISSUING).person()[0]


def of_an_authority_that_is_not_listed(siths: Siths) -> x509.Certificate:
    return siths.other_issuing.person()[0]


def of_the_root_itself(siths: Siths) -> x509.Certificate:
    return siths.root.person()[0]


def by_itself(siths: Siths) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    alone = Authority(ISSUING)
    alone.key = key
    return alone.person(key=key)[0]


def by_a_person(siths: Siths) -> x509.Certificate:
    """Somebody issues a certificate with the own one, which is no authority's."""
    certificate, key = siths.issuing.person()
    forger = Authority(ISSUING)
    forger.name, forger.key, forger.certificate = certificate.subject, key, certificate
    return forger.person()[0]


def an_authority(siths: Siths) -> x509.Certificate:
    return siths.issuing.person(is_ca=True, key_usage=usage(digital_signature=True, key_cert_sign=True))[0]


def only_constrained_as_one(siths: Siths) -> x509.Certificate:
    return siths.issuing.person(is_ca=True)[0]


def that_may_not_sign(siths: Siths) -> x509.Certificate:
    return siths.issuing.person(key_usage=usage(key_encipherment=True))[0]


def for_signing_letters(siths: Siths) -> x509.Certificate:
    return siths.issuing.person(key_usage=usage(content_commitment=True))[0]


def of_a_server(siths: Siths) -> x509.Certificate:
    return siths.issuing.person(extended=(ExtendedKeyUsageOID.SERVER_AUTH,))[0]


def for_anything(siths: Siths) -> x509.Certificate:
    return siths.issuing.person(extended=(ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,))[0]


def for_nothing_said(siths: Siths) -> x509.Certificate:
    return siths.issuing.person(extended=None)[0]


def with_something_critical(siths: Siths) -> x509.Certificate:
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.752.999.1"), b"\x05\x00")
    return siths.issuing.person(more=((unknown, True),))[0]


def with_a_weak_key(siths: Siths) -> x509.Certificate:
    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505 - it is to be refused
    return siths.issuing.person(key=weak)[0]


@pytest.mark.parametrize(
    "make",
    [
        expired, not_yet, of_another_authority, of_an_authority_that_is_not_listed, of_the_root_itself,
        by_itself, by_a_person, an_authority, only_constrained_as_one, that_may_not_sign,
        for_signing_letters, of_a_server, for_anything, for_nothing_said, with_something_critical,
        with_a_weak_key,
    ],
)  # fmt: skip
async def test_a_certificate_that_does_not_hold_is_refused(siths: Siths, make: Any) -> None:
    certificate = make(siths)
    assert (await refused(way(siths), nginx(certificate))).code == "certificate_wrong"
    with_chain = rfc9440(certificate, siths.issuing.certificate, siths.other_issuing.certificate)
    assert (await refused(way(siths, form="rfc9440"), with_chain)).code == "certificate_wrong"


async def test_a_changed_certificate_is_refused(siths: Siths) -> None:
    certificate, _ = siths.issuing.person()
    data = bytearray(certificate.public_bytes(serialization.Encoding.DER))
    place = data.index(PERSON.encode())
    data[place : place + len(PERSON)] = b"SE5565594230-1338"
    changed = x509.load_der_x509_certificate(bytes(data))
    assert (await refused(way(siths), nginx(changed))).code == "certificate_wrong"


# The library will refuse such certificates by itself one day, and says so meanwhile.
@pytest.mark.filterwarnings("ignore:Parsed a serial number which wasn't positive")
async def test_damaged_bytes_are_refused_whatever_they_are(siths: Siths) -> None:
    """Each change of a good certificate is refused in so many words, and none of them is an error of ours."""
    chance = random.Random(2026)
    certificate, _ = siths.issuing.person()
    good = certificate.public_bytes(serialization.Encoding.DER)
    form = way(siths, form="rfc9440")
    version = good.index(b"\xa0\x03\x02\x01\x02") + 4
    for number in range(1500):
        data = bytearray(good)
        place = version if number < 20 else chance.randrange(len(data))
        match number % 3:
            case 0:
                data[place] ^= 1 << chance.randrange(8)
            case 1:
                data[place] = (data[place] + chance.randrange(1, 256)) % 256
            case _:
                del data[place : place + chance.randrange(1, 4)]
        value = f":{base64.b64encode(data).decode()}:"
        answer = await refused(form, call(("client-cert", value), peer=None))
        assert answer.code in ("certificate_form", "certificate_wrong"), number


async def test_what_siths_has_besides_is_let_be(siths: Siths) -> None:
    more: list[tuple[x509.ExtensionType, bool]] = [
        (x509.SubjectAlternativeName([x509.RFC822Name("anna@kommun.example")]), False),
        (
            x509.CertificatePolicies(
                [x509.PolicyInformation(x509.ObjectIdentifier("1.2.752.74.8.503"), None)]
            ),
            False,
        ),
        (x509.BasicConstraints(ca=False, path_length=None), False),
    ]
    purposes = (ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SMARTCARD_LOGON)
    certificate, _ = siths.issuing.person(
        more=more, extended=purposes, key=rsa.generate_private_key(65537, 2048)
    )
    assert (await let_in(way(siths), nginx(certificate))).hsa_id == PERSON
    listed = way(siths, issuers=(OTHER_ISSUING, ISSUING))
    assert (await let_in(listed, nginx(siths.other_issuing.person()[0]))).hsa_id == PERSON


@pytest.mark.parametrize(
    "numbers",
    [(), ("",), ("191212121212",), (PERSON, PERSON), (PERSON, "SE5565594230-YJ54"), ("SE5565594231-1337",)],
)
async def test_the_subject_holds_one_hsa_id(siths: Siths, numbers: tuple[str, ...]) -> None:
    if "" in numbers:
        numbers = (" ",)
    certificate, _ = siths.issuing.person(serial_numbers=numbers)
    assert (await refused(way(siths), nginx(certificate))).code == "certificate_person"


# Revocation -----------------------------------------------------------------------------------


async def test_a_revoked_certificate_is_refused_from_when_the_list_says_so(
    siths: Siths, tmp_path: Path
) -> None:
    good, bad = siths.issuing.person()[0], siths.issuing.person()[0]
    lists = tmp_path / "lists.pem"
    lists.write_bytes(siths.issuing.revoked())
    checking = way(siths, revoked=str(lists))
    await let_in(checking, nginx(bad))
    new = tmp_path / "new.pem"
    new.write_bytes(siths.root.revoked() + siths.issuing.revoked(bad))
    new.replace(lists)
    assert (await refused(checking, nginx(bad))).code == "certificate_revoked"
    await let_in(checking, nginx(good))
    # An authority that its root has revoked takes everybody along.
    new.write_bytes(siths.issuing.revoked() + siths.root.revoked(siths.issuing.certificate))
    new.replace(lists)
    assert (await refused(checking, nginx(good))).code == "certificate_revoked"
    one = x509.load_pem_x509_crl(siths.issuing.revoked(good))
    new.write_bytes(one.public_bytes(serialization.Encoding.DER))
    new.replace(lists)
    assert (await refused(checking, nginx(good))).code == "certificate_revoked"


async def test_where_nobody_knows_nobody_is_let_in(siths: Siths, tmp_path: Path) -> None:
    certificate, _ = siths.issuing.person()
    lists = tmp_path / "lists.pem"
    forged = Authority(ISSUING).revoked()
    for content in (
        siths.other_issuing.revoked(),
        siths.issuing.revoked(ends=NOW - timedelta(seconds=1), made=NOW - timedelta(days=1)),
        siths.issuing.revoked(made=NOW + timedelta(hours=1), ends=NOW + timedelta(hours=2)),
        forged,
        b"",
        b"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n",
    ):
        lists.write_bytes(content)
        checking = way(siths, revoked=str(lists))
        assert (await refused(checking, nginx(certificate))).code == "certificates_unsure"
    lists.write_bytes(siths.issuing.revoked())
    checking = way(siths, revoked=str(lists))
    await let_in(checking, nginx(certificate))
    late = NOW + timedelta(hours=2)
    assert (await refused(checking, nginx(certificate), late)).code == "certificates_unsure"
    lists.unlink()
    assert (await refused(checking, nginx(certificate))).code == "certificates_unsure"


# The configuration, and ways together ---------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"form": "apache"}, "setting_choice"),
        ({"form": ""}, "setting_choice"),
        ({"peers": ()}, "setting_empty"),
        ({"issuers": ()}, "setting_empty"),
        ({"peers": ("0.0.0.0/0",)}, "setting_peer"),
        ({"peers": ("::/0",)}, "setting_peer"),
        ({"peers": ("proxy.example",)}, "setting_peer"),
        ({"peers": ("192.0.2.1/24",)}, "setting_peer"),
        ({"header": "x_client"}, "setting_header"),
        ({"header": "x client"}, "setting_header"),
        ({"header": ""}, "setting_header"),
        ({"authorities": "/nowhere/a.pem"}, "setting_file"),
        ({"revoked": "/nowhere/a.pem"}, "setting_file"),
    ],
)
def test_a_configuration_that_would_trust_too_many_cannot_be_made(
    siths: Siths, change: dict[str, Any], code: str
) -> None:
    with pytest.raises(WrongValueError) as caught:
        config(siths, **change)
    assert caught.value.refusal.code == code


def test_authorities_without_a_root_are_refused(siths: Siths, tmp_path: Path) -> None:
    file = tmp_path / "authorities.pem"
    for content in (b"", b"text", pem(siths.issuing.certificate)):
        file.write_bytes(content)
        with pytest.raises(WrongValueError) as caught:
            way(siths, authorities=str(file))
        assert caught.value.refusal.code == "setting_no_root"


async def test_two_ways_that_vouch_for_two_people_are_one_too_many(siths: Siths) -> None:
    mine, hers = (siths.issuing.person(serial_numbers=(each,))[0] for each in (PERSON, "SE5565594230-YJ54"))
    both = (way(siths), way(siths, form="rfc9440"))
    same = call((HEADER, escaped(mine)), ("client-cert", binary(mine)), peer=None)
    caller = await who_calls(both, same, NOW)
    assert caller is not None
    assert caller.hsa_id == PERSON
    assert await who_calls(both, call(peer=None), NOW) is None
    other = call((HEADER, escaped(mine)), ("client-cert", binary(hers)), peer=None)
    with pytest.raises(NotSignedInError) as caught:
        await who_calls(both, other, NOW)
    assert caught.value.refusal.code == "credentials_differ"
    # What one way accepts does not help where another refuses.
    with pytest.raises(NotSignedInError):
        await who_calls(both, call((HEADER, escaped(mine)), ("client-cert", "x"), peer=None), NOW)

"""Attacks on who calls: over the whole path of a request, with the real ways to sign in.

What the attacker has differs from test to test and stands there. What must happen is always the same: the
server goes by what somebody else vouches for, at this very request, and by nothing that the request says of
itself.
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core import changes as c
from core.directory import AUTHORITY, INSTALLATION, Actor, Role
from core.identity import Id
from core.wire import encode
from storage.http.routes import (
    ACCOUNT_HEADER,
    CHANGESETS,
    ME,
    NOTES,
    ORGANISATION_HEADER,
    QUESTIONS,
    ROLE_HEADER,
)
from storage.http.server.limits import Limits, Rate, networks
from storage.http.signin.certificates import CertificateSignIn
from storage.http.signin.config import CertificatesConfig, OidcConfig
from storage.http.signin.issuer_keys import IssuerKeys
from storage.http.signin.oidc import OidcSignIn
from storage.http.signin.tokens import TokenSignIn
from storage.sql.storage import SqlStorage
from tests.builders import (
    NORTH,
    NORTH_ADMINISTRATOR,
    NORTH_USER,
    NOW,
    PRESCHOOL,
    RETIRED,
    SCHOOL,
    SOUTH_ADMINISTRATOR,
    SUPPORT,
    actor,
    changeset,
    deregister,
    register,
)
from tests.http.front import Answer, Front, Headers, front, hsa_id_of
from tests.http.process import token_for
from tests.signin.asked import assert_silent
from tests.signin.authorities import ISSUING, Siths, escaped
from tests.signin.issuer import AUDIENCE, EC_ONE, ISSUER, RSA_ONE, RSA_TWO, Issuer, public, token
from tests.signin.test_oidc import by_hand, unsigned

SECOND_SUPPORT = actor(AUTHORITY, "support-2", Role.SUPPORT, "Sten Stöd")
SOCKET = None
"""The peer over a Unix socket."""


class Guarded:
    """A server that lets in by tokens, an issuer and certificates."""

    def __init__(self, server: Front, siths: Siths) -> None:
        self.server = server
        self.siths = siths
        assert isinstance(server.remote.backing, SqlStorage)
        self.storage = server.remote.backing
        self.issuer = Issuer()
        config = CertificatesConfig(
            form="nginx", peers=("unix",), authorities=str(siths.file), issuers=(ISSUING,)
        )
        server.remote.served.ways = [
            TokenSignIn(self.storage.tokens()),
            OidcSignIn(
                OidcConfig(issuer=ISSUER, audience=AUDIENCE, client_id="behorig-terminal"),
                IssuerKeys(ISSUER, transport=self.issuer.transport, clock=lambda: 1000.0),
            ),
            CertificateSignIn(config),
        ]

    async def with_bearer(self, text: str, target: str = ME, *, more: Headers = ()) -> Answer:
        """Ask with a bearer token."""
        return await self.server.ask(
            None, "GET", target, headers=[("authorization", f"Bearer {text}"), *more]
        )

    async def with_headers(
        self, *headers: tuple[str, str], peer: tuple[str, int] | None = ("192.0.2.7", 4711)
    ) -> Answer:
        """Ask with headers, over a connection of somebody's."""
        return await self.server.ask(None, "GET", ME, headers=headers, peer=peer)

    def certificate_of(self, by: Actor) -> str:
        """Give somebody's certificate as nginx passes it on. It is no secret: each card shows its own."""
        found, _key = self.siths.issuing.person(serial_numbers=(hsa_id_of(by),))
        return escaped(found)


@pytest.fixture(scope="module")
def siths(tmp_path_factory: pytest.TempPathFactory) -> Siths:
    return Siths(tmp_path_factory.mktemp("siths"))


@asynccontextmanager
async def guarding(folder: Path, siths: Siths, limits: Limits | None = None) -> AsyncGenerator[Guarded]:
    opened = front(folder) if limits is None else front(folder, limits)
    async with opened as server:
        yield Guarded(server, siths)


@pytest.fixture
async def guarded(folder: Path, siths: Siths) -> AsyncGenerator[Guarded]:
    async with guarding(folder, siths) as found:
        yield found


# An actor in the content -----------------------------------------------------------------------------


CLAIMS = (
    {"actor": {"account_id": "support-1", "organisation_id": AUTHORITY, "role": "support"}},
    {"actor_id": "support-1", "actor_organisation_id": AUTHORITY},
    {"role": "support"},
    {"by": "support-1"},
    {"caller": "TSTNMT2321000156-SUPPORT1"},
    {"at": "2020-01-01T00:00:00Z"},
    {"scope": {"organisation_id": None}},
    {"installation": True},
)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: next(iter(claim)))
async def test_attack_an_actor_in_the_body(server: Front, claim: dict[str, Any]) -> None:
    """The attacker is a user, and writes into the content of a request that they are somebody else.

    Content that says more than there is to say is refused whole, and nothing is written.
    """
    change = json.loads(encode(changeset(NORTH, register("smuggled"), id="smuggled")))
    within = {**change, "changes": [{**change["changes"][0], **claim}]}
    question = {"kind": "accounts", "day": "2026-11-23"}
    note = {"kind": "card_seen", "organisation_id": NORTH, "account_id": "user-1"}
    tried = (
        (CHANGESETS, {**change, **claim}),
        (CHANGESETS, within),
        (f"{CHANGESETS}?dry_run=true", {**change, **claim}),
        (QUESTIONS, {**question, **claim}),
        (NOTES, {**note, **claim}),
    )
    for by in (NORTH_USER, NORTH_ADMINISTRATOR):
        for target, content in tried:
            if target == QUESTIONS and next(iter(claim)) == "role":
                continue  # a question may be about the administrators: it narrows
            answer = await server.ask(by, "POST", target, body=json.dumps(content).encode())
            assert answer.told() == (400, "form"), (target, content)
    writes = await server.ask(NORTH_ADMINISTRATOR, "GET", f"/v1/organisations/{NORTH}/writes?limit=1")
    assert b"smuggled" not in writes.body


async def test_attack_headers_that_name_another_actor_can_only_narrow(server: Front) -> None:
    """The attacker is support, an administrator or a user, and names the installation itself, or a twin."""
    own = {ORGANISATION_HEADER: NORTH, ACCOUNT_HEADER: "admin-1", ROLE_HEADER: "administrator"}
    target = f"/v1/organisations/{NORTH}"
    assert (await server.ask(NORTH_ADMINISTRATOR, "GET", target, headers=own.items())).status == 200
    for name, value in (
        (ACCOUNT_HEADER, INSTALLATION.account_id),
        (ORGANISATION_HEADER, INSTALLATION.organisation_id or "x"),
        (ROLE_HEADER, "installation"),
        (ROLE_HEADER, "support"),
        (ROLE_HEADER, "user"),
        (ACCOUNT_HEADER, "admin-2"),
        (ORGANISATION_HEADER, AUTHORITY),
        (ACCOUNT_HEADER, ""),
    ):
        answer = await server.ask(NORTH_ADMINISTRATOR, "GET", target, headers={**own, name: value}.items())
        assert answer.told() == (403, "actor_gone"), (name, value)
        twice = await server.ask(NORTH_ADMINISTRATOR, "GET", target, headers=[*own.items(), (name, value)])
        assert twice.told() == (400, "header_twice"), name
    # What only the installation may do, support may not either, whatever it calls itself.
    founding = encode(changeset(NORTH, c.AppointSupport(account_id=Id("user-1")), id="found"))
    for headers in ((), [(ROLE_HEADER, "installation")]):
        answer = await server.ask(NORTH_ADMINISTRATOR, "POST", CHANGESETS, headers=headers, body=founding)
        assert answer.status in (403, 422), answer


async def test_attack_an_account_with_the_id_of_the_installation(server: Front) -> None:
    """The attacker registers a person under the installation's own id, to sign in as that."""
    wanted = changeset(NORTH, register(INSTALLATION.account_id, hsa="TSTNMT2321000156-ROOT"), id="twin")
    written = await server.ask(NORTH_ADMINISTRATOR, "POST", CHANGESETS, body=encode(wanted))
    assert written.told() == (409, "id_taken")


# Tokens of our own -----------------------------------------------------------------------------------


async def test_attack_the_token_of_somebody_who_left(guarded: Guarded) -> None:
    """The attacker has left, their account is deregistered, and the token in their file still holds."""
    text = await token_for(guarded.storage, NORTH_USER, now=NOW)
    target = f"/v1/organisations/{NORTH}/accounts/user-1"
    assert (await guarded.with_bearer(text, target)).status == 200
    gone = changeset(NORTH, deregister("user-1", 1, [SCHOOL, PRESCHOOL, RETIRED]), id="gone")
    receipt = await guarded.storage.commit(gone, NORTH_ADMINISTRATOR, NOW)
    assert isinstance(receipt, c.Receipt), receipt
    assert (await guarded.with_bearer(text, target)).told() == (403, "no_account")
    assert (await guarded.with_bearer(text)).json()["memberships"] == []
    for name, value in ((ORGANISATION_HEADER, NORTH), (ACCOUNT_HEADER, "user-1"), (ROLE_HEADER, "user")):
        answer = await guarded.with_bearer(text, target, more=[(name, value)])
        assert answer.status == 403


async def test_attack_a_token_that_was_revoked_has_ended_or_is_guessed(guarded: Guarded) -> None:
    """The attacker found an old token in a backup, or knows a token's id and guesses the rest."""
    revoked = await token_for(guarded.storage, SUPPORT, now=NOW, revoked=True)
    ended = await token_for(guarded.storage, SUPPORT, now=NOW - timedelta(days=9), days=1)
    good = await token_for(guarded.storage, SUPPORT, now=NOW)
    assert (await guarded.with_bearer(good)).status == 200
    guessed = good[:-1] + ("A" if good[-1] != "A" else "B")
    unknown = f"behorig_{'0' * 16}_{'x' * 43}"
    for text, code in (
        (revoked, "token_revoked"),
        (ended, "token_expired"),
        (guessed, "token_wrong"),
        (unknown, "token_wrong"),
        (good.upper(), "access_token_wrong"),
        (good + "A", "token_wrong"),
        (good[:40], "token_wrong"),
    ):
        answer = await guarded.with_bearer(text)
        assert answer.told() == (401, code)
        assert answer.one("www-authenticate") == 'Bearer realm="behorig"'
        assert_silent(answer.body.decode() + guarded.server.remote.log.getvalue(), [text, good])
    twice = [("authorization", f"Bearer {good}")] * 2
    assert (await guarded.with_headers(*twice)).told() == (401, "credential_form")


async def test_attack_the_token_of_support_that_was_dismissed(guarded: Guarded) -> None:
    """The attacker was support until a moment ago, and their program still takes them for it."""
    text = await token_for(guarded.storage, SECOND_SUPPORT, now=NOW)
    target, as_support = f"/v1/organisations/{NORTH}/accounts/user-1", [(ROLE_HEADER, "support")]
    assert (await guarded.with_bearer(text, target, more=as_support)).status == 200
    dismissed = changeset(AUTHORITY, c.DismissSupport(account_id=Id("support-2")), id="dismissed")
    assert isinstance(await guarded.storage.commit(dismissed, SUPPORT, NOW), c.Receipt)
    assert (await guarded.with_bearer(text, target, more=as_support)).told() == (403, "actor_gone")
    # As what they are now they see themselves, and in Sundsvall what they see of a place that is not.
    here = await guarded.with_bearer(text, f"/v1/organisations/{NORTH}/accounts/user-1")
    nowhere = await guarded.with_bearer(text, "/v1/organisations/kommun-9998/accounts/user-1")
    assert here.told() == nowhere.told() == (404, "not_found")
    assert (await guarded.with_bearer(text, "/v1/organisations")).told() == (403, "not_your_role")


# Access tokens of an issuer --------------------------------------------------------------------------


def signed(**more: Any) -> str:
    """Give an access token of Eva's, as good as the arguments let it be."""
    key = more.pop("key", RSA_ONE)
    return token(key, **{"employeeHsaId": hsa_id_of(NORTH_ADMINISTRATOR), **more})


def _claims() -> dict[str, Any]:
    payload = signed().split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return found


def _pem() -> bytes:
    return bytes(RSA_ONE.as_pem(private=False))


FORGED: dict[str, Callable[[], str]] = {
    "expired": lambda: signed(exp=int(NOW.timestamp()) - 3600),
    "for another audience": lambda: signed(aud="https://payroll.example"),
    "of another issuer": lambda: signed(iss="https://evil.example"),
    "without an end": lambda: signed(exp=None),
    "without a person": lambda: signed(employeeHsaId=None),
    "an id token": lambda: signed(nonce="n", aud="behorig-terminal"),
    "alg none": lambda: unsigned({"alg": "none", "typ": "at+jwt"}, _claims()),
    "alg None with a key's name": lambda: unsigned({"alg": "None", "typ": "at+jwt", "kid": "one"}, _claims()),
    "a good head, no signature": lambda: signed().rpartition(".")[0] + ".",
    "HS256 with the public key as PEM": lambda: by_hand(
        _pem(), {"alg": "HS256", "typ": "at+jwt", "kid": "one"}, _claims()
    ),
    "HS256 with the public key as JSON": lambda: by_hand(
        json.dumps(public(RSA_ONE)).encode(), {"alg": "HS256", "typ": "at+jwt", "kid": "one"}, _claims()
    ),
    "signed by a key of the attacker's own": lambda: signed(key=RSA_TWO),
    "that brings its own key": lambda: signed(key=RSA_TWO, header={"jwk": public(RSA_TWO), "kid": "one"}),
    "that says where its key is": lambda: signed(key=RSA_TWO, header={"jku": "https://evil.example/jwks"}),
    "with another person's claims": lambda: ".".join(
        (
            signed().split(".")[0],
            signed(employeeHsaId=hsa_id_of(SUPPORT)).split(".")[1],
            signed().split(".")[2],
        )
    ),
    "twice as long as can be": lambda: signed(filler="x" * 9000),
}


@pytest.mark.parametrize("how", FORGED)
async def test_attack_a_forged_access_token(guarded: Guarded, how: str) -> None:
    """The attacker knows all that is public, the issuer's keys too, and has tokens of other services."""
    assert (await guarded.with_bearer(signed())).json()["hsa_id"] == hsa_id_of(NORTH_ADMINISTRATOR)
    assert (await guarded.with_bearer(signed(key=EC_ONE, algorithm="ES256"))).status == 200
    text = FORGED[how]()
    answer = await guarded.with_bearer(text)
    assert answer.status == 401, answer
    assert answer.told()[1] in (
        "access_token_wrong",
        "access_token_expired",
        "access_token_person",
        "credential_form",
    ), answer
    log = guarded.server.remote.log.getvalue()
    assert_silent(answer.body.decode() + log, text.split("."))
    assert hsa_id_of(NORTH_ADMINISTRATOR) not in log


async def test_when_the_issuer_is_away_it_is_not_the_callers_fault(guarded: Guarded) -> None:
    """A client that is told 401 throws its login away, and one that tries often is taken for an attacker."""
    guarded.issuer.away = True
    for _ in range(3):
        answer = await guarded.with_bearer(signed())
        assert answer.told() == (503, "issuer_away")
        assert int(answer.one("retry-after")) >= 1
        assert answer.all("www-authenticate") == []


# Headers of proxies ----------------------------------------------------------------------------------


async def test_attack_a_clients_certificate_in_a_header_past_the_proxy(guarded: Guarded) -> None:
    """The attacker can reach the server's port, has support's certificate, and plays nginx."""
    theirs = ("x-client-certificate", guarded.certificate_of(SUPPORT))
    assert (await guarded.with_headers(theirs, peer=SOCKET)).json()["hsa_id"] == hsa_id_of(SUPPORT)
    told = (("x-forwarded-for", "unix"), ("forwarded", "for=unix"), ("x-real-ip", "127.0.0.1"))
    for more in ((), told):
        answer = await guarded.with_headers(theirs, *more)
        assert answer.told() == (401, "certificate_elsewhere")
    # Over the socket it is one certificate or none, and one person whatever else is brought.
    mine = ("x-client-certificate", guarded.certificate_of(SOUTH_ADMINISTRATOR))
    assert (await guarded.with_headers(theirs, mine, peer=SOCKET)).status == 401
    text = await token_for(guarded.storage, SOUTH_ADMINISTRATOR, now=NOW)
    both = await guarded.with_headers(theirs, ("authorization", f"Bearer {text}"), peer=SOCKET)
    assert both.told() == (401, "credentials_differ")


FEW = Limits(
    caller=Rate(each_second=0.001, at_once=1000),
    source=Rate(each_second=0.001, at_once=12),
    stranger=Rate(each_second=0.001, at_once=5),
)


@pytest.mark.parametrize("name", ["x-forwarded-for", "forwarded", "x-real-ip", "x-client-ip", "via"])
async def test_attack_a_forged_source_to_escape_the_limits(folder: Path, siths: Siths, name: str) -> None:
    """The attacker guesses tokens from one address, and says each time that it is another."""
    async with guarding(folder, siths, FEW) as guarded:
        guarded.server.remote.served.trusted = networks(["10.0.0.0/8"])
        answers = [
            await guarded.with_headers((name, f"198.51.100.{number}"), ("authorization", "Bearer x.y.z"))
            for number in range(20)
        ]
        statuses = [each.status for each in answers]
        assert statuses[:5] == [401] * 5
        assert set(statuses[5:]) == {429}
        assert int(answers[-1].one("retry-after")) >= 1


async def test_attack_more_than_one_forwarded_address_before_a_proxy_that_adds_its_own(
    folder: Path, siths: Siths
) -> None:
    """Behind a proxy that adds to what came: only the last address, which the proxy wrote, counts."""
    async with guarding(folder, siths, FEW) as guarded:
        guarded.server.remote.served.trusted = networks(["10.0.0.0/8"])
        proxy = ("10.0.0.1", 1)
        for number in range(12):
            forged: Headers = (("x-forwarded-for", f"198.51.100.{number}, 203.0.113.9"),)
            if number % 2:
                forged = (("x-forwarded-for", f"198.51.100.{number}"), ("x-forwarded-for", "203.0.113.9"))
            await guarded.with_headers(*forged, peer=proxy)
        answer = await guarded.with_headers(("x-forwarded-for", "203.0.113.9"), peer=proxy)
        assert answer.told() == (429, "too_many_requests")
        other = await guarded.with_headers(("x-forwarded-for", "203.0.113.10"), peer=proxy)
        assert other.told() == (401, "not_signed_in")


async def test_a_request_id_from_outside_is_not_written_into_the_log(guarded: Guarded) -> None:
    """The attacker wants to hide in the log, or to write lines of their own into it."""
    for forged in ("abc", 'x"}\n{"event":"request"', "../../etc", "a" * 500):
        value = forged.replace("\n", "\t")
        answer = await guarded.with_headers(("x-request-id", value))
        assert answer.one("x-request-id") != value
        assert value not in guarded.server.remote.log.getvalue()

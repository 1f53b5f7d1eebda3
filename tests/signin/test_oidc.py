"""Access tokens of an issuer: good ones are let in, and each known way to forge one is tried."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import warnings
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import example, given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey, OKPKey, RSAKey

from core.refusal import WrongValueError
from storage.http.callers import NotSignedInError
from storage.http.signin.config import ALGORITHMS, OidcConfig
from storage.http.signin.document import PATH, SignInDocument
from storage.http.signin.issuer_keys import BETWEEN, FRESH, MOST_KEYS, OLDEST, IssuerKeys
from storage.http.signin.oidc import OidcSignIn
from storage.http.signin.web import AwayError, http_client, json_of
from tests.signin.asked import NOW, PERSON, call, let_in, refused, with_bearer
from tests.signin.issuer import (
    AUDIENCE,
    CLIENT,
    EC_ONE,
    ISSUER,
    RSA_ONE,
    RSA_TWO,
    Issuer,
    claims,
    public,
    token,
)
from tests.signin.served import application, served

CONFIG = OidcConfig(issuer=ISSUER, audience=AUDIENCE, client_id=CLIENT)
LEEWAY = CONFIG.leeway_seconds


class Setting:
    """A validator, its issuer, and a clock that a test moves."""

    def __init__(self, config: OidcConfig = CONFIG) -> None:
        self.issuer = Issuer()
        self.seconds = 1000.0
        self.keys = IssuerKeys(config.issuer, transport=self.issuer.transport, clock=lambda: self.seconds)
        self.way = OidcSignIn(config, self.keys)


@pytest.fixture
def setting() -> Setting:
    return Setting()


def encoded(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unsigned(header: Any, payload: Any, signature: bytes = b"") -> str:
    return f"{encoded(header)}.{encoded(payload)}.{encoded(signature)}"


def by_hand(key: bytes, header: dict[str, Any], payload: dict[str, Any]) -> str:
    """Sign with HMAC, as an attacker does who has only public things."""
    text = f"{encoded(header)}.{encoded(payload)}"
    return f"{text}.{encoded(hmac.new(key, text.encode(), hashlib.sha256).digest())}"


@pytest.mark.parametrize(
    "make",
    [
        token,
        lambda: token(EC_ONE, algorithm="ES256"),
        lambda: token(algorithm="PS256"),
        lambda: token(header={"typ": "JWT"}),
        lambda: token(header={"typ": "application/at+jwt"}),
        lambda: token(header={"x5t": "thumb", "unknown": "passed over"}),
        lambda: token(aud=["https://elsewhere.example", AUDIENCE]),
        lambda: token(nbf=int(NOW.timestamp()) + LEEWAY - 1),
        lambda: token(exp=int(NOW.timestamp()) - LEEWAY + 1),
        lambda: token(iat=None),
        lambda: token(exp=NOW.timestamp() + 0.5),
        # Keycloak tells the kind in a claim as well.
        lambda: token(typ="Bearer"),
    ],
)
async def test_a_good_token_lets_in_whom_it_is_about(setting: Setting, make: Callable[[], str]) -> None:
    caller = await let_in(setting.way, with_bearer(make()))
    assert (caller.hsa_id, caller.way) == (PERSON, "oidc")
    assert PERSON not in caller.key
    assert "subject-1" not in caller.key


async def test_one_person_has_one_key_and_another_has_another(setting: Setting) -> None:
    first = await let_in(setting.way, with_bearer(token()))
    again = await let_in(setting.way, with_bearer(token(iat=int(NOW.timestamp()) - 9)))
    other = await let_in(setting.way, with_bearer(token(sub="subject-2")))
    assert first.key == again.key != other.key


async def test_what_is_of_another_way_is_left_alone(setting: Setting) -> None:
    assert await setting.way.caller(call(), NOW) is None
    assert await setting.way.caller(with_bearer("behorig_0011223344556677_x"), NOW) is None
    assert setting.issuer.asked == []


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"exp": None}, "exp"),
        ({"exp": "tomorrow"}, "exp"),
        ({"exp": True}, "exp"),
        ({"exp": 1e300}, "exp"),
        ({"exp": -1}, "exp"),
        ({"nbf": int(NOW.timestamp()) + LEEWAY + 2}, "nbf"),
        ({"nbf": "x"}, "nbf"),
        ({"iat": int(NOW.timestamp()) + 3600}, "iat"),
        ({"aud": "https://elsewhere.example"}, "audience"),
        ({"aud": None}, "audience"),
        ({"aud": []}, "audience"),
        ({"aud": {AUDIENCE: 1}}, "audience"),
        ({"aud": AUDIENCE + "/"}, "audience"),
        ({"iss": "https://evil.example"}, "issuer"),
        ({"iss": ISSUER + "/"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"iss": [ISSUER]}, "issuer"),
        # Tokens of other kinds, which the issuer has signed as well.
        ({"nonce": "n"}, "type"),
        ({"at_hash": "h"}, "type"),
        ({"events": {"http://schemas.openid.net/event/backchannel-logout": {}}}, "type"),
        ({"typ": "ID"}, "type"),
        ({"typ": "Refresh"}, "type"),
    ],
)
async def test_what_is_claimed_is_checked(setting: Setting, changed: dict[str, Any], reason: str) -> None:
    refusal = await refused(setting.way, with_bearer(token(**changed)))
    assert (refusal.code, refusal.params) == ("access_token_wrong", {"reason": reason})


async def test_an_expired_token_is_told_to_be_expired(setting: Setting) -> None:
    late = token(exp=int(NOW.timestamp()) - LEEWAY)
    assert (await refused(setting.way, with_bearer(late))).code == "access_token_expired"
    good = token()
    after = NOW + timedelta(hours=1)
    assert (await refused(setting.way, with_bearer(good), after)).code == "access_token_expired"


@pytest.mark.parametrize(
    "value", [None, "", "anna", "SE5565594230", "SE5565594231-1337", 1337, [PERSON], {"id": PERSON}]
)
async def test_a_claim_that_is_no_hsa_id_names_nobody(setting: Setting, value: Any) -> None:
    refusal = await refused(setting.way, with_bearer(token(employeeHsaId=value)))
    assert (refusal.code, refusal.params) == ("access_token_person", {"claim": "employeeHsaId"})


async def test_the_claim_can_be_another_one() -> None:
    config = msgspec.structs.replace(CONFIG, hsa_id_claim="hsaid")
    setting = Setting(config)
    assert (await let_in(setting.way, with_bearer(token(hsaid=PERSON, employeeHsaId=None)))).hsa_id == PERSON
    assert (await refused(setting.way, with_bearer(token()))).code == "access_token_person"


async def test_no_algorithm_at_all_is_refused(setting: Setting) -> None:
    for name in ("none", "None", "NONE", "nOnE", "", None):
        forged = unsigned({"alg": name, "typ": "at+jwt", "kid": "one"}, claims())
        assert (await refused(setting.way, with_bearer(forged))).params == {"reason": "algorithm"}
    assert setting.issuer.asked == []


async def test_the_public_key_is_no_secret_to_sign_with(setting: Setting) -> None:
    """HS256 with the public key as the secret: the key in every form in which it may be taken for one."""
    pem = RSA_ONE.as_pem(private=False)
    der = RSA_ONE.public_key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    secrets = [pem, pem.strip(), der, json.dumps(public(RSA_ONE)).encode(), public(RSA_ONE)["n"].encode()]
    for secret in secrets:
        forged = by_hand(secret, {"alg": "HS256", "typ": "at+jwt", "kid": "one"}, claims())
        assert (await refused(setting.way, with_bearer(forged))).params == {"reason": "algorithm"}
        # The same signature under the name of an algorithm that is allowed.
        forged = by_hand(secret, {"alg": "RS256", "typ": "at+jwt", "kid": "one"}, claims())
        assert (await refused(setting.way, with_bearer(forged))).params == {"reason": "signature"}


async def test_a_secret_key_that_an_issuer_publishes_is_never_used(setting: Setting) -> None:
    secret = OctKey.generate_key(256, parameters={"kid": "shared", "alg": "RS256"})
    setting.issuer.keys.append(dict(secret.as_dict()))
    forged = by_hand(secret.raw_value, {"alg": "RS256", "typ": "at+jwt", "kid": "shared"}, claims())
    assert (await refused(setting.way, with_bearer(forged))).params == {"reason": "key"}


async def test_a_key_that_a_token_brings_itself_is_not_followed(setting: Setting) -> None:
    own = RSAKey.generate_key(2048, parameters={"kid": "one"})
    for header in (
        {"jwk": public(own)},
        {"jku": "https://evil.example/jwks"},
        {"x5u": "https://evil.example/chain"},
        {"x5c": [encoded(b"certificate")]},
    ):
        refusal = await refused(setting.way, with_bearer(token(own, header={"kid": "one", **header})))
        assert refusal.params["reason"] in ("signature", "form")
    assert {path for path, _ in setting.issuer.asked} == {"/.well-known/openid-configuration", "/jwks"}


@pytest.mark.parametrize(
    "kid",
    [
        "../../../../dev/null",
        "/dev/null",
        "one' OR '1'='1",
        "one\x00",
        "ONE",
        "http://evil.example",
        "one ",
        "å",
    ],
)
async def test_a_key_id_is_compared_and_nothing_else(setting: Setting, kid: str) -> None:
    forged = by_hand(b"", {"alg": "RS256", "typ": "at+jwt", "kid": kid}, claims())
    assert (await refused(setting.way, with_bearer(forged))).params == {"reason": "key"}


@pytest.mark.parametrize("kid", ["", "k" * 257, 1, ["one"], {"kid": "one"}, True])
async def test_a_key_id_that_is_none_is_refused_unseen(setting: Setting, kid: Any) -> None:
    forged = unsigned({"alg": "RS256", "typ": "at+jwt", "kid": kid}, claims(), b"x" * 256)
    assert (await refused(setting.way, with_bearer(forged))).params == {"reason": "key"}
    assert setting.issuer.asked == []


async def test_a_key_of_another_kind_is_not_the_key(setting: Setting) -> None:
    """The id of a key of one kind with an algorithm of the other, and of another curve."""
    for header in ({"alg": "ES256", "kid": "one"}, {"alg": "RS256", "kid": "ec"}):
        forged = unsigned({"typ": "at+jwt", **header}, claims(), b"x" * 64)
        assert (await refused(setting.way, with_bearer(forged))).params == {"reason": "key"}
    wide = Setting(msgspec.structs.replace(CONFIG, algorithms=ALGORITHMS))
    forged = unsigned({"typ": "at+jwt", "alg": "ES384", "kid": "ec"}, claims(), b"x" * 96)
    assert (await refused(wide.way, with_bearer(forged))).params == {"reason": "key"}


async def test_an_algorithm_that_is_not_configured_is_refused_though_it_is_known() -> None:
    setting = Setting(msgspec.structs.replace(CONFIG, algorithms=("ES256",)))
    assert (await refused(setting.way, with_bearer(token()))).params == {"reason": "algorithm"}
    await let_in(setting.way, with_bearer(token(EC_ONE, algorithm="ES256")))


async def test_ed25519_can_be_allowed() -> None:
    setting = Setting(msgspec.structs.replace(CONFIG, algorithms=("Ed25519",)))
    key = OKPKey.generate_key("Ed25519", parameters={"kid": "ed"})
    setting.issuer.keys.append(public(key))
    assert (await let_in(setting.way, with_bearer(token(key, algorithm="Ed25519")))).hsa_id == PERSON


async def test_a_key_that_is_declared_for_something_else_is_not_the_key(setting: Setting) -> None:
    for other in (
        {"use": "enc"},
        {"key_ops": ["encrypt"]},
        {"alg": "PS512"},
        {"kid": 5},
        {"n": "AQAB"},
        {"kty": "oct"},
    ):
        fresh = Setting()
        fresh.issuer.keys = [{**public(RSA_ONE), **other}, public(EC_ONE)]
        assert (await refused(fresh.way, with_bearer(token()))).params == {"reason": "key"}, other
    setting.issuer.keys = [public(RSA_ONE), {**public(RSA_TWO), "kid": "one"}]
    assert (await refused(setting.way, with_bearer(token()))).params == {"reason": "key"}


async def test_a_token_without_a_key_id_is_of_the_only_key_there_is(setting: Setting) -> None:
    await let_in(setting.way, with_bearer(token(header={"kid": None})))
    setting.issuer.keys.append(public(RSA_TWO))
    setting.seconds += OLDEST
    refusal = await refused(setting.way, with_bearer(token(header={"kid": None})))
    assert refusal.params == {"reason": "key"}


@pytest.mark.parametrize(
    "kind", [None, "", "JOSE", "dpop+jwt", "logout+jwt", "secevent+jwt", "at+jwt ", 5, ["JWT"]]
)
async def test_another_kind_of_token_is_refused(setting: Setting, kind: Any) -> None:
    header = {"alg": "RS256", "typ": kind, "kid": "one"}
    forged = unsigned({name: value for name, value in header.items() if value is not None}, claims(), b"x")
    assert (await refused(setting.way, with_bearer(forged))).params == {"reason": "type"}


@pytest.mark.parametrize(
    "header", [{"crit": ["exp"], "exp": 1}, {"crit": []}, {"b64": False, "crit": ["b64"]}, {"b64": True}]
)
async def test_what_is_critical_is_refused(setting: Setting, header: dict[str, Any]) -> None:
    forged = unsigned({"alg": "RS256", "typ": "at+jwt", "kid": "one", **header}, claims(), b"x" * 256)
    assert (await refused(setting.way, with_bearer(forged))).params == {"reason": "header"}


@pytest.mark.parametrize(
    "text",
    [
        "a", "a.b", "a.b.c", "..", "a.b.c.d", "a.b.c.d.e", ".".join(["e30"] * 3),
        unsigned([], {}), unsigned(b"\xff", {}), unsigned("text", {}), unsigned(5, {}),
        unsigned(b'{"alg":"RS256","typ":"at+jwt","kid":"one","alg":"none"}', {}),
        unsigned(b"[" * 4000, {}), unsigned(b'{"a":' * 1000, {}),
    ],
)  # fmt: skip
async def test_what_is_no_token_is_refused_unseen(setting: Setting, text: str) -> None:
    assert (await refused(setting.way, with_bearer(text))).code == "access_token_wrong"
    assert setting.issuer.asked == []


async def test_a_payload_that_is_no_object_is_refused(setting: Setting) -> None:
    header = {"alg": "RS256", "typ": "at+jwt", "kid": "one"}
    good = json.dumps(claims())
    for payload in ("[]", "5", "", good[:-1] + f', "employeeHsaId": "{PERSON}"}}', "[" * 3000):
        signed = jws.serialize_compact(header, payload, RSA_ONE, algorithms=["RS256"])
        assert (await refused(setting.way, with_bearer(signed))).params == {"reason": "form"}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(header=st.dictionaries(st.sampled_from(["alg", "typ", "kid", "crit", "jwk", "x"]), _JSON))
def test_any_header_is_refused_in_a_word(header: dict[str, Any]) -> None:
    setting = Setting()
    good = {"alg": "RS256", "typ": "at+jwt", "kid": "one"}
    for whole in (header, good | header):
        forged = unsigned(whole, claims(), b"x" * 256)
        if len(forged) < 8000:
            asyncio.run(refused(setting.way, with_bearer(forged)))


_CLAIMS = ("iss", "aud", "sub", "exp", "nbf", "iat", "typ", "employeeHsaId", "client_id")


@given(changed=st.dictionaries(st.sampled_from(_CLAIMS), _JSON))
@example(changed={"sub": "\ud800"})
def test_whatever_an_issuer_signs_is_let_in_or_refused_in_a_word(changed: dict[str, Any]) -> None:
    setting = Setting()
    signed = jws.serialize_compact(
        {"alg": "ES256", "typ": "at+jwt", "kid": "ec"}, json.dumps(claims() | changed), EC_ONE
    )
    try:
        caller = asyncio.run(setting.way.caller(with_bearer(signed), NOW))
    except NotSignedInError:
        return
    assert caller is not None
    assert caller.hsa_id == PERSON


async def test_a_changed_token_is_refused(setting: Setting) -> None:
    head, payload, signature = token().split(".")
    other = token(RSA_TWO, header={"kid": "one"})
    changed = encoded(claims(employeeHsaId="SE5565594230-YJ54"))
    for text in (
        f"{head}.{changed}.{signature}",
        other,
        f"{head}.{payload}.",
        f"{head}.{payload}.{signature[:-4]}",
    ):
        assert (await refused(setting.way, with_bearer(text))).params["reason"] in ("signature", "form")


async def test_a_huge_token_is_refused_before_anybody_looks_at_it(setting: Setting) -> None:
    huge = token(padding="x" * 8000)
    assert len(huge) > 8192
    assert (await refused(setting.way, with_bearer(huge))).code == "credential_form"
    assert (await refused(setting.way, with_bearer("x" * 50_000_000))).code == "credential_form"
    assert setting.issuer.asked == []


# The issuer's keys ----------------------------------------------------------------------------


async def test_keys_are_asked_for_once_and_then_kept(setting: Setting) -> None:
    for _ in range(5):
        await let_in(setting.way, with_bearer(token()))
    assert [path for path, _ in setting.issuer.asked] == ["/.well-known/openid-configuration", "/jwks"]


async def test_a_flood_of_unknown_key_ids_asks_the_issuer_no_more_than_twice_a_minute(
    setting: Setting,
) -> None:
    await let_in(setting.way, with_bearer(token()))
    for number in range(200):
        forged = token(RSA_TWO, header={"kid": f"unknown-{number}"})
        assert (await refused(setting.way, with_bearer(forged))).params == {"reason": "key"}
        setting.seconds += 0.3
    assert 2 <= setting.keys.attempts <= 1 + 60 / BETWEEN
    await let_in(setting.way, with_bearer(token()))


async def test_a_rotated_key_is_found_by_its_id(setting: Setting) -> None:
    await let_in(setting.way, with_bearer(token()))
    setting.issuer.keys = [public(RSA_TWO)]
    setting.seconds += BETWEEN
    await let_in(setting.way, with_bearer(token(RSA_TWO)))
    # What the issuer has taken away is good for nothing.
    assert (await refused(setting.way, with_bearer(token()))).params == {"reason": "key"}


async def test_a_key_that_is_taken_away_is_used_until_the_keys_are_asked_for_again(setting: Setting) -> None:
    await let_in(setting.way, with_bearer(token()))
    setting.issuer.keys = [public(RSA_TWO)]
    setting.seconds += FRESH + 1
    # This one goes on with the old keys, and the new ones are fetched beside it.
    await let_in(setting.way, with_bearer(token()))
    await let_in(setting.way, with_bearer(token(RSA_TWO)))
    assert (await refused(setting.way, with_bearer(token()))).params == {"reason": "key"}
    await setting.keys.close()


async def test_an_issuer_that_is_away_stops_nobody_until_its_keys_are_too_old(setting: Setting) -> None:
    await let_in(setting.way, with_bearer(token()))
    setting.issuer.away = True
    for _ in range(3):
        setting.seconds += OLDEST / 4
        await let_in(setting.way, with_bearer(token()))
    # A key that we can not have heard of: it is nobody's fault here.
    assert (await refused(setting.way, with_bearer(token(RSA_TWO)))).code == "issuer_away"
    setting.seconds += OLDEST
    assert (await refused(setting.way, with_bearer(token()))).code == "issuer_away"
    before = setting.keys.attempts
    assert (await refused(setting.way, with_bearer(token()))).code == "issuer_away"
    assert setting.keys.attempts == before
    setting.issuer.away = False
    setting.seconds += BETWEEN
    await let_in(setting.way, with_bearer(token()))
    await setting.keys.close()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"issuer": "https://evil.example"}, "other_issuer"),
        ({"issuer": ISSUER + "/"}, "other_issuer"),
        ({"jwks_uri": "http://issuer.example/jwks"}, "no_jwks_uri"),
        ({"jwks_uri": "file:///etc/passwd"}, "no_jwks_uri"),
        ({"jwks_uri": "https://user@issuer.example/jwks"}, "no_jwks_uri"),
        ({"jwks_uri": 5}, "no_jwks_uri"),
    ],
)
async def test_what_an_issuer_says_of_itself_has_to_be_so(
    setting: Setting, change: dict[str, Any], fault: str
) -> None:
    setting.issuer.discovery |= change
    assert (await refused(setting.way, with_bearer(token()))).code == "issuer_away"
    assert setting.keys.last_fault == fault
    assert setting.issuer.count("/jwks") == 0


@pytest.mark.parametrize(
    ("path", "document", "fault"),
    [
        ("/jwks", b"x" * 300_000, "too_large"),
        ("/.well-known/openid-configuration", b"{" + b" " * 300_000 + b"}", "too_large"),
        ("/jwks", b"[]", "no_object"),
        ("/jwks", b"<html>", "no_json"),
        ("/jwks", b"[" * 100_000, "no_json"),
        ("/jwks", (500, {"keys": [public(RSA_ONE)]}), "no_keys"),
        ("/jwks", (302, {}), "no_keys"),
        ("/jwks", (200, {"keys": [public(RSA_ONE)] * (MOST_KEYS + 1)}), "no_keys"),
        ("/jwks", (200, {"keys": {}}), "no_keys"),
        ("/jwks", (200, {"keys": []}), "no_keys"),
        (
            "/jwks",
            (200, {"keys": [None, 5, {"kty": "RSA"}, {"kty": "EC", "crv": "P-256", "x": "", "y": ""}]}),
            "no_keys",
        ),
    ],
)
async def test_a_document_that_is_too_large_or_none_gives_no_keys(
    setting: Setting, path: str, document: Any, fault: str
) -> None:
    setting.issuer.documents[path] = document
    assert (await refused(setting.way, with_bearer(token()))).code == "issuer_away"
    assert setting.keys.last_fault == fault


async def test_a_weak_key_of_the_issuer_is_not_the_key(setting: Setting) -> None:
    numbers = rsa.generate_private_key(65537, 1024).public_key().public_numbers()  # noqa: S505 - to be refused
    n = encoded(numbers.n.to_bytes(128, "big"))
    weak = {"kty": "RSA", "kid": "weak", "n": n, "e": "AQAB"}
    setting.issuer.keys.append(weak)
    with warnings.catch_warnings():
        # The library warns of such a key, and goes on.
        warnings.simplefilter("ignore")
        assert await setting.keys.find("weak", "RS256") is None
    assert await setting.keys.find("one", "RS256") is not None


async def test_a_document_is_never_looked_for_elsewhere(setting: Setting) -> None:
    asked: list[str] = []

    def elsewhere(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        if request.url.host == "issuer.example":
            return httpx.Response(302, headers={"location": "https://evil.example/"}, json={})
        return httpx.Response(200, json=setting.issuer.discovery)

    keys = IssuerKeys(ISSUER, transport=httpx.MockTransport(elsewhere))
    assert (await refused(OidcSignIn(CONFIG, keys), with_bearer(token()))).code == "issuer_away"
    assert asked == [f"{ISSUER}/.well-known/openid-configuration"]


async def test_a_proxy_is_configured_and_not_taken_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
        monkeypatch.setenv(name.lower(), "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with served(application((), SignInDocument(ways=("token",)))) as address:
        async with http_client() as client:
            assert await json_of(client, "GET", address + PATH) == (200, {"ways": ["token"]})
        async with http_client(proxy="http://127.0.0.1:1") as client:
            with pytest.raises(AwayError):
                await json_of(client, "GET", address + PATH)


async def test_a_packed_document_is_not_unpacked(setting: Setting) -> None:
    def packed(request: httpx.Request) -> httpx.Response:
        assert request.headers["accept-encoding"] == "identity"
        return httpx.Response(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(b"\x1f\x8b"))

    keys = IssuerKeys(ISSUER, transport=httpx.MockTransport(packed))
    assert (await refused(OidcSignIn(CONFIG, keys), with_bearer(token()))).code == "issuer_away"
    assert keys.last_fault == "packed"


# The configuration ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"issuer": "http://issuer.example"}, "setting_https"),
        ({"issuer": "https://"}, "setting_https"),
        ({"issuer": "https://issuer.example?x=1"}, "setting_https"),
        ({"issuer": "http://127.0.0.1.evil.example"}, "setting_https"),
        ({"audience": ""}, "setting_empty"),
        ({"audience": CLIENT}, "setting_audience"),
        ({"algorithms": ()}, "setting_algorithm"),
        ({"algorithms": ("RS256", "HS256")}, "setting_algorithm"),
        ({"algorithms": ("none",)}, "setting_algorithm"),
        ({"leeway_seconds": 301}, "setting_range"),
        ({"leeway_seconds": -1}, "setting_range"),
        ({"authority": "/nowhere/at/all.pem"}, "setting_file"),
    ],
)
def test_a_configuration_that_would_let_in_too_many_cannot_be_made(change: dict[str, Any], code: str) -> None:
    good: dict[str, Any] = {"issuer": ISSUER, "audience": AUDIENCE, "client_id": CLIENT}
    with pytest.raises(WrongValueError) as caught:
        OidcConfig(**(good | change))
    assert caught.value.refusal.code == code


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:8080", "http://[::1]:8080", "http://localhost:1/x"])
def test_an_issuer_on_this_machine_needs_no_encryption(issuer: str) -> None:
    assert OidcConfig(issuer=issuer, audience=AUDIENCE).issuer == issuer

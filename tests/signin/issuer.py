"""An OpenID Connect issuer of the tests, as an ASGI application: it does what a test tells it to do wrong."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import httpx
from joserfc import jws, jwt
from joserfc.jwk import ECKey, Key, RSAKey

from tests.signin.asked import NOW, PERSON

ISSUER = "https://issuer.example"
AUDIENCE = "https://behorig.example"
CLIENT = "behorig-terminal"

Answer = tuple[int, Any]

# Made once: to make a key of RSA takes longer than a test.
RSA_ONE, RSA_TWO = (
    RSAKey.generate_key(2048, parameters={"kid": name, "use": "sig"}) for name in ("one", "two")
)
EC_ONE = ECKey.generate_key("P-256", parameters={"kid": "ec", "use": "sig"})


class Issuer:
    """What it answers, and what it was asked."""

    def __init__(self) -> None:
        self.keys: list[Any] = [public(RSA_ONE), public(EC_ONE)]
        self.away = False
        self.documents: dict[str, Answer | bytes] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answers: list[Answer | Exception] = []
        """What the token endpoint answers, one after the other."""
        self.discovery: dict[str, Any] = {
            "issuer": ISSUER,
            "jwks_uri": f"{ISSUER}/jwks",
            "token_endpoint": f"{ISSUER}/token",
            "device_authorization_endpoint": f"{ISSUER}/device",
        }
        self.device: Answer = (
            200,
            {
                "device_code": "device-secret-000000000000000000000000",
                "user_code": "WDJB-MJHT",
                "verification_uri": f"{ISSUER}/go",
                "verification_uri_complete": f"{ISSUER}/go?code=WDJB-MJHT",
                "expires_in": 600,
                "interval": 5,
            },
        )

    @property
    def transport(self) -> httpx.MockTransport:
        """Give a way to it without a socket."""
        return httpx.MockTransport(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        path = request.url.path
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        self.asked.append((path, form))
        if self.away:
            raise httpx.ConnectError("away", request=request)
        found = self.documents.get(path)
        if isinstance(found, bytes):
            return httpx.Response(200, content=found)
        if found is None:
            found = self._usual(path)
        return httpx.Response(found[0], json=found[1])

    def _usual(self, path: str) -> Answer:
        match path:
            case "/.well-known/openid-configuration":
                return 200, self.discovery
            case "/jwks":
                return 200, {"keys": self.keys}
            case "/device":
                return self.device
            case "/token":
                answer = self.answers.pop(0)
                if isinstance(answer, Exception):
                    raise answer
                return answer
        return 404, {}

    def count(self, path: str) -> int:
        """Tell how often a path was asked for."""
        return sum(each == path for each, _ in self.asked)


def public(key: Key) -> dict[str, Any]:
    """Give the public half of a key, as an issuer publishes it."""
    return dict(key.as_dict(private=False))


def claims(**more: Any) -> dict[str, Any]:
    """Give what a good access token claims at ``NOW``; ``None`` takes a claim away."""
    moment = int(NOW.timestamp())
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "subject-1",
        "exp": moment + 300,
        "iat": moment - 5,
        "employeeHsaId": PERSON,
    }
    return {name: value for name, value in (good | more).items() if value is not None}


def token(
    key: Any = RSA_ONE, *, header: dict[str, Any] | None = None, algorithm: str = "RS256", **more: Any
) -> str:
    """Sign a token; ``header`` adds to its header and ``None`` in it takes a part away."""
    kid = key.kid if hasattr(key, "kid") else None
    whole = {"alg": algorithm, "typ": "at+jwt", "kid": kid, **(header or {})}
    return jwt.encode(
        {name: value for name, value in whole.items() if value is not None},
        claims(**more),
        key,
        # What is unknown in a header is signed too.
        registry=jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False),
    )

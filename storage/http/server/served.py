"""What a server is made of: what all of its parts share, and what is known of a request under way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from core.days import Clock
from core.ports import Membership, Storage
from core.refusal import Refusal
from core.wire import encode
from storage.http.callers import SignIn
from storage.http.problems import MEDIA_TYPE, ProblemError, problem
from storage.http.server.limits import Buckets, Limits, Network, Turnstile
from storage.http.server.log import Log
from storage.http.server.metrics import Metrics

if TYPE_CHECKING:
    from litestar.connection import ASGIConnection


LANGUAGES: Final = ("sv", "en")
"""The languages that sentences are to be had in, the one for everybody else first."""

PASSAGE: Final = "behorig"
"""Where a request's :class:`Passage` stands in its ASGI scope."""

CSP: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


class Sentence(Protocol):
    """Gives the sentence for a refusal in a language. The program's texts make it, not the storage."""

    def __call__(self, refusal: Refusal, language: str, /) -> str:
        """Give the sentence."""
        ...


@dataclass(slots=True)
class Served:
    """A server that is put together.

    ``is_demo`` says that the data is invented. ``sign_in`` is what is told of how one can sign in, as JSON.
    ``stopping`` is set when it has been told to end: then it is no longer ready.
    """

    storage: Storage
    ways: Sequence[SignIn]
    clock: Clock
    new_id: Callable[[], str]
    sentence: Sentence
    log: Log
    is_demo: bool = False
    sign_in: bytes = b"{}"
    limits: Limits = field(default_factory=Limits)
    trusted: Sequence[Network] = ()
    seconds: Callable[[], float] = time.monotonic
    metrics: Metrics = field(default_factory=Metrics)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    turnstile: Turnstile = field(init=False)
    callers: Buckets = field(init=False)
    sources: Buckets = field(init=False)
    strangers: Buckets = field(init=False)

    def __post_init__(self) -> None:
        """Make what the limits count with."""
        self.turnstile = Turnstile(self.limits.at_work)
        self.callers = Buckets(self.limits.caller, self.seconds)
        self.sources = Buckets(self.limits.source, self.seconds)
        self.strangers = Buckets(self.limits.stranger, self.seconds)


@dataclass(slots=True)
class Passage:
    """One request on its way: what the log tells of it, and who calls once that is known."""

    request_id: str
    source: str
    peer: str | None
    language: str
    started: float
    caller: str = ""
    hsa_id: str = ""
    memberships: tuple[Membership, ...] = ()
    error: str = ""
    client_left: bool = False


def served_by(connection: ASGIConnection[Any, Any, Any, Any]) -> Served:
    """Give the server that a request came to."""
    found: Served = connection.app.state.served
    return found


def passage_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Passage:
    """Give what is known of a request."""
    found: Passage = connection.scope[PASSAGE]  # type: ignore[typeddict-item]  # a key of our own
    return found


def language_of(accepted: Sequence[bytes]) -> str:
    """Choose the language that a reader likes best of those that there are (RFC 9110, 12.5.4)."""
    best, weight = LANGUAGES[0], 0.0
    for part in b",".join(accepted).decode("latin-1").split(","):
        name, _, rest = part.strip().partition(";")
        try:
            liked = float(rest.partition("q=")[2] or 1)
        except ValueError:
            continue
        language = name.strip().lower().partition("-")[0]
        if language in LANGUAGES and liked > weight:
            best, weight = language, liked
    return best


def told(served: Served, passage: Passage, error: ProblemError) -> tuple[int, dict[str, str], bytes]:
    """Give a problem as an answer: status, headers, body."""
    passage.error = error.refusals[0].code
    sentences = tuple(served.sentence(each, passage.language) for each in error.refusals)
    body = encode(problem(error, sentences, passage.request_id))
    headers = {
        "Content-Type": MEDIA_TYPE,
        "Content-Language": passage.language,
        "Cache-Control": "no-store",
        "Vary": "Accept-Language",
        **error.headers,
    }
    return error.status.value, headers, body

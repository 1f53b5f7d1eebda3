"""What may go wrong with a request: the statuses, when each comes, and the answer that tells it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Final

import msgspec

from core.refusal import Refusal
from storage.http.problems import MEDIA_TYPE, Kind
from storage.http.routes import QUESTIONS
from storage.http.server.answers import JSON
from storage.http.server.openapi import examples
from storage.http.server.openapi.carried import answer, content_of
from storage.http.server.openapi.schemas import Schema


class Wrong(msgspec.Struct, frozen=True):
    """A status that tells of something wrong: when it comes, an example, and the headers with it."""

    said: str
    kind: Kind
    refusal: Refusal
    sentence: str
    headers: tuple[str, ...] = ()


WRONG: Final[dict[HTTPStatus, Wrong]] = {
    HTTPStatus.BAD_REQUEST: Wrong(
        "The request does not follow this document, or does not say in whose name it is made.",
        Kind.WRONG_VALUE,
        Refusal("parameter_form", "day"),
        "The parameter day cannot be read.",
    ),
    HTTPStatus.UNAUTHORIZED: Wrong(
        "Nobody vouches for the caller.",
        Kind.NOT_SIGNED_IN,
        Refusal("not_signed_in"),
        "You are not signed in.",
        ("WWW-Authenticate",),
    ),
    HTTPStatus.FORBIDDEN: Wrong(
        "The caller has no account there, or one whose role may not do this.",
        Kind.NOT_ALLOWED,
        Refusal("not_your_role", "", {"role": "user"}),
        "A user may not do this.",
    ),
    HTTPStatus.NOT_FOUND: Wrong(
        "There is nothing to see, whatever the reason.",
        Kind.NOT_FOUND,
        Refusal("not_found", "user-1"),
        "It is not found.",
    ),
    HTTPStatus.NOT_ACCEPTABLE: Wrong(
        "The client does not take the media type that there is.",
        Kind.REQUEST,
        Refusal("not_acceptable", "", {"accepted": JSON}),
        "The answer is to be had as application/json only.",
    ),
    HTTPStatus.CONFLICT: Wrong(
        "What was seen is not so any more, or is so already.",
        Kind.REFUSED,
        Refusal("already_granted", "user-1", {"permission_id": "grundskola"}),
        "The permission is given already.",
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Wrong(
        "The body is larger than the server reads.",
        Kind.REQUEST,
        Refusal("body_too_large", "", {"longest": 8_000_000}),
        "The request is too large.",
    ),
    HTTPStatus.REQUEST_URI_TOO_LONG: Wrong(
        f"The address is too long: post the question to `{QUESTIONS}`.",
        Kind.WRONG_VALUE,
        Refusal("parameters_too_long", "", {"longest": 32_000}),
        "The address is too long.",
    ),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: Wrong(
        "The body is no plain JSON.",
        Kind.REQUEST,
        Refusal("media_type", "", {"accepted": JSON}),
        "The request must be application/json.",
        ("Accept",),
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: Wrong(
        "A value can not be so, or a rule is against it.",
        Kind.WRONG_VALUE,
        Refusal("hsa_id_check", "hsa_id"),
        "The organisation number in the HSA-id is wrong.",
    ),
    HTTPStatus.TOO_MANY_REQUESTS: Wrong(
        "Too many requests; it may be asked again after so many seconds.",
        Kind.BUSY,
        Refusal("too_many_requests", "", {"seconds": 3}),
        "Too many requests: try again in 3 seconds.",
        ("Retry-After",),
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: Wrong(
        "A fault of the server's own, of which its log tells more.",
        Kind.FAILED,
        Refusal("server_failed"),
        "The server failed.",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: Wrong(
        "The server has too much to do, or its storage or the issuer is away.",
        Kind.BUSY,
        Refusal("server_busy", "", {"seconds": 1}),
        "The server has too much to do: try again in a second.",
        ("Retry-After",),
    ),
    HTTPStatus.INSUFFICIENT_STORAGE: Wrong(
        "The server's disk is full; nothing was written.",
        Kind.STORAGE,
        Refusal("storage_full", "storage"),
        "The disk is full.",
        ("Retry-After",),
    ),
}

EVER: Final = frozenset((429, 500, 503))
CLOSED: Final = EVER | {400, 401, 406, 414, 507}
ASKED: Final = CLOSED | {403, 422}
POSTED: Final = ASKED | {413, 415}
"""What may go wrong: ever, where one signs in, where a question is asked, where something is posted."""


def problems(statuses: Iterable[int]) -> dict[str, Schema]:
    """Give the answers for statuses, which are described once for all."""
    return {
        str(status): {"$ref": f"#/components/responses/{_response_name(HTTPStatus(status))}"}
        for status in sorted(statuses)
    }


def _response_name(status: HTTPStatus) -> str:
    return "".join(word.capitalize() for word in re.split(r"[ -]", status.phrase))


def responses(problem: Schema) -> dict[str, Schema]:
    """Give each of these answers once, by the name that the resources refer to; ``problem`` is its schema."""
    return {
        _response_name(status): answer(
            wrong.said,
            content_of(
                problem,
                {wrong.refusal.code: examples.told(wrong.kind, status, wrong.refusal, wrong.sentence)},
                MEDIA_TYPE,
            ),
            "Cache-Control",
            "Content-Language",
            *wrong.headers,
        )
        for status, wrong in WRONG.items()
    }

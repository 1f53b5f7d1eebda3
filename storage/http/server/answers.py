"""Answers as bytes: how fresh they are, how they are packed, and what a client must be able to read."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.response import Response

from core.refusal import Refusal
from core.wire import encode
from storage.http.problems import Kind, ProblemError
from storage.http.routes import ACCOUNT_HEADER, ORGANISATION_HEADER, ROLE_HEADER

if TYPE_CHECKING:
    from litestar.connection import Request

JSON: Final = "application/json"
HTML: Final = "text/html"
WORTH_PACKING: Final = 4_096
"""Bytes from which an answer is packed for a client that takes it so.

Packing tells by its size what stands in an answer twice (BREACH). Nothing secret ever does: no answer
holds a token or another credential, none repeats what it was asked with, and there are no cookies.
"""

VARY: Final = f"Accept-Encoding, Authorization, {ORGANISATION_HEADER}, {ACCOUNT_HEADER}, {ROLE_HEADER}"
_TAG: Final = re.compile(r'(?:W/)?"([^"]*)"')
_PACKED: Final = "-gzip"


def must_take(request: Request[Any, Any, Any], media_type: str) -> None:
    """Refuse a client that does not take what there is: :class:`ProblemError` with 406."""
    accepted = request.headers.getall("accept", [])
    if not accepted:
        return
    main = media_type.partition("/")[0]
    for part in ",".join(accepted).split(","):
        name, *rest = (each.strip().lower() for each in part.split(";"))
        if name in ("*/*", f"{main}/*", media_type) and not any(_is_nothing(each) for each in rest):
            return
    raise ProblemError(
        Kind.REQUEST, HTTPStatus.NOT_ACCEPTABLE, Refusal("not_acceptable", "", {"accepted": media_type})
    )


def _is_nothing(parameter: str) -> bool:
    """Say whether a weight is none at all."""
    name, _, weight = parameter.partition("=")
    return name == "q" and weight.strip("0.") == ""


async def posted(request: Request[Any, Any, Any]) -> bytes:
    """Give the body of a request, which must be plain JSON; what is too large is not read to its end."""
    sort = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    packing = request.headers.get("content-encoding", "identity").strip().lower()
    if sort != JSON or packing != "identity":
        raise ProblemError(
            Kind.REQUEST,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            Refusal("media_type", "", {"accepted": JSON}),
            headers={"Accept": JSON},
        )
    try:
        return await request.body()
    except RequestEntityTooLarge:
        longest = request.route_handler.resolve_request_max_body_size() or 0
        raise ProblemError(
            Kind.REQUEST,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            Refusal("body_too_large", "", {"longest": longest}),
        ) from None


def fresh(request: Request[Any, Any, Any], answer: object) -> Response[bytes]:
    """Give an answer with its tag, or tell that it is what the client has (RFC 9110, 13)."""
    return tagged(request, encode(answer), JSON, {"Cache-Control": "private, no-cache", "Vary": VARY})


def tagged(
    request: Request[Any, Any, Any], body: bytes, media_type: str, headers: dict[str, str]
) -> Response[bytes]:
    """Give bytes with their tag, or tell that they are what the client has."""
    packed = len(body) >= WORTH_PACKING and _takes_gzip(request.headers.getall("accept-encoding", []))
    tag = hashlib.sha256(body).hexdigest()[:32]
    headers = {"ETag": f'"{tag}{_PACKED if packed else ""}"', **headers}
    if tag in _tags(request.headers.getall("if-none-match", [])):
        return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, headers=headers, media_type=media_type)
    if packed:
        body = gzip.compress(body, compresslevel=1, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, status_code=HTTPStatus.OK, headers=headers, media_type=media_type)


def plain(answer: object, status: HTTPStatus, headers: dict[str, str] | None = None) -> Response[bytes]:
    """Give an answer that nobody keeps."""
    return Response(
        encode(answer),
        status_code=status,
        headers={"Cache-Control": "no-store", **(headers or {})},
        media_type=JSON,
    )


def _takes_gzip(accepted: Iterable[str]) -> bool:
    for part in ",".join(accepted).split(","):
        name, *rest = (each.strip().lower() for each in part.split(";"))
        if name in ("gzip", "*"):
            return not any(_is_nothing(each) for each in rest)
    return False


def _tags(given: Iterable[str]) -> frozenset[str]:
    """Give the tags that a client has, however each was packed."""
    return frozenset(tag.removesuffix(_PACKED) for line in given for tag in _TAG.findall(line))

"""What requests and answers carry: contents with their examples, and the headers of answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from storage.http.server.answers import JSON
from storage.http.server.openapi import examples
from storage.http.server.openapi.schemas import Schema, Schemas


def _header(said: str, **shape: object) -> Schema:
    return {"description": said, "required": True, "schema": {"type": "string", **shape}}


HEADERS: Final[dict[str, Schema]] = {
    "X-Request-Id": _header("What the server's log calls the request."),
    "ETag": _header("The tag of what the answer holds.", pattern='^"[^"]+"$'),
    "Cache-Control": _header("Who may keep the answer, and for how long."),
    "Content-Language": _header("The language of the sentences.", enum=["sv", "en"]),
    "Location": _header("Where the write is to be read.", format="uri-reference"),
    "Retry-After": _header("Seconds after which the request may be made again.", type="integer", minimum=1),
    "WWW-Authenticate": _header("How to sign in."),
    "Accept": _header("The media type that is taken."),
}


def _headers(*names: str) -> dict[str, Schema]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in ("X-Request-Id", *names)}


def content_of(schema: Schema, named: Mapping[str, object], media_type: str = JSON) -> Schema:
    """Give a content of a media type, with examples by their names."""
    given = {name: {"value": examples.plain(value)} for name, value in named.items()}
    return {media_type: {"schema": schema, **({"examples": given} if given else {})}}


def answer(said: str, content: Schema | None, *headers: str) -> Schema:
    """Give an answer: what it means, what it holds, and its headers beside the request's id."""
    return {
        "description": said,
        "headers": _headers(*headers),
        **({"content": content} if content is not None else {}),
    }


UNCHANGED: Final[Schema] = answer("It is what the client has.", None, "ETag", "Cache-Control")


def body(kind: Any, named: Mapping[str, object], schemas: Schemas) -> Schema:
    """Give the body of a request, which holds one of a kind."""
    return {"required": True, "content": content_of(schemas.of(kind), named)}

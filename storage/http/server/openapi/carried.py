"""What requests and answers carry: contents with their examples, and the headers of answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from storage.http.server.answers import JSON
from storage.http.server.openapi import examples
from storage.http.server.openapi.schemas import Schema, Schemas

HEADERS: Final[dict[str, Schema]] = {
    "X-Request-Id": {
        "description": "What the server's log calls the request.",
        "required": True,
        "schema": {"type": "string"},
    },
    "ETag": {
        "description": "The tag of what the answer holds.",
        "required": True,
        "schema": {"type": "string", "pattern": '^"[^"]+"$'},
    },
    "Cache-Control": {
        "description": "Who may keep the answer, and for how long.",
        "required": True,
        "schema": {"type": "string"},
    },
    "Content-Language": {
        "description": "The language of the sentences.",
        "required": True,
        "schema": {"type": "string", "enum": ["sv", "en"]},
    },
    "Location": {
        "description": "Where the write is to be read.",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Retry-After": {
        "description": "Seconds after which the request may be made again.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    "WWW-Authenticate": {
        "description": "How to sign in.",
        "required": True,
        "schema": {"type": "string"},
    },
    "Accept": {
        "description": "The media type that is taken.",
        "required": True,
        "schema": {"type": "string"},
    },
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

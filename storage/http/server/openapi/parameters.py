"""What is said of each parameter: those of a question, the places in an address, and the headers."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

import msgspec

from core import queries as q
from core.directory import Role
from storage.http.routes import (
    ACCOUNT_HEADER,
    LONGEST_PARAMETER,
    ORGANISATION_HEADER,
    ROLE_HEADER,
    Field,
    Route,
)
from storage.http.server.changes import LAST
from storage.http.server.openapi import examples
from storage.http.server.openapi.schemas import Schema, Schemas
from storage.http.server.writes import IDEMPOTENCY_KEY

_MOST_COUNTED: Final = 999_999_999

_SAID: Final = {
    "day": "The day that is asked about; the present one in Sweden where nothing is said.",
    "as_of": "Everything as it was at the end of this day in Sweden.",
    "moment": "The moment that is asked about; the present one where nothing is said.",
    "search": "Words to look for.",
    "e_service_id": "An e-service.",
    "permission_id": "A permission.",
    "organisation_id": "An organisation.",
    "organisation_ids": "The organisations that are followed.",
    "account_id": "An account, by its id in its organisation.",
    "account_ids": "Accounts, by their ids in the organisation.",
    "hsa_ids": "HSA-ids, without regard to case.",
    "emails": "Addresses, without regard to case.",
    "announcement_id": "An announcement.",
    "changeset_id": "A write, by the id of its changeset.",
    "lacking": "Those who do not have the permission or the e-service instead of those who do.",
    "in_organisations": "Look for the words in the organisations' names as well.",
    "standing": "Which accounts: active, deregistered, or any.",
    "role": "Accounts of one role.",
    "sort_by": "The column to sort by.",
    "descending": "The other way round.",
    "cursor": "A cursor from a page of the same question.",
    "direction": "Which way from the cursor the page goes; without a cursor the first or the last page.",
    "limit": f"How many at most; less than 1 is as 1, more than {q.MOST_ROWS} as {q.MOST_ROWS}.",
    "event_kind": "Writes that have an event of this kind.",
    "actor_id": "What one account wrote.",
    "actor_organisation_id": "The organisation of that account; the one that is asked about otherwise.",
    "from_day": "The first day in Sweden.",
    "until_day": "The last day in Sweden.",
    "about": "Announcements of one kind.",
    "unread_only": "Only what is not read yet.",
}

_SHAPES: Final[dict[type, Schema]] = {
    str: {"type": "string", "maxLength": LONGEST_PARAMETER},
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": -_MOST_COUNTED, "maximum": _MOST_COUNTED},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
}


def parameter(route: Route, field: Field, schemas: Schemas) -> Schema:
    """Give the parameter that a field of a question is."""
    shape: Schema
    if field.is_set:
        shape = {"type": "array", "items": dict(_SHAPES[str])}
    elif issubclass(field.type, StrEnum):
        shape = schemas.of(field.type)
    else:
        shape = dict(_SHAPES[field.type])
    required = field.required
    if route.kind is q.NewsSince and field.is_set:
        shape |= {"minItems": 1, "maxItems": q.MOST_FOLLOWED}
        required = True
    if not required and field.default is not msgspec.NODEFAULT and field.default is not None:
        shape["default"] = msgspec.to_builtins(field.default)
    found = {
        "name": field.name,
        "in": "query",
        "description": _SAID[field.name],
        "required": required,
        "schema": shape,
    }
    if field.is_set:
        found |= {"style": "form", "explode": True}
    if required:
        found["example"] = _example(field)
    return found


def _example(field: Field) -> Any:
    if field.name in examples.PLACES:
        return examples.PLACES[field.name]
    if field.type is date:
        return examples.DAY.isoformat()
    return [examples.PLACES["organisation_id"]] if field.is_set else "ann"


def place(name: str) -> Schema:
    """Give a part of an address, such as the organisation's id."""
    return {
        "name": name,
        "in": "path",
        "description": _SAID[name],
        "required": True,
        "schema": {"type": "string", "minLength": 1},
        "example": examples.PLACES[name],
    }


def _header(name: str, said: str, **shape: object) -> Schema:
    return {
        "name": name,
        "in": "header",
        "description": said,
        "schema": {"type": "string", **shape},
        "required": False,
    }


OF_HEADERS: Final[dict[str, Schema]] = {
    "organisation": _header(
        ORGANISATION_HEADER, "In whose name, for somebody who has accounts in several organisations."
    ),
    "account": _header(
        ACCOUNT_HEADER, "The account that the client takes the caller for; refused (403) where it is another."
    ),
    "role": _header(
        ROLE_HEADER,
        "The role that the client takes the caller for; refused (403) where it is another.",
        enum=[role.value for role in Role if role is not Role.INSTALLATION],
    ),
    "language": _header("Accept-Language", "The language of sentences, `sv` or `en`.", default="sv"),
    "tag": _header("If-None-Match", "The tag of an answer that the client has."),
    "idempotency": _header(
        IDEMPOTENCY_KEY,
        "The id of the changeset, for who sends it by habit; another one is refused (422).",
    ),
    "last": _header(LAST, "The `id` of the last event that was read; it goes before `cursor`."),
}


def of_headers(*names: str) -> list[Schema]:
    """Name headers of a request that are described once for all."""
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


WHO: Final = ("organisation", "account", "role", "language")

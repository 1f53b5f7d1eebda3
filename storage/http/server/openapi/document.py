"""The OpenAPI 3.1 document: every resource with what it takes, what it may answer, and why it may not.

It is made of what the server itself goes by: the routes, the fields of the questions, the structs and the
statuses. A parameter, a kind of question or a problem that nothing is said about fails when it is made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from http import HTTPStatus
from typing import Any, Final

import msgspec

from core import queries as q
from core.changes import MOST_CHANGES, Changeset, Receipt
from core.directory import Role
from core.journal import AnyEntry
from core.refusal import Refusal
from core.rules import Decision
from storage.http.problems import MEDIA_TYPE, Kind, Problem
from storage.http.routes import (
    ACCOUNT_HEADER,
    ALIVE,
    ANY_QUESTION,
    CHANGES,
    CHANGESETS,
    DOCS,
    FIELDS,
    LONGEST_PARAMETER,
    ME,
    MOST_PARAMETERS,
    NOTES,
    OPENAPI,
    ORGANISATION_HEADER,
    QUESTIONS,
    READY,
    ROLE_HEADER,
    ROUTES,
    SIGN_IN,
    Field,
    Route,
    answer_type,
    may_be_nothing,
    parameters_of,
)
from storage.http.server.answers import JSON
from storage.http.server.changes import EVENTS, LAST
from storage.http.server.openapi import examples
from storage.http.server.openapi.schemas import Schema, Schemas, first_sentence, words
from storage.http.server.reads import Me
from storage.http.server.writes import DRY_RUN, IDEMPOTENCY_KEY
from storage.http.signin.document import SignInDocument

HTML: Final = "text/html"
MOST_COUNTED: Final = 999_999_999

_INTRODUCTION: Final = f"""\
Who may do what in the e-services of Migrationsverket: the accounts of an organisation, their permissions,
what was written and what is current.

**Reading.** Each kind of question is a resource. A set is a parameter that is there once for each member; at
most {MOST_PARAMETERS} parameters fit in an address, and a question that does not is posted whole to
`{QUESTIONS}`. Lists come in pages, each with the cursors of the page before and after it. An answer has an
`ETag`; with `If-None-Match` it is 304 while nothing has changed. Every `GET` but that of events can be a
`HEAD`. Large answers are packed with gzip for who takes it.

**Writing.** There is one write, a changeset: all of it is written or none. Its `id` is the client's own and
makes a retry harmless: the same changeset again gives the first receipt back (200 instead of 201), another
one with the same id is refused. With `dry_run=true` the answer tells what would be written, and nothing is.

**Who calls** is found by the credential and never by what a request holds. Whoever has accounts in several
organisations says in whose name by `{ORGANISATION_HEADER}`. What lies outside of one's scope is not found
(404) or not in the list, never forbidden.

**What goes wrong** is told as problem details (RFC 9457, `{MEDIA_TYPE}`): `code` names the reason for
programs, `detail` is the sentence for people, in the language of `Accept-Language` (`sv` or `en`). 400 is a
request that does not follow this document; 422 one that does, and whose values can not be so: a check
digit, a cursor of another question, a rule. An address with a method that it does not take is 405, with
`Allow`; one that does not exist is 404. An answer may hold fields that are not described here; a request
may not.
"""

_TAGS: Final = {
    "people": "Accounts and what they are for.",
    "organisations": "Organisations and their agreements.",
    "catalogue": "E-services, permissions and the kontaktcenter.",
    "history": "What was written, and what is written now.",
    "announcements": "What is current.",
    "writing": "Changesets, and notes beside the history.",
    "signing in": "Who calls, and how one can sign in.",
    "the server": "Whether it works, and this document.",
}

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
_DRY_RUN_SAID: Final = "Tell what would be written, and write nothing."

_TAG_OF: Final[dict[type[q.Query[Any]], str]] = {
    q.Accounts: "people",
    q.NearAccounts: "people",
    q.AccountById: "people",
    q.Cell: "people",
    q.AccountsByKey: "people",
    q.HsaIdHolders: "people",
    q.EmailCounts: "people",
    q.Organisations: "organisations",
    q.OrganisationById: "organisations",
    q.HowMany: "catalogue",
    q.WholeCatalogue: "catalogue",
    q.ContactOn: "catalogue",
    q.Writes: "history",
    q.InverseOf: "history",
    q.DifferencesBetween: "history",
    q.CardViews: "history",
    q.NewsSince: "history",
    q.Announcements: "announcements",
    q.AnnouncementById: "announcements",
    q.CurrentNotice: "announcements",
    q.OwnPreferences: "people",
}


# What goes wrong ---------------------------------------------------------------------------------


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

_EVER: Final = frozenset((429, 500, 503))
_CLOSED: Final = _EVER | {400, 401, 406, 414, 507}
_ASKED: Final = _CLOSED | {403, 422}
_POSTED: Final = _ASKED | {413, 415}

_HEADERS: Final[dict[str, Schema]] = {
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


def _problems(statuses: Iterable[int]) -> dict[str, Schema]:
    return {
        str(status): {"$ref": f"#/components/responses/{_response_name(HTTPStatus(status))}"}
        for status in sorted(statuses)
    }


def _response_name(status: HTTPStatus) -> str:
    return "".join(word.capitalize() for word in re.split(r"[ -]", status.phrase))


# Parameters --------------------------------------------------------------------------------------

_SHAPES: Final[dict[type, Schema]] = {
    str: {"type": "string", "maxLength": LONGEST_PARAMETER},
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": -MOST_COUNTED, "maximum": MOST_COUNTED},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
}


def _parameter(route: Route, field: Field, schemas: Schemas) -> Schema:
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


def _place(name: str) -> Schema:
    return {
        "name": name,
        "in": "path",
        "description": _SAID[name],
        "required": True,
        "schema": {"type": "string", "minLength": 1},
        "example": examples.PLACES[name],
    }


_OF_HEADERS: Final[dict[str, Schema]] = {
    "organisation": {
        "name": ORGANISATION_HEADER,
        "in": "header",
        "description": "In whose name, for somebody who has accounts in several organisations.",
        "schema": {"type": "string"},
    },
    "account": {
        "name": ACCOUNT_HEADER,
        "in": "header",
        "description": "The account that the client takes the caller for; refused (403) where it is another.",
        "schema": {"type": "string"},
    },
    "role": {
        "name": ROLE_HEADER,
        "in": "header",
        "description": "The role that the client takes the caller for; refused (403) where it is another.",
        "schema": {
            "type": "string",
            "enum": [role.value for role in Role if role is not Role.INSTALLATION],
        },
    },
    "language": {
        "name": "Accept-Language",
        "in": "header",
        "description": "The language of sentences, `sv` or `en`.",
        "schema": {"type": "string", "default": "sv"},
    },
    "tag": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The tag of an answer that the client has.",
        "schema": {"type": "string"},
    },
    "idempotency": {
        "name": IDEMPOTENCY_KEY,
        "in": "header",
        "description": "The id of the changeset, for who sends it by habit; another one is refused (422).",
        "schema": {"type": "string"},
    },
    "last": {
        "name": LAST,
        "in": "header",
        "description": "The `id` of the last event that was read; it goes before `cursor`.",
        "schema": {"type": "string"},
    },
}


def _of_headers(*names: str) -> list[Schema]:
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


_WHO: Final = ("organisation", "account", "role", "language")


# Answers -----------------------------------------------------------------------------------------


def _content(schema: Schema, named: Mapping[str, object], media_type: str = JSON) -> Schema:
    given = {name: {"value": examples.plain(value)} for name, value in named.items()}
    return {media_type: {"schema": schema, **({"examples": given} if given else {})}}


def _answer(said: str, content: Schema | None, *headers: str) -> Schema:
    return {
        "description": said,
        "headers": _headers(*headers),
        **({"content": content} if content is not None else {}),
    }


_UNCHANGED: Final[Schema] = _answer("It is what the client has.", None, "ETag", "Cache-Control")


def _question(route: Route, schemas: Schemas) -> Schema:
    kind = route.kind
    said = words(kind.__doc__, kind.__module__)
    is_everywhere = "organisation_id" in FIELDS[kind] and "organisation_id" not in route.fields
    twice = sum(each.kind is kind for each in ROUTES) > 1
    tag = str(kind.__struct_config__.tag)
    wrong = _ASKED | ({404} if route.fields or may_be_nothing(kind) else frozenset())
    content = _content(_seen(kind, schemas), {"an answer": examples.ANSWERS[kind]})
    headers = [*_WHO, "tag"]
    extra = ""
    if route.path == CHANGES:
        headers.append("last")
        content |= _events()
        extra = _EVENTS_SAID
    roles = ", ".join(sorted(each.value for each in kind.asked_by if each is not Role.INSTALLATION))
    summary = first_sentence(said)
    return {
        "operationId": f"{tag}_in_country" if twice and is_everywhere else tag,
        "summary": f"{summary}, in the whole country" if twice and is_everywhere else summary,
        "description": f"{said}\n\nAsked by: {roles}.{extra}",
        "tags": [_TAG_OF[kind]],
        "parameters": [
            *(_place(name) for name in route.fields),
            *(_parameter(route, field, schemas) for field in parameters_of(route)),
            *_of_headers(*headers),
        ],
        "responses": {
            "200": _answer("The answer.", content, "Cache-Control")
            if route.path == CHANGES
            else _answer("The answer.", content, "ETag", "Cache-Control"),
            "304": _UNCHANGED,
            **_problems(wrong),
        },
    }


def _seen(kind: type[q.Query[Any]], schemas: Schemas) -> Schema:
    """Give the schema of what a kind is answered with; where there is nothing to see it is a 404."""
    schema = schemas.of(answer_type(kind))
    if not may_be_nothing(kind):
        return schema
    (found,) = (each for each in schema["anyOf"] if each != {"type": "null"})
    return dict(found)


_EVENTS_SAID: Final = f"""

With `Accept: {EVENTS}` the answer is a stream of server-sent events that ends with the connection. Each event
`news` has a `News` as its data and its cursor as its `id`, with which the stream goes on after a broken
line (`{LAST}`); the first comes at once. The event `end` tells by `code` why the server ends the stream: it
stops, or the caller may not follow any more. Lines that begin with a colon are signs of life."""


def _events() -> Schema:
    news = json.dumps(examples.plain(q.News(cursor="eyJrb21tdW4tMjI4MSI6M30=")), ensure_ascii=False)
    return {
        EVENTS: {
            "schema": {"type": "string"},
            "examples": {
                "a stream": {
                    "value": f"retry: 2000\n\nid: eyJrb21tdW4tMjI4MSI6M30=\nevent: news\ndata: {news}\n\n"
                    ': still here\n\nevent: end\ndata: {"code":"server_stopping"}\n\n'
                }
            },
        }
    }


def _posted(schemas: Schemas) -> dict[str, Schema]:
    return {
        QUESTIONS: {
            "operationId": "question",
            "summary": "Ask a question that fits in no address",
            "description": "Any question, told apart by `kind`, with its fields as they are. It is answered "
            "as at its own address, without `ETag`. Nothing is written by it.",
            "tags": ["people"],
            "parameters": _of_headers(*_WHO),
            "requestBody": _body(ANY_QUESTION, examples.QUESTIONS, schemas),
            "responses": {
                "200": _answer(
                    "The answer to the kind of question that was asked.",
                    _content(
                        {"anyOf": _distinct(_seen(kind, schemas) for kind in q.QUERIES)},
                        {"a selection": examples.ANSWERS[q.AccountsByKey]},
                    ),
                    "Cache-Control",
                ),
                **_problems(_POSTED | {404}),
            },
        },
        CHANGESETS: {
            "operationId": "write",
            "summary": "Write a changeset",
            "description": words(Changeset.__doc__)
            + f"\n\nAt most {MOST_CHANGES:,} changes in one organisation. Each kind of change tells in its "
            "description who may make it.",
            "tags": ["writing"],
            "parameters": [
                {
                    "name": DRY_RUN,
                    "in": "query",
                    "description": _DRY_RUN_SAID,
                    "required": False,
                    "schema": {"type": "boolean", "default": False},
                },
                *_of_headers(*_WHO, "idempotency"),
            ],
            "requestBody": _body(Changeset, examples.CHANGESETS, schemas),
            "responses": {
                "200": _answer(
                    "It had been written before: the first receipt. With `dry_run=true` what would be "
                    "written, or why it would not.",
                    _content(
                        {"anyOf": [schemas.of(Receipt), schemas.of(Decision)]},
                        {
                            "it was written before": msgspec.structs.replace(examples.RECEIPT, repeated=True),
                            **examples.DECISIONS,
                        },
                    ),
                    "Cache-Control",
                ),
                "201": _answer(
                    "It is written.",
                    _content(schemas.of(Receipt), {"a receipt": examples.RECEIPT}),
                    "Cache-Control",
                    "Location",
                ),
                **_problems(_POSTED | {404, 409}),
            },
        },
        NOTES: {
            "operationId": "note",
            "summary": "Keep a note beside the history",
            "description": "Who has looked at what, and what an organisation says that it has done. Nobody's "
            "permissions change by it.",
            "tags": ["writing"],
            "parameters": _of_headers(*_WHO),
            "requestBody": _body(AnyEntry, examples.ENTRIES, schemas),
            "responses": {
                "204": _answer("It is kept.", None, "Cache-Control"),
                **_problems(_POSTED | {404}),
            },
        },
    }


def _body(kind: Any, named: Mapping[str, object], schemas: Schemas) -> Schema:
    return {"required": True, "content": _content(schemas.of(kind), named)}


def _distinct(found: Iterable[Schema]) -> list[Schema]:
    kept: list[Schema] = []
    for each in found:
        if each not in kept:
            kept.append(each)
    return kept


def _open(schemas: Schemas) -> dict[str, Schema]:
    """Give the resources that are open to everybody."""

    def state(*words: str) -> Schema:
        return {
            "type": "object",
            "properties": {"status": {"type": "string", "enum": list(words)}},
            "required": ["status"],
        }

    busy = WRONG[HTTPStatus.SERVICE_UNAVAILABLE]
    return {
        SIGN_IN: {
            "operationId": "sign_in",
            "summary": "Tell how one can sign in",
            "description": words(SignInDocument.__doc__) + "\n\nIt holds no secret.",
            "tags": ["signing in"],
            "parameters": [],
            "responses": {
                "200": _answer(
                    "The ways that there are.",
                    _content(schemas.of(SignInDocument), {"two ways": examples.SIGN_IN}),
                    "Cache-Control",
                ),
                **_problems(_EVER),
            },
            "security": [],
        },
        ALIVE: {
            "operationId": "alive",
            "summary": "Say that the process runs",
            "description": "For who starts it anew when it does not.",
            "tags": ["the server"],
            "parameters": [],
            "responses": {
                "200": _answer("It runs.", _content(state("alive"), {}), "Cache-Control"),
                **_problems(_EVER),
            },
            "security": [],
        },
        READY: {
            "operationId": "ready",
            "summary": "Say whether requests are answered",
            "description": "The storage answers, and nobody has told the server to end. For who shares "
            "requests out among several servers.",
            "tags": ["the server"],
            "parameters": [],
            "responses": {
                "200": _answer("They are.", _content(state("ready"), {}), "Cache-Control"),
                **_problems(_EVER - {503}),
                "503": _answer(
                    f"They are not. {busy.said}",
                    _content(state("not ready"), {}) | _content(schemas.of(Problem), {}, MEDIA_TYPE),
                    "Cache-Control",
                ),
            },
            "security": [],
        },
        OPENAPI: {
            "operationId": "openapi",
            "summary": "Give this document",
            "description": "OpenAPI 3.1, the same bytes for everybody.",
            "tags": ["the server"],
            "parameters": _of_headers("tag"),
            "responses": {
                "200": _answer("The document.", _content({"type": "object"}, {}), "ETag", "Cache-Control"),
                "304": _UNCHANGED,
                **_problems(_EVER | {406}),
            },
            "security": [],
        },
        DOCS: {
            "operationId": "docs",
            "summary": "Give this document as a page to read",
            "description": "It loads nothing from elsewhere and needs no scripts.",
            "tags": ["the server"],
            "parameters": _of_headers("tag"),
            "responses": {
                "200": _answer("The page.", {HTML: {"schema": {"type": "string"}}}, "ETag", "Cache-Control"),
                "304": _UNCHANGED,
                **_problems(_EVER | {406}),
            },
            "security": [],
        },
    }


def _me(schemas: Schemas) -> Schema:
    example = Me(
        hsa_id=examples.MEMBERSHIPS[0].account.hsa_id,
        memberships=examples.MEMBERSHIPS,
        is_demo=False,
        now=examples.MOMENT.isoformat(),
    )
    return {
        "operationId": "me",
        "summary": "Tell the caller which accounts there are to act by",
        "description": words(Me.__doc__),
        "tags": ["signing in"],
        "parameters": _of_headers("language"),
        "responses": {
            "200": _answer(
                "Who the caller is.", _content(schemas.of(Me), {"an administrator": example}), "Cache-Control"
            ),
            **_problems(_CLOSED),
        },
    }


# The whole ---------------------------------------------------------------------------------------


@cache
def document() -> dict[str, Any]:
    """Give the document. It is the same for every server of this version, and not to be changed."""
    schemas = Schemas()
    problem = schemas.of(Problem)
    paths: dict[str, dict[str, Schema]] = {route.path: {"get": _question(route, schemas)} for route in ROUTES}
    paths |= {path: {"post": each} for path, each in _posted(schemas).items()}
    paths[ME] = {"get": _me(schemas)}
    paths |= {path: {"get": each} for path, each in _open(schemas).items()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "behorig",
            "version": "1",
            "summary": "Permissions in the e-services of Migrationsverket",
            "description": _INTRODUCTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "servers": [{"url": "/", "description": "The server that gave this document."}],
        "security": [{"bearer": []}, {"certificate": []}],
        "tags": [{"name": name, "description": said} for name, said in _TAGS.items()],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token made by `behorig token create`, or an access token (JWT) of the "
                    f"configured OpenID Connect issuer; `{SIGN_IN}` tells which.",
                },
                "certificate": {
                    "type": "mutualTLS",
                    "description": "A client certificate (SITHS) that the proxy has checked.",
                },
            },
            "parameters": {name: {**each, "required": False} for name, each in _OF_HEADERS.items()},
            "headers": _HEADERS,
            "responses": {
                _response_name(status): _answer(
                    wrong.said,
                    _content(
                        problem,
                        {
                            wrong.refusal.code: examples.told(
                                wrong.kind, status, wrong.refusal, wrong.sentence
                            )
                        },
                        MEDIA_TYPE,
                    ),
                    "Cache-Control",
                    "Content-Language",
                    *wrong.headers,
                )
                for status, wrong in WRONG.items()
            },
            "schemas": dict(sorted(schemas.components.items())),
        },
    }


@cache
def document_bytes() -> bytes:
    """Give the document as JSON; the same version always gives the same bytes."""
    return msgspec.json.encode(document())

"""The resources that are questions, each made from its route and the struct that is asked."""

from __future__ import annotations

import json
from typing import Any, Final

from core import queries as q
from core.directory import Role
from storage.http.routes import CHANGES, FIELDS, ROUTES, Route, answer_type, may_be_nothing, parameters_of
from storage.http.server.changes import EVENTS, LAST
from storage.http.server.openapi import examples
from storage.http.server.openapi.carried import UNCHANGED, answer, content_of
from storage.http.server.openapi.parameters import WHO, of_headers, parameter, place
from storage.http.server.openapi.schemas import Schema, Schemas, first_sentence, words
from storage.http.server.openapi.wrong import ASKED, problems

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


def question(route: Route, schemas: Schemas) -> Schema:
    """Give the resource of a route."""
    kind = route.kind
    said = words(kind.__doc__, kind.__module__)
    is_everywhere = "organisation_id" in FIELDS[kind] and "organisation_id" not in route.fields
    twice = sum(each.kind is kind for each in ROUTES) > 1
    tag = str(kind.__struct_config__.tag)
    wrong = ASKED | ({404} if route.fields or may_be_nothing(kind) else frozenset())
    content = content_of(seen(kind, schemas), {"an answer": examples.ANSWERS[kind]})
    headers = [*WHO, "tag"]
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
            *(place(name) for name in route.fields),
            *(parameter(route, field, schemas) for field in parameters_of(route)),
            *of_headers(*headers),
        ],
        "responses": {
            "200": answer("The answer.", content, "Cache-Control")
            if route.path == CHANGES
            else answer("The answer.", content, "ETag", "Cache-Control"),
            "304": UNCHANGED,
            **problems(wrong),
        },
    }


def seen(kind: type[q.Query[Any]], schemas: Schemas) -> Schema:
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

"""The OpenAPI 3.1 document: every resource with what it takes, what it may answer, and why it may not.

It is made of what the server itself goes by: the routes, the fields of the questions, the structs and the
statuses. A parameter, a kind of question or a problem that nothing is said about fails when it is made.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import msgspec

from storage.http.problems import MEDIA_TYPE, Problem
from storage.http.routes import ME, MOST_PARAMETERS, ORGANISATION_HEADER, QUESTIONS, ROUTES, SIGN_IN
from storage.http.server.openapi.carried import HEADERS
from storage.http.server.openapi.parameters import OF_HEADERS
from storage.http.server.openapi.questions import question
from storage.http.server.openapi.resources import me, open_to_all, posted
from storage.http.server.openapi.schemas import Schema, Schemas
from storage.http.server.openapi.wrong import responses

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


@cache
def document() -> dict[str, Any]:
    """Give the document. It is the same for every server of this version, and not to be changed."""
    schemas = Schemas()
    problem = schemas.of(Problem)
    paths: dict[str, dict[str, Schema]] = {route.path: {"get": question(route, schemas)} for route in ROUTES}
    paths |= {path: {"post": each} for path, each in posted(schemas).items()}
    paths[ME] = {"get": me(schemas)}
    paths |= {path: {"get": each} for path, each in open_to_all(schemas).items()}
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
            "parameters": OF_HEADERS,
            "headers": HEADERS,
            "responses": responses(problem),
            "schemas": dict(sorted(schemas.components.items())),
        },
    }


@cache
def document_bytes() -> bytes:
    """Give the document as JSON; the same version always gives the same bytes."""
    return msgspec.json.encode(document())

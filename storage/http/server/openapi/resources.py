"""The resources that are no questions at an address: what is posted, who one is, and what is open to all."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

import msgspec

from core import queries as q
from core.changes import MOST_CHANGES, Changeset, Receipt
from core.journal import AnyEntry
from core.rules import Decision
from storage.http.problems import MEDIA_TYPE, Problem
from storage.http.routes import (
    ALIVE,
    ANY_QUESTION,
    CHANGESETS,
    DOCS,
    NOTES,
    OPENAPI,
    QUESTIONS,
    READY,
    SIGN_IN,
)
from storage.http.server.answers import HTML
from storage.http.server.openapi import examples
from storage.http.server.openapi.carried import UNCHANGED, answer, body, content_of
from storage.http.server.openapi.parameters import WHO, of_headers
from storage.http.server.openapi.questions import seen
from storage.http.server.openapi.schemas import Schema, Schemas, words
from storage.http.server.openapi.wrong import CLOSED, EVER, POSTED, WRONG, problems
from storage.http.server.reads import Me
from storage.http.server.writes import DRY_RUN
from storage.http.signin.document import SignInDocument


def posted(schemas: Schemas) -> dict[str, Schema]:
    """Give the resources that something is posted to, by their paths."""
    return {
        QUESTIONS: {
            "operationId": "question",
            "summary": "Ask a question that fits in no address",
            "description": "Any question, told apart by `kind`, with its fields as they are. It is answered "
            "as at its own address, without `ETag`. Nothing is written by it.",
            "tags": ["people"],
            "parameters": of_headers(*WHO),
            "requestBody": body(ANY_QUESTION, examples.QUESTIONS, schemas),
            "responses": {
                "200": answer(
                    "The answer to the kind of question that was asked.",
                    content_of(
                        {"anyOf": _distinct(seen(kind, schemas) for kind in q.QUERIES)},
                        {"a selection": examples.ANSWERS[q.AccountsByKey]},
                    ),
                    "Cache-Control",
                ),
                **problems(POSTED | {404}),
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
                    "description": "Tell what would be written, and write nothing.",
                    "required": False,
                    "schema": {"type": "boolean", "default": False},
                },
                *of_headers(*WHO, "idempotency"),
            ],
            "requestBody": body(Changeset, examples.CHANGESETS, schemas),
            "responses": {
                "200": answer(
                    "It had been written before: the first receipt. With `dry_run=true` what would be "
                    "written, or why it would not.",
                    content_of(
                        {"anyOf": [schemas.of(Receipt), schemas.of(Decision)]},
                        {
                            "it was written before": msgspec.structs.replace(examples.RECEIPT, repeated=True),
                            **examples.DECISIONS,
                        },
                    ),
                    "Cache-Control",
                ),
                "201": answer(
                    "It is written.",
                    content_of(schemas.of(Receipt), {"a receipt": examples.RECEIPT}),
                    "Cache-Control",
                    "Location",
                ),
                **problems(POSTED | {404, 409}),
            },
        },
        NOTES: {
            "operationId": "note",
            "summary": "Keep a note beside the history",
            "description": "Who has looked at what, and what an organisation says that it has done. Nobody's "
            "permissions change by it.",
            "tags": ["writing"],
            "parameters": of_headers(*WHO),
            "requestBody": body(AnyEntry, examples.ENTRIES, schemas),
            "responses": {
                "204": answer("It is kept.", None, "Cache-Control"),
                **problems(POSTED | {404}),
            },
        },
    }


def _distinct(found: Iterable[Schema]) -> list[Schema]:
    kept: list[Schema] = []
    for each in found:
        if each not in kept:
            kept.append(each)
    return kept


def open_to_all(schemas: Schemas) -> dict[str, Schema]:
    """Give the resources that are open to everybody, by their paths."""

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
                "200": answer(
                    "The ways that there are.",
                    content_of(schemas.of(SignInDocument), {"two ways": examples.SIGN_IN}),
                    "Cache-Control",
                ),
                **problems(EVER),
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
                "200": answer("It runs.", content_of(state("alive"), {}), "Cache-Control"),
                **problems(EVER),
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
                "200": answer("They are.", content_of(state("ready"), {}), "Cache-Control"),
                **problems(EVER - {503}),
                "503": answer(
                    f"They are not. {busy.said}",
                    content_of(state("not ready"), {}) | content_of(schemas.of(Problem), {}, MEDIA_TYPE),
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
            "parameters": of_headers("tag"),
            "responses": {
                "200": answer("The document.", content_of({"type": "object"}, {}), "ETag", "Cache-Control"),
                "304": UNCHANGED,
                **problems(EVER | {406}),
            },
            "security": [],
        },
        DOCS: {
            "operationId": "docs",
            "summary": "Give this document as a page to read",
            "description": "It loads nothing from elsewhere and needs no scripts.",
            "tags": ["the server"],
            "parameters": of_headers("tag"),
            "responses": {
                "200": answer("The page.", {HTML: {"schema": {"type": "string"}}}, "ETag", "Cache-Control"),
                "304": UNCHANGED,
                **problems(EVER | {406}),
            },
            "security": [],
        },
    }


def me(schemas: Schemas) -> Schema:
    """Give the resource that tells the caller who it is."""
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
        "parameters": of_headers("language"),
        "responses": {
            "200": answer(
                "Who the caller is.",
                content_of(schemas.of(Me), {"an administrator": example}),
                "Cache-Control",
            ),
            **problems(CLOSED),
        },
    }

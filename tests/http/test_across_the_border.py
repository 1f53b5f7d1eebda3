"""Attack: ids of another organisation, everywhere a request can hold one.

What the attacker has: an account of their own in Malmö, as administrator or as user, and ids of Sundsvall:
of the organisation, its accounts, HSA-ids, addresses, changesets, cursors of its lists. They leak all the
time, in mails and screen pictures.

What they try: each of them in each parameter, path, field of a body and header of every route, and look for
any difference between "exists elsewhere" and "does not exist".

What must happen: the answer is byte for byte that for an id of nobody, and nothing of Sundsvall is in it.

All of it is generated from the routes and the kinds of the core, so that a new one is attacked unasked.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import msgspec
import pytest

from core import changes as c
from core import queries as q
from core.identity import Id
from core.wire import encode
from storage.http.routes import (
    ACCOUNT_HEADER,
    CHANGES,
    CHANGESETS,
    NOTES,
    ORGANISATION_HEADER,
    QUESTIONS,
    ROLE_HEADER,
    ROUTES,
    Route,
    request_of,
)
from tests.builders import NORTH, SOUTH, SOUTH_ADMINISTRATOR, SOUTH_USER, SUPPORT, changeset
from tests.core import examples
from tests.http.front import Answer, Front

ATTACKERS = (SOUTH_ADMINISTRATOR, SOUTH_USER)

FOREIGN = (
    NORTH,
    "user-1",
    "seed-6",
    "TSTNMT2321000156-USER1",
    "elise@kommun.example",
    "Zetterström",
)
"""What is only in the north: ids, HSA-ids, an address and a name."""

SECRETS = tuple(each.encode() for each in ("Zetterström", "Nyström", "Sundsvall", "Öman", "Nyanställda"))
"""What no answer to anybody in the south may hold, but where they wrote it themselves."""


def made_up(text: str) -> str:
    """Give a text of the same form and length that nobody has."""
    digits = str.maketrans("0123456789", "9999999999")
    letters = str.maketrans("abcdefghijklmnopqrstuvwyxåäöé", "q" * 25 + "ü" * 4)
    made = text.translate(digits)[:-1] + ("8" if text[-1].isdecimal() else "q")
    return made if text.startswith("kommun-") else made.translate(letters)


def alike(answer: Answer, *asked: str) -> tuple[Any, ...]:
    """Give all of an answer, but for what it was asked with and the request's own id."""
    request_id = answer.one("x-request-id")
    body = answer.body.replace(request_id.encode(), b"<request>")
    for text in asked:
        body = body.replace(text.encode(), b"<asked>")
    kept = tuple((name, value.replace(request_id, "<request>")) for name, value in answer.headers)
    if b"<asked>" in body:
        # A tag is made of the body, in which the asked id stands.
        kept = tuple((name, value) for name, value in kept if name != "etag")
    assert not any(secret in body for secret in SECRETS), body
    return answer.status, kept, body


def name_of(route: Route) -> str:
    return route.path


def own(kind: type[q.Query[Any]]) -> q.Query[Any]:
    """Give a question of the attacker's own organisation."""
    return examples.QUERIES[kind](SOUTH)


def with_each_field(kind: type[q.Query[Any]], text: str) -> list[q.Query[Any]]:
    """Give the question once for each of its fields that can hold a text, with this text in it."""
    found: list[q.Query[Any]] = []
    for field in msgspec.structs.fields(kind):
        if field.type in (str, str | None):
            found.append(msgspec.structs.replace(own(kind), **{field.name: text}))
        elif field.type == frozenset[str]:
            found.append(msgspec.structs.replace(own(kind), **{field.name: frozenset({text})}))
    return found


def test_nobody_has_what_is_made_up() -> None:
    for text in FOREIGN:
        assert made_up(text) not in (*FOREIGN, SOUTH)
        assert len(made_up(text).encode()) == len(text.encode())


@pytest.mark.parametrize("route", ROUTES, ids=name_of)
async def test_a_foreign_id_in_any_place_of_a_question_is_as_one_of_nobody(
    server: Front, route: Route
) -> None:
    tried = 0
    for by, text in product(ATTACKERS, FOREIGN):
        nobodys = made_up(text)
        pairs = zip(with_each_field(route.kind, text), with_each_field(route.kind, nobodys), strict=True)
        for theirs, none in pairs:
            if request_of(theirs).method != "GET":
                continue
            answers = [await server.ask(by, "GET", request_of(each).target) for each in (theirs, none)]
            assert alike(answers[0], text) == alike(answers[1], nobodys), theirs
            tried += 1
            # And the same question posted whole.
            posted = [await server.ask(by, "POST", QUESTIONS, body=encode(each)) for each in (theirs, none)]
            assert alike(posted[0], text) == alike(posted[1], nobodys), theirs
    assert tried or not with_each_field(route.kind, NORTH)


@pytest.mark.parametrize("route", ROUTES, ids=name_of)
async def test_a_question_about_another_organisation_whole_is_as_about_none(
    server: Front, route: Route
) -> None:
    theirs = examples.QUERIES[route.kind](NORTH)
    if "organisation_id" not in route.kind.__struct_fields__ or request_of(theirs).method != "GET":
        return
    none = msgspec.structs.replace(theirs, organisation_id=made_up(NORTH))
    for by in ATTACKERS:
        answers = [await server.ask(by, "GET", request_of(each).target) for each in (theirs, none)]
        assert alike(answers[0], NORTH) == alike(answers[1], made_up(NORTH))
    # There is something that was kept from them.
    seen = await server.ask(SUPPORT, "GET", request_of(theirs).target)
    assert seen.status == 200


async def test_who_follows_another_organisation_hears_what_there_is_of_none(server: Front) -> None:
    for by, cursor in product(ATTACKERS, ("", f"&cursor={(await _place(server))}")):
        pages = [
            await server.ask(by, "GET", f"{CHANGES}?organisation_ids={each}{cursor}")
            for each in (NORTH, made_up(NORTH))
        ]
        assert alike(pages[0], NORTH) == alike(pages[1], made_up(NORTH))
        assert pages[0].json()["writes"] == []
        assert pages[0].json()["touched"] == []


async def _place(server: Front) -> str:
    """Give a cursor of support's, who follows the north."""
    answer = await server.ask(SUPPORT, "GET", f"{CHANGES}?organisation_ids={NORTH}")
    return str(answer.json()["cursor"])


async def test_a_cursor_of_another_organisations_list_opens_nothing(server: Front) -> None:
    """The cursor of a page is no secret and no key: it says where in one's own list to go on."""
    theirs = await server.ask(SUPPORT, "GET", f"/v1/organisations/{NORTH}/accounts?limit=2")
    cursor = theirs.json()["after"]
    assert cursor
    for path in (f"/v1/organisations/{SOUTH}/accounts", "/v1/accounts"):
        for direction in ("after", "before"):
            answer = await server.ask(
                SOUTH_ADMINISTRATOR, "GET", f"{path}?cursor={cursor}&direction={direction}"
            )
            assert not any(secret in answer.body for secret in SECRETS)
            if answer.status == 200:
                found = {row["account"]["organisation_id"] for row in answer.json()["rows"]}
                assert found <= {SOUTH}
            else:
                assert answer.told() == (422, "cursor")
    theirs = await server.ask(SUPPORT, "GET", f"/v1/organisations/{NORTH}/writes?limit=2")
    answer = await server.ask(
        SOUTH_ADMINISTRATOR, "GET", f"/v1/organisations/{SOUTH}/writes?cursor={theirs.json()['after']}"
    )
    assert not any(secret in answer.body for secret in SECRETS)


# Writes --------------------------------------------------------------------------------------------


def with_each_id(change: c.AnyChange, text: str) -> list[c.AnyChange]:
    """Give a change once for each of its fields that can hold an id, with this id in it."""
    found: list[c.AnyChange] = []
    for field in msgspec.structs.fields(change):
        if field.type in (Id, Id | None):
            found.append(msgspec.structs.replace(change, **{field.name: Id(text)}))
        elif field.type == tuple[Id, ...]:
            found.append(msgspec.structs.replace(change, **{field.name: (Id(text),)}))
    return found


@pytest.mark.parametrize("kind", c.CHANGES)
async def test_a_write_with_a_foreign_id_is_refused_as_one_of_nobody(
    server: Front, kind: type[c.Change]
) -> None:
    _, change = examples.CHANGES[kind]
    if kind is not c.RegisterAccount and "account_id" in kind.__struct_fields__:
        change = msgspec.structs.replace(change, account_id=Id("south-user"))
    for by, text in product(ATTACKERS, (NORTH, "user-1", "seed-6")):
        nobodys = made_up(text)
        pairs = [
            *zip(
                (changeset(SOUTH, each, id="mine") for each in with_each_id(change, text)),
                (changeset(SOUTH, each, id="mine") for each in with_each_id(change, nobodys)),
                strict=True,
            ),
            (
                changeset(SOUTH, change, id="mine", undoes=text),
                changeset(SOUTH, change, id="mine", undoes=nobodys),
            ),
        ]
        if text == NORTH:
            pairs.append((changeset(text, change, id="mine"), changeset(nobodys, change, id="mine")))
        for theirs, none in pairs:
            answers = [
                await server.ask(by, "POST", f"{CHANGESETS}?dry_run=true", body=encode(each))
                for each in (theirs, none)
            ]
            assert alike(answers[0], text) == alike(answers[1], nobodys), theirs


async def test_the_id_of_a_foreign_changeset_is_free_for_ones_own(server: Front) -> None:
    """Else who tries an id would learn whether somebody in another organisation has written under it."""
    _, change = examples.CHANGES[c.RegisterAccount]
    for id_ in ("seed-6", made_up("seed-6")):
        wanted = changeset(SOUTH, msgspec.structs.replace(change, account_id=Id("my-own")), id=id_)
        rehearsed = await server.ask(
            SOUTH_ADMINISTRATOR, "POST", f"{CHANGESETS}?dry_run=true", body=encode(wanted)
        )
        assert rehearsed.json()["refusals"] == []
    written = await server.ask(
        SOUTH_ADMINISTRATOR,
        "POST",
        CHANGESETS,
        body=encode(changeset(SOUTH, msgspec.structs.replace(change, account_id=Id("own")), id="seed-6")),
    )
    assert (written.status, written.json()["organisation_id"]) == (201, SOUTH)


@pytest.mark.parametrize("kind", list(examples.ENTRIES))
async def test_a_note_with_a_foreign_id_is_answered_as_one_of_nobody(server: Front, kind: type[Any]) -> None:
    theirs = examples.ENTRIES[kind](NORTH)
    none = msgspec.structs.replace(theirs, organisation_id=Id(made_up(NORTH)))
    for by in ATTACKERS:
        answers = [await server.ask(by, "POST", NOTES, body=encode(each)) for each in (theirs, none)]
        assert alike(answers[0], NORTH) == alike(answers[1], made_up(NORTH))
    for by, text in product(ATTACKERS, ("user-1", "seed-6")):
        for field in msgspec.structs.fields(kind):
            pair = [
                encode(msgspec.structs.replace(examples.ENTRIES[kind](SOUTH), **{field.name: value}))
                for each in (text, made_up(text))
                for value in [(Id(each),) if field.type == tuple[Id, ...] else Id(each)]
            ]
            answers = [await server.ask(by, "POST", NOTES, body=each) for each in pair]
            assert alike(answers[0], text) == alike(answers[1], made_up(text)), field.name


# Headers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [ORGANISATION_HEADER, ACCOUNT_HEADER, ROLE_HEADER])
async def test_the_headers_that_choose_an_account_choose_only_among_ones_own(
    server: Front, name: str
) -> None:
    others = (*(each for each in FOREIGN if each.isascii()), "support", "installation", "system")
    for by, text in product(ATTACKERS, others):
        answers = [
            await server.ask(by, "GET", f"/v1/organisations/{SOUTH}", headers=[(name, each)])
            for each in (text, made_up(text))
        ]
        assert answers[0].told() == (403, "actor_gone")
        assert alike(answers[0], text) == alike(answers[1], made_up(text))

"""How much a server puts up with, and how it says so: statuses, headers and sentences of what is refused."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core import changes as c
from core.ports import StorageError
from core.queries import NewsSince
from core.refusal import Refusal
from storage.http.client import HttpStorage
from storage.http.server.limits import MOST_REMEMBERED, Buckets, Rate
from tests.builders import (
    NORTH,
    NORTH_ADMINISTRATOR,
    NOW,
    SOUTH,
    SOUTH_ADMINISTRATOR,
    SUPPORT,
    changeset,
    dismiss,
)
from tests.contract.remote import GENEROUS, Name
from tests.http.front import Front, front, hsa_id_of
from tests.http.streams import following
from tui.assemble.serving import in_language

HERE = f"/v1/organisations/{NORTH}"


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def limited(server: Front, **rates: Rate) -> Clock:
    """Give a server other rates, and a clock for them."""
    clock, served = Clock(), server.remote.served
    for name, rate in rates.items():
        setattr(served, name, Buckets(rate, clock))
    return clock


async def test_one_credential_is_told_when_to_come_again_and_another_is_answered(server: Front) -> None:
    clock = limited(server, callers=Rate(each_second=0.5, at_once=3))
    answers = [await server.ask(NORTH_ADMINISTRATOR, "GET", HERE) for _ in range(4)]
    assert [each.status for each in answers] == [200, 200, 200, 429]
    assert answers[3].told() == (429, "too_many_requests")
    assert answers[3].one("retry-after") == "2"
    # The key in these tests is made of the length of the HSA-id: support's is another.
    assert (await server.ask(SUPPORT, "GET", HERE)).status == 200
    clock.now += 2
    assert (await server.ask(NORTH_ADMINISTRATOR, "GET", HERE)).status == 200
    assert (await server.ask(NORTH_ADMINISTRATOR, "GET", HERE)).status == 429


async def test_one_source_is_told_so_before_anything_is_looked_at(server: Front) -> None:
    limited(server, sources=Rate(each_second=1, at_once=2))
    asked = [await server.ask(SUPPORT, "GET", HERE, peer=("192.0.2.1", each)) for each in range(3)]
    assert [each.status for each in asked] == [200, 200, 429]
    assert (await server.ask(SUPPORT, "GET", "/v1/nothing", peer=("192.0.2.1", 9))).status == 429
    assert (await server.ask(SUPPORT, "GET", HERE, peer=("192.0.2.2", 1))).status == 200


def test_attack_more_addresses_than_can_be_remembered() -> None:
    """The attacker has a network of their own with more addresses than there is memory."""
    clock = Clock()
    buckets = Buckets(Rate(each_second=1, at_once=2), clock)
    for number in range(MOST_REMEMBERED + 5_000):
        buckets.wait(f"2001:db8::{number:x}")
    assert len(buckets) == MOST_REMEMBERED
    # Who comes all the while is not forgotten for it.
    often = Buckets(Rate(each_second=0.001, at_once=2), clock, most=100)
    refused = 0
    for number in range(1000):
        often.wait(f"10.0.0.{number}")
        refused += often.wait("192.0.2.1") > 0
    assert refused == 998


async def test_when_the_storage_has_enough_to_do_the_next_is_told_to_wait(server: Front) -> None:
    turnstile = server.remote.served.turnstile
    turnstile.inside = server.remote.served.limits.at_work
    for method, target, body in (
        ("GET", HERE, None),
        ("POST", "/v1/changesets", b"{}"),
        ("GET", "/v1/me", None),
    ):
        answer = await server.ask(NORTH_ADMINISTRATOR, method, target, body=body)
        assert answer.told() == (503, "server_busy")
        assert answer.one("retry-after") == "1"
    assert (await server.ask(None, "GET", "/healthz")).status == 200
    turnstile.inside = 0
    assert (await server.ask(NORTH_ADMINISTRATOR, "GET", HERE)).status == 200
    assert turnstile.inside == 0


ASKED: dict[str, tuple[int, str, str, str, dict[str, str], bytes | None]] = {
    "an address that is not": (404, "no_such_address", "GET", "/v1/nothing", {}, None),
    "a method that is not": (405, "no_such_method", "DELETE", HERE, {}, None),
    "a page that nobody makes": (406, "not_acceptable", "GET", HERE, {"accept": "text/html"}, None),
    "weighed to nothing": (406, "not_acceptable", "GET", HERE, {"accept": "application/json;q=0.0"}, None),
    "too much": (413, "body_too_large", "POST", "/v1/notes", {}, b" " * 1_000_001),
    "an address that is too long": (
        414,
        "parameters_too_long",
        "GET",
        f"{HERE}?{'a=1&' * 9000}a=1",
        {},
        None,
    ),
    "not JSON": (415, "media_type", "POST", "/v1/changesets", {"content-type": "text/plain"}, b"{}"),
    "a form": (
        *(415, "media_type", "POST", "/v1/changesets"),
        {"content-type": "application/x-www-form-urlencoded"},
        b"a=b",
    ),
    "packed": (
        *(415, "media_type", "POST", "/v1/changesets"),
        {"content-type": "application/json", "content-encoding": "gzip"},
        gzip.compress(b"{}"),
    ),
    "no sign-in": (401, "not_signed_in", "GET", HERE, {"authorization": ""}, None),
    "not an object": (400, "form", "POST", "/v1/changesets", {}, b"[]"),
    "not UTF-8": (400, "form", "POST", "/v1/changesets", {}, b'{"id":"\xff"}'),
    "a name twice": (400, "form", "POST", "/v1/changesets", {}, b'{"id":"a","id":"b"}'),
}


@pytest.mark.parametrize("what", ASKED)
async def test_what_is_refused_is_told_as_a_problem_in_both_languages(server: Front, what: str) -> None:
    status, code, method, target, headers, body = ASKED[what]
    server.remote.served.sentence = in_language
    by = None if "authorization" in headers else NORTH_ADMINISTRATOR
    sent = [(name, value) for name, value in headers.items() if value]
    said = {}
    for language in ("sv", "en", "en-GB;q=0.5, sv;q=0.4", "fi"):
        answer = await server.ask(
            by, method, target, headers=[*sent, ("accept-language", language)], body=body
        )
        assert answer.told() == (status, code)
        said[language] = answer.json()["detail"]
        assert answer.one("content-language") == ("en" if language.startswith("en") else "sv")
        assert answer.one("cache-control") == "no-store"
        assert answer.one("x-content-type-options") == "nosniff"
        assert len(answer.json()["request_id"]) == 24
    assert len(set(said.values())) == 2
    assert said["sv"] == said["fi"] != said["en"]
    assert all(len(each) > 10 and code not in each for each in said.values()), said


async def test_a_long_id_is_not_there_and_no_more_of_it_comes_back_than_an_id_can_be(server: Front) -> None:
    long = "a" * 5_000
    for target in (f"{HERE}/accounts/{long}", f"/v1/organisations/{long}", f"{HERE}/writes/{long}/inverse"):
        answer = await server.ask(NORTH_ADMINISTRATOR, "GET", target)
        assert answer.status in (200, 404), target
        assert b"not_found" in answer.body
        assert b"a" * 200 in answer.body
        assert b"a" * 201 not in answer.body


async def test_json_that_breaks_is_told_with_the_place_where_it_does(server: Front) -> None:
    server.remote.served.sentence = in_language
    for body, told in (
        (b'{"id": "a",\n "changes": [}', "it stops being JSON at line 2, column 14."),
        ('{"id": "a", "note": "åäö", x'.encode(), "it stops being JSON at line 1, column 28."),
        (b'{"id": "a", "z": 1}', "there is no field $.z; look at its spelling, or update behorig."),
        (b'{"id": "a"}', "the field $.organisation_id is missing; add it, or update behorig."),
        (b"[]", "the whole holds something else than it should; look there, or update behorig."),
    ):
        answer = await server.ask(
            NORTH_ADMINISTRATOR, "POST", "/v1/changesets", headers=[("accept-language", "en")], body=body
        )
        assert answer.told() == (400, "form")
        assert answer.json()["detail"] == f"The data cannot be read: {told}"


async def test_what_is_as_it_was_is_not_sent_again(server: Front) -> None:
    target = f"{HERE}/accounts"
    first = await server.ask(NORTH_ADMINISTRATOR, "GET", target)
    tag = first.one("etag")
    for given in (tag, f"W/{tag}", f'"x", {tag}', tag.replace('"', '"', 1)):
        again = await server.ask(NORTH_ADMINISTRATOR, "GET", target, headers=[("if-none-match", given)])
        assert (again.status, again.body, again.one("etag")) == (304, b"", tag)
    # A tag is not a key: who may not see it is told what they are told anyhow.
    theirs = await server.ask(SOUTH_ADMINISTRATOR, "GET", target, headers=[("if-none-match", tag)])
    assert theirs.status == 200
    assert theirs.json()["rows"] == []
    assert "authorization" in first.one("vary").lower()
    assert first.one("cache-control") == "private, no-cache"


async def test_large_answers_are_packed_for_whoever_takes_it(server: Front) -> None:
    target = "/v1/accounts?standing=any"
    plain = await server.ask(SUPPORT, "GET", target)
    packed = await server.ask(SUPPORT, "GET", target, headers=[("accept-encoding", "br, gzip;q=0.5")])
    assert plain.all("content-encoding") == []
    assert packed.one("content-encoding") == "gzip"
    assert packed.one("etag") != plain.one("etag")
    assert int(packed.one("content-length")) < len(plain.body) / 2
    refused = await server.ask(SUPPORT, "GET", target, headers=[("accept-encoding", "gzip;q=0")])
    assert refused.all("content-encoding") == []
    for headers in ([("accept-encoding", "gzip")], []):
        again = await server.ask(
            SUPPORT, "GET", target, headers=[*headers, ("if-none-match", packed.one("etag"))]
        )
        assert again.status == 304


async def test_head_tells_what_get_would_and_sends_nothing(server: Front) -> None:
    for target in (HERE, f"{HERE}/accounts", "/v1/me", "/healthz", "/v1/nothing", "/v1/sign-in"):
        got = await server.ask(NORTH_ADMINISTRATOR, "GET", target)
        head = await server.ask(NORTH_ADMINISTRATOR, "HEAD", target)
        assert (head.status, head.body) == (got.status, b"")
        kept = [
            {name: value for name, value in each.headers if name != "x-request-id"} for each in (got, head)
        ]
        assert kept[0] == kept[1]
    # To follow by HEAD would hold a connection for nothing.
    assert (await server.ask(NORTH_ADMINISTRATOR, "HEAD", "/v1/changes")).status == 405


# Who follows ---------------------------------------------------------------------------------------


FOLLOW = f"/v1/changes?organisation_ids={NORTH}"
EVENTS = [("accept", "text/event-stream")]


async def test_one_credential_follows_so_often_and_no_more(folder: Path) -> None:
    limits = msgspec.structs.replace(GENEROUS, streams_each=2, streams=3)
    async with front(folder, limits) as server:
        async with following(server, SUPPORT, FOLLOW) as one, following(server, SUPPORT, FOLLOW):
            await one.news()
            third = await server.ask(SUPPORT, "GET", FOLLOW, headers=EVENTS)
            assert third.told() == (429, "too_many_streams")
            assert int(third.one("retry-after")) >= 1
            async with following(server, NORTH_ADMINISTRATOR, FOLLOW):
                # Of all of them there are enough now, for a credential that has none yet as well.
                assert (await server.ask("SE0", "GET", FOLLOW, headers=EVENTS)).status in (403, 503)
        async with following(server, SUPPORT, FOLLOW) as again:
            assert await again.news()


async def test_a_stream_ends_when_access_is_taken_away(folder: Path) -> None:
    limits = msgspec.structs.replace(GENEROUS, heartbeat=0.1, recheck=0.1)
    async with front(folder, limits) as server, following(server, NORTH_ADMINISTRATOR, FOLLOW) as stream:
        await stream.news()
        dismissed = changeset(NORTH, dismiss("admin-1"), id="dismissed")
        receipt = await server.remote.backing.commit(dismissed, SUPPORT, NOW)
        assert isinstance(receipt, c.Receipt), receipt
        name, data = await stream.event()
        assert (name, json.loads(data)) == ("end", {"code": "actor_gone"})
        assert await stream.ended()


async def test_a_client_whose_stream_was_ended_says_why(folder: Path) -> None:
    async with front(folder) as server:
        client = HttpStorage(
            "http://localhost:8080", Name(hsa_id_of(SUPPORT)), transport=server.remote.transport
        )
        told = client.follow(NewsSince(organisation_ids=frozenset({NORTH})), SUPPORT)
        await anext(told)
        server.remote.served.stopping.set()
        with pytest.raises(StorageError) as caught:
            await anext(told)
        assert caught.value.refusal == Refusal("server_away", "storage", {"server": "localhost"})
        await client.close()


# The log -------------------------------------------------------------------------------------------


async def test_the_log_holds_nothing_of_anybody(server: Front) -> None:
    """No name, HSA-id, address, search term, account or token, whatever goes well or wrong."""
    bodies: list[Any] = [
        {"id": "x", "organisation_id": NORTH, "changes": [], "note": "Hemlig anteckning"},
        {"kind": "accounts", "day": "2026-11-23", "search": "zetterström"},
    ]
    for by in (SUPPORT, NORTH_ADMINISTRATOR, SOUTH_ADMINISTRATOR, None):
        for target in (
            f"{HERE}/accounts?search=zetterstr%C3%B6m",
            f"{HERE}/accounts/user-2",
            f"{HERE}/accounts/user-2?zetterstr=1",
            "/v1/zetterstr/user-2",
            f"{HERE}/accounts-by-hsa-id?day=2026-11-23&hsa_ids=TSTNMT2321000156-USER1",
        ):
            await server.ask(by, "GET", target, headers=[("user-agent", "Hemlig"), ("x-a", "user-2")])
        for body in bodies:
            await server.ask(by, "POST", "/v1/questions", body=json.dumps(body).encode())
            await server.ask(by, "POST", "/v1/changesets", body=json.dumps(body).encode())
    log = server.remote.log.getvalue()
    assert log.count("\n") > 30
    for secret in ("etterstr", "TSTNMT", "user-2", "Hemlig", "USER1", "127.0.0.1", SOUTH, NORTH):
        assert secret not in log, secret

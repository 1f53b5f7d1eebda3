"""The OpenAPI document and the page made of it: right, whole, the same every time, and open to everybody."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from collections.abc import AsyncGenerator
from html.parser import HTMLParser
from typing import Any

import httpx
import jsonschema_rs
import pytest
import schemathesis

from core.queries import ContactOn
from core.refusal import WrongValueError
from storage.http.routes import DOCS, OPENAPI, ROUTES, question_of
from storage.http.server.openapi.document import document, document_bytes
from storage.http.server.openapi.page import page
from storage.http.server.openapi.schemas import references
from tests.builders import NOW, TODAY
from tests.contract.described import statuses_of
from tests.contract.remote import Remote
from tests.model import Model

ALL = [operation for methods in document()["paths"].values() for operation in methods.values()]
OPERATIONS = [pytest.param(operation, id=operation["operationId"]) for operation in ALL]


@pytest.fixture
async def client() -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=Remote(Model()).transport, base_url="http://localhost") as found:
        yield found


def test_the_document_is_valid_openapi() -> None:
    schemathesis.openapi.from_dict(document()).validate()
    broken = json.loads(document_bytes())
    del broken["info"]["title"]
    with pytest.raises(jsonschema_rs.ValidationError):
        schemathesis.openapi.from_dict(broken).validate()


def test_the_document_is_the_same_in_every_process() -> None:
    code = (
        "import sys; from storage.http.server.openapi.document import document_bytes;"
        "sys.stdout.buffer.write(document_bytes())"
    )
    for seed in ("1", "2"):
        made = subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, env={"PYTHONHASHSEED": seed}
        )
        assert made.stdout == document_bytes()


@pytest.mark.parametrize(("path", "media_type"), [(OPENAPI, "application/json"), (DOCS, "text/html")])
async def test_it_is_open_to_everybody_and_kept_by_its_tag(
    client: httpx.AsyncClient, path: str, media_type: str
) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.content == (document_bytes() if path == OPENAPI else page())
    again = await client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    refused = await client.get(path, headers={"Accept": "image/png"})
    assert refused.status_code == 406


def test_all_that_is_referred_to_is_there_and_all_that_is_there_is_referred_to() -> None:
    parts = {
        name
        for kind in ("schemas", "parameters", "headers", "responses")
        for name in document()["components"][kind]
    }
    assert set(references(document())) == parts


def _resolve(part: Any) -> Any:
    while isinstance(part, dict) and "$ref" in part:
        found: Any = document()
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_example_follows_its_schema(operation: dict[str, Any]) -> None:
    held = [_resolve(answer).get("content", {}) for answer in operation["responses"].values()]
    held.append(operation.get("requestBody", {}).get("content", {}))
    for media in (each for content in held for each in content.values()):
        whole = {**media["schema"], "components": document()["components"]}
        for name, example in media.get("examples", {}).items():
            errors = jsonschema_rs.validator_for(whole).iter_errors(example["value"])
            assert [error.message for error in errors] == [], name


def test_a_status_that_is_not_described_would_be_seen() -> None:
    assert 418 not in statuses_of("GET", "/v1/accounts")
    assert 200 in statuses_of("HEAD", "/v1/accounts")
    assert statuses_of("GET", "/nowhere") == {404, 429}
    assert 405 in statuses_of("DELETE", "/v1/accounts")


class _Seen(HTMLParser):
    """What stands in the page: elements, ids, and what is linked to."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    seen = _Seen()
    seen.feed(page().decode())
    assert {tag for tag, _ in seen.elements}.isdisjoint(
        {"script", "link", "img", "iframe", "object", "form", "base"}
    )
    for _, attributes in seen.elements:
        assert "src" not in attributes
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        assert (attributes.get("href") or OPENAPI).startswith(("#", OPENAPI))
    assert b"url(" not in page()
    assert b"@import" not in page()


async def test_the_policy_lets_the_page_have_its_own_style_only(client: httpx.AsyncClient) -> None:
    answer = await client.get(DOCS)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "script" not in policy


def test_the_page_can_be_read_by_headings_landmarks_and_tables() -> None:
    seen = _Seen()
    seen.feed(page().decode())
    tags = [tag for tag, _ in seen.elements]
    assert [tags.count(each) for each in ("h1", "main", "nav", "header")] == [1, 1, 1, 1]
    assert tags.count("table") == tags.count("caption") == tags.count("thead")
    ids = [attributes["id"] for _, attributes in seen.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {
        (attributes.get("href") or "")[1:]
        for _, attributes in seen.elements
        if (attributes.get("href") or "").startswith("#")
    }
    assert targets <= set(ids)
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert {f"operation-{operation['operationId']}" for operation in ALL} <= set(ids)


@pytest.mark.parametrize("day", ["2026-W01-1", "2026-1-001", "20260101--"])
def test_a_day_in_another_form_than_described_is_refused(day: str) -> None:
    route = next(route for route in ROUTES if route.kind is ContactOn)
    with pytest.raises(WrongValueError):
        question_of(route, {}, f"day={day}".encode(), (TODAY, NOW))

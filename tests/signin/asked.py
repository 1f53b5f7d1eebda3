"""Requests as a server would put them to a way to sign in, and how one is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from core.refusal import Refusal
from storage.http.callers import Call, Caller, NotSignedInError, SignIn

NOW = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
PERSON = "SE5565594230-1337"


def call(*headers: tuple[str, str], peer: str | None = "192.0.2.1") -> Call:
    """Make a request with headers, in their order."""
    return Call(headers=tuple((name.encode(), value.encode()) for name, value in headers), peer=peer)


def with_bearer(token: str) -> Call:
    """Make a request with a bearer token."""
    return call(("authorization", f"Bearer {token}"))


async def let_in(way: SignIn, request: Call, now: datetime = NOW) -> Caller:
    """Give who is let in."""
    found = await way.caller(request, now)
    assert found is not None
    return found


async def refused(way: SignIn, request: Call, now: datetime = NOW) -> Refusal:
    """Give why a request is refused, and see to it that no word of its headers is told."""
    with pytest.raises(NotSignedInError) as caught:
        await way.caller(request, now)
    told = f"{caught.value}{caught.value.refusal}{caught.value!r}"
    secrets = [value.decode().split(" ")[-1] for _, value in request.headers]
    assert_silent(told, secrets)
    return caught.value.refusal


def assert_silent(told: str, secrets: Sequence[str]) -> None:
    """Assert that a text holds none of some secrets, nor a long piece of one."""
    for secret in secrets:
        for start in range(0, max(1, len(secret) - 24), 12):
            assert len(secret) < 24 or secret[start : start + 24] not in told

"""A server of an earlier version: what it does not know is left out, and one can work."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx

from storage.http.client import HttpStorage
from storage.open import open_storage
from tests.contract.remote import InProcess, Name, Remote
from tests.screens.house import EVA, MORNING, PRESCHOOL, House
from tests.screens.visit import visiting
from tui.line.ask_profile import remembered
from tui.looks import HIGH_CONTRAST, SCREEN_READER, Choice
from tui.settings import Settings
from tui.wishes import LooksFile, Wishes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    import pytest

    from core.ports import Storage
    from tui.session import Session

DAY = "2024-01-30T10:00:00+00:00"


class Older(httpx.AsyncBaseTransport):
    """A server that knows nothing of preferences: it answers about them as about what no server knows."""

    def __init__(self, app: object) -> None:
        """Stand before a server of today."""
        self._today = InProcess(app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Let today's server answer, of an address and of a kind of note that it does not have."""
        url, body = request.url, await request.aread()
        if url.path == "/v1/preferences":
            url = url.copy_with(path="/v1/what-comes-later")
        elif url.path == "/v1/notes" and json.loads(body)["kind"] == "preferences_chosen":
            body = body.replace(b"preferences_chosen", b"what_comes_later")
        headers = [(name, value) for name, value in request.headers.raw if name.lower() != b"content-length"]
        asked = httpx.Request(request.method, url, headers=headers, content=body)
        return await self._today.handle_async_request(asked)


async def opened(house: House) -> tuple[Storage, Storage]:
    """Give what the server keeps all in, and Eva's storage, over HTTP."""
    backing = await open_storage(str(house.path))
    remote = Remote(backing)
    remote.now = MORNING
    return backing, HttpStorage("http://localhost:8080", Name(EVA), transport=Older(remote.app))


@asynccontextmanager
async def older(house: House) -> AsyncGenerator[Storage]:
    """Give Eva's storage over HTTP; the program closes it."""
    backing, storage = await opened(house)
    yield storage
    await backing.close()


async def test_one_works_and_what_is_chosen_is_kept_on_this_machine(house: House, tmp_path: Path) -> None:
    here = LooksFile(tmp_path / "here", "http://localhost:8080", EVA)
    here.keep(Choice(SCREEN_READER, {}, DAY))
    wishes = Wishes(None, here.read(), here)
    async with older(house) as storage, visiting(house, storage=storage, wishes=wishes) as visit:
        await visit.sees(" Skärmläsarläge, F1 hjälper, valt 30 januari 2024.", "Annerstedt, Åke")
        await visit.until(lambda: wishes.is_unknown_there, "the answer about what was chosen")
        # Nobody asked for it, so nothing is said, and what this machine knows holds.
        assert [told.text for told in visit.app.messages if told.problem] == []
        await visit.press("f9", "home", "down", "down", "enter")
        await visit.sees(
            "Profil: Hög kontrast. Det är bara sparat på den här datorn: servern har en tidigare version"
        )
        assert [told.text for told in visit.app.messages if told.problem] == []
        # One works as ever.
        await visit.press("down", "2", "home", "enter")
        await visit.sees("Åke Annerstedt", "1 ej skriven")
        await visit.press("f8", "f8", "enter")
        await visit.sees("1 ändring är skriven.")
    assert await house.has("ake") == {PRESCHOOL}
    known = here.read()
    assert known is not None
    assert known.profile == HIGH_CONTRAST


async def test_where_nothing_can_be_kept_it_holds_for_now(house: House) -> None:
    async with older(house) as storage, visiting(house, storage=storage, wishes=Wishes()) as visit:
        await visit.sees("Annerstedt, Åke")
        await visit.until(lambda: visit.app.wishes.is_unknown_there, "the answer about what was chosen")
        await visit.press("f9", "home", "down", "enter")
        await visit.sees("Skärmläsarläge", "Det kunde inte sparas till nästa gång.")


def test_the_first_start_asks_where_the_server_remembers_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def connect(_settings: Settings, *, with_drafts: bool) -> Session:
        assert not with_drafts
        return await house.connect(storage=(await opened(house))[1])

    monkeypatch.setattr("tui.assemble.session.connect", connect)
    assert remembered(Settings()) == Choice()

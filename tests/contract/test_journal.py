"""What is noted beside the history, on every storage: by whom, about whom, and who may read it."""

import msgspec
import pytest

from core.changes import DismissSupport
from core.directory import AUTHORITY, Role
from core.identity import Id
from core.journal import ENTRIES, CardSeen, Entry
from core.ports import Refused, Storage
from core.queries import AccountById, CardView, CardViews
from core.refusal import NotAllowedError, Refusal
from core.service import Service
from tests.builders import (
    ACTORS,
    NORTH,
    NORTH_ADMINISTRATOR,
    NOW,
    SOUTH,
    SOUTH_ADMINISTRATOR,
    SUPPORT,
    TODAY,
)
from tests.contract.window import Window, assert_same, share_of
from tests.core import examples
from tests.core.conftest import WRITTEN

KINDS = pytest.mark.parametrize("kind", ENTRIES)


def test_every_kind_of_note_has_an_example() -> None:
    assert set(examples.ENTRIES) == set(examples.NOBODYS_ENTRIES) == set(ENTRIES)


def test_a_kind_of_note_that_does_not_say_who_leaves_it_cannot_be_defined() -> None:
    with pytest.raises(TypeError, match="left_by"):

        class Unguarded(Entry, frozen=True, kw_only=True, tag="unguarded"):
            pass


@KINDS
async def test_a_note_does_the_same_everywhere(storage: Storage, kind: type[Entry]) -> None:
    model = WRITTEN.copy()
    entry = examples.ENTRIES[kind](NORTH)
    by = next(
        each
        for each in ACTORS
        if each.role in kind.left_by and (each.organisation_id == NORTH or not kind.is_own)
    )
    assert await storage.note(entry, by, NOW) is None
    assert await model.note(entry, by, NOW) is None
    await assert_same(storage, model, share_of(storage))


@KINDS
async def test_a_note_is_left_by_the_declared_roles_only(storage: Storage, kind: type[Entry]) -> None:
    for by in ACTORS:
        for organisation_id in (NORTH, SOUTH):
            answer = await storage.note(examples.ENTRIES[kind](organisation_id), by, NOW)
            everywhere = examples.is_everywhere(by) and not kind.is_own
            at_home = everywhere or by.organisation_id == organisation_id
            if not at_home:
                assert answer == Refused((Refusal("not_found", organisation_id),))
            elif by.role in kind.left_by:
                assert answer is None
            else:
                assert answer is not None
                assert [each.code for each in answer.refusals] == ["not_your_role"]


@KINDS
async def test_a_note_about_what_is_not_there_is_not_found(storage: Storage, kind: type[Entry]) -> None:
    by = next(each for each in ACTORS if each.role in kind.left_by)
    nobodys = msgspec.structs.replace(examples.ENTRIES[kind](NORTH), organisation_id=Id(examples.NOBODY))
    for entry in (nobodys, examples.NOBODYS_ENTRIES[kind](NORTH)):
        answer = await storage.note(entry, by, NOW)
        assert answer is not None
        assert [each.code for each in answer.refusals] == ["not_found"]


def _service(storage: Storage, by: str = "support") -> Service:
    actor = SUPPORT if by == "support" else NORTH_ADMINISTRATOR
    return Service(storage, actor, lambda: NOW, lambda: "id")


async def _views(window: Window, organisation_id: str = NORTH) -> tuple[CardView, ...]:
    return (await window.ask(CardViews(organisation_id=organisation_id), SUPPORT)).rows


async def test_what_support_sees_of_a_person_is_logged_and_what_an_administrator_sees_is_not(
    storage: Storage, window: Window
) -> None:
    before = await _views(window)
    query = AccountById(day=TODAY, organisation_id=NORTH, account_id="user-2")
    assert await _service(storage, "administrator").ask(query) is not None
    assert await _views(window) == before
    assert await _service(storage).ask(query) is not None
    newest, *rest = await _views(window)
    assert (newest.by, newest.actor_id, newest.account_id) == (SUPPORT.name, SUPPORT.account_id, "user-2")
    assert tuple(rest) == before


async def test_a_card_that_is_not_there_leaves_no_note(storage: Storage, window: Window) -> None:
    before = await _views(window)
    query = AccountById(day=TODAY, organisation_id=NORTH, account_id="nobody")
    assert await _service(storage).ask(query) is None
    assert await _views(window) == before


async def test_who_was_dismissed_from_support_sees_no_card(storage: Storage, window: Window) -> None:
    await window.write(DismissSupport(account_id=Id(SUPPORT.account_id)), by=SUPPORT, at=AUTHORITY)
    query = AccountById(day=TODAY, organisation_id=NORTH, account_id="user-2")
    with pytest.raises(NotAllowedError) as caught:
        await _service(storage).ask(query)
    assert caught.value.refusal.code == "actor_gone"


async def test_administrators_see_who_looked_at_their_own_and_at_nobody_elses(window: Window) -> None:
    own = await window.ask(CardViews(organisation_id=NORTH), NORTH_ADMINISTRATOR)
    assert [row.account_id for row in own.rows] == ["user-3", "user-1"]
    assert (await window.ask(CardViews(organisation_id=NORTH), SOUTH_ADMINISTRATOR)).rows == ()
    one = await window.ask(CardViews(organisation_id=NORTH, account_id="user-1"), NORTH_ADMINISTRATOR)
    assert [row.account_id for row in one.rows] == ["user-1"]
    assert Role.USER not in CardViews.asked_by


async def test_the_access_log_is_paged_both_ways(window: Window) -> None:
    for account_id in ("user-2", "user-4", "user-5"):
        entry = CardSeen(organisation_id=Id(NORTH), account_id=Id(account_id))
        assert await window.storage.note(entry, SUPPORT, NOW) is None
    query = CardViews(organisation_id=NORTH, limit=2)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = await window.ask(msgspec.structs.replace(query, cursor=cursor))
        seen.extend(row.account_id for row in page.rows)
        if page.after is None:
            break
        cursor = page.after
    assert seen == ["user-5", "user-4", "user-2", "user-3", "user-1"]
    assert page.before is not None
    back = await window.ask(msgspec.structs.replace(query, cursor=page.before))
    assert [row.account_id for row in back.rows] == ["user-2", "user-3"]

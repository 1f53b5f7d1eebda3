"""Every kind of change and question on every storage, in every role, across the border.

All of it is generated from the lists of the core, so that a new kind is tried, or fails for want of an
example, without being listed here.
"""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from core import changes as c
from core import queries as q
from core.changes import Receipt
from core.directory import AUTHORITY, Actor, Role
from core.ports import Refused, Storage
from core.refusal import Refusal
from core.text import shown
from tests.builders import (
    ACTORS,
    NORTH,
    NORTH_USER,
    NOW,
    SHARED_ID,
    SOUTH,
    SOUTH_ADMINISTRATOR,
    SOUTH_USER,
    SUPPORT,
    TODAY,
    changeset,
)
from tests.contract.implementations import Opened
from tests.contract.window import QUESTIONS, Window, assert_same, plain, share_of
from tests.core import examples
from tests.core.conftest import WRITTEN

CHANGES = pytest.mark.parametrize("kind", c.CHANGES)
QUERIES = pytest.mark.parametrize("kind", q.QUERIES)


def right_role(kind: type[c.Change], organisation_id: str) -> Actor:
    """Give somebody who may make a kind of change in an organisation."""
    for by in ACTORS:
        at_home = by.organisation_id == organisation_id
        if by.role in kind.made_by and (by.role is Role.SUPPORT or at_home):
            return by
    raise AssertionError(f"nobody in the small country may make {kind.__name__} in {organisation_id}")


async def test_the_small_country_is_the_same_everywhere(storage: Storage) -> None:
    await assert_same(storage, WRITTEN.copy())


@CHANGES
async def test_a_change_does_the_same_everywhere(storage: Storage, kind: type[c.Change]) -> None:
    model = WRITTEN.copy()
    at, change = examples.CHANGES[kind]
    wanted, by = changeset(at, change, note="ärende 2026-114"), right_role(kind, at)
    rehearsed = await storage.rehearse(wanted, by, NOW)
    assert rehearsed == await model.rehearse(wanted, by, NOW)
    assert rehearsed.events
    receipt = await storage.commit(wanted, by, NOW)
    assert isinstance(receipt, Receipt)
    assert receipt == await model.commit(wanted, by, NOW)
    await assert_same(storage, model, share_of(storage))


@CHANGES
async def test_a_change_is_refused_to_every_wrong_role(window: Window, kind: type[c.Change]) -> None:
    at, change = examples.CHANGES[kind]
    for by in ACTORS:
        decision = await window.storage.rehearse(changeset(at, change), by, NOW)
        at_home = examples.is_everywhere(by) or by.organisation_id == at
        if by.role in kind.made_by and at_home:
            assert decision.refusals == ()
        else:
            expected = "not_your_role" if at_home else "not_found"
            assert [each.code for each in decision.refusals] == [expected]
            assert await window.commit(change, by=by, at=at) == Refused(decision.refusals)


@CHANGES
async def test_a_change_across_the_border_is_refused_like_one_to_nothing(
    window: Window, kind: type[c.Change]
) -> None:
    _, change = examples.CHANGES[kind]
    for at in (NORTH, AUTHORITY, examples.NOBODY):
        assert await window.commit(change, by=SOUTH_ADMINISTRATOR, at=at) == Refused(
            (Refusal("not_found", at),)
        )
    if "account_id" in kind.__struct_fields__ and kind is not c.RegisterAccount:
        by = SOUTH_ADMINISTRATOR if Role.ADMINISTRATOR in kind.made_by else SUPPORT
        nobodys = msgspec.structs.replace(change, account_id="nobody")
        for wanted in (change, nobodys):
            answer = await window.commit(wanted, by=by, at=SOUTH)
            assert isinstance(answer, Refused)
            account_id = str(getattr(wanted, "account_id", ""))
            assert answer.refusals == (Refusal("not_found", account_id),)


@QUERIES
async def test_a_question_across_the_border_is_answered_like_one_about_nothing(
    window: Window, kind: type[q.Query[Any]]
) -> None:
    if "organisation_id" not in kind.__struct_fields__:
        return
    for organisation_id in (NORTH, AUTHORITY):
        if kind in examples.OF_CUSTOMERS and organisation_id == AUTHORITY:
            continue
        theirs = examples.QUERIES[kind](organisation_id)
        nobodys = msgspec.structs.replace(theirs, organisation_id=examples.NOBODY)
        for by in (SOUTH_ADMINISTRATOR, SOUTH_USER):
            answer = await window.ask(theirs, by)
            assert answer == await window.ask(nobodys, by)
            assert answer != await window.ask(theirs, SUPPORT), "there is something to be kept"


@QUERIES
async def test_a_user_sees_nobody_else(window: Window, kind: type[q.Query[Any]]) -> None:
    own = examples.QUERIES[kind](SOUTH)
    answer = str(await window.ask(own, SOUTH_USER))
    for name in ("Söder", "Tove", "Slutat", "Nord", "Stöd"):
        assert name not in answer, "somebody else"


async def test_a_user_is_told_of_administrators_whom_to_ask_and_no_more(window: Window) -> None:
    detail = await window.ask(q.OrganisationById(organisation_id=NORTH), NORTH_USER)
    assert detail is not None
    assert [(each.name, each.email) for each in detail.administrators] == [
        ("Eva Ek", "admin-1@kommun.example"),
        ("Åke Öman", "admin-2@kommun.example"),
    ]
    assert {(each.id, each.hsa_id, each.version) for each in detail.administrators} == {("", "", 0)}
    assert (detail.active_accounts, detail.more_accounts) == (1, False)


@QUERIES
async def test_the_country_is_for_support_only_when_no_organisation_is_named(
    window: Window, kind: type[q.Query[Any]]
) -> None:
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    if "organisation_id" not in fields or fields["organisation_id"].required:
        return
    query = msgspec.structs.replace(examples.QUERIES[kind](NORTH), organisation_id=None)
    for by in ACTORS:
        found = {row.account.organisation_id for row in (await window.ask(query, by)).rows}
        assert found == ({NORTH, SOUTH, AUTHORITY} if examples.is_everywhere(by) else {by.organisation_id})


async def test_an_id_that_both_organisations_use_is_each_ones_own(window: Window) -> None:
    for organisation_id, name in ((NORTH, "Nils Nord"), (SOUTH, "Sonja Söder")):
        query = q.AccountById(day=TODAY, organisation_id=organisation_id, account_id=SHARED_ID)
        detail = await window.ask(query, SUPPORT)
        assert detail is not None
        assert detail.row.account.name == name


async def test_texts_come_out_as_they_are_shown(storage: Storage) -> None:
    for query in QUESTIONS:
        text = str(plain(await storage.ask(query, SUPPORT, NOW)))
        assert shown(text, len(text)) == text


async def test_what_is_there_lasts(opened: Opened, folder: Path) -> None:
    """Two openings are two copies: what one test writes no other sees."""
    async with opened(folder) as one, opened(folder) as other:
        await Window(one).write(examples.CHANGES[c.RegisterAccount][1])
        query = q.AccountById(day=TODAY, organisation_id=NORTH, account_id="new-1")
        assert await Window(one).ask(query) is not None
        assert await Window(other).ask(query) is None

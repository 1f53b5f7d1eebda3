"""A draft: what is staged, set back, gone stale, kept and dropped."""

import pytest

from core.changes import Grant, Revoke
from core.directory import Account, Role
from core.draft import Draft, Stale
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Note
from core.queries import AccountsByKey
from core.refusal import Refusal
from core.service import Service
from tests.builders import (
    COMING,
    MONEY,
    NORTH,
    NORTH_ADMINISTRATOR,
    NOW,
    PRESCHOOL,
    RETIRED,
    SCHOOL,
    SUPPORT,
    TODAY,
    TODAYS,
    amend,
    deregister,
    end,
    grant,
    hsa_id,
    register,
    reregister,
    revoke,
)
from tests.core.conftest import Desk
from tests.core.edits import EMPTY, off, on
from tests.model import Model


def account(model: Model, account_id: str) -> Account:
    return model.state(NORTH).accounts[account_id]


def details(
    draft: Draft, who: Account, *, hsa: str | None = None, email: str | None = None, given: str | None = None
) -> Draft:
    return draft.with_amendment(
        who,
        hsa_id=HsaId(hsa or who.hsa_id),
        given_name=GivenName(given or who.given_name),
        family_name=FamilyName(who.family_name),
        email=EmailAddress(email or who.email),
    )


@pytest.fixture
def service(model: Model) -> Service:
    return Service(model, NORTH_ADMINISTRATOR, lambda: NOW, iter(f"id-{n}" for n in range(99)).__next__)


async def stale(service: Service, draft: Draft) -> list[tuple[str, str | None, str]]:
    return [(each.account_id, each.permission_id, each.refusal.code) for each in await service.stale(draft)]


# Staging -----------------------------------------------------------------------------------------


def test_a_cell_that_is_set_back_is_no_longer_staged() -> None:
    draft = EMPTY.with_cells([on("user-6"), off("user-1")])
    assert (draft.count, draft.wanted("user-6", SCHOOL), draft.wanted("user-1", SCHOOL)) == (2, True, False)
    back = draft.with_cells([off("user-6", seen=False), on("user-1", seen=True)])
    assert (back.count, back.cells, back.account_ids) == (0, {}, frozenset())


def test_an_edit_gives_a_new_draft_and_leaves_the_old_one() -> None:
    draft = EMPTY.with_cells([on("user-6")])
    draft.with_cells([on("user-6", TODAYS), off("user-6", seen=False)])
    draft.without_cell("user-6", SCHOOL)
    draft.without_account("user-6")
    assert draft.cells == {"user-6": {SCHOOL: True}}
    assert EMPTY.count == 0


def test_details_that_are_entered_as_they_were_are_no_longer_staged(model: Model) -> None:
    who = account(model, "user-6")
    draft = details(EMPTY, who, email="ny@kommun.example")
    assert draft.amendments["user-6"].change == amend("user-6", 1, email="ny@kommun.example")
    assert details(draft, who).amendments == {}


def test_who_leaves_has_nothing_else_staged(model: Model) -> None:
    who = account(model, "user-1")
    draft = details(EMPTY.with_cells([off("user-1")]), who, email="ny@kommun.example")
    leaving = draft.with_leaving(who, model.state(NORTH).granted_to("user-1"))
    assert leaving.changes() == (deregister("user-1", 1, [SCHOOL, PRESCHOOL, RETIRED]),)


def test_a_setting_for_all_marked_passes_over_who_leaves(model: Model) -> None:
    leaving = EMPTY.with_leaving(account(model, "user-6"), frozenset())
    assert leaving.with_cells([on("user-6"), on("user-2")]).cells == {"user-2": {SCHOOL: True}}


def test_who_gets_new_details_stays_after_all(model: Model) -> None:
    who = account(model, "user-6")
    draft = details(EMPTY.with_leaving(who, frozenset()), who, email="ny@kommun.example")
    assert (list(draft.leavings), list(draft.amendments)) == ([], ["user-6"])


def test_who_comes_back_has_nothing_of_before_and_keeps_what_is_staged_now() -> None:
    draft = EMPTY.with_cells([on("left")]).with_return(reregister("left", 2), hsa_id("LEFT"))
    assert draft.cells == {}
    draft = draft.with_cells([on("left", TODAYS)]).with_return(
        reregister("left", 2, email="b@y.se"), hsa_id("LEFT")
    )
    assert draft.changes() == (reregister("left", 2, email="b@y.se"), grant("left", TODAYS))


def test_many_changes_are_dropped_as_one_after_the_other_is(model: Model) -> None:
    draft = EMPTY.with_registration(register("new-1")).with_leaving(account(model, "user-2"), frozenset())
    draft = draft.with_cells([on("new-1"), on("user-6"), on("user-6", TODAYS), off("user-1")])
    draft = details(draft, account(model, "user-6"), email="ny@kommun.example")
    changes = draft.changes()
    assert len(changes) == 7
    for dropped in (changes[:1], changes[1:3], changes[2:], changes):
        one_by_one = draft
        for change in dropped:
            one_by_one = one_by_one.without_change(change)
        assert draft.without_changes(dropped) == one_by_one


def test_a_new_person_is_registered_before_the_permissions_are_given() -> None:
    draft = EMPTY.with_cells([on("new-1")]).with_registration(register("new-1"))
    assert draft.changes() == (register("new-1"), grant("new-1"))
    assert draft.names["new-1"] == "Anna Andersson"
    assert draft.without_account("new-1").count == 0


def test_the_remark_and_the_id_go_with_the_write() -> None:
    made = EMPTY.with_cells([on("user-6")]).with_note(Note("ärende 2026-114")).changeset("write-x")
    assert (made.id, made.note, made.organisation_id) == ("write-x", "ärende 2026-114", NORTH)


# What went stale -----------------------------------------------------------------------------------


async def test_a_draft_that_nothing_came_between_is_not_stale(service: Service, model: Model) -> None:
    draft = EMPTY.with_cells([on("user-6"), off("user-1")]).with_registration(register("new-1"))
    draft = draft.with_cells([on("new-1")]).with_return(reregister("left", 2), hsa_id("LEFT"))
    draft = details(draft, account(model, "user-2"), hsa=hsa_id("FREE"))
    assert await stale(service, draft) == []


@pytest.mark.parametrize(
    ("permission_id", "code"),
    [(COMING, "not_found"), (RETIRED, "retired"), ("nothing", "not_found"), ("barn", None)],
)
async def test_what_cannot_be_given_to_anybody_cannot_be_given_to_somebody_new(
    service: Service, permission_id: str, code: str | None
) -> None:
    draft = EMPTY.with_registration(register("new-1")).with_return(reregister("left", 2), hsa_id("LEFT"))
    draft = draft.with_cells([on("new-1", permission_id), on("left", permission_id)])
    expected = [] if code is None else [(who, permission_id, code) for who in ("new-1", "left")]
    assert await stale(service, draft) == expected


async def test_a_new_person_has_nothing_to_take(service: Service) -> None:
    draft = EMPTY.with_registration(register("new-1")).with_cells([off("new-1")])
    assert await stale(service, draft) == [("new-1", SCHOOL, "not_granted")]


async def test_an_agreement_that_ended_makes_cells_stale_for_old_and_new_people(
    desk: Desk, service: Service
) -> None:
    draft = EMPTY.with_registration(register("new-1")).with_cells([on("new-1"), on("user-6"), off("user-1")])
    desk.write(end(MONEY), by=SUPPORT)
    assert await stale(service, draft) == [
        ("new-1", SCHOOL, "no_agreement"),
        ("user-6", SCHOOL, "no_agreement"),
        ("user-1", SCHOOL, "not_granted"),
    ]


async def test_an_hsa_id_that_somebody_took_is_told_once_with_who_has_it(
    desk: Desk, service: Service
) -> None:
    draft = EMPTY.with_registration(register("new-1", hsa=hsa_id("FREE"))).with_cells([on("new-1")])
    draft = details(draft, account(desk.model, "user-6"), hsa=hsa_id("free2"))
    desk.write(register("other", hsa=hsa_id("free")), amend("user-2", 1, hsa=hsa_id("FREE2")))
    found = await service.stale(draft)
    assert [(each.account_id, each.refusal.code) for each in found] == [
        ("new-1", "hsa_id_taken"),
        ("user-6", "hsa_id_taken"),
    ]
    assert found[0].now is not None
    assert (found[0].now.id, found[0].refusal.params["account_id"]) == ("other", "other")
    assert found[1].refusal.params["account_id"] == "user-2"


async def test_two_people_of_one_draft_cannot_have_one_hsa_id(service: Service) -> None:
    draft = EMPTY.with_registration(register("new-1", hsa=hsa_id("X")))
    draft = draft.with_registration(register("new-2", hsa=hsa_id("x")))
    assert await stale(service, draft) == [("new-2", None, "hsa_id_taken")]


async def test_what_others_did_is_told_for_each_thing_staged(desk: Desk, service: Service) -> None:
    model = desk.model
    draft = EMPTY.with_cells([on("user-6"), off("user-1"), off("user-1", PRESCHOOL), on("user-3", TODAYS)])
    draft = details(draft, account(model, "user-2"), given="Örn")
    draft = draft.with_leaving(account(model, "user-5"), model.state(NORTH).granted_to("user-5"))
    draft = draft.with_leaving(account(model, "user-4"), frozenset())
    desk.write(grant("user-6"), revoke("user-1"), grant("user-5"), by=NORTH_ADMINISTRATOR)
    desk.write(amend("user-2", 1, email="x@y.se"), deregister("user-4", 2), by=NORTH_ADMINISTRATOR)
    desk.write(deregister("user-3", 1, [SCHOOL, "sista-dagen"]), by=NORTH_ADMINISTRATOR)
    assert sorted(await stale(service, draft), key=str) == sorted(
        [
            ("user-6", SCHOOL, "already_granted"),
            ("user-1", SCHOOL, "not_granted"),
            ("user-3", TODAYS, "account_inactive"),
            ("user-2", None, "account_changed_since"),
            ("user-5", None, "permissions_changed_since"),
            ("user-4", None, "account_inactive"),
        ],
        key=str,
    )


async def test_an_administrators_hsa_id_is_stale_for_another_administrator_and_not_for_support(
    model: Model, service: Service
) -> None:
    draft = details(EMPTY, account(model, "admin-2"), hsa=hsa_id("NEW"))
    assert account(model, "admin-2").role is Role.ADMINISTRATOR
    assert await stale(service, draft) == [("admin-2", None, "hsa_id_by_support")]
    assert await stale(Service(model, SUPPORT, lambda: NOW, str), draft) == []


# Keeping and dropping ----------------------------------------------------------------------------------


async def resolved(service: Service, draft: Draft, *, keep: bool) -> Draft:
    """Keep (or drop) everything stale until nothing is."""
    for _ in range(4):
        found = await service.stale(draft)
        if not found:
            return draft
        rows = await service.rows(NORTH, draft.account_ids)
        for each in found:
            draft = draft.kept(each, rows.get(each.account_id)) if keep else draft.without(each)
    raise AssertionError("something stays stale however often it is kept")


async def test_kept_details_and_leavings_are_stated_anew(desk: Desk, service: Service) -> None:
    model = desk.model
    draft = details(EMPTY, account(model, "user-2"), given="Örn", email="delad@kommun.example")
    draft = draft.with_leaving(account(model, "user-6"), frozenset()).with_return(
        reregister("left", 2), hsa_id("LEFT")
    )
    desk.write(amend("user-2", 1, email="delad@kommun.example"), grant("user-6"), by=NORTH_ADMINISTRATOR)
    desk.write(reregister("left", 2), deregister("left", 3), by=NORTH_ADMINISTRATOR)
    kept = await resolved(service, draft, keep=True)
    assert kept.changes() == (
        reregister("left", 4),
        amend("user-2", 2, given_name="Örn"),
        deregister("user-6", 1, [SCHOOL]),
    )
    assert (await resolved(service, draft, keep=False)).count == 0


async def test_details_that_somebody_else_made_just_so_need_nothing_more(
    desk: Desk, service: Service
) -> None:
    draft = details(EMPTY, account(desk.model, "user-2"), email="ny@kommun.example").with_cells(
        [on("user-2")]
    )
    desk.write(amend("user-2", 1, email="ny@kommun.example"), grant("user-2"), by=NORTH_ADMINISTRATOR)
    assert (await resolved(service, draft, keep=True)).count == 0


async def test_what_the_rules_refuse_cannot_be_kept(desk: Desk, service: Service) -> None:
    draft = details(EMPTY, account(desk.model, "user-6"), email="ny@kommun.example").with_cells(
        [on("user-6")]
    )
    desk.write(deregister("user-6"), by=NORTH_ADMINISTRATOR)
    assert (await resolved(service, draft, keep=True)).count == 0


async def test_dropping_details_keeps_the_cells_and_dropping_a_person_drops_them(
    desk: Desk, service: Service
) -> None:
    draft = details(EMPTY, account(desk.model, "user-2"), email="ny@kommun.example").with_cells(
        [on("user-2")]
    )
    draft = draft.with_registration(register("new-1", hsa=hsa_id("FREE"))).with_cells([on("new-1")])
    desk.write(
        amend("user-2", 1, email="x@y.se"), register("other", hsa=hsa_id("FREE")), by=NORTH_ADMINISTRATOR
    )
    assert (await resolved(service, draft, keep=False)).changes() == (grant("user-2"),)


async def test_details_that_could_not_be_entered_today_stop_nothing_when_others_are_kept(
    model: Model,
) -> None:
    """What stands in the file already may be shown with a sign that no name may hold."""
    (row,) = await model.ask(
        AccountsByKey(day=TODAY, organisation_id=NORTH, account_ids=frozenset({"user-6"})),
        NORTH_ADMINISTRATOR,
        NOW,
    )
    broken = type(row)(
        account=Account(
            id="user-6",
            organisation_id=NORTH,
            hsa_id="?",
            given_name="B\ufffd",
            family_name="Ö",
            email="?",
            version=2,
        ),
        organisation_name=row.organisation_name,
        granted=row.granted,
        all_granted=row.all_granted,
    )
    draft = details(EMPTY, row.account, email="ny@kommun.example")
    changed = Stale(refusal=Refusal("account_changed_since", "user-6"), account_id="user-6")
    assert draft.kept(changed, broken).changes() == (amend("user-6", 2, email="ny@kommun.example"),)


async def test_a_draft_whose_answer_was_lost_can_be_sent_again(service: Service, model: Model) -> None:
    draft = EMPTY.with_cells([on("user-6"), off("user-1")])
    draft = draft.sent(draft.changeset("write-y"))
    assert draft.pending is not None
    first = await service.commit(draft.pending)
    again = await service.commit(draft.pending)
    assert (getattr(first, "repeated", None), getattr(again, "repeated", None)) == (False, True)
    events = [each.event for each in model.records(NORTH) if each.changeset_id == "write-y"]
    assert len(events) == 2
    assert draft.sent(None).pending is None


def test_the_kinds_of_cells_are_grant_and_revoke() -> None:
    assert [type(each) for each in EMPTY.with_cells([on("a"), off("b")]).changes()] == [Grant, Revoke]

"""The one way to write: all or nothing, once, in turn, and by who the actor is now."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from core.changes import Changeset, Receipt
from core.directory import AUTHORITY, INSTALLATION, Actor, Role
from core.history import Details
from core.identity import Id
from core.ports import Refused
from core.queries import (
    AccountById,
    Accounts,
    Cell,
    HsaIdHolders,
    InverseOf,
    Standing,
    WholeCatalogue,
    WriteRow,
    Writes,
)
from core.refusal import Refusal
from core.rules import Decision
from tests.builders import (
    CHILDREN,
    COMING,
    LAST_DAY,
    NORTH,
    NORTH_ADMINISTRATOR,
    NORTH_SECOND,
    NOW,
    PRESCHOOL,
    RENAMED,
    RETIRED,
    SCHOOL,
    SOUTH,
    SOUTH_ADMINISTRATOR,
    SUPPORT,
    TODAY,
    TODAYS,
    actor,
    amend,
    appoint,
    changeset,
    deregister,
    dismiss,
    grant,
    hsa_id,
    organisation,
    register,
    rename,
    reregister,
    revoke,
    sign,
)
from tests.contract.window import Window
from tests.core import examples


async def last_number(window: Window, organisation_id: str = NORTH) -> int:
    page = await window.ask(Writes(organisation_id=organisation_id, limit=500), SUPPORT)
    return sum(row.event_count for row in page.rows)


async def written(window: Window, changeset_id: str, organisation_id: str = NORTH) -> WriteRow:
    page = await window.ask(Writes(organisation_id=organisation_id, changeset_id=changeset_id), SUPPORT)
    (row,) = page.rows
    return row


async def has(window: Window, account_id: str, permission_id: str = SCHOOL) -> bool:
    story = await window.ask(Cell(organisation_id=NORTH, account_id=account_id, permission_id=permission_id))
    assert story is not None
    return story.granted is not None


# Once ---------------------------------------------------------------------------------------------


async def test_a_repeated_write_gives_the_first_receipt_and_writes_nothing(window: Window) -> None:
    first = await window.commit(grant("user-6"), revoke("user-1"), id="once")
    assert isinstance(first, Receipt)
    assert not first.repeated
    number = await last_number(window)
    later = NOW + timedelta(days=400)
    again = await window.commit(grant("user-6"), revoke("user-1"), id="once", now=later)
    assert again == msgspec.structs.replace(first, repeated=True)
    assert await last_number(window) == number


async def test_a_repeated_write_is_answered_also_when_it_could_not_be_made_any_more(window: Window) -> None:
    first = await window.commit(register("new-1"), id="once")
    await window.write(grant("new-1"), amend("new-1", 1, email="x@y.se"))
    assert isinstance(first, Receipt)
    assert await window.commit(register("new-1"), id="once") == msgspec.structs.replace(first, repeated=True)


async def test_other_content_under_the_same_id_is_refused(window: Window) -> None:
    await window.commit(grant("user-6"), id="once")
    reused = Refused((Refusal("changeset_id_reused", "once"),))
    assert await window.commit(grant("user-6", PRESCHOOL), id="once") == reused
    assert await window.commit(grant("user-6"), grant("user-6", PRESCHOOL), id="once") == reused
    assert await window.commit(grant("user-6"), id="once", by=NORTH_SECOND) == reused
    noted = changeset(NORTH, grant("user-6"), id="once", note="ärende")
    assert await window.storage.commit(noted, NORTH_ADMINISTRATOR, NOW) == reused
    decision = await window.storage.rehearse(noted, NORTH_ADMINISTRATOR, NOW)
    assert decision == Decision(refusals=reused.refusals)
    # Nobody elsewhere is told that the id is there.
    decision = await window.storage.rehearse(noted, SOUTH_ADMINISTRATOR, NOW)
    assert "changeset_id_reused" not in [each.code for each in decision.refusals]
    assert not await has(window, "user-6", PRESCHOOL)


async def test_a_refused_write_does_not_use_up_its_id(window: Window) -> None:
    assert isinstance(await window.commit(grant("user-1"), id="once"), Refused)
    await window.write(revoke("user-1"))
    assert isinstance(await window.commit(grant("user-1"), id="once"), Receipt)


async def test_the_same_id_in_two_organisations_is_two_writes(window: Window) -> None:
    north = await window.commit(grant("user-6"), id="once")
    south = await window.commit(grant("twice-south"), id="once", by=SOUTH_ADMINISTRATOR, at=SOUTH)
    assert isinstance(north, Receipt)
    assert isinstance(south, Receipt)
    assert (south.organisation_id, south.repeated) == (SOUTH, False)


async def test_nobody_gets_a_receipt_from_across_the_border(window: Window) -> None:
    await window.commit(grant("user-6"), id="once")
    stolen = await window.commit(grant("user-6"), id="once", by=SOUTH_ADMINISTRATOR, at=NORTH)
    assert stolen == Refused((Refusal("not_found", NORTH),))


# All or nothing, numbered without a gap -----------------------------------------------------------


async def test_one_refusal_among_many_changes_leaves_nothing(window: Window) -> None:
    number = await last_number(window)
    changes = (register("new-1"), grant("new-1"), amend("user-6", 1, email="x@y.se"), grant("user-1"))
    assert await window.codes(*changes) == ["already_granted"]
    assert await last_number(window) == number
    query = AccountById(day=TODAY, organisation_id=NORTH, account_id="new-1")
    assert await window.ask(query) is None
    assert await window.codes(amend("user-6", 1, email="z@y.se")) == []


async def test_numbers_run_on_in_each_organisation_by_itself(window: Window) -> None:
    north, south = await last_number(window), await last_number(window, SOUTH)
    first = await window.write(grant("user-6"), grant("user-6", PRESCHOOL))
    second = await window.write(deregister("user-6", 1, [SCHOOL, PRESCHOOL]))
    other = await window.write(grant("twice-south"), by=SOUTH_ADMINISTRATOR, at=SOUTH)
    assert (first.first_number, first.last_number) == (north + 1, north + 2)
    assert (second.first_number, second.last_number) == (north + 3, north + 5)
    assert (other.first_number, other.last_number) == (south + 1, south + 1)


async def test_the_receipt_tells_the_moment_in_utc(window: Window) -> None:
    receipt = await window.write(grant("user-6"))
    assert receipt.written_at == "2026-11-23T08:12:00.000000+00:00"
    row = await written(window, receipt.changeset_id)
    assert (row.at, row.by, row.actor_id) == (receipt.written_at, "Eva Ek", "admin-1")


async def test_rehearsing_tells_the_same_and_writes_nothing(window: Window) -> None:
    number = await last_number(window)
    for change in (grant("user-6"), grant("user-1")):
        decision = await window.storage.rehearse(changeset(NORTH, change), NORTH_ADMINISTRATOR, NOW)
        assert bool(decision.events) != bool(decision.refusals)
        answer = await window.storage.rehearse(changeset(NORTH, change), NORTH_ADMINISTRATOR, NOW)
        assert answer == decision
    assert await last_number(window) == number
    assert not await has(window, "user-6")


# Who the actor is now -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "by",
    [
        actor(NORTH, "user-1", Role.ADMINISTRATOR),
        actor(NORTH, "south-admin", Role.ADMINISTRATOR),
        actor(NORTH, "nobody", Role.ADMINISTRATOR),
        actor(AUTHORITY, "mv-user", Role.SUPPORT),
        actor(SOUTH, "south-admin", Role.SUPPORT),
    ],
)
async def test_a_claimed_role_writes_nothing(window: Window, by: object) -> None:
    assert isinstance(by, type(SUPPORT))
    assert await window.codes(grant("user-6"), by=by) == ["actor_gone"]
    assert not await has(window, "user-6")


async def test_who_was_dismissed_meanwhile_writes_nothing(window: Window) -> None:
    await window.write(dismiss("admin-1"), by=SUPPORT)
    assert await window.codes(grant("user-6")) == ["actor_gone"]
    assert await window.codes(grant("user-6"), by=NORTH_SECOND) == []


# At the same moment -------------------------------------------------------------------------------


async def test_the_same_write_sent_ten_times_at_once_is_written_once(window: Window) -> None:
    number = await last_number(window)
    answers = await asyncio.gather(*(window.commit(grant("user-6"), id="once") for _ in range(10)))
    assert sorted(each.repeated for each in answers if isinstance(each, Receipt)) == [False] + [True] * 9
    assert len({each.first_number for each in answers if isinstance(each, Receipt)}) == 1
    assert await last_number(window) == number + 1


async def test_two_administrators_are_not_both_dismissed_at_once(window: Window) -> None:
    answers = await asyncio.gather(
        *(window.codes(dismiss(account_id), by=SUPPORT) for account_id in ("admin-1", "admin-2"))
    )
    assert sorted(answers) == [[], ["last_administrator"]]


async def test_one_hsa_id_is_registered_once_however_many_try(window: Window) -> None:
    tries = [register(f"new-{place}", hsa=hsa_id("same" if place % 2 else "SAME")) for place in range(8)]
    answers = await asyncio.gather(*(window.codes(each) for each in tries))
    assert sorted(answers) == [[]] + [["hsa_id_taken"]] * 7
    found = await window.ask(Accounts(day=TODAY, search="TSTNMT2321000156-same"))
    assert found.total == 1


async def test_many_writes_at_once_are_all_there_and_numbered_without_a_gap(window: Window) -> None:
    ids = [f"new-{place}" for place in range(12)]
    receipts = await asyncio.gather(*(window.write(register(each)) for each in ids))
    numbers = sorted(each.first_number for each in receipts)
    assert numbers == list(range(numbers[0], numbers[0] + 12))
    assert await window.ids(Accounts(day=TODAY, search="new")) == sorted(ids)


async def test_a_question_asked_while_others_write_is_answered_from_one_moment(window: Window) -> None:
    async def ask() -> int:
        page = await window.ask(Accounts(day=TODAY, search="new-"))
        assert len(page.rows) == page.total
        return page.total

    writes = [window.write(*(register(f"new-{n}-{m}") for m in range(3))) for n in range(5)]
    answers = await asyncio.gather(*writes, *(ask() for _ in range(10)))
    totals = [each for each in answers if isinstance(each, int)]
    assert all(total % 3 == 0 for total in totals), "half a write was seen"


# What is written can be read ----------------------------------------------------------------------


async def test_a_write_tells_its_note_its_events_and_the_names(window: Window) -> None:
    noted = changeset(NORTH, register("new-1", "Åsa", "Ny"), grant("new-1"), note="ärende 2026-114")
    assert isinstance(await window.storage.commit(noted, NORTH_ADMINISTRATOR, NOW), Receipt)
    row = await written(window, noted.id)
    assert (row.note, row.event_count, row.names) == ("ärende 2026-114", 2, {"new-1": "Åsa Ny"})
    assert row.events[0].after == Details(  # type: ignore[union-attr]  # a registration has
        hsa_id=hsa_id("NEW1"), given_name="Åsa", family_name="Ny", email="new-1@kommun.example"
    )


async def test_an_undo_and_what_it_undid_know_of_each_other(window: Window) -> None:
    receipt = await window.write(grant("user-6"))
    found = await window.ask(InverseOf(organisation_id=NORTH, changeset_id=receipt.changeset_id))
    undo = changeset(NORTH, *found.changes, undoes=receipt.changeset_id)
    assert isinstance(await window.storage.commit(undo, NORTH_ADMINISTRATOR, NOW), Receipt)
    assert (await written(window, receipt.changeset_id)).undone_by == undo.id
    assert (await written(window, undo.id)).undoes == receipt.changeset_id
    assert not await has(window, "user-6")
    again = await window.ask(InverseOf(organisation_id=NORTH, changeset_id=receipt.changeset_id))
    assert [each.code for each in again.refusals] == ["undo_cell_moved_on"]


async def undoing(window: Window, changeset_id: str, id: str, by: Actor = NORTH_ADMINISTRATOR) -> Changeset:
    """Prepare the undoing of a write, under an id."""
    found = await window.ask(InverseOf(organisation_id=NORTH, changeset_id=changeset_id), by)
    assert found.changes, found
    return changeset(NORTH, *found.changes, id=id, undoes=changeset_id)


async def codes(window: Window, made: Changeset, by: Actor = NORTH_ADMINISTRATOR) -> list[str]:
    answer = await window.storage.commit(made, by, NOW)
    return [each.code for each in answer.refusals] if isinstance(answer, Refused) else []


async def test_a_write_that_is_no_undoing_cannot_say_that_it_is_one(window: Window) -> None:
    theirs = await window.write(grant("user-6"), grant("user-5"), by=NORTH_SECOND)
    done = theirs.changeset_id
    both = (revoke("user-6"), revoke("user-5"))
    for false, code in (
        (changeset(NORTH, register("new-1"), undoes=done), "not_an_undo"),
        (changeset(NORTH, *both, register("new-1"), undoes=done), "not_an_undo"),
        (changeset(NORTH, revoke("user-6"), undoes=done), "not_an_undo"),
        (changeset(NORTH, register("new-1"), undoes="no-such-write"), "not_found"),
        (changeset(NORTH, register("new-1"), id="self", undoes="self"), "not_found"),
        (changeset(NORTH, register("new-1"), undoes="seed-5"), "not_found"),
    ):
        assert await codes(window, false) == [code], false
        decision = await window.storage.rehearse(false, NORTH_ADMINISTRATOR, NOW)
        assert [each.code for each in decision.refusals] == [code]
    assert (await written(window, done)).undone_by is None
    right = changeset(NORTH, *reversed(both), undoes=done, note="fel dag")
    assert await codes(window, right) == []
    assert (await written(window, done)).undone_by == right.id


async def test_a_write_is_undone_once(window: Window) -> None:
    done = (await window.write(grant("user-6"))).changeset_id
    first = await undoing(window, done, "undo-1")
    assert await codes(window, first) == []
    again = msgspec.structs.replace(first, id=Id("undo-2"))
    assert await codes(window, again) == ["undone_already"]
    assert (await written(window, done)).undone_by == "undo-1"


async def test_two_who_undo_the_same_write_at_once_undo_it_once(window: Window) -> None:
    done = (await window.write(grant("user-6"))).changeset_id
    made = [await undoing(window, done, f"undo-{place}") for place in range(4)]
    answers = await asyncio.gather(*(codes(window, each) for each in made))
    assert sorted(answers) == [[]] + [["undone_already"]] * 3


async def test_an_undoing_of_which_something_has_moved_on_says_what(window: Window) -> None:
    done = (await window.write(grant("user-6"), amend("user-5", email="ny@kommun.example"))).changeset_id
    undo = await undoing(window, done, "undo-1")
    await window.write(amend("user-5", 2, family_name="Gift"), revoke("user-6"), by=NORTH_SECOND)
    assert await codes(window, undo) == ["undo_account_moved_on", "undo_cell_moved_on"]
    assert (await written(window, done)).undone_by is None


async def test_an_undoing_may_leave_out_what_has_ended_and_nothing_else(window: Window) -> None:
    done = (await window.write(revoke("user-3", LAST_DAY), revoke("user-3", SCHOOL))).changeset_id
    tomorrow = NOW + timedelta(days=1)
    for left, code in ((grant("user-3", LAST_DAY), ["not_an_undo"]), (grant("user-3", SCHOOL), [])):
        answer = await window.storage.commit(
            changeset(NORTH, left, undoes=done), NORTH_ADMINISTRATOR, tomorrow
        )
        assert ([each.code for each in answer.refusals] if isinstance(answer, Refused) else []) == code
    assert (await written(window, done)).undone_by is not None


async def test_an_undoing_that_is_undone_gives_the_write_its_force_back(window: Window) -> None:
    """And so on: each is undone by the one after it for just as long as that one stands."""
    ids = [(await window.write(grant("user-6"), revoke("user-1"))).changeset_id]
    for step in range(1, 6):
        undo = await undoing(window, ids[-1], f"undo-{step}")
        assert await codes(window, undo) == []
        ids.append(undo.id)
        assert await has(window, "user-6") == (step % 2 == 0)
        undone_by = [(await written(window, each)).undone_by for each in ids]
        expected = [ids[place + 1] if (step - place) % 2 else None for place in range(step + 1)]
        assert undone_by == expected
    assert (await written(window, ids[0])).undone_by == "undo-1"
    assert await codes(window, await undoing(window, "undo-5", "undo-6")) == []
    # In force again, so it can be undone again, without a way through all the undoings.
    assert await codes(window, await undoing(window, ids[0], "undo-again")) == []
    assert not await has(window, "user-6")
    assert (await written(window, ids[0])).undone_by == "undo-again"
    assert (await written(window, "undo-1")).undone_by == "undo-2"


async def test_writes_are_found_by_person_by_actor_and_by_id(window: Window) -> None:
    async def ids(query: Writes) -> list[str]:
        return [row.changeset_id for row in (await window.ask(query)).rows]

    assert await ids(Writes(organisation_id=NORTH, account_id="user-4")) == ["seed-10", "seed-4"]
    assert await ids(Writes(organisation_id=NORTH, actor_id="admin-2")) == ["seed-8"]
    assert await ids(Writes(organisation_id=NORTH, actor_id="admin-2", account_id="user-5")) == []
    assert await ids(Writes(organisation_id=NORTH, changeset_id="seed-7")) == []


async def test_time_does_not_go_back_along_a_chain_when_a_clock_does(window: Window) -> None:
    later = NOW + timedelta(days=40)
    first = await window.commit(grant("user-6", COMING), grant("user-6"), now=later)
    assert isinstance(first, Receipt)
    # The day that decides is that of the clock: what is launched tomorrow cannot be given today.
    assert isinstance(await window.commit(grant("user-5", COMING)), Refused)
    second = await window.commit(revoke("user-6"), register("new-1"))
    assert isinstance(second, Receipt)
    assert second.written_at == first.written_at
    elsewhere = await window.commit(register("new-2"), by=SOUTH_ADMINISTRATOR, at=SOUTH)
    assert isinstance(elsewhere, Receipt)
    assert elsewhere.written_at < first.written_at
    third = await window.commit(grant("user-6"), now=later + timedelta(microseconds=1))
    assert isinstance(third, Receipt)
    assert third.written_at > second.written_at
    page = await window.ask(Writes(organisation_id=NORTH, limit=500))
    moments = [row.at for row in page.rows]
    assert moments == sorted(moments, reverse=True)


async def test_who_has_the_id_of_a_person_elsewhere_is_not_taken_for_that_person(window: Window) -> None:
    async def ids(actor_organisation_id: str | None = None) -> list[str]:
        page = await window.ask(
            Writes(organisation_id=NORTH, actor_id="support-1", actor_organisation_id=actor_organisation_id)
        )
        return [row.changeset_id for row in page.rows]

    assert await ids() == []
    assert await ids(actor_organisation_id=AUTHORITY) == ["seed-11"]
    await window.write(register("support-1", "Falsk", "Stöd"))
    await window.write(appoint("support-1"), by=SUPPORT)
    false = actor(NORTH, "support-1", Role.ADMINISTRATOR, "Siv Stöd")
    theirs = await window.write(amend("user-6", email="ny@kommun.example"), by=false)
    assert await ids() == [theirs.changeset_id]
    assert theirs.changeset_id not in await ids(actor_organisation_id=AUTHORITY)
    row = await written(window, theirs.changeset_id)
    assert (row.actor_organisation_id, row.actor_id, row.by) == (NORTH, "support-1", "Falsk Stöd")


async def test_nobody_gets_the_id_of_the_installation(window: Window) -> None:
    assert await window.codes(register(INSTALLATION.account_id)) == ["id_taken"]


async def test_a_write_is_by_the_name_that_the_account_has_and_not_by_that_of_the_session(
    window: Window,
) -> None:
    married = await window.write(amend("admin-1", 2, family_name="Björk"))
    after = await window.write(grant("user-6"))
    assert NORTH_ADMINISTRATOR.name == "Eva Ek"
    assert [(await written(window, each.changeset_id)).by for each in (married, after)] == [
        "Eva Ek",
        "Eva Björk",
    ]


async def test_a_great_write_is_shown_in_part_and_counted_in_full(window: Window) -> None:
    many = changeset(NORTH, *(register(f"p-{place}") for place in range(250)))
    assert isinstance(await window.storage.commit(many, NORTH_ADMINISTRATOR, NOW), Receipt)
    (row,) = (await window.ask(Writes(organisation_id=NORTH, limit=1))).rows
    assert (len(row.events), row.event_count) == (200, 250)
    whole = await written(window, many.id)
    assert (len(whole.events), len(whole.names)) == (250, 250)


async def test_the_story_of_a_cell_is_told_from_the_first_to_the_last(window: Window) -> None:
    query = Cell(organisation_id=NORTH, account_id="user-2", permission_id=SCHOOL)
    story = await window.ask(query)
    assert story is not None
    assert story.granted is None
    assert story.revoked is not None
    assert (story.revoked.by, story.revoked.at[:10]) == ("Åke Öman", "2025-09-22")
    await window.write(grant("user-2"))
    story = await window.ask(query)
    assert story is not None
    assert story.granted is not None
    assert (story.granted.by, story.granted.at[:10]) == ("Eva Ek", "2026-11-23")
    assert story.revoked is not None


async def test_a_person_comes_back_with_the_same_account_and_the_former_names(window: Window) -> None:
    await window.write(reregister("left", 2))
    await window.write(amend("left", 3, family_name="Gift"))
    detail = await window.ask(AccountById(day=TODAY, organisation_id=NORTH, account_id="left"))
    assert detail is not None
    assert detail.row.account.name == "Åter Gift"
    assert detail.former_names == ("Lena Lämnat", "Åter Kommen")
    assert (detail.registered.at[:10], detail.changed.at[:10]) == ("2025-07-04", "2026-11-23")
    listed = await window.ids(Accounts(day=TODAY, standing=Standing.DEREGISTERED))
    assert listed == []


async def test_an_hsa_id_changes_hands_within_one_write(window: Window) -> None:
    changes = (
        amend("user-6", 1, hsa=hsa_id("FREE")),
        amend("user-5", 1, hsa=hsa_id("user6")),
        register("new-1", hsa=hsa_id("USER5")),
    )
    await window.write(*changes)
    for key, holder in (("free", "user-6"), ("USER6", "user-5"), ("User5", "new-1")):
        ids = frozenset({hsa_id(key)})
        found = await window.ask(HsaIdHolders(day=TODAY, organisation_id=NORTH, hsa_ids=ids))
        assert {each: row.account.id for each, row in found.items()} == {hsa_id(key): holder}


async def test_two_people_swap_their_hsa_ids_in_one_write(window: Window) -> None:
    """Whoever is written first takes an id that the other still has in the table."""
    await window.write(
        amend("user-5", 1, hsa=hsa_id("MEANWHILE")),
        amend("user-6", 1, hsa=hsa_id("USER5")),
        amend("user-5", 2, hsa=hsa_id("USER6")),
    )
    for key, holder in (("USER5", "user-6"), ("USER6", "user-5")):
        ids = frozenset({hsa_id(key)})
        found = await window.ask(HsaIdHolders(day=TODAY, organisation_id=NORTH, hsa_ids=ids))
        assert {each: row.account.id for each, row in found.items()} == {hsa_id(key): holder}
        assert await window.ids(Accounts(day=TODAY, search=key)) == [holder]


async def test_a_new_organisation_begins_its_own_chain(window: Window) -> None:
    at = examples.NEW_ORGANISATION
    receipt = await window.write(
        organisation("Uppsala kommun"),
        register("first"),
        appoint("first"),
        sign("ersattning"),
        by=INSTALLATION,
        at=at,
    )
    assert (receipt.first_number, receipt.last_number) == (1, 4)
    first = actor(at, "first", Role.ADMINISTRATOR)
    await window.write(register("user-1"), grant("user-1", TODAYS), by=first, at=at)
    assert await window.ids(Accounts(day=TODAY), by=first) == ["first", "user-1"]


async def test_a_launch_shows_to_administrators_from_its_day(window: Window) -> None:
    for day, seen in ((TODAY, False), (TODAY + timedelta(days=1), True)):
        catalogue = await window.ask(WholeCatalogue(day=day))
        assert (catalogue.permission(COMING) is not None) == seen
        assert (await window.ask(WholeCatalogue(day=day), SUPPORT)).permission(COMING) is not None


async def test_the_catalogue_keeps_its_order_and_the_former_names(window: Window) -> None:
    catalogue = await window.ask(WholeCatalogue(day=TODAY))
    renamed = catalogue.permission(RENAMED)
    assert renamed is not None
    assert (renamed.name_on(TODAY), renamed.former_names(TODAY)) == ("Nya namnet", ("Gamla namnet",))
    assert [each.id for each in catalogue.permissions] == [
        *(SCHOOL, PRESCHOOL, TODAYS, LAST_DAY, RENAMED, RETIRED, CHILDREN)
    ]
    await window.write(rename(RENAMED, "Tredje namnet", TODAY), by=SUPPORT, at=AUTHORITY)
    renamed = (await window.ask(WholeCatalogue(day=TODAY))).permission(RENAMED)
    assert renamed is not None
    assert renamed.former_names(TODAY) == ("Gamla namnet", "Nya namnet")
    assert await has(window, "twice-north", RENAMED)

"""The rules of what is current: who, when, in which order, and when an organisation's part is done."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import msgspec
import pytest

from core.announcements import AnnouncementKind, Banner, Done, content_of, done
from core.catalogue import DatedName, Permission
from core.days import start_of
from core.directory import AUTHORITY
from core.refusal import Refusal, WrongValueError
from core.undo import inverse
from tests.builders import (
    DOING,
    NEWS,
    NORTH,
    NOW,
    OLD_NEWS,
    SCHEDULED,
    SCHOOL,
    SUPPORT,
    TODAY,
    TOMORROW,
    WITHDRAWN_NEWS,
    YESTERDAY,
    announce,
    content,
    correct,
    withdraw,
)
from tests.core.conftest import Desk

MAINTENANCE, INCIDENT = AnnouncementKind.MAINTENANCE, AnnouncementKind.INCIDENT
HOUR = timedelta(hours=1)


def codes(desk: Desk, *changes: object) -> list[str]:
    return desk.codes(*changes, by=SUPPORT, at=AUTHORITY)  # type: ignore[arg-type]  # only announcements come here


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (content(), []),
        (content(at=start_of(TODAY)), []),
        (content(at=start_of(TODAY) - timedelta(microseconds=1)), ["published_before"]),
        (content(at=NOW + timedelta(days=400)), []),
        (content(e_service_id="nothing"), ["not_found"]),
        (content(permissions=[SCHOOL, "nothing"]), ["not_found"]),
        (content(begins=NOW), ["window_kind"]),
        (content(ends=NOW), ["window_kind"]),
        (content(kind=MAINTENANCE), ["window_missing"]),
        (content(kind=MAINTENANCE, begins=NOW), ["window_missing"]),
        (content(kind=MAINTENANCE, begins=NOW, ends=NOW + HOUR), []),
        (content(kind=MAINTENANCE, begins=NOW, ends=NOW), ["window_order"]),
        (content(kind=INCIDENT), []),
        (content(kind=INCIDENT, begins=NOW), []),
        (content(kind=INCIDENT, ends=NOW), ["window_order"]),
        (content(kind=INCIDENT, begins=NOW + HOUR, ends=NOW), ["window_order"]),
    ],
)
def test_what_is_published_must_fit(desk: Desk, said: object, expected: list[str]) -> None:
    assert codes(desk, msgspec.structs.replace(announce("ny"), content=said)) == expected
    # What may not be published may not come about by a correction either.
    if expected and expected != ["published_before"]:
        said = msgspec.structs.replace(said, published_at=NOW - timedelta(days=2))  # type: ignore[type-var]  # a content
        assert codes(desk, correct(DOING, said)) == expected  # type: ignore[arg-type]  # a content


def test_an_id_is_used_once_also_after_the_announcement_was_withdrawn(desk: Desk) -> None:
    assert codes(desk, announce(NEWS)) == ["id_taken"]
    assert codes(desk, announce(WITHDRAWN_NEWS)) == ["id_taken"]
    assert codes(desk, announce("ny"), announce("ny")) == ["id_taken"]


def test_announcements_are_migrationsverkets(desk: Desk) -> None:
    for change in (announce("ny"), correct(DOING, content()), withdraw(DOING, "Grundskola byter regler")):
        assert desk.refusals(change, by=SUPPORT, at=NORTH) == (Refusal("announcement_elsewhere", NORTH),)


def test_a_correction_is_of_what_was_seen_and_changes_something(desk: Desk) -> None:
    now = desk.model.state(AUTHORITY).announcements[DOING]
    assert codes(desk, correct("nothing", content())) == ["not_found"]
    assert codes(desk, correct(WITHDRAWN_NEWS, content())) == ["withdrawn"]
    assert codes(desk, correct(DOING, content(at=now.content.published_at), 2)) == [
        "announcement_changed_since"
    ]
    same = content(
        "Grundskola byter regler",
        kind=AnnouncementKind.RULE_CHANGE,
        at=now.content.published_at.astimezone(timezone(HOUR)),
        e_service_id=now.content.e_service_id,
        permissions=now.content.permission_ids,
        action=now.content.action,
    )
    assert content_of(same) == now.content
    assert codes(desk, correct(DOING, same)) == ["nothing_changed"]


def test_once_the_day_has_passed_the_moment_of_publication_stays(desk: Desk) -> None:
    assert codes(desk, correct(DOING, content(at=NOW))) == ["published_already"]
    assert codes(desk, correct(SCHEDULED, content(at=NOW + 48 * HOUR))) == []
    assert codes(desk, correct(SCHEDULED, content(at=NOW - 48 * HOUR))) == ["published_before"]


def test_a_correction_stays_visible_but_one_before_the_publication_is_none(desk: Desk) -> None:
    published = desk.model.state(AUTHORITY).announcements[DOING].content.published_at
    desk.write(
        correct(DOING, content("Rättad", at=published), what="Fel skoltyp."),
        correct(DOING, content("Rättad igen", at=published), 2, what="Fel dag."),
        correct(SCHEDULED, content("Bättre ord", at=NOW + 24 * HOUR)),
        by=SUPPORT,
        at=AUTHORITY,
    )
    known = desk.model.state(AUTHORITY).announcements
    assert [(each.on, each.what) for each in known[DOING].corrections] == [
        (TODAY, "Fel skoltyp."),
        (TODAY, "Fel dag."),
    ]
    assert (known[DOING].content.title, known[DOING].version) == ("Rättad igen", 3)
    assert (known[SCHEDULED].content.title, known[SCHEDULED].corrections) == ("Bättre ord", ())


def test_what_is_withdrawn_is_what_was_seen(desk: Desk) -> None:
    assert codes(desk, withdraw(DOING, "Något annat")) == ["announcement_changed_since"]
    assert codes(desk, withdraw(DOING, "Grundskola byter regler", 2)) == ["announcement_changed_since"]
    assert codes(desk, withdraw(WITHDRAWN_NEWS, "Fel uppgift", 2)) == ["withdrawn"]
    desk.write(withdraw(DOING, "Grundskola byter regler"), by=SUPPORT, at=AUTHORITY)
    assert desk.model.state(AUTHORITY).announcements[DOING].withdrawn_on == TODAY


def test_what_was_public_is_not_taken_back_by_undo(desk: Desk) -> None:
    for change in (announce("ny"), correct(OLD_NEWS, content(at=_published(desk, OLD_NEWS)), 2)):
        desk.write(change, by=SUPPORT, at=AUTHORITY)
        written = desk.model.writes[AUTHORITY][-1]
        events = [record.event for record in written.records]
        subject = change.announcement_id
        assert inverse(events, desk.model.state(AUTHORITY)) == (Refusal("undo_not_possible", subject),)


def _published(desk: Desk, announcement_id: str) -> datetime:
    return desk.model.state(AUTHORITY).announcements[announcement_id].content.published_at


def test_a_moment_without_a_time_zone_is_no_moment() -> None:
    naive = datetime(2026, 11, 23, 8, 0)  # noqa: DTZ001 - that it is refused is what is shown
    for fields in ({"published_at": naive}, {"begins": naive}, {"ends": naive}):
        with pytest.raises(WrongValueError):
            msgspec.structs.replace(content(), **fields)


# Done -------------------------------------------------------------------------------------------


def _permission(name: str, launched: date, retired: date | None = None) -> Permission:
    return Permission(
        id=name,
        e_service_id="s",
        short_name=name,
        names=(DatedName(name),),
        launched_on=launched,
        retired_on=retired,
    )


OLD, NEW, COMING, GONE = (
    _permission("old", YESTERDAY),
    _permission("new", TODAY),
    _permission("coming", TOMORROW),
    _permission("gone", YESTERDAY, TODAY),
)


@pytest.mark.parametrize(
    ("permissions", "given", "said", "expected"),
    [
        ((), (), False, Done.OPEN),
        ((), (), True, Done.SAID),
        ((OLD, NEW), (), False, Done.OPEN),
        ((OLD, NEW), ("old",), False, Done.OPEN),
        ((OLD, NEW), ("old", "new"), False, Done.GIVEN),
        ((OLD, COMING), ("old",), False, Done.GIVEN),
        ((COMING,), (), False, Done.OPEN),
        ((OLD, GONE), ("old",), False, Done.GIVEN),
        ((OLD, GONE), (), False, Done.OPEN),
        ((GONE,), (), False, Done.ENDED),
        ((OLD,), ("old",), True, Done.SAID),
    ],
)
def test_the_part_is_done_when_what_can_be_given_is_given_or_somebody_says_so(
    permissions: tuple[Permission, ...], given: tuple[str, ...], said: bool, expected: Done
) -> None:
    assert done("Ge den", permissions, given, said=said, day=TODAY) is expected
    assert done("", permissions, given, said=said, day=TODAY) is Done.NOTHING_TO_DO
    assert expected.is_done == (expected is not Done.OPEN)


# Banners ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        # An evening, a night over midnight, and both nights on which the clocks change in Sweden.
        (datetime(2026, 11, 22, 17, 0, tzinfo=UTC), datetime(2026, 11, 22, 20, 0, tzinfo=UTC)),
        (datetime(2026, 11, 22, 21, 0, tzinfo=UTC), datetime(2026, 11, 23, 3, 0, tzinfo=UTC)),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_banner_is_on_from_its_beginning_until_its_end(begins: datetime, ends: datetime) -> None:
    banner = Banner(id="a", kind=MAINTENANCE, title="Stängt", begins=begins, ends=ends)
    second = timedelta(seconds=1)
    assert [banner.is_on(at) for at in (begins - second, begins, ends - second, ends)] == [
        False,
        True,
        True,
        False,
    ]
    endless = msgspec.structs.replace(banner, ends=None)
    assert endless.is_on(ends + timedelta(days=4000))

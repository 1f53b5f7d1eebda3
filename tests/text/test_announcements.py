"""What is current in words: what is ready-written for the catalogue, windows, and what is left to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from core import changes as c
from core.announcements import AnnouncementKind, Banner
from core.days import start_of
from core.directory import AUTHORITY
from core.identity import Title
from core.rules import decide
from tests.builders import (
    CHILDREN,
    MONEY,
    SCHOOL,
    SUPPORT,
    TODAY,
    TOMORROW,
    WARDS,
    changeset,
    launch,
    rename,
    retire,
)
from tests.core.conftest import WRITTEN
from tui.text.announcements import KIND_NAMES, draft_announcement_for, of_banner, window

CATALOGUE = WRITTEN.catalogue()


def test_every_kind_has_a_name_that_fits_in_its_column() -> None:
    from tui.text import _

    assert set(KIND_NAMES) == set(AnnouncementKind)
    names = [_(name) for name in KIND_NAMES.values()]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 19


def full_launch() -> c.LaunchPermission:
    return msgspec.structs.replace(
        launch("ny-typ", TOMORROW, name="Vård i hemmet"),
        target_group=Title("asylsökande"),
        payment=Title("utan ansökan"),
    )


@pytest.mark.parametrize(
    ("change", "kind", "title", "said"),
    [
        (
            full_launch(),
            AnnouncementKind.NEW_PERMISSION,
            "Ny behörighet: Vård i hemmet",
            [
                "**Vård i hemmet** kan ges i Ansök om statlig ersättning från den 24 november 2026.",
                "Den gäller: asylsökande.",
            ],
        ),
        (
            rename(CHILDREN, "Barn på flykt", TOMORROW),
            AnnouncementKind.RENAMED,
            "Nytt namn: Barn på flykt",
            ["heter behörigheten **Barn utan vårdnadshavare** i Se och ändra ansvar **Barn på flykt**"],
        ),
        (
            retire(SCHOOL, TOMORROW),
            AnnouncementKind.RETIRED,
            "Upphör: Grundskola",
            ["upphör behörigheten **Grundskola** i Ansök om statlig ersättning"],
        ),
    ],
    ids=["launch", "rename", "retirement"],
)
def test_what_is_ready_written_says_what_changes_and_is_accepted_with_the_change(
    change: c.LaunchPermission | c.RenamePermission | c.RetirePermission,
    kind: AnnouncementKind,
    title: str,
    said: list[str],
) -> None:
    ready = draft_announcement_for(change, CATALOGUE, TODAY)
    content = ready.content
    assert (content.kind, content.title, content.effective_on) == (kind, title, TOMORROW)
    assert content.published_at == start_of(TODAY)
    assert content.permission_ids == (change.permission_id,)
    assert content.e_service_id in (MONEY, WARDS)
    assert (content.action is not None) == isinstance(change, c.LaunchPermission)
    for part in said:
        assert part in content.text
    # Written together with the change, and not taken apart: the permission of a launch is there by then.
    wanted = changeset(AUTHORITY, change, ready)
    decision = decide(wanted, SUPPORT, WRITTEN.copy().facts(wanted, SUPPORT), TODAY)
    assert decision.refusals == ()
    assert draft_announcement_for(change, CATALOGUE, TODAY) == ready


def test_the_longest_names_and_ids_make_an_announcement_too() -> None:
    change = launch("a" * 64, TOMORROW, name="Å" * 160)
    ready = draft_announcement_for(change, CATALOGUE, TODAY)
    assert len(ready.content.title) == 160
    assert len(ready.announcement_id) == 64


def test_a_launch_of_a_service_that_is_added_with_it_names_it_by_its_id() -> None:
    ready = draft_announcement_for(launch("ny", e_service_id="ny-tjanst"), CATALOGUE, TODAY)
    assert "i ny-tjanst" in ready.content.text


BEGINS = datetime(2020, 2, 23, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ends", "long", "short"),
    [
        (
            BEGINS + timedelta(hours=3),
            "söndag 23 februari 2020 18.00 till 21.00",
            "Planerat underhåll söndag 23 februari 18.00-21.00: Stängt",
        ),
        (
            BEGINS + timedelta(hours=8),
            "söndag 23 februari 2020 18.00 till måndag 24 februari 2020 02.00",
            "Planerat underhåll söndag 23 februari 18.00 till måndag 24 februari 02.00: Stängt",
        ),
        (
            None,
            "från söndag 23 februari 2020 18.00, tills vidare",
            "Planerat underhåll från söndag 23 februari 18.00, tills vidare: Stängt",
        ),
    ],
)
def test_a_window_is_told_by_the_clock_in_sweden(ends: datetime | None, long: str, short: str) -> None:
    assert window(BEGINS, ends) == long
    banner = Banner(id="a", kind=AnnouncementKind.MAINTENANCE, title="Stängt", begins=BEGINS, ends=ends)
    assert of_banner(banner) == short


def test_nothing_is_told_of_a_window_that_is_not_there() -> None:
    assert window(None, None) == ""

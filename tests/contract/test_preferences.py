"""How each person wants the program to look, on every storage: kept as it was said, read by nobody else."""

from __future__ import annotations

from datetime import UTC, timedelta
from itertools import product

from core.directory import INSTALLATION, Role
from core.identity import Id
from core.journal import PreferencesChosen
from core.ports import Refused
from core.preferences import Chosen, Glyphs, Profile, Switches, profile_of, switches_of
from core.queries import OwnPreferences
from core.refusal import Refusal
from tests.builders import (
    ACTORS,
    NORTH,
    NORTH_ADMINISTRATOR,
    NORTH_SECOND,
    NORTH_USER,
    NOW,
    SOUTH_USER,
    SUPPORT,
)
from tests.contract.window import Window

SOME = (
    Switches(),
    Switches(cursor=False, borders=True, live_detail=False, row_marker=True),
    Switches(glyphs=Glyphs.PLAIN, toasts=True, letters=False),
    *(Switches(glyphs=each) for each in Glyphs),
)
PEOPLE = tuple(each for each in ACTORS if each.role is not Role.INSTALLATION)


def chosen(by_organisation: str, profile: Profile, switches: Switches | None = None) -> PreferencesChosen:
    return PreferencesChosen(
        organisation_id=Id(by_organisation), profile=profile, switches=switches or Switches()
    )


async def test_each_reads_the_own_choice_and_the_last_one_counts(window: Window) -> None:
    assert await window.ask(OwnPreferences(), NORTH_SECOND) == Chosen()
    assert await window.ask(OwnPreferences(), INSTALLATION) == Chosen()
    for place, (profile, switches) in enumerate(product(Profile, SOME)):
        by = PEOPLE[place % len(PEOPLE)]
        at = NOW + timedelta(minutes=place)
        others = {each: await window.ask(OwnPreferences(), each) for each in PEOPLE if each is not by}
        entry = chosen(by.organisation_id, profile, switches)
        assert await window.storage.note(entry, by, at) is None
        found = await window.ask(OwnPreferences(), by)
        assert (profile_of(found.profile), switches_of(found.switches)) == (profile, switches)
        assert found.at == at.astimezone(UTC).isoformat(timespec="microseconds")
        assert others == {each: await window.ask(OwnPreferences(), each) for each in others}


async def test_it_is_about_the_own_account_and_support_has_no_say(window: Window) -> None:
    """A profile tells of somebody's sight: nobody may read it, nor choose it in another's place."""
    before = await window.ask(OwnPreferences(), NORTH_ADMINISTRATOR)
    assert profile_of(before.profile) is Profile.SCREEN_READER
    for by in (SUPPORT, SOUTH_USER):
        answer = await window.storage.note(chosen(NORTH, Profile.STANDARD), by, NOW)
        assert answer == Refused((Refusal("not_found", NORTH),))
    assert await window.storage.note(chosen(NORTH, Profile.MAGNIFIER), NORTH_USER, NOW) is None
    assert await window.ask(OwnPreferences(), NORTH_ADMINISTRATOR) == before

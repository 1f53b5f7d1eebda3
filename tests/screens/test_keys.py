"""Every key of ours is on every Swedish keyboard, every action can be found, and no two share a key."""

import importlib
import pkgutil

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import tui.screens
import tui.widgets
from tests.screens.house import House
from tests.screens.visit import visiting
from tui.actions import (
    ACTIONS,
    DIALOG_ACTIONS,
    EVERYBODY,
    PLACES,
    actions_for_anybody,
    actions_of,
    is_safe,
    unsafe_keys,
)
from tui.app import Behorig
from tui.keys import ASSIGNABLE, key_name, with_capital
from tui.screens import everywhere
from tui.screens.announcement import AnnouncementRoom
from tui.screens.bands import key_text
from tui.screens.card import CardRoom
from tui.screens.catalogue import CatalogueRoom
from tui.screens.dialogs import Dialog
from tui.screens.news import NewsRoom
from tui.screens.organisation import OrganisationRoom
from tui.screens.own import OwnRoom
from tui.screens.people_room import PeopleRoom
from tui.screens.permissions import PermissionsRoom
from tui.screens.person import PersonRoom
from tui.screens.review import ReviewRoom
from tui.screens.room import Room
from tui.screens.search import SearchRoom
from tui.screens.support import SupportRoom
from tui.screens.users import UsersRoom
from tui.screens.writes import WritesRoom
from tui.text import _

ROOMS: tuple[type[Room], ...] = (
    UsersRoom,
    PermissionsRoom,
    NewsRoom,
    AnnouncementRoom,
    WritesRoom,
    SupportRoom,
    OwnRoom,
    SearchRoom,
    CatalogueRoom,
    CardRoom,
    OrganisationRoom,
    PersonRoom,
    ReviewRoom,
)

INTERRUPT = "ctrl+c"
"""The one key beyond the safe ones: every terminal sends it, and nobody needs it."""


BANNED = ("[", "left_square_bracket", "right_curly_bracket", "alt+a", "ctrl+h", "ctrl+i", "ctrl+m", "ctrl+s",
          "ctrl+q", "ctrl+b", "ctrl+a", "ctrl+z", "at", "dollar_sign", "f10", "tilde", "circumflex_accent",
          "backslash", "vertical_line", "grave_accent")  # fmt: skip


def own_classes() -> set[type[DOMNode]]:
    """Give every screen, dialog and widget of ours, and the program itself."""
    modules = ["tui.app"]
    for package in (tui.screens, tui.widgets):
        modules += [each.name for each in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")]
    return {
        value
        for module in modules
        for value in vars(importlib.import_module(module)).values()
        if isinstance(value, type) and issubclass(value, DOMNode) and value.__module__.startswith("tui.")
    }


def bindings_in(owner: type[DOMNode]) -> list[Binding]:
    """Give the bindings that a class declares itself, a key each."""
    declared = vars(owner).get("BINDINGS", [])
    return list(Binding.make_bindings(declared))


def small(key: str) -> str:
    """Give a letter for its capital: Caps Lock may be on."""
    return key.lower() if len(key) == 1 else key


def test_no_key_of_the_registry_is_missing_on_a_swedish_keyboard() -> None:
    assert unsafe_keys() == ()


def test_no_screen_dialog_or_widget_binds_a_key_of_its_own_that_is() -> None:
    found = own_classes()
    assert {Behorig, UsersRoom, ReviewRoom} <= found
    bindings = [(owner, each) for owner in found for each in bindings_in(owner)]
    own = [(owner, each) for owner, each in bindings if not each.action.startswith("key(")]
    assert len(own) > 15
    assert [
        (owner, each.key) for owner, each in own if not is_safe(small(each.key)) and each.key != INTERRUPT
    ] == []
    assert [(owner, each.key) for owner, each in bindings if not each.id] == []


def test_no_banned_key_can_be_chosen_and_each_that_can_is_asked_about_everywhere() -> None:
    assert [key for key in ASSIGNABLE if key.startswith("alt") or key in BANNED] == []
    keys = {(f"key.{key}", each) for key in ASSIGNABLE if key != "enter" for each in with_capital(key)}
    for owner in (Room, Dialog):
        assert {(each.id, each.key) for each in bindings_in(owner)} == keys
    assert {key for each in (*ACTIONS, *DIALOG_ACTIONS) for key in each.keys} <= set(ASSIGNABLE)


@pytest.mark.parametrize("key", BANNED)
def test_banned_keys_are_known_to_be_so(key: str) -> None:
    assert not is_safe(key)


def test_each_action_has_an_id_of_its_own_and_one_that_does_it_where_it_belongs() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    for room in ROOMS:
        for action in actions_for_anybody(room.NAME):
            if not action.id.startswith("app."):
                assert callable(getattr(room, action.method, None)), (room, action.id)
            elif action.room:
                assert action.room in Behorig.MODES, action.id
            else:
                assert callable(everywhere.doer_of(action)), action.id
    assert {action.place for action in ACTIONS} == {place for places in PLACES.values() for place in places}
    assert {room.NAME for room in ROOMS} == set(PLACES)


def test_nothing_is_done_in_every_room_that_no_action_is_for() -> None:
    doers = {name for name in vars(everywhere) if name.startswith("do_")}
    actions = {each for each in ACTIONS if each.id.startswith("app.")}
    assert {each.place for each in actions} == {"room"}
    assert doers == {each.method for each in actions if not each.room}


@pytest.mark.parametrize("room", ROOMS)
def test_no_two_actions_of_a_screen_share_a_key(room: type[Room]) -> None:
    for role in EVERYBODY:
        keys = [key for action in actions_of(room.NAME, role) for key in action.keys]
        assert sorted(keys) == sorted(set(keys))


def test_all_actions_of_every_room_are_on_every_screen_or_rest_for_an_own_key() -> None:
    for role in EVERYBODY:
        everywhere = {action for action in ACTIONS if action.place == "room" and role in action.roles}
        for room in ROOMS:
            actions = actions_of(room.NAME, role)
            own = {key for action in actions if action.place != "room" for key in action.keys}
            assert all(own.intersection(action.keys) for action in everywhere - set(actions))
    assert issubclass(UsersRoom, PeopleRoom)


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("width", [20, 40, 60, 80, 120, 200])
def test_the_key_line_counts_every_action_that_it_does_not_name(room: type[Room], width: int) -> None:
    actions = actions_of(room.NAME)
    line = key_text(actions, width)
    assert len(line) <= width
    parts = line.strip().split("  ")
    named = [each for each in actions if each.keys and f"{key_name(each.keys[0])} {_(each.title)}" in parts]
    hidden = len(actions) - len(named)
    assert (f"+{hidden}: F1" in line) == (hidden > 0)


async def test_every_action_is_in_the_palette_and_in_the_help_with_its_keys(house: House) -> None:
    async with visiting(house, size=(120, 60)) as visit:
        for room, keys in (
            ("users", "1"),
            ("permissions", "2"),
            ("news", "3"),
            ("support", "4"),
            ("writes", "5"),
        ):
            await visit.press(keys)
            for opener, title in (("ctrl+p", "Alla kommandon"), ("f1", "Hjälp")):
                await visit.press(opener)
                await visit.sees(title)
                await visit.settled()  # the key line below names the help too, before it is there
                found = ""
                for _page in range(4):
                    found += "\n".join(visit.screen())
                    await visit.press("pagedown")
                found = " ".join(found.split())
                for action in actions_of(room):
                    assert _(action.title) in found, (room, action.id)
                    assert not action.keys or key_name(action.keys[0]) in found, (room, action.id)
                    if opener == "f1":
                        assert _(action.help).partition(" ")[0] in found
                await visit.press("escape")

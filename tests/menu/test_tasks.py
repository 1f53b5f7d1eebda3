"""The menu is whole: whatever a role does on a screen or by a command is a task, or has a reason why not."""

from __future__ import annotations

from typing import Any

import pytest

from core.changes import CHANGES
from tests.test_imports import modules_loaded_by, packages_of
from tui.actions import ACTIONS, EVERYBODY
from tui.line.registry import COMMANDS
from tui.menu.card import CARD
from tui.menu.catalogue import CATALOGUE
from tui.menu.catalogue import PERMISSION as CATALOGUE_PERMISSION
from tui.menu.history import HISTORY, WRITE
from tui.menu.letters import LETTER
from tui.menu.news import ANNOUNCEMENT, NEWS
from tui.menu.organisation import ORGANISATION
from tui.menu.people import USERS
from tui.menu.permissions import PERMISSION
from tui.menu.person import PERSON
from tui.menu.run import FIRST
from tui.menu.support import SUPPORT
from tui.menu.tasks import Task

AREAS: dict[str, tuple[Task[Any], ...]] = {
    "first": FIRST,
    "users": USERS,
    "person": PERSON,
    "permission": PERMISSION,
    "news": NEWS,
    "announcement": ANNOUNCEMENT,
    "support": SUPPORT,
    "letter": LETTER,
    "history": HISTORY,
    "write": WRITE,
    "catalogue": CATALOGUE,
    "catalogue permission": CATALOGUE_PERMISSION,
    "card": CARD,
    "organisation": ORGANISATION,
}

_ANSWERS = "is an answer to every question of the menu: 0, ?, a word that is searched for"
_LOOKS = "changes how a screen looks, and lines look in one way"
_TERMINAL = "is about a terminal's clipboard or messages; lines stay where they are and are copied from there"
_CURSOR = "is about where the cursor stands on a screen; in lines the last one is where one is"

NO_TASK = {
    "app.palette": _ANSWERS,
    **dict.fromkeys(("announcement.back", "person.back", "card.back", "organisation.back"), _ANSWERS),
    **dict.fromkeys(("app.display", "permissions.fold"), _LOOKS),
    **dict.fromkeys(("app.messages", "card.copy", "card.copy_line", "support.copy"), _TERMINAL),
    **dict.fromkeys(("app.describe", "app.jump"), _CURSOR),
}
"""What a screen does and the menu has no task for, each with the reason."""


def tasks_of(role: str) -> list[Task[Any]]:
    """Give every task of a role, wherever it stands."""
    return [task for area in AREAS.values() for task in area if role in task.roles]


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_whatever_a_role_does_on_a_screen_is_a_task_of_the_menu(role: str) -> None:
    done = frozenset[str]().union(*(task.does for task in tasks_of(role)))
    rooms = {each.place for each in ACTIONS if each.id in done}
    # Actions without roles of their own are of those who come to the screen on which they are done.
    wanted = {each.id for each in ACTIONS if role in each.roles and each.place in rooms}
    assert wanted - done - set(NO_TASK) == _not_of(role) & wanted
    assert done <= {each.id for each in ACTIONS if role in each.roles}


def _not_of(role: str) -> set[str]:
    """Give the actions on a screen that the role comes to but that say there that another role has them."""
    support = {"news.write", "news.correct", "news.withdraw", "support.contact"}
    administrator = {"news.matrix", "news.done", "announcement.matrix", "announcement.done"}
    return {"administrator": support, "support": administrator}.get(role, set())


def test_every_action_is_somebodys_task_or_has_a_reason_why_not() -> None:
    known = {each.id for each in ACTIONS}
    done = frozenset[str]().union(*(task.does for area in AREAS.values() for task in area))
    assert done <= known
    assert known - done == set(NO_TASK)


def test_every_kind_of_change_comes_of_a_task_of_whoever_may_make_it() -> None:
    for kind in CHANGES:
        tag = str(kind.__struct_config__.tag)
        for role in EVERYBODY & {str(each) for each in kind.made_by}:
            made = frozenset[str]().union(*(task.changes for task in tasks_of(role)))
            assert tag in made, (tag, role)


def test_what_a_command_changes_and_does_the_menu_does_too() -> None:
    for command in COMMANDS:
        for role in command.roles:
            tasks = tasks_of(role)
            made = frozenset[str]().union(*(task.changes for task in tasks))
            done = frozenset[str]().union(*(task.does for task in tasks)) | set(NO_TASK)
            may = {
                str(each.__struct_config__.tag) for each in CHANGES if role in {str(x) for x in each.made_by}
            }
            assert command.changes & may <= made, command.words
            mine = {each.id for each in ACTIONS if role in each.roles}
            assert command.actions & mine <= done | _not_of(role) | _elsewhere(role), command.words


def _elsewhere(role: str) -> set[str]:
    """Give the actions without roles of their own that stand on a screen to which the role never comes."""
    done = frozenset[str]().union(*(task.does for task in tasks_of(role)))
    places = {each.place for each in ACTIONS if each.id in done}
    return {each.id for each in ACTIONS if each.place not in places}


def test_no_two_tasks_of_an_area_have_one_name() -> None:
    for name, area in AREAS.items():
        for role in EVERYBODY:
            titles = [task.title for task in area if role in task.roles]
            assert len(titles) == len(set(titles)), (name, role)


def test_the_menu_never_loads_a_screen() -> None:
    code = """
import importlib, pkgutil, tui.menu
for module in pkgutil.iter_modules(tui.menu.__path__):
    importlib.import_module(f"tui.menu.{module.name}")
"""
    loaded = modules_loaded_by(code)
    assert "tui.menu.announcement_form" in loaded
    assert "textual" not in packages_of(loaded)

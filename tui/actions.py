"""The registry of actions: what can be done where, by which keys, under which name.

Bindings, the key line, the palette, the help and the key documentation all come from here. An action
runs ``do_NAME``: the method of its screen, or for every room (``app.NAME``) the function of
:mod:`tui.screens.everywhere`. The screen's ``why_not`` tells in words why it cannot be done just now, so
that a disabled key says why instead of doing nothing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from tui.keys import CONTROL, DIGITS, LETTERS, key_name, keymap_in_force
from tui.text import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable


ADMINISTRATOR, SUPPORT, USER = "administrator", "support", "user"
EVERYBODY = frozenset({ADMINISTRATOR, SUPPORT, USER})
"""Who signs in. Until it is known who does, the program is as an administrator's."""
ADMINISTERS, SUPPORTS = frozenset({ADMINISTRATOR}), frozenset({SUPPORT})
WRITING = EVERYBODY - {USER}


class Action(msgspec.Struct, frozen=True):
    """One thing that can be done.

    ``place`` is where: ``"room"`` is every room, else the name of one screen. ``keys`` are Textual's names
    of keys, those that it has as long as nobody chooses others: :func:`keys_of` gives the ones in force, of
    which the first is shown. ``help`` is one sentence. ``on_key_line`` says that the key line names it, in
    the order of the registry. ``roles`` are those who have it, by the names of
    :class:`core.directory.Role`; ``room`` is the room that it leads to, for the line of rooms.
    ``instead_of`` is the action of every room whose place it takes where it is.
    """

    id: str
    place: str
    title: str
    help: str
    keys: tuple[str, ...] = ()
    on_key_line: bool = False
    roles: frozenset[str] = EVERYBODY
    room: str = ""
    instead_of: str = ""

    @property
    def method(self) -> str:
        """The name of the method or function that does it."""
        return "do_" + self.id.partition(".")[2]


ACTIONS: tuple[Action, ...] = (
    # Every room
    Action(
        "app.help", "room", N_("Help"),
        N_("Tells the keys for where you are."), ("f1", "question_mark"), True,
    ),
    Action(
        "app.review", "room", N_("Review"),
        N_("Shows what will happen, as sentences; only there can it be written."), ("f8",), True,
        roles=WRITING,
    ),
    Action("app.palette", "room", N_("All commands"), N_("Finds any command by its name."), ("ctrl+p",)),
    Action(
        "app.jump", "room", N_("Jump"),
        N_("Lists fields, buttons, rooms, columns and the rows in view; a name or a number takes you there."),
        ("ctrl+o",),
    ),
    Action(
        "app.users", "room", N_("Users"), N_("Goes to the list of users."), ("1",),
        roles=ADMINISTERS, room="users",
    ),
    Action(
        "app.permissions", "room", N_("Permissions"), N_("Goes to the matrix of permissions."), ("2",),
        roles=ADMINISTERS, room="permissions",
    ),
    Action(
        "app.own", "room", N_("My permissions"),
        N_("Goes to your own permissions, with the reasons, and to whom you can ask."), ("1",),
        roles=frozenset({USER}), room="own",
    ),
    Action(
        "app.news", "room", N_("News"), N_("Goes to what is current."), ("3",), roles=WRITING, room="news",
    ),
    Action(
        "app.writes", "room", N_("History"),
        N_("Goes to everything that has happened, to read or undo."), ("5",),
        roles=WRITING, room="writes",
    ),
    Action(
        "app.support", "room", N_("Support"),
        N_("Goes to whom to ask, in which order, and how to write to them."), ("4",),
        roles=WRITING, room="support",
    ),
    Action(
        "app.manual", "room", N_("Manual"),
        N_("Shows the manual, to search in and read."), ("f2",),
    ),
    Action(
        "app.answers", "room", N_("Questions with answers"),
        N_("Shows what is often asked, with the keys that do it."), ("f3",),
    ),
    Action(
        "app.accessibility", "room", N_("Accessibility"),
        N_("Shows how the program meets the rules for accessibility, and its limits."),
    ),
    Action(
        "app.search", "room", N_("Search"),
        N_("Goes to the search over the whole country."), ("1",), roles=SUPPORTS, room="search",
    ),
    Action(
        "app.catalogue", "room", N_("Catalogue"),
        N_("Goes to the e-services and permissions with their days."), ("2",),
        roles=SUPPORTS, room="catalogue",
    ),
    # The list of users and the matrix
    Action(
        "people.search", "people", N_("Search"),
        N_("Goes to the search: name, HSA-id or e-mail, with or without dots."), ("ctrl+f", "slash"), True,
    ),
    Action("users.register", "users", N_("New user"), N_("Registers a person as user."), ("n",), True),
    Action("users.amend", "users", N_("Change"), N_("Changes name, HSA-id or e-mail."), ("enter", "e"), True),
    Action(
        "users.deregister", "users", N_("Deregister"),
        N_("Deregisters the user and takes the permissions away, after review."), ("delete",), True,
    ),
    Action(
        "permissions.toggle", "permissions", N_("Give or take"),
        N_("Stages that the permission of this cell is given, or taken away."), ("enter",), True,
    ),
    Action(
        "permissions.give", "permissions", N_("Give"),
        N_("Stages that the marked users, or this one, get the permission of this column."), ("g",), True,
    ),
    Action(
        "permissions.take", "permissions", N_("Take away"),
        N_("Stages that the permission of this column is taken from the marked users, or this one."),
        ("t", "delete"), True,
    ),
    Action(
        "permissions.copy", "permissions", N_("Copy from"),
        N_("Stages that the marked users get the permissions of the one under the cursor."), ("k",),
    ),
    Action(
        "permissions.reset", "permissions", N_("Reset the cell"),
        N_("Drops what is staged in this cell, or in this column for the marked users."), ("o",),
    ),
    Action(
        "permissions.retired", "permissions", N_("Show or hide retired"),
        N_("Shows the columns of retired permissions, which cannot be given any more."), ("v",),
    ),
    Action(
        "permissions.fold", "permissions", N_("Fold or unfold"),
        N_("Makes one column of this e-service's columns, with how many each user has; and back again."),
        ("w",),
    ),
    Action(
        "permissions.launch", "permissions", N_("To the launch"),
        N_("Goes to the next column that was launched today, or to the latest launch."), ("l",),
    ),
    Action(
        "permissions.column", "permissions", N_("Go to column"),
        N_("Finds a column by a part of its name, former names too."), ("ctrl+g",),
    ),
    Action(
        "people.person", "people", N_("The person"),
        N_("Shows this user's permissions as a list."), ("b",),
    ),
    Action(
        "people.mark", "people", N_("Mark"),
        N_("Marks this user, or takes the mark away."), ("space",), True,
    ),
    Action(
        "people.mark_all", "people", N_("Mark all"),
        N_("Marks all users that the search and filters show."), ("a",),
    ),
    Action("people.unmark_all", "people", N_("Unmark all"), N_("Takes all marks away."), ("u",)),
    Action(
        "people.filter", "people", N_("Filter"),
        N_("Shows only those who have, or lack, a permission; or deregistered ones."), ("f", "ctrl+e"),
    ),
    Action(
        "people.all", "people", N_("Everybody again"),
        N_("Takes the search away; when there is none, the filter."), ("escape",),
    ),
    Action(
        "people.history", "people", N_("History of this"),
        N_("Shows what has happened to this user, or with this permission."), ("h",),
    ),
    Action(
        "people.as_of", "people", N_("As of a day"),
        N_("Shows users and permissions as they were at the end of a day; only to read."), ("c",),
    ),
    Action(
        "people.compare", "people", N_("Compare two days"),
        N_("Tells who came and left, was changed, got or lost what between two days."), ("j",),
    ),
    Action("people.sort", "people", N_("Sort"), N_("Chooses the column to sort by."), ("s",)),
    Action("users.detail", "users", N_("Details"), N_("Opens or closes the pane with details."), ("d",)),
    Action(
        "people.reload", "people", N_("Read again"),
        N_("Reads the list again from the storage."), ("ctrl+r", "f5"),
    ),
    # What is current
    Action("news.read", "news", N_("Read"), N_("Shows the whole text."), ("enter", "l"), True),
    Action(
        "news.matrix", "news", N_("To the permission"),
        N_("Goes to the matrix, to the first permission that this is about."), ("b",), True,
    ),
    Action(
        "news.done", "news", N_("Done or not"),
        N_("Says for your organisation that what must be done here is done, or that it is not."),
        ("k",), True,
    ),
    Action(
        "news.search", "news", N_("Search"),
        N_("Goes to the search: words of the heading or the text, with or without dots."),
        ("ctrl+f", "slash"), True,
    ),
    Action(
        "news.filter", "news", N_("Filter"),
        N_("Shows only one kind, or one e-service."), ("f", "ctrl+e"), True,
    ),
    Action(
        "news.unread", "news", N_("Unread only"),
        N_("Shows only what you have not read, or all."), ("u",),
    ),
    Action("news.read_all", "news", N_("Mark all read"), N_("Marks everything as read by you."), ("a",)),
    Action(
        "news.all", "news", N_("Everything again"),
        N_("Takes the search away; when there is none, the filter."), ("escape",),
    ),
    Action("news.write", "news", N_("Write new"), N_("Writes something new, for support."), ("n",)),
    Action("news.correct", "news", N_("Correct"), N_("Corrects this, for support."), ("e",)),
    Action(
        "news.withdraw", "news", N_("Withdraw"),
        N_("Takes this away from what is current, for support."), ("delete",),
    ),
    Action(
        "news.reload", "news", N_("Read again"),
        N_("Reads the list again from the storage."), ("ctrl+r", "f5"),
    ),
    Action(
        "announcement.back", "announcement", N_("Back"),
        N_("Goes back to where you came from."), ("escape",), True,
    ),
    Action(
        "announcement.matrix", "announcement", N_("To the permission"),
        N_("Goes to the matrix, to the first permission that this is about."), ("b",), True,
    ),
    Action(
        "announcement.done", "announcement", N_("Done or not"),
        N_("Says for your organisation that what must be done here is done, or that it is not."),
        ("k",), True,
    ),
    # The history
    Action(
        "writes.read", "writes", N_("Read"),
        N_("Shows every sentence of this write."), ("enter", "l"), True,
    ),
    Action(
        "writes.undo", "writes", N_("Undo this write"),
        N_("Prepares the undoing of this write, for review."), ("u", "delete"), True,
    ),
    Action(
        "writes.filter", "writes", N_("Filter"),
        N_("Shows only what is about a person, a permission or a kind of event, or of some days."),
        ("f", "ctrl+e"), True,
    ),
    Action("writes.all", "writes", N_("Everything again"), N_("Takes the filter away."), ("escape",)),
    Action(
        "writes.export", "writes", N_("Export"),
        N_("Writes what is shown to a file, for a spreadsheet or as JSON Lines."), ("e",),
    ),
    Action(
        "writes.reload", "writes", N_("Read again"),
        N_("Reads the list again from the storage."), ("ctrl+r", "f5"),
    ),
    # Whom to ask
    Action(
        "support.choose", "support", N_("Do this"),
        N_("Does what the line says; an address or a number is copied."), ("enter",), True,
    ),
    Action(
        "support.copy", "support", N_("Copy"),
        N_("Sends the address or number of this line to the terminal's clipboard."), ("k",), True,
    ),
    Action(
        "support.letter", "support", N_("Letter about administrators"),
        N_("Makes the letter with which an administrator is registered, replaced or removed."), ("b",), True,
    ),
    Action(
        "support.question", "support", N_("Ask a question"),
        N_("Writes a question to the kontaktcenter."), ("f",), True,
    ),
    Action(
        "support.contact", "support", N_("Change the contact"),
        N_("Enters the kontaktcenter's address, telephone or hours from a day on; for support."), ("e",),
    ),
    Action(
        "support.reload", "support", N_("Read again"),
        N_("Reads the list again from the storage."), ("ctrl+r", "f5"),
    ),
    # One person
    Action(
        "person.toggle", "person", N_("Give or take"),
        N_("Stages that this permission is given, or taken away."), ("enter", "space"), True,
    ),
    Action("person.give", "person", N_("Give"), N_("Stages that this permission is given."), ("g",), True),
    Action(
        "person.take", "person", N_("Take away"),
        N_("Stages that this permission is taken away."), ("t", "delete"), True,
    ),
    Action("person.back", "person", N_("Back"), N_("Goes back to where you came from."), ("escape",), True),
    # What a user sees
    Action(
        "own.reload", "own", N_("Read again"),
        N_("Reads your permissions again from the storage."), ("ctrl+r", "f5"), True,
    ),
    # Support: the search over the country, the card of a person, an organisation, the catalogue
    Action(
        "search.card", "search", N_("The card"),
        N_("Opens the card of the person, or shows the organisation."), ("enter",), True,
    ),
    Action(
        "search.find", "search", N_("Search"),
        N_("Goes to the search: name, HSA-id, e-mail or organisation, with or without dots."),
        ("ctrl+f", "slash"), True,
    ),
    Action(
        "search.organisation", "search", N_("The organisation"),
        N_("Shows the organisation's administrators and agreements."), ("o",), True,
    ),
    Action(
        "search.again", "search", N_("New search"),
        N_("Empties the search box and goes there."), ("escape",), True,
    ),
    Action(
        "search.reload", "search", N_("Read again"),
        N_("Reads the list again from the storage."), ("ctrl+r", "f5"),
    ),
    Action(
        "card.spell", "card", N_("Spell"),
        N_("Spells the HSA-id with the Swedish telephone alphabet."), ("b",), True,
    ),
    Action(
        "card.copy", "card", N_("Copy the HSA-id"),
        N_("Sends the HSA-id to the terminal's clipboard."), ("k",), True,
    ),
    Action(
        "card.copy_line", "card", N_("Copy the line"),
        N_("Sends what the lines below tell to the terminal's clipboard."), ("y",),
    ),
    Action(
        "card.organisation", "card", N_("The organisation"),
        N_("Shows the organisation's administrators and agreements."), ("o",), True,
    ),
    Action(
        "card.amend", "card", N_("Change"),
        N_("Changes name, HSA-id or e-mail, or registers a deregistered person again, after review."),
        ("e",), True,
    ),
    Action(
        "card.appoint", "card", N_("Make administrator"),
        N_("Makes the user administrator, after review; what the user had ends."), ("a",), True,
    ),
    Action(
        "card.dismiss", "card", N_("Dismiss as administrator"),
        N_("Makes the administrator a user without permissions, after review."), ("d",),
    ),
    Action(
        "card.deregister", "card", N_("Deregister"),
        N_("Deregisters the user and takes the permissions away, after review."), ("delete",),
    ),
    Action(
        "card.reload", "card", N_("Read again"),
        N_("Reads the card again from the storage."), ("ctrl+r", "f5"),
    ),
    Action("card.back", "card", N_("Back"), N_("Goes back to where you came from."), ("escape",), True),
    Action(
        "organisation.choose", "organisation", N_("Do this"),
        N_("Opens the administrator's card, or prepares that the agreement is noted or ends."),
        ("enter",), True,
    ),
    Action(
        "organisation.appoint", "organisation", N_("New administrator"),
        N_("Registers a person and makes it administrator in one write, after review."), ("a",), True,
    ),
    Action(
        "organisation.register", "organisation", N_("New user"),
        N_("Registers a person as user, after review."), ("n",), True,
    ),
    Action(
        "organisation.amend", "organisation", N_("Change"),
        N_("Changes the organisation's name or number, after review."), ("e",), True,
    ),
    Action(
        "organisation.reload", "organisation", N_("Read again"),
        N_("Reads the organisation again from the storage."), ("ctrl+r", "f5"),
    ),
    Action(
        "organisation.back", "organisation", N_("Back"),
        N_("Goes back to where you came from."), ("escape",), True,
    ),
    Action(
        "catalogue.launch", "catalogue", N_("Launch"),
        N_("Asks for a new permission and its launch day, and counts whom it reaches."), ("n",), True,
    ),
    Action(
        "catalogue.rename", "catalogue", N_("Rename"),
        N_("Asks for another name and the day from which it holds."), ("enter", "e"), True,
    ),
    Action(
        "catalogue.retire", "catalogue", N_("End"),
        N_("Asks for the day on which the permission ends, and counts who loses it."), ("delete",), True,
    ),
    Action(
        "catalogue.reload", "catalogue", N_("Read again"),
        N_("Reads the list again from the storage."), ("ctrl+r", "f5"),
    ),
    # Review
    Action(
        "review.write", "review", N_("To the write button"),
        N_("Goes to the button that writes."), ("f8",), True, instead_of="app.review",
    ),
    Action("review.back", "review", N_("Back"), N_("Goes back; the draft stays."), ("escape",), True),
    Action(
        "review.drop", "review", N_("Drop the change"),
        N_("Takes this change out of the draft; it is not written."), ("delete",), True,
    ),
    Action(
        "review.keep", "review", N_("Keep my change"),
        N_("Holds on to my change over what another person did."), ("k",), True,
    ),
    Action(
        "review.drop_all", "review", N_("Drop everything"),
        N_("Throws the whole draft away, after a question."), ("ctrl+k",),
    ),
    # Every room
    Action(
        "app.undo", "room", N_("Undo the last write"),
        N_("Prepares the undoing of what you wrote last, for review."), ("f7",), roles=WRITING,
    ),
    Action(
        "app.take_over", "room", N_("Take over the draft"),
        N_("Moves the draft of another window of yours here, for instance after a lost line."),
        roles=WRITING,
    ),
    Action(
        "app.told", "room", N_("Read the lines"),
        N_("Shows whole what the lines below tell, where they are too narrow for it."), ("i",),
    ),
    Action(
        "app.messages", "room", N_("Messages"),
        N_("Shows what the program has told, newest last."), ("f6",),
    ),
    Action(
        "app.describe", "room", N_("Where am I"),
        N_("Tells in one sentence what has the focus, with the cursor on that line."), ("ctrl+t",),
    ),
    Action(
        "app.display", "room", N_("Display"),
        N_("Chooses a profile, such as that for a screen reader, the colours, and what is shown."), ("f9",),
    ),
    Action(
        "app.quit", "room", N_("Quit"),
        N_("Leaves the program; what is not written stays as a draft."), ("ctrl+x",),
    ),
)  # fmt: skip

PLACES: dict[str, tuple[str, ...]] = {
    "users": ("room", "people", "users"),
    "permissions": ("room", "people", "permissions"),
    "news": ("room", "news"),
    "announcement": ("announcement", "room"),
    "writes": ("room", "writes"),
    "support": ("room", "support"),
    "own": ("room", "own"),
    "search": ("room", "search"),
    "catalogue": ("room", "catalogue"),
    "card": ("card", "room"),
    "organisation": ("organisation", "room"),
    "person": ("person", "room"),
    "review": ("review", "room"),
}
"""The places whose actions each screen has."""


DIALOG_ACTIONS: tuple[Action, ...] = (
    Action(
        "dialog.close", "dialog", N_("Back"), N_("Closes a dialog and changes nothing."), ("escape",),
    ),
    Action(
        "form.go_on", "dialog", N_("Go on"),
        N_("Goes on with what is written in a form, as its last button does."), ("f8",),
    ),
    Action(
        "announcement_form.preview", "dialog", N_("Preview"),
        N_("Shows what administrators will see of an announcement."), ("f4",),
    ),
)  # fmt: skip
"""What a key does in a dialog, beside help and jumping, which are as in a room."""

IN_DIALOGS = ("app.help", "app.jump", "app.describe")
"""What is done in every room and in every dialog."""

MOVES: tuple[Action, ...] = (
    Action("table.cursor_up", "table", N_("Row above"), N_("Goes to the row above."), ("up",)),
    Action("table.cursor_down", "table", N_("Row below"), N_("Goes to the row below."), ("down",)),
    Action(
        "table.cursor_left", "table", N_("To the left"), N_("Goes to the cell or the columns at the left."),
        ("left",),
    ),
    Action(
        "table.cursor_right", "table", N_("To the right"),
        N_("Goes to the cell or the columns at the right."), ("right",),
    ),
    Action("table.page_up", "table", N_("A page up"), N_("Goes a screenful up."), ("pageup",)),
    Action("table.page_down", "table", N_("A page down"), N_("Goes a screenful down."), ("pagedown",)),
    Action(
        "table.home", "table", N_("To the beginning"),
        N_("Goes to the beginning of the list, or of the row."), ("home",),
    ),
    Action(
        "table.end", "table", N_("To the end"), N_("Goes to the end of the list, or of the row."), ("end",),
    ),
)  # fmt: skip
"""Moves in a list. They may have keys of their own, beside the arrows and their like, which always stay."""

WAYS_OUT = ("app.help", "app.palette", "app.quit")
"""Actions that are never without a key, and one that is no letter: a person must get help, and out.

The way back is Esc, which stays a key of every action that it usually is one of.
"""


def keys_of(action: Action) -> tuple[str, ...]:
    """Give the keys of an action that are in force; none for one that is found in the palette alone."""
    return keymap_in_force().keys(action.id, action.keys)


@lru_cache(maxsize=64)
def actions_of(screen: str, role: str = ADMINISTRATOR) -> tuple[Action, ...]:
    """Give a role's actions of a screen in the order of the registry."""
    found = [each for each in ACTIONS if each.place in PLACES[screen] and role in each.roles]
    replaced = {each.instead_of for each in found}
    return tuple(each for each in found if each.id not in replaced)


@lru_cache(maxsize=64)
def actions_for_anybody(screen: str) -> tuple[Action, ...]:
    """Give what some role or other can do on a screen: two that no role has both may share a key."""
    found = {each for role in EVERYBODY for each in actions_of(screen, role)}
    return tuple(each for each in ACTIONS if each in found)


def action_by_id(id: str) -> Action:
    """Give the action with an id; :class:`KeyError` where there is none."""
    return _BY_ID[id]


_BY_ID = {each.id: each for each in (*ACTIONS, *DIALOG_ACTIONS, *MOVES)}


def key_of(id: str) -> str:
    """Give how a sentence names the key of an action: its first one, or where it is found without."""
    keys = keys_of(_BY_ID[id])
    if keys:
        return key_name(keys[0])
    return _("{palette}, {action}", palette=key_of("app.palette"), action=_(_BY_ID[id].title))


def key_names(action: Action) -> str:
    """Give all keys of an action for reading."""
    return _(", ").join(key_name(key) for key in keys_of(action))


SAFE_KEYS = frozenset({"space", "enter", "tab", "shift+tab", "up", "down", "left", "right", "home", "end",
                       "pageup", "pagedown", "delete", "escape", "slash", "question_mark"})  # fmt: skip


def unsafe_keys(actions: Iterable[Action] = (*ACTIONS, *DIALOG_ACTIONS)) -> tuple[str, ...]:
    """Give the usual keys that some Swedish keyboard or terminal does not deliver (DESIGN 6)."""
    return tuple(key for each in actions for key in each.keys if not is_safe(key))


def is_safe(key: str) -> bool:
    """Say whether every Swedish keyboard delivers a key in every terminal."""
    if key.startswith("ctrl+"):
        return key[5:] in CONTROL
    if key.startswith("f") and key[1:].isdigit():
        return 1 <= int(key[1:]) <= 9
    return key in (*LETTERS, *DIGITS) or key in SAFE_KEYS

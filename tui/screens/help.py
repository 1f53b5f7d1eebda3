"""Help for what has the focus, and the palette of all actions: both made from the registry."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from textual.widgets import Button, Input

from tui.actions import DIALOG_ACTIONS, IN_DIALOGS, MOVES, action_by_id, key_names, key_of, keys_of
from tui.screens.dialogs import Choice, Option, Reading
from tui.text import N_, _
from tui.widgets.table import Table

if TYPE_CHECKING:
    from textual.widget import Widget

    from tui.app import Behorig
    from tui.screens.room import Room

Moves = tuple[tuple[str, str], ...]

MOVES_IN_TABLE = (
    (N_("Up Down"), N_("To the row above or below")),
    (N_("Left Right"), N_("To the cell beside, or the columns beside")),
    (N_("Page Up Page Down"), N_("A screenful")),
    (N_("Home End"), N_("To the beginning or the end of the list, or of the row")),
    (N_("Tab"), N_("On to the next part of the screen; Shift+Tab back")),
)
MOVES_IN_FIELD = (
    (N_("Letters"), N_("Are written into the field; commands of one letter rest meanwhile")),
    (N_("Down or Enter"), N_("From the search box to the list")),
    (N_("Esc"), N_("Empties the search box and goes to the list")),
    (N_("Tab"), N_("On to the next part of the screen; Shift+Tab back")),
)
MOVES_IN_FORM = (
    (N_("Letters"), N_("Are written into the field; commands of one letter rest meanwhile")),
    (N_("Up Down"), N_("To the field or line above or below")),
    (N_("Tab"), N_("On to the next part of the screen; Shift+Tab back")),
)
MOVES_ON_BUTTON = (
    (N_("Enter"), N_("Does what the button says")),
    (N_("Left Right"), N_("To the button beside")),
    (N_("Tab"), N_("On to the next part of the screen; Shift+Tab back")),
)

_REASONS = (
    ("X", N_("given")),
    (".", N_("not given")),
    ("/", N_("cannot be given; the line below tells why")),
)
SIGNS: dict[str, tuple[tuple[str, str], ...]] = {
    "users": (
        ("*", N_("marked")),
        ("+", N_("new, not written")),
        ("~", N_("changed, not written")),
        ("-", N_("will be deregistered, not written")),
    ),
    "permissions": (
        ("X", N_("given")),
        (".", N_("not given")),
        ("+", N_("shall be given, not written")),
        ("-", N_("shall be taken away, not written")),
        ("/", N_("cannot be given; the line below tells why")),
        ("7>9", N_("in a folded column: how many are given, and how many once the draft is written")),
        ("!", N_("after a column's heading: launched today")),
        ("*", N_("before a name: marked")),
    ),
    "person": (
        ("X", N_("given")),
        (".", N_("not given")),
        ("+", N_("shall be given, not written")),
        ("-", N_("shall be taken away, not written")),
        ("/", N_("cannot be given; the line below tells why")),
    ),
    "review": (
        ("!", N_("stands in the way: another person came before, or a rule")),
        ("?", N_("worth a look before you write")),
        ("+", N_("gives or registers")),
        ("-", N_("takes away or deregisters")),
        ("~", N_("changes details")),
    ),
    "news": (
        ("*", N_("unread")),
        ("!", N_("something to do, not done")),
    ),
    "announcement": (),
    "writes": (),
    "support": (
        ("1", N_("whom to ask first")),
        ("2", N_("whom to ask when that did not help")),
    ),
    "own": _REASONS,
    "card": (
        *_REASONS,
        ("h", N_("happened to this account")),
        ("s", N_("support looked at the card")),
    ),
}


def _about_focus(focused: Widget | None, moves_in_field: Moves) -> list[tuple[str, str]]:
    """Tell the keys of the part that has the focus."""
    if isinstance(focused, Input):
        part, moves = _("In this field:"), moves_in_field
    elif isinstance(focused, Button):
        part, moves = _("On this button:"), MOVES_ON_BUTTON
    else:
        part, moves = _("In this list:") if isinstance(focused, Table) else _("Here:"), MOVES_IN_TABLE
    lines = [("", part), *((_(keys), _(text)) for keys, text in moves)]
    if isinstance(focused, Table):
        lines += [(key_names(each), _(each.help)) for each in MOVES if keys_of(each) != each.keys]
    return [*lines, ("", "")]


def label_of(key: str) -> str:
    """Give how the help names a key, or the keys of the action that has this id."""
    action = next((each for each in DIALOG_ACTIONS if each.id == key), None)
    return _(key) if action is None else key_names(action)


def dialog_help(focused: Widget | None, keys: Moves) -> Reading:
    """Make the help of a dialog: for the part that has the focus, then the dialog's own keys."""
    lines = _about_focus(focused, MOVES_IN_FORM)
    lines.append(("", _("In this dialog:")))
    lines.extend((label_of(key), _(text)) for key, text in keys)
    lines.extend((key_names(each), _(each.help)) for each in map(action_by_id, IN_DIALOGS) if keys_of(each))
    return Reading(_("Help"), lines, label_width=18, empty="")


class Help(Reading):
    """The help of a room; F1 once more shows the statement on accessibility."""

    KEYS_LINE = N_("Esc Back  Up and down read on  {key} Accessibility")

    def action_help(self) -> None:
        """Go on to the statement; Esc leads back here."""
        # Deferred: only needed when it is asked for.
        from tui.screens.everywhere import do_accessibility

        app = cast("Behorig", self.app)
        app.begin(partial(do_accessibility, app), group="dialog")


def help_screen(room: Room, focused: Widget | None) -> Reading:
    """Make the help: first for the part that has the focus, then the room's keys and signs."""
    lines = _about_focus(focused, MOVES_IN_FIELD)
    if not room.behorig.follows:
        # Before the commands: who has switched it off may have forgotten, or another did.
        again = next((each.id for each in room.own_actions if each.id.endswith(".reload")), "people.reload")
        text = _(
            "What others write is shown when you read again, with {key}: that is switched off (follow).",
            key=key_of(again),
        )
        lines.extend((("", text), ("", "")))
    lines.append(("", _("Commands:")))
    for action in room.own_actions:
        text = f"{_(action.title)}. {_(action.help)}"
        reason = room.why_not(action.id)
        if reason:
            text += " " + _("Not now: {reason}.", reason=reason)
        lines.append((key_names(action), text))
    signs = SIGNS.get(room.NAME, ())
    if signs:
        lines.append(("", ""))
        lines.append(("", _("Signs:")))
        lines.extend((sign, _(meaning)) for sign, meaning in signs)
    return Help(_("Help"), lines, label_width=18, empty="")


def palette(room: Room) -> Choice:
    """Make the palette: every action of the room with its keys, and why it cannot be done now."""
    options = [
        Option(action.id, _(action.title), key_names(action), room.why_not(action.id), _(action.help))
        for action in room.own_actions
    ]
    return Choice(_("All commands"), options, searched=True, note_width=18)

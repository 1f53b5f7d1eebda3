"""The small dialogs: a question, a choice from a list, a text to read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Offset
from textual.reactive import Reactive
from textual.screen import ModalScreen
from textual.widgets import Button, Input

from core.text import search_key
from tui.actions import (
    ACTIONS,
    ADMINISTRATOR,
    IN_DIALOGS,
    MOVES,
    Action,
    action_by_id,
    key_names,
    key_of,
    keys_of,
)
from tui.looks import PRESETS, STANDARD
from tui.screens.bands import FittingLine, Line, Lines, Told
from tui.screens.room import key_bindings, move
from tui.text import N_, _, ngettext
from tui.text.plain import wrap
from tui.widgets.columns import Column
from tui.widgets.field import Field
from tui.widgets.kept_place import KeptPlace
from tui.widgets.rows import Cell
from tui.widgets.table import Table, UnderCursor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget

T = TypeVar("T")


ROOM_ACTIONS = tuple(each for each in ACTIONS if each.place == "room" and each.id not in IN_DIALOGS)
"""What is done in every room, and in no dialog."""

STANDARD_LOOKS = PRESETS[STANDARD]
"""How a dialog looks in an app that says nothing of it."""

NARROW = 60
"""Below this many columns the notes behind options go, and buttons stand one below the other."""


WIDEST = 96
"""Columns that a dialog takes at most; its frame and the blanks inside it are four of them."""


def inner_width(columns: int) -> int:
    """Give how wide the content of a dialog is on a terminal of so many columns."""
    return min(columns, WIDEST) - 4


class Dialog(ModalScreen[T | None]):
    """A dialog over the screen that it was opened from; Esc closes it and changes nothing."""

    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background; }
    Dialog > Vertical {
        width: 100%; max-width: 96; height: auto; max-height: 100%;
        background: $surface; border: solid $focus; padding: 0 1;
        overflow-y: auto; scrollbar-size-vertical: 0;
    }
    Dialog.-tall > Vertical { height: 100%; max-height: 36; }
    Dialog #not_here { color: $text-error; padding: 0; }
    Dialog #title { text-style: bold; background: $surface; }
    /* What is told at its end makes it higher: then it moves nothing. */
    Dialog.-quiet { align: center top; }
    Dialog.-quiet #told { display: none; }
    Dialog.-narrow #buttons { layout: vertical; height: auto; }
    Dialog #buttons { height: 1; margin-top: 1; }
    Dialog #buttons Button { margin-right: 2; }
    """

    # Without the keys of Textual's screens that copy by mouse.
    BINDINGS: ClassVar[list[BindingType]] = key_bindings()
    OWN_ACTIONS: ClassVar[tuple[str, ...]] = ("dialog.close",)
    """Of :data:`tui.actions.DIALOG_ACTIONS` those of this dialog; ``action_…`` does each."""
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("dialog.close", N_("Goes back and changes nothing")),)
    """The dialog's own keys, or the id of an action that has them, and what they do, for the help."""
    # As in a room: a step from field to field is not worth a screen's bytes.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def on_mount(self) -> None:
        self.set_class(self.app.size.width < NARROW, "-narrow")
        looks = getattr(self.app, "looks", STANDARD_LOOKS)
        self.set_class(not looks.live_detail, "-quiet")
        for table in self.query(Table):
            table.dress(marked=looks.row_marker)

    # Not on_resize: a dialog that has more to do at it has that, and each with what it needs of the event.
    @on(events.Resize)
    def _fit_window(self) -> None:
        self.set_class(self.app.size.width < NARROW, "-narrow")
        # In a window that is lower what has the focus may be out of view, once all is laid out anew.
        self.call_after_refresh(self._keep_focus_in_view)

    def _keep_focus_in_view(self) -> None:
        focused = self.focused
        if focused is not None:
            focused.scroll_visible(animate=False, force=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let a key through that does nothing here."""
        if action != "key":
            return super().check_action(action, parameters)
        return self._meant(parameters) is not None

    async def action_key(self, key: str) -> None:
        """Do what a key is for in this dialog, or say that a command has to wait until it is closed."""
        action = self._meant((key,))
        if action is None:
            return
        if action in MOVES:
            if isinstance(self.focused, Table):
                move(self.focused, action)
        elif action.id in self.OWN_ACTIONS or action.id in IN_DIALOGS:
            getattr(self, f"action_{action.id.partition('.')[2]}")()
        else:
            await self._not_here(action)

    def _meant(self, parameters: tuple[object, ...]) -> Action | None:
        """Give what a key is for in a dialog."""
        own = (action_by_id(each) for each in (*self.OWN_ACTIONS, *IN_DIALOGS))
        role = getattr(self.app, "role", None) or ADMINISTRATOR
        rooms = (each for each in ROOM_ACTIONS if role in each.roles)
        return next((each for each in (*own, *rooms, *MOVES) if parameters[0] in keys_of(each)), None)

    def action_help(self) -> None:
        """Tell the keys for what has the focus, and the dialog's own."""
        # Deferred: help is made of dialogs itself.
        from tui.screens.help import dialog_help

        self.app.push_screen(dialog_help(self.focused, self.KEYS))

    @property
    def whole(self) -> str:
        """All of what the line under the cursor is a part of, where it is of a text that is broken."""
        return ""

    @property
    def heading(self) -> str:
        """What stands above it all."""
        return next((each.left.strip() for each in self.query("#title").results(Line)), "")

    def action_describe(self) -> None:
        """Say in one sentence where one is."""
        # Deferred: only needed when it is asked for.
        from tui.screens.describe import describe

        describe(self.app)

    def action_jump(self) -> None:
        """Go to a part of this dialog by its name or number."""
        # Deferred: only needed when it is asked for; and it is a dialog itself.
        from tui.screens.jump import jump

        self.run_worker(jump(self.app), group="jump", exclusive=True)

    def action_close(self) -> None:
        self.dismiss(None)

    async def _not_here(self, action: Action) -> None:
        """Say that a command of every room has to wait until the dialog is closed."""
        reason = _("close this first, with Esc")
        await self.tell_at_end(_("{action}: {reason}", action=_(action.title), reason=reason))

    async def tell_at_end(self, text: str, id: str = "not_here") -> Told:
        """Tell something on a line at the end, where it moves nothing that one reads or writes in."""
        told = next(iter(self.query(f"#{id}").results(Told)), None)
        if told is None:
            told = Told(id=id)
            await self.query(Vertical).first().mount(told)
        told.tell(text)
        told.scroll_visible(animate=False)
        return told


class LineButton(Button):
    """A button of one line, marked as one by brackets, that does not flash."""

    def __init__(self, label: str, id: str) -> None:
        """Make a button that says ``label``."""
        super().__init__(Content(f"[ {label} ]"), id=id, compact=True)
        self.told = label
        """What the button says, without the brackets."""
        self.active_effect_duration = 0

    @property
    def cursor_screen_offset(self) -> Offset:
        """The first letter: a braille line begins with the word, not with a blank and a bracket."""
        return self.content_region.offset + Offset(LETTER, 0)

    def say(self, label: str) -> None:
        """Say something else from now on, as wide as that is."""
        self.told = label
        self.label = Content(f"[ {label} ]")
        self.refresh(layout=True)


LETTER = 3
"""Cells of a button before its first letter: its padding, the bracket and a blank."""


def button(label: str, id: str) -> LineButton:
    """Make a button of one line."""
    return LineButton(label, id)


class Buttons(Horizontal):
    """A row of buttons; left and right move between them as Tab does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up", "app.focus_previous", show=False, id="buttons.previous"),
        Binding("right,down", "app.focus_next", show=False, id="buttons.next"),
    ]


class Question(Dialog[bool]):
    """A question with two answers. The safe one, which changes nothing, has the focus."""

    def __init__(self, title: str, text: str, *, yes: str, no: str) -> None:
        """Ask ``text``; ``yes`` and ``no`` say what each answer does."""
        super().__init__()
        self._heading = title
        self._text = text
        self._yes = yes
        self._no = no

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Line(id="title")
            yield Told(id="text")
            with Buttons(id="buttons"):
                yield button(self._no, "no")
                yield button(self._yes, "yes")

    def on_mount(self) -> None:
        self.query_one("#title", Line).left = self._heading
        self.query_one("#text", Told).tell(self._text)
        self.query_one("#no").focus()

    @on(Button.Pressed)
    def _answered(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a choice; ``note`` stands behind it, and ``told`` below the list when the cursor is on it.

    With ``why_not`` it cannot be chosen, and says why. ``words`` are searched too, and not shown.
    """

    id: str
    title: str
    note: str = ""
    why_not: str = ""
    told: str = ""
    words: str = ""


class _OptionsModel:
    """The options that match what is searched for, as rows."""

    def __init__(self, options: Sequence[Option]) -> None:
        self.all = tuple(options)
        self.options = self.all

    def search(self, text: str) -> None:
        words = search_key(text).split()
        keys = {each.id: search_key(each.title, each.note, each.words) for each in self.all}
        found = [each for each in self.all if all(word in keys[each.id] for word in words)]
        # What is called so is likelier meant than what only tells of it, and what begins so than what has it
        # somewhere inside.
        titles = {each.id: search_key(each.title, each.note) for each in found}
        found.sort(
            key=lambda each: (
                not all(word in titles[each.id] for word in words),
                not any(keys[each.id].startswith(word) for word in words),
                # A word that begins so is likelier meant than one that has it inside.
                not all(f" {word}" in f" {keys[each.id]}" for word in words),
            )
        )
        self.options = tuple(found)

    def row_count(self) -> int:
        return len(self.options)

    def row_key(self, index: int) -> str:
        return self.options[index].id

    def index_of(self, key: str) -> int | None:
        return next((place for place, each in enumerate(self.options) if each.id == key), None)

    def row(self, index: int) -> Sequence[Cell]:
        option = self.options[index]
        role = "blocked" if option.why_not else "normal"
        return Cell("/" if option.why_not else "", role), Cell(option.title, role), Cell(option.note, "muted")


FEW_OPTIONS = 12
"""Up to so many options a choice is as high as they are; with more it takes the screen."""


class Choice(Dialog[str]):
    """A list to choose one from. Letters search, arrows move, Enter takes."""

    DEFAULT_CSS = "Choice #told { height: 2; color: $text-muted; background: $surface; }"

    KEYS = (
        (N_("Enter"), N_("Chooses the line under the cursor")),
        (N_("Letters"), N_("Search in the list")),
        *Dialog.KEYS,
    )

    def __init__(
        self,
        title: str,
        options: Sequence[Option],
        *,
        chosen: str | None = None,
        searched: bool = False,
        note_width: int = 16,
        id: str | None = None,
    ) -> None:
        """Offer options with the cursor on ``chosen``; ``searched`` starts in the search box."""
        self._few = len(options) <= FEW_OPTIONS
        super().__init__(classes="" if self._few else "-tall", id=id)
        self._heading = title
        self._model = _OptionsModel(options)
        self._chosen = chosen
        self._searched = searched
        self._note_width = note_width if any(each.note for each in options) else 0

    def compose(self) -> ComposeResult:
        columns = [
            Column("sign", "", 1),
            Column("title", "", 20, grow=1),
        ]
        if self._note_width and self.app.size.width >= NARROW:
            columns.append(Column("note", "", self._note_width))
        table = Table(columns, self._model, frozen=2, empty_text=_("Nothing is called that."), id="options")
        if self._few:
            table.styles.height = self._model.row_count()
        with Vertical():
            yield Line(id="title")
            yield Field(id="search", placeholder=_("Search"))
            yield table
            yield Lines(id="told")
            yield FittingLine(id="keys")

    def on_mount(self) -> None:
        self.query_one("#title", Line).left = self._heading
        self.query_one("#keys", FittingLine).tell_keys(_("Esc Back  Enter Choose  Tab Search or list"))
        table = self.query_one(Table)
        if self._chosen is not None:
            table.move_cursor(row=self._model.index_of(self._chosen) or 0)
        self.watch(table, "under_cursor", self._cursor_moved, init=False)
        (self.query_one(Input) if self._searched else table).focus()
        self._tell(table.cursor_key)

    def on_input_changed(self, event: Input.Changed) -> None:
        self._model.search(event.value)
        self.query_one(Table).model_changed(keep_key=False)

    async def on_input_submitted(self) -> None:
        await self._take(self.query_one(Table).cursor_key)

    def on_key(self, event: events.Key) -> None:
        key = event.key
        if self.focused is self.query_one(Input) and key in ("down", "pagedown"):
            # The focus goes along: the cursor stands on the line that is chosen, and letters bring it back.
            self.query_one(Table).focus()
        elif isinstance(self.focused, Table) and event.character and event.is_printable:
            event.stop()
            event.prevent_default()
            field = self.query_one(Field)
            field.focus()
            field.insert_text_at_cursor(event.character)

    async def on_table_activated(self, event: Table.Activated) -> None:
        await self._take(event.key)

    @property
    def option_count(self) -> int:
        """How many options match what is searched for."""
        return self._model.row_count()

    @property
    def option(self) -> Option | None:
        """The option under the cursor."""
        key = self.query_one(Table).cursor_key
        found = None if key is None else self._model.index_of(key)
        return None if found is None else self._model.options[found]

    def _cursor_moved(self, under: UnderCursor) -> None:
        self._tell(under.key)

    def _tell(self, key: str | None) -> None:
        found = None if key is None else self._model.index_of(key)
        # Whole, because the list may cut it; and why it cannot be chosen, where it cannot.
        option = None if found is None else self._model.options[found]
        parts = [] if option is None else [option.told or option.title, option.why_not]
        if option is not None and not option.told:
            parts.insert(1, option.note)
        self.query_one("#told", Lines).tell(_(": ").join(part for part in parts if part))

    async def _take(self, key: str | None) -> None:
        found = None if key is None else self._model.index_of(key)
        if found is None:
            return
        option = self._model.options[found]
        if option.why_not:
            text = _("{action}: {reason}", action=option.title, reason=option.why_not)
            if self.has_class("-quiet"):
                await self.tell_at_end(text)
            else:
                self.query_one("#told", Lines).tell(text)
        else:
            self.dismiss(option.id)


class _LinesModel:
    """Lines of text as rows, broken for a width."""

    def __init__(self, paragraphs: Sequence[tuple[str, str]]) -> None:
        self.paragraphs = tuple(paragraphs)
        self.lines: list[tuple[str, str]] = []
        self._from: list[int] = []

    def break_for(self, width: int, label_width: int) -> None:
        self.lines, self._from = [], []
        for number, (label, text) in enumerate(self.paragraphs):
            broken = wrap(text, max(10, width - label_width - 1)) or [""]
            for place, line in enumerate(broken):
                self.lines.append((label if place == 0 else "", line))
                self._from.append(number)

    def whole(self, index: int) -> str:
        """Give the whole paragraph that a line is of, after its label."""
        label, text = self.paragraphs[self._from[index]] if index < len(self._from) else ("", "")
        return _("{label}: {words}", label=label, words=text) if label and text else label or text

    def row_count(self) -> int:
        return len(self.lines)

    def row_key(self, index: int) -> str:
        return str(index)

    def index_of(self, key: str) -> int | None:
        return int(key) if int(key) < len(self.lines) else None

    def row(self, index: int) -> Sequence[Cell]:
        label, text = self.lines[index]
        return Cell(label, "given"), Cell(text)


class Reading(Dialog[None]):
    """A text to read in lines, each with a label; the cursor walks along it."""

    KEYS_LINE: ClassVar[str] = N_("Esc Back  Up and down read on")

    def action_help(self) -> None:
        """Tell its keys in a sentence, with the cursor there: a help of its own would look just the same."""
        # Deferred: only needed when it is asked for.
        from tui.screens.describe import say_in_dialog

        keys = {"back": key_names(action_by_id("dialog.close")), "describe": key_of("app.describe")}
        text = _(
            "Up, Down, Page Up, Page Down, Home and End read on, {back} or Enter goes back, {describe} tells"
            " where you are, {jump} jumps.",
            jump=key_of("app.jump"),
            **keys,
        )
        if not keys_of(action_by_id("app.jump")):
            text = _(
                "Up, Down, Page Up, Page Down, Home and End read on, {back} or Enter goes back,"
                " {describe} tells where you are.",
                **keys,
            )
        self.call_next(say_in_dialog, self, text)

    def __init__(
        self,
        title: str,
        paragraphs: Sequence[tuple[str, str]],
        *,
        label_width: int,
        empty: str,
        at_end: bool = False,
    ) -> None:
        """Show labelled paragraphs; ``at_end`` starts on the last line."""
        super().__init__(classes="-tall")
        self._heading = title
        self._model = _LinesModel(paragraphs)
        self._label_width = label_width
        self._empty = empty
        self._at_end = at_end
        self._kept_place = KeptPlace()

    def compose(self) -> ComposeResult:
        columns = [Column("label", "", self._label_width), Column("text", "", 10, grow=1)]
        with Vertical():
            yield Line(id="title")
            yield Table(columns, self._model, frozen=1, empty_text=self._empty, id="text")
            yield FittingLine(id="keys")

    def on_mount(self) -> None:
        self.query_one("#title", Line).left = self._heading
        self.query_one("#keys", FittingLine).tell_keys(_(self.KEYS_LINE, key=key_of("app.help")))
        self.query_one(Table).focus()

    def on_resize(self) -> None:
        self.call_after_refresh(self._break)

    def _break(self) -> None:
        table = self.query_one(Table)
        self._kept_place.keep(
            table, self._model, partial(self._model.break_for, table.size.width, self._label_width)
        )
        if self._at_end:
            self._at_end = False
            table.move_cursor(row=self._model.row_count() - 1)

    @property
    def whole(self) -> str:
        """All of the paragraph under the cursor."""
        return self._model.whole(self.query_one(Table).cursor_row)

    def on_table_activated(self) -> None:
        self.dismiss(None)


def count_of_users(count: int) -> str:
    """Say a number of users."""
    return ngettext("{count} user", "{count} users", count)

"""What every room has: the four bands, the actions of the registry, and one place for messages."""

from __future__ import annotations

import asyncio
from functools import cached_property
from inspect import isawaitable
from typing import TYPE_CHECKING, ClassVar, cast

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.reactive import Reactive
from textual.screen import Screen
from textual.worker import Worker, WorkerCancelled

from tui.actions import ADMINISTRATOR, MOVES, USER, Action, actions_for_anybody, actions_of, key_of, keys_of
from tui.keys import ASSIGNABLE, is_character, keymap_in_force, with_capital
from tui.looks import BENEATH
from tui.screens.bands import BannerLines, CountedLines, KeyLine, Lines, MessageLine, RoomsLine, TitleLine
from tui.text import _, ngettext
from tui.widgets.table import Table, UnderCursor

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.widget import Widget

    from tui.app import Behorig
    from tui.desk import Desk
    from tui.follower import Batch
    from tui.looks import Looks
    from tui.text.sentences import Words


def key_bindings() -> list[BindingType]:
    """Give a binding for each key that an action can have: what it does is looked up when it is pressed.

    So keys can be others than usual, and two roles can share one. Enter is not among them: a table tells of
    it itself, so that Enter in a field stays the field's.
    """
    return [
        Binding(",".join(with_capital(key)), f"key('{key}')", show=False, id=f"key.{key}")
        for key in ASSIGNABLE
        if key != "enter"
    ]


def _mode_text(looks: Looks, *, briefly: bool = False) -> str:
    """Say which mode is on, which key helps, and why it is on; it is what the first line begins with."""
    # Deferred: the usual looks have nothing to say.
    from tui.looks import mode_name, why

    parts = (mode_name(looks), _("{key} helps", key=key_of("app.help")), why(looks, briefly=briefly))
    return _(", ").join(part for part in parts if part) + "."


async def ended(reading: Worker[None]) -> None:
    """Wait for a reading to end, also where a newer one ended it."""
    try:
        await reading.wait()
    except WorkerCancelled:
        # It is what Textual makes of it as well when the one who waits is to end.
        waiting = asyncio.current_task()
        if waiting is not None and waiting.cancelling():
            raise asyncio.CancelledError from None


def move(table: Table, action: Action) -> None:
    """Make a move of :data:`tui.actions.MOVES` in a table."""
    getattr(table, f"action_{action.id.partition('.')[2]}")()


NARROW = 60
"""With fewer columns than this the first line says in fewer words why a mode is on."""

LOW = 20
"""With fewer lines than this, as on a braille line or under a magnifier, panes give way to the list."""


# Textual calls on_mount, on_resize and their like of every class of a widget, a subclass's before its
# base's: none of them calls super(), or the base's would run twice.


class Room(Screen[None]):
    """A screen with the bands: where and who I am; the work; what is told; what I can do.

    A subclass names itself in ``NAME``, gives its work in ``compose_work`` and has a method
    ``do_…`` for each action of its places.
    """

    NAME: ClassVar[str] = ""
    BINDINGS: ClassVar[list[BindingType]] = key_bindings()
    TABBED: ClassVar[bool] = True
    # The bands cover all of it: its own forty blank lines need not be gone through at each frame.
    BLANK: ClassVar[bool] = True
    # Each change of the focus styles the whole screen anew, so the right part gets it at once.
    AUTO_FOCUS = "Table"
    # What gets or loses the focus is drawn by itself: Textual's screen would write every line of it again.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    TOLD_LINES: ClassVar[int] = 2
    TELLS_ROW: ClassVar[bool] = False
    """Whether what is told about the row says all that stands in it; else it is told beside the row."""

    DEFAULT_CSS = """
    Room { layout: vertical; background: $background; }
    Room #told { height: 2; }
    Room.-quiet #told, Room.-near #told { display: none; }
    Room RoomsLine { background: $background; }
    """

    # Bands --------------------------------------------------------------------------------
    # Those that a step asks for are looked up once: a room keeps its widgets as long as it lives.

    @cached_property
    def table(self) -> Table:
        """The table that is the work of this room."""
        return self.query_one(Table)

    @cached_property
    def _title_line(self) -> TitleLine:
        return self.query_one(TitleLine)

    @cached_property
    def _told_lines(self) -> Lines:
        return self.query_one("#told", Lines)

    @cached_property
    def message_line(self) -> MessageLine:
        """The line that says what just happened."""
        return self.query_one(MessageLine)

    @property
    def behorig(self) -> Behorig:
        """The program."""
        return cast("Behorig", self.app)

    @property
    def desk(self) -> Desk:
        """The desk; only there once the storage is open."""
        return self.behorig.desk

    def compose(self) -> ComposeResult:
        # Before there are children to style: a class that changes later styles them all anew.
        self.fit(self.app.size.width)
        self.set_class(self.app.size.height < LOW, "-low")
        self._put_on()
        yield TitleLine(id="title_line")
        if self.TABBED:
            yield RoomsLine(id="rooms")
        yield BannerLines(id="banners")
        yield from self.compose_work()
        yield Lines(id="told")
        yield MessageLine(id="message")
        yield KeyLine(id="keys")

    def compose_work(self) -> ComposeResult:
        """Give the widgets of the work band."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self.tell_news()
        self.offer_keys()
        self.watch(self.table, "under_cursor", self.cursor_moved, init=False)
        self._dress_tables()
        self.tell_title()

    def on_screen_resume(self, _event: events.ScreenResume) -> None:
        if self.is_mounted:
            if self._worn is not self.behorig.looks:
                self.dress()
            self.tell_title()
            self.tell_news()
            self.tell_message()
            if self.behorig.is_open:
                self.arrive()

    def on_resize(self, event: events.Resize) -> None:
        self.fit(event.size.width)
        self.set_class(event.size.height < LOW, "-low")
        self.tell_title()
        for lines in self.query(CountedLines):
            lines.count_lines()
        # The lines that it takes are counted for its own width, which is there after the layout.
        self.call_after_refresh(self.tell_message)

    # How it looks ---------------------------------------------------------------------------

    _worn: Looks | None = None
    """The looks that this room was last drawn with."""

    def _put_on(self) -> None:
        self._worn = self.behorig.looks
        self.set_class(not self._worn.live_detail, "-quiet")
        self.set_class(self._worn.near, "-near")

    def _dress_tables(self) -> None:
        looks = self.behorig.looks
        # Sentences come there instead of in the lines below the table, which are not there.
        self.message_line.least = 1 if looks.live_detail else 2
        for table in self.query(Table):
            table.dress(
                marked=looks.row_marker, gathered=looks.in_words, beneath=BENEATH if looks.near else 0
            )

    def dress(self) -> None:
        """Look as the program does now."""
        self._put_on()
        self._dress_tables()
        self.tell_title()
        self.lay_out()
        self.tell_message()

    def lay_out(self) -> None:
        """Lay out anew what is drawn otherwise with other looks."""

    def fit(self, width: int) -> None:
        """Choose the classes for a width; called before the first layout, and at each resize."""

    def arrive(self) -> None:
        """Bring the room up to date; called when it comes to the front and once the storage is open."""

    def cursor_moved(self, under: UnderCursor) -> None:
        """Tell about the row that the table's cursor has come to; called before that is painted."""

    def could_not_read(self) -> None:
        """Say in a list that is empty that the storage is away."""
        text = self.behorig.not_read()
        if text:
            self.query_one(Table).set_empty_text(text)

    def draft_changed(self) -> None:
        """Bring the room up to date after the draft changed."""

    async def follow(self, batch: Batch) -> None:
        """Bring the room up to date after others wrote, without moving the cursor or the focus."""

    @property
    def begins_above(self) -> int | None:
        """How many rows there are before the first in view; ``None`` where there may be some not loaded."""
        return self.table.rows_above

    def keys_changed(self) -> None:
        """Name the keys anew, as single letters were switched on or off."""
        self.query_one(KeyLine).draw()
        self.tell_news()

    def offer_keys(self) -> None:
        """Name in the last line what can be done here."""
        self.query_one(KeyLine).offer(self.own_actions, first=self.KEYS_FIRST, without=self.keys_unneeded)

    KEYS_FIRST: ClassVar[tuple[str, ...]] = ()
    """The ids of the actions that the last line names before all others."""

    @property
    def keys_unneeded(self) -> tuple[str, ...]:
        """The ids of actions that the last line need not name just now; the help has them."""
        return ()

    def letters_changed(self) -> None:
        """Bring the room up to date after a letter was kept, sent or thrown away."""

    @property
    def is_covered(self) -> bool:
        """Whether another room is in front; it is told all when it comes there itself.

        Until then nothing in it is painted: for a change in the room behind, Textual paints the whole
        screen in front anew, though nothing of it can be seen.
        """
        return self.behorig.room is not self

    def tell_title(self) -> None:
        """Say where and who I am, and how much is not written."""
        if self.is_covered:
            return
        line = self._title_line
        app = self.behorig
        # Deferred: the usual looks say nothing.
        mode = ""
        if app.looks.in_words:
            mode = _mode_text(app.looks, briefly=app.size.width < NARROW)
        if not app.is_open:
            opening = _("Opening.")
            if mode:
                line.tell_mode(mode, opening, "")
            else:
                line.tell_program(_(" behorig  opening …"), "")
            return
        # Deferred: the first frame shows no person yet, and waits for nothing of core.
        from tui.text.sentences import role_name

        desk, actor = app.desk, app.desk.service.actor
        organisation = "" if desk.detail is None else desk.detail.organisation.name
        demo = _("  demo") if app.demo else ""
        who = _("{name}, {role}", name=actor.name, role=role_name(actor.role))
        count = desk.draft.count
        unwritten = ngettext("{count} not written", "{count} not written", count) if count else ""
        if count and not desk.kept:
            unwritten += _(", not saved either")
        left = organisation if mode else f" behorig{demo}  {organisation}"
        right = "  ".join(part for part in (who, unwritten) if part)
        # Where both do not fit, what is not written matters more than who I am.
        fits = cell_len(left) + cell_len(right) + 3 <= self.size.width
        right = f"{right if fits else unwritten} "
        if mode:
            line.tell_mode(mode, organisation, right)
        else:
            line.tell_program(left, right)

    def tell_news(self) -> None:
        """Say how much is unread, and what goes on just now."""
        board = self.behorig.noticeboard
        if self.is_covered or not self.query(BannerLines):
            return  # on its way to the screen; it tells by itself once it is there
        unread, banners = "", ""
        if board is not None and board.notice is not None:
            # Deferred: the first frame tells no news.
            from tui.text.announcements import of_banners, of_unread

            unread = of_unread(board.notice)
            banners = of_banners(board.shown, BannerLines.MOST)
        if self.behorig.away_since is not None:
            # Deferred for the same reason.
            from tui.text.away import of_away

            # It has the first line; of what goes on as much is told as there is room for.
            away = of_away(self.behorig.away_since, self.desk.read_at, server=self.behorig.is_server)
            banners = "\n".join([away, *banners.split("\n")][: BannerLines.MOST]).strip()
        if self.TABBED:
            self.query_one(RoomsLine).tell_rooms(self.NAME, self.own_actions, unread)
        self.query_one(BannerLines).tell(banners)

    def tell_message(self) -> None:
        """Show the last message."""
        line, message = self.message_line, self.behorig.message
        # In a low window the list keeps a line of its own, whatever else is told.
        line.most = 2 if self.has_class("-low") and self.query_one(BannerLines).has_class("-on") else 3
        line.set_class(message.problem, "-problem")
        line.tell(message.text)

    def leave(self) -> None:
        """Close this screen, unless another one has come over it or it is closed already."""
        if self.app.screen is self:
            self.dismiss(None)

    def tell(self, text: str) -> None:
        """Tell about the focus."""
        self._told_lines.tell(text)
        if self.behorig.looks.near:
            self.table.tell_beneath(text.replace("\n", " "))

    @property
    def told(self) -> str:
        """What is told about the focus, whole."""
        return self._told_lines.told

    @property
    def whole(self) -> str:
        """All of what the line under the cursor is a part of, where it is of a text that is broken."""
        return ""

    async def whole_told(self) -> str:
        """Give what is told about the focus, read anew where a part of it is told only later."""
        return self.told

    def words(self) -> Words:
        """Give what sentences are made with, with the names that the draft remembers."""
        # Deferred: the first frame shows no person yet, and waits for nothing of core.
        from tui.text.sentences import Words

        return Words(self.desk.catalogue, self.desk.today, self.desk.draft.names)

    def look_at_day(self) -> None:
        """Read anew what has come with time; called at each step."""
        # Deferred: the first frame takes no step.
        from tui.beside import look_at_day

        look_at_day(self.behorig)

    # Actions ------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let a key through that does nothing here."""
        if action != "key":
            return super().check_action(action, parameters)
        key = str(parameters[0])
        return self._meant(key) is not None or self._is_switched_off(key)

    async def action_key(self, key: str) -> None:
        """Do what a key is for here, or say why it cannot be done."""
        action = self._meant(key)
        if action is None:
            self.behorig.tell_letters_are_off()
        elif action in MOVES:
            move(self.table, action)
        elif action in self._roles_actions:
            await self.perform(action)
        elif self.behorig.role == USER:
            reason = _("as a user you see your own permissions, and nothing else")
            self.behorig.say(_("{action}: {reason}", action=_(action.title), reason=reason), problem=True)

    def _meant(self, key: str) -> Action | None:
        """Give what a key is for here: for the role of the one who is signed in, else for another one."""
        candidates = (*self._roles_actions, *MOVES, *actions_for_anybody(self.NAME))
        return next((each for each in candidates if key in keys_of(each)), None)

    def _is_switched_off(self, key: str) -> bool:
        """Say whether a key would be for something if single letters were keys."""
        keymap = keymap_in_force()
        if keymap.letters or not is_character(key):
            return False
        return any(key in keymap.remapped.get(each.id, each.keys) for each in self._roles_actions)

    async def entered(self, usual: str) -> None:
        """Do what Enter is for here: the action with this id, unless Enter is another one's key."""
        chosen = next((each for each in self._roles_actions if "enter" in keys_of(each)), None)
        action = next((each for each in self._roles_actions if each.id == usual), None)
        if chosen is None and action is not None and "enter" not in action.keys:
            chosen = action  # of no list of keys, as only what is read here is shown whole by it
        if chosen is not None:
            await self.perform(chosen)

    async def action_do(self, action_id: str) -> None:
        """Do an action of the registry, or say why it cannot be done."""
        action = next((each for each in self._roles_actions if each.id == action_id), None)
        if action is not None:
            await self.perform(action)

    async def perform(self, action: Action) -> None:
        """Do an action, or say why not."""
        self.look_at_day()
        reason = self.why_not(action.id)
        if reason:
            self.behorig.say(_("{action}: {reason}", action=_(action.title), reason=reason), problem=True)
            return
        self.behorig.hush()
        if action.id.startswith("app."):
            # Deferred: the first frame does nothing yet.
            from tui.screens import everywhere

            everywhere.do(self.behorig, action)
            return
        answer = getattr(self, action.method)()
        if isawaitable(answer):
            await answer

    def why_not(self, action_id: str) -> str:
        """Tell in words why an action cannot be done just now, or ``""``."""
        if not self.behorig.is_open and action_id not in (
            "app.quit",
            "app.help",
            "app.jump",
            "app.messages",
            "app.display",
            "app.describe",
        ):
            return _("the storage is not open yet")
        if action_id == "app.review" and not self.desk.draft.count:
            return _("nothing is staged")
        board = self.behorig.noticeboard
        if action_id == "app.news" and board is not None and not board.is_for_me:
            return _("what is current is for administrators and support")
        if action_id == "app.take_over":
            # Deferred: the first frame does nothing yet.
            from tui.screens.everywhere import why_not_take_over

            return why_not_take_over(self.behorig)
        if action_id == "app.undo" and self.desk.last_write is None:
            return _("you have written nothing since the start; older writes are under History")
        return ""

    @property
    def _roles_actions(self) -> tuple[Action, ...]:
        return actions_of(self.NAME, self.behorig.role or ADMINISTRATOR)

    @property
    def own_actions(self) -> tuple[Action, ...]:
        """The actions that this room has for the one who is signed in."""
        return self._roles_actions

"""The full-screen program: its rooms, its messages, its theme, and how it starts and ends."""

from __future__ import annotations

import asyncio
import io
import os
import signal
from collections.abc import Coroutine
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar

import msgspec
from rich.console import Console
from textual import work
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.screen import ModalScreen

from tui import garbage, themes
from tui.actions import action_by_id, key_of, keys_of
from tui.keys import Keymap, keymap_in_force, use_keymap
from tui.looks import theme_of
from tui.messages import Messages, Told
from tui.rooms import FIRST_ROOMS, ROOMS
from tui.screens.room import Room
from tui.session import Farewell, Session, StartError
from tui.terminal import watch_for_hang_up
from tui.text import _
from tui.text.dates import clock
from tui.typeahead import OneKeyAtATime
from tui.widgets.cursor import CursorOnFocus
from tui.wishes import Wishes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import date, datetime

    from textual.events import Event
    from textual.widget import Widget
    from textual.worker import Worker

    from core.changes import Changeset
    from core.queries import AccountRow
    from core.refusal import Refusal
    from tui.desk import Desk
    from tui.follower import Batch, Follower
    from tui.history import HistoryFilter
    from tui.looks import Looks
    from tui.noticeboard import Noticeboard
    from tui.people import People
    from tui.session import Letters

T = TypeVar("T")

# What the settings call a theme, where it differs.
SETTING_NAMES = {"contrast": themes.HIGH_CONTRAST}


AT_ONCE = ("app.help", "app.messages", "app.display", "app.describe", "app.quit")
"""Actions that are of use before the storage is open."""


class Behorig(OneKeyAtATime[Farewell], CursorOnFocus[Farewell], inherit_bindings=False):
    """The program. ``connect`` gives a signed-in session; the first frame is painted before it is called."""

    TITLE = "behorig"
    ENABLE_COMMAND_PALETTE = False
    DEFAULT_MODE = "users"
    UNWAITED = frozenset(
        {
            "open",
            "extend",
            "story",
            "detail",
            "person",
            "holder",
            "leave",
            "send",
            "news",
            "looks",
            "describe",
        }
    )
    LISTING = frozenset({"people"})
    # Textual's own keys are not inherited: Ctrl+Q stops the output of many terminals.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", show=False, priority=True, id="app.interrupt")
    ]
    MODES = ROOMS
    # Textual blends what is disabled with what is behind it, until it cannot be read.
    CSS = """
    *:disabled:can-focus { opacity: 1; }
    Screen { background: $background; color: $foreground; }
    Button { background: $surface; color: $foreground; min-width: 0; width: auto; }
    Button:focus { background: $cursor-background; color: $cursor-foreground; text-style: $cursor-style; }
    Button:disabled { color: $text-disabled; text-opacity: 1; }
    .-no-borders Dialog > Vertical { border: none; padding: 0 2; }
    .-no-borders #detail, .-no-borders #events, .-no-borders TextBox { border: none; }
    .-plain-glyphs #events { scrollbar-size: 0 0; }
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[Session]],
        *,
        theme: str | None = None,
        wishes: Wishes | None = None,
        follows: bool = True,
        keymap: Keymap | None = None,
    ) -> None:
        """Make the program.

        ``theme`` is a name of the settings, or ``None`` for that of the profile; ``keymap`` the keys that are
        other than usual. With ``follows`` what others write is shown as it is written; without, when it is
        asked for.
        """
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        if not os.environ.get("BEHORIG_DEBUG"):
            # Textual would print a fault with the values of every variable: names, addresses and ids.
            self.error_console = Console(file=io.StringIO())
        themes.register(self)
        self.wishes = wishes or Wishes()
        self.looks: Looks = self.wishes.looks
        """How everything is drawn; :meth:`wear` changes it."""
        self._named_theme = theme
        self.theme = self._theme_of(self.looks)
        self._put_on()
        self.animation_level = "none"
        keymap = keymap or Keymap()
        use_keymap(msgspec.structs.replace(keymap, letters=keymap.letters and self.looks.letters))
        self._letters_told = False
        self.told = Messages()
        self.place: str | None = None
        """The account under the cursor, in whatever room."""
        self.column: str | None = None
        """The permission under the cursor of the matrix."""
        self.history_filter: HistoryFilter | None = None
        """What of the history is shown, ``None`` for everything."""
        self.demo = False
        self.follows = follows
        """Whether what others write is shown without a key."""
        self._may_open = False
        self._leaving = False
        self.role: str | None = None
        """Of the one who is signed in; the first frame is painted before it is known."""
        self._people_seen = False
        self._connect = connect
        self.session: Session | None = None
        """Of the one who is signed in; ``None`` before, and once somebody leaves."""
        self._desk: Desk | None = None
        self.day: date | None = None
        """The day that lists and columns were read for; the desk itself may have seen a later one."""
        self._people: People | None = None
        self._letters: Letters | None = None
        self.noticeboard: Noticeboard | None = None
        """What is current, beside every room's work; only there once the storage is open."""
        self.follower: Follower | None = None
        """What learns of what others write; only there once people are on the screen."""
        self.away_since: datetime | None = None
        """Since when the storage cannot be reached, ``None`` while it can."""
        self.is_server = False
        """Whether what is away is a server, and not a database."""

    def validate_theme(self, theme: str) -> str:
        """Keep to the theme that needs no colours where NO_COLOR takes them away, whatever was named."""
        return themes.TERMINAL if "NO_COLOR" in os.environ else theme

    def _theme_of(self, looks: Looks) -> str:
        wanted = theme_of(looks, self._named_theme)
        theme = themes.DARK if wanted is None else SETTING_NAMES.get(wanted, wanted)
        return theme if self._named_theme is not None else themes.choose(theme, os.environ)

    def _put_on(self) -> None:
        self.shows_cursor, self.plain_signs = self.looks.cursor, self.looks.is_plain
        self.set_class(not self.looks.borders, "-no-borders")
        self.set_class(self.looks.is_plain, "-plain-glyphs")

    def wear(self, looks: Looks) -> None:
        """Look otherwise from now on, on every screen."""
        before, self.looks = self.looks, looks
        self._put_on()
        if looks.letters != before.letters:
            self.single_letters = looks.letters
        if looks.profile != before.profile:
            self.theme = self._theme_of(looks)
        for room in self.rooms:
            room.dress()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.variable_defaults()

    # Start and end --------------------------------------------------------------------------

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, partial(self._end_by_signal, number))
        if not self.is_headless:
            watch_for_hang_up(loop, partial(self._end_by_signal, signal.SIGHUP))
        self._may_open = True

    def post_display_hook(self) -> None:
        # Textual calls this when a frame has been written. The first one is the signal to go on: waiting for
        # the next refresh instead would leave the processor idle for a frame, and draw the screen once more.
        if self._may_open:
            self._may_open = False
            self.open()

    @work(exclusive=True, group="open")
    async def open(self) -> None:
        """Open the storage, sign in and read; the first frame is on the screen by now."""
        # Deferred: the first frame needs none of these.
        from tui.beside import loaded, tell_settled
        from tui.desk import Desk
        from tui.follower import Follower
        from tui.noticeboard import Noticeboard
        from tui.people import People

        try:
            session = await self._connect()
        except StartError as error:
            self.exit(Farewell(error.exit_code, error.sentence, error))
            return
        self.session = session
        self.demo = session.demo
        desk = Desk(session.service, session.drafts, session.membership.organisation.id)
        self.follower = Follower(self, desk)
        await self.follower.begin()
        if not await self.guarded(loaded(desk), failing=True):
            return
        # Before anything is told of it: one frame then brings it all, and none is drawn while this is read.
        people, role = People(desk), session.service.actor.role.value
        if role not in FIRST_ROOMS:
            await self.guarded(people.load())
        self._desk = desk
        self.day = desk.today
        self._people = people
        self.noticeboard = Noticeboard(session.service)
        self.role = role
        desk.watch = self._draft_changed
        desk.complain = self._draft_not_kept
        for room in self.rooms:
            room.tell_title()
        for notice in session.notices:
            self.say_also(notice)
        await tell_settled(self)
        if desk.draft.count:
            self.say_also(
                _(
                    "Your draft from last time is here, nothing of it is written. {key} reviews it.",
                    key=key_of("app.review"),
                )
            )
        front = self.room
        if self.role in FIRST_ROOMS:
            await self.switch_mode(FIRST_ROOMS[self.role])
        elif front is not None:
            front.arrive()
        if self._people.loaded:
            self.people_are_seen()

    def holds(self, key: str) -> bool:
        """Say whether a key waits for the first people to be on the screen; leaving and help never do."""
        if self._people_seen or isinstance(self.screen, ModalScreen):
            return False
        return all(key.lower() not in keys_of(action_by_id(each)) for each in AT_ONCE)

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key) and not event.is_forwarded:
            self.told.is_read()
            if self.cursor_at is not None:
                # What was told there has been read: the cursor goes back to the focus, whatever the key does.
                told, self.cursor_at = self.cursor_at, None
                told.refresh()
        await super().on_event(event)

    def keys_are_lost(self) -> None:
        """Say that keys came too fast; once, for they come by the thousand."""
        text = _("Too much was typed at once; the rest was not taken. Paste into a field.")
        if self.message.text != text:
            self.say(text, problem=True)

    def people_are_seen(self) -> None:
        """Tell that the first people are on the screen: what was typed meanwhile is done now."""
        if not self._people_seen:
            # Deferred: the first frame needs it not.
            from tui.beside import look_at_news

            self._people_seen = True
            # Once they are painted: it looks through everything, once.
            self.call_after_refresh(garbage.go_on)
            self.release()
            # Not before: what is current must not keep anybody from the people.
            look_at_news(self, self.desk.read_at)
            if self.follower is not None:
                self.follower.begin_to_tell()
            self.begin(partial(self._learn_looks), group="looks")

    async def _learn_looks(self) -> None:
        # Deferred: the first frame is painted by what this machine knows.
        from tui.wishes import learn

        await learn(self)

    @property
    def is_open(self) -> bool:
        """Whether the storage is open and read."""
        return self._desk is not None

    @property
    def desk(self) -> Desk:
        """The desk. Only there once :attr:`is_open`."""
        if self._desk is None:
            raise RuntimeError("the storage is not open yet")
        return self._desk

    @property
    def people(self) -> People:
        """The window of people. Only there once :attr:`is_open`."""
        if self._people is None:
            raise RuntimeError("the storage is not open yet")
        return self._people

    async def leave(self, farewell: Farewell) -> None:
        """End the program with a farewell, once what is under way has been let go and the storage closed."""
        # What still reads for a screen would find it gone, and nothing more is asked for (guarded).
        self._leaving = True
        for worker in self.workers:
            if worker.group not in ("leave", "dialog", "open"):
                worker.cancel()
        if self.follower is not None:
            await self.follower.end()
        if self.session is not None:
            session, self.session = self.session, None
            await session.close()
        self.exit(farewell)

    def _end_by_signal(self, number: int) -> None:
        self.run_worker(self.leave(Farewell(128 + number)), exclusive=True, group="leave")

    async def action_interrupt(self) -> None:
        """Ctrl+C leaves at once; the draft is on disk already."""
        await self.leave(Farewell(130))

    def begin(
        self, work: Callable[[], Coroutine[None, None, None]], *, group: str, exclusive: bool = True
    ) -> Worker[None]:
        """Begin work that outlives the room; with ``exclusive`` it ends what its group is at.

        ``work`` is a partial: the coroutine of a worker that is ended before it began would not be awaited.
        """
        return self.run_worker(work, group=group, exclusive=exclusive)

    # Keys -----------------------------------------------------------------------------------

    @property
    def single_letters(self) -> bool:
        """Whether letters, digits and signs are keys by themselves (WCAG 2.1.4)."""
        return keymap_in_force().letters

    @single_letters.setter
    def single_letters(self, on: bool) -> None:
        if on == self.single_letters:
            return
        use_keymap(msgspec.structs.replace(keymap_in_force(), letters=on))
        self._letters_told = False
        for room in self.rooms:
            room.keys_changed()

    def tell_letters_are_off(self) -> None:
        """Say at the first single letter that does nothing how such are switched on."""
        if not self._letters_told:
            self._letters_told = True
            self.say(
                _(
                    "Single letters are switched off. {key} finds every command; "
                    "{display} or the setting “letters” switches them on.",
                    key=key_of("app.palette"),
                    display=key_of("app.display"),
                )
            )

    # Rooms ----------------------------------------------------------------------------------

    @property
    def room(self) -> Room | None:
        """The room in front, under whatever dialog."""
        return next((each for each in reversed(self.screen_stack) if isinstance(each, Room)), None)

    @property
    def rooms(self) -> list[Room]:
        """The rooms on the screen, the one in front last.

        One that is on its way there has no parts yet; it reads and tells all by itself once it has.
        """
        return [each for each in self.screen_stack if isinstance(each, Room) and each.is_mounted]

    def _draft_changed(self) -> None:
        for room in self.rooms:
            room.tell_title()
        front = self.room
        if front is not None:
            front.draft_changed()

    def _draft_not_kept(self, refusal: Refusal) -> None:
        # Deferred: the first frame needs it not.
        from tui.text.refusals import sentence

        self.say(sentence(refusal), problem=True, code=refusal.code)

    def show_permission(self, permission_id: str) -> None:
        """Go to the matrix, with the cursor on a permission."""
        self.column = permission_id
        self.go("permissions")

    def show_card(self, organisation_id: str, account_id: str) -> None:
        """Show the card of an account, over the present room."""
        # Deferred: the first frame needs it not.
        from tui.screens.card import CardRoom

        self.push_screen(CardRoom(organisation_id, account_id))

    def show_organisation(self, organisation_id: str) -> None:
        """Show an organisation, over the present room."""
        # Deferred: the first frame needs it not.
        from tui.screens.organisation import OrganisationRoom

        self.push_screen(OrganisationRoom(organisation_id))

    def show_history(self, wanted: HistoryFilter) -> None:
        """Go to the history with a filter."""
        self.history_filter = wanted
        self.go("writes")

    def go(self, mode: str) -> None:
        """Go to a room of :attr:`MODES`; what stands over the one in front is closed."""
        while len(self.screen_stack) > 1 and isinstance(self.screen, Room):
            self.pop_screen()
        self.switch_mode(mode)

    def show_person(self, row: AccountRow) -> None:
        """Show one person's permissions as a list, over the present room."""
        # Deferred: the first frame needs it not.
        from tui.screens.person import PersonRoom

        self.push_screen(PersonRoom(row))

    def review(self, proposal: Changeset) -> None:
        """Review a changeset that is no draft; it is written from there or not at all."""
        # Deferred: the first frame needs it not.
        from tui.screens.review import ReviewRoom

        self.push_screen(ReviewRoom(proposal))

    async def reviewed(self, proposal: Changeset) -> bool:
        """Review a changeset that is no draft, and answer whether it was written; for a worker."""
        # Deferred: the first frame needs it not.
        from tui.screens.review import ReviewRoom

        await self.push_screen_wait(ReviewRoom(proposal))
        return self.desk.last_write == (str(proposal.organisation_id), str(proposal.id))

    # Letters --------------------------------------------------------------------------------

    @property
    def letters(self) -> Letters | None:
        """The letters of this person on this machine, ``None`` where none can be kept."""
        if self._letters is None and self.session is not None and self.session.open_letters is not None:
            self._letters = self.session.open_letters()
        return self._letters

    @property
    def storage_kind(self) -> str:
        """The kind of database, such as SQLite."""
        return "" if self.session is None else self.session.storage_kind

    async def painted(self) -> None:
        """Wait until what was told is on the screen."""
        frame = asyncio.Event()
        self.screen.call_after_refresh(frame.set)
        await frame.wait()

    def wrote(self) -> None:
        """Let the rooms read again what a write changed."""
        if self._people is not None:
            self._people.loaded = False
        if self.noticeboard is not None:
            self.noticeboard.forget()

    # What others do -------------------------------------------------------------------------

    async def follow(self, batch: Batch) -> None:
        """Bring what is on the screen up to date; what is not is read when one comes there."""
        # Deferred: the first frame needs it not.
        from tui.screens.people_room import PeopleRoom

        if not any(isinstance(each, PeopleRoom) for each in self.rooms) and self._people is not None:
            self._people.loaded = False
        for room in self.rooms:
            await room.follow(batch)

    def lose(self, refusal: Refusal) -> None:
        """Say once that the storage cannot be reached; what is loaded stays in use."""
        if self.away_since is not None or self._leaving or self._desk is None:
            return
        # Deferred: the first frame needs it not.
        from tui.text.away import of_loss
        from tui.text.refusals import sentence

        self.away_since = self._desk.service.now()
        self.is_server = refusal.code.startswith("server_")
        # In the log with its reason; on the screen it has a line of its own, as long as it lasts.
        self.told.keep(self._told(sentence(refusal), problem=True, code=refusal.code))
        self.say_of_contact(of_loss(server=self.is_server), problem=True, code=refusal.code)
        for room in self.rooms:
            room.tell_news()
        if self.follower is not None:
            self.follower.seek()

    async def regain(self) -> str:
        """Give what is said of a storage that can be reached again, and of a write meanwhile."""
        # Deferred: only needed when it was away.
        from tui.beside import settled_text
        from tui.text.away import of_return

        self.away_since = None
        for room in self.rooms:
            room.tell_news()
        was_sent = self.desk.draft.pending is not None and not self.desk.is_writing
        written = await self.guarded(self.desk.settle(), beside=True)
        if written is None:
            return ""  # away again, which is told
        parts = [of_return(server=self.is_server)]
        if written:
            parts.append(settled_text(written))
        elif was_sent:
            parts.append(_("What was sent last was not written; it stays in the draft."))
        if written:
            self.wrote()
        return " ".join(parts)

    # Messages -------------------------------------------------------------------------------

    @property
    def message(self) -> Told:
        """What is shown in the line for messages."""
        return self.told.shown

    @property
    def messages(self) -> list[Told]:
        """All that was told, the last one last."""
        return self.told.log

    def say(self, text: str, *, problem: bool = False, code: str = "") -> None:
        """Say what just happened, in one sentence that stays in the message log."""
        self.told.say(self._told(text, problem=problem, code=code))
        self._show_message()

    def say_also(self, text: str) -> None:
        """Say one thing more of what the last key or the start led to, behind what is not read yet."""
        self.told.say_also(self._told(text))
        self._show_message()

    def say_besides(self, text: str) -> None:
        """Say what came with a key beside what that led to, such as a new day, and hide nothing of that."""
        self.told.say_besides(self._told(text))
        self._show_message()

    def mention(self, text: str) -> None:
        """Say what nobody asked for, such as what others write: on the screen too, if that is wanted.

        It does not take the place of what the last key led to: that may not have been read yet.
        """
        if self.looks.toasts:
            self.say_besides(text)
        else:
            self.note(text)

    def say_of_contact(self, text: str, *, problem: bool = False, code: str = "") -> None:
        """Say that the storage is lost or back, and what that means for what was sent; of each the last."""
        self.told.say_of_contact(self._told(text, problem=problem, code=code))
        self._show_message()

    def note(self, text: str) -> None:
        """Keep in the message log what is told elsewhere."""
        self.told.keep(self._told(text))

    def stand_at(self, widget: Widget) -> None:
        """Put the terminal's cursor where something is told, until the next key."""
        self.cursor_at = widget
        widget.refresh()

    def hush(self) -> None:
        """Clear the message line, as something else begins; the log keeps what was said."""
        was_shown = self.message.text
        self.told.hush()
        if was_shown:
            self._show_message()

    def _told(self, text: str, *, problem: bool = False, code: str = "") -> Told:
        at = "" if self._desk is None else clock(self._desk.service.now())
        return Told(at, text, problem, code)

    def _show_message(self) -> None:
        room = self.room
        # One on its way to the screen has no line for it yet, and shows it once it has.
        if room is not None and room.is_mounted:
            room.tell_message()

    def _say_not_read(self, code: str) -> None:
        text = self.not_read()
        if text and self.message.text != text:
            self.say(text, problem=True, code=code)

    def not_read(self) -> str:
        """Say in the place of what was asked for that the storage is away; ``""`` while it is not."""
        if self.away_since is None:
            return ""
        # Deferred: the first frame needs it not.
        from tui.text.away import not_read

        return not_read(server=self.is_server)

    async def guarded(
        self, reading: Awaitable[T], *, failing: bool = False, beside: bool = False
    ) -> T | None:
        """Await a reading; what the storage cannot do is said in a sentence, and the answer is ``None``.

        With ``failing`` the program ends with that sentence, because it cannot begin without. ``beside``
        is for what nobody asked for with a key: that a storage is still away is then not said once more.
        """
        # Deferred: the first frame needs none of these.
        from core.ports import StorageError, is_away
        from core.refusal import WrongValueError
        from tui.session import UNREACHABLE
        from tui.text.refusals import sentence

        if self._leaving and not failing:
            if isinstance(reading, Coroutine):
                reading.close()
            raise asyncio.CancelledError
        try:
            answer = await reading
        except (StorageError, WrongValueError) as error:
            if failing:
                await self.leave(Farewell(UNREACHABLE, sentence(error.refusal)))
            elif is_away(error.refusal) and self._desk is not None:
                was_away = self.away_since is not None
                self.lose(error.refusal)
                if was_away and not beside:
                    self._say_not_read(error.refusal.code)
                if self.room is not None and self.room.is_mounted:
                    self.room.could_not_read()
            else:
                self.say(sentence(error.refusal), problem=True, code=error.refusal.code)
            return None
        if not self.is_running or not self.screen_stack:
            # The program ended meanwhile, and the screen that asked is gone: nobody is left to tell.
            raise asyncio.CancelledError
        return answer

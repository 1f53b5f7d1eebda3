"""The full-screen program: its rooms, its messages, its theme, and how it starts and ends."""

from __future__ import annotations

import asyncio
import io
import os
import signal
from collections.abc import Coroutine
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, ClassVar, TypeVar

from rich.console import Console
from textual import work
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from tui import garbage, themes
from tui.screens.room import Room
from tui.screens.users import UsersRoom
from tui.session import Farewell, Session, StartError
from tui.text import _
from tui.typeahead import OneKeyAtATime
from tui.widgets.cursor import CursorOnFocus

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import date

    from textual.screen import Screen
    from textual.worker import Worker

    from core.changes import Changeset
    from core.ports import StorageError
    from core.queries import AccountRow
    from core.refusal import Refusal
    from tui.contact import Contact
    from tui.desk import Desk
    from tui.follow import Follower
    from tui.history import HistoryFilter
    from tui.noticeboard import Noticeboard
    from tui.people import People
    from tui.session import Letters

T = TypeVar("T")

# What the settings call a theme, where it differs.
SETTING_NAMES = {"contrast": themes.HIGH_CONTRAST}

MOST_MESSAGES = 1000

AT_ONCE = frozenset({"f1", "f6", "f9", "ctrl+x"})
"""Keys that are of use before the storage is open."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message: when (wall clock, hours and minutes), what, and whether it tells of a problem.

    ``code`` is that of the refusal that it tells, for whoever asks which error it was: the text may hold
    names.
    """

    at: str
    text: str
    problem: bool
    code: str = ""


def _permissions_room() -> Screen[None]:
    # Deferred: the first frame shows the list of users, and needs no other room.
    from tui.screens.permissions import PermissionsRoom

    return PermissionsRoom()


def _news_room() -> Screen[None]:
    # Deferred for the same reason.
    from tui.screens.news import NewsRoom

    return NewsRoom()


def _writes_room() -> Screen[None]:
    # Deferred for the same reason.
    from tui.screens.writes import WritesRoom

    return WritesRoom()


def _support_room() -> Screen[None]:
    # Deferred for the same reason.
    from tui.screens.support import SupportRoom

    return SupportRoom()


def _own_room() -> Screen[None]:
    # Deferred for the same reason.
    from tui.screens.own import OwnRoom

    return OwnRoom()


def _search_room() -> Screen[None]:
    # Deferred for the same reason.
    from tui.screens.search import SearchRoom

    return SearchRoom()


def _catalogue_room() -> Screen[None]:
    # Deferred for the same reason.
    from tui.screens.catalogue import CatalogueRoom

    return CatalogueRoom()


FIRST_ROOMS = {"support": "search", "user": "own"}
"""Where a role begins, when it is not with the list of users that the first frame shows."""


class Behorig(OneKeyAtATime[Farewell], CursorOnFocus[Farewell], inherit_bindings=False):
    """The program. ``connect`` gives a signed-in session; the first frame is painted before it is called."""

    TITLE = "behorig"
    ENABLE_COMMAND_PALETTE = False
    DEFAULT_MODE = "users"
    UNWAITED = frozenset(
        (
            *("open", "extend", "story", "detail", "person", "holder", "leave", "send", "news"),
            *("follow", "told", "seek", "back"),
        )
    )
    LISTING = frozenset({"people"})
    # Textual's own keys are not inherited: Ctrl+Q stops the output of many terminals.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", show=False, priority=True, id="app.interrupt")
    ]
    MODES = {  # noqa: RUF012 - Textual declares it so
        "users": UsersRoom,
        "permissions": _permissions_room,
        "news": _news_room,
        "writes": _writes_room,
        "support": _support_room,
        "own": _own_room,
        "search": _search_room,
        "catalogue": _catalogue_room,
    }
    CSS = """
    Screen { background: $background; color: $foreground; }
    Button { background: $surface; color: $foreground; min-width: 0; width: auto; }
    Button:focus { background: $cursor-background; color: $cursor-foreground; text-style: $cursor-style; }
    Button:disabled { color: $text-disabled; }
    """

    def __init__(self, connect: Callable[[], Awaitable[Session]], *, theme: str | None = None) -> None:
        """Make the program; ``theme`` is a name of the settings, or ``None`` for the usual one."""
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        if not os.environ.get("BEHORIG_DEBUG"):
            # Textual would print a fault with the values of every variable: names, addresses and ids.
            self.error_console = Console(file=io.StringIO())
        themes.register(self)
        wanted = themes.DARK if theme is None else SETTING_NAMES.get(theme, theme)
        self.theme = wanted if theme is not None else themes.choose(wanted, os.environ)
        self.animation_level = "none"
        self.message = Told("", "", problem=False)
        self.messages: list[Told] = []
        self.place: str | None = None
        """The account under the cursor, in whatever room."""
        self.column: str | None = None
        """The permission under the cursor of the matrix."""
        self.history_filter: HistoryFilter | None = None
        """What of the history is shown, ``None`` for everything."""
        self.demo = False
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
        self.place_read = ""
        """Up to where in the histories all was read at the start (:class:`core.queries.NewsSince`)."""
        self.follower: Follower | None = None
        """Follows what others write; only there once people are on the screen."""

    @cached_property
    def contact(self) -> Contact:
        """Whether the storage answers."""
        # Deferred: the first frame asks nothing of it.
        from tui.contact import Contact

        return Contact(self)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.variable_defaults()

    # Start and end --------------------------------------------------------------------------

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, partial(self._end_by_signal, number))
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
        from tui.beside import loaded, place_of, tell_settled
        from tui.desk import Desk
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
        # Before anything is read, so that nothing is missed that is written meanwhile.
        self.place_read = await self.guarded(place_of(desk), failing=True) or ""
        if not self.place_read or not await self.guarded(loaded(desk), failing=True):
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
            self.say(notice)
        await tell_settled(self)
        if desk.draft.count:
            self.say(_("Your draft from last time is here, nothing of it is written. F8 reviews it."))
        front = self.room
        if self.role in FIRST_ROOMS:
            await self.switch_mode(FIRST_ROOMS[self.role])
        elif front is not None:
            front.arrive()
        if self._people.loaded:
            self.people_are_seen()

    def holds(self, key: str) -> bool:
        """Say whether a key waits for the first people to be on the screen; leaving and help never do."""
        return not (self._people_seen or key in AT_ONCE or isinstance(self.screen, ModalScreen))

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
            self.call_after_refresh(self._follow_others)

    def _follow_others(self) -> None:
        # Deferred: nothing is followed before people are on the screen.
        from tui import follow

        if self.session is not None:
            follow.begin(self)

    def look_around(self) -> None:
        """Follow what is on the screen now."""
        if self.follower is not None and self.session is not None:
            self.follower.look_around()

    # The storage away and back ----------------------------------------------------------------

    def away(self, error: StorageError) -> None:
        """Take in that the storage does not answer; it is told once, and asked after from then on."""
        if not self._leaving:
            self.contact.lose(error)

    def back(self) -> None:
        """Take in that the storage answers."""
        self.contact.find()

    @property
    def is_away(self) -> bool:
        """Whether the storage does not answer just now."""
        return "contact" in self.__dict__ and self.contact.is_lost

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

    # Rooms ----------------------------------------------------------------------------------

    @property
    def room(self) -> Room | None:
        """The room in front, under whatever dialog."""
        return next((each for each in reversed(self.screen_stack) if isinstance(each, Room)), None)

    @property
    def rooms(self) -> list[Room]:
        """The rooms on the screen, the one in front last."""
        return [each for each in self.screen_stack if isinstance(each, Room)]

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

    def wrote(self) -> None:
        """Let the rooms read again what a write changed."""
        if self._people is not None:
            self._people.loaded = False
        if self.noticeboard is not None:
            self.noticeboard.forget()

    # Messages -------------------------------------------------------------------------------

    def say(self, text: str, *, problem: bool = False, code: str = "") -> None:
        """Say what just happened, in one sentence that stays in the message log."""
        # Deferred: the first frame needs it not.
        from core.days import local

        at = "" if self._desk is None else f"{local(self._desk.service.now()):%H.%M}"
        self.message = Told(at, text, problem, code)
        self._keep_message(self.message)
        room = self.room
        if room is not None:
            room.tell_message()

    def log_message(self, text: str, *, problem: bool = False, code: str = "") -> None:
        """Keep a message in the log only: it is told in a place of its own."""
        # Deferred: the first frame needs it not.
        from core.days import local

        self._keep_message(Told(f"{local(self.desk.service.now()):%H.%M}", text, problem, code))

    def _keep_message(self, told: Told) -> None:
        self.messages.append(told)
        del self.messages[:-MOST_MESSAGES]

    def hush(self) -> None:
        """Clear the message line, as something else begins; the log keeps what was said."""
        if self.message.text:
            self.message = Told("", "", problem=False)
            room = self.room
            if room is not None:
                room.tell_message()

    async def guarded(
        self, reading: Awaitable[T], *, failing: bool = False, beside: bool = False
    ) -> T | None:
        """Await a reading; what the storage cannot do is said in a sentence, and the answer is ``None``.

        With ``failing`` the program ends with that sentence, because it cannot begin without. ``beside``
        is for what nobody asked for with a key: of a storage that is away it says nothing more than is
        said already.
        """
        # Deferred: the first frame needs none of these.
        from core.ports import StorageError
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
            elif isinstance(error, StorageError) and error.is_away and self.is_open:
                self._tell_away(error, beside=beside)
            else:
                self.say(sentence(error.refusal), problem=True, code=error.refusal.code)
            return None
        if not self.is_running or not self.screen_stack:
            # The program ended meanwhile, and the screen that asked is gone: nobody is left to tell.
            raise asyncio.CancelledError
        if self.is_away:
            self._is_it_back()
        return answer

    def _tell_away(self, error: StorageError, *, beside: bool) -> None:
        self.away(error)
        room = self.room
        if room is not None:
            room.could_not_read()
        text = self.contact.not_read()
        if not beside and self.message.text != text:
            self.say(text, problem=True, code=error.refusal.code)

    def _is_it_back(self) -> None:
        answered, since = self.desk.service.answered_at, self.contact.since
        # What was awaited may have asked nothing of the storage.
        if answered is not None and since is not None and answered > since:
            self.back()

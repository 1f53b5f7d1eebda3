"""One key after the other: each is handled whole before the next is looked at.

Textual sends a key to whatever has the focus when the *app* sees it, while the key before may still be on
its way to moving the focus or opening a screen. Over a slow line, or from a keyboard that types fast, whole
words then land in the wrong field or are taken as commands. Here a key waits until the one before has passed
every widget that could take it, what it opens stands on the screen, and its work is done.
"""

from __future__ import annotations

import asyncio
from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import App, ReturnType
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.dom import DOMNode
    from textual.worker import Worker

LONGEST_WAIT = 5.0
"""Seconds after which the next key is let through whatever the one before is still about."""

LOST = 0.5
"""Seconds after which a key is taken as handled though a widget that closed never said so."""

REST = 0.1
"""Seconds after which the messages that a key led to are surely handled."""

MOST_AHEAD = 200
"""Keys that may wait. More come only from a paste that the terminal did not mark as one."""

STEP = 0.01
"""Seconds between looks at work that is still under way."""


class _Lap:
    """Goes from widget to widget up to the app, behind whatever else is on its way there.

    It is sent as Textual's own event for callbacks, since every widget takes that. Each step is the same
    bound method without arguments: Textual would look into the signature of every partial anew.
    """

    def __init__(
        self, app: App[Any], first: DOMNode | None, turn: int, then: Callable[[int], Awaitable[None]]
    ) -> None:
        """Begin at a widget; at the app, ``then`` is awaited with the turn that this is about."""
        self._app = app
        self._next = first
        self._turn = turn
        self._then = then

    def go_on(self) -> None:
        """Go to the next widget, or from one that has closed straight to the app."""
        node, self._next = self._next, None
        if node is not None and node is not self._app:
            self._next = node.parent
            if node.post_message(events.Callback(callback=self.go_on)):
                return
        self.end()

    def end(self) -> None:
        """Go to the app at once."""
        self._app.post_message(events.Callback(callback=self._arrive))

    async def _arrive(self) -> None:
        await self._then(self._turn)


class OneKeyAtATime(App[ReturnType]):
    """An app that handles keys in their order, also those typed ahead.

    Work in a group of ``UNWAITED`` only tells more about what is on the screen: no key waits for it. Work
    in one of ``LISTING`` changes the rows: writing in a field goes on meanwhile, other keys wait.
    """

    UNWAITED: ClassVar[frozenset[str]] = frozenset()
    LISTING: ClassVar[frozenset[str]] = frozenset()
    URGENT: ClassVar[frozenset[str]] = frozenset({"ctrl+c"})

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        """Make the app, with no key on its way."""
        super().__init__(ansi_color=ansi_color)
        self._ahead: deque[events.Key | events.Paste] = deque()
        self._turn = 0
        """Counts the keys; what is about an earlier one is of no interest any more."""
        self._first: DOMNode | None = None
        """Where the last key went first."""
        self._since = 0.0
        self._has_come_round = True
        """Whether the last key has passed every widget that could take it."""
        self._is_followed = False
        self._screen_then: Screen[object] | None = None
        self._fallback: asyncio.TimerHandle | None = None

    @property
    def has_keys_under_way(self) -> bool:
        """Whether a key waits, or what the last one led to is not over; to ask is to go after it."""
        if not self._has_come_round and not self._is_followed:
            self._is_followed = True
            self._follow(self._come_round)
        return bool(self._ahead) or not self._has_come_round or self._is_busy()

    def holds(self, key: str) -> bool:
        """Say whether a key is to wait until :meth:`release`, because nothing can be done with it yet."""
        return False

    def keys_are_lost(self) -> None:
        """Tell that more was typed ahead than anybody types: it is let go, or it would run on for minutes."""

    def release(self) -> None:
        """Let through the keys that were held."""
        self._advance()

    async def on_event(self, event: events.Event) -> None:
        """Pass a key on, or keep it until its turn comes."""
        if not isinstance(event, events.Key | events.Paste):
            await super().on_event(event)
        elif not self.screen_stack:
            self._ahead.clear()  # the program ends, and its screens are gone already
        elif event.is_forwarded:
            # No widget on its way took it, so the app does what it is bound to.
            await super().on_event(event)
            await self._come_round(self._turn)
        elif isinstance(event, events.Key) and event.key in self.URGENT:
            await super().on_event(event)
        elif self._ahead or self._is_held(event) or not self._is_free():
            if len(self._ahead) < MOST_AHEAD:
                self._ahead.append(event)
            else:
                self.keys_are_lost()
            self._advance()
        else:
            await self._handle(event)

    def _is_held(self, event: events.Key | events.Paste) -> bool:
        return self.holds(event.key if isinstance(event, events.Key) else "")

    def _is_free(self) -> bool:
        """Say whether the last key is over and done with; just after it, only a lap can tell."""
        return self._has_come_round and monotonic() - self._since > REST and not self._is_busy()

    async def _handle(self, event: events.Key | events.Paste) -> None:
        self._turn += 1
        self._since = monotonic()
        self._first = self.focused or self.screen
        self._screen_then = self.screen
        self._has_come_round = self._is_followed = False
        await super().on_event(event)
        if not event.is_forwarded:
            self._has_come_round = True
        if self._ahead:
            self._advance()

    def _advance(self) -> None:
        """Bring on the next key that waits, or look after the one that it waits for."""
        if not self._ahead or not self.screen_stack or self._is_held(self._ahead[0]) or self._is_followed:
            return
        self._is_followed = True
        if self._has_come_round:
            self._lap()
        else:
            self._follow(self._come_round)
            self._fall_back(LOST, self._come_round)

    def _follow(self, then: Callable[[int], Awaitable[None]]) -> None:
        """Go after a key, or what it led to, from widget to widget up to the app."""
        _Lap(self, self._first, self._turn, then).go_on()

    def _fall_back(self, seconds: float, then: Callable[[int], Awaitable[None]]) -> None:
        """Go on in a while, if nothing else has come of it by then.

        By the loop's own timer: one of Textual's is a task, and there is one for each key typed ahead.
        """
        if self._fallback is not None:
            self._fallback.cancel()
        lap = _Lap(self, None, self._turn, then)
        self._fallback = asyncio.get_running_loop().call_later(seconds, lap.end)

    async def _come_round(self, turn: int) -> None:
        """Note that a key has passed every widget; a widget that closed may never say so."""
        if turn == self._turn and not self._has_come_round:
            self._has_come_round = True
            self._is_followed = bool(self._ahead)
            if self._ahead:
                self._lap()

    def _lap(self) -> None:
        """Go round once more: what the key did may have sent messages of its own, such as a button's."""
        self._follow(self._settle)
        self._fall_back(LOST, self._settle)

    async def _settle(self, turn: int) -> None:
        """Wait for what the last key began; then the next one may come."""
        if turn != self._turn or not self.screen_stack:
            return
        if monotonic() - self._since < LONGEST_WAIT and self._is_busy():
            self._fall_back(STEP, self._settle)
        elif self.screen is self._screen_then:
            await self._bring_on()
        else:
            # Once more around the screen: one that was just mounted has asked for its focus.
            self._screen_then = self.screen
            self._fall_back(LOST, self._settle)
            _Lap(self, self.screen, turn, self._settle).go_on()

    async def _bring_on(self) -> None:
        """Handle the next key that waits."""
        self._is_followed = False
        if self._ahead and not self._is_held(self._ahead[0]):
            await self._handle(self._ahead.popleft())

    def _is_busy(self) -> bool:
        if not self.screen_stack:
            return False
        if not self.screen.is_mounted:
            return True
        return any(self._is_waited(worker) for worker in self.workers)

    def _is_waited(self, worker: Worker[object]) -> bool:
        if worker.is_finished or worker.group in self.UNWAITED:
            return False
        if worker.group in self.LISTING and self._writes_text():
            return False
        if worker.node is self:
            # What the app does with a dialog open waits for the dialog itself.
            return not isinstance(self.screen, ModalScreen)
        return worker.node is self.screen

    def _writes_text(self) -> bool:
        following = self._ahead[0] if self._ahead else None
        if following is None or not isinstance(self.focused, Input):
            return False
        return isinstance(following, events.Paste) or following.is_printable

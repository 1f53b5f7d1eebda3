"""One key after the other: each is handled whole before the next is looked at.

Textual sends a key to whatever has the focus when the *app* sees it, while the key before may still be on
its way to moving the focus or opening a screen. Over a slow line, or from a keyboard that types fast, whole
words then land in the wrong field or are taken as commands. Here a key waits until the one before has passed
every widget that could take it, what it opens stands on the screen, and its work is done.
"""

from __future__ import annotations

from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App, ReturnType
from textual.screen import ModalScreen
from textual.widgets import Input

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.worker import Worker

LONGEST_WAIT = 5.0
"""Seconds after which the next key is let through whatever the one before is still about."""

LOST = 0.5
"""Seconds after which a key is taken as handled though a widget that closed never said so."""

STEP = 0.01
"""Seconds between looks at work that is still under way."""


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
        self._handling = False
        self._since = 0.0
        self._turn = 0

    def holds(self, key: str) -> bool:
        """Say whether a key is to wait until :meth:`release`, because nothing can be done with it yet."""
        return False

    def release(self) -> None:
        """Let through the keys that were held."""
        if not self._handling:
            self._next()

    async def on_event(self, event: events.Event) -> None:
        """Pass a key on, or keep it until its turn comes."""
        if (
            not isinstance(event, events.Key | events.Paste)
            or event.is_forwarded
            or (isinstance(event, events.Key) and event.key in self.URGENT)
        ):
            await super().on_event(event)
        elif self._handling or self._ahead or self._is_held(event):
            self._ahead.append(event)
            if self._handling and len(self._ahead) == 1:
                self.set_timer(LOST, self._if_lost)
        else:
            await self._handle(event)

    def _is_held(self, event: events.Key | events.Paste) -> bool:
        return self.holds(event.key if isinstance(event, events.Key) else "")

    async def _handle(self, event: events.Key | events.Paste) -> None:
        self._handling = True
        self._since = monotonic()
        self._turn += 1
        first = self.focused or self.screen
        await super().on_event(event)
        self._follow(first, self._turn)

    def _follow(self, node: DOMNode, turn: int) -> None:
        """Go after the key from widget to widget, to where it was taken or to the app."""
        parent = node.parent
        if turn != self._turn:
            return
        if node is self or parent is None or not node.call_later(self._follow, parent, turn):
            self.call_later(self._settle, turn)

    def _settle(self, turn: int) -> None:
        """Wait for what the key began; then the next one may come."""
        if turn != self._turn or not self._handling:
            return
        if monotonic() - self._since < LONGEST_WAIT and self._is_busy():
            self.set_timer(STEP, lambda: self._settle(turn))
        else:
            # Once more around the screen: a screen that was just mounted has asked for its focus.
            self.screen.call_later(self.call_later, self._done, turn)

    def _done(self, turn: int) -> None:
        if turn == self._turn and self._handling:
            self._handling = False
            self._next()

    def _if_lost(self) -> None:
        """Go on where a widget that closed took the trace of a key with it."""
        if self._handling and not self._is_busy() and monotonic() - self._since >= LOST:
            self._handling = False
            self._next()
        elif self._handling:
            self.set_timer(LOST, self._if_lost)

    def _next(self) -> None:
        if self._ahead and not self._is_held(self._ahead[0]):
            self._handling = True
            self.call_later(self._handle, self._ahead.popleft())

    def _is_busy(self) -> bool:
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

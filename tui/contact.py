"""When the storage is away: since when, what goes on meanwhile, and what is done once it answers again.

What is loaded stays and can be worked with. One task asks after the storage, more and more seldom; nothing
is drawn meanwhile, so that a screen that waits is as silent as one that is idle.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from core.days import local
from core.ports import StorageError
from tui.text import _, ngettext

if TYPE_CHECKING:
    from datetime import datetime

    from tui.app import Behorig

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
"""Seconds until the storage is asked after for the first time, and at most between two times."""


class Contact:
    """Whether the storage answers."""

    def __init__(self, app: Behorig) -> None:
        """Begin with a storage that has just answered."""
        self._app = app
        self.since: datetime | None = None
        """Since when it does not; ``None`` while it does."""
        self.on_server = False
        """Whether it is a server that was asked, and not a database."""
        self.returned = asyncio.Event()
        """Set while there is contact, for whoever waits for it."""
        self.returned.set()

    @property
    def is_lost(self) -> bool:
        """Whether the storage does not answer."""
        return self.since is not None

    def lose(self, error: StorageError) -> None:
        """Take in that the storage does not answer: the first time it is told, and asked after."""
        if self.since is not None:
            return
        app = self._app
        self.since = app.desk.service.now()
        self.on_server = error.refusal.code.startswith("server_")
        self.returned.clear()
        # In the band that stays, and in the log; the line of messages is for what is asked for.
        app.log_message(self.told(app.desk.service.answered_at), problem=True, code=error.refusal.code)
        for room in app.rooms:
            room.tell_news()
        app.begin(self._seek, group="seek")

    def told(self, read_at: datetime | None) -> str:
        """Say since when there is no contact, and when what is shown was read."""
        if self.since is None:
            return ""
        since = f"{local(self.since):%H.%M}"
        text = (
            _("No contact with the server since {since}.", since=since)
            if self.on_server
            else _("No contact with the database since {since}.", since=since)
        )
        if read_at is not None:
            text += " " + _("What is shown was read {read}.", read=f"{local(read_at):%H.%M}")
        return text

    def not_read(self) -> str:
        """Say in the place of what was asked for that it cannot be read."""
        if self.on_server:
            return _("This could not be read: there is no contact with the server. It comes by itself.")
        return _("This could not be read: there is no contact with the database. It comes by itself.")

    def not_written(self) -> str:
        """Say that nothing is written as long as there is no contact."""
        since = "" if self.since is None else f"{local(self.since):%H.%M}"
        if self.on_server:
            return _("Nothing was written: no contact with the server since {since}.", since=since)
        return _("Nothing was written: no contact with the database since {since}.", since=since)

    async def _seek(self) -> None:
        wait = FIRST_WAIT
        while self.is_lost:
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)
            desk = self._app.desk
            try:
                await desk.service.organisation(desk.organisation_id)
            except StorageError as error:
                if error.is_away:
                    continue
            self.find()

    def find(self) -> None:
        """Take in that the storage answers again: find out what became of a write, and read all anew."""
        if self.since is None:
            return
        self.since = None
        self.returned.set()
        for room in self._app.rooms:
            room.tell_news()
        self._app.begin(partial(_returned, self._app, on_server=self.on_server), group="back")


async def _returned(app: Behorig, *, on_server: bool) -> None:
    # Deferred: needed when something has gone wrong only.
    from tui.follow import EVERYTHING, refresh

    parts = [_("There is contact with the server again.") if on_server else _("The database answers again.")]
    was_sent = app.desk.draft.pending is not None and not app.desk.is_writing
    written = await app.guarded(app.desk.settle(), beside=True)
    if written is None:
        return  # away again, or worse: that has been said
    if written:
        parts.append(
            ngettext(
                "{count} change was written before the answer was lost. F7 undoes it.",
                "{count} changes were written before the answer was lost. F7 undoes them.",
                written,
            )
        )
    elif was_sent:
        parts.append(_("What was sent last was not written; it stays in the draft."))
    else:
        parts.append(_("Everything is read again."))
    app.say(" ".join(parts))
    await refresh(app, EVERYTHING)

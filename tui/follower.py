"""What others write while the program is open: learned without a key, and told in a sentence.

Two tasks of the loop, no timers of Textual's: one reads what the storage tells, one brings the screen up to
date. While nobody writes both sleep, and not a byte goes to the terminal.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

import msgspec

from core.directory import AUTHORITY
from core.ports import StorageError, is_away
from core.queries import MOST_FOLLOWED, News, NewsSince, WriteRow
from core.refusal import WrongValueError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.app import Behorig
    from tui.desk import Desk

BUNDLE = 0.3
"""Seconds that are waited for more, once something was written."""
BETWEEN = 2.0
"""Seconds between two sentences at least: a burst of writes is one."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
"""Seconds until a storage that is away is tried again, at first and after many times."""
MOST_KEPT = 100
"""The most writes that are kept for one sentence; the rest is only counted."""

MOST_BESIDES = MOST_FOLLOWED - 2
"""Organisations that are followed besides the own one and Migrationsverket's."""


class Batch(msgspec.Struct):
    """What came within a short time.

    ``is_whole`` says that anything may be different: at the beginning, when a storage is back, on a new day.
    ``writes`` are those of others, ``left_out`` counts the changes of those beyond :data:`MOST_KEPT`.
    """

    touched: set[str] = msgspec.field(default_factory=set)
    writes: list[WriteRow] = msgspec.field(default_factory=list)
    left_out: int = 0
    is_whole: bool = False

    def is_about(self, organisation_id: str) -> bool:
        """Say whether something of an organisation may be different."""
        return self.is_whole or organisation_id in self.touched


class Follower:
    """Follows the own organisation, Migrationsverket and what the screen asks for besides."""

    def __init__(self, app: Behorig, desk: Desk) -> None:
        """Follow for a program; :meth:`begin` begins."""
        self._app = app
        self._desk = desk
        self._cursor: str | None = None
        self._besides: frozenset[str] = frozenset()
        self._batch = Batch()
        self._stirred = asyncio.Event()
        self._has_place = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None
        self._telling: asyncio.Task[None] | None = None
        self._seeking: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Begin to follow; what is read after this is no older than what is told.

        Where somebody has switched it off nothing is read; the rest is for when a storage is back.
        """
        if not self._app.follows:
            return
        self._reading = asyncio.create_task(self._read())
        await self._has_place.wait()

    def begin_to_tell(self) -> None:
        """Tell what has come and what comes: there is a screen now."""
        if self._telling is None:
            self._telling = asyncio.create_task(self._tell())

    async def end(self) -> None:
        """Stop, once what is under way has let go of the storage."""
        tasks = [each for each in (self._reading, self._telling, self._seeking) if each is not None]
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def besides(self) -> frozenset[str]:
        """The organisations that are followed besides the own one and Migrationsverket."""
        return self._besides

    def follow_besides(self, organisation_ids: Sequence[str]) -> None:
        """Follow other organisations too, those on the screen; of many the first, as many as may be."""
        most = frozenset(organisation_ids[:MOST_BESIDES])
        if most != self._besides and self._reading is not None:
            self._besides = most
            self._reading = asyncio.create_task(self._read_instead(self._reading))

    # Reading --------------------------------------------------------------------------------

    async def _read_instead(self, former: asyncio.Task[None]) -> None:
        former.cancel()
        # It is to have let go of the storage, and of the place, before another begins.
        await asyncio.gather(former, return_exceptions=True)
        await self._read()

    async def _read(self) -> None:
        wait = FIRST_WAIT
        while True:
            try:
                wanted = self._besides | {self._desk.organisation_id, AUTHORITY}
                query = NewsSince(organisation_ids=wanted, cursor=self._cursor)
                async with aclosing(self._desk.service.follow(query)) as told:
                    # Without a place, what was written since the last reading is not known.
                    is_whole = self._has_place.is_set() and (
                        self._cursor is None or self._app.away_since is not None
                    )
                    async for news in told:
                        wait = FIRST_WAIT
                        self._take(news, is_whole=is_whole)
                        is_whole = False
                        self._has_place.set()
            except StorageError as error:
                if is_away(error.refusal):
                    self._app.lose(error.refusal)
            except WrongValueError:
                # The place means nothing to the storage any more: all is read again.
                self._cursor = None
            self._has_place.set()
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)

    def _take(self, news: News, *, is_whole: bool) -> None:
        self._cursor = news.cursor
        batch, sent = self._batch, self._desk.sent
        others = [each for each in news.writes if each.changeset_id not in sent]
        told_of = {each.organisation_id for each in news.writes}
        # What was written from here is on the screen already. Where nothing is told, it may be anybody's.
        batch.touched |= {each.organisation_id for each in others} | (news.touched - told_of)
        batch.is_whole |= is_whole
        for each in others:
            if len(batch.writes) < MOST_KEPT:
                batch.writes.append(each)
            else:
                batch.left_out += each.event_count
        if batch.touched or batch.is_whole:
            self._stirred.set()

    def seek(self) -> None:
        """Ask after a storage that is away until it answers; those who follow it may not have noticed."""
        if self._seeking is None or self._seeking.done():
            self._seeking = asyncio.create_task(self._seek())

    async def _seek(self) -> None:
        wait = FIRST_WAIT
        while self._app.away_since is not None:
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)
            try:
                await self._desk.service.organisation(self._desk.organisation_id)
            except StorageError as error:
                if is_away(error.refusal):
                    continue
            self._batch.is_whole = True
            self._stirred.set()
            return

    # Telling --------------------------------------------------------------------------------

    async def _tell(self) -> None:
        wait = BETWEEN
        while True:
            await self._stirred.wait()
            await asyncio.sleep(BUNDLE)
            self._stirred.clear()
            batch, self._batch = self._batch, Batch()
            try:
                await self._show(batch)
            except (StorageError, WrongValueError) as error:
                # What could not be read is read whole: once the storage is back, or has less to do.
                self._batch.is_whole = True
                if isinstance(error, StorageError) and is_away(error.refusal):
                    self._app.lose(error.refusal)
                    self.seek()
                else:
                    self._stirred.set()
                wait = min(2 * wait, LONGEST_WAIT)
            else:
                wait = BETWEEN
            await asyncio.sleep(wait)

    async def _show(self, batch: Batch) -> None:
        # Deferred: only who has something to tell needs the sentences.
        from tui.beside import tell_day
        from tui.text.others import of_others, of_rows_above

        app, desk = self._app, self._desk
        back = await app.regain() if app.away_since is not None else ""
        is_back = batch.is_whole
        catalogue, board = desk.catalogue, app.noticeboard
        arrived = 0
        is_ours, is_authoritys = batch.is_about(desk.organisation_id), batch.is_about(AUTHORITY)
        differs = False
        if is_ours or is_authoritys:
            await desk.load()
            differs = await desk.look_for_stale()
        if is_authoritys and board is not None and board.is_for_me:
            await board.read(desk.service.now())
            arrived = board.come
            for room in app.rooms:
                room.tell_news()
        new_day = tell_day(app)
        if new_day:
            batch.is_whole = True  # what began or ended with the day is in no write
        front = app.room
        above = None if front is None else front.begins_above
        await app.follow(batch)
        text = of_others(
            batch.writes,
            batch.left_out,
            desk,
            unread=arrived if not is_back else 0,
            stale=len(desk.stale) if differs else 0,
            is_catalogue_changed=catalogue != desk.catalogue and not is_back and not new_day,
        )
        # Nothing moves under the eyes of who reads the first rows, so what came before them is out of sight.
        come = front.begins_above if front is not None and front is app.room and above == 0 else 0
        # In one sentence after the other: said by itself, the first would be gone before it is read.
        text = " ".join(filter(None, (back, new_day, text, of_rows_above(come or 0))))
        if text:
            # What tells of one's own line is always said.
            (app.say_of_contact if back else app.mention)(text)

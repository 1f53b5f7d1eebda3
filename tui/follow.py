"""What others write, as it is written: the rooms read it anew, the draft is held against it, and it is told.

What comes within a short time is one batch: one reading, one picture and one sentence, however many wrote.
Nothing here moves the cursor or the focus. What this window wrote itself is told where it was written.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from core.days import local
from core.directory import AUTHORITY
from core.ports import StorageError
from core.queries import MOST_FOLLOWED, NewsSince
from core.refusal import NotAllowedError, WrongValueError
from core.text import shown
from tui.beside import followed_by, loaded, tell_news
from tui.text import _, ngettext
from tui.text.dates import day as day_text
from tui.text.refusals import sentence
from tui.text.sentences import Words, of_event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.catalogue import Catalogue
    from core.queries import News, WriteRow
    from tui.app import Behorig

BUNDLE, PAUSE = 0.4, 2.0
"""Seconds in which what comes is one batch, and at least from one batch to the next."""

AGAIN = 5.0
"""Seconds until a storage that failed in passing is followed again."""

MOST_NAMES = 3
"""Who wrote is told by name up to so many."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What others wrote within a short time; ``everything`` when nobody knows what was written."""

    touched: frozenset[str] = frozenset()
    writes: tuple[WriteRow, ...] = ()
    everything: bool = False

    def reaches(self, organisation_id: str) -> bool:
        """Say whether something of an organisation, or of the catalogue, may be otherwise now."""
        return self.everything or bool({organisation_id, AUTHORITY} & self.touched)


EVERYTHING = Batch(everything=True)


class Follower:
    """Follows the organisations that are on the screen."""

    def __init__(self, app: Behorig) -> None:
        """Follow nothing yet."""
        self._app = app
        self._cursor: str | None = app.place_read
        self._followed: frozenset[str] = frozenset()
        self._touched: set[str] = set()
        self._writes: list[WriteRow] = []
        self._everything = False
        self._timer: asyncio.TimerHandle | None = None
        self._told_at = 0.0

    def look_around(self) -> None:
        """Follow what is on the screen now; the same as before goes on as it is."""
        app = self._app
        own = followed_by(app.desk)
        others = [each for room in reversed(app.rooms) for each in room.followed if each not in own]
        wanted = frozenset([*own, *list(dict.fromkeys(others))[: MOST_FOLLOWED - len(own)]])
        if wanted != self._followed:
            self._followed = wanted
            app.begin(self._follow, group="follow")

    async def _follow(self) -> None:
        app = self._app
        while app.session is not None:
            try:
                await self._listen()
            except StorageError as error:
                if error.is_away:
                    app.away(error)
                    await app.contact.returned.wait()
                else:
                    await asyncio.sleep(AGAIN)
            except WrongValueError:
                # The place is of another database by now, say; what was missed is read with the rest.
                self._cursor = None
            except NotAllowedError as error:
                app.say(sentence(error.refusal), problem=True, code=error.refusal.code)
                return
            else:
                return

    async def _listen(self) -> None:
        app = self._app
        query = NewsSince(organisation_ids=self._followed, cursor=self._cursor)
        async with aclosing(app.desk.service.follow(query)) as stream:
            async for news in stream:
                is_lost, self._cursor = self._cursor is None, news.cursor
                app.back()
                self._take(news, everything=is_lost)

    def _take(self, news: News, *, everything: bool) -> None:
        own = self._app.desk.own_writes
        others = [each for each in news.writes if each.changeset_id not in own]
        told = {each.organisation_id for each in news.writes}
        touched = {each.organisation_id for each in others} | (news.touched - told)
        self._everything |= everything
        if touched or everything:
            self._touched |= touched
            self._writes += others
            self._ring()

    def _ring(self) -> None:
        """Tell what has come a little later, with what else comes until then."""
        if self._timer is None:
            loop = asyncio.get_running_loop()
            at = max(loop.time() + BUNDLE, self._told_at + PAUSE)
            # By the loop's own timer: it draws nothing and wakes nothing else.
            self._timer = loop.call_at(at, self._begin_telling)

    def _begin_telling(self) -> None:
        self._timer = None
        if self._app.session is not None and self._app.is_running:
            self._app.begin(self._tell, group="told", exclusive=False)

    async def _tell(self) -> None:
        self._told_at = asyncio.get_running_loop().time()
        batch = Batch(frozenset(self._touched), tuple(self._writes), self._everything)
        self._touched, self._writes, self._everything = set(), [], False
        await tell(self._app, batch)


async def tell(app: Behorig, batch: Batch) -> None:
    """Bring what is shown up to date with what others wrote, and say it in one sentence."""
    desk, board = app.desk, app.noticeboard
    catalogue = desk.catalogue
    unread = 0 if board is None or board.notice is None else board.notice.unread
    stale = len(desk.stale)
    await refresh(app, batch)
    parts = [of_writes(app, batch.writes)] if batch.writes else []
    if not any(each.organisation_id == AUTHORITY for each in batch.writes):
        parts += of_catalogue(catalogue, desk.catalogue, Words(desk.catalogue, desk.today))
    now = 0 if board is None or board.notice is None else board.notice.unread
    if now > unread:
        parts.append(
            ngettext(
                "{count} new announcement under What is current.",
                "{count} new announcements under What is current.",
                now - unread,
            )
        )
    fresh = len(desk.stale) - stale
    if fresh > 0:
        parts.append(
            ngettext(
                "{count} of your staged changes no longer fits; F8 says why.",
                "{count} of your staged changes no longer fit; F8 says why.",
                fresh,
            )
        )
    if parts:
        app.say(" ".join(parts), problem=fresh > 0)


async def refresh(app: Behorig, batch: Batch) -> None:
    """Read again what is shown of what others may have changed; the cursor stays where it is."""
    desk, people, board = app.desk, app.people, app.noticeboard
    before = desk.catalogue, desk.detail, desk.stale
    if not await app.guarded(loaded(desk), beside=True):
        return
    if board is not None and board.is_for_me and (batch.everything or AUTHORITY in batch.touched):
        await app.guarded(board.read(desk.read_at), beside=True)
        tell_news(app)
    changed: frozenset[str] | None = frozenset()
    if people.loaded and people.as_of is None and batch.reaches(desk.organisation_id):
        answer = await app.guarded(people.refreshed(), beside=True)
        changed = frozenset() if answer is None else answer.changed
    if desk.draft.count:
        await app.guarded(desk.find_stale(), beside=True)
    if (desk.catalogue, desk.detail) != before[:2]:
        changed = None
    if changed is not None and desk.stale != before[2]:
        changed |= {account_id for account_id, _permission in {*desk.stale, *before[2]}}
    for room in app.rooms:
        room.tell_title()
        room.people_changed(changed)
        room.others_wrote(batch)


# In words -----------------------------------------------------------------------------------------


def of_writes(app: Behorig, writes: Sequence[WriteRow]) -> str:
    """Say what others wrote in one sentence: by whom, when, and what, or how much."""
    desk = app.desk
    last = writes[-1]
    at = f"{local(datetime.fromisoformat(last.at)):%H.%M}"
    count = sum(each.event_count for each in writes)
    names = list(dict.fromkeys(who(app, each) for each in writes))
    if len(names) > MOST_NAMES:
        rest = len(names) - MOST_NAMES + 1
        names = [*names[: MOST_NAMES - 1], ngettext("{count} other", "{count} others", rest)]
    name = _(", ").join(names)
    words = Words(desk.catalogue, desk.today, last.names)
    what = of_event(last.events[-1], words) if last.events else ""
    if count <= 1 or not what:
        return _("{name}, {at}: {what}.", name=name, at=at, what=what)
    return ngettext(
        "{name}, {at}: {count} change, the last: {what}.",
        "{name}, {at}: {count} changes, the last: {what}.",
        count,
        name=name,
        at=at,
        what=what,
    )


def who(app: Behorig, write: WriteRow) -> str:
    """Give the name of who wrote; the person's own other window is named as that."""
    actor = app.desk.service.actor
    if (write.actor_organisation_id, write.actor_id) == (actor.organisation_id, actor.account_id):
        return _("You, in another window")
    return shown(write.by)


def of_catalogue(before: Catalogue, after: Catalogue, words: Words) -> list[str]:
    """Say how the permissions that can be seen differ from what they were."""
    today, parts = words.today, []
    for each in after.permissions:
        old = before.permission(each.id)
        name = shown(each.name_on(today))
        if old is None:
            parts.append(_("{name} is launched on {day}", name=name, day=day_text(each.launched_on)) + ".")
            continue
        if old.name_on(today) != each.name_on(today):
            parts.append(_("{before} is called {name} now.", before=shown(old.name_on(today)), name=name))
        if each.retired_on is not None and old.retired_on != each.retired_on:
            parts.append(_("{name} ends on {day}", name=name, day=day_text(each.retired_on)) + ".")
    return parts[:MOST_NAMES]


def begin(app: Behorig) -> None:
    """Follow what others write from now on."""
    app.follower = Follower(app)
    app.follower.look_around()
    if app.desk.draft.count:
        # Staged the last time: what others wrote since is marked at once.
        app.begin(partial(_mark_stale, app), group="told", exclusive=False)


async def _mark_stale(app: Behorig) -> None:
    if await app.guarded(app.desk.find_stale(), beside=True) and app.desk.stale:
        for room in app.rooms:
            room.people_changed(frozenset(account_id for account_id, _permission in app.desk.stale))

"""What every room tells beside its own work: how much is unread, and what goes on just now.

Read at the start and again at a key, once the last reading is some time ago; never by a timer, so that an
idle screen stays silent. Between readings the clock alone decides which banner lasts.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.announcements import MOST_UNREAD
from core.directory import Role
from core.queries import Announcements, CurrentNotice

if TYPE_CHECKING:
    from datetime import datetime

    from core.announcements import Banner, Notice
    from core.service import Service

FRESH = timedelta(minutes=1)
"""So long what was read is good enough."""


class Noticeboard:
    """What was read last for one person."""

    def __init__(self, service: Service) -> None:
        """Begin with nothing read."""
        self._service = service
        self._read_at: datetime | None = None
        self.notice: Notice | None = None
        self.shown: tuple[Banner, ...] = ()
        """The banners that last, as of the last look at the clock."""
        self.come = 0
        """How many are unread that were not at the reading before; of the first reading none."""
        self._unread_ids: frozenset[str] | None = None

    @property
    def is_for_me(self) -> bool:
        """Whether the person's role is told what is current."""
        return self._service.actor.role is not Role.USER

    def is_old(self, now: datetime) -> bool:
        """Say whether it is time to read again; also when the clock was set back."""
        return self._read_at is None or not timedelta(0) <= now - self._read_at < FRESH

    def forget(self) -> None:
        """Let the next look read again."""
        self._read_at = None

    async def read(self, now: datetime) -> None:
        """Read what is told as of a moment."""
        self._read_at = now
        before = self.notice
        actor = self._service.actor
        self.notice = await self._service.ask(
            CurrentNotice(organisation_id=actor.organisation_id, account_id=actor.account_id, moment=now)
        )
        self.come = await self._come(now, before)
        self.look(now)

    async def _come(self, now: datetime, before: Notice | None) -> int:
        """Count what has come by its ids: one that came and one that was withdrawn are as many as before."""
        notice, actor, known = self.notice, self._service.actor, self._unread_ids
        if notice is None or notice.more:
            # More than are counted; then nobody is told how many came either.
            self._unread_ids = None
            return 0 if notice is None or before is None else max(0, notice.unread - before.unread)
        ids: frozenset[str] = frozenset()
        if notice.unread:
            page = await self._service.ask(
                Announcements(
                    organisation_id=actor.organisation_id,
                    account_id=actor.account_id,
                    moment=now,
                    unread_only=True,
                    limit=MOST_UNREAD,
                )
            )
            ids = frozenset(each.id for each in page.rows)
        self._unread_ids = ids
        if known is None:
            return 0 if before is None else max(0, notice.unread - before.unread)
        return len(ids - known)

    def look(self, now: datetime) -> bool:
        """Choose the banners that last at a moment. Answers whether they are others than before."""
        before = self.shown
        banners = () if self.notice is None else self.notice.banners
        self.shown = tuple(each for each in banners if each.is_on(now))
        return self.shown != before

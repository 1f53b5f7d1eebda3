"""What is read beside the work of the rooms: the day, what is current, what became of a write.

Asked at the start and at a key, never by a timer, so that an idle screen stays silent.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from core.days import day_of
from tui.actions import key_of
from tui.text import _, ngettext

if TYPE_CHECKING:
    from datetime import datetime

    from tui.app import Behorig
    from tui.desk import Desk


def look_at_day(app: Behorig) -> None:
    """Read anew when midnight has passed: a launch or an end may have come with the day.

    Asked at each step and not by a timer, so that an idle screen stays silent.
    """
    if not app.is_open:
        return
    now = app.desk.service.now()
    if day_of(now) != app.day:
        app.begin(partial(_begin_day, app), group="day")
    look_at_news(app, now)


def look_at_news(app: Behorig, now: datetime) -> None:
    """Tell what goes on at this moment, and read again what was read some time ago."""
    board = app.noticeboard
    if board is None or not board.is_for_me:
        return
    if board.look(now):
        _tell_news(app)
    if board.is_old(now):
        read_news(app, now)


def read_news(app: Behorig, now: datetime) -> None:
    """Read how much is unread and what goes on, and tell it; without waiting."""
    app.begin(partial(_read_news, app, now), group="news")


async def _read_news(app: Behorig, now: datetime) -> None:
    board = app.noticeboard
    # Once somebody leaves, the storage is closed and nobody is left to tell.
    if board is not None and board.is_for_me and app.session is not None:
        await app.guarded(board.read(now), beside=True)
        _tell_news(app)


def _tell_news(app: Behorig) -> None:
    for room in app.rooms:
        room.tell_news()


def tell_day(app: Behorig) -> str:
    """Give the sentence for a new day that the desk has been read on, once; ``""`` where there is none."""
    if app.day == app.desk.today:
        return ""
    # Deferred: only needed when midnight has passed.
    from tui.text.dates import day

    app.day = app.desk.today
    return _("A new day: {day}. Lists and columns are read again.", day=day(app.desk.today))


async def _begin_day(app: Behorig) -> None:
    if not await app.guarded(loaded(app.desk)):
        return
    text = tell_day(app)
    if not text:
        return  # what others wrote has brought it meanwhile
    app.wrote()
    app.say_besides(text)
    front = app.room
    if front is not None:
        front.arrive()


async def tell_settled(app: Behorig) -> None:
    """Find out what became of a write whose answer was never heard, and say so."""
    written = await app.guarded(app.desk.settle())
    if written:
        app.say_also(settled_text(written))
        app.wrote()


def settled_text(written: int) -> str:
    """Say that so many changes were written though no answer was heard."""
    return ngettext(
        "{count} change was written before the answer was lost. {key} undoes it.",
        "{count} changes were written before the answer was lost. {key} undoes them.",
        written,
        key=key_of("app.undo"),
    )


async def loaded(desk: Desk) -> bool:
    """Load a desk, and answer so: what is told of a failed reading has no answer (``Behorig.guarded``)."""
    await desk.load()
    return True

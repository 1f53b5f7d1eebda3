"""What others have written, in one sentence as far as that goes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from core.text import shown
from tui.actions import key_of
from tui.text import _, ngettext
from tui.text.dates import clock
from tui.text.sentences import Words, of_event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.directory import Actor
    from core.queries import WriteRow
    from tui.desk import Desk


def of_others(
    writes: Sequence[WriteRow],
    left_out: int,
    desk: Desk,
    *,
    unread: int,
    stale: int,
    is_catalogue_changed: bool,
) -> str:
    """Say what was written, ``""`` where that is nothing to be told.

    ``left_out`` counts changes beyond ``writes``, ``unread`` the announcements that came, ``stale`` what of
    the draft does not fit, where that is something else than before. What became of the catalogue is only
    said where nothing else tells it.
    """
    parts: list[str] = []
    if writes:
        parts.append(_of_writes(writes, left_out, desk))
    elif is_catalogue_changed:
        parts.append(_("Migrationsverket has changed the permissions. Lists and columns are read again."))
    if unread > 0:
        parts.append(
            ngettext(
                "{count} new announcement, under News.",
                "{count} new announcements, under News.",
                unread,
            )
        )
    if stale:
        parts.append(
            ngettext(
                "{count} change of your draft no longer fits; {key} says which.",
                "{count} changes of your draft no longer fit; {key} says which.",
                stale,
                key=key_of("app.review"),
            )
        )
    return " ".join(parts)


def of_rows_above(count: int) -> str:
    """Say that rows came before the first one in view, ``""`` where none did."""
    if not count:
        return ""
    return ngettext(
        "{count} new row is above those shown.",
        "{count} new rows are above those shown.",
        count,
    )


def _of_writes(writes: Sequence[WriteRow], left_out: int, desk: Desk) -> str:
    last = writes[-1]
    time = clock(datetime.fromisoformat(last.at))
    count = sum(each.event_count for each in writes) + left_out
    names = list(dict.fromkeys(_who(each, desk.service.actor) for each in writes))
    if count == 1 and last.events:
        words = Words(desk.catalogue, desk.today, {**desk.draft.names, **last.names})
        return _("{by}, {time}: {what}.", by=names[0], time=time, what=of_event(last.events[0], words))
    if len(names) == 1:
        return ngettext(
            "{by} made {count} change, {time}.",
            "{by} made {count} changes, {time}.",
            count,
            by=names[0],
            time=time,
        )
    return ngettext(
        "{people} others made {count} change, {time}.",
        "{people} others made {count} changes, {time}.",
        count,
        people=len(names),
        time=time,
    )


def _who(write: WriteRow, actor: Actor) -> str:
    if (write.actor_organisation_id, write.actor_id) == (actor.organisation_id, actor.account_id):
        return _("You, in another window")
    return shown(write.by)

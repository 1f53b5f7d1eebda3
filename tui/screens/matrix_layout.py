"""The columns of the matrix: how wide, under which names, and by what else each may be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tui.people import Folded, count_text
from tui.text import _
from tui.widgets.columns import Column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from core.catalogue import Permission


def folded_id(e_service_id: str) -> str:
    """Give the id of the column of a folded e-service, which no permission has: ids hold no blanks."""
    return f"folded {e_service_id}"


def column_id(column: Permission | Folded) -> str:
    """Give the id of a column."""
    return folded_id(column.e_service_id) if isinstance(column, Folded) else column.id


def permission_column(permission: Permission, e_service: str, today: date) -> Column:
    """Lay out the column of a permission under the name of its e-service."""
    return Column(
        permission.id,
        permission.short_name,
        max(3, len(permission.short_name)),
        group=e_service,
        title=permission.name_on(today),
        sign="!" if permission.launched_on == today else "",
    )


def folded_column(folded: Folded, e_service: str, today: date) -> Column:
    """Lay out the one column of a folded e-service; a launch in it is marked as on a column of its own."""
    # The mark is a part of the heading: at the end of a wide column it would seem to be the next one's.
    launched = any(each.launched_on == today for each in folded.permissions)
    heading = _("Folded") + ("!" if launched else "")
    count = len(folded.permissions)
    return Column(
        folded_id(folded.e_service_id),
        heading,
        max(len(heading), len(count_text(count, count))),
        group=e_service,
        title=e_service,
    )


def under_whole_names(columns: Sequence[Column], room: int) -> list[Column]:
    """Widen columns that stand alone under the name of an e-service, as far as ``room`` cells go.

    The last one needs it not: its name may run on to the edge.
    """
    groups = [column.group for column in columns]
    widened: list[Column] = []
    for column in columns:
        more = 0
        if groups.count(column.group) == 1 and column.group != groups[-1]:
            more = max(0, min(room, len(column.group) - column.width))
        room -= more
        widened.append(msgspec.structs.replace(column, width=column.width + more))
    return widened


def column_note(permission: Permission, today: date) -> str:
    """Say by what else than its name a column may be known."""
    parts = [permission.short_name]
    if permission.launched_on == today:
        parts.append(_("launched today"))
    if former := permission.former_names(today):
        parts.append(_("formerly {names}", names=_(", ").join(former)))
    return _(", ").join(parts)

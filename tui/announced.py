"""What one may do about something current: its permission, and what is asked before it is said to be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from core.announcements import Done
from core.text import shown
from tui.text import _

if TYPE_CHECKING:
    from core.announcements import AnnouncementRow
    from core.catalogue import Permission
    from tui.desk import Desk


class DoneQuestion(NamedTuple):
    """What is asked before an organisation's part is said to be done, or not, and what is told after it."""

    is_done: bool
    text: str
    yes: str
    told: str


def done_question(row: AnnouncementRow) -> DoneQuestion:
    """Ask whether the organisation's part is done, or not after all where it was said to be."""
    if row.done is Done.SAID:
        text = _(
            "“{title}” is then shown as not done to all administrators of your organisation.", title=row.title
        )
        return DoneQuestion(False, text, _("It is not done"), _("It is shown as not done."))
    text = _(
        "“{title}” is then shown as done to all administrators of your organisation: {action}",
        title=row.title,
        action=shown(row.action),
    )
    return DoneQuestion(True, text, _("It is done"), _("It is shown as done."))


def permission_to_give(desk: Desk, row: AnnouncementRow) -> Permission | None:
    """Give the first of an announcement's permissions that can be given here; ``None`` for none."""
    columns = {each.id: each for each in desk.columns(retired=False)}
    return next((columns[each] for each in row.permission_ids if each in columns), None)


def why_no_permission(desk: Desk, row: AnnouncementRow) -> str:
    """Tell why there is no permission to go to, or ``""``."""
    if permission_to_give(desk, row) is not None:
        return ""
    if row.permission_ids:
        known = [desk.catalogue.permission(each) for each in row.permission_ids]
        if all(each is not None and each.is_retired(desk.today) for each in known):
            return _("the permission has ended")
        return _("your organisation has no agreement for the e-service")
    if row.coming:
        return _("the permission is shown from its launch day")
    return _("it is not about a permission")

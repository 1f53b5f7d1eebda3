"""Permissions in words: their launch, their end, and what they were called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.text import _
from tui.text.dates import day as day_text

if TYPE_CHECKING:
    from datetime import date

    from core.catalogue import Permission


def permission_words(permission: Permission, today: date) -> str:
    """Say a permission's launch, end and former names."""
    parts = [
        _("Launched today.")
        if permission.launched_on == today
        else _("Launched {day}.", day=day_text(permission.launched_on))
    ]
    if permission.retired_on is not None:
        ended = permission.is_retired(today)
        day = day_text(permission.retired_on)
        parts.append(_("Ended {day}.", day=day) if ended else _("Ends {day}.", day=day))
    former = permission.former_names(today)
    if former:
        parts.append(_("Formerly: {names}.", names=_(", ").join(former)))
    return " ".join(parts)

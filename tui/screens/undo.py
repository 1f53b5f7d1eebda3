"""The undoing of a write: what it would change is reviewed, or told why it cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.ports import Refused
from tui.text import _
from tui.text.refusals import sentence

if TYPE_CHECKING:
    from tui.app import Behorig


async def review_undo(app: Behorig, organisation_id: str, changeset_id: str) -> None:
    """Review the undoing of a write, or say why it cannot be undone."""
    desk = app.desk
    found = await app.guarded(desk.service.undo(organisation_id, changeset_id))
    if found is None:
        return
    if isinstance(found, Refused):
        ids = frozenset(refusal.subject for refusal in found.refusals)
        rows = await app.guarded(desk.service.rows(organisation_id, ids)) or {}
        names = {
            **desk.names(rows),
            **{each.id: each.name_on(desk.today) for each in desk.catalogue.permissions},
        }
        more = len(found.refusals) - 1
        text = sentence(found.refusals[0], names)
        app.say(
            text if not more else _("{reason} And {count} more.", reason=text, count=more),
            problem=True,
            code=found.refusals[0].code,
        )
        return
    app.review(found)

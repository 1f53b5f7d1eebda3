"""``behorig undo``: the own last write, or a given one, taken back by a write of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.ports import Refused
from core.queries import Writes
from core.refusal import Refusal
from tui.line.people import place_of
from tui.line.work import RefusedWorkError
from tui.session import REFUSED, StartError
from tui.text import _

if TYPE_CHECKING:
    from tui.line.writing import Office


async def undo(office: Office, write: str | None, where: str | None) -> None:
    """Stage the undoing of a write; without one, of what was written last by who is signed in.

    Raises:
        StartError: there is no such write.
        RefusedWorkError: it cannot be undone.
    """
    work = await office.work(await place_of(office, where))
    actor = office.here.actor
    if write is None:
        mine = Writes(
            organisation_id=work.organisation_id,
            actor_id=actor.account_id,
            actor_organisation_id=actor.organisation_id,
            limit=1,
        )
        rows = (await office.service.ask(mine)).rows
        if not rows:
            raise StartError(
                _("You have written nothing in {name}.", name=work.name), REFUSED, Refusal("not_found")
            )
        write = rows[0].changeset_id
    found = await office.service.undo(work.organisation_id, write)
    if isinstance(found, Refused):
        ids = frozenset(refusal.subject for refusal in found.refusals)
        rows_of = await office.service.rows(work.organisation_id, ids)
        raise RefusedWorkError(found.refusals, {key: row.account.name for key, row in rows_of.items()})
    ids = frozenset(str(each.account_id) for each in found.changes if hasattr(each, "account_id"))
    for row in (await office.service.rows(work.organisation_id, ids)).values():
        work.look_at(row)
    work.become(found)

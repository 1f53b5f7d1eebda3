"""The form for a person, for support in whatever organisation: what it makes is reviewed, and no draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import changes as c
from core.identity import Id
from tui.desk import Desk
from tui.session import NoDrafts

if TYPE_CHECKING:
    from core.queries import AccountRow
    from tui.app import Behorig


async def ask_for_person(
    app: Behorig, organisation_id: str, row: AccountRow | None, *, administrator: bool = False
) -> None:
    """Ask for a person's details and review what comes of it.

    ``row`` is whose they are, ``None`` registers somebody new. With ``administrator`` the person is
    appointed as well, in the same write.
    """
    # Deferred: the form is only made when it is asked for.
    from tui.screens.account_form import AccountForm

    desk = Desk(app.desk.service, NoDrafts(), organisation_id)
    if await app.guarded(_loaded(desk)) is None:
        return
    account_id = await app.push_screen_wait(AccountForm(desk, row))
    if account_id is None or not desk.draft.count:
        return
    changes = desk.proposal().changes
    if administrator:
        changes = (*changes, c.AppointAdministrator(account_id=Id(account_id)))
    app.review(desk.service.changeset(organisation_id, changes))


async def _loaded(desk: Desk) -> bool:
    await desk.load()
    return True

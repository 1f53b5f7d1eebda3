"""Who changed what lies under something that is staged and no longer fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.history import AccountDeregistered, RoleChanged
from core.queries import Writes
from core.text import shown
from tui.text import _
from tui.text.dates import moment
from tui.text.sentences import Words, of_event

if TYPE_CHECKING:
    from datetime import date

    from core.catalogue import Catalogue
    from core.service import Service

MOST_WRITES = 20


async def told_since(
    service: Service,
    organisation_id: str,
    account_id: str,
    permission_id: str | None,
    catalogue: Catalogue,
    today: date,
) -> str:
    """Say who wrote last about an account, or one permission of it, when and what; ``""`` for nobody."""
    query = Writes(organisation_id=organisation_id, account_id=account_id, limit=MOST_WRITES)
    for write in (await service.ask(query)).rows:
        about = [event for event in write.events if getattr(event, "account_id", None) == account_id]
        if permission_id is not None:
            about = [
                each
                for each in about
                if isinstance(each, AccountDeregistered | RoleChanged)
                or getattr(each, "permission_id", None) == permission_id
            ]
        said = _("; ").join(of_event(each, Words(catalogue, today, write.names)) for each in about)
        if said:
            return _("{name}, {moment}: {what}.", name=shown(write.by), moment=moment(write.at), what=said)
    return ""

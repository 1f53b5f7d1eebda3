"""Letters to the kontaktcenter as they are made, on a screen or in lines: the same words and address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.identity import Id
from core.letters import Mail
from core.support import KONTAKTCENTER
from core.text import shown

if TYPE_CHECKING:
    from core.queries import OrganisationDetail
    from core.service import Service
    from core.support import Contact

LONGEST_SUBJECT = 160
LONGEST_TEXT = 10_000


async def own_address(service: Service, detail: OrganisationDetail) -> str:
    """Give the address of who is signed in, to answer to."""
    actor = service.actor
    known = next((each for each in detail.administrators if each.id == actor.account_id), None)
    if known is not None and known.organisation_id == actor.organisation_id:
        return known.email
    row = (await service.rows(actor.organisation_id, frozenset({actor.account_id}))).get(actor.account_id)
    return KONTAKTCENTER if row is None else row.account.email


def finished(service: Service, contact: Contact | None, subject: str, text: str, sender: str) -> Mail:
    """Give a finished letter to the kontaktcenter."""
    return Mail(
        id=Id(service.new_id()),
        sender_name=shown(service.actor.name),
        sender=sender,
        to=KONTAKTCENTER if contact is None else contact.email,
        subject=subject,
        text=text,
        at=service.now().isoformat(timespec="seconds"),
    )

"""Whose an HSA-id is, and whether it looks right: what the forms of screens and menu say of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.review import hsa_id_caution
from tui.text import _

if TYPE_CHECKING:
    from core.directory import Organisation
    from core.draft import Draft
    from core.identity import HsaId
    from core.queries import AccountRow


def who_comes_back(
    hsa_id: HsaId, holder: AccountRow | None, draft: Draft, own: str | None
) -> AccountRow | None:
    """Give who was deregistered with an HSA-id, and may be registered again by it; ``None`` for nobody.

    ``holder`` has it in the storage, ``own`` is the account that it is to be for.
    """
    if holder is None or holder.account.id == own or holder.account.active:
        return None
    return None if _newcomer_with(hsa_id, draft, own) else holder


def why_taken(hsa_id: HsaId, holder: AccountRow | None, draft: Draft, own: str | None) -> str:
    """Say who else has an HSA-id in the organisation, or is about to have it; ``""`` where nobody does."""
    name = _newcomer_with(hsa_id, draft, own)
    if name:
        return _("{name} has this HSA-id and is about to be registered. Check the id.", name=name)
    if holder is None or holder.account.id == own:
        return ""
    name = holder.account.name
    if holder.account.active:
        return _("{name} has this HSA-id already. Check the id.", name=name)
    return _("{name}, who is deregistered, has this HSA-id. Check the id.", name=name)


def _newcomer_with(hsa_id: HsaId, draft: Draft, own: str | None) -> str:
    """Give the name of somebody else who is staged to be registered with an HSA-id."""
    for each in draft.registrations.values():
        if each.hsa_id.key == hsa_id.key and each.account_id != own:
            return f"{each.given_name} {each.family_name}"
    return ""


def number_question(hsa_id: HsaId, organisation: Organisation) -> str:
    """Ask about an HSA-id with another organisation's number; ``""`` where it has this one's.

    It is a question and never a stop (DOMAIN 4).
    """
    caution = hsa_id_caution(hsa_id, organisation)
    if caution is None:
        return ""
    return _(
        "{hsa_id} has organisation number {owner}, and {organisation} has {number}. That is right where"
        " another organisation owns the directory. Is the id right?",
        hsa_id=hsa_id,
        owner=str(caution.params["owner"]),
        organisation=organisation.name,
        number=str(caution.params["number"]),
    )

"""What of the history is asked for, as a person chose it, and how that is said in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.queries import Writes
from core.text import shown
from tui.text import N_, _
from tui.text.dates import day as day_text

if TYPE_CHECKING:
    from datetime import date

    from tui.desk import Desk

EVENT_NAMES = {
    "permission_granted": N_("Permission given"),
    "permission_revoked": N_("Permission taken away"),
    "account_registered": N_("User registered"),
    "account_reregistered": N_("User registered again"),
    "account_amended": N_("Details changed"),
    "account_deregistered": N_("User deregistered"),
    "role_changed": N_("Role changed"),
    "agreement_signed": N_("Agreement began"),
    "agreement_ended": N_("Agreement ended"),
    "organisation_registered": N_("Organisation registered"),
    "organisation_amended": N_("Organisation changed"),
    "e_service_registered": N_("E-service added"),
    "permission_launched": N_("Permission launched"),
    "permission_renamed": N_("Permission renamed"),
    "permission_retired": N_("Permission ended"),
    "announcement_published": N_("News published"),
    "announcement_corrected": N_("News corrected"),
    "announcement_withdrawn": N_("News withdrawn"),
    "contact_set": N_("Contact changed"),
}
"""What the kinds of :data:`core.history.EVENT_KINDS` are called, the most asked for first."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a filter: an account, and the name to say."""

    organisation_id: str
    account_id: str
    name: str


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """What is kept of the history: all that is named has to fit."""

    person: Person | None = None
    actor: Person | None = None
    permission_id: str | None = None
    event_kind: str | None = None
    from_day: date | None = None
    until_day: date | None = None

    def question(self, organisation_id: str, *, cursor: str | None = None, limit: int = 50) -> Writes:
        """Give the question about an organisation's history."""
        return Writes(
            organisation_id=organisation_id,
            account_id=None if self.person is None else self.person.account_id,
            permission_id=self.permission_id,
            event_kind=self.event_kind,
            actor_id=None if self.actor is None else self.actor.account_id,
            actor_organisation_id=None if self.actor is None else self.actor.organisation_id,
            from_day=self.from_day,
            until_day=self.until_day,
            cursor=cursor,
            limit=limit,
        )

    def words(self, desk: Desk) -> str:
        """Say what is kept, ``""`` where that is everything."""
        parts: list[str] = []
        if self.person is not None:
            parts.append(_("about {name}", name=shown(self.person.name)))
        if self.permission_id is not None:
            parts.append(shown(desk.permission_name(self.permission_id)))
        if self.event_kind is not None:
            parts.append(_(EVENT_NAMES[self.event_kind]))
        if self.actor is not None:
            parts.append(_("written by {name}", name=shown(self.actor.name)))
        if self.from_day is not None:
            parts.append(_("from {day}", day=day_text(self.from_day)))
        if self.until_day is not None:
            parts.append(_("until {day}", day=day_text(self.until_day)))
        return _(", ").join(parts)

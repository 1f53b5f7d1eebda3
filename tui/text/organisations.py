"""Organisations in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.text import shown
from tui.text import _, ngettext
from tui.text import number as number_text

if TYPE_CHECKING:
    from core.directory import Organisation
    from core.queries import OrganisationDetail


def number_of(organisation: Organisation) -> str:
    """Say the organisation number, or that nobody knows it."""
    if organisation.number:
        return _("organisation number {number}", number=shown(organisation.number))
    return _("organisation number not known")


def organisation_line(home: OrganisationDetail) -> str:
    """Say which organisation it is, and how many accounts it has."""
    organisation, count = home.organisation, home.active_accounts
    accounts = (
        _("more than {count} accounts", count=number_text(count))
        if home.more_accounts
        else ngettext("{count} account", "{count} accounts", count)
    )
    return _(
        "{name}, {number}, {accounts}.",
        name=shown(organisation.name),
        number=number_of(organisation),
        accounts=accounts,
    )

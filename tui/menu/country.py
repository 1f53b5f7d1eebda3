"""The search over the country, for who is calling and for organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.finding import is_found_now
from core.queries import AccountRow
from core.text import shown
from tui.actions import SUPPORTS
from tui.country import Country
from tui.menu.card import visit_card
from tui.menu.dialogue import Option
from tui.menu.organisation import visit_organisation
from tui.menu.tasks import Task, of
from tui.text import N_, _, ngettext
from tui.text import number as number_text
from tui.text.refusals import sentence
from tui.text.sentences import standing_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.directory import Organisation
    from tui.menu.sitting import Sitting


class CountryRows:
    """What a search over the country finds: organisations first, then people, or guesses."""

    def __init__(self, sitting: Sitting, search: str) -> None:
        """Look for a text once the first lines are asked for."""
        self._country = Country(sitting.desk.service)
        self._search = search
        self._is_begun = False
        self._place = 0

    async def more(self, count: int) -> Sequence[Option[Organisation | AccountRow]]:
        """Read and give the next ones."""
        country = self._country
        if not self._is_begun:
            self._is_begun = True
            await country.look_for(self._search)
        while country.count < self._place + count and await country.extend():
            pass
        places = range(self._place, min(self._place + count, country.count))
        self._place = places.stop
        self._has_more = (
            country.count > self._place or country.count < len(country.organisations) + country.total
        )
        return [self._option(country.at(place)) for place in places]

    def _option(self, found: Organisation | AccountRow) -> Option[Organisation | AccountRow]:
        if not isinstance(found, AccountRow):
            return Option(found, _("{name}, the organisation itself", name=shown(found.name)))
        account, country = found.account, self._country
        parts = [
            f"{account.family_name}, {account.given_name}",
            standing_text(found),
            shown(found.organisation_name),
            account.hsa_id,
            account.email,
        ]
        if not is_found_now(country.search, account, found.organisation_name, guessed=country.is_guess):
            parts.append(_("found by a former name"))
        return Option(found, _(", ").join(parts))

    @property
    def is_read(self) -> bool:
        """Whether there are no more."""
        return self._is_begun and (self._country.is_guess or not self._has_more)

    @property
    def total(self) -> str:
        """How many there are, or that what follows is a guess, or that there is nobody."""
        country = self._country
        fault = country.fault_of_id()
        wrong = "" if fault is None else sentence(fault)
        if country.is_guess:
            guess = (
                _("{hsa_id} is not registered. Nearest, one typing error away:", hsa_id=shown(country.search))
                if country.is_id
                else _("Nobody matches “{search}”. A guess, one typing error away:", search=country.search)
            )
            return " ".join(filter(None, (wrong, guess)))
        if not country.count:
            nobody = _(
                "Nobody in the country matches “{search}”, nor with one typing error.", search=country.search
            )
            return " ".join(filter(None, (nobody, wrong)))
        total = number_text(country.total)
        return (
            _("more than {count}", count=total)
            if country.more
            else ngettext("{count} person", "{count} persons", country.total)
        ) + "."


async def search_country(sitting: Sitting, _subject: None) -> None:
    """Look for a caller or an organisation, and open what is chosen."""

    async def search(text: str) -> CountryRows:
        return CountryRows(sitting, text)

    question = _("A part of the name, HSA-id, e-mail address or organisation")
    while True:
        text = await sitting.dialogue.text(question, fault=lambda _answer: "")
        found = await sitting.dialogue.pick("", CountryRows(sitting, text.removeprefix("/")), search=search)
        if isinstance(found, AccountRow):
            await visit_card(sitting, found.account.organisation_id, found.account.id)
        else:
            await visit_organisation(sitting, found.id)


SEARCH: tuple[Task[None], ...] = (
    Task(
        N_("Search the country"),
        N_("Finds a person or an organisation: name, HSA-id, e-mail, with or without dots."),
        search_country,
        of(
            "app.search", "search.find", "search.card", "search.organisation", "search.again", "search.reload"
        ),
        roles=SUPPORTS,
    ),
)

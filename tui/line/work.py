"""The work of a command that writes: a draft of one organisation in memory, and all else that is staged.

The same desk as the screens' does the staging (:class:`tui.desk.Desk`), so that a command stages just what
a key does. What was staged into a plan before is there from the beginning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import changes as c
from core.directory import Account
from core.history import Details, details_of
from core.identity import Id, hsa_key
from core.queries import AccountRow, WholeCatalogue
from core.refusal import NotAllowedError
from tui.desk import Desk
from tui.line.plan import Plan, draft_of, in_order
from tui.settings import wrong
from tui.text import _
from tui.text.sentences import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.directory import Organisation
    from core.draft import Draft
    from core.refusal import Refusal
    from core.service import Service


class RefusedWorkError(Exception):
    """A rule is against what shall be staged; nothing is staged or written."""

    def __init__(self, refusals: Iterable[Refusal], names: Mapping[str, str] = {}) -> None:
        """Carry the refusals to where their sentences are made, with names for them by id."""
        super().__init__()
        self.refusals = tuple(refusals)
        self.names = dict(names)


class _InMemory:
    """Keeps a draft as long as the command runs; what is to last is a plan's file."""

    def __init__(self, draft: Draft | None) -> None:
        self._draft = draft

    def load(self) -> Draft | None:
        """Give what the work begins with."""
        return self._draft

    def save(self, draft: Draft) -> None:
        """Let it be in memory only."""

    def drop(self) -> None:
        """Have nothing to drop."""


class Work:
    """What one command stages in one organisation."""

    def __init__(self, service: Service, organisation_id: str, plan: Plan | None = None) -> None:
        """Begin with what a plan holds, or with nothing; :meth:`load` reads the organisation."""
        held = None if plan is None else draft_of(plan, service.actor.account_id)
        self.service = service
        self.organisation_id = organisation_id
        self.desk = Desk(service, _InMemory(None if held is None else held[0]), organisation_id)
        self._others: list[c.AnyChange] = [] if held is None else list(held[1])
        self.is_whole = plan is not None and held is None
        """Whether it is written whole or not at all, and nothing is added to it."""
        self._whole: tuple[c.AnyChange, ...] | None = None
        self.undoes: str | None = None
        self.changeset_id = service.new_id() if plan is None else str(plan.changeset.id)
        self.note = None if plan is None else plan.changeset.note
        self.seen: dict[str, Details] = {} if plan is None else dict(plan.seen)
        if plan is not None and self.is_whole:
            self._be(plan.changeset)
        self.before = self.changes()
        """What was in the plan already."""
        self._note_before = self.note

    @property
    def name(self) -> str:
        """The name of the organisation, its id until that is read."""
        detail = self.desk.detail
        if detail is not None:
            return detail.organisation.name
        founded = (str(each.name) for each in self.changes() if isinstance(each, c.RegisterOrganisation))
        return next(founded, self.organisation_id)

    @property
    def has_more(self) -> bool:
        """Whether there is anything that was not in the plan already; a note alone is something."""
        changes = self.changes()
        return changes != self.before or (bool(changes) and self.note != self._note_before)

    def organisation(self) -> Organisation | None:
        """Give the organisation, ``None`` until it is read."""
        return None if self.desk.detail is None else self.desk.detail.organisation

    async def load(self) -> None:
        """Read the organisation and the catalogue.

        Raises:
            NotAllowedError: it is not there to see, and is not founded here either.
        """
        try:
            await self.desk.load()
        except NotAllowedError:
            if not self.is_founding:
                raise
            self.desk.catalogue = await self.service.ask(WholeCatalogue(day=self.desk.today))

    @property
    def is_founding(self) -> bool:
        """Whether the organisation itself is to be registered."""
        return any(isinstance(each, c.RegisterOrganisation) for each in self.changes())

    # Who is there ---------------------------------------------------------------------------

    def newcomers(self) -> list[AccountRow]:
        """Give those who are staged to come, as rows without permissions."""
        return [
            AccountRow(
                account=Account(
                    id=str(each.account_id),
                    organisation_id=self.organisation_id,
                    hsa_id=each.hsa_id,
                    given_name=each.given_name,
                    family_name=each.family_name,
                    email=each.email,
                    version=0,
                ),
                organisation_name=self.name,
                granted=frozenset(),
                all_granted=frozenset(),
            )
            for each in self.desk.draft.registrations.values()
        ]

    def newcomers_by_id(self) -> dict[str, AccountRow]:
        """Give those who are staged to come, by the key of their HSA-id."""
        return {hsa_key(row.account.hsa_id): row for row in self.newcomers()}

    def look_at(self, row: AccountRow) -> None:
        """Remember what was seen of an account for which something is staged."""
        if row.account.id not in self.desk.draft.registrations:
            self.seen.setdefault(row.account.id, details_of(row.account))

    # Staging --------------------------------------------------------------------------------

    def add(self, *changes: c.AnyChange) -> None:
        """Stage changes that no draft holds: of roles, organisations, the catalogue, what is current."""
        self._others += [each for each in changes if each not in self._others]

    def become(self, changeset: c.Changeset) -> None:
        """Be a changeset that is written whole or not at all, such as an undo.

        Raises:
            StartError: something else is in the plan already.
        """
        if self.before:
            raise wrong(_("An undo is written whole or not at all: name a plan that is empty."))
        self._be(changeset)

    def _be(self, changeset: c.Changeset) -> None:
        self._whole = changeset.changes
        self.undoes = None if changeset.undoes is None else str(changeset.undoes)

    def changes(self) -> tuple[c.AnyChange, ...]:
        """Give all that is staged, in the order in which it can be made."""
        return in_order(self.desk.draft, self._others) if self._whole is None else self._whole

    def changeset(self) -> c.Changeset:
        """Give all that is staged as one changeset."""
        return c.Changeset(
            id=Id(self.changeset_id),
            organisation_id=Id(self.organisation_id),
            changes=self.changes(),
            note=self.note,
            undoes=None if self.undoes is None else Id(self.undoes),
        )

    # Words ----------------------------------------------------------------------------------

    def words(self, rows: Mapping[str, AccountRow] = {}) -> Words:
        """Give what sentences are made with."""
        newcomers = {row.account.id: row.account.name for row in self.newcomers()}
        seen = {key: f"{each.given_name} {each.family_name}" for key, each in self.seen.items()}
        names = {**newcomers, **seen, **self.desk.names(rows)}
        return Words(self.desk.catalogue, self.desk.today, names)

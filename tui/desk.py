"""The desk: what one person works with in one organisation, whatever the front end.

Holds the service, the organisation, the catalogue, the marks and the draft, and keeps the draft on
disk at every change. It draws nothing and knows nothing of Textual.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from core.access import why_not_column, why_not_grant
from core.catalogue import Catalogue, Permission
from core.changes import Changeset, Receipt
from core.days import day_of
from core.draft import CellEdit, Draft
from core.ports import StorageError
from core.queries import AccountRow, OrganisationDetail, WholeCatalogue, Writes
from core.refusal import Refusal
from core.written import remaining

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from core.directory import Account
    from core.draft import Stale
    from core.ports import DraftStore, Refused
    from core.service import Service


class CellState(NamedTuple):
    """A cell of the matrix: given now, what is staged, and why it cannot be set (or ``None``)."""

    given: bool
    staged: bool | None
    blocked: Refusal | None

    @property
    def wanted(self) -> bool:
        """Whether the permission is given once the draft is written."""
        return self.given if self.staged is None else self.staged


class Desk:
    """One person's work in one organisation."""

    def __init__(self, service: Service, drafts: DraftStore, organisation_id: str) -> None:
        """Begin with what the draft store has; :meth:`load` reads the rest."""
        self.service = service
        self.organisation_id = organisation_id
        self._drafts = drafts
        self.draft = drafts.load() or self._blank()
        self.catalogue = Catalogue(e_services=(), permissions=())
        self.detail: OrganisationDetail | None = None
        self.marks: dict[str, str] = {}
        """Marked accounts: the name by id."""
        self.sent: set[str] = set()
        """The ids of the changesets that were sent from here: what they wrote is nobody else's."""
        self.is_writing = False
        """Whether a write is under way: until its answer comes, nothing is to be found out of it."""
        self.stale: tuple[Stale, ...] = ()
        """What of the draft did not fit any more when others had written last."""
        self.last_write: tuple[str, str] | None = None
        """The organisation and the id of what was written last."""
        self._columns: dict[bool, tuple[Permission, ...]] = {}
        self._columns_made_of: tuple[object, ...] = ()
        self.read_at = service.now()
        """When all of this was read last."""
        self.today = day_of(self.read_at)
        self.kept = True
        """Whether the draft is on disk as it stands here."""
        self.watch: Callable[[], None] = lambda: None
        """Called after every change of the draft."""
        self.complain: Callable[[Refusal], None] = lambda _refusal: None
        """Called with the reason when the disk does not take the draft."""

    def _blank(self) -> Draft:
        return Draft(organisation_id=self.organisation_id, actor_id=self.service.actor.account_id)

    async def load(self) -> None:
        """Read the organisation and the catalogue."""
        now = self.service.now()
        self.today = day_of(now)
        self.detail = await self.service.organisation(self.organisation_id)
        self.catalogue = await self.service.ask(WholeCatalogue(day=self.today))
        # Not before: while the storage is away, what is shown is no newer for having been asked for.
        self.read_at = now

    # What there is ------------------------------------------------------------------------

    @property
    def agreements(self) -> frozenset[str]:
        """The e-services that the organisation has agreements for."""
        return frozenset() if self.detail is None else self.detail.agreements

    def columns(self, *, retired: bool, as_of: date | None = None) -> tuple[Permission, ...]:
        """Give the permissions of the e-services under agreement, the same target group side by side.

        ``as_of`` gives those that were launched on a day in the past, whatever agreements there are now.
        E-services and target groups stand in the order in which they came to be, and so do the
        permissions within them: a new kind comes last among those it is like.
        """
        # Asked for at each step in the matrix, while it changes only with what is loaded.
        made_of = (self.catalogue, self.detail, self.today)
        if made_of != self._columns_made_of:
            self._columns_made_of = made_of
            self._columns.clear()
        if as_of is not None:
            return self._columns_on(as_of, retired=retired)
        if retired not in self._columns:
            self._columns[retired] = self._columns_on(None, retired=retired)
        return self._columns[retired]

    def _columns_on(self, as_of: date | None, *, retired: bool) -> tuple[Permission, ...]:
        e_services = [each.id for each in self.catalogue.e_services]
        groups = list(dict.fromkeys(each.target_group for each in self.catalogue.permissions))
        found = [
            permission
            for permission in self.catalogue.permissions
            if (permission.e_service_id in self.agreements or as_of is not None)
            and permission.is_launched(as_of or self.today)
            and (retired or not permission.is_retired(as_of or self.today))
        ]
        found.sort(key=lambda each: (e_services.index(each.e_service_id), groups.index(each.target_group)))
        return tuple(found)

    def blocked(self, permission: Permission, account: Account | None) -> Refusal | None:
        """Tell why a cell cannot be set, or ``None``. A staged account stands as ``None``."""
        agreement = permission.e_service_id in self.agreements
        if account is None:
            return why_not_column(permission, agreement=agreement, day=self.today)
        return why_not_grant(account, permission, agreement=agreement, day=self.today)

    def cell(self, row: AccountRow, permission: Permission) -> CellState:
        """Give the state of a cell, staged edits over what was read."""
        return CellState(
            permission.id in row.all_granted,
            self.draft.wanted(row.account.id, permission.id),
            self._row_blocked(row, permission),
        )

    def _row_blocked(self, row: AccountRow, permission: Permission) -> Refusal | None:
        if row.account.id in self.draft.registrations or row.account.id in self.draft.returns:
            return self.blocked(permission, None)
        if row.account.id in self.draft.leavings:
            return Refusal("leaving", row.account.id)
        return self.blocked(permission, row.account)

    # The draft ----------------------------------------------------------------------------

    def change(self, draft: Draft) -> None:
        """Take an edited draft; it is on disk when this returns.

        Where the disk does not take it, the work goes on in memory: :attr:`kept` says so from then on,
        and ``complain`` is told why.
        """
        self.draft = draft
        try:
            if draft.count or draft.pending is not None:
                self._drafts.save(draft)
            else:
                self.draft = self._blank()
                self._drafts.drop()
            self.kept = True
        except StorageError as error:
            self.kept = False
            self.complain(error.refusal)
        self.watch()

    def discard(self) -> None:
        """Throw the draft away; a write whose answer was never heard is still to be found out."""
        self.change(self._blank().sent(self.draft.pending))

    def stage(
        self, rows: Iterable[AccountRow], permissions: Iterable[Permission], *, wanted: bool
    ) -> tuple[int, list[Refusal]]:
        """Stage cells as given or not given. Answers how many cells changed and what could not be set."""
        columns = tuple(permissions)
        count, refusals = self.stage_each(((row, columns) for row in rows), wanted=wanted)
        return count, [refusal for _account_id, refusal in refusals]

    def stage_each(
        self, cells: Iterable[tuple[AccountRow, Iterable[Permission]]], *, wanted: bool
    ) -> tuple[int, list[tuple[str, Refusal]]]:
        """Stage cells of several accounts, each with permissions of its own, in one edit of the draft.

        Answers how many cells changed, and what could not be set: the account's id and why.
        """
        edits: list[CellEdit] = []
        names: dict[str, str] = {}
        refusals: list[tuple[str, Refusal]] = []
        for row, permissions in cells:
            for permission in permissions:
                state = self.cell(row, permission)
                if state.wanted == wanted:
                    continue
                if state.blocked is not None and state.given != wanted:
                    refusals.append((row.account.id, state.blocked))
                    continue
                names[row.account.id] = row.account.name
                edits.append(CellEdit(row.account.id, permission.id, wanted, state.given))
        if edits:
            self.change(self.draft.with_cells(edits).with_names(names))
        return len(edits), refusals

    def copy(
        self, source: AccountRow, rows: Iterable[AccountRow], *, replace: bool
    ) -> tuple[int, list[Refusal]]:
        """Stage that accounts have what another has or shall have; ``replace`` takes the rest away."""
        targets = [row for row in rows if row.account.id != source.account.id]
        columns = self.columns(retired=False)
        has = [each for each in columns if self.cell(source, each).wanted]
        changed, refusals = self.stage(targets, has, wanted=True)
        if replace:
            more, refused = self.stage(targets, [each for each in columns if each not in has], wanted=False)
            changed, refusals = changed + more, refusals + refused
        return changed, refusals

    def reset(self, rows: Iterable[AccountRow], permissions: Iterable[Permission]) -> int:
        """Drop what is staged in cells. Answers how many were."""
        columns = tuple(permissions)
        edits = [
            CellEdit(row.account.id, permission.id, state.given, state.given)
            for row in rows
            for permission in columns
            if (state := self.cell(row, permission)).staged is not None
        ]
        if edits:
            self.change(self.draft.with_cells(edits))
        return len(edits)

    # Writing ------------------------------------------------------------------------------

    async def write(self, changeset: Changeset, *, from_draft: bool) -> Receipt | Refused:
        """Write a reviewed changeset. What was written leaves the draft; what was refused stays in it.

        It is on disk as sent before the storage hears of it, so that :meth:`settle` can find out what
        became of it.
        """
        if from_draft:
            self.change(self.draft.sent(changeset))
        self.sent.add(str(changeset.id))
        self.is_writing = True
        try:
            answer = await self.service.commit(changeset)
        finally:
            self.is_writing = False
        if isinstance(answer, Receipt):
            self.last_write = answer.organisation_id, answer.changeset_id
            if from_draft:
                self.change(remaining(self.draft, changeset))
            self.marks = {}
        elif from_draft:
            self.change(self.draft.sent(None))
        return answer

    # What others wrote --------------------------------------------------------------------

    async def look_for_stale(self) -> bool:
        """Find out what of the draft no longer fits. Answers whether it is something else than before."""
        before = self.stale
        draft = self.draft
        found = await self.service.stale(draft) if draft.count else ()
        if draft is self.draft:
            self.stale = found
        return self.stale != before

    def stale_row(self, account_id: str) -> Refusal | None:
        """Tell why what is staged for an account as a whole no longer fits, or ``None``."""
        return self._stale(account_id, None)

    def stale_cell(self, account_id: str, permission_id: str) -> Refusal | None:
        """Tell why a staged cell no longer fits, or ``None``."""
        return self._stale(account_id, permission_id)

    def _stale(self, account_id: str, permission_id: str | None) -> Refusal | None:
        if not self.stale:
            return None
        found = (
            each.refusal
            for each in self.stale
            if (each.account_id, each.permission_id) == (account_id, permission_id)
        )
        # What was staged otherwise since is no longer what went stale.
        still = account_id in self.draft.account_ids and (
            permission_id is None or self.draft.wanted(account_id, permission_id) is not None
        )
        return next(found, None) if still else None

    async def settle(self) -> int:
        """Find out what became of a write whose answer was never heard. Answers how many changes it wrote.

        The process may have been killed, or the line lost, after the storage had written: then what was
        sent leaves the draft, and what was staged since stays. Else all of it stays, as never sent.
        """
        pending = self.draft.pending
        if pending is None or self.is_writing:
            return 0
        if not await self.has_written(pending):
            self.change(self.draft.sent(None))
            return 0
        self.change(remaining(self.draft, pending))
        return len(pending.changes)

    async def has_written(self, changeset: Changeset) -> bool:
        """Ask whether a changeset was written; one that was is the last write from here."""
        organisation_id, changeset_id = str(changeset.organisation_id), str(changeset.id)
        query = Writes(organisation_id=organisation_id, changeset_id=changeset_id)
        if not (await self.service.ask(query)).rows:
            return False
        self.last_write = organisation_id, changeset_id
        return True

    def proposal(self) -> Changeset:
        """Give the draft as a changeset under a fresh id."""
        return self.draft.changeset(self.service.new_id())

    def names(self, rows: Mapping[str, AccountRow]) -> dict[str, str]:
        """Give the names of accounts by id: of rows as they are, else as the draft remembers."""
        return {**self.draft.names, **{key: row.account.name for key, row in rows.items()}}

    def permission_name(self, permission_id: str) -> str:
        """Give a permission's name today, or its id when it is not in view."""
        permission = self.catalogue.permission(permission_id)
        return permission_id if permission is None else permission.name_on(self.today)

"""The people in view: a window of loaded pages, with what is staged laid over it.

One window serves the list and the matrix, so a search, a filter, the marks and the place in the list
follow from one room to the other. Pages are read by keyset; the window grows at either end and lets
go of pages at the other.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from core.directory import Account
from core.finding import is_found_now
from core.queries import MOST_ROWS, AccountRow, Accounts, Direction, Page, SortBy, Standing
from tui.widgets.rows import Cell

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from core.catalogue import Permission
    from core.refusal import Refusal
    from tui.desk import Desk

PAGE_ROWS = 200
MOST_PAGES = 6
"""Pages kept in the window: 1,200 rows, thirty screens, about a megabyte."""
MOST_TRIES = 3
"""How often what others changed is read again because somebody searched or paged meanwhile."""


class People:
    """A window of accounts that match a question, staged newcomers first."""

    def __init__(self, desk: Desk) -> None:
        """Show the active accounts of the desk's organisation, once loaded."""
        self.desk = desk
        self.question = Accounts(day=desk.today, organisation_id=desk.organisation_id, limit=PAGE_ROWS)
        self._pages: deque[Page[AccountRow]] = deque()
        self._rows: list[AccountRow] = []
        self._index: dict[str, int] = {}
        self.loaded = False
        self.searched = ""
        """The search that the rows were read for; a newer one may be on its way."""
        self.newcomers = 0
        """How many rows are staged newcomers, which the storage does not count."""

    # Reading --------------------------------------------------------------------------------

    def search_for(self, text: str) -> None:
        """Ask for those whose name, HSA-id or e-mail has each word; :meth:`load` then reads them."""
        self.question = msgspec.structs.replace(self.question, search=text)

    def filter_by(
        self, *, standing: Standing, e_service_id: str | None, permission_id: str | None, lacking: bool
    ) -> None:
        """Ask only for those who have, or lack, a permission; :meth:`load` then reads them."""
        self.question = msgspec.structs.replace(
            self.question,
            standing=standing,
            e_service_id=e_service_id,
            permission_id=permission_id,
            lacking=lacking,
        )

    def show_everybody(self) -> None:
        """Ask for all active users again; :meth:`load` then reads them."""
        self.filter_by(standing=Standing.ACTIVE, e_service_id=None, permission_id=None, lacking=False)

    def look_at(self, day: date | None) -> None:
        """Ask for everybody as of the end of a day, ``None`` for now; :meth:`load` then reads them."""
        self.question = msgspec.structs.replace(self.question, as_of=day)

    @property
    def as_of(self) -> date | None:
        """The day in the past that is shown, ``None`` for now. Of the past nothing can be changed."""
        return self.question.as_of

    def order_by(self, sort_by: SortBy, *, descending: bool) -> None:
        """Ask for another order; :meth:`load` then reads it."""
        self.question = msgspec.structs.replace(self.question, sort_by=sort_by, descending=descending)

    async def load(self, *, last: bool = False) -> None:
        """Read the first page, or the last one."""
        question = self.question
        page = await self._read(None, Direction.BEFORE if last else Direction.AFTER)
        if question is self.question:
            self._pages = deque([page])
            self.loaded = True
            self.searched = question.search
            self.rebuild()

    async def reload(self) -> None:
        """Read again what the window shows, from its first row on."""
        question, length = self.question, len(self._pages)
        if not self._pages or self._pages[0].before is not None:
            # In the middle of a long list the rows stay where they are and are read by id.
            await self._refresh_in_place()
            return
        pages = [await self._read(None, Direction.AFTER)]
        while len(pages) < length and pages[-1].after is not None:
            pages.append(await self._read(pages[-1].after, Direction.AFTER))
        if question is self.question:
            self._pages = deque(pages)
            self.searched = question.search
            self.rebuild()

    async def follow(self, keep: str | None) -> bool:
        """Read the window again because others have written, from where it begins.

        Whoever came or left since is in it or not; ``keep`` is an account that stays in it where it still
        matches. Of the past nothing is read: it does not change. Answers whether anything reads otherwise.
        """
        if self.as_of is not None:
            return False
        for _ in range(MOST_TRIES):
            question, before = self.question, list(self._pages)
            if not before:
                return False
            pages = await self._window(before, keep)
            # Where somebody searched or paged meanwhile, what was read belongs to another window.
            if question is self.question and before == list(self._pages):
                if pages == before:
                    return False
                self._pages = deque(pages)
                self.searched = question.search
                self.rebuild()
                return True
        return False

    async def _window(self, before: Sequence[Page[AccountRow]], keep: str | None) -> list[Page[AccountRow]]:
        start = before[0].before
        if start is not None:
            # From the row before the window on: the window's own first row may have gone.
            one = await self._read(start, Direction.BEFORE, limit=1)
            start = one.after
        pages = [await self._read(start, Direction.AFTER)]
        had = keep is not None and any(keep == row.account.id for page in before for row in page.rows)
        while pages[-1].after is not None and (
            len(pages) < len(before)
            or (had and len(pages) < MOST_PAGES and not any(keep == row.account.id for row in pages[-1].rows))
        ):
            pages.append(await self._read(pages[-1].after, Direction.AFTER))
            had = had and not any(keep == row.account.id for page in pages for row in page.rows)
        return pages

    async def _refresh_in_place(self) -> None:
        pages = list(self._pages)
        ids = frozenset(row.account.id for page in pages for row in page.rows)
        now = await self.desk.service.rows(self.desk.organisation_id, ids, self.as_of)
        if pages == list(self._pages):
            self._pages = deque(
                msgspec.structs.replace(
                    page, rows=tuple(now[row.account.id] for row in page.rows if row.account.id in now)
                )
                for page in pages
            )
            self.rebuild()

    async def extend(self, direction: Literal["before", "after"]) -> bool:
        """Read one more page at an end. Answers whether there was one."""
        if not self._pages:
            return False
        edge = self._pages[0] if direction == "before" else self._pages[-1]
        cursor = edge.before if direction == "before" else edge.after
        if cursor is None:
            return False
        page = await self._read(cursor, Direction(direction))
        # Another search may have come meanwhile; then this page belongs to nobody.
        if not self._pages or edge is not (self._pages[0] if direction == "before" else self._pages[-1]):
            return False
        if direction == "before":
            self._pages.appendleft(page)
            if len(self._pages) > MOST_PAGES:
                self._pages.pop()
        else:
            self._pages.append(page)
            if len(self._pages) > MOST_PAGES:
                self._pages.popleft()
        self.rebuild()
        return True

    def has_more(self, direction: Literal["before", "after"]) -> bool:
        """Say whether there are rows in the storage beyond an end of the window."""
        if not self._pages:
            return False
        return (self._pages[0].before if direction == "before" else self._pages[-1].after) is not None

    async def all_matching(self, most: int) -> tuple[list[AccountRow], bool]:
        """Give all rows that match, staged newcomers too, at most ``most``; and whether those are all."""
        question = msgspec.structs.replace(self.question, limit=MOST_ROWS, day=self.desk.today)
        found = {row.account.id: row for row in self._newcomers() if self._matches(row)}
        page = await self.desk.service.ask(question)
        while True:
            for row in page.rows:
                found.setdefault(row.account.id, row)
            if page.after is None or len(found) >= most:
                break
            page = await self.desk.service.ask(msgspec.structs.replace(question, cursor=page.after))
        return list(found.values())[:most], page.after is None and len(found) <= most

    async def _read(
        self, cursor: str | None, direction: Direction, limit: int = PAGE_ROWS
    ) -> Page[AccountRow]:
        today = self.desk.today  # a window may stay open over midnight, into a launch
        question = msgspec.structs.replace(
            self.question, cursor=cursor, direction=direction, day=today, limit=limit
        )
        return await self.desk.service.ask(question)

    def rebuild(self) -> None:
        """Lay the draft over the pages anew."""
        newcomers = [row for row in self._newcomers() if self._matches(row)]
        # The storage counts a deregistered account that is taken back among the deregistered.
        counted = self.question.standing is Standing.DEREGISTERED
        self.newcomers = 0 if counted else len(newcomers)
        # By id: a person renamed meanwhile may have been read on two pages, and the later one is true.
        found = {row.account.id: row for page in self._pages for row in page.rows}
        for row in newcomers:
            found.pop(row.account.id, None)
        self._rows = [*newcomers, *found.values()]
        self._index = {row.account.id: index for index, row in enumerate(self._rows)}

    def _newcomers(self) -> list[AccountRow]:
        if self.as_of is not None:
            return []
        draft = self.desk.draft
        registrations = (
            () if self.question.standing is Standing.DEREGISTERED else draft.registrations.values()
        )
        answer = [
            _staged_row(
                self.desk, each.account_id, each.hsa_id, each.given_name, each.family_name, each.email
            )
            for each in registrations
        ]
        answer.extend(
            _staged_row(
                self.desk,
                each.change.account_id,
                each.hsa_id,
                each.change.given_name,
                each.change.family_name,
                each.change.email,
            )
            for each in draft.returns.values()
        )
        return answer

    def _matches(self, row: AccountRow) -> bool:
        account = row.account
        if not self._passes_filter(account.id):
            return False
        return is_found_now(self.question.search, account)

    def _passes_filter(self, account_id: str) -> bool:
        """Say whether a newcomer, with what is staged for it, is among those asked for."""
        question = self.question
        wanted = {key for key, value in self.desk.draft.cells.get(account_id, {}).items() if value}
        if question.permission_id is not None and (question.permission_id in wanted) == question.lacking:
            return False
        if question.e_service_id is None:
            return True
        catalogue = self.desk.catalogue
        services = {each.e_service_id for each in catalogue.permissions if each.id in wanted}
        return (question.e_service_id in services) != question.lacking

    # What is in view ------------------------------------------------------------------------

    @property
    def rows(self) -> Sequence[AccountRow]:
        """The rows in the window."""
        return self._rows

    @property
    def total(self) -> tuple[int, bool]:
        """How many match in the storage, and whether there are more than that."""
        if not self._pages:
            return 0, False
        page = self._pages[-1]
        return page.total, page.more

    def index_of(self, account_id: str) -> int | None:
        """Say where an account stands in the window."""
        return self._index.get(account_id)

    def find(self, account_id: str | None) -> AccountRow | None:
        """Give a row of the window by its account's id."""
        index = None if account_id is None else self._index.get(account_id)
        return None if index is None else self._rows[index]

    @property
    def is_filtered(self) -> bool:
        """Whether the search or a filter narrows the list."""
        return bool(self.question.search) or self.is_narrowed

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter narrows the list."""
        question = self.question
        return bool(
            question.e_service_id or question.permission_id or question.standing is not Standing.ACTIVE
        )

    async def marked_rows(self) -> list[AccountRow]:
        """Give the marked accounts, wherever they stand; those not in the window are read."""
        desk = self.desk
        missing = frozenset(each for each in desk.marks if each not in self._index)
        read = await desk.service.rows(desk.organisation_id, missing) if missing else {}
        found = {each: self.find(each) or read.get(each) for each in desk.marks}
        for account_id, row in found.items():
            if row is None:
                del desk.marks[account_id]  # a newcomer whose registration was dropped, say
        return [row for row in found.values() if row is not None]


def _staged_row(
    desk: Desk, account_id: str, hsa_id: str, given_name: str, family_name: str, email: str
) -> AccountRow:
    account = Account(
        id=account_id,
        organisation_id=desk.organisation_id,
        hsa_id=hsa_id,
        given_name=given_name,
        family_name=family_name,
        email=email,
        version=0,
    )
    return AccountRow(account=account, organisation_name="", granted=frozenset(), all_granted=frozenset())


def row_sign(desk: Desk, account_id: str) -> str:
    """Give the sign of what is staged for a person: ``+`` new, ``-`` leaving, ``~`` changed, ``!`` stale."""
    draft = desk.draft
    if desk.stale_row(account_id) is not None:
        return "!"
    if account_id in draft.registrations or account_id in draft.returns:
        return "+"
    if account_id in draft.leavings:
        return "-"
    return "~" if account_id in draft.amendments else ""


def _signs(desk: Desk, account_id: str, sign: str) -> str:
    """Give the two signs before a row: ``*`` when it is marked, and what is staged."""
    return ("*" if account_id in desk.marks else " ") + sign


def shown_account(desk: Desk, row: AccountRow) -> Account:
    """Give an account as it will be once the draft is written."""
    amendment = desk.draft.amendments.get(row.account.id)
    if amendment is None:
        return row.account
    change = amendment.change
    return msgspec.structs.replace(
        row.account,
        hsa_id=change.hsa_id or row.account.hsa_id,
        given_name=change.given_name or row.account.given_name,
        family_name=change.family_name or row.account.family_name,
        email=change.email or row.account.email,
    )


class _Model:
    """What list and matrix share: the rows of the window, under a table."""

    def __init__(self, people: People) -> None:
        """Show the window of ``people``."""
        self.people = people

    def row_count(self) -> int:
        """How many rows are loaded."""
        return len(self.people.rows)

    def row_key(self, index: int) -> str:
        """The account's id."""
        return self.people.rows[index].account.id

    def index_of(self, key: str) -> int | None:
        """Where an account stands now."""
        return self.people.index_of(key)


class ListModel(_Model):
    """The list of users: sign, name, HSA-id, e-mail, permissions."""

    def row(self, index: int) -> Sequence[Cell]:
        """The cells of a row."""
        desk = self.people.desk
        row = self.people.rows[index]
        if self.people.as_of is not None:
            return self._past(row)
        account = shown_account(desk, row)
        sign = row_sign(desk, account.id)
        role = {"+": "staged-add", "-": "staged-remove", "~": "staged-add"}.get(sign, "normal")
        if not account.active and sign != "+":
            role = "muted"
        return (
            Cell(_signs(desk, account.id, sign), role),
            Cell(f"{account.family_name}, {account.given_name}", role),
            Cell(account.hsa_id, role),
            Cell(account.email, role),
            Cell(self._count(row), role),
        )

    def _past(self, row: AccountRow) -> Sequence[Cell]:
        """A row as it was, without what is staged or marked now."""
        account = row.account
        role = "normal" if account.active else "muted"
        name = f"{account.family_name}, {account.given_name}"
        texts = ("", name, account.hsa_id, account.email, str(len(row.granted)))
        return tuple(Cell(text, role) for text in texts)

    def _count(self, row: AccountRow) -> str:
        desk = self.people.desk
        now = len(row.granted)
        staged = desk.draft.cells.get(row.account.id, {})
        after = now + sum(1 if wanted else -1 for wanted in staged.values())
        return count_text(now, after) if staged else str(now)


class Folded(NamedTuple):
    """An e-service whose permissions stand in one column of the matrix.

    ``permissions`` are those that can be given: what has ended is not counted, as in the list.
    """

    e_service_id: str
    permissions: tuple[Permission, ...]


class FoldedCount(NamedTuple):
    """What a person has of a folded e-service, now and once the draft is written, and what is staged."""

    given: int
    wanted: int
    adding: int
    removing: int

    @property
    def is_staged(self) -> bool:
        """Whether anything is staged."""
        return bool(self.adding or self.removing)


class MatrixModel(_Model):
    """The matrix: sign, name, and a cell for each permission or folded e-service."""

    def __init__(self, people: People, columns: Sequence[Permission | Folded]) -> None:
        """Show the window of ``people`` with a column for each of ``columns``."""
        super().__init__(people)
        self.columns = tuple(columns)

    def row(self, index: int) -> Sequence[Cell]:
        """The cells of a row."""
        desk = self.people.desk
        row = self.people.rows[index]
        if self.people.as_of is not None:
            name = f"{row.account.family_name}, {row.account.given_name}"
            return [Cell(""), Cell(name), *(_past_cell(row, each) for each in self.columns)]
        account = shown_account(desk, row)
        sign = row_sign(desk, account.id)
        role = {"+": "staged-add", "-": "staged-remove"}.get(sign, "normal")
        cells = [
            Cell(_signs(desk, account.id, sign), role),
            Cell(f"{account.family_name}, {account.given_name}", role),
        ]
        cells.extend(
            folded_cell(desk, row, column) if isinstance(column, Folded) else cell_of(desk, row, column)
            for column in self.columns
        )
        return cells


def count_text(now: int, after: int) -> str:
    """Give a number of permissions and what it becomes once the draft is written."""
    return f"{now}>{after}"


def folded_count(desk: Desk, row: AccountRow, folded: Folded) -> FoldedCount:
    """Count what a person has of a folded e-service."""
    states = [desk.cell(row, permission) for permission in folded.permissions]
    staged = [state.staged for state in states]
    return FoldedCount(
        given=sum(state.given for state in states),
        wanted=sum(state.wanted for state in states),
        adding=staged.count(True),
        removing=staged.count(False),
    )


def folded_blocked(desk: Desk, row: AccountRow, folded: Folded) -> Refusal | None:
    """Tell why a person can be given nothing of a folded e-service, or ``None``."""
    reasons = [desk.cell(row, permission).blocked for permission in folded.permissions]
    return reasons[0] if reasons and None not in reasons else None


def folded_cell(desk: Desk, row: AccountRow, folded: Folded) -> Cell:
    """Give the cell of a folded e-service: how many are given, and how many shall be."""
    count = folded_count(desk, row, folded)
    if count.is_staged:
        role = "staged-add" if count.adding else "staged-remove"
        return Cell(count_text(count.given, count.wanted), role)
    if count.given:
        return Cell(str(count.given), "given")
    return Cell("0", "muted") if folded_blocked(desk, row, folded) is None else Cell("/", "blocked")


def past_count(row: AccountRow, folded: Folded) -> int:
    """Count what a person had of a folded e-service on the day that a row is of."""
    return sum(each.id in row.all_granted for each in folded.permissions)


def _past_cell(row: AccountRow, column: Permission | Folded) -> Cell:
    if isinstance(column, Folded):
        count = past_count(row, column)
        return Cell(str(count), "given" if count else "muted")
    return Cell("X", "given") if column.id in row.all_granted else Cell(".", "muted")


def cell_of(desk: Desk, row: AccountRow, permission: Permission) -> Cell:
    """Give a cell of the matrix: what is staged first, then what is given, then what is impossible."""
    state = desk.cell(row, permission)
    if state.staged is not None and desk.stale_cell(row.account.id, permission.id) is not None:
        return Cell("!", "staged-remove")
    if state.staged is not None:
        return Cell("+", "staged-add") if state.staged else Cell("-", "staged-remove")
    if state.given:
        return Cell("X", "muted" if permission.is_retired(desk.today) else "given")
    return Cell("/", "blocked") if state.blocked is not None else Cell(".", "muted")

"""What support's search over the country has found: people and organisations, or what it may have meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.identity import HsaId
from core.nearness import is_id, search_words
from core.queries import MOST_ROWS, AccountRow, Accounts, NearAccounts, Organisations, Page, Standing
from core.refusal import Refusal, WrongValueError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.directory import Organisation
    from core.service import Service

PAGE_ROWS = 100
MOST_ORGANISATIONS = 5
MOST_GUESSES = 20


class Country:
    """The answer to one search, as far as it has been read."""

    def __init__(self, service: Service) -> None:
        """Ask through a service, and have found nothing yet."""
        self._service = service
        self.search = ""
        self.organisations: tuple[Organisation, ...] = ()
        self.rows: list[AccountRow] = []
        self.is_guess = False
        """Whether the rows are near to what was looked for, because nobody is just that."""
        self.total = 0
        self.more = False
        self._after: str | None = None
        self._keys: dict[str, int] = {}

    async def look_for(self, search: str, *, limit: int = PAGE_ROWS) -> None:
        """Read the first page of what a search finds; nothing is looked for until something is written."""
        page: Page[AccountRow] = Page(rows=(), before=None, after=None, total=0)
        organisations: tuple[Organisation, ...] = ()
        guesses: tuple[AccountRow, ...] = ()
        if search.strip():
            page = await self._service.ask(self._question(search, None, limit))
            organisations = await self._service.ask(
                Organisations(search=search, limit=MOST_ORGANISATIONS + 1)
            )
            if not page.rows and not organisations:
                guesses = await self._service.ask(
                    NearAccounts(day=self._service.today(), search=search, limit=MOST_GUESSES)
                )
        # All at once, so that a search that is given up half way leaves the former one whole.
        self.search, self.organisations = search, organisations[:MOST_ORGANISATIONS]
        self.rows = [*(page.rows or guesses)]
        self.is_guess = bool(guesses)
        self.total, self.more, self._after = page.total, page.more, page.after
        self._index()

    async def extend(self) -> bool:
        """Read one page more. Answers whether there was one."""
        after, search = self._after, self.search
        if after is None:
            return False
        page = await self._service.ask(self._question(search, after))
        if (after, search) != (self._after, self.search):
            return False
        self.rows.extend(page.rows)
        self._after = page.after
        self._index()
        return True

    async def look_again(self) -> bool:
        """Look for the same again, as far as it was read: others have come or are called otherwise since.

        Answers whether anything differs. Nothing differs where another search came meanwhile.
        """
        before, search = self.rows, self.search
        again = Country(self._service)
        await again.look_for(search, limit=min(MOST_ROWS, max(PAGE_ROWS, len(before))))
        while again._after is not None and len(again.rows) < len(before):
            await again.extend()
        if before is not self.rows or search != self.search:
            return False
        was = self._found
        self.organisations, self.rows, self.is_guess = again.organisations, again.rows, again.is_guess
        self.total, self.more, self._after = again.total, again.more, again._after
        self._index()
        return self._found != was

    @property
    def _found(self) -> tuple[object, ...]:
        return self.organisations, self.rows, self.is_guess, self.total, self.more

    async def follow(self, organisation_ids: Iterable[str]) -> bool:
        """Read again those of some organisations, each where it stands. Answers whether anything differs."""
        before = self.rows
        now: dict[tuple[str, str], AccountRow] = {}
        for organisation_id in organisation_ids:
            ids = frozenset(
                row.account.id for row in before if row.account.organisation_id == organisation_id
            )
            found = await self._service.rows(organisation_id, ids) if ids else {}
            now.update(((organisation_id, key), row) for key, row in found.items())
        if before is not self.rows:
            return False
        self.rows = [now.get((row.account.organisation_id, row.account.id), row) for row in before]
        return self.rows != before

    @property
    def organisation_ids(self) -> tuple[str, ...]:
        """The organisations of everything that is read, in the order of the lines."""
        own = [each.id for each in self.organisations]
        return tuple(dict.fromkeys((*own, *(row.account.organisation_id for row in self.rows))))

    def _question(self, search: str, cursor: str | None, limit: int = PAGE_ROWS) -> Accounts:
        return Accounts(
            day=self._service.today(),
            search=search,
            in_organisations=True,
            standing=Standing.ANY,
            cursor=cursor,
            limit=limit,
        )

    def _index(self) -> None:
        self._keys = {self.key(place): place for place in range(self.count)}

    # The lines ------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """How many lines are read: organisations first, then people."""
        return len(self.organisations) + len(self.rows)

    def key(self, place: int) -> str:
        """Give what tells a line from all others."""
        found = self.at(place)
        return (
            f"{found.account.organisation_id}/{found.account.id}"
            if isinstance(found, AccountRow)
            else found.id
        )

    def index_of(self, key: str) -> int | None:
        """Say where a line stands."""
        return self._keys.get(key)

    def at(self, place: int) -> Organisation | AccountRow:
        """Give what a line is about."""
        own = len(self.organisations)
        return self.organisations[place] if place < own else self.rows[place - own]

    def fault_of_id(self) -> Refusal | None:
        """Tell what is wrong with an HSA-id that was looked for; ``None`` too for what is none."""
        words = search_words(self.search)
        if len(words) != 1 or not is_id(words[0]):
            return None
        try:
            HsaId(self.search)
        except WrongValueError as error:
            return error.refusal
        return None

    @property
    def is_id(self) -> bool:
        """Whether just an HSA-id was looked for."""
        words = search_words(self.search)
        return len(words) == 1 and is_id(words[0])

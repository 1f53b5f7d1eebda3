"""Choosing people from lists: one, or several, found by what is typed."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from core.directory import Role
from core.finding import is_found_now
from tui.menu.dialogue import BackError, Option
from tui.people import People, row_sign, shown_account
from tui.text import _, ngettext
from tui.text import number as number_text
from tui.text.sentences import role_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.queries import AccountRow
    from tui.desk import Desk
    from tui.menu.sitting import Sitting

MOST_NAMED = 5
"""Names said in one sentence; more are counted."""


class PeopleRows:
    """The people of a window, newcomers first, each once."""

    def __init__(self, people: People) -> None:
        """Tell those whom ``people`` asks for."""
        self._people = people
        self._told: set[str] = set()
        self._waiting: deque[AccountRow] = deque()

    async def more(self, count: int) -> Sequence[Option[AccountRow]]:
        """Read and give the next ones."""
        people = self._people
        if not people.loaded:
            await people.load()
            self._take()
        while len(self._waiting) < count and people.has_more("after"):
            await people.extend("after")
            self._take()
        some = [self._waiting.popleft() for _place in range(min(count, len(self._waiting)))]
        return [Option(row, label_of(people, row)) for row in some]

    def _take(self) -> None:
        for row in self._people.rows:
            if row.account.id not in self._told:
                self._told.add(row.account.id)
                self._waiting.append(row)

    @property
    def is_read(self) -> bool:
        """Whether there is nobody more."""
        return self._people.loaded and not self._waiting and not self._people.has_more("after")

    @property
    def total(self) -> str:
        """How many there are, or why there is nobody."""
        people = self._people
        count, more = people.total
        if not count and not people.newcomers and not more:
            search = people.question.search
            return _("Nobody matches “{search}”.", search=search) if search else _("Nobody is in this list.")
        text = number_text(count)
        where = (
            _("more than {count} users", count=text)
            if more
            else ngettext("{count} user", "{count} users", count)
        )
        if people.newcomers:
            new = people.newcomers
            where += _(", ") + ngettext("{count} new", "{count} new", new)
        return f"{where}."


def label_of(people: People, row: AccountRow) -> str:
    """Say who somebody is in a list: the name first, and what is staged."""
    desk = people.desk
    if people.as_of is not None:
        account = row.account
        had = ngettext("{count} permission", "{count} permissions", len(row.granted))
        parts = [f"{account.family_name}, {account.given_name}", had, account.hsa_id]
        if not account.active:
            parts.insert(1, _("deregistered"))
        return _(", ").join(parts)
    account = shown_account(desk, row)
    parts = [f"{account.family_name}, {account.given_name}", *state_of(desk, row)]
    parts.append(account.hsa_id)
    if people.question.search and not is_found_now(people.question.search, row.account):
        parts.append(_("found by a former name"))
    return _(", ").join(parts)


def state_of(desk: Desk, row: AccountRow) -> list[str]:
    """Say how somebody stands, in a few words each: what is staged, the role, how many permissions."""
    account, staged = row.account, desk.draft.cells.get(row.account.id, {})
    signs = {
        "+": _("new, not written"),
        "-": _("will be deregistered, not written"),
        "~": _("changed, not written"),
        "!": _("no longer fits"),
    }
    sign = row_sign(desk, account.id)
    parts = [signs[sign]] if sign else []
    if not account.active and sign != "+":
        parts.append(_("deregistered"))
    elif account.role is not Role.USER:
        parts.append(role_name(account.role))
    elif staged:
        after = len(row.granted) + sum(1 if wanted else -1 for wanted in staged.values())
        now = ngettext("{count} permission", "{count} permissions", len(row.granted))
        parts.append(_("{now}, {after} once written", now=now, after=after))
    else:
        parts.append(ngettext("{count} permission", "{count} permissions", len(row.granted)))
    return parts


def people_of(sitting: Sitting, like: People | None = None, search: str = "") -> People:
    """Make a window of people, with the filter and order of another one where there is one."""
    people = People(sitting.desk)
    if like is not None:
        people.question = like.question
    people.search_for(search)
    return people


async def one_person(sitting: Sitting, title: str, like: People | None = None) -> AccountRow:
    """Let a person be chosen from the list; what is typed is searched for."""

    async def search(text: str) -> PeopleRows:
        return PeopleRows(people_of(sitting, like, text))

    return await sitting.dialogue.pick(title, PeopleRows(people_of(sitting, like)), search=search)


async def several_people(sitting: Sitting, title: str, like: People | None = None) -> list[AccountRow]:
    """Let people be chosen, from one search after the other, until that is all."""

    async def search(text: str) -> PeopleRows:
        return PeopleRows(people_of(sitting, like, text))

    chosen: dict[str, AccountRow] = {}
    while True:
        try:
            some = await sitting.dialogue.pick_many(
                title, PeopleRows(people_of(sitting, like)), search=search
            )
        except BackError:
            if not chosen:
                raise
            some = []
        chosen.update((row.account.id, row) for row in some)
        sitting.say(chosen_words(list(chosen.values())))
        what = await sitting.dialogue.choose(
            "",
            (
                Option("on", _("Go on with these")),
                Option("more", _("Choose more")),
                Option("again", _("Choose again from the beginning")),
            ),
            enter="on",
        )
        if what == "on":
            return list(chosen.values())
        if what == "again":
            chosen.clear()


def chosen_words(rows: Sequence[AccountRow]) -> str:
    """Say who was chosen."""
    names = _(", ").join(row.account.name for row in rows[:MOST_NAMED])
    hidden = len(rows) - MOST_NAMED
    if hidden > 0:
        names = ngettext("{names} and {count} other", "{names} and {count} others", hidden, names=names)
    return ngettext("{count} chosen: {names}.", "{count} chosen: {names}.", len(rows), names=names)

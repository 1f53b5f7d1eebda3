"""The users of the organisation: finding them in lists, and what is done about one person."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from core.directory import Role
from core.finding import is_found_now
from core.queries import AccountById, DifferencesBetween, SortBy, Standing
from core.text import shown
from tui.actions import ADMINISTRATOR
from tui.history import HistoryFilter, Person
from tui.menu.dialogue import BackError, Option, Ready
from tui.menu.person_form import PersonForm
from tui.menu.tasks import Task, of, visit
from tui.people import People, row_sign, shown_account
from tui.text import N_, _, ngettext
from tui.text import number as number_text
from tui.text.access import access_lines
from tui.text.dates import day as day_text
from tui.text.dates import moment
from tui.text.differences import of_catalogue, of_person
from tui.text.read_day import read_day
from tui.text.sentences import role_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from core.catalogue import Permission
    from core.queries import AccountDetail, AccountRow
    from tui.desk import Desk
    from tui.menu.sitting import Sitting

ADMINISTERS = frozenset({ADMINISTRATOR})
MOST_NAMED = 5
"""Names said in one sentence; more are counted."""


# Lists of people ------------------------------------------------------------------------------------


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


async def find(sitting: Sitting, _subject: None) -> None:
    """Find somebody, and do something about that person."""
    await _people_menu(sitting, _("Users"), None)


async def _people_menu(sitting: Sitting, title: str, like: People | None) -> None:
    while True:
        row = await one_person(sitting, title, like)
        if like is not None and like.as_of is not None:
            await tell_past(sitting, row, like.as_of)
        else:
            await visit_person(sitting, row)


# Filters, order and the past -----------------------------------------------------------------------

SORT_NAMES = {
    SortBy.NAME: N_("Name"),
    SortBy.HSA_ID: N_("HSA-id"),
    SortBy.EMAIL: N_("E-mail"),
    SortBy.PERMISSIONS: N_("Number of permissions"),
}


async def filtered(sitting: Sitting, _subject: None) -> None:
    """Choose who is listed."""
    desk, people = sitting.desk, people_of(sitting)
    options: list[Option[tuple[str, str, bool]]] = [
        Option(("standing", Standing.DEREGISTERED.value, False), _("Deregistered users"))
    ]
    for permission in desk.columns(retired=False):
        name = shown(permission.name_on(desk.today))
        options.append(Option(("permission", permission.id, False), _("Have {name}", name=name)))
        options.append(Option(("permission", permission.id, True), _("Lack {name}", name=name)))
    for e_service in desk.catalogue.e_services:
        name = shown(e_service.name)
        options.append(Option(("service", e_service.id, False), _("Have any of {name}", name=name)))
        options.append(Option(("service", e_service.id, True), _("Have none of {name}", name=name)))
    kind, wanted, lacking = await sitting.dialogue.choose(_("Show only"), options)
    people.filter_by(
        standing=Standing.DEREGISTERED if kind == "standing" else Standing.ACTIVE,
        e_service_id=wanted if kind == "service" else None,
        permission_id=wanted if kind == "permission" else None,
        lacking=lacking,
    )
    title = next(each.label for each in options if each.value == (kind, wanted, lacking))
    await _people_menu(sitting, title, people)


async def ordered(sitting: Sitting, _subject: None) -> None:
    """Choose the order of the list."""
    people = people_of(sitting)
    options = [
        Option((by, falling), _(name) + (_(", falling") if falling else _(", rising")))
        for by, name in SORT_NAMES.items()
        for falling in (False, True)
    ]
    by, falling = await sitting.dialogue.choose(_("Sort by"), options)
    people.order_by(by, descending=falling)
    await _people_menu(sitting, _("Users"), people)


async def ask_day(sitting: Sitting, question: str, *, may_be_empty: bool = False) -> date | None:
    """Ask for a day no later than today; ``None`` is an empty answer, where it may be given."""
    today = sitting.today

    def fault(answer: str) -> str:
        day = read_day(answer, today)
        if day is None:
            return _("“{text}” is no day. Write 2023-05-02, 2 May 2023 or 2/5 2023.", text=shown(answer))
        return _("{day} has not been yet.", day=day_text(day)) if day > today else ""

    if may_be_empty:
        while True:
            answer = await sitting.dialogue.value(question, may_be_empty=True)
            wrong = fault(answer) if answer else ""
            if not wrong:
                return read_day(answer, today) if answer else None
            sitting.say(wrong)
    return read_day(await sitting.dialogue.text(question, fault=fault), today)


async def as_of(sitting: Sitting, _subject: None) -> None:
    """List users as they were at the end of a day."""
    sitting.say(_("Users and permissions are shown as they were at the end of the day, only to read."))
    day = await ask_day(sitting, _("Day"))
    people = people_of(sitting)
    people.look_at(None if day == sitting.today else day)
    title = _("Users") if day is None else _("Users on {day}, only to read", day=day_text(day))
    await _people_menu(sitting, title, people)


async def tell_past(sitting: Sitting, row: AccountRow, day: date) -> None:
    """Tell what somebody had at the end of a day."""
    account, desk = row.account, sitting.desk
    lines = [
        _("{name} on {day}", name=account.name, day=day_text(day)),
        _("{name}, {hsa_id}, {email}.", name=account.name, hsa_id=account.hsa_id, email=account.email),
    ]
    for permission in desk.columns(retired=False, as_of=day):
        state = _("given") if permission.id in row.all_granted else _("not given")
        lines.append(_("{name}: {state}", name=shown(permission.name_on(day)), state=state))
    await sitting.dialogue.read_out(lines)


async def compare(sitting: Sitting, _subject: None) -> None:
    """Tell what is different between two days."""
    desk = sitting.desk
    first = await ask_day(sitting, _("The first day"))
    last = await ask_day(sitting, _("The last day; empty is today"), may_be_empty=True)
    first, last = sorted((first or desk.today, last or desk.today))
    query = DifferencesBetween(organisation_id=desk.organisation_id, from_day=first, until_day=last)
    found = await sitting.ask(query)
    lines = [*of_catalogue(desk.catalogue, first, last)]
    for person in found.people:
        lines.extend(of_person(person, desk.catalogue, last))
    if found.more:
        lines.append(_("There is more than can be shown: choose days that are closer to each other."))
    sitting.dialogue.head(_("From {first} to {last}", first=day_text(first), last=day_text(last)))
    await sitting.dialogue.read_out(lines or [_("Nothing is different between these days.")])


# One person -----------------------------------------------------------------------------------------


async def visit_person(sitting: Sitting, row: AccountRow) -> None:
    """Offer what can be done about a person, who is read anew each time."""

    async def arrive() -> tuple[str, AccountRow] | None:
        now = await fresh(sitting, row)
        return None if now is None else (who_words(sitting.desk, now), now)

    await visit(sitting, PERSON, arrive)


async def fresh(sitting: Sitting, row: AccountRow) -> AccountRow | None:
    """Give a person's row as it is now: of the storage, or of the draft for who is staged to come."""
    desk, account_id = sitting.desk, row.account.id
    if account_id in desk.draft.registrations or account_id in desk.draft.returns:
        people = People(desk)
        people.rebuild()
        return people.find(account_id)
    found = await sitting.reading(desk.service.rows(desk.organisation_id, frozenset({account_id})))
    return found.get(account_id)


def who_words(desk: Desk, row: AccountRow) -> str:
    """Say in a sentence who somebody is and how the account stands."""
    account = shown_account(desk, row)
    words = _("{name}, {hsa_id}, {email}", name=account.name, hsa_id=account.hsa_id, email=account.email)
    return _(", ").join((words, *state_of(desk, row))) + "."


async def register(sitting: Sitting, _subject: None) -> None:
    """Register somebody, and go on with that person."""
    account_id = await PersonForm(sitting, sitting.desk, None).stage()
    _tell_person_staged(sitting, account_id)
    people = People(sitting.desk)
    people.rebuild()
    row = people.find(account_id)
    if row is not None:
        await visit_person(sitting, row)


def _tell_person_staged(sitting: Sitting, account_id: str) -> None:
    draft = sitting.desk.draft
    if account_id in draft.account_ids:
        name = draft.names.get(account_id, "")
        sitting.say(_("{name} is staged, not written. “Review” in the first menu writes.", name=name))
    else:
        sitting.say(_("That is how it is already; nothing is staged."))


async def _read(sitting: Sitting, row: AccountRow) -> None:
    """Tell everything about one person, each permission with the reasons."""
    desk, account = sitting.desk, row.account
    if account.version == 0:
        sitting.say(_("Not registered yet."))
        return
    query = AccountById(day=desk.today, organisation_id=desk.organisation_id, account_id=account.id)
    detail = await sitting.ask(query)
    if detail is None:
        sitting.say(_("The account is not there."))
        return
    lines = detail_lines(detail)
    lines.extend(
        line.told(sitting.words(), "")
        for line in access_lines(desk.catalogue, desk.agreements, detail, desk.today)
    )
    await sitting.dialogue.read_out(lines)


def detail_lines(detail: AccountDetail) -> list[str]:
    """Say who somebody is, a line each with its label."""
    account = detail.row.account
    lines = [
        _("Name: {value}", value=account.name),
        _("{label}: {value}", label=_("HSA-id"), value=account.hsa_id),
        _("E-mail: {value}", value=account.email),
    ]
    if detail.email_shared_by:
        count = detail.email_shared_by
        lines.append(
            ngettext(
                "The address is shared by {count} other.", "The address is shared by {count} others.", count
            )
        )
    if detail.former_names:
        lines.append(_("Former name: {names}", names=_(", ").join(detail.former_names)))
    at, by = moment(detail.registered.at), shown(detail.registered.by)
    lines.append(_("Registered {moment} by {name}.", moment=at, name=by))
    if detail.changed != detail.registered:
        at, by = moment(detail.changed.at), shown(detail.changed.by)
        lines.append(
            _("Changed {moment} by {name}.", moment=at, name=by)
            if account.active
            else _("Deregistered {moment} by {name}.", moment=at, name=by)
        )
    return lines


def permission_option(sitting: Sitting, row: AccountRow, permission: Permission) -> Option[Permission]:
    """Give the line of a permission of one person: its name, how it stands, and what is staged."""
    desk = sitting.desk
    state = desk.cell(row, permission)
    if state.staged is not None:
        words = _("shall be given, not written") if state.staged else _("shall be taken away, not written")
    else:
        words = _("given") if state.given else _("not given")
    if permission.is_retired(desk.today):
        words = _("retired")
    name = shown(permission.name_on(desk.today))
    return Option(permission, _("{name}: {state}", name=name, state=words))


async def _set(sitting: Sitting, row: AccountRow, *, wanted: bool) -> None:
    """Stage that permissions of one person are given, or taken away."""
    desk = sitting.desk
    options = [
        permission_option(sitting, row, each)
        for each in desk.columns(retired=True)
        if desk.cell(row, each).wanted != wanted and not (wanted and each.is_retired(desk.today))
    ]
    if not options:
        sitting.say(
            _("There is nothing more to give: every permission is given.")
            if wanted
            else _("There is nothing to take away: no permission is given.")
        )
        return
    name = shown_account(desk, row).name
    title = _("Give {name}", name=name) if wanted else _("Take from {name}", name=name)
    chosen = await sitting.dialogue.pick_many(title, Ready(options))
    sitting.staged(*desk.stage([row], chosen, wanted=wanted))


async def _give(sitting: Sitting, row: AccountRow) -> None:
    await _set(sitting, row, wanted=True)


async def _take(sitting: Sitting, row: AccountRow) -> None:
    await _set(sitting, row, wanted=False)


def _why_not_cells(sitting: Sitting, row: AccountRow) -> str:
    """Tell why nothing can be given to somebody or taken away, or ``""``."""
    draft, account = sitting.desk.draft, row.account
    if account.id in draft.leavings:
        return _("{name} will be deregistered; drop that first", name=account.name)
    if not account.active and account.id not in draft.returns:
        return _("{name} is deregistered; register the account again first", name=account.name)
    if account.role is not Role.USER:
        return _(
            "{name} is {role} and has no permissions as such", name=account.name, role=role_name(account.role)
        )
    if not sitting.desk.columns(retired=True):
        return _("the organisation has no agreement for an e-service")
    return ""


async def _amend(sitting: Sitting, row: AccountRow) -> None:
    account_id = await PersonForm(sitting, sitting.desk, row).stage()
    _tell_person_staged(sitting, account_id)


def _why_not_amend(sitting: Sitting, row: AccountRow) -> str:
    if row.account.id in sitting.desk.draft.leavings:
        return _("{name} will be deregistered; drop that first", name=row.account.name)
    return ""


async def _deregister(sitting: Sitting, row: AccountRow) -> None:
    desk, name = sitting.desk, row.account.name
    count = len(row.granted)
    text = ngettext(
        "{name} loses {count} permission. The deregistering is staged and is written after review.",
        "{name} loses {count} permissions. The deregistering is staged and is written after review.",
        count,
        name=name,
    )
    if await sitting.dialogue.confirm(text, yes=_("Deregister"), no=_("Keep the user")):
        desk.change(desk.draft.with_leaving(row.account, row.all_granted))
        sitting.say(_("Staged: {name} will be deregistered.", name=name))


def _why_not_deregister(sitting: Sitting, row: AccountRow) -> str:
    draft, account = sitting.desk.draft, row.account
    if account.id in draft.registrations or account.id in draft.returns:
        return _("{name} is not written yet; drop what is staged instead", name=account.name)
    if account.id in draft.leavings:
        return _("that is staged already")
    if not account.active:
        return _("{name} is deregistered already", name=account.name)
    if account.role is not Role.USER:
        return _("an administrator is dismissed by Migrationsverket's kontaktcenter")
    return ""


async def _drop(sitting: Sitting, row: AccountRow) -> bool:
    """Drop all that is staged for one person, after a question."""
    desk, account = sitting.desk, row.account
    question = _("Drop what is staged for {name}? Nothing of it has been written.", name=account.name)
    if not await sitting.dialogue.confirm(question, yes=_("Drop"), no=_("Keep")):
        return False
    desk.change(desk.draft.without_account(account.id))
    sitting.say(_("What was staged for {name} is dropped.", name=account.name))
    return account.version == 0


async def _copy(sitting: Sitting, row: AccountRow) -> None:
    """Stage that others have what this person has, as the draft leaves it."""
    desk, name = sitting.desk, row.account.name
    rows = await several_people(sitting, _("Who shall have what {name} has?", name=name))
    how = await sitting.dialogue.choose(
        _("Copy from {name}", name=name),
        (
            Option("add", _("Give what {name} has, take nothing away", name=name)),
            Option("replace", _("Make them the same: also take away what {name} lacks", name=name)),
        ),
    )
    sitting.staged(*desk.copy(row, rows, replace=how == "replace"))


async def _history(sitting: Sitting, row: AccountRow) -> None:
    # Deferred: the history has people as well.
    from tui.menu.history import list_writes

    account = row.account
    who = Person(account.organisation_id, account.id, account.name)
    await list_writes(sitting, HistoryFilter(person=who))


def _why_no_history(_sitting: Sitting, row: AccountRow) -> str:
    return _("the user is not written yet and has no history") if row.account.version == 0 else ""


PERSON: tuple[Task[AccountRow], ...] = (
    Task(
        N_("Read all about this person"),
        N_("Tells each permission with the reasons, and when the account was changed by whom."),
        _read,
        of("users.detail", "people.person", "app.told"),
        roles=ADMINISTERS,
    ),
    Task(
        N_("Give permissions"),
        N_("Stages that this person gets permissions."),
        _give,
        of("person.give", "person.toggle", "permissions.give", "permissions.toggle"),
        of("grant"),
        ADMINISTERS,
        why_not=_why_not_cells,
    ),
    Task(
        N_("Take permissions away"),
        N_("Stages that permissions are taken from this person."),
        _take,
        of("person.take", "permissions.take"),
        of("revoke"),
        ADMINISTERS,
        why_not=_why_not_cells,
    ),
    Task(
        N_("Change details"),
        N_("Changes name, HSA-id or e-mail, or registers a deregistered person again."),
        _amend,
        of("users.amend"),
        of("amend_account", "reregister_account"),
        ADMINISTERS,
        why_not=_why_not_amend,
    ),
    Task(
        N_("Deregister"),
        N_("Deregisters the user and takes the permissions away, after review."),
        _deregister,
        of("users.deregister"),
        of("deregister_account"),
        ADMINISTERS,
        why_not=_why_not_deregister,
    ),
    Task(
        N_("Copy to others"),
        N_("Stages that other users get what this person has."),
        _copy,
        of("permissions.copy", "people.mark", "people.mark_all", "people.unmark_all"),
        of("grant", "revoke"),
        ADMINISTERS,
        why_not=_why_not_cells,
    ),
    Task(
        N_("History of this person"),
        N_("Tells what has happened to this user."),
        _history,
        of("people.history"),
        roles=ADMINISTERS,
        why_not=_why_no_history,
    ),
    Task(
        N_("Drop what is staged"),
        N_("Takes what is staged for this person out of the draft."),
        _drop,
        of("permissions.reset"),
        roles=ADMINISTERS,
        is_there=lambda sitting, row: row.account.id in sitting.desk.draft.account_ids,
    ),
)

USERS: tuple[Task[None], ...] = (
    Task(
        N_("Find a user"),
        N_("Lists all users; what you type is searched for, with or without dots."),
        find,
        of("app.users", "people.search", "people.all", "people.reload"),
        roles=ADMINISTERS,
    ),
    Task(
        N_("New user"),
        N_("Registers a person as user."),
        register,
        of("users.register"),
        of("register_account"),
        ADMINISTERS,
    ),
    Task(
        N_("Filter"),
        N_("Shows only those who have, or lack, a permission; or deregistered ones."),
        filtered,
        of("people.filter"),
        roles=ADMINISTERS,
    ),
    Task(N_("Sort"), N_("Chooses the order of the list."), ordered, of("people.sort"), roles=ADMINISTERS),
    Task(
        N_("As of a day"),
        N_("Shows users and permissions as they were at the end of a day; only to read."),
        as_of,
        of("people.as_of"),
        roles=ADMINISTERS,
    ),
    Task(
        N_("Compare two days"),
        N_("Tells who came and left, was changed, got or lost what between two days."),
        compare,
        of("people.compare"),
        roles=ADMINISTERS,
    ),
)


async def visit_users(sitting: Sitting, _subject: None) -> None:
    """Offer what can be done about users."""

    async def arrive() -> tuple[str, None]:
        await sitting.reading(sitting.desk.load())
        return _("Users"), None

    await visit(sitting, USERS, arrive)

"""One person of the organisation: who it is, and what is done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.directory import Role
from core.queries import AccountById
from core.text import shown
from tui.actions import ADMINISTERS
from tui.history import HistoryFilter, Person
from tui.menu.choosing import several_people, state_of
from tui.menu.dialogue import Option, Ready
from tui.menu.person_form import PersonForm
from tui.menu.tasks import Task, of, visit
from tui.people import People, shown_account
from tui.text import N_, _, ngettext
from tui.text.access import access_lines
from tui.text.dates import moment
from tui.text.sentences import role_name

if TYPE_CHECKING:
    from core.catalogue import Permission
    from core.queries import AccountDetail, AccountRow
    from tui.desk import Desk
    from tui.menu.sitting import Sitting


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


def tell_person_staged(sitting: Sitting, account_id: str) -> None:
    """Say that something is staged for somebody, or that nothing is."""
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
    return [
        _("Name: {value}", value=account.name),
        _("{label}: {value}", label=_("HSA-id"), value=account.hsa_id),
        _("E-mail: {value}", value=account.email),
        *record_lines(detail),
    ]


def record_lines(detail: AccountDetail) -> list[str]:
    """Say what the record tells of an account beside who it is."""
    account, lines = detail.row.account, list[str]()
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
    tell_person_staged(sitting, account_id)


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

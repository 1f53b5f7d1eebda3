"""The menu from its beginning to its end: signing in, the first menu, and leaving with the draft kept."""

from __future__ import annotations

import asyncio
import dataclasses
import io
import sys
from typing import TYPE_CHECKING

from core.directory import AUTHORITY
from core.ports import StorageError
from core.queries import NewsSince
from core.refusal import WrongValueError
from core.text import shown
from tui.actions import ADMINISTERS, SUPPORTS, WRITING
from tui.assemble.session import connect
from tui.desk import Desk
from tui.menu.catalogue import visit_catalogue
from tui.menu.console import Console
from tui.menu.country import SEARCH
from tui.menu.dialogue import BackError, Dialogue, LeaveError, Option
from tui.menu.handbook import HANDBOOK
from tui.menu.history import visit_history
from tui.menu.news import visit_news
from tui.menu.organisation import REGISTER
from tui.menu.own import OWN
from tui.menu.people import visit_users
from tui.menu.permissions import visit_permissions
from tui.menu.review import REVIEW, settle
from tui.menu.sitting import Sitting
from tui.menu.support import visit_support
from tui.menu.tasks import Task, do, for_role, of
from tui.noticeboard import Noticeboard
from tui.session import DONE, UNREACHABLE, ChooseOrganisation, StartError
from tui.text import N_, _, ngettext
from tui.text.announcements import of_banner, of_unread
from tui.text.others import of_others
from tui.text.refusals import sentence
from tui.text.sentences import role_name

if TYPE_CHECKING:
    from core.queries import News
    from tui.session import Session
    from tui.settings import Settings


def run_menu(settings: Settings, why: str = "") -> int:
    """Open the menu; ``why`` is said first, where it was not asked for. The exit code is the answer.

    Raises:
        StartError: the storage cannot be opened, or nobody signed in.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A letter that the terminal has not got must not end the program.
        sys.stdout.reconfigure(errors="replace")
    return asyncio.run(_open(settings, why))


async def _open(settings: Settings, why: str) -> int:
    dialogue = Dialogue(Console(sys.stdin.fileno(), sys.stdout))
    dialogue.say(why)
    try:
        session = await _signed_in(dialogue, settings)
    except (BackError, LeaveError):
        return DONE
    try:
        return await sit(dialogue, session)
    finally:
        await session.close()


async def _signed_in(dialogue: Dialogue, settings: Settings) -> Session:
    """Open the storage and sign in, and where the person has several accounts ask which."""
    try:
        return await dialogue.working(connect(settings))
    except ChooseOrganisation as error:
        memberships = error.memberships
    title = _("{name} has accounts in several organisations:", name=shown(memberships[0].account.name))
    options = [Option(each.organisation.id, shown(each.organisation.name)) for each in memberships]
    chosen = await dialogue.choose(title, options, enter=options[0].value)
    return await dialogue.working(connect(dataclasses.replace(settings, organisation=chosen)))


async def sit(dialogue: Dialogue, session: Session) -> int:
    """Sit at the menu until the person leaves."""
    desk = Desk(session.service, session.drafts, session.membership.organisation.id)
    sitting = Sitting(dialogue, desk, session)
    desk.complain = sitting.tell
    try:
        others = _Others(sitting)
        await others.begin()
        await sitting.reading(desk.load())
    except StorageError as error:
        raise StartError(sentence(error.refusal), UNREACHABLE) from error
    _greet(sitting)
    try:
        await settle(sitting)
        if desk.draft.count:
            sitting.say(_("Your draft from last time is here, nothing of it is written."))
        while True:
            try:
                await _first_menu(sitting, others)
            except LeaveError as error:
                if not error.asked or await _may_leave(sitting):
                    break
    except LeaveError:
        pass  # the input has ended
    except asyncio.CancelledError:
        dialogue.say("")
        _tell_kept(sitting)
        raise
    _tell_kept(sitting)
    return DONE


def _greet(sitting: Sitting) -> None:
    account, organisation = sitting.session.membership.account, sitting.session.membership.organisation
    sitting.say(
        _(
            "behorig, {organisation}. You are {name}, {role}.",
            organisation=shown(organisation.name),
            name=shown(account.name),
            role=role_name(account.role),
        )
    )
    if sitting.session.demo:
        sitting.say(_("This is the demo: everything in it is invented."))
    sitting.say(_("Every answer ends with Enter. ? tells what can be answered."))
    for notice in sitting.session.notices:
        sitting.say(notice)


# The first menu -------------------------------------------------------------------------------------


async def _take_over(sitting: Sitting, _subject: None) -> None:
    """Move the draft of another session of the same person here, after a question: it may be alive."""
    text = _(
        "The other window is still open somewhere, perhaps behind a lost line. If someone works in it,"
        " the same draft stands in both afterwards: close it first where you can."
    )
    if not await sitting.dialogue.confirm(text, yes=_("Take over"), no=_("Leave it there")):
        return
    draft = sitting.session.drafts.take_over()
    if draft is None:
        sitting.say(_("The other window has no draft any more."))
        return
    sitting.desk.change(draft)
    sitting.say(_("The draft of the other window is here now, nothing of it is written."))


def _why_not_take_over(sitting: Sitting, _subject: None) -> str:
    if sitting.desk.draft.count:
        return _("this window has a draft of its own; write or drop it first")
    return ""


async def _quit(_sitting: Sitting, _subject: None) -> None:
    raise LeaveError(asked=True)


FIRST: tuple[Task[None], ...] = (
    *OWN,
    *SEARCH,
    Task(
        N_("Catalogue"),
        N_("Goes to the e-services and permissions with their days."),
        visit_catalogue,
        of("app.catalogue"),
        roles=SUPPORTS,
    ),
    *REGISTER,
    Task(
        N_("Users"),
        N_("Finds, registers, changes and deregisters users, and sets what they may."),
        visit_users,
        roles=ADMINISTERS,
    ),
    Task(
        N_("Permissions"),
        N_("Gives one permission to many, or takes it away; tells who has it."),
        visit_permissions,
        of("app.permissions"),
        roles=ADMINISTERS,
    ),
    Task(
        N_("News"),
        N_("Goes to what is current."),
        visit_news,
        of("app.news"),
        roles=WRITING,
        beside=lambda sitting, _subject: sitting.news,
    ),
    Task(
        N_("Support"),
        N_("Goes to whom to ask, in which order, and how to write to them."),
        visit_support,
        of("app.support"),
        roles=WRITING,
    ),
    Task(
        N_("History"),
        N_("Goes to everything that has happened, to read or undo."),
        visit_history,
        of("app.writes"),
        roles=WRITING,
    ),
    *REVIEW,
    *HANDBOOK,
    Task(
        N_("Quit"),
        N_("Leaves the program; what is not written stays as a draft."),
        _quit,
        of("app.quit"),
    ),
    Task(
        N_("Take over the draft"),
        N_("Moves the draft of another window of yours here, for instance after a lost line."),
        _take_over,
        of("app.take_over"),
        roles=WRITING,
        why_not=_why_not_take_over,
        is_there=lambda sitting, _subject: sitting.session.drafts.elsewhere,
    ),
)


async def _first_menu(sitting: Sitting, others: _Others) -> None:
    """Offer everything, until the person leaves."""
    board = Noticeboard(sitting.desk.service)
    banners: tuple[object, ...] = ()
    while True:
        try:
            await others.tell()
            if board.is_for_me:
                await sitting.reading(board.read(sitting.desk.service.now()))
                sitting.news = "" if board.notice is None else of_unread(board.notice)
                if board.shown != banners:
                    banners = board.shown
                    for banner in board.shown:
                        sitting.say(_("Look at this: {what}", what=of_banner(banner)) + ".")
        except (StorageError, WrongValueError) as error:
            sitting.failed(error)
        options = [each.option(sitting, None) for each in for_role(FIRST, sitting, None)]
        try:
            task = await sitting.dialogue.choose(_("First menu"), options, again=True)
        except BackError:
            sitting.say(_("This is the first menu; there is nothing to go back to. “Quit” leaves."))
            continue
        await do(sitting, task, None)


class _Others:
    """What others write, told each time the person comes back to the first menu."""

    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting
        self._cursor: str | None = None

    async def _news(self) -> News:
        desk = self._sitting.desk
        wanted = frozenset({desk.organisation_id, AUTHORITY})
        return await self._sitting.ask(NewsSince(organisation_ids=wanted, cursor=self._cursor))

    async def begin(self) -> None:
        """Take the place from which on it is told."""
        self._cursor = (await self._news()).cursor

    async def tell(self) -> None:
        """Read and tell what others have written since, and what of the draft no longer fits."""
        sitting = self._sitting
        desk = sitting.desk
        news = await self._news()
        self._cursor = news.cursor
        writes = [each for each in news.writes if each.changeset_id not in desk.sent]
        if news.touched:
            await sitting.reading(desk.load())
        sitting.say(of_others(writes, 0, desk, unread=0, stale=0, is_catalogue_changed=False))
        if await sitting.reading(desk.look_for_stale()):
            names = sitting.permission_names
            for each in desk.stale:
                name = desk.draft.names.get(each.account_id, each.account_id)
                reason = sentence(each.refusal, names)
                sitting.say(
                    _("What is staged for {name} no longer fits: {reason}", name=shown(name), reason=reason)
                )


# Leaving --------------------------------------------------------------------------------------------


async def _may_leave(sitting: Sitting) -> bool:
    """Ask before somebody leaves whose draft the disk does not take; every other draft is kept."""
    desk = sitting.desk
    if not desk.kept:
        desk.change(desk.draft)  # there may be room on the disk by now
    if not desk.draft.count or desk.kept:
        return True
    text = ngettext(
        "{count} change is not written and cannot be saved either: quit now, and it is lost.",
        "{count} changes are not written and cannot be saved either: quit now, and they are lost.",
        desk.draft.count,
    )
    return await sitting.dialogue.confirm(text, yes=_("Lose them"), no=_("Stay"))


def _tell_kept(sitting: Sitting) -> None:
    count = sitting.desk.draft.count
    if count and sitting.desk.kept:
        sitting.say(
            ngettext(
                "{count} change is not written. It stays as a draft and is here the next time.",
                "{count} changes are not written. They stay as a draft and are here the next time.",
                count,
            )
        )
    else:
        sitting.say(_("Goodbye."))

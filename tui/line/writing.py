"""The step that every command that writes ends with: review, question, write, receipt.

What will happen is told in the same sentences as in the review of the screens. Nothing is written before
somebody says yes, or has said ``--yes``. All of it is written or nothing. Before it is sent it is a plan on
disk, so that a write whose answer was lost is settled by applying that plan: its id is written once.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from core import changes as c
from core.directory import AUTHORITY, Role
from core.identity import Note
from core.ports import Refused, StorageError, leaves_doubt
from core.queries import Writes
from core.refusal import Refusal, WrongValueError
from tui.line.ask import can_ask, confirm
from tui.line.outcome import documented, tell_nothing, tell_receipt, tell_refusals
from tui.line.output import Form
from tui.line.plan import Plan, draft_of, held, plan_of, read_plan, remove_plan, write_plan
from tui.line.regular import file_named
from tui.line.review import Review, reviewed
from tui.line.session import run
from tui.line.work import RefusedWorkError, Work
from tui.session import DONE, INTERRUPTED, UNREACHABLE, WRONG_USE, StartError
from tui.settings import state_path, wrong
from tui.terminal import as_decided, say
from tui.text import _, ngettext
from tui.text.refusals import sentence

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
    from types import TracebackType
    from typing import Self

    from core.catalogue import Permission
    from core.changes import Changeset, Receipt
    from core.queries import WriteRow
    from core.service import Service
    from tui.line.options import SignIn
    from tui.line.session import SignedIn
    from tui.line.write_options import Wishes


def write(sign_in: SignIn, wishes: Wishes, task: Callable[[Office], Awaitable[None]]) -> int:
    """Sign in, let a task stage what it is about, and write it or put it into a plan; the exit code.

    Raises:
        StartError: it is called wrongly, or the storage cannot do what it is asked.
    """

    async def work(here: SignedIn) -> int:
        async with Office(here, wishes) as office:
            try:
                await task(office)
                return await office.finish()
            except RefusedWorkError as error:
                return await office.refuse(error.refusals, names=error.names)

    with documented(as_json=wishes.json):
        return run(sign_in, work)


class Office:
    """One command at its work: who is signed in, what was asked for, and what is staged."""

    def __init__(self, here: SignedIn, wishes: Wishes) -> None:
        """Begin with nothing staged."""
        self.here = here
        self.wishes = wishes
        self.staged: Work | None = None
        self.permissions: dict[str, Permission] = {}
        """What texts were found to mean: a list of thousands names the same few again and again."""
        self.nothing = ""
        """Why nothing is to be done, where it is not that all of it is so already."""
        self._held = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Begin."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Let the next command have the plan."""
        await self._held.aclose()

    @property
    def service(self) -> Service:
        """What can be asked and written."""
        return self.here.service

    @property
    def _plan_file(self) -> Path | None:
        return None if self.wishes.plan is None else file_named(self.wishes.plan)

    @property
    def planned_in(self) -> str | None:
        """The organisation that the plan is about, ``None`` where nothing is staged in one yet.

        Raises:
            StartError: the file is no plan.
        """
        if self.staged is not None:
            return self.staged.organisation_id
        plan = None if self._plan_file is None else read_plan(self._plan_file)
        return None if plan is None else str(plan.changeset.organisation_id)

    async def work(self, organisation_id: str | None = None) -> Work:
        """Give the work in an organisation, the own one unless it is named; a command works in one.

        Raises:
            StartError: the plan that is named cannot be added to.
        """
        organisation_id = organisation_id or self.here.actor.organisation_id
        if self.staged is not None:
            if self.staged.organisation_id != organisation_id:
                raise wrong(_("These are in several organisations: one command is about one."))
            return self.staged
        return await self._open(Work(self.service, organisation_id, await self._begun(organisation_id)))

    async def found(self, organisation_id: str, change: c.RegisterOrganisation) -> Work:
        """Give the work in an organisation that is to be registered."""
        work = Work(self.service, organisation_id, await self._begun(organisation_id))
        work.add(change)
        return await self._open(work)

    async def _open(self, work: Work) -> Work:
        work.note = note_of(self.wishes) or work.note
        if work.organisation_id == AUTHORITY and self.here.actor.role is not Role.SUPPORT:
            # To all others nothing is there: that it is not theirs to do is what they need to know.
            refusal = Refusal("not_your_role", "", {"role": self.here.actor.role.value})
            raise RefusedWorkError((refusal,))
        await work.load()
        self.staged = work
        return work

    async def _begun(self, organisation_id: str) -> Plan | None:
        """Give the plan that is added to, and hold it; ``None`` where there is none yet."""
        file = self._plan_file
        if file is None:
            return None
        await self._held.enter_async_context(held(file))
        plan = read_plan(file)
        if plan is None:
            return None
        if plan.changeset.organisation_id != organisation_id:
            raise wrong(
                _(
                    "{file} is about another organisation: a plan is about one. Name another file.",
                    file=str(file),
                )
            )
        if draft_of(plan, self.here.actor.account_id) is None:
            raise wrong(
                _(
                    "{file} is written whole or not at all, and nothing is added to it: name another file.",
                    file=str(file),
                )
            )
        if await write_of(self.service, plan.changeset) is not None:
            raise wrong(_("{file} is written already: name another file.", file=str(file)))
        return plan

    async def finish(self) -> int:
        """Write what is staged after a review, or put it into the plan; the exit code."""
        work = self.staged
        if work is not None and work.before and not work.changes():
            return self._end_plan()
        if work is None or not work.has_more:
            return self._has_nothing()
        changeset = work.changeset()
        review = await reviewed(self.here, changeset, work)
        if _says_nothing_changes(review) and not work.before:
            return self._has_nothing()
        if review.refusals:
            return self._refused(review.refusals, review.names, review.since)
        if self._plan_file is None:
            review.tell(self.wishes)
            return DONE if self.wishes.dry_run else await self._write_now(work, changeset)
        before = frozenset(work.before)
        new = frozenset(each for each in changeset.changes if each not in before)
        review.tell(self.wishes, new)
        if not self.wishes.dry_run:
            write_plan(self._plan_file, _accepted(self.service, changeset, work))
            told = ngettext(
                "Staged, not written: {file} now holds {count} change. behorig apply {file} writes it.",
                "Staged, not written: {file} now holds {count} changes. behorig apply {file} writes them.",
                len(changeset.changes),
                file=str(self._plan_file),
            )
            say(told)
            if self.wishes.json:
                with as_decided():
                    review.tell_changes(Form.JSON, new)
        return DONE

    def _has_nothing(self) -> int:
        say(self.nothing or _("Nothing is left to do: all of it is so already."))
        tell_nothing(self.wishes)
        return DONE

    def _end_plan(self) -> int:
        """Take away the plan in which all that was staged is taken back: it would still write that."""
        if self.wishes.dry_run:
            say(_("Nothing would be left of the plan."))
        elif self._plan_file is not None:
            remove_plan(self._plan_file)
            say(_("Nothing is left of the plan, and the file is gone."))
        tell_nothing(self.wishes)
        return DONE

    async def _write_now(self, work: Work, changeset: Changeset) -> int:
        if not await may_write(self.wishes, changeset):
            return WRONG_USE
        plan = _accepted(self.service, changeset, work)
        place = _kept(plan)
        try:
            answer = await sent(self.service, changeset, place)
        except StorageError:
            _dropped(place)
            raise
        _dropped(place)
        if isinstance(answer, Refused):
            review = await reviewed(self.here, changeset, work, answer.refusals)
            return self._refused(review.refusals, review.names, review.since, was_accepted=True)
        tell_receipt(answer, changeset, work.name, as_json=self.wishes.json)
        return DONE

    async def refuse(self, refusals: Iterable[Refusal], names: Mapping[str, str] = {}) -> int:
        """Tell why nothing is staged or written; the exit code."""
        desk = self.here.desk
        known = {each.id: each.name_on(desk.today) for each in desk.catalogue.permissions}
        own = {desk.organisation_id: self.here.session.membership.organisation.name}
        return self._refused(tuple(refusals), {**own, **known, **names}, {})

    def _refused(
        self,
        refusals: Sequence[Refusal],
        names: Mapping[str, str],
        since: Mapping[int, str],
        *,
        was_accepted: bool = False,
    ) -> int:
        return tell_refusals(
            refusals, names, since, was_accepted=was_accepted, as_json=self.wishes.json
        )  # fmt: skip


def _says_nothing_changes(review: Review) -> bool:
    """Say whether the rules are against each change for the one reason that all of it is so already."""
    codes = [each.code for each in review.refusals]
    return codes == ["nothing_changed"] * len(review.changeset.changes)


def _accepted(service: Service, changeset: Changeset, work: Work) -> Plan:
    return plan_of(changeset, work.seen, service.now().isoformat(timespec="seconds"))


async def write_of(service: Service, changeset: Changeset) -> WriteRow | None:
    """Give the write that a changeset has become, ``None`` where it has not been written."""
    query = Writes(organisation_id=changeset.organisation_id, changeset_id=changeset.id)
    return next(iter((await service.ask(query)).rows), None)


async def may_write(wishes: Wishes, changeset: Changeset) -> bool:
    """Ask whether to write; ``False`` where nobody can be asked, which is told.

    Raises:
        StartError: somebody says no.
    """
    if wishes.yes:
        return True
    if not can_ask():
        say(_("Nothing is written: nobody can be asked here. Add --yes to write it, or --plan to stage it."))
        return False
    count = len(changeset.changes)
    if changeset.undoes is None:
        question = ngettext("Write {count} change?", "Write {count} changes?", count)
    else:
        question = ngettext("Undo {count} change?", "Undo {count} changes?", count)
    if not await confirm(question):
        raise StartError(_("Nothing is written."), INTERRUPTED)
    return True


async def sent(service: Service, changeset: Changeset, place: Path | None) -> Receipt | Refused:
    """Write a changeset; where its answer was lost it is asked for once more.

    ``place`` is the plan that it is in, by which it can be settled later.

    Raises:
        StorageError: it was not written.
        StartError: whether it was written nobody knows.
    """
    try:
        try:
            return await service.commit(changeset)
        except StorageError as error:
            if not leaves_doubt(error.refusal):
                raise
        try:
            return await service.commit(changeset)  # the id is the same: it is written once
        except StorageError as error:
            told = f"{_('The contact was lost while it was written.')} {sentence(error.refusal)}"
            raise StartError(f"{told} {_in_doubt(place)}", UNREACHABLE) from error
    except asyncio.CancelledError:
        say(_in_doubt(place))
        raise


def _in_doubt(place: Path | None) -> str:
    if place is None:
        return _("Whether it was written nobody knows: look in the history.")
    return _("Whether it was written nobody knows: behorig apply {file} writes it once.", file=str(place))


def kept_in() -> Path:
    """Give the folder of the plans that were sent, until their answers are known."""
    return state_path() / "plans"


def _kept(plan: Plan) -> Path | None:
    """Put a plan where it can be found if its answer is lost; ``None`` where the disk does not take it."""
    place = kept_in() / f"{plan.changeset.id}.json"
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_plan(place, plan)
    except (OSError, StartError):
        return None
    return place


def _dropped(place: Path | None) -> None:
    if place is not None:
        place.unlink(missing_ok=True)


def note_of(wishes: Wishes) -> Note | None:
    """Give the note that shall go with a write.

    Raises:
        StartError: it cannot be one.
    """
    if wishes.note is None:
        return None
    try:
        return Note(wishes.note)
    except WrongValueError as error:
        raise wrong(f"--note: {sentence(error.refusal)}") from error


def with_note(changeset: Changeset, note: Note | None) -> Changeset:
    """Give a changeset with another note; ``None`` leaves it as it is."""
    return changeset if note is None else msgspec.structs.replace(changeset, note=note)

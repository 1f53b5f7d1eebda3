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
from core.draft import Amendment, Draft
from core.history import details_of
from core.identity import Note
from core.ports import Refused, StorageError, leaves_doubt
from core.queries import Writes
from core.refusal import WrongValueError
from core.staleness import all_stale, is_stale
from core.text import shown
from core.undo import NEVER_UNDONE
from tui.line.ask import can_ask, confirm
from tui.line.output import Field, Form, Output
from tui.line.plan import Plan, draft_of, held, plan_of, read_plan, remove_plan, write_plan
from tui.line.session import run
from tui.line.work import RefusedWorkError, Work
from tui.named_file import named_file
from tui.session import DONE, INTERRUPTED, REFUSED, STALE, UNREACHABLE, WRONG_USE, StartError
from tui.settings import state_path, wrong
from tui.since import told_since
from tui.terminal import as_decided, say
from tui.text import _, ngettext
from tui.text import number as number_text
from tui.text.dates import moment
from tui.text.refusals import sentence
from tui.text.sentences import of_caution, of_change

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence, Set
    from types import TracebackType
    from typing import Self

    from core.catalogue import Permission
    from core.changes import AnyChange, Changeset, Receipt
    from core.queries import AccountRow, WriteRow
    from core.refusal import Refusal
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
        return None if self.wishes.plan is None else named_file(self.wishes.plan)

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
            say(_("Nothing is left to do: all of it is so already."))
            tell_nothing(self.wishes)
            return DONE
        changeset = work.changeset()
        if self._plan_file is None:
            decided = await self._reviewed(work, changeset)
            if decided or self.wishes.dry_run:
                return decided
            return await self._write_now(work, changeset)
        review = await reviewed(self.here, changeset, work)
        if review.refusals:
            return self._refused(review.refusals, review.names, review.since)
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

    def _end_plan(self) -> int:
        """Take away the plan in which all that was staged is taken back: it would still write that."""
        if self.wishes.dry_run:
            say(_("Nothing would be left of the plan."))
        elif self._plan_file is not None:
            remove_plan(self._plan_file)
            say(_("Nothing is left of the plan, and the file is gone."))
        tell_nothing(self.wishes)
        return DONE

    async def _reviewed(self, work: Work, changeset: Changeset) -> int:
        review = await reviewed(self.here, changeset, work)
        if review.refusals:
            return self._refused(review.refusals, review.names, review.since)
        review.tell(self.wishes)
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


def _accepted(service: Service, changeset: Changeset, work: Work) -> Plan:
    return plan_of(changeset, work.seen, service.now().isoformat(timespec="seconds"))


async def write_of(service: Service, changeset: Changeset) -> WriteRow | None:
    """Give the write that a changeset has become, ``None`` where it has not been written."""
    query = Writes(organisation_id=changeset.organisation_id, changeset_id=changeset.id)
    return next(iter((await service.ask(query)).rows), None)


# The review ---------------------------------------------------------------------------------------


class Review:
    """What a changeset would do: a sentence each, what to look at first, and what stands in the way.

    ``names`` are those for refusals by id, ``since`` tells by the place of a refusal who changed what.
    """

    def __init__(
        self,
        changeset: Changeset,
        heading: str,
        sentences: Sequence[str],
        cautions: Sequence[str],
        refusals: Sequence[Refusal],
        names: Mapping[str, str],
        since: Mapping[int, str],
    ) -> None:
        self.changeset = changeset
        self.heading = heading
        self.sentences = tuple(sentences)
        self.cautions = tuple(cautions)
        self.refusals = tuple(refusals)
        self.names = names
        self.since = since

    def tell(self, wishes: Wishes, only: Set[AnyChange] | None = None) -> None:
        """Say the review; looked at alone it is data, and goes to stdout. ``only`` keeps some changes."""
        self.tell_heading()
        for caution in self.cautions:
            say(_("Look: {caution}", caution=ended(caution)))
        if wishes.dry_run:
            self.tell_changes(Form.JSON if wishes.json else Form.LINES, only)
        else:
            for _change, text in self._kept(only):
                say(f"  {text}")

    def tell_heading(self) -> None:
        """Say what it is that is looked at, and the note that goes with it."""
        say(self.heading)
        if self.changeset.note:
            say(_("Note: {note}", note=shown(self.changeset.note)))

    def tell_changes(self, form: Form, only: Set[AnyChange] | None = None) -> None:
        """Write the changes to stdout, a row each; ``only`` keeps some of them."""
        with Output(form, "changes", _changes()) as output:
            for change, text in self._kept(only):
                values = {
                    "sentence": text,
                    "change": str(change.__struct_config__.tag),
                    "account": str(getattr(change, "account_id", "")),
                    "permission": str(getattr(change, "permission_id", "")),
                }
                output.row(values, text)

    def _kept(self, only: Set[AnyChange] | None) -> list[tuple[AnyChange, str]]:
        return [
            (change, ended(text))
            for change, text in zip(self.changeset.changes, self.sentences, strict=True)
            if only is None or change in only
        ]


def _changes() -> tuple[Field, ...]:
    return (
        Field("sentence", _("What will happen")),
        Field("change", _("Kind")),
        Field("account", _("Account")),
        Field("permission", _("Permission")),
    )


async def reviewed(
    here: SignedIn, changeset: Changeset, work: Work, refusals: Sequence[Refusal] = ()
) -> Review:
    """Ask the rules what they say of a changeset, and put what it would do into words.

    ``refusals`` are those that a write was answered with; without, it is rehearsed.
    """
    service, desk = here.service, work.desk
    ids = frozenset(str(each.account_id) for each in changeset.changes if hasattr(each, "account_id"))
    rows = await service.rows(changeset.organisation_id, ids)
    words = work.words(rows)
    found = tuple(refusals) or (await service.rehearse(changeset)).refusals
    names = {
        **words.names,
        **{each.id: each.name_on(desk.today) for each in desk.catalogue.permissions},
        **{each.id: each.name for each in desk.catalogue.e_services},
        str(changeset.organisation_id): work.name,
    }
    since: dict[int, str] = {}
    for place, refusal in enumerate(found):
        account_id = str(refusal.params.get("account_id", refusal.subject))
        if is_stale(refusal, was_accepted=True) and account_id in rows:
            permission_id = refusal.params.get("permission_id")
            since[place] = await told_since(
                service,
                changeset.organisation_id,
                account_id,
                None if permission_id is None else str(permission_id),
                desk.catalogue,
                desk.today,
            )
    # An organisation that is not there yet has nobody to be careful about.
    cautions = () if found or work.desk.detail is None else await service.cautions(changeset)
    draft = _with_before(work, changeset, rows)
    return Review(
        changeset,
        await _heading(service, changeset, work.name),
        [of_change(each, words, draft) for each in changeset.changes],
        [of_caution(each, words) for each in cautions],
        found,
        names,
        since,
    )


def _with_before(work: Work, changeset: Changeset, rows: Mapping[str, AccountRow]) -> Draft:
    """Give a draft that knows the details before each amendment, from which sentences say the way.

    They are those that the storage has: what a plan's file says was seen, anybody may have written there.
    """
    draft = work.desk.draft
    amendments = dict(draft.amendments)
    for change in changeset.changes:
        row = rows.get(getattr(change, "account_id", ""))
        if isinstance(change, c.AmendAccount) and row is not None:
            amendments[change.account_id] = Amendment(change=change, before=details_of(row.account))
    return msgspec.structs.replace(draft, amendments=amendments)


async def _heading(service: Service, changeset: Changeset, organisation: str) -> str:
    count = len(changeset.changes)
    if changeset.undoes is None:
        return ngettext(
            "Review {count} change in {organisation}",
            "Review {count} changes in {organisation}",
            count,
            organisation=shown(organisation),
        )
    query = Writes(organisation_id=changeset.organisation_id, changeset_id=changeset.undoes)
    undone = next(iter((await service.ask(query)).rows), None)
    return ngettext(
        "Undo what {name} wrote {moment}, {count} change",
        "Undo what {name} wrote {moment}, {count} changes",
        count,
        name="?" if undone is None else shown(undone.by),
        moment="?" if undone is None else moment(undone.at),
    )


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


# The write ----------------------------------------------------------------------------------------


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


# What it came to ----------------------------------------------------------------------------------

RECEIPT = tuple(
    Field(name, name)
    for name in (
        *("changeset", "organisation", "first_number", "last_number", "written_at", "repeated"),
        "changes",
    )
)


def tell_receipt(receipt: Receipt, changeset: Changeset, organisation: str, *, as_json: bool) -> None:
    """Say what was written, when, under which numbers, and how to undo it."""
    count = len(changeset.changes)
    values = {
        "organisation": shown(organisation),
        "moment": moment(receipt.written_at),
        "events": _numbers(receipt),
    }
    if receipt.repeated:
        told = _(
            "It is written already, {moment} in {organisation}, {events}; nothing more is written.", **values
        )
    else:
        told = ngettext(
            "{count} change is written, {moment} in {organisation}, {events}.",
            "{count} changes are written, {moment} in {organisation}, {events}.",
            count,
            **values,
        )
    if not any(isinstance(each, NEVER_UNDONE) for each in changeset.changes):
        told += " " + _("behorig undo {id} undoes it.", id=receipt.changeset_id)
    say(told)
    if as_json:
        with as_decided(), Output(Form.JSON, "receipt", RECEIPT) as output:
            output.row(
                {
                    "changeset": receipt.changeset_id,
                    "organisation": receipt.organisation_id,
                    "first_number": receipt.first_number,
                    "last_number": receipt.last_number,
                    "written_at": receipt.written_at,
                    "repeated": receipt.repeated,
                    "changes": count,
                },
                told,
            )


def tell_nothing(wishes: Wishes) -> None:
    """Write the document in which nothing stands: for a program, that nothing was left to do is an answer."""
    if not wishes.json:
        return
    is_written = not wishes.dry_run and wishes.plan is None
    kind, fields = ("receipt", RECEIPT) if is_written else ("changes", _changes())
    with as_decided(), Output(Form.JSON, kind, fields):
        pass


def _numbers(receipt: Receipt) -> str:
    """Say under which numbers of the organisation's chain the events stand."""
    first, last = number_text(receipt.first_number), number_text(receipt.last_number)
    if first == last:
        return _("event {number}", number=first)
    return _("events {first} to {last}", first=first, last=last)


def tell_refusals(
    refusals: Sequence[Refusal],
    names: Mapping[str, str],
    since: Mapping[int, str],
    *,
    was_accepted: bool,
    as_json: bool,
) -> int:
    """Say why nothing was written; the exit code tells whether looking anew helps."""
    texts = [
        " ".join(part for part in (sentence(each, names), since.get(place, "")) if part)
        for place, each in enumerate(refusals)
    ]
    for text in dict.fromkeys(texts):
        say(text)
    stale = all_stale(refusals, was_accepted=was_accepted)
    if stale:
        say(_("Nothing is written: what was seen is no longer so. Look anew, and decide again."))
    else:
        say(_("Nothing is written."))
    if as_json:
        fields = [Field(name, name) for name in ("code", "subject", "sentence", "stale")]
        with as_decided(), Output(Form.JSON, "refusals", fields) as output:
            for each, text in zip(refusals, texts, strict=True):
                is_old = is_stale(each, was_accepted=was_accepted)
                output.row(
                    {"code": each.code, "subject": each.subject, "sentence": text, "stale": is_old}, text
                )
    return STALE if stale else REFUSED


def ended(text: str) -> str:
    """Give a sentence with one full stop at its end."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


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

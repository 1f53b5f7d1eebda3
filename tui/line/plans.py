"""``behorig apply`` and ``behorig plan``: what was staged into a file, looked over, thinned out, written."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from core import changes as c
from core.ports import Refused, StorageError
from core.refusal import Refusal
from core.text import shown
from tui.line.outcome import documented, ended, tell_nothing, tell_receipt, tell_refusals
from tui.line.plan import draft_of, held, in_order, plan_of, read_plan, remove_plan, write_plan
from tui.line.regular import file_named
from tui.line.review import reviewed
from tui.line.session import run
from tui.line.work import Work
from tui.line.writing import kept_in, may_write, note_of, sent, with_note, write_of
from tui.session import DONE, REFUSED, STALE, WRONG_USE, StartError
from tui.settings import wrong
from tui.terminal import heard_or_not, say
from tui.text import _, ngettext
from tui.text.dates import moment
from tui.text.refusals import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.changes import AnyChange, Changeset
    from core.queries import WriteRow
    from tui.line.options import SignIn
    from tui.line.plan import Plan
    from tui.line.session import SignedIn
    from tui.line.write_options import Wishes


def run_apply(sign_in: SignIn, file: str, wishes: Wishes) -> int:
    """Review a plan and write it; one that is written already is not written again, and that is said.

    Raises:
        StartError: there is no such plan, or the storage cannot do what it is asked.
    """
    path = file_named(file)

    async def work(here: SignedIn) -> int:
        plan = _there(path)
        written = await write_of(here.service, plan.changeset)
        # What is written has the note that it was written with.
        changeset = plan.changeset if written else with_note(plan.changeset, note_of(wishes))
        staged = await _loaded(here, msgspec.structs.replace(plan, changeset=changeset))
        if written is None:
            review = await reviewed(here, changeset, staged)
            if review.refusals:
                return tell_refusals(
                    review.refusals,
                    review.names,
                    review.since,
                    was_accepted=bool(plan.accepted_at),
                    as_json=wishes.json,
                )
            review.tell(wishes)
            if wishes.dry_run:
                return DONE
            if not await may_write(wishes, changeset):
                return WRONG_USE
        elif wishes.dry_run:
            decision = await here.service.rehearse(changeset)
            for refusal in decision.refusals:
                if refusal.code == "changeset_id_reused":
                    raise StartError(_used(here, written), REFUSED, refusal)
            say(_written(written))
            tell_nothing(wishes)
            return DONE
        # Held until the answer is there: what is staged meanwhile is told that the plan is written.
        async with held(path):
            if read_plan(path) != plan:
                refusal = Refusal("plan_changed", str(path), {"file": str(path)})
                raise StartError(sentence(refusal), STALE, refusal)
            if changeset != plan.changeset:
                # Sent again from this file after a lost answer, it has to be the same write.
                write_plan(path, msgspec.structs.replace(plan, changeset=changeset))
            try:
                answer = await sent(here.service, changeset, path)
            except StorageError:
                _take_back_note(path, plan, changeset)
                raise
            if isinstance(answer, Refused):
                _take_back_note(path, plan, changeset)
        if isinstance(answer, Refused):
            if written is not None:
                raise StartError(_used(here, written), REFUSED, answer.refusals[0])
            review = await reviewed(here, changeset, staged, answer.refusals)
            return tell_refusals(
                review.refusals, review.names, review.since, was_accepted=True, as_json=wishes.json
            )
        tell_receipt(answer, changeset, staged.name, as_json=wishes.json)
        if path.resolve().parent == kept_in().resolve():
            remove_plan(path)  # the program's own, and settled now
        return DONE

    with documented(as_json=wishes.json):
        return run(sign_in, work)


def _take_back_note(path: Path, plan: Plan, changeset: Changeset) -> None:
    """Leave a plan that was surely not written as it was: the note was for this time."""
    if changeset != plan.changeset:
        with suppress(StartError):  # what went wrong before is to be told
            write_plan(path, plan)


def run_show(sign_in: SignIn, file: str) -> int:
    """Say what a plan holds, numbered, and what stands in its way now.

    Raises:
        StartError: there is no such plan.
    """
    path = file_named(file)

    async def work(here: SignedIn) -> int:
        plan = _there(path)
        staged = await _loaded(here, plan)
        written = await write_of(here.service, plan.changeset)
        review = await reviewed(here, plan.changeset, staged)
        review.tell_heading()
        with heard_or_not():
            for number, text in enumerate(review.sentences, start=1):
                sys.stdout.write(f"{number}  {ended(text)}\n")
        if written is not None:
            say(_written(written))
            return DONE
        if review.refusals:
            return tell_refusals(
                review.refusals,
                review.names,
                review.since,
                was_accepted=bool(plan.accepted_at),
                as_json=False,
            )
        for caution in review.cautions:
            say(_("Look: {caution}", caution=ended(caution)))
        return DONE

    return run(sign_in, work)


def run_drop(sign_in: SignIn, file: str, numbers: Sequence[int]) -> int:
    """Take changes out of a plan by the numbers that showing it gives; the last one takes the file away.

    Raises:
        StartError: there is no such plan or no such number, none is named, or it is whole or not at all.
    """
    path = file_named(file)
    if not numbers:
        raise wrong(_("Say which changes, by the numbers that behorig plan show gives."))

    async def work(here: SignedIn) -> int:
        async with held(path):
            plan = _there(path)
            if plan.changeset.undoes is not None:
                raise wrong(_("An undo is written whole or not at all."))
            if await write_of(here.service, plan.changeset) is not None:
                raise wrong(_("{file} is written already: name another file.", file=str(path)))
            staged = await _loaded(here, plan)
            review = await reviewed(here, plan.changeset, staged)
            changes = plan.changeset.changes
            for number in numbers:
                if not 1 <= number <= len(changes):
                    raise wrong(
                        _("There is no {answer}: type a number from 1 to {last}.",
                          answer=number, last=len(changes))
                    )  # fmt: skip
            gone = [changes[number - 1] for number in sorted(set(numbers))]
            kept = _without(plan, here.actor.account_id, gone)

            def tell_dropped() -> None:
                for number in sorted(set(numbers)):
                    say(_("Dropped: {change}", change=ended(review.sentences[number - 1])))
                others = len(changes) - len(kept) - len(gone)
                if others:
                    say(ngettext("{count} more goes with it.", "{count} more go with it.", others))

            if not kept:
                remove_plan(path)
                tell_dropped()
                say(_("Nothing is left of the plan, and the file is gone."))
                return DONE
            changeset = msgspec.structs.replace(plan.changeset, changes=kept)
            decision = await here.service.rehearse(changeset)
            accepted = "" if decision.refusals else here.service.now().isoformat(timespec="seconds")
            write_plan(path, plan_of(changeset, plan.seen, accepted or plan.accepted_at))
            tell_dropped()
            say(
                ngettext(
                    "{file} now holds {count} change.",
                    "{file} now holds {count} changes.",
                    len(kept),
                    file=str(path),
                )
            )
        return DONE

    return run(sign_in, work)


_FOUNDS: Mapping[type, str] = {
    c.RegisterAccount: "account_id",
    c.ReregisterAccount: "account_id",
    c.RegisterEService: "e_service_id",
    c.LaunchPermission: "permission_id",
    c.PublishAnnouncement: "announcement_id",
}
"""What makes something that later changes are about, and by which of their ids."""
_IDS = frozenset(_FOUNDS.values())


def _without(plan: Plan, actor_id: str, gone: Sequence[AnyChange]) -> tuple[AnyChange, ...]:
    """Give the changes that are left; what is about something that is not made then goes with it."""
    dropped = set(gone)
    changes = plan.changeset.changes
    unmade: set[tuple[str, str]] = set()
    is_unfounded = False
    for change in changes:
        if (
            is_unfounded
            or change in dropped
            or any((name, getattr(change, name, "")) in unmade for name in _IDS)
        ):
            dropped.add(change)
            # All are about their organisation.
            is_unfounded = is_unfounded or isinstance(change, c.RegisterOrganisation)
            name = _FOUNDS.get(type(change))
            if name is not None:
                unmade.add((name, getattr(change, name)))
    held_in = draft_of(plan, actor_id)
    if held_in is None:
        return tuple(each for each in changes if each not in dropped)
    draft, others = held_in
    return in_order(draft.without_changes(dropped), [each for each in others if each not in dropped])


def _there(path: Path) -> Plan:
    plan = read_plan(path)
    if plan is None or not plan.changeset.changes:
        raise wrong(_("There is no plan in {file}.", file=str(path)))
    return plan


async def _loaded(here: SignedIn, plan: Plan) -> Work:
    staged = Work(here.service, str(plan.changeset.organisation_id), plan)
    await staged.load()
    return staged


def _used(here: SignedIn, row: WriteRow) -> str:
    """Say who used the id of a plan that is refused: its content is other, or it is somebody else's write."""
    actor = here.actor
    if (row.actor_organisation_id, row.actor_id) == (actor.organisation_id, actor.account_id):
        told = _("The id of the plan is used already: you wrote something else by it {moment}.",
                 moment=moment(row.at))  # fmt: skip
    else:
        told = _(
            "The id of the plan is used already: {name} wrote by it {moment}, this or something else.",
            name=shown(row.by),
            moment=moment(row.at),
        )
    way_out = _("Nothing is written: look in behorig history, and stage what is missing into another file.")
    return f"{told} {way_out}"


def _written(row: WriteRow) -> str:
    return _(
        "It is written already, by {name} {moment}; nothing more is written.",
        name=shown(row.by),
        moment=moment(row.at),
    )

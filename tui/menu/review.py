"""The review in the menu: what will happen, a sentence each, what to look at first, and then the question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from core import changes as c
from core.identity import Note
from core.ports import Refused, StorageError, is_away, leaves_doubt
from core.refusal import Refusal, WrongValueError
from core.text import shown
from tui.actions import WRITING
from tui.menu.dialogue import BackError, Option, Ready
from tui.menu.tasks import Task, of
from tui.reviewed import DONE_ALREADY, Point, Reviewed, review
from tui.text import N_, _, ngettext
from tui.text.dates import moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.menu.sitting import Sitting

WRITE, KEEP, DROP, NOTE, AGAIN, DROP_ALL, BACK = "write", "keep", "drop", "note", "again", "drop_all", "back"


async def review_draft(sitting: Sitting, _subject: None = None) -> None:
    """Review what is staged, until it is written, dropped, or the person goes back; the draft stays."""
    await _Review(sitting, None).go()


async def reviewed(sitting: Sitting, proposal: c.Changeset) -> bool:
    """Review a changeset that is no draft, and answer whether it was written."""
    return await _Review(sitting, proposal).go()


async def settle(sitting: Sitting) -> None:
    """Find out what became of a write whose answer was never heard, and say so."""
    if sitting.desk.draft.pending is not None:
        written = await sitting.reading(sitting.desk.settle())
        if written:
            _say_found(sitting, written)


async def _settle_doubted(sitting: Sitting) -> bool:
    """Find out what became of what was sent, is no draft and was never answered; whether it was written."""
    doubted = sitting.doubted
    if doubted is None:
        return False
    try:
        if not await sitting.reading(sitting.desk.has_written(doubted)):
            return False
    except StorageError:
        sitting.say(
            _("Nobody knows yet whether it was written. The history tells it once there is contact again.")
        )
        raise
    sitting.doubted = None
    _say_found(sitting, len(doubted.changes))
    return True


def _say_found(sitting: Sitting, written: int) -> None:
    sitting.say(
        ngettext(
            "{count} change was written before the answer was lost.",
            "{count} changes were written before the answer was lost.",
            written,
        )
    )


class _Review:
    """One changeset under review; without a proposal it is the draft."""

    def __init__(self, sitting: Sitting, proposal: c.Changeset | None) -> None:
        self._sitting = sitting
        self._proposal = proposal
        self._note = sitting.desk.draft.note if proposal is None else proposal.note
        self._refusals: Sequence[Refusal] = ()

    @property
    def _is_undo(self) -> bool:
        return self._proposal is not None and self._proposal.undoes is not None

    @property
    def _changeset(self) -> c.Changeset:
        return self._proposal if self._proposal is not None else self._sitting.desk.proposal()

    async def go(self) -> bool:
        """Tell, ask and do, until it is written or the person goes back."""
        sitting = self._sitting
        while True:
            if self._proposal is None:
                await settle(sitting)
                if not sitting.desk.draft.count:
                    sitting.say(_("Nothing is left to write."))
                    return False
            elif await self._was_written():
                return True
            elif self._is_doubted:
                sitting.say(_("It has not been written; it can be written again from here."))
            changeset = self._changeset
            found = await sitting.reading(
                review(sitting.desk, changeset, from_draft=self._proposal is None, refusals=self._refusals)
            )
            self._refusals = ()
            await self._tell(changeset, found)
            try:
                what = await sitting.dialogue.choose("", self._options(changeset, found), enter=BACK)
            except BackError:
                what = BACK
            if what == BACK:
                if self._proposal is None:
                    sitting.say(_("Nothing was written; the draft stays."))
                elif await self._was_written():
                    return True
                else:
                    sitting.say(_("Nothing was written."))
                return False
            try:
                if what == WRITE and await self._write(changeset):
                    return True
                await self._edit(what, found)
            except BackError:
                continue

    @property
    def _is_doubted(self) -> bool:
        """Whether what is under review was sent before, and no answer was heard."""
        doubted, proposal = self._sitting.doubted, self._proposal
        return doubted is not None and proposal is not None and doubted.id == proposal.id

    async def _was_written(self) -> bool:
        """Find out what became of a write whose answer was never heard; whether it is what is reviewed.

        The doubt stays where it is not there: it may still be on its way.
        """
        is_this = self._is_doubted
        return await _settle_doubted(self._sitting) and is_this

    # Telling --------------------------------------------------------------------------------

    async def _tell(self, changeset: c.Changeset, found: Reviewed) -> None:
        count = len(changeset.changes)
        if self._is_undo and found.undone is not None:
            heading = ngettext(
                "Undo what {name} wrote {moment}, {count} change",
                "Undo what {name} wrote {moment}, {count} changes",
                count,
                name=shown(found.undone.by),
                moment=moment(found.undone.at),
            )
        else:
            heading = ngettext(
                "Review {count} change in {organisation}",
                "Review {count} changes in {organisation}",
                count,
                organisation=found.organisation_name,
            )
        self._sitting.dialogue.head(heading)
        await self._sitting.dialogue.read_out([self._line(point) for point in found.points])
        if self._note:
            self._sitting.say(_("Note: {note}", note=self._note))

    @staticmethod
    def _line(point: Point) -> str:
        text = point.text if point.text.endswith((".", "!", "?")) else f"{point.text}."
        match point.sign:
            case "!":
                return _("In the way: {what}", what=text)
            case "?":
                return _("Look at this: {what}", what=text)
            case _:
                return text

    def _options(self, changeset: c.Changeset, found: Reviewed) -> list[Option[str]]:
        count = len(changeset.changes)
        is_stale = any(point.stale is not None for point in found.points)
        in_the_way = (
            _("What is in the way has to be kept or dropped first.")
            if self._proposal is None
            else _("Something is in the way, and this is written whole or not at all.")
        )
        label = (
            ngettext("Undo {count} change", "Undo {count} changes", count)
            if self._is_undo
            else ngettext("Write {count} change", "Write {count} changes", count)
        )
        options = [
            Option(
                WRITE,
                label,
                _("Asks once more, and then writes all of it."),
                in_the_way if found.stands_in_the_way else "",
            ),
            Option(NOTE, _("Note"), _("Sets a remark that goes with the write, for instance a case number.")),
        ]
        if self._proposal is None:
            if is_stale:
                options.append(
                    Option(
                        KEEP, _("Keep my change"), _("Holds on to my change over what another person did.")
                    )
                )
            options += [
                Option(DROP, _("Drop a change"), _("Takes a change out of the draft; it is not written.")),
                Option(DROP_ALL, _("Drop everything"), _("Throws the whole draft away, after a question.")),
            ]
        options.append(Option(AGAIN, _("Read it again"), _("Checks it again against what is true now.")))
        options.append(Option(BACK, _("Back"), _("Goes back; the draft stays.")))
        return options

    # Doing ----------------------------------------------------------------------------------

    async def _edit(self, what: str, found: Reviewed) -> None:
        match what:
            case "note":
                await self._ask_note()
            case "keep":
                await self._keep(found)
            case "drop":
                await self._drop(found)
            case "drop_all":
                await self._drop_all()

    async def _ask_note(self) -> None:
        dialogue = self._sitting.dialogue
        while True:
            text = await dialogue.value(
                _("Note, for instance a case number"), now=self._note or "", may_be_empty=True
            )
            try:
                self._note = Note(text) if text else None
            except WrongValueError as error:
                self._sitting.tell(error.refusal)
                continue
            desk = self._sitting.desk
            if self._proposal is None:
                desk.change(desk.draft.with_note(self._note))
            return

    async def _keep(self, found: Reviewed) -> None:
        sitting = self._sitting
        desk = sitting.desk
        stale_ones = [(point.stale, point.text) for point in found.points if point.stale is not None]
        stale = stale_ones[0][0]
        if len(stale_ones) > 1:
            options = [Option(each, text) for each, text in stale_ones]
            stale = await sitting.dialogue.pick(_("Which change shall be kept?"), Ready(options))
        before = desk.draft.count
        if stale.refusal.code in DONE_ALREADY:
            desk.change(desk.draft.without(stale))
        else:
            desk.change(desk.draft.kept(stale, found.rows.get(stale.account_id)))
        if desk.draft.count < before:
            sitting.say(_("There was nothing left to keep of that change; it is dropped."))

    async def _drop(self, found: Reviewed) -> None:
        sitting = self._sitting
        desk = sitting.desk
        options = [
            Option(point, point.text)
            for point in found.points
            if point.stale is not None or point.change is not None
        ]
        points = await sitting.dialogue.pick_many(_("Which changes shall be dropped?"), Ready(options))
        draft = desk.draft
        for point in points:
            if point.stale is not None:
                draft = draft.without(point.stale)
            elif point.change is not None:
                draft = draft.without_change(point.change)
        others = desk.draft.count - draft.count - len(points)
        if others > 0:
            text = ngettext(
                "{count} more staged change goes with it, and nothing of it has been written.",
                "{count} more staged changes go with it, and nothing of them has been written.",
                others,
            )
            if not await sitting.dialogue.confirm(text, yes=_("Drop"), no=_("Keep")):
                return
        desk.change(draft)
        for point in points:
            sitting.say(_("Dropped: {change}", change=self._line(point)))

    async def _drop_all(self) -> None:
        sitting = self._sitting
        text = ngettext(
            "{count} staged change is thrown away. Nothing of it has been written.",
            "{count} staged changes are thrown away. Nothing of them has been written.",
            sitting.desk.draft.count,
        )
        if await sitting.dialogue.confirm(text, yes=_("Drop"), no=_("Keep")):
            sitting.desk.discard()
            sitting.say(_("The draft is thrown away."))

    async def _write(self, changeset: c.Changeset) -> bool:
        """Ask once more and write; a sentence says what became of it."""
        sitting = self._sitting
        desk, count = sitting.desk, len(changeset.changes)
        question = ngettext("{count} change is written now.", "{count} changes are written now.", count)
        yes = _("Undo") if self._is_undo else _("Write")
        if not await sitting.dialogue.confirm(question, yes=yes, no=_("Back")):
            return False
        changeset = msgspec.structs.replace(changeset, note=self._note)
        try:
            answer = await sitting.reading(desk.write(changeset, from_draft=self._proposal is None))
        except StorageError as error:
            if self._proposal is not None and leaves_doubt(error.refusal):
                sitting.doubted = changeset
            self._tell_failed(error)
            return False
        if self._is_doubted:
            sitting.doubted = None
        if isinstance(answer, Refused):
            self._refusals = answer.refusals
            refused = len(answer.refusals)
            sitting.say(
                ngettext(
                    "Nothing was written: {count} change no longer fits.",
                    "Nothing was written: {count} changes no longer fit.",
                    refused,
                )
            )
            return False
        if self._is_undo:
            written = ngettext("{count} change is undone.", "{count} changes are undone.", count)
        else:
            written = ngettext("{count} change is written.", "{count} changes are written.", count)
        sitting.say(written)
        return True

    def _tell_failed(self, error: StorageError) -> None:
        """Say what is known of a write that failed: that nothing was written only where that is certain."""
        sitting = self._sitting
        stays = _("The draft stays.") if self._proposal is None else _("It can be written again from here.")
        if self._is_doubted and not leaves_doubt(error.refusal):
            # An earlier try may have been written all the same; that is asked next.
            sitting.tell(error.refusal)
        elif not is_away(error.refusal):
            sitting.tell(error.refusal)
            sitting.say(stays)
        elif not leaves_doubt(error.refusal):
            sitting.tell(error.refusal)
            sitting.say(" ".join((_("Nothing was written."), stays)))
        else:
            parts = [
                _("The contact was lost while it was written."),
                _("Whether it was written is found out once there is contact again."),
            ]
            if self._proposal is None:
                parts.append(stays)
            sitting.say(" ".join(parts))


# Undoing ----------------------------------------------------------------------------------------------


async def review_undo(sitting: Sitting, organisation_id: str, changeset_id: str) -> bool:
    """Review the undoing of a write, or say why it cannot be undone. Answers whether it was written."""
    desk = sitting.desk
    found = await sitting.reading(desk.service.undo(organisation_id, changeset_id))
    if not isinstance(found, Refused):
        return await reviewed(sitting, found)
    ids = frozenset(refusal.subject for refusal in found.refusals)
    rows = await sitting.reading(desk.service.rows(organisation_id, ids))
    names = {**desk.names(rows), **sitting.permission_names}
    for refusal in found.refusals[:1]:
        sitting.tell(refusal, names)
    more = len(found.refusals) - 1
    if more:
        sitting.say(ngettext("And {count} more like it.", "And {count} more like it.", more))
    return False


async def undo_last(sitting: Sitting, _subject: None) -> None:
    """Prepare the undoing of what was written last from here."""
    if await _settle_doubted(sitting):
        return  # what was written last is another write than the one that was meant
    if sitting.desk.last_write is not None:
        await review_undo(sitting, *sitting.desk.last_write)


def _why_no_undo(sitting: Sitting, _subject: None) -> str:
    if sitting.desk.last_write is None:
        return _("nothing has been written from here yet; the history has all writes")
    return ""


def _why_no_review(sitting: Sitting, _subject: None) -> str:
    return "" if sitting.desk.draft.count else _("nothing is staged")


REVIEW: tuple[Task[None], ...] = (
    Task(
        N_("Review"),
        N_("Shows what will happen, as sentences; only there can it be written."),
        review_draft,
        of("app.review", "review.write", "review.drop", "review.keep", "review.drop_all", "review.back"),
        roles=WRITING,
        why_not=_why_no_review,
        beside=lambda sitting, _subject: sitting.staged_words(),
    ),
    Task(
        N_("Undo the last write"),
        N_("Prepares the undoing of what you wrote last, for review."),
        undo_last,
        of("app.undo"),
        roles=WRITING,
        why_not=_why_no_undo,
    ),
)

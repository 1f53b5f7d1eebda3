"""The review: what will happen, a sentence each, what to look at first, and the only button that writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from textual import on, work
from textual.containers import Horizontal
from textual.widgets import Button, Input

from core import changes as c
from core.directory import AUTHORITY
from core.identity import Note
from core.ports import Refused, StorageError, is_away, leaves_doubt
from core.queries import AccountRow, WriteRow
from core.refusal import Refusal, WrongValueError
from core.text import shown
from core.undo import NEVER_UNDONE
from tui.actions import Action, key_of
from tui.beside import tell_settled
from tui.reviewed import DONE_ALREADY, Point, change_points, review
from tui.screens.bands import CountedLines, Line
from tui.screens.dialogs import Buttons, LineButton, Question, button
from tui.screens.list_room import ListRoom
from tui.screens.people_room import NARROW
from tui.text import N_, _, ngettext
from tui.text.away import not_written
from tui.text.dates import moment
from tui.text.refusals import sentence
from tui.text.sentences import Words
from tui.widgets.columns import Column
from tui.widgets.field import Field
from tui.widgets.rows import Cell
from tui.widgets.table import Table, UnderCursor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tui.follower import Batch


UNKNOWN = "?"

_SIGN_WORDS = {"!": N_("In the way"), "?": N_("Consider")}
"""What the signs of lines say that are no changes, where rows are in words."""


class ReviewRoom(ListRoom):
    """What a changeset will do. Without one the draft is reviewed.

    One that is given, such as an undo, is written whole or not at all, in whatever organisation it is about.
    """

    NAME = "review"
    FROZEN = 2
    TELLS_ROW = True
    TABBED = False
    KEYS_FIRST = ("review.write", "review.back", "review.keep")

    DEFAULT_CSS = """
    ReviewRoom #heading { text-style: bold; }
    ReviewRoom #told { height: 5; }
    ReviewRoom.-narrow #told { height: 3; }
    ReviewRoom #answer { height: 1; padding: 0 1; }
    ReviewRoom #answer Line { width: 12; }
    ReviewRoom #note { width: 1fr; }
    ReviewRoom #buttons { height: 1; padding: 0 1; }
    ReviewRoom #buttons Button { margin-right: 2; }
    """

    def __init__(self, proposal: c.Changeset | None = None) -> None:
        """Review the draft, or a changeset made elsewhere."""
        super().__init__()
        self._proposal = proposal
        self._points: list[Point] = []
        self._rows: dict[str, AccountRow] = {}
        self._writing = False
        self._read = False
        self._undone: WriteRow | None = None
        self._organisation_name = ""

    def compose_work(self) -> ComposeResult:
        yield CountedLines(id="heading")
        yield self.list_of(self, "points", _("Reading …"))
        with Horizontal(id="answer"):
            label = Line()
            label.left = _("Note:")
            yield label
            yield Field(id="note", placeholder=_("for instance a case number; may be empty"))
        with Buttons(id="buttons"):
            yield button(_("Back"), "back")
            yield button(_("Write"), "write")

    def heading_in_words(self) -> str:
        return _("What will happen")

    def usual_columns(self) -> Sequence[Column]:
        return (Column("sign", "", 1), Column("text", _("What will happen"), 20, grow=1))

    @property
    def _in_the_way(self) -> str:
        """What the lines begin with that stand in the way of writing."""
        return f"“{_(_SIGN_WORDS['!'])}”" if self.in_words else "!"

    def fit(self, width: int) -> None:
        self.set_class(width < NARROW, "-narrow")

    def on_mount(self) -> None:
        note = self.desk.draft.note if self._proposal is None else self._proposal.note
        self.query_one("#note", Input).value = note or ""
        self.read()

    # The points -----------------------------------------------------------------------------

    def row_count(self) -> int:
        """How many lines there are."""
        return len(self._points)

    def row_key(self, index: int) -> str:
        """What tells a line from the others."""
        return self._points[index].key

    def index_of(self, key: str) -> int | None:
        """Where a line stands."""
        return next((place for place, each in enumerate(self._points) if each.key == key), None)

    def row(self, index: int) -> Sequence[Cell]:
        """The cells of a line."""
        point = self._points[index]
        if not self.in_words:
            return Cell(point.sign, point.role), Cell(point.text, point.role)
        # Deferred: the usual looks have no use for it.
        from tui.screens.in_words import labelled, line_cells

        # What is given and taken the sentence says by itself.
        word = _SIGN_WORDS.get(point.sign)
        text = point.text if word is None else labelled(_(word), point.text)
        return line_cells([text], point.role, self.table.columns)

    @property
    def own_actions(self) -> tuple[Action, ...]:
        """The actions; what was made elsewhere is written whole or not at all: none changes it."""
        if self._proposal is None:
            return super().own_actions
        return tuple(
            each
            for each in super().own_actions
            if each.id not in ("review.drop", "review.keep", "review.drop_all")
        )

    @property
    def keys_unneeded(self) -> tuple[str, ...]:
        """There is nothing to keep where nobody else has changed anything."""
        return () if any(each.stale is not None for each in self._points) else ("review.keep",)

    @property
    def changeset(self) -> c.Changeset:
        """What would be written."""
        return self._proposal if self._proposal is not None else self.desk.proposal()

    @property
    def is_undo(self) -> bool:
        """Whether an earlier write is taken back."""
        return self._proposal is not None and self._proposal.undoes is not None

    @property
    def point(self) -> Point | None:
        """The line under the cursor."""
        key = self.table.cursor_key
        index = None if key is None else self.index_of(key)
        return None if index is None else self._points[index]

    async def follow(self, batch: Batch) -> None:
        organisation_id = str(self.changeset.organisation_id)
        is_about = batch.is_about(organisation_id) or batch.is_about(AUTHORITY)
        if is_about and not self._writing and (self._read or batch.is_whole):
            await self._read_points(stays=True)

    @work(exclusive=True, group="review")
    async def read(self) -> None:
        """Read what is true now, and say what the write would do to it."""
        await self._read_points()

    async def _read_points(self, refusals: Sequence[Refusal] = (), *, stays: bool = False) -> None:
        if not self.desk.kept:
            self.desk.change(self.desk.draft)  # there may be room on the disk by now
        if self._proposal is None and self.desk.draft.pending is not None and not self._writing:
            await tell_settled(self.behorig)
        points = await self.behorig.guarded(self._gathered(refusals), beside=True)
        if points is None and self.behorig.away_since is not None:
            self._show_unchecked()
            return
        if points is None:
            self.table.set_empty_text(
                _("Could not be read. {key} in the list tries again.", key=key_of("people.reload"))
            )
            return
        self._points = points
        self._read = True
        self._tell_heading()
        self.table.set_empty_text(_("Nothing is left to write. Esc goes back."))
        table = self.table
        table.model_changed()
        if self._points and self._points[0].sign == "!" and not stays:
            table.move_cursor(row=0)  # what stands in the way comes first, and is what one must see
        self.tell_point()

    def _show_unchecked(self) -> None:
        """Show what would be written while the storage is away: nobody knows what it would meet there."""
        desk = self.desk
        words = Words(desk.catalogue, desk.today, dict(desk.draft.names))
        self._points = change_points(self.changeset, words, desk)
        self._read = False
        if desk.detail is not None and self.changeset.organisation_id == desk.organisation_id:
            self._organisation_name = desk.detail.organisation.name
        self._tell_heading()
        self.table.set_empty_text(self.behorig.not_read())
        self.table.model_changed()
        self.tell_point()

    async def _gathered(self, refusals: Sequence[Refusal]) -> list[Point]:
        found = await review(self.desk, self.changeset, from_draft=self._proposal is None, refusals=refusals)
        self._rows, self._organisation_name = found.rows, found.organisation_name
        self._undone = found.undone
        return list(found.points)

    def _tell_heading(self) -> None:
        self.offer_keys()
        count = len(self.changeset.changes)
        if self.is_undo:
            heading = ngettext(
                "Undo what {name} wrote {moment}, {count} change",
                "Undo what {name} wrote {moment}, {count} changes",
                count,
                name=UNKNOWN if self._undone is None else shown(self._undone.by),
                moment=UNKNOWN if self._undone is None else moment(self._undone.at),
            )
            label = ngettext("Undo {count} change", "Undo {count} changes", count)
        else:
            heading = ngettext(
                "Review {count} change in {organisation}",
                "Review {count} changes in {organisation}",
                count,
                organisation=self._organisation_name,
            )
            label = ngettext("Write {count} change", "Write {count} changes", count)
        self.query_one("#heading", CountedLines).tell(heading)
        write = self.query_one("#write", LineButton)
        write.say(label)
        write.disabled = not count or any(point.sign == "!" for point in self._points)

    def cursor_moved(self, _under: UnderCursor) -> None:
        self.tell_point()

    def tell_point(self) -> None:
        """Tell the whole sentence under the cursor, and what can be done with it."""
        point = self.point
        if point is None:
            self.tell("")
        elif point.stale is not None:
            # The keys first: the sentence may be longer than the lines there are.
            keys = {"keep": key_of("review.keep"), "drop": key_of("review.drop")}
            told = _("{keep} keeps your change where it can be, {drop} drops it.", **keys)
            self.tell(f"{told} {point.text}")
        elif point.change is not None and self._proposal is None:
            self.tell(
                _ended(point.text) + " " + _("{key} takes it out of the draft.", key=key_of("review.drop"))
            )
        else:
            self.tell(_ended(point.text))

    # Actions --------------------------------------------------------------------------------

    def do_back(self) -> None:
        """Go back; the draft stays."""
        self._keep_note()
        self.leave()

    def do_write(self) -> None:
        """Go to the button that writes; Enter on it does."""
        self.query_one("#write", Button).focus()

    @work
    async def do_drop(self) -> None:
        """Take the line's change out of the draft, after a question when others go with it."""
        point, desk = self.point, self.desk
        if point is None:
            return
        if point.stale is not None:
            after = desk.draft.without(point.stale)
        elif point.change is not None:
            after = desk.draft.without_change(point.change)
        else:
            return
        others = desk.draft.count - after.count - 1
        if others > 0:
            text = ngettext(
                "{change}. {count} more staged change goes with it, and nothing of them has been written.",
                "{change}. {count} more staged changes go with it, and nothing of them has been written.",
                others,
                change=point.text.rstrip("."),
            )
            question = Question(_("Drop the change"), text, yes=_("Drop"), no=_("Keep"))
            if not await self.app.push_screen_wait(question):
                return
        desk.change(after)
        self.behorig.say(_("Dropped: {change}", change=_ended(point.text)))
        self.read()

    def do_keep(self) -> None:
        """State the line's change anew over what is true now."""
        point, desk = self.point, self.desk
        if point is None or point.stale is None:
            return
        if point.stale.refusal.code in DONE_ALREADY:
            self._drop_done()
            return
        row = self._rows.get(point.stale.account_id)
        before = desk.draft.count
        try:
            desk.change(desk.draft.kept(point.stale, row))
        except WrongValueError as error:
            self.behorig.say(sentence(error.refusal), problem=True, code=error.refusal.code)
            return
        if desk.draft.count < before:
            self.behorig.say(_("There was nothing left to keep of that change; it is dropped."))
        self.read()

    def _drop_done(self) -> None:
        """Drop every change that somebody else has made already: nothing of it is left to do."""
        desk = self.desk
        done = [
            each.stale
            for each in self._points
            if each.stale is not None and each.stale.refusal.code in DONE_ALREADY
        ]
        draft = desk.draft
        for stale in done:
            draft = draft.without(stale)
        desk.change(draft)
        self.behorig.say(
            ngettext(
                "{count} change was made already by somebody else; nothing of it is left to do.",
                "{count} changes were made already by somebody else; nothing of them is left to do.",
                len(done),
            )
        )
        self.read()

    @work
    async def do_drop_all(self) -> None:
        """Throw the draft away, after a question."""
        desk = self.desk
        count = desk.draft.count
        text = ngettext(
            "{count} staged change is thrown away. Nothing of it has been written.",
            "{count} staged changes are thrown away. Nothing of them has been written.",
            count,
        )
        if await self.app.push_screen_wait(Question(_("Drop everything"), text, yes=_("Drop"), no=_("Keep"))):
            desk.discard()
            self.behorig.say(_("The draft is thrown away."))
            self.leave()

    def why_not(self, action_id: str) -> str:
        reason = super().why_not(action_id)
        if reason:
            return reason
        point = self.point
        if self._writing and action_id not in ("app.help", "app.messages", "app.told"):
            return _("the write is under way; it ends in a sentence")
        if action_id in ("review.drop", "review.keep", "review.drop_all") and self._proposal is not None:
            return self._whole()
        if action_id in ("review.drop", "review.keep") and not self.table.has_focus:
            return _("go to its line in the list first, with Tab")
        if action_id == "review.drop" and (point is None or (point.stale is None and point.change is None)):
            return _("this line is no change")
        if action_id == "review.keep" and (point is None or point.stale is None):
            return _("only a change that another person came before can be kept or dropped")
        if action_id == "review.write" and self.query_one("#write", Button).disabled:
            if self.is_undo:
                return _(
                    "the lines with {sign} stand in the way, and an undo is written whole or not at all",
                    sign=self._in_the_way,
                )
            if self._proposal is not None:
                return _(
                    "the lines with {sign} stand in the way, and this is written whole or not at all",
                    sign=self._in_the_way,
                )
            return _(
                "the lines with {sign} stand in the way; {keep} keeps, {drop} drops",
                sign=self._in_the_way,
                keep=key_of("review.keep"),
                drop=key_of("review.drop"),
            )
        return ""

    def _whole(self) -> str:
        if self.is_undo:
            return _("an undo is written whole or not at all")
        return _("this is written whole or not at all")

    # Writing --------------------------------------------------------------------------------

    def _keep_note(self, *, silently: bool = False) -> Note | None:
        """Keep the note with the draft; a wrong one is an error that names the field."""
        text = self.query_one("#note", Input).value.strip()
        try:
            note = Note(text) if text else None
        except WrongValueError as error:
            if not silently:
                self.behorig.say(sentence(error.refusal), problem=True, code=error.refusal.code)
            return None
        if self._proposal is None and self.desk.draft.count and note != self.desk.draft.note:
            self.desk.change(self.desk.draft.with_note(note))
        return note

    def _where_kept(self) -> str:
        if self._proposal is not None:
            return _("It can be written again from here.")
        return _("The draft stays.") if self.desk.kept else _("The changes stand in this window only.")

    @on(Button.Pressed, "#back")
    def _pressed_back(self) -> None:
        self.do_back()

    @on(Button.Pressed, "#write")
    def _pressed_write(self) -> None:
        if self.behorig.away_since is not None:
            self._refuse()
        elif self._read and not self._writing:
            self.write()

    def _refuse(self) -> None:
        """Say that nothing is written while the storage is away, and where the changes are meanwhile."""
        since = self.behorig.away_since
        if since is not None:
            text = f"{not_written(since, server=self.behorig.is_server)} {self._where_kept()}"
            self.behorig.say(text, problem=True)

    def _lost(self, refusal: Refusal) -> None:
        """Say what is known of a write in the middle of which the storage went away."""
        self.behorig.lose(refusal)
        if not leaves_doubt(refusal):
            self._refuse()
            return
        found_out = (
            _("Whether it was written is found out once there is contact again.")
            if self._proposal is None
            else _("Whether it was written nobody knows; writing it again from here writes it once.")
        )
        parts = (_("The contact was lost while it was written."), found_out, self._where_kept())
        self.behorig.say(" ".join(parts), problem=True, code=refusal.code)

    async def on_table_activated(self) -> None:
        await self.entered("app.told")

    def on_input_changed(self) -> None:
        """Keep the note with the draft as it is written; what is wrong with it is said when it is needed."""
        if self._read:
            self._keep_note(silently=True)

    def on_input_submitted(self) -> None:
        self.query_one("#back", Button).focus()

    async def _last_is_known(self) -> bool:
        """Find out what became of a write whose answer was never heard; ``False`` where that changes all."""
        draft = self.desk.draft
        if self._proposal is not None or draft.pending is None:
            return True
        await self._read_points()
        return self.desk.draft == draft.sent(None)

    @work(group="write")
    async def write(self) -> None:
        """Write what was reviewed, and say in a sentence what was written."""
        text = self.query_one("#note", Input).value.strip()
        note = self._keep_note()
        if text and note is None:
            self.query_one("#note", Input).focus()
            return
        desk = self.desk
        if not await self._last_is_known():
            self.query_one(Table).focus()
            return
        if self.behorig.away_since is not None:
            self._refuse()
            return
        changeset = msgspec.structs.replace(self.changeset, note=note)
        self._writing = True
        self.behorig.say(_("Writing …"))
        try:
            answer = await desk.write(changeset, from_draft=self._proposal is None)
        except StorageError as error:
            if is_away(error.refusal):
                self._lost(error.refusal)
                return
            self.behorig.say(
                f"{sentence(error.refusal)} {self._where_kept()}", problem=True, code=error.refusal.code
            )
            return
        finally:
            self._writing = False
        if isinstance(answer, Refused):
            count = len(answer.refusals)
            self.behorig.say(
                ngettext(
                    "Nothing was written: {count} change no longer fits. The lines with {sign} say which.",
                    "Nothing was written: {count} changes no longer fit. The lines with {sign} say which.",
                    count,
                    sign=self._in_the_way,
                ),
                problem=True,
            )
            await self._read_points(answer.refusals)
            self.table.focus()
            return
        count = len(changeset.changes)
        if self.is_undo:
            written = ngettext("{count} change is undone.", "{count} changes are undone.", count)
        else:
            written = ngettext("{count} change is written.", "{count} changes are written.", count)
        if not any(isinstance(each, NEVER_UNDONE) for each in changeset.changes):
            written += " " + _("{key} undoes it.", key=key_of("app.undo"))
        self.behorig.say(written)
        if self.in_words:
            # A screen reader reads what differs in a frame from the top down: in one of its own, what was
            # written is said before the list that one comes back to.
            await self.behorig.painted()
        self.behorig.wrote()
        self.leave()


def _ended(text: str) -> str:
    """Give a sentence with one full stop at its end."""
    return text if text.endswith((".", "!", "?")) else f"{text}."

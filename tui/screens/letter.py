"""A finished letter: to read, copy, save as a file, send, or throw away."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.containers import Vertical
from textual.widgets import Button, Input

from core.letters import KeptMail, Mail, MailState
from core.ports import StorageError
from core.text import shown
from tui.clipboard import copy
from tui.named_file import named_file
from tui.screens.bands import Line, Told
from tui.screens.dialogs import Buttons, Dialog, Question, button, inner_width
from tui.text import N_, _
from tui.text.letters import state_words, told_of_sending, whole
from tui.text.plain import wrap
from tui.text.refusals import sentence
from tui.threads import in_thread
from tui.widgets.columns import Column
from tui.widgets.field import Field
from tui.widgets.kept_place import KeptPlace
from tui.widgets.rows import Cell
from tui.widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tui.app import Behorig

LABEL_WIDTH = 8

TIGHT = 76
"""Below this many columns the buttons stand one below the other."""


class LetterLines:
    """A letter as rows: its head with labels, then its lines as they are, broken for a width."""

    def __init__(self, mail: Mail) -> None:
        self._mail = mail
        self._lines: list[tuple[str, str]] = []
        self.width = 0

    def break_for(self, width: int) -> None:
        """Break the lines for a width, the labels in it."""
        mail, self.width = self._mail, width
        sender = _("{name} <{email}>", name=mail.sender_name, email=mail.sender)
        head = ((_("From"), sender), (_("To"), mail.to), (_("Subject"), mail.subject), ("", ""))
        self._lines = []
        for label, text in (*head, *(("", line) for line in mail.text.splitlines())):
            room = max(10, width - LABEL_WIDTH - 1)
            indent = text[: len(text) - len(text.lstrip(" "))]
            parts = [indent + part for part in wrap(text, room - len(indent))] or [""]
            self._lines += [(label if not place else "", part) for place, part in enumerate(parts)]

    def row_count(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    def row_key(self, index: int) -> str:
        """The line's number."""
        return str(index)

    def index_of(self, key: str) -> int | None:
        """Where a line stands."""
        return int(key) if int(key) < len(self._lines) else None

    def row(self, index: int) -> Sequence[Cell]:
        """The label and the text of a line."""
        label, text = self._lines[index]
        return Cell(label, "given"), Cell(text)


class LetterScreen(Dialog[None]):
    """Shows a kept letter with what can be done with it. Nothing is sent without a question."""

    DEFAULT_CSS = """
    LetterScreen #state { color: $text-muted; }
    LetterScreen #buttons { margin-top: 0; }
    LetterScreen #buttons Button { margin-right: 0; }
    LetterScreen.-tight #buttons { layout: vertical; height: auto; }
    """

    # Not by focus(), which comes a moment later and would take back what a key typed ahead has moved.
    AUTO_FOCUS = "Table"

    KEYS = (
        (N_("Up Down"), N_("Read on in the letter")),
        (N_("Tab"), N_("To the buttons: copy, save, send, throw away")),
        ("dialog.close", N_("Goes back; the letter stays under Support")),
    )

    def __init__(self, app: Behorig, kept: KeptMail) -> None:
        """Show a letter that is kept; one that could not be has an empty ``place``."""
        super().__init__(classes="-tall")
        self._behorig = app
        self._kept = kept
        self._model = LetterLines(kept.mail)
        self._kept_place = KeptPlace()

    def compose(self) -> ComposeResult:
        columns = [Column("label", "", LABEL_WIDTH), Column("text", "", 10, grow=1)]
        # Before the first layout: a key that is typed ahead finds the lines there.
        self._model.break_for(inner_width(self.app.size.width))
        with Vertical():
            yield Line(id="title")
            yield Told(id="state")
            yield Table(columns, self._model, frozen=1, id="letter")
            with Buttons(id="buttons"):
                yield button(_("Back"), "back")
                yield button(_("Copy"), "copy")
                yield button(_("Save as a file"), "save")
                yield button(_("Send"), "send")
                yield button(_("Throw away"), "drop")

    def on_mount(self) -> None:
        self.query_one("#title", Line).left = _("Letter to the kontaktcenter")
        self._tell_state()

    def _tell_state(self, text: str = "") -> None:
        kept = self._kept
        if not text:
            text = _("State: {state}.", state=state_words(kept.state))
            if kept.place:
                text += " " + _("It lies in {place}", place=kept.place)
        self.query_one("#state", Told).tell(text)

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < TIGHT, "-tight")
        self.call_after_refresh(self._break)

    def _break(self) -> None:
        table = self.query_one(Table)
        if self._model.width != table.size.width:
            self._kept_place.keep(table, self._model, partial(self._model.break_for, table.size.width))

    def on_table_activated(self) -> None:
        self.query_one("#back").focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        match event.button.id:
            case "copy":
                copy(self._behorig, whole(self._kept.mail), _("The letter"))
                self._tell_state(self._behorig.message.text)
            case "save":
                self.save()
            case "send":
                self.send()
            case "drop":
                self.drop()
            case _:
                self.dismiss(None)

    # What can be done -----------------------------------------------------------------------

    @work(exclusive=True, group="letter")
    async def save(self) -> None:
        """Save the letter as a file, after a question where there is one already."""
        letters, mail = self._behorig.letters, self._kept.mail
        if letters is None:
            return
        suggested = Path.home() / f"behorig-{mail.at[:10]}.eml"
        answer = await self.app.push_screen_wait(PathForm(str(suggested)))
        if answer is None:
            return
        path = _expanded(answer)
        try:
            try:
                letters.save(path, mail, replace=False)
            except FileExistsError:
                question = Question(
                    _("Save as a file"),
                    _("{path} is there already. Shall the letter take its place?", path=str(path)),
                    yes=_("Replace it"),
                    no=_("Leave it"),
                )
                if not await self.app.push_screen_wait(question):
                    self._tell_state(_("Nothing was saved."))
                    return
                letters.save(path, mail)
        except StorageError as error:
            text = sentence(error.refusal)
            self._behorig.say(text, problem=True, code=error.refusal.code)
        else:
            text = _("The letter is saved as {path}. A mail program opens it.", path=shown(str(path)))
            self._behorig.say(text)
        self._tell_state(text)

    @work(exclusive=True, group="letter")
    async def send(self) -> None:
        """Send the letter after a question, and go back: the work goes on meanwhile."""
        letters, kept = self._behorig.letters, self._kept
        reason = self._why_not_send()
        if reason or letters is None:
            self._tell_state(reason)
            return
        if kept.state is MailState.UNSURE:
            text = _("It may have arrived already. Sent again, the kontaktcenter may get it twice.")
        else:
            text = _("The letter goes to {to} as it stands here.", to=kept.mail.to)
        if not await self.app.push_screen_wait(Question(_("Send"), text, yes=_("Send"), no=_("Do not send"))):
            return
        self._behorig.begin(partial(send_mail, self._behorig, kept.mail), group="send", exclusive=False)
        self.dismiss(None)

    def _why_not_send(self) -> str:
        letters, kept = self._behorig.letters, self._kept
        if letters is None or not letters.can_send:
            return _("No mail server is named (smtp_host). Copy the letter, or save it as a file.")
        if not kept.place:
            return _("It could not be kept on disk, and only what is kept is sent. Copy it, or save it.")
        if kept.state is MailState.SENDING:
            return _("It is being sent already.")
        if kept.state is MailState.SENT:
            return _("It has been sent.")
        return ""

    @work(exclusive=True, group="letter")
    async def drop(self) -> None:
        """Throw the letter away after a question."""
        letters, kept = self._behorig.letters, self._kept
        if kept.state is MailState.SENDING:
            self._tell_state(_("It is being sent already."))
            return
        question = Question(
            _("Throw away"), _("The letter is gone then."), yes=_("Throw away"), no=_("Keep it")
        )
        if letters is None or not await self.app.push_screen_wait(question):
            return
        if kept.place:
            try:
                letters.drop(kept.mail.id)
            except StorageError as error:
                self._tell_state(sentence(error.refusal))
                return
        self._behorig.say(_("The letter is thrown away."))
        self.dismiss(None)


def _expanded(answer: str) -> Path:
    return named_file(answer)


class PathForm(Dialog[str]):
    """Asks for the name of a file; answers it, or ``None``."""

    AUTO_FOCUS = "#path"
    OWN_ACTIONS: ClassVar[tuple[str, ...]] = (*Dialog.OWN_ACTIONS, "form.go_on")
    KEYS = ((N_("Enter"), N_("Saves under this name")), *Dialog.KEYS)

    def __init__(self, suggested: str) -> None:
        """Suggest a name."""
        super().__init__()
        self._suggested = suggested

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Line(id="title")
            yield Field(self._suggested, id="path")
            with Buttons(id="buttons"):
                yield button(_("Back"), "back")
                yield button(_("Save"), "take")

    def on_mount(self) -> None:
        self.query_one("#title", Line).left = _("Save the letter as")

    def on_input_submitted(self) -> None:
        self.action_go_on()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "take":
            self.action_go_on()
        else:
            self.dismiss(None)

    def action_go_on(self) -> None:
        """Answer with the name."""
        value = self.query_one(Input).value.strip()
        if value:
            self.dismiss(value)


async def send_mail(app: Behorig, mail: Mail) -> None:
    """Send a kept letter while the work goes on, and say what became of it."""
    letters = app.letters
    if letters is None:
        return
    app.say(_("Sending the letter to {to} …", to=mail.to))
    state, refusal = await in_thread(lambda: letters.send(mail.id))
    text, problem = told_of_sending(mail, state, refusal)
    app.say(text, problem=problem, code="" if refusal is None else refusal.code)
    front = app.room
    if front is not None:
        front.letters_changed()

"""The form for a question to the kontaktcenter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Button, Input

from core.text import shown, trimmed
from tui.screens.bands import Line, Told
from tui.screens.dialogs import Buttons, Dialog, Question, button
from tui.text import N_, _
from tui.widgets.field import Field
from tui.widgets.text_box import TextBox

if TYPE_CHECKING:
    from textual.app import ComposeResult

LONGEST_SUBJECT = 160
LONGEST_TEXT = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was written; ``with_technical`` says that the lines shown first go along."""

    subject: str
    text: str
    with_technical: bool


class SubjectField(Field):
    """The subject: Enter and Down go on to the text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", show=False, id="form.next"),
    ]

    async def action_submit(self) -> None:
        """Go on to the text."""
        self.screen.focus_next()


class QuestionForm(Dialog[Asked]):
    """Asks for subject and text; answers them, or ``None``."""

    DEFAULT_CSS = """
    QuestionForm { align: center top; }
    QuestionForm .field { height: 1; layout: horizontal; }
    QuestionForm SubjectField { width: 1fr; }
    QuestionForm .label { width: 8; }
    QuestionForm #fault { color: $text-error; }
    QuestionForm #hint { color: $text-muted; }
    """

    # Not by focus(), which comes a moment later and would take back what a key typed ahead has moved.
    AUTO_FOCUS = "#subject"

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f8", "check", show=False, id="question.check")]
    KEYS = (
        (N_("Tab"), N_("On to the next part of the screen; Shift+Tab back")),
        (N_("F8"), N_("Shows the finished letter; nothing is sent yet")),
        *Dialog.KEYS,
    )

    def __init__(self, technical: str) -> None:
        """Offer to add ``technical``, which is shown word for word before it is."""
        super().__init__()
        self._technical = technical

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Line(id="title")
            yield Told(id="hint")
            with Vertical(classes="field"):
                line = Line(classes="label")
                line.left = _("Subject")
                yield line
                yield SubjectField(id="subject")
            yield TextBox(id="text")
            yield Told(id="fault")
            with Buttons(id="buttons"):
                yield button(_("Back"), "back")
                yield button(_("Show the letter"), "go_on")

    def on_mount(self) -> None:
        self.query_one("#title", Line).left = _("Question to the kontaktcenter")
        self.query_one("#hint", Told).tell(
            _("Write no more about people than is needed. F8 shows the letter. Nothing is sent yet.")
        )

    @on(Button.Pressed, "#back")
    def _go_back(self) -> None:
        self.leave()

    @on(Button.Pressed, "#go_on")
    def _pressed(self) -> None:
        self.check()

    def action_check(self) -> None:
        self.check()

    def on_key(self, event: events.Key) -> None:
        if event.key == "escape":
            event.stop()
            self.leave()

    def action_close(self) -> None:
        self.leave()

    def _written(self) -> tuple[str, str]:
        subject = shown(trimmed(self.query_one("#subject", Input).value), LONGEST_SUBJECT)
        lines = self.query_one(TextBox).text.strip().splitlines()
        return subject, "\n".join(shown(line, LONGEST_TEXT) for line in lines)

    @work(exclusive=True, group="leave_form")
    async def leave(self) -> None:
        """Go back; ask first when something was typed."""
        if any(self._written()):
            question = Question(
                _("Leave the form"),
                _("What you typed here is lost if you leave."),
                yes=_("Leave"),
                no=_("Stay"),
            )
            if not await self.app.push_screen_wait(question):
                return
        self.dismiss(None)

    @work(exclusive=True, group="check")
    async def check(self) -> None:
        """Check what is written, ask whether the technical lines go along, and answer."""
        subject, text = self._written()
        fault = ""
        if not subject:
            fault = _("Say in the subject what it is about.")
            self.query_one("#subject", Input).focus()
        elif not text:
            fault = _("Write the question.")
            self.query_one(TextBox).focus()
        elif len(text) > LONGEST_TEXT:
            fault = _("The question is too long for a letter.")
        self.query_one("#fault", Told).tell(fault)
        if fault:
            return
        told = _("These lines can go along, and nothing else about you or the users:")
        question = Question(
            _("Technical lines"),
            f"{told}\n{self._technical}",
            yes=_("Let them go along"),
            no=_("Without them"),
        )
        answer = await self.app.push_screen_wait(question)
        if answer is not None:
            self.dismiss(Asked(subject, text, answer))

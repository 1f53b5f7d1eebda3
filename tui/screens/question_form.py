"""The form for a question to the kontaktcenter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import work
from textual.containers import Vertical
from textual.widgets import Input

from core.text import shown, trimmed
from tui.actions import key_of
from tui.letters import LONGEST_SUBJECT, LONGEST_TEXT
from tui.screens.bands import Line, Told
from tui.screens.dialogs import Dialog, Question
from tui.screens.form import Form, FormField
from tui.text import N_, _
from tui.widgets.text_box import TextBox

if TYPE_CHECKING:
    from textual.app import ComposeResult


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was written; ``with_technical`` says that the lines shown first go along."""

    subject: str
    text: str
    with_technical: bool


class QuestionForm(Form[Asked]):
    """Asks for subject and text; answers them, or ``None``."""

    DEFAULT_CSS = """
    QuestionForm .label { width: 8; }
    QuestionForm #fault { color: $text-error; }
    """

    KEYS = (
        (N_("Tab"), N_("On to the next part of the screen; Shift+Tab back")),
        ("form.go_on", N_("Shows the finished letter; nothing is sent yet")),
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
            yield from self.labelled(_("Subject"), FormField(id="subject"))
            yield TextBox(id="text")
            yield Told(id="fault")
            yield from self.buttons(_("Show the letter"))

    def on_mount(self) -> None:
        self.tell(
            _("Question to the kontaktcenter"),
            _(
                "Write no more about people than is needed. {key} shows the letter. Nothing is sent yet.",
                key=key_of("form.go_on"),
            ),
        )

    def action_go_on(self) -> None:
        self.check()

    @property
    def is_written_in(self) -> bool:
        return any(self._written())

    def _written(self) -> tuple[str, str]:
        subject = shown(trimmed(self.query_one("#subject", Input).value), LONGEST_SUBJECT)
        lines = self.query_one(TextBox).text.strip().splitlines()
        return subject, "\n".join(shown(line, LONGEST_TEXT) for line in lines)

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

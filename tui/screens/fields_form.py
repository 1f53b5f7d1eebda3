"""A small form: some fields, each checked by its own type; what it answers goes to the review."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Button, Input

from core.refusal import Refusal, WrongValueError
from tui.screens.bands import Line, Told
from tui.screens.dialogs import Buttons, Dialog, Question, button
from tui.text import N_, _
from tui.text.refusals import sentence
from tui.widgets.field import Field

if TYPE_CHECKING:
    from textual.app import ComposeResult

Answer = dict[str, object]


@dataclass(frozen=True, slots=True)
class Asked:
    """One field: its id and label, what makes its value of the text or says what is wrong, and what it holds.

    An ``optional`` one may be empty, and is then ``None``. ``hint`` stands in it while it is.
    """

    id: str
    label: str
    make: Callable[[str], object]
    value: str = ""
    optional: bool = False
    hint: str = ""


def day(text: str) -> date:
    """Give a day written like 2026-12-01; else :class:`core.refusal.WrongValueError`."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise WrongValueError(Refusal("day_form", "day")) from error


class _FormField(Field):
    """A field of the form: Enter and Down go on, Up goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", show=False, id="fields.next"),
        Binding("up", "app.focus_previous", show=False, id="fields.previous"),
    ]

    async def action_submit(self) -> None:
        """Go on; after the last field to the button, and not past it."""
        fields = list(self.screen.query(_FormField))
        if self is fields[-1]:
            self.screen.query_one("#on").focus()
        else:
            self.screen.focus_next()


class FieldsForm(Dialog[Answer]):
    """Asks for some values; answers them by field, or ``None``."""

    DEFAULT_CSS = """
    FieldsForm { align: center top; }
    FieldsForm .field { height: 1; layout: horizontal; }
    FieldsForm _FormField { width: 1fr; }
    FieldsForm .label { width: 22; }
    FieldsForm .fault { height: auto; color: $text-error; padding: 0 0 0 22; }
    FieldsForm .empty { display: none; }
    FieldsForm #hint { color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f8", "on", show=False, id="fields.on")]
    KEYS = (
        (N_("Enter"), N_("Goes on to the next field, and on a button does what it says")),
        (N_("F8"), N_("Goes on to the review; nothing is written before it")),
        (N_("Esc"), N_("Leaves the form, after a question when something is typed")),
    )

    def __init__(self, title: str, asked: Sequence[Asked], hint: str = "") -> None:
        """Ask for the fields in their order."""
        super().__init__()
        self._heading = title
        self._asked = tuple(asked)
        self._hint = hint

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Line(id="title")
            yield Told(id="hint")
            for each in self._asked:
                with Vertical(classes="field"):
                    line = Line(classes="label")
                    line.left = each.label
                    yield line
                    yield _FormField(each.value, id=each.id, placeholder=each.hint)
                yield Told(id=f"fault_{each.id}", classes="fault empty")
            with Buttons(id="buttons"):
                yield button(_("Back"), "back")
                yield button(_("Review"), "on")

    def on_mount(self) -> None:
        self.query_one("#title", Line).left = self._heading
        hint = _("Enter goes on, F8 reviews. Nothing is written before the review.")
        self.query_one("#hint", Told).tell(f"{self._hint}\n{hint}" if self._hint else hint)
        self.query(_FormField).first().focus()

    @on(Button.Pressed, "#back")
    def _go_back(self) -> None:
        self.leave()

    @on(Button.Pressed, "#on")
    def _pressed(self) -> None:
        self.action_on()

    def action_on(self) -> None:
        """Check every field, and answer when all are right."""
        answer: Answer = {}
        wrong: list[str] = []
        for each in self._asked:
            text = self.query_one(f"#{each.id}", Input).value.strip()
            fault = ""
            try:
                answer[each.id] = None if each.optional and not text else each.make(text)
            except WrongValueError as error:
                fault = sentence(error.refusal)
                wrong.append(each.id)
            told = self.query_one(f"#fault_{each.id}", Told)
            told.set_class(not fault, "empty")
            told.tell(fault)
        if wrong:
            self.query_one(f"#{wrong[0]}", Input).focus()
        else:
            self.dismiss(answer)

    def on_key(self, event: events.Key) -> None:
        if event.key == "escape":
            event.stop()
            self.leave()

    @work(exclusive=True, group="stage")
    async def leave(self) -> None:
        """Go back; ask first when something was typed."""
        if any(self.query_one(f"#{each.id}", Input).value != each.value for each in self._asked):
            question = Question(
                _("Leave the form"),
                _("What you typed here is lost if you leave."),
                yes=_("Leave"),
                no=_("Stay"),
            )
            if not await self.app.push_screen_wait(question):
                return
        self.dismiss(None)

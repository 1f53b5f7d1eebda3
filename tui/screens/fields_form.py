"""A small form: some fields, each checked by its own type; what it answers goes to the review."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.widgets import Input

from core.refusal import Refusal, WrongValueError
from tui.actions import key_of
from tui.screens.bands import Line, Told
from tui.screens.form import Form, FormField
from tui.text import N_, _
from tui.text.refusals import sentence

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


class FieldsForm(Form[Answer]):
    """Asks for some values; answers them by field, or ``None``."""

    DEFAULT_CSS = """
    FieldsForm .label { width: 22; }
    FieldsForm .fault { padding: 0 0 0 22; }
    """
    KEYS = (
        (N_("Enter"), N_("Goes on to the next field, and on a button does what it says")),
        ("form.go_on", N_("Goes on to the review; nothing is written before it")),
        ("dialog.close", N_("Leaves the form, after a question when something is typed")),
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
                yield from self.labelled(each.label, FormField(each.value, id=each.id, placeholder=each.hint))
                yield self.fault_of(each.id)
            yield from self.buttons(_("Review"))

    def on_mount(self) -> None:
        hint = _(
            "Enter goes on, {key} reviews. Nothing is written before the review.", key=key_of("form.go_on")
        )
        self.tell(self._heading, f"{self._hint}\n{hint}" if self._hint else hint)

    def action_go_on(self) -> None:
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
            self.tell_below("fault", each.id, fault)
        if wrong:
            self.query_one(f"#{wrong[0]}", Input).focus()
        else:
            self.dismiss(answer)

    @property
    def is_written_in(self) -> bool:
        return any(self.query_one(f"#{each.id}", Input).value != each.value for each in self._asked)

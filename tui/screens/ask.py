"""A dialog that asks for one line of text, and says in a sentence what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical

from tui.screens.bands import FittingLine, Line, Told
from tui.screens.dialogs import Dialog
from tui.text import N_, _
from tui.text.dates import day as day_text
from tui.text.read_day import read_day
from tui.widgets.field import Field

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widgets import Input


class Ask(Dialog[str]):
    """One field; Enter takes what it holds, if nothing is wrong with it."""

    BINDINGS: ClassVar[list[BindingType]] = []
    KEYS = ((N_("Enter"), N_("Takes what is written")), *Dialog.KEYS)

    DEFAULT_CSS = """
    Ask #wrong { color: $text-error; }
    Ask Field { margin: 0 1; }
    """

    def __init__(self, title: str, text: str, *, value: str = "", fault: Callable[[str], str]) -> None:
        """Ask ``text``; ``fault`` gives a sentence where an answer will not do, else ``""``."""
        super().__init__()
        self._heading = title
        self._text = text
        self._value = value
        self._fault = fault

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Line(id="title")
            yield Told(id="text")
            yield Field(self._value, id="answer")
            yield Told(id="wrong")
            yield FittingLine(id="keys")

    def on_mount(self) -> None:
        self.query_one("#title", Line).left = self._heading
        self.query_one("#text", Told).tell(self._text)
        self.query_one("#keys", FittingLine).tell_keys(_("Esc Back  Enter Take it"))
        self.query_one(Field).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        fault = self._fault(event.value.strip())
        self.query_one("#wrong", Told).tell(fault)
        if not fault:
            self.dismiss(event.value.strip())


def ask_day(title: str, text: str, *, today: date, value: date | None, may_be_empty: bool) -> Ask:
    """Ask for a day no later than ``today``; an empty answer, where it may be given, is ``""``."""

    def fault(answer: str) -> str:
        if not answer:
            return "" if may_be_empty else _("Write a day, for instance 2023-05-02.")
        day = read_day(answer, today)
        if day is None:
            return _("“{text}” is no day. Write 2023-05-02, 2 May 2023 or 2/5 2023.", text=answer)
        if day > today:
            return _("{day} has not been yet.", day=day_text(day))
        return ""

    return Ask(title, text, value="" if value is None else value.isoformat(), fault=fault)

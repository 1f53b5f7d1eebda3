"""The form in which support enters a part of the kontaktcenter's contact."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Button, Input

from core import changes as c
from core.identity import Note
from core.refusal import Refusal, WrongValueError
from core.support import PART_TYPES, Contact, ContactPart
from tui.screens.bands import Line, Told
from tui.screens.dialogs import Buttons, Dialog, button
from tui.text import N_, _
from tui.text.refusals import sentence
from tui.widgets.field import Field

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.desk import Desk

FIELDS = (
    ("email", N_("E-mail")),
    ("telephone", N_("Telephone")),
    ("hours", N_("Telephone hours")),
    ("from_day", N_("From day")),
)


class ContactField(Field):
    """A field: Enter and Down go to the next one, Up to the one before."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", show=False, id="form.next"),
        Binding("up", "app.focus_previous", show=False, id="form.previous"),
    ]

    async def action_submit(self) -> None:
        """Go on to what comes next."""
        self.screen.focus_next()


class ContactForm(Dialog[c.SetContact]):
    """Asks for one part that is another from a day on; answers the change, or ``None``.

    An emptied field is a part that there is no more. Each part is dated by itself, so one is changed at
    a time; the review shows it before it is written.
    """

    DEFAULT_CSS = """
    ContactForm { align: center top; }
    ContactForm .field { height: 1; layout: horizontal; }
    ContactForm ContactField { width: 1fr; }
    ContactForm .label { width: 14; }
    ContactForm #fault { color: $text-error; }
    ContactForm #hint { color: $text-muted; }
    """

    # Not by focus(), which comes a moment later and would take back what a key typed ahead has moved.
    AUTO_FOCUS = "#email"

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f8", "check", show=False, id="contact.check")]
    KEYS = (
        (N_("Enter"), N_("Goes on to the next field, and on a button does what it says")),
        (N_("F8"), N_("Goes on to the review; nothing is written before it")),
        *Dialog.KEYS,
    )

    def __init__(self, desk: Desk, contact: Contact) -> None:
        """Show the contact of today."""
        super().__init__()
        self._desk = desk
        self._contact = contact

    def compose(self) -> ComposeResult:
        values = {part.value: str(getattr(self._contact, part.value)) for part in ContactPart}
        values["from_day"] = self._desk.today.isoformat()
        with Vertical():
            yield Line(id="title")
            yield Told(id="hint")
            for name, label in FIELDS:
                with Vertical(classes="field"):
                    line = Line(classes="label")
                    line.left = _(label)
                    yield line
                    yield ContactField(values[name], id=name)
            yield Told(id="fault")
            with Buttons(id="buttons"):
                yield button(_("Back"), "back")
                yield button(_("Review"), "check")

    def on_mount(self) -> None:
        self.query_one("#title", Line).left = _("The kontaktcenter's contact")
        self.query_one("#hint", Told).tell(
            _("Change one part and say from which day it holds (year-month-day). Empty takes it away.")
        )

    @on(Button.Pressed, "#back")
    def _go_back(self) -> None:
        self.dismiss(None)

    @on(Button.Pressed, "#check")
    def _pressed(self) -> None:
        self.action_check()

    def action_check(self) -> None:
        """Check what is written and answer with the change."""
        try:
            self.dismiss(self._change())
        except WrongValueError as error:
            names = {part.value: _(label) for part, (_name, label) in zip(ContactPart, FIELDS, strict=False)}
            self.query_one("#fault", Told).tell(sentence(error.refusal, names))

    def _change(self) -> c.SetContact:
        written = {part: self.query_one(f"#{part.value}", Input).value.strip() for part in ContactPart}
        changed = [part for part, value in written.items() if value != getattr(self._contact, part.value)]
        if not changed:
            raise WrongValueError(Refusal("nothing_changed", ContactPart.EMAIL.value))
        if len(changed) > 1:
            raise WrongValueError(Refusal("contact_one_part", changed[1].value))
        part = changed[0]
        value = written[part]
        try:
            from_day = date.fromisoformat(self.query_one("#from_day", Input).value.strip())
        except ValueError:
            raise WrongValueError(Refusal("day_form", "from_day")) from None
        if not value and part is ContactPart.EMAIL:
            raise WrongValueError(Refusal("contact_needs_email", part.value))
        if value:
            PART_TYPES[part](value)
        return c.SetContact(part=part, value=Note(value) if value else None, from_day=from_day)

    def on_key(self, event: events.Key) -> None:
        if event.key == "escape":
            event.stop()
            self.dismiss(None)

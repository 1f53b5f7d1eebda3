"""The form in which support enters a part of the kontaktcenter's contact."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.widgets import Input

from core import changes as c
from core.identity import Note
from core.refusal import Refusal, WrongValueError
from core.support import PART_TYPES, Contact, ContactPart
from tui.screens.bands import Line, Told
from tui.screens.dialogs import Dialog
from tui.screens.form import Form, FormField
from tui.text import N_, _
from tui.text.refusals import sentence

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.desk import Desk

FIELDS = (
    ("email", N_("E-mail")),
    ("telephone", N_("Telephone")),
    ("hours", N_("Telephone hours")),
    ("from_day", N_("From day")),
)


class ContactForm(Form[c.SetContact]):
    """Asks for one part that is another from a day on; answers the change, or ``None``.

    An emptied field is a part that there is no more. Each part is dated by itself, so one is changed at
    a time; the review shows it before it is written.
    """

    DEFAULT_CSS = "ContactForm #fault { color: $text-error; }"

    KEYS = (
        (N_("Enter"), N_("Goes on to the next field, and on a button does what it says")),
        ("form.go_on", N_("Goes on to the review; nothing is written before it")),
        *Dialog.KEYS,
    )

    def __init__(self, desk: Desk, contact: Contact) -> None:
        """Show the contact of today."""
        super().__init__()
        self._desk = desk
        self._contact = contact

    def compose(self) -> ComposeResult:
        values = self._values()
        with Vertical():
            yield Line(id="title")
            yield Told(id="hint")
            for name, label in FIELDS:
                yield from self.labelled(_(label), FormField(values[name], id=name))
            yield Told(id="fault")
            yield from self.buttons(_("Review"))

    def _values(self) -> dict[str, str]:
        """Give what stands in each field at first."""
        values = {part.value: str(getattr(self._contact, part.value)) for part in ContactPart}
        return {**values, "from_day": self._desk.today.isoformat()}

    def on_mount(self) -> None:
        self.tell(
            _("The kontaktcenter's contact"),
            _("Change one part and say from which day it holds (year-month-day). Empty takes it away."),
        )

    @property
    def is_written_in(self) -> bool:
        values = self._values()
        return any(self.query_one(f"#{name}", Input).value != value for name, value in values.items())

    def action_go_on(self) -> None:
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

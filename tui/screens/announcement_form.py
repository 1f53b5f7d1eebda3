"""The form with which support writes what is current: new, scheduled or corrected, with a preview."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Vertical
from textual.widgets import Button, Input

from core.announcements import (
    AnnouncementDetail,
    AnnouncementKind,
    AnnouncementRow,
    Content,
    Correction,
    Done,
    NewContent,
    content_in,
    content_of,
)
from core.changes import CorrectAnnouncement, PublishAnnouncement
from core.days import day_of
from core.directory import AUTHORITY
from core.identity import Headline, Id, Instruction, MarkdownText, Note
from core.refusal import WrongValueError
from tui.actions import key_of
from tui.screens.announcement import Reader, reading_table
from tui.screens.bands import FittingLine, Line, Told
from tui.screens.dialogs import Buttons, Choice, Dialog, LineButton, Option, button
from tui.screens.form import Form, FormField
from tui.text import N_, _
from tui.text.announcements import KIND_NAMES, kind_name
from tui.text.read_moment import read_moment, written_moment
from tui.text.refusals import sentence
from tui.widgets.kept_place import KeptPlace
from tui.widgets.table import Table
from tui.widgets.text_box import TextBox

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.app import Behorig
    from tui.desk import Desk
    from tui.text.sentences import Words

FIELDS = (
    ("headline", N_("Heading")),
    ("published", N_("Published")),
    ("effective", N_("Holds from")),
    ("action", N_("To do")),
    ("begins", N_("Begins")),
    ("ends", N_("Ends")),
    ("correction", N_("What is corrected")),
)
"""The fields of one line, in their order."""

CHOSEN = (("kind", N_("Kind")), ("e_service", N_("E-service")), ("permissions", N_("Permissions")))
"""What is chosen from lists."""

AnyWriting = PublishAnnouncement | CorrectAnnouncement


class WrongFieldError(Exception):
    """A field cannot be taken as it stands: which, and a sentence that says why."""

    def __init__(self, field: str, text: str) -> None:
        """Carry a whole sentence in the reader's language."""
        super().__init__(text)
        self.field = field
        self.text = text


class AnnouncementForm(Form[AnyWriting]):
    """Asks what an announcement shall say; answers the change, to be reviewed, or ``None``."""

    DEFAULT_CSS = """
    AnnouncementForm .label { width: 20; }
    AnnouncementForm TextBox, AnnouncementForm TextBox:focus { height: 6; }
    AnnouncementForm #fault { height: auto; color: $text-error; }
    """

    OWN_ACTIONS: ClassVar[tuple[str, ...]] = (*Form.OWN_ACTIONS, "announcement_form.preview")
    KEYS = (
        (N_("Tab"), N_("Goes on to the next field, and on a button Enter does what it says")),
        ("announcement_form.preview", N_("Shows what administrators will see")),
        ("form.go_on", N_("Goes to the review; nothing is written before")),
        ("dialog.close", N_("Leaves the form, after a question when something is typed")),
    )

    def __init__(
        self, desk: Desk, words: Words, given: PublishAnnouncement | AnnouncementDetail | None = None
    ) -> None:
        """Begin empty, with something ready-written, or with an announcement that is to be corrected."""
        super().__init__()
        self._desk = desk
        self._words = words
        self._corrected = given if isinstance(given, AnnouncementDetail) else None
        self._announcement_id = Id(desk.service.new_id())
        content: Content | None = None
        if isinstance(given, PublishAnnouncement):
            self._announcement_id = given.announcement_id
            content = content_of(given.content)
        elif given is not None:
            self._announcement_id = Id(given.row.id)
            content = content_in(given)
        self._kind = AnnouncementKind.OTHER if content is None else content.kind
        self._e_service_id = "" if content is None else content.e_service_id
        self._permission_ids = () if content is None else content.permission_ids
        self._begins_with = self._texts(content)

    def _texts(self, content: Content | None) -> dict[str, str]:
        """Give what the fields begin with."""
        if content is None:
            return {name: "" for name, _label in FIELDS} | {"text": ""}
        scheduled = self._corrected is not None or day_of(content.published_at) > self._desk.today
        return {
            "headline": content.title,
            "published": written_moment(content.published_at) if scheduled else "",
            "effective": "" if content.effective_on is None else content.effective_on.isoformat(),
            "action": content.action,
            "begins": written_moment(content.begins),
            "ends": written_moment(content.ends),
            "correction": "",
            "text": content.text,
        }

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Line(id="title")
            yield Told(id="hint")
            for name, label in CHOSEN:
                yield from self.labelled(_(label), button("", f"choose_{name}"))
            for name, label in FIELDS:
                if name == "correction" and self._corrected is None:
                    continue
                field = FormField(self._begins_with[name], id=name, placeholder=_placeholder(name))
                yield from self.labelled(_(label), field)
            label_of_text = Line(classes="label")
            label_of_text.left = _("The text, in Markdown")
            yield label_of_text
            yield TextBox(self._begins_with["text"], id="text")
            yield Told(id="fault", classes="empty")
            with Buttons(id="buttons"):
                yield button(_("Back"), "back")
                yield button(_("Preview"), "preview")
                yield button(_("Review"), "go_on")

    def on_mount(self) -> None:
        title = _("Write new") if self._corrected is None else _("Correct what is published")
        self.tell(
            title,
            _(
                "Tab goes on, {preview} shows what administrators will see, {key} goes to the review.",
                preview=key_of("announcement_form.preview"),
                key=key_of("form.go_on"),
            ),
        )
        self._tell_chosen()

    def _tell_chosen(self) -> None:
        e_service = self._words.e_service(self._e_service_id) if self._e_service_id else _("none")
        names = _(", ").join(self._words.permission(each) for each in self._permission_ids)
        for name, text in (("kind", kind_name(self._kind)), ("e_service", e_service), ("permissions", names)):
            self.query_one(f"#choose_{name}", LineButton).say(text or _("none"))

    # Choosing -------------------------------------------------------------------------------

    @on(Button.Pressed, "#choose_kind")
    @work(exclusive=True, group="dialog")
    async def _choose_kind(self) -> None:
        options = [Option(kind.value, _(name)) for kind, name in KIND_NAMES.items()]
        chosen = await self.app.push_screen_wait(Choice(_("Kind"), options, chosen=self._kind.value))
        if chosen is not None:
            self._kind = AnnouncementKind(chosen)
            self._tell_chosen()

    @on(Button.Pressed, "#choose_e_service")
    @work(exclusive=True, group="dialog")
    async def _choose_e_service(self) -> None:
        options = [Option("none", _("none"))]
        options += [Option(f"s+{each.id}", each.name) for each in self._desk.catalogue.e_services]
        chosen = await self.app.push_screen_wait(Choice(_("E-service"), options))
        if chosen is not None:
            self._e_service_id = chosen[2:] if chosen.startswith("s+") else ""
            self._tell_chosen()

    @on(Button.Pressed, "#choose_permissions")
    @work(exclusive=True, group="dialog")
    async def _choose_permissions(self) -> None:
        """Add permissions or take them away, one after another, until Esc."""
        last: str | None = None
        while True:
            options = [
                Option(
                    each.id,
                    each.name_on(self._desk.today),
                    _("chosen") if each.id in self._permission_ids else "",
                )
                for each in self._desk.catalogue.permissions
            ]
            title = _("Permissions: Enter adds or takes away, Esc is done")
            last = await self.app.push_screen_wait(Choice(title, options, chosen=last, searched=False))
            if last is None:
                return
            before = self._permission_ids
            self._permission_ids = (
                tuple(each for each in before if each != last) if last in before else (*before, last)
            )
            self._tell_chosen()

    # Checking -------------------------------------------------------------------------------

    def _value(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    def _text(self) -> str:
        return self.query_one(TextBox).text

    def _content(self) -> NewContent:
        """Give what is written; a field that is wrong is a :class:`WrongFieldError`."""
        published = _moment_of("published", self._value("published")) or self._desk.service.now()
        action = self._value("action")
        try:
            return NewContent(
                kind=self._kind,
                title=Headline(self._value("headline")),
                text=MarkdownText(self._text()),
                published_at=self._published_before(published),
                e_service_id=Id(self._e_service_id) if self._e_service_id else None,
                permission_ids=tuple(Id(each) for each in self._permission_ids),
                effective_on=_day_of("effective", self._value("effective")),
                action=Instruction(action) if action else None,
                begins=_moment_of("begins", self._value("begins")),
                ends=_moment_of("ends", self._value("ends")),
            )
        except WrongValueError as error:
            raise WrongFieldError(error.refusal.subject, sentence(error.refusal)) from error

    def _published_before(self, published: datetime) -> datetime:
        """Keep the very moment where the field still says the same minute."""
        if self._corrected is None:
            return published
        before = self._corrected.row.published_at
        return before if written_moment(before) == self._value("published") else published

    def _change(self) -> AnyWriting:
        content = self._content()
        if self._corrected is None:
            return PublishAnnouncement(announcement_id=self._announcement_id, content=content)
        try:
            correction = Note(self._value("correction"))
        except WrongValueError as error:
            raise WrongFieldError("correction", _("Say in a few words what is corrected.")) from error
        return CorrectAnnouncement(
            announcement_id=self._announcement_id,
            seen_version=self._corrected.row.version,
            content=content,
            correction=correction,
        )

    def _tell_fault(self, error: WrongFieldError | None) -> None:
        fault = self.query_one("#fault", Told)
        fault.set_class(error is None, "empty")
        fault.tell("" if error is None else error.text)
        if error is not None:
            self.query_one(f"#{error.field}").focus()

    def on_input_changed(self) -> None:
        """Take what was said about a field away once something is written."""
        self._tell_fault(None)

    def on_text_area_changed(self) -> None:
        """Take what was said about a field away once something is written."""
        self._tell_fault(None)

    # Leaving --------------------------------------------------------------------------------

    @on(Button.Pressed, "#preview")
    def _pressed_preview(self) -> None:
        self.action_preview()

    def action_preview(self) -> None:
        """Show what administrators will see."""
        try:
            change = self._change()
        except WrongFieldError as error:
            self._tell_fault(error)
            return
        self._tell_fault(None)
        self.app.push_screen(Preview(Reader(_as_seen(change, self._corrected, self._desk), self._words)))

    def action_go_on(self) -> None:
        """Give the change to whoever reviews it."""
        try:
            change = self._change()
        except WrongFieldError as error:
            self._tell_fault(error)
            return
        self.dismiss(change)

    @property
    def is_written_in(self) -> bool:
        return self._text() != self._begins_with["text"] or any(
            each.value != self._begins_with[str(each.id)] for each in self.query(FormField)
        )


class Preview(Dialog[None]):
    """What administrators will see, before it is written."""

    def __init__(self, reader: Reader) -> None:
        """Show the lines of a reader."""
        super().__init__(classes="-tall")
        self._reader = reader
        self._kept_place = KeptPlace()

    @property
    def whole(self) -> str:
        """All of the paragraph under the cursor."""
        return self._reader.whole(self.query_one(Table).cursor_row)

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Line(id="title")
            yield reading_table(self._reader)
            yield FittingLine(id="keys")

    def on_mount(self) -> None:
        self.query_one("#title", Line).left = _("So administrators will see it")
        self.query_one("#keys", FittingLine).tell_keys(_("Esc Back  Up and down read on"))
        self.query_one(Table).focus()

    def on_resize(self) -> None:
        self.call_after_refresh(self._break)

    def _break(self) -> None:
        table = self.query_one(Table)
        self._kept_place.keep(table, self._reader, partial(self._reader.break_for, table.size.width))

    def on_table_activated(self) -> None:
        self.dismiss(None)


async def write_announcement(app: Behorig, given: PublishAnnouncement | None = None) -> None:
    """Let support write something new, or go on from something ready-written, and review it."""
    await _write(app, given)


async def correct_announcement(app: Behorig, detail: AnnouncementDetail) -> None:
    """Let support correct an announcement, and review it."""
    await _write(app, detail)


async def _write(app: Behorig, given: PublishAnnouncement | AnnouncementDetail | None) -> None:
    room = app.room
    if room is None:
        return
    change = await app.push_screen_wait(AnnouncementForm(app.desk, room.words(), given))
    if change is not None:
        app.review(app.desk.service.changeset(AUTHORITY, (change,)))


# What is written in fields ------------------------------------------------------------------------


def _placeholder(name: str) -> str:
    match name:
        case "published":
            return _("at once, or such as 2024-02-01 08:00")
        case "begins" | "ends":
            return _("such as 2024-02-01 18:00, for maintenance and incidents")
        case "effective":
            return _("such as 2024-02-01")
        case "action":
            return _("what the administrator must do, or nothing")
        case _:
            return ""


def _moment_of(field: str, text: str) -> datetime | None:
    """Read a moment by the clock in Sweden, ``None`` where nothing is written."""
    if not text:
        return None
    moment = read_moment(text)
    if moment is None:
        raise WrongFieldError(
            field, _("“{text}” is no time: write a day and a time, such as 2024-02-01 08:00.", text=text)
        )
    return moment


def _day_of(field: str, text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongFieldError(
            field, _("“{text}” is no day: write it such as 2024-02-01.", text=text)
        ) from error


def _as_seen(change: AnyWriting, before: AnnouncementDetail | None, desk: Desk) -> AnnouncementDetail:
    """Give the announcement as administrators will see it on its day."""
    content = content_of(change.content)
    day = max(desk.today, day_of(content.published_at))
    known = [desk.catalogue.permission(each) for each in content.permission_ids]
    seen = tuple(each.id for each in known if each is not None and each.is_launched(day))
    corrections = () if before is None else before.corrections
    if isinstance(change, CorrectAnnouncement):
        corrections += (Correction(on=desk.today, what=str(change.correction)),)
    row = AnnouncementRow(
        id=str(change.announcement_id),
        kind=content.kind,
        title=content.title,
        published_at=content.published_at,
        effective_on=content.effective_on,
        e_service_id=content.e_service_id,
        permission_ids=seen,
        coming=len(content.permission_ids) - len(seen),
        action=content.action,
        begins=content.begins,
        ends=content.ends,
        version=1,
        is_unread=True,
        done=Done.OPEN if content.action else Done.NOTHING_TO_DO,
        said=None,
        is_scheduled=False,
        withdrawn_on=None,
        corrected_on=None,
    )
    return AnnouncementDetail(row=row, text=content.text, corrections=corrections)

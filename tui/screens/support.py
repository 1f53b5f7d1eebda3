"""Whom to ask, in the order in which to ask them (DOMAIN 6), and how to write to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import work

from core.directory import AUTHORITY, Role
from core.letters import AdministratorLetter, KeptMail, LetterKind, MailState
from core.ports import StorageError
from core.queries import ContactOn
from core.refusal import Refusal
from core.support import KONTAKTCENTER, Contact, ContactPart
from core.text import shown
from tui.actions import key_of
from tui.clipboard import copy
from tui.letters import finished, own_address
from tui.screens.dialogs import Choice, Option
from tui.screens.list_room import ListRoom
from tui.screens.room import ended
from tui.text import _
from tui.text.dates import day as day_text
from tui.text.letters import letter_subject, letter_text, letter_title, question_text, state_words
from tui.text.refusals import sentence
from tui.text.sentences import part_name
from tui.widgets.columns import Column
from tui.widgets.rows import Cell
from tui.widgets.table import Table, UnderCursor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult

    from core.directory import Account
    from core.queries import OrganisationDetail
    from tui.follower import Batch


LETTER = "letter-"
"""How the ids of the lines begin that are letters."""

SIGN_WIDTH = 2
"""Cells before the text of a line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: ``copied`` is what copying takes, ``does`` the action of Enter; without both a heading."""

    id: str
    text: str
    sign: str = ""
    told: str = ""
    copied: str = ""
    does: str = ""

    @property
    def is_heading(self) -> bool:
        """Whether the line stands over others."""
        return not self.copied and not self.does


def _copying_keys() -> dict[str, str]:
    """Give what a sentence names the two keys that copy a line by."""
    return {"choose": key_of("support.choose"), "copy": key_of("support.copy")}


class SupportRoom(ListRoom):
    """The order of contact, as it is: first the own administrators, then the kontaktcenter."""

    NAME = "support"
    FROZEN = 2

    DEFAULT_CSS = """
    SupportRoom #told { height: 2; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.contact: Contact | None = None
        self._entries: tuple[Entry, ...] = ()
        self._detail: OrganisationDetail | None = None
        self._kept: dict[str, KeptMail] = {}

    def compose_work(self) -> ComposeResult:
        yield self.list_of(self, "support", _("Reading …"))

    def heading_in_words(self) -> str:
        return _("Whom to ask")

    def usual_columns(self) -> Sequence[Column]:
        return (Column("sign", "", 1), Column("text", _("Whom to ask"), 20, grow=1))

    def arrive(self) -> None:
        self.reload()

    async def follow(self, batch: Batch) -> None:
        if batch.is_about(self.desk.organisation_id) or batch.is_about(AUTHORITY):
            await ended(self.reload())

    @work(exclusive=True, group="support")
    async def reload(self) -> None:
        """Read who administers and what the contact is."""
        await self._load()

    async def _load(self) -> OrganisationDetail | None:
        desk = self.desk
        contact = await self.behorig.guarded(desk.service.ask(ContactOn(day=desk.today)))
        detail = await self.behorig.guarded(desk.service.organisation(desk.organisation_id))
        if contact is None or detail is None:
            return None
        self.contact, self._detail = contact, detail
        self._entries = tuple(self._lines(detail, contact))
        self.query_one(Table).model_changed()
        self.tell_row()
        return detail

    # The lines ------------------------------------------------------------------------------

    def _lines(self, detail: OrganisationDetail, contact: Contact) -> Iterator[Entry]:
        yield from self._administrators(detail)
        yield from self._kontaktcenter(contact)
        yield Entry(
            "card",
            _("The card or the signing in: ask your own SITHS and HSA people first"),
            sign="!",
            told=_(
                "Cards are issued and mended by your own organisation, and wrong data in HSA is always"
                " mended there. The kontaktcenter can do neither."
            ),
        )

        yield from self._writing()

    def _writing(self) -> Iterator[Entry]:
        """Give the lines about writing to the kontaktcenter, and the letters that are here."""
        chooses = key_of("support.choose")
        yield Entry("write", _("Write to the kontaktcenter"))
        for action_id, line in (
            (
                "support.letter",
                _("Register, replace or remove an administrator ({key})", key=key_of("support.letter")),
            ),
            ("support.question", _("Ask a question ({key})", key=key_of("support.question"))),
        ):
            yield Entry(
                action_id, f"  {line}", told=_("{key} begins the letter.", key=chooses), does=action_id
            )
        yield from self._letters()
        yield Entry("read", _("Read"))
        for action_id, line in (
            ("app.manual", _("Manual ({key})", key=key_of("app.manual"))),
            ("app.answers", _("Questions with answers ({key})", key=key_of("app.answers"))),
        ):
            yield Entry(action_id, f"  {line}", told=_("{key} opens it.", key=chooses), does=action_id)

    def _letters(self) -> Iterator[Entry]:
        letters = self.behorig.letters
        self._kept = {} if letters is None else {each.mail.id: each for each in letters.kept()}
        for kept in self._kept.values():
            day, state = day_text(kept.mail.at[:10]), state_words(kept.state)
            line = _("{day}, {state}: {subject}", day=day, state=state, subject=kept.mail.subject)
            yield Entry(
                f"{LETTER}{kept.mail.id}",
                f"  {line}",
                told=_("{key} opens it.", key=key_of("support.choose")),
                does="letter",
            )

    def _administrators(self, detail: OrganisationDetail) -> Iterator[Entry]:
        name = shown(detail.organisation.name)
        told = _("Users ask the administrators of their own organisation: they give and take permissions.")
        yield Entry("first", _("First: the administrators of {name}", name=name), sign="1", told=told)
        own = self.desk.service.actor.account_id
        for each in detail.administrators:
            email = shown(each.email)
            line = _("{name}, {email}", name=shown(each.name), email=email)
            is_own = each.id == own and each.organisation_id == self.desk.service.actor.organisation_id
            yield Entry(
                f"person-{each.id}",
                "  " + (_("{line} (you)", line=line) if is_own else line),
                told=_("{choose} or {copy} copies the address.", **_copying_keys()),
                copied=email,
            )
        if not detail.administrators:
            yield Entry("nobody", "  " + _("There is none. Ask the kontaktcenter."))

    def _kontaktcenter(self, contact: Contact) -> Iterator[Entry]:
        told = _("When the administrators cannot help, they or the user write to the kontaktcenter.")
        yield Entry("second", _("Then: Migrationsverket's kontaktcenter"), sign="2", told=told)
        values = (
            (ContactPart.EMAIL, _("E-mail: {value}", value=contact.email)),
            (ContactPart.TELEPHONE, _("Telephone: {value}", value=contact.telephone)),
            (ContactPart.HOURS, _("Telephone hours: {value}", value=contact.hours)),
        )
        for part, line in values:
            value = str(getattr(contact, part.value))
            if value:
                yield Entry(part.value, f"  {line}", told=self._since(contact, part), copied=value)
        for each in contact.coming:
            from_day, part_text = day_text(each.from_day), part_name(each.part)
            if each.value:
                line = _("From {day}: {part} {value}", day=from_day, part=part_text, value=each.value)
            else:
                line = _("From {day}: without {part}", day=from_day, part=part_text)
            yield Entry(f"{each.part}-{each.from_day}", f"  {line}", copied=each.value)

    def _since(self, contact: Contact, part: ContactPart) -> str:
        copies = _("{choose} or {copy} copies it.", **_copying_keys())
        since = contact.since.get(part.value)
        return copies if since is None else _("Holds since {day}.", day=day_text(since)) + " " + copies

    # The rows -------------------------------------------------------------------------------

    def row_count(self) -> int:
        """How many lines there are."""
        return len(self._entries)

    def row_key(self, index: int) -> str:
        """The line's id."""
        return self._entries[index].id

    def index_of(self, key: str) -> int | None:
        """Where a line stands."""
        return next((place for place, each in enumerate(self._entries) if each.id == key), None)

    def row(self, index: int) -> Sequence[Cell]:
        """The cells of a line."""
        entry = self._entries[index]
        role = "given" if entry.is_heading else "normal"
        if not self.in_words:
            return Cell(entry.sign, role), Cell(entry.text, role)
        # Deferred: the usual looks have no use for it.
        from tui.screens.in_words import line_cells

        # The signs say the order, and that of the words does.
        return line_cells([entry.text.strip()], role, self.table.columns)

    @property
    def entry(self) -> Entry | None:
        """The line under the cursor."""
        key = self.query_one(Table).cursor_key
        index = None if key is None else self.index_of(key)
        return None if index is None else self._entries[index]

    def cursor_moved(self, _under: UnderCursor) -> None:
        self.tell_row()

    async def on_table_activated(self) -> None:
        await self.entered("support.choose")

    def tell_row(self) -> None:
        """Tell about the line under the cursor, which the list may cut."""
        entry = self.entry
        if entry is None:
            self.tell("")
            return
        is_cut = cell_len(entry.text) + SIGN_WIDTH > self.size.width
        parts = [entry.text.strip() + "." if is_cut or not entry.told else "", entry.told]
        self.tell(" ".join(part for part in parts if part))

    async def whole_told(self) -> str:
        """Give what is told beside the line itself."""
        return "" if self.entry is None else self.entry.told

    # Actions --------------------------------------------------------------------------------

    async def do_choose(self) -> None:
        """Do what the line says."""
        entry = self.entry
        if entry is None:
            return
        kept = self._kept.get(entry.id.removeprefix(LETTER)) if entry.id.startswith(LETTER) else None
        if kept is not None:
            self.open_letter(kept)
        else:
            await self.action_do(entry.does or "support.copy")

    def do_copy(self) -> None:
        """Copy the address or number of the line."""
        entry = self.entry
        if entry is not None:
            copy(self.behorig, entry.copied, entry.copied)

    # Letters --------------------------------------------------------------------------------

    def letters_changed(self) -> None:
        if self._detail is not None and self.contact is not None:
            self._entries = tuple(self._lines(self._detail, self.contact))
            self.query_one(Table).model_changed()
            self.tell_row()

    @work
    async def open_letter(self, kept: KeptMail) -> None:
        """Show a letter with what can be done with it."""
        # Deferred: who looks up an address needs no letter.
        from tui.screens.letter import LetterScreen

        await self.app.push_screen_wait(LetterScreen(self.behorig, kept))
        self.letters_changed()

    @work
    async def do_letter(self) -> None:
        """Make a letter about administrators: what, who leaves, who comes, and then the letter to read."""
        # Deferred: who looks up an address needs no letter.
        from tui.screens.letter_form import LetterForm

        detail = self._detail or await self._load()
        if detail is None:
            return
        kind = await self._chosen_kind(detail)
        if kind is None:
            return
        leaves = None
        if kind is not LetterKind.REGISTER:
            leaves = await self._chosen_administrator(detail)
            if leaves is None:
                return
        letter: AdministratorLetter | None = AdministratorLetter(kind=kind, leaves=leaves)
        if kind is not LetterKind.REMOVE:
            letter = await self.app.push_screen_wait(LetterForm(self.desk, detail, kind, leaves))
        if letter is not None:
            own = await self._own_address(detail)
            organisation = detail.organisation
            text = letter_text(letter, organisation, self.desk.service.actor, own)
            self.finish(letter_subject(letter, organisation), text, own)

    @work
    async def do_question(self) -> None:
        """Ask a question, with technical lines where they are wanted, and show it as a letter."""
        # Deferred: who looks up an address asks nothing.
        from tui.screens.question_form import QuestionForm
        from tui.text.question import technical

        detail, actor = self._detail or await self._load(), self.desk.service.actor
        if detail is None:
            return
        lines = technical(
            role=actor.role, storage_kind=self.behorig.storage_kind, messages=self.behorig.messages
        )
        asked = await self.app.push_screen_wait(QuestionForm(lines))
        if asked is None:
            return
        own = await self._own_address(detail)
        text = question_text(
            asked.text,
            lines if asked.with_technical else "",
            actor=actor,
            organisation=detail.organisation,
            email=own,
        )
        self.finish(asked.subject, text, own)

    async def _chosen_kind(self, detail: OrganisationDetail) -> LetterKind | None:
        options = []
        for kind in LetterKind:
            why_not = ""
            if kind is LetterKind.REMOVE and len(detail.administrators) < 2:
                why_not = sentence(Refusal("letter_last_administrator"))
            elif kind is LetterKind.REPLACE and not detail.administrators:
                why_not = _("there is none to replace")
            options.append(Option(kind.value, letter_title(kind), why_not=why_not))
        title = _("Letter about administrators")
        chosen = await self.app.push_screen_wait(Choice(title, options))
        return None if chosen is None else LetterKind(chosen)

    async def _chosen_administrator(self, detail: OrganisationDetail) -> Account | None:
        options = [
            Option(
                each.id, shown(each.name), shown(each.hsa_id), told=f"{shown(each.name)}, {shown(each.email)}"
            )
            for each in detail.administrators
        ]
        title = _("Who shall no longer be administrator?")
        chosen = await self.app.push_screen_wait(Choice(title, options, note_width=32))
        return next((each for each in detail.administrators if each.id == chosen), None)

    async def _own_address(self, detail: OrganisationDetail) -> str:
        """Give the address of who is signed in, to answer to."""
        found = await self.behorig.guarded(own_address(self.desk.service, detail))
        return KONTAKTCENTER if found is None else found

    def finish(self, subject: str, text: str, sender: str) -> None:
        """Keep a finished letter before anything else is done with it, and show it."""
        mail = finished(self.desk.service, self.contact, subject, text, sender)
        kept = KeptMail(mail=mail, place="", state=MailState.WAITING)
        letters = self.behorig.letters
        if letters is not None:
            try:
                kept = letters.keep(mail)
            except StorageError as error:
                self.behorig.say(sentence(error.refusal), problem=True, code=error.refusal.code)
        self.open_letter(kept)

    def do_reload(self) -> None:
        """Read again."""
        self.reload()

    @work
    async def do_contact(self) -> None:
        """Enter a part of the contact from a day on; it is reviewed like any other write."""
        # Deferred: one person in a hundred is support.
        from tui.screens.contact_form import ContactForm

        desk = self.desk
        if self.contact is None:
            return
        change = await self.app.push_screen_wait(ContactForm(desk, self.contact))
        if change is not None:
            self.behorig.review(desk.service.changeset(AUTHORITY, (change,)))

    def why_not(self, action_id: str) -> str:
        reason = super().why_not(action_id)
        if reason:
            return reason
        entry = self.entry
        if action_id in ("support.copy", "support.choose") and (entry is None or entry.is_heading):
            return _("this line has no address and no number")
        if action_id == "support.copy" and entry is not None and not entry.copied:
            return _("this line has no address and no number")
        if action_id == "support.contact" and self.desk.service.actor.role is not Role.SUPPORT:
            return _("that is done by Migrationsverket's kontaktcenter")
        return ""

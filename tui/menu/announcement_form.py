"""The questions by which support writes what is current: new, scheduled or corrected, with a preview."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from core.announcements import (
    AnnouncementDetail,
    AnnouncementKind,
    Content,
    NewContent,
    content_in,
    content_of,
)
from core.changes import CorrectAnnouncement, PublishAnnouncement
from core.days import day_of
from core.directory import AUTHORITY
from core.identity import Headline, Id, Instruction, MarkdownText, Note
from core.ports import StorageError
from core.refusal import WrongValueError
from core.text import shown
from tui.menu.dialogue import BackError, Option, Ready
from tui.menu.form import Answers, Asked, WrongTextError, fill_in
from tui.menu.review import reviewed
from tui.menu.typed import guarded
from tui.text import _
from tui.text.announcements import KIND_NAMES, kind_name
from tui.text.markdown import paragraphs_of
from tui.text.read_day import read_day
from tui.text.read_moment import read_moment, written_moment

if TYPE_CHECKING:
    from datetime import date, datetime

    from tui.menu.sitting import Sitting

AnyWriting = PublishAnnouncement | CorrectAnnouncement


async def write_announcement(sitting: Sitting, given: PublishAnnouncement | None = None) -> None:
    """Let support write something new, or go on from something ready-written, and review it."""
    await _Form(sitting, given).go()


async def correct_announcement(sitting: Sitting, detail: AnnouncementDetail) -> None:
    """Let support correct an announcement, and review it."""
    await _Form(sitting, detail).go()


class _Form:
    """One announcement under way."""

    def __init__(self, sitting: Sitting, given: PublishAnnouncement | AnnouncementDetail | None) -> None:
        self._sitting = sitting
        self._corrected = given if isinstance(given, AnnouncementDetail) else None
        self._id = Id(sitting.desk.service.new_id())
        content: Content | None = None
        if isinstance(given, PublishAnnouncement):
            self._id, content = given.announcement_id, content_of(given.content)
        elif given is not None:
            self._id, content = Id(given.row.id), content_in(given)
        self._before = content
        self._kind = AnnouncementKind.OTHER if content is None else content.kind
        self._e_service_id = "" if content is None else content.e_service_id
        self._permission_ids = () if content is None else content.permission_ids
        self._text = "" if content is None else content.text
        self._answers: Answers = {}
        self._typed: dict[str, str] = {}
        self._place = 0

    async def go(self) -> None:
        """Ask for everything, then let parts be changed until it is reviewed or given up."""
        sitting = self._sitting
        ready = self._before is not None and self._corrected is None
        if not ready:
            await guarded(sitting.dialogue, self._ask_all, self._is_typed)
        else:
            self._answers = {each.id: _given(each) for each in self._fields()}
        await guarded(sitting.dialogue, self._change_parts, self._is_typed)

    def _is_typed(self) -> bool:
        """Whether a text here is another than it was before."""
        before = "" if self._before is None else self._before.text
        return self._text != before or any(
            self._typed.get(each.id, each.value) != each.value for each in self._fields()
        )

    async def _ask_all(self) -> None:
        """Ask for everything once; going back asks for the part before."""
        asks = (self._ask_kind, self._ask_fields, self._ask_text)
        while self._place < len(asks):
            try:
                await asks[self._place]()
                self._place += 1
            except BackError:
                if not self._place:
                    raise
                self._place -= 1

    async def _change_parts(self) -> None:
        """Let parts be changed until it is reviewed and written."""
        sitting = self._sitting
        parts = (
            ("review", _("Review"), None),
            ("preview", _("Preview"), self._preview),
            ("kind", _("Kind, e-service and permissions"), self._ask_kind),
            ("fields", _("Heading, days and what is to do"), self._ask_fields),
            ("text", _("The text"), self._ask_text),
        )
        while True:
            chosen = await sitting.dialogue.choose(
                _("The announcement"), [Option(name, label) for name, label, _do in parts], enter="review"
            )
            ask = next(do for name, _label, do in parts if name == chosen)
            try:
                if ask is None:
                    change = self._change()
                    if await reviewed(sitting, sitting.desk.service.changeset(AUTHORITY, (change,))):
                        return
                else:
                    await ask()
            except WrongValueError as error:
                sitting.tell(error.refusal)
            except StorageError as error:
                sitting.failed(error)
            except BackError:
                continue

    # Asking ---------------------------------------------------------------------------------

    async def _ask_kind(self) -> None:
        sitting = self._sitting
        dialogue, catalogue = sitting.dialogue, sitting.desk.catalogue
        kinds = [Option(kind, _(name)) for kind, name in KIND_NAMES.items()]
        self._kind = await dialogue.choose(_("Kind"), kinds, enter=self._kind)
        services = [
            Option("", _("none")),
            *(Option(each.id, shown(each.name)) for each in catalogue.e_services),
        ]
        self._e_service_id = await dialogue.choose(_("E-service"), services, enter=self._e_service_id)
        now = _(", ").join(sitting.words().permission(each) for each in self._permission_ids) or _("none")
        what = await dialogue.choose(
            _("Permissions: {names}", names=now),
            (Option("keep", _("As it is")), Option("choose", _("Choose")), Option("none", _("none"))),
            enter="keep",
        )
        if what == "none":
            self._permission_ids = ()
        elif what == "choose":
            options = [Option(each.id, shown(each.name_on(sitting.today))) for each in catalogue.permissions]
            self._permission_ids = tuple(await dialogue.pick_many(_("Permissions"), Ready(options)))

    def _fields(self) -> tuple[Asked, ...]:
        before, today = self._before, self._sitting.today
        scheduled = before is not None and (
            self._corrected is not None or day_of(before.published_at) > today
        )
        moment_hint, day_hint = _("such as 2024-02-01 08:00"), _("such as 2024-02-01")

        def moment(text: str) -> datetime:
            found = read_moment(text)
            if found is None:
                raise WrongTextError(
                    _(
                        "“{text}” is no time: write a day and a time, such as 2024-02-01 08:00.",
                        text=shown(text),
                    )
                )
            return found

        def day(text: str) -> date:
            found = read_day(text, today)
            if found is None:
                raise WrongTextError(_("“{text}” is no day: write it such as 2024-02-01.", text=shown(text)))
            return found

        fields = [
            Asked("title", _("Heading"), Headline, "" if before is None else before.title),
            Asked(
                "published",
                _("Published"),
                moment,
                written_moment(before.published_at) if scheduled and before is not None else "",
                optional=not scheduled,
                hint=_("nothing for at once, or such as 2024-02-01 08:00"),
            ),
            Asked(
                "effective",
                _("Holds from"),
                day,
                "" if before is None or before.effective_on is None else before.effective_on.isoformat(),
                optional=True,
                hint=day_hint,
            ),
            Asked("action", _("To do"), Instruction, "" if before is None else before.action, optional=True),
            Asked(
                "begins",
                _("Begins"),
                moment,
                "" if before is None else written_moment(before.begins),
                optional=True,
                hint=moment_hint,
            ),
            Asked(
                "ends",
                _("Ends"),
                moment,
                "" if before is None else written_moment(before.ends),
                optional=True,
                hint=moment_hint,
            ),
        ]
        if self._corrected is not None:
            fields.append(Asked("correction", _("What is corrected"), Note))
        return tuple(fields)

    async def _ask_fields(self) -> None:
        self._answers = await fill_in(self._sitting.dialogue, self._fields(), self._typed)

    async def _ask_text(self) -> None:
        dialogue = self._sitting.dialogue
        while True:
            lines: list[str] = []
            ask = partial(dialogue.long_text, _("The text, in Markdown"), before=self._text, typed=lines)
            text = await guarded(dialogue, ask, partial(bool, lines))
            try:
                self._text = str(MarkdownText(text))
            except WrongValueError as error:
                self._sitting.tell(error.refusal)
                continue
            return

    # What comes of it -----------------------------------------------------------------------

    def _content(self) -> NewContent:
        answers = self._answers
        published = answers["published"] or self._sitting.desk.service.now()
        if self._corrected is not None:
            # The very moment is kept where the answer still says the same minute.
            before = self._corrected.row.published_at
            published = before if written_moment(before) == written_moment(published) else published  # type: ignore[arg-type]  # the field makes a moment
        return NewContent(
            kind=self._kind,
            text=MarkdownText(self._text),
            published_at=published,  # type: ignore[arg-type]  # each field has made its own type
            e_service_id=Id(self._e_service_id) if self._e_service_id else None,
            permission_ids=tuple(Id(each) for each in self._permission_ids),
            title=answers["title"],  # type: ignore[arg-type]  # as above
            effective_on=answers["effective"],  # type: ignore[arg-type]  # as above
            action=answers["action"],  # type: ignore[arg-type]  # as above
            begins=answers["begins"],  # type: ignore[arg-type]  # as above
            ends=answers["ends"],  # type: ignore[arg-type]  # as above
        )

    def _change(self) -> AnyWriting:
        content = self._content()
        if self._corrected is None:
            return PublishAnnouncement(announcement_id=self._id, content=content)
        return CorrectAnnouncement(
            announcement_id=self._id,
            seen_version=self._corrected.row.version,
            content=content,
            correction=Note(str(self._answers["correction"])),
        )

    async def _preview(self) -> None:
        """Tell what administrators will read."""
        content = content_of(self._content())
        lines = [
            _("{label}: {value}", label=_("Heading"), value=content.title),
            _("{label}: {value}", label=_("Kind"), value=kind_name(content.kind)),
            _("{label}: {value}", label=_("Published"), value=written_moment(content.published_at)),
        ]
        if content.action:
            lines.append(_("{label}: {value}", label=_("To do"), value=shown(content.action)))
        lines.extend(f"{each.first}{each.text}".strip() for each in paragraphs_of(content.text) if each.text)
        await self._sitting.dialogue.read_out(lines)


def _given(asked: Asked) -> object:
    """Give the value that a field begins with."""
    return asked.make(asked.value) if asked.value else None

"""Who sits at the menu: the dialogue, the desk, and what every area of the menu does alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from core.ports import StorageError, is_away
from core.refusal import NotAllowedError, WrongValueError
from tui.text import _, ngettext
from tui.text.dates import clock
from tui.text.refusals import sentence
from tui.text.sentences import Words

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping
    from datetime import date

    from core.changes import Changeset
    from core.queries import Query
    from core.refusal import Refusal
    from tui.desk import Desk
    from tui.menu.dialogue import Dialogue
    from tui.session import Letters, Session

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal that was told: when, and its code, for a question to the kontaktcenter."""

    at: str
    code: str


@dataclass
class Sitting:
    """One person's work by the menu."""

    dialogue: Dialogue
    desk: Desk
    session: Session
    problems: list[Problem] = field(default_factory=list)
    news: str = ""
    """How much of what is current is unread, in words."""
    doubted: Changeset | None = None
    """What was sent and is no draft, and whose answer was never heard."""
    _letters: Letters | None = None

    @property
    def role(self) -> str:
        """The role of the one who sits here, as the registry of actions names it."""
        return self.desk.service.actor.role.value

    @property
    def today(self) -> date:
        """The day of what was read last."""
        return self.desk.today

    @property
    def letters(self) -> Letters | None:
        """The letters of this person on this machine, ``None`` where none can be kept."""
        if self._letters is None and self.session.open_letters is not None:
            self._letters = self.session.open_letters()
        return self._letters

    def say(self, text: str) -> None:
        """Say something."""
        self.dialogue.say(text)

    def tell(self, refusal: Refusal, names: Mapping[str, str] = {}) -> None:
        """Say why something cannot be."""
        self.problems.append(Problem(clock(self.desk.service.now()), refusal.code))
        self.say(sentence(refusal, names))

    def words(self, names: Mapping[str, str] = {}) -> Words:
        """Give what sentences are made with today."""
        return Words(self.desk.catalogue, self.desk.today, {**self.desk.draft.names, **names})

    async def ask(self, query: Query[T]) -> T:
        """Ask the storage; a long answer says that it is on its way."""
        return await self.dialogue.working(self.desk.service.ask(query))

    async def reading(self, work: Awaitable[T]) -> T:
        """Wait for something that is read or written; what takes long says so."""
        return await self.dialogue.working(work)

    def failed(self, error: StorageError | WrongValueError | NotAllowedError) -> None:
        """Say what the storage could not do. The draft stays."""
        self.tell(error.refusal)
        if isinstance(error, StorageError) and is_away(error.refusal):
            self.say(_("Nothing more can be read or written until there is contact again; your draft stays."))

    def staged(self, count: int, refusals: list[Refusal]) -> None:
        """Say how many cells were staged, and the first reason why others were not."""
        if count:
            self.say(ngettext("{count} change is staged.", "{count} changes are staged.", count))
        if refusals:
            self.tell(refusals[0], self.permission_names)
            if len(refusals) > 1:
                more = len(refusals) - 1
                self.say(ngettext("And {count} more like it.", "And {count} more like it.", more))
        if not count and not refusals:
            self.say(_("Nothing was changed: it is so already."))

    @property
    def permission_names(self) -> dict[str, str]:
        """What permissions are called today, by id, and people by what the draft remembers."""
        known = {each.id: each.name_on(self.today) for each in self.desk.catalogue.permissions}
        return {**self.desk.draft.names, **known}

    def staged_words(self) -> str:
        """Say how much is staged and not written, ``""`` where nothing is."""
        count = self.desk.draft.count
        return ngettext("{count} not written", "{count} not written", count) if count else ""

"""A signed-in session, and how one ends or fails to begin: what the full screen and the start agree on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

# The first frame is painted before anything of core is loaded, so its names are for the type checker.
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from core.draft import Draft
    from core.letters import KeptMail, Mail, MailState
    from core.ports import Membership
    from core.refusal import Refusal
    from core.service import Service

# Exit codes, which scripts go by (docs/manual.md).
DONE = 0
REFUSED = 1
WRONG_USE = 2
UNREACHABLE = 3
STALE = 4
FAULT = 70
INTERRUPTED = 130


class Drafts(Protocol):
    """The draft of this session on disk, and what other sessions of the same person keep."""

    set_aside: Path | None
    """Where :meth:`load` put a file that it could not read; ``None`` when there was none."""

    @property
    def elsewhere(self) -> bool:
        """Whether another session of the same person keeps a draft of its own."""
        ...

    def load(self) -> Draft | None:
        """Give the draft that was left, or ``None``."""
        ...

    def save(self, draft: Draft) -> None:
        """Keep the draft; else :class:`core.ports.StorageError`, and the former one is still whole."""
        ...

    def drop(self) -> None:
        """Remove the draft."""
        ...

    def take_over(self) -> Draft | None:
        """Move the draft of another session here, when this one has none."""
        ...

    def close(self) -> None:
        """Wait until the disk holds the draft, and let other sessions have the place."""
        ...


class NoDrafts:
    """Keeps no draft and looks for none: for what is written at once, or only read."""

    set_aside: Path | None = None
    elsewhere = False

    def load(self) -> Draft | None:
        """Give nothing; there never is a draft."""
        return None

    def save(self, draft: Draft) -> None:
        """Let it be in memory only."""

    def drop(self) -> None:
        """Have nothing to drop."""

    def take_over(self) -> Draft | None:
        """Leave the drafts of other sessions where they are."""
        return None

    def close(self) -> None:
        """Have nothing to wait for."""


class Letters(Protocol):
    """The letters of this person on this machine, and the way out where a server is named."""

    @property
    def can_send(self) -> bool:
        """Whether a server is named by which letters can be sent."""
        ...

    def keep(self, mail: Mail) -> KeptMail:
        """Keep a letter as one that waits; else :class:`core.ports.StorageError`."""
        ...

    def save(self, path: Path, mail: Mail, *, replace: bool = True) -> None:
        """Write a letter to a file; :class:`FileExistsError` where there is one that is to stay."""
        ...

    def kept(self) -> tuple[KeptMail, ...]:
        """Give the letters that are here, the newest first."""
        ...

    def drop(self, letter_id: str) -> None:
        """Throw a letter away."""
        ...

    def send(self, letter_id: str) -> tuple[MailState, Refusal | None]:
        """Send a letter, waiting for the server: how far it came, and why no further."""
        ...


@dataclass(frozen=True, slots=True)
class Session:
    """A person signed in on a storage.

    ``demo`` says that the data is invented and the day is the demo's. ``notices`` are sentences to show
    first. ``at_close`` closes the storage. ``open_letters`` gives those to the
    kontaktcenter, and ``storage_kind`` names the kind of database, such as SQLite.
    """

    service: Service
    membership: Membership
    drafts: Drafts
    at_close: Callable[[], Awaitable[None]]
    demo: bool = False
    notices: tuple[str, ...] = ()
    open_letters: Callable[[], Letters] | None = None
    storage_kind: str = ""

    async def close(self) -> None:
        """Let go of the draft and the storage; the last thing that a session does."""
        try:
            self.drafts.close()
        finally:
            await self.at_close()


class StartError(Exception):
    """A session could not begin: a sentence for the person, and the exit code."""

    def __init__(self, sentence: str, exit_code: int, refusal: Refusal | None = None) -> None:
        """Carry a whole sentence in the reader's language; ``refusal`` is the same for programs."""
        super().__init__(sentence)
        self.sentence = sentence
        self.exit_code = exit_code
        self.refusal = refusal


class ChooseOrganisation(StartError):  # noqa: N818 - a question to the person rather than an error
    """The HSA-id has accounts in several organisations, and none was chosen."""

    def __init__(self, sentence: str, memberships: tuple[Membership, ...]) -> None:
        """Carry the accounts to choose from; the sentence is for where nobody can be asked."""
        super().__init__(sentence, WRONG_USE)
        self.memberships = memberships


@dataclass(frozen=True, slots=True)
class Farewell:
    """How the full screen ended: the exit code, and what to say once the terminal is restored."""

    exit_code: int = DONE
    sentence: str = ""
    start_error: StartError | None = field(default=None, compare=False)

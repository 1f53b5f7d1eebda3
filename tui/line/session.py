"""Signing in for a command: from its options to a session, and from what goes wrong to a sentence."""

from __future__ import annotations

import asyncio
import signal
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.ports import StorageError
from core.refusal import WrongValueError
from tui import garbage
from tui.assemble.session import connect
from tui.desk import Desk
from tui.session import REFUSED, NoDrafts, StartError
from tui.settings import configuration_path, read_settings, wrong
from tui.signin import storage_error
from tui.text import _
from tui.text.read_day import read_day
from tui.text.refusals import sentence
from tui.text.sentences import Words

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
    from datetime import date

    from core.directory import Actor
    from core.service import Service
    from tui.line.options import SignIn
    from tui.session import Session


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody signed in for one command, at a desk in the own organisation that keeps no draft."""

    session: Session
    desk: Desk

    @property
    def service(self) -> Service:
        """What can be asked and written."""
        return self.desk.service

    @property
    def actor(self) -> Actor:
        """Who is signed in."""
        return self.desk.service.actor

    @property
    def today(self) -> date:
        """The present day in Sweden, the demo's in the demo."""
        return self.desk.today

    def words(self, names: Mapping[str, str] | None = None) -> Words:
        """Give what sentences are made with; ``names`` are those of accounts, by id."""
        return Words(self.desk.catalogue, self.desk.today, names or {})


@asynccontextmanager
async def signed_in(options: SignIn) -> AsyncGenerator[SignedIn]:
    """Sign in as the options, the environment and the configuration say.

    Raises:
        StartError: it is not said who or where, nobody can be signed in, or the block asks or writes what
            is refused or what the storage cannot do.
    """
    settings = read_settings(options.flags)
    if settings.storage is None or (settings.hsa_id is None and not _is_server(settings.storage)):
        raise wrong(
            _(
                "Name the storage with --storage and yourself with --as, or in {file}.",
                file=str(configuration_path()),
            )
        )
    session = await connect(settings, with_drafts=False)
    # All is loaded; what comes now may be a hundred thousand rows.
    garbage.begin()
    try:
        desk = Desk(session.service, NoDrafts(), session.membership.organisation.id)
        await desk.load()
        yield SignedIn(session, desk)
    except StorageError as error:
        raise storage_error(error) from error
    except WrongValueError as error:
        raise StartError(sentence(error.refusal), REFUSED, error.refusal) from error
    finally:
        await session.close()


def _is_server(storage: str) -> bool:
    """Say whether a storage is a server, which tells by itself who one is."""
    return storage.lower().startswith(("http://", "https://"))


def run(options: SignIn, work: Callable[[SignedIn], Awaitable[int]]) -> int:
    """Sign in, do the work of a command and give its exit code.

    Raises:
        StartError: as for :func:`signed_in`.
        SystemExit: it was told to end, and let go of the storage first.
    """
    told_to_end: list[int] = []

    async def begin() -> int:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()

        def end(number: int) -> None:
            told_to_end.append(number)
            if task is not None:
                task.cancel()

        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, end, number)
        async with signed_in(options) as here:
            return await work(here)

    try:
        return asyncio.run(begin())
    except asyncio.CancelledError:
        raise SystemExit(128 + told_to_end[0]) from None


def day_of_flag(here: SignedIn, flag: str, text: str | None) -> date | None:
    """Read the day after a flag, as people write days; ``None`` where it was not given.

    Raises:
        StartError: it is no day.
    """
    if text is None:
        return None
    found = read_day(text, here.today)
    if found is None:
        told = _("“{text}” is no day. Write 2023-05-02, 2 May 2023 or 2/5 2023.", text=text)
        raise wrong(f"{flag}: {told}")
    return found

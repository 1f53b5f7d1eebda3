"""Somebody who answers the menu through a pipe, in the test's own process."""

from __future__ import annotations

import asyncio
import io
import os
from typing import TYPE_CHECKING

from tui.menu.console import Console
from tui.menu.dialogue import Dialogue
from tui.menu.run import sit

if TYPE_CHECKING:
    from tui.session import Session


class Heard(io.StringIO):
    """What was written; who waits for it is told."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.is_written = asyncio.Event()

    def flush(self) -> None:
        """Tell that something was written."""
        self.is_written.set()


class Person:
    """Somebody who answers the menu through a pipe, in the test's own process."""

    def __init__(self, session: Session) -> None:
        """Sit down."""
        self._source, self._end = os.pipe()
        self._written = Heard()
        self._session = session
        self._sitting = asyncio.ensure_future(
            sit(Dialogue(Console(self._source, self._written, width=200)), session)
        )
        self._heard = 0

    async def says(self, *answers: str) -> str:
        """Answer questions one after the other, and give what was said after the last one."""
        for answer in answers:
            await self._until_asked()
            self._heard = len(self._written.getvalue())
            os.write(self._end, f"{answer}\n".encode())
        await self._until_asked()
        return " ".join(self._written.getvalue()[self._heard :].split())

    async def _until_asked(self) -> None:
        ended = asyncio.ensure_future(asyncio.wait((self._sitting,)))
        async with asyncio.timeout(20):
            while not ended.done() and not self._written.getvalue()[self._heard :].endswith((": ", "> ")):
                self._written.is_written.clear()
                written = asyncio.ensure_future(self._written.is_written.wait())
                await asyncio.wait((written, ended), return_when=asyncio.FIRST_COMPLETED)
                written.cancel()
        ended.cancel()

    async def leaves(self) -> str:
        """End the input, and give what is said last."""
        os.close(self._end)
        await self._sitting
        await self._session.close()
        os.close(self._source)
        return " ".join(self._written.getvalue()[self._heard :].split())

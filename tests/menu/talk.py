"""Talking with the menu in a real terminal that is dumb: what is typed, and what is said next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Self

from tests.main_job.desk import PROGRAM
from tests.terminal import ScreenTimeoutError, Terminal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType


class Talk:
    """A conversation with the program; whatever it writes may be broken at the width anywhere."""

    def __init__(
        self, *arguments: str, environment: Mapping[str, str], columns: int = 80, rows: int = 24
    ) -> None:
        """Start the program with ``TERM=dumb``, unless the environment says otherwise."""
        self.terminal = Terminal(
            [*PROGRAM, *arguments], columns=columns, rows=rows, environment={"TERM": "dumb", **environment}
        )
        self._mark = 0

    def __enter__(self) -> Self:
        """Give the conversation, which has begun."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End what still runs."""
        self.terminal.close()

    @property
    def heard(self) -> str:
        """What was written since the last answer, as one text."""
        text = self.terminal.bytes_since(self._mark).decode("utf-8", "replace")
        return " ".join(text.split())

    def hears(self, *texts: str) -> None:
        """Wait until each text was written since the last answer."""
        for text in texts:
            try:
                self.terminal.wait_until(partial(self._has_heard, text), repr(text))
            except ScreenTimeoutError as error:
                raise ScreenTimeoutError(f"{error}\n{self.heard}") from None

    def _has_heard(self, text: str) -> bool:
        return text in self.heard

    def says(self, answer: str, *texts: str) -> None:
        """Answer the question that stands there, and wait until each text is written."""
        self.terminal.wait_until(self._is_asked, "a question")
        self._mark = self.terminal.mark()
        self.terminal.send(answer, "enter") if answer else self.terminal.send("enter")
        self.hears(*texts)

    def reads_on(self) -> str:
        """Read to the end what is told in pages, and give all of it."""
        parts: list[str] = []
        while True:
            self.terminal.wait_until(self._is_asked, "a question")
            parts.append(self.heard)
            if not parts[-1].endswith("Enter läser vidare, 0 slutar:"):
                return " ".join(parts)
            self.says("")

    def _is_asked(self) -> bool:
        """Whether the last thing that was written is a question."""
        return self.heard.endswith((":", ">")) and self.terminal.bytes_since(self._mark).endswith(b" ")

    def leaves(self) -> None:
        """Leave by the word, and see that nothing but text and ends of lines was ever written."""
        self.says("avsluta")
        assert self.terminal.wait_exit() == 0
        self.is_plain()

    def is_plain(self) -> None:
        """See that nothing was written but text and ends of lines: no sequence, bell or bare return."""
        text = self.terminal.output.decode("utf-8")
        assert not {each for each in text if ord(each) < 0x20} - {"\r", "\n"}
        assert "\r" not in text.replace("\r\n", "")

"""What the program tells: the message on the screen, what of it has not been read yet, and the log."""

from __future__ import annotations

import msgspec

MOST_MESSAGES = 1000
"""Messages that the log keeps."""


class Told(msgspec.Struct, frozen=True):
    """A message: when (wall clock, hours and minutes), what, and whether it tells of a problem.

    ``code`` is that of the refusal that it tells, for whoever asks which error it was: the text may hold
    names.
    """

    at: str
    text: str
    problem: bool = False
    code: str = ""


NOTHING = Told("", "")


class Messages:
    """Keeps what was told, and lets what comes by itself hide nothing that the last key led to."""

    def __init__(self) -> None:
        """Begin with nothing told."""
        self.shown = NOTHING
        self.log: list[Told] = []
        self._unread = self._contact = ""
        # What was said last, and what was told last of losing the storage or having it back: both while no
        # key has been pressed since.

    def keep(self, told: Told) -> None:
        """Keep a message in the log, and show it nowhere."""
        self.log.append(told)
        del self.log[:-MOST_MESSAGES]

    def say(self, told: Told) -> None:
        """Show what the last key led to, in the place of all that was shown."""
        self.keep(told)
        self._unread, self._contact = told.text, ""
        self.shown = told

    def say_also(self, told: Told) -> None:
        """Show one thing more of what the last key led to, behind what is not read yet."""
        self.keep(told)
        self._unread = _joined(self._unread, told.text)
        text = _joined(self._unread, self._contact)
        self.shown = Told(told.at, text, self.shown.problem, self.shown.code)

    def say_besides(self, told: Told) -> None:
        """Show what came by itself behind what is not read yet."""
        self.keep(told)
        self._show_behind(told)

    def say_of_contact(self, told: Told) -> None:
        """Show that the storage is lost or back behind what is not read yet; of several the last."""
        self.keep(told)
        self._contact = ""
        self._show_behind(told)
        self._contact = told.text

    def is_read(self) -> None:
        """Take all that is shown as read, since a key was pressed."""
        self._unread = self._contact = ""

    def hush(self) -> None:
        """Show nothing; the log keeps what was said."""
        self.is_read()
        self.shown = NOTHING

    def _show_behind(self, told: Told) -> None:
        own = self.shown if self._unread else NOTHING
        text = _joined(self._unread, self._contact, told.text)
        self.shown = Told(told.at, text, own.problem or told.problem, own.code or told.code)


def _joined(*texts: str) -> str:
    return " ".join(filter(None, texts))

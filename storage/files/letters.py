"""Letters on disk: a letter is a file before anybody tries to send it, so that it is never lost.

A file is the whole letter as mail programs read it (``.eml``), and its name tells how far it has come:
``ID.eml`` waits, ``ID.sending.eml`` was handed to a server that has not answered, ``ID.sent.eml`` was
taken by one. Each step is one rename. Whoever sends holds a lock on the file; a file that is called
``sending`` and held by nobody is one of which it is not known whether it arrived, as after a killed
process, and it is not sent again without a question.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from contextlib import contextmanager, suppress
from datetime import datetime
from email import message_from_string
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from pathlib import Path
from typing import TYPE_CHECKING

from core.identity import Id
from core.letters import KeptMail, Mail, MailState
from core.ports import StorageError
from core.refusal import Refusal
from core.text import shown
from storage.files.drafts import folder_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.files.post import Post

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_ENDINGS = {MailState.SENDING: ".sending.eml", MailState.SENT: ".sent.eml", MailState.WAITING: ".eml"}

_TRIES, _BETWEEN_TRIES = 40, 0.02
"""How often a lock is tried for, and the seconds between: a look at a letter takes less than one of them."""

LONGEST_SHOWN = 20_000


def eml(mail: Mail) -> bytes:
    """Give a letter as mail programs and servers read it: 7 bits, whatever letters it is written in."""
    plain = mail.sender.rpartition("@")[0].isascii() and mail.to.isascii()
    message = EmailMessage(policy=SMTP if plain else SMTPUTF8)
    local, _at, domain = mail.sender.rpartition("@")
    # Every server knows a domain in letters of its own; a local part in such needs SMTPUTF8.
    message["From"] = Address(mail.sender_name, local, domain.encode("idna").decode())
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = datetime.fromisoformat(mail.at)
    # One id however often it is sent, so that a second copy can be known as such.
    message["Message-ID"] = f"<{mail.id}@behorig.invalid>"
    message.set_content(mail.text, charset="utf-8", cte="quoted-printable")
    return message.as_bytes()


class FileLetters:
    """The letters of one account on one storage, in a folder; sent by ``post`` where there is one."""

    def __init__(
        self, folder: Path, storage_url: str, actor_id: str, organisation_id: str, post: Post | None
    ) -> None:
        """Keep letters below ``folder``; it is made when the first one is kept."""
        self._folder = folder_of(folder, f"{storage_url}\n{actor_id}\n{organisation_id}")
        self._post = post

    @property
    def can_send(self) -> bool:
        """Whether a server is named by which letters can be sent."""
        return self._post is not None

    def keep(self, mail: Mail) -> KeptMail:
        """Keep a letter as one that waits; the same again is the same file.

        Raises:
            StorageError: ``letter_not_kept``.
        """
        with self._told(self._folder):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.chmod(0o700)
        path = self._path(mail.id, MailState.WAITING)
        if not self._path(mail.id, MailState.SENDING).exists():
            self.save(path, mail)
        return KeptMail(mail=mail, place=str(path), state=MailState.WAITING)

    def save(self, path: Path, mail: Mail, *, replace: bool = True) -> None:
        """Write a letter to a file that only its owner reads, whole or not at all.

        Raises:
            FileExistsError: there is one already, and it is not to be replaced.
            StorageError: ``letter_not_kept``.
        """
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        with self._told(path):
            file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            try:
                data = eml(mail)
                while data:
                    data = data[os.write(file, data) :]
                os.fsync(file)
            finally:
                os.close(file)
        try:
            with self._told(path):
                if replace:
                    part.replace(path)
                else:
                    os.link(part, path)
        finally:
            part.unlink(missing_ok=True)

    def kept(self) -> tuple[KeptMail, ...]:
        """Give the letters that are here, the newest first; a file that is no letter is left out."""
        found = []
        with suppress(OSError):
            for path in self._folder.glob("*.eml"):
                with suppress(OSError, ValueError, AttributeError, IndexError, TypeError):
                    found.append(_read(path))
        return tuple(sorted(found, key=lambda each: (each.mail.at, each.mail.id), reverse=True))

    def drop(self, letter_id: str) -> None:
        """Throw a letter away, however far it has come."""
        with self._told(self._folder):
            for state in _ENDINGS:
                self._path(letter_id, state).unlink(missing_ok=True)

    def send(self, letter_id: str) -> tuple[MailState, Refusal | None]:
        """Send a letter that is kept here; give how far it came, and why no further.

        It waits for the server: call it in a thread. Nothing is sent while another process sends the same.
        """
        if self._post is None:
            return MailState.WAITING, Refusal("mail_no_server")
        waiting, sending = (self._path(letter_id, each) for each in (MailState.WAITING, MailState.SENDING))
        was_unsure = not waiting.exists()
        try:
            file = os.open(sending if was_unsure else waiting, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return MailState.UNSURE, Refusal("mail_gone")
        if not _locked(file):
            os.close(file)
            return MailState.SENDING, Refusal("mail_under_way")
        try:
            return self._send(file, waiting, sending, was_unsure=was_unsure)
        finally:
            os.close(file)

    def _send(
        self, file: int, waiting: Path, sending: Path, *, was_unsure: bool
    ) -> tuple[MailState, Refusal | None]:
        assert self._post is not None  # noqa: S101 - tells the type checker what send has just asked
        data = _all_of(file)
        if not was_unsure:
            try:
                # Before the first word to the server: from here on a killed process leaves it as unsure.
                waiting.rename(sending)
                _settle(sending.parent)
            except OSError:
                return MailState.WAITING, Refusal("mail_gone")
        state, refusal = self._post.deliver(data)
        try:
            if state is MailState.SENT:
                sending.rename(sending.with_name(sending.name.replace(".sending.", ".sent.")))
            elif state is MailState.WAITING and not was_unsure:
                sending.rename(waiting)
        except OSError:
            # The next start takes it for unsure, and asks before it is sent again.
            return state, refusal or Refusal("mail_not_noted")
        return (MailState.UNSURE if was_unsure and state is MailState.WAITING else state), refusal

    def _path(self, letter_id: str, state: MailState) -> Path:
        return self._folder / f"{letter_id}{_ENDINGS[state]}"

    @contextmanager
    def _told(self, path: Path) -> Iterator[None]:
        try:
            yield
        except FileExistsError:
            raise
        except OSError as error:
            reason = "full" if error.errno in _FULL else (error.strerror or type(error).__name__)
            raise StorageError(
                Refusal("letter_not_kept", "letter", {"path": str(path), "reason": reason})
            ) from error


def _locked(file: int) -> bool:
    """Lock a letter for sending; ``False`` when somebody else sends it.

    Whoever looks at the letters holds a lock for a moment as well (:func:`_read`), which is waited for.
    """
    for _ in range(_TRIES):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(_BETWEEN_TRIES)
        else:
            return True
    return False


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _all_of(file: int) -> bytes:
    parts = []
    while part := os.read(file, 65536):
        parts.append(part)
    return b"".join(parts)


def _read(path: Path) -> KeptMail:
    """Read a letter's file; what is in it is shown harmless, whoever wrote it."""
    state = next(each for each, ending in _ENDINGS.items() if path.name.endswith(ending))
    with path.open("rb") as file:
        if state is MailState.SENDING:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                state = MailState.UNSURE
            except OSError:
                state = MailState.SENDING
        message = message_from_string(file.read().decode("utf-8", "replace"), policy=SMTPUTF8)
    body = message.get_body(("plain",))
    text = "" if body is None else str(body.get_content())
    date = message["Date"]
    sender = message["From"].addresses[0]
    mail = Mail(
        id=Id(path.name.partition(".")[0]),
        sender_name=shown(sender.display_name),
        sender=shown(sender.addr_spec),
        to=shown(message["To"].addresses[0].addr_spec),
        subject=shown(str(message["Subject"] or "")),
        text="\n".join(shown(line, LONGEST_SHOWN) for line in text[:LONGEST_SHOWN].splitlines()),
        at=date.datetime.isoformat(),
    )
    return KeptMail(mail=mail, place=str(path), state=state)

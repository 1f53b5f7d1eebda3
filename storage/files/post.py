"""Sending a letter by SMTP: encrypted and verified always, and never said to be sent when it was not.

The one moment of doubt is between the last line of the letter and the server's answer to it. Whatever
fails before, the letter was not taken; whatever fails in it, nobody knows. So that line is written by
itself, when all else has gone out.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import stat
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_string
from email.policy import SMTPUTF8
from pathlib import Path

from core.letters import MailState
from core.refusal import Refusal
from core.text import shown

OVERALL = 4
"""How many times the time-out of one answer a whole delivery may take."""
LONGEST_REPLY = 160
OK, WILL_FORWARD, GO_ON = 250, 251, 354
"""The answers of RFC 5321 to a command, to a recipient elsewhere, and to the wish to send a letter."""


class NotSentError(Exception):
    """The server did not take the letter; ``refusal`` tells why."""

    def __init__(self, refusal: Refusal) -> None:
        """Carry the refusal to the edge."""
        super().__init__(refusal.code)
        self.refusal = refusal


def refuse(code: str, **params: str) -> NotSentError:
    """Make the error for a letter that was not taken."""
    return NotSentError(Refusal(code, "", dict(params)))


def _reply(number: int, reply: bytes) -> str:
    """Give a server's own words, harmless and on one line."""
    return f"{number} {shown(' '.join(reply.decode('utf-8', 'replace').split()), LONGEST_REPLY)}"


@dataclass(frozen=True, slots=True)
class Post:
    """A server that takes letters. Without encryption nothing is sent, and its certificate must be right.

    ``tls_from_start`` is TLS before the first word (usually port 465), else STARTTLS (587). ``authority``
    is a file with the certificates to trust instead of the machine's. ``password`` is called when it is
    needed and kept nowhere; ``seconds`` is how long one answer may take.
    """

    host: str
    port: int
    tls_from_start: bool = False
    authority: Path | None = None
    user: str = ""
    password: Callable[[], str] = field(default=str, repr=False)
    seconds: float = 15.0

    def deliver(self, data: bytes) -> tuple[MailState, Refusal | None]:
        """Send a letter; give ``SENT``, ``WAITING`` when it was not taken, or ``UNSURE``, and why."""
        try:
            client = self._connected()
        except NotSentError as error:
            return MailState.WAITING, error.refusal
        # A server that answers a byte at a time would never run into the time-out of one answer.
        watch = threading.Timer(OVERALL * self.seconds, _hang_up, (client,))
        watch.daemon = True
        watch.start()
        try:
            self._handed_over(client, data)
        except NotSentError as error:
            _hang_up(client)
            return MailState.WAITING, error.refusal
        finally:
            watch.cancel()
        return self._answered(client)

    # Step by step ---------------------------------------------------------------------------

    def _connected(self) -> smtplib.SMTP:
        with self._as_refusal():
            context = ssl.create_default_context(
                cafile=None if self.authority is None else str(self.authority)
            )
        with self._as_refusal():
            if self.tls_from_start:
                return smtplib.SMTP_SSL(self.host, self.port, timeout=self.seconds, context=context)
            client = smtplib.SMTP(self.host, self.port, timeout=self.seconds)
        try:
            with self._as_refusal():
                client.ehlo_or_helo_if_needed()
                if not client.has_extn("starttls"):
                    raise refuse("mail_no_tls", host=self.host)
                client.starttls(context=context)
        except NotSentError:
            _hang_up(client)
            raise
        return client

    def _handed_over(self, client: smtplib.SMTP, data: bytes) -> None:
        """Do all but the last line; what fails here leaves the letter untaken."""
        message = message_from_string(data.decode("utf-8", "replace"), policy=SMTPUTF8)
        sender, to = (str(message[name].addresses[0].addr_spec) for name in ("From", "To"))
        with self._as_refusal():
            client.ehlo_or_helo_if_needed()
            if self.user:
                self._log_in(client)
            options: list[str] = []
            if not (sender + to).isascii():
                if not client.has_extn("smtputf8"):
                    raise refuse("mail_address_letters", host=self.host)
                options = ["SMTPUTF8"]
                client.command_encoding = "utf-8"
            answer = client.mail(sender, options)
            if answer[0] != OK:
                raise refuse("mail_sender_refused", host=self.host, reply=_reply(*answer))
            answer = client.rcpt(to)
            if answer[0] not in (OK, WILL_FORWARD):
                raise refuse("mail_recipient_refused", host=self.host, reply=_reply(*answer))
            answer = client.docmd("DATA")
            if answer[0] != GO_ON:
                raise refuse("mail_refused", host=self.host, reply=_reply(*answer))
            client.send(_lines_of(data))

    def _answered(self, client: smtplib.SMTP) -> tuple[MailState, Refusal | None]:
        """Write the last line and hear the answer; without an answer nobody knows."""
        try:
            client.send(b".\r\n")
            code, reply = client.getreply()
        except (OSError, smtplib.SMTPException):
            _hang_up(client)
            return MailState.UNSURE, Refusal("mail_unsure", "", {"host": self.host})
        if code != OK:
            _hang_up(client)
            return MailState.WAITING, refuse(
                "mail_refused", host=self.host, reply=_reply(code, reply)
            ).refusal
        with suppress(OSError, smtplib.SMTPException):
            client.quit()
        _hang_up(client)
        return MailState.SENT, None

    def _log_in(self, client: smtplib.SMTP) -> None:
        try:
            client.login(self.user, self.password())
        except smtplib.SMTPAuthenticationError as error:
            # The server's own words may repeat what it was told.
            raise refuse("mail_login_refused", host=self.host, number=str(error.smtp_code)) from None
        except smtplib.SMTPNotSupportedError:
            raise refuse("mail_no_login", host=self.host) from None
        except UnicodeEncodeError:
            # The error itself would show the password.
            raise refuse("mail_password_letters") from None

    def _as_refusal(self) -> _Told:
        return _Told(self.host)


class _Told:
    """Turn what goes wrong on the way to a server into a refusal."""

    def __init__(self, host: str) -> None:
        self._host = host

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        """Tell."""
        if error is None or isinstance(error, NotSentError):
            return
        host = self._host
        told: NotSentError | None = None
        match error:
            case ssl.SSLCertVerificationError():
                told = refuse("mail_certificate", host=host, reason=shown(error.verify_message))
            case ssl.SSLError():
                told = refuse("mail_tls", host=host, reason=shown(error.reason or ""))
            case _ if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
                # smtplib says of a server that does not answer that it has hung up.
                told = refuse("mail_slow", host=host)
            case smtplib.SMTPServerDisconnected() | ConnectionResetError() | BrokenPipeError():
                told = refuse("mail_dropped", host=host)
            case smtplib.SMTPException():
                told = refuse("mail_misunderstood", host=host)
            case OSError():
                reason = shown(error.strerror or type(error).__name__)
                told = refuse("mail_unreachable", host=host, reason=reason)
        if told is not None:
            raise told from None


def _lines_of(data: bytes) -> bytes:
    """Give a letter as it goes over the line: a full stop at the beginning of a line is doubled."""
    data = re.sub(rb"\r\n|\r|\n", b"\r\n", data)
    data = re.sub(rb"(?m)^\.", b"..", data)
    return data if data.endswith(b"\r\n") else data + b"\r\n"


def _hang_up(client: smtplib.SMTP) -> None:
    with suppress(OSError):
        if client.sock is not None:
            client.sock.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        client.close()


def password_from(path: Path) -> str:
    """Read a password's file, which nobody but its owner may read; the line feed at its end is none of it.

    Raises:
        NotSentError: ``mail_password_open`` or ``mail_password_missing``.
    """
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode & 0o077:
                raise refuse("mail_password_open", path=str(path))
            text = file.read(4096).decode().rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise refuse("mail_password_missing", path=str(path)) from None
    if not text:
        raise refuse("mail_password_missing", path=str(path))
    return text

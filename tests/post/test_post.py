"""A letter and a real server: taken, refused or in doubt, it is never lost and never sent twice unasked."""

from __future__ import annotations

import fcntl
import ssl
import time
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from threading import Timer

import pytest

from core.identity import Id
from core.letters import Mail, MailState
from core.refusal import Refusal
from storage.files.letters import FileLetters, eml
from storage.files.post import NotSentError, Post, password_from
from tests.post.conftest import PASSWORD, Box, Server, free_port

LETTER = Mail(
    id=Id("letter-1"),
    sender_name="Åsa Öberg",
    sender="asa@kommun.example",
    to="kontakt@verket.example",
    subject="Ny administratör för Älvsbyns kommun: Örjan Östlund och några till med långa namn",
    text="Hej!\n\n. en punkt först på raden\n.\nMed vänlig hälsning\nÅsa Öberg, Älvsbyns kommun\n"
    + "å" * 300,
    at="2024-02-01T07:12:00+00:00",
)


def letters(folder: Path, post: Post | None) -> FileLetters:
    return FileLetters(folder / "letters", "sqlite:///house", "asa", "kommun-2560", post)


def states(kept: FileLetters) -> list[MailState]:
    return [each.state for each in kept.kept()]


def sent(folder: Path, post: Post, mail: Mail = LETTER) -> tuple[FileLetters, MailState, Refusal | None]:
    """Keep a letter and send it."""
    own = letters(folder, post)
    own.keep(mail)
    return (own, *own.send(mail.id))


# Taken --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tls", ["starttls", "tls"])
@pytest.mark.parametrize("login", [False, True])
def test_a_letter_is_taken_word_for_word(
    server: Server, box: Box, tmp_path: Path, tls: str, login: bool
) -> None:
    with server.running(box, tls=tls, login=login) as post:
        own, state, refusal = sent(tmp_path, post)
    assert (state, refusal) == (MailState.SENT, None)
    (envelope,) = box.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == (LETTER.sender, [LETTER.to])
    assert isinstance(envelope.content, bytes)
    assert envelope.content.isascii()
    message = message_from_bytes(envelope.content, policy=SMTP)
    assert message["Subject"] == LETTER.subject
    assert message["From"].addresses[0].display_name == LETTER.sender_name
    body = message.get_body()
    assert body is not None
    assert body.get_content().splitlines() == LETTER.text.splitlines()
    assert states(own) == [MailState.SENT]


def test_a_letter_that_was_sent_is_not_sent_again(server: Server, box: Box, tmp_path: Path) -> None:
    with server.running(box) as post:
        own, _state, _refusal = sent(tmp_path, post)
        assert own.send(LETTER.id) == (MailState.UNSURE, Refusal("mail_gone"))
    assert len(box.taken) == 1


def test_an_address_in_letters_of_its_own_is_taken_by_a_server_that_knows_them(
    server: Server, box: Box, tmp_path: Path
) -> None:
    own_letters = replace_mail(sender="åsa@älvsbyn.example")
    with server.running(box) as post:
        _own, state, refusal = sent(tmp_path, post, own_letters)
    assert (state, refusal) == (MailState.SENT, None)
    assert box.taken[0].mail_from == "åsa@xn--lvsbyn-9ta.example"


def replace_mail(**changed: str) -> Mail:
    import msgspec

    return msgspec.structs.replace(LETTER, **changed)


# Not taken, and it is known why -------------------------------------------------------------------


def waits(own: FileLetters, state: MailState) -> None:
    """See that the letter is here, whole, as one that waits."""
    assert state is MailState.WAITING
    (kept,) = own.kept()
    assert kept.state is MailState.WAITING
    assert kept.mail == LETTER
    assert Path(kept.place).read_bytes() == eml(LETTER)


def test_a_recipient_that_is_refused_leaves_the_letter_and_tells_the_servers_words(
    server: Server, box: Box, tmp_path: Path
) -> None:
    box.at_recipient = "550 Okänd mottagare \x1b[31m"
    with server.running(box) as post:
        own, state, refusal = sent(tmp_path, post)
    assert refusal is not None
    assert refusal.code == "mail_recipient_refused"
    assert str(refusal.params["reply"]).startswith("550 Ok")
    assert "\x1b" not in str(refusal.params["reply"])
    waits(own, state)
    assert box.taken == []


def test_a_letter_that_is_refused_whole_stays(server: Server, box: Box, tmp_path: Path) -> None:
    box.at_data = "554 Too much of something"
    with server.running(box) as post:
        own, state, refusal = sent(tmp_path, post)
    assert refusal == Refusal("mail_refused", "", {"host": "127.0.0.1", "reply": "554 Too much of something"})
    waits(own, state)


def test_a_login_that_is_refused_stays_and_the_password_is_told_nowhere(
    server: Server, box: Box, tmp_path: Path
) -> None:
    with server.running(box, login=True) as post:
        wrong = replace(post, password=lambda: "fel-" + PASSWORD)
        own, state, refusal = sent(tmp_path, wrong)
        assert PASSWORD not in repr(wrong)
    assert refusal == Refusal("mail_login_refused", "", {"host": "127.0.0.1", "number": "535"})
    waits(own, state)


def test_a_password_that_cannot_be_sent_is_refused_without_being_shown(
    server: Server, box: Box, tmp_path: Path
) -> None:
    with server.running(box, login=True) as post:
        own, state, refusal = sent(tmp_path, replace(post, password=lambda: "lösen"))
    assert refusal == Refusal("mail_password_letters")
    waits(own, state)


def test_without_encryption_nothing_is_sent(server: Server, box: Box, tmp_path: Path) -> None:
    with server.running(box, tls="none") as post:
        own, state, refusal = sent(tmp_path, post)
    assert refusal == Refusal("mail_no_tls", "", {"host": "127.0.0.1"})
    waits(own, state)
    assert box.taken == []


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_certificate_of_nobody_known_is_refused(server: Server, box: Box, tmp_path: Path, tls: str) -> None:
    with server.running(box, tls=tls) as post:
        own, state, refusal = sent(tmp_path, replace(post, authority=None))
    assert refusal is not None
    assert refusal.code == "mail_certificate"
    waits(own, state)


def test_a_certificate_of_another_host_is_refused(server: Server, box: Box, tmp_path: Path) -> None:
    with server.running(box, tls="tls") as post:
        # The same machine under a name that is not in the certificate.
        own, state, refusal = sent(tmp_path, replace(post, host="127.0.0.2"))
        if refusal is not None and refusal.code == "mail_unreachable":
            own, state, refusal = sent(tmp_path, replace(post, host="0.0.0.0"))  # noqa: S104 - to connect to
    assert refusal is not None
    assert refusal.code == "mail_certificate"
    waits(own, state)


def test_a_server_that_is_not_there_leaves_the_letter(tmp_path: Path) -> None:
    own, state, refusal = sent(tmp_path, Post(host="127.0.0.1", port=free_port(), seconds=2))
    assert refusal is not None
    assert refusal.code == "mail_unreachable"
    waits(own, state)


def test_a_server_that_never_answers_leaves_the_letter_when_the_time_is_up(
    server: Server, tmp_path: Path
) -> None:
    def talk(line: ssl.SSLSocket) -> None:
        line.settimeout(10)
        line.recv(100)

    began = time.monotonic()
    with server.scripted(talk, seconds=0.5) as post:
        own, state, refusal = sent(tmp_path, post)
    assert refusal == Refusal("mail_slow", "", {"host": "127.0.0.1"})
    assert time.monotonic() - began < 8
    waits(own, state)


# In the middle ------------------------------------------------------------------------------------


def until(
    end: bytes, then: Callable[[ssl.SSLSocket], None], *, greeting: bool = True
) -> Callable[[ssl.SSLSocket], None]:
    """Answer as a server does until something has been said, then do as told."""

    def talk(line: ssl.SSLSocket) -> None:
        line.settimeout(10)
        if greeting:
            line.sendall(b"220 hej\r\n")
        heard = b""
        while True:
            part = line.recv(65536)
            heard += part
            if end in heard or not part:
                then(line)
                return
            answer = b"354 go on\r\n" if part.upper().startswith(b"DATA") else b"250 ok\r\n"
            if b"\r\nMessage-ID" not in heard and b"From:" not in heard:
                line.sendall(answer)

    return talk


def hang_up(line: ssl.SSLSocket) -> None:
    """End the connection without a word."""
    line.close()


def keep_silent(line: ssl.SSLSocket) -> None:
    """Never answer; the other side ends it."""
    while line.recv(65536):
        pass


@pytest.mark.parametrize("at", [b"ehlo", b"mail FROM", b"rcpt TO", b"DATA\r\n"])
def test_a_line_that_breaks_before_the_end_leaves_the_letter_untaken(
    server: Server, tmp_path: Path, at: bytes
) -> None:
    with server.scripted(until(at, hang_up)) as post:
        own, state, refusal = sent(tmp_path, post)
    assert refusal == Refusal("mail_dropped", "", {"host": "127.0.0.1"})
    waits(own, state)


@pytest.mark.parametrize("then", [hang_up, keep_silent])
def test_a_line_that_breaks_at_the_very_end_leaves_a_letter_of_which_nobody_knows(
    server: Server, box: Box, tmp_path: Path, then: Callable[[ssl.SSLSocket], None]
) -> None:
    with server.scripted(until(b"\r\n.\r\n", then)) as post:
        own, state, refusal = sent(tmp_path, post)
    assert (state, refusal) == (MailState.UNSURE, Refusal("mail_unsure", "", {"host": "127.0.0.1"}))
    (kept,) = own.kept()
    assert (kept.state, kept.mail) == (MailState.UNSURE, LETTER)
    # To keep it again makes no second one that looks as if it had never been sent.
    own.keep(LETTER)
    assert states(own) == [MailState.UNSURE]
    # Sent again, after the question that the screen asks, it bears the same id: a copy can be known as such.
    with server.running(box) as post:
        again = letters(tmp_path, post)
        assert again.send(LETTER.id) == (MailState.SENT, None)
    content = box.taken[0].content
    assert isinstance(content, bytes)
    assert b"<letter-1@behorig.invalid>" in content
    assert states(again) == [MailState.SENT]


def test_what_may_have_arrived_stays_in_doubt_when_another_try_fails(server: Server, tmp_path: Path) -> None:
    with server.scripted(until(b"\r\n.\r\n", hang_up)) as post:
        sent(tmp_path, post)
    own = letters(tmp_path, Post(host="127.0.0.1", port=free_port(), seconds=2))
    state, refusal = own.send(LETTER.id)
    assert (state, refusal and refusal.code) == (MailState.UNSURE, "mail_unreachable")
    assert states(own) == [MailState.UNSURE]


def test_two_windows_do_not_send_one_letter_at_the_same_time(
    server: Server, box: Box, tmp_path: Path
) -> None:
    with server.running(box) as post:
        own = letters(tmp_path, post)
        path = Path(own.keep(LETTER).place)
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            assert own.send(LETTER.id) == (MailState.SENDING, Refusal("mail_under_way"))
        assert own.send(LETTER.id) == (MailState.SENT, None)
    assert len(box.taken) == 1


def test_a_look_at_the_letters_does_not_keep_one_from_being_sent(
    server: Server, box: Box, tmp_path: Path
) -> None:
    with server.running(box) as post:
        own = letters(tmp_path, post)
        path = Path(own.keep(LETTER).place)
        with path.open("rb") as file:
            # As a list does that is read at the same moment, to see whether somebody sends it.
            fcntl.flock(file, fcntl.LOCK_SH)
            Timer(0.1, fcntl.flock, (file, fcntl.LOCK_UN)).start()
            assert own.send(LETTER.id) == (MailState.SENT, None)
    assert len(box.taken) == 1


# The folder and the password ------------------------------------------------------------------------


def test_the_folder_and_its_letters_are_their_owners_alone(tmp_path: Path) -> None:
    path = Path(letters(tmp_path, None).keep(LETTER).place)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_file_that_is_no_letter_is_left_out_and_a_hostile_one_is_harmless(tmp_path: Path) -> None:
    own = letters(tmp_path, None)
    folder = Path(own.keep(LETTER).place).parent
    (folder / "none.eml").write_bytes(b"\xff\xfe\x00")
    hostile = b"From: a@b.example\r\nTo: c@d.example\r\nDate: Thu, 01 Feb 2024 07:00:00 +0000\r\n"
    hostile += b"Subject: =?utf-8?q?=1B[31m?=\r\n\r\n\x1b]0;x\x07\r\n"
    (folder / "hostile.eml").write_bytes(hostile)
    kept = own.kept()
    assert {each.mail.id for each in kept} == {"letter-1", "hostile"}
    assert "\x1b" not in str(kept)


def test_a_saved_letter_takes_the_place_of_another_only_when_told(tmp_path: Path) -> None:
    own, path = letters(tmp_path, None), tmp_path / "brev.eml"
    own.save(path, LETTER, replace=False)
    assert path.read_bytes() == eml(LETTER)
    path.write_bytes(b"another")
    with pytest.raises(FileExistsError):
        own.save(path, LETTER, replace=False)
    assert path.read_bytes() == b"another"
    own.save(path, LETTER)
    assert path.read_bytes() == eml(LETTER)
    assert [each.name for each in tmp_path.iterdir()] == ["brev.eml"]


def test_a_password_that_others_may_read_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text(f"{PASSWORD}\n")
    path.chmod(0o640)
    with pytest.raises(NotSentError) as caught:
        password_from(path)
    assert caught.value.refusal == Refusal("mail_password_open", "", {"path": str(path)})
    path.chmod(0o600)
    assert password_from(path) == PASSWORD
    path.write_text("\n")
    for wrong in (path, tmp_path / "none"):
        with pytest.raises(NotSentError) as caught:
            password_from(wrong)
        assert caught.value.refusal.code == "mail_password_missing"


def test_a_letter_cannot_carry_headers_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Header values"):
        eml(replace_mail(subject="Hej\r\nBcc: alla@verket.example"))

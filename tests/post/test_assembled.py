"""The letters of a session as the program puts them together from its settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.directory import Account, Role
from core.letters import MailState
from core.refusal import Refusal
from storage.files.post import Post
from tests.post.conftest import PASSWORD, USER, Box, Server
from tests.post.test_post import LETTER
from tui.assemble.session import letters_of
from tui.settings import MailServer

ASA = Account(
    id="asa",
    organisation_id="kommun-2560",
    hsa_id="TSTNMT2321000156-ASA",
    given_name="Åsa",
    family_name="Öberg",
    email="asa@kommun.example",
    role=Role.ADMINISTRATOR,
)


def named(post: Post, server: Server, password_file: str) -> MailServer:
    """Give the settings that name a server."""
    return MailServer(
        host=post.host,
        port=post.port,
        security="starttls",
        authority=str(server.authority),
        user=USER,
        password_file=password_file,
    )


@pytest.fixture(autouse=True)
def _without_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BEHORIG_SMTP_PASSWORD", raising=False)


def sent(folder: Path, server: MailServer) -> tuple[MailState, Refusal | None]:
    letters = letters_of(folder, "sqlite:///house", ASA, server)
    assert letters.can_send
    letters.keep(LETTER)
    return letters.send(LETTER.id)


def test_the_password_of_the_environment_is_used(
    server: Server, box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEHORIG_SMTP_PASSWORD", PASSWORD)
    with server.running(box, login=True) as post:
        assert sent(tmp_path, named(post, server, "")) == (MailState.SENT, None)


def test_the_password_of_a_file_is_used_only_where_nobody_else_reads_it(
    server: Server, box: Box, tmp_path: Path
) -> None:
    path = tmp_path / "password"
    path.write_text(PASSWORD + "\n")
    path.chmod(0o644)
    with server.running(box, login=True) as post:
        settings = named(post, server, str(path))
        assert PASSWORD not in repr(settings)
        state, refusal = sent(tmp_path, settings)
        assert (state, refusal) == (
            MailState.WAITING,
            Refusal("mail_password_open", "", {"path": str(path)}),
        )
        path.chmod(0o600)
        assert sent(tmp_path, settings) == (MailState.SENT, None)


def test_without_a_server_letters_are_kept_and_not_sent(tmp_path: Path) -> None:
    letters = letters_of(tmp_path, "sqlite:///house", ASA, None)
    assert not letters.can_send
    letters.keep(LETTER)
    assert letters.send(LETTER.id) == (MailState.WAITING, Refusal("mail_no_server"))
    assert [each.mail for each in letters.kept()] == [LETTER]


def test_a_disk_that_does_not_take_a_letter_is_told(tmp_path: Path) -> None:
    from core.ports import StorageError

    (tmp_path / "letters").write_text("a file where the folder should be")
    with pytest.raises(StorageError) as caught:
        letters_of(tmp_path, "sqlite:///house", ASA, None).keep(LETTER)
    assert caught.value.refusal.code == "letter_not_kept"

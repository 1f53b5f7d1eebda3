"""A session: a storage that is open, somebody who is signed in to it, drafts and letters."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from core.ports import Membership, Storage, StorageError
from core.service import Service, actor_of
from storage.files.drafts import FileDrafts
from storage.open import canonical, is_postgresql, is_server, open_server, open_storage, told
from tui.assemble.demo import demo_clock, holds_demo
from tui.clock import DemoClock, new_id, system_clock
from tui.named_file import named_file
from tui.session import Drafts, NoDrafts, Session
from tui.settings import MailServer, Settings, state_path
from tui.signin import one_of, sign_in, storage_error
from tui.text import _

if TYPE_CHECKING:
    from core.days import Clock
    from core.directory import Account
    from storage.files.letters import FileLetters


async def connect(settings: Settings, *, with_drafts: bool = True) -> Session:
    """Open the storage and sign in; whatever stands in the way is a :class:`StartError`.

    Without drafts none is looked for, so that a command is no other window to a full screen.
    """
    if settings.storage is None:
        raise ValueError("the start asks for a storage first")
    begin = _at_server if is_server(settings.storage) else _at_database
    try:
        return await begin(settings.storage, settings, with_drafts=with_drafts)
    except StorageError as error:
        raise storage_error(error) from error


async def _at_database(url: str, settings: Settings, *, with_drafts: bool) -> Session:
    """Sign in to a file or a database as whom the settings name."""
    if settings.hsa_id is None:
        raise ValueError("the start asks for a person first")
    storage = await open_storage(url)
    try:
        # What is said of the storage is said without a password.
        membership = await sign_in(storage, replace(settings, storage=told(url)))
        demo = await holds_demo(storage)
        clock = await demo_clock(storage, membership.organisation.id) if demo else system_clock
        place = canonical(url)
        drafts: Drafts = drafts_of(place, membership.account) if with_drafts else NoDrafts()
        return _put_together(storage, membership, place, settings.mail, clock, drafts, demo=demo)
    except BaseException:
        await storage.close()
        raise


async def _at_server(url: str, settings: Settings, *, with_drafts: bool) -> Session:
    """Sign in to a server, which tells who one is."""
    # Only this needs what keeps credentials.
    from storage.http.signin.credentials import FoundCredentials
    from tui.assemble.logins import logins, path_of

    connection, server = settings.connection, canonical(url)
    authority = path_of(connection.authority)
    credentials = FoundCredentials(
        server,
        logins(),
        token_file=Path(path_of(connection.token_file)) if connection.token_file else None,
        authority=authority,
        proxy=connection.proxy,
    )
    storage = open_server(server, credentials, authority=authority, proxy=connection.proxy)
    try:
        me = await storage.me()
        signed_in = replace(settings, storage=server, hsa_id=me.hsa_id)
        membership = one_of(me.memberships, signed_in)
        # A machine whose clock is wrong would ask about another day than the server's, which decides.
        ahead = me.now - system_clock()
        clock = DemoClock(me.now) if me.is_demo else (lambda: system_clock() + ahead)
        drafts: Drafts = drafts_of(server, membership.account) if with_drafts else NoDrafts()
        return _put_together(storage, membership, server, settings.mail, clock, drafts, demo=me.is_demo)
    except BaseException:
        await storage.close()
        raise


def drafts_of(url: str, account: Account) -> FileDrafts:
    """Give the place of an account's draft on this machine."""
    return FileDrafts(state_path() / "drafts", url, account.id, account.organisation_id)


def _put_together(
    storage: Storage,
    membership: Membership,
    url: str,
    server: MailServer | None,
    clock: Clock,
    drafts: Drafts,
    *,
    demo: bool,
) -> Session:
    account = membership.account
    notices: list[str] = []
    drafts.load()
    if drafts.set_aside is not None:
        notices.append(
            _(
                "A draft could not be read and was put aside as {file}; nothing of it has been written.",
                file=str(drafts.set_aside),
            )
        )
    if drafts.elsewhere:
        notices.append(
            _("You are signed in in another window too: its draft stays there, and this one has its own.")
        )
    return Session(
        service=Service(storage, actor_of(membership), clock, new_id),
        membership=membership,
        drafts=drafts,
        at_close=storage.close,
        demo=demo,
        notices=tuple(notices),
        open_letters=partial(letters_of, state_path(), url, account, server),
        storage_kind="HTTP" if is_server(url) else "PostgreSQL" if is_postgresql(url) else "SQLite",
    )


def letters_of(folder: Path, url: str, account: Account, server: MailServer | None) -> FileLetters:
    """Give the letters of an account, which go out by ``server`` where one is named."""
    # Only who writes a letter pays for what mail needs.
    from storage.files.letters import FileLetters
    from storage.files.post import Post

    post = None
    if server is not None:
        post = Post(
            host=server.host,
            port=server.port,
            tls_from_start=server.security == "tls",
            authority=named_file(server.authority) if server.authority else None,
            user=server.user,
            password=partial(_password, server.password_file),
        )
    return FileLetters(folder / "letters", url, account.id, account.organisation_id, post)


def _password(file: str) -> str:
    """Give the mail server's password, read when it is needed: of the environment, else of its file."""
    from storage.files.post import password_from  # for the same reason

    return os.environ.get("BEHORIG_SMTP_PASSWORD") or password_from(named_file(file))

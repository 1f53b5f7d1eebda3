"""Where the program is put together: the one place in which ``tui`` meets ``storage``."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from core.days import Clock
from core.directory import AUTHORITY, INSTALLATION
from core.ports import Membership, Storage, StorageError
from core.queries import Writes
from core.refusal import Refusal, WrongValueError
from core.service import Service, actor_of
from core.wire import encode
from storage.files.drafts import FileDrafts, forget_drafts
from storage.open import (
    canonical,
    is_postgresql,
    is_server,
    migrate_storage,
    new_postgresql,
    new_sqlite,
    open_server,
    open_storage,
    sqlite_path,
    told,
    verify_storage,
    version_of,
)
from storage.seed.cast import DEMO_EDITION, DEMO_MORNING, DEMO_PERSONS, EVA_EK, DemoPerson
from tui.clock import DemoClock, new_id, system_clock
from tui.named_file import named_file
from tui.session import UNREACHABLE, Drafts, NoDrafts, Session, StartError
from tui.settings import Connection, MailServer, ServerTable, Settings, nearest, state_path, wrong
from tui.signin import one_of, sign_in, storage_error
from tui.text import _, speaking
from tui.text.refusals import sentence

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Collection, Iterator, Mapping
    from contextlib import AbstractAsyncContextManager

    from core.directory import Account
    from core.identity import EmailAddress, FamilyName, GivenName, HsaId
    from core.tokens import Token
    from core.verify import ChainReport
    from storage.copy import Copied
    from storage.files.letters import FileLetters
    from storage.http.server.limits import Limits
    from storage.http.server.serve import ServeSettings
    from storage.http.signin.config import SignInConfig, WrongSettingError
    from storage.http.signin.kept import KeptLogins
    from storage.open import OpenStorage
    from storage.seed import build as _build
    from storage.sql.storage import SqlStorage

    Person = _build.Person
    Place = _build.Place

T = TypeVar("T")

__all__ = [
    "DEMO_EDITION",
    "DEMO_PERSONS",
    "DemoPerson",
    "connect",
    "copy",
    "drafts_of",
    "is_demo",
    "letters_of",
    "list_tokens",
    "location",
    "log_in",
    "log_out",
    "make_demo",
    "make_real",
    "make_token",
    "migrate",
    "person",
    "places",
    "remake_demo",
    "revoke_token",
    "serve",
    "server_faults",
    "server_schema",
    "shown_storage",
    "sign_in_config",
    "told",
    "verify",
    "versions",
]


# Signing in ------------------------------------------------------------------------------------


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
        demo = await _holds_demo(storage)
        clock = await _demo_clock(storage, membership.organisation.id) if demo else system_clock
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

    connection, server = settings.connection, canonical(url)
    authority = _path_of(connection.authority)
    credentials = FoundCredentials(
        server,
        _logins(),
        token_file=Path(_path_of(connection.token_file)) if connection.token_file else None,
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


async def _holds_demo(storage: Storage) -> bool:
    """Say whether a storage is the demo's: only there can anybody have an HSA-id of test form."""
    return bool(await storage.identify(EVA_EK.hsa_id))


async def _demo_clock(storage: Storage, *organisation_ids: str) -> Clock:
    """Start the demo's clock on its morning, or after what was last written: time does not go back."""
    # As the installation, since a user may not read what was written: here only the moment is looked at.
    service = Service(storage, INSTALLATION, lambda: DEMO_MORNING, new_id)
    start = DEMO_MORNING
    # What support published a moment ago, as another person of the demo, is published for this one too.
    for organisation_id in {*organisation_ids, AUTHORITY}:
        page = await service.ask(Writes(organisation_id=organisation_id, limit=1))
        if page.rows:
            start = max(start, datetime.fromisoformat(page.rows[0].at).astimezone(UTC) + timedelta(minutes=1))
    return DemoClock(start)


# Whole databases ------------------------------------------------------------------------------


def verify(storage: str) -> Iterator[ChainReport]:
    """Check the chain of every organisation, a report for each.

    Raises:
        StorageError: the storage cannot be read.
    """
    return verify_storage(storage)


def versions(storage: str) -> tuple[str, str]:
    """Give the version that a storage has, and the one that this program needs.

    Raises:
        StorageError: the storage cannot be read, or is newer.
    """
    return version_of(storage)


def migrate(storage: str) -> Path | None:
    """Bring a storage up to date, and give the copy that was kept of how it was, where one was.

    Raises:
        StorageError: the storage cannot be changed; nothing was.
    """
    return migrate_storage(storage)


def copy(source: str, target: str) -> Copied:
    """Copy a whole database to where there is none, and prove that both hold the same.

    Raises:
        StorageError: it cannot be copied; the target is as it was.
    """
    from storage.copy import copy_storage  # nothing else here copies

    return copy_storage(source, target)


def shown_storage(url: str) -> str:
    """Give the address of a storage as it may be shown, without a password; ``""`` where it is none."""
    try:
        return told(url)
    except StorageError:
        return ""


# Tokens, and logins to a server ---------------------------------------------------------------


@asynccontextmanager
async def _database(storage: str) -> AsyncGenerator[SqlStorage]:
    """Open the database that a storage names; a server is none.

    Raises:
        StorageError: it cannot be opened, or is a server: who may open the database may make tokens.
    """
    from storage.sql.storage import SqlStorage  # brings SQLAlchemy, which a start does not wait for

    elsewhere = StorageError(Refusal("tokens_elsewhere", "storage"))
    if is_server(storage):
        raise elsewhere
    opened = await open_storage(storage)
    try:
        if not isinstance(opened, SqlStorage):
            raise elsewhere
        yield opened
    finally:
        await opened.close()


async def make_token(
    storage: str, *, hsa_id: HsaId, name: str, expires: datetime
) -> tuple[Token, str, tuple[Membership, ...]] | None:
    """Make a token for an HSA-id: what is kept, the text to show once, and the accounts it opens.

    ``None`` where the HSA-id has no account.

    Raises:
        StorageError: the database cannot be opened or written.
    """
    from core.identity import Id
    from core.tokens import Token as Kind
    from storage.http.signin.tokens import new_secret  # only this makes one

    async with _database(storage) as opened:
        memberships = await opened.identify(hsa_id)
        if not memberships:
            return None
        token_id, text, kept = new_secret()
        token = Kind(id=Id(token_id), hsa_id=hsa_id, name=name, created=system_clock(), expires=expires)
        await opened.tokens().create(token, kept)
        return token, text, memberships


async def list_tokens(storage: str, hsa_id: HsaId | None) -> tuple[Token, ...]:
    """Give the tokens of everybody, or of an HSA-id.

    Raises:
        StorageError: the database cannot be opened.
    """
    async with _database(storage) as opened:
        return await opened.tokens().all(hsa_id)


async def revoke_token(storage: str, token_id: str) -> bool:
    """Revoke a token; ``False`` where there is none of this id that was not revoked before.

    Raises:
        StorageError: the database cannot be opened or written.
    """
    async with _database(storage) as opened:
        return await opened.tokens().revoke(token_id, system_clock())


def _logins() -> KeptLogins:
    from storage.http.signin.kept import KeptLogins as Kind  # a local database needs none of it

    return Kind(state_path() / "sign-in")


async def log_in(server: str, connection: Connection, show: Callable[[str, str, str], None]) -> None:
    """Sign in to a server with a browser; ``show`` is given an address, a code, and both in one or ``""``.

    Raises:
        StorageError: nobody was signed in.
    """
    from storage.http.signin.login import log_in as run  # brings httpx

    await run(
        server,
        _logins(),
        lambda code: show(code.url, code.code, code.url_with_code),
        authority=_path_of(connection.authority),
        proxy=connection.proxy,
    )


def log_out(server: str) -> bool:
    """Forget the login to a server; ``False`` where there was none.

    Raises:
        StorageError: the address is none of a server.
    """
    from storage.http.signin.login import check_server

    check_server(server)
    return _logins().drop(server)


def _path_of(name: str) -> str:
    return str(named_file(name)) if name else ""


# Serving others -------------------------------------------------------------------------------


def sign_in_config(table: ServerTable) -> SignInConfig:
    """Give the ways to sign in that a configuration names; a wrong one is a :class:`StartError`."""
    from storage.http.signin.config import read_sign_in  # only a server reads this

    return _configured(table, read_sign_in)


def _configured(
    table: ServerTable, read: Callable[[Mapping[str, object]], T], flags: Collection[str] = ()
) -> T:
    """Read a configuration; what is wrong with it is a :class:`StartError` that names file, line and key."""
    from storage.http.signin.config import WrongSettingError  # only a server reads this

    try:
        return read(table.values)
    except WrongSettingError as error:
        raise wrong(_told_wrong(table, error, flags)) from error


def _told_wrong(table: ServerTable, error: WrongSettingError, flags: Collection[str] = ()) -> str:
    """Tell a wrong setting of a server, with its place, or the flag that it came by."""
    refusal = error.refusal
    key = refusal.subject
    place = table.place(error.table, key)
    if key in flags and not error.table:
        return f"--{key.replace('_', '-')}: {sentence(refusal)}"
    if refusal.code == "setting_unknown":
        near = nearest(key, str(refusal.params["known"]).split(", "))
        return _('{place}: there is no setting "{key}". {nearest}', place=place, key=key, nearest=near)
    return f"{place}: {f'{key}: ' if key else ''}{sentence(refusal)}"


def serve(storage: str, table: ServerTable, flags: Mapping[str, object]) -> None:
    """Serve a database over HTTP until the process is told to end.

    Raises:
        StartError: what is configured does not do, or nobody could sign in.
        StorageError: the database cannot be opened, or is a server itself.
    """
    # Only a server loads these.
    from storage.http.server.config import read_limits
    from storage.http.server.serve import read_serving

    settings = _configured(table, lambda server: read_serving({**server, **flags}), flags)
    ways = sign_in_config(table)
    asyncio.run(_serve(storage, settings, ways, _configured(table, read_limits)))


def server_faults(table: ServerTable) -> list[str]:
    """Give a sentence for each thing that is wrong with what a server is told; nothing is opened."""
    # Only a server loads these.
    from storage.http.server.config import read_limits
    from storage.http.server.serve import read_serving
    from storage.http.signin.config import WrongSettingError, read_sign_in

    faults: list[str] = []
    values = {name: dict(value) if isinstance(value, dict) else value for name, value in table.values.items()}
    taken_out: set[tuple[str, object]] = set()
    for read in (read_serving, read_limits, read_sign_in):
        while True:
            try:
                read(values)
                break
            except WrongSettingError as error:
                # What was wrong is taken out, and the rest read again: each reader stops at the first fault.
                inside = values.get(error.table) if error.table else values
                key = error.refusal.subject
                if (error.table, error.refusal.params.get("key")) not in taken_out:
                    faults.append(_told_wrong(table, error))
                if isinstance(inside, dict) and key in inside:
                    del inside[key]
                    taken_out.add((error.table, key))
                elif values.pop(error.table, None) is None:
                    break
    return faults


def server_schema() -> dict[str, object]:
    """Give the JSON Schema of what a server is told, made of the very structs that it is read as."""
    # Only a server loads these.
    import msgspec

    from storage.http.server.config import LimitsConfig
    from storage.http.server.serve import ServeSettings
    from storage.http.signin.config import CertificatesConfig, OidcConfig, TokensConfig

    tables = {
        "tokens": TokensConfig,
        "oidc": OidcConfig,
        "certificates": CertificatesConfig,
        "limits": LimitsConfig,
    }
    kinds = (ServeSettings, *tables.values())
    schemas, components = msgspec.json.schema_components(kinds, ref_template="{name}")
    found = {schema["$ref"]: components[schema["$ref"]] for schema in schemas}
    top: dict[str, Any] = found[ServeSettings.__name__]
    top["properties"].update({name: found[kind.__name__] for name, kind in tables.items()})
    return top


async def _serve(storage: str, settings: ServeSettings, config: SignInConfig, limits: Limits) -> None:
    from storage.http.server.limits import networks
    from storage.http.server.log import log_to
    from storage.http.server.serve import serve as run
    from storage.http.server.serve import take_away
    from storage.http.server.served import Served
    from storage.http.signin.document import sign_in_document
    from storage.http.signin.ways import ways_of

    async with _database(storage) as opened:
        try:
            ways = ways_of(config, opened)
        except WrongValueError as error:
            raise wrong(sentence(error.refusal)) from error
        if not ways:
            raise wrong(
                _("Nobody could sign in: write [server.tokens], [server.oidc] or [server.certificates].")
            )
        is_demo = opened.is_demo
        served = Served(
            storage=opened,
            ways=ways,
            clock=await _demo_clock(opened, *_demo_places()) if is_demo else system_clock,
            new_id=new_id,
            sentence=_in_language,
            log=log_to(sys.stderr, system_clock),
            is_demo=is_demo,
            sign_in=encode(sign_in_document(config)),
            limits=limits,
            trusted=networks(settings.trusted),
        )
        if settings.socket:
            take_away(settings.socket)
        try:
            await run(served, settings)
        except OSError as error:
            raise StartError(
                _("The server cannot listen at {place}.", place=settings.socket or settings.listen),
                UNREACHABLE,
            ) from error


def _demo_places() -> frozenset[str]:
    return frozenset(each.organisation_id for each in DEMO_PERSONS if each.organisation_id is not None)


def _in_language(refusal: Refusal, language: str) -> str:
    """Give the sentence for a refusal to a reader of the server's answers."""
    with speaking(language):
        return sentence(refusal)


# Making databases ------------------------------------------------------------------------------


def location(storage: str) -> Path:
    """Give the file that a storage names.

    Raises:
        StorageError: it names no file.
    """
    return sqlite_path(storage)


def places() -> tuple[Place, ...]:
    """Give the organisations that every new database has."""
    from storage.seed.build import places as known  # signing in needs none of the seed

    return known()


def person(*, hsa_id: HsaId, given_name: GivenName, family_name: FamilyName, email: EmailAddress) -> Person:
    """Put together who gets a first account."""
    from storage.seed.build import Person as Kind  # signing in needs none of the seed

    return Kind(hsa_id=hsa_id, given_name=given_name, family_name=family_name, email=email)


async def make_real(
    place: Path | str, *, organisation_id: str, administrator: Person, support: Person | None
) -> tuple[Refusal, ...]:
    """Make a real database: a file, or the content of an empty database on a server.

    The refusals tell why there is none, and then nothing is left behind.

    Raises:
        StorageError: it cannot be made, or is there already and stays as it is.
    """
    from storage.seed.build import RefusedError, build  # signing in needs none of the seed

    try:
        async with _new(place, demo=False) as storage:
            service = Service(storage, INSTALLATION, system_clock, new_id)
            await build(
                service, organisation_id=organisation_id, administrator=administrator, support=support
            )
    except RefusedError as error:
        return error.refusals
    return ()


def _new(place: Path | str, *, demo: bool) -> AbstractAsyncContextManager[OpenStorage]:
    if isinstance(place, str) and is_postgresql(place):
        return new_postgresql(place, demo=demo)
    return new_sqlite(sqlite_path(str(place)), demo=demo, fast=True)


async def make_demo(place: Path | str) -> None:
    """Make the demo's database.

    Raises:
        StorageError: it cannot be made, or is there already and stays as it is.
    """
    from storage.seed.demo import build_demo  # signing in needs none of the seed

    async with _new(place, demo=True) as storage:
        await build_demo(storage)


async def is_demo(path: Path) -> bool:
    """Say whether a database is a demo's.

    Raises:
        StorageError: it cannot be opened.
    """
    storage = await open_storage(str(path))
    try:
        return await _holds_demo(storage)
    finally:
        await storage.close()


async def remake_demo(path: Path) -> None:
    """Make the demo anew in the place of whatever lies there; the drafts of the old one go with it."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    await make_demo(fresh)
    # The log of the old file would be read into the new one: it goes first.
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    fresh.rename(path)
    forget_drafts(state_path() / "drafts", canonical(str(path)))

"""What ``behorig login`` keeps on this machine: a file for each server, which only its owner reads."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import stat
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from core.ports import StorageError
from core.refusal import Refusal

FORMAT = 1
"""Grows when an older program could not read what is written."""

_LONGEST = 256 * 1024
_BETWEEN_LOCKS = 0.05


class Kept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A login. ``expires`` is when the access token ends, in seconds since 1970; 0 where nobody said."""

    server: str
    issuer: str
    client_id: str
    access_token: str
    expires: float
    refresh_token: str = ""
    resource: str = ""
    format: int = FORMAT

    def __repr__(self) -> str:
        """Tell whose it is, and nothing that lets anybody in."""
        return f"Kept(server={self.server!r}, issuer={self.issuer!r})"


def server_of(url: str) -> str:
    """Give a server's one name, whatever way its address is written: scheme, host, port and path."""
    parts = urlsplit(url)
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    usual = {"https": 443, "http": 80}.get(scheme)
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}{port}{parts.path.rstrip('/')}"


class KeptLogins:
    """The logins of one person on this machine."""

    def __init__(self, folder: Path) -> None:
        """Keep them in a folder, which is made when the first one is."""
        self._folder = folder

    def load(self, url: str) -> Kept | None:
        """Give the login to a server, ``None`` where there is none that can be read.

        Raises:
            StorageError: ``secret_open``: others can read the file, so it is used no more.
        """
        path = self._path(url, "json")
        try:
            data = read_secret(path)
            kept = msgspec.json.decode(data, type=Kept)
        except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
            return None
        return kept if kept.format == FORMAT and kept.server == server_of(url) else None

    def save(self, kept: Kept) -> None:
        """Keep a login in place of the one before; a killed process leaves one or the other.

        Raises:
            StorageError: ``secret_failed``.
        """
        path = self._path(kept.server, "json")
        new = path.with_suffix(".new")
        try:
            self._make_folder()
            new.unlink(missing_ok=True)
            file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            with os.fdopen(file, "wb") as out:
                out.write(msgspec.json.encode(kept))
                out.flush()
                os.fsync(out.fileno())
            new.replace(path)
        except OSError as error:
            raise refuse("secret_failed", path=str(path)) from error

    def drop(self, url: str) -> bool:
        """Forget the login to a server; ``False`` where there was none."""
        try:
            self._path(url, "json").unlink()
        except FileNotFoundError:
            return False
        return True

    @asynccontextmanager
    async def locked(self, url: str) -> AsyncGenerator[None]:
        """Hold a server's login against other processes; waits for them.

        A refresh token is often good for one time only: two programs that used it at once would both be
        thrown out.
        """
        try:
            self._make_folder()
            path = self._path(url, "lock")
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise refuse("secret_failed", path=str(self._folder)) from error
        try:
            # Not in a thread: one that nobody waits for any more would get it later.
            while not _lock(file):  # noqa: ASYNC110 - another process holds it, and sets no event here
                await asyncio.sleep(_BETWEEN_LOCKS)
            yield
        finally:
            os.close(file)

    def _make_folder(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)

    def _path(self, url: str, kind: str) -> Path:
        name = hashlib.sha256(server_of(url).encode()).hexdigest()[:32]
        return self._folder / f"{name}.{kind}"


def _lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def refuse(code: str, **params: str | int | bool) -> StorageError:
    """Give the error of a client that cannot prove who it is."""
    return StorageError(Refusal(code, "sign_in", dict(params)))


def read_secret(path: Path) -> bytes:
    """Read a file with a secret, which nobody but its owner may read.

    Raises:
        FileNotFoundError: there is none.
        StorageError: ``secret_open`` or ``secret_failed``.
    """
    try:
        with path.open("rb") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise refuse("secret_open", path=str(path))
            return file.read(_LONGEST)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise refuse("secret_failed", path=str(path)) from error

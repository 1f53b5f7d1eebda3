"""Drafts on disk: what a person has staged survives a killed process, a lost line and a power cut.

Each change writes the whole draft to a new file that is renamed over the old one, so that a file is
always a whole draft. That is enough against SIGKILL, and cheap. Against a power cut the disk must be
told to keep it (fsync), which takes longer than a keystroke may: a thread does that afterwards, for
many changes at once, and keeps a second name (``.safe``) on the last draft that is surely on disk.

Several sessions of one person, each in a window of its own, must not write over each other. Each
holds a numbered place of its own by a lock that ends with the process; a session that begins takes a
free place that has a draft in it, so that nothing staged is ever left behind, or else an empty one.
After a dropped line the old process may live on for hours: :meth:`FileDrafts.take_over` moves its
draft here by one rename. Nobody is stopped by that: a session that is alive after all still has its
draft in memory and writes it to its own place at the next change.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from core.draft import Draft, is_whole
from core.ports import StorageError
from core.refusal import Refusal, WrongValueError
from core.wire import decode, encode

FORMAT = 1
"""Grows when an older program could not read what is written."""

BETWEEN = 0.25
"""Seconds between two settlings: while a key is held down, the draft changes thirty times a second."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}


class _Kept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a file holds."""

    format: int
    storage: str
    draft: Draft


class _Head(msgspec.Struct, frozen=True):
    """As much of a file as every format has."""

    format: int


class FileDrafts:
    """The drafts of one account on one storage: a :class:`core.ports.DraftStore` in a folder."""

    def __init__(self, folder: Path, storage_url: str, actor_id: str, organisation_id: str) -> None:
        """Take a place in ``folder``; where it cannot be made or written: :class:`StorageError`."""
        self.set_aside: Path | None = None
        self._storage_url = storage_url
        self._owner = (actor_id, organisation_id)
        self._folder = folder_of(folder, storage_url)
        self._name = _short_hash(actor_id, organisation_id)
        with self._told():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # The draft tells who may do what: nobody else is to read it, whoever made the folder.
            self._folder.chmod(0o700)
            self._place, self._lock = self._claim()
        self._mutex = threading.Lock()
        self._settler = _Settler(self._settle)

    # The port -----------------------------------------------------------------------------

    def load(self) -> Draft | None:
        """Give the draft that was left, or ``None``.

        A file that cannot be read or that a newer program wrote is renamed, ``set_aside`` tells to
        what, and the last draft that surely was on disk is given in its place where there is one.
        """
        path = self._path("json")
        if not path.exists():
            return None
        draft = self._read(path)
        if draft is not None:
            return draft
        with self._told():
            self.set_aside = self._put_aside(path)
            safe = self._path("safe")
            draft = self._read(safe) if safe.exists() else None
            if draft is None:
                safe.unlink(missing_ok=True)
            else:
                os.link(safe, path)
        return draft

    def save(self, draft: Draft) -> None:
        """Keep the draft: when this returns, a killed process loses nothing.

        Raises:
            StorageError: ``draft_full``, ``draft_read_only`` or ``draft_failed``; the file still holds
                a whole draft, this one or the one before.
        """
        data = encode(_Kept(format=FORMAT, storage=self._storage_url, draft=draft))
        new = self._path("new")
        with self._told():
            file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            try:
                while data:
                    data = data[os.write(file, data) :]
            finally:
                os.close(file)
            new.replace(self._path("json"))
            self._settler.wake()
            self._settler.check()

    def drop(self) -> None:
        """Remove the draft."""
        with self._told(), self._mutex:
            self._path("json").unlink(missing_ok=True)
            self._path("safe").unlink(missing_ok=True)

    # Several sessions ---------------------------------------------------------------------

    @property
    def elsewhere(self) -> bool:
        """Whether another session of the same person keeps a draft of its own."""
        return any(True for _ in self._others())

    def take_over(self) -> Draft | None:
        """Move the draft of another session here and give it; ``None`` when there is none.

        Nothing is done while this session has a draft itself.
        """
        mine = self._path("json")
        if mine.exists():
            return None
        with self._told():
            for place in self._others():
                try:
                    self._path("json", place).rename(mine)
                except FileNotFoundError:
                    continue
                self._path("safe", place).unlink(missing_ok=True)
                return self.load()
        return None

    def close(self) -> None:
        """Wait until the disk has what was saved, and let another session have the place."""
        self._settler.stop()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    # How ----------------------------------------------------------------------------------

    def _path(self, ending: str, place: int | None = None) -> Path:
        return self._folder / f"{self._name}.{self._place if place is None else place}.{ending}"

    def _places(self) -> list[int]:
        found = (path.name.split(".")[1] for path in self._folder.glob(f"{self._name}.*.lock"))
        return sorted(int(place) for place in found if place.isdecimal())

    def _others(self) -> Iterator[int]:
        return (
            place for place in self._places() if place != self._place and self._path("json", place).exists()
        )

    def _claim(self) -> tuple[int, int | None]:
        """Lock a free place that holds a draft, else an empty one, else a new one."""
        places = self._places()
        held: dict[int, int] = {}
        try:
            for place in places:
                lock = _lock(self._path("lock", place))
                if lock is not None:
                    held[place] = lock
            ready = [place for place in held if self._path("json", place).exists()]
            place = min(ready or held, default=0)
            if place:
                return place, held.pop(place)
        finally:
            for lock in held.values():
                os.close(lock)
        place = max(places, default=0)
        while True:
            place += 1
            taken = _lock(self._path("lock", place))
            if taken is not None:
                return place, taken

    def _read(self, path: Path) -> Draft | None:
        try:
            data = path.read_bytes()
            if msgspec.json.decode(data, type=_Head).format != FORMAT:
                return None
            kept = decode(data, _Kept)
        except (OSError, msgspec.DecodeError, RecursionError, WrongValueError):
            return None
        draft = kept.draft
        if not is_whole(draft):
            return None
        fits = (draft.actor_id, draft.organisation_id, kept.storage) == (*self._owner, self._storage_url)
        return draft if fits else None

    def _put_aside(self, path: Path) -> Path:
        number = 1
        while True:
            aside = path.with_suffix(f".broken-{number}")
            if not aside.exists():
                return path.rename(aside)
            number += 1

    def _settle(self) -> None:
        """Make the disk keep the latest draft, and give it the name ``.safe`` when it does."""
        new, safe = self._path("settling"), self._path("safe")
        new.unlink(missing_ok=True)
        with self._mutex:
            try:
                os.link(self._path("json"), new)  # whatever is saved meanwhile, this name stays on this draft
            except FileNotFoundError:
                return  # dropped meanwhile
            except OSError as error:
                if error.errno not in _NO_LINKS:
                    raise
                new = self._path("json")  # a file has one name there: settle the latest, keep no second
        file = os.open(new, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(file)
        finally:
            os.close(file)
        if new != self._path("json"):
            with self._mutex:
                if self._path("json").exists():
                    new.replace(safe)
            # Renaming a name of a file onto another name of the same file does nothing and leaves both.
            new.unlink(missing_ok=True)
        folder = os.open(self._folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn a failing disk into a refusal that names the folder."""
        try:
            yield
        except OSError as error:
            code = "draft_failed"
            if error.errno in _FULL:
                code = "draft_full"
            elif error.errno in _FORBIDDEN:
                code = "draft_read_only"
            reason = errno.errorcode.get(error.errno or 0, "")
            params: dict[str, str | int | bool] = {"folder": str(self._folder), "reason": reason}
            raise StorageError(Refusal(code, "draft", params)) from error


def folder_of(folder: Path, storage_url: str) -> Path:
    """Give the folder of the drafts that belong to one storage."""
    return folder / _short_hash(storage_url)


def forget_drafts(folder: Path, storage_url: str) -> None:
    """Remove the drafts that belong to a storage which is no more; those in use stay in memory."""
    for path in folder_of(folder, storage_url).glob("*"):
        path.unlink(missing_ok=True)


def _short_hash(*parts: str) -> str:
    """Give a file name that tells nothing about the person."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


def _lock(path: Path) -> int | None:
    """Take the lock of a place, or ``None`` when another process holds it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return file
    os.close(file)
    return None


class _Settler:
    """A thread that settles what was saved: one settling covers all saves before it."""

    def __init__(self, settle: Callable[[], None]) -> None:
        self._settle = settle
        self._changed = threading.Condition()
        self._waiting = False
        self._stopped = False
        self._ending = threading.Event()
        self._fault: OSError | None = None
        self._thread: threading.Thread | None = None

    def check(self) -> None:
        """Raise what went wrong in the thread, once: a save after it starts over."""
        fault, self._fault = self._fault, None
        if fault is not None:
            raise fault

    def wake(self) -> None:
        """Ask for a settling soon."""
        with self._changed:
            self._waiting = True
            self._changed.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="drafts", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End after what was asked for."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._ending.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._stopped)
                if not self._waiting:
                    return
                self._waiting = False
            try:
                self._settle()
            except OSError as error:
                self._fault = error
            # Not by the condition: every change would wake the thread for nothing.
            self._ending.wait(BETWEEN)

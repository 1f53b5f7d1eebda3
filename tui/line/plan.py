"""A plan: changes staged into a file, to be looked over and written later, by this person or another.

The file is JSON of :class:`Plan`, by :mod:`core.wire`; docs/commands.md describes it. It holds the id of the
changeset that it becomes, so that applying it twice writes it once.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from core import changes as c
from core.draft import Amendment, Draft, Leaving, Return
from core.history import Details
from core.identity import Id
from core.refusal import Refusal, WrongValueError
from core.text import shown
from core.wire import decode, encode
from tui.line.regular import beginning_of
from tui.session import REFUSED, StartError
from tui.settings import wrong
from tui.terminal import say
from tui.text import _
from tui.text.reasons import reason_of
from tui.text.refusals import sentence

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

VERSION = 1
LARGEST = 20_000_000
"""The most bytes of a plan; twenty thousand changes are a quarter of it."""
SILENT_SECONDS = 1.0
"""So long another command is waited for without a word."""
BETWEEN_SECONDS = 0.05


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is staged, and what was seen of it.

    ``behorig_plan`` is the version of the format. ``seen`` are the details of accounts by id, as they were
    when something was staged for them. ``accepted_at`` is the moment in UTC, ISO 8601, in which the rules
    last took all of it, ``""`` where nobody has asked them.
    """

    behorig_plan: int
    changeset: c.Changeset
    seen: dict[str, Details] = {}
    accepted_at: str = ""


class _Version(msgspec.Struct):
    behorig_plan: int


def read_plan(path: Path) -> Plan | None:
    """Give the plan in a file, ``None`` where there is no file, or an empty one.

    Raises:
        StartError: the file cannot be read, is no ordinary file, is no plan, or is of a newer version.
    """
    try:
        data = beginning_of(path, LARGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise wrong(
            _("{file} cannot be read ({reason}).", file=str(path), reason=reason_of(error))
        ) from error
    if not data:
        return None
    try:
        if len(data) <= LARGEST:
            version = msgspec.json.decode(data, type=_Version).behorig_plan
            if version > VERSION:
                raise wrong(_("{file} was made by a newer behorig: update behorig.", file=str(path)))
            if version == VERSION:
                return decode(data, Plan)
        reason = ""
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        reason = ""
    except WrongValueError as error:
        reason = str(error.refusal.params.get("place", ""))
    told = f" ({shown(reason)})" if reason else ""
    raise wrong(_("{file} is no plan of behorig{reason}.", file=str(path), reason=told))


def write_plan(path: Path, plan: Plan) -> None:
    """Put a plan in its file, whole or not at all; names of people are in it, for nobody else to read.

    Raises:
        StartError: the disk does not take it, and the file is as it was.
    """
    place = path.resolve()  # behind a link, it stays behind it
    part = place.with_name(f".{place.name}.part-{os.getpid()}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.format(encode(plan), indent=2) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(place)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        with suppress(OSError):  # what went wrong before is to be told: a name that is too long is so twice
            part.unlink(missing_ok=True)


def remove_plan(path: Path) -> None:
    """Take a plan away: what :func:`write_plan` wrote, and not the link that it is behind.

    Raises:
        StartError: the disk does not let it go.
    """
    try:
        path.resolve().unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> StartError:
    refusal = Refusal("file_unwritable", str(path), {"file": str(path), "reason": reason_of(error)})
    return StartError(sentence(refusal), REFUSED, refusal)


@asynccontextmanager
async def held(path: Path) -> AsyncGenerator[None]:
    """Hold the place of a plan, so that commands that add to it at the same time wait for each other.

    It waits as the loop does, so that Ctrl+C is heard, and says after a moment what for.

    Raises:
        StartError: there is no such folder, or it cannot be held.
    """
    try:
        folder = _opened(path)
        try:
            await _locked(folder, path)
        except BaseException:
            os.close(folder)
            raise
    except OSError as error:
        raise wrong(
            _("{file} cannot be written ({reason}).", file=str(path), reason=reason_of(error))
        ) from error
    try:
        yield
    finally:
        os.close(folder)


def _opened(path: Path) -> int:
    # The folder and not the file, which is another one after each write.
    return os.open(_folder_of(path), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


def _folder_of(path: Path) -> Path:
    return path.resolve().parent


async def _locked(folder: int, path: Path) -> None:
    # Asked again and again, and not in a thread: a thread that waits for a lock cannot be told to stop.
    waited = 0.0
    while True:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waited <= SILENT_SECONDS < waited + BETWEEN_SECONDS:
                told = _(
                    "Another command works on a plan in {folder}: waiting until it has ended."
                    " Ctrl+C stops the waiting, and then nothing is done.",
                    folder=shown(str(_folder_of(path))),
                )
                say(told)
            await asyncio.sleep(BETWEEN_SECONDS)
            waited += BETWEEN_SECONDS
        else:
            return


# A plan as a draft, which commands add to as the screens do ---------------------------------------


def draft_of(plan: Plan, actor_id: str) -> tuple[Draft, tuple[c.AnyChange, ...]] | None:
    """Give what is staged about people and cells as a draft, and beside it all else.

    ``None`` for a plan that is written whole or not at all: an undo, and what a draft cannot hold, such as
    two changes of the same account.
    """
    changeset = plan.changeset
    if changeset.undoes is not None:
        return None
    cells: dict[str, dict[str, bool]] = {}
    registrations: dict[str, c.RegisterAccount] = {}
    returns: dict[str, Return] = {}
    amendments: dict[str, Amendment] = {}
    leavings: dict[str, Leaving] = {}
    others: list[c.AnyChange] = []
    for change in changeset.changes:
        match change:
            case c.Grant() | c.Revoke():
                cells.setdefault(change.account_id, {})[change.permission_id] = isinstance(change, c.Grant)
            case c.RegisterAccount():
                registrations[change.account_id] = change
            case c.ReregisterAccount():
                hsa_id = _seen(plan, change.account_id).hsa_id
                returns[change.account_id] = Return(change=change, hsa_id=hsa_id)
            case c.AmendAccount():
                before = _seen(plan, change.account_id)
                amendments[change.account_id] = Amendment(change=change, before=before)
            case c.DeregisterAccount():
                before = _seen(plan, change.account_id)
                leavings[change.account_id] = Leaving(change=change, before=before)
            case _:
                others.append(change)
    draft = Draft(
        organisation_id=str(changeset.organisation_id),
        actor_id=actor_id,
        cells=cells,
        registrations=registrations,
        returns=returns,
        amendments=amendments,
        leavings=leavings,
        names={
            **{key: f"{each.given_name} {each.family_name}" for key, each in plan.seen.items()},
            **{key: f"{each.given_name} {each.family_name}" for key, each in registrations.items()},
        },
        note=changeset.note,
    )
    if sorted(map(encode, (*draft.changes(), *others))) != sorted(map(encode, changeset.changes)):
        return None
    return draft, tuple(others)


def _seen(plan: Plan, account_id: str) -> Details:
    """Give what was seen of an account; a plan that a program wrote may not say."""
    return plan.seen.get(account_id, Details(hsa_id="", given_name=account_id, family_name="", email=""))


_FIRST = (c.RegisterOrganisation, c.AmendOrganisation)


def in_order(draft: Draft, others: Iterable[c.AnyChange]) -> tuple[c.AnyChange, ...]:
    """Give changes in the order in which they can be made: an organisation before its people."""
    rest = tuple(others)
    first = tuple(each for each in rest if isinstance(each, _FIRST))
    return (*first, *draft.changes(), *(each for each in rest if not isinstance(each, _FIRST)))


def plan_of(changeset: c.Changeset, seen: dict[str, Details], accepted_at: str) -> Plan:
    """Put a plan together, with what was seen of the accounts that it is about and of no others."""
    about = {str(getattr(each, "account_id", "")) for each in changeset.changes}
    return Plan(
        behorig_plan=VERSION,
        changeset=changeset,
        seen={key: each for key, each in seen.items() if key in about},
        accepted_at=accepted_at,
    )


def fresh(organisation_id: str, changeset_id: str) -> Plan:
    """Give a plan in which nothing is staged yet."""
    changeset = c.Changeset(id=Id(changeset_id), organisation_id=Id(organisation_id), changes=())
    return Plan(behorig_plan=VERSION, changeset=changeset)

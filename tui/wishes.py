"""What a person has chosen about how the program looks: kept in the storage, and on this machine.

The storage has it wherever one sits down; the machine has it too, because the first frame is painted before
the storage is open. The file is small, holds no name and no id, is read by nobody else, and
is no loss when it is gone.
"""

from __future__ import annotations

import os
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from tui.looks import Choice, Looks, resolve, words_of
from tui.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from core.preferences import Chosen
    from tui.app import Behorig

FOLDER = "looks"

STORED, HERE, HERE_FOR_ALL, NOWHERE = "stored", "here", "here_for_all", "nowhere"
"""How far a choice was kept: in the storage, on this machine alone for now, on this machine alone because the
server is of a version that keeps none, or not at all."""


class LooksFile:
    """The file of one person on this machine: a line for the profile, the moment, and each switch.

    It is read before the first frame, so it is no JSON, and its name is a checksum: to load what reads
    and hashes better would take longer than all the rest of it. While it is not known who the person is
    (``hsa_id`` is ``""``), there is none: several people may share a machine's account.
    """

    def __init__(self, state: Path, storage: str, hsa_id: str = "") -> None:
        """Look after the choice of one person on one storage, in a folder that may not be there yet."""
        self._folder = state / FOLDER
        self._storage = storage
        self._path = self._path_of(hsa_id)

    def _path_of(self, hsa_id: str) -> Path | None:
        if not hsa_id:
            return None
        who = f"{self._storage}\n{hsa_id.strip().casefold()}".encode()
        return self._folder / f"{zlib.crc32(who):08x}{zlib.adler32(who):08x}"

    def hand_to(self, hsa_id: str) -> bool:
        """Look after the choice of a person from now on; tell whether that is another one than before."""
        before, self._path = self._path, self._path_of(hsa_id)
        return self._path != before

    @property
    def was_asked(self) -> bool:
        """Whether anybody was asked on this machine: then nobody is asked again."""
        return self._folder.exists()

    def read(self) -> Choice | None:
        """Give what the person has chosen, ``None`` where nothing is known or it cannot be read."""
        if self._path is None:
            return None
        with suppress(OSError):
            self._folder.chmod(0o700)  # an earlier program let others read it
        try:
            text = self._path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        found = dict(line.partition("=")[::2] for line in text.splitlines() if "=" in line)
        if not found:
            return None
        return Choice(found.pop("profile", ""), found, found.pop("at", ""))

    def keep(self, choice: Choice) -> bool:
        """Keep a choice and tell whether it is: not on a disk that is full or not ours."""
        if self._path is None:
            return False
        lines = {"profile": choice.profile, "at": choice.at, **(choice.switches or {})}
        new = self._path.with_suffix(f".{os.getpid()}")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # It tells of somebody's sight: nobody else is to read it, whoever made the folder.
            self._folder.chmod(0o700)
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
            with os.fdopen(os.open(new, flags, 0o600), "w", encoding="utf-8") as file:
                file.writelines(f"{name}={word}\n" for name, word in lines.items())
            new.replace(self._path)
        except OSError:
            return False
        return True


class Wishes(msgspec.Struct):
    """How one person wants it: what the settings say, and over the preset what was chosen.

    ``is_new`` says that it was chosen before the storage was open, which does not have it yet.
    """

    settings: Settings | None = None
    choice: Choice | None = None
    file: LooksFile | None = None
    is_new: bool = False
    is_unknown_there: bool = False
    """Whether the storage is a server of an earlier version, which keeps no choice."""

    @property
    def looks(self) -> Looks:
        """How the program looks."""
        return resolve(self.settings, self.choice)

    def take(self, choice: Choice) -> bool:
        """Take over what was chosen, and keep it on this machine; tell whether it is kept there."""
        self.choice = choice
        return self.file is not None and self.file.keep(choice)

    def belong_to(self, hsa_id: str) -> None:
        """Keep to the one who has signed in: what this machine knows of somebody else is not theirs."""
        if self.file is None or not self.file.hand_to(hsa_id):
            return
        if self.is_new and self.choice is not None:
            self.file.keep(self.choice)
        else:
            self.choice = self.file.read()

    def choice_of(self, looks: Looks, switch: str, moment: str) -> Choice:
        """Give the choice of a profile, or of one ``switch`` over what the person chose before.

        What the settings say is in ``looks`` too, but nobody has chosen it.
        """
        if switch:
            looks = msgspec.structs.replace(resolve(None, self.choice), **{switch: getattr(looks, switch)})
            return Choice(looks.profile, words_of(looks), moment)
        return Choice(looks.profile, {}, moment)

    def decided_by(self, looks: Looks, switch: str) -> str:
        """Give where the setting was named that makes it otherwise at the next start, ``""`` for none."""
        if self.settings is None:
            return ""
        then = self.looks
        if switch:
            named = switch if switch in self.settings.switches else "profile"
            return "" if then.is_on(switch) == looks.is_on(switch) else self.settings.origin(named)
        return "" if then.profile == looks.profile else self.settings.origin("profile")


async def learn(app: Behorig) -> None:
    """Read what the person chose on whatever machine, and look so; or store what was chosen here later."""
    wishes = app.wishes
    wishes.belong_to(app.desk.service.actor.hsa_id)
    worn, is_new = app.looks, wishes.is_new
    wishes.is_new = False
    found = await app.guarded(_stored(app), beside=True)
    if found is None:
        return
    if is_new:
        await _store(app)
        return
    own = wishes.choice
    if own is not None and wishes.file is not None and (not found.at or own.at > found.at):
        # The storage was away, or the line was cut, when it was chosen.
        await _store(app)
    elif found.at:
        choice = Choice(found.profile, found.switches, found.at)
        if choice != own:
            wishes.take(choice)
    # What was chosen meanwhile is worn already, also where a setting will say otherwise.
    if app.looks is worn and wishes.looks != worn:
        app.wear(wishes.looks)


async def _stored(app: Behorig) -> Chosen | None:
    """Give what the storage has of the person, ``None`` where it is a server that keeps no such thing."""
    # Deferred: the first frame needs none of these.
    from core.ports import StorageError, is_unknown_there
    from core.queries import OwnPreferences

    try:
        return await app.desk.service.ask(OwnPreferences())
    except StorageError as error:
        if not is_unknown_there(error.refusal):
            raise
        # Nobody asked for it with a key, and there is nothing that the person could do about it.
        app.wishes.is_unknown_there = True
        return None


async def choose(app: Behorig, looks: Looks, switch: str = "") -> str:
    """Look so from now on, and keep the profile or the one ``switch`` for the next time, wherever that is.

    The answer tells how far it is kept: :data:`STORED`, :data:`HERE` or :data:`NOWHERE`.
    """
    # Deferred: the first frame needs it not.
    from tui.clock import system_clock

    wishes = app.wishes
    if app.is_open:
        wishes.belong_to(app.desk.service.actor.hsa_id)
    moment = (app.desk.service.now() if app.is_open else system_clock()).isoformat()
    is_here = wishes.take(wishes.choice_of(looks, switch, moment))
    # Whoever chooses sees it at once, also where a setting will say otherwise at the next start.
    app.wear(msgspec.structs.replace(looks, origin="", chosen_on=moment))
    if not app.is_open:
        wishes.is_new = True
    elif app.wishes.is_unknown_there:
        return HERE_FOR_ALL if is_here else NOWHERE
    elif await _store(app):
        return STORED
    return HERE if is_here else NOWHERE


async def _store(app: Behorig) -> bool:
    """Store what was chosen, and tell whether it is."""
    # Deferred: only what was chosen is stored.
    from core.identity import Id
    from core.journal import PreferencesChosen
    from core.preferences import profile_of, switches_of
    from core.queries import OwnPreferences

    wishes, service = app.wishes, app.desk.service
    choice = wishes.choice
    profile = None if choice is None else profile_of(choice.profile)
    if choice is None or profile is None:
        return False  # a later program's, which this one cannot tell
    entry = PreferencesChosen(
        organisation_id=Id(service.actor.organisation_id),
        profile=profile,
        switches=switches_of(choice.switches or {}),
    )

    async def note() -> bool:
        return await service.note(entry) is None

    if not await app.guarded(note()):
        return False
    # The storage's clock and this machine's differ: which choice was the last, its clock alone says.
    found = await app.guarded(service.ask(OwnPreferences()), beside=True)
    if found is not None and found.profile == choice.profile and wishes.choice is choice:
        wishes.take(msgspec.structs.replace(choice, at=found.at))
    return True

"""What a person has chosen about how the program looks: kept in the storage, and on this machine.

The storage has it wherever one sits down; the machine has it too, because the first frame is painted before
the storage is open. The file is small, holds no name and no id, and is no loss when it is gone.
"""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.looks import Choice, Looks, resolve, words_of

if TYPE_CHECKING:
    from pathlib import Path

    from tui.app import Behorig
    from tui.settings import Settings

FOLDER = "looks"


class LooksFile:
    """The file of one person on this machine: a line for the profile, the moment, and each switch.

    It is read before the first frame, so it is no JSON, and its name is a checksum: to load what reads
    and hashes better would take longer than all the rest of it.
    """

    def __init__(self, state: Path, storage: str, hsa_id: str) -> None:
        """Look after the choice of one person on one storage, in a folder that may not be there yet."""
        who = f"{storage}\n{hsa_id.casefold()}".encode()
        self._path = state / FOLDER / f"{zlib.crc32(who):08x}{zlib.adler32(who):08x}"

    @property
    def was_asked(self) -> bool:
        """Whether anybody was asked on this machine: then nobody is asked again."""
        return self._path.parent.exists()

    def read(self) -> Choice | None:
        """Give what the person has chosen, ``None`` where nothing is known or it cannot be read."""
        try:
            text = self._path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        found = dict(line.partition("=")[::2] for line in text.splitlines() if "=" in line)
        if not found:
            return None
        return Choice(found.pop("profile", ""), found, found.pop("at", ""))

    def keep(self, choice: Choice) -> None:
        """Keep a choice; on a disk that is full or not ours it is kept in the storage alone."""
        lines = {"profile": choice.profile, "at": choice.at, **(choice.switches or {})}
        new = self._path.with_suffix(f".{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new.write_text("".join(f"{name}={word}\n" for name, word in lines.items()), encoding="utf-8")
            new.replace(self._path)
        except OSError:
            return


@dataclass(slots=True)
class Wishes:
    """How one person wants it: what the settings say, and over the preset what was chosen.

    ``is_new`` says that it was chosen before the storage was open, which does not have it yet.
    """

    settings: Settings | None = None
    choice: Choice | None = None
    file: LooksFile | None = None
    is_new: bool = False

    @property
    def looks(self) -> Looks:
        """How the program looks."""
        return resolve(self.settings, self.choice)

    def take(self, choice: Choice) -> None:
        """Take over what was chosen, and keep it on this machine."""
        self.choice = choice
        if self.file is not None:
            self.file.keep(choice)


async def learn(app: Behorig) -> None:
    """Read what the person chose on whatever machine, and look so; or keep what was chosen just now."""
    # Deferred: the first frame needs none of these.
    from core.queries import OwnPreferences

    wishes, service = app.wishes, app.desk.service
    if wishes.is_new:
        wishes.is_new = False
        await _store(app)
        return
    found = await app.guarded(service.ask(OwnPreferences()), beside=True)
    if found is None or not found.at:
        return
    choice = Choice(found.profile, found.switches, found.at)
    if choice != wishes.choice:
        wishes.take(choice)
        if wishes.looks != app.looks:
            app.wear(wishes.looks)


async def choose(app: Behorig, looks: Looks) -> None:
    """Look so from now on, and keep it for the next time, wherever that is."""
    moment = app.desk.service.now().isoformat() if app.is_open else ""
    app.wishes.take(Choice(looks.profile, words_of(looks), moment))
    # Whoever chooses sees it at once, also where a setting will say otherwise at the next start.
    app.wear(replace(looks, origin="", chosen_on=moment))
    if app.is_open:
        await _store(app)
    else:
        app.wishes.is_new = True


async def _store(app: Behorig) -> None:
    # Deferred: only what was chosen is stored.
    from core.identity import Id
    from core.journal import PreferencesChosen
    from core.preferences import Profile, profile_of, switches_of

    choice, service = app.wishes.choice, app.desk.service
    if choice is not None:
        entry = PreferencesChosen(
            organisation_id=Id(service.actor.organisation_id),
            profile=profile_of(choice.profile) or Profile.STANDARD,
            switches=switches_of(choice.switches or {}),
        )
        await app.guarded(service.note(entry))

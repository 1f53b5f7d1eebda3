"""What happens in the demo, in order of time: scenes, the clock that they set, and who acts in them."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from datetime import date, datetime

from core.days import day_of
from core.directory import AUTHORITY, INSTALLATION, Actor, Role
from core.identity import Id
from core.ports import Membership, Storage
from core.service import Service, actor_of
from storage.seed.build import Person

Scene = Callable[[], Awaitable[None]]


class Story:
    """Plays scenes on a storage in order of time, each at its own moment."""

    def __init__(self, storage: Storage) -> None:
        """Begin without scenes."""
        self.storage = storage
        self._scenes: list[tuple[datetime, Scene]] = []
        self._now: datetime | None = None
        self._ids = itertools.count(1)

    def at(self, moment: datetime, scene: Scene) -> None:
        """Let a scene happen at a moment in UTC; those of the same moment happen as they were told."""
        self._scenes.append((moment, scene))

    async def play(self) -> None:
        """Play what was told, from the earliest on."""
        for moment, scene in sorted(self._scenes, key=lambda each: each[0]):
            self._now = moment
            await scene()

    def now(self) -> datetime:
        """Give the moment of the scene that is played."""
        if self._now is None:
            raise RuntimeError("no scene is played")
        return self._now

    def today(self) -> date:
        """Give the day in Sweden of the scene that is played."""
        return day_of(self.now())

    def new_id(self) -> str:
        """Give the next id: counted, so that every build is the same."""
        return f"demo-{next(self._ids):06}"

    def as_installation(self) -> Service:
        """Act as the one who sets the database up."""
        return self._as(INSTALLATION)

    def as_support(self, account_id: Id, person: Person) -> Service:
        """Act as somebody in support."""
        return self._as(_actor(account_id, AUTHORITY, Role.SUPPORT, person))

    def as_administrator(self, account_id: Id, organisation_id: str, person: Person) -> Service:
        """Act as an administrator."""
        return self._as(_actor(account_id, organisation_id, Role.ADMINISTRATOR, person))

    def as_member(self, membership: Membership) -> Service:
        """Act as somebody who signs in."""
        return self._as(actor_of(membership))

    def _as(self, actor: Actor) -> Service:
        return Service(self.storage, actor, self.now, self.new_id)


def _actor(account_id: Id, organisation_id: str, role: Role, person: Person) -> Actor:
    return Actor(
        account_id=account_id,
        organisation_id=organisation_id,
        role=role,
        name=f"{person.given_name} {person.family_name}",
        hsa_id=person.hsa_id,
    )

"""A municipality in the demo: who comes, works, marries, moves and leaves there over the years.

A town remembers what it wrote (versions, permissions), so that each write states what was seen, as a
person at the screen would.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from core import changes as c
from core.identity import EmailAddress, FamilyName, HsaId, Id
from core.service import Service
from storage.seed import build
from storage.seed.build import Person
from storage.seed.chance import draw, pick, some
from storage.seed.facts import PermissionFact, permissions
from storage.seed.people import Invention
from storage.seed.story import Story

_SCHOOL = (
    "asyl-forskola",
    "asyl-forskoleklass",
    "asyl-grundskola",
    "asyl-gymnasieskola",
    "asyl-nationellt-program-efter-18",
    "asyl-extraordinara-skolkostnader",
)
_CHILDREN = (
    "asyl-vard-barn-med-vardnadshavare",
    "asyl-dygnsschablon-ensamkommande",
    "asyl-rorlig-ersattning-ensamkommande",
    "massflykt-dygnsschablon-ensamkommande",
    "massflykt-dygnsschablon-tidigare-ensamkommande",
    "barn-utan-vardnadshavare",
)
_NEWCOMERS = (
    "nyanlanda-grundersattning",
    "nyanlanda-k2-juni-2021",
    "medicinska-skal-ekonomiskt-bistand",
    "massflykt-ekonomiskt-bistand",
    "massflykt-anvisning",
    "massflykt-dygnsschablon-ordnat-boende",
)
_PAYMENTS = (
    "asyl-dygnsschablon-ensamkommande",
    "asyl-fast-ersattning-ensamkommande",
    "asyl-rorlig-ersattning-ensamkommande",
    "nyanlanda-grundersattning",
    "massflykt-dygnsschablon-ensamkommande",
    "massflykt-fordelningstal",
    "massflykt-anvisning",
    "massflykt-dygnsschablon-ordnat-boende",
    "massflykt-dygnsschablon-tidigare-ensamkommande",
)
_ALL = tuple(each.id for each in permissions())

WORK: dict[str, tuple[str, ...]] = {
    "school": _SCHOOL,
    "one school": _SCHOOL[2:4],
    "preschool": _SCHOOL[:2],
    "children": _CHILDREN,
    "guardians": ("barn-utan-vardnadshavare",),
    "newcomers": _NEWCOMERS,
    "economy": _PAYMENTS,
    "witnesses": ("bevispersoner-bistand-och-vard", *_NEWCOMERS[:3]),
    "all": _ALL,
    "nothing": (),
}
"""What people do, and the permissions that it takes."""

# How common each kind of work is: one is picked from this list.
_COMMON = (
    *["school"] * 5,
    *["one school"] * 5,
    *["preschool"] * 4,
    *["children"] * 7,
    *["guardians"] * 3,
    *["newcomers"] * 6,
    *["economy"] * 4,
    "witnesses",
)

# Mailboxes that several people of a kind of work read (DOMAIN 2); data, hence Swedish.
_MAILBOXES = {
    "school": "skolkontoret",
    "children": "socialkontoret",
    "newcomers": "integration",
    "economy": "ekonomi",
}


@dataclass(slots=True)
class Member:
    """An account as the town last wrote it."""

    id: Id
    person: Person
    work: str
    version: int = 1
    granted: set[str] = field(default_factory=set)
    active: bool = True
    stays: bool = False


class Town:
    """An organisation with its accounts; every method is a write at the story's moment."""

    def __init__(self, story: Story, organisation_id: str, invention: Invention) -> None:
        """Begin with nobody."""
        self.story = story
        self.id = organisation_id
        self.invention = invention
        self.administrators: list[Member] = []
        self.users: list[Member] = []
        self._facts = {each.id: each for each in permissions()}

    @property
    def active(self) -> list[Member]:
        """The users who are registered now."""
        return [each for each in self.users if each.active]

    # What support does ------------------------------------------------------------------------

    async def open(self, support: Service, people: Iterable[Person]) -> None:
        """Begin: agreements, and the first administrators."""
        await build.write(support, self.id, [*self._appointments(people), *build.agreements()])

    async def appoint(self, support: Service, person: Person) -> None:
        """Get one more administrator."""
        await build.write(support, self.id, self._appointments([person]))

    async def dismiss(self, support: Service, hsa_id: HsaId) -> None:
        """Lose an administrator, who leaves."""
        member = next(each for each in self.administrators if each.person.hsa_id == hsa_id)
        self.administrators.remove(member)
        member.active = False
        changes: list[c.AnyChange] = [
            c.DismissAdministrator(account_id=member.id),
            c.DeregisterAccount(
                account_id=member.id, seen_version=member.version + 1, seen_permission_ids=()
            ),
        ]
        await build.write(support, self.id, changes)

    def _appointments(self, people: Iterable[Person]) -> list[c.AnyChange]:
        changes: list[c.AnyChange] = []
        for person in people:
            member = Member(id=Id(self.story.new_id()), person=person, work="administers", version=2)
            self.administrators.append(member)
            changes += [
                build.register(member.id, person),
                c.AppointAdministrator(account_id=member.id),
            ]
        return changes

    # What its administrators do ---------------------------------------------------------------

    async def join(self, people: Sequence[tuple[Person, str]], *, stay: bool = False) -> None:
        """Register people as users and give them what their work takes; nothing happens to who is to stay."""
        registrations: list[c.AnyChange] = []
        grants: list[c.AnyChange] = []
        for person, work in people:
            member = Member(id=Id(self.story.new_id()), person=person, work=work, stays=stay)
            self.users.append(member)
            registrations.append(build.register(member.id, person))
            grants += self._grants(member, WORK[work])
        await self._write([*registrations, *grants])

    async def leave(self, members: Iterable[Member]) -> None:
        """Deregister users."""
        changes: list[c.AnyChange] = []
        for member in members:
            changes.append(
                c.DeregisterAccount(
                    account_id=member.id,
                    seen_version=member.version,
                    seen_permission_ids=tuple(Id(each) for each in sorted(member.granted)),
                )
            )
            member.active = False
            member.granted.clear()
            member.version += 1
        await self._write(changes)

    async def return_(self, member: Member) -> None:
        """Take somebody back who had left."""
        person = member.person
        change = c.ReregisterAccount(
            account_id=member.id,
            seen_version=member.version,
            given_name=person.given_name,
            family_name=person.family_name,
            email=person.email,
        )
        member.active = True
        member.version += 1
        await self._write([change, *self._grants(member, WORK[member.work])])

    async def launch(self, fact: Sequence[PermissionFact]) -> None:
        """Give what is launched today to all whose work takes it."""
        changes: list[c.AnyChange] = []
        for member in self.active:
            new = [each.id for each in fact if each.id in WORK[member.work] and each.id not in member.granted]
            changes += self._grants(member, new)
        if changes:
            await self._write(changes, note=f"Lansering {fact[0].launched_on.isoformat()}")

    async def review(self) -> None:
        """Take away what a few people turn out not to need (DOMAIN 3.7)."""
        year = self.story.today().year
        changes: list[c.AnyChange] = []
        for member in self.active:
            held = [each for each in sorted(member.granted) if self._is_open(each)]
            if len(held) > 1 and draw(100, self.id, "review", year, member.id) < 8:
                taken = pick(held, self.id, "taken", year, member.id)
                member.granted.discard(taken)
                changes.append(c.Revoke(account_id=member.id, permission_id=Id(taken)))
        if changes:
            await self._write(changes, note=f"Årlig genomgång {year}")

    async def marry(self, member: Member, family_name: FamilyName) -> None:
        """Change a last name, and the address with it."""
        email = self.invention.address(member.person.given_name, family_name)
        await self._amend(member, family_name=family_name, email=email)

    async def read_mailbox(self, member: Member) -> None:
        """Let somebody's e-mail go to a mailbox that others read as well."""
        email = self.invention.mailbox(_MAILBOXES.get(member.work, "registrator"))
        if email != member.person.email:
            await self._amend(member, email=email)

    async def get_card(self, member: Member) -> None:
        """Change an HSA-id, as with a new card."""
        await self._amend(member, hsa_id=self.invention.hsa_id())

    async def slip(self, member: Member, permission_id: str) -> str:
        """Give a permission to the wrong person; the id of the write is for the undoing."""
        return await self._write([c.Grant(account_id=member.id, permission_id=Id(permission_id))])

    async def undo_slip(self, member: Member, permission_id: str, changeset_id: str) -> None:
        """Undo it."""
        change = c.Revoke(account_id=member.id, permission_id=Id(permission_id))
        await self._write([change], undoes=changeset_id)

    # How --------------------------------------------------------------------------------------

    def invented(self, count: int) -> list[tuple[Person, str]]:
        """Give new people with their work; some of them use a shared mailbox."""
        people: list[tuple[Person, str]] = []
        for _ in range(count):
            person = self.invention.person()
            work = pick(_COMMON, self.id, "work", person.hsa_id)
            if work in _MAILBOXES and draw(100, self.id, "mailbox", person.hsa_id) < 12:
                person = _with(person, email=self.invention.mailbox(_MAILBOXES[work]))
            people.append((person, work))
        return people

    def somebody(self, count: int, *key: str | int) -> list[Member]:
        """Give users to whom something happens, by the key."""
        return some([each for each in self.active if not each.stays], count, self.id, *key)

    async def _amend(
        self,
        member: Member,
        *,
        hsa_id: HsaId | None = None,
        family_name: FamilyName | None = None,
        email: EmailAddress | None = None,
    ) -> None:
        change = c.AmendAccount(
            account_id=member.id,
            seen_version=member.version,
            hsa_id=hsa_id,
            family_name=family_name,
            email=email,
        )
        member.person = _with(member.person, hsa_id=hsa_id, family_name=family_name, email=email)
        member.version += 1
        await self._write([change])

    def _grants(self, member: Member, permission_ids: Iterable[str]) -> list[c.AnyChange]:
        given = [each for each in permission_ids if self._is_open(each)]
        member.granted.update(given)
        return [c.Grant(account_id=member.id, permission_id=Id(each)) for each in given]

    def _is_open(self, permission_id: str) -> bool:
        fact, day = self._facts[permission_id], self.story.today()
        return fact.launched_on <= day and not (fact.retired_on and fact.retired_on <= day)

    async def _write(
        self, changes: Iterable[c.AnyChange], *, note: str = "", undoes: str | None = None
    ) -> str:
        day: date = self.story.today()
        actor = pick(self.administrators, self.id, "actor", day.isoformat())
        service = self.story.as_administrator(actor.id, self.id, actor.person)
        return await build.write(service, self.id, changes, note=note, undoes=undoes)


def _with(
    person: Person,
    *,
    hsa_id: HsaId | None = None,
    family_name: FamilyName | None = None,
    email: EmailAddress | None = None,
) -> Person:
    return Person(
        hsa_id=hsa_id or person.hsa_id,
        given_name=person.given_name,
        family_name=family_name or person.family_name,
        email=email or person.email,
    )

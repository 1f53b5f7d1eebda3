"""``behorig users register, amend, deregister, reregister``: people, each staged as their form does it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import msgspec

from core import changes as c
from core.directory import Role
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id
from core.refusal import Refusal, WrongValueError
from tui.line.init import PersonFlags, names_of
from tui.line.lists import in_line, read_list, tell_doubles
from tui.line.people import people_meant, permissions_meant, place_of
from tui.line.work import RefusedWorkError
from tui.settings import wrong
from tui.text import _
from tui.text.refusals import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from core.catalogue import Permission
    from core.queries import AccountRow
    from tui.line.lists import Line
    from tui.line.work import Work
    from tui.line.writing import Office

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Person:
    """What was said of a person: texts as they were typed, ``None`` for what was not said."""

    hsa_id: str | None = None
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    email: str | None = None

    @property
    def flags(self) -> PersonFlags:
        """The same with the flags that said it."""
        return PersonFlags("", self.hsa_id or "", self.name, self.given_name, self.family_name, self.email)

    @property
    def names(self) -> tuple[str | None, str | None]:
        """First and last name, as far as they were said."""
        return names_of(self.flags) if self.name is not None else (self.given_name, self.family_name)


async def register(
    office: Office, person: Person, *, where: str | None, permissions: Sequence[str], file: str | None
) -> None:
    """Stage that people are registered, one by flags or many by a list, with what they shall have."""
    work = await office.work(await place_of(office, where))
    if file is None:
        if person.hsa_id is None:
            raise wrong(_("Say whom: an HSA-id, or --file with a list."))
        _register(work, [(person, None)])
        _give(work, [(str(person.hsa_id), permissions_meant(office, permissions))])
        return
    if person != Person():
        raise wrong(_("A person is described by options or in a list, not both."))
    people: list[tuple[Person, Line | None]] = []
    given: list[tuple[str, list[Permission]]] = []
    for line in await read_list(file):
        each = Person(
            hsa_id=line.cell("hsa_id", 0),
            given_name=line.cell("given_name", 1),
            family_name=line.cell("family_name", 2),
            email=line.cell("email", 3),
        )
        people.append((each, line))
        names = (*permissions, *line.rest("permissions", 4))
        with in_line(file, line):
            given.append((str(each.hsa_id), permissions_meant(office, names)))
    _register(work, people, file)
    _give(work, given)


def _register(work: Work, people: Iterable[tuple[Person, Line | None]], file: str = "") -> None:
    """Stage registrations; each person comes with the line of ``file`` that says it, ``None`` for options."""
    draft = work.desk.draft
    staged = {each.hsa_id.key: each for each in draft.registrations.values()}
    new: list[c.RegisterAccount] = []
    keys: list[tuple[Line, str]] = []
    for person, line in people:
        place = "" if line is None else _("{file}, line {line}", file=file, line=line.number)
        change = _registration(work, person, place)
        key = change.hsa_id.key
        before = staged.setdefault(key, change)
        if before is change:
            new.append(change)
        elif (before.given_name, before.family_name, before.email) != (
            change.given_name,
            change.family_name,
            change.email,
        ):
            first = next((each.number for each, known in keys if known == key), None)
            if line is None or first is None:
                raise RefusedWorkError((Refusal("hsa_id_taken", "hsa_id", {"hsa_id": change.hsa_id}),))
            raise wrong(
                _(
                    "{file}, lines {first} and {line}: {hsa_id} is there twice with different details. "
                    "Take one of the lines away.",
                    file=file,
                    first=first,
                    line=line.number,
                    hsa_id=change.hsa_id,
                )
            )
        if line is not None:
            keys.append((line, key))
    tell_doubles(file, keys)
    if new:
        work.desk.change(draft.with_registrations(new))


def _registration(work: Work, person: Person, place: str) -> c.RegisterAccount:
    given, family = person.names
    if given is None or family is None:
        given, family = names_of(person.flags)
    return c.RegisterAccount(
        account_id=Id(work.service.new_id()),
        hsa_id=checked(HsaId, person.hsa_id or "", place or _("HSA-id")),
        given_name=checked(GivenName, given, place or "--given-name"),
        family_name=checked(FamilyName, family, place or "--family-name"),
        email=checked(EmailAddress, person.email or "", place or "--email"),
    )


def _give(work: Work, given: Sequence[tuple[str, Sequence[Permission]]]) -> None:
    """Stage what people who are staged to come shall have, each named by the HSA-id."""
    newcomers = work.newcomers_by_id()
    cells = [(newcomers[HsaId(hsa_id).key], columns) for hsa_id, columns in given if columns]
    _changed, refusals = work.desk.stage_each(cells, wanted=True)
    if refusals:
        raise RefusedWorkError([refusal for _account_id, refusal in refusals], work.words().names)


async def amend(
    office: Office, who: str, person: Person, where: str | None, seen_version: int | None
) -> None:
    """Stage new details for a person; what was not said stays as it is."""
    work, (row,) = await people_meant(office, (who,), where=where)
    if person == Person():
        raise wrong(_("Say what shall change: --hsa-id, --given-name, --family-name, --name or --email."))
    account = row.account
    given, family = person.names
    staged = work.desk.draft.registrations.get(account.id)
    details = {
        "hsa_id": None if person.hsa_id is None else checked(HsaId, person.hsa_id, "--hsa-id"),
        "given_name": None if given is None else checked(GivenName, given, "--given-name"),
        "family_name": None if family is None else checked(FamilyName, family, "--family-name"),
        "email": None if person.email is None else checked(EmailAddress, person.email, "--email"),
    }
    said = {name: value for name, value in details.items() if value is not None}
    if staged is not None:
        work.desk.change(work.desk.draft.with_registration(msgspec.structs.replace(staged, **said)))
        return
    check_version(row, seen_version)
    work.look_at(row)
    now = {
        "hsa_id": account.hsa_id,
        "given_name": account.given_name,
        "family_name": account.family_name,
        "email": account.email,
    }
    before = work.desk.draft.amendments.get(account.id)
    wanted = {name: said.get(name) or (before and getattr(before.change, name)) or now[name] for name in now}
    draft = work.desk.draft.with_amendment(account, **wanted)  # type: ignore[arg-type]  # what stays is as it was read
    work.desk.change(draft)


async def deregister(
    office: Office, who: Sequence[str], file: str | None, where: str | None, seen_version: int | None
) -> None:
    """Stage that people are deregistered, and lose what they have."""
    work, rows = await people_meant(office, who, file=file, where=where)
    inactive = [Refusal("account_inactive", row.account.id) for row in rows if not row.account.active]
    if inactive:
        raise RefusedWorkError(inactive, _names(rows))
    for row in rows:
        account = row.account
        if account.id in work.desk.draft.registrations:
            work.desk.change(work.desk.draft.without_account(account.id))
            continue
        check_version(row, seen_version)
        work.look_at(row)
        work.desk.change(work.desk.draft.with_leaving(account, row.all_granted))


async def reregister(
    office: Office, who: str, person: Person, where: str | None, seen_version: int | None
) -> None:
    """Stage that a deregistered person is taken back, with the former details where none are said."""
    work, (row,) = await people_meant(office, (who,), where=where)
    account = row.account
    if account.active:
        raise RefusedWorkError((Refusal("account_active", account.id),), _names((row,)))
    check_version(row, seen_version)
    work.look_at(row)
    given, family = person.names
    change = c.ReregisterAccount(
        account_id=Id(account.id),
        seen_version=account.version,
        given_name=checked(GivenName, account.given_name if given is None else given, "--given-name"),
        family_name=checked(FamilyName, account.family_name if family is None else family, "--family-name"),
        email=checked(EmailAddress, account.email if person.email is None else person.email, "--email"),
    )
    work.desk.change(work.desk.draft.with_return(change, account.hsa_id))


async def appoint(office: Office, who: str, person: Person, where: str | None) -> None:
    """Stage that somebody becomes administrator; somebody new is registered in the same write."""
    if person == Person():
        work, (row,) = await people_meant(office, (who,), where=where)
        if row.account.role is Role.ADMINISTRATOR:
            return
        work.look_at(row)
        work.add(c.AppointAdministrator(account_id=Id(row.account.id)))
        return
    work = await office.work(await place_of(office, where))
    _register(work, [(replace(person, hsa_id=who), None)])
    found = work.newcomers_by_id()[HsaId(who).key]
    work.add(c.AppointAdministrator(account_id=Id(found.account.id)))


async def change_role(office: Office, who: str, kind: Callable[..., c.AnyChange], where: str | None) -> None:
    """Stage one of the other changes of role."""
    work, (row,) = await people_meant(office, (who,), where=where)
    work.look_at(row)
    work.add(kind(account_id=Id(row.account.id)))


def check_version(row: AccountRow, seen: int | None) -> None:
    """Hold an account against the version that somebody says to have seen.

    Raises:
        RefusedWorkError: it was changed since.
    """
    if seen is not None and seen != row.account.version:
        refusal = Refusal("account_changed_since", row.account.id, {"seen": seen, "now": row.account.version})
        raise RefusedWorkError((refusal,), _names((row,)))


def _names(rows: Sequence[AccountRow]) -> dict[str, str]:
    return {row.account.id: row.account.name for row in rows}


def checked(kind: Callable[[str], T], value: str, flag: str) -> T:
    """Make a value of what was typed.

    Raises:
        StartError: it cannot be one; the flag is named.
    """
    try:
        return kind(value)
    except WrongValueError as error:
        raise wrong(f"{flag}: {sentence(error.refusal)}") from error

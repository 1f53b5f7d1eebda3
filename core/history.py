"""What happened: events, the numbered chain of an organisation, and replay.

Events hold plain strings and their before-images. A record is an event with its number, moment,
actor and changeset; its *stored bytes* are hashed together with the hash before it, so that a
changed, removed or inserted record shows (:func:`first_fault`).
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, get_args

import msgspec

from core.announcements import Announcement, Content, Correction, is_correction
from core.catalogue import Catalogue, DatedName, EService, Permission
from core.directory import Account, Organisation, OrganisationKind, Role
from core.support import ContactPart, DatedPart, with_part
from core.wire import encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.changes import Changeset
    from core.directory import Actor


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """The details of an account at one version."""

    hsa_id: str
    given_name: str
    family_name: str
    email: str


def details_of(account: Account) -> Details:
    """Give an account's details as they are in events."""
    return Details(
        hsa_id=account.hsa_id,
        given_name=account.given_name,
        family_name=account.family_name,
        email=account.email,
    )


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """One thing that happened in one organisation."""


class AccountEvent(Event, frozen=True, kw_only=True):
    """Something that happened to an account; ``version`` is the account's after it."""

    account_id: str
    version: int


class AccountRegistered(AccountEvent, frozen=True, kw_only=True, tag="account_registered"):
    """A person was registered as user."""

    after: Details


class AccountReregistered(AccountEvent, frozen=True, kw_only=True, tag="account_reregistered"):
    """A deregistered account was taken back as user."""

    before: Details
    after: Details


class AccountAmended(AccountEvent, frozen=True, kw_only=True, tag="account_amended"):
    """Details of an account were changed."""

    before: Details
    after: Details


class AccountDeregistered(AccountEvent, frozen=True, kw_only=True, tag="account_deregistered"):
    """An account was deregistered; what it had was revoked by events before this one."""

    before: Details


class RoleChanged(AccountEvent, frozen=True, kw_only=True, tag="role_changed"):
    """An account got another role."""

    before: Role
    after: Role


class PermissionGranted(Event, frozen=True, kw_only=True, tag="permission_granted"):
    """A permission was given."""

    account_id: str
    permission_id: str


class PermissionRevoked(Event, frozen=True, kw_only=True, tag="permission_revoked"):
    """A permission was taken away."""

    account_id: str
    permission_id: str


class OrganisationRegistered(Event, frozen=True, kw_only=True, tag="organisation_registered"):
    """An organisation came into being here."""

    organisation_kind: OrganisationKind
    name: str
    code: str
    number: str


class OrganisationAmended(Event, frozen=True, kw_only=True, tag="organisation_amended"):
    """An organisation's name or number was changed."""

    name_before: str
    name: str
    number_before: str
    number: str


class AgreementSigned(Event, frozen=True, kw_only=True, tag="agreement_signed"):
    """An agreement for an e-service began."""

    e_service_id: str


class AgreementEnded(Event, frozen=True, kw_only=True, tag="agreement_ended"):
    """An agreement for an e-service ended."""

    e_service_id: str


class EServiceRegistered(Event, frozen=True, kw_only=True, tag="e_service_registered"):
    """An e-service was added to the catalogue."""

    e_service_id: str
    name: str


class PermissionLaunched(Event, frozen=True, kw_only=True, tag="permission_launched"):
    """A permission was added to the catalogue."""

    permission_id: str
    e_service_id: str
    name: str
    short_name: str
    launched_on: date
    target_group: str
    payment: str


class PermissionRenamed(Event, frozen=True, kw_only=True, tag="permission_renamed"):
    """A permission has another name from a day on."""

    permission_id: str
    before: str
    name: str
    from_day: date


class PermissionRetired(Event, frozen=True, kw_only=True, tag="permission_retired"):
    """A permission ends on a day."""

    permission_id: str
    retired_on: date


class ContactSet(Event, frozen=True, kw_only=True, tag="contact_set"):
    """A part of the kontaktcenter's contact is another from a day on; ``""`` where there is none."""

    part: ContactPart
    before: str
    value: str
    from_day: date


class AnnouncementEvent(Event, frozen=True, kw_only=True):
    """Something that happened to an announcement; ``version`` is the announcement's after it."""

    announcement_id: str
    version: int


class AnnouncementPublished(AnnouncementEvent, frozen=True, kw_only=True, tag="announcement_published"):
    """An announcement was published, or is to be at the moment that it names."""

    after: Content


class AnnouncementCorrected(AnnouncementEvent, frozen=True, kw_only=True, tag="announcement_corrected"):
    """An announcement says something else since a day in Sweden."""

    before: Content
    after: Content
    correction: str
    on: date


class AnnouncementWithdrawn(AnnouncementEvent, frozen=True, kw_only=True, tag="announcement_withdrawn"):
    """An announcement was taken away on a day in Sweden."""

    before: Content
    on: date


AnyEvent = (
    AccountRegistered
    | AccountReregistered
    | AccountAmended
    | AccountDeregistered
    | RoleChanged
    | PermissionGranted
    | PermissionRevoked
    | OrganisationRegistered
    | OrganisationAmended
    | AgreementSigned
    | AgreementEnded
    | EServiceRegistered
    | PermissionLaunched
    | PermissionRenamed
    | PermissionRetired
    | ContactSet
    | AnnouncementPublished
    | AnnouncementCorrected
    | AnnouncementWithdrawn
)


EVENT_KINDS: tuple[str, ...] = tuple(str(each.__struct_config__.tag) for each in get_args(AnyEvent))
"""The kinds of events by their tags, as the stored bytes name them."""


# The chain -------------------------------------------------------------------------------------


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """An event in an organisation's chain, as it is stored: what happened, when, by whom and why.

    ``number`` counts from 1 without a gap; ``at`` is UTC in ISO 8601 with microseconds. An account's
    id says who it is only together with its organisation's; ``actor_name`` is the name that the account
    had then. ``note`` and ``undoes`` are those of the changeset, ``""`` where it has none.
    """

    organisation_id: str
    number: int
    at: str
    changeset_id: str
    actor_organisation_id: str
    actor_id: str
    actor_name: str
    note: str
    undoes: str
    event: AnyEvent


def records_of(
    changeset: Changeset,
    actor: Actor,
    account: Account | None,
    at: str,
    first: int,
    events: Iterable[AnyEvent],
) -> Sequence[Record]:
    """Give a changeset's events as records that are numbered on from ``first``.

    ``account`` is the actor's own as it is when it is written, ``None`` for the installation: a session
    may be older than the person's name.
    """
    organisation_id, changeset_id = str(changeset.organisation_id), str(changeset.id)
    name = actor.name if account is None else account.name
    note, undoes = str(changeset.note or ""), str(changeset.undoes or "")
    return [
        Record(
            organisation_id=organisation_id,
            number=number,
            at=at,
            changeset_id=changeset_id,
            actor_organisation_id=actor.organisation_id,
            actor_id=actor.account_id,
            actor_name=name,
            note=note,
            undoes=undoes,
            event=event,
        )
        for number, event in enumerate(events, first)
    ]


class StoredRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A record's number, its stored bytes and the hash over them and the hash before (hex)."""

    number: int
    data: bytes
    hash: str


NO_HASH = "0" * 64
"""The hash before an organisation's first record."""


def link(before: str, data: bytes) -> str:
    """Give the hash of stored bytes that follow a hash: SHA-256, hex."""
    return hashlib.sha256(bytes.fromhex(before) + data).hexdigest()


def chain(before: str, records: Iterable[Record]) -> tuple[StoredRecord, ...]:
    """Give records as they are stored, linked one after another from a hash."""
    stored: list[StoredRecord] = []
    for record in records:
        data = encode(record)
        before = link(before, data)
        stored.append(StoredRecord(number=record.number, data=data, hash=before))
    return tuple(stored)


def first_fault(stored: Iterable[StoredRecord], before: str = NO_HASH, first: int = 1) -> int | None:
    """Give the number of the first record that does not fit the chain, or ``None`` when all do.

    Records taken off the end fit; compare the last one's number and hash with the head that was kept.
    """
    expected = first
    for each in stored:
        if each.number != expected or link(before, each.data) != each.hash:
            return expected
        before = each.hash
        expected += 1
    return None


# Replay ----------------------------------------------------------------------------------------


def accounts_in(events: Iterable[AnyEvent]) -> frozenset[str]:
    """Give the ids of the accounts that events are about."""
    ids = (getattr(event, "account_id", None) for event in events)
    return frozenset(each for each in ids if isinstance(each, str))


class State:
    """An organisation as its events made it: what ``decide`` works on and what replay gives.

    ``granted`` holds ``(account_id, permission_id)``; the catalogue's permissions and the announcements
    are filled only for Migrationsverket, whose chain holds them, and so is the kontaktcenter's ``contact``.
    """

    def __init__(self, organisation_id: str) -> None:
        """Begin before the first event."""
        self.organisation_id = organisation_id
        self.organisation: Organisation | None = None
        self.accounts: dict[str, Account] = {}
        self.granted: set[tuple[str, str]] = set()
        self.agreements: set[str] = set()
        self.e_services: dict[str, EService] = {}
        self.permissions: dict[str, Permission] = {}
        self.contact: tuple[DatedPart, ...] = ()
        self.announcements: dict[str, Announcement] = {}

    def granted_to(self, account_id: str) -> frozenset[str]:
        """Give the ids of the permissions that an account has; for many accounts see :meth:`by_account`."""
        return frozenset(permission for account, permission in self.granted if account == account_id)

    def by_account(self) -> dict[str, set[str]]:
        """Give the ids of the permissions of every account that has any, in one pass over all grants."""
        answer: dict[str, set[str]] = {}
        for account_id, permission_id in self.granted:
            answer.setdefault(account_id, set()).add(permission_id)
        return answer

    def catalogue(self) -> Catalogue:
        """Give the catalogue in the order in which it was written."""
        return Catalogue(
            e_services=tuple(self.e_services.values()), permissions=tuple(self.permissions.values())
        )

    def apply(self, event: AnyEvent) -> None:
        """Make the state what it is after an event."""
        match event:
            case AccountRegistered():
                self.accounts[event.account_id] = Account(
                    id=event.account_id,
                    organisation_id=self.organisation_id,
                    version=event.version,
                    **msgspec.structs.asdict(event.after),
                )
            case AccountReregistered():
                self._change(event, role=Role.USER, active=True, **msgspec.structs.asdict(event.after))
            case AccountAmended():
                self._change(event, **msgspec.structs.asdict(event.after))
            case AccountDeregistered():
                self._change(event, active=False)
            case RoleChanged():
                self._change(event, role=event.after)
            case PermissionGranted():
                self.granted.add((event.account_id, event.permission_id))
            case PermissionRevoked():
                self.granted.discard((event.account_id, event.permission_id))
            case AgreementSigned():
                self.agreements.add(event.e_service_id)
            case AgreementEnded():
                self.agreements.discard(event.e_service_id)
            case OrganisationRegistered() | OrganisationAmended():
                self._organisation(event)
            case EServiceRegistered() | PermissionLaunched() | PermissionRenamed() | PermissionRetired():
                self._catalogue(event)
            case ContactSet():
                new = DatedPart(part=event.part, value=event.value, from_day=event.from_day)
                self.contact = with_part(self.contact, new)
            case AnnouncementPublished() | AnnouncementCorrected() | AnnouncementWithdrawn():
                self._announcement(event)

    def _change(self, event: AccountEvent, **fields: object) -> None:
        account = self.accounts[event.account_id]
        self.accounts[event.account_id] = msgspec.structs.replace(account, version=event.version, **fields)

    def _organisation(self, event: OrganisationRegistered | OrganisationAmended) -> None:
        if isinstance(event, OrganisationRegistered):
            self.organisation = Organisation(
                id=self.organisation_id,
                kind=event.organisation_kind,
                name=event.name,
                code=event.code,
                number=event.number,
            )
        elif self.organisation is not None:
            self.organisation = msgspec.structs.replace(
                self.organisation, name=event.name, number=event.number
            )

    def _catalogue(
        self, event: EServiceRegistered | PermissionLaunched | PermissionRenamed | PermissionRetired
    ) -> None:
        if isinstance(event, EServiceRegistered):
            self.e_services[event.e_service_id] = EService(id=event.e_service_id, name=event.name)
            return
        if isinstance(event, PermissionLaunched):
            self.permissions[event.permission_id] = Permission(
                id=event.permission_id,
                e_service_id=event.e_service_id,
                short_name=event.short_name,
                names=(DatedName(event.name),),
                launched_on=event.launched_on,
                target_group=event.target_group,
                payment=event.payment,
            )
            return
        permission = self.permissions[event.permission_id]
        if isinstance(event, PermissionRetired):
            changed = msgspec.structs.replace(permission, retired_on=event.retired_on)
        else:
            names = [each for each in permission.names if each.from_day != event.from_day]
            names.append(DatedName(event.name, event.from_day))
            names.sort(key=lambda each: each.from_day or date.min)
            changed = msgspec.structs.replace(permission, names=tuple(names))
        self.permissions[event.permission_id] = changed

    def _announcement(
        self, event: AnnouncementPublished | AnnouncementCorrected | AnnouncementWithdrawn
    ) -> None:
        if isinstance(event, AnnouncementPublished):
            self.announcements[event.announcement_id] = Announcement(
                id=event.announcement_id, content=event.after, version=event.version
            )
            return
        now = self.announcements[event.announcement_id]
        if isinstance(event, AnnouncementWithdrawn):
            changed = msgspec.structs.replace(now, withdrawn_on=event.on)
        else:
            corrections = now.corrections
            if is_correction(event.before, event.on):
                corrections += (Correction(on=event.on, what=event.correction),)
            changed = msgspec.structs.replace(now, content=event.after, corrections=corrections)
        self.announcements[event.announcement_id] = msgspec.structs.replace(changed, version=event.version)


def replay(organisation_id: str, events: Iterable[AnyEvent]) -> State:
    """Give the state that events, in the order of their numbers, lead to."""
    state = State(organisation_id)
    for event in events:
        state.apply(event)
    return state

"""Make valid values, changesets and a small country, for tests of the core and of every storage.

The country has two organisations beside Migrationsverket, each with every role, accounts that share an
id, an HSA-id or an address across the border, and a catalogue with each kind of day around ``TODAY``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import count

import msgspec

from core import changes as c
from core.announcements import AnnouncementKind, NewContent
from core.directory import AUTHORITY, INSTALLATION, Account, Actor, OrganisationKind, Role
from core.identity import (
    EmailAddress,
    FamilyName,
    GivenName,
    Headline,
    HsaId,
    Id,
    Instruction,
    MarkdownText,
    Note,
    OrganisationNumber,
    Title,
)
from core.journal import AnnouncementHandled, AnnouncementsRead, AnyEntry, CardSeen, PreferencesChosen
from core.preferences import Profile, Switches
from core.support import ContactPart

NOW = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
TODAY = date(2026, 11, 23)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
LONG_AGO = date(2019, 11, 28)

NORTH, SOUTH = "kommun-2281", "kommun-1280"
MONEY, WARDS = "ersattning", "ensamkommande"

SCHOOL, PRESCHOOL, TODAYS, LAST_DAY, RENAMED, COMING, RETIRED, CHILDREN = (
    "grundskola",
    "forskola",
    "nyanlanda",
    "sista-dagen",
    "omdopt",
    "kommande",
    "upphord",
    "barn",
)
OPEN = (SCHOOL, PRESCHOOL, TODAYS, LAST_DAY, RENAMED)
"""The permissions of ``MONEY`` that can be given on ``TODAY``."""

NEWS, DOING, UPKEEP, SCHEDULED, WITHDRAWN_NEWS, OLD_NEWS = (
    "nyhet",
    "att-gora",
    "underhall",
    "kommande-nyhet",
    "tillbakadragen",
    "gammal-nyhet",
)
"""Announcements: of a permission that is not given yet, with something to do, of maintenance that is under
way at ``NOW``, of tomorrow, withdrawn, and corrected."""

TEST_OWNER = "2321000156"


def administrator_of(organisation_id: str) -> Actor:
    """Give somebody who asks as an administrator does; no such account has to be there."""
    return Actor(
        account_id="somebody", organisation_id=organisation_id, role=Role.ADMINISTRATOR, name="Någon"
    )


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A write of the fixture: what, by whom and when."""

    changeset: c.Changeset
    actor: Actor
    at: datetime


def hsa_id(suffix: str | int, owner: str = TEST_OWNER) -> HsaId:
    """Give a test HSA-id with a suffix."""
    return HsaId(f"TSTNMT{owner}-{suffix}")


def register(
    account_id: str,
    given_name: str = "Anna",
    family_name: str = "Andersson",
    *,
    hsa: str | None = None,
    email: str | None = None,
) -> c.RegisterAccount:
    """Register a person; HSA-id and address are made from the account's id unless given."""
    plain = account_id.replace("-", "")
    return c.RegisterAccount(
        account_id=Id(account_id),
        hsa_id=HsaId(hsa) if hsa else hsa_id(plain[:12].upper()),
        given_name=GivenName(given_name),
        family_name=FamilyName(family_name),
        email=EmailAddress(email or f"{account_id}@kommun.example"),
    )


def amend(
    account_id: str,
    seen_version: int = 1,
    *,
    hsa: str | None = None,
    given_name: str | None = None,
    family_name: str | None = None,
    email: str | None = None,
) -> c.AmendAccount:
    """Change the details that are given."""
    return c.AmendAccount(
        account_id=Id(account_id),
        seen_version=seen_version,
        hsa_id=None if hsa is None else HsaId(hsa),
        given_name=None if given_name is None else GivenName(given_name),
        family_name=None if family_name is None else FamilyName(family_name),
        email=None if email is None else EmailAddress(email),
    )


def reregister(
    account_id: str, seen_version: int, *, email: str = "ater@kommun.example"
) -> c.ReregisterAccount:
    """Take a deregistered account back."""
    return c.ReregisterAccount(
        account_id=Id(account_id),
        seen_version=seen_version,
        given_name=GivenName("Åter"),
        family_name=FamilyName("Kommen"),
        email=EmailAddress(email),
    )


def deregister(account_id: str, seen_version: int = 1, seen: Iterable[str] = ()) -> c.DeregisterAccount:
    """Deregister a person who has just what was seen."""
    return c.DeregisterAccount(
        account_id=Id(account_id),
        seen_version=seen_version,
        seen_permission_ids=tuple(Id(each) for each in sorted(seen)),
    )


def grant(account_id: str, permission_id: str = SCHOOL) -> c.Grant:
    """Give a permission."""
    return c.Grant(account_id=Id(account_id), permission_id=Id(permission_id))


def revoke(account_id: str, permission_id: str = SCHOOL) -> c.Revoke:
    """Take a permission."""
    return c.Revoke(account_id=Id(account_id), permission_id=Id(permission_id))


def appoint(account_id: str) -> c.AppointAdministrator:
    """Make a user administrator."""
    return c.AppointAdministrator(account_id=Id(account_id))


def dismiss(account_id: str) -> c.DismissAdministrator:
    """Make an administrator a user."""
    return c.DismissAdministrator(account_id=Id(account_id))


def sign(e_service_id: str) -> c.SignAgreement:
    """Sign an agreement."""
    return c.SignAgreement(e_service_id=Id(e_service_id))


def end(e_service_id: str) -> c.EndAgreement:
    """End an agreement."""
    return c.EndAgreement(e_service_id=Id(e_service_id))


def launch(
    permission_id: str, launched_on: date = LONG_AGO, *, e_service_id: str = MONEY, name: str | None = None
) -> c.LaunchPermission:
    """Add a permission."""
    return c.LaunchPermission(
        permission_id=Id(permission_id),
        e_service_id=Id(e_service_id),
        name=Title(name or f"Ersättning {permission_id}"),
        short_name=Title(permission_id[:3].capitalize()),
        launched_on=launched_on,
    )


def rename(permission_id: str, name: str, from_day: date) -> c.RenamePermission:
    """Give a permission another name."""
    return c.RenamePermission(permission_id=Id(permission_id), name=Title(name), from_day=from_day)


def retire(permission_id: str, retired_on: date) -> c.RetirePermission:
    """End a permission."""
    return c.RetirePermission(permission_id=Id(permission_id), retired_on=retired_on)


def set_contact(part: ContactPart, value: str | None, from_day: date = LONG_AGO) -> c.SetContact:
    """Let a part of the kontaktcenter's contact be another."""
    return c.SetContact(part=part, value=None if value is None else Note(value), from_day=from_day)


def organisation(name: str, kind: OrganisationKind = OrganisationKind.MUNICIPALITY) -> c.RegisterOrganisation:
    """Register an organisation."""
    return c.RegisterOrganisation(organisation_kind=kind, name=Title(name))


def e_service(e_service_id: str, name: str) -> c.RegisterEService:
    """Add an e-service."""
    return c.RegisterEService(e_service_id=Id(e_service_id), name=Title(name))


def content(
    title: str = "Ny typ av ersättning",
    text: str = "Ersättningen kan sökas nu.\n\n* Ge behörigheten till dem som ska ha den.",
    *,
    kind: AnnouncementKind = AnnouncementKind.OTHER,
    at: datetime | None = None,
    e_service_id: str | None = None,
    permissions: Iterable[str] = (),
    effective_on: date | None = None,
    action: str | None = None,
    begins: datetime | None = None,
    ends: datetime | None = None,
) -> NewContent:
    """Say something that is current, published at ``NOW`` unless another moment is given."""
    return NewContent(
        kind=kind,
        title=Headline(title),
        text=MarkdownText(text),
        published_at=at or NOW,
        e_service_id=None if e_service_id is None else Id(e_service_id),
        permission_ids=tuple(Id(each) for each in permissions),
        effective_on=effective_on,
        action=None if action is None else Instruction(action),
        begins=begins,
        ends=ends,
    )


def announce(announcement_id: str, said: NewContent | None = None) -> c.PublishAnnouncement:
    """Publish an announcement."""
    return c.PublishAnnouncement(announcement_id=Id(announcement_id), content=said or content())


def correct(
    announcement_id: str, said: NewContent, seen_version: int = 1, *, what: str = "Dagen var fel."
) -> c.CorrectAnnouncement:
    """Correct an announcement."""
    return c.CorrectAnnouncement(
        announcement_id=Id(announcement_id), seen_version=seen_version, content=said, correction=Note(what)
    )


def withdraw(announcement_id: str, title: str, seen_version: int = 1) -> c.WithdrawAnnouncement:
    """Withdraw an announcement that has a title."""
    return c.WithdrawAnnouncement(
        announcement_id=Id(announcement_id), seen_version=seen_version, seen_title=Headline(title)
    )


def number(digits: str) -> OrganisationNumber:
    """Give an organisation number."""
    return OrganisationNumber(digits)


_numbers = count(1)


def changeset(
    organisation_id: str,
    *changes: c.AnyChange,
    id: str | None = None,
    note: str | None = None,
    undoes: str | None = None,
) -> c.Changeset:
    """Put changes together, under a fresh id unless one is given."""
    return c.Changeset(
        id=Id(id or f"write-{next(_numbers)}"),
        organisation_id=Id(organisation_id),
        changes=changes,
        note=None if note is None else Note(note),
        undoes=None if undoes is None else Id(undoes),
    )


def actor(organisation_id: str, account_id: str, role: Role, name: str = "Eva Ek") -> Actor:
    """Give an actor as the storage would have found it."""
    return Actor(account_id=account_id, organisation_id=organisation_id, role=role, name=name)


def actor_of(account: Account) -> Actor:
    """Give the actor that an account is."""
    return actor(account.organisation_id, account.id, account.role, account.name)


SUPPORT = actor(AUTHORITY, "support-1", Role.SUPPORT, "Siv Stöd")
NORTH_ADMINISTRATOR = actor(NORTH, "admin-1", Role.ADMINISTRATOR, "Eva Ek")
NORTH_SECOND = actor(NORTH, "admin-2", Role.ADMINISTRATOR, "Åke Öman")
NORTH_USER = actor(NORTH, "user-1", Role.USER, "Anna Andersson")
SOUTH_ADMINISTRATOR = actor(SOUTH, "south-admin", Role.ADMINISTRATOR, "Sara Syd")
SOUTH_USER = actor(SOUTH, "south-user", Role.USER, "Stig Sund")
ACTORS = (SUPPORT, NORTH_ADMINISTRATOR, NORTH_USER, SOUTH_ADMINISTRATOR, SOUTH_USER, INSTALLATION)

SHARED_ID = "shared"
"""An account id that both organisations use, each for a person of its own."""
TWICE = "TSTNMT2321000156-TWICE"
"""The HSA-id of a person who serves both organisations."""
MAILBOX = "barn.unga@kommun.example"
"""An address that three people in the north and one in the south share, not all in the same case."""


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """A note of the fixture beside the history: what, by whom and when."""

    entry: AnyEntry
    actor: Actor
    at: datetime


def notes() -> tuple[Noted, ...]:
    """Give the notes that were left in the small country after its writes."""
    seen = ((NORTH, "user-1"), (SOUTH, "south-user"), (AUTHORITY, "mv-user"), (NORTH, "user-3"))
    read = ((NORTH_ADMINISTRATOR, (OLD_NEWS, NEWS)), (SUPPORT, (OLD_NEWS,)))
    handled = AnnouncementHandled(organisation_id=Id(NORTH), announcement_id=Id(DOING))
    cards = tuple(
        Noted(
            entry=CardSeen(organisation_id=Id(organisation_id), account_id=Id(account_id)),
            actor=SUPPORT,
            at=NOW - timedelta(hours=9 - hour),
        )
        for hour, (organisation_id, account_id) in enumerate(seen)
    )
    reads = tuple(
        Noted(
            entry=AnnouncementsRead(
                organisation_id=Id(who.organisation_id), announcement_ids=tuple(map(Id, ids))
            ),
            actor=who,
            at=NOW,
        )
        for who, ids in read
    )
    looks = tuple(
        Noted(
            entry=PreferencesChosen(
                organisation_id=Id(who.organisation_id), profile=profile, switches=Switches(toasts=False)
            ),
            actor=who,
            at=NOW,
        )
        for who, profile in (
            (NORTH_ADMINISTRATOR, Profile.SCREEN_READER),
            (NORTH_USER, Profile.HIGH_CONTRAST),
            (SUPPORT, Profile.PLAIN_COLOUR),
        )
    )
    return (*cards, *reads, *looks, Noted(entry=handled, actor=NORTH_SECOND, at=NOW))


def country() -> tuple[Step, ...]:
    """Give the writes that make the small country, made over most of a year."""
    at = datetime(2025, 5, 5, 7, 0, tzinfo=UTC)
    steps: list[Step] = []

    def write(who: Actor, organisation_id: str, *changes: c.AnyChange, note: str | None = None) -> None:
        moment = at + timedelta(days=20 * len(steps), minutes=len(steps))
        made = changeset(organisation_id, *changes, id=f"seed-{len(steps) + 1}", note=note)
        steps.append(Step(changeset=made, actor=who, at=moment))

    write(
        INSTALLATION,
        AUTHORITY,
        organisation("Migrationsverket", OrganisationKind.AUTHORITY),
        e_service(MONEY, "Ansök om statlig ersättning"),
        e_service(WARDS, "Se och ändra ansvar"),
        launch(SCHOOL, name="Grundskola"),
        launch(PRESCHOOL, name="Förskola"),
        launch(TODAYS, TODAY, name="Vård för nyanlända"),
        launch(LAST_DAY, name="Sista dagen"),
        launch(RENAMED, name="Gamla namnet"),
        launch(COMING, TOMORROW, name="Kommande ersättning"),
        launch(RETIRED, name="Upphörd ersättning"),
        launch(CHILDREN, e_service_id=WARDS, name="Barn utan vårdnadshavare"),
        rename(RENAMED, "Nya namnet", date(2025, 12, 1)),
        rename(SCHOOL, "Framtidens skola", TOMORROW),
        retire(RETIRED, date(2026, 7, 21)),
        retire(LAST_DAY, TOMORROW),
        register("support-1", "Siv", "Stöd"),
        register("support-2", "Sten", "Stöd"),
        register("mv-user", "Mia", "Verk", email=MAILBOX),
        set_contact(ContactPart.EMAIL, "kontakt@verket.example"),
        set_contact(ContactPart.HOURS, "vardagar 9–15"),
        set_contact(ContactPart.HOURS, "vardagar 8–16", TOMORROW),
        c.AppointSupport(account_id=Id("support-1")),
        c.AppointSupport(account_id=Id("support-2")),
    )
    for organisation_id, name, administrators in (
        (NORTH, "Sundsvalls kommun", ("admin-1", "admin-2")),
        (SOUTH, "Malmö stad", ("south-admin",)),
    ):
        write(
            INSTALLATION,
            organisation_id,
            organisation(name),
            *(
                register(each, given, family)
                for each, given, family in zip(
                    administrators,
                    ("Eva", "Åke") if organisation_id == NORTH else ("Sara",),
                    ("Ek", "Öman") if organisation_id == NORTH else ("Syd",),
                    strict=True,
                )
            ),
            *(appoint(each) for each in administrators),
            sign(MONEY),
        )
    write(
        NORTH_ADMINISTRATOR,
        NORTH,
        register("user-1", "Anna", "Andersson", email=MAILBOX),
        register("user-2", "Örjan", "Zetterström", email=MAILBOX),
        register("user-3", "Zoë", "Åkesson", email=MAILBOX.upper()),
        register("user-4", "Élise", "Müller", email=MAILBOX),
        register("user-5", "Anna-Karin", "Ängström"),
        register("user-6", "Bo", "Östlund"),
        register(SHARED_ID, "Nils", "Nord"),
        register("twice-north", "Tove", "Två", hsa=TWICE),
        register("left", "Lena", "Lämnat"),
        note="Nyanställda",
    )
    write(
        SOUTH_ADMINISTRATOR,
        SOUTH,
        register("south-user", "Stig", "Sund", email=MAILBOX),
        register(SHARED_ID, "Sonja", "Söder"),
        register("twice-south", "Tove", "Två", hsa=TWICE.replace("TWICE", "twice")),
        register("south-left", "Sven", "Slutat"),
    )
    write(
        NORTH_ADMINISTRATOR,
        NORTH,
        grant("user-1", SCHOOL),
        grant("user-1", PRESCHOOL),
        grant("user-1", RETIRED),
        grant("user-2", SCHOOL),
        grant("user-3", SCHOOL),
        grant("user-3", LAST_DAY),
        grant(SHARED_ID, PRESCHOOL),
        grant("left", SCHOOL),
        grant("twice-north", RENAMED),
    )
    write(SOUTH_ADMINISTRATOR, SOUTH, grant("south-user", SCHOOL), grant(SHARED_ID, SCHOOL))
    write(NORTH_SECOND, NORTH, deregister("left", 1, [SCHOOL]), revoke("user-2", SCHOOL), note="Slutar")
    write(SOUTH_ADMINISTRATOR, SOUTH, deregister("south-left", 1))
    write(NORTH_ADMINISTRATOR, NORTH, amend("user-4", family_name="Nyström", email="elise@kommun.example"))
    write(SUPPORT, NORTH, sign(WARDS))
    write(NORTH_ADMINISTRATOR, NORTH, grant("user-5", CHILDREN))
    _write_news(write)
    return tuple(steps)


def _write_news(write: Callable[..., None]) -> None:
    """Publish what is current; the last write is made on 20 January 2026."""
    write(
        SUPPORT,
        AUTHORITY,
        announce(OLD_NEWS, content("Förbättrad sortering", kind=AnnouncementKind.FIX, at=_YEARS_END)),
        announce(
            NEWS,
            content(
                "Vård för nyanlända",
                kind=AnnouncementKind.NEW_PERMISSION,
                at=NOW - timedelta(days=3),
                e_service_id=MONEY,
                permissions=(TODAYS, COMING),
                effective_on=TODAY,
                action="Ge behörigheten till dem som ska ha den.",
            ),
        ),
        announce(
            DOING,
            content(
                "Grundskola byter regler",
                kind=AnnouncementKind.RULE_CHANGE,
                at=NOW - timedelta(days=2),
                e_service_id=MONEY,
                permissions=(SCHOOL, RETIRED),
                action="Se över vilka som har behörigheten.",
            ),
        ),
        announce(
            UPKEEP,
            content(
                "E-tjänsterna är stängda",
                kind=AnnouncementKind.MAINTENANCE,
                at=NOW - timedelta(days=2),
                begins=NOW - timedelta(hours=1),
                ends=NOW + timedelta(hours=2),
            ),
        ),
        announce(SCHEDULED, content("Något nytt", at=NOW + timedelta(days=1))),
        announce(WITHDRAWN_NEWS, content("Fel uppgift", at=_YEARS_END)),
    )
    write(
        SUPPORT,
        AUTHORITY,
        correct(OLD_NEWS, content("Bättre sortering", kind=AnnouncementKind.FIX, at=_YEARS_END)),
        withdraw(WITHDRAWN_NEWS, "Fel uppgift"),
    )


_YEARS_END = datetime(2025, 12, 31, 12, 0, tzinfo=UTC)

"""One example of every kind of change and question, so that a new kind is tried without being listed.

Each change is one that is accepted in the small country of :mod:`tests.builders` on ``NOW`` when the
right role makes it.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from core import changes as c
from core import queries as q
from core.directory import AUTHORITY, Actor, OrganisationKind, Role
from core.following import cursor_at
from core.identity import Id, Title
from core.journal import AnnouncementHandled, AnnouncementsRead, AnyEntry, CardSeen, Entry, PreferencesChosen
from core.preferences import Glyphs, Profile, Switches
from core.support import ContactPart
from tests.builders import (
    DOING,
    LONG_AGO,
    MAILBOX,
    MONEY,
    NEWS,
    NORTH,
    NOW,
    SCHOOL,
    SHARED_ID,
    SOUTH,
    TODAY,
    TOMORROW,
    TWICE,
    WARDS,
    amend,
    announce,
    appoint,
    content,
    correct,
    deregister,
    dismiss,
    e_service,
    end,
    grant,
    launch,
    number,
    organisation,
    register,
    rename,
    reregister,
    retire,
    revoke,
    set_contact,
    sign,
    withdraw,
)

NEW_ORGANISATION = "kommun-0380"
NOBODY = "kommun-9999"
"""An organisation that does not exist."""

CHANGES: dict[type[c.Change], tuple[str, c.AnyChange]] = {
    c.RegisterAccount: (NORTH, register("new-1", "Ny", "Person")),
    c.ReregisterAccount: (NORTH, reregister("left", 2)),
    c.AmendAccount: (NORTH, amend("user-1", 1, email="ny@kommun.example")),
    c.DeregisterAccount: (NORTH, deregister("user-6")),
    c.Grant: (NORTH, grant("user-6", SCHOOL)),
    c.Revoke: (NORTH, revoke("user-1", SCHOOL)),
    c.AppointAdministrator: (NORTH, appoint("user-6")),
    c.DismissAdministrator: (NORTH, dismiss("admin-2")),
    c.AppointSupport: (AUTHORITY, c.AppointSupport(account_id=Id("mv-user"))),
    c.DismissSupport: (AUTHORITY, c.DismissSupport(account_id=Id("support-2"))),
    c.RegisterOrganisation: (NEW_ORGANISATION, organisation("Uppsala kommun", OrganisationKind.MUNICIPALITY)),
    c.AmendOrganisation: (NORTH, c.AmendOrganisation(name=Title("Sundsvall"), number=number("2120002411"))),
    c.SignAgreement: (SOUTH, sign(WARDS)),
    c.EndAgreement: (NORTH, end(WARDS)),
    c.RegisterEService: (AUTHORITY, e_service("ny-tjanst", "En ny tjänst")),
    c.LaunchPermission: (AUTHORITY, launch("ny-typ", TOMORROW)),
    c.RenamePermission: (AUTHORITY, rename(SCHOOL, "Skolan", TODAY)),
    c.RetirePermission: (AUTHORITY, retire(SCHOOL, TOMORROW)),
    c.SetContact: (AUTHORITY, set_contact(ContactPart.TELEPHONE, "010-99 00 00", TOMORROW)),
    c.PublishAnnouncement: (
        AUTHORITY,
        announce("ny-nyhet", content(e_service_id=WARDS, permissions=[SCHOOL])),
    ),
    c.CorrectAnnouncement: (AUTHORITY, correct(DOING, content(at=NOW - timedelta(days=2)))),
    c.WithdrawAnnouncement: (AUTHORITY, withdraw(NEWS, "Vård för nyanlända")),
}
"""By kind: the organisation that the change is made in, and the change."""

_READER = {NORTH: "admin-1", SOUTH: "south-admin", AUTHORITY: "support-1"}
_ACCOUNT = {NORTH: "user-1", SOUTH: "south-user", AUTHORITY: "mv-user"}
_WRITE = {NORTH: "seed-6", SOUTH: "seed-7", AUTHORITY: "seed-1"}


def account_in(organisation_id: str) -> str:
    """Give the id of a user of an organisation."""
    return _ACCOUNT[organisation_id]


def reader_in(organisation_id: str) -> str:
    """Give the id of somebody in an organisation who reads what is current."""
    return _READER[organisation_id]


def write_in(organisation_id: str) -> str:
    """Give the id of a write in an organisation, one that can be taken back where there is one."""
    return _WRITE[organisation_id]


def hsa_id_in(organisation_id: str) -> str:
    """Give the HSA-id of :func:`account_in`."""
    return f"TSTNMT2321000156-{_ACCOUNT[organisation_id].replace('-', '').upper()}"


QUERIES: dict[type[q.Query[Any]], Callable[[str], q.Query[Any]]] = {
    q.Accounts: lambda id: q.Accounts(day=TODAY, organisation_id=id, standing=q.Standing.ANY),
    q.AccountsByKey: lambda id: q.AccountsByKey(
        day=TODAY, organisation_id=id, account_ids=frozenset({account_in(id), SHARED_ID})
    ),
    q.HsaIdHolders: lambda id: q.HsaIdHolders(
        day=TODAY, organisation_id=id, hsa_ids=frozenset({hsa_id_in(id), hsa_id_in(id).lower(), TWICE, "x"})
    ),
    q.EmailCounts: lambda id: q.EmailCounts(
        organisation_id=id, emails=frozenset({MAILBOX, MAILBOX.upper(), "elise@kommun.example", "x"})
    ),
    q.AccountById: lambda id: q.AccountById(day=TODAY, organisation_id=id, account_id=account_in(id)),
    q.Cell: lambda id: q.Cell(organisation_id=id, account_id=account_in(id), permission_id=SCHOOL),
    q.OrganisationById: lambda id: q.OrganisationById(organisation_id=id),
    q.WholeCatalogue: lambda id: q.WholeCatalogue(day=TODAY),
    q.Writes: lambda id: q.Writes(organisation_id=id),
    q.NewsSince: lambda id: q.NewsSince(organisation_ids=frozenset({id}), cursor=cursor_at({id: 0})),
    q.DifferencesBetween: lambda id: q.DifferencesBetween(
        organisation_id=id, from_day=LONG_AGO, until_day=TODAY
    ),
    q.InverseOf: lambda id: q.InverseOf(organisation_id=id, changeset_id=write_in(id)),
    q.CardViews: lambda id: q.CardViews(organisation_id=id),
    q.ContactOn: lambda id: q.ContactOn(day=TODAY),
    q.Announcements: lambda id: q.Announcements(organisation_id=id, account_id=reader_in(id), moment=NOW),
    q.AnnouncementById: lambda id: q.AnnouncementById(
        organisation_id=id, account_id=reader_in(id), moment=NOW, announcement_id=NEWS
    ),
    q.CurrentNotice: lambda id: q.CurrentNotice(organisation_id=id, account_id=reader_in(id), moment=NOW),
    q.NearAccounts: lambda id: q.NearAccounts(day=TODAY, search=f"{account_in(id)[:4]}@kmmun.example"),
    q.Organisations: lambda _id: q.Organisations(),
    q.HowMany: lambda id: q.HowMany(organisation_id=id, e_service_id=MONEY),
    q.OwnPreferences: lambda _id: q.OwnPreferences(),
}
"""By kind: a question about an organisation, which has an answer there."""

ENTRIES: dict[type[Entry], Callable[[str], AnyEntry]] = {
    CardSeen: lambda id: CardSeen(organisation_id=Id(id), account_id=Id(account_in(id))),
    AnnouncementsRead: lambda id: AnnouncementsRead(organisation_id=Id(id), announcement_ids=(Id(DOING),)),
    AnnouncementHandled: lambda id: AnnouncementHandled(organisation_id=Id(id), announcement_id=Id(NEWS)),
    PreferencesChosen: lambda id: PreferencesChosen(
        organisation_id=Id(id),
        profile=Profile.MAGNIFIER,
        switches=Switches(live_detail=False, glyphs=Glyphs.PLAIN),
    ),
}
"""By kind: a note about an organisation, which may be left there."""

NOBODYS_ENTRIES: dict[type[Entry], Callable[[str], AnyEntry]] = {
    CardSeen: lambda id: CardSeen(organisation_id=Id(id), account_id=Id("nobody")),
    AnnouncementsRead: lambda id: AnnouncementsRead(organisation_id=Id(id), announcement_ids=(Id("nobody"),)),
    AnnouncementHandled: lambda id: AnnouncementHandled(organisation_id=Id(id), announcement_id=Id("nobody")),
    # It is about the own account, which is there: only the organisation can be somebody else's.
    PreferencesChosen: lambda _id: PreferencesChosen(organisation_id=Id(NOBODY), profile=Profile.STANDARD),
}
"""By kind: a note about an organisation, of what is not there."""

EVERYBODYS: frozenset[type[q.Query[Any]]] = frozenset(
    {q.WholeCatalogue, q.ContactOn, q.NearAccounts, q.Organisations, q.OwnPreferences}
)
"""The questions that are not about one organisation."""

OF_CUSTOMERS: frozenset[type[q.Query[Any]]] = frozenset({q.HowMany})
"""The questions that have nothing to tell of Migrationsverket, which has no agreements."""


def is_everywhere(actor: Actor) -> bool:
    """Say whether an actor may look and write in every organisation."""
    return actor.role in (Role.SUPPORT, Role.INSTALLATION)

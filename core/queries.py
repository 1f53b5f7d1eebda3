"""All that can be asked: plain questions as data, answered with rows made for showing.

Each kind declares which roles may ask it, and every question is asked within a :class:`Scope`. A
kind without such a declaration fails when this module is imported. Rows hold plain strings that
the storage has made harmless (:func:`core.text.shown`).
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from core.access import Access
from core.announcements import AnnouncementDetail, AnnouncementKind, AnnouncementRow, Notice
from core.catalogue import Catalogue
from core.changes import AnyChange
from core.days import day_of
from core.differences import PersonDifference
from core.directory import Account, Actor, Organisation, Role
from core.history import AnyEvent
from core.preferences import Chosen
from core.refusal import Refusal
from core.support import Contact

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

MOST_ROWS = 500
"""The most rows on one page."""
MOST_KEYS = 20_000
"""The most account ids, HSA-ids or addresses in one question."""
COUNT_LIMIT = 10_000
"""Up to this many a count is exact; beyond it is told as "more than"."""
MOST_FOLLOWED = 50
"""The most organisations that one reader follows at a time."""


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """How far a question may see. It cannot be left out (DESIGN 3).

    ``organisation_id`` ``None`` is the whole country; ``account_id`` narrows to one account.
    """

    organisation_id: str | None
    account_id: str | None = None


def scope_of(actor: Actor) -> Scope:
    """Give the scope of an actor: support sees all, an administrator the own organisation, a user oneself."""
    if actor.role in (Role.SUPPORT, Role.INSTALLATION):
        return Scope(organisation_id=None)
    if actor.role is Role.ADMINISTRATOR:
        return Scope(organisation_id=actor.organisation_id)
    return Scope(organisation_id=actor.organisation_id, account_id=actor.account_id)


class Query(
    msgspec.Struct, Generic[R_co], frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"
):
    """A question whose answer is an ``R``. ``asked_by`` says which roles may ask it.

    ``is_logged`` says that what support asks is noted in the access log before it is answered. ``is_own``
    says that it is about the one who asks and nobody else, whatever the role.
    """

    asked_by: ClassVar[frozenset[Role]]
    is_logged: ClassVar[bool] = False
    is_own: ClassVar[bool] = False

    def __init_subclass__(cls, **options: Any) -> None:
        """Refuse a kind that does not say who may ask it."""
        super().__init_subclass__(**options)
        if "asked_by" not in cls.__dict__:
            raise TypeError(f"{cls.__name__} must declare asked_by: the roles that may ask it")


def scope_for(query: Query[Any], actor: Actor) -> Scope:
    """Give how far a question of an actor may see: :func:`scope_of`, or the own account alone."""
    if query.is_own:
        return Scope(organisation_id=actor.organisation_id, account_id=actor.account_id)
    return scope_of(actor)


_ALL = frozenset(Role)
_NOT_USERS = _ALL - {Role.USER}
_SUPPORTS = frozenset({Role.SUPPORT, Role.INSTALLATION})


class Page(msgspec.Struct, Generic[R], frozen=True, kw_only=True):
    """A page of rows in the order asked for.

    ``before`` and ``after`` are the cursors with which the page before and after is asked for,
    ``None`` where there is none. ``total`` counts all that match, at most :data:`COUNT_LIMIT`;
    ``more`` says that there are more than that.
    """

    rows: tuple[R, ...]
    before: str | None
    after: str | None
    total: int
    more: bool = False


# Accounts --------------------------------------------------------------------------------------


class SortBy(StrEnum):
    """The column by which accounts are sorted; ties go by id."""

    NAME = "name"
    HSA_ID = "hsa_id"
    EMAIL = "email"
    PERMISSIONS = "permissions"


class Standing(StrEnum):
    """Which accounts are asked for."""

    ACTIVE = "active"
    DEREGISTERED = "deregistered"
    ANY = "any"


class Direction(StrEnum):
    """Which way from the cursor a page goes; without a cursor: the first or the last page."""

    AFTER = "after"
    BEFORE = "before"


class AccountRow(msgspec.Struct, frozen=True, kw_only=True):
    """An account as a row.

    ``granted`` are the ids of the permissions in force on the day asked about; ``all_granted`` of
    every open grant, also of a permission retired since.
    """

    account: Account
    organisation_name: str
    granted: frozenset[str]
    all_granted: frozenset[str]


class Accounts(Query[Page[AccountRow]], frozen=True, kw_only=True, tag="accounts"):
    """List accounts, one keyset page.

    ``search`` is looked for anywhere in name, HSA-id and e-mail, without case, dots and accents;
    words are looked for each on its own. ``e_service_id`` and ``permission_id`` keep those who have
    (or with ``lacking`` do not have) a permission of that service or that permission on ``day``.
    ``cursor`` is one from a :class:`Page` of the same question. With ``in_organisations`` a word may also
    be how a word of the organisation's name begins (:func:`core.nearness.begins_a_word`).

    ``as_of`` asks for everything as it was at the end of a day in Sweden: who was there, what they were
    called, what they had; ``day`` then says nothing. Organisations have no past in common, so it needs
    one; without, it is a :class:`core.refusal.WrongValueError`. The catalogue is what is known of it
    today: a permission's launch, end and names have days of their own.
    """

    asked_by = _ALL
    day: date
    as_of: date | None = None
    organisation_id: str | None = None
    search: str = ""
    e_service_id: str | None = None
    permission_id: str | None = None
    lacking: bool = False
    in_organisations: bool = False
    standing: Standing = Standing.ACTIVE
    role: Role | None = None
    sort_by: SortBy = SortBy.NAME
    descending: bool = False
    cursor: str | None = None
    direction: Direction = Direction.AFTER
    limit: int = 100


class NearAccounts(Query[tuple[AccountRow, ...]], frozen=True, kw_only=True, tag="near_accounts"):
    """Guess whom a search that found nobody means: all words but one, and that one but for a typing error.

    Active and deregistered accounts, in Swedish order, at most ``limit``. What is looked at is bounded: of
    a great many that share the rest of a short word some may be left out (:mod:`core.nearness`).
    """

    asked_by = _SUPPORTS
    day: date
    search: str
    limit: int = 20


class AccountsByKey(Query[tuple[AccountRow, ...]], frozen=True, kw_only=True, tag="accounts_by_key"):
    """Give accounts by id, at most :data:`MOST_KEYS`, in Swedish order; what is not found is left out.

    This is what a selection, a draft and a review look at. ``as_of`` asks for them as they were at the
    end of a day, as for :class:`Accounts`; who was not there yet is left out.
    """

    asked_by = _ALL
    day: date
    as_of: date | None = None
    organisation_id: str
    account_ids: frozenset[str]


class HsaIdHolders(Query[dict[str, AccountRow]], frozen=True, kw_only=True, tag="hsa_id_holders"):
    """Give the accounts that have HSA-ids in an organisation, active or not, without regard to case.

    By the HSA-id as it was asked about, at most :data:`MOST_KEYS`; what nobody has is left out.
    """

    asked_by = _NOT_USERS
    day: date
    organisation_id: str
    hsa_ids: frozenset[str]


class EmailCounts(Query[dict[str, int]], frozen=True, kw_only=True, tag="email_counts"):
    """Count the active accounts of an organisation that share e-mail addresses, without case.

    By the address as it was asked about, at most :data:`MOST_KEYS`, each counted no further than
    :data:`COUNT_LIMIT`; what nobody has is left out.
    """

    asked_by = _NOT_USERS
    organisation_id: str
    emails: frozenset[str]


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """When something happened, and who did it (the name as shown)."""

    at: str
    by: str


class AccountDetail(msgspec.Struct, frozen=True, kw_only=True):
    """One account with its stamps and, for each launched permission, the reasons.

    ``email_shared_by`` counts the other active accounts with the same address.
    """

    row: AccountRow
    registered: Stamp
    changed: Stamp
    access: tuple[Access, ...]
    email_shared_by: int
    former_names: tuple[str, ...]


class AccountById(Query[AccountDetail | None], frozen=True, kw_only=True, tag="account_by_id"):
    """Give one account with reasons on a day, or ``None`` where there is none to see."""

    asked_by = _ALL
    is_logged = True
    day: date
    organisation_id: str
    account_id: str


class CellStory(msgspec.Struct, frozen=True, kw_only=True):
    """One permission of one account: given now (by whom, when), and the last time it was taken away."""

    account_id: str
    permission_id: str
    granted: Stamp | None
    revoked: Stamp | None


class Cell(Query[CellStory | None], frozen=True, kw_only=True, tag="cell"):
    """Tell what became of one permission of one account."""

    asked_by = _ALL
    organisation_id: str
    account_id: str
    permission_id: str


# Organisations and catalogue ---------------------------------------------------------------------


class OrganisationDetail(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation with the ids of the e-services it has agreements for, and its administrators.

    ``active_accounts`` counts those within the scope: a user is told of one, and of administrators
    only what :func:`whom_to_ask` leaves.
    """

    organisation: Organisation
    agreements: frozenset[str]
    administrators: tuple[Account, ...]
    active_accounts: int
    more_accounts: bool = False


def whom_to_ask(administrator: Account) -> Account:
    """Give of an administrator what a user needs: the name and the address (DOMAIN 1.6)."""
    return msgspec.structs.replace(administrator, id="", hsa_id="", version=0)


class OrganisationById(Query[OrganisationDetail | None], frozen=True, kw_only=True, tag="organisation_by_id"):
    """Give one organisation, or ``None`` where there is none to see."""

    asked_by = _ALL
    organisation_id: str


class Organisations(Query[tuple[Organisation, ...]], frozen=True, kw_only=True, tag="organisations"):
    """Give organisations in Swedish order, at most ``limit``.

    Each word of ``search`` is how a word of the name begins, the code, or a part of the number.
    """

    asked_by = _SUPPORTS
    search: str = ""
    limit: int = 20


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """How many organisations have an agreement, how many accounts hold a permission, and how many they hold.

    Each is counted up to :data:`COUNT_LIMIT`; ``more`` says that there is more of something.
    """

    organisations: int
    accounts: int
    grants: int
    more: bool = False


class HowMany(Query[Reached], frozen=True, kw_only=True, tag="how_many"):
    """Count what a change of the catalogue, or the end of an agreement, touches.

    ``organisation_id`` ``None`` is the country. With ``permission_id`` ``None`` it is about every permission
    of the e-service. What has been taken away is not counted, what is no longer in force is.
    """

    asked_by = _SUPPORTS
    organisation_id: str | None
    e_service_id: str
    permission_id: str | None = None


class WholeCatalogue(Query[Catalogue], frozen=True, kw_only=True, tag="whole_catalogue"):
    """Give e-services and permissions. Administrators and users see a permission from its launch day."""

    asked_by = _ALL
    day: date


# The kontaktcenter --------------------------------------------------------------------------------


class ContactOn(Query[Contact], frozen=True, kw_only=True, tag="contact_on"):
    """Give the kontaktcenter's contact on a day. It is public."""

    asked_by = _ALL
    day: date


# History -------------------------------------------------------------------------------------------


class WriteRow(msgspec.Struct, frozen=True, kw_only=True):
    """One write: its events in order, at most :data:`MOST_EVENTS_SHOWN`, what it undid and was undone by.

    Where the question asks for some events only, ``events`` are those of the write that it asks for,
    and ``matching`` counts them; ``event_count`` counts all that the write has.
    """

    changeset_id: str
    organisation_id: str
    at: str
    by: str
    actor_organisation_id: str
    actor_id: str
    note: str
    events: tuple[AnyEvent, ...]
    event_count: int
    matching: int
    undoes: str | None
    undone_by: str | None
    names: dict[str, str]
    """Names of the accounts that the events are about, by id."""


MOST_EVENTS_SHOWN = 200


class Writes(Query[Page[WriteRow]], frozen=True, kw_only=True, tag="writes"):
    """List what was written in an organisation, newest first, one keyset page.

    ``changeset_id`` gives just that one with all its events. ``actor_id`` keeps what one account wrote,
    of ``actor_organisation_id``, or of the organisation itself where that is ``None``: ids are the same
    in several organisations. ``from_day`` and ``until_day`` are the first and the last day in Sweden.

    ``account_id``, ``permission_id`` and ``event_kind`` (a tag of :data:`core.history.EVENT_KINDS`) keep
    the writes that have an event about all that is named: with an account and a permission, the story
    of one cell.
    """

    asked_by = _NOT_USERS
    organisation_id: str
    account_id: str | None = None
    permission_id: str | None = None
    event_kind: str | None = None
    actor_id: str | None = None
    actor_organisation_id: str | None = None
    from_day: date | None = None
    until_day: date | None = None
    changeset_id: str | None = None
    cursor: str | None = None
    limit: int = 50


class News(msgspec.Struct, frozen=True, kw_only=True):
    """What was written after a place.

    ``cursor`` is the place after it, to ask from next. ``touched`` are the organisations of the question
    in which something was written, also where nothing of it is to be seen. ``writes`` come oldest first
    within each organisation, each with at most :data:`MOST_EVENTS_SHOWN` events; ``more`` says that there
    is more: ask again from ``cursor``.
    """

    cursor: str
    touched: frozenset[str] = frozenset()
    writes: tuple[WriteRow, ...] = ()
    more: bool = False


class NewsSince(Query[News], frozen=True, kw_only=True, tag="news_since"):
    """Tell what was written in organisations since a place: nothing twice, nothing left out.

    At most :data:`MOST_FOLLOWED` are followed; of what is out of scope nothing is told. A user is told of
    the writes about the own account, with only the events about it (:func:`core.following.for_its_account`).
    Everybody may follow Migrationsverket, whose catalogue and announcements are everybody's: but for
    support only that something was written, since it may be of what comes on a later day.

    ``cursor`` ``None`` is from now on: no writes, only the place. So it is for an organisation that the
    place does not know of, and for one that stands before its place, as a database does that was put back
    from a copy: that is told as touched.
    """

    asked_by = _ALL
    organisation_ids: frozenset[str]
    cursor: str | None = None
    limit: int = 100


class Inverse(msgspec.Struct, frozen=True, kw_only=True):
    """The changes that take a write back, or the refusals that tell why it cannot be."""

    changes: tuple[AnyChange, ...] = ()
    refusals: tuple[Refusal, ...] = ()


class InverseOf(Query[Inverse], frozen=True, kw_only=True, tag="inverse_of"):
    """Make the inverse of a write against the present state (:func:`core.undo.inverse`)."""

    asked_by = _NOT_USERS
    organisation_id: str
    changeset_id: str


MOST_DIFFERENCES = 2_000
"""The most people in one comparison of two days."""


class Differences(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody about whom something is different, in Swedish order; ``more`` says that there are others."""

    people: tuple[PersonDifference, ...] = ()
    more: bool = False


class DifferencesBetween(Query[Differences], frozen=True, kw_only=True, tag="differences_between"):
    """Compare an organisation's accounts at the end of two days in Sweden, the earlier one first.

    At most :data:`MOST_DIFFERENCES` are given. What happened and was taken back between is no difference.
    """

    asked_by = _NOT_USERS
    organisation_id: str
    from_day: date
    until_day: date


# The access log ------------------------------------------------------------------------------------


class CardView(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in support looked at an account's card: when, and who (name as it was then)."""

    at: str
    by: str
    actor_id: str
    account_id: str


class CardViews(Query[Page[CardView]], frozen=True, kw_only=True, tag="card_views"):
    """List when support looked at the cards of an organisation, newest first, one keyset page.

    ``account_id`` keeps those of one account. A user does not see who else has looked at what.
    """

    asked_by = _NOT_USERS
    organisation_id: str
    account_id: str | None = None
    cursor: str | None = None
    limit: int = 50


# What is current -----------------------------------------------------------------------------------


class Announcements(Query[Page[AnnouncementRow]], frozen=True, kw_only=True, tag="announcements"):
    """List announcements newest first, one keyset page, as an account of an organisation sees them.

    ``moment`` is the present one: administrators see what is published by then and not withdrawn,
    support all. ``search`` is looked for in title and text, without case, dots and accents; words are
    looked for each on its own. A cursor knows by itself which way it leads.
    """

    asked_by = _NOT_USERS
    organisation_id: str
    account_id: str
    moment: datetime
    search: str = ""
    about: AnnouncementKind | None = None
    e_service_id: str | None = None
    unread_only: bool = False
    cursor: str | None = None
    limit: int = 100


class AnnouncementById(Query[AnnouncementDetail | None], frozen=True, kw_only=True, tag="announcement_by_id"):
    """Give one announcement whole, or ``None`` where there is none to see."""

    asked_by = _NOT_USERS
    organisation_id: str
    account_id: str
    moment: datetime
    announcement_id: str


class CurrentNotice(Query[Notice | None], frozen=True, kw_only=True, tag="current_notice"):
    """Give what a front end tells beside everything else: how much is unread, and the banners.

    ``None`` where the account is out of sight.
    """

    asked_by = _NOT_USERS
    organisation_id: str
    account_id: str
    moment: datetime


# Oneself -------------------------------------------------------------------------------------------


class OwnPreferences(Query[Chosen], frozen=True, kw_only=True, tag="own_preferences"):
    """Tell how the one who asks wants the program to look. Nobody else's can be asked for."""

    asked_by = _ALL
    is_own = True


def within_today(query: Query[R], actor: Actor, now: datetime) -> Query[R]:
    """Give a question about what is not yet as one about the present, for all but support.

    What comes on a later day or moment is to be seen by nobody else before (DOMAIN 5), whatever a client
    says what day it is.
    """
    if actor.role in (Role.SUPPORT, Role.INSTALLATION):
        return query
    present: dict[str, date | datetime] = {"day": day_of(now), "moment": now}
    later = {
        name: value
        for name, value in present.items()
        if name in query.__struct_fields__ and getattr(query, name) > value
    }
    return msgspec.structs.replace(query, **later) if later else query


QUERIES: tuple[type[Query[Any]], ...] = tuple(Query.__subclasses__())

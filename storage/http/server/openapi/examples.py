"""Examples of what is asked, answered and written, made of the structs themselves so that they are right.

The people are invented, their HSA-ids are of the test series.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

import msgspec

from core import changes as c
from core import history as h
from core import queries as q
from core.access import Granted as GivenBy
from core.access import explain
from core.announcements import AnnouncementDetail, AnnouncementKind, AnnouncementRow, Banner, Done, Notice
from core.catalogue import Catalogue, DatedName, EService, Permission
from core.differences import PersonDifference
from core.directory import Account, Organisation, OrganisationKind, Role
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id, Note
from core.journal import AnnouncementHandled, AnnouncementsRead, AnyEntry, CardSeen, PreferencesChosen
from core.ports import Membership
from core.preferences import Chosen, Profile, Switches
from core.refusal import Refusal
from core.rules import Decision
from core.support import Contact
from core.wire import encode
from storage.http.problems import Kind, Problem, ProblemError, problem
from storage.http.signin.document import SignInDocument

DAY: Final = date(2026, 11, 23)
MOMENT: Final = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
_AT: Final = "2026-11-23T08:12:00.000000+00:00"
_CURSOR: Final = "WyJhMWIyYzNkNGU1ZjYwNzE4IixbIkVrIEV2YSIsImFkbWluLTEiXSxmYWxzZSxmYWxzZV0="

_NORTH: Final = Organisation(
    id="kommun-2281",
    kind=OrganisationKind.MUNICIPALITY,
    name="Sundsvalls kommun",
    code="2281",
    number="212000-2411",
)
_EVA: Final = Account(
    id="admin-1",
    organisation_id=_NORTH.id,
    hsa_id="TSTNMT2321000156-EVAEK",
    given_name="Eva",
    family_name="Ek",
    email="eva.ek@kommun.example",
    role=Role.ADMINISTRATOR,
)
_ANNA: Final = Account(
    id="user-1",
    organisation_id=_NORTH.id,
    hsa_id="TSTNMT2321000156-ANNA1",
    given_name="Anna",
    family_name="Andersson",
    email="anna.andersson@kommun.example",
)
_SCHOOL: Final = Permission(
    id="grundskola",
    e_service_id="ersattning",
    short_name="Gru",
    names=(DatedName("Grundskola"),),
    launched_on=date(2019, 11, 28),
)
_ROW: Final = q.AccountRow(
    account=_ANNA,
    organisation_name=_NORTH.name,
    granted=frozenset({_SCHOOL.id}),
    all_granted=frozenset({_SCHOOL.id}),
)
_STAMP: Final = q.Stamp(at=_AT, by="Eva Ek")
_WRITE: Final = q.WriteRow(
    changeset_id="write-1",
    organisation_id=_NORTH.id,
    at=_AT,
    by="Eva Ek",
    actor_organisation_id=_NORTH.id,
    actor_id=_EVA.id,
    note="ärende 2026-114",
    events=(h.PermissionGranted(account_id=_ANNA.id, permission_id=_SCHOOL.id),),
    event_count=1,
    matching=1,
    undoes=None,
    undone_by=None,
    names={_ANNA.id: "Anna Andersson"},
)
_ANNOUNCEMENT: Final = AnnouncementRow(
    id="nyhet",
    kind=AnnouncementKind.NEW_PERMISSION,
    title="Ny typ av ersättning",
    published_at=MOMENT,
    effective_on=DAY,
    e_service_id="ersattning",
    permission_ids=(_SCHOOL.id,),
    coming=0,
    action="Ge behörigheten till dem som ska ha den.",
    begins=None,
    ends=None,
    version=1,
    is_unread=True,
    done=Done.OPEN,
    said=None,
    is_scheduled=False,
    withdrawn_on=None,
    corrected_on=None,
)
_GRANT: Final = c.Grant(account_id=Id(_ANNA.id), permission_id=Id(_SCHOOL.id))


def _page(row: Any) -> q.Page[Any]:
    return q.Page(rows=(row,), before=None, after=_CURSOR, total=40)


ANSWERS: Final[dict[type[q.Query[Any]], Any]] = {
    q.Accounts: _page(_ROW),
    q.NearAccounts: (_ROW,),
    q.AccountsByKey: (_ROW,),
    q.HsaIdHolders: {_ANNA.hsa_id: _ROW},
    q.EmailCounts: {_ANNA.email: 1},
    q.AccountById: q.AccountDetail(
        row=_ROW,
        registered=_STAMP,
        changed=_STAMP,
        access=(explain(_ANNA, _SCHOOL, agreement=True, granted=GivenBy(by="Eva Ek", at=_AT), day=DAY),),
        email_shared_by=0,
        former_names=(),
    ),
    q.Cell: q.CellStory(account_id=_ANNA.id, permission_id=_SCHOOL.id, granted=_STAMP, revoked=None),
    q.OrganisationById: q.OrganisationDetail(
        organisation=_NORTH, agreements=frozenset({"ersattning"}), administrators=(_EVA,), active_accounts=40
    ),
    q.Organisations: (_NORTH,),
    q.HowMany: q.Reached(organisations=1, accounts=12, grants=12),
    q.WholeCatalogue: Catalogue(
        e_services=(EService(id="ersattning", name="Ansök om statlig ersättning"),), permissions=(_SCHOOL,)
    ),
    q.ContactOn: Contact(hours="vardagar 9–15", since={"hours": DAY}),
    q.Writes: _page(_WRITE),
    q.NewsSince: q.News(cursor=_CURSOR, touched=frozenset({_NORTH.id}), writes=(_WRITE,)),
    q.InverseOf: q.Inverse(
        changes=(c.Revoke(account_id=_GRANT.account_id, permission_id=_GRANT.permission_id),)
    ),
    q.DifferencesBetween: q.Differences(
        people=(
            PersonDifference(
                account_id=_ANNA.id,
                before=_ANNA,
                after=_ANNA,
                gained=frozenset({_SCHOOL.id}),
                lost=frozenset(),
            ),
        )
    ),
    q.CardViews: _page(q.CardView(at=_AT, by="Siv Stöd", actor_id="support-1", account_id=_ANNA.id)),
    q.Announcements: _page(_ANNOUNCEMENT),
    q.AnnouncementById: AnnouncementDetail(
        row=_ANNOUNCEMENT, text="Ersättningen kan sökas från i dag.", corrections=()
    ),
    q.CurrentNotice: Notice(
        unread=2,
        more=False,
        banners=(
            Banner(
                id="underhall",
                kind=AnnouncementKind.MAINTENANCE,
                title="Planerat underhåll",
                begins=MOMENT,
                ends=datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
            ),
        ),
    ),
    q.OwnPreferences: Chosen(profile="screen_reader", switches={"toasts": "on"}, at=_AT),
}
"""An answer to each kind of question."""

PLACES: Final = {
    "organisation_id": _NORTH.id,
    "account_id": _ANNA.id,
    "permission_id": _SCHOOL.id,
    "e_service_id": "ersattning",
    "announcement_id": _ANNOUNCEMENT.id,
    "changeset_id": _WRITE.changeset_id,
}
"""What stands in addresses."""

QUESTIONS: Final[dict[str, q.Query[Any]]] = {
    "a selection": q.AccountsByKey(
        day=DAY, organisation_id=_NORTH.id, account_ids=frozenset({_ANNA.id, _EVA.id})
    ),
    "a list": q.Accounts(day=DAY, organisation_id=_NORTH.id, search="ann", limit=50),
}
CHANGESETS: Final = {
    "give a permission": c.Changeset(
        id=Id("0192f1c4-7a10-7cc1-9d5e-51b8f0a2c001"),
        organisation_id=Id(_NORTH.id),
        changes=(_GRANT,),
        note=Note("ärende 2026-114"),
    ),
    "register a person": c.Changeset(
        id=Id("0192f1c4-7a10-7cc1-9d5e-51b8f0a2c002"),
        organisation_id=Id(_NORTH.id),
        changes=(
            c.RegisterAccount(
                account_id=Id("0192f1c4-7a10-7cc1-9d5e-51b8f0a2c003"),
                hsa_id=HsaId("TSTNMT2321000156-YJ54"),
                given_name=GivenName("Åke"),
                family_name=FamilyName("Annerstedt"),
                email=EmailAddress("ake.annerstedt@kommun.example"),
            ),
        ),
    ),
}
ENTRIES: Final[dict[str, AnyEntry]] = {
    "a card was looked at": CardSeen(organisation_id=Id(_NORTH.id), account_id=Id(_ANNA.id)),
    "announcements were read": AnnouncementsRead(
        organisation_id=Id(_NORTH.id), announcement_ids=(Id(_ANNOUNCEMENT.id),)
    ),
    "an announcement is done": AnnouncementHandled(
        organisation_id=Id(_NORTH.id), announcement_id=Id(_ANNOUNCEMENT.id)
    ),
    "how the program shall look": PreferencesChosen(
        organisation_id=Id(_NORTH.id), profile=Profile.SCREEN_READER, switches=Switches(toasts=True)
    ),
}
RECEIPT: Final = c.Receipt(
    changeset_id="0192f1c4-7a10-7cc1-9d5e-51b8f0a2c001",
    organisation_id=_NORTH.id,
    first_number=118,
    last_number=118,
    written_at=_AT,
)
DECISIONS: Final = {
    "it would be written": Decision(events=_WRITE.events),
    "it would be refused": Decision(refusals=(Refusal("already_granted", _ANNA.id),)),
}
MEMBERSHIPS: Final = (Membership(account=_EVA, organisation=_NORTH),)
SIGN_IN: Final = SignInDocument(
    ways=("token", "oidc"), issuer="https://idp.example", client_id="behorig", scopes=("openid",)
)


def told(kind: Kind, status: Any, refusal: Refusal, sentence: str) -> Problem:
    """Give a problem as it is answered."""
    return problem(ProblemError(kind, status, refusal), (sentence,), "5f0c1d9e8a7b6c5d4e3f2a1b")


def plain(value: object) -> Any:
    """Give a struct as it stands in JSON."""
    return msgspec.json.decode(encode(value))

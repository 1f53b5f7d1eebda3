"""Random writes: wishes that name people and permissions, turned into changes when their turn comes.

A wish says what somebody would like in words that hold whatever happened before; only then is it
looked up which version is the present one and what the person has. So an example shrinks to few
wishes, and most of them are accepted.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import strategies as st

from core import changes as c
from core.directory import AUTHORITY, INSTALLATION, Account, Actor, OrganisationKind
from core.history import State
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id, Title, hsa_key
from core.rules import decide_each
from core.support import ContactPart
from tests.builders import (
    CHILDREN,
    COMING,
    LAST_DAY,
    MONEY,
    NORTH,
    NORTH_ADMINISTRATOR,
    NORTH_SECOND,
    PRESCHOOL,
    RETIRED,
    SCHOOL,
    SHARED_ID,
    SOUTH,
    SOUTH_ADMINISTRATOR,
    SUPPORT,
    TODAY,
    TODAYS,
    WARDS,
    changeset,
    e_service,
    hsa_id,
    launch,
    number,
    rename,
    retire,
    set_contact,
)
from tests.model import Model


def budget(examples: int) -> int:
    """Give how many examples to try: some in daily use, many times as many with BEHORIG_DEPTH."""
    return examples * int(os.environ.get("BEHORIG_DEPTH", "1"))


NEW = ("new-1", "new-2", "new-3")
PEOPLE = ("user-1", "user-2", "user-3", "user-6", SHARED_ID, "left", "admin-2", *NEW)
NORTHERN = (*PEOPLE, "admin-1", "twice-north")
SOUTHERN = ("south-user", SHARED_ID, "south-left", "south-admin", *NEW)
PERMISSIONS = (SCHOOL, PRESCHOOL, TODAYS, LAST_DAY, COMING, RETIRED, CHILDREN, "new-type", "new-kind")
SUFFIXES = ("FREE", "free", "NEW1", "NEW2", "NEW3", "NEW4", "USER1", "user6", "LEFT", "SHARED")
NAMES = ("Anna", "Örjan", "Åsa", "Élise")
EMAILS = ("anna@kommun.example", "ANNA@kommun.example", "delad@kommun.example")


@dataclass(frozen=True)
class Wish:
    """One change, before it is looked up what the account is like now.

    ``behind`` is how many versions too old a view it is made from.
    """

    kind: type[c.Change]
    account_id: str
    permission_id: str
    suffix: str
    name: str
    email: str
    e_service_id: str
    days: int
    behind: int

    def change(self, state: State, *, organisation_id: str) -> c.AnyChange:
        """Give the change as somebody would make it who saw ``state``."""
        account_id = Id(self.account_id)
        day = TODAY + timedelta(days=self.days)
        account = state.accounts.get(self.account_id) or Account(
            id=self.account_id,
            organisation_id=organisation_id,
            hsa_id="",
            given_name="",
            family_name="",
            email="",
        )
        seen = account.version - self.behind
        given, family = GivenName(self.name), FamilyName(f"{self.name}sson")
        email, hsa = EmailAddress(self.email), hsa_id(self.suffix)
        held = tuple(Id(each) for each in sorted(state.granted_to(self.account_id)))
        made: dict[type[c.Change], c.AnyChange] = {
            c.RegisterAccount: c.RegisterAccount(
                account_id=account_id, hsa_id=hsa, given_name=given, family_name=family, email=email
            ),
            c.ReregisterAccount: c.ReregisterAccount(
                account_id=account_id, seen_version=seen, given_name=given, family_name=family, email=email
            ),
            c.AmendAccount: c.AmendAccount(
                account_id=account_id,
                seen_version=seen,
                hsa_id=hsa if self.days % 2 else None,
                given_name=given if self.days > 0 else None,
                family_name=family if self.days > 1 else None,
                email=email if self.days < 2 else None,
            ),
            c.DeregisterAccount: c.DeregisterAccount(
                account_id=account_id, seen_version=seen, seen_permission_ids=held
            ),
            c.Grant: c.Grant(account_id=account_id, permission_id=Id(self.permission_id)),
            c.Revoke: c.Revoke(account_id=account_id, permission_id=Id(self.permission_id)),
            c.AppointAdministrator: c.AppointAdministrator(account_id=account_id),
            c.DismissAdministrator: c.DismissAdministrator(account_id=account_id),
            c.AppointSupport: c.AppointSupport(account_id=account_id),
            c.DismissSupport: c.DismissSupport(account_id=account_id),
            c.RegisterOrganisation: c.RegisterOrganisation(
                organisation_kind=OrganisationKind.MUNICIPALITY, name=Title(self.name)
            ),
            c.AmendOrganisation: c.AmendOrganisation(
                name=Title(self.name), number=number("2120002411") if self.days > 0 else None
            ),
            c.SignAgreement: c.SignAgreement(e_service_id=Id(self.e_service_id)),
            c.EndAgreement: c.EndAgreement(e_service_id=Id(self.e_service_id)),
            c.RegisterEService: e_service(self.e_service_id, self.name),
            c.LaunchPermission: launch(self.permission_id, day, e_service_id=self.e_service_id),
            c.RenamePermission: rename(self.permission_id, self.name, day),
            c.RetirePermission: retire(self.permission_id, day),
            c.SetContact: set_contact(
                ContactPart.EMAIL if self.behind else ContactPart.HOURS,
                self.email if self.behind else self.name if self.days < 2 else None,
                day,
            ),
        }
        return made[self.kind]


@dataclass(frozen=True)
class WishedWrite:
    """Wishes that one actor writes together in one organisation.

    Somebody ``careful`` leaves out what would be refused by itself.
    """

    actor: Actor
    organisation_id: str
    wishes: tuple[Wish, ...]
    careful: bool

    def changes(self, model: Model, day: date) -> tuple[c.AnyChange, ...]:
        """Give the changes of somebody who reckons with each change before making the next."""
        facts = model.facts(changeset(self.organisation_id), self.actor, whole=True)
        answer: list[c.AnyChange] = []
        for wish in self.wishes:
            change = wish.change(facts.state, organisation_id=self.organisation_id)
            (refusal,) = decide_each([change], self.actor, facts, day)
            if refusal is None or not self.careful:
                answer.append(change)
            facts.holders.clear()
            facts.holders.update((hsa_key(each.hsa_id), each.id) for each in facts.state.accounts.values())
        return tuple(answer)


def wishes(people: tuple[str, ...], kinds: tuple[type[c.Change], ...]) -> st.SearchStrategy[Wish]:
    """Draw wishes about people, of some kinds."""
    return st.builds(
        Wish,
        kind=st.sampled_from(kinds),
        account_id=st.sampled_from(people),
        permission_id=st.sampled_from(PERMISSIONS),
        suffix=st.sampled_from(SUFFIXES),
        name=st.sampled_from(NAMES),
        email=st.sampled_from(EMAILS),
        e_service_id=st.sampled_from((MONEY, WARDS, "ny-tjanst")),
        days=st.integers(-1, 3),
        behind=st.sampled_from((0, 0, 0, 0, 1)),
    )


def _writes(
    actor: Actor, organisation_id: str, people: tuple[str, ...], most: int = 7
) -> st.SearchStrategy[WishedWrite]:
    kinds = tuple(each for each in c.CHANGES if actor.role in each.made_by)
    kinds += tuple(each for each in (c.RegisterAccount, c.Grant, c.Grant, c.Grant) if each in kinds)
    return st.builds(
        WishedWrite,
        actor=st.just(actor),
        organisation_id=st.just(organisation_id),
        wishes=st.lists(wishes(people, kinds), min_size=2, max_size=most).map(tuple),
        careful=st.sampled_from((True, True, True, False)),
    )


NORTHERN_WRITES = _writes(NORTH_ADMINISTRATOR, NORTH, NORTHERN)
WRITES = st.one_of(
    NORTHERN_WRITES,
    _writes(NORTH_SECOND, NORTH, NORTHERN),
    _writes(SOUTH_ADMINISTRATOR, SOUTH, SOUTHERN),
    _writes(SUPPORT, NORTH, NORTHERN, 3),
    _writes(SUPPORT, SOUTH, SOUTHERN, 3),
    _writes(SUPPORT, AUTHORITY, ("mv-user", "support-1", "support-2", "new-1"), 4),
    _writes(INSTALLATION, NORTH, NORTHERN, 3),
    # Across the border, which must come to nothing.
    _writes(SOUTH_ADMINISTRATOR, NORTH, NORTHERN, 3),
)
"""Random writes by every role that writes, in both organisations and in the catalogue."""

HSA_IDS = tuple(HsaId(hsa_id(suffix)) for suffix in SUFFIXES)

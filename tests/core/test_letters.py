"""A letter about administrators is checked before it is one (DOMAIN 1)."""

from __future__ import annotations

import pytest

from core.directory import Account, Role
from core.identity import EmailAddress, FamilyName, GivenName
from core.letters import AdministratorLetter, LetterKind, Newcomer, why_not_letter
from core.refusal import Refusal
from tests.builders import hsa_id


def account(id: str, role: Role = Role.ADMINISTRATOR, *, active: bool = True) -> Account:
    return Account(
        id=id,
        organisation_id="kommun-2281",
        hsa_id=str(hsa_id(id.upper())),
        given_name=id.capitalize(),
        family_name="Ek",
        email=f"{id}@kommun.example",
        role=role,
        active=active,
    )


EVA, BO = account("eva"), account("bo")
NEW = Newcomer(
    hsa_id=hsa_id("NYA"),
    given_name=GivenName("Åsa"),
    family_name=FamilyName("Öberg"),
    email=EmailAddress("asa@kommun.example"),
)


def why_not(
    kind: LetterKind,
    *,
    comes: Newcomer | None = None,
    leaves: Account | None = None,
    administrators: tuple[Account, ...] = (EVA, BO),
    holder: Account | None = None,
    ends: bool = False,
) -> tuple[Refusal, ...]:
    letter = AdministratorLetter(kind=kind, comes=comes, leaves=leaves, ends_permissions=ends)
    return why_not_letter(letter, administrators=administrators, holder=holder)


def test_each_kind_of_letter_goes_with_whom_it_is_about() -> None:
    assert why_not(LetterKind.REGISTER, comes=NEW) == ()
    assert why_not(LetterKind.REPLACE, comes=NEW, leaves=EVA) == ()
    assert why_not(LetterKind.REPLACE, comes=NEW, leaves=EVA, administrators=(EVA,)) == ()
    assert why_not(LetterKind.REMOVE, leaves=EVA) == ()


@pytest.mark.parametrize(
    ("kind", "comes", "leaves"),
    [
        (LetterKind.REGISTER, None, None),
        (LetterKind.REGISTER, NEW, EVA),
        (LetterKind.REPLACE, NEW, None),
        (LetterKind.REPLACE, None, EVA),
        (LetterKind.REMOVE, NEW, EVA),
        (LetterKind.REMOVE, None, None),
    ],
)
def test_a_letter_that_does_not_say_who_is_none(
    kind: LetterKind, comes: Newcomer | None, leaves: Account | None
) -> None:
    assert why_not(kind, comes=comes, leaves=leaves) == (Refusal("letter_incomplete", kind.value),)


def test_the_only_administrator_is_replaced_and_not_removed() -> None:
    assert why_not(LetterKind.REMOVE, leaves=EVA, administrators=(EVA,)) == (
        Refusal("letter_last_administrator"),
    )


def test_only_an_administrator_of_the_organisation_leaves() -> None:
    user = account("user", Role.USER)
    assert why_not(LetterKind.REMOVE, leaves=user) == (Refusal("letter_not_administrator", "user"),)


def test_one_role_a_person() -> None:
    user = account("nya", Role.USER)
    assert why_not(LetterKind.REGISTER, comes=NEW, holder=user) == (Refusal("letter_is_user", "nya"),)
    assert why_not(LetterKind.REGISTER, comes=NEW, holder=user, ends=True) == ()
    gone = account("nya", Role.USER, active=False)
    assert why_not(LetterKind.REGISTER, comes=NEW, holder=gone) == ()


def test_who_administers_already_or_shall_leave_does_not_come() -> None:
    already = account("nya")
    assert why_not(LetterKind.REGISTER, comes=NEW, holder=already, ends=True) == (
        Refusal("letter_administers_already", "nya"),
    )
    # In whatever case the id is written.
    assert why_not(
        LetterKind.REPLACE, comes=NEW, leaves=account("Nya"), administrators=(account("Nya"), BO)
    ) == (Refusal("letter_same_person", "hsa_id"),)

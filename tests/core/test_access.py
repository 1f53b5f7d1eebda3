"""Why an account may do a thing, and that explain, matrix and rules never disagree."""

from datetime import timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from core.access import Granted, explain, why_not_column, why_not_grant
from core.catalogue import DatedName, Permission
from core.directory import Account, Role
from tests.builders import TODAY

CODES = ("account_active", "role_user", "agreement", "launched", "not_retired", "granted")
DAYS = st.integers(-3, 3).map(lambda step: TODAY + timedelta(days=step))
ACCOUNT = Account(
    id="a", organisation_id="o", hsa_id="x", given_name="Anna", family_name="Ek", email="a@b.se"
)
PERMISSION = Permission(id="p", e_service_id="e", short_name="P", names=(DatedName("P"),), launched_on=TODAY)
GIVEN = Granted(by="Eva Ek", at="2026-11-23T08:12:00.000000+00:00")

accounts = st.builds(
    lambda active, role: msgspec.structs.replace(ACCOUNT, active=active, role=role),
    st.booleans(),
    st.sampled_from([Role.USER, Role.ADMINISTRATOR, Role.SUPPORT]),
)
permissions = st.builds(
    lambda launched, retired: msgspec.structs.replace(PERMISSION, launched_on=launched, retired_on=retired),
    DAYS,
    st.none() | DAYS,
)


def test_who_has_a_permission_is_told_every_reason_in_order() -> None:
    access = explain(ACCOUNT, PERMISSION, agreement=True, granted=GIVEN, day=TODAY)
    assert access.allowed
    assert [each.code for each in access.reasons] == list(CODES)
    assert all(each.holds for each in access.reasons)
    assert access.reasons[-1].params == {"by": "Eva Ek", "at": GIVEN.at}


@given(accounts, permissions, st.booleans(), st.sampled_from([None, GIVEN]))
def test_access_is_just_when_every_reason_holds_and_each_says_its_own(
    account: Account, permission: Permission, agreement: bool, granted: Granted | None
) -> None:
    access = explain(account, permission, agreement=agreement, granted=granted, day=TODAY)
    holds = {each.code: each.holds for each in access.reasons}
    assert holds == {
        "account_active": account.active,
        "role_user": account.role is Role.USER,
        "agreement": agreement,
        "launched": permission.launched_on <= TODAY,
        "not_retired": permission.retired_on is None or permission.retired_on > TODAY,
        "granted": granted is not None,
    }
    assert access.allowed == all(holds.values())


@given(accounts, permissions, st.booleans())
def test_what_can_be_given_is_what_would_then_be_allowed(
    account: Account, permission: Permission, agreement: bool
) -> None:
    allowed = explain(account, permission, agreement=agreement, granted=GIVEN, day=TODAY).allowed
    refusal = why_not_grant(account, permission, agreement=agreement, day=TODAY)
    assert (refusal is None) == allowed
    column = why_not_column(permission, agreement=agreement, day=TODAY)
    if account.active and account.role is Role.USER:
        assert refusal == column
    if refusal is not None and "day" in refusal.params:
        assert refusal.params["day"] in {
            day.isoformat() for day in (permission.launched_on, permission.retired_on) if day
        }

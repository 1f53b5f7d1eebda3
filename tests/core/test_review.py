"""What is told before a write: cautions, the widest first, and never a stop."""

from core import changes as c
from core.directory import AUTHORITY, Organisation, OrganisationKind
from core.identity import HsaId
from core.review import MANY_CHANGES, Caution, cautions, hsa_id_caution
from core.service import Service
from tests.builders import (
    CHILDREN,
    MAILBOX,
    MONEY,
    NORTH,
    NORTH_ADMINISTRATOR,
    NOW,
    OPEN,
    PRESCHOOL,
    RETIRED,
    SCHOOL,
    SOUTH,
    SUPPORT,
    TODAY,
    TOMORROW,
    amend,
    appoint,
    changeset,
    deregister,
    end,
    grant,
    launch,
    number,
    register,
    rename,
    reregister,
    retire,
    revoke,
)
from tests.model import Model

ALL = (*OPEN, CHILDREN)
"""What can be given in the north."""


async def told(model: Model, *changes: c.AnyChange) -> list[tuple[str, str]]:
    service = Service(model, NORTH_ADMINISTRATOR, lambda: NOW, lambda: "fresh")
    return [(each.code, each.account_id) for each in await service.cautions(changeset(NORTH, *changes))]


async def test_an_ordinary_write_is_written_without_a_word(model: Model) -> None:
    assert await told(model, grant("user-6"), revoke("user-3"), amend("user-5", 1, email="x@y.se")) == []
    assert await told(model, deregister("user-1", 1, [SCHOOL, PRESCHOOL, RETIRED])) == []


async def test_more_than_fifty_changes_are_told_first(model: Model) -> None:
    many = [register(f"p-{place}") for place in range(MANY_CHANGES)]
    assert "many_changes" not in {code for code, _ in await told(model, *many)}
    assert (await told(model, *many, grant("user-6")))[0] == ("many_changes", "")


async def test_who_is_left_without_permissions_is_told(model: Model) -> None:
    assert await told(model, revoke("user-5", CHILDREN)) == [("left_without_permissions", "user-5")]
    # The retired one that is left can be used for nothing.
    both = (revoke("user-1", SCHOOL), revoke("user-1", PRESCHOOL))
    assert await told(model, *both) == [("left_without_permissions", "user-1")]
    assert await told(model, *both, grant("user-1", CHILDREN)) == []


async def test_who_gets_everything_is_told_with_how_much(model: Model) -> None:
    assert await told(model, *(grant("user-6", each) for each in ALL[1:])) == []
    assert await told(model, *(grant("user-6", each) for each in ALL)) == [("all_permissions", "user-6")]
    rest = [each for each in ALL if each not in (SCHOOL, PRESCHOOL)]
    assert await told(model, *(grant("user-1", each) for each in rest)) == [("all_permissions", "user-1")]


async def test_who_is_new_and_gets_nothing_is_told(model: Model) -> None:
    assert await told(model, register("new-1")) == [("new_without_permissions", "new-1")]
    assert await told(model, reregister("left", 2)) == [("new_without_permissions", "left")]
    assert await told(model, register("new-1"), grant("new-1")) == []


async def test_an_address_that_others_have_is_told_with_how_many(model: Model) -> None:
    service = Service(model, NORTH_ADMINISTRATOR, lambda: NOW, lambda: "fresh")
    new = register("new-1", email=MAILBOX.upper())
    (caution,) = await service.cautions(changeset(NORTH, new, grant("new-1")))
    assert caution == Caution(
        code="email_shared", account_id="new-1", params={"email": new.email, "count": 3}
    )


async def test_the_own_address_in_other_letters_is_not_shared_with_oneself(model: Model) -> None:
    assert await told(model, amend("user-6", 1, email="USER-6@kommun.example")) == []


async def test_two_new_people_with_one_address_are_told_of_each_other(model: Model) -> None:
    both = [register(each, email="ny@kommun.example") for each in ("new-1", "new-2")]
    found = await told(model, *both, grant("new-1"), grant("new-2"))
    assert found == [("email_shared", "new-1"), ("email_shared", "new-2")]


def test_an_hsa_id_of_another_owner_is_a_question_where_the_number_is_known() -> None:
    known = Organisation(
        id=NORTH, kind=OrganisationKind.MUNICIPALITY, name="Sundsvalls kommun", number="212000-2411"
    )
    other = HsaId("SE5565594230-1337")
    found = hsa_id_caution(other, known)
    assert found is not None
    assert found.params == {"hsa_id": other, "owner": "556559-4230", "number": "212000-2411"}
    assert hsa_id_caution(HsaId("SE2120002411-1337"), known) is None
    assert hsa_id_caution(HsaId("SE162120002411-1337"), known) is None
    unknown = Organisation(id=NORTH, kind=OrganisationKind.MUNICIPALITY, name="Sundsvalls kommun")
    assert hsa_id_caution(other, unknown) is None


def test_the_question_about_the_owner_is_asked_for_new_and_changed_ids(model: Model) -> None:
    def about(change: c.AnyChange) -> list[str]:
        organisation = Organisation(
            id=NORTH, kind=OrganisationKind.MUNICIPALITY, name="S", number=number("2120002411")
        )
        found = cautions(
            (change, grant("new-1"), grant("user-6")),
            rows={},
            catalogue=model.catalogue(),
            agreements=frozenset({MONEY}),
            organisation=organisation,
            email_counts={},
            day=NOW.date(),
        )
        return [each.account_id for each in found if each.code == "hsa_id_other_organisation"]

    assert about(register("new-1", hsa="SE5565594230-1337")) == ["new-1"]
    assert about(amend("user-6", 1, hsa="SE5565594230-1337")) == ["user-6"]
    assert about(amend("user-6", 1, email="x@y.se")) == []


async def told_to_support(model: Model, at: str, *changes: c.AnyChange) -> list[Caution]:
    service = Service(model, SUPPORT, lambda: NOW, lambda: "fresh")
    return list(await service.cautions(changeset(at, *changes)))


async def test_what_a_user_loses_by_becoming_administrator_is_counted(model: Model) -> None:
    # Of the three that are open one is retired, which can be used for nothing.
    assert await told_to_support(model, NORTH, appoint("user-1")) == [
        Caution(code="role_ends", account_id="user-1", params={"count": 2})
    ]
    assert await told_to_support(model, NORTH, appoint("user-6")) == []


async def test_what_an_agreement_ends_with_is_counted_in_its_organisation(model: Model) -> None:
    (caution,) = await told_to_support(model, NORTH, end(MONEY))
    assert caution.code == "agreement_ends"
    assert caution.params == {"organisations": 1, "accounts": 4, "grants": 7, "more": False}
    (none,) = await told_to_support(model, SOUTH, end(MONEY))
    assert none.params["accounts"] == 2


async def test_whom_the_catalogue_reaches_is_counted_over_the_country(model: Model) -> None:
    counts: dict[str, str | int | bool] = {"organisations": 2, "accounts": 4, "grants": 4, "more": False}
    for change, code, reached in (
        (launch("ny-typ", TOMORROW), "launch_reaches", {**counts, "accounts": 0, "grants": 0}),
        (rename(SCHOOL, "Skolan", TODAY), "rename_reaches", counts),
        (retire(SCHOOL, TOMORROW), "retire_reaches", counts),
    ):
        assert await told_to_support(model, AUTHORITY, change) == [Caution(code=code, params=reached)]

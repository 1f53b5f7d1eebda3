"""What a user sees: the own permissions with the reasons, whom to ask, and nothing else."""

from datetime import date

import pytest

from core import queries as q
from core.refusal import NotAllowedError
from core.service import Service, actor_of
from storage.open import open_storage
from tests.screens.house import OWNER, SUNDSVALL, House, counted
from tests.screens.visit import visiting

ANNA = f"{OWNER}-1101"


async def test_a_user_sees_each_permission_with_the_reason_and_whom_to_ask(house: House) -> None:
    async with visiting(house, hsa_id=ANNA, size=(100, 30)) as visit:
        await visit.sees(">1 Mina behörigheter<", "Anna Andersson, användare")
        await visit.sees("Administratörer: Bo Berg (bo@sundsvall.example), Eva Ek (eva@sundsvall.example).")
        await visit.sees("Kan ingen av dem hjälpa: kontaktcenter, etjanstkommuner@migrationsverket.se.")
        await visit.sees("Asylsökande i förskola: given.", "Gavs av Eva Ek 1 mars 2021 09.00.")
        assert visit.line_with("X Asylsökande i grundskola").endswith("given")
        await visit.press("down")
        await visit.sees("Asylsökande i förskoleklass: inte given.", "Inte given.")


async def test_nothing_else_is_reachable_and_the_keys_say_why(house: House) -> None:
    async with visiting(house, hsa_id=ANNA) as visit:
        await visit.sees(">1 Mina behörigheter<")
        for key, title in (
            *(("2", "Behörigheter"), ("3", "Aktuellt"), ("4", "Support"), ("5", "Historik")),
            *(("f8", "Granska"), ("f7", "Ångra")),
        ):
            await visit.press(key)
            await visit.sees(title, "som användare ser du dina egna behörigheter, och inget annat")
            await visit.sees(">1 Mina behörigheter<")
        assert visit.lacks("Annerstedt")


@pytest.mark.parametrize(
    "query",
    [
        q.HsaIdHolders(day=date(2024, 2, 1), organisation_id=SUNDSVALL, hsa_ids=frozenset({f"{OWNER}-1102"})),
        q.EmailCounts(organisation_id=SUNDSVALL, emails=frozenset({"social@sundsvall.example"})),
        q.Writes(organisation_id=SUNDSVALL),
        q.CardViews(organisation_id=SUNDSVALL),
    ],
)
async def test_what_a_user_may_not_ask_is_not_answered(house: House, query: q.Query[object]) -> None:
    storage = await open_storage(str(house.path))
    try:
        actor = actor_of((await storage.identify(ANNA))[0])
        service = Service(storage, actor, house.clock, counted("asked"))
        with pytest.raises(NotAllowedError):
            await service.ask(query)
    finally:
        await storage.close()

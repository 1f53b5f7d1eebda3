"""Support at the house: an account at Migrationsverket, and the program as it is for support."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from core import changes as c
from core.directory import AUTHORITY, INSTALLATION
from core.identity import Id
from core.queries import CardView, CardViews
from core.service import Service, actor_of
from storage.open import open_storage
from storage.seed import build
from tests.screens.house import EVA, SUNDSVALL, House, counted, register
from tests.screens.visit import Visit, visiting

UMEA = "kommun-2480"
SIV = "TSTNMT2321000156-1"


async def with_support(house: House) -> None:
    """Let there be somebody in support, and a municipality that has not begun."""
    storage = await open_storage(str(house.path))
    try:
        service = Service(storage, INSTALLATION, house.clock, counted("support"))
        siv = register("siv", "Siv", "Stöd", "siv@migrationsverket.example", SIV)
        await build.write(service, AUTHORITY, [siv, c.AppointSupport(account_id=Id("siv"))])
        umea = next(place for place in build.places() if place.id == UMEA)
        await build.write(service, UMEA, [build.found(umea)])
    finally:
        await storage.close()


async def with_many_organisations(house: House, count: int) -> None:
    """Let municipalities begin, each with one person called Talrik."""
    storage = await open_storage(str(house.path))
    try:
        service = Service(storage, INSTALLATION, house.clock, counted("many"))
        known = {SUNDSVALL, UMEA, "kommun-2403"}
        for number, place in enumerate([each for each in build.places() if each.id not in known][:count]):
            person = register(f"t{number}", "Tor", "Talrik", "tor@example.org", f"{EVA[:-4]}7{number:03}")
            await build.write(service, place.id, [build.found(place)])
            await build.write(service, place.id, [person])
    finally:
        await storage.close()


async def dismissed_by_support(house: House, account_id: str) -> None:
    """Let somebody else in support dismiss an administrator of Sundsvall."""
    storage = await open_storage(str(house.path))
    try:
        service = Service(storage, INSTALLATION, house.clock, counted("dismissed"))
        await build.write(service, SUNDSVALL, [c.DismissAdministrator(account_id=Id(account_id))])
    finally:
        await storage.close()


async def views(house: House, account_id: str) -> tuple[CardView, ...]:
    """Give who of support has looked at the card of somebody in Sundsvall, newest first."""
    storage = await open_storage(str(house.path))
    try:
        service = Service(storage, actor_of((await storage.identify(EVA))[0]), house.clock, counted("v"))
        return (await service.ask(CardViews(organisation_id=SUNDSVALL, account_id=account_id))).rows
    finally:
        await storage.close()


@asynccontextmanager
async def supporting(house: House, size: tuple[int, int] = (80, 24)) -> AsyncGenerator[Visit]:
    """Start the program as support, in its first room."""
    await with_support(house)
    async with visiting(house, hsa_id=SIV, size=size) as visit:
        yield visit

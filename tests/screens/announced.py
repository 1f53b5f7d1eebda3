"""What is current in the house: written by the installation, as support would."""

from __future__ import annotations

from datetime import date, timedelta

from core import changes as c
from core.announcements import AnnouncementKind
from core.directory import AUTHORITY, INSTALLATION
from core.service import Service
from storage.open import open_storage
from storage.seed import build
from tests.builders import announce, content
from tests.screens.house import MORNING, TODAYS, House, counted

HOUR = timedelta(hours=1)
NEW_ID = counted("news")
MONEY = "ansok-om-statlig-ersattning"


async def by_support(house: House, *changes: c.AnyChange) -> None:
    """Let the installation write at Migrationsverket, which support may as well."""
    storage = await open_storage(str(house.path))
    try:
        service = Service(storage, INSTALLATION, house.clock, NEW_ID)
        await build.write(service, AUTHORITY, changes)
    finally:
        await storage.close()


async def published(house: House) -> None:
    """Publish three things on the morning of the launch."""
    await by_support(
        house,
        announce(
            "lansering",
            content(
                "Försörjningsstöd kan sökas",
                "## Nytt i dag\n\nLäs [sidan](https://a.example).\n\n| Typ | Dag |\n|---|---|\n| A | B |",
                kind=AnnouncementKind.NEW_PERMISSION,
                at=MORNING,
                e_service_id=MONEY,
                permissions=[TODAYS],
                effective_on=date(2024, 2, 1),
                action="Ge behörigheten till dem som ska ha den.",
            ),
        ),
        announce("fel", content("Ett fel är rättat", kind=AnnouncementKind.FIX, at=MORNING)),
        announce("morgondagen", content("Något i morgon", at=MORNING + 24 * HOUR)),
    )

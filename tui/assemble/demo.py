"""The demo: which storage is one, its clock, and its database made and made anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from core.directory import AUTHORITY, INSTALLATION
from core.queries import Writes
from core.service import Service
from storage.seed.cast import DEMO_EDITION, DEMO_MORNING, DEMO_PERSONS, EVA_EK, DemoPerson
from tui.clock import DemoClock, new_id

if TYPE_CHECKING:
    from core.days import Clock
    from core.ports import Storage

__all__ = ["DEMO_EDITION", "DEMO_PERSONS", "DemoPerson", "demo_clock", "holds_demo"]


async def holds_demo(storage: Storage) -> bool:
    """Say whether a storage is the demo's: only there can anybody have an HSA-id of test form."""
    return bool(await storage.identify(EVA_EK.hsa_id))


async def demo_clock(storage: Storage, *organisation_ids: str) -> Clock:
    """Start the demo's clock on its morning, or after what was last written: time does not go back."""
    # As the installation, since a user may not read what was written: here only the moment is looked at.
    service = Service(storage, INSTALLATION, lambda: DEMO_MORNING, new_id)
    start = DEMO_MORNING
    # What support published a moment ago, as another person of the demo, is published for this one too.
    for organisation_id in {*organisation_ids, AUTHORITY}:
        page = await service.ask(Writes(organisation_id=organisation_id, limit=1))
        if page.rows:
            start = max(start, datetime.fromisoformat(page.rows[0].at).astimezone(UTC) + timedelta(minutes=1))
    return DemoClock(start)

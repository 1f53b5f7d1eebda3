"""The demo's day and its people to be: what signing in needs to know of it, and loads at once."""

from __future__ import annotations

from datetime import date

import msgspec

from core.directory import AUTHORITY, Role
from storage.seed.workdays import moment

DEMO_DAY = date(2024, 2, 1)
"""The day of the demo, a Thursday; the catalogue has two launches on it."""
DEMO_MORNING = moment(DEMO_DAY, 8, 12)
"""When the clock of a fresh demo starts."""

DEMO_EDITION = 4
"""Grows when the demo becomes another, so that one built before is not taken for it."""

SUNDSVALL, GOTEBORG, BJURHOLM = "kommun-2281", "kommun-1480", "kommun-2403"
TEST_ID = "TSTNMT"


class DemoPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to be in the demo; without ``organisation_id`` the person chooses at sign-in."""

    hsa_id: str
    name: str
    organisation_id: str | None
    organisation_name: str
    accounts: int
    role: Role = Role.ADMINISTRATOR


EVA_EK = DemoPerson(
    hsa_id=f"{TEST_ID}2120002411-1019",
    name="Eva Ek",
    organisation_id=SUNDSVALL,
    organisation_name="Sundsvalls kommun",
    accounts=40,
)
PER_ERIK_SUNDIN = DemoPerson(
    hsa_id=f"{TEST_ID}2321000156-1019",
    name="Per-Erik Sundin",
    organisation_id=BJURHOLM,
    organisation_name="Bjurholms kommun",
    accounts=3,
)
AMINA_HASSAN = DemoPerson(
    hsa_id=f"{TEST_ID}2120001355-1019",
    name="Amina Hassan",
    organisation_id=GOTEBORG,
    organisation_name="Göteborgs kommun",
    accounts=1200,
)
KARIN_ASTROM = DemoPerson(
    hsa_id=f"{TEST_ID}2120002411-4K2M",
    name="Karin Åström",
    organisation_id=None,
    organisation_name="Sundsvalls kommun, Bjurholms kommun",
    accounts=43,
)
HELENA_WIKSTROM = DemoPerson(
    hsa_id=f"{TEST_ID}2321000156-M8AN",
    name="Helena Wikström",
    organisation_id=AUTHORITY,
    organisation_name="Migrationsverket",
    accounts=3,
    role=Role.SUPPORT,
)
ANNA_ANDERSSON = DemoPerson(
    hsa_id=f"{TEST_ID}2120002411-1337",
    name="Anna Andersson",
    organisation_id=SUNDSVALL,
    organisation_name="Sundsvalls kommun",
    accounts=40,
    role=Role.USER,
)
DEMO_PERSONS = (EVA_EK, PER_ERIK_SUNDIN, AMINA_HASSAN, KARIN_ASTROM, HELENA_WIKSTROM, ANNA_ANDERSSON)
"""Whom one can be, the usual one first: administrators, then one in support and a user."""

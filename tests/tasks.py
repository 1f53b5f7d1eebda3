"""Three tasks, and what each leaves in the history: the same on the screens, by commands and by the menu.

Ids of accounts and of new things are made up as they come, so people are told by HSA-id and things by name.
"""

from __future__ import annotations

from core import history as h
from core.directory import INSTALLATION
from core.queries import WholeCatalogue, Writes
from core.service import Service
from storage.open import open_storage
from tui.clock import new_id, system_clock

Told = tuple[str, ...]
Written = tuple[bool, tuple[Told, ...]]
"""A write: whether it undoes another, and its events, sorted: in which order they stand is no difference."""

# The main job: three people are registered, given four kinds for schools, written, undone, and back again.

COLLEAGUES = (
    ("SE2120000142-PROV2", "Åke", "Annerstedt", "ake@stockholm.example"),
    ("SE2120000142-PROV3", "Örjan", "Öberg", "social@stockholm.example"),
    ("SE5565594230-1337", "Zoë", "Zetterström", "social@stockholm.example"),
)
"""HSA-id, first name, last name, e-mail. The last one's id is of another organisation number."""

SCHOOLS = (
    "Asylsökande i förskola",
    "Asylsökande i förskoleklass",
    "Asylsökande i grundskola",
    "Asylsökande i gymnasieskola",
)


def _of_all(kind: str) -> tuple[Told, ...]:
    return tuple((kind, hsa_id, name) for hsa_id, *_rest in COLLEAGUES for name in SCHOOLS)


def _with_details(kind: str) -> tuple[Told, ...]:
    return tuple((kind, hsa_id, f"{given} {family}, {email}") for hsa_id, given, family, email in COLLEAGUES)


MAIN_JOB: tuple[Written, ...] = (
    (False, tuple(sorted(_with_details("account_registered") + _of_all("permission_granted")))),
    (True, tuple(sorted(_with_details("account_deregistered") + _of_all("permission_revoked")))),
    (True, tuple(sorted(_with_details("account_reregistered") + _of_all("permission_granted")))),
)
NOTE = "ärende 2024-114"

# The caller: she cannot see the payment, and shall administer from now on.

ANNA = "TSTNMT2120002411-1101"
CALLER: tuple[Written, ...] = (
    (
        False,
        (
            ("permission_revoked", ANNA, "Administrera barn utan vårdnadshavare"),
            ("permission_revoked", ANNA, "Asylsökande i förskola"),
            ("permission_revoked", ANNA, "Asylsökande i grundskola"),
            ("role_changed", ANNA, "administrator"),
        ),
    ),
)

# The launch day: support launches a kind and tells of it; an administrator gives it to who has a like one.

NEW_KIND, NEW_SHORT, LIKE_IT = "Vård för alla", "Våa", "Asylsökande i förskola"
LAUNCHED: frozenset[Told] = frozenset(
    {("permission_launched", NEW_KIND), ("announcement_published", f"Ny behörighet: {NEW_KIND}")}
)
WHO_HAVE_IT = (ANNA, "TSTNMT2120002411-1103", "TSTNMT2120002411-1106")
LAUNCH_GIVEN: tuple[Written, ...] = (
    (False, tuple(("permission_granted", hsa_id, NEW_KIND) for hsa_id in WHO_HAVE_IT)),
)


async def written(storage: str, organisation_id: str, actor_id: str | None = None) -> tuple[Written, ...]:
    """Give what was written in an organisation, the first first, by one account where it is named.

    What the installation wrote is left out.
    """
    opened = await open_storage(storage)
    try:
        service = Service(opened, INSTALLATION, system_clock, new_id)
        catalogue = await service.ask(WholeCatalogue(day=service.today()))
        permissions = {each.id: each.name_on(service.today()) for each in catalogue.permissions}
        query = Writes(organisation_id=organisation_id, limit=50)
        rows = (await service.ask(query)).rows
        ids = frozenset(
            event.account_id for row in rows for event in row.events if hasattr(event, "account_id")
        )
        people = {key: row.account.hsa_id for key, row in (await service.rows(organisation_id, ids)).items()}
        return tuple(
            (
                row.undoes is not None,
                tuple(sorted(_told(event, people, permissions) for event in row.events)),
            )
            for row in reversed(rows)
            if row.actor_id != INSTALLATION.account_id and actor_id in (None, row.actor_id)
        )
    finally:
        await opened.close()


def _told(event: h.AnyEvent, people: dict[str, str], permissions: dict[str, str]) -> Told:
    kind = str(event.__struct_config__.tag)
    match event:
        case h.PermissionGranted() | h.PermissionRevoked():
            return kind, people[event.account_id], permissions[event.permission_id]
        case h.AccountRegistered() | h.AccountReregistered():
            return kind, people[event.account_id], _details(event.after)
        case h.AccountDeregistered():
            return kind, people[event.account_id], _details(event.before)
        case h.RoleChanged():
            return kind, people[event.account_id], str(event.after)
        case h.PermissionLaunched():
            return kind, event.name
        case h.AnnouncementPublished():
            return kind, event.after.title
        case _:
            return (kind,)


def _details(details: h.Details) -> str:
    return f"{details.given_name} {details.family_name}, {details.email}"

"""Read e-services and permissions."""

from __future__ import annotations

from datetime import date

import msgspec
from sqlalchemy import Connection, select

from core.catalogue import Catalogue, DatedName, EService, Permission
from core.directory import AUTHORITY
from core.queries import Scope, WholeCatalogue
from storage.sql import schema
from storage.sql.values import launch_day, name_day, raw_text, retirement_day, text_of

_permissions = schema.permissions.c
_names = schema.permission_names.c

_E_SERVICES = select(schema.e_services.c.id, schema.e_services.c.name).order_by(schema.e_services.c.position)
_PERMISSIONS = select(
    _permissions.id,
    _permissions.e_service_id,
    _permissions.short_name,
    _permissions.launched_on,
    _permissions.retired_on,
    _permissions.target_group,
    _permissions.payment,
).order_by(_permissions.position)
_NAMES = select(_names.permission_id, _names.name, _names.from_day).order_by(
    _names.permission_id, _names.position
)
_HEAD = select(schema.organisations.c.head_hash).where(schema.organisations.c.id == AUTHORITY)
_FORCE = select(
    _permissions.id,
    _permissions.e_service_id,
    _permissions.counted,
    _permissions.launched_on,
    _permissions.retired_on,
)


def read_catalogue(connection: Connection) -> Catalogue:
    """Give all e-services and permissions, also those that are not launched yet."""
    names: dict[str, list[DatedName]] = {}
    for permission_id, name, from_day in connection.execute(_NAMES):
        names.setdefault(raw_text(permission_id), []).append(DatedName(text_of(name), name_day(from_day)))
    return Catalogue(
        e_services=tuple(
            EService(id=text_of(each_id), name=text_of(name))
            for each_id, name in connection.execute(_E_SERVICES)
        ),
        permissions=tuple(
            Permission(
                id=text_of(row[0]),
                e_service_id=text_of(row[1]),
                short_name=text_of(row[2]),
                # The id stands in where names are lost: a permission is never without one.
                names=tuple(names.get(raw_text(row[0]), ())) or (DatedName(text_of(row[0])),),
                launched_on=launch_day(row[3]),
                retired_on=retirement_day(row[4]),
                target_group=text_of(row[5]),
                payment=text_of(row[6]),
            )
            for row in connection.execute(_PERMISSIONS)
        ),
    )


class KnownCatalogue:
    """The catalogue as it was last read for a decision, good until Migrationsverket's chain has grown.

    The chain is known by the hash of its head: a copy that was put back may reach the same number with
    something else.
    """

    def __init__(self) -> None:
        self._known: tuple[object, Catalogue] | None = None

    def read(self, connection: Connection) -> Catalogue:
        """Give the catalogue as it is, from the tables only if something was written to it since."""
        head = connection.execute(_HEAD).scalar()
        known = self._known
        if known is None or known[0] != head:
            known = self._known = (head, read_catalogue(connection))
        return known[1]


def whole_catalogue(connection: Connection, query: WholeCatalogue, scope: Scope) -> Catalogue:
    """Give what a scope sees of the catalogue: outside support, a permission shows from its launch day."""
    catalogue = read_catalogue(connection)
    if scope.organisation_id is None:
        return catalogue
    return Catalogue(
        e_services=catalogue.e_services,
        permissions=tuple(each for each in catalogue.permissions if each.is_launched(query.day)),
    )


class Force(msgspec.Struct, frozen=True, kw_only=True):
    """Which permissions are in force on a day, and how that differs from what is counted.

    ``e_services`` gives the e-service of each one in force, by id. ``too_many`` are counted without
    force, ``too_few`` in force and not counted (:mod:`storage.sql.counting`).
    """

    e_services: dict[str, str]
    too_many: list[str]
    too_few: list[str]


def force_on(connection: Connection, day: date) -> Force:
    """Give which permissions are in force on a day."""
    # The days are read as everywhere else, so that all agree also on one that is no day.
    rows = [
        (permission_id, e_service_id, counted, _holds(launched_on, retired_on, day))
        for permission_id, e_service_id, counted, launched_on, retired_on in connection.execute(_FORCE)
    ]
    return Force(
        e_services={each: e_service for each, e_service, _, holds in rows if holds},
        too_many=[each for each, _, counted, holds in rows if counted and not holds],
        too_few=[each for each, _, counted, holds in rows if holds and not counted],
    )


def _holds(launched_on: object, retired_on: object, day: date) -> bool:
    retired = retirement_day(retired_on)
    return launch_day(launched_on) <= day and (retired is None or day < retired)

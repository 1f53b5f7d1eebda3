"""E-services and their permissions, with dated names, launch and retirement (DOMAIN 3)."""

from __future__ import annotations

from datetime import date

import msgspec


class EService(msgspec.Struct, frozen=True, kw_only=True):
    """An e-service; an organisation signs an agreement for each (DOMAIN 1.5)."""

    id: str
    name: str


class DatedName(msgspec.Struct, frozen=True):
    """A name and the day from which it holds; ``None`` is from the beginning."""

    name: str
    from_day: date | None = None


class Permission(msgspec.Struct, frozen=True, kw_only=True):
    """One permission of an e-service, such as a kind of reimbursement.

    ``names`` are in order of day and never empty. It can be given from ``launched_on`` until the
    day before ``retired_on``; both are days in Sweden. ``short_name`` heads a narrow column.
    """

    id: str
    e_service_id: str
    short_name: str
    names: tuple[DatedName, ...]
    launched_on: date
    retired_on: date | None = None
    target_group: str = ""
    payment: str = ""

    def name_on(self, day: date) -> str:
        """Give the name that holds on a day."""
        held = [dated.name for dated in self.names if dated.from_day is None or dated.from_day <= day]
        return held[-1] if held else self.names[0].name

    def former_names(self, day: date) -> tuple[str, ...]:
        """Give the names that held before the one of a day, oldest first."""
        now = self.name_on(day)
        held = (each.name for each in self.names if each.from_day is None or each.from_day <= day)
        return tuple(name for name in dict.fromkeys(held) if name != now)

    def is_launched(self, day: date) -> bool:
        """Say whether the launch day has come."""
        return self.launched_on <= day

    def is_retired(self, day: date) -> bool:
        """Say whether the permission has ended: on its retirement day it can no longer be used."""
        return self.retired_on is not None and self.retired_on <= day


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """All e-services and permissions, in the order in which they are shown."""

    e_services: tuple[EService, ...]
    permissions: tuple[Permission, ...]

    def permission(self, permission_id: str) -> Permission | None:
        """Give a permission by id, or ``None``."""
        return next((each for each in self.permissions if each.id == permission_id), None)

    def e_service(self, e_service_id: str) -> EService | None:
        """Give an e-service by id, or ``None``."""
        return next((each for each in self.e_services if each.id == e_service_id), None)

"""Read the facts that a new database starts with: organisations, e-services and permissions.

The CSV files beside this module are data, not code: support adds, renames and retires permissions at
run time, and what is here is only where a database begins. Codes are strings with a leading zero, days
are days in Sweden, an empty cell is "not known" or "none".

Sources: Statistics Sweden's codes of municipalities and counties; Migrationsverket's public pages on
the e-services for municipalities. Some launch days are known to the season only, and the headings in
``short_name`` are ours.
"""

import csv
from datetime import date
from importlib.resources import files
from typing import TypeVar

import msgspec


class MunicipalityFact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A municipality: SCB code of four digits, county code of two, organisation number where known."""

    code: str
    name: str
    county_code: str
    organisation_number: str = ""


class RegionFact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A region by its county code. Gotland's region is its municipality too (code 0980)."""

    code: str
    name: str


class EServiceFact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An e-service that an organisation can sign an agreement for."""

    id: str
    name: str


class PermissionFact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A permission of an e-service.

    ``short_name`` heads a matrix column: unique, at most four cells wide. ``former_name`` held until the
    day before ``renamed_on``; both are there or neither. ``retired_on`` is the first day without it.
    """

    id: str
    e_service_id: str
    name: str
    short_name: str
    launched_on: date
    target_group: str = ""
    payment: str = ""
    retired_on: date | None = None
    former_name: str = ""
    renamed_on: date | None = None


Fact = TypeVar("Fact", MunicipalityFact, RegionFact, EServiceFact, PermissionFact)


def _read(name: str, kind: type[Fact]) -> tuple[Fact, ...]:
    text = files("storage.seed").joinpath(name).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), strict=True)
    return tuple(msgspec.convert({field: cell for field, cell in row.items() if cell}, kind) for row in rows)


def municipalities() -> tuple[MunicipalityFact, ...]:
    """Give the 290 municipalities in order of code."""
    return _read("municipalities.csv", MunicipalityFact)


def regions() -> tuple[RegionFact, ...]:
    """Give the 21 regions in order of county code."""
    return _read("regions.csv", RegionFact)


def e_services() -> tuple[EServiceFact, ...]:
    """Give the e-services in the order in which they are shown."""
    return _read("eservices.csv", EServiceFact)


def permissions() -> tuple[PermissionFact, ...]:
    """Give the permissions in the order in which they are shown, those of an e-service together."""
    return _read("catalogue.csv", PermissionFact)

"""All that can happen. Nothing else is ever written (DESIGN 3).

Each kind is a frozen struct whose fields cannot hold a wrong value, and declares which roles may
make it. A kind without such a declaration fails when this module is imported.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, get_args

import msgspec

from core.directory import OrganisationKind, Role
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id, Note, OrganisationNumber, Title
from core.support import ContactPart

_ADMINISTERS = frozenset({Role.ADMINISTRATOR})
_SUPPORTS = frozenset({Role.SUPPORT, Role.INSTALLATION})
_EITHER = _ADMINISTERS | _SUPPORTS


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """One thing that shall happen in one organisation.

    ``made_by`` says which roles may make it; an administrator only in the own organisation.
    """

    made_by: ClassVar[frozenset[Role]]

    def __init_subclass__(cls, **options: Any) -> None:
        """Refuse a kind that does not say who may make it."""
        super().__init_subclass__(**options)
        if "made_by" not in cls.__dict__:
            raise TypeError(f"{cls.__name__} must declare made_by: the roles that may make it")


# People --------------------------------------------------------------------------------------


class RegisterAccount(Change, frozen=True, kw_only=True, tag="register_account"):
    """Register a person as user (DOMAIN 2). The HSA-id must be new to the organisation."""

    made_by = _EITHER
    account_id: Id
    hsa_id: HsaId
    given_name: GivenName
    family_name: FamilyName
    email: EmailAddress


class ReregisterAccount(Change, frozen=True, kw_only=True, tag="reregister_account"):
    """Take a deregistered account back as user, with new details and no permissions."""

    made_by = _EITHER
    account_id: Id
    seen_version: int
    given_name: GivenName
    family_name: FamilyName
    email: EmailAddress


class AmendAccount(Change, frozen=True, kw_only=True, tag="amend_account"):
    """Change details of an active account; ``None`` leaves a detail as it is."""

    made_by = _EITHER
    account_id: Id
    seen_version: int
    hsa_id: HsaId | None = None
    given_name: GivenName | None = None
    family_name: FamilyName | None = None
    email: EmailAddress | None = None


class DeregisterAccount(Change, frozen=True, kw_only=True, tag="deregister_account"):
    """Deregister a user and take away what the person had, which must be just what was seen."""

    made_by = _EITHER
    account_id: Id
    seen_version: int
    seen_permission_ids: tuple[Id, ...]


class Grant(Change, frozen=True, kw_only=True, tag="grant"):
    """Give a permission to an account that does not have it."""

    made_by = _ADMINISTERS
    account_id: Id
    permission_id: Id


class Revoke(Change, frozen=True, kw_only=True, tag="revoke"):
    """Take a permission from an account that has it."""

    made_by = _ADMINISTERS
    account_id: Id
    permission_id: Id


# Roles (DOMAIN 1.2: an administrator is appointed and dismissed by support only) ---------------


class AppointAdministrator(Change, frozen=True, kw_only=True, tag="appoint_administrator"):
    """Make a user administrator; what the person had as a user ends (DOMAIN 1.1)."""

    made_by = _SUPPORTS
    account_id: Id


class DismissAdministrator(Change, frozen=True, kw_only=True, tag="dismiss_administrator"):
    """Make an administrator a user without permissions."""

    made_by = _SUPPORTS
    account_id: Id


class AppointSupport(Change, frozen=True, kw_only=True, tag="appoint_support"):
    """Make a user of Migrationsverket support."""

    made_by = _SUPPORTS
    account_id: Id


class DismissSupport(Change, frozen=True, kw_only=True, tag="dismiss_support"):
    """Make a support account a user."""

    made_by = _SUPPORTS
    account_id: Id


# Organisations -------------------------------------------------------------------------------


class RegisterOrganisation(Change, frozen=True, kw_only=True, tag="register_organisation"):
    """Register the organisation that the changeset is about."""

    made_by = _SUPPORTS
    organisation_kind: OrganisationKind
    name: Title
    code: Id | None = None
    number: OrganisationNumber | None = None


class AmendOrganisation(Change, frozen=True, kw_only=True, tag="amend_organisation"):
    """Change an organisation's name or number; ``None`` leaves it as it is."""

    made_by = _SUPPORTS
    name: Title | None = None
    number: OrganisationNumber | None = None


class SignAgreement(Change, frozen=True, kw_only=True, tag="sign_agreement"):
    """Note that the organisation has an agreement for an e-service (DOMAIN 1.5)."""

    made_by = _SUPPORTS
    e_service_id: Id


class EndAgreement(Change, frozen=True, kw_only=True, tag="end_agreement"):
    """End an agreement, and with it every permission given in that e-service."""

    made_by = _SUPPORTS
    e_service_id: Id


# The catalogue, which is Migrationsverket's ----------------------------------------------------


class RegisterEService(Change, frozen=True, kw_only=True, tag="register_e_service"):
    """Add an e-service."""

    made_by = _SUPPORTS
    e_service_id: Id
    name: Title


class LaunchPermission(Change, frozen=True, kw_only=True, tag="launch_permission"):
    """Add a permission; it can be given from ``launched_on``, a day in Sweden (DOMAIN 3.2)."""

    made_by = _SUPPORTS
    permission_id: Id
    e_service_id: Id
    name: Title
    short_name: Title
    launched_on: date
    target_group: Title | None = None
    payment: Title | None = None


class RenamePermission(Change, frozen=True, kw_only=True, tag="rename_permission"):
    """Give a permission another name from a day on; every grant stays (DOMAIN 3.4)."""

    made_by = _SUPPORTS
    permission_id: Id
    name: Title
    from_day: date


class RetirePermission(Change, frozen=True, kw_only=True, tag="retire_permission"):
    """End a permission from a day on; what was given ends then and stays in the history (DOMAIN 3.5)."""

    made_by = _SUPPORTS
    permission_id: Id
    retired_on: date


# The kontaktcenter, which is Migrationsverket's too -------------------------------------------------


class SetContact(Change, frozen=True, kw_only=True, tag="set_contact"):
    """Let a part of the kontaktcenter's contact be another from a day on; ``None`` takes it away.

    ``value`` must be right for its part (:data:`core.support.PART_TYPES`). An address there is always.
    """

    made_by = _SUPPORTS
    part: ContactPart
    value: Note | None
    from_day: date


CHANGES: tuple[type[Change], ...] = tuple(Change.__subclasses__())
AnyChange = (
    RegisterAccount
    | ReregisterAccount
    | AmendAccount
    | DeregisterAccount
    | Grant
    | Revoke
    | AppointAdministrator
    | DismissAdministrator
    | AppointSupport
    | DismissSupport
    | RegisterOrganisation
    | AmendOrganisation
    | SignAgreement
    | EndAgreement
    | RegisterEService
    | LaunchPermission
    | RenamePermission
    | RetirePermission
    | SetContact
)
if set(get_args(AnyChange)) != set(CHANGES):
    raise TypeError("AnyChange must list every kind of change")

MOST_CHANGES = 20_000
"""The most changes in one changeset; the limit keeps a write within seconds."""


class Changeset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One or more changes in one organisation, written all or none.

    ``id`` makes a retry harmless: a changeset whose id was written before gives its first receipt
    again. ``undoes`` is the id of the changeset that this one takes back.
    """

    id: Id
    organisation_id: Id
    changes: tuple[AnyChange, ...]
    note: Note | None = None
    undoes: Id | None = None


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a commit answers: which numbers in the organisation's chain its events took.

    ``repeated`` says that the changeset had been written before and nothing was written now.
    """

    changeset_id: str
    organisation_id: str
    first_number: int
    last_number: int
    written_at: str
    repeated: bool = False

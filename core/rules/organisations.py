"""The decisions on organisations, agreements and the catalogue (DOMAIN 1.5 and 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import changes as c
from core import history as h
from core.directory import AUTHORITY, OrganisationKind
from core.refusal import Refusal

if TYPE_CHECKING:
    from core.catalogue import Permission
    from core.rules.work import Work


def register_organisation(work: Work, change: c.RegisterOrganisation) -> Refusal | None:
    """Found the organisation that the changeset is about."""
    if work.state.organisation is not None:
        return Refusal("id_taken", work.state.organisation_id)
    if (change.organisation_kind is OrganisationKind.AUTHORITY) != (work.state.organisation_id == AUTHORITY):
        return Refusal("one_authority", work.state.organisation_id)
    work.emit(
        h.OrganisationRegistered(
            organisation_kind=change.organisation_kind,
            name=change.name,
            code=change.code or "",
            number=change.number or "",
        )
    )
    return None


def amend_organisation(work: Work, change: c.AmendOrganisation) -> Refusal | None:
    """Change an organisation's name or number."""
    now = work.state.organisation
    if now is None:
        return Refusal("not_found", work.state.organisation_id)
    name, number = change.name or now.name, change.number or now.number
    if (name, number) == (now.name, now.number):
        return Refusal("nothing_changed", now.id)
    work.emit(h.OrganisationAmended(name_before=now.name, name=name, number_before=now.number, number=number))
    return None


def sign(work: Work, change: c.SignAgreement) -> Refusal | None:
    """Begin an agreement; who administers must be there by the end of the write."""
    if change.e_service_id not in work.e_services:
        return Refusal("not_found", change.e_service_id)
    if change.e_service_id in work.state.agreements:
        return Refusal("agreement_exists", change.e_service_id)
    work.new_agreement = True
    work.emit(h.AgreementSigned(e_service_id=change.e_service_id))
    return None


def end(work: Work, change: c.EndAgreement) -> Refusal | None:
    """End an agreement, and every grant under it."""
    if change.e_service_id not in work.state.agreements:
        return Refusal("agreement_missing", change.e_service_id)
    own = {each.id for each in work.permissions.values() if each.e_service_id == change.e_service_id}
    for account_id, permission_id in sorted(work.state.granted):
        if permission_id in own:
            work.revoke(account_id, permission_id)
    work.emit(h.AgreementEnded(e_service_id=change.e_service_id))
    return None


def _in_authority(work: Work) -> Refusal | None:
    """The catalogue is Migrationsverket's: its changes stand in that organisation's chain."""
    if work.state.organisation_id == AUTHORITY:
        return None
    return Refusal("catalogue_elsewhere", work.state.organisation_id)


def register_e_service(work: Work, change: c.RegisterEService) -> Refusal | None:
    """Add an e-service to the catalogue."""
    if change.e_service_id in work.e_services:
        return _in_authority(work) or Refusal("id_taken", change.e_service_id)
    elsewhere = _in_authority(work)
    if elsewhere is None:
        work.e_services.add(change.e_service_id)
        work.emit(h.EServiceRegistered(e_service_id=change.e_service_id, name=change.name))
    return elsewhere


def launch(work: Work, change: c.LaunchPermission) -> Refusal | None:
    """Add a permission to the catalogue."""
    elsewhere = _in_authority(work)
    if elsewhere is not None:
        return elsewhere
    if change.permission_id in work.permissions:
        return Refusal("id_taken", change.permission_id)
    if change.e_service_id not in work.e_services:
        return Refusal("not_found", change.e_service_id)
    work.emit(
        h.PermissionLaunched(
            permission_id=change.permission_id,
            e_service_id=change.e_service_id,
            name=change.name,
            short_name=change.short_name,
            launched_on=change.launched_on,
            target_group=change.target_group or "",
            payment=change.payment or "",
        )
    )
    work.permissions[change.permission_id] = work.state.permissions[change.permission_id]
    return None


def _known(work: Work, permission_id: str) -> Permission | Refusal:
    """Give a permission that is to be changed, or why it can not be: elsewhere, or because there is none."""
    return _in_authority(work) or work.permissions.get(permission_id) or Refusal("not_found", permission_id)


def rename(work: Work, change: c.RenamePermission) -> Refusal | None:
    """Give a permission another name from a day on; grants are not touched."""
    permission = _known(work, change.permission_id)
    if isinstance(permission, Refusal):
        return permission
    before = permission.name_on(change.from_day)
    if before == change.name:
        return Refusal("nothing_changed", change.permission_id)
    work.state.permissions.setdefault(permission.id, permission)
    work.emit(
        h.PermissionRenamed(
            permission_id=permission.id, before=before, name=change.name, from_day=change.from_day
        )
    )
    work.permissions[permission.id] = work.state.permissions[permission.id]
    return None


def retire(work: Work, change: c.RetirePermission) -> Refusal | None:
    """End a permission from a day on, which lies after its launch."""
    permission = _known(work, change.permission_id)
    if isinstance(permission, Refusal):
        return permission
    if permission.retired_on is not None and permission.is_retired(work.day):
        return Refusal("retired", permission.id, {"day": permission.retired_on.isoformat()})
    if change.retired_on == permission.retired_on:
        return Refusal("nothing_changed", permission.id)
    if change.retired_on <= permission.launched_on:
        return Refusal("retired_before_launch", permission.id, {"day": permission.launched_on.isoformat()})
    work.state.permissions.setdefault(permission.id, permission)
    work.emit(h.PermissionRetired(permission_id=permission.id, retired_on=change.retired_on))
    work.permissions[permission.id] = work.state.permissions[permission.id]
    return None

"""Signing in: which account an HSA-id means, and whether the program is for it yet."""

from __future__ import annotations

from collections.abc import Iterable

from core.directory import Role
from core.identity import HsaId
from core.ports import Membership, Storage, StorageError
from core.queries import OrganisationById
from core.refusal import WrongValueError
from core.service import Service, actor_of
from core.text import shown
from tui.clock import new_id, system_clock
from tui.session import REFUSED, UNREACHABLE, WRONG_USE, ChooseOrganisation, StartError
from tui.settings import Settings, wrong
from tui.text import _
from tui.text.refusals import sentence


def storage_error(error: StorageError) -> StartError:
    """Give the sentence and the exit code of a storage that does not do what it was asked."""
    codes = {"storage_url": WRONG_USE, "storage_exists": REFUSED}
    return StartError(sentence(error.refusal), codes.get(error.refusal.code, UNREACHABLE))


async def sign_in(storage: Storage, settings: Settings) -> Membership:
    """Give the account that the settings name; whatever stands in the way is a :class:`StartError`.

    Raises:
        ChooseOrganisation: the HSA-id has several accounts and the settings do not say which.
        StorageError: the storage does not answer.
    """
    try:
        hsa_id = HsaId(settings.hsa_id or "")
    except WrongValueError as error:
        raise wrong(f"{settings.origin('as')}: {sentence(error.refusal)}") from error
    membership = _one_of(await storage.identify(hsa_id), settings)
    await _check_role(storage, membership)
    return membership


def _one_of(memberships: tuple[Membership, ...], settings: Settings) -> Membership:
    """Choose the account to sign in with."""
    hsa_id, wanted = settings.hsa_id or "", settings.organisation
    if not memberships:
        raise StartError(
            _(
                "{hsa_id} has no account in {storage}: an administrator of your organisation must "
                "register it, with HSA-id, name and e-mail. To look around with invented data, run "
                "behorig demo.",
                hsa_id=hsa_id,
                storage=settings.storage or "",
            ),
            REFUSED,
        )
    if wanted is None:
        if len(memberships) == 1:
            return memberships[0]
        raise ChooseOrganisation(
            _(
                "{hsa_id} has accounts in {organisations}: choose one with --organisation.",
                hsa_id=hsa_id,
                organisations=_names(memberships),
            ),
            memberships,
        )
    for membership in memberships:
        organisation = membership.organisation
        if wanted.casefold() in (organisation.id, organisation.code, organisation.name.casefold()):
            return membership
    raise StartError(
        _(
            "{origin}: {hsa_id} has no account in {organisation}, but in {organisations}.",
            origin=settings.origin("organisation"),
            hsa_id=hsa_id,
            organisation=wanted,
            organisations=_names(memberships),
        ),
        REFUSED,
    )


def _names(memberships: Iterable[Membership]) -> str:
    return ", ".join(shown(each.organisation.name) for each in memberships)


async def _check_role(storage: Storage, membership: Membership) -> None:
    """Let administrators in; the others are told what they can do."""
    account, organisation = membership.account, membership.organisation
    if account.role is Role.ADMINISTRATOR:
        return
    if account.role is Role.SUPPORT:
        raise StartError(
            _(
                "{name} is support at Migrationsverket, and the program has no screens for support yet.",
                name=account.name,
            ),
            REFUSED,
        )
    service = Service(storage, actor_of(membership), system_clock, new_id)
    detail = await service.ask(OrganisationById(organisation_id=organisation.id))
    administrators = (
        [] if detail is None else [f"{each.name} ({each.email})" for each in detail.administrators]
    )
    raise StartError(
        _(
            "{name} is a user in {organisation}, and the program is for administrators so far. Ask an "
            "administrator about your permissions: {administrators}.",
            name=account.name,
            organisation=organisation.name,
            administrators=", ".join(administrators),
        ),
        REFUSED,
    )

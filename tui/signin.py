"""Signing in: which account an HSA-id means."""

from __future__ import annotations

from collections.abc import Iterable

from core.identity import HsaId
from core.ports import Membership, Storage, StorageError
from core.refusal import Refusal, WrongValueError
from core.text import shown
from tui.session import REFUSED, UNREACHABLE, WRONG_USE, ChooseOrganisation, StartError
from tui.settings import Settings, wrong
from tui.text import _
from tui.text.refusals import sentence


def storage_error(error: StorageError) -> StartError:
    """Give the sentence and the exit code of a storage that does not do what it was asked."""
    codes = {
        "storage_url": WRONG_USE,
        "storage_address": WRONG_USE,
        "login_url": WRONG_USE,
        "tokens_elsewhere": WRONG_USE,
        "copy_same": WRONG_USE,
        "copy_remote": WRONG_USE,
        "storage_exists": REFUSED,
        "storage_filled": REFUSED,
        "login_denied": REFUSED,
        "login_too_late": REFUSED,
        "login_not_offered": REFUSED,
    }
    code = codes.get(error.refusal.code, UNREACHABLE)
    return StartError(sentence(error.refusal), code, error.refusal)


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
    return one_of(await storage.identify(hsa_id), settings)


def one_of(memberships: tuple[Membership, ...], settings: Settings) -> Membership:
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
            Refusal("no_account", hsa_id),
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
        Refusal("no_account", hsa_id),
    )


def _names(memberships: Iterable[Membership]) -> str:
    return ", ".join(shown(each.organisation.name) for each in memberships)

"""Letters to the kontaktcenter: what one is about, whether it may be sent so, and what is sent.

An organisation registers, replaces and removes its administrators by letter (DOMAIN 1 and 6). What is
checked here is what the kontaktcenter would write back about. The words are :mod:`tui.text.letters`'.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from core.directory import Account, Role
from core.identity import EmailAddress, FamilyName, GivenName, HsaId, Id
from core.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence


class LetterKind(StrEnum):
    """What an organisation asks for."""

    REGISTER = "register"
    REPLACE = "replace"
    REMOVE = "remove"


class Newcomer(msgspec.Struct, frozen=True, kw_only=True):
    """Who shall administer: all that the kontaktcenter needs to know of a person."""

    hsa_id: HsaId
    given_name: GivenName
    family_name: FamilyName
    email: EmailAddress

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.given_name} {self.family_name}"


class AdministratorLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A wish to register, replace or remove an administrator.

    ``comes`` is who shall administer, ``leaves`` who shall no longer; which of them are needed ``kind``
    says. ``ends_permissions`` says that the letter tells of a user who becomes administrator that the
    user's permissions end (DOMAIN 1.1).
    """

    kind: LetterKind
    comes: Newcomer | None = None
    leaves: Account | None = None
    ends_permissions: bool = False


def why_not_letter(
    letter: AdministratorLetter, *, administrators: Sequence[Account], holder: Account | None
) -> tuple[Refusal, ...]:
    """Tell what the kontaktcenter would have to write back about; nothing when the letter can go.

    ``administrators`` are the organisation's, ``holder`` is the account there that has the newcomer's
    HSA-id, active or not, ``None`` where there is none.
    """
    answer: list[Refusal] = []
    is_needed = (letter.kind is not LetterKind.REMOVE, letter.kind is not LetterKind.REGISTER)
    if (letter.comes is not None, letter.leaves is not None) != is_needed:
        return (Refusal("letter_incomplete", letter.kind.value),)
    known = {each.id for each in administrators}
    if letter.leaves is not None and letter.leaves.id not in known:
        answer.append(Refusal("letter_not_administrator", letter.leaves.id))
    if letter.kind is LetterKind.REMOVE and len(known) < 2:
        # DOMAIN 1.3: always at least one.
        answer.append(Refusal("letter_last_administrator"))
    if letter.comes is not None:
        refusal = _why_not_newcomer(letter, letter.comes, holder)
        if refusal is not None:
            answer.append(refusal)
    return tuple(answer)


def _why_not_newcomer(letter: AdministratorLetter, comes: Newcomer, holder: Account | None) -> Refusal | None:
    if letter.leaves is not None and HsaId(comes.hsa_id).key == letter.leaves.hsa_id.upper():
        return Refusal("letter_same_person", "hsa_id")
    if holder is None or not holder.active:
        return None
    if holder.role is Role.ADMINISTRATOR:
        return Refusal("letter_administers_already", holder.id)
    if holder.role is Role.USER and letter.ends_permissions:
        return None
    return Refusal("letter_is_user", holder.id)


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """A finished letter: from whom, to whom, about what, and every word of it.

    ``id`` stays the letter's own, however often it is sent; ``at`` is the moment in UTC, ISO 8601,
    in which it was finished.
    """

    id: Id
    sender_name: str
    sender: str
    to: str
    subject: str
    text: str
    at: str


class MailState(StrEnum):
    """How far a letter has come.

    ``UNSURE`` is one that was handed to a server whose answer was never heard: it may have arrived.
    """

    WAITING = "waiting"
    SENDING = "sending"
    UNSURE = "unsure"
    SENT = "sent"


class KeptMail(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that is kept on this machine: where its file lies and how far it has come."""

    mail: Mail
    place: str
    state: MailState

"""Problem details (RFC 9457) and back: what is refused over HTTP is refused with the same code as elsewhere.

A problem carries the refusal whole (code, subject, params), so that a client makes the same error of it
that the storage raised, and the sentence for it, for whoever reads the answer without a client of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Final

import msgspec

from core.ports import StorageError
from core.refusal import NotAllowedError, Refusal, WrongValueError

MEDIA_TYPE: Final = "application/problem+json"


class Kind(StrEnum):
    """What went wrong, and so what a client makes of it; the end of a problem's ``type``."""

    REFUSED = "refused"
    """A write was refused by the rules; ``refusals`` has every reason."""
    NOT_FOUND = "not_found"
    """There is nothing to see at a resource."""
    NOT_ALLOWED = "not_allowed"
    WRONG_VALUE = "wrong_value"
    STORAGE = "storage"
    NOT_SIGNED_IN = "not_signed_in"
    REQUEST = "request"
    """The request itself can not be answered: its address, its form or its size."""
    BUSY = "busy"
    """It may be answered later; ``Retry-After`` says when."""
    FAILED = "failed"
    """A fault of the server's own, of which its log tells more."""


TITLES: Final = {
    Kind.REFUSED: "The changes were refused",
    Kind.NOT_FOUND: "There is nothing to see here",
    Kind.NOT_ALLOWED: "The caller may not do this",
    Kind.WRONG_VALUE: "A value is wrong",
    Kind.STORAGE: "The storage does not do what it was asked",
    Kind.NOT_SIGNED_IN: "The caller is not known",
    Kind.REQUEST: "The request can not be answered",
    Kind.BUSY: "The server has too much to do",
    Kind.FAILED: "The server failed",
}
"""The titles of the types: they are for who makes a client, and never change."""

_TYPE: Final = "urn:behorig:problem:"


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A refusal with its sentence."""

    code: str
    subject: str
    params: dict[str, str | int | bool]
    detail: str


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that tells what was wrong.

    ``code``, ``subject`` and ``params`` are the refusal's and ``detail`` its sentence in the language asked
    for; ``refusals`` are all of them where there may be several. ``request_id`` is what the server's log
    calls the request.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    subject: str
    params: dict[str, str | int | bool]
    request_id: str
    refusals: tuple[Said, ...] = ()

    @property
    def kind(self) -> Kind | None:
        """What went wrong; ``None`` for a type that this version does not know."""
        name = self.type.removeprefix(_TYPE)
        return Kind(name) if name in Kind.__members__.values() else None


class ProblemError(Exception):
    """A request that is answered with a problem; ``headers`` come with the answer."""

    def __init__(
        self,
        kind: Kind,
        status: HTTPStatus,
        *refusals: Refusal,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Carry what is told to the edge, where the sentence is made."""
        super().__init__(f"{status.value} {refusals[0].code}")
        self.kind = kind
        self.status = status
        self.refusals = refusals
        self.headers = dict(headers or {})


# Which status says it best, by the refusal's code. What is not listed is 422: a value or a state that does
# not fit, told in the problem itself.
_STATUSES: Final = {
    "not_found": HTTPStatus.NOT_FOUND,
    "not_your_role": HTTPStatus.FORBIDDEN,
    "actor_gone": HTTPStatus.FORBIDDEN,
    "no_account": HTTPStatus.FORBIDDEN,
    "account_changed_since": HTTPStatus.CONFLICT,
    "permissions_changed_since": HTTPStatus.CONFLICT,
    "announcement_changed_since": HTTPStatus.CONFLICT,
    "changeset_id_reused": HTTPStatus.CONFLICT,
    "already_granted": HTTPStatus.CONFLICT,
    "not_granted": HTTPStatus.CONFLICT,
    "id_taken": HTTPStatus.CONFLICT,
    "hsa_id_taken": HTTPStatus.CONFLICT,
    "undone_already": HTTPStatus.CONFLICT,
    # What can not be read at all, or asked so.
    "form": HTTPStatus.BAD_REQUEST,
    "parameter_unknown": HTTPStatus.BAD_REQUEST,
    "parameter_missing": HTTPStatus.BAD_REQUEST,
    "parameter_twice": HTTPStatus.BAD_REQUEST,
    "parameter_form": HTTPStatus.BAD_REQUEST,
    "parameters_form": HTTPStatus.BAD_REQUEST,
    "parameters_too_long": HTTPStatus.REQUEST_URI_TOO_LONG,
    # What the storage can not do now.
    "storage_full": HTTPStatus.INSUFFICIENT_STORAGE,
}


def refused(refusals: tuple[Refusal, ...]) -> ProblemError:
    """Give the problem of a write that was refused: a status that all reasons share, else 422."""
    statuses = {_STATUSES.get(each.code, HTTPStatus.UNPROCESSABLE_ENTITY) for each in refusals}
    status = statuses.pop() if len(statuses) == 1 else HTTPStatus.UNPROCESSABLE_ENTITY
    return ProblemError(Kind.REFUSED, status, *refusals)


def nothing_here(subject: str) -> ProblemError:
    """Give the problem of a resource where there is nothing to see, whatever the reason."""
    return ProblemError(Kind.NOT_FOUND, HTTPStatus.NOT_FOUND, Refusal("not_found", subject))


def problem_of(error: WrongValueError | StorageError) -> ProblemError:
    """Give the problem of an error of the core or the storage."""
    refusal = error.refusal
    if isinstance(error, StorageError):
        # Where the file lies and what the driver said is the server's own business.
        kept = {
            name: value for name, value in refusal.params.items() if name not in ("path", "error", "folder")
        }
        status = _STATUSES.get(refusal.code, HTTPStatus.SERVICE_UNAVAILABLE)
        headers = {"Retry-After": "5"}
        return ProblemError(Kind.STORAGE, status, Refusal(refusal.code, "storage", kept), headers=headers)
    kind = Kind.NOT_ALLOWED if isinstance(error, NotAllowedError) else Kind.WRONG_VALUE
    return ProblemError(kind, _STATUSES.get(refusal.code, HTTPStatus.UNPROCESSABLE_ENTITY), refusal)


def problem(error: ProblemError, sentences: tuple[str, ...], request_id: str) -> Problem:
    """Put an error as an answer; ``sentences`` are those of its refusals."""
    first = error.refusals[0]
    said = zip(error.refusals, sentences, strict=True)
    return Problem(
        type=f"{_TYPE}{error.kind}",
        title=TITLES[error.kind],
        status=error.status.value,
        detail=" ".join(sentences),
        code=first.code,
        subject=first.subject,
        params=first.params,
        request_id=request_id,
        refusals=tuple(
            Said(code=each.code, subject=each.subject, params=each.params, detail=detail)
            for each, detail in said
        )
        if error.kind is Kind.REFUSED
        else (),
    )


def error_of(found: Problem) -> Exception | tuple[Refusal, ...]:
    """Give what the storage at the other end raised, or the refusals that it answered with."""
    refusal = Refusal(found.code, found.subject, found.params)
    match found.kind:
        case Kind.REFUSED:
            return tuple(Refusal(each.code, each.subject, each.params) for each in found.refusals)
        case Kind.NOT_ALLOWED | Kind.NOT_FOUND:
            return NotAllowedError(refusal)
        case Kind.WRONG_VALUE:
            return WrongValueError(refusal)
        case _:
            return StorageError(refusal)

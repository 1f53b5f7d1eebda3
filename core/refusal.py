"""A refusal: why something is not so, as a value. The sentence is made where it is shown."""

from __future__ import annotations

import msgspec


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why something was refused.

    ``code`` is the stable name of the reason, ``subject`` names what it is about (a field such as
    ``hsa_id``, or the id of an account or permission), and ``params`` holds what the sentence needs.
    """

    code: str
    subject: str = ""
    params: dict[str, str | int | bool] = {}


class WrongValueError(ValueError):
    """A value type was asked to hold a wrong value; ``refusal`` tells the field and the reason."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.subject}: {refusal.code}")
        self.refusal = refusal


class NotAllowedError(WrongValueError):
    """A question that is not answered, because of who asks it."""

"""Which refusals tell that the world has moved on, and which that a rule was against it all the time.

Who asks again after the first kind looks anew and may succeed; after the second kind the same request is
refused again. A script has to tell them apart, and so the commands end with different codes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.refusal import Refusal

_SAYS_SO: Final = frozenset(
    {
        "account_changed_since",
        "permissions_changed_since",
        "announcement_changed_since",
        "undo_account_moved_on",
        "undo_agreement_moved_on",
        "undo_cell_moved_on",
        "undo_organisation_moved_on",
        "undone_already",
    }
)
"""The rules compared what was seen with what is."""

_NEVER: Final = frozenset(
    {
        "actor_gone",
        "changeset_id_reused",
        "not_an_undo",
        "not_found",
        "not_your_role",
        "nothing_to_write",
        "too_many_changes",
    }
)
"""It is about who writes, or about the write itself: nobody else's work is the reason. Nothing is ever
taken out of a storage, so what is not found is out of the writer's sight. The way back of a write is given by
its events alone, and what others did since :mod:`core.undo` tells: what is no undo never was one."""


def is_stale(refusal: Refusal, *, was_accepted: bool) -> bool:
    """Say whether a refusal tells that something is no longer as it was seen.

    ``was_accepted`` says that the rules took the same changes before, when they were staged or reviewed:
    what they refuse of them now, somebody or a new day has changed since (:func:`core.draft.what_is_stale`
    asks the rules in the same way).
    """
    return refusal.code in _SAYS_SO or (was_accepted and refusal.code not in _NEVER)


def all_stale(refusals: Iterable[Refusal], *, was_accepted: bool) -> bool:
    """Say whether nothing but what has changed since stands in the way of a write."""
    return all(is_stale(each, was_accepted=was_accepted) for each in refusals)

"""Whether a changeset is what it says it is when it says that it takes an earlier one back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import changes as c
from core.refusal import Refusal
from core.undo import inverse

if TYPE_CHECKING:
    from datetime import date

    from core.rules.work import Facts


def why_not_undoing(changeset: c.Changeset, facts: Facts, day: date) -> tuple[Refusal, ...]:
    """Tell why a changeset may not say that it undoes the write that it names; nothing where it may.

    That write must be there and not be undone already, and the changes must be those of
    :func:`core.undo.inverse` against the present state, in any order. Permissions that have ended may be
    left out, since they cannot be given any more (DOMAIN 3.5); anything else left out would mark as
    undone what still stands.
    """
    if changeset.undoes is None:
        return ()
    subject = str(changeset.undoes)
    undone = facts.undone
    if undone is None:
        return (Refusal("not_found", subject),)
    if undone.undone_by is not None:
        return (Refusal("undone_already", subject),)
    if not undone.events:
        # Half a write is not taken back.
        return (Refusal("undo_not_possible", subject),)
    way_back: set[c.AnyChange] = set()
    refusals: list[Refusal] = []
    for each in inverse(undone.events, facts.state):
        if isinstance(each, Refusal):
            refusals.append(each)
        else:
            way_back.add(each)
    if refusals:
        return tuple(refusals)
    changes = set(changeset.changes)
    ended = {each.id for each in facts.catalogue.permissions if each.is_retired(day)}
    left_out = (
        each
        for each in way_back - changes
        if not (isinstance(each, c.Grant | c.Revoke) and each.permission_id in ended)
    )
    if changes - way_back or any(left_out):
        return (Refusal("not_an_undo", subject),)
    return ()

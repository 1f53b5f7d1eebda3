"""Where a reader stands who follows what others write, and how much of a write a user may see."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Annotated

import msgspec

from core.queries import MOST_FOLLOWED, MOST_ROWS, NewsSince, WriteRow
from core.refusal import Refusal, WrongValueError
from core.wire import encode

_Number = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]


def cursor_at(places: Mapping[str, int]) -> str:
    """Give a place as text: by organisation, the number in its chain up to which all is known."""
    return base64.urlsafe_b64encode(encode(dict(places))).decode("ascii")


def places_in(cursor: str) -> dict[str, int]:
    """Read a place; a text that is none is a :class:`WrongValueError`.

    It tells nothing that its owner may not see: each organisation in it is asked about within the
    owner's scope again, and those that are not asked about are forgotten.
    """
    try:
        data = base64.b64decode(cursor, altchars=b"-_", validate=True)
        return msgspec.json.decode(data, type=dict[str, _Number])
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise WrongValueError(Refusal("cursor", "cursor")) from error


def followed(query: NewsSince) -> tuple[str, ...]:
    """Give the organisations of a question in a steady order; more than :data:`MOST_FOLLOWED` are refused."""
    if len(query.organisation_ids) > MOST_FOLLOWED:
        raise WrongValueError(Refusal("too_many_keys", "organisation_ids", {"most": MOST_FOLLOWED}))
    return tuple(sorted(query.organisation_ids))


def most_writes(query: NewsSince) -> int:
    """Give how many writes an answer has at most."""
    return min(max(query.limit, 1), MOST_ROWS)


def for_its_account(row: WriteRow) -> WriteRow:
    """Give a write as the one sees it whom its events are about, where that is a user.

    Of the others in it nothing, not even how many they are; nor who the administrator is but by name,
    nor what an administrator noted for the others.
    """
    return msgspec.structs.replace(
        row,
        note="",
        actor_id="",
        actor_organisation_id="",
        event_count=row.matching,
        undoes=None,
        undone_by=None,
    )

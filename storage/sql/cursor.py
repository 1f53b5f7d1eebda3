"""Cursors: opaque marks of a place in a list, good for the question that they came from only."""

from __future__ import annotations

import base64
import binascii
import hashlib

import msgspec

from core.queries import Query, Scope
from core.refusal import Refusal, WrongValueError
from core.wire import encode

# What a person may change while going through a list: which way, how much, and midnight.
_PASSING = ("cursor", "direction", "limit", "day", "moment")

_BEYOND = 1 << 63
"""Databases count no further."""


class Place(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A place between rows: the values by which a row is sorted, and whether that row is beyond it.

    ``inclusive`` is set where a page turned out empty: the row itself was on the page before.
    ``backwards`` is for questions that do not say by themselves which way to go.
    """

    question: str
    values: tuple[str | int, ...]
    inclusive: bool = False
    backwards: bool = False


def question_of(query: Query[object], scope: Scope) -> str:
    """Give a mark of a question and its scope, without what may change on the way through the list."""
    lasting = msgspec.structs.replace(
        query, **{name: None for name in _PASSING if name in query.__struct_fields__}
    )
    return hashlib.sha256(encode((lasting, scope))).hexdigest()[:16]


def cursor_of(place: Place) -> str:
    """Give a place as text."""
    return base64.urlsafe_b64encode(encode(place)).decode("ascii")


def leads_on(place: Place | None, found: Place, *, descending: bool) -> bool:
    """Say whether a place lies beyond the one that a page began at, the way that the page goes.

    It always does, but in a file in which what is sorted by is of another type than its column: there
    the same page would come for ever.
    """
    if place is None or (place.inclusive and found.values == place.values):
        return True
    return found.values < place.values if descending else found.values > place.values


def place_of(cursor: str, question: str, shape: tuple[type, ...]) -> Place:
    """Read a cursor; one that is none, or another question's, is a :class:`WrongValueError`.

    ``shape`` are the types of the values that the question sorts by.
    """
    try:
        place = msgspec.json.decode(base64.b64decode(cursor, altchars=b"-_", validate=True), type=Place)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise _wrong() from error
    if place.question != question or tuple(type(value) for value in place.values) != shape:
        raise _wrong()
    if any(isinstance(value, int) and not -_BEYOND <= value < _BEYOND for value in place.values):
        raise _wrong()
    return place


def _wrong() -> WrongValueError:
    return WrongValueError(Refusal("cursor", "cursor"))

"""Which question is which resource: shared by both ends, so that neither can know one the other does not.

A question is a ``GET``: ids that say what it is about stand in the path, the rest are parameters. One that
fits in no address, with thousands of keys (:data:`core.queries.MOST_KEYS`) say, is posted whole to
:data:`QUESTIONS` and answered in the same way: many requests for parts of it would be answered from as many
states of the database. Nothing is written by it.

A kind of question without a route, or with a field that no parameter can carry, fails when this module
is imported (DESIGN 4.5).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import reduce
from operator import or_
from types import NoneType, UnionType
from typing import Any, Final, get_args
from urllib.parse import parse_qsl, quote, urlencode

import msgspec

from core import queries as q
from core.refusal import Refusal, WrongValueError
from core.text import REPLACEMENT
from core.wire import decode, encode

PREFIX: Final = "/v1"
MOST_PARAMETERS: Final = 600
"""The most parameters in one address: a set has one for each of its members."""
LONGEST_PARAMETER: Final = 2_000
LONGEST_QUERY: Final = 32_000
"""The most letters of an address after the question mark."""
LONGEST_SEGMENT: Final = 200
"""Letters of an id in a path; no id is nearly as long, so what is cut is found no more than it was."""
LONGEST_TARGET: Final = 6_000
"""Letters of an address from which on a client posts its question: proxies take some eight thousand."""

ORGANISATION_HEADER: Final = "Behorig-Organisation"
"""In whose name one asks, for somebody who has accounts in several organisations."""
ACCOUNT_HEADER: Final = "Behorig-Account"
ROLE_HEADER: Final = "Behorig-Role"
"""What the client takes the caller to be. Nothing is had by them: what does not hold any more is refused."""

ME: Final = f"{PREFIX}/me"
CHANGESETS: Final = f"{PREFIX}/changesets"
NOTES: Final = f"{PREFIX}/notes"
QUESTIONS: Final = f"{PREFIX}/questions"
CHANGES: Final = f"{PREFIX}/changes"
SIGN_IN: Final = f"{PREFIX}/sign-in"
OPENAPI: Final = f"{PREFIX}/openapi.json"
DOCS: Final = f"{PREFIX}/docs"
ALIVE: Final = "/healthz"
READY: Final = "/readyz"

_PLACE: Final = re.compile(r"\{([a-z_]+)\}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_SURROGATES: Final = dict.fromkeys(range(0xD800, 0xE000), REPLACEMENT)
_PRESENT: Final = ("day", "moment")


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """A resource that answers one kind of question.

    ``fields`` are those of its path, in their order. Where a kind has two routes, the one without an
    organisation is about the country.
    """

    kind: type[q.Query[Any]]
    path: str
    fields: tuple[str, ...]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question as a request: method, address with its parameters, and the body of a ``POST``."""

    method: str
    target: str
    body: bytes | None = None


def _route(kind: type[q.Query[Any]], path: str) -> Route:
    return Route(kind=kind, path=PREFIX + path, fields=tuple(_PLACE.findall(path)))


_AT = "/organisations/{organisation_id}"
ROUTES: Final = (
    _route(q.Accounts, f"{_AT}/accounts"),
    _route(q.Accounts, "/accounts"),
    _route(q.NearAccounts, "/accounts/near"),
    _route(q.AccountById, f"{_AT}/accounts/{{account_id}}"),
    _route(q.Cell, f"{_AT}/accounts/{{account_id}}/permissions/{{permission_id}}"),
    _route(q.AccountsByKey, f"{_AT}/accounts-by-id"),
    _route(q.HsaIdHolders, f"{_AT}/accounts-by-hsa-id"),
    _route(q.EmailCounts, f"{_AT}/email-counts"),
    _route(q.Organisations, "/organisations"),
    _route(q.OrganisationById, _AT),
    _route(q.HowMany, f"{_AT}/e-services/{{e_service_id}}/reach"),
    _route(q.HowMany, "/e-services/{e_service_id}/reach"),
    _route(q.WholeCatalogue, "/catalogue"),
    _route(q.ContactOn, "/contact"),
    _route(q.Writes, f"{_AT}/writes"),
    _route(q.InverseOf, f"{_AT}/writes/{{changeset_id}}/inverse"),
    _route(q.DifferencesBetween, f"{_AT}/differences"),
    _route(q.CardViews, f"{_AT}/card-views"),
    _route(q.Announcements, "/announcements"),
    _route(q.AnnouncementById, "/announcements/{announcement_id}"),
    _route(q.CurrentNotice, "/notice"),
    _route(q.NewsSince, "/changes"),
    _route(q.OwnPreferences, "/preferences"),
)


# Answers -----------------------------------------------------------------------------------------


def answer_type(kind: type[q.Query[Any]]) -> Any:
    """Give the type of what a kind of question is answered with."""
    for base in getattr(kind, "__orig_bases__", ()):
        for argument in get_args(base):
            return argument
    raise TypeError(f"{kind.__name__} does not say what it is answered with")


def may_be_nothing(kind: type[q.Query[Any]]) -> bool:
    """Say whether there may be nothing to see: then the answer is "not found"."""
    return NoneType in get_args(answer_type(kind))


# Parameters --------------------------------------------------------------------------------------


def _day(text: str) -> date:
    # A week's day ("2026-W01-1") is read by Python as well, and as long.
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return int(text)


_READ: Final[dict[type, Callable[[str], Any]]] = {
    str: str,
    bool: {"true": True, "false": False}.__getitem__,
    int: _number,
    date: _day,
    datetime: _moment,
}


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a question as a parameter. ``is_set`` says that it is there once for each member."""

    name: str
    type: Any
    read: Callable[[str], Any]
    is_set: bool
    required: bool
    default: Any


def _field(field: msgspec.structs.FieldInfo) -> Field:
    """Tell how a field travels; a type of which that is not known is a :class:`TypeError`."""
    kind = field.type
    is_set = kind == frozenset[str]
    if isinstance(kind, UnionType):
        (kind,) = (each for each in get_args(kind) if each is not NoneType)
    read = _READ.get(str if is_set else kind)
    if read is None and isinstance(kind, type) and issubclass(kind, StrEnum):
        read = kind
    if read is None:
        raise TypeError(f"{field.name} can not travel as a parameter: {field.type}")
    return Field(
        name=field.name,
        type=kind,
        read=read,
        is_set=is_set,
        # What is not said is about the present; an empty set has no parameter.
        required=field.required and not is_set and field.name not in _PRESENT,
        default=field.default,
    )


FIELDS: Final = {
    kind: {field.name: _field(field) for field in msgspec.structs.fields(kind)} for kind in q.QUERIES
}
"""The fields of every kind of question, by name."""


def parameters_of(route: Route) -> tuple[Field, ...]:
    """Give the fields of a route that do not stand in its path, in their order."""
    rest = (field for field in FIELDS[route.kind].values() if field.name not in route.fields)
    # The route about the country has none: the organisation is what it leaves out.
    return tuple(field for field in rest if field.name != "organisation_id" or not _is_everywhere(route))


def _is_everywhere(route: Route) -> bool:
    return "organisation_id" not in route.fields and route.kind in _TWICE


_TWICE: Final = frozenset(
    route.kind for route in ROUTES if sum(each.kind is route.kind for each in ROUTES) > 1
)
if {route.kind for route in ROUTES} != set(q.QUERIES):
    raise TypeError("every kind of question needs its route")


def refuse(code: str, name: str = "") -> WrongValueError:
    """Give the error of a parameter that is not as it should be."""
    return WrongValueError(Refusal(code, name))


def parameters(query_string: bytes) -> list[tuple[str, str]]:
    """Take the part of an address after the question mark apart, within the limits."""
    if len(query_string) > LONGEST_QUERY:
        raise WrongValueError(Refusal("parameters_too_long", "", {"longest": LONGEST_QUERY}))
    if not query_string:
        return []
    try:
        found = parse_qsl(
            query_string.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )
    except ValueError:
        raise WrongValueError(Refusal("parameters_form", "", {"most": MOST_PARAMETERS})) from None
    for name, value in found:
        if len(value) > LONGEST_PARAMETER:
            raise WrongValueError(Refusal("too_long", name[:50], {"longest": LONGEST_PARAMETER}))
    return found


def question_of(
    route: Route, segments: Mapping[str, str], query_string: bytes, now: tuple[date, datetime]
) -> q.Query[Any]:
    """Read a question from a request; whatever is wrong with it is a :class:`WrongValueError`.

    ``now`` is the present day and moment, for a question that does not say which.
    """
    kind, fields = route.kind, FIELDS[route.kind]
    present = {name: value for name, value in zip(_PRESENT, now, strict=True) if name in fields}
    given: dict[str, Any] = dict(segments)
    if _is_everywhere(route) and fields["organisation_id"].required:
        given["organisation_id"] = None
    known = {field.name: field for field in parameters_of(route)}
    sets: dict[str, set[str]] = {field.name: set() for field in known.values() if field.is_set}
    for name, text in parameters(query_string):
        field = known.get(name)
        if field is None:
            raise refuse("parameter_unknown", name[:50])
        try:
            value = field.read(text)
        except (ValueError, KeyError, OverflowError):
            raise refuse("parameter_form", name) from None
        if field.is_set:
            sets[name].add(value)
        elif name in given:
            raise refuse("parameter_twice", name)
        else:
            given[name] = value
    for name, field in known.items():
        if field.required and name not in given:
            raise refuse("parameter_missing", name)
    return kind(**{**present, **{name: frozenset(each) for name, each in sets.items()}, **given})


ANY_QUESTION: Final[Any] = reduce(or_, q.QUERIES)
"""The type of every question, told apart by ``kind``."""


def posted_question(body: bytes) -> q.Query[Any]:
    """Read a question that was posted whole; anything else is a :class:`WrongValueError`."""
    found: q.Query[Any] = decode(body, ANY_QUESTION)
    return found


def request_of(query: q.Query[Any]) -> Asked:
    """Put a question as a request. What is as it is when nothing is said is left out."""
    plain = _plain(query)
    target = _target(plain)
    if target is None or len(target) > LONGEST_TARGET:
        return Asked(method="POST", target=QUESTIONS, body=encode(plain))
    return Asked(method="GET", target=target)


def _target(query: q.Query[Any]) -> str | None:
    """Give the address of a question, ``None`` where something of it can not stand in one."""
    kind = type(query)
    route = next(route for route in ROUTES if route.kind is kind and not _leaves_out(route, query))
    segments = {name: str(getattr(query, name)) for name in route.fields}
    # An empty one or one with a stroke would be another address.
    if any(not each or each in (".", "..") or "/" in each for each in segments.values()):
        return None
    path = _PLACE.sub(lambda place: quote(segments[place[1]], safe=""), route.path)
    pairs: list[tuple[str, str]] = []
    for field in parameters_of(route):
        value = getattr(query, field.name)
        if field.is_set:
            pairs += [(field.name, each) for each in sorted(value)]
        elif field.required or value != field.default:
            pairs.append((field.name, _text(value)))
    return f"{path}?{urlencode(pairs, quote_via=quote)}" if pairs else path


def _plain(query: q.Query[Any]) -> q.Query[Any]:
    """Give a question whose texts can be sent: half a surrogate pair is no character."""
    changed: dict[str, str | frozenset[str]] = {}
    for name, value in msgspec.structs.asdict(query).items():
        if type(value) is str and not value.isascii():
            changed[name] = value.translate(_SURROGATES)
        elif isinstance(value, frozenset):
            changed[name] = frozenset(each.translate(_SURROGATES) for each in value)
    return msgspec.structs.replace(query, **changed) if changed else query


def _leaves_out(route: Route, query: q.Query[Any]) -> bool:
    """Say whether a question is about an organisation and the route about the country, or the reverse."""
    if route.kind not in _TWICE:
        return False
    return _is_everywhere(route) != (getattr(query, "organisation_id", None) is None)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)

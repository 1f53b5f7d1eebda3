"""Who calls, and in whose name: found anew at every request, and never taken from its content (DESIGN 8).

Every route has this guard unless it says that it is open; so a new one is closed by default.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from core.directory import Role
from core.ports import Membership
from core.refusal import NotAllowedError, Refusal
from core.service import Service, actor_of
from storage.http.callers import Call, Caller, NotSignedInError
from storage.http.problems import Kind, ProblemError
from storage.http.routes import ACCOUNT_HEADER, ORGANISATION_HEADER, ROLE_HEADER
from storage.http.server.limits import busy
from storage.http.server.served import Passage, Served, passage_of, served_by
from storage.http.signin.ways import who_calls

OPEN: Final = "open"
"""The key in a route's ``opt`` that lets everybody in."""

ISSUER_AWAY: Final = "issuer_away"
"""The code of a credential that can not be judged now (:mod:`storage.http.signin.issuer_keys`)."""

Connection = ASGIConnection[Any, Any, Any, Any]


async def let_in(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let a caller in who is vouched for, and note which accounts the HSA-id has now.

    Raises:
        ProblemError: nobody vouches for the caller, or the caller asks too often.
    """
    if handler.opt.get(OPEN):
        return
    served, passage = served_by(connection), passage_of(connection)
    try:
        caller = await _caller(served, connection)
    except NotSignedInError as error:
        raise _stranger(served, passage, error.refusal) from error
    if caller is None:
        raise _stranger(served, passage, Refusal("not_signed_in"))
    passage.caller, passage.hsa_id = caller.key, caller.hsa_id
    wait = served.callers.wait(caller.key)
    if wait > 0:
        served.metrics.limited.labels("caller").inc()
        raise busy(HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", wait)
    if caller.memberships is not None:
        passage.memberships = caller.memberships
        return
    async with served.turnstile.turn():
        passage.memberships = await served.storage.identify(caller.hsa_id)


async def look_again(connection: Connection) -> None:
    """Find out anew who calls and which accounts there are, for what goes on for long.

    Raises:
        NotSignedInError: the credential is not accepted any more, or now vouches for another person.
        StorageError: the storage does not answer.
    """
    served, passage = served_by(connection), passage_of(connection)
    caller = await _caller(served, connection)
    if caller is None or caller.key != passage.caller:
        raise NotSignedInError(Refusal("not_signed_in"))
    found = caller.memberships
    passage.memberships = await served.storage.identify(caller.hsa_id) if found is None else found


async def _caller(served: Served, connection: Connection) -> Caller | None:
    peer = passage_of(connection).peer
    call = Call(headers=tuple(connection.scope["headers"]), peer=peer)
    return await who_calls(served.ways, call, served.clock())


def _stranger(served: Served, passage: Passage, refusal: Refusal) -> ProblemError:
    if refusal.code == ISSUER_AWAY:
        # No fault of the caller's: the credential may be good, and shall not be thrown away for this.
        return ProblemError(Kind.BUSY, HTTPStatus.SERVICE_UNAVAILABLE, refusal, headers={"Retry-After": "5"})
    served.metrics.strangers.inc()
    wait = served.strangers.wait(passage.source)
    if wait > 0:
        served.metrics.limited.labels("stranger").inc()
        return busy(HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", wait)
    return ProblemError(
        Kind.NOT_SIGNED_IN,
        HTTPStatus.UNAUTHORIZED,
        refusal,
        headers={"WWW-Authenticate": 'Bearer realm="behorig"'},
    )


def acting(connection: Connection) -> Service:
    """Give the server's own service, in the name of the account that the caller acts by.

    Raises:
        ProblemError: the caller has several accounts and does not say which.
        NotAllowedError: the caller has none there, or not the one that the client takes it for.
    """
    served, passage = served_by(connection), passage_of(connection)
    actor = actor_of(_chosen(passage.memberships, _header(connection, ORGANISATION_HEADER)))
    expected = (_header(connection, ACCOUNT_HEADER), _header(connection, ROLE_HEADER))
    is_as_expected = expected[0] in (None, actor.account_id) and expected[1] in (None, actor.role.value)
    # Whoever sets up a database does it on its own machine.
    if not is_as_expected or actor.role is Role.INSTALLATION:
        raise NotAllowedError(Refusal("actor_gone"))
    return Service(served.storage, actor, served.clock, served.new_id)


def _header(connection: Connection, name: str) -> str | None:
    found = connection.headers.getall(name, [])
    if len(found) > 1:
        raise ProblemError(Kind.REQUEST, HTTPStatus.BAD_REQUEST, Refusal("header_twice", name))
    return found[0] if found else None


def _chosen(memberships: tuple[Membership, ...], organisation_id: str | None) -> Membership:
    if organisation_id is None:
        if not memberships:
            raise NotAllowedError(Refusal("no_account"))
        if len(memberships) > 1:
            raise ProblemError(
                Kind.REQUEST,
                HTTPStatus.BAD_REQUEST,
                Refusal("organisation_not_chosen", "", {"header": ORGANISATION_HEADER}),
            )
        return memberships[0]
    for membership in memberships:
        if membership.organisation.id == organisation_id:
            return membership
    raise NotAllowedError(Refusal("actor_gone"))

"""Answer questions about one account: its card with reasons, and the story of one permission."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, and_, bindparam, select

from core.access import Granted, explain
from core.history import AccountAmended, AccountReregistered
from core.queries import AccountById, AccountDetail, Cell, CellStory, Scope, Stamp
from storage.sql import schema
from storage.sql.accounts_by_key import rows_by_id, shared_email
from storage.sql.catalogue import read_catalogue
from storage.sql.organisations import agreements_of
from storage.sql.reach import sees_account
from storage.sql.values import event_of, number_of, raw_text, text_of

_accounts = schema.accounts.c
_grants = schema.grants.c
_events = schema.events.c
_changesets = schema.changesets.c

_STAMPS: Final = (
    select(_events.number, _changesets.at, _changesets.actor_name)
    .select_from(
        schema.events.join(
            schema.changesets,
            and_(
                _changesets.organisation_id == _events.organisation_id,
                _changesets.number == _events.changeset_number,
            ),
        )
    )
    .where(
        _events.organisation_id == bindparam("organisation"),
        _events.number.in_(bindparam("numbers", expanding=True)),
    )
)
_NUMBERS: Final = select(
    _accounts.registered_number, _accounts.changed_number, _accounts.email, _accounts.active
).where(_accounts.organisation_id == bindparam("organisation"), _accounts.id == bindparam("account"))
_OPEN_GRANTS: Final = select(_grants.permission_id, _grants.from_number).where(
    _grants.organisation_id == bindparam("organisation"),
    _grants.account_id == bindparam("account"),
    _grants.until_number.is_(None),
)
_RENAMINGS: Final = (
    select(_events.data)
    .where(
        _events.organisation_id == bindparam("organisation"),
        _events.account_id == bindparam("account"),
        _events.kind.in_([AccountAmended.__struct_config__.tag, AccountReregistered.__struct_config__.tag]),
    )
    .order_by(_events.number)
)
_INTERVALS: Final = (
    select(_grants.from_number, _grants.until_number)
    .where(
        _grants.organisation_id == bindparam("organisation"),
        _grants.account_id == bindparam("account"),
        _grants.permission_id == bindparam("permission"),
    )
    .order_by(_grants.from_number)
)
_PERMISSION: Final = select(schema.permissions.c.id).where(schema.permissions.c.id == bindparam("permission"))


def stamps(connection: Connection, organisation_id: str, numbers: Iterable[int]) -> dict[int, Stamp]:
    """Give when events happened and who did it, by their numbers in an organisation's chain."""
    values = {"organisation": organisation_id, "numbers": sorted(set(numbers))}
    return {
        row[0]: Stamp(at=text_of(row[1]), by=text_of(row[2])) for row in connection.execute(_STAMPS, values)
    }


_UNKNOWN: Final = Stamp(at="", by="")


def account_by_id(connection: Connection, query: AccountById, scope: Scope) -> AccountDetail | None:
    """Give one account with its stamps and, for each launched permission, the reasons."""
    if not sees_account(scope, query.organisation_id, query.account_id):
        return None
    rows = rows_by_id(connection, query.organisation_id, frozenset({query.account_id}), query.day)
    here = {"organisation": query.organisation_id, "account": query.account_id}
    numbers = connection.execute(_NUMBERS, here).first()
    if not rows or numbers is None:
        return None
    row = rows[0]
    registered, changed = map(number_of, numbers[:2])
    email, active = numbers[2:]
    granted = {raw_text(each[0]): number_of(each[1]) for each in connection.execute(_OPEN_GRANTS, here)}
    known = stamps(connection, query.organisation_id, [registered, changed, *granted.values()])
    agreements = agreements_of(connection, query.organisation_id)
    access = []
    for permission in read_catalogue(connection).permissions:
        if permission.is_launched(query.day):
            stamp = known.get(granted.get(permission.id, 0), _UNKNOWN)
            access.append(
                explain(
                    row.account,
                    permission,
                    agreement=permission.e_service_id in agreements,
                    granted=Granted(by=stamp.by, at=stamp.at) if permission.id in granted else None,
                    day=query.day,
                )
            )
    shared = shared_email(connection, query.organisation_id, raw_text(email))
    return AccountDetail(
        row=row,
        registered=known.get(registered, _UNKNOWN),
        changed=known.get(changed, _UNKNOWN),
        access=tuple(access),
        email_shared_by=len(shared - {query.account_id}) if active == 1 else len(shared),
        former_names=_former_names(connection, here, row.account.name),
    )


def _former_names(connection: Connection, here: dict[str, str], name: str) -> tuple[str, ...]:
    """Give the names that the account had before, oldest first; an event that cannot be read tells none."""
    names: dict[str, None] = {}
    for (data,) in connection.execute(_RENAMINGS, here):
        event = event_of(data)
        if isinstance(event, AccountAmended | AccountReregistered):
            names[f"{text_of(event.before.given_name)} {text_of(event.before.family_name)}"] = None
    names.pop(name, None)
    return tuple(names)


def cell(connection: Connection, query: Cell, scope: Scope) -> CellStory | None:
    """Tell since when a permission is given and by whom, and the last time that it was taken away."""
    here = {"organisation": query.organisation_id, "account": query.account_id}
    if (
        not sees_account(scope, query.organisation_id, query.account_id)
        or connection.execute(_NUMBERS, here).first() is None
        or connection.execute(_PERMISSION, {"permission": query.permission_id}).first() is None
    ):
        return None
    intervals = connection.execute(_INTERVALS, {**here, "permission": query.permission_id}).all()
    granted = next((number_of(each[0]) for each in intervals if each[1] is None), None)
    revoked = max((number_of(each[1]) for each in intervals if each[1] is not None), default=None)
    known = stamps(
        connection, query.organisation_id, [each for each in (granted, revoked) if each is not None]
    )
    return CellStory(
        account_id=text_of(query.account_id),
        permission_id=text_of(query.permission_id),
        granted=None if granted is None else known.get(granted, _UNKNOWN),
        revoked=None if revoked is None else known.get(revoked, _UNKNOWN),
    )

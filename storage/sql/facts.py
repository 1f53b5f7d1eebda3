"""Load the facts that a decision needs: just those, inside the lock (DESIGN 3)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, bindparam, func, select, text

from core.changes import Changeset
from core.directory import Account, Actor, Organisation, Role
from core.history import State, accounts_in
from core.rules import Facts, needs
from storage.sql import schema
from storage.sql.catalogue import KnownCatalogue
from storage.sql.contact import read_parts
from storage.sql.events import read_undone
from storage.sql.values import raw_text, stored_account, stored_organisation

MOST_AT_ONCE: Final = 5_000
"""How many ids are asked for in one statement."""

_organisations = schema.organisations.c
_accounts = schema.accounts.c
_grants = schema.grants.c
_HERE: Final[BindParameter[str]] = bindparam("organisation")

ACCOUNT_COLUMNS: Final = (
    _accounts.organisation_id,
    _accounts.id,
    _accounts.hsa_id,
    _accounts.given_name,
    _accounts.family_name,
    _accounts.email,
    _accounts.role,
    _accounts.active,
    _accounts.version,
)
"""What :mod:`storage.sql.values` makes an account from, in this order."""
ORGANISATION_COLUMNS: Final = (
    _organisations.id,
    _organisations.kind,
    _organisations.name,
    _organisations.code,
    _organisations.organisation_number,
)
"""What :mod:`storage.sql.values` makes an organisation from, in this order."""


def _accounts_by(column: ColumnElement[str]) -> Select[Any]:
    return select(*ACCOUNT_COLUMNS, _accounts.hsa_key).where(
        _accounts.organisation_id == _HERE, column.in_(bindparam("ids", expanding=True))
    )


def _open_grants_by(column: ColumnElement[str]) -> Select[Any]:
    return select(_grants.account_id, _grants.permission_id).where(
        _grants.organisation_id == _HERE,
        column.in_(bindparam("ids", expanding=True)),
        _grants.until_number.is_(None),
    )


_HOME = select(*ORGANISATION_COLUMNS).where(_organisations.id == _HERE)
_ACCOUNTS_BY_ID = _accounts_by(_accounts.id)
_ACCOUNTS_BY_HSA_KEY = _accounts_by(_accounts.hsa_key)
_GRANTS_BY_ACCOUNT = _open_grants_by(_grants.account_id)
_GRANTS_BY_PERMISSION = _open_grants_by(_grants.permission_id)
_AGREEMENTS = select(schema.agreements.c.e_service_id).where(
    schema.agreements.c.organisation_id == _HERE, schema.agreements.c.until_number.is_(None)
)
_COUNT_ROLE = (
    select(func.count())
    .select_from(schema.accounts)
    .where(
        _accounts.organisation_id == _HERE,
        _accounts.role == bindparam("role"),
        _accounts.active == 1,
        # Said as the small index of those who are not users says it, so that it is used.
        text("role <> 'user'"),
    )
)


def load_facts(
    connection: Connection,
    changeset: Changeset,
    actor: Actor,
    known: KnownCatalogue,
    *,
    home: Organisation | None,
    test_ids: bool,
) -> Facts:
    """Load what deciding a changeset needs, with every text as it stands in the rows.

    ``home`` is the changeset's organisation, ``None`` where there is none yet.
    """
    wanted = needs(changeset)
    catalogue = known.read(connection)
    organisation_id = str(changeset.organisation_id)
    # The actor is most often one of the same organisation, and is looked up with the others.
    at_home = actor.organisation_id == organisation_id and actor.role is not Role.INSTALLATION
    undone = None if wanted.undoes is None else read_undone(connection, organisation_id, wanted.undoes)
    touched = wanted.account_ids
    if undone is not None:
        touched |= accounts_in(undone.events)
    ids = touched | {actor.account_id} if at_home else touched
    state = load_state(connection, organisation_id, home, ids, touched)
    holders = _add_accounts(connection, state, _ACCOUNTS_BY_HSA_KEY, wanted.hsa_keys)
    if wanted.contact:
        state.contact = read_parts(connection)
    ended = [each.id for each in catalogue.permissions if each.e_service_id in wanted.e_service_ids]
    _add_grants(connection, state, _GRANTS_BY_PERMISSION, ended)
    return Facts(
        state=state,
        catalogue=catalogue,
        holders=holders,
        active={
            role: connection.execute(
                _COUNT_ROLE, {"organisation": organisation_id, "role": role.value}
            ).scalar_one()
            for role in wanted.count_roles
        },
        actor=state.accounts.get(actor.account_id) if at_home else _actor(connection, actor),
        test_ids=test_ids,
        undone=undone,
    )


def read_home(connection: Connection, organisation_id: str) -> Organisation | None:
    """Give an organisation with its texts as they stand, ``None`` where there is none."""
    row = connection.execute(_HOME, {"organisation": organisation_id}).first()
    return None if row is None else stored_organisation(row)


def load_state(
    connection: Connection,
    organisation_id: str,
    home: Organisation | None,
    account_ids: Collection[str],
    with_grants: Collection[str],
) -> State:
    """Load an organisation with its agreements, some of its accounts, and what some of those have."""
    state = State(organisation_id)
    state.organisation = home
    here = {"organisation": organisation_id}
    state.agreements.update(raw_text(row[0]) for row in connection.execute(_AGREEMENTS, here))
    _add_accounts(connection, state, _ACCOUNTS_BY_ID, account_ids)
    # Who is not there yet has nothing.
    _add_grants(connection, state, _GRANTS_BY_ACCOUNT, state.accounts.keys() & with_grants)
    return state


def in_parts(ids: Collection[str]) -> Iterator[list[str]]:
    """Give ids in parts that fit in a statement, in order."""
    # As plain text: the driver does not know the core's value types.
    whole = sorted(map(str, ids))
    for start in range(0, len(whole), MOST_AT_ONCE):
        yield whole[start : start + MOST_AT_ONCE]


def _add_accounts(
    connection: Connection, state: State, statement: Select[Any], ids: Collection[str]
) -> dict[str, str]:
    """Add accounts to a state, and give their ids by the keys of their HSA-ids."""
    holders: dict[str, str] = {}
    for part in in_parts(ids):
        for row in connection.execute(statement, {"organisation": state.organisation_id, "ids": part}):
            account = stored_account(row)
            state.accounts[account.id] = account
            holders[raw_text(row[-1])] = account.id
    return holders


def _add_grants(connection: Connection, state: State, statement: Select[Any], ids: Collection[str]) -> None:
    for part in in_parts(ids):
        for row in connection.execute(statement, {"organisation": state.organisation_id, "ids": part}):
            state.granted.add((raw_text(row[0]), raw_text(row[1])))


def _actor(connection: Connection, actor: Actor) -> Account | None:
    """Give the actor's own account as it is now: who was dismissed meanwhile writes nothing."""
    if actor.role is Role.INSTALLATION:
        return None
    return read_account(connection, actor.organisation_id, actor.account_id)


def read_account(connection: Connection, organisation_id: str, account_id: str) -> Account | None:
    """Give an account with its texts as they stand, ``None`` where there is none."""
    found = connection.execute(
        _ACCOUNTS_BY_ID, {"organisation": organisation_id, "ids": [account_id]}
    ).first()
    return None if found is None else stored_account(found)

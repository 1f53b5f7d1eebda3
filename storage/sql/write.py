"""Write decided events to the history and to the tables, in bulk whatever their number."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select, update

from core import history as h
from core.text import sort_key
from storage.sql import schema
from storage.sql.contact import write_contact
from storage.sql.counting import stop_counting_retired
from storage.sql.decided import Decided, Values, execute_many
from storage.sql.values import number_of, raw_text
from storage.sql.write_accounts import write_accounts
from storage.sql.write_announcements import write_announcements
from storage.sql.write_intervals import agreement_intervals, grant_intervals

_organisations = schema.organisations.c
_changesets = schema.changesets.c
_permissions = schema.permissions.c


def write_events(connection: Connection, decided: Decided) -> None:
    """Write the changeset, its events, what they change, and the new head of the chain."""
    number = _write_organisation(connection, decided)
    _write_history(connection, decided)
    _write_catalogue(connection, decided)
    write_contact(connection, decided)
    write_announcements(connection, decided)
    uncounted = stop_counting_retired(connection, decided.day, alone=decided.alone)
    grants = grant_intervals(decided)
    write_accounts(connection, decided, number, grants.steps(leaving_out=uncounted))
    grants.write(connection)
    agreement_intervals(decided).write(connection)


# The organisation and its chain -------------------------------------------------------------------

_NEXT_ORGANISATION: Final = select(func.coalesce(func.max(_organisations.number), 0) + 1)
_SET_ORGANISATION: Final = update(schema.organisations).where(_organisations.id == bindparam("here"))
_MARK_UNDONE: Final = (
    update(schema.changesets)
    .where(_changesets.organisation_id == bindparam("here"), _changesets.id == bindparam("undone"))
    .values(undone_by=bindparam("by"))
)
_UNDOES: Final = select(_changesets.number, _changesets.undoes).where(
    _changesets.organisation_id == bindparam("here"), _changesets.id == bindparam("id")
)


def _write_organisation(connection: Connection, decided: Decided) -> int:
    """Write the organisation with its new head, and give its number in the search index."""
    last = decided.stored[-1]
    head: Values = {"head_number": last.number, "head_hash": last.hash}
    now = decided.state.organisation
    if now is None:
        raise ValueError("a decision without an organisation")
    named: Values = {"name": now.name, "organisation_number": now.number, "sort_key": sort_key(now.name)}
    if decided.organisation_number is None:
        number = int(connection.execute(_NEXT_ORGANISATION).scalar_one())
        row = {"id": decided.organisation_id, "number": number, "kind": now.kind.value, "code": now.code}
        connection.execute(insert(schema.organisations), {**row, **named, **head})
        return number
    if any(isinstance(each.event, h.OrganisationAmended) for each in decided.records):
        head |= named
    connection.execute(_SET_ORGANISATION.values(**head), {"here": decided.organisation_id})
    return decided.organisation_number


def _write_history(connection: Connection, decided: Decided) -> None:
    record, last = decided.records[0], decided.records[-1].number
    changeset, first = decided.changeset, record.number
    connection.execute(
        insert(schema.changesets),
        {
            "organisation_id": decided.organisation_id,
            "number": first,
            "last_number": last,
            "id": str(changeset.id),
            "content_hash": decided.content_hash,
            "at": record.at,
            "actor_organisation_id": record.actor_organisation_id,
            "actor_id": record.actor_id,
            "actor_name": record.actor_name,
            "note": record.note,
            "undoes": record.undoes or None,
        },
    )
    if changeset.undoes is not None:
        _mark_undone(connection, decided)
    execute_many(
        connection,
        insert(schema.events),
        [
            {
                "organisation_id": decided.organisation_id,
                "number": each.number,
                "changeset_number": first,
                "kind": each.event.__struct_config__.tag,
                "account_id": getattr(each.event, "account_id", None),
                "permission_id": getattr(each.event, "permission_id", None),
                "data": stored.data,
                "hash": bytes.fromhex(stored.hash),
            }
            for each, stored in zip(decided.records, decided.stored, strict=True)
        ],
    )


def _mark_undone(connection: Connection, decided: Decided) -> None:
    """Mark what is undone, and what gets or loses its force with it.

    A write that was itself an undoing gives what it had undone its force back, and so on down.
    """
    undoing: str | None = str(decided.changeset.id)
    undone: str | None = str(decided.changeset.undoes)
    number, in_force = decided.records[0].number, True
    while undone is not None:
        by = undoing if in_force else None
        connection.execute(_MARK_UNDONE, {"here": decided.organisation_id, "undone": undone, "by": by})
        row = connection.execute(_UNDOES, {"here": decided.organisation_id, "id": undone}).first()
        # An undoing comes after what it undoes: a file in which they lead in a circle ends here.
        if row is None or number_of(row.number) >= number:
            return
        number, in_force = number_of(row.number), not in_force
        undoing, undone = undone, None if row.undoes is None else raw_text(row.undoes)


# The catalogue ------------------------------------------------------------------------------------


def _write_catalogue(connection: Connection, decided: Decided) -> None:
    services = [each.event for each in decided.records if isinstance(each.event, h.EServiceRegistered)]
    if services:
        position = _next_position(connection, schema.e_services.c.position)
        execute_many(
            connection,
            insert(schema.e_services),
            [
                {"id": event.e_service_id, "position": place, "name": event.name}
                for place, event in enumerate(services, position)
            ],
        )
    touched: dict[str, bool] = {}
    for record in decided.records:
        match record.event:
            case h.PermissionLaunched():
                touched[record.event.permission_id] = True
            case h.PermissionRenamed() | h.PermissionRetired():
                touched.setdefault(record.event.permission_id, False)
            case _:
                pass
    if touched:
        _write_permissions(connection, decided.state, touched)


def _write_permissions(connection: Connection, state: h.State, touched: dict[str, bool]) -> None:
    """Write permissions as they are in the state; ``touched`` says of each whether it is new."""
    position = _next_position(connection, _permissions.position)
    for permission_id, is_new in touched.items():
        now = state.permissions[permission_id]
        retired = None if now.retired_on is None else now.retired_on.isoformat()
        if is_new:
            connection.execute(
                insert(schema.permissions),
                {
                    "id": permission_id,
                    "position": position,
                    "e_service_id": now.e_service_id,
                    "short_name": now.short_name,
                    "launched_on": now.launched_on.isoformat(),
                    "retired_on": retired,
                    "target_group": now.target_group,
                    "payment": now.payment,
                    "counted": 1,
                },
            )
            position += 1
        else:
            connection.execute(
                update(schema.permissions).where(_permissions.id == permission_id).values(retired_on=retired)
            )
    names = schema.permission_names
    connection.execute(delete(names).where(names.c.permission_id.in_(list(touched))))
    execute_many(
        connection,
        insert(names),
        [
            {
                "permission_id": permission_id,
                "position": place,
                "name": dated.name,
                "from_day": None if dated.from_day is None else dated.from_day.isoformat(),
            }
            for permission_id in touched
            for place, dated in enumerate(state.permissions[permission_id].names, 1)
        ],
    )


def _next_position(connection: Connection, column: ColumnElement[int]) -> int:
    return int(connection.execute(select(func.coalesce(func.max(column), 0) + 1)).scalar_one())

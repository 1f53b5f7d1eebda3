"""What stands in a row, made into the core's values: harmless, and never a reason to fail.

A row may hold anything, whoever put it there: another type, a role that there is not, a day that is
no day. Where a value decides what somebody may do, a wrong one gives nothing: a role becomes that of
a user, a launch never comes, a retirement has been.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

import msgspec

from core.announcements import Content
from core.directory import Account, Organisation, OrganisationKind, Role
from core.history import AnyEvent, Details, Record
from core.identity import LONGEST_TEXT
from core.refusal import WrongValueError
from core.text import is_plain, shown, shown_lines
from core.wire import decode

Row = Sequence[Any]

_ROLES = {role.value: role for role in Role if role is not Role.INSTALLATION}
_KINDS = {kind.value: kind for kind in OrganisationKind}


def raw_text(value: object) -> str:
    """Give a value as text as it stands, for deciding; what is no text is made one."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return "" if value is None else str(value)


def text_of(value: object) -> str:
    """Give a value as harmless text, for showing."""
    return shown(value if isinstance(value, str) else raw_text(value))


def number_of(value: object) -> int:
    """Give a value as a number; what is none is 0."""
    return value if isinstance(value, int) else 0


def launch_day(value: object) -> date:
    """Give a launch day; what is no day never comes."""
    return _day(value, date.max)


def retirement_day(value: object) -> date | None:
    """Give a retirement day, ``None`` where there is none; what is no day has been."""
    return None if value is None else _day(value, date.min)


Absent = TypeVar("Absent", date, None)


def _day(value: object, otherwise: Absent) -> date | Absent:
    try:
        return date.fromisoformat(raw_text(value))
    except ValueError:
        return otherwise


def name_day(value: object) -> date | None:
    """Give the day from which a name holds; what is no day is from the beginning."""
    return _day(value, None)


def account_of(row: Row) -> Account:
    """Make an account for showing of the columns in ``storage.sql.tables.ACCOUNT_COLUMNS``."""
    texts = row[:6]
    if not _all_plain(texts):
        texts = [text_of(each) for each in texts]
    organisation_id, account_id, hsa_id, given_name, family_name, email = texts
    return Account(
        id=account_id,
        organisation_id=organisation_id,
        hsa_id=hsa_id,
        given_name=given_name,
        family_name=family_name,
        email=email,
        role=_ROLES.get(row[6], Role.USER),
        active=row[7] == 1,
        version=number_of(row[8]),
    )


def _all_plain(texts: Row) -> bool:
    """Say whether all of these are texts and harmless as they are, judged in one go."""
    try:
        return is_plain("".join(texts))
    except TypeError:
        return False


def stored_account(row: Row) -> Account:
    """Make an account for deciding, with its texts as they stand: before-images keep what was there."""
    return Account(
        id=raw_text(row[1]),
        organisation_id=raw_text(row[0]),
        hsa_id=raw_text(row[2]),
        given_name=raw_text(row[3]),
        family_name=raw_text(row[4]),
        email=raw_text(row[5]),
        role=_ROLES.get(row[6], Role.USER),
        active=row[7] == 1,
        version=number_of(row[8]),
    )


def organisation_of(row: Row) -> Organisation:
    """Make an organisation for showing of id, kind, name, code and official number."""
    return Organisation(
        id=text_of(row[0]),
        kind=_KINDS.get(row[1], OrganisationKind.MUNICIPALITY),
        name=text_of(row[2]),
        code=text_of(row[3]),
        number=text_of(row[4]),
    )


def stored_organisation(row: Row) -> Organisation:
    """Make an organisation for deciding, with its texts as they stand."""
    return Organisation(
        id=raw_text(row[0]),
        kind=_KINDS.get(row[1], OrganisationKind.MUNICIPALITY),
        name=raw_text(row[2]),
        code=raw_text(row[3]),
        number=raw_text(row[4]),
    )


def event_of(data: object) -> AnyEvent | None:
    """Read the event from a record's stored bytes; ``None`` where they cannot be read."""
    if not isinstance(data, bytes):
        return None
    try:
        return decode(data, Record).event
    except WrongValueError:
        return None


def shown_event(event: AnyEvent) -> AnyEvent:
    """Give an event for showing, with every text in it harmless."""
    changed: dict[str, str | Details | Content] = {}
    for name, value in msgspec.structs.asdict(event).items():
        if type(value) is str:
            changed[name] = shown(value)
        elif isinstance(value, Details):
            changed[name] = Details(
                **{each: shown(text) for each, text in msgspec.structs.asdict(value).items()}
            )
        elif isinstance(value, Content):
            changed[name] = shown_content(value)
    return msgspec.structs.replace(event, **changed)


def shown_content(content: Content) -> Content:
    """Give what an announcement says for showing, its text with its lines."""
    return msgspec.structs.replace(
        content,
        title=shown(content.title),
        text=shown_lines(content.text, LONGEST_TEXT),
        e_service_id=shown(content.e_service_id),
        permission_ids=tuple(shown(each) for each in content.permission_ids),
        action=shown(content.action),
    )

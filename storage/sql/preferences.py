"""Keep and read how a person wants the program to look (:mod:`core.preferences`)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select

from core.directory import Actor
from core.journal import PreferencesChosen
from core.preferences import Chosen, words_of
from core.queries import OwnPreferences, Scope
from core.text import shown
from storage.sql import schema
from storage.sql.head import moment
from storage.sql.values import text_of

_kept = schema.preferences.c
_OWN: Final = (
    _kept.organisation_id == bindparam("organisation"),
    _kept.account_id == bindparam("account"),
)
_READ: Final = select(_kept.profile, _kept.switches, _kept.at).where(*_OWN)
_FORGET: Final = delete(schema.preferences).where(*_OWN)

MOST_SWITCHES: Final = 50
"""More than there are, and few enough to be read whatever stands there."""


def keep_preferences(connection: Connection, entry: PreferencesChosen, actor: Actor, now: datetime) -> None:
    """Keep what the actor chose in place of what was chosen before."""
    own = {"organisation": actor.organisation_id, "account": actor.account_id}
    connection.execute(_FORGET, own)
    connection.execute(
        insert(schema.preferences),
        {
            "organisation_id": actor.organisation_id,
            "account_id": actor.account_id,
            "profile": entry.profile.value,
            "switches": msgspec.json.encode(words_of(entry.switches)).decode(),
            "at": moment(now),
        },
    )


def own_preferences(connection: Connection, query: OwnPreferences, scope: Scope) -> Chosen:
    """Give what the account of the scope chose; nothing of anybody else's."""
    own = {"organisation": scope.organisation_id, "account": scope.account_id}
    row = connection.execute(_READ, own).first()
    if row is None:
        return Chosen()
    return Chosen(profile=text_of(row.profile), switches=_switches_of(row.switches), at=text_of(row.at))


def _switches_of(stored: object) -> dict[str, str]:
    """Read the words of the switches; what is no such object, of a later program perhaps, is none."""
    try:
        found = msgspec.json.decode(stored if isinstance(stored, str) else b"", type=dict[str, str])
    except msgspec.DecodeError:
        return {}
    return {shown(name): shown(word) for name, word in list(found.items())[:MOST_SWITCHES]}

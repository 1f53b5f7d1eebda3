"""Addresses of PostgreSQL databases: read as PostgreSQL's own library reads them, told without secrets."""

from __future__ import annotations

from getpass import getuser
from typing import Any, Final
from urllib.parse import quote

import msgspec
import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict

from core.ports import StorageError
from core.refusal import Refusal

ACCEPTED: Final = "postgresql://"
CONNECT_SECONDS: Final = 10
"""How long a server may take to answer at all, unless the address says otherwise."""


class Address(msgspec.Struct, frozen=True):
    """Where a database is. ``parameters`` may hold a password: only :attr:`shown` is for eyes."""

    parameters: dict[str, Any]

    @property
    def shown(self) -> str:
        """The address as it may be seen: with the user, without a password."""
        user = quote(self._of("user") or _system_user(), safe="")
        return self.canonical.replace(ACCEPTED, f"{ACCEPTED}{user}@", 1)

    @property
    def canonical(self) -> str:
        """One address for all ways to name the same database: host, port and database."""
        host = quote((self._of("host") or self._of("hostaddr")).lower(), safe=",.:[]-")
        database = self._of("dbname") or self._of("user") or _system_user()
        return f"{ACCEPTED}{host}:{self._of('port') or '5432'}/{quote(database, safe='')}"

    def _of(self, name: str) -> str:
        return str(self.parameters.get(name) or _DEFAULTS.get(name) or "")

    def __repr__(self) -> str:
        return f"Address({self.shown!r})"


def _system_user() -> str:
    try:
        return getuser()
    except (KeyError, OSError):
        return ""


_DEFAULTS: Final = {
    # What the environment says (PGHOST and so on), as PostgreSQL's library reads it.
    each.keyword.decode(): each.val.decode()
    for each in pq.Conninfo.get_defaults()
    if each.val and each.keyword in (b"host", b"hostaddr", b"port", b"dbname", b"user")
}


def address_of(url: str) -> Address:
    """Read an address; one that is not understood is refused with ``storage_address``."""
    try:
        if "\0" in url:
            raise ValueError
        parameters = conninfo_to_dict(url)
        # Of several servers, a port for each.
        if not all(each.isdecimal() for each in str(parameters.get("port") or 0).split(",") if each):
            raise ValueError
    except (psycopg.ProgrammingError, ValueError) as error:
        # From None: what the library says may repeat a password that was written in the wrong place.
        del error
        raise StorageError(Refusal("storage_address", "storage")) from None
    return Address({"connect_timeout": CONNECT_SECONDS, **parameters})

"""Organisations, accounts, roles and agreements: who there is (DOMAIN 1, 2 and 8).

These are facts as they are kept. Their texts are plain strings, because what is in a file already
must be readable whatever it holds; new values come in through :mod:`core.changes`, whose fields
are the value types of :mod:`core.identity`.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

AUTHORITY = "migrationsverket"
"""The id of the organisation that owns the catalogue and employs support."""


class OrganisationKind(StrEnum):
    """What an organisation is. A region and its municipalities are separate organisations."""

    MUNICIPALITY = "municipality"
    REGION = "region"
    AUTHORITY = "authority"


class Role(StrEnum):
    """What an account is for; a person has one role in an organisation, never two (DOMAIN 1.1)."""

    USER = "user"
    ADMINISTRATOR = "administrator"
    SUPPORT = "support"
    INSTALLATION = "installation"
    """The one who sets up a database on its own machine; never an account and never remote."""


class Organisation(msgspec.Struct, frozen=True, kw_only=True):
    """A municipality, a region or Migrationsverket.

    ``code`` is the SCB code with its leading zero; ``number`` is the organisation number or ``""``
    where it is not known.
    """

    id: str
    kind: OrganisationKind
    name: str
    code: str = ""
    number: str = ""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A person's account in one organisation.

    ``version`` starts at 1 and grows with every change of the account itself (not of its grants);
    ``active`` is false once deregistered. ``hsa_id`` is shown as entered.
    """

    id: str
    organisation_id: str
    hsa_id: str
    given_name: str
    family_name: str
    email: str
    role: Role = Role.USER
    active: bool = True
    version: int = 1

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.given_name} {self.family_name}"


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """The one who asks or writes, as the storage found them: never as a client claims."""

    account_id: str
    organisation_id: str
    role: Role
    name: str
    hsa_id: str = ""


INSTALLATION = Actor(
    account_id="installation", organisation_id=AUTHORITY, role=Role.INSTALLATION, name="behorig init"
)
"""The actor of ``behorig init``: sets up organisations, catalogue and first administrators."""

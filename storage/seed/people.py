"""Invented people for the demo: names put together by chance, HSA-ids that no real directory gives out."""

from __future__ import annotations

from importlib.resources import files

from core.identity import EmailAddress, FamilyName, GivenName, HsaId
from core.text import search_key
from storage.seed.build import Person
from storage.seed.chance import draw, pick

_SIGNS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def _names(file: str) -> tuple[str, ...]:
    return tuple(files("storage.seed").joinpath(file).read_text(encoding="utf-8").split("\n")[:-1])


class Invention:
    """Makes the people of one organisation, each only once.

    ``prefix`` begins the HSA-ids: one for tests (``TSTNMT``), so that none can be a real person's.
    ``domain`` ends the addresses: under ``.example``, which nobody can own (RFC 2606).
    """

    def __init__(self, prefix: str, domain: str) -> None:
        """Begin without anybody."""
        self.prefix = prefix
        self.domain = domain
        self._given = _names("given_names.txt")
        self._family = _names("family_names.txt")
        self._count = 0
        self._ids: set[str] = set()
        self._addresses: set[str] = set()

    def person(self) -> Person:
        """Give the next one."""
        self._count += 1
        given = pick(self._given, self.domain, "given", self._count)
        return self.named(given, self.family_name())

    def named(self, given_name: str, family_name: str, suffix: str | None = None) -> Person:
        """Give somebody with a certain name, and the HSA-id that ends in ``suffix`` where it matters."""
        self._count += 1
        if suffix is not None:
            self._ids.add(suffix)
        return Person(
            hsa_id=self.hsa_id() if suffix is None else HsaId(f"{self.prefix}-{suffix}"),
            given_name=GivenName(given_name),
            family_name=FamilyName(family_name),
            email=self.address(given_name, family_name),
        )

    def family_name(self) -> FamilyName:
        """Give a last name, for somebody new or somebody who marries."""
        self._count += 1
        return FamilyName(pick(self._family, self.domain, "family", self._count))

    def hsa_id(self) -> HsaId:
        """Give an id that nobody has yet."""
        while True:
            self._count += 1
            number = draw(len(_SIGNS) ** 4, self.domain, "id", self._count)
            suffix = ""
            for _ in range(4):
                number, place = divmod(number, len(_SIGNS))
                suffix += _SIGNS[place]
            if suffix not in self._ids:
                self._ids.add(suffix)
                return HsaId(f"{self.prefix}-{suffix}")

    def address(self, given_name: str, family_name: str) -> EmailAddress:
        """Give an address of one's own, ``ake.ek@sundsvall.example``; the next Åke Ek gets ``ake.ek2``."""
        plain = search_key(f"{given_name}.{family_name}").replace(" ", "-")
        number = 1
        while (address := f"{plain}{number if number > 1 else ''}") in self._addresses:
            number += 1
        self._addresses.add(address)
        return EmailAddress(f"{address}@{self.domain}")

    def mailbox(self, name: str) -> EmailAddress:
        """Give the address of a mailbox that several people read (DOMAIN 2)."""
        return EmailAddress(f"{name}@{self.domain}")
